/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For unit tests of the runtime: run a function in a task of the fake kernel.
 * The task only notes what it saw; assertions are made by the test, because
 * cmocka leaves a failed test by longjmp(), which must not cross fibers.
 */
#ifndef UNIT_IN_TASK_H
#define UNIT_IN_TASK_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "detect/report.h"
#include "sched/sched.h"
#include "shim/shim.h"
#include "shim/task.h"

static inline int fresh_kernel(void **state)
{
	(void)state;
	shim_reset(1);
	return 0;
}

/* everything that can run, runs until nobody can */
static inline enum sched_why run_in_task(struct shim_mm *mm, unsigned int flags,
					 void (*fn)(void *), void *arg)
{
	shim_task_new("task", 0, mm, flags, fn, arg);
	return sched_run(NULL);
}

#define assert_reports(kind, n) assert_int_equal(report_count_kind(kind), n)
#define assert_no_reports()	assert_int_equal(report_count(), 0)
#define assert_summary(i, text) assert_string_equal(report_get(i)->summary, text)

#endif /* UNIT_IN_TASK_H */
