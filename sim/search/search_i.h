/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the strategies share, and what search.c asks of each.
 */
#ifndef SEARCH_SEARCH_I_H
#define SEARCH_SEARCH_I_H

#include "sched/prng.h"
#include "search/search.h"

/**
 * struct strategy - one way to search
 * @begin: of a search
 * @next: before an execution; false: none is left
 * @ended: after it
 * @pick: as in struct sched_strategy
 * @saw: likewise, or NULL
 * @touched, @watch: likewise
 */
struct strategy {
	void (*begin)(void);
	bool (*next)(void);
	enum search_verdict (*ended)(void);
	struct sched_task *(*pick)(void *ctx, struct sched_task *const *runnable,
				   unsigned int n, struct sched_task *last);
	void (*saw)(void *ctx, enum sched_what what, const void *object);
	void (*touched)(void *ctx, const void *object, bool changes);
	unsigned int watch;
};

extern const struct strategy strategy_random;
extern const struct strategy strategy_pct;
extern const struct strategy strategy_exhaustive;

/**
 * struct searching - the search that is on
 * @index: number of the execution
 * @rng: random, PCT
 */
struct searching {
	struct search_options o;
	struct search_tally tally;
	struct switches switches;
	uint64_t index;
	struct prng rng;
};

extern struct searching searching;

/* whether @last gave its turn away, instead of coming to a point */
static inline bool gave_turn_away(const struct sched_task *last)
{
	return last && last == sched_current && last->state == SCHED_RUNNABLE &&
	       last->at_what == SCHED_NR_WHAT;
}

#endif /* SEARCH_SEARCH_I_H */
