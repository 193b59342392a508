/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Worlds that live long: rounds of calls in random orders, with failures, and a look at
 * what is left over after each.
 */
#ifndef ENGINE_SOAK_H
#define ENGINE_SOAK_H

#include "engine/player.h"
#include "world/soak.h"

/**
 * struct soak_options - how long, and which
 * @calls: of all worlds together, after which no round begins
 * @world_calls: of one world
 * @seed, @first: the worlds with numbers from @first on, which are the same for a seed
 * @stride: every so many of them
 * @fault_every: a call is made to fail in one of so many rounds; 0: in none
 * @rounds: of one world, at most; 0: no such end
 * @mask: SCHED_BIT()s of the points of the random order
 * @trace: of the last of @rounds, to stdout
 * @stop: asked before each round: whether to end; NULL: nobody is
 */
struct soak_options {
	uint64_t calls, world_calls, seed, first, stride;
	unsigned int fault_every;
	uint64_t rounds;
	unsigned int mask;
	bool trace;
	bool (*stop)(void);
};

/**
 * struct soak_result - what came of it
 * @worlds: that were opened; @rounds: of all
 * @world, @round: where the first report came, which ended it
 * @failed: there was one: report_get()
 */
struct soak_result {
	struct soak_tally tally;
	uint64_t worlds, rounds;
	uint64_t world, round;
	bool failed, stopped;
};

/**
 * soak() - play worlds until there were enough calls, or something is reported
 * @p: @scenario is not used
 *
 * The same for the same options, up to @stop. Context: not during an execution.
 */
void soak(const struct player *p, const struct soak_options *o, struct soak_result *r);

#endif /* ENGINE_SOAK_H */
