/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the processes of a search have in common, and what each of them does.
 */
#ifndef ENGINE_HUNT_I_H
#define ENGINE_HUNT_I_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "engine/hunt.h"

/**
 * struct hunt_shared - memory of all processes
 * @stop: end the search
 * @timed_out: the clock ended it
 * @until: by CLOCK_MONOTONIC; 0: no end
 * @first: hunt_position() of the earliest execution that failed, if the search ends there
 * @part: of each process, and behind them the sum
 */
struct hunt_shared {
	volatile sig_atomic_t stop;
	bool timed_out;
	double until;
	uint64_t first;
	struct hunt_result part[];
};

extern struct hunt_shared *hunt_shared;

/**
 * hunt_position() - where an execution is among those of all processes: the same for each
 * of them, and for one process alone. %UINT64_MAX: nowhere
 */
static inline uint64_t hunt_position(unsigned int phase, uint64_t execution)
{
	return (uint64_t)phase << 56 | execution;
}

/** hunt_clock_s() - a clock's time in seconds */
static inline double hunt_clock_s(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/** hunt_show() - let the caller show what there is so far */
static inline void hunt_show(const struct hunt_options *o,
			     const struct hunt_result *parts, unsigned int nr)
{
	if (o->show)
		o->show(o->show_arg, parts, nr);
}

/* work.c */

/**
 * hunt_work() - what one process does: the executions of its shard
 * @o: ->search.shard is the process's own number, of ->search.shards of all machines
 * @shows: call ->show now and then
 */
void hunt_work(struct hunt_result *c, const struct player *p,
	       const struct hunt_options *o, bool shows);

/** hunt_find() - the failure of that group; NULL: there is none */
struct found *hunt_find(struct hunt_result *c, const struct report *r);

/** hunt_count_words() - the failure was summed up in words of that hash */
void hunt_count_words(struct found *f, uint64_t hash);

/**
 * struct explanation - how well a schedule explains a failure
 * @lost: there is none
 * @chances: it needs timers or failing calls
 * @nr: switches
 * @phase, @execution: when it was found
 */
struct explanation {
	bool lost, chances;
	unsigned int nr, phase;
	uint64_t execution;
};

/** hunt_explanation() - that which @f has */
struct explanation hunt_explanation(const struct found *f);

/** hunt_explains_better() - @a does, and is to be kept instead of @b */
bool hunt_explains_better(const struct explanation *a, const struct explanation *b);

/* merge.c */

/** hunt_merge() - put together what @nr processes have found, in an order that does not
 * depend on which was faster */
void hunt_merge(struct hunt_result *sum, const struct hunt_result *parts, unsigned int nr,
		const struct hunt_options *o);

#endif /* ENGINE_HUNT_I_H */
