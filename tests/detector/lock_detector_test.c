// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks and waiting in kernel code: what is reported, and what is not.
 */
#include "detector.h"

#include "cases/lock_cases.h"
#include "detect/lock_order.h"
#include "detect/progress.h"
#include "search/search.h"
#include "shim/wait.h"

typedef void (*case_fn)(void *);

static void begin(void)
{
	hook_watch(0);
	fresh_kernel(NULL);
	trace_enable(false, 0);
	locks_begin(NULL);
}

static int set_up(void **state)
{
	(void)state;
	lock_order_watch(LOCK_ORDER_REPORT);
	begin();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lock_order_watch(LOCK_ORDER_OFF);
	return 0;
}

/* one after the other, in executions of their own */
static void play_apart(const case_fn *fns, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		begin();
		run_to_end(spawn("task", fns[i], NULL));
		if (i + 1 < nr && report_count())
			fail_msg("too early: %s", last_report());
	}
}

#define apart(...)                                   \
	play_apart((const case_fn[]){ __VA_ARGS__ }, \
		   sizeof((const case_fn[]){ __VA_ARGS__ }) / sizeof(case_fn))

static void assert_silence(void)
{
	if (report_count())
		fail_msg("false alarm: %s", last_report());
}

/* ---- order ---- */

static void two_orders_of_which_no_execution_has_both(void **state)
{
	(void)state;
	apart(takes_ab, takes_ba);
	assert_reported(REPORT_LOCK, "lock order: it.a -> it.b -> it.a");
	assert_non_null(strstr(report_get(0)->where, "cases/locks.c"));
}

static void one_order_again_and_again(void **state)
{
	(void)state;
	apart(takes_ab, takes_ab, takes_bc, takes_ac, tries_ba);
	assert_silence();
}

static void three_locks_in_a_circle(void **state)
{
	(void)state;
	apart(takes_ab, takes_bc, takes_ca);
	assert_reported(REPORT_LOCK, "lock order: it.a -> it.b -> it.c -> it.a");
}

static void play_one_after_the_other(case_fn first, case_fn second)
{
	run_to_end(spawn("first", first, NULL));
	run_to_end(spawn("second", second, NULL));
}

static void one_class_in_both_orders(void **state)
{
	(void)state;
	play_one_after_the_other(takes_same_up, takes_same_down);
	assert_reported(REPORT_LOCK, "lock order: several it.same[i], in both orders");
}

static void one_class_in_one_order(void **state)
{
	(void)state;
	play_one_after_the_other(takes_same_up, takes_same_up);
	assert_silence();
}

static void one_class_by_levels(void **state)
{
	(void)state;
	play_one_after_the_other(takes_same_up_by_level, takes_same_down_by_level);
	assert_silence();
}

static void one_class_made_two_by_keys(void **state)
{
	(void)state;
	play_one_after_the_other(takes_same_by_key, takes_same_down);
	assert_reported(REPORT_LOCK, "lock order: inner_key -> outer_key -> inner_key");
}

/* ---- sleeping while atomic ---- */

static const struct lock_sleeper *sleeper;
static bool atomic;

static void sleeps(void *user)
{
	if (atomic)
		locks_atomic(NULL);
	sleeper->fn(user);
	if (atomic)
		locks_no_longer_atomic(NULL);
}

static void play_sleeper(bool under_spinlock)
{
	struct shim_mm *mm;

	atomic = under_spinlock;
	begin();
	mm = shim_mm_new();
	shim_task_new("task", 0, mm, 0, sleeps,
		      shim_mmap(mm, 4096, SHIM_PROT_READ | SHIM_PROT_WRITE));
	sched_run(NULL);
}

static void whatever_may_sleep_must_not_under_a_spinlock(void **state)
{
	(void)state;
	for (sleeper = lock_sleepers; sleeper->name; sleeper++) {
		play_sleeper(true);
		if (!report_count_kind(REPORT_LOCK) ||
		    !strstr(report_get(0)->summary, "sleeping while atomic"))
			fail_msg("%s was not reported", sleeper->name);
		play_sleeper(false);
		if (report_count())
			fail_msg("%s: false alarm: %s", sleeper->name, last_report());
	}
}

static void what_does_not_sleep_may(void **state)
{
	(void)state;
	run_to_end(spawn("task", allocates_atomically, NULL));
	assert_silence();
}

/* ---- deadlock ---- */

static void a_task_that_locks_twice(void **state)
{
	(void)state;
	spawn("task", takes_twice, NULL);
	assert_int_equal(sched_run(NULL), SCHED_STOPPED);
	assert_reported(REPORT_LOCK, "recursion: it.a");
}

/* Return: how many of the executions had a report; the last report stays */
static unsigned int search(enum search_kind kind, const case_fn *fns, unsigned int nr,
			   uint64_t executions)
{
	const struct search_options o = { .kind = kind,
					  .mask = SCHED_MARKED,
					  .seed = 5,
					  .depth = 2,
					  .steps = 20,
					  .executions = executions,
					  .preemptions = SEARCH_NO_BOUND };
	unsigned int failed = 0;

	search_begin(&o);
	while (!failed && search_next()) {
		begin();
		for (unsigned int i = 0; i < nr; i++)
			spawn(i ? "two" : "one", fns[i], NULL);
		if (progress_run(search_strategy(), 20000) == SCHED_IS_BLOCKED)
			shim_look_for_lost_wakeups();
		failed += search_ended() == SEARCH_COUNTS && report_count();
	}
	return failed;
}

#define searched(kind, executions, ...)                \
	search(kind, (const case_fn[]){ __VA_ARGS__ }, \
	       sizeof((const case_fn[]){ __VA_ARGS__ }) / sizeof(case_fn), executions)

static void a_deadlock_is_told_as_a_circle(void **state)
{
	(void)state;
	lock_order_watch(LOCK_ORDER_COLLECT); /* the order would be reported first */
	assert_int_equal(searched(SEARCH_RANDOM, 1000, takes_ab, takes_ba), 1);
	assert_reported(
		REPORT_PROGRESS,
		"deadlock: one waits for it.b of two, which waits for it.a of one");
	assert_non_null(strstr(report_get(0)->detail, "and holds it.a (tests/detector"));
}

static void one_order_never_deadlocks(void **state)
{
	(void)state;
	assert_int_equal(searched(SEARCH_EXHAUSTIVE, 0, takes_ab, takes_ab), 0);
}

static void waiting_for_work_that_needs_what_one_holds(void **state)
{
	(void)state;
	assert_int_equal(searched(SEARCH_RANDOM, 1000, waits_for_work), 1);
	assert_reported(REPORT_PROGRESS,
			"deadlock: one waits for the work that runs in kworker/0, "
			"which waits for it.mutex of one");
	assert_int_equal(searched(SEARCH_RANDOM, 1000, waits_for_work_without_lock), 0);
}

/* ---- lost wake-up ---- */

static void a_wake_up_before_its_reason_is_lost(void **state)
{
	(void)state;
	assert_int_equal(
		searched(SEARCH_RANDOM, 1000, waits_until_ready, wakes_too_early), 1);
	assert_reported(REPORT_PROGRESS,
			"lost wake-up: one sleeps although its condition "
			"is true: READ_ONCE(it.ready)");
	assert_non_null(strstr(report_get(0)->detail, "whose last wake-up, by two in"));
	assert_non_null(strstr(report_get(0)->where, "(waits_until_ready)"));
}

static void a_wake_up_after_its_reason_is_not(void **state)
{
	(void)state;
	assert_int_equal(searched(SEARCH_EXHAUSTIVE, 0, waits_until_ready, wakes_in_time),
			 0);
	assert_int_equal(searched(SEARCH_RANDOM, 2000, waits_until_ready, wakes_in_time),
			 0);
}

/* it sleeps for good, but rightly: that is reported by who knows that it must end */
static void a_condition_that_never_comes_true_is_no_lost_wake_up(void **state)
{
	(void)state;
	assert_int_equal(
		searched(SEARCH_RANDOM, 100, waits_until_ready, wakes_for_nothing), 0);
	assert_int_equal(sched_task_nr(0)->state, SCHED_BLOCKED);
}

/* ---- live-lock ---- */

static void who_gives_way_for_ever_is_named(void **state)
{
	(void)state;
	assert_int_equal(searched(SEARCH_RANDOM, 1, gives_way_1, gives_way_2), 1);
	assert_reported(REPORT_PROGRESS, "no end after 20000 switches: one spins in "
					 "give_way, two spins in give_way");
	assert_non_null(
		strstr(report_get(0)->detail, "one comes by tests/detector/cases"));
	assert_non_null(strstr(report_get(0)->detail, "lock &it.a"));
}

static void who_does_so_for_a_while_is_not(void **state)
{
	(void)state;
	assert_int_equal(
		searched(SEARCH_RANDOM, 50, gives_way_at_last_1, gives_way_at_last_2), 0);
}

/* PCT lets the spinning one run alone: it only lacks the other's turn */
static void who_only_needs_the_others_turn_is_not(void **state)
{
	(void)state;
	assert_int_equal(searched(SEARCH_PCT, 50, spins_until_ready, makes_ready), 0);
	assert_int_equal(searched(SEARCH_PCT, 1, spins_until_ready), 1);
	assert_reported(REPORT_PROGRESS, "one spins in spins_until_ready");
}

#define detector_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		detector_test(two_orders_of_which_no_execution_has_both),
		detector_test(one_order_again_and_again),
		detector_test(three_locks_in_a_circle),
		detector_test(one_class_in_both_orders),
		detector_test(one_class_in_one_order),
		detector_test(one_class_by_levels),
		detector_test(one_class_made_two_by_keys),
		detector_test(whatever_may_sleep_must_not_under_a_spinlock),
		detector_test(what_does_not_sleep_may),
		detector_test(a_task_that_locks_twice),
		detector_test(a_deadlock_is_told_as_a_circle),
		detector_test(one_order_never_deadlocks),
		detector_test(waiting_for_work_that_needs_what_one_holds),
		detector_test(a_wake_up_before_its_reason_is_lost),
		detector_test(a_wake_up_after_its_reason_is_not),
		detector_test(a_condition_that_never_comes_true_is_no_lost_wake_up),
		detector_test(who_gives_way_for_ever_is_named),
		detector_test(who_does_so_for_a_while_is_not),
		detector_test(who_only_needs_the_others_turn_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
