// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel says: captured lines, their formatting, WARN and BUG.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "in_task.h"
#include "sched/trace.h"
#include "shim/heap.h"
#include "shim/log.h"

#define HERE SCHED_SITE(NULL)

static int listening(void **state)
{
	fresh_kernel(state);
	shim_log_listen(1);
	return 0;
}

static int stop_listening(void **state)
{
	(void)state;
	shim_log_listen(0);
	trace_enable(false, 0);
	return 0;
}

static const char *strange = "%y";

static void nothing_is_kept_unless_somebody_listens(void **state)
{
	(void)state;
	shim_log_listen(0);
	shim_printk(4, HERE, "unheard\n");
	/* not even formatted: the strange conversion is not met */
	shim_printk(4, HERE, strange, 1);
	assert_no_reports();
	assert_int_equal(shim_log_count(), 0);
	assert_null(shim_log_line(0));
}

static void a_line_is_kept_without_its_newline(void **state)
{
	(void)state;
	shim_printk(4, HERE, "qid=%d state %d\n", 3, -1);
	assert_int_equal(shim_log_count(), 1);
	assert_string_equal(shim_log_line(0), "qid=3 state -1");
	assert_true(shim_log_contains("state -1"));
	assert_false(shim_log_contains("state 1"));
}

static void any_line_that_is_kept_is_looked_at(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		shim_printk(4, HERE, "line %d", i);
	for (int i = 0; i < 5; i++)
		assert_true(shim_log_contains((char[]){ (char)('0' + i), '\0' }));
	assert_false(shim_log_contains("line 5"));
}

static void a_message_of_several_lines_becomes_one(void **state)
{
	(void)state;
	shim_printk(4, HERE, "one\ntwo\n\n");
	assert_string_equal(shim_log_line(0), "one two");
}

/* the C library's formatter is the reference for everything but %p */
#define agrees(...)                                                \
	do {                                                       \
		char expected[200];                                \
		shim_log_reset();                                  \
		snprintf(expected, sizeof(expected), __VA_ARGS__); \
		shim_printk(6, HERE, __VA_ARGS__);                 \
		assert_string_equal(shim_log_line(0), expected);   \
	} while (0)

static void integers_are_formatted_as_by_the_c_library(void **state)
{
	(void)state;
	agrees("%d %i %u", INT_MIN, INT_MAX, UINT_MAX);
	agrees("%ld %lu %lld %llu", LONG_MIN, ULONG_MAX, LLONG_MIN, ULLONG_MAX);
	agrees("%zu %zd %jd %td", (size_t)-1, (ssize_t)-1, (intmax_t)-5, (ptrdiff_t)-6);
	agrees("%hd %hu %hhd %hhu", (short)-3, (unsigned short)65535, (signed char)-4,
	       (unsigned char)255);
	agrees("%x %X %#x %#X %#x %o %#o %#lx %llx", 255u, 255u, 255u, 255u, 0u, 8u, 8u,
	       0xdeadbeeful, 0x123456789abcdefull);
}

/*
 * What compilers warn of: '0' loses against '-' and against a precision, signs are
 * for signed numbers, and arguments too big for their conversion are cut.
 */
static const char *contradictory = "[%-05d] [%08.3d] [%+u] [% x] [%hd] [%hhu]";

static void flags_width_and_precision_are_obeyed(void **state)
{
	(void)state;
	agrees("[%5d] [%-5d] [%05d] [%+d] [% d]", 42, 42, 42, 42, 42);
	agrees("[%05d] [%.3d] [%8.3d]", -42, 7, 7);
	agrees(contradictory, 42, 7, 1u, 2u, 70000, 300u);
	agrees("[%#08x] [%#8x] [%-#8x] [%.0d] [%*d] [%-*d]", 255u, 255u, 255u, 0, 6, 1, 6,
	       2);
	agrees("[%*d] [%.*s] [%10s] [%-10s] [%.2s]", -6, 3, 2, "abc", "abc", "abc",
	       "abc");
	agrees("[%c] [%3c] [%-3c] 100%%", 'a', 'b', 'c');
	agrees("[%*x] [%-*.*lu] [%+5ld] [% 05d] [%#-8o] [%.*d]", 6, 10u, 7, 3, 9ul, 4l, 5,
	       8u, -1, 3);
}

static void a_missing_string_is_shown_as_such(void **state)
{
	const char *volatile none = NULL; /* or the compiler warns */

	(void)state;
	shim_printk(6, HERE, "%s", none);
	assert_string_equal(shim_log_line(0), "(null)");
}

static void a_pointer_is_shown_by_name_never_by_address(void **state)
{
	void *p = shim_kmalloc(8, 0, SCHED_SITE("ring"));
	char name[96], expected[256];

	(void)state;
	trace_name(p, name, sizeof(name));
	assert_true(name[0]);
	snprintf(expected, sizeof(expected), "ring=%s x=%s.", name, name);
	shim_printk(6, HERE, "ring=%p x=%px.", p, p);
	assert_string_equal(shim_log_line(0), expected);
	shim_printk(6, HERE, "%p %p", NULL, (void *)&stop_listening);
	assert_string_equal(shim_log_line(1), "(null) (ptr)");
	shim_kfree(p, HERE);
}

static void an_empty_message_is_an_empty_line(void **state)
{
	const char *volatile nothing = "";

	(void)state;
	shim_printk(6, HERE, "%s and more", "before");
	shim_printk(6, HERE, nothing, 1); /* or the compiler warns */
	assert_string_equal(shim_log_line(1), "");
}

static void a_width_and_the_left_are_for_names_as_well(void **state)
{
	(void)state;
	shim_printk(6, HERE, "[%12p] [%-12p] [%-6pe]", NULL, NULL, (void *)-12L);
	assert_string_equal(shim_log_line(0), "[      (null)] [(null)      ] [-12   ]");
}

static void an_error_pointer_is_shown_as_a_number(void **state)
{
	(void)state;
	shim_printk(6, HERE, "%pe|%d", (void *)-12L, 5);
	assert_string_equal(shim_log_line(0), "-12|5");
}

static void a_long_line_is_cut_off(void **state)
{
	(void)state;
	shim_printk(6, HERE, "%300d", 1);
	shim_printk(6, HERE, "%150s%150s", "", "");
	assert_int_equal(strlen(shim_log_line(0)), 199);
	assert_int_equal(strlen(shim_log_line(1)), 199);
}

/* beyond a line a width means nothing; to the left, an argument may say so */
static void a_width_that_is_too_large_is_a_lines(void **state)
{
	(void)state;
	shim_printk(6, HERE, "%*d|", -300, 1);
	shim_printk(6, HERE, "%*d|", 300, 1);
	shim_printk(6, HERE, "%-*d|%.*s", 8, 1, -1, "ab");
	assert_int_equal(strlen(shim_log_line(0)), 199);
	assert_int_equal(shim_log_line(0)[0], '1');
	assert_int_equal(shim_log_line(0)[198], ' ');
	assert_int_equal(strlen(shim_log_line(1)), 199);
	assert_int_equal(shim_log_line(1)[0], ' ');
	assert_string_equal(shim_log_line(2), "1       |ab");
}

static void the_last_lines_are_kept(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++)
		shim_printk(6, HERE, "line %d", i);
	assert_int_equal(shim_log_count(), 256);
	assert_string_equal(shim_log_line(0), "line 44");
	assert_string_equal(shim_log_line(255), "line 299");
	assert_null(shim_log_line(256));
}

static void a_traced_line_is_in_the_trace_with_its_level(void **state)
{
	const struct trace_record *r;

	(void)state;
	shim_log_listen(0);
	trace_enable(true, SCHED_BIT(SCHED_LOG));
	shim_printk(3, HERE, "error %d\n", 7);
	assert_int_equal(shim_log_count(), 0);
	assert_int_equal(trace_count(), 1);
	r = trace_get(0);
	assert_int_equal(r->what, SCHED_LOG);
	assert_int_equal(r->value, 3);
	assert_string_equal((const char *)r->object, "error 7");
}

static int went_on;

static void warns(void *arg)
{
	(void)arg;
	shim_warn(HERE, "Missing queue for qid %d\n", 2);
	went_on = 1;
}

static void hits_a_bug(void *arg)
{
	(void)arg;
	shim_bug(HERE);
}

static void leaves_the_model(void *arg)
{
	(void)arg;
	shim_unmodelled("vmsplice", HERE);
}

static void uses_a_strange_conversion(void *arg)
{
	(void)arg;
	shim_printk(6, HERE, strange, 1);
}

static void a_warning_is_reported_and_returns(void **state)
{
	(void)state;
	assert_int_equal(run_in_task(NULL, 0, warns, NULL), SCHED_ENDED);
	assert_true(went_on);
	assert_reports(REPORT_KERNEL, 1);
	assert_summary(0, "WARN: Missing queue for qid 2");
}

static void a_bug_ends_the_execution(void **state)
{
	(void)state;
	assert_int_equal(run_in_task(NULL, 0, hits_a_bug, NULL), SCHED_STOPPED);
	assert_reports(REPORT_KERNEL, 1);
}

static void what_is_not_modelled_is_named_and_ends_the_execution(void **state)
{
	(void)state;
	assert_int_equal(run_in_task(NULL, 0, leaves_the_model, NULL), SCHED_STOPPED);
	assert_reports(REPORT_UNMODELLED, 1);
	assert_summary(0, "vmsplice() is not modelled (called from leaves_the_model)");
}

static void an_unknown_conversion_is_not_guessed(void **state)
{
	(void)state;
	assert_int_equal(run_in_task(NULL, 0, uses_a_strange_conversion, NULL),
			 SCHED_STOPPED);
	assert_reports(REPORT_UNMODELLED, 1);
}

static void outside_of_any_task_the_program_ends_with_3(void **state)
{
	char path[] = "/tmp/log-test-XXXXXX", words[256] = "";
	int status, file = mkstemp(path);
	pid_t child;

	(void)state;
	assert_true(file >= 0);
	fflush(NULL);
	child = fork();
	if (!child) {
		dup2(file, STDERR_FILENO);
		report(REPORT_KERNEL, HERE, "an earlier one");
		shim_unmodelled("vmsplice", HERE);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_true(pread(file, words, sizeof(words) - 1, 0) > 0);
	close(file);
	unlink(path);
	assert_memory_equal(words, "uringsim: vmsplice() is not modelled (called from ",
			    50);
	assert_non_null(strstr(words, ", at tests/unit/log_test.c:"));
	assert_non_null(strstr(words, ", outside of any task\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, listening, stop_listening)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_kept_unless_somebody_listens),
		TEST(a_line_is_kept_without_its_newline),
		TEST(any_line_that_is_kept_is_looked_at),
		TEST(a_message_of_several_lines_becomes_one),
		TEST(integers_are_formatted_as_by_the_c_library),
		TEST(flags_width_and_precision_are_obeyed),
		TEST(a_missing_string_is_shown_as_such),
		TEST(a_pointer_is_shown_by_name_never_by_address),
		TEST(an_empty_message_is_an_empty_line),
		TEST(a_width_and_the_left_are_for_names_as_well),
		TEST(an_error_pointer_is_shown_as_a_number),
		TEST(a_long_line_is_cut_off),
		TEST(a_width_that_is_too_large_is_a_lines),
		TEST(the_last_lines_are_kept),
		TEST(a_traced_line_is_in_the_trace_with_its_level),
		TEST(a_warning_is_reported_and_returns),
		TEST(a_bug_ends_the_execution),
		TEST(what_is_not_modelled_is_named_and_ends_the_execution),
		TEST(an_unknown_conversion_is_not_guessed),
		TEST(outside_of_any_task_the_program_ends_with_3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
