/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scripted schedules: a test says in C which task runs, and up to which point.
 *
 *	run_until_lock(a, "dev->lock");		a is about to take it
 *	run_to_end(b);				b does everything it has to do
 *	run_to_end(a);				a goes on: it lost the race
 *
 * Each call runs one task and no other. If the task does not get there - it ends or
 * blocks before - the script is wrong: script_set_fail() says what happens then.
 *
 * Context: the main context.
 */
#ifndef SCHED_SCRIPT_H
#define SCHED_SCRIPT_H

#include "sched/sched.h"

/* until the task ended, or is idle (an actor whose jobs are done) */
#define run_to_end(task) script_to_end(task, __FILE__, __LINE__)
/* until it blocks; it must not end before */
#define run_until_blocked(task) script_blocked(task, __FILE__, __LINE__)
/* until it is about to take a lock of that class, e.g. "queue->lock" */
#define run_until_lock(task, class)	   script_lock(task, class, 1, __FILE__, __LINE__)
#define run_until_nth_lock(task, class, n) script_lock(task, class, n, __FILE__, __LINE__)
/* until it is about to do its n-th such step from here */
#define run_until(task, what, n) script_nth(task, what, n, __FILE__, __LINE__)
/* until it is about to do a step of SCHED_MARKED in that function */
#define run_until_in(task, func) script_in(task, func, __FILE__, __LINE__)
/* one step of SCHED_MARKED further */
#define run_step(task) script_step(task, __FILE__, __LINE__)
/* until it ends, is idle, or blocks, whichever is first */
#define run_as_far_as_possible(task) script_far(task, __FILE__, __LINE__)
/* all tasks, in the default order, until none is runnable */
#define run_all() script_all(__FILE__, __LINE__)

/* what the macros above call; each returns as sched_run_task() or sched_run() */
enum sched_why script_to_end(struct sched_task *t, const char *file, int line);
enum sched_why script_blocked(struct sched_task *t, const char *file, int line);
enum sched_why script_lock(struct sched_task *t, const char *lock_class, int n,
			   const char *file, int line);
enum sched_why script_nth(struct sched_task *t, enum sched_what what, int n,
			  const char *file, int line);
enum sched_why script_in(struct sched_task *t, const char *func, const char *file,
			 int line);
enum sched_why script_step(struct sched_task *t, const char *file, int line);
enum sched_why script_far(struct sched_task *t, const char *file, int line);
enum sched_why script_all(const char *file, int line);

/**
 * script_set_lock_class() - how the name of a lock's class is found: installed by the
 * layer that models locks
 * @class_of: of the object of a %SCHED_LOCK point; never NULL
 */
void script_set_lock_class(const char *(*class_of)(const void *lock));

/**
 * script_set_fail() - what is called when a task did not get to where it should
 * @fail: must not return; @message is one line, @file and @line are those of the script.
 *	NULL: print them and exit with status 3. The tests let the cmocka test fail
 */
void script_set_fail(void (*fail)(const char *message, const char *file, int line));

#endif /* SCHED_SCRIPT_H */
