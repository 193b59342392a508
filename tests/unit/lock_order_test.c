// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of locks: what is an edge, what is a cycle, and what is neither.
 */
#include <stdio.h>
#include <stdlib.h>

#include "detect/lock_order.h"
#include "shim/heap.h"
#include "shim/lock.h"
#include "unit.h"

static const struct shim_lock_class class_a = { "&a->lock" };
static const struct shim_lock_class class_b = { "&b->lock" };
static const struct shim_lock_class class_c = { "&c->lock" };
static struct shim_lock a, b, c, a2, a3;

/* the graph stays: another execution */
static void next_execution(void)
{
	fresh_kernel(NULL);
	shim_lock_init(&a, &class_a);
	shim_lock_init(&a2, &class_a);
	shim_lock_init(&a3, &class_a);
	shim_lock_init(&b, &class_b);
	shim_lock_init(&c, &class_c);
}

static int fresh_graph(void **state)
{
	(void)state;
	lock_order_watch(LOCK_ORDER_REPORT);
	next_execution();
	return 0;
}

static int no_graph(void **state)
{
	(void)state;
	lock_order_watch(LOCK_ORDER_OFF);
	return 0;
}

/* what a task takes, one within the other: "ab", "+" is a trylock, "/" nested */
static struct shim_lock *lock_of(char name)
{
	switch (name) {
	case 'a':
		return &a;
	case 'b':
		return &b;
	case 'c':
		return &c;
	case '2':
		return &a2;
	default:
		return &a3;
	}
}

static void takes(void *arg)
{
	const char *names = arg, *n;

	for (n = names; *n; n++) {
		if (*n == '+')
			shim_spin_trylock(lock_of(*++n), SCHED_SITE("tried"));
		else if (*n == '/')
			shim_spin_lock_nested(lock_of(*++n), 1, SCHED_SITE("nested"));
		else
			shim_spin_lock(lock_of(*n), SCHED_SITE("taken"));
	}
	while (n-- > names)
		if (*n != '+' && *n != '/')
			shim_spin_unlock(lock_of(*n), SCHED_SITE("given back"));
}

static void play(const char *names)
{
	run_to_end(spawn("task", takes, (void *)(uintptr_t)names));
}

static void two_orders_in_two_executions_are_a_cycle(void **state)
{
	(void)state;
	play("ab");
	assert_int_equal(report_count(), 0);
	next_execution();
	play("ba");
	assert_reported(REPORT_LOCK, "lock order: a->lock -> b->lock -> a->lock");
	assert_non_null(strstr(report_get(0)->detail, "task took a->lock in tests/unit"));
	assert_non_null(strstr(report_get(0)->detail, "and then b->lock in tests/unit"));
	assert_non_null(strstr(report_get(0)->where, "(takes)"));
}

static void one_order_is_none(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		play("abc");
		play("ac");
		play("bc");
		assert_int_equal(report_count(), 0);
		next_execution();
	}
	assert_int_equal(lock_order_nr(), 3);
}

static void a_cycle_is_reported_once(void **state)
{
	(void)state;
	play("ab");
	play("ba");
	play("ba");
	play("ab");
	assert_int_equal(report_count(), 1);
}

static void three_orders_are_a_cycle(void **state)
{
	(void)state;
	play("ab");
	play("bc");
	assert_int_equal(report_count(), 0);
	play("ca");
	assert_reported(REPORT_LOCK,
			"lock order: a->lock -> b->lock -> c->lock -> a->lock");
}

static void a_trylock_waits_for_nobody(void **state)
{
	(void)state;
	play("ab");
	play("b+a");
	assert_int_equal(report_count(), 0);
	/* but what is taken under it is taken under it */
	play("+bc");
	play("cb");
	assert_reported(REPORT_LOCK, "b->lock -> c->lock -> b->lock");
}

static void locks_of_one_class_in_one_order_are_none(void **state)
{
	(void)state;
	play("a2");
	play("23");
	play("a3");
	assert_int_equal(report_count(), 0);
}

static void locks_of_one_class_in_two_orders_are_a_cycle(void **state)
{
	(void)state;
	play("a2");
	play("2a");
	assert_reported(REPORT_LOCK, "lock order: several a->lock, in both orders");
	assert_non_null(strstr(report_get(0)->detail, "then the other way round: task"));
}

static void three_locks_of_one_class_are_a_cycle_as_well(void **state)
{
	(void)state;
	play("a2");
	play("23");
	play("3a");
	assert_reported(REPORT_LOCK, "lock order: several a->lock, in both orders");
}

/* the other execution's locks are others */
static void locks_of_one_class_are_told_apart_by_execution(void **state)
{
	(void)state;
	play("a2");
	next_execution();
	play("2a");
	assert_int_equal(report_count(), 0);
}

static void a_level_of_nesting_is_a_class_of_its_own(void **state)
{
	(void)state;
	play("a/2");
	play("2/a");
	assert_int_equal(report_count(), 0);
	play("/a2");
	assert_reported(REPORT_LOCK, "lock order: a->lock -> a->lock/1 -> a->lock");
}

static void locks_without_validation_have_no_order(void **state)
{
	(void)state;
	b.class = &shim_lock_novalidate;
	play("ab");
	play("ba");
	assert_int_equal(report_count(), 0);
}

static void takes_in_a_freed_pair(void *arg)
{
	struct shim_lock *pair[2];

	(void)arg;
	for (int i = 0; i < 2; i++) {
		/* 64 bytes of room: the second pair lies where the first lay, or not */
		struct shim_lock *two =
			shim_kmalloc(2 * sizeof(*two), 0, SCHED_SITE("two"));

		shim_lock_init(&two[0], &class_a);
		shim_lock_init(&two[1], &class_a);
		pair[0] = &two[i];
		pair[1] = &two[!i];
		shim_spin_lock(pair[0], SCHED_SITE("first"));
		shim_spin_lock(pair[1], SCHED_SITE("second"));
		shim_spin_unlock(pair[1], SCHED_SITE("second"));
		shim_spin_unlock(pair[0], SCHED_SITE("first"));
		lock_order_freed(two, 2 * sizeof(*two), NULL);
		shim_kfree(two, SCHED_SITE("two"));
	}
}

static void freed_locks_are_forgotten(void **state)
{
	(void)state;
	run_to_end(spawn("task", takes_in_a_freed_pair, NULL));
	assert_int_equal(report_count(), 0);
}

static void frees_what_it_holds(void *arg)
{
	struct shim_lock *l = shim_kmalloc(sizeof(*l), 0, SCHED_SITE("*queue"));

	(void)arg;
	shim_lock_init(l, &class_a);
	shim_spin_lock(l, SCHED_SITE("&queue->lock"));
	shim_kfree(l, SCHED_SITE("queue"));
	sched_exit();
}

static void a_lock_that_is_freed_while_held_is_reported(void **state)
{
	(void)state;
	spawn("task", frees_what_it_holds, NULL);
	sched_run(NULL);
	assert_reported(REPORT_LOCK, "a->lock is freed while it is held, taken in");
}

static void holds_two(void *arg)
{
	shim_spin_lock(&a, SCHED_SITE("a"));
	shim_spin_lock(&b, SCHED_SITE("b"));
	lock_held_words(sched_current(), arg, 400);
	/* not in the order in which they were taken */
	shim_spin_unlock(&a, SCHED_SITE("a"));
	lock_held_words(sched_current(), (char *)arg + 400, 400);
	shim_spin_unlock(&b, SCHED_SITE("b"));
}

static void what_a_task_holds_can_be_told(void **state)
{
	char words[800] = "";

	(void)state;
	run_to_end(spawn("task", holds_two, words));
	assert_ptr_equal(strstr(words, "a->lock (tests/unit"), words);
	assert_non_null(strstr(words, "(holds_two)), b->lock (tests/unit"));
	assert_ptr_equal(strstr(words + 400, "b->lock (tests/unit"), words + 400);
	assert_null(strstr(words + 400, "a->lock"));
}

static void collected_edges_need_an_execution_that_counts(void **state)
{
	(void)state;
	lock_order_watch(LOCK_ORDER_COLLECT);
	next_execution();
	play("ab");
	next_execution();
	assert_int_equal(lock_order_nr(), 0);
	play("ba");
	assert_int_equal(lock_order_commit("scenario", 7, 3), 1);
	next_execution();
	play("ab");
	play("ba");
	assert_int_equal(lock_order_commit("scenario", 8, 4), 1);
	assert_int_equal(report_count(), 0);
	assert_int_equal(lock_order_nr(), 2);
	assert_int_equal(lock_order_edge(0)->execution, 7);
	assert_string_equal(lock_order_edge(1)->from.node.name, "a->lock");
	assert_int_equal(lock_order_edge(1)->schedule, 4);
}

static unsigned int cycles_of(struct lock_cycle *out)
{
	static struct lock_edge edges[LOCK_EDGES];

	for (unsigned int i = 0; i < lock_order_nr(); i++)
		edges[i] = *lock_order_edge(i);
	qsort(edges, lock_order_nr(), sizeof(edges[0]), lock_edge_compare);
	return lock_cycles(edges, lock_order_nr(), out, 4);
}

static void cycles_do_not_depend_on_who_came_first(void **state)
{
	static const char *const orders[][4] = { { "ab", "bc", "ca", "ba" },
						 { "ba", "ca", "bc", "ab" },
						 { "ca", "ab", "ba", "bc" } };
	struct lock_cycle cycle[4];

	(void)state;
	for (int i = 0; i < 3; i++) {
		lock_order_watch(LOCK_ORDER_COLLECT);
		next_execution();
		for (int k = 0; k < 4; k++)
			play(orders[i][k]);
		lock_order_commit("scenario", 0, 0);
		assert_int_equal(cycles_of(cycle), 2);
		assert_int_equal(cycle[0].nr, 2);
		assert_string_equal(cycle[0].edge[0]->from.node.name, "a->lock");
		assert_int_equal(cycle[1].nr, 3);
		assert_string_equal(cycle[1].edge[1]->from.node.name, "b->lock");
	}
}

/* ---- graphs as they come from elsewhere ---- */

static const struct sched_site early = { .file = "a.c", .func = "f", .line = 1 };
static const struct sched_site late = { .file = "a.c", .func = "f", .line = 2 };
static const struct sched_site other_file = { .file = "b.c", .func = "f", .line = 1 };

static struct lock_edge edge(const char *from, const char *to)
{
	return (struct lock_edge){
		.from = { .node = { from, from, 0 }, .at = &early },
		.to = { .node = { to, to, 0 }, .at = &early },
		.task = "task",
	};
}

#define assert_in_order(x, y)                                   \
	do {                                                    \
		assert_true(lock_edge_compare(&(x), &(y)) < 0); \
		assert_true(lock_edge_compare(&(y), &(x)) > 0); \
	} while (0)

static void edges_are_ordered_by_class_place_and_execution(void **state)
{
	struct lock_edge first = edge("a", "b"), next = first;

	(void)state;
	assert_int_equal(lock_edge_compare(&first, &next), 0);
	next.execution = 1;
	assert_in_order(first, next);
	next = first;
	next.to.at = &late;
	assert_in_order(first, next);
	next.to.at = &other_file;
	assert_in_order(first, next);
	first.execution = 1; /* the place comes before that */
	assert_in_order(first, next);
	next = first;
	next.from.at = &late;
	first.to.at = &other_file;
	assert_in_order(first, next);
	next.to.node.name = "a";
	assert_in_order(next, first);
	next = first;
	next.from.node.subclass = 1;
	assert_in_order(first, next);
	next = edge("b", "a");
	assert_in_order(first, next);
}

static const char *const names[] = { "a", "b", "c", "d", "e", "f",
				     "g", "h", "i", "j", "k", "l" };

#define NAMES (sizeof(names) / sizeof(names[0]))

/* each class before all that follow: many ways, none of which leads back */
static void a_dense_graph_without_a_cycle_has_none(void **state)
{
	static struct lock_edge edges[NAMES * NAMES];
	struct lock_cycle cycle[4];
	unsigned int nr = 0;

	(void)state;
	for (unsigned int i = 0; i < NAMES; i++)
		for (unsigned int k = i + 1; k < NAMES; k++)
			edges[nr++] = edge(names[i], names[k]);
	assert_int_equal(lock_cycles(edges, nr, cycle, 4), 0);
	/* one edge back: the shortest cycle is of two */
	edges[nr++] = edge(names[NAMES - 1], names[0]);
	assert_true(lock_cycle_through(edges, nr, &edges[nr - 1], cycle));
	assert_int_equal(cycle[0].nr, 2);
	assert_ptr_equal(cycle[0].edge[0], &edges[nr - 1]);
	assert_string_equal(cycle[0].edge[1]->to.node.name, names[NAMES - 1]);
}

/* seven layers of three: thousands of ways, one of which would do */
static void a_long_cycle_is_found_among_many_ways(void **state)
{
	static struct lock_edge edges[LOCK_EDGES];
	static char node[8][3][4];
	struct lock_cycle cycle;
	unsigned int nr = 0;

	(void)state;
	for (unsigned int i = 0; i < 8; i++)
		for (unsigned int k = 0; k < 3; k++)
			snprintf(node[i][k], sizeof(node[i][k]), "%u%u", i, k);
	for (unsigned int i = 0; i < 7; i++)
		for (unsigned int k = 0; k < 9; k++)
			edges[nr++] = edge(node[i][k / 3], node[i + 1][k % 3]);
	edges[nr++] = edge(node[7][2], node[0][0]);
	assert_true(lock_cycle_through(edges, nr, &edges[nr - 1], &cycle));
	assert_int_equal(cycle.nr, 8);
	for (unsigned int i = 0; i < 8; i++)
		assert_string_equal(cycle.edge[i]->to.node.name,
				    cycle.edge[(i + 1) % 8]->from.node.name);
}

static void a_cycle_may_be_as_long_as_there_is_room(void **state)
{
	struct lock_edge edges[LOCK_CYCLE_MAX + 1];
	struct lock_cycle cycle[4];

	(void)state;
	for (unsigned int n = 2; n <= LOCK_CYCLE_MAX + 1; n++) {
		for (unsigned int i = 0; i < n; i++)
			edges[i] = edge(names[i], names[(i + 1) % n]);
		assert_int_equal(lock_cycles(edges, n, cycle, 4), n <= LOCK_CYCLE_MAX);
		if (n <= LOCK_CYCLE_MAX)
			assert_int_equal(cycle[0].nr, n);
	}
}

/* ---- what a schedule file promises ---- */

static void a_promised_cycle_is_closed_by_its_first_edge(void **state)
{
	struct lock_edge here = edge("a->lock", "b->lock");
	struct lock_edge there = edge("b->lock", "a->lock");
	const struct lock_edge *const promised[] = { &here, &there };

	(void)state;
	lock_order_expect(promised, 2);
	play("ac");
	play("b3"); /* neither class is the other's */
	assert_int_equal(report_count(), 0);
	play("ab");
	assert_reported(REPORT_LOCK, "lock order: a->lock -> b->lock -> a->lock");
	play("ab");
	assert_int_equal(report_count(), 1);
	lock_order_expect(NULL, 0);
}

static void another_level_of_nesting_is_not_what_was_promised(void **state)
{
	struct lock_edge here = edge("a->lock", "b->lock");
	struct lock_edge there = edge("b->lock", "a->lock");
	const struct lock_edge *const promised[] = { &here, &there };

	(void)state;
	here.to.node.subclass = 1;
	lock_order_expect(promised, 2);
	play("ab");
	assert_int_equal(report_count(), 0);
	play("a/b");
	assert_reported(REPORT_LOCK, "lock order: a->lock -> b->lock/1 -> a->lock");
	lock_order_expect(NULL, 0);
}

/* ---- memory of locks, and bounds ---- */

static struct shim_lock row[3];

static void takes_in_row(void *arg)
{
	bool back = arg != NULL;

	shim_spin_lock(&row[1 + back], SCHED_SITE("taken"));
	shim_spin_lock(&row[2 - back], SCHED_SITE("taken"));
	shim_spin_unlock(&row[2 - back], SCHED_SITE("given back"));
	shim_spin_unlock(&row[1 + back], SCHED_SITE("given back"));
}

/* the memory that is freed ends where the first of the two locks begins */
static void what_lies_behind_freed_memory_is_not_forgotten(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		shim_lock_init(&row[i], &class_a);
	run_to_end(spawn("task", takes_in_row, NULL));
	lock_order_freed(&row[0], sizeof(row[0]), SCHED_SITE("freed"));
	run_to_end(spawn("task", takes_in_row, row));
	assert_reported(REPORT_LOCK, "several a->lock, in both orders");
}

static void a_way_that_leads_nowhere_is_left(void **state)
{
	(void)state;
	play("a2");
	play("3a"); /* from a to a2, and from there on nowhere */
	assert_int_equal(report_count(), 0);
	play("23");
	assert_reported(REPORT_LOCK, "several a->lock, in both orders");
}

/* it has no name, and not what is left of another's */
static void the_main_context_takes_locks_without_a_name(void **state)
{
	(void)state;
	play("a2");
	next_execution();
	shim_spin_lock(&a, SCHED_SITE("taken"));
	shim_spin_lock(&a2, SCHED_SITE("taken"));
	shim_spin_unlock(&a2, SCHED_SITE("given back"));
	shim_spin_unlock(&a, SCHED_SITE("given back"));
	play("2a");
	assert_reported(REPORT_LOCK, "several a->lock, in both orders");
	assert_non_null(strstr(report_get(0)->detail, "first: - took one in"));
	assert_non_null(strstr(report_get(0)->detail,
			       "then the other way round: task took one in"));
}

#define MANY 200

static unsigned int edges_before; /* there was no room for the next one */

static void takes_all_after_the_first(void *arg)
{
	static struct shim_lock_class classes[MANY];
	static struct shim_lock locks[MANY];

	(void)arg;
	for (unsigned int i = 0; i < MANY; i++) {
		classes[i].name = "many";
		shim_lock_init(&locks[i], &classes[i]);
	}
	shim_spin_lock(&locks[0], SCHED_SITE("first"));
	for (unsigned int i = 1; i < MANY; i++) {
		if (!report_count())
			edges_before = lock_order_nr();
		shim_spin_lock(&locks[i], SCHED_SITE("others"));
		shim_spin_unlock(&locks[i], SCHED_SITE("others"));
	}
	shim_spin_unlock(&locks[0], SCHED_SITE("first"));
}

static void more_classes_than_there_is_room_for_are_said_once(void **state)
{
	(void)state;
	spawn("task", takes_all_after_the_first, NULL);
	sched_run(NULL);
	assert_int_equal(report_count(), 1);
	assert_int_equal(report_get(0)->kind, REPORT_UNMODELLED);
	assert_non_null(strstr(last_report(), "classes of locks"));
	assert_int_equal(lock_order_nr(), edges_before);
}

static void cycles_with_a_common_class_are_told_apart(void **state)
{
	struct lock_edge edges[] = { edge("a", "b"), edge("a", "c"), edge("b", "a"),
				     edge("c", "a") };
	struct lock_cycle cycle[4];

	(void)state;
	assert_int_equal(lock_cycles(edges, 4, cycle, 4), 2);
	assert_string_equal(cycle[0].edge[1]->from.node.name, "b");
	assert_string_equal(cycle[1].edge[1]->from.node.name, "c");
}

static void what_else_was_held_is_told(void **state)
{
	(void)state;
	play("cab");
	play("bc");
	assert_reported(REPORT_LOCK, "lock order: b->lock -> c->lock -> b->lock");
	assert_non_null(strstr(report_get(0)->detail, "and held a->lock, taken in"));
}

static struct shim_lock nested[12];

static void nests_a_dozen(void *arg)
{
	(void)arg;
	for (int i = 0; i < 12; i++)
		shim_spin_lock(&nested[i], SCHED_SITE("nested"));
	for (int i = 12; i--;)
		shim_spin_unlock(&nested[i], SCHED_SITE("nested"));
}

static void more_nested_locks_than_there_is_room_for_are_said(void **state)
{
	(void)state;
	for (int i = 0; i < 12; i++)
		shim_lock_init(&nested[i], &class_a);
	run_to_end(spawn("task", nests_a_dozen, NULL));
	assert_reported(REPORT_UNMODELLED, "nested locks of one class in an execution");
}

/* locks are watched, whether their steps are looked at or not */
static void an_order_is_seen_without_a_trace(void **state)
{
	(void)state;
	trace_enable(false, 0);
	play("ab");
	play("ba");
	assert_reported(REPORT_LOCK, "lock order: a->lock -> b->lock -> a->lock");
	report_reset();
	lock_order_watch(LOCK_ORDER_OFF);
	next_execution();
	trace_enable(false, 0);
	play("bc");
	play("cb");
	assert_int_equal(report_count(), 0);
	assert_int_equal(lock_order_nr(), 0);
}

static void cycles_that_differ_in_one_class_are_told_apart(void **state)
{
	/* the lowest is first: they differ there, and in the middle, and at the end */
	struct lock_edge edges[] = { edge("a", "d"), edge("d", "a"), edge("b", "d"),
				     edge("d", "b"), edge("c", "d"), edge("d", "c") };
	struct lock_cycle cycle[8];

	(void)state;
	assert_int_equal(lock_cycles(edges, 6, cycle, 8), 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(cycle[i].nr, 2);
		assert_ptr_equal(cycle[i].edge[0], &edges[2 * i]);
		assert_ptr_equal(cycle[i].edge[1], &edges[2 * i + 1]);
	}
	/* no more than there is room for */
	assert_int_equal(lock_cycles(edges, 6, cycle, 2), 2);
	assert_int_equal(lock_cycles(edges, 0, cycle, 8), 0);
}

static void an_edge_knows_who_saw_it_and_what_was_held(void **state)
{
	const struct lock_edge *e;

	(void)state;
	lock_order_watch(LOCK_ORDER_COLLECT);
	next_execution();
	play("cab");
	assert_int_equal(lock_order_nr(), 3);
	assert_null(lock_order_edge(3));
	e = lock_order_edge(0);
	assert_string_equal(e->from.node.name, "c->lock");
	assert_string_equal(e->to.node.name, "a->lock");
	assert_string_equal(e->task, "task");
	assert_int_equal(e->nr_held, 1);
	assert_ptr_equal(e->from.lock, &c);
	assert_ptr_equal(e->to.lock, &a);
	assert_string_equal(e->from.at->func, "takes");
	e = lock_order_edge(2);
	assert_string_equal(e->from.node.name, "a->lock");
	assert_string_equal(e->to.node.name, "b->lock");
	assert_int_equal(e->nr_held, 2);
	assert_string_equal(e->held[0].node.name, "c->lock");
	assert_string_equal(e->held[1].node.name, "a->lock");
	assert_int_equal(lock_order_commit("scenario", 7, 3), 3);
	assert_int_equal(lock_order_commit("another", 8, 4), 0);
	for (unsigned int i = 0; i < 3; i++) {
		e = lock_order_edge(i);
		assert_string_equal(e->scenario, "scenario");
		assert_int_equal(e->execution, 7);
		assert_int_equal(e->schedule, 3);
	}
	/* of the main context */
	next_execution();
	shim_spin_lock(&b, SCHED_SITE("taken"));
	shim_spin_lock(&c, SCHED_SITE("taken"));
	shim_spin_unlock(&c, SCHED_SITE("given back"));
	shim_spin_unlock(&b, SCHED_SITE("given back"));
	assert_int_equal(lock_order_nr(), 4);
	assert_string_equal(lock_order_edge(3)->task, "-");
}

/* what an execution that does not count has seen is forgotten, and may be seen again */
static void an_edge_that_was_not_committed_is_forgotten(void **state)
{
	(void)state;
	lock_order_watch(LOCK_ORDER_COLLECT);
	next_execution();
	play("ab");
	lock_order_commit("scenario", 0, 0);
	play("bc");
	play("ac");
	assert_int_equal(lock_order_nr(), 3);
	next_execution();
	assert_int_equal(lock_order_nr(), 1);
	play("ab");
	assert_int_equal(lock_order_nr(), 1);
	play("bc");
	assert_int_equal(lock_order_nr(), 2);
	play("ac");
	assert_int_equal(lock_order_nr(), 3);
	lock_order_watch(LOCK_ORDER_COLLECT);
	assert_int_equal(lock_order_nr(), 0);
	assert_null(lock_order_edge(0));
}

static void nobody_holds_no_lock(void **state)
{
	char words[40];

	(void)state;
	assert_string_equal(lock_held_words(NULL, words, sizeof(words)), "no lock");
	shim_spin_lock(&a, SCHED_SITE("taken"));
	/* cut off where its room ends */
	assert_memory_equal(lock_held_words(NULL, words, sizeof(words)),
			    "a->lock (tests/unit/lock_order_test.c:", 38);
	assert_int_equal(strlen(words), sizeof(words) - 1);
	shim_spin_unlock(&a, SCHED_SITE("given back"));
}

static void a_place_without_a_function_is_words_already(void **state)
{
	const struct sched_site words = { .file = "b.c:7 (g)" },
				site = { .file = "b.c", .func = "g", .line = 7 };
	const struct lock_node plain = { .name = "n" },
			       level = { .name = "n", .subclass = 2 };
	char buf[32], little[4];

	(void)state;
	assert_string_equal(lock_place_words(&words, buf, sizeof(buf)), "b.c:7 (g)");
	assert_string_equal(lock_place_words(&site, buf, sizeof(buf)), "b.c:7 (g)");
	assert_string_equal(lock_place_words(&site, little, sizeof(little)), "b.c");
	assert_string_equal(lock_node_words(&plain, buf, sizeof(buf)), "n");
	assert_string_equal(lock_node_words(&level, buf, sizeof(buf)), "n/2");
}

static void a_promised_cycle_may_have_three_edges(void **state)
{
	struct lock_edge first = edge("a->lock", "b->lock");
	struct lock_edge second = edge("b->lock", "q->lock");
	struct lock_edge third = edge("q->lock", "a->lock");
	const struct lock_edge *const promised[] = { &first, &second, &third };

	(void)state;
	lock_order_expect(promised, 3);
	play("bc"); /* not the first */
	assert_int_equal(report_count(), 0);
	play("ab");
	assert_reported(REPORT_LOCK,
			"lock order: a->lock -> b->lock -> q->lock -> a->lock");
	lock_order_expect(NULL, 0);
}

static void holds_three(void *arg)
{
	static const char order[] = "abc";
	char *words = arg;

	for (unsigned int i = 0; i < 3; i++)
		shim_spin_lock(lock_of(order[i]), SCHED_SITE("taken"));
	shim_spin_unlock(&b, SCHED_SITE("given back"));
	lock_held_words(sched_current(), words, 400);
	shim_spin_lock(&b, SCHED_SITE("taken"));
	shim_spin_unlock(&a, SCHED_SITE("given back"));
	lock_held_words(sched_current(), words + 400, 400);
	shim_spin_unlock(&b, SCHED_SITE("given back"));
	shim_spin_unlock(&c, SCHED_SITE("given back"));
	strcpy(words + 800, lock_held_words(sched_current(), words + 1000, 200));
}

static void the_others_are_still_held_in_their_order(void **state)
{
	char words[1200] = "";

	(void)state;
	run_to_end(spawn("task", holds_three, words));
	assert_ptr_equal(strstr(words, "a->lock"), words);
	assert_non_null(strstr(words, "), c->lock"));
	assert_null(strstr(words, "b->lock"));
	assert_ptr_equal(strstr(words + 400, "c->lock"), words + 400);
	assert_non_null(strstr(words + 400, "), b->lock"));
	assert_null(strstr(words + 400, "a->lock"));
	assert_string_equal(words + 800, "no lock");
}

static void frees_two_that_are_held(void *arg)
{
	struct shim_lock *two = shim_kmalloc(2 * sizeof(*two), 0, SCHED_SITE("two"));

	(void)arg;
	shim_lock_init(&two[0], &class_a);
	shim_lock_init(&two[1], &class_b);
	shim_spin_lock(&c, SCHED_SITE("taken"));
	shim_spin_lock(&two[0], SCHED_SITE("taken"));
	shim_spin_lock(&two[1], SCHED_SITE("taken"));
	shim_kfree(two, SCHED_SITE("two"));
	sched_exit();
}

static void each_lock_that_is_freed_while_held_is_reported(void **state)
{
	(void)state;
	spawn("task", frees_two_that_are_held, NULL);
	sched_run(NULL);
	assert_int_equal(report_count(), 2);
	assert_memory_equal(report_get(0)->summary, "a->lock is freed while it is held",
			    33);
	assert_memory_equal(report_get(1)->summary, "b->lock is freed while it is held",
			    33);
}

static struct shim_lock many_rows[6];

static void takes_each_pair(void *arg)
{
	unsigned int first = arg ? 1 : 0;

	for (unsigned int i = 0; i < 6; i += 2) {
		shim_spin_lock(&many_rows[i + first], SCHED_SITE("taken"));
		shim_spin_lock(&many_rows[i + !first], SCHED_SITE("taken"));
		shim_spin_unlock(&many_rows[i + !first], SCHED_SITE("given back"));
		shim_spin_unlock(&many_rows[i + first], SCHED_SITE("given back"));
	}
}

/* of several pairs those go whose memory is freed, wherever they stand, and no other */
static void the_order_of_freed_locks_is_forgotten_and_no_other(void **state)
{
	for (unsigned int gone = 0; gone < 3; gone++)
		for (unsigned int which = 0; which < 2; which++) {
			fresh_graph(state);
			for (int i = 0; i < 6; i++)
				shim_lock_init(&many_rows[i], &class_a);
			run_to_end(spawn("task", takes_each_pair, NULL));
			lock_order_freed(&many_rows[2 * gone + which],
					 sizeof(many_rows[0]), NULL);
			run_to_end(spawn("task", takes_each_pair, many_rows));
			/* the other two pairs */
			assert_int_equal(report_count(), 2);
		}
}

/* what a task held when watching began anew is nothing that it took meanwhile */
static void watching_anew_forgets_what_is_held(void **state)
{
	char words[200];

	(void)state;
	shim_spin_lock(&a, SCHED_SITE("taken"));
	lock_order_watch(LOCK_ORDER_REPORT);
	assert_string_equal(lock_held_words(NULL, words, sizeof(words)), "no lock");
	shim_spin_lock(&b, SCHED_SITE("taken"));
	assert_int_equal(lock_order_nr(), 0);
	shim_spin_unlock(&b, SCHED_SITE("given back"));
	shim_spin_unlock(&a, SCHED_SITE("given back"));
}

#define order_test(f) cmocka_unit_test_setup_teardown(f, fresh_graph, no_graph)

int main(void)
{
	const struct CMUnitTest tests[] = {
		order_test(two_orders_in_two_executions_are_a_cycle),
		order_test(one_order_is_none),
		order_test(a_cycle_is_reported_once),
		order_test(three_orders_are_a_cycle),
		order_test(a_trylock_waits_for_nobody),
		order_test(locks_of_one_class_in_one_order_are_none),
		order_test(locks_of_one_class_in_two_orders_are_a_cycle),
		order_test(three_locks_of_one_class_are_a_cycle_as_well),
		order_test(locks_of_one_class_are_told_apart_by_execution),
		order_test(a_level_of_nesting_is_a_class_of_its_own),
		order_test(locks_without_validation_have_no_order),
		order_test(freed_locks_are_forgotten),
		order_test(a_lock_that_is_freed_while_held_is_reported),
		order_test(what_a_task_holds_can_be_told),
		order_test(collected_edges_need_an_execution_that_counts),
		order_test(cycles_do_not_depend_on_who_came_first),
		order_test(edges_are_ordered_by_class_place_and_execution),
		order_test(a_dense_graph_without_a_cycle_has_none),
		order_test(a_long_cycle_is_found_among_many_ways),
		order_test(a_cycle_may_be_as_long_as_there_is_room),
		order_test(a_promised_cycle_is_closed_by_its_first_edge),
		order_test(another_level_of_nesting_is_not_what_was_promised),
		order_test(what_lies_behind_freed_memory_is_not_forgotten),
		order_test(a_way_that_leads_nowhere_is_left),
		order_test(the_main_context_takes_locks_without_a_name),
		order_test(more_classes_than_there_is_room_for_are_said_once),
		order_test(cycles_with_a_common_class_are_told_apart),
		order_test(what_else_was_held_is_told),
		order_test(more_nested_locks_than_there_is_room_for_are_said),
		order_test(an_order_is_seen_without_a_trace),
		order_test(cycles_that_differ_in_one_class_are_told_apart),
		order_test(an_edge_knows_who_saw_it_and_what_was_held),
		order_test(an_edge_that_was_not_committed_is_forgotten),
		order_test(nobody_holds_no_lock),
		order_test(a_place_without_a_function_is_words_already),
		order_test(a_promised_cycle_may_have_three_edges),
		order_test(the_others_are_still_held_in_their_order),
		order_test(each_lock_that_is_freed_while_held_is_reported),
		order_test(the_order_of_freed_locks_is_forgotten_and_no_other),
		order_test(watching_anew_forgets_what_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
