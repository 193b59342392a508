// SPDX-License-Identifier: GPL-2.0-only
/*
 * Models with one mistake each, and their correct twins: what a search must find
 * and what it must not.
 */
#include "model/model_i.h"
#include "shim/wait.h"

/* ---- lost update: two tasks add to a counter without a lock ---- */

static const struct shim_lock_class counter_lock = { "&counter->lock" };

static struct {
	struct shim_lock lock;
	unsigned int value;
} counter;

static void counter_reset(const struct model *m)
{
	(void)m;
	shim_lock_init(&counter.lock, &counter_lock);
	counter.value = 0;
}

static void count_without_lock(void *arg)
{
	unsigned int seen = MARKED_LOAD(counter.value);

	(void)arg;
	/* a point at "sync" as well, in the middle */
	shim_spin_lock(&counter.lock, SCHED_SITE("&counter->lock"));
	shim_spin_unlock(&counter.lock, SCHED_SITE("&counter->lock"));
	MARKED_STORE(counter.value, seen + 1);
}

static void count_under_lock(void *arg)
{
	unsigned int seen;

	(void)arg;
	shim_spin_lock(&counter.lock, SCHED_SITE("&counter->lock"));
	seen = MARKED_LOAD(counter.value);
	MARKED_STORE(counter.value, seen + 1);
	shim_spin_unlock(&counter.lock, SCHED_SITE("&counter->lock"));
}

static void counter_check(const struct model *m)
{
	if (counter.value < m->tasks)
		report(REPORT_ACCOUNTING, NULL, "an update was lost");
}

/* a load and a store, which nothing but --points all takes for points */
static void count_plainly(void *arg)
{
	(void)arg;
	counter.value++;
}

const struct model_family model_plain_update = {
	.name = "plain-update",
	.numbers = 1,
	.reset = counter_reset,
	.body = count_plainly,
	.check = counter_check,
};

const struct model_family model_lost_update = {
	.name = "lost-update",
	.numbers = 1,
	.reset = counter_reset,
	.body = count_without_lock,
	.check = counter_check,
};

const struct model_family model_lost_update_fixed = {
	.name = "lost-update-fixed",
	.numbers = 1,
	.reset = counter_reset,
	.body = count_under_lock,
	.check = counter_check,
};

/* ---- deadlock: two locks in two orders ---- */

static const struct shim_lock_class lock_a = { "&a->lock" };
static const struct shim_lock_class lock_b = { "&b->lock" };
static struct shim_lock locks[2];

static void locks_reset(const struct model *m)
{
	(void)m;
	shim_lock_init(&locks[0], &lock_a);
	shim_lock_init(&locks[1], &lock_b);
}

static void take_both(unsigned int first)
{
	shim_spin_lock(&locks[first], SCHED_SITE("first"));
	shim_spin_lock(&locks[!first], SCHED_SITE("second"));
	shim_spin_unlock(&locks[!first], SCHED_SITE("second"));
	shim_spin_unlock(&locks[first], SCHED_SITE("first"));
}

static void take_both_by_number(void *arg)
{
	take_both(number_of(arg) & 1);
}

static void take_both_in_order(void *arg)
{
	(void)arg;
	take_both(0);
}

const struct model_family model_deadlock = {
	.name = "deadlock",
	.numbers = 1,
	.reset = locks_reset,
	.body = take_both_by_number,
};

const struct model_family model_deadlock_fixed = {
	.name = "deadlock-fixed",
	.numbers = 1,
	.reset = locks_reset,
	.body = take_both_in_order,
};

/* ---- two orders of locks, one per execution: a cycle, but never a deadlock ---- */

static unsigned int flag;

static void order_reset(const struct model *m)
{
	locks_reset(m);
	flag = 0;
}

static void order_by_flag(void *arg)
{
	if (!number_of(arg))
		MARKED_STORE(flag, 1);
	else
		take_both(MARKED_LOAD(flag));
}

static void order_is_fixed(void *arg)
{
	if (!number_of(arg))
		MARKED_STORE(flag, 1);
	else
		take_both(MARKED_LOAD(flag) & 0);
}

const struct model_family model_lock_order = {
	.name = "lock-order",
	.fixed_tasks = 2,
	.reset = order_reset,
	.body = order_by_flag,
};

const struct model_family model_lock_order_fixed = {
	.name = "lock-order-fixed",
	.fixed_tasks = 2,
	.reset = order_reset,
	.body = order_is_fixed,
};

/* ---- lost wake-up: the condition is looked at before the task is queued ---- */

static const struct shim_lock_class bell_lock = { "&bell->lock" };

static struct {
	struct shim_waitqueue wq;
	unsigned int rung;
} bell;

static void bell_reset(const struct model *m)
{
	(void)m;
	shim_wait_init(&bell.wq, &bell_lock);
	bell.rung = 0;
}

static void ring_the_bell(void)
{
	MARKED_STORE(bell.rung, 1);
	shim_wake_up(&bell.wq, SHIM_TASK_NORMAL, 0, 0, SCHED_SITE("&bell->wq"));
}

static void wait_once(bool look_again)
{
	struct shim_waiter w = { 0 };
	const struct sched_site *site = SCHED_SITE("&bell->wq");

	shim_prepare_to_wait(&bell.wq, &w, SHIM_TASK_UNINTERRUPTIBLE, 0, site);
	if (!look_again || !MARKED_LOAD(bell.rung))
		shim_schedule(SCHED_SITE("bell.rung"));
	shim_finish_wait(&bell.wq, &w, site);
}

static void wait_carelessly(void *arg)
{
	if (!number_of(arg))
		ring_the_bell();
	else if (!MARKED_LOAD(bell.rung))
		wait_once(false);
}

static void wait_carefully(void *arg)
{
	if (!number_of(arg))
		ring_the_bell();
	else if (!MARKED_LOAD(bell.rung))
		wait_once(true);
}

const struct model_family model_lost_wakeup = {
	.name = "lost-wakeup",
	.fixed_tasks = 2,
	.reset = bell_reset,
	.body = wait_carelessly,
};

const struct model_family model_lost_wakeup_fixed = {
	.name = "lost-wakeup-fixed",
	.fixed_tasks = 2,
	.reset = bell_reset,
	.body = wait_carefully,
};
