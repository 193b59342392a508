// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delay bounding: the number of executions of straight-line programs is known exactly,
 * no order within the bound is missing, none is made twice, and it says what it left out.
 */
#include "search_tests.h"

#define TASKS	   3
#define ORDERS_MAX 4096

/* steps of each task, the one before its first point included */
static unsigned int steps[TASKS];
static uint64_t order; /* which task made each step */
static uint64_t orders[ORDERS_MAX];
static unsigned int nr_orders;

static void makes_steps(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;
	static unsigned int x;

	for (unsigned int i = 0; i < steps[me]; i++) {
		if (i)
			sched_point(SCHED_ATOMIC, &x, SCHED_SITE("x"));
		order = order * (TASKS + 1) + me + 1;
	}
}

static void start(void)
{
	shim_reset(1);
	order = 0;
	for (unsigned int i = 0; i < TASKS; i++)
		if (steps[i])
			shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, makes_steps,
				      (void *)(uintptr_t)i);
}

static void note_order(void)
{
	for (unsigned int i = 0; i < nr_orders; i++)
		assert_true(orders[i] != order);
	assert_true(nr_orders < ORDERS_MAX);
	orders[nr_orders++] = order;
}

/* Return: executions of this shard */
static uint64_t search(const struct search_options *o)
{
	search_begin(o);
	while (search_next()) {
		start();
		sched_run(search_strategy());
		if (search_ended() == SEARCH_COUNTS)
			note_order();
	}
	assert_int_equal(search_tally()->redundant, 0);
	return search_tally()->executions;
}

/* ---- brute force: the scheduler and its delays, on the numbers alone ---- */

static unsigned int brute_orders;

static void must_have_been_made(uint64_t made)
{
	unsigned int i = 0;

	while (i < nr_orders && orders[i] != made)
		i++;
	assert_true(i < nr_orders);
	brute_orders++;
}

static void brute(const unsigned int *left, unsigned int at, unsigned int delays,
		  uint64_t made)
{
	unsigned int skipped = 0;
	bool any = false;

	for (unsigned int i = 0; i < TASKS; i++) {
		unsigned int task = (at + i) % TASKS, after[TASKS];

		if (!left[task])
			continue;
		any = true;
		if (skipped > delays)
			return;
		memcpy(after, left, sizeof(after));
		after[task]--;
		brute(after, task, delays - skipped, made * (TASKS + 1) + task + 1);
		skipped++;
	}
	if (!any)
		must_have_been_made(made);
}

static unsigned int choose(unsigned int n, unsigned int k)
{
	unsigned int c = 1;

	for (unsigned int i = 0; i < k; i++)
		c = c * (n - i) / (i + 1);
	return k > n ? 0 : c;
}

/*
 * Of two tasks with m steps each: the first is left before one of its m steps, the second
 * after one of its first m - 1, and so on in turn. So there are C(m, (d + 1) / 2)
 * C(m - 1, d / 2) executions with d delays; and C(2m, m) with any number.
 */
static void the_executions_of_two_tasks_are_a_sum_of_binomials(void **state)
{
	const unsigned int m = 5;
	unsigned int sum = 0;

	(void)state;
	memcpy(steps, (unsigned int[TASKS]){ m, m }, sizeof(steps));
	for (int d = 0; d < 10; d++) {
		const struct search_options o = delayed(d, .mask = MARKED);

		sum += choose(m, (unsigned int)(d + 1) / 2) *
		       choose(m - 1, (unsigned int)d / 2);
		nr_orders = 0;
		assert_int_equal(search(&o), sum);
		assert_true(search_tally()->complete);
		assert_int_equal(search_tally()->cut_preemptions, d < 9);
	}
	assert_int_equal(sum, choose(2 * m, m));
}

static const unsigned int programs[][TASKS] = {
	{ 1, 1, 1 }, { 2, 2, 2 }, { 3, 1, 2 }, { 1, 4, 2 }, { 3, 3, 2 }, { 4, 3, 0 },
};

static void no_order_within_the_bound_is_missing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		memcpy(steps, programs[i], sizeof(steps));
		for (int d = 0; d < 8; d++) {
			const struct search_options o = delayed(d, .mask = MARKED);

			nr_orders = brute_orders = 0;
			search(&o);
			brute(steps, 0, (unsigned int)d, 0);
			assert_int_equal(brute_orders, nr_orders);
		}
	}
}

static void shards_make_each_execution_once(void **state)
{
	(void)state;
	memcpy(steps, (unsigned int[TASKS]){ 3, 3, 2 }, sizeof(steps));
	for (unsigned int shards = 1; shards < 6; shards++) {
		uint64_t sum = 0, fewest = UINT64_MAX;

		nr_orders = 0;
		for (unsigned int shard = 0; shard < shards; shard++) {
			const struct search_options o = delayed(
				3, .mask = MARKED, .shard = shard, .shards = shards);
			uint64_t n = search(&o);

			assert_true(search_tally()->complete);
			sum += n;
			fewest = n < fewest ? n : fewest;
		}
		assert_true(fewest > 0);
		assert_int_equal(sum, nr_orders);
		brute_orders = 0;
		brute(steps, 0, 3, 0);
		assert_int_equal(brute_orders, nr_orders);
	}
}

static void a_search_that_is_cut_is_not_complete(void **state)
{
	const struct search_options few = delayed(3, .mask = MARKED, .executions = 4);

	(void)state;
	memcpy(steps, (unsigned int[TASKS]){ 3, 3, 2 }, sizeof(steps));
	nr_orders = 0;
	assert_int_equal(search(&few), 4);
	assert_false(search_tally()->complete);
}

/* ---- what the scheduler does by itself ---- */

static void yields_between(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;

	for (int i = 0; i < 2; i++) {
		order = order * (TASKS + 1) + me + 1;
		sched_yield();
	}
}

static void without_delays_a_yield_goes_round(void **state)
{
	const struct search_options none = delayed(0, .mask = MARKED);

	(void)state;
	search_begin(&none);
	assert_true(search_next());
	shim_reset(1);
	order = 0;
	for (unsigned int i = 0; i < 3; i++)
		shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, yields_between,
			      (void *)(uintptr_t)i);
	sched_run(search_strategy());
	search_ended();
	/* 1 2 3 1 2 3, in base 4 */
	assert_int_equal(order, ((((1 * 4 + 2) * 4 + 3) * 4 + 1) * 4 + 2) * 4 + 3);
	assert_false(search_next());
}

static unsigned int spun, flag;

static void spins(void *arg)
{
	(void)arg;
	for (spun = 0; !MARKED_LOAD(flag) && spun < 50; spun++)
		sched_yield();
}

static void sets(void *arg)
{
	(void)arg;
	MARKED_STORE(flag, 0);
	MARKED_STORE(flag, 1);
}

static void a_task_that_polls_does_not_go_on_for_ever(void **state)
{
	const struct search_options o = delayed(3, .mask = MARKED);

	(void)state;
	search_begin(&o);
	while (search_next()) {
		shim_reset(1);
		flag = 0;
		shim_task_new("spins", 0, NULL, SHIM_PF_KTHREAD, spins, NULL);
		shim_task_new("sets", 0, NULL, SHIM_PF_KTHREAD, sets, NULL);
		sched_run(search_strategy());
		search_ended();
		assert_true(spun < 50);
	}
	assert_true(search_tally()->complete);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_executions_of_two_tasks_are_a_sum_of_binomials),
		cmocka_unit_test(no_order_within_the_bound_is_missing),
		cmocka_unit_test(shards_make_each_execution_once),
		cmocka_unit_test(a_search_that_is_cut_is_not_complete),
		cmocka_unit_test(without_delays_a_yield_goes_round),
		cmocka_unit_test(a_task_that_polls_does_not_go_on_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
