/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that plays programs for a while. It knows what all have covered so far, and
 * leaves what it found in memory that it shares with its parent. What it does follows
 * from the seed, its number and the number of the round.
 */
#ifndef FUZZ_WORKER_H
#define FUZZ_WORKER_H

#include <signal.h>

#include "fuzz/corpus.h"
#include "fuzz/features.h"
#include "fuzz/fuzz.h"
#include "fuzz/trial.h"

#define KEPT_MAX     48 /* of a round; the round ends when there is no space left */
#define NUMBERS_MAX  32768u
#define FAILURES_MAX 16
#define GROUPS_MAX   SUPPRESS_GROUPS

/** struct kept - a program that covers something new: numbers from @first on */
struct kept {
	struct program program;
	unsigned int first, nr;
};

/**
 * struct failure - a program, one of its executions, and a report that it ends in
 * @programs, @executions: of its process in that round, with this one
 */
struct failure {
	struct program program;
	struct trial_nth nth;
	uint64_t seed;
	uint64_t programs, executions;
	struct report report;
};

/**
 * struct part - what a process found
 * @trying: what it plays, if it dies of it: @busy
 */
struct part {
	uint64_t programs, executions, lacked, unmodelled;
	double cpu_s;
	long peak_rss_kb;
	uint64_t suppressed[SUPPRESS_MAX];
	struct difference_tally difference;
	unsigned int nr_kept, nr_numbers, nr_failures;
	bool busy;
	struct program trying;
	struct kept kept[KEPT_MAX];
	uint64_t numbers[NUMBERS_MAX];
	struct failure failures[FAILURES_MAX];
};

/**
 * struct shared - of all processes
 * @until: by the clock, 0: no end
 * @found: the failure that is made small
 */
struct shared {
	volatile sig_atomic_t stop;
	bool timed_out;
	double until;
	struct found found;
	struct part part[];
};

/**
 * struct fuzzing - all that is known
 * @pending: programs that were read, and are to be played before new ones are made
 * @groups: hashes of failures' groups that are known
 */
struct fuzzing {
	const struct fuzz_options *o;
	struct vocabulary vocabulary;
	struct trial trial;
	struct corpus corpus, pending;
	struct features features;
	uint64_t groups[GROUPS_MAX];
	unsigned int nr_groups;
	uint64_t round;
	struct shared *shared;
};

/** group_known() - whether the report's group is; @add: it is from now on */
bool group_known(struct fuzzing *f, const char *group, bool add);

/**
 * work() - as process number @job, @programs programs
 *
 * Context: a process of its own.
 */
void work(struct fuzzing *f, unsigned int job, uint64_t programs);

/** fuzz_clock() - seconds */
double fuzz_clock(void);

/** time_is_over() - or Ctrl-C came */
bool time_is_over(struct fuzzing *f);

/* minimise.c */

/**
 * minimise() - take away from @p what it covers @numbers without
 * @executions: its trial's
 */
void minimise(struct fuzzing *f, struct program *p, const uint64_t *numbers,
	      unsigned int nr, unsigned int executions);

/**
 * each_less() - change @p in all ways that make it less, the most first: lines, then
 * what lines have, then values
 * @keep: whether the changed one, which is whole, will do; then it is changed further
 */
void each_less(const struct vocabulary *v, struct program *p,
	       bool (*keep)(void *arg, const struct program *p), void *arg);

/* failure.c */

/**
 * failure_shrink() - make its program small, and find the execution with the fewest
 * switches
 *
 * Return: false: it does not come again.
 */
bool failure_shrink(struct fuzzing *f, struct failure *failure, struct found *found);

/* tell.c */

#define OWN_MISTAKE_FILE 32

/**
 * keep_own_mistake() - write down what the simulator made a mistake with, beside the
 * schedules
 * @file: set to its name, without its end
 */
bool keep_own_mistake(struct fuzzing *f, const struct program *p,
		      char file[OWN_MISTAKE_FILE]);

/** tell_failures() - make those small that a process found and nobody knows, and tell
 * them
 */
void tell_failures(struct fuzzing *f, struct fuzz_tally *t,
		   const struct fuzz_tally *before, struct part *part);

#endif /* FUZZ_WORKER_H */
