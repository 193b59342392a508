// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait queues [kernel/sched/wait.c] and giving up the processor
 * [kernel/sched/core.c]. Kind: model.
 *
 * The order of the steps is the kernel's: the state is set before the condition
 * is looked at, a wake-up between the two turns the sleep into nothing, and an
 * interrupted exclusive waiter leaves the queue so that the wake-up goes on to
 * the next.
 */
#include <string.h>

#include "detect/race.h"
#include "runtime.h"
#include "shim/wait.h"
#include "shim/work.h"

/* says which of two came first; nothing else is made of it */
static unsigned long waits;

/* a waiter that is on no queue points to itself or is zeroed */
static int queued(const struct shim_waiter *w)
{
	return w->task != NULL;
}

static void unlink_waiter(struct shim_waitqueue *wq, struct shim_waiter *w)
{
	sched_touch(w, true);
	sched_touch(&wq->first, true);
	if (w->prev)
		w->prev->next = w->next;
	else
		wq->first = w->next;
	if (w->next)
		w->next->prev = w->prev;
	else
		wq->last = w->prev;
	w->next = w->prev = NULL;
	w->task = NULL;
}

static void link_waiter(struct shim_waitqueue *wq, struct shim_waiter *w, int exclusive)
{
	sched_touch(&wq->first, true);
	w->task = current_task();
	w->exclusive = exclusive;
	if (exclusive) {
		w->next = NULL;
		w->prev = wq->last;
		*(wq->last ? &wq->last->next : &wq->first) = w;
		wq->last = w;
	} else {
		w->prev = NULL;
		w->next = wq->first;
		*(wq->first ? &wq->first->prev : &wq->last) = w;
		wq->first = w;
	}
}

/* [signal_pending_state] */
static int signal_lets_through(const struct task_struct *t, unsigned int state)
{
	if (!(state & (SHIM_TASK_INTERRUPTIBLE | SHIM_TASK_WAKEKILL)))
		return 0;
	if (!shim_signal_pending(t))
		return 0;
	return (state & SHIM_TASK_INTERRUPTIBLE) || shim_fatal_signal_pending(t);
}

long shim_prepare_to_wait(struct shim_waitqueue *wq, struct shim_waiter *w,
			  unsigned int state, int exclusive,
			  const struct sched_site *site)
{
	struct task_struct *me = current_task();
	long ret = 0;

	shim_might_sleep(site);
	shim_spin_lock(&wq->lock, site);
	if (signal_lets_through(me, state)) {
		if (queued(w))
			unlink_waiter(wq, w);
		ret = -SHIM_ERESTARTSYS;
	} else {
		if (!queued(w))
			link_waiter(wq, w, exclusive);
		sched_touch(&me->state, true);
		me->state = state;
		/* [set_current_state] */
		race_fence_acquire();
		race_fence_release();
		me->sleeps_on = wq;
		me->looks_again = w->looks_again != 0;
		me->slept_at = ++waits;
	}
	shim_spin_unlock(&wq->lock, site);
	sched_point(SCHED_WAIT, wq, site);
	return ret;
}

void shim_schedule(const struct sched_site *site)
{
	struct task_struct *me = current_task();

	sched_touch(&me->state, false);
	if (unlikely(me->preempt > 0))
		shim_sleeps_atomic(site);
	if (signal_lets_through(me, me->state))
		me->state = SHIM_TASK_RUNNING;
	while (me->state != SHIM_TASK_RUNNING)
		sched_block(me, site->expr ? site->expr : "schedule()", site);
}

void shim_leave_queue(struct shim_waitqueue *wq, struct shim_waiter *w,
		      const struct sched_site *site)
{
	shim_spin_lock(&wq->lock, site);
	if (queued(w))
		unlink_waiter(wq, w);
	shim_spin_unlock(&wq->lock, site);
}

/* [try_to_wake_up]: only who sleeps in one of these states */
static int wake_task(struct task_struct *t, unsigned int mode)
{
	sched_touch(&t->state, true);
	if (!(t->state & mode))
		return 0;
	t->state = SHIM_TASK_RUNNING;
	race_task(t->fiber);
	sched_wake(t->fiber);
	return 1;
}

void shim_wake_up(struct shim_waitqueue *wq, unsigned int mode, int nr, int sync,
		  const struct sched_site *site)
{
	struct shim_waiter *w, *next;

	(void)sync;
	sched_point(SCHED_NOTIFY, wq, site);
	shim_spin_lock(&wq->lock, site);
	wq->woken_at = site;
	wq->woken_by = current_task()->comm;
	wq->woken_nr = ++waits;
	for (w = wq->first; w; w = next) {
		int exclusive = w->exclusive;

		next = w->next;
		if (!wake_task(w->task, mode))
			continue;
		unlink_waiter(wq, w);
		if (exclusive && !--nr)
			break;
	}
	shim_spin_unlock(&wq->lock, site);
}
