// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual time, work items, sleepers and RCU callbacks [kernel/time/timer.c,
 * kernel/workqueue.c, kernel/rcu/]. Kind: model.
 *
 * A kworker is a task that takes the oldest due item; there are as many as items
 * wait at a time, so that two of them may run side by side, as on two CPUs. An
 * item never runs on two at once.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "detect/race.h"
#include "detect/report.h"
#include "runtime.h"
#include "sched/checkpoint.h"
#include "shim/chance.h"
#include "shim/hook.h"
#include "shim/lock.h"
#include "shim/wait.h"
#include "shim/work.h"

unsigned long volatile jiffies = SHIM_INITIAL_JIFFIES;

#define KWORKERS 32

struct sleeper {
	struct sleeper *next;
	struct task_struct *task;
	unsigned long due;
};

static struct works {
	struct shim_work *due_first, *due_last; /* ready to run, oldest first */
	struct shim_work *timers;		/* sorted by time, then by order */
	struct sleeper *sleepers;
	struct shim_rcu *rcu_first, *rcu_last;
	struct shim_work rcu_work;
	unsigned long limit; /* jiffies from the start */
	unsigned long held_up;
	unsigned int workers;
	struct {
		struct task_struct *task;
		struct shim_work *current;
		bool resting;
	} worker[KWORKERS]; /* the last member: a reset clears those in use */
} w;

static void run_rcu(struct shim_work *work);

void shim_work_reset(void)
{
	memset(&w, 0, offsetof(struct works, worker) + w.workers * sizeof(w.worker[0]));
	w.limit = 3600ul * SHIM_HZ;
	jiffies = SHIM_INITIAL_JIFFIES;
	shim_work_init(&w.rcu_work, run_rcu);
}

bool shim_work_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	*from = (uintptr_t)&w;
	*to = *from + (i ? 0 : sizeof(w));
	return true;
}

void shim_work_checkpoint(struct checkpoint *c)
{
	const size_t was = w.workers * sizeof(w.worker[0]);

	checkpoint_bytes(c, &w, offsetof(struct works, worker));
	checkpoint_table(c, w.worker, w.workers * sizeof(w.worker[0]), was);
	checkpoint_value(c, jiffies);
}

void shim_work_init(struct shim_work *work, void (*func)(struct shim_work *work))
{
	memset(work, 0, sizeof(*work));
	work->func = func;
}

/*
 * What the race detector is told: who queues an item, pending or not, is before its
 * next run; a run is before the next one, and before who waited for its end.
 */
static const void *end_of(const struct shim_work *work)
{
	return (const char *)work + 1;
}

/* ---- kworkers ---- */

/* Return: the kworker, or NULL */
static struct task_struct *runs_somewhere(const struct shim_work *work)
{
	for (unsigned int i = 0; i < w.workers; i++)
		if (w.worker[i].current == work)
			return w.worker[i].task;
	return NULL;
}

/*
 * Cut a list where an item is in freed memory, which is filled with something else.
 * Whoever comes behind it cannot be found any more; the kernel would go wherever the
 * poison leads.
 */
static void drop_freed(struct shim_work **list)
{
	const bool delayed = list == &w.timers;
	struct shim_work **link = list, *prev = NULL;

	while (*link && (*link)->queued == 1 && (*link)->delayed == delayed) {
		prev = *link;
		link = &prev->next;
	}
	if (!*link)
		return;
	report(REPORT_HEAP, NULL, "use after free: a work item %s is in freed memory",
	       delayed ? "whose time has not come" : "that is to run");
	*link = NULL;
	if (!delayed)
		w.due_last = prev;
}

static struct shim_work *take_due(void)
{
	struct shim_work **link = &w.due_first, *prev = NULL;

	sched_touch(&w, true);
	drop_freed(&w.due_first);
	for (struct shim_work *work; (work = *link); prev = work, link = &work->next) {
		if (runs_somewhere(work))
			continue;
		*link = work->next;
		if (w.due_last == work)
			w.due_last = prev;
		work->next = NULL;
		return work;
	}
	return NULL;
}

static void kworker(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;

	for (;;) {
		struct shim_work *work = take_due();
		const struct sched_site *at;

		if (!work) {
			w.worker[me].resting = true;
			sched_current()->idle = true;
			sched_block(&w, "work", NULL);
			sched_current()->idle = false;
			w.worker[me].resting = false;
			continue;
		}
		w.worker[me].current = work;
		work->queued = 0;
		at = work->queued_at;
		sched_point(SCHED_WORK, work, at);
		hook_object(work, at);
		race_alone();
		race_acquire(work);
		race_acquire(end_of(work));
		work->func(work);
		/* the item may be gone; only its address is compared */
		sched_touch(&w, true);
		w.worker[me].current = NULL;
		race_release(end_of(work));
		sched_wake_on(work);
	}
}

static void employ_kworker(void)
{
	char name[16];
	unsigned int nr;

	for (unsigned int i = 0; i < w.workers; i++) {
		if (w.worker[i].resting && sched_wake(w.worker[i].task->fiber)) {
			w.worker[i].resting = false;
			return;
		}
	}
	/* all are busy: a new one, until there are as many as make a difference */
	if (w.workers == KWORKERS)
		return;
	nr = w.workers++;
	snprintf(name, sizeof(name), "kworker/%u", nr);
	w.worker[nr].task = shim_task_new(name, 0, NULL, SHIM_PF_KTHREAD, kworker,
					  (void *)(uintptr_t)nr);
}

static void make_due(struct shim_work *work)
{
	drop_freed(&w.due_first);
	work->next = NULL;
	*(w.due_last ? &w.due_last->next : &w.due_first) = work;
	w.due_last = work;
	employ_kworker();
}

/* ---- queueing and cancelling ---- */

/*
 * A timer comes or goes. That depends on whether time goes on before, and not on other
 * timers: the clock changes the list, and everybody else reads it.
 */
static void touch_timers(void)
{
	chances_touch(&w.timers);
	chances_touch((const void *)&jiffies);
}

static void add_timer(struct shim_work *work, unsigned long delay)
{
	struct shim_work **link = &w.timers;

	drop_freed(&w.timers);
	work->due = jiffies + delay;
	work->delayed = 1;
	while (*link && (long)((*link)->due - work->due) <= 0)
		link = &(*link)->next;
	work->next = *link;
	*link = work;
	touch_timers();
	shim_time_look();
}

int shim_work_queue(struct shim_work *work, unsigned long delay,
		    const struct sched_site *site)
{
	sched_point(SCHED_WORK, work, site);
	hook_object(work, site);
	race_release(work);
	sched_touch(&w, true);
	if (work->queued)
		return 0;
	work->queued = 1;
	work->queued_at = site;
	if (delay)
		add_timer(work, delay);
	else
		make_due(work);
	return 1;
}

static void remove_from(struct shim_work **list, struct shim_work *work)
{
	struct shim_work **link = list, *prev = NULL;

	drop_freed(list);
	while (*link && *link != work) {
		prev = *link;
		link = &(*link)->next;
	}
	if (!*link)
		return;
	*link = work->next;
	if (list == &w.due_first && w.due_last == work)
		w.due_last = prev;
}

int shim_work_cancel(struct shim_work *work, const struct sched_site *site)
{
	sched_point(SCHED_WORK, work, site);
	hook_object(work, site);
	sched_touch(&w, true);
	if (!work->queued)
		return 0;
	if (work->delayed)
		touch_timers();
	remove_from(work->delayed ? &w.timers : &w.due_first, work);
	shim_time_look();
	work->queued = 0;
	work->delayed = 0;
	race_acquire(work);
	return 1;
}

int shim_work_cancel_sync(struct shim_work *work, const struct sched_site *site)
{
	struct task_struct *me = current_task();
	int pending = shim_work_cancel(work, site);

	shim_might_sleep(site);
	while ((me->waits_task = runs_somewhere(work))) {
		shim_wait_begins(site);
		sched_block(work, "work item to end", site);
		/* it may have queued itself again */
		pending |= shim_work_cancel(work, site);
	}
	race_acquire(end_of(work));
	return pending;
}

/* ---- RCU ---- */

static void run_rcu(struct shim_work *work)
{
	(void)work;
	while (sched_touch(&w.rcu_first, true), w.rcu_first) {
		struct shim_rcu *rcu = w.rcu_first;

		/* one that came while others run is ordered by itself, not by the work */
		race_acquire(rcu);
		w.rcu_first = rcu->next;
		if (!w.rcu_first)
			w.rcu_last = NULL;
		/* callbacks run in softirq context: they must not sleep */
		current_task()->preempt++;
		rcu->func(rcu);
		current_task()->preempt--;
	}
}

void shim_call_rcu(struct shim_rcu *rcu, void (*func)(struct shim_rcu *rcu))
{
	rcu->func = func;
	rcu->next = NULL;
	sched_touch(&w.rcu_first, true);
	race_release(rcu);
	*(w.rcu_last ? &w.rcu_last->next : &w.rcu_first) = rcu;
	w.rcu_last = rcu;
	shim_work_queue(&w.rcu_work, 0, SCHED_SITE("call_rcu"));
}

/* ---- time ---- */

long shim_schedule_timeout(long timeout, const struct sched_site *site)
{
	struct task_struct *me = current_task();
	struct sleeper s = { .task = me, .due = jiffies + (unsigned long)timeout };
	struct sleeper **link = &w.sleepers;
	long left;

	if (timeout == (long)(~0ul >> 1)) {
		shim_schedule(site);
		return timeout;
	}
	while (*link && (long)((*link)->due - s.due) <= 0)
		link = &(*link)->next;
	s.next = *link;
	*link = &s;
	touch_timers();
	shim_time_look();
	shim_schedule(site);
	chances_touch((const void *)&jiffies);
	for (link = &w.sleepers; *link; link = &(*link)->next) {
		if (*link != &s)
			continue;
		*link = s.next;
		touch_timers();
		break;
	}
	shim_time_look();
	left = (long)(s.due - jiffies);
	return left > 0 ? left : 0;
}

/* what is late is due now */
static long until(unsigned long due)
{
	const long t = (long)(due - jiffies);

	return t > 0 ? t : 0;
}

long shim_time_next(void)
{
	long timer = w.timers ? until(w.timers->due) : -1;
	long sleeper = w.sleepers ? until(w.sleepers->due) : -1;

	return timer < 0 || (sleeper >= 0 && sleeper < timer) ? sleeper : timer;
}

static void fire(void)
{
	while (w.timers && (long)(w.timers->due - jiffies) <= 0) {
		struct shim_work *work = w.timers;

		w.timers = work->next;
		work->delayed = 0;
		make_due(work);
	}
	while (w.sleepers && (long)(w.sleepers->due - jiffies) <= 0) {
		struct sleeper *s = w.sleepers;

		w.sleepers = s->next;
		if (s->task->state != SHIM_TASK_RUNNING) {
			s->task->state = SHIM_TASK_RUNNING;
			sched_wake(s->task->fiber);
		}
	}
}

/* jiffies until the next timer that the limit lets time go on to; -1: none */
static long next_within_limit(void)
{
	const unsigned long passed = jiffies - SHIM_INITIAL_JIFFIES;
	const long next = shim_time_next();

	if (next >= 0 && w.limit != ~0ul && passed + (unsigned long)next > w.limit)
		return -1;
	return next;
}

int shim_time_is_over(void)
{
	return shim_time_next() >= 0 && next_within_limit() < 0;
}

int shim_time_advance(void)
{
	long next;

	drop_freed(&w.timers);
	next = next_within_limit();
	if (next < 0)
		return 0;
	jiffies += (unsigned long)next;
	/* whatever was done before has long been seen by everybody */
	race_quiet();
	fire();
	return 1;
}

/* a work item is due or has begun, and only has to be given a turn */
static bool is_held_up(void)
{
	if (!sched_tasks_runnable())
		return false;
	for (unsigned int i = 0; i < w.workers; i++)
		if (w.worker[i].current)
			return true;
	return w.due_first;
}

unsigned long shim_work_held_up(void)
{
	return w.held_up;
}

int shim_time_early(void)
{
	long next;

	sched_touch(&w.timers, true);
	drop_freed(&w.timers);
	next = next_within_limit();
	if (next < 0)
		return 0;
	sched_touch((const void *)&jiffies, true);
	sched_touch(&w, true);
	if (is_held_up())
		w.held_up += (unsigned long)next;
	jiffies += (unsigned long)next;
	chances_time((unsigned long)next, w.timers && (long)(w.timers->due - jiffies) <= 0
						  ? w.timers->queued_at
						  : NULL);
	sched_trace(SCHED_WORK, NULL, next, SCHED_SITE("time goes on"));
	fire();
	shim_time_look();
	return 1;
}

void shim_time_touches(const void **objects)
{
	objects[0] = &w.timers;
	objects[1] = (const void *)&jiffies;
}

void shim_time_look(void)
{
	chances_timers(next_within_limit() >= 0);
}

unsigned long shim_jiffies(void)
{
	chances_touch((const void *)&jiffies);
	return jiffies;
}

void shim_time_set(unsigned long jiffies_from_start)
{
	jiffies = SHIM_INITIAL_JIFFIES + jiffies_from_start;
}

void shim_time_limit(unsigned long jiffies_from_start)
{
	w.limit = jiffies_from_start;
}
