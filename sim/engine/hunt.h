/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Searching for failures: in this process, or in several that share the work.
 */
#ifndef ENGINE_HUNT_H
#define ENGINE_HUNT_H

#include "engine/difference.h"
#include "engine/orders.h"
#include "engine/player.h"
#include "detect/report.h"
#include "detect/suppress.h"
#include "search/search.h"

#define FOUND_MAX     32
#define FOUND_WORDS   16
#define HUNT_MAX_JOBS 64
#define HUNT_PHASES   8

/**
 * struct found - failures of one group (struct report), and of the executions with one
 * that with the fewest switches; of several the first
 * @phase: in which it was found
 * @chances: timers or failing calls were choices there
 * @execution: its number in that phase: of the random ones; else of those of its process
 * @reports: of this group, in all executions
 * @words, @nr_words: hashes of their different summaries, as far as there is space
 * @stops: the failure ended the execution
 * @nr, @list, @lost: its switches
 * @orders, @nr_orders: a cycle of lock orders; its first edge is what @list shows
 */
struct found {
	struct report report;
	unsigned int phase;
	bool chances;
	uint64_t execution, reports;
	uint64_t words[FOUND_WORDS];
	unsigned int nr_words;
	bool stops, lost;
	unsigned int nr;
	struct task_switch list[SWITCHES_MAX];
	unsigned int nr_orders;
	struct lock_edge orders[LOCK_CYCLE_MAX];
};

/**
 * struct hunt_phase - a part of a search that has its own strategy
 * @search: as for search_begin(); but for @shard and @shards
 * @points: where there are choices, as on the command line
 * @chances: what may happen besides
 * @most_steps: of all of its executions [sched_steps()]; 0: no bound. A tree that is
 *	broken may go on for a virtual hour in each
 */
struct hunt_phase {
	struct search_options search;
	const char *points;
	struct chances chances;
	uint64_t most_steps;
};

/**
 * struct hunt_phase_result - what became of it
 * @executions, @complete, @cut_*: as struct search_tally
 * @mine: it is, or was, this process's; together: one of them had it
 */
struct hunt_phase_result {
	uint64_t executions;
	bool mine, complete, cut_preemptions, cut_length;
};

/**
 * struct hunt_result - what a search found
 * @executions, @redundant, @depth, @complete, @cut_*: as struct search_tally
 * @cut_endless: too many executions ended in an endless loop, each of which takes long
 * @cut_steps: executions took more steps than a phase has
 * @failures: executions with a failure
 * @cpu_s, @peak_rss_kb: of the process; together: sum, maximum
 * @interrupted: by the signal or the clock; @signalled: by the signal
 * @dropped: reports of further groups, for which @found has no entry left
 * @suppressed: reports that each entry of the suppressions suppressed
 * @found, @order: in any order, and by execution
 * @orders: lock orders that it saw
 * @difference: what was compared with the other way
 * @phase: of a search in phases
 */
struct hunt_result {
	uint64_t executions, redundant, depth, failures;
	bool complete, cut_preemptions, cut_length, cut_endless, cut_steps;
	bool interrupted, signalled;
	double cpu_s, wall_s;
	long peak_rss_kb;
	unsigned int nr, dropped;
	uint64_t suppressed[SUPPRESS_MAX];
	struct found found[FOUND_MAX];
	const struct found *order[FOUND_MAX];
	struct orders orders;
	struct difference_tally difference;
	struct hunt_phase_result phase[HUNT_PHASES];
};

/**
 * struct hunt_options - how to search
 * @search: as for search_begin(); @shard of @shards as on the command line
 * @phases, @nr_phases: search so instead, one after the other; of @search the shard alone
 *	counts. The executions are the same however many processes make them, but for
 *	what @most_steps cuts
 * @turn: which process has the first exhaustive phase
 * @seconds: stop after so many; 0: do not
 * @jobs: processes
 * @first: stop at the first failure
 * @show: called now and then with what the processes have found so far; or NULL
 */
struct hunt_options {
	struct search_options search;
	const struct hunt_phase *phases;
	unsigned int nr_phases, turn;
	double seconds;
	unsigned int jobs;
	bool first;
	void (*show)(void *arg, const struct hunt_result *parts, unsigned int nr);
	void *show_arg;
};

/**
 * hunt_catch_signals() - from now on Ctrl-C and SIGTERM end a search, and not the
 * program. The second one ends the program while it searches; later, when failures are
 * shrunk, it ends that, and the third the program. A line that nobody reads (SIGPIPE)
 * ends a search, too: what is to be written to files is
 */
void hunt_catch_signals(void);

/** hunt_let_signals() - what they did before */
void hunt_let_signals(void);

/** hunt_signalled() - one of them came */
bool hunt_signalled(void);

/** hunt_hurried() - another one came behind the search: what it found is kept as it is */
bool hunt_hurried(void);

/**
 * hunt() - search until the options say stop, or Ctrl-C
 *
 * Ends the program with STATUS_SIMULATOR if one of the processes failed.
 * Return: what was found, valid until the next call.
 */
const struct hunt_result *hunt(const struct player *p, const struct hunt_options *o);

/** hunt_steps() - choices in the default order: how long an execution is */
uint64_t hunt_steps(const struct player *p, unsigned int mask);

#endif /* ENGINE_HUNT_H */
