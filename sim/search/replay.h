/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replay: a strategy that follows a list of switches. Where the list cannot be followed
 * it diverges: it says so once, and goes on in the default order.
 *
 * With notes, a switch is made at the place that its note names, when its task has come
 * there as often as it had when the switch was recorded. So it survives that steps
 * before it are added or removed.
 *
 * There is one replay at a time. All functions are called in the main context.
 */
#ifndef SEARCH_REPLAY_H
#define SEARCH_REPLAY_H

#include "search/switches.h"

/**
 * struct switch_note - what a switch meant when it was recorded
 * @from, @to: names of the tasks
 * @place: what @from was about to do, and where; "" if it could not go on
 * @nth: how often @from had come to @place, that time included; 0: not known
 */
struct switch_note {
	char from[24], to[24];
	char place[160];
	unsigned int nth;
};

/**
 * struct replay_plan - what to do
 * @list, @notes, @nr: switches; @notes may be NULL: nothing is compared
 * @mask: SCHED_BIT()s of the points at which there is a choice
 * @by_count: make the switches after so many choices as they say, not at the places of
 *	the notes
 * @parked: set of tasks that never run; when no other one is runnable, the execution
 *	is stopped
 */
struct replay_plan {
	const struct task_switch *list;
	const struct switch_note *notes;
	unsigned int nr, mask;
	bool by_count;
	uint64_t parked;
};

/** replay_begin() - before an execution; the arrays of @plan must live until its end */
void replay_begin(const struct replay_plan *plan);

/** replay_strategy() - for sched_run(); valid until the next replay_begin() */
const struct sched_strategy *replay_strategy(void);

/**
 * replay_notes() - record what the switches mean in the execution that follows
 * @notes: one for each switch, filled in as it is made; NULL: do not
 *
 * Call it after replay_begin(), which forgets @notes.
 */
void replay_notes(struct switch_note *notes);

/** replay_switches() - switches that were made; choices counted */
const struct switches *replay_switches(void);

/** replay_ran() - set of the tasks that ran */
uint64_t replay_ran(void);

/**
 * replay_divergence() - where the execution left the plan first, and why
 *
 * Call it after the execution, and before the next sched_reset(). Return: one line,
 * valid until replay_begin(); NULL: it followed the plan.
 */
const char *replay_divergence(void);

/**
 * replay_moved() - whether switches were made after another number of choices than noted
 *
 * Return: one line about the first of them, valid until the next call; NULL: none.
 */
const char *replay_moved(void);

#endif /* SEARCH_REPLAY_H */
