// SPDX-License-Identifier: GPL-2.0-only
/*
 * Actors: tasks that do jobs, one after the other, and rest between them. A
 * resting actor is a thread that waits in a library of user mode: interruptible,
 * so signals and task work reach it.
 */
#include <linux/capability.h>
#include <string.h>

#include "detect/race.h"
#include "shim/wait.h"
#include "world/world_i.h"

bool actor_leaves(const struct actor *a)
{
	return a->exiting || shim_fatal_signal_pending(a->task);
}

void actor_wake(struct actor *a)
{
	if (a->resting)
		sched_wake(a->task->fiber);
}

/* check for jobs that others may have queued */
static struct job *next_job(const struct actor *a)
{
	sched_touch(&a->first, false);
	if (a->unforked)
		return NULL;
	return steps_on && steps_hold_back(a) ? NULL : a->first;
}

/* [futex_wait] in spirit: sleep until a job, a signal or task work comes. */
static void rest(struct actor *a)
{
	struct task_struct *me = a->task;

	a->resting = true;
	me->fiber->idle = true;
	while (!next_job(a) && !actor_leaves(a)) {
		shim_signal_clear(me);
		if (shim_task_work_pending(me))
			shim_task_work_run(SCHED_SITE(NULL));
		if (server_ring(a))
			ring_reap(a, NULL);
		if (next_job(a) || actor_leaves(a))
			break;
		me->state = SHIM_TASK_INTERRUPTIBLE;
		sched_block(a, "its next job", SCHED_SITE(NULL));
		me->state = SHIM_TASK_RUNNING;
	}
	me->fiber->idle = false;
	a->resting = false;
}

static struct job *take_job(struct actor *a)
{
	struct job *job = next_job(a);

	if (job) {
		a->begun = true;
		a->first = job->next;
		if (!a->first)
			a->last = NULL;
	}
	return job;
}

static void disturbs(struct actor *a, unsigned int kind)
{
	const struct driver *d = a->w->driver;

	if (d->disturbs)
		a->w->disturbed = d->disturbs(a, kind);
}

static void body(void *arg)
{
	struct actor *a = arg;
	struct step *step;
	struct job *job;

	/* its driver lets go of it when all is open: threads are created after that */
	if (a->server)
		race_acquire(&a->w->main);
	while (!actor_leaves(a)) {
		job = take_job(a);
		if (!job) {
			rest(a);
			continue;
		}
		step = steps_on ? steps_begin(a, job->kind, job->arg) : NULL;
		if (queued_on)
			queued_begins(a, job->kind);
		if (job->kind != STEP_OWN && !a->w->disturbed)
			disturbs(a, job->kind);
		job->run(a, job->arg);
		if (queued_on && job->kind == STEP_OWN)
			queued_ends();
		steps_end(step);
		job->next = a->w->free_jobs;
		a->w->free_jobs = job;
		shim_signal_clear(a->task);
	}
	a->gone = true;
}

struct actor *actor_new(struct world *w, const char *name, unsigned int cpu,
			struct shim_mm *mm)
{
	struct actor *a;

	if (w->nr_actors == MAX_ACTORS)
		world_full("actors");
	a = &w->actors[w->nr_actors++];
	memset(a, 0, sizeof(*a));
	a->w = w;
	a->server = mm != NULL;
	a->ring_flags = URING_SETUP_SQE128 | w->config.ring_flags;
	a->task = shim_task_new(name, cpu, mm, 0, body, a);
	a->name = a->task->comm;
	if (a->server && w->main) /* a thread of the server's process */
		a->task->tgid = w->main->task->tgid;
	if (a->server && w->config.memlock)
		shim_task_lacks(a->task, CAP_IPC_LOCK);
	if (queued_on)
		queued_note(QUEUED_ACTOR, a, STEP_OWN, NULL);
	return a;
}

void actor_steps(struct actor *a, unsigned int kind,
		 void (*run)(struct actor *a, void *arg), void *arg)
{
	struct world *w = a->w;
	struct job *job = w->free_jobs;

	if (job) {
		w->free_jobs = job->next;
	} else {
		if (w->nr_jobs == MAX_JOBS)
			world_full("jobs");
		job = &w->jobs[w->nr_jobs++];
	}
	job->run = run;
	job->kind = kind;
	job->arg = arg;
	job->next = NULL;
	if (queued_on)
		queued_note(QUEUED_JOB, a, kind, arg);
	sched_touch(&a->first, true);
	*(a->last ? &a->last->next : &a->first) = job;
	a->last = job;
	actor_wake(a);
}

void actor_does(struct actor *a, void (*run)(struct actor *a, void *arg), void *arg)
{
	actor_steps(a, STEP_OWN, run, arg);
}

struct sched_task *task_of(struct actor *a)
{
	return a->task->fiber;
}

const char *actor_name(const struct actor *a)
{
	return a->name;
}

struct world *world_of(const struct actor *a)
{
	return a->w;
}

bool actor_resting(const struct actor *a)
{
	return a->gone || (a->resting && !a->first);
}

bool actor_gone(const struct actor *a)
{
	return a->gone;
}

void kill_task(struct actor *a)
{
	if (steps_on)
		steps_note(a, STEP_KILL);
	if (queued_on)
		queued_note(QUEUED_ACT, a, STEP_KILL, NULL);
	world_disturbed(a->w, DISTURBED_SIGNAL);
	shim_signal(a->task, 1);
	actor_wake(a);
}

void interrupt_task(struct actor *a)
{
	if (steps_on)
		steps_note(a, STEP_SIGNAL);
	if (queued_on)
		queued_note(QUEUED_ACT, a, STEP_SIGNAL, NULL);
	world_disturbed(a->w, DISTURBED_SIGNAL);
	shim_signal(a->task, 0);
	actor_wake(a);
}

static void job_exit(struct actor *a, void *arg)
{
	(void)arg;
	a->exiting = true;
}

void actor_exits(struct actor *a)
{
	actor_steps(a, STEP_EXIT, job_exit, NULL);
}

static void job_sleep(struct actor *a, void *arg)
{
	long left = (long)(uintptr_t)arg;

	shim_syscall_enter("nanosleep");
	while (left > 0 && !actor_leaves(a)) {
		a->task->state = SHIM_TASK_INTERRUPTIBLE;
		left = shim_schedule_timeout(left, SCHED_SITE(NULL));
		shim_signal_clear(a->task);
		/* it interrupts the call, which restarts [hrtimer_nanosleep_restart] */
		if (shim_task_work_pending(a->task)) {
			shim_task_work_run(SCHED_SITE(NULL));
			sched_point(SCHED_SYSCALL, "restarts", SCHED_SITE(NULL));
		}
	}
	shim_syscall_exit(0);
}

void actor_sleeps(struct actor *a, unsigned int seconds)
{
	actor_steps(a, STEP_SLEEP, job_sleep, (void *)(uintptr_t)(seconds * SHIM_HZ));
}

void actor_ring_flags(struct actor *a, unsigned int flags)
{
	a->ring_flags = flags;
}

void actor_loses_privileges(struct actor *a)
{
	a->task->uid = 1000;
	a->task->gid = 1000;
}
