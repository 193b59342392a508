// SPDX-License-Identifier: GPL-2.0-only
/*
 * Partial order sampling (Yuan, Yang, Gu: CAV 2018): the next step of each task has a
 * random priority of its own, and the highest one runs. After a step, the task's next
 * one draws a priority, and so do the next steps of other tasks that conflict with it:
 * which of several conflicting steps comes first does not follow from who was first
 * before.
 *
 * A step at a place in the code whose steps are known (profile.h) never to have
 * conflicted with another task's runs at once, so that there are fewer to draw for (after
 * Morpheus: Yuan, Yang: ASPLOS 2020). In one execution of eight nothing is taken as
 * known, so that every order can come, whatever the profile has not seen.
 *
 * A yield conflicts with every step: a task that polls draws against new priorities each
 * time, so that another one soon runs.
 */
#include "search/sampling/next_step.h"
#include "search/sampling/profile.h"

static struct {
	struct next_steps next;
	struct next_step done; /* what the step began with that was done last */
	uint64_t drawn;	       /* set of tasks whose next step has a priority */
	bool knows;	       /* the profile counts in this execution */
	uint32_t priority[SCHED_MAX_TASKS];
} pos;

#define UNKNOWING 8 /* one execution of so many */

static void begin(void)
{
	strategy_random.begin();
}

static bool next(void)
{
	if (!strategy_random.next())
		return false;
	next_steps_clear(&pos.next);
	pos.done = next_step_unknown;
	pos.drawn = 0;
	pos.knows = profile_tasks() && searching.index % UNKNOWING != UNKNOWING - 1;
	return true;
}

static enum search_verdict ended(void)
{
	return SEARCH_COUNTS;
}

/* priorities that do not hold any more; tasks that could not run draw when they can */
static void note_done(const struct sched_task *last)
{
	uint64_t set;

	if (!last)
		return;
	pos.drawn &= sched_runnable() & ~(1ull << last->id);
	if (has_yielded(last) && !last->environment)
		pos.drawn = 0;
	if (!pos.done.object)
		return;
	for (set = pos.drawn & pos.next.known; set; set &= set - 1) {
		unsigned int task = (unsigned int)__builtin_ctzll(set);

		if (next_steps_conflict(&pos.done, &pos.next.of[task]))
			pos.drawn &= ~(1ull << task);
	}
}

static uint32_t priority_of(unsigned int task)
{
	uint64_t bit = 1ull << task;

	if (!(pos.drawn & bit)) {
		pos.drawn |= bit;
		pos.priority[task] = (uint32_t)(prng_next(&searching.rng) >> 32);
	}
	return pos.priority[task];
}

/* as far as is known */
static bool conflicts_with_none(unsigned int task)
{
	const struct next_step *s = next_step_of(&pos.next, task);

	return s->what != SCHED_NR_WHAT && profile_place(s->place) == PROFILE_ALONE;
}

static struct sched_task *by_priority(struct sched_task *const *tasks, unsigned int n)
{
	struct sched_task *best = NULL;

	if (n <= 1)
		return tasks[0];
	for (unsigned int i = 0; pos.knows && i < n; i++)
		if (conflicts_with_none(tasks[i]->id))
			return tasks[i];
	for (unsigned int i = 0; i < n; i++)
		if (!best || priority_of(tasks[i]->id) > priority_of(best->id))
			best = tasks[i];
	return best;
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	struct sched_task *tasks[SCHED_MAX_TASKS], *to = NULL;
	struct sched_task *const *from = runnable;

	(void)ctx;
	next_steps_note(&pos.next, last);
	note_done(last);
	if (__builtin_expect(sched_environments() != 0, 0)) {
		to = search_chance(runnable, &n, tasks);
		from = tasks;
	}
	if (!to)
		to = by_priority(from, n);
	pos.done = *next_step_of(&pos.next, to->id);
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

const struct strategy strategy_pos = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.pick = pick,
};
