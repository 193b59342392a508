// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual time, work items, sleepers, RCU callbacks, task work and exit.
 */
#include <errno.h>

#include "detect/race.h"
#include "shim/heap.h"
#include "shim/wait.h"
#include "shim/work.h"
#include "unit.h"

static unsigned long started;
static struct shim_work work, second;
static char order[128];

static void say(struct shim_work *item)
{
	strcat(order, item == &work ? "1" : "2");
	if (shim_current()->flags & SHIM_PF_KTHREAD)
		strcat(order, "k");
}

static int fresh_work(void **state)
{
	fresh_kernel(state);
	started = jiffies;
	order[0] = '\0';
	shim_work_init(&work, say);
	shim_work_init(&second, say);
	return 0;
}

static void work_runs_in_a_kworker_in_order(void **state)
{
	(void)state;
	assert_true(shim_work_queue(&work, 0, SCHED_SITE("w")));
	assert_true(shim_work_queue(&second, 0, SCHED_SITE("w")));
	assert_false(shim_work_queue(&work, 0, SCHED_SITE("w")));
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_string_equal(order, "1k2k");
	assert_int_equal(jiffies, started);
}

static void delayed_work_waits_for_its_time(void **state)
{
	(void)state;
	shim_work_queue(&work, 100, SCHED_SITE("w"));
	shim_work_queue(&second, 50, SCHED_SITE("w"));
	assert_int_equal(shim_time_next(), 50);
	sched_run(NULL);
	assert_string_equal(order, "2k1k");
	assert_int_equal(jiffies - started, 100);
}

/* what kfree() leaves behind of an object with a work item in it */
static void work_in_freed_memory_is_reported(void **state)
{
	(void)state;
	shim_work_queue(&second, 50, SCHED_SITE("w"));
	shim_work_queue(&work, 100, SCHED_SITE("w"));
	memset(&work, 0x6b, sizeof(work));
	sched_run(NULL);
	assert_string_equal(order, "2k");
	assert_reported(REPORT_HEAP, "whose time has not come is in freed memory");
}

/* nor does anybody follow what it leaves behind to the next item */
static void due_work_in_freed_memory_is_reported(void **state)
{
	(void)state;
	shim_work_queue(&second, 0, SCHED_SITE("w"));
	shim_work_queue(&work, 0, SCHED_SITE("w"));
	memset(&work, 0x6b, sizeof(work));
	sched_run(NULL);
	assert_string_equal(order, "2k");
	assert_reported(REPORT_HEAP, "that is to run is in freed memory");
}

static void work_is_queued_and_cancelled_beside_freed_work(void **state)
{
	(void)state;
	shim_work_queue(&work, 100, SCHED_SITE("w"));
	memset(&work, 0x6b, sizeof(work));
	shim_work_queue(&second, 200, SCHED_SITE("w"));
	assert_reported(REPORT_HEAP, "whose time has not come is in freed memory");
	assert_true(shim_work_cancel(&second, SCHED_SITE("w")));
	shim_work_init(&work, say);
	shim_work_queue(&work, 0, SCHED_SITE("w"));
	memset(&work, 0x6b, sizeof(work));
	shim_work_queue(&second, 0, SCHED_SITE("w"));
	sched_run(NULL);
	assert_string_equal(order, "2k");
}

static void cancelled_work_does_not_run(void **state)
{
	(void)state;
	shim_work_queue(&work, 100, SCHED_SITE("w"));
	shim_work_queue(&second, 0, SCHED_SITE("w"));
	assert_true(shim_work_cancel(&work, SCHED_SITE("w")));
	assert_true(shim_work_cancel(&second, SCHED_SITE("w")));
	assert_false(shim_work_cancel(&work, SCHED_SITE("w")));
	sched_run(NULL);
	assert_string_equal(order, "");
}

static void slow(struct shim_work *item)
{
	strcat(order, "[");
	sched_yield();
	strcat(order, "]");
	(void)item;
}

static void cancels_sync(void *arg)
{
	(void)arg;
	shim_work_cancel_sync(&work, SCHED_SITE("w"));
	strcat(order, "c");
}

static void cancel_sync_waits_for_a_running_item(void **state)
{
	struct sched_task *canceller;

	(void)state;
	shim_work_init(&work, slow);
	shim_work_queue(&work, 0, SCHED_SITE("w"));
	run_as_far_as_possible(sched_task_nr(0));
	order[0] = '\0';
	shim_work_queue(&work, 0, SCHED_SITE("w"));
	run_until(sched_task_nr(0), SCHED_WORK, 1);
	sched_run_task(sched_task_nr(0), NULL, NULL, 0);
	assert_string_equal(order, "[");
	canceller = spawn("c", cancels_sync, NULL);
	run_until_blocked(canceller);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_string_equal(order, "[]c");
}

static int same_item_runs, most_at_once;

static void counts_itself(struct shim_work *item)
{
	same_item_runs++;
	if (same_item_runs > most_at_once)
		most_at_once = same_item_runs;
	if (strlen(order) < 4)
		shim_work_queue(item, 0, SCHED_SITE("again"));
	strcat(order, "x");
	sched_yield();
	same_item_runs--;
}

static void an_item_never_runs_on_two_kworkers(void **state)
{
	(void)state;
	same_item_runs = most_at_once = 0;
	shim_work_init(&work, counts_itself);
	shim_work_queue(&work, 0, SCHED_SITE("w"));
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(most_at_once, 1);
	assert_string_equal(order, "xxxxx");
}

static void two_items_may_run_side_by_side(void **state)
{
	(void)state;
	shim_work_init(&work, slow);
	shim_work_init(&second, slow);
	shim_work_queue(&work, 0, SCHED_SITE("w"));
	shim_work_queue(&second, 0, SCHED_SITE("w"));
	sched_run(NULL);
	assert_string_equal(order, "[[]]");
}

static void naps(void *arg)
{
	shim_current()->state = SHIM_TASK_INTERRUPTIBLE;
	*(long *)arg = shim_schedule_timeout(25, SCHED_SITE("nap"));
}

static void a_sleeper_wakes_at_its_time(void **state)
{
	long left = -1;

	(void)state;
	spawn("t", naps, &left);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(left, 0);
	assert_int_equal(jiffies - started, 25);
}

static void a_signal_shortens_a_sleep(void **state)
{
	long left = -1;
	struct sched_task *t = spawn("t", naps, &left);

	(void)state;
	run_until_blocked(t);
	shim_signal(t->data, 0);
	run_to_end(t);
	assert_int_equal(left, 25);
	assert_int_equal(shim_time_next(), -1);
}

static void again_and_again(struct shim_work *item)
{
	shim_work_queue(item, 15 * SHIM_HZ, SCHED_SITE("again"));
}

static void a_periodic_timer_alone_does_not_run_for_ever(void **state)
{
	(void)state;
	shim_time_limit(60 * SHIM_HZ);
	shim_work_init(&work, again_and_again);
	shim_work_queue(&work, 1, SCHED_SITE("w"));
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_true(jiffies - started <= 60 * SHIM_HZ);
	assert_true(jiffies - started > 45 * SHIM_HZ);
}

static void time_wraps_after_five_minutes(void **state)
{
	(void)state;
	shim_work_queue(&work, 301ul * SHIM_HZ, SCHED_SITE("w"));
	sched_run(NULL);
	assert_string_equal(order, "1k");
	assert_int_equal(jiffies - started, 301 * SHIM_HZ);
}

static void time_that_is_set_fires_nothing(void **state)
{
	(void)state;
	shim_work_queue(&work, 10, SCHED_SITE("w"));
	shim_time_set(11);
	assert_int_equal(jiffies - started, 11);
	assert_int_equal(shim_time_next(), 0);
	assert_string_equal(order, "");
	sched_run(NULL);
	assert_string_equal(order, "1k");
	assert_int_equal(jiffies - started, 11);
}

static struct shim_rcu first_rcu, second_rcu;

static void rcu_callback(struct shim_rcu *rcu)
{
	strcat(order, rcu == &first_rcu ? "a" : "b");
	/* softirq context: this may sleep, and must be noticed */
	if (rcu == &second_rcu)
		shim_might_sleep(SCHED_SITE("sleep"));
}

static void rcu_callbacks_run_later_in_order_and_must_not_sleep(void **state)
{
	(void)state;
	shim_call_rcu(&first_rcu, rcu_callback);
	shim_call_rcu(&second_rcu, rcu_callback);
	assert_string_equal(order, "");
	sched_run(NULL);
	assert_string_equal(order, "ab");
	assert_reported(REPORT_LOCK, "sleeping while atomic");
}

/* ---- task work and exit ---- */

static struct shim_callback cb1, cb2;

static void callback(struct shim_callback *cb)
{
	strcat(order, cb == &cb1 ? "1" : "2");
}

static void makes_a_call(void *arg)
{
	(void)arg;
	shim_syscall_enter("call");
	shim_task_work_add(shim_current(), &cb1, 0);
	shim_task_work_add(shim_current(), &cb2, 0);
	strcat(order, "c");
	shim_syscall_exit(0);
	strcat(order, "u");
}

static void task_work_runs_on_the_way_out_last_queued_first(void **state)
{
	(void)state;
	cb1.func = cb2.func = callback;
	run_to_end(spawn("t", makes_a_call, NULL));
	assert_string_equal(order, "c21u");
}

static void notified_task_work_interrupts_a_sleep(void **state)
{
	long left = -1;
	struct sched_task *t = spawn("t", naps, &left);

	(void)state;
	cb1.func = callback;
	run_until_blocked(t);
	assert_int_equal(shim_task_work_add(t->data, &cb1, 1), 0);
	assert_true(shim_signal_pending(t->data));
	run_to_end(t);
	assert_int_equal(left, 25);
	assert_string_equal(order, "1");
}

static void hook_cancel(struct task_struct *t)
{
	strcat(order, t->flags & SHIM_PF_EXITING ? "?" : "u");
}

static void hook_files(struct task_struct *t)
{
	strcat(order, t->flags & SHIM_PF_EXITING && !t->mm ? "f" : "?");
	shim_task_work_add(t, &cb1, 0);
}

static void hook_after(struct task_struct *t)
{
	strcat(order, shim_task_work_add(t, &cb2, 0) ? "a" : "?");
}

static void does_nothing(void *arg)
{
	(void)arg;
}

static void exit_goes_through_its_stages_in_the_kernels_order(void **state)
{
	struct shim_exit_hooks saved = shim_exit_hooks;
	struct sched_task *t;

	(void)state;
	cb1.func = cb2.func = callback;
	shim_exit_hooks = (struct shim_exit_hooks){ .uring_cancel = hook_cancel,
						    .exit_files = hook_files,
						    .after_work = hook_after };
	t = spawn("t", does_nothing, NULL);
	run_to_end(t);
	shim_exit_hooks = saved;
	/* ring files, then PF_EXITING and no mm, files, task work, no more of it */
	assert_string_equal(order, "uf1a");
	assert_true(((struct task_struct *)t->data)->exited);
}

static struct sched_task *task_named(const char *name)
{
	for (unsigned int i = 0; i < sched_task_count(); i++)
		if (!strcmp(sched_task_nr(i)->name, name))
			return sched_task_nr(i);
	return NULL;
}

static void queues_itself_once(struct shim_work *item)
{
	sched_yield();
	if (!order[0])
		shim_work_queue(item, 0, SCHED_SITE("again"));
	strcat(order, "x");
}

static void cancels_and_says(void *arg)
{
	*(int *)arg = shim_work_cancel_sync(&work, SCHED_SITE("w"));
}

/* it was not pending when it was asked, and had queued itself when it ended */
static void cancel_sync_says_whether_anything_was_cancelled(void **state)
{
	int pending = -1;

	(void)state;
	shim_work_init(&work, queues_itself_once);
	shim_work_queue(&work, 0, SCHED_SITE("w"));
	run_until(sched_task_nr(0), SCHED_WORK, 1);
	sched_run_task(sched_task_nr(0), NULL, NULL, 0);
	run_until_blocked(spawn("c", cancels_and_says, &pending));
	/* the kworker goes on with another one, which was queued before */
	shim_work_queue(&second, 0, SCHED_SITE("w"));
	run_until(sched_task_nr(0), SCHED_WORK, 2);
	run_to_end(task_named("c"));
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_string_equal(order, "x2k");
	assert_int_equal(pending, 1);
	/* and nothing at all */
	spawn("c", cancels_and_says, &pending);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(pending, 0);
}

static void might_sleep(struct shim_work *item)
{
	shim_might_sleep(SCHED_SITE("sleep"));
	say(item);
}

static void after_rcu_callbacks_a_kworker_may_sleep_again(void **state)
{
	(void)state;
	shim_work_init(&work, might_sleep);
	shim_call_rcu(&first_rcu, rcu_callback);
	sched_run(NULL);
	shim_work_queue(&work, 0, SCHED_SITE("w"));
	sched_run(NULL);
	assert_string_equal(order, "a1k");
	assert_int_equal(report_count(), 0);
}

static struct task_struct *sleeper;

static void signals_the_sleeper(struct shim_work *item)
{
	(void)item;
	shim_signal(sleeper, 0);
}

static void what_is_left_of_a_sleep_is_told(void **state)
{
	(void)state;
	for (long at = 1; at < 25; at++) {
		long left = -1;

		shim_work_init(&work, signals_the_sleeper);
		shim_work_queue(&work, (unsigned long)at, SCHED_SITE("w"));
		sleeper = spawn("t", naps, &left)->data;
		assert_int_equal(sched_run(NULL), SCHED_ENDED);
		assert_int_equal(left, 25 - at);
		fresh_work(state);
	}
}

static void naps_for_nothing(void *arg)
{
	shim_current()->state = SHIM_TASK_INTERRUPTIBLE;
	*(long *)arg = shim_schedule_timeout(0, SCHED_SITE("nap"));
}

static void a_sleep_of_no_time_comes_to_an_end(void **state)
{
	long left = -1;

	(void)state;
	spawn("t", naps_for_nothing, &left);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(left, 0);
	assert_int_equal(jiffies, started);
}

/* ---- what is ordered ---- */

static unsigned long plain, flag;

static int fresh_ordered(void **state)
{
	fresh_work(state);
	race_watch(&plain, sizeof(plain), "plain");
	race_watch(&flag, sizeof(flag), "flag");
	race_enable(true);
	race_reset();
	return 0;
}

static int disorder(void **state)
{
	(void)state;
	race_enable(false);
	return 0;
}

static void writes_plainly(struct shim_work *item)
{
	(void)item;
	race_access(&plain, sizeof(plain), true, false, NULL, SCHED_SITE("plain"));
	sched_yield();
	race_access(&plain, sizeof(plain), true, false, NULL, SCHED_SITE("plain"));
}

static void queues_work(void *arg)
{
	shim_work_queue(arg, 0, SCHED_SITE("w"));
}

/* by another kworker, which the first one has told nothing else */
static void a_run_of_an_item_is_before_its_next(void **state)
{
	(void)state;
	shim_work_init(&work, writes_plainly);
	shim_work_init(&second, slow);
	spawn("q", queues_work, &work);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	/* the kworker that ran it is busy when it is queued again */
	spawn("q", queues_work, &second);
	run_as_far_as_possible(sched_task_nr(2));
	sched_run_task(sched_task_nr(1), NULL, NULL, 0);
	run_to_end(spawn("q", queues_work, &work));
	while (task_named("kworker/1")->state == SCHED_RUNNABLE)
		sched_run_task(task_named("kworker/1"), NULL, NULL, 0);
	assert_string_equal(order, "["); /* it is still busy */
	assert_int_equal(report_count(), 0);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
}

static void two_items_are_not_ordered(void **state)
{
	(void)state;
	shim_work_init(&work, writes_plainly);
	shim_work_init(&second, writes_plainly);
	spawn("q", queues_work, &work);
	spawn("q", queues_work, &second);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_true(report_count_kind(REPORT_RACE) > 0);
}

static void publishes_plain(void *arg)
{
	(void)arg;
	race_access(&plain, sizeof(plain), true, false, NULL, SCHED_SITE("plain"));
	race_store_release(&flag);
}

static void looks_before_it_waits(void *arg)
{
	static const struct shim_lock_class class = { "&q->lock" };
	static struct shim_waitqueue wq;
	struct shim_waiter w = { 0 };

	shim_wait_init(&wq, &class);
	race_marked_read(&flag);
	if (arg)
		shim_prepare_to_wait(&wq, &w, SHIM_TASK_INTERRUPTIBLE, 0,
				     SCHED_SITE("wq"));
	race_access(&plain, sizeof(plain), false, false, NULL, SCHED_SITE("plain"));
	if (arg)
		shim_finish_wait(&wq, &w, SCHED_SITE("wq"));
}

/* [set_current_state] is a barrier, so what was read before it is acquired */
static void preparing_to_wait_is_a_barrier(void **state)
{
	(void)state;
	run_to_end(spawn("a", publishes_plain, NULL));
	run_to_end(spawn("b", looks_before_it_waits, &flag));
	assert_int_equal(report_count(), 0);
	run_to_end(spawn("c", looks_before_it_waits, NULL));
	assert_int_equal(report_count_kind(REPORT_RACE), 1);
}

static void sleeps_then_reads(void *arg)
{
	long left = 0;

	if (arg)
		naps(&left);
	else
		sched_block(&flag, "flag", SCHED_SITE("flag"));
	race_access(&plain, sizeof(plain), false, false, NULL, SCHED_SITE("plain"));
}

static void writes_then_signals(void *arg)
{
	race_access(&plain, sizeof(plain), true, false, NULL, SCHED_SITE("plain"));
	shim_signal(arg, 0);
}

/* who is woken by a signal has seen what was done before it was sent */
static void a_signal_orders_what_it_wakes(void **state)
{
	struct sched_task *t = spawn("t", sleeps_then_reads, &plain);

	(void)state;
	run_until_blocked(t);
	run_to_end(spawn("signals", writes_then_signals, t->data));
	run_to_end(t);
	assert_int_equal(report_count(), 0);
}

static struct shim_callback told;

static void reads_plainly(struct shim_callback *cb)
{
	(void)cb;
	race_access(&plain, sizeof(plain), false, false, NULL, SCHED_SITE("plain"));
}

static void enters_twice(void *arg)
{
	(void)arg;
	shim_syscall_enter("first");
	sched_yield();
	shim_syscall_exit(0);
}

static void writes_then_adds_work(void *arg)
{
	race_access(&plain, sizeof(plain), true, false, NULL, SCHED_SITE("plain"));
	told.func = reads_plainly;
	shim_task_work_add(arg, &told, 0);
}

static void task_work_is_after_who_added_it(void **state)
{
	struct sched_task *t = spawn("t", enters_twice, NULL);

	(void)state;
	sched_run_task(t, NULL, NULL, 0);
	run_to_end(spawn("adds", writes_then_adds_work, t->data));
	run_to_end(t);
	assert_int_equal(report_count(), 0);
}

#define ordered(f) cmocka_unit_test_setup_teardown(f, fresh_ordered, disorder)

static void a_sleep_of_no_time_does_not_wait_for_a_timer(void **state)
{
	long left = -1;

	(void)state;
	shim_work_queue(&work, 10, SCHED_SITE("w"));
	spawn("t", naps_for_nothing, &left);
	assert_int_equal(shim_time_next(), 10);
	run_until_blocked(task_named("t"));
	assert_int_equal(shim_time_next(), 0);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_string_equal(order, "1k");
}

static void cancels_the_second(void *arg)
{
	(void)arg;
	shim_work_cancel_sync(&second, SCHED_SITE("w"));
	strcat(order, "c");
}

/* whichever kworker it runs in */
static void cancel_sync_waits_for_the_second_kworker(void **state)
{
	struct sched_task *one, *two;

	(void)state;
	shim_work_init(&work, slow);
	shim_work_init(&second, slow);
	shim_work_queue(&work, 0, SCHED_SITE("w"));
	shim_work_queue(&second, 0, SCHED_SITE("w"));
	one = task_named("kworker/0");
	two = task_named("kworker/1");
	sched_run_task(one, NULL, NULL, 0);
	sched_run_task(two, NULL, NULL, 0);
	assert_string_equal(order, "[[");
	run_until_blocked(spawn("c", cancels_the_second, NULL));
	run_as_far_as_possible(one);
	assert_string_equal(order, "[[]");
	assert_int_equal(task_named("c")->state, SCHED_BLOCKED);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_string_equal(order, "[[]]c");
}

#define work_unit_test(f) cmocka_unit_test_setup(f, fresh_work)

/* an hour; what is due later does not happen */
static void an_execution_lasts_for_an_hour(void **state)
{
	(void)state;
	shim_work_init(&work, say);
	shim_work_init(&second, say);
	shim_work_queue(&work, 3600ul * SHIM_HZ, SCHED_SITE("w"));
	shim_work_queue(&second, 3600ul * SHIM_HZ + 1, SCHED_SITE("w"));
	assert_true(shim_time_advance());
	assert_int_equal(jiffies - SHIM_INITIAL_JIFFIES, 3600ul * SHIM_HZ);
	assert_false(shim_time_advance());
	assert_int_equal(shim_time_next(), 1);
}

/* an item whose time has come waits for a kworker, where it can be cancelled as well */
static void an_item_that_is_due_can_be_cancelled(void **state)
{
	(void)state;
	shim_work_init(&work, say);
	shim_work_init(&second, say);
	shim_work_queue(&work, 5, SCHED_SITE("w"));
	shim_work_queue(&second, 5, SCHED_SITE("w"));
	assert_true(shim_time_advance());
	assert_int_equal(shim_work_cancel(&work, SCHED_SITE("w")), 1);
	assert_int_equal(shim_work_cancel(&work, SCHED_SITE("w")), 0);
	sched_run(NULL);
	assert_string_equal(order, "2k");
	/* and queued again */
	assert_int_equal(shim_work_queue(&work, 0, SCHED_SITE("w")), 1);
	sched_run(NULL);
	assert_string_equal(order, "2k1k");
}

/* a call is what it is in until it returns; after its exit a task is in none */
static void calls_and_notes(void *arg)
{
	struct task_struct *me = shim_current();

	(void)arg;
	strcat(order, me->in_kernel ? "k" : "u");
	shim_syscall_enter("read");
	strcat(order, me->in_kernel ? "k" : "u");
	strcat(order, me->syscall);
	shim_syscall_exit(0);
	strcat(order, me->in_kernel || me->syscall ? "k" : "u");
}

static void a_task_is_in_the_kernel_from_call_to_return(void **state)
{
	struct sched_task *t = spawn("t", calls_and_notes, NULL);
	const struct task_struct *task = t->data;

	(void)state;
	run_to_end(t);
	assert_string_equal(order, "ukreadu");
	assert_true(task->exited);
	assert_int_equal(task->in_kernel, 0);
	assert_null(task->syscall);
	assert_true(task->flags & SHIM_PF_EXITING);
	assert_null(task->mm);
	/* nothing reaches it any more */
	cb1.func = callback;
	assert_int_equal(shim_task_work_add(t->data, &cb1, 1), -ESRCH);
	shim_signal(t->data, 1);
	assert_int_equal(task->sigpending, 0);
}

/* a signal that kills stays; another one is over when it was taken */
static void only_a_fatal_signal_stays(void **state)
{
	struct task_struct *t = spawn("t", does_nothing, NULL)->data;

	(void)state;
	shim_signal(t, 0);
	assert_true(shim_signal_pending(t));
	assert_false(shim_fatal_signal_pending(t));
	shim_signal_clear(t);
	assert_false(shim_signal_pending(t));
	shim_signal(t, 1);
	assert_true(shim_fatal_signal_pending(t));
	shim_signal_clear(t);
	assert_true(shim_fatal_signal_pending(t));
}

static void tasks_are_numbered_from_100(void **state)
{
	const struct task_struct *a = spawn("a", does_nothing, NULL)->data;
	const struct task_struct *b =
		shim_task_new("b", 1, NULL, SHIM_PF_KTHREAD, does_nothing, NULL);

	(void)state;
	assert_int_equal(a->pid, 100);
	assert_int_equal(a->tgid, 100);
	assert_int_equal(b->pid, 101);
	assert_int_equal(b->tgid, 101);
	assert_int_equal(b->cpu, 1);
	assert_int_equal(b->flags, SHIM_PF_KTHREAD);
	assert_string_equal(b->comm, "b");
	assert_string_equal(shim_current()->comm, "main");
	assert_int_equal(shim_current()->pid, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		work_unit_test(work_runs_in_a_kworker_in_order),
		work_unit_test(delayed_work_waits_for_its_time),
		work_unit_test(work_in_freed_memory_is_reported),
		work_unit_test(due_work_in_freed_memory_is_reported),
		work_unit_test(work_is_queued_and_cancelled_beside_freed_work),
		work_unit_test(cancelled_work_does_not_run),
		work_unit_test(cancel_sync_waits_for_a_running_item),
		work_unit_test(an_item_never_runs_on_two_kworkers),
		work_unit_test(two_items_may_run_side_by_side),
		work_unit_test(a_sleeper_wakes_at_its_time),
		work_unit_test(a_signal_shortens_a_sleep),
		work_unit_test(a_periodic_timer_alone_does_not_run_for_ever),
		work_unit_test(time_wraps_after_five_minutes),
		work_unit_test(time_that_is_set_fires_nothing),
		work_unit_test(rcu_callbacks_run_later_in_order_and_must_not_sleep),
		work_unit_test(task_work_runs_on_the_way_out_last_queued_first),
		work_unit_test(notified_task_work_interrupts_a_sleep),
		work_unit_test(exit_goes_through_its_stages_in_the_kernels_order),
		work_unit_test(cancel_sync_says_whether_anything_was_cancelled),
		work_unit_test(after_rcu_callbacks_a_kworker_may_sleep_again),
		work_unit_test(what_is_left_of_a_sleep_is_told),
		work_unit_test(a_sleep_of_no_time_comes_to_an_end),
		ordered(a_run_of_an_item_is_before_its_next),
		ordered(two_items_are_not_ordered),
		ordered(preparing_to_wait_is_a_barrier),
		ordered(a_signal_orders_what_it_wakes),
		ordered(task_work_is_after_who_added_it),
		work_unit_test(a_sleep_of_no_time_does_not_wait_for_a_timer),
		work_unit_test(cancel_sync_waits_for_the_second_kworker),
		work_unit_test(a_task_is_in_the_kernel_from_call_to_return),
		work_unit_test(only_a_fatal_signal_stays),
		work_unit_test(an_execution_lasts_for_an_hour),
		work_unit_test(an_item_that_is_due_can_be_cancelled),
		work_unit_test(tasks_are_numbered_from_100),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
