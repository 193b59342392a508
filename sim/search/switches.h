/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An execution as its switches: the choices that differ from the default order. A
 * strategy notes each of its choices here; a replay follows the list.
 *
 * A switch is identified by the task that is left and by the number of choices that
 * were made before when that task had run, not by a position in the whole execution: so
 * it keeps its meaning when another switch is removed.
 */
#ifndef SEARCH_SWITCHES_H
#define SEARCH_SWITCHES_H

#include "sched/sched.h"

#define SWITCHES_MAX 16384
#define SWITCH_START 0xffff /* no task had run before */

/**
 * struct task_switch - one choice that is not the default one
 * @from: id of the task that had run, or %SWITCH_START
 * @to: id of the task that was chosen
 * @at: number of choices before this one at which @from had run
 */
struct task_switch {
	uint16_t from, to;
	uint32_t at;
};

/**
 * struct switches - those of an execution
 * @nr: how many there are
 * @lost: there were more than SWITCHES_MAX: the list is of no use
 * @choices: choices made, default ones included
 * @asked: for each task, and at the end for %SWITCH_START: choices so far at which it
 *	had run
 * @list: the switches
 */
struct switches {
	unsigned int nr;
	bool lost;
	uint64_t choices;
	uint32_t asked[SCHED_MAX_TASKS + 1];
	struct task_switch list[SWITCHES_MAX];
};

/* index in @asked of the task that had run; NULL: none */
static inline unsigned int switch_slot(const struct sched_task *last)
{
	return last ? last->id : SCHED_MAX_TASKS;
}

/** switches_clear() - an execution begins */
static inline void switches_clear(struct switches *s)
{
	s->nr = 0;
	s->lost = false;
	s->choices = 0;
	for (unsigned int i = 0; i <= SCHED_MAX_TASKS; i++)
		s->asked[i] = 0;
}

/**
 * default_choice() - the task that had run if it is runnable, else the lowest id; what
 * may happen (struct sched_environment) only if there is nothing else
 */
static inline struct sched_task *default_choice(struct sched_task *const *runnable,
						struct sched_task *last)
{
	uint64_t tasks;

	if (__builtin_expect(sched_environments() != 0, 0)) {
		tasks = sched_tasks_runnable();
		if (!tasks)
			return runnable[0];
		if (last && tasks & (1ull << last->id))
			return last;
		return sched_task_nr((unsigned int)__builtin_ctzll(tasks));
	}
	return last && last->state == SCHED_RUNNABLE ? last : runnable[0];
}

/** switches_note() - of @runnable @to was chosen; @last had run, or is NULL */
static inline void switches_note(struct switches *s, struct sched_task *const *runnable,
				 struct sched_task *last, const struct sched_task *to)
{
	unsigned int slot = switch_slot(last);
	uint32_t at = s->asked[slot]++;

	bool switched = to != default_choice(runnable, last);

	s->choices++;
	if (__builtin_expect(s->nr == SWITCHES_MAX, 0)) {
		s->lost |= switched;
		return;
	}
	/* written in any case: whether a random choice is a switch cannot be predicted */
	s->list[s->nr] = (struct task_switch){
		.from = last ? last->id : SWITCH_START,
		.to = to->id,
		.at = at,
	};
	s->nr += switched;
}

#endif /* SEARCH_SWITCHES_H */
