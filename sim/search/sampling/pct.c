// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte,
 * ASPLOS 2010): every task has a random priority, the runnable one of the highest
 * priority runs, and at d - 1 random steps the running task is demoted below all
 * others. A bug of depth d (that needs d ordering constraints) is found with
 * probability 1 / (n k^(d - 1)) or better, for n tasks and k steps.
 */
#include "search/search_i.h"

#define DEPTH_MAX 16

static struct {
	uint32_t priority[SCHED_MAX_TASKS];
	uint64_t known; /* set of tasks that have one */
	uint64_t step;
	uint64_t change[DEPTH_MAX]; /* steps at which the running task is demoted */
	unsigned int changes;
	uint32_t lowest; /* of all priorities that were given */
} pct;

/* initial priorities are above it, those of demoted tasks below */
#define MIDDLE 0x80000000u

static void begin(void)
{
	strategy_random.begin();
	if (searching.o.depth > DEPTH_MAX)
		searching.o.depth = DEPTH_MAX;
}

static bool next(void)
{
	struct prng *r = &searching.rng;

	if (!strategy_random.next())
		return false;
	pct.known = 0;
	pct.step = 0;
	pct.lowest = MIDDLE;
	pct.changes = searching.o.depth - 1;
	for (unsigned int i = 0; i < pct.changes; i++)
		pct.change[i] =
			1 + prng_below(r, searching.o.steps ? (uint32_t)searching.o.steps
							    : 1);
	return true;
}

static enum search_verdict ended(void)
{
	return SEARCH_COUNTS;
}

static bool is_change_point(void)
{
	for (unsigned int i = 0; i < pct.changes; i++)
		if (pct.change[i] == pct.step)
			return true;
	return false;
}

static uint32_t priority_of(const struct sched_task *t)
{
	uint64_t bit = 1ull << t->id;

	if (!(pct.known & bit)) {
		pct.known |= bit;
		pct.priority[t->id] = MIDDLE | (uint32_t)prng_next(&searching.rng);
	}
	return pct.priority[t->id];
}

static void demote(const struct sched_task *t)
{
	priority_of(t); /* every task draws one, whether it was compared before or not */
	pct.priority[t->id] = --pct.lowest;
}

static struct sched_task *highest(struct sched_task *const *runnable, unsigned int n)
{
	struct sched_task *best = runnable[0];

	for (unsigned int i = 1; i < n; i++)
		if (priority_of(runnable[i]) > priority_of(best))
			best = runnable[i];
	return best;
}

/*
 * A yielding task is demoted, too: it waits for another one, and of the highest priority
 * it would be chosen for ever.
 */
static struct sched_task *by_priority(struct sched_task *const *runnable, unsigned int n,
				      const struct sched_task *last)
{
	struct sched_task *to;

	if (has_yielded(last) && !last->environment)
		demote(last);
	to = highest(runnable, n);
	pct.step++;
	if (is_change_point()) {
		demote(to);
		to = highest(runnable, n);
	}
	return to;
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	struct sched_task *tasks[SCHED_MAX_TASKS], *to = NULL;
	struct sched_task *const *from = runnable;

	(void)ctx;
	if (__builtin_expect(sched_environments() != 0, 0)) {
		to = search_chance(runnable, &n, tasks);
		from = tasks;
	}
	if (!to)
		to = by_priority(from, n, last);
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

const struct strategy strategy_pct = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.pick = pick,
};
