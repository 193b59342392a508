/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual time and what hangs on it: jiffies, delayed work, RCU callbacks. Time
 * stands still while anybody can run. Read by kernel code too.
 */
#ifndef SHIM_WORK_H
#define SHIM_WORK_H

#include "sched/site.h"

#define SHIM_HZ 250
/* five minutes before the wrap, as the kernel boots (INITIAL_JIFFIES) */
#define SHIM_INITIAL_JIFFIES ((unsigned long)(unsigned int)(-300 * SHIM_HZ))

extern unsigned long volatile jiffies;

/**
 * struct shim_work - what work_struct and delayed_work are made of
 *
 * @queued: pending, with or without a timer [WORK_STRUCT_PENDING]
 */
struct shim_work {
	void (*func)(struct shim_work *work);
	struct shim_work *next;
	unsigned long due; /* jiffies */
	unsigned char queued, delayed;
	const struct sched_site *queued_at;
};

void shim_work_init(struct shim_work *work, void (*func)(struct shim_work *work));

/**
 * shim_work_queue() - [queue_work, queue_delayed_work, schedule_delayed_work]
 * @delay: jiffies; 0 runs as soon as the scheduler lets a kworker run
 *
 * A kworker (a task of its own) runs it; an item never runs on two at a time.
 * Return: false if it was pending already.
 */
int shim_work_queue(struct shim_work *work, unsigned long delay,
		    const struct sched_site *site);

/** shim_work_cancel() - [cancel_work, cancel_delayed_work]: was it pending? */
int shim_work_cancel(struct shim_work *work, const struct sched_site *site);

/** shim_work_cancel_sync() - and wait until it does not run; may sleep */
int shim_work_cancel_sync(struct shim_work *work, const struct sched_site *site);

/** shim_call_rcu() - [call_rcu]: @func runs in a kworker later, in FIFO order */
struct shim_rcu {
	struct shim_rcu *next;
	void (*func)(struct shim_rcu *rcu);
};
void shim_call_rcu(struct shim_rcu *rcu, void (*func)(struct shim_rcu *rcu));

/**
 * shim_time_advance() - jump to the next timer, wake who sleeps until then
 *
 * The idle function of the scheduler. Return: whether anything became runnable.
 */
int shim_time_advance(void);

/**
 * shim_time_early() - the same while tasks could run
 *
 * What was done before has not been seen by everybody then. For the clock of
 * shim/chance.h.
 */
int shim_time_early(void);

/** shim_time_touches() - the objects that time changes when it goes on, at most three */
void shim_time_touches(const void **objects);

/** shim_time_look() - tell chances_timers() whether there is a timer */
void shim_time_look(void);

/** shim_jiffies() - jiffies, read by kernel code in a step that depends on the clock */
unsigned long shim_jiffies(void);

/** shim_time_next() - jiffies until the next timer; -1: none */
long shim_time_next(void);

/**
 * shim_work_held_up() - jiffies that have gone on by chance while a work item was due or
 * under way and could run: no kernel leaves one for so long
 */
unsigned long shim_work_held_up(void);

/** shim_time_is_over() - a timer is left, and shim_time_limit() keeps time from it */
int shim_time_is_over(void);

/**
 * shim_time_limit() - how far time may run on by itself, in jiffies from the
 * start of the execution; ~0ul: no limit. A periodic timer alone must not keep
 * a run alive: shim_work_reset() sets one hour.
 */
void shim_time_limit(unsigned long jiffies_from_start);

/**
 * shim_time_set() - it is so many jiffies after the start of the execution
 *
 * Nothing that is due fires: that is shim_time_advance(), and comes first.
 */
void shim_time_set(unsigned long jiffies_from_start);

void shim_work_reset(void);

/** shim_work_used() - static data of work: SHIM_PARTS parts (shim/hook.h) */
_Bool shim_work_used(unsigned int i, __UINTPTR_TYPE__ *from, __UINTPTR_TYPE__ *to);

/** shim_work_checkpoint() - work, timers and the time are state of an execution */
struct checkpoint;
void shim_work_checkpoint(struct checkpoint *c);

#endif /* SHIM_WORK_H */
