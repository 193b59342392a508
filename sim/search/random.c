// SPDX-License-Identifier: GPL-2.0-only
/*
 * The random strategy: at each choice, every runnable task is equally likely.
 * Execution number i of a seed is the same whatever was run before it.
 */
#include "search/search_i.h"

static void begin(void)
{
	searching.index -= searching.o.shards; /* next() goes on from there */
}

static bool next(void)
{
	struct searching *s = &searching;

	s->index += s->o.shards;
	if (s->o.executions && s->index >= s->o.executions)
		return false;
	prng_seed(&s->rng, s->o.seed, s->index);
	return true;
}

static enum search_verdict ended(void)
{
	return SEARCH_COUNTS;
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	struct sched_task *to = runnable[0];

	(void)ctx;
	if (n > 1)
		to = runnable[prng_below(&searching.rng, n)];
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

const struct strategy strategy_random = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.pick = pick,
};
