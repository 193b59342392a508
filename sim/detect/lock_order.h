/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order in which locks are taken: a graph over classes of locks. An edge from
 * one class to another means that some task, in some execution, took the second
 * while it held the first. A cycle can deadlock, whether or not one has happened.
 *
 * It knows tasks, addresses and places; what a lock is, its model says.
 */
#ifndef DETECT_LOCK_ORDER_H
#define DETECT_LOCK_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/sched.h"

#define LOCK_EDGES     512
#define LOCK_HELD      16 /* by one task at a time */
#define LOCK_CYCLE_MAX 8

/**
 * struct lock_node - a class of locks, and the level of nesting within it
 * @class: any address that the locks of a class have in common; NULL: known by name
 * @name: as the source writes it
 * @subclass: level that the source gave
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
 * @from, @to: the lock that was held, and the one taken then
 * @task: who did
 * @scenario: in which scenario, or NULL
 * @execution: in which execution of it
 * @schedule: whatever the caller keeps of that execution
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

/* ---- what models of locks say; all of it is about the current task ---- */

/** struct lock_held - locks that the tasks hold, oldest first; the last: the director's */
struct lock_held {
	bool watching;
	uint8_t nr[SCHED_MAX_TASKS + 1];
	const void *lock[SCHED_MAX_TASKS + 1][LOCK_HELD];
};
extern struct lock_held lock_held;

/**
 * lock_order_describe() - who models locks says what is known of one
 * @describe: fill in all but ->lock; a lock without class has no part in this
 */
void lock_order_describe(void (*describe)(const void *lock, struct lock_taken *out));

void lock_order_take_slow(const void *lock, unsigned int subclass,
			  const struct sched_site *site);
void lock_order_overflow(void);
void lock_order_drop_slow(const void *lock);
void lock_order_freed_slow(const void *p, size_t len, const struct sched_site *site);

static inline unsigned int lock_held_slot(const struct sched_task *task)
{
	return task ? task->id : SCHED_MAX_TASKS;
}

/** lock_order_take() - it is about to take a lock and would wait for it */
static inline void lock_order_take(const void *lock, unsigned int subclass,
				   const struct sched_site *site)
{
	if (lock_held.watching && lock_held.nr[lock_held_slot(sched_current)])
		lock_order_take_slow(lock, subclass, site);
}

/** lock_order_took() - it has it, and the lock's description says so */
static inline void lock_order_took(const void *lock)
{
	unsigned int task = lock_held_slot(sched_current);

	if (!lock_held.watching)
		return;
	if (lock_held.nr[task] == LOCK_HELD)
		lock_order_overflow();
	else
		lock_held.lock[task][lock_held.nr[task]++] = lock;
}

/** lock_order_drop() - it is about to give the lock back */
static inline void lock_order_drop(const void *lock)
{
	unsigned int task = lock_held_slot(sched_current), nr = lock_held.nr[task];

	if (!nr)
		return;
	if (lock_held.lock[task][nr - 1] == lock)
		lock_held.nr[task]--;
	else
		lock_order_drop_slow(lock);
}

/**
 * lock_order_freed() - memory is freed: another lock may come to lie there; one that
 * the current task holds is reported (lock)
 */
static inline void lock_order_freed(const void *p, size_t len,
				    const struct sched_site *site)
{
	if (lock_held.watching)
		lock_order_freed_slow(p, len, site);
}

/* ---- what is done with it ---- */

/** enum lock_order_mode - when a cycle is reported */
enum lock_order_mode {
	LOCK_ORDER_OFF,
	LOCK_ORDER_COLLECT, /* later, by lock_cycles() over the edges of all */
	LOCK_ORDER_REPORT,  /* as soon as its last edge is seen */
};

/** lock_order_watch() - from the next execution on; forgets all edges */
void lock_order_watch(enum lock_order_mode mode);

/** lock_order_reset() - a new execution: nobody holds a lock. No system call */
void lock_order_reset(void);

/**
 * lock_order_commit() - the execution counts: keep the edges that it saw first
 *
 * Those of an execution that is not committed are forgotten by lock_order_reset();
 * LOCK_ORDER_REPORT keeps all. Return: how many are new, the last ones of the list.
 */
unsigned int lock_order_commit(const char *scenario, uint64_t execution,
			       unsigned int schedule);

unsigned int lock_order_nr(void);
const struct lock_edge *lock_order_edge(unsigned int i);

/**
 * lock_order_expect() - the cycle that an execution is to close, by its names
 *
 * Reported as soon as the first edge is seen: the others are known from other
 * executions. @cycle must live on; NULL: none.
 */
void lock_order_expect(const struct lock_edge *const *cycle, unsigned int nr);

/**
 * lock_cycles() - the cycles of a graph, each once, in an order that depends on
 * nothing but the edges' words
 * @edges: sorted with lock_edge_compare()
 *
 * For each edge the shortest cycle that it is part of, up to LOCK_CYCLE_MAX edges.
 * Return: how many; at most @max.
 */
unsigned int lock_cycles(const struct lock_edge *edges, unsigned int nr,
			 struct lock_cycle *out, unsigned int max);

/** lock_edge_compare() - by classes, then places; for qsort() */
int lock_edge_compare(const void *a, const void *b);

/** lock_cycle_through() - the shortest one with @e. Return: whether there is one */
bool lock_cycle_through(const struct lock_edge *edges, unsigned int nr,
			const struct lock_edge *e, struct lock_cycle *out);

/** lock_cycle_report() - report it (lock). Return: as report() */
bool lock_cycle_report(const struct lock_cycle *cycle);

/** lock_held_words() - the locks that a task holds and where it took them */
const char *lock_held_words(const struct sched_task *task, char *buf, size_t len);

/** lock_node_words() - a class as it is shown: "queue->lock", "dir->lock/1" */
const char *lock_node_words(const struct lock_node *node, char *buf, size_t len);

/** lock_place_words() - "file:line (function)" */
const char *lock_place_words(const struct sched_site *at, char *buf, size_t len);

#endif /* DETECT_LOCK_ORDER_H */
