// SPDX-License-Identifier: GPL-2.0-only
/*
 * The race detector on kernel code: for each way to order two tasks that it is silent,
 * and for the same code with something missing that it is not.
 */
#include "detector.h"

#include "detect/race.h"

static const void *box[2];

static int watch(void **state)
{
	(void)state;
	hook_watch(0);
	race_box_init(box);
	race_watch(box[0], (size_t)((const char *)box[1] - (const char *)box[0]),
		   "the box");
	return 0;
}

static unsigned int watchers = HOOK_RACE;

static size_t races_of(void (*const cases[])(void *), unsigned int nr)
{
	hook_watch(0);
	fresh_kernel(NULL);
	race_box_init(box);
	play_cases(watchers, cases, nr);
	assert_int_equal(report_count(), report_count_kind(REPORT_RACE));
	return report_count();
}

/* @first until it ends or sleeps, then @second, then @first again */
static size_t races(void (*first)(void *), void (*second)(void *))
{
	void (*const both[])(void *) = { first, second };

	return races_of(both, 2);
}

#define SILENT(first, second)                                       \
	do {                                                        \
		if (races(first, second))                           \
			fail_msg("false alarm: %s", last_report()); \
	} while (0)

#define FOUND(first, second)                                                            \
	do {                                                                            \
		if (races(first, second) != 1)                                          \
			fail_msg("%s, %s: %zu reports instead of one", #first, #second, \
				 report_count());                                       \
	} while (0)

static void rule(void **state)
{
	(void)state;
	FOUND(writes, reads);
	FOUND(writes, writes);
	FOUND(writes, reads_once);
	FOUND(writes_once, reads);
	SILENT(writes_once, reads_once);
	SILENT(writes_once, writes_once);
	SILENT(reads, reads);
	SILENT(writes, reads_and_does_not_care);
	SILENT(writes_one_half, writes_other_half);
	FOUND(writes_one_half, writes_one_half);
}

static void words(void **state)
{
	const char *text;

	(void)state;
	races(writes, reads_once);
	text = report_get(0)->summary;
	assert_non_null(strstr(text, "race on box."));
	assert_non_null(strstr(text, ": write in writes, marked read in reads_once"));
	text = report_get(0)->detail;
	assert_non_null(strstr(text, ": write by "));
	assert_non_null(strstr(text, "tests/detector/cases/race.c:"));
}

static void locks(void **state)
{
	(void)state;
	SILENT(writes_under_spinlock, reads_under_spinlock);
	SILENT(writes_under_spinlock, reads_under_trylock);
	SILENT(writes_under_mutex, reads_under_mutex);
	FOUND(writes_under_spinlock, reads);
	FOUND(writes_under_spinlock, reads_under_mutex);
}

static void publishing(void **state)
{
	(void)state;
	SILENT(publishes, consumes);
	SILENT(publishes, consumes_by_barrier);
	SILENT(publishes_by_barrier, consumes);
	SILENT(publishes_by_barrier, consumes_by_barrier);
	SILENT(publishes_pointer, follows_pointer);
	FOUND(publishes, consumes_once);
	FOUND(publishes_once, consumes);
	FOUND(publishes_too_early, consumes);
	FOUND(publishes_by_barrier, consumes_once);
	FOUND(publishes_once, consumes_by_barrier);
	FOUND(publishes_pointer_once, follows_pointer);
}

static void atomics(void **state)
{
	(void)state;
	SILENT(writes_then_inc_return, incs_return_then_reads);
	SILENT(writes_then_inc_return, swaps_then_reads);
	SILENT(writes_then_inc_return, asks_count_with_barrier);
	SILENT(writes_then_inc_with_barrier, asks_count_with_barrier);
	SILENT(writes_then_inc_with_barrier, incs_return_then_reads);
	FOUND(writes_then_inc, asks_count);
	FOUND(writes_then_inc, incs_return_then_reads);
	FOUND(writes_then_inc, asks_count_with_barrier);
	FOUND(writes_then_inc_return, incs_then_reads);
	FOUND(writes_then_inc_return, fails_to_swap_then_reads);
	FOUND(writes_then_inc_return, xchg_relaxed_then_reads);
	FOUND(writes_then_inc_with_barrier, asks_count);
}

static void bits(void **state)
{
	(void)state;
	SILENT(writes_then_tests_and_sets_bit, tests_and_clears_bit_then_reads);
	SILENT(writes_under_bit_lock, writes_under_bit_lock);
	FOUND(writes_then_sets_bit, tests_bit_then_reads);
	FOUND(writes_then_sets_bit, tests_and_clears_bit_then_reads);
	FOUND(writes_then_tests_and_sets_bit, tests_bit_then_reads);
	FOUND(writes_under_bit_lock_cleared, writes_under_bit_lock);
}

static void references(void **state)
{
	(void)state;
	SILENT(drops_reference, drops_last_reference);
	FOUND(drops_reference, asks_references);
	FOUND(takes_reference, reads);
}

static void sleeping(void **state)
{
	(void)state;
	SILENT(awaits_completion, completes);
	SILENT(completes, awaits_completion);
	SILENT(awaits_wake_up, wakes_up);
	SILENT(sleeps_and_reads, writes);
	FOUND(completes, asks_completion);
	FOUND(awaits_wake_up, wakes_up_too_early);
}

static void work(void **state)
{
	(void)state;
	/* asks_count has nothing to do */
	SILENT(queues_work, asks_count);
	FOUND(queues_work_too_early, asks_count);
	SILENT(queues_work, stops_work_and_writes);
	FOUND(queues_work_too_early, stops_work_and_writes);
}

/* beside the heap's watcher a row of them is known in a way of its own */
static void list_heads_in_a_row(void **state)
{
	(void)state;
	for (unsigned int heap = 0; heap < 2; heap++) {
		watchers = heap ? HOOK_RACE | HOOK_HEAP : HOOK_RACE;
		SILENT(publishes_heads, reads_head);
		FOUND(publishes_heads_too_early, reads_head);
		FOUND(publishes_heads_without_order, reads_head);
		FOUND(publishes_heads_later, reads_head);
		SILENT(publishes_heads_without_order, looks_at_head);
		SILENT(publishes_heads_later, looks_at_head);
		FOUND(publishes_heads_later, looks_at_later_head);
		FOUND(publishes_heads_and_marks_them, looks_at_head);
		SILENT(publishes_heads, clears_heads);
		FOUND(publishes_heads_without_order, clears_heads);
	}
	watchers = HOOK_RACE;
}

/* as linux/list.h: what has no entries is read, and not written */
static void empty_lists_that_are_spliced(void **state)
{
	static void (*const readers[])(void *) = { publishes_heads, splices_empty_heads,
						   reads_next_of_head };
	static void (*const writers[])(void *) = { publishes_heads, splices_empty_heads,
						   writes_next_of_head };

	(void)state;
	assert_int_equal(races_of(readers, 3), 0);
	assert_int_equal(races_of(writers, 3), 1);
	SILENT(splices_lists, splices_lists);
}

static void list_heads_that_are_freed(void **state)
{
	/* who has the memory then has nothing to do with who had it first */
	static void (*const owners[])(void *) = { publishes_heads, reads_and_frees_heads,
						  takes_all_memory_of_heads };
	static void (*const others[])(void *) = { makes_and_frees_many_heads,
						  publishes_zeroes_without_order,
						  acquires_and_frees_heads };
	/* one of them is not as those before it */
	static void (*const readers[])(void *) = { publishes_heads, reads_head,
						   frees_heads };

	(void)state;
	for (unsigned int heap = 0; heap < 2; heap++) {
		watchers = heap ? HOOK_RACE | HOOK_HEAP : HOOK_RACE;
		SILENT(publishes_heads, frees_heads);
		SILENT(publishes_heads, reads_and_frees_heads);
		FOUND(publishes_heads_without_order, frees_heads);
		/* the plain write and a head */
		assert_int_equal(races(publishes_heads_later, frees_heads), 2);
		FOUND(publishes_heads_without_order, looks_at_head_and_frees_heads);
		SILENT(makes_and_frees_heads, makes_heads_again);
		SILENT(makes_heads_again, makes_heads_again);
		assert_int_equal(races_of(owners, 3), 0);
		assert_int_equal(races_of(others, 3), 1);
		assert_int_equal(races_of(readers, 3), 1);
	}
	watchers = HOOK_RACE;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule),
		cmocka_unit_test(words),
		cmocka_unit_test(locks),
		cmocka_unit_test(publishing),
		cmocka_unit_test(atomics),
		cmocka_unit_test(bits),
		cmocka_unit_test(references),
		cmocka_unit_test(sleeping),
		cmocka_unit_test(work),
		cmocka_unit_test(list_heads_in_a_row),
		cmocka_unit_test(empty_lists_that_are_spliced),
		cmocka_unit_test(list_heads_that_are_freed),
	};

	return cmocka_run_group_tests(tests, watch, NULL);
}
