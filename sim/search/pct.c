// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte,
 * ASPLOS 2010): every task has a random priority, the highest one runs, and at
 * d - 1 random steps the task that runs falls below all others. A bug that needs d
 * ordering constraints is found with probability 1 / (n k^(d - 1)) or better, for
 * n tasks and k steps.
 */
#include "search/search_i.h"

#define DEPTH_MAX 16

static struct {
	uint32_t priority[SCHED_MAX_TASKS];
	uint64_t known; /* tasks that have one */
	uint64_t step;
	uint64_t change[DEPTH_MAX]; /* steps at which a priority falls */
	unsigned int changes;
	uint32_t lowest; /* below everybody's */
} pct;

/* priorities above are random, those below are handed out downwards */
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

static bool falls_now(void)
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

static struct sched_task *highest(struct sched_task *const *runnable, unsigned int n)
{
	struct sched_task *best = runnable[0];

	for (unsigned int i = 1; i < n; i++)
		if (priority_of(runnable[i]) > priority_of(best))
			best = runnable[i];
	return best;
}

/*
 * Who gives its turn away waits for somebody: it falls, too, or it would be asked
 * again for ever.
 */
static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	struct sched_task *to;

	(void)ctx;
	if (gave_turn_away(last)) {
		priority_of(last);
		pct.priority[last->id] = --pct.lowest;
	}
	to = highest(runnable, n);
	pct.step++;
	if (falls_now()) {
		priority_of(to);
		pct.priority[to->id] = --pct.lowest;
		to = highest(runnable, n);
	}
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

const struct strategy strategy_pct = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.pick = pick,
};
