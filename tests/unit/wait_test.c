// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait queues: lost wake-ups do not happen, exclusive waiters wake one at a time,
 * signals get through exactly where the state allows.
 */
#include "shim/wait.h"
#include "unit.h"

static const struct shim_lock_class class = { "&req->waitq.lock" };
static struct shim_waitqueue wq;
static int condition, through;

static int fresh_queue(void **state)
{
	fresh_kernel(state);
	shim_wait_init(&wq, &class);
	condition = through = 0;
	return 0;
}

struct how {
	unsigned int state;
	int exclusive;
	long result;
};

/* what wait_event() and its brothers expand to */
static void waits(void *arg)
{
	struct how *how = arg;
	struct shim_waiter w = { 0 };

	for (;;) {
		long ret = shim_prepare_to_wait(&wq, &w, how->state, how->exclusive,
						SCHED_SITE("wq"));

		if (condition)
			break;
		if (ret) {
			how->result = ret;
			break;
		}
		shim_schedule(SCHED_SITE("wq"));
	}
	shim_finish_wait(&wq, &w, SCHED_SITE("wq"));
	through++;
}

static void wakes_all(void *arg)
{
	(void)arg;
	condition = 1;
	shim_wake_up(&wq, SHIM_TASK_NORMAL, 0, 0, SCHED_SITE("wq"));
}

static void wakes_one(void *arg)
{
	(void)arg;
	shim_wake_up(&wq, SHIM_TASK_NORMAL, 1, 0, SCHED_SITE("wq"));
}

static void a_wake_up_between_looking_and_sleeping_is_not_lost(void **state)
{
	struct how how = { .state = SHIM_TASK_UNINTERRUPTIBLE };
	struct sched_task *a = spawn("a", waits, &how);

	(void)state;
	/* queued, state set, about to look at the condition */
	run_until(a, SCHED_WAIT, 1);
	run_to_end(spawn("b", wakes_all, NULL));
	run_to_end(a);
	assert_int_equal(through, 1);
}

static void a_waiter_sleeps_until_it_is_woken(void **state)
{
	struct how how = { .state = SHIM_TASK_UNINTERRUPTIBLE };
	struct sched_task *a = spawn("a", waits, &how);

	(void)state;
	run_until_blocked(a);
	assert_true(shim_waitqueue_active(&wq));
	run_to_end(spawn("b", wakes_all, NULL));
	run_to_end(a);
	assert_false(shim_waitqueue_active(&wq));
}

static void a_wake_up_without_the_condition_sends_it_back_to_sleep(void **state)
{
	struct how how = { .state = SHIM_TASK_UNINTERRUPTIBLE };
	struct sched_task *a = spawn("a", waits, &how);

	(void)state;
	run_until_blocked(a);
	run_to_end(spawn("b", wakes_one, NULL));
	run_until_blocked(a);
	assert_int_equal(through, 0);
}

static void one_exclusive_waiter_wakes_and_all_others(void **state)
{
	struct how plain = { .state = SHIM_TASK_UNINTERRUPTIBLE };
	struct how excl = { .state = SHIM_TASK_UNINTERRUPTIBLE, .exclusive = 1 };
	struct sched_task *a = spawn("excl1", waits, &excl);
	struct sched_task *b = spawn("excl2", waits, &excl);
	struct sched_task *c = spawn("plain", waits, &plain);

	(void)state;
	run_until_blocked(a);
	run_until_blocked(b);
	run_until_blocked(c);
	condition = 1;
	run_to_end(spawn("waker", wakes_one, NULL));
	assert_int_equal(a->state, SCHED_RUNNABLE);
	assert_int_equal(b->state, SCHED_BLOCKED);
	assert_int_equal(c->state, SCHED_RUNNABLE);
	run_to_end(spawn("waker2", wakes_one, NULL));
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(through, 3);
}

static void a_signal_ends_an_interruptible_wait(void **state)
{
	struct how how = { .state = SHIM_TASK_INTERRUPTIBLE };
	struct sched_task *a = spawn("a", waits, &how);

	(void)state;
	run_until_blocked(a);
	shim_signal(a->data, 0);
	run_to_end(a);
	assert_int_equal(how.result, -SHIM_ERESTARTSYS);
	assert_false(shim_waitqueue_active(&wq));
}

static void only_a_fatal_signal_ends_a_killable_wait(void **state)
{
	struct how how = { .state = SHIM_TASK_KILLABLE };
	struct sched_task *a = spawn("a", waits, &how);

	(void)state;
	run_until_blocked(a);
	shim_signal(a->data, 0);
	assert_int_equal(a->state, SCHED_BLOCKED);
	shim_signal(a->data, 1);
	run_to_end(a);
	assert_int_equal(how.result, -SHIM_ERESTARTSYS);
}

static void no_signal_ends_an_uninterruptible_wait(void **state)
{
	struct how how = { .state = SHIM_TASK_UNINTERRUPTIBLE };
	struct sched_task *a = spawn("a", waits, &how);

	(void)state;
	run_until_blocked(a);
	shim_signal(a->data, 1);
	assert_int_equal(a->state, SCHED_BLOCKED);
	run_to_end(spawn("b", wakes_all, NULL));
	run_to_end(a);
	assert_int_equal(how.result, 0);
}

static void a_signal_before_the_sleep_is_not_slept_over(void **state)
{
	struct how how = { .state = SHIM_TASK_INTERRUPTIBLE };
	struct sched_task *a = spawn("a", waits, &how);

	(void)state;
	run_until(a, SCHED_WAIT, 1);
	shim_signal(a->data, 0);
	run_to_end(a);
	assert_int_equal(how.result, -SHIM_ERESTARTSYS);
}

static void an_interrupted_exclusive_waiter_does_not_swallow_the_wake_up(void **state)
{
	struct how one = { .state = SHIM_TASK_INTERRUPTIBLE, .exclusive = 1 };
	struct how two = one;
	struct sched_task *a = spawn("a", waits, &one), *b = spawn("b", waits, &two);

	(void)state;
	run_until_blocked(a);
	run_until_blocked(b);
	shim_signal(a->data, 0);
	/* a is awake but has not left the queue; the wake-up must reach b */
	run_to_end(spawn("waker", wakes_one, NULL));
	assert_int_equal(b->state, SCHED_RUNNABLE);
	condition = 1;
	run_to_end(a);
	run_to_end(b);
}

static void sleeps_under_a_spinlock(void *arg)
{
	static struct shim_lock lock;

	shim_lock_init(&lock, &class);
	shim_spin_lock(&lock, SCHED_SITE("l"));
	condition = 1;
	waits(arg);
	shim_spin_unlock(&lock, SCHED_SITE("l"));
}

static void waiting_under_a_spinlock_is_reported(void **state)
{
	struct how how = { .state = SHIM_TASK_UNINTERRUPTIBLE };

	(void)state;
	run_to_end(spawn("a", sleeps_under_a_spinlock, &how));
	assert_reported(REPORT_LOCK, "sleeping while atomic");
}

#define wait_unit_test(f) cmocka_unit_test_setup(f, fresh_queue)

int main(void)
{
	const struct CMUnitTest tests[] = {
		wait_unit_test(a_wake_up_between_looking_and_sleeping_is_not_lost),
		wait_unit_test(a_waiter_sleeps_until_it_is_woken),
		wait_unit_test(a_wake_up_without_the_condition_sends_it_back_to_sleep),
		wait_unit_test(one_exclusive_waiter_wakes_and_all_others),
		wait_unit_test(a_signal_ends_an_interruptible_wait),
		wait_unit_test(only_a_fatal_signal_ends_a_killable_wait),
		wait_unit_test(no_signal_ends_an_uninterruptible_wait),
		wait_unit_test(a_signal_before_the_sleep_is_not_slept_over),
		wait_unit_test(
			an_interrupted_exclusive_waiter_does_not_swallow_the_wake_up),
		wait_unit_test(waiting_under_a_spinlock_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
