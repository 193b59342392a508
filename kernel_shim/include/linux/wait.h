/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for wait.h. Model: shim/wait.h. Each look at a condition is a point.
 */
#ifndef SHIM_LINUX_WAIT_H
#define SHIM_LINUX_WAIT_H

#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "shim/wait.h"

/* drivers take wq.lock themselves: it is the lock of the model's queue */
typedef struct wait_queue_head {
	union {
		spinlock_t lock;
		struct shim_waitqueue wq;
	};
} wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name)                                       \
	{                                                                         \
		.wq = {.lock = SHIM_LOCK_INIT(shim_static_class(#name ".lock")) } \
	}
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	wait_queue_head_t name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define init_waitqueue_head(q) shim_wait_init(&(q)->wq, shim_lock_class(#q ".lock"))

#define waitqueue_active(q) ((bool)shim_waitqueue_active(&(q)->wq))
#define wq_has_sleeper(q)            \
	({                           \
		smp_mb();            \
		waitqueue_active(q); \
	})

#define wake_up(q)	  shim_wake_up(&(q)->wq, TASK_NORMAL, 1, 0, SCHED_SITE(#q))
#define wake_up_nr(q, nr) shim_wake_up(&(q)->wq, TASK_NORMAL, nr, 0, SCHED_SITE(#q))
#define wake_up_all(q)	  shim_wake_up(&(q)->wq, TASK_NORMAL, 0, 0, SCHED_SITE(#q))
#define wake_up_sync(q)	  shim_wake_up(&(q)->wq, TASK_NORMAL, 1, 1, SCHED_SITE(#q))
#define wake_up_interruptible(q) \
	shim_wake_up(&(q)->wq, TASK_INTERRUPTIBLE, 1, 0, SCHED_SITE(#q))
#define wake_up_interruptible_nr(q, nr) \
	shim_wake_up(&(q)->wq, TASK_INTERRUPTIBLE, nr, 0, SCHED_SITE(#q))
#define wake_up_interruptible_all(q) \
	shim_wake_up(&(q)->wq, TASK_INTERRUPTIBLE, 0, 0, SCHED_SITE(#q))
#define wake_up_interruptible_sync(q) \
	shim_wake_up(&(q)->wq, TASK_INTERRUPTIBLE, 1, 1, SCHED_SITE(#q))

/* look at the condition: whoever is to make it true may run before */
#define shim_condition(q, condition, site)        \
	({                                        \
		sched_point(SCHED_WAIT, q, site); \
		!!(condition);                    \
	})

/* true also when the time is over; then one jiffy is left if it became true */
#define shim_condition_or_timeout(q, condition, site, left)       \
	({                                                        \
		bool true__ = shim_condition(q, condition, site); \
                                                                  \
		if (true__ && !(left))                            \
			(left) = 1;                               \
		true__ || !(left);                                \
	})

#define shim_wait_is_interruptible(state) \
	(!__builtin_constant_p(state) || ((state) & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)))

/*
 * The loop of a sleeper: queue first, then look, so that a wake-up in between is
 * not lost; a true condition wins over a signal. Leaves with @ret__ unchanged, or
 * with what the signal says.
 */
#define shim_wait_loop(q, state, exclusive, site, done, sleep, ret)                     \
	do {                                                                            \
		struct shim_waiter waiter__ = { .looks_again = 1 };                     \
		long signal__;                                                          \
                                                                                        \
		for (;;) {                                                              \
			signal__ = shim_prepare_to_wait(q, &waiter__, state, exclusive, \
							site);                          \
			if (done)                                                       \
				break;                                                  \
			if (shim_wait_is_interruptible(state) && signal__) {            \
				(ret) = signal__;                                       \
				break;                                                  \
			}                                                               \
			sleep;                                                          \
		}                                                                       \
		shim_finish_wait(q, &waiter__, site);                                   \
	} while (0)

#define shim_wait_event(head, condition, text, state, exclusive)                         \
	({                                                                               \
		const struct sched_site *wait_site__ = SCHED_SITE(text);                 \
		struct shim_waitqueue *wait_q__ = &(head).wq;                            \
		long wait_ret__ = 0;                                                     \
                                                                                         \
		shim_might_sleep(wait_site__);                                           \
		if (!shim_condition(wait_q__, condition, wait_site__))                   \
			shim_wait_loop(wait_q__, state, exclusive, wait_site__,          \
				       shim_condition(wait_q__, condition, wait_site__), \
				       shim_schedule(wait_site__), wait_ret__);          \
		(int)wait_ret__;                                                         \
	})

#define shim_wait_event_timeout(head, condition, text, state, timeout)                  \
	({                                                                              \
		const struct sched_site *wait_site__ = SCHED_SITE(text);                \
		struct shim_waitqueue *wait_q__ = &(head).wq;                           \
		long wait_ret__ = (timeout);                                            \
                                                                                        \
		shim_might_sleep(wait_site__);                                          \
		if (!shim_condition_or_timeout(wait_q__, condition, wait_site__,        \
					       wait_ret__))                             \
			shim_wait_loop(wait_q__, state, 0, wait_site__,                 \
				       shim_condition_or_timeout(wait_q__, condition,   \
								 wait_site__,           \
								 wait_ret__),           \
				       wait_ret__ = shim_schedule_timeout(wait_ret__,   \
									  wait_site__), \
				       wait_ret__);                                     \
		wait_ret__;                                                             \
	})

#define wait_event(q, condition) \
	((void)shim_wait_event(q, condition, #condition, TASK_UNINTERRUPTIBLE, 0))
#define wait_event_exclusive(q, condition) \
	((void)shim_wait_event(q, condition, #condition, TASK_UNINTERRUPTIBLE, 1))
#define wait_event_idle(q, condition) \
	((void)shim_wait_event(q, condition, #condition, TASK_UNINTERRUPTIBLE, 0))
#define wait_event_interruptible(q, condition) \
	(shim_wait_event(q, condition, #condition, TASK_INTERRUPTIBLE, 0))
#define wait_event_interruptible_exclusive(q, condition) \
	(shim_wait_event(q, condition, #condition, TASK_INTERRUPTIBLE, 1))
#define wait_event_freezable(q, condition) \
	(shim_wait_event(q, condition, #condition, TASK_INTERRUPTIBLE, 0))
#define wait_event_killable(q, condition) \
	(shim_wait_event(q, condition, #condition, TASK_KILLABLE, 0))
#define wait_event_killable_exclusive(q, condition) \
	(shim_wait_event(q, condition, #condition, TASK_KILLABLE, 1))
#define wait_event_state(q, condition, state) \
	(shim_wait_event(q, condition, #condition, state, 0))
#define wait_event_state_exclusive(q, condition, state) \
	(shim_wait_event(q, condition, #condition, state, 1))

#define wait_event_timeout(q, condition, timeout) \
	shim_wait_event_timeout(q, condition, #condition, TASK_UNINTERRUPTIBLE, timeout)
#define wait_event_interruptible_timeout(q, condition, timeout) \
	shim_wait_event_timeout(q, condition, #condition, TASK_INTERRUPTIBLE, timeout)
#define wait_event_killable_timeout(q, condition, timeout) \
	shim_wait_event_timeout(q, condition, #condition, TASK_KILLABLE, timeout)

#endif /* SHIM_LINUX_WAIT_H */
