/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A search: one execution after the other, each under the strategy's choices.
 *
 *	search_begin(&options);
 *	while (search_next()) {
 *		... reset, spawn tasks ...
 *		sched_run(search_strategy());
 *		verdict = search_ended();
 *	}
 *
 * There is one search at a time. Its memory is static, and it makes no system
 * call. It knows the scheduler alone: which steps depend on each other follows from
 * what is announced there, and the owner of a lock is asked of sched_lock_owner().
 */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "search/switches.h"

enum search_kind {
	SEARCH_RANDOM,	   /* every choice by dice */
	SEARCH_PCT,	   /* random priorities, a few changes of them */
	SEARCH_EXHAUSTIVE, /* each order of dependent steps once */
	SEARCH_NR_KINDS
};

#define SEARCH_NO_BOUND (-1)

/**
 * struct search_options - how to search
 * @kind: strategy
 * @mask: SCHED_BIT()s at which a switch is considered
 * @seed: random, PCT
 * @executions: how many to make, of all shards; 0: no end
 * @depth: PCT: bugs of that many ordering constraints [1]
 * @steps: PCT: how many steps an execution has, about; see search_count_steps()
 * @preemptions: exhaustive: at most so many, or SEARCH_NO_BOUND
 * @faults: exhaustive: an allocation that fails may depend on who came first
 * @shard, @shards: this is number @shard, from 0, of @shards [0 of 1]
 */
struct search_options {
	enum search_kind kind;
	unsigned int mask;
	uint64_t seed, executions;
	unsigned int depth;
	uint64_t steps;
	int preemptions;
	bool faults;
	unsigned int shard, shards;
};

/** enum search_verdict - what an execution was good for */
enum search_verdict {
	SEARCH_COUNTS,	  /* one of those asked for */
	SEARCH_REDUNDANT, /* cut off: like another one that was made */
	SEARCH_SKIPPED,	  /* belongs to another shard */
};

/**
 * struct search_tally - where the search stands
 * @executions: those that count
 * @redundant: executions that were begun and cut off
 * @steps: choices of all executions
 * @depth: longest execution, in choices
 * @complete: exhaustive: nothing is left to be tried within the bound that was given
 * @cut_preemptions: there are orders beyond it
 * @cut_length: an execution was longer than the search can keep in mind
 */
struct search_tally {
	uint64_t executions, redundant, steps, depth;
	bool complete, cut_preemptions, cut_length;
};

/** search_begin() - forget the last search, start another */
void search_begin(const struct search_options *options);

/** search_next() - prepare an execution. Return: false when there is none left */
bool search_next(void);

/** search_strategy() - for sched_run(); valid until the search's end */
const struct sched_strategy *search_strategy(void);

/** search_ended() - the execution is over, however it came to its end */
enum search_verdict search_ended(void);

/** search_index() - number of the execution that search_next() prepared, from 0 */
uint64_t search_index(void);

/** search_switches() - those of the last execution; valid until search_next() */
const struct switches *search_switches(void);

const struct search_tally *search_tally(void);

const char *search_kind_name(enum search_kind kind);

/** search_kind_of() - by its name; SEARCH_NR_KINDS: no such strategy */
enum search_kind search_kind_of(const char *name);

#endif /* SEARCH_SEARCH_H */
