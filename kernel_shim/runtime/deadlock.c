// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits for whom: a circle of tasks that wait for each other's locks, or for
 * the end of each other's work, reported the moment it closes, while others go on;
 * and for who never ends, the way to what it waits for. Kind: model.
 */
#include <stdio.h>
#include <string.h>

#include "detect/lock_order.h"
#include "detect/report.h"
#include "runtime.h"
#include "sched/lines.h"
#include "shim/lock.h"
#include "shim/wait.h"

/* the task that has to do something first; NULL: nobody in particular */
static const struct task_struct *waits_for(const struct task_struct *t)
{
	const struct shim_lock *lock = t->waits_lock;

	if (lock)
		return lock->owner;
	return t->waits_task;
}

static const char *awaited(const struct task_struct *t)
{
	return t->waits_lock ? shim_lock_name(t->waits_lock) : "the work";
}

/* ---- a circle ---- */

/* Whoever closes it: it is told from the task that is the oldest. */
static const struct task_struct *oldest_in_circle(const struct task_struct *me)
{
	const struct task_struct *oldest = me;

	for (const struct task_struct *t = waits_for(me); t != me; t = waits_for(t))
		if (t->pid < oldest->pid)
			oldest = t;
	return oldest;
}

static bool closes_circle(const struct task_struct *me)
{
	const struct task_struct *t = waits_for(me);

	/* no longer than there are tasks, if a circle is farther on */
	for (unsigned int i = 0; t && t != me && i < SCHED_MAX_TASKS; i++)
		t = waits_for(t);
	return t == me;
}

static void mark_circle(const struct task_struct *first)
{
	const struct task_struct *t = first;

	do {
		((struct task_struct *)(uintptr_t)t)->deadlocked = 1;
		t = waits_for(t);
	} while (t != first);
}

static void say_who_waits(const struct task_struct *first, char *buf, size_t len)
{
	const struct task_struct *t = first;
	size_t used = (size_t)snprintf(buf, len, "%s", first->comm);

	do {
		if (used < len)
			used += (size_t)snprintf(buf + used, len - used,
						 " waits for %s %s %s%s", awaited(t),
						 t->waits_lock ? "of" : "that runs in",
						 waits_for(t)->comm,
						 waits_for(t) == first ? "" : ", which");
		t = waits_for(t);
	} while (t != first);
}

void shim_wait_begins(const struct sched_site *site)
{
	const struct task_struct *me = current_task(), *first, *t;
	char words[224], held[400];

	if (likely(!closes_circle(me)))
		return;
	first = t = oldest_in_circle(me);
	say_who_waits(first, words, sizeof(words));
	report(REPORT_PROGRESS, site, "deadlock: %s", words);
	do {
		const struct sched_site *at = t == me ? site : t->fiber->blocked_at;

		report_detail("%s waits for %s in %s:%d (%s)", t->comm, awaited(t),
			      at->file, site_line(at), at->func);
		report_detail("  and holds %s",
			      lock_held_words(t->fiber, held, sizeof(held)));
		t = waits_for(t);
	} while (t != first);
	mark_circle(first);
}

/* ---- somebody never ends ---- */

void shim_tell_sleep(const struct task_struct *t)
{
	const struct shim_waitqueue *wq = t->sleeps_on;

	report_detail("%s sleeps on %s", t->comm, shim_lock_name(&wq->lock));
	if (!wq->woken_at)
		report_detail("  which nobody ever woke");
	else
		report_detail("  whose last wake-up, by %s in %s:%d (%s), came %s",
			      wq->woken_by, wq->woken_at->file, site_line(wq->woken_at),
			      wq->woken_at->func,
			      wq->woken_nr < t->slept_at ? "before it slept"
							 : "while it slept");
}

void shim_tell_wait(const struct task_struct *t)
{
	char held[400];

	/* a circle was reported when it closed */
	for (; t && !t->deadlocked; t = waits_for(t)) {
		if (t->waits_lock && waits_for(t))
			report_detail(
				"%s waits for %s, which %s holds, taken in %s:%d (%s)",
				t->comm, awaited(t), waits_for(t)->comm,
				t->waits_lock->taken_at->file,
				site_line(t->waits_lock->taken_at),
				t->waits_lock->taken_at->func);
		else if (t->waits_task)
			report_detail("%s waits for the end of work that %s runs",
				      t->comm, waits_for(t)->comm);
		if (shim_locks_held(t))
			report_detail("%s holds %s", t->comm,
				      lock_held_words(t->fiber, held, sizeof(held)));
		if (t->sleeps_on && t->state != SHIM_TASK_RUNNING)
			shim_tell_sleep(t);
	}
}
