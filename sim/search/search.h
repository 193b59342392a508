/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A search: one execution after the other, each under the choices of a strategy.
 *
 *	search_begin(&options);
 *	while (search_next()) {
 *		... reset, spawn tasks ...
 *		sched_run(search_strategy());
 *		verdict = search_ended();
 *	}
 *
 * There is one search at a time. Its memory is static, and it makes no system call. It
 * knows the scheduler alone: which steps depend on each other follows from what is
 * announced there, and the owner of a lock is asked of sched_lock_owner(). All functions
 * are called in the main context. docs/search.md says what each strategy promises.
 */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "search/switches.h"

/**
 * enum search_kind - the strategies
 * @SEARCH_RANDOM: every runnable task is equally likely at each choice
 * @SEARCH_PCT: random priorities and a few random changes of them (Burckhardt, Kothari,
 *	Musuvathi, Nagarakatte: ASPLOS 2010)
 * @SEARCH_POS: a random priority for each step, drawn again after a conflict (Yuan, Yang,
 *	Gu: CAV 2018)
 * @SEARCH_SURW: uniform over the orders of the steps that touch one object (Zhao, Wolff,
 *	Mathur, Roychoudhury: ASPLOS 2025)
 * @SEARCH_EXHAUSTIVE: one execution for each order of dependent steps (Abdulla, Aronis,
 *	Jonsson, Sagonas: POPL 2014); within a bound on preemptions after Coons,
 *	Musuvathi, McKinley: OOPSLA 2013
 * @SEARCH_DELAY: all executions of a deterministic scheduler that is delayed a few times
 *	(Emmi, Qadeer, Rakamaric: POPL 2011)
 */
enum search_kind {
	SEARCH_RANDOM,
	SEARCH_PCT,
	SEARCH_POS,
	SEARCH_SURW,
	SEARCH_EXHAUSTIVE,
	SEARCH_DELAY,
	SEARCH_NR_KINDS,
};

#define SEARCH_NO_BOUND (-1)

/**
 * struct search_options - how to search
 * @kind: strategy
 * @mask: SCHED_BIT()s of the points at which a switch is considered
 * @seed: random, PCT, POS, SURW: execution number i depends on the seed and i alone
 * @executions: how many to make, of all shards together; 0: no end
 * @depth: PCT: depth of the bugs to be found, in ordering constraints [1]
 * @steps: PCT: length of an execution, in choices, about
 * @preemptions: exhaustive: bound on the preemptions of an execution, or
 *	%SEARCH_NO_BOUND. A preemption is a switch away from a task that could go on
 * @delays: delay: bound on the delays of an execution
 * @faults: exhaustive: allocations may fail by number, so that their order matters
 * @shard, @shards: this is shard number @shard, from 0, of @shards [0 of 1]
 */
struct search_options {
	enum search_kind kind;
	unsigned int mask;
	uint64_t seed, executions;
	unsigned int depth;
	uint64_t steps;
	int preemptions, delays;
	bool faults;
	unsigned int shard, shards;
};

/**
 * enum search_verdict - what an execution counts as
 * @SEARCH_COUNTS: one of those that were asked for
 * @SEARCH_REDUNDANT: cut off, because it would have repeated an explored order
 * @SEARCH_SKIPPED: belongs to another shard
 */
enum search_verdict {
	SEARCH_COUNTS,
	SEARCH_REDUNDANT,
	SEARCH_SKIPPED,
};

/**
 * struct search_tally - the progress of the search
 * @executions: those that count
 * @redundant: executions that were begun and cut off
 * @steps: choices of all executions
 * @depth: choices of the longest execution
 * @complete: exhaustive, delay: nothing is left to be explored within the bound
 * @cut_preemptions: there are orders beyond the bound
 * @cut_length: an execution was longer than the path that the search can keep
 */
struct search_tally {
	uint64_t executions, redundant, steps, depth;
	bool complete, cut_preemptions, cut_length;
};

/** search_begin() - forget the last search and begin another; copies @options */
void search_begin(const struct search_options *options);

/** search_next() - prepare an execution. Return: false when none is left */
bool search_next(void);

/** search_strategy() - for sched_run(). Valid until the next search_begin() */
const struct sched_strategy *search_strategy(void);

/**
 * search_ended() - the execution is over, for whatever reason
 *
 * Call it once after each search_next(), while the tasks are still as they ended: the
 * exhaustive search looks at them. Ends the program with status 3 if the same choices
 * did not lead to the same state.
 */
enum search_verdict search_ended(void);

/**
 * search_checkpoint() - what the search knows of the execution is state of it
 *
 * Between search_next() and search_ended(). The exhaustive search takes checkpoints of
 * its own then, if there is one of the beginning (sched/checkpoint.h): the next execution
 * begins at the last one, which search_next() sees to. Others begin at the first.
 */
struct checkpoint;
void search_checkpoint(struct checkpoint *c);

/** search_index() - number of the execution that search_next() prepared, from 0 */
uint64_t search_index(void);

/** search_switches() - those of the last execution; valid until search_next() */
const struct switches *search_switches(void);

/** search_tally() - the progress so far; valid until search_begin() */
const struct search_tally *search_tally(void);

/** search_kind_name() - the strategy's name on the command line */
const char *search_kind_name(enum search_kind kind);

/**
 * search_samples() - whether the strategy draws its executions, by seed and number, and
 * comes to no end; false: it makes each execution once
 */
bool search_samples(enum search_kind kind);

/** search_kind_of() - the strategy of that name; %SEARCH_NR_KINDS: there is none */
enum search_kind search_kind_of(const char *name);

#endif /* SEARCH_SEARCH_H */
