/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the unit tests of scheduler and shim share: a freshly booted kernel for
 * each test, and a broken script that fails the test instead of the program.
 */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/report.h"
#include "sched/script.h"
#include "sched/trace.h"
#include "shim/shim.h"
#include "shim/task.h"

static inline void unit_script_failed(const char *message, const char *file, int line)
{
	print_error("%s\n", message);
	_fail(file, line);
}

static inline int fresh_kernel(void **state)
{
	(void)state;
	shim_reset(2);
	script_set_fail(unit_script_failed);
	trace_enable(true, SCHED_MARKED);
	return 0;
}

static inline struct sched_task *spawn(const char *name, void (*fn)(void *), void *arg)
{
	return shim_task_new(name, 0, NULL, 0, fn, arg)->fiber;
}

/* the last report's summary, or "" */
static inline const char *last_report(void)
{
	return report_count() ? report_get(report_count() - 1)->summary : "";
}

#define assert_reported(kind, text)                                                  \
	do {                                                                         \
		assert_int_equal(report_count_kind(kind), 1);                        \
		if (!strstr(last_report(), text))                                    \
			fail_msg("report \"%s\" lacks \"%s\"", last_report(), text); \
	} while (0)

#define fresh_test(f) cmocka_unit_test_setup(f, fresh_kernel)

#endif /* TESTS_UNIT_H */
