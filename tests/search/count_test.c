// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exhaustive search visits each order of dependent steps exactly once: as many
 * executions as GenMC and Nidhugg count on the same models.
 */
#include "search_tests.h"

static void counts(const char *name, unsigned int mask, uint64_t expected)
{
	const struct search_options o = exhaustive(.mask = mask);
	const struct search_tally *t;

	assert_int_equal(search_model(name, &o), 0);
	t = search_tally();
	print_message("%s: %lu executions, %lu cut off\n", name,
		      (unsigned long)t->executions, (unsigned long)t->redundant);
	assert_int_equal(t->executions, expected);
	assert_int_equal(t->redundant, 0);
	assert_true(t->complete);
}

static void two_tasks_on_a_ring_of_two_buffers(void **state)
{
	(void)state;
	counts("ring-2", MARKED, 70);
}

static void three_tasks_on_a_ring_of_two_buffers(void **state)
{
	(void)state;
	counts("ring-3", MARKED, 15642);
}

static void two_tasks_that_create_a_queue(void **state)
{
	(void)state;
	counts("qrace-2", MARKED, 4);
}

static void three_tasks_that_create_a_queue(void **state)
{
	(void)state;
	counts("qrace-3", MARKED, 15);
}

static void the_lock_alone_gives_the_same_counts_at_sync_points(void **state)
{
	(void)state;
	counts("ring-2", SYNC, 70);
	counts("ring-3", SYNC, 15642);
}

/* n tasks that each take one lock once, and each twice */
static void orders_of_a_lock_are_a_multinomial_coefficient(void **state)
{
	(void)state;
	counts("deadlock-fixed-2", MARKED, 2);
	counts("ring-1", MARKED, 1);
	counts("ring-2x1x2", MARKED, 6);
	counts("ring-2x1x1", MARKED, 4);
}

static void shards_visit_each_execution_once(void **state)
{
	static const unsigned int parts[] = { 2, 3, 7 };

	(void)state;
	for (unsigned int p = 0; p < 3; p++) {
		uint64_t sum = 0;

		for (unsigned int i = 0; i < parts[p]; i++) {
			const struct search_options o =
				exhaustive(.mask = MARKED, .shard = i,
					   .shards = parts[p]);

			assert_int_equal(search_model("ring-3", &o), 0);
			assert_true(search_tally()->complete);
			sum += search_tally()->executions;
		}
		assert_int_equal(sum, 15642);
	}
}

static void shards_within_a_bound_make_the_executions_of_the_whole(void **state)
{
	(void)state;
	for (int bound = 0; bound < 4; bound++) {
		const struct search_options all = bounded(bound, .mask = MARKED);
		uint64_t whole, sum = 0;

		assert_int_equal(search_model("ring-3", &all), 0);
		whole = search_tally()->executions;
		for (unsigned int i = 0; i < 3; i++) {
			const struct search_options o =
				bounded(bound, .mask = MARKED, .shard = i, .shards = 3);

			assert_int_equal(search_model("ring-3", &o), 0);
			assert_true(search_tally()->executions < whole);
			sum += search_tally()->executions;
		}
		print_message("ring-3, %d preemptions: %lu executions\n", bound,
			      (unsigned long)whole);
		assert_int_equal(sum, whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_tasks_on_a_ring_of_two_buffers),
		cmocka_unit_test(three_tasks_on_a_ring_of_two_buffers),
		cmocka_unit_test(two_tasks_that_create_a_queue),
		cmocka_unit_test(three_tasks_that_create_a_queue),
		cmocka_unit_test(the_lock_alone_gives_the_same_counts_at_sync_points),
		cmocka_unit_test(orders_of_a_lock_are_a_multinomial_coefficient),
		cmocka_unit_test(shards_visit_each_execution_once),
		cmocka_unit_test(shards_within_a_bound_make_the_executions_of_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
