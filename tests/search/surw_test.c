// SPDX-License-Identifier: GPL-2.0-only
/*
 * SURW makes every order of the interesting steps equally often, however unequal the
 * rest.
 */
#include "sampling_programs.h"

static uint64_t interesting; /* set of objects */

static bool note_order_if_drawn(void)
{
	return surw_objects() == interesting && note_order();
}

/* chi-square of the orders in the executions that count, of which there are @orders */
static double unevenness(const struct program *p, body_fn body,
			 const struct search_options *o, unsigned int orders,
			 bool (*counts)(void))
{
	double expected, sum = 0;

	memset(seen, 0, sizeof(seen));
	nr_seen = 0;
	expected = (double)count(p, body, o, counts) / orders;
	assert_true(expected > 20);
	for (unsigned int i = 0; i < nr_seen; i++)
		sum += ((double)seen[i].times - expected) *
		       ((double)seen[i].times - expected) / expected;
	return sum + (orders - nr_seen) * expected;
}

/* of n - 1 degrees of freedom it has a mean of n - 1 and a variance of twice that */
static bool is_even(double chi, unsigned int orders)
{
	double beyond = chi - (orders - 1);

	return beyond <= 0 || beyond * beyond <= 9.0 * 2 * (orders - 1);
}

static void is_uniform(const struct program *p, body_fn body, unsigned int orders)
{
	const struct search_options by_surw =
		surw(.mask = MARKED, .executions = orders * 400, .seed = 7);
	const struct search_options by_dice =
		random_walk(.mask = MARKED, .executions = orders * 100, .seed = 7);
	double by_weight, by_chance;

	learn(p, body);
	assert_int_equal(profile_shared(), 2);
	interesting = 1ull << shared_number(&object);
	by_weight = unevenness(p, body, &by_surw, orders, note_order_if_drawn);
	assert_int_equal(nr_seen, orders);
	by_chance = unevenness(p, body, &by_dice, orders, note_order);
	print_message("%u orders: chi-square %.1f with SURW, %.1f at random\n", orders,
		      by_weight, by_chance);
	assert_true(is_even(by_weight, orders));
	assert_false(is_even(by_chance, orders));
	profile_forget();
}

static void surw_is_uniform_over_the_orders_of_two_tasks(void **state)
{
	static const struct program two = {
		.tasks = 2, .before = { 12, 0 }, .changes = { 4, 4 }, .between = { 0, 5 }
	};

	(void)state;
	is_uniform(&two, changes_it, 70);
}

static void surw_is_uniform_over_the_orders_of_three_tasks(void **state)
{
	static const struct program three = { .tasks = 3,
					      .before = { 15, 0, 3 },
					      .changes = { 3, 2, 2 },
					      .between = { 0, 4, 1 } };

	(void)state;
	is_uniform(&three, changes_it, 210);
}

static void starts_and_changes(void *arg)
{
	order[events++] = (unsigned int)(uintptr_t)arg;
	changes_it(arg);
}

static void creates_the_last(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;

	if (me == program->tasks - 1)
		return;
	if (!me) {
		alone(me, 3);
		shim_task_new("child", 0, NULL, SHIM_PF_KTHREAD, changes_it,
			      (void *)(uintptr_t)(program->tasks - 1));
	}
	changes_it(arg);
}

/* the start of a task as well, if such steps were drawn */
static void surw_is_uniform_over_the_starts_of_tasks(void **state)
{
	static const struct program two = { .tasks = 2,
					    .before = { 14, 0 },
					    .changes = { 3, 2 } };
	const unsigned int orders = 35; /* of 4 and 3 steps */
	const struct search_options o =
		surw(.mask = MARKED, .executions = orders * 400, .seed = 7);
	double chi;

	(void)state;
	learn(&two, starts_and_changes);
	interesting = 1ull << shared_number(&object) |
		      1ull << profile_shared_nr(PROFILE_UNANNOUNCED);
	assert_int_equal(interesting, 3);
	chi = unevenness(&two, starts_and_changes, &o, orders, note_order_if_drawn);
	assert_int_equal(nr_seen, orders);
	print_message("%u orders with starts: chi-square %.1f\n", orders, chi);
	assert_true(is_even(chi, orders));
	profile_forget();
}

/* the steps of a task that is created late count as those of the one that creates it */
static void surw_counts_tasks_that_are_yet_to_be_created(void **state)
{
	static const struct program three = { .tasks = 3,
					      .before = { 2, 0, 6 },
					      .changes = { 2, 2, 3 },
					      .between = { 0, 2, 0 } };

	(void)state;
	is_uniform(&three, creates_the_last, 210);
}

/* without a profile, and where nothing is shared */
static void surw_without_interesting_steps_is_a_random_walk(void **state)
{
	static const struct program two = { .tasks = 2, .changes = { 3, 3 } };
	const struct search_options o =
		surw(.mask = MARKED, .executions = 2000, .seed = 7);

	(void)state;
	profile_forget();
	nr_seen = 0;
	count(&two, changes_it, &o, note_order);
	assert_int_equal(nr_seen, 20);
	learn(&two, changes_its_own);
	assert_int_equal(profile_shared(), 1); /* that they start */
	nr_seen = 0;
	count(&two, changes_its_own, &o, note_order);
	assert_int_equal(nr_seen, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(surw_is_uniform_over_the_orders_of_two_tasks),
		cmocka_unit_test(surw_is_uniform_over_the_orders_of_three_tasks),
		cmocka_unit_test(surw_is_uniform_over_the_starts_of_tasks),
		cmocka_unit_test(surw_counts_tasks_that_are_yet_to_be_created),
		cmocka_unit_test(surw_without_interesting_steps_is_a_random_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
