/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order in which locks are taken: a graph over classes of locks, as lockdep's
 * (Documentation/locking/lockdep-design.rst in Linux). An edge from one class to another
 * means that a task, in some execution, took the second while it held the first. A cycle
 * can deadlock, whether or not a deadlock has happened.
 *
 * It knows tasks, addresses and places; the model of locks describes the rest
 * (lock_order_describe()). Nothing here allocates or makes a system call.
 */
#ifndef DETECT_LOCK_ORDER_H
#define DETECT_LOCK_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/sched.h"

#define LOCK_EDGES     512
#define LOCK_EDGES_ALL (2 * LOCK_EDGES) /* of several processes and scenarios */
#define LOCK_HELD      16		/* by one task at a time */
#define LOCK_CYCLE_MAX 8

/**
 * struct lock_node - a class of locks, and the level of nesting within it
 * @class: any address that the locks of a class have in common; NULL: the edge is from
 *	a schedule file, and is identified by names
 * @name: as the source writes it
 * @subclass: level of nesting that the source gave
 */
struct lock_node {
	const void *class;
	const char *name;
	unsigned int subclass;
};

/** struct lock_taken - a lock that is held, and where it was taken */
struct lock_taken {
	const void *lock;
	struct lock_node node;
	const struct sched_site *at;
};

/**
 * struct lock_edge - an order that was seen
 * @from, @to: the lock that was held, and the one that was taken then
 * @task: name of the task that took it
 * @scenario, @execution: where it was seen first; NULL: not committed yet
 * @schedule: a number of the caller's, see lock_order_commit()
 * @held, @nr_held: all that the task held, oldest first
 */
struct lock_edge {
	struct lock_taken from, to;
	char task[24];
	const char *scenario;
	uint64_t execution;
	unsigned int schedule;
	unsigned int nr_held;
	struct lock_taken held[LOCK_HELD];
};

/** struct lock_cycle - edges of which each begins where the one before ends */
struct lock_cycle {
	unsigned int nr;
	const struct lock_edge *edge[LOCK_CYCLE_MAX];
};

/* ---- called by the model of locks; about the current task, or the main context ---- */

/**
 * struct lock_held - the locks that are held
 * @watching: not %LOCK_ORDER_OFF
 * @nr, @lock: of each task, oldest first; the last entry is the main context's
 */
struct lock_held {
	bool watching;
	uint8_t nr[SCHED_MAX_TASKS + 1];
	const void *lock[SCHED_MAX_TASKS + 1][LOCK_HELD];
};
extern struct lock_held lock_held;

/**
 * lock_order_describe() - install the model's description of a lock
 * @describe: fills in all of @out but ->lock; class NULL: the lock has no order
 */
void lock_order_describe(void (*describe)(const void *lock, struct lock_taken *out));

/* the slow paths of the inline functions below */
void lock_order_take_slow(const void *lock, unsigned int subclass,
			  const struct sched_site *site);
void lock_order_overflow(void);
void lock_order_drop_slow(const void *lock);
void lock_order_freed_slow(const void *p, size_t len, const struct sched_site *site);

/* index in struct lock_held */
static inline unsigned int lock_held_slot(const struct sched_task *task)
{
	return task ? task->id : SCHED_MAX_TASKS;
}

/**
 * lock_order_take() - the current task is about to take a lock, and waits if it is held
 * @subclass: level of nesting
 * @site: where
 *
 * Adds an edge from each lock that it holds. Reports (lock) two locks of one class that
 * are taken in both orders, and cycles if %LOCK_ORDER_REPORT says so. Not to be called
 * by a trylock, which cannot deadlock.
 */
static inline void lock_order_take(const void *lock, unsigned int subclass,
				   const struct sched_site *site)
{
	if (lock_held.watching && lock_held.nr[lock_held_slot(sched_current())])
		lock_order_take_slow(lock, subclass, site);
}

/** lock_order_took() - the current task holds @lock now; describe() says since where */
static inline void lock_order_took(const void *lock)
{
	unsigned int task = lock_held_slot(sched_current());

	if (!lock_held.watching)
		return;
	if (lock_held.nr[task] == LOCK_HELD)
		lock_order_overflow();
	else
		lock_held.lock[task][lock_held.nr[task]++] = lock;
}

/** lock_order_drop() - the current task is about to release @lock */
static inline void lock_order_drop(const void *lock)
{
	unsigned int task = lock_held_slot(sched_current()), nr = lock_held.nr[task];

	if (!nr)
		return;
	if (lock_held.lock[task][nr - 1] == lock)
		lock_held.nr[task]--;
	else
		lock_order_drop_slow(lock);
}

/**
 * lock_order_freed() - @len bytes at @p are freed: another lock may be there later
 *
 * Reports (lock) a lock in it that the current task holds.
 */
static inline void lock_order_freed(const void *p, size_t len,
				    const struct sched_site *site)
{
	if (lock_held.watching)
		lock_order_freed_slow(p, len, site);
}

/* ---- called by the program, in the main context ---- */

/** enum lock_order_mode - when a cycle is reported */
enum lock_order_mode {
	LOCK_ORDER_OFF,
	LOCK_ORDER_COLLECT, /* later, by lock_cycles() over the edges of all */
	LOCK_ORDER_REPORT,  /* as soon as its last edge is seen */
};

/** lock_order_watch() - from the next execution on; forgets all edges */
void lock_order_watch(enum lock_order_mode mode);

/** lock_order_reset() - a new execution: no task holds a lock. No system call */
void lock_order_reset(void);

/** lock_order_checkpoint() - locks held, and orders not committed, are state of it */
struct checkpoint;
void lock_order_checkpoint(struct checkpoint *c);

/**
 * lock_order_commit() - the execution counts: keep the edges that it saw first
 * @scenario, @execution, @schedule: what these edges have from now on
 *
 * Edges of an execution that is not committed are forgotten by lock_order_reset();
 * %LOCK_ORDER_REPORT keeps all. Return: how many are new, the last ones of the list.
 */
unsigned int lock_order_commit(const char *scenario, uint64_t execution,
			       unsigned int schedule);

/** lock_order_nr() - number of edges */
unsigned int lock_order_nr(void);

/** lock_order_edge() - edge @i, in the order in which they were seen, or NULL */
const struct lock_edge *lock_order_edge(unsigned int i);

/**
 * lock_order_expect() - the cycle that a replay is to close
 * @cycle: its edges, by name; must live on. NULL: none
 * @nr: how many, at most %LOCK_CYCLE_MAX
 *
 * Reported when the first edge is seen: the others are known from other executions.
 */
void lock_order_expect(const struct lock_edge *const *cycle, unsigned int nr);

/**
 * lock_cycles() - the cycles of a graph, each once, in an order that depends on
 * nothing but the names of classes and places
 * @edges, @nr: sorted with lock_edge_compare(); at most %LOCK_EDGES_ALL
 * @out, @max: where to, and how many fit
 *
 * For each edge the shortest cycle that it is part of, up to %LOCK_CYCLE_MAX edges.
 * Return: how many; at most @max.
 */
unsigned int lock_cycles(const struct lock_edge *edges, unsigned int nr,
			 struct lock_cycle *out, unsigned int max);

/** lock_edge_compare() - by classes, then places; for qsort() */
int lock_edge_compare(const void *a, const void *b);

/** lock_cycle_through() - the shortest cycle with @e. Return: whether there is one */
bool lock_cycle_through(const struct lock_edge *edges, unsigned int nr,
			const struct lock_edge *e, struct lock_cycle *out);

/** lock_cycle_report() - report it (lock). Return: as report() */
bool lock_cycle_report(const struct lock_cycle *cycle);

/** lock_held_words() - the locks that a task holds, and where it took them; NULL: main */
const char *lock_held_words(const struct sched_task *task, char *buf, size_t len);

/** lock_node_words() - a class as it is shown: "queue->lock", "dir->lock/1" */
const char *lock_node_words(const struct lock_node *node, char *buf, size_t len);

/** lock_place_words() - "file:line (function)" */
const char *lock_place_words(const struct sched_site *at, char *buf, size_t len);

#endif /* DETECT_LOCK_ORDER_H */
