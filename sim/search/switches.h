/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What distinguishes one execution from the default order: its switches. A
 * strategy notes each of its choices here; a replay follows the list.
 *
 * A switch is named by the task that is left and by how often that task had been
 * asked before, not by a position in the whole execution: so it keeps its meaning
 * when another switch is taken away.
 */
#ifndef SEARCH_SWITCHES_H
#define SEARCH_SWITCHES_H

#include "sched/sched.h"

#define SWITCHES_MAX 16384
#define SWITCH_START 0xffff /* nobody had run before */

/**
 * struct task_switch - one choice that is not the default one
 * @from: who ran before, or SWITCH_START
 * @to: who was chosen
 * @at: how many choices had been made with @from as the one that ran before
 */
struct task_switch {
	uint16_t from, to;
	uint32_t at;
};

/**
 * struct switches - all of an execution
 * @nr: how many there are
 * @choices: choices made, default ones included
 * @lost: there were more than SWITCHES_MAX: the list is of no use
 * @asked: per task, and for SWITCH_START at the end: choices so far
 */
struct switches {
	unsigned int nr;
	bool lost;
	uint64_t choices;
	uint32_t asked[SCHED_MAX_TASKS + 1];
	struct task_switch list[SWITCHES_MAX];
};

static inline unsigned int switch_slot(const struct sched_task *last)
{
	return last ? last->id : SCHED_MAX_TASKS;
}

/** switches_clear() - before an execution; touches what was used */
static inline void switches_clear(struct switches *s)
{
	s->nr = 0;
	s->lost = false;
	s->choices = 0;
	for (unsigned int i = 0; i <= SCHED_MAX_TASKS; i++)
		s->asked[i] = 0;
}

/** default_choice() - who goes on if nothing is said: who ran, else the lowest id */
static inline struct sched_task *default_choice(struct sched_task *const *runnable,
						struct sched_task *last)
{
	return last && last->state == SCHED_RUNNABLE ? last : runnable[0];
}

/** switches_note() - a choice was made: @to of @runnable, after @last */
static inline void switches_note(struct switches *s, struct sched_task *const *runnable,
				 const struct sched_task *last,
				 const struct sched_task *to)
{
	unsigned int slot = switch_slot(last);
	uint32_t at = s->asked[slot]++;

	bool switched =
		to != (last && last->state == SCHED_RUNNABLE ? last : runnable[0]);

	s->choices++;
	if (__builtin_expect(s->nr == SWITCHES_MAX, 0)) {
		s->lost |= switched;
		return;
	}
	/* written in any case: of a random choice the processor can predict nothing */
	s->list[s->nr] = (struct task_switch){
		.from = last ? last->id : SWITCH_START,
		.to = to->id,
		.at = at,
	};
	s->nr += switched;
}

#endif /* SEARCH_SWITCHES_H */
