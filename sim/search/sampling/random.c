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
	struct sched_task *tasks[SCHED_MAX_TASKS], *to = NULL;
	struct sched_task *const *from = runnable;

	(void)ctx;
	if (__builtin_expect(sched_environments() != 0, 0)) {
		to = search_chance(runnable, &n, tasks);
		from = tasks;
	}
	if (!to)
		to = n > 1 ? from[prng_below(&searching.rng, n)] : from[0];
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

struct sched_task *search_chance(struct sched_task *const *runnable, unsigned int *n,
				 struct sched_task **tasks)
{
	const uint32_t rarely = 8u << (2 * (searching.index & 3));
	struct sched_task *may[SCHED_MAX_TASKS];
	unsigned int nr = 0, nr_may = 0;

	tasks[0] = runnable[0]; /* if nothing else can run, and nothing useful happen */
	for (unsigned int i = 0; i < *n; i++) {
		if (!runnable[i]->environment)
			tasks[nr++] = runnable[i];
		else if (runnable[i]->environment->useful)
			may[nr_may++] = runnable[i];
	}
	*n = nr;
	if (!nr_may || (nr && prng_below(&searching.rng, rarely)))
		return NULL;
	return may[prng_below(&searching.rng, nr_may)];
}

const struct strategy strategy_random = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.pick = pick,
};
