// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stacks of reports: whose there are, what they say, and that nobody pays for them
 * who did not ask.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/stacks.h"
#include "in_task.h"

static const struct sched_site here = { .file = "there.c", .func = "there", .line = 1 };
static const char *const machinery[] = { "sim/", "kernel_shim/", NULL };

static __attribute__((noinline)) void innermost(void)
{
	sched_block(&here, "a bell", &here);
	__asm__ volatile(""); /* no tail call: the caller is on the stack */
}

static __attribute__((noinline)) void outer(void *arg)
{
	(void)arg;
	innermost();
	__asm__ volatile("");
}

static void rests(void *arg)
{
	(void)arg;
	sched_current()->idle = true;
	sched_block(&here, "its next job", &here);
}

static __attribute__((noinline)) void reports(void *arg)
{
	(void)arg;
	report(REPORT_HEAP, &here, "leak");
	__asm__ volatile("");
}

static int set_up(void **state)
{
	stacks_enable(true);
	return fresh_kernel(state);
}

static int tear_down(void **state)
{
	(void)state;
	stacks_enable(false);
	return 0;
}

/* what is printed, without the numbers of lines; to be freed */
static char *printed(size_t nr)
{
	char *text, *to;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	stacks_print(out, nr, "", machinery);
	fclose(out);
	to = text;
	for (const char *from = text; *from; from++)
		if (*from < '0' || *from > '9')
			*to++ = *from;
	*to = '\0';
	return text;
}

static void assert_printed(size_t nr, const char *expected)
{
	char *text = printed(nr);

	assert_string_equal(text, expected);
	free(text);
}

#define BLOCKED                                     \
	"blocked waits for a bell\n"                \
	"  innermost (tests/unit/stacks_test.c:)\n" \
	"  outer (tests/unit/stacks_test.c:)\n"

static void who_is_blocked_has_a_stack(void **state)
{
	(void)state;
	shim_task_new("blocked", 0, NULL, 0, outer, NULL);
	shim_task_new("resting", 0, NULL, 0, rests, NULL);
	shim_task_new("ended", 0, NULL, 0, reports, NULL);
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	report(REPORT_PROGRESS, NULL, "stuck");
	assert_printed(1, BLOCKED);
	/* as often as one likes */
	assert_printed(1, BLOCKED);
	/* a failure that is found now has the same ones */
	report(REPORT_ACCOUNTING, NULL, "an answer is missing");
	assert_true(stacks_shared(2));
	assert_printed(2, BLOCKED);
	assert_int_equal(report_get(2)->stuck, 1);
}

static void who_reports_has_a_stack(void **state)
{
	(void)state;
	shim_task_new("blocked", 0, NULL, 0, outer, NULL);
	shim_task_new("reporter", 0, NULL, 0, reports, NULL);
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	assert_printed(0, "reporter reports this\n"
			  "  reports (tests/unit/stacks_test.c:)\n");
	assert_int_equal(report_get(0)->stuck, 0);
}

static void who_has_not_begun_says_so(void **state)
{
	(void)state;
	shim_task_new("new", 0, NULL, 0, outer, NULL);
	report(REPORT_PROGRESS, NULL, "no end");
	assert_printed(0, "new could run\n"
			  "  (it has not begun)\n");
}

static void nobody_who_did_not_ask_gets_any(void **state)
{
	(void)state;
	stacks_enable(false);
	shim_task_new("blocked", 0, NULL, 0, outer, NULL);
	sched_run(NULL);
	report(REPORT_PROGRESS, NULL, "stuck");
	assert_printed(0, "");
	/* nor are those of another execution left */
	stacks_enable(true);
	report(REPORT_PROGRESS, NULL, "stuck");
	assert_printed(1, BLOCKED);
	shim_reset(1);
	assert_printed(1, "");
}

static void only_so_much_is_kept(void **state)
{
	(void)state;
	shim_task_new("blocked", 0, NULL, 0, outer, NULL);
	sched_run(NULL);
	for (unsigned int i = 0; i < 2 * REPORT_MAX; i++)
		report(REPORT_PROGRESS, NULL, "stuck %u", i);
	assert_printed(REPORT_MAX - 1, BLOCKED);
	assert_printed(REPORT_MAX, "");
}

static __attribute__((noinline)) void another(void *arg)
{
	innermost();
	__asm__ volatile("" : : "r"(arg));
}

/* one after the other in the pool, however long they are */
static void each_blocked_task_has_its_own_stack(void **state)
{
	(void)state;
	shim_task_new("blocked", 0, NULL, 0, outer, NULL);
	shim_task_new("other", 0, NULL, 0, another, NULL);
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	report(REPORT_PROGRESS, NULL, "stuck");
	assert_printed(0, BLOCKED "other waits for a bell\n"
				  "  innermost (tests/unit/stacks_test.c:)\n"
				  "  another (tests/unit/stacks_test.c:)\n");
}

static __attribute__((noinline)) void reports_from_far_down(void *arg)
{
	char deep[24 << 10];

	(void)arg;
	/* all of it may be read and written there */
	__asm__ volatile("" : : "r"(deep) : "memory");
	for (unsigned int i = 0; i < REPORT_MAX; i++)
		report(REPORT_HEAP, &here, "leak %u", i);
	__asm__ volatile("" : : "r"(deep) : "memory");
}

static void a_stack_for_which_there_is_no_room_says_so(void **state)
{
	(void)state;
	shim_task_new("reporter", 0, NULL, 0, reports_from_far_down, NULL);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_printed(0, "reporter reports this\n"
			  "  reports_from_far_down (tests/unit/stacks_test.c:)\n");
	assert_printed(REPORT_MAX - 1, "reporter reports this\n"
				       "  (its stack did not fit)\n");
}

/* as a driver that writes behind an array of its own: the caller's frame pointer */
static __attribute__((noinline)) void overwrites_its_frame(void)
{
	volatile uintptr_t *frame = __builtin_frame_address(0);

	frame[0] = 8;
	sched_block(&here, "a bell", &here);
	__asm__ volatile("");
}

/* its caller is found by the frame pointer alone: everything here is compiled so */
static __attribute__((noinline)) void calls_it(void *arg)
{
	overwrites_its_frame();
	__asm__ volatile("" : : "r"(arg));
}

static void a_damaged_stack_is_shown_as_far_as_it_goes(void **state)
{
	(void)state;
	shim_task_new("blocked", 0, NULL, 0, calls_it, NULL);
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	report(REPORT_PROGRESS, NULL, "stuck");
	assert_printed(0, "blocked waits for a bell\n"
			  "  overwrites_its_frame (tests/unit/stacks_test.c:)\n"
			  "  calls_it (tests/unit/stacks_test.c:)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_is_blocked_has_a_stack, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(who_reports_has_a_stack, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(who_has_not_begun_says_so, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(nobody_who_did_not_ask_gets_any, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(only_so_much_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(each_blocked_task_has_its_own_stack,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_stack_for_which_there_is_no_room_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_damaged_stack_is_shown_as_far_as_it_goes, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
