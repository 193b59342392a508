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

/* as measured: executions within 0, 1, 2 and 3 preemptions, and those that are cut off */
static const struct {
	const char *name;
	uint64_t executions[4], redundant[4];
} within[] = {
	{ "ring-2", { 2, 8, 26, 44 }, { 0, 2, 2, 2 } },
	{ "ring-3", { 6, 60, 402, 1560 }, { 0, 9, 36, 108 } },
	{ "ring-2x3x2", { 2, 12, 62, 162 }, { 0, 2, 2, 2 } },
	{ "qrace-3", { 6, 33, 77, 77 }, { 0, 20, 79, 79 } },
	{ "qrace-4", { 8, 96, 338, 602 }, { 12, 94, 425, 631 } },
	{ "lost-update-3", { 6, 42, 114, 164 }, { 0, 9, 28, 48 } },
	{ "deadlock-3", { 6, 22, 29, 29 }, { 0, 9, 14, 14 } },
	{ "lost-wakeup", { 2, 6, 8, 8 }, { 0, 2, 4, 4 } },
};

/*
 * What is left out within a bound is the point of it; programs_test says that nothing is
 * missing. Fewer executions are welcome.
 */
static void a_bound_costs_no_more_than_it_did(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(within) / sizeof(within[0]); i++)
		for (int bound = 0; bound < 4; bound++) {
			const struct search_options o = bounded(bound, .mask = MARKED);
			const struct search_tally *t;

			search_model(within[i].name, &o);
			t = search_tally();
			assert_true(t->complete);
			if (t->executions > within[i].executions[bound] ||
			    t->executions + t->redundant >
				    within[i].executions[bound] +
					    within[i].redundant[bound])
				fail_msg(
					"%s, %d preemptions: %lu executions, %lu cut off",
					within[i].name, bound,
					(unsigned long)t->executions,
					(unsigned long)t->redundant);
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
		cmocka_unit_test(a_bound_costs_no_more_than_it_did),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
