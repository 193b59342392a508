/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Following a list of switches: a strategy without dice. Where the list cannot be
 * followed it says so once, and goes on in the default order.
 *
 * With notes a switch is made at the place that they name, when its task has come there
 * as often as it had; so it survives that steps before it are added or taken away.
 */
#ifndef SEARCH_REPLAY_H
#define SEARCH_REPLAY_H

#include "search/switches.h"

/**
 * struct switch_note - what a switch meant when it was recorded
 * @from, @to: names of the tasks
 * @place: what @from was about to do, and where; "" if it could not go on
 * @nth: how often @from was at @place by then, that time included; 0: not known
 */
struct switch_note {
	char from[24], to[24];
	char place[160];
	unsigned int nth;
};

/**
 * struct replay_plan - what to do
 * @list, @notes, @nr: switches; @notes may be NULL: nothing is compared
 * @mask: points at which there is a choice
 * @by_count: make the switches where their numbers say, whatever the notes do
 * @parked: bit set of tasks that are not to run; when nobody else can, the
 *	execution ends
 */
struct replay_plan {
	const struct task_switch *list;
	const struct switch_note *notes;
	unsigned int nr, mask;
	bool by_count;
	uint64_t parked;
};

/** replay_begin() - before an execution; what @plan points to must live on */
void replay_begin(const struct replay_plan *plan);

const struct sched_strategy *replay_strategy(void);

/**
 * replay_notes() - fill in what the switches mean in the execution that follows
 * @notes: one for each switch, or NULL
 */
void replay_notes(struct switch_note *notes);

/** replay_switches() - switches that were made; choices counted */
const struct switches *replay_switches(void);

/** replay_ran() - bit set of the tasks that ran */
uint64_t replay_ran(void);

/**
 * replay_divergence() - where the execution left the plan first, and why: one
 * line, or NULL. Call it after the execution
 */
const char *replay_divergence(void);

/** replay_moved() - which switches had another number than noted: one line, or NULL */
const char *replay_moved(void);

#endif /* SEARCH_REPLAY_H */
