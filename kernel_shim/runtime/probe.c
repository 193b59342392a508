// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lost wake-ups: nobody can run, and somebody sleeps in wait_event(). A task may be
 * woken for nothing at any time, and looks at its condition again; so each of these
 * is, and if one goes on, its condition was true while it slept. Kind: model.
 */
#include "detect/report.h"
#include "runtime.h"
#include "shim/wait.h"

#define POINTS 10000 /* that a condition may take to be found out */

/* struct look - a task that looks at its condition again */
struct look {
	const struct task_struct *task;
	unsigned int points;
	bool looked, went_on;
};

/* It has gone on when it runs again after it had been about to sleep. */
static bool see(void *ctx, enum sched_what what, const void *object,
		const struct sched_site *site)
{
	struct look *l = ctx;

	(void)what;
	(void)object;
	(void)site;
	if (l->task->state != SHIM_TASK_RUNNING)
		l->looked = true;
	else if (l->looked)
		l->went_on = true;
	return l->went_on || ++l->points == POINTS;
}

static bool sleeps_in_a_loop(const struct sched_task *t)
{
	const struct task_struct *task = t->data;

	return t->state == SCHED_BLOCKED && !t->idle && t->blocked_on == task &&
	       task->state != SHIM_TASK_RUNNING && task->looks_again;
}

/* Return: whether its condition is true; if so it has gone on */
static bool would_go_on(struct sched_task *t)
{
	struct task_struct *task = t->data;
	struct look l = { .task = task };
	unsigned long slept_at = task->slept_at;
	unsigned int stuck_since = t->stuck_since;
	enum sched_why why;

	task->state = SHIM_TASK_RUNNING;
	sched_wake(t);
	why = sched_run_task(t, see, &l, SCHED_ALL);
	/* it slept, whatever it does now: a debugger goes back to where it did */
	task->slept_at = slept_at;
	t->stuck_since = stuck_since;
	return l.looked && (l.went_on || why == SCHED_ENDED);
}

/* Return: where what it sleeps on was woken last; NULL: nowhere */
static const struct sched_site *last_wake_up(const struct task_struct *t)
{
	return t->sleeps_on->woken_at;
}

void shim_look_for_lost_wakeups(void)
{
	unsigned int hooks = sched_hooks();

	/* this look at the condition is none of the program's accesses */
	sched_set_hooks(0);
	for (unsigned int i = 0; i < sched_task_count() && !sched_stopped(); i++) {
		struct sched_task *t = sched_task_nr(i);
		const struct sched_site *at = t->blocked_at;
		const char *condition = t->blocked_why;

		if (!sleeps_in_a_loop(t) || !would_go_on(t))
			continue;
		report_pair(REPORT_PROGRESS, at, last_wake_up(t->data),
			    "lost wake-up: %s sleeps although its condition is true: %s",
			    t->name, condition);
		shim_tell_sleep(t->data);
		sched_stop();
	}
	sched_set_hooks(hooks);
}
