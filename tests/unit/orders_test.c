// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lock orders of several processes and of several scenarios: which cycles they make
 * together, and which schedule shows one.
 */
#include "engine/orders.h"
#include "search/search.h"
#include "shim/lock.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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
	/* it is in the failure, and not among those of an execution */
	assert_int_equal(report_count(), 0);
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

/* ---- schedules ---- */

static const struct shim_lock_class class_p = { "&p->lock" };
static const struct shim_lock_class class_q = { "&q->lock" };
static struct shim_lock p, q;

static void takes_both(void *arg)
{
	shim_spin_lock(&p, SCHED_SITE("p"));
	shim_spin_lock_nested(&q, (unsigned int)(uintptr_t)arg, SCHED_SITE("q"));
	shim_spin_unlock(&q, SCHED_SITE("q"));
	shim_spin_unlock(&p, SCHED_SITE("p"));
}

static void two_take_both(unsigned int subclass)
{
	fresh_kernel(NULL);
	shim_lock_init(&p, &class_p);
	shim_lock_init(&q, &class_q);
	spawn("one", takes_both, (void *)(uintptr_t)subclass);
	spawn("two", takes_both, (void *)(uintptr_t)subclass);
}

/* an execution with a switch, the first one of a search from @seed on */
static const struct switches *search_one(uint64_t seed)
{
	const struct search_options o = {
		.kind = SEARCH_RANDOM,
		.mask = SCHED_SYNC,
		.seed = seed,
		.shards = 1,
	};

	search_begin(&o);
	search_next();
	two_take_both(0);
	sched_run(search_strategy());
	search_ended();
	return search_switches();
}

static void an_order_whose_switches_do_not_fit_has_no_schedule(void **state)
{
	struct orders *o = &parts[0];
	unsigned int nr;
	uint64_t seed = 1;

	(void)state;
	while (!(nr = search_one(seed)->nr))
		seed++;
	/* exactly enough room, and one too few */
	for (unsigned int lacks = 0; lacks < 2; lacks++) {
		orders_begin(o);
		o->used = ORDER_SWITCHES - nr + lacks;
		search_one(seed);
		orders_keep(o, "one", 0);
		assert_int_equal(o->nr, 1);
		assert_int_equal(o->nr_schedules, !lacks);
		assert_int_equal(o->edge[0].schedule, lacks ? ORDER_SCHEDULES : 0);
		assert_string_equal(o->edge[0].from.node.name, "p->lock");
	}
	lock_order_watch(LOCK_ORDER_OFF);
}

static struct schedule *of_two_orders(void)
{
	static struct schedule s;
	static const struct schedule_order orders[] = {
		{ "one", "this", 3, "p->lock", "p.c:1", "q->lock/1", "q.c:1" },
		{ "another", "an earlier one", 47, "q->lock/1", "q.c:2", "p->lock",
		  "p.c:2" },
	};

	schedule_clear(&s);
	memcpy(s.orders, orders, sizeof(orders));
	s.nr_orders = 2;
	return &s;
}

/* a level of nesting is part of an order */
static void a_schedule_is_of_the_level_of_nesting_that_it_names(void **state)
{
	(void)state;
	orders_expect(of_two_orders());
	two_take_both(0);
	sched_run(NULL);
	assert_int_equal(report_count(), 0);
	two_take_both(1);
	sched_run(NULL);
	assert_reported(REPORT_LOCK, "lock order: p->lock -> q->lock/1 -> p->lock");
	/* what it knows of other executions is said */
	assert_non_null(strstr(report_get(0)->detail, "another took q->lock/1 in q.c:2"));
	assert_non_null(
		strstr(report_get(0)->detail, "in execution 47 of an earlier one"));
	lock_order_watch(LOCK_ORDER_OFF);
}

/* ---- limits ---- */

static void an_order_that_is_seen_again_takes_no_more_space(void **state)
{
	const struct order_failure *f;

	(void)state;
	for (unsigned int i = 0; i <= LOCK_EDGES; i++) {
		saw(0, i % 2 ? "odd" : "even", 1, "a4", "b4");
		assert_int_equal(judged(&f), 0);
	}
	saw(0, "later", 1, "b4", "c4");
	assert_int_equal(judged(&f), 0);
	saw(0, "last", 1, "c4", "a4");
	assert_int_equal(judged(&f), 1);
	assert_string_equal(f->report.summary, "lock order: a4 -> b4 -> c4 -> a4");
}

/* both processes have one order, as often as fits, and an earlier scenario another */
static void what_all_processes_saw_leaves_room_for_earlier_orders(void **state)
{
	const struct order_failure *f;

	(void)state;
	saw(0, "earlier", 1, "a5", "b5");
	assert_int_equal(judged(&f), 0);
	for (unsigned int i = 0; i < 2; i++) {
		saw(i, "now", 1, "b5", "a5");
		for (unsigned int k = 1; k < LOCK_EDGES; k++)
			parts[i].edge[k] = parts[i].edge[0];
		parts[i].nr = LOCK_EDGES;
	}
	assert_int_equal(judged(&f), 1);
	assert_string_equal(f->report.summary, "lock order: a5 -> b5 -> a5");
}

/* as many orders as can be remembered, and @more, of scenarios of a hundred each */
static void see_too_many(unsigned int more)
{
	static char names[LOCK_EDGES + 100][16];
	const struct order_failure *f;

	for (unsigned int i = 0; i < LOCK_EDGES + more; i++) {
		snprintf(names[i], sizeof(names[i]), "n%u", i);
		saw(0, "many", 1, "hub", names[i]);
		if (i % 100 == 99)
			judged(&f);
	}
	judged(&f);
}

/* the last test: after it nothing is remembered */
static void orders_that_cannot_be_remembered_are_mentioned_once(void **state)
{
	char path[] = "/tmp/orders-XXXXXX", text[512] = "";
	int file = mkstemp(path), old = dup(STDERR_FILENO);

	(void)state;
	assert_true(file >= 0 && old >= 0);
	dup2(file, STDERR_FILENO);
	see_too_many(7);
	dup2(old, STDERR_FILENO);
	close(old);
	assert_true(pread(file, text, sizeof(text) - 1, 0) > 0);
	close(file);
	unlink(path);
	assert_non_null(strstr(text, "more than 512 orders of locks"));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

/* of two orders that one execution has, the one that came second shows the cycle */
static void a_cycle_of_one_execution_is_shown_by_its_second_order(void **state)
{
	const struct order_failure *f;

	(void)state;
	saw(0, "same", 4, "a6", "b6");
	saw(0, "same", 4, "b6", "a6");
	assert_int_equal(judged(&f), 1);
	assert_int_equal(f->nr, 2);
	assert_string_equal(f->edges[0].from.node.name, "b6");
	assert_string_equal(f->edges[1].from.node.name, "a6");
	assert_string_equal(f->report.task, "task");
}

/* the same orders of another process and execution: the earliest is kept */
static void an_order_that_several_saw_is_of_the_earliest(void **state)
{
	const struct order_failure *f;

	(void)state;
	saw(0, "several", 8, "a7", "b7");
	saw(1, "several", 3, "a7", "b7");
	saw(1, "several", 5, "b7", "a7");
	saw(0, "several", 9, "b7", "a7");
	assert_int_equal(judged(&f), 1);
	assert_int_equal(f->execution, 5);
	assert_int_equal(f->edges[0].execution, 5);
	assert_int_equal(f->edges[1].execution, 3);
	/* and its switches are those of the process that saw it then */
	assert_int_equal(f->nr_switches, 1);
	assert_int_equal(f->list[0].to, 5);
}

static void an_order_is_described_in_words(void **state)
{
	static const struct sched_site there = { .file = "b.c", .func = "g", .line = 7 };
	static struct schedule s;
	struct lock_edge edges[2] = {
		{
			.from = { .node = { NULL, "p->lock", 0 }, .at = &here },
			.to = { .node = { NULL, "q->lock", 2 }, .at = &there },
			.task = "one",
			.scenario = "this",
			.execution = 3,
		},
		{
			.from = { .node = { NULL, "q->lock", 2 }, .at = &there },
			.to = { .node = { NULL, "p->lock", 0 }, .at = &here },
			.task = "another",
			.scenario = "that",
			.execution = 47,
		},
	};

	(void)state;
	schedule_clear(&s);
	orders_describe(&s, edges, 2);
	assert_int_equal(s.nr_orders, 2);
	assert_string_equal(s.orders[0].task, "one");
	assert_string_equal(s.orders[0].scenario, "this");
	assert_int_equal(s.orders[0].execution, 3);
	assert_string_equal(s.orders[0].from, "p->lock");
	assert_string_equal(s.orders[0].from_at, "a.c:1 (f)");
	assert_string_equal(s.orders[0].to, "q->lock/2");
	assert_string_equal(s.orders[0].to_at, "b.c:7 (g)");
	assert_string_equal(s.orders[1].task, "another");
	assert_string_equal(s.orders[1].scenario, "that");
	assert_int_equal(s.orders[1].execution, 47);
	assert_string_equal(s.orders[1].from, "q->lock/2");
	assert_string_equal(s.orders[1].from_at, "b.c:7 (g)");
	assert_string_equal(s.orders[1].to, "p->lock");
	assert_string_equal(s.orders[1].to_at, "a.c:1 (f)");
	orders_describe(&s, edges, 0);
	assert_int_equal(s.nr_orders, 0);
}

static const struct shim_lock_class class_slash = { "&q/lock" };

/* a number behind the last slash is a level of nesting, other words are of the name */
static void a_slash_may_be_part_of_a_name(void **state)
{
	struct schedule *s = of_two_orders();

	(void)state;
	strcpy(s->orders[0].to, "q/lock");
	strcpy(s->orders[1].from, "q/lock");
	orders_expect(s);
	fresh_kernel(NULL);
	shim_lock_init(&p, &class_p);
	shim_lock_init(&q, &class_slash);
	spawn("one", takes_both, NULL);
	sched_run(NULL);
	assert_reported(REPORT_LOCK, "lock order: p->lock -> q/lock -> p->lock");
	strcpy(s->orders[0].to, "q/lock/12");
	strcpy(s->orders[1].from, "q/lock/12");
	orders_expect(s);
	fresh_kernel(NULL);
	shim_lock_init(&p, &class_p);
	shim_lock_init(&q, &class_slash);
	spawn("one", takes_both, (void *)12);
	sched_run(NULL);
	assert_reported(REPORT_LOCK, "lock order: p->lock -> q/lock/12 -> p->lock");
	lock_order_watch(LOCK_ORDER_OFF);
}

/* wherever in the cycle it stands */
static void a_cycle_is_shown_by_its_latest_order_wherever_it_is(void **state)
{
	static const uint64_t seen[][3] = { { 9, 4, 5 }, { 4, 9, 5 }, { 4, 5, 9 } };
	static char names[3][3][8];
	const struct order_failure *f;

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		for (unsigned int k = 0; k < 3; k++)
			snprintf(names[i][k], sizeof(names[i][k]), "%c%u", 'a' + (int)k,
				 80 + i);
		for (unsigned int k = 0; k < 3; k++)
			saw(k % 2, names[i][0], seen[i][k], names[i][k],
			    names[i][(k + 1) % 3]);
		assert_int_equal(judged(&f), 1);
		assert_int_equal(f->execution, 9);
		assert_int_equal(f->nr, 3);
		assert_string_equal(f->edges[0].from.node.name, names[i][i]);
		assert_string_equal(f->edges[1].from.node.name, names[i][(i + 1) % 3]);
		assert_int_equal(f->list[0].to, 9);
	}
}

#define test(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_cycle_of_two_processes_is_shown_by_the_later_execution),
		test(scenarios_are_held_against_earlier_ones),
		test(orders_that_have_a_class_in_common_are_told_apart),
		test(an_order_whose_switches_do_not_fit_has_no_schedule),
		test(a_schedule_is_of_the_level_of_nesting_that_it_names),
		test(an_order_that_is_seen_again_takes_no_more_space),
		test(what_all_processes_saw_leaves_room_for_earlier_orders),
		test(a_cycle_of_one_execution_is_shown_by_its_second_order),
		test(an_order_that_several_saw_is_of_the_earliest),
		test(an_order_is_described_in_words),
		test(a_slash_may_be_part_of_a_name),
		test(a_cycle_is_shown_by_its_latest_order_wherever_it_is),
		test(orders_that_cannot_be_remembered_are_mentioned_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
