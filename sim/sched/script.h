/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scripted schedules: a test says in C who runs, and to which point.
 *
 *	run_until_lock(a, "fch->lock");		a is about to take it
 *	run_to_end(b);				b does everything it has to do
 *	run_to_end(a);				a goes on: it lost the race
 *
 * Each call runs one task and nobody else. A call whose promise cannot be kept
 * (the task ended or blocked before the point was reached) is a mistake in the
 * script: it is reported with the trace position and ends the test.
 */
#ifndef SCHED_SCRIPT_H
#define SCHED_SCRIPT_H

#include "sched/sched.h"

/* until the task returned, or rests (an actor whose jobs are done) */
#define run_to_end(task)		script_to_end(task, __FILE__, __LINE__)
/* until it blocks; it must not end before */
#define run_until_blocked(task)		script_blocked(task, __FILE__, __LINE__)
/* until it is about to take a lock of that class, e.g. "fch->lock" */
#define run_until_lock(task, class)	script_lock(task, class, 1, __FILE__, __LINE__)
#define run_until_nth_lock(task, class, n) \
					script_lock(task, class, n, __FILE__, __LINE__)
/* until it is about to do its n-th such step from here */
#define run_until(task, what, n)	script_nth(task, what, n, __FILE__, __LINE__)
/* until it is about to do any watched step in that function */
#define run_until_in(task, func)	script_in(task, func, __FILE__, __LINE__)
/* one watched step further */
#define run_step(task)			script_step(task, __FILE__, __LINE__)
/* whatever happens: until it ends, rests, or blocks */
#define run_as_far_as_possible(task)	script_far(task, __FILE__, __LINE__)
/* everybody, in the default order, until nobody can go on */
#define run_all()			script_all(__FILE__, __LINE__)

enum sched_why script_to_end(struct sched_task *t, const char *file, int line);
enum sched_why script_blocked(struct sched_task *t, const char *file, int line);
enum sched_why script_lock(struct sched_task *t, const char *lock_class, int n,
			   const char *file, int line);
enum sched_why script_nth(struct sched_task *t, enum sched_what what, int n,
			  const char *file, int line);
enum sched_why script_in(struct sched_task *t, const char *func,
			 const char *file, int line);
enum sched_why script_step(struct sched_task *t, const char *file, int line);
enum sched_why script_far(struct sched_task *t, const char *file, int line);
enum sched_why script_all(const char *file, int line);

/**
 * script_set_namer() - how a lock's class is found from the lock: installed by
 * the layer that models locks
 */
void script_set_lock_class(const char *(*class_of)(const void *lock));

/**
 * script_set_fail() - what a broken promise calls; it must not return
 *
 * Default: print the line and exit with status 3. The tests install one that
 * fails the cmocka test.
 */
void script_set_fail(void (*fail)(const char *message, const char *file, int line));

#endif /* SCHED_SCRIPT_H */
