/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues: waiting (exclusive, interruptible, killable) and waking, after
 * kernel/sched/wait.c. Read by kernel code too: builtin types only.
 */
#ifndef SHIM_WAIT_H
#define SHIM_WAIT_H

#include "shim/lock.h"

/* task states, values of the shim's own */
#define SHIM_TASK_RUNNING	  0x0000u
#define SHIM_TASK_INTERRUPTIBLE	  0x0001u
#define SHIM_TASK_UNINTERRUPTIBLE 0x0002u
#define SHIM_TASK_WAKEKILL	  0x0100u
#define SHIM_TASK_FREEZABLE	  0x2000u
#define SHIM_TASK_KILLABLE	  (SHIM_TASK_WAKEKILL | SHIM_TASK_UNINTERRUPTIBLE)
#define SHIM_TASK_NORMAL	  (SHIM_TASK_INTERRUPTIBLE | SHIM_TASK_UNINTERRUPTIBLE)

#define SHIM_ERESTARTSYS 512

struct shim_waiter {
	struct shim_waiter *next, *prev;
	void *task; /* NULL: on no queue */
	int exclusive;
	int looks_again; /* who waits does so in a loop */
};

/**
 * struct shim_waitqueue - what wait_queue_head_t is made of
 * @lock: first, and used by drivers themselves as wq.lock
 * @woken_at, @woken_by, @woken_nr: the last wake-up; for reports
 */
struct shim_waitqueue {
	struct shim_lock lock;
	struct shim_waiter *first, *last;
	const struct sched_site *woken_at;
	const char *woken_by;
	unsigned long woken_nr; /* of all waits and wake-ups */
};

/** shim_wait_init() - [init_waitqueue_head]; @class names wq.lock */
static inline void shim_wait_init(struct shim_waitqueue *wq,
				  const struct shim_lock_class *class)
{
	*wq = (struct shim_waitqueue){ .lock = SHIM_LOCK_INIT(class) };
}

/**
 * shim_prepare_to_wait() - [prepare_to_wait_event]: queue the current task (at
 * the tail if exclusive) and set its state
 *
 * Return: 0, or -ERESTARTSYS when a signal is pending that @state lets through;
 * then the task is off the queue, so that an exclusive wake-up is not lost.
 */
long shim_prepare_to_wait(struct shim_waitqueue *wq, struct shim_waiter *w,
			  unsigned int state, int exclusive,
			  const struct sched_site *site);

/**
 * shim_schedule() - [schedule]: give up the processor until woken, if the
 * state that shim_prepare_to_wait() set still stands
 */
void shim_schedule(const struct sched_site *site);

/** shim_schedule_timeout() - [schedule_timeout]. Return: jiffies left */
long shim_schedule_timeout(long timeout, const struct sched_site *site);

void shim_leave_queue(struct shim_waitqueue *wq, struct shim_waiter *w,
		      const struct sched_site *site);

/** shim_finish_wait() - [finish_wait]: who was woken is off the queue already */
static inline void shim_finish_wait(struct shim_waitqueue *wq, struct shim_waiter *w,
				    const struct sched_site *site)
{
	sched_touch(&shim_current()->state, true);
	sched_touch(w, false);
	shim_current()->state = SHIM_TASK_RUNNING;
	if (w->task)
		shim_leave_queue(wq, w, site);
}

/**
 * shim_wake_up() - [__wake_up]: wake those whose state is in @mode; after @nr
 * exclusive ones stop (0: all). A scheduling point (SCHED_NOTIFY).
 * @sync: a hint only [wake_up_sync]
 */
void shim_wake_up(struct shim_waitqueue *wq, unsigned int mode, int nr, int sync,
		  const struct sched_site *site);

/**
 * shim_look_for_lost_wakeups() - nobody can run: does somebody sleep in wait_event()
 * whose condition is true? That is reported (progress) and ends the execution
 *
 * Context: the main context, after sched_run() has returned.
 */
void shim_look_for_lost_wakeups(void);

/** shim_waitqueue_active() - [waitqueue_active] */
static inline int shim_waitqueue_active(const struct shim_waitqueue *wq)
{
	sched_touch(&wq->first, false);
	return wq->first != (void *)0;
}

#endif /* SHIM_WAIT_H */
