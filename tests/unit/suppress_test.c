// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suppressions: what a file may say, what it keeps back, and what it must not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detect/suppress.h"
#include "in_task.h"
#include "sched/hash.h"

static const struct sched_site here = { .file = "fs/fuse/dev_uring.c",
					.func = "fuse_uring_cmd",
					.line = 42 };
static const struct sched_site there = { .file = "fs/fuse/dev.c",
					 .func = "fuse_dev_do_read",
					 .line = 7 };
static char path[64], err[256];

static int fresh(void **state)
{
	suppress_clear();
	return fresh_kernel(state);
}

static bool read_text(const char *text)
{
	int fd;
	bool ok;

	snprintf(path, sizeof(path), "/tmp/suppress-test-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	ok = suppress_read(path, err, sizeof(err));
	unlink(path);
	return ok;
}

static void refused(const char *text, const char *line, const char *why)
{
	char place[80];

	suppress_clear();
	assert_false(read_text(text));
	snprintf(place, sizeof(place), "%s:%s: ", path, line);
	if (strncmp(err, place, strlen(place)) != 0 || !strstr(err, why))
		fail_msg("\"%s\" is neither about %s nor says \"%s\"", err, line, why);
}

#define RACE "kind race\nfunction fuse_uring_cmd\nreason a counter for people\n"

static void an_entry_keeps_reports_of_its_function_back(void **state)
{
	(void)state;
	assert_true(read_text("# known\n\n" RACE));
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	assert_true(report(REPORT_RACE, &there, "two accesses"));
	assert_true(report(REPORT_HEAP, &here, "two accesses"));
	assert_int_equal(report_count(), 2);
	assert_int_equal(report_count_kind(REPORT_RACE), 1);
	assert_int_equal(suppress_counts()[0], 1);
	assert_string_equal(suppress_get(0)->reason, "a counter for people");
	assert_int_equal(suppress_get(0)->line, 3);
}

static void the_second_place_counts_as_well(void **state)
{
	(void)state;
	assert_true(read_text(RACE));
	assert_false(report_pair(REPORT_RACE, &there, &here, "two accesses"));
	assert_true(report_pair(REPORT_RACE, &there, NULL, "two accesses"));
}

static void function_and_file_are_of_one_place(void **state)
{
	(void)state;
	assert_true(
		read_text("kind race\nfunction fuse_uring_*\nfile *dev.c\nreason r\n"));
	assert_true(report_pair(REPORT_RACE, &there, &here, "two accesses"));
}

static void a_summary_is_matched_as_a_whole(void **state)
{
	(void)state;
	assert_true(read_text("kind heap\nsummary leak of * bytes\nreason r\n"));
	assert_false(report(REPORT_HEAP, NULL, "leak of %d bytes", 8));
	assert_false(report(REPORT_HEAP, &here, "leak of %d bytes", 9));
	assert_true(report(REPORT_HEAP, &here, "a leak of 8 bytes"));
	assert_int_equal(suppress_counts()[0], 2);
}

#define FIELD                                                                           \
	"kind race\nobject chan.connected\nfunctions fuse_dev_do_read fuse_uring_cmd\n" \
	"access write, marked read\nreason r\n"

static bool reports(const char *object, const struct sched_site *a, const char *how_a,
		    const struct sched_site *b, const char *how_b)
{
	report_about("race", object, NULL);
	report_accesses(how_a, how_b);
	return report_pair(REPORT_RACE, a, b, "race on it");
}

static void a_pair_is_known_by_field_functions_and_accesses(void **state)
{
	(void)state;
	assert_true(read_text(FIELD));
	assert_false(reports("chan.connected", &there, "write", &here, "marked read"));
	assert_false(reports("chan.connected", &here, "marked read", &there, "write"));
	assert_true(reports("chan.my_flag", &there, "write", &here, "marked read"));
	assert_true(reports("chan.connected", &there, "write", &here, "read"));
	assert_true(reports("chan.connected", &there, "marked read", &here, "write"));
	assert_true(reports("chan.connected", &there, "write", &there, "marked read"));
	assert_true(report_pair(REPORT_RACE, &there, &here, "no object"));
	assert_int_equal(suppress_counts()[0], 2);
}

static void brackets_of_an_array_mean_themselves(void **state)
{
	(void)state;
	assert_true(read_text("kind heap\nrule leak\nobject a[].b[]\nreason r\n"));
	report_about("leak", "a[].b[]", NULL);
	assert_false(report(REPORT_HEAP, &here, "leak"));
	report_about("double-free", "a[].b[]", NULL);
	assert_true(report(REPORT_HEAP, &here, "twice"));
}

static void an_entry_may_count_in_one_scenario(void **state)
{
	static const char in[] = "this", other[] = "that";

	(void)state;
	assert_true(read_text("kind race\nfunction fuse_uring_cmd\nscenario th?s\n"
			      "finding 7\nreason r\n"));
	report_scenario(in);
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	suppress_remember(REPORT_RACE, &here, NULL);
	assert_true(suppress_again(REPORT_RACE, &here, NULL));
	report_scenario(other);
	assert_false(suppress_again(REPORT_RACE, &here, NULL));
	assert_true(report(REPORT_RACE, &here, "two accesses"));
	report_scenario(NULL);
	assert_true(report(REPORT_RACE, &here, "two accesses"));
	assert_int_equal(suppress_get(0)->finding, 7);
}

static void an_entry_may_count_in_any_file(void **state)
{
	static const char mine[] = "mine";

	(void)state;
	assert_true(read_text("kind race\nfunction fuse_uring_cmd\n"
			      "scenario *.scenario\nreason r\n"));
	report_scenario(mine);
	suppress_of_file(false);
	assert_true(report(REPORT_RACE, &here, "two accesses"));
	suppress_of_file(true);
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	suppress_remember(REPORT_RACE, &here, NULL);
	assert_true(suppress_again(REPORT_RACE, &here, NULL));
	/* while a world is opened, nothing of the file is played */
	report_scenario(NULL);
	assert_true(report(REPORT_RACE, &here, "two accesses"));
	report_scenario(mine);
	suppress_of_file(false);
	assert_false(suppress_again(REPORT_RACE, &here, NULL));
	assert_true(report(REPORT_RACE, &here, "two accesses"));
}

static void an_entry_about_another_text_does_not_count(void **state)
{
	(void)state;
	assert_true(
		read_text(FIELD "\n" RACE "code other_one\n\nhash fuse_uring_cmd 0a1\n"));
	assert_string_equal(suppress_hash(0)->function, "fuse_uring_cmd");
	assert_string_equal(suppress_hash(0)->sha, "0a1");
	assert_null(suppress_hash(1));
	assert_false(suppress_void(0, "fuse_uring"));
	assert_false(suppress_void(0, "other_one"));
	assert_true(suppress_void(1, "other_one"));
	assert_false(reports("chan.connected", &there, "write", &here, "marked read"));
	assert_true(suppress_void(0, "fuse_dev_do_read"));
	assert_true(reports("chan.connected", &there, "write", &here, "marked read"));
}

static void details_of_a_suppressed_report_go_nowhere(void **state)
{
	(void)state;
	assert_true(read_text(RACE));
	report(REPORT_RACE, &there, "kept");
	report_detail("its %s", "line");
	report(REPORT_RACE, &here, "not kept");
	report_detail("lost");
	assert_int_equal(report_count(), 1);
	assert_string_equal(report_get(0)->detail, "its line\n");
}

static void a_detail_too_long_is_left_out(void **state)
{
	char longest[REPORT_DETAIL];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	report(REPORT_HEAP, NULL, "leak");
	report_detail("first");
	report_detail("%s", longest);
	report_detail("last");
	assert_string_equal(report_get(0)->detail, "first\nlast\n");
}

static void what_was_kept_back_is_remembered_by_its_places(void **state)
{
	(void)state;
	assert_true(read_text("kind user\nsummary no\nreason r\n\n" RACE));
	assert_false(suppress_again(REPORT_RACE, &there, &here));
	assert_false(report_pair(REPORT_RACE, &there, &here, "two accesses"));
	suppress_remember(REPORT_RACE, &there, &here);
	assert_true(suppress_again(REPORT_RACE, &there, &here));
	assert_false(suppress_again(REPORT_RACE, &here, &there));
	assert_false(suppress_again(REPORT_USER, &there, &here));
	assert_int_equal(suppress_counts()[1], 2);
	suppress_clear();
	assert_false(suppress_again(REPORT_RACE, &there, &here));
}

static void a_file_that_is_not_right_is_refused(void **state)
{
	(void)state;
	refused("\nkind race\nfunction f\n", "2", "gives no reason");
	refused("kind race\nfunction f\nreason\n", "3", "reason what?");
	refused("kind rice\n", "1", "no kind of failure rice");
	refused("kind unmodelled\n", "1", "cannot be suppressed");
	refused("kind race\nreason r\n", "1", "all of its kind");
	refused("function f\n", "1", "begins with its kind");
	refused("kind race\nline 7\n", "2", "line is none of");
	refused("kind race\nfunctions f\nreason r\n", "2", "functions are two");
	refused("kind race\nfunctions f g h\nreason r\n", "2", "functions are two");
	refused("kind race\nfunctions f g\naccess read, rite\n", "3", "rite is none of");
	refused("kind race\nobject a.b\naccess read, write\nreason r\n", "1",
		"access is that of functions");
	refused("kind race\nfinding many\n", "2", "many is no finding's number");
	refused("kind race\nfunctions f g\nif unchanged\n", "3",
		"no condition unchanged");
	refused("kind race\nif value-unchanged\nif value-unchanged\n", "3",
		"a second if");
	refused("kind race\nobject a.b\nif value-unchanged\nreason r\n", "1",
		"of which functions are said");
	refused("kind race\nthen nothing\n", "2", "only nothing-counts");
	refused("kind race\nthen nothing-counts\nthen nothing-counts\n", "3",
		"a second then");
	refused("kind race\nhash f 0\n", "2", "an empty line");
	refused("kind race\nfile a\nfile b\n", "3", "a second file");
	refused("kind race\nfile a\nreason r\nkind heap\n", "4", "an empty line");
}

static void a_file_that_is_not_there_is_refused(void **state)
{
	(void)state;
	assert_false(suppress_read("/nowhere/at/all", err, sizeof(err)));
	assert_non_null(strstr(err, "cannot read /nowhere/at/all"));
}

static void a_fatal_failure_that_is_known_still_ends_the_execution(void **state)
{
	(void)state;
	assert_true(read_text(RACE));
	report_fatal(REPORT_RACE, &here, "the end");
	assert_int_equal(report_count(), 0);
	assert_true(sched_stopped());
}

static void what_follows_a_report_may_not_count(void **state)
{
	(void)state;
	assert_true(read_text("kind kernel\nsummary a list*\nfunction fuse_uring_cmd\n"
			      "then nothing-counts\nreason a list is broken\n"));
	assert_true(report(REPORT_HEAP, &there, "before"));
	assert_false(report(REPORT_KERNEL, &here, "a list is broken"));
	assert_false(report(REPORT_HEAP, &there, "a leak"));
	suppress_remember(REPORT_HEAP, &there, NULL);
	assert_true(report(REPORT_UNMODELLED, &there, "not modelled"));
	assert_int_equal(suppress_counts()[0], 2);
	/* in another execution it did not happen */
	report_reset();
	assert_false(suppress_again(REPORT_HEAP, &there, NULL));
	assert_true(report(REPORT_HEAP, &there, "a leak"));
	/* one that is remembered has the same effect */
	suppress_clear();
	assert_true(read_text("kind race\nfunction fuse_uring_cmd\nthen nothing-counts\n"
			      "reason r\n"));
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	suppress_execution();
	assert_false(suppress_again(REPORT_RACE, &here, &there));
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	suppress_execution();
	assert_true(report(REPORT_RACE, &there, "another one"));
}

/* told in this run, or in a saved result */
static void what_was_told_is_made_where_all_counts(void **state)
{
	(void)state;
	suppress_group(hash_text(HASH_START, "told"));
	assert_true(suppress_saved(REPORT_HEAP, "saved", "a.json"));
	assert_false(report(REPORT_HEAP, &here, "told"));
	assert_false(report(REPORT_HEAP, &here, "saved"));
	suppress_remember(REPORT_HEAP, &here, NULL);
	suppress_no_groups();
	assert_false(suppress_again(REPORT_HEAP, &here, NULL));
	assert_true(report(REPORT_HEAP, &here, "told"));
	assert_true(report(REPORT_HEAP, &here, "saved"));
	/* what a file knows stays known */
	assert_true(read_text("kind race\nfunction fuse_uring_cmd\nreason r\n"));
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	suppress_clear();
	suppress_group(hash_text(HASH_START, "told"));
	assert_false(report(REPORT_HEAP, &here, "told"));
}

static void a_pattern_reaches_over_slashes(void **state)
{
	(void)state;
	assert_true(read_text("kind race\nfile fs/*\nreason all of it\n"));
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	suppress_clear();
	assert_true(read_text("kind race\nsummary race on a*: d\nreason these words\n"));
	assert_false(report(REPORT_RACE, &here, "race on a/b/c: d"));
	assert_true(report(REPORT_RACE, &here, "race on b/c: d"));
	assert_int_equal(report_count(), 1);
}

static void an_empty_file_suppresses_nothing(void **state)
{
	(void)state;
	assert_true(read_text(""));
	assert_true(read_text("# only this\n"));
	assert_int_equal(suppress_nr(), 0);
	assert_true(report(REPORT_RACE, &here, "two accesses"));
}

static void blanks_at_the_end_of_a_line_are_none_of_it(void **state)
{
	(void)state;
	assert_true(
		read_text("kind race \nfunction fuse_uring_cmd\t\nreason a \t b\r\n"));
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	assert_string_equal(suppress_get(0)->function, "fuse_uring_cmd");
	assert_string_equal(suppress_get(0)->reason, "a \t b");
}

static void counts_can_begin_anew(void **state)
{
	(void)state;
	assert_true(read_text(RACE));
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	suppress_uncount();
	assert_int_equal(suppress_counts()[0], 0);
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	assert_int_equal(suppress_counts()[0], 1);
}

/* whichever of them come to lie at the same place of the table */
static void hundreds_of_pairs_are_remembered(void **state)
{
	static char places[400];

	(void)state;
	assert_true(read_text(RACE));
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	for (int i = 0; i < 400; i++) {
		assert_false(suppress_again(REPORT_RACE, &places[i], &here));
		suppress_remember(REPORT_RACE, &places[i], &here);
	}
	for (int i = 0; i < 400; i++)
		assert_true(suppress_again(REPORT_RACE, &places[i], &here));
}

/* ---- bounds ---- */

/* an error is cut off where its room ends, and not written behind it */
static void an_error_takes_no_more_room_than_there_is(void **state)
{
	static const char *const texts[] = { "kind rice\n", "reason r\n",
					     "kind race\nfile a\nfile b\n" };
	char little[64];

	(void)state;
	for (size_t len = 1; len < sizeof(little); len += 7) {
		for (unsigned int i = 0; i < 3; i++) {
			int fd;

			suppress_clear();
			snprintf(path, sizeof(path), "/tmp/suppress-test-XXXXXX");
			fd = mkstemp(path);
			assert_true(fd >= 0);
			assert_int_equal(write(fd, texts[i], strlen(texts[i])),
					 (ssize_t)strlen(texts[i]));
			close(fd);
			memset(little, 'x', sizeof(little));
			assert_false(suppress_read(path, little, len));
			unlink(path);
			assert_true(strlen(little) < len);
			for (size_t k = len; k < sizeof(little); k++)
				assert_int_equal(little[k], 'x');
		}
	}
}

static void what_cannot_be_read_is_refused(void **state)
{
	int fd;

	(void)state;
	assert_false(suppress_read("/tmp", err, sizeof(err)));
	assert_string_equal(err, "cannot read /tmp: Is a directory");
	snprintf(path, sizeof(path), "/tmp/suppress-test-XXXXXX");
	fd = mkstemp(path);
	assert_int_equal(write(fd, "kind race\n\0\n", 12), 12);
	close(fd);
	assert_false(suppress_read(path, err, sizeof(err)));
	unlink(path);
	assert_non_null(strstr(err, "is not a list of suppressions: it has a zero byte"));
	assert_int_equal(suppress_nr(), 0);
}

static void there_may_be_so_many_entries(void **state)
{
	static char text[(SUPPRESS_MAX + 1) * 40];
	char last[8], line[8], why[32];
	size_t used = 0;

	(void)state;
	snprintf(last, sizeof(last), "s%d", SUPPRESS_MAX - 1);
	snprintf(line, sizeof(line), "%d", 4 * SUPPRESS_MAX + 1);
	snprintf(why, sizeof(why), "more than %d entries", SUPPRESS_MAX);
	for (unsigned int i = 0; i < SUPPRESS_MAX; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "kind lock\nsummary s%u\nreason r\n\n", i);
	assert_true(read_text(text));
	assert_int_equal(suppress_nr(), SUPPRESS_MAX);
	assert_string_equal(suppress_get(SUPPRESS_MAX - 1)->summary, last);
	assert_int_equal(suppress_get(SUPPRESS_MAX - 1)->line, 4 * SUPPRESS_MAX - 3);
	assert_null(suppress_get(SUPPRESS_MAX));
	assert_false(report(REPORT_LOCK, NULL, "%s", last));
	assert_int_equal(suppress_counts()[SUPPRESS_MAX - 1], 1);
	assert_int_equal(suppress_counts()[0], 0);
	snprintf(text + used, sizeof(text) - used,
		 "kind lock\nsummary one more\nreason r");
	refused(text, line, why);
}

static void there_may_be_so_many_files(void **state)
{
	char text[64];
	unsigned int n = 0;

	(void)state;
	for (;; n++) {
		snprintf(text, sizeof(text), "kind user\nsummary file %u\nreason r\n", n);
		if (!read_text(text))
			break;
	}
	assert_string_equal(err, "too many files of suppressions");
	assert_int_equal(n, SUPPRESS_MAX / 2);
	assert_int_equal(suppress_nr(), n);
	/* each is still there, with its own name and words */
	for (unsigned int i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "file %u", i);
		assert_string_equal(suppress_get(i)->summary, text);
		assert_memory_equal(suppress_get(i)->file, "/tmp/suppress-test-", 19);
		assert_false(report(REPORT_USER, NULL, "%s", text));
		assert_int_equal(suppress_counts()[i], 1);
	}
	suppress_clear();
	assert_int_equal(suppress_nr(), 0);
	assert_int_equal(suppress_counts()[0], 0);
	assert_true(report(REPORT_USER, NULL, "file 0"));
}

/* ---- what fits ---- */

static void the_first_entry_that_fits_counts(void **state)
{
	(void)state;
	assert_true(read_text("kind heap\nsummary a*\nreason r\n\n"
			      "kind heap\nsummary *b\nreason r\n\n"
			      "kind race\nsummary *\nreason r"));
	assert_false(report(REPORT_HEAP, NULL, "ab"));
	assert_false(report(REPORT_HEAP, NULL, "bb"));
	assert_false(report(REPORT_RACE, NULL, "ab"));
	assert_true(report(REPORT_HEAP, NULL, "c"));
	assert_int_equal(suppress_counts()[0], 1);
	assert_int_equal(suppress_counts()[1], 1);
	assert_int_equal(suppress_counts()[2], 1);
	assert_int_equal(suppress_get(2)->kind, REPORT_RACE);
	assert_int_equal(suppress_get(2)->line, 9);
}

static bool matches(enum report_kind kind, const char *summary,
		    const struct sched_site *site, const struct sched_site *other)
{
	const struct suppress_sides sides = { .site = { site, other } };
	struct report r = { .kind = kind };
	int later = 0;
	bool known;

	snprintf(r.summary, sizeof(r.summary), "%s", summary);
	known = suppress_match(&r, &sides, &later);
	assert_int_equal(later, -1);
	return known;
}

static void an_entry_may_name_a_file_alone(void **state)
{
	(void)state;
	assert_true(read_text("kind\tlock\nfile\t fs/fuse/dev.c\nreason r\n"));
	assert_true(matches(REPORT_LOCK, "any", &there, NULL));
	assert_true(matches(REPORT_LOCK, "any", NULL, &there));
	assert_true(matches(REPORT_LOCK, "", &here, &there));
	assert_false(matches(REPORT_LOCK, "any", &here, NULL));
	assert_false(matches(REPORT_LOCK, "any", NULL, NULL));
	assert_false(matches(REPORT_HEAP, "any", &there, NULL));
	assert_int_equal(suppress_counts()[0], 3);
	assert_false(report(REPORT_LOCK, &there, "any"));
	assert_int_equal(suppress_counts()[0], 4);
}

/* what is remembered is of the entry that was found last */
static void a_pair_is_remembered_with_its_entry(void **state)
{
	(void)state;
	assert_true(read_text("kind race\nsummary a\nreason r\n\n"
			      "kind race\nsummary b\nreason r\n\n"
			      "kind race\nsummary c\nreason r\n"));
	for (int i = 0; i < 3; i++) {
		char word[2] = { (char)('a' + i), '\0' };

		assert_true(matches(REPORT_RACE, word, NULL, NULL));
		suppress_remember(REPORT_RACE, &err[i], &here);
	}
	suppress_uncount();
	for (int i = 0; i < 3; i++)
		for (int k = 0; k <= i; k++)
			assert_true(suppress_again(REPORT_RACE, &err[i], &here));
	assert_int_equal(suppress_counts()[0], 1);
	assert_int_equal(suppress_counts()[1], 2);
	assert_int_equal(suppress_counts()[2], 3);
	assert_false(suppress_again(REPORT_RACE, &err[0], &there));
	assert_false(suppress_again(REPORT_RACE, &err[3], &here));
	/* a list that is read later may say otherwise */
	assert_true(read_text("kind race\nsummary d\nreason r\n"));
	assert_false(suppress_again(REPORT_RACE, &err[0], &here));
}

/* a kind that no entry names takes no space in the table */
static void only_kinds_of_entries_are_remembered(void **state)
{
	(void)state;
	assert_true(read_text(RACE));
	assert_false(report(REPORT_RACE, &here, "two accesses"));
	suppress_remember(REPORT_HEAP, &here, &there);
	assert_false(suppress_again(REPORT_HEAP, &here, &there));
	assert_true(read_text("\nkind heap\nsummary no\nreason r\n"));
	assert_false(suppress_again(REPORT_HEAP, &here, &there));
}

#define suppress_test(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		suppress_test(an_entry_keeps_reports_of_its_function_back),
		suppress_test(the_second_place_counts_as_well),
		suppress_test(function_and_file_are_of_one_place),
		suppress_test(a_summary_is_matched_as_a_whole),
		suppress_test(a_pair_is_known_by_field_functions_and_accesses),
		suppress_test(brackets_of_an_array_mean_themselves),
		suppress_test(an_entry_may_count_in_one_scenario),
		suppress_test(an_entry_may_count_in_any_file),
		suppress_test(an_entry_about_another_text_does_not_count),
		suppress_test(details_of_a_suppressed_report_go_nowhere),
		suppress_test(a_detail_too_long_is_left_out),
		suppress_test(what_was_kept_back_is_remembered_by_its_places),
		suppress_test(a_file_that_is_not_right_is_refused),
		suppress_test(a_file_that_is_not_there_is_refused),
		suppress_test(a_fatal_failure_that_is_known_still_ends_the_execution),
		suppress_test(what_follows_a_report_may_not_count),
		suppress_test(what_was_told_is_made_where_all_counts),
		suppress_test(a_pattern_reaches_over_slashes),
		suppress_test(an_empty_file_suppresses_nothing),
		suppress_test(blanks_at_the_end_of_a_line_are_none_of_it),
		suppress_test(counts_can_begin_anew),
		suppress_test(hundreds_of_pairs_are_remembered),
		suppress_test(an_error_takes_no_more_room_than_there_is),
		suppress_test(what_cannot_be_read_is_refused),
		suppress_test(there_may_be_so_many_entries),
		suppress_test(there_may_be_so_many_files),
		suppress_test(the_first_entry_that_fits_counts),
		suppress_test(an_entry_may_name_a_file_alone),
		suppress_test(a_pair_is_remembered_with_its_entry),
		suppress_test(only_kinds_of_entries_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
