// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lock orders of several processes and of several scenarios: which cycles they make
 * together, and which schedule shows one.
 */
#include "engine/orders.h"
#include "shim/lock.h"
#include "unit.h"

static const struct sched_site here = { .file = "a.c", .func = "f", .line = 1 };
static struct orders parts[2];

static int fresh(void **state)
{
	memset(parts, 0, sizeof(parts));
	return fresh_kernel(state);
}

/* process @part saw it in its @execution, whose one switch goes to task @execution */
static void saw(unsigned int part, const char *scenario, uint64_t execution,
		const char *from, const char *to)
{
	struct orders *o = &parts[part];

	o->edge[o->nr] = (struct lock_edge){
		.from = { .node = { from, from, 0 }, .at = &here },
		.to = { .node = { to, to, 0 }, .at = &here },
		.task = "task",
		.scenario = scenario,
		.execution = execution,
		.schedule = o->nr_schedules,
	};
	o->nr++;
	o->schedule[o->nr_schedules].first = o->used;
	o->schedule[o->nr_schedules++].nr = 1;
	o->pool[o->used++].to = (uint16_t)execution;
}

static unsigned int judged(const struct order_failure **out)
{
	unsigned int n = orders_judge(parts, sizeof(parts[0]), 2, out);

	memset(parts, 0, offsetof(struct orders, schedule));
	parts[0].nr_schedules = parts[0].used = 0;
	parts[1].nr = parts[1].nr_schedules = parts[1].used = 0;
	return n;
}

static void a_cycle_of_two_processes_is_shown_by_the_later_execution(void **state)
{
	const struct order_failure *f;

	(void)state;
	saw(0, "one", 4, "a1", "b1");
	saw(0, "one", 6, "a1", "c1");
	saw(1, "one", 5, "c1", "d1");
	saw(1, "one", 9, "b1", "a1");
	assert_int_equal(orders_judge(parts, sizeof(parts[0]), 2, &f), 1);
	assert_string_equal(f->report.summary, "lock order: a1 -> b1 -> a1");
	assert_int_equal(f->nr, 2);
	assert_int_equal(f->execution, 9);
	assert_string_equal(f->edges[0].from.node.name, "b1");
	assert_string_equal(f->edges[1].from.node.name, "a1");
	assert_int_equal(f->edges[1].execution, 4);
	assert_int_equal(f->nr_switches, 1);
	assert_int_equal(f->list[0].to, 9);
	judged(&f);
}

/* neither of them has both orders */
static void scenarios_are_held_against_earlier_ones(void **state)
{
	const struct order_failure *f;

	(void)state;
	saw(0, "two", 1, "a2", "b2");
	saw(0, "two", 1, "b2", "c2");
	assert_int_equal(judged(&f), 0);
	saw(1, "three", 2, "c2", "a2");
	saw(1, "three", 3, "c2", "d2");
	assert_int_equal(judged(&f), 1);
	assert_string_equal(f->report.summary, "lock order: a2 -> b2 -> c2 -> a2");
	assert_int_equal(f->execution, 2);
	assert_string_equal(f->edges[0].scenario, "three");
	assert_string_equal(f->edges[1].scenario, "two");
	/* it is known by now, and a scenario that adds the same order finds nothing new
	 */
	saw(0, "four", 7, "c2", "a2");
	assert_int_equal(judged(&f), 0);
	/* unless it has all of it itself */
	saw(0, "five", 7, "c2", "a2");
	saw(0, "five", 7, "a2", "b2");
	saw(1, "five", 8, "b2", "c2");
	assert_int_equal(judged(&f), 1);
	assert_int_equal(f->execution, 8);
}

/* the same two classes the other way round, or one of them alone, are other orders */
static void orders_that_have_a_class_in_common_are_told_apart(void **state)
{
	const struct order_failure *f;

	(void)state;
	saw(0, "six", 1, "a3", "b3");
	saw(0, "six", 1, "a3", "c3");
	saw(0, "six", 1, "d3", "b3");
	assert_int_equal(judged(&f), 0);
	saw(0, "seven", 1, "c3", "d3");
	saw(0, "seven", 1, "b3", "a3");
	assert_int_equal(judged(&f), 2);
	assert_string_equal(f[0].report.summary, "lock order: a3 -> b3 -> a3");
	assert_string_equal(f[1].report.summary,
			    "lock order: a3 -> c3 -> d3 -> b3 -> a3");
}

#define test(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_cycle_of_two_processes_is_shown_by_the_later_execution),
		test(scenarios_are_held_against_earlier_ones),
		test(orders_that_have_a_class_in_common_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
