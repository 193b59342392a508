// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks that do not get on: what is said of a circle of tasks that wait for each other,
 * of a lost wake-up, and of tasks that spin.
 */
#include "detect/lock_order.h"
#include "detect/progress.h"
#include "shim/lock.h"
#include "shim/wait.h"
#include "shim/work.h"
#include "unit.h"

static const struct shim_lock_class class_a = { "&a->lock" };
static const struct shim_lock_class class_b = { "&b->lock" };
static const struct shim_lock_class class_q = { "&q->lock" };
static struct shim_lock a, b;
static struct shim_waitqueue wq;
static unsigned int went_on;

static int fresh(void **state)
{
	fresh_kernel(state);
	shim_lock_init(&a, &class_a);
	shim_lock_init(&b, &class_b);
	shim_wait_init(&wq, &class_q);
	went_on = 0;
	return 0;
}

#define assert_detail(text)                                                           \
	do {                                                                          \
		if (!strstr(report_get(0)->detail, text))                             \
			fail_msg("\"%s\" lacks \"%s\"", report_get(0)->detail, text); \
	} while (0)

/* ---- a circle ---- */

static void takes_a_then_b(void *arg)
{
	(void)arg;
	shim_mutex_lock(&a, SCHED_SITE("&a->lock"));
	shim_mutex_lock(&b, SCHED_SITE("&b->lock"));
}

static void takes_b_then_a(void *arg)
{
	(void)arg;
	shim_mutex_lock(&b, SCHED_SITE("&b->lock"));
	shim_mutex_lock(&a, SCHED_SITE("&a->lock"));
}

static void a_circle_is_told_from_each_task_that_is_in_it(void **state)
{
	struct sched_task *one, *two;

	lock_order_watch(LOCK_ORDER_COLLECT); /* what a task holds is known then */
	fresh(state);
	one = spawn("one", takes_a_then_b, NULL);
	two = spawn("two", takes_b_then_a, NULL);
	run_until_lock(one, "b->lock");
	run_until_blocked(two);
	assert_int_equal(report_count(), 0);
	run_until_blocked(one);
	assert_reported(REPORT_PROGRESS,
			"deadlock: one waits for b->lock of two, which waits for a->lock "
			"of one");
	assert_detail("one waits for b->lock in tests/unit/stuck_test.c:");
	assert_detail("(takes_a_then_b)\n  and holds a->lock");
	assert_detail("two waits for a->lock in tests/unit/stuck_test.c:");
	assert_detail("(takes_b_then_a)\n  and holds b->lock");
	lock_order_watch(LOCK_ORDER_OFF);
}

/* a task that waits for a circle without being in it closes none */
static void a_task_that_waits_for_a_circle_is_not_in_it(void **state)
{
	struct sched_task *one = spawn("one", takes_a_then_b, NULL);
	struct sched_task *two = spawn("two", takes_b_then_a, NULL);
	struct sched_task *three = spawn("three", takes_a_then_b, NULL);

	(void)state;
	run_until_lock(one, "b->lock");
	run_until_blocked(two);
	run_until_blocked(one);
	run_until_blocked(three);
	assert_int_equal(report_count(), 1);
	assert_null(strstr(report_get(0)->detail, "three"));
}

/* ---- a lost wake-up ---- */

static int condition, quiet;

static void waits_for_the_condition(void *arg)
{
	struct shim_waiter w = { .looks_again = 1 };

	(void)arg;
	while (!shim_prepare_to_wait(&wq, &w, SHIM_TASK_UNINTERRUPTIBLE, 0,
				     SCHED_SITE("condition")) &&
	       !condition)
		shim_schedule(SCHED_SITE("condition"));
	shim_finish_wait(&wq, &w, SCHED_SITE("condition"));
	went_on++;
}

/* without a loop: to be woken for nothing is more than it can bear */
static void sleeps_once(void *arg)
{
	(void)arg;
	sched_block(&quiet, "a bell", SCHED_SITE("bell"));
	went_on++;
}

static void a_task_that_sleeps_although_its_condition_is_true_is_found(void **state)
{
	(void)state;
	condition = 0;
	spawn("bell", sleeps_once, NULL);
	spawn("waiter", waits_for_the_condition, NULL);
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	condition = 1;
	shim_look_for_lost_wakeups();
	assert_reported(REPORT_PROGRESS,
			"lost wake-up: waiter sleeps although its condition is true: "
			"condition");
	assert_detail("waiter sleeps on q->lock\n  which nobody ever woke");
}

static void the_look_wakes_no_other_task(void **state)
{
	struct sched_task *bell = spawn("bell", sleeps_once, NULL);

	(void)state;
	condition = 0;
	spawn("waiter", waits_for_the_condition, NULL);
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	shim_look_for_lost_wakeups();
	assert_int_equal(report_count(), 0);
	assert_int_equal(went_on, 0);
	assert_int_equal(bell->state, SCHED_BLOCKED);
}

/* ---- spinning ---- */

static unsigned int word;

static void spins_early(void *arg)
{
	(void)arg;
	for (;;) {
		sched_point(SCHED_WRITE, &word, SCHED_SITE("word, last"));
		sched_point(SCHED_READ, &word, SCHED_SITE("word, first")); /* above it */
	}
}

static void spins_late(void *arg)
{
	(void)arg;
	for (;;) {
		sched_point(SCHED_ATOMIC, &word, SCHED_SITE("word"));
		sched_yield();
	}
}

static void comes_to_an_end(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < 3000; i++)
		sched_point(SCHED_READ, &word, SCHED_SITE("word"));
}

static struct sched_task *the_last(void *ctx, struct sched_task *const *runnable,
				   unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)last;
	return runnable[n - 1];
}

static const struct sched_strategy unfair = { .pick = the_last, .mask = SCHED_MARKED };

static void tasks_that_spin_are_told_with_their_places(void **state)
{
	const char *one, *two;

	(void)state;
	spawn("ends", comes_to_an_end, NULL);
	spawn("early", spins_early, NULL);
	spawn("late", spins_late, NULL);
	spawn("early too", spins_early, NULL);
	spawn("late too", spins_late, NULL);
	assert_int_equal(progress_run(&unfair, 40000), SCHED_BOUND);
	assert_reported(REPORT_PROGRESS,
			"no end after 40000 switches: early spins in spins_early, late "
			"spins in spins_late, and 2 more");
	assert_non_null(strstr(report_get(0)->where, "(spins_early)"));
	assert_null(strstr(report_get(0)->detail, "ends comes by"));
	/* each place once */
	one = strstr(report_get(0)->detail, "early comes by");
	one = strstr(one + 1, "early comes by");
	assert_null(strstr(one + 1, "early comes by"));
	/* in the order of the source */
	one = strstr(report_get(0)->detail, "early comes by tests/unit/stuck_test.c:");
	two = strstr(report_get(0)->detail, "again and again: read word, first\n");
	assert_non_null(strstr(one, "again and again: write word, last\n"));
	assert_true(strstr(one, "write word, last") < two);
	/* the first of them is where it is said to be */
	one += strlen("early comes by ");
	assert_memory_equal(one, report_get(0)->where,
			    strcspn(report_get(0)->where, " "));
	assert_detail("late comes by tests/unit/stuck_test.c:");
	assert_detail("again and again: atomic word\n");
}

static void passes_once(void *arg)
{
	(void)arg;
	sched_point(SCHED_READ, &word, SCHED_SITE("word"));
	sched_block(&word, "what never comes", SCHED_SITE("word"));
}

static void passes_twice(void *arg)
{
	for (unsigned int i = 0; i < 2; i++)
		sched_point(SCHED_READ, &word, SCHED_SITE("word"));
	passes_once(arg);
}

static void a_task_that_passes_and_waits_does_not_spin(void **state)
{
	(void)state;
	spawn("passes", passes_once, NULL);
	spawn("passes", passes_twice, NULL);
	spawn("early", spins_early, NULL);
	assert_int_equal(progress_run(&unfair, 4000), SCHED_BOUND);
	assert_reported(REPORT_PROGRESS,
			"no end after 4000 switches: early spins in spins_early");
	assert_null(strstr(report_get(0)->detail, "passes comes by"));
}

static void tasks_that_only_lack_their_turn_come_to_an_end(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 3; i++)
		spawn("ends", comes_to_an_end, NULL);
	assert_int_equal(progress_run(&unfair, 20000), SCHED_ENDED);
	assert_int_equal(report_count(), 0);
}

static unsigned int picks;

static struct sched_task *the_last_is_counted(void *ctx,
					      struct sched_task *const *runnable,
					      unsigned int n, struct sched_task *last)
{
	picks++;
	return the_last(ctx, runnable, n, last);
}

static void a_strategy_has_half_of_the_bound(void **state)
{
	const struct sched_strategy counts = { .pick = the_last_is_counted,
					       .mask = SCHED_MARKED };

	(void)state;
	picks = 0;
	spawn("early", spins_early, NULL);
	spawn("early too", spins_early, NULL);
	assert_int_equal(progress_run(&counts, 4000), SCHED_BOUND);
	assert_in_range(picks, 2000, 2001);
}

static struct sched_task *pair[2];

static void wakes_the_other(void *arg)
{
	const unsigned int me = (unsigned int)(uintptr_t)arg;

	for (;;) {
		sched_wake(pair[!me]);
		sched_block(&pair, "the other one", SCHED_SITE("pair"));
	}
}

static void what_goes_on_without_a_strategy_has_the_same_bound(void **state)
{
	(void)state;
	assert_int_equal(progress_run(&unfair, 1000), SCHED_ENDED);
	for (uintptr_t i = 0; i < 2; i++)
		pair[i] = spawn(i ? "two" : "one", wakes_the_other, (void *)i);
	assert_int_equal(progress_goes_on(), SCHED_BOUND);
	assert_true(sched_stopped());
	assert_reported(REPORT_PROGRESS, "no end after 1000 switches: ");
}

static void sleeps_with_a(void *arg)
{
	(void)arg;
	shim_mutex_lock(&a, SCHED_SITE("&a->lock"));
	waits_for_the_condition(NULL);
}

static void takes_a(void *arg)
{
	(void)arg;
	shim_mutex_lock(&a, SCHED_SITE("&a->lock"));
}

/* from the task that waits to what it waits for in the end */
static void the_way_to_what_is_waited_for_is_told(void **state)
{
	struct sched_task *waiter;

	lock_order_watch(LOCK_ORDER_COLLECT);
	fresh(state);
	condition = 0;
	spawn("sleeper", sleeps_with_a, NULL);
	waiter = spawn("waiter", takes_a, NULL);
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	report_reset();
	report(REPORT_PROGRESS, NULL, "waiter never ended");
	shim_tell_wait(waiter->data);
	assert_detail("waiter waits for a->lock, which sleeper holds, taken in "
		      "tests/unit/stuck_test.c:");
	assert_detail("(sleeps_with_a)\nsleeper holds a->lock (tests/unit/stuck_test.c:");
	assert_detail("sleeper sleeps on q->lock\n  which nobody ever woke\n");
	lock_order_watch(LOCK_ORDER_OFF);
}

/* ---- work ---- */

static struct shim_work item;

static void takes_the_lock(struct shim_work *work)
{
	(void)work;
	shim_mutex_lock(&a, SCHED_SITE("&a->lock"));
	shim_mutex_unlock(&a, SCHED_SITE("&a->lock"));
}

static void waits_for_the_work_with_the_lock(void *arg)
{
	(void)arg;
	shim_mutex_lock(&a, SCHED_SITE("&a->lock"));
	shim_work_cancel_sync(&item, SCHED_SITE("item"));
	shim_mutex_unlock(&a, SCHED_SITE("&a->lock"));
}

/* whichever of the two closes it */
static void waiting_for_work_that_waits_for_a_lock_is_a_circle(void **state)
{
	for (unsigned int work_first = 0; work_first < 2; work_first++) {
		struct sched_task *canceller, *kworker;

		fresh(state);
		shim_work_init(&item, takes_the_lock);
		canceller = spawn("canceller", waits_for_the_work_with_the_lock, NULL);
		run_until(canceller, SCHED_WORK, 1); /* with the lock */
		shim_work_queue(&item, 0, SCHED_SITE("item"));
		kworker = sched_task_nr(1);
		run_until_lock(kworker, "a->lock");
		if (work_first) {
			run_until_blocked(kworker);
			run_until_blocked(canceller);
		} else {
			run_until_blocked(canceller);
			run_until_blocked(kworker);
		}
		assert_reported(REPORT_PROGRESS,
				"deadlock: canceller waits for the work that runs in "
				"kworker/0, which waits for a->lock of canceller");
		assert_detail("canceller waits for the work in tests/unit/stuck_test.c:");
		assert_detail("kworker/0 waits for a->lock in tests/unit/stuck_test.c:");
	}
}

static void works_for_ever(struct shim_work *work)
{
	(void)work;
	sched_block(&quiet, "a bell", SCHED_SITE("bell"));
}

static void waits_for_the_work(void *arg)
{
	(void)arg;
	sched_yield();
	shim_work_cancel_sync(&item, SCHED_SITE("item"));
}

static void the_end_of_work_is_told_as_what_is_waited_for(void **state)
{
	struct sched_task *waiter = spawn("waiter", waits_for_the_work, NULL);

	(void)state;
	shim_work_init(&item, works_for_ever);
	shim_work_queue(&item, 0, SCHED_SITE("item"));
	sched_run(NULL);
	report(REPORT_PROGRESS, NULL, "waiter never ended");
	shim_tell_wait(waiter->data);
	assert_string_equal(report_get(0)->detail,
			    "waiter waits for the end of work that kworker/0 runs\n");
}

/* a task that does not sleep is not told to, though it once slept there */
static void who_was_woken_does_not_sleep(void **state)
{
	struct sched_task *waiter;

	(void)state;
	condition = 0;
	waiter = spawn("waiter", waits_for_the_condition, NULL);
	sched_run(NULL);
	report(REPORT_PROGRESS, NULL, "now");
	shim_tell_wait(waiter->data);
	assert_detail("waiter sleeps on q->lock");
	shim_wake_up(&wq, SHIM_TASK_NORMAL, 1, 0, SCHED_SITE("wq"));
	report_reset();
	report(REPORT_PROGRESS, NULL, "later");
	shim_tell_wait(waiter->data);
	assert_string_equal(report_get(0)->detail, "");
	sched_run(NULL);
	report_reset();
	report(REPORT_PROGRESS, NULL, "asleep again");
	shim_tell_wait(waiter->data);
	assert_detail("waiter sleeps on q->lock\n  whose last wake-up, by main in "
		      "tests/unit/stuck_test.c:");
	assert_detail("(who_was_woken_does_not_sleep), came before it slept\n");
}

/* ---- places of tasks that spin ---- */

static const struct sched_site spots[] = {
	{ .file = "b.c", .func = "in_b", .line = 1, .expr = "one" },
	{ .file = "a.c", .func = "in_a", .line = 9, .expr = "two" },
	{ .file = "a.c", .func = "in_a", .line = 2, .expr = "three" },
	{ .file = "c.c", .func = "in_c", .line = 5 },
};

static void spins_over_files(void *arg)
{
	(void)arg;
	for (;;)
		for (unsigned int i = 0; i < 4; i++)
			sched_point(i % 2 ? SCHED_READ : SCHED_WRITE, &word, &spots[i]);
}

static void places_are_in_the_order_of_files_and_lines(void **state)
{
	(void)state;
	spawn("spins", spins_over_files, NULL);
	assert_int_equal(progress_run(&unfair, 500), SCHED_BOUND);
	assert_true(sched_stopped());
	assert_reported(REPORT_PROGRESS,
			"no end after 500 switches: spins spins in in_a");
	assert_null(strstr(last_report(), "more"));
	assert_string_equal(report_get(0)->where, "a.c:2 (in_a)");
	assert_string_equal(report_get(0)->detail,
			    "spins comes by a.c:2 (in_a) again and again: write three\n"
			    "spins comes by a.c:9 (in_a) again and again: read two\n"
			    "spins comes by b.c:1 (in_b) again and again: write one\n"
			    "spins comes by c.c:5 (in_c) again and again: read \n");
}

static struct sched_site row_of[12];

static void spins_in_a_dozen_places(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < 12; i++)
		row_of[i] = (struct sched_site){ .file = "d.c",
						 .func = "in_d",
						 .line = (int)i + 1 };
	for (;;)
		for (unsigned int i = 0; i < 12; i++)
			sched_point(SCHED_READ, &word, &row_of[i]);
}

/* eight of them, each once */
static void only_so_many_places_are_told(void **state)
{
	unsigned int n = 0;

	(void)state;
	spawn("spins", spins_in_a_dozen_places, NULL);
	spawn("spins too", spins_early, NULL);
	assert_int_equal(progress_run(&unfair, 500), SCHED_BOUND);
	for (const char *at = report_get(0)->detail; (at = strstr(at, "spins comes by "));
	     at++)
		n++;
	assert_int_equal(n, 8);
	assert_reported(REPORT_PROGRESS,
			"spins spins in in_d, spins too spins in spins_early");
	assert_null(strstr(last_report(), "more"));
}

static struct shim_lock c;

static void takes_two(void *arg)
{
	struct shim_lock *const ring[] = { &a, &b, &c };
	unsigned int me = (unsigned int)(uintptr_t)arg;

	shim_mutex_lock(ring[me], SCHED_SITE("own"));
	sched_yield();
	shim_mutex_lock(ring[(me + 1) % 3], SCHED_SITE("next"));
}

/* whoever closes it, it is told from the oldest */
static void a_circle_of_three_is_told_from_the_oldest(void **state)
{
	static const struct shim_lock_class class_c = { "&c->lock" };

	for (unsigned int last = 0; last < 3; last++) {
		struct sched_task *t[3];

		fresh(state);
		shim_lock_init(&c, &class_c);
		t[0] = spawn("one", takes_two, (void *)0);
		t[1] = spawn("two", takes_two, (void *)1);
		t[2] = spawn("three", takes_two, (void *)2);
		for (unsigned int i = 0; i < 3; i++)
			sched_run_task(t[i], NULL, NULL, 0);
		for (unsigned int i = 1; i <= 3; i++)
			run_until_blocked(t[(last + i) % 3]);
		assert_reported(REPORT_PROGRESS,
				"deadlock: one waits for b->lock of two, which waits for "
				"c->lock of three, which waits for a->lock of one");
	}
}

#define test(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_circle_is_told_from_each_task_that_is_in_it),
		test(a_task_that_waits_for_a_circle_is_not_in_it),
		test(a_task_that_sleeps_although_its_condition_is_true_is_found),
		test(the_look_wakes_no_other_task),
		test(tasks_that_spin_are_told_with_their_places),
		test(a_task_that_passes_and_waits_does_not_spin),
		test(tasks_that_only_lack_their_turn_come_to_an_end),
		test(a_strategy_has_half_of_the_bound),
		test(what_goes_on_without_a_strategy_has_the_same_bound),
		test(the_way_to_what_is_waited_for_is_told),
		test(waiting_for_work_that_waits_for_a_lock_is_a_circle),
		test(the_end_of_work_is_told_as_what_is_waited_for),
		test(who_was_woken_does_not_sleep),
		test(places_are_in_the_order_of_files_and_lines),
		test(only_so_many_places_are_told),
		test(a_circle_of_three_is_told_from_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
