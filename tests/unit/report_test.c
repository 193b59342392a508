// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the detectors say, and how a fatal failure ends an execution.
 */
#include <stdio.h>
#include <string.h>

#include "in_task.h"
#include "sched/trace.h"

static const struct sched_site here = { .file = "fs/fuse/dev_uring.c",
					.func = "fuse_uring_cmd",
					.line = 42 };

static int went_on;

static void reports_and_goes_on(void *arg)
{
	(void)arg;
	sched_point(SCHED_ALLOC, NULL, &here);
	report(REPORT_HEAP, &here, "%s of %d bytes", "leak", 8);
	went_on = 1;
}

static void fails_for_good(void *arg)
{
	(void)arg;
	report_fatal(REPORT_KERNEL, &here, "BUG");
	went_on = 1;
}

static int set_up(void **state)
{
	went_on = 0;
	return fresh_kernel(state);
}

static void a_report_has_kind_words_place_and_task(void **state)
{
	(void)state;
	assert_int_equal(run_in_task(NULL, 0, reports_and_goes_on, NULL), SCHED_ENDED);
	assert_true(went_on);
	assert_int_equal(report_count(), 1);
	assert_int_equal(report_get(0)->kind, REPORT_HEAP);
	assert_summary(0, "leak of 8 bytes");
	assert_string_equal(report_get(0)->where,
			    "fs/fuse/dev_uring.c:42 (fuse_uring_cmd)");
	assert_string_equal(report_get(0)->task, "task");
}

static struct sched_task *next_one(void *ctx, struct sched_task *const *runnable,
				   unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)n;
	(void)last;
	return runnable[0];
}

static void a_report_knows_its_step(void **state)
{
	const struct sched_strategy watching = { .pick = next_one, .mask = SCHED_MARKED };

	(void)state;
	shim_task_new("task", 0, NULL, 0, reports_and_goes_on, NULL);
	sched_run(&watching);
	assert_int_equal(report_get(0)->step, 1);
}

static void the_main_context_is_no_task_and_may_have_no_place(void **state)
{
	(void)state;
	report(REPORT_PROGRESS, NULL, "nobody can go on");
	assert_string_equal(report_get(0)->task, "-");
	assert_string_equal(report_get(0)->where, "");
}

static void a_fatal_failure_ends_the_execution(void **state)
{
	(void)state;
	assert_int_equal(run_in_task(NULL, 0, fails_for_good, NULL), SCHED_STOPPED);
	assert_true(sched_stopped());
	assert_false(went_on);
	assert_reports(REPORT_KERNEL, 1);
}

static void a_fatal_failure_of_the_main_context_returns(void **state)
{
	(void)state;
	report_fatal(REPORT_LOCK, &here, "deadlock");
	assert_true(sched_stopped());
	assert_reports(REPORT_LOCK, 1);
}

static void what_does_not_fit_is_counted(void **state)
{
	(void)state;
	for (int i = 0; i < REPORT_MAX + 3; i++)
		assert_true(report(REPORT_RACE, NULL, "race %d", i));
	assert_int_equal(report_count(), REPORT_MAX);
	assert_int_equal(report_dropped(), 3);
	assert_summary(REPORT_MAX - 1, "race 63");
	assert_null(report_get(REPORT_MAX));
	assert_int_equal(report_count_kind(REPORT_RACE), REPORT_MAX + 3);
}

static void a_summary_is_one_line_and_is_cut_off(void **state)
{
	char text[400];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	report(REPORT_USER, NULL, "%s", text);
	report(REPORT_USER, NULL, "first\nsecond\n");
	assert_int_equal(strlen(report_get(0)->summary),
			 sizeof(report_get(0)->summary) - 1);
	assert_summary(1, "first");
}

static void kinds_are_counted_apart_and_named(void **state)
{
	(void)state;
	report(REPORT_HEAP, NULL, "a");
	report(REPORT_HEAP, NULL, "b");
	report(REPORT_ACCOUNTING, NULL, "c");
	assert_reports(REPORT_HEAP, 2);
	assert_reports(REPORT_ACCOUNTING, 1);
	assert_reports(REPORT_RACE, 0);
	assert_string_equal(report_kind_name(REPORT_HEAP), "heap");
	assert_string_equal(report_kind_name(REPORT_RACE), "race");
	assert_string_equal(report_kind_name(REPORT_LOCK), "lock");
	assert_string_equal(report_kind_name(REPORT_USER), "user");
	assert_string_equal(report_kind_name(REPORT_PROGRESS), "progress");
	assert_string_equal(report_kind_name(REPORT_KERNEL), "kernel");
	assert_string_equal(report_kind_name(REPORT_ACCOUNTING), "accounting");
	assert_string_equal(report_kind_name(REPORT_UNMODELLED), "unmodelled");
}

static void reset_forgets_everything(void **state)
{
	(void)state;
	for (int i = 0; i < REPORT_MAX + 1; i++)
		report(REPORT_HEAP, NULL, "a");
	report_reset();
	assert_int_equal(report_count(), 0);
	assert_int_equal(report_dropped(), 0);
	assert_reports(REPORT_HEAP, 0);
}

static void ends(void *arg)
{
	(void)arg;
}

static void waits_for_good(void *arg)
{
	(void)arg;
	sched_block(&here, "a bell", &here);
}

/* whichever task it is, and however many there are before it */
static void a_report_knows_since_when_a_task_is_stuck(void **state)
{
	(void)state;
	shim_task_new("ends", 0, NULL, 0, ends, NULL);
	shim_task_new("ends", 0, NULL, 0, ends, NULL);
	report(REPORT_PROGRESS, NULL, "early");
	shim_task_new("stuck", 0, NULL, 0, waits_for_good, NULL);
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	shim_task_new("stuck too", 0, NULL, 0, waits_for_good, NULL);
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	report(REPORT_PROGRESS, NULL, "late");
	assert_int_equal(report_get(0)->stuck, 0);
	assert_int_equal(report_get(1)->stuck, 1);
}

/* a step that is in the trace is the last line of it, so far */
static void a_report_knows_its_line_in_the_trace(void **state)
{
	const struct trace_record *at;

	(void)state;
	trace_enable(true, SCHED_MARKED);
	run_in_task(NULL, 0, reports_and_goes_on, NULL);
	at = trace_get(report_get(0)->step);
	assert_non_null(at);
	assert_int_equal(at->what, SCHED_ALLOC);
	assert_ptr_equal(at->site, &here);
	trace_enable(false, 0);
}

static void failures_that_differ_in_numbers_are_one_group(void **state)
{
	(void)state;
	report(REPORT_ACCOUNTING, NULL, "queue 1: 12 requests wait");
	report(REPORT_ACCOUNTING, NULL, "queue 0: 3 requests wait");
	assert_string_equal(report_get(0)->group, "queue #: # requests wait");
	assert_string_equal(report_get(1)->group, report_get(0)->group);
	assert_string_equal(report_get(0)->rule, "accounting");
	assert_string_equal(report_get(0)->object, "");
}

static void what_a_report_is_about_is_said_once(void **state)
{
	(void)state;
	report_about("work-conservation", "fuse_ring_queue", NULL);
	report(REPORT_PROGRESS, NULL, "queue 0: a READ waits");
	report(REPORT_PROGRESS, NULL, "another one");
	report_about("race", "fuse_chan.connected", "race on connected");
	report(REPORT_RACE, NULL, "a race");
	assert_string_equal(report_get(0)->rule, "work-conservation");
	assert_string_equal(report_get(0)->object, "fuse_ring_queue");
	assert_string_equal(report_get(0)->group,
			    "progress: work-conservation of fuse_ring_queue");
	assert_string_equal(report_get(1)->rule, "progress");
	assert_string_equal(report_get(1)->group, "another one");
	assert_string_equal(report_get(2)->group, "race on connected");
}

/* ---- room ---- */

static void a_detail_may_fill_what_room_there_is(void **state)
{
	static char text[REPORT_DETAIL];

	(void)state;
	memset(text, 'x', sizeof(text));
	/* a line ends with a newline, and the text with a zero */
	text[REPORT_DETAIL - 2] = '\0';
	report(REPORT_HEAP, NULL, "fits");
	report_detail("%s", text);
	assert_int_equal(strlen(report_get(0)->detail), REPORT_DETAIL - 1);
	assert_int_equal(report_get(0)->detail[REPORT_DETAIL - 2], '\n');
	report_detail("%s", "");
	assert_int_equal(strlen(report_get(0)->detail), REPORT_DETAIL - 1);
	text[REPORT_DETAIL - 2] = 'x';
	text[REPORT_DETAIL - 1] = '\0';
	report(REPORT_HEAP, NULL, "does not fit");
	report_detail("%s", text);
	assert_string_equal(report_get(1)->detail, "");
	/* in two parts: the second one fills the rest */
	text[999] = '\0';
	report(REPORT_HEAP, NULL, "two");
	report_detail("%s", text);
	text[REPORT_DETAIL - 1000 - 1] = '\0';
	report_detail("%s", text);
	assert_int_equal(strlen(report_get(2)->detail), 1000);
	text[REPORT_DETAIL - 1000 - 2] = '\0';
	report_detail("%s", text);
	assert_int_equal(strlen(report_get(2)->detail), REPORT_DETAIL - 1);
}

static void a_detail_without_a_report_goes_nowhere(void **state)
{
	(void)state;
	report_detail("before");
	report(REPORT_HEAP, NULL, "one");
	report_reset();
	report_detail("after");
	report(REPORT_HEAP, NULL, "two");
	assert_string_equal(report_get(0)->detail, "");
	for (int i = 0; i < REPORT_MAX; i++)
		report(REPORT_HEAP, NULL, "more");
	report_detail("of one that was dropped");
	for (int i = 0; i < REPORT_MAX; i++)
		assert_string_equal(report_get((size_t)i)->detail, "");
	assert_null(report_get(REPORT_MAX));
}

static void a_group_is_cut_off_where_there_is_no_more_room(void **state)
{
	char text[sizeof(report_get(0)->group) + 100];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	/* as long as a summary can be there is room */
	report(REPORT_USER, NULL, "%s", text);
	assert_int_equal(strlen(report_get(0)->summary),
			 sizeof(report_get(0)->summary) - 1);
	assert_string_equal(report_get(0)->group, report_get(0)->summary);
	report_about(text, text, text);
	report(REPORT_USER, NULL, "another");
	assert_int_equal(strlen(report_get(1)->rule), sizeof(report_get(1)->rule) - 1);
	assert_int_equal(strlen(report_get(1)->object),
			 sizeof(report_get(1)->object) - 1);
	assert_int_equal(strlen(report_get(1)->group), sizeof(report_get(1)->group) - 1);
	/* and for the longest rule and object */
	report_about(text, text, NULL);
	report(REPORT_USER, NULL, "a third");
	assert_int_equal(strlen(report_get(2)->group),
			 strlen("user:  of ") + strlen(report_get(2)->rule) +
				 strlen(report_get(2)->object));
}

/* ---- groups ---- */

static void every_number_of_a_summary_counts_as_one_sign(void **state)
{
	static const char *const texts[][2] = {
		{ "7 wait", "# wait" }, { "0123456789", "#" }, { "a9b0", "a#b#" },
		{ "12:34", "#:#" },	{ "/:;", "/:;" }, /* the neighbours of the digits
							   */
		{ "none", "none" },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		report(REPORT_KERNEL, NULL, "%s", texts[i][0]);
		assert_string_equal(report_get(i)->group, texts[i][1]);
		assert_string_equal(report_get(i)->rule, "kernel");
	}
}

/* however short they are */
static void what_a_report_is_about_may_be_a_letter(void **state)
{
	(void)state;
	report_about("r", "o", NULL);
	report(REPORT_LOCK, NULL, "one");
	report_about("r", NULL, NULL);
	report(REPORT_LOCK, NULL, "two");
	report_about("r", "o", "g");
	report(REPORT_LOCK, NULL, "three");
	report_about(NULL, "o", NULL);
	report(REPORT_LOCK, NULL, "four");
	assert_string_equal(report_get(0)->rule, "r");
	assert_string_equal(report_get(0)->object, "o");
	assert_string_equal(report_get(0)->group, "lock: r of o");
	assert_string_equal(report_get(1)->group, "lock: r");
	assert_string_equal(report_get(1)->object, "");
	assert_string_equal(report_get(2)->group, "g");
	assert_string_equal(report_get(3)->rule, "lock");
	assert_string_equal(report_get(3)->object, "o");
	assert_string_equal(report_get(3)->group, "four");
}

static void a_place_in_words_has_line_and_function(void **state)
{
	(void)state;
	assert_true(report_pair(REPORT_RACE, &here, NULL, "a%cb", '\n'));
	assert_summary(0, "a");
	assert_string_equal(report_get(0)->where,
			    "fs/fuse/dev_uring.c:42 (fuse_uring_cmd)");
	assert_true(report_pair(REPORT_RACE, NULL, &here, "c"));
	assert_string_equal(report_get(1)->where, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(failures_that_differ_in_numbers_are_one_group,
				       set_up),
		cmocka_unit_test_setup(what_a_report_is_about_is_said_once, set_up),
		cmocka_unit_test_setup(a_report_has_kind_words_place_and_task, set_up),
		cmocka_unit_test_setup(a_report_knows_its_step, set_up),
		cmocka_unit_test_setup(the_main_context_is_no_task_and_may_have_no_place,
				       set_up),
		cmocka_unit_test_setup(a_fatal_failure_ends_the_execution, set_up),
		cmocka_unit_test_setup(a_fatal_failure_of_the_main_context_returns,
				       set_up),
		cmocka_unit_test_setup(what_does_not_fit_is_counted, set_up),
		cmocka_unit_test_setup(a_summary_is_one_line_and_is_cut_off, set_up),
		cmocka_unit_test_setup(kinds_are_counted_apart_and_named, set_up),
		cmocka_unit_test_setup(reset_forgets_everything, set_up),
		cmocka_unit_test_setup(a_report_knows_since_when_a_task_is_stuck, set_up),
		cmocka_unit_test_setup(a_report_knows_its_line_in_the_trace, set_up),
		cmocka_unit_test_setup(a_detail_may_fill_what_room_there_is, set_up),
		cmocka_unit_test_setup(a_detail_without_a_report_goes_nowhere, set_up),
		cmocka_unit_test_setup(a_group_is_cut_off_where_there_is_no_more_room,
				       set_up),
		cmocka_unit_test_setup(every_number_of_a_summary_counts_as_one_sign,
				       set_up),
		cmocka_unit_test_setup(what_a_report_is_about_may_be_a_letter, set_up),
		cmocka_unit_test_setup(a_place_in_words_has_line_and_function, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
