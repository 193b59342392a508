/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Generating scenarios: programs by chance, played in a few orders each; what covers
 * something new is kept and changed further, what fails is made small (docs/fuzz.md).
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <limits.h>

#include "detect/suppress.h"
#include "engine/difference.h"
#include "engine/hunt.h"
#include "engine/player.h"

#define FUZZ_MERGED_MAX 64
#define FUZZ_MAX_JOBS	HUNT_MAX_JOBS

/**
 * struct fuzz_tally - so far
 * @programs, @executions: generated, and played
 * @corpus: programs that are kept
 * @edges, @pairs, @states: covered [enum cover_kind]
 * @failures: groups
 * @lacked: programs that asked for more than a world has
 * @unmodelled: that did what the fake kernel lacks
 * @crashed: that ended a process of the simulator
 * @left_out: files of the corpus that are no programs
 * @difference: what was compared with the other way
 * @first_known: of each entry of the suppressions: programs until it came first; 0: never
 */
struct fuzz_tally {
	uint64_t programs, executions;
	unsigned int corpus, edges, pairs, states, failures;
	uint64_t lacked, unmodelled;
	unsigned int crashed, left_out;
	double cpu_s, wall_s;
	long peak_rss_kb;
	bool interrupted, timed_out;
	struct difference_tally difference;
	uint64_t suppressed[SUPPRESS_MAX], first_known[SUPPRESS_MAX];
};

/**
 * struct fuzz_failure - one that nobody knew
 * @player: plays its scenario file; @file: its path; NULL: it could not be written, which
 *	keep_unwritten() was told, and so there is no schedule either
 * @found: as a search keeps it
 * @options: of the search that found it
 * @programs, @executions: of all processes until then, if they were equally fast
 */
struct fuzz_failure {
	const struct player *player;
	const char *file;
	const struct found *found;
	struct search_options options;
	uint64_t programs, executions;
};

/**
 * struct fuzz_options - what to do
 * @player: subject and driver; @chances: at most
 * @mask: points
 * @programs: 0: no end; @seconds: 0: no end
 * @corpus: folder, read and written; NULL: in memory
 * @merged, @nr_merged: folders to be read besides
 * @only_merge: play what was read, and nothing new
 * @schedules: folder for files of failures
 * @stem: sets the path of a failure's file without its ending
 * @knows: whether a failure needs no file of its own
 * @tell: a failure was made small
 * @show: now and then
 */
struct fuzz_options {
	struct player player;
	unsigned int mask;
	uint64_t programs, seed;
	double seconds;
	unsigned int jobs;
	bool from_nothing, only_merge;
	const char *corpus, *schedules;
	const char *merged[FUZZ_MERGED_MAX];
	unsigned int nr_merged;
	bool (*knows)(void *arg, const struct player *p, const struct found *f);
	void (*tell)(void *arg, const struct fuzz_failure *f);
	void (*show)(void *arg, const struct fuzz_tally *t);
	void *arg;
};

/**
 * fuzz() - until the options say stop, or Ctrl-C (hunt_catch_signals())
 * @err: one line if it cannot begin
 *
 * Return: false with @err.
 */
bool fuzz(const struct fuzz_options *o, struct fuzz_tally *tally, char *err, size_t len);

#endif /* FUZZ_FUZZ_H */
