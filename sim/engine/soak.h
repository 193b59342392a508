/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Worlds that live long: rounds of calls in random orders, with failures, and a look at
 * what is left over after each.
 */
#ifndef ENGINE_SOAK_H
#define ENGINE_SOAK_H

#include "detect/report.h"
#include "detect/suppress.h"
#include "engine/player.h"
#include "world/soak.h"

#define SOAK_REPORTS 8 /* of the round that failed */

/**
 * struct soak_options - how long, and which
 * @calls: of all worlds together, after which no round begins; 0: no end
 * @seconds: likewise; 0: no end
 * @world_calls: of one world
 * @seed: of the worlds, which are numbered and the same for a seed
 * @world, @rounds: one world alone, up to that round, with its trace; 0 rounds: all
 *	worlds
 * @faults: calls that are made to fail in a round, at most
 * @jobs: processes, each with its share of the worlds
 * @mask: SCHED_BIT()s of the points of the random order
 * @show: called now and then with what there is so far; or NULL
 */
struct soak_options {
	uint64_t calls, world_calls, seed, world, rounds;
	double seconds;
	unsigned int faults, jobs, mask;
	void (*show)(void *arg, const struct soak_tally *t);
	void *show_arg;
};

/**
 * struct soak_result - what came of it
 * @worlds: that were opened; @rounds: of all
 * @world, @round: which failed, from 0 and from 1; round 0: when it was opened
 * @nr, @reports: what was reported there, the first ones
 * @stopped: by the clock or a signal; @signalled: by the latter
 * @cpu_s, @peak_rss_kb: of the process; of several: sum, maximum
 * @suppressed: reports that each entry of the suppressions suppressed
 */
struct soak_result {
	struct soak_tally tally;
	uint64_t worlds, rounds, world, round;
	unsigned int nr;
	struct report reports[SOAK_REPORTS];
	bool stopped, signalled;
	double cpu_s, wall_s;
	long peak_rss_kb;
	uint64_t suppressed[SUPPRESS_MAX];
};

/**
 * soak() - play worlds until there were enough calls, time is over, or something is
 * reported
 * @p: @scenario is not used
 *
 * The same for the same options, unless the clock or a signal ends it. Ends the program
 * with STATUS_SIMULATOR if one of the processes fails.
 *
 * Context: not during an execution. Return: valid until the next call.
 */
const struct soak_result *soak(const struct player *p, const struct soak_options *o);

/* soak_world.c, for soak.c: worlds number @first, @first + @stride and so on */
void soak_worlds(const struct player *p, const struct soak_options *o, uint64_t first,
		 uint64_t stride, bool (*stop)(struct soak_result *r),
		 struct soak_result *r);

#endif /* ENGINE_SOAK_H */
