// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be done wrong with locks and with waiting.
 */
#include <linux/completion.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "cases.h"
#include "lock_cases.h"

static struct {
	spinlock_t a, b, c, same[2];
	struct mutex mutex;
	struct rw_semaphore sem;
	wait_queue_head_t queue;
	struct completion done;
	struct work_struct work;
	int ready, turns;
} it;

static void works(struct work_struct *work)
{
	mutex_lock(&it.mutex);
	mutex_unlock(&it.mutex);
}

CASE(locks_begin)
{
	memset(&it, 0, sizeof(it));
	spin_lock_init(&it.a);
	spin_lock_init(&it.b);
	spin_lock_init(&it.c);
	for (int i = 0; i < 2; i++)
		spin_lock_init(&it.same[i]);
	mutex_init(&it.mutex);
	init_rwsem(&it.sem);
	init_waitqueue_head(&it.queue);
	init_completion(&it.done);
	it.done.done = 1;
	INIT_WORK(&it.work, works);
}

/* ---- order ---- */

static void nest(spinlock_t *outer, spinlock_t *inner)
{
	spin_lock(outer);
	spin_lock(inner);
	spin_unlock(inner);
	spin_unlock(outer);
}

CASE(takes_ab)
{
	nest(&it.a, &it.b);
}
CASE(takes_ba)
{
	nest(&it.b, &it.a);
}
CASE(takes_bc)
{
	nest(&it.b, &it.c);
}
CASE(takes_ca)
{
	nest(&it.c, &it.a);
}
CASE(takes_ac)
{
	nest(&it.a, &it.c);
}
CASE(takes_same_up)
{
	nest(&it.same[0], &it.same[1]);
}
CASE(takes_same_down)
{
	nest(&it.same[1], &it.same[0]);
}

static void nest_by_level(spinlock_t *outer, spinlock_t *inner)
{
	spin_lock(outer);
	spin_lock_nested(inner, 1);
	spin_unlock(inner);
	spin_unlock(outer);
}

CASE(takes_same_up_by_level)
{
	nest_by_level(&it.same[0], &it.same[1]);
}
CASE(takes_same_down_by_level)
{
	nest_by_level(&it.same[1], &it.same[0]);
}

CASE(takes_same_by_key)
{
	static struct lock_class_key outer_key, inner_key;

	lockdep_set_class(&it.same[0], &outer_key);
	lockdep_set_class(&it.same[1], &inner_key);
	nest(&it.same[0], &it.same[1]);
}

CASE(tries_ba)
{
	spin_lock(&it.b);
	if (spin_trylock(&it.a))
		spin_unlock(&it.a);
	spin_unlock(&it.b);
}

CASE(takes_twice)
{
	spin_lock(&it.a);
	spin_lock(&it.a);
}

/* the work that is waited for takes what is held */
CASE(waits_for_work)
{
	schedule_work(&it.work);
	mutex_lock(&it.mutex);
	might_sleep();
	cancel_work_sync(&it.work);
	mutex_unlock(&it.mutex);
}

CASE(waits_for_work_without_lock)
{
	schedule_work(&it.work);
	mutex_lock(&it.mutex);
	mutex_unlock(&it.mutex);
	cancel_work_sync(&it.work);
}

/* ---- what may sleep ---- */

#define SLEEPER(name, ...)           \
	static void name(void *user) \
	{                            \
		__VA_ARGS__;         \
	}

SLEEPER(alloc, kfree(kmalloc(8, GFP_KERNEL)))
SLEEPER(alloc_zeroed, kfree(kzalloc(8, GFP_KERNEL)))
SLEEPER(alloc_virtual, kvfree(kvmalloc(8, GFP_KERNEL)))
SLEEPER(alloc_array, kfree(kcalloc(2, 8, GFP_KERNEL)))
SLEEPER(alloc_page_may_sleep, __free_page(alloc_page(GFP_KERNEL)))
SLEEPER(take_mutex, mutex_lock(&it.mutex); mutex_unlock(&it.mutex))
SLEEPER(take_rwsem, down_write(&it.sem); up_write(&it.sem))
SLEEPER(wait_for_event, wait_event(it.queue, true))
SLEEPER(wait_interruptibly, (void)wait_event_interruptible(it.queue, true))
SLEEPER(wait_killably, (void)wait_event_killable(it.queue, true))
SLEEPER(wait_with_timeout, wait_event_timeout(it.queue, false, 1))
SLEEPER(wait_for_end, wait_for_completion(&it.done))
SLEEPER(cancel_work_and_wait, cancel_work_sync(&it.work))
SLEEPER(says_so, might_sleep())
SLEEPER(gives_turn_away, cond_resched())
SLEEPER(to_user, if (copy_to_user(user, &it.ready, 4)) return )
SLEEPER(from_user, if (copy_from_user(&it.ready, user, 4)) return )
SLEEPER(get_from_user, int x; if (get_user(x, (int *)user)) return; it.ready = x)
SLEEPER(put_to_user, if (put_user(1, (int *)user)) return )

const struct lock_sleeper __attribute__((visibility("default"))) lock_sleepers[] = {
	{ "kmalloc", alloc },
	{ "kzalloc", alloc_zeroed },
	{ "kvmalloc", alloc_virtual },
	{ "kcalloc", alloc_array },
	{ "alloc_page", alloc_page_may_sleep },
	{ "mutex_lock", take_mutex },
	{ "down_write", take_rwsem },
	{ "wait_event", wait_for_event },
	{ "wait_event_interruptible", wait_interruptibly },
	{ "wait_event_killable", wait_killably },
	{ "wait_event_timeout", wait_with_timeout },
	{ "wait_for_completion", wait_for_end },
	{ "cancel_work_sync", cancel_work_and_wait },
	{ "might_sleep", says_so },
	{ "cond_resched", gives_turn_away },
	{ "copy_to_user", to_user },
	{ "copy_from_user", from_user },
	{ "get_user", get_from_user },
	{ "put_user", put_to_user },
	{ NULL, NULL },
};

CASE(locks_atomic)
{
	spin_lock(&it.a);
}

CASE(locks_no_longer_atomic)
{
	spin_unlock(&it.a);
}

CASE(allocates_atomically)
{
	spin_lock(&it.a);
	kfree(kmalloc(8, GFP_ATOMIC));
	spin_unlock(&it.a);
}

/* ---- wake-ups ---- */

CASE(waits_until_ready)
{
	wait_event(it.queue, READ_ONCE(it.ready));
}

CASE(wakes_too_early)
{
	wake_up(&it.queue);
	WRITE_ONCE(it.ready, 1);
}

CASE(wakes_in_time)
{
	WRITE_ONCE(it.ready, 1);
	wake_up(&it.queue);
}

CASE(wakes_for_nothing)
{
	wake_up(&it.queue);
}

/* ---- no end ---- */

/* each gives way to the other, for ever */
static void give_way(int mine, bool for_ever)
{
	for (int i = 0; for_ever || i < 100; i++) {
		WRITE_ONCE(it.turns, mine);
		if (READ_ONCE(it.turns) != mine && !for_ever)
			return;
		spin_lock(&it.a);
		spin_unlock(&it.a);
	}
}

CASE(gives_way_1)
{
	give_way(1, true);
}
CASE(gives_way_2)
{
	give_way(2, true);
}
CASE(gives_way_at_last_1)
{
	give_way(1, false);
}
CASE(gives_way_at_last_2)
{
	give_way(2, false);
}

/* it ends if somebody else has a turn */
CASE(spins_until_ready)
{
	while (!READ_ONCE(it.ready))
		;
}

CASE(makes_ready)
{
	WRITE_ONCE(it.ready, 1);
}
