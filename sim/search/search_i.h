/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the strategies share, and what search.c calls of each.
 */
#ifndef SEARCH_SEARCH_I_H
#define SEARCH_SEARCH_I_H

#include "sched/prng.h"
#include "search/search.h"

/**
 * struct strategy - one way to search
 * @begin: a search begins
 * @next: an execution is about to begin; false: none is left
 * @ended: it has ended
 * @checkpoint: what it knows of the execution is state of it; NULL: nothing
 * @pick, @saw, @touched, @watch: as in struct sched_strategy; @saw and @touched may be
 *	NULL
 */
struct strategy {
	void (*begin)(void);
	bool (*next)(void);
	enum search_verdict (*ended)(void);
	void (*checkpoint)(struct checkpoint *c);
	struct sched_task *(*pick)(void *ctx, struct sched_task *const *runnable,
				   unsigned int n, struct sched_task *last);
	void (*saw)(void *ctx, enum sched_what what, const void *object);
	void (*touched)(void *ctx, const void *object, bool changes);
	unsigned int watch;
};

extern const struct strategy strategy_random;
extern const struct strategy strategy_pct;
extern const struct strategy strategy_pos;
extern const struct strategy strategy_surw;
extern const struct strategy strategy_exhaustive;
extern const struct strategy strategy_delay;

/**
 * struct searching - the current search
 * @o: its options
 * @tally: see search_tally()
 * @switches: of the current execution
 * @index: number of the execution
 * @rng: random, PCT, POS, SURW
 */
struct searching {
	struct search_options o;
	struct search_tally tally;
	struct switches switches;
	uint64_t index;
	struct prng rng;
};

extern struct searching searching;

/* of a search that cannot know its executions by number: how many are this shard's */
static inline uint64_t share_of_executions(void)
{
	const struct search_options *o = &searching.o;

	return (o->executions + o->shards - 1 - o->shard) / o->shards;
}

/* whether @last called sched_yield(), instead of coming to a point */
static inline bool has_yielded(const struct sched_task *last)
{
	return last && last == sched_current() && last->state == SCHED_RUNNABLE &&
	       last->at_what == SCHED_NR_WHAT;
}

/** surw_objects() - set of the objects that SURW drew last, of the first 64 */
uint64_t surw_objects(void);

/**
 * search_chance() - random, PCT, POS, SURW: whether something happens now
 * @tasks, @n: the runnable tasks, what may happen left out
 *
 * How likely it is at a choice depends on the execution, from 1 in 8 to 1 in 512, so that
 * it does not always happen at the beginning. Call it only if there are any
 * (sched_environments()).
 *
 * Return: what happens, or NULL.
 */
struct sched_task *search_chance(struct sched_task *const *runnable, unsigned int *n,
				 struct sched_task **tasks);

#endif /* SEARCH_SEARCH_I_H */
