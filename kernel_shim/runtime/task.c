// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks: creation, signals, task work, the border between user and kernel, and
 * exit [kernel/fork.c, signal.c, task_work.c, exit.c]. Kind: model.
 */
#include <errno.h>
#include <string.h>

#include "detect/race.h"
#include "detect/report.h"
#include "runtime.h"
#include "sched/checkpoint.h"
#include "shim/file.h"
#include "shim/hook.h"
#include "shim/lock.h"
#include "shim/task.h"
#include "shim/wait.h"

unsigned int shim_nr_cpus = 1;
struct shim_exit_hooks shim_exit_hooks;
static struct task_struct main_task;

_Static_assert(sizeof(main_task.comm) == sizeof(((struct sched_task *)0)->name),
	       "a task has one name");

/* with which a world is closed: main() cannot end an execution that has no task for it */
#define LEFT_FOR_THE_WORLD 2u
#define OF_THE_KERNEL	   (SHIM_PF_KTHREAD | SHIM_PF_IO_WORKER)

static struct {
	struct task_struct task;
	void (*fn)(void *);
	void *arg;
} slots[SCHED_MAX_TASKS];
static unsigned int used;

void shim_task_reset(void)
{
	memset(slots, 0, used * sizeof(slots[0]));
	used = 0;
	main_task = (struct task_struct){ .comm = "main", .pid = 1, .tgid = 1 };
	sched_set_main_data(&main_task);
}

bool shim_tasks_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	*from = i ? (uintptr_t)&shim_nr_cpus : (uintptr_t)slots;
	*to = *from + (i ? sizeof(shim_nr_cpus) : used * sizeof(slots[0]));
	return true;
}

void shim_task_checkpoint(struct checkpoint *c)
{
	const unsigned int was = used;

	checkpoint_value(c, used);
	checkpoint_table(c, slots, used * sizeof(slots[0]), was * sizeof(slots[0]));
	checkpoint_value(c, main_task);
}

static void body(void *arg)
{
	unsigned int nr = (unsigned int)(uintptr_t)arg;

	slots[nr].fn(slots[nr].arg);
	shim_do_exit();
}

struct task_struct *shim_task_new(const char *name, unsigned int cpu, struct shim_mm *mm,
				  unsigned int flags, void (*fn)(void *), void *arg)
{
	struct sched_task *fiber;
	struct task_struct *t;
	unsigned int nr;

	if (sched_tasks_left() <= (flags & OF_THE_KERNEL ? LEFT_FOR_THE_WORLD : 0))
		report_fatal(REPORT_UNMODELLED, NULL,
			     "more than %d tasks in one execution", SCHED_MAX_TASKS);
	nr = used++;
	fiber = sched_spawn(name, body, (void *)(uintptr_t)nr);
	t = &slots[nr].task;
	sched_touch(&used, true); /* who is created first has the lower number */
	slots[nr].fn = fn;
	slots[nr].arg = arg;
	memcpy(t->comm, fiber->name, sizeof(t->comm));
	t->fiber = fiber;
	t->pid = 100 + (int)nr;
	t->tgid = t->pid;
	t->cpu = cpu;
	t->mm = mm;
	t->flags = flags;
	if (flags & SHIM_PF_IO_WORKER)
		t->lacks = current_task()->lacks;
	fiber->data = t;
	race_task(fiber);
	return t;
}

/* nobody else looks where a task runs, and it is not in the kernel's code meanwhile */
void shim_task_moves(struct task_struct *task, unsigned int cpu)
{
	sched_trace(SCHED_NOTE, "goes on on CPU", cpu, NULL);
	task->cpu = cpu;
}

/* ---- signals ---- */

/* [signal_wake_up_state, set_notify_signal] */
static void wake_for_signal(struct task_struct *t, int fatal)
{
	sched_touch(&t->state, true);
	if (!(t->state & SHIM_TASK_INTERRUPTIBLE) &&
	    !(fatal && (t->state & SHIM_TASK_WAKEKILL)))
		return;
	t->state = SHIM_TASK_RUNNING;
	race_task(t->fiber);
	sched_wake(t->fiber);
}

void shim_signal(struct task_struct *task, int kill)
{
	sched_touch(task, true);
	if (task->exited)
		return;
	task->sigpending = 1;
	if (kill)
		task->sigkill = 1;
	sched_trace(SCHED_SYSCALL, kill ? "SIGKILL" : "signal", task->pid, NULL);
	wake_for_signal(task, kill);
}

bool shim_task_rests(const struct task_struct *task)
{
	sched_touch(task, false);
	sched_touch(&task->state, false);
	/* a call that will rest may wait for a lock first */
	return task->fiber->idle && task->fiber->state == SCHED_BLOCKED &&
	       task->state == SHIM_TASK_INTERRUPTIBLE && !task->sigpending &&
	       !task->works;
}

void shim_process_dies(struct task_struct *task)
{
	task->leaves = 1;
	for (unsigned int i = 0; i < used; i++)
		if (slots[i].task.tgid == task->tgid)
			shim_signal(&slots[i].task, 1);
}

void shim_signal_clear(struct task_struct *task)
{
	sched_touch(task, task->sigpending && !task->sigkill);
	if (!task->sigkill)
		task->sigpending = 0;
}

/* ---- task work ---- */

int shim_task_work_add(struct task_struct *task, struct shim_callback *cb, int notify)
{
	sched_touch(task, true);
	if (task->works_closed)
		return -ESRCH;
	cb->next = task->works;
	task->works = cb;
	race_release(cb);
	if (notify) {
		if (notify == SHIM_NOTIFY)
			task->interrupted = 1;
		task->notify = 1;
		wake_for_signal(task, 0);
	}
	return 0;
}

void shim_notify(struct task_struct *task)
{
	sched_touch(task, true);
	if (task->exited)
		return;
	task->notify = 1;
	wake_for_signal(task, 0);
}

/*
 * Everything that is queued is taken off at once, and run last queued first;
 * what these queue in turn is the next round [task_work_run].
 */
void shim_task_work_run(const struct sched_site *site)
{
	struct task_struct *me = current_task();

	sched_touch(me, me->notify);
	me->notify = 0;
	me->interrupted = 0;
	while (me->works) {
		struct shim_callback *cb = me->works;

		sched_touch(me, true);
		me->works = NULL;
		while (cb) {
			struct shim_callback *next = cb->next;

			sched_point(SCHED_CALLBACK, NULL, site);
			race_acquire(cb);
			hook_fetch_begins();
			cb->func(cb);
			cb = next;
		}
		sched_touch(me, false);
	}
}

/* ---- the border ---- */

void shim_syscall_enter(const char *name)
{
	struct task_struct *me = current_task();

	/* it has run before the call was made: user mode was interrupted for it */
	sched_touch(me, false);
	if (unlikely(me->interrupted) && shim_task_work_pending(me))
		shim_task_work_run(SCHED_SITE("user mode"));
	sched_touch(&me->in_kernel, true);
	me->in_kernel = 1;
	me->syscall = name;
	hook_fetch_begins();
	sched_trace(SCHED_SYSCALL, name, 0, NULL);
}

void shim_syscall_exit(long ret)
{
	struct task_struct *me = current_task();

	if (shim_task_work_pending(me))
		shim_task_work_run(SCHED_SITE(NULL));
	if (unlikely(shim_locks_held(me)))
		report(REPORT_LOCK, NULL,
		       "%s returns to user mode from %s with %u lock(s) held", me->comm,
		       me->syscall, shim_locks_held(me));
	sched_trace(SCHED_SYSCALL, "returns", ret, NULL);
	sched_touch(&me->in_kernel, true);
	me->in_kernel = 0;
	me->interrupted = 0; /* that was of this call */
	me->syscall = NULL;
}

void shim_wait_for_exit(struct task_struct *task)
{
	while (sched_touch(task, false), !task->exited)
		sched_block(&task->exited, "another thread of its process",
			    SCHED_SITE("de_thread"));
	race_acquire(task);
}

void shim_exec_mm(void)
{
	struct task_struct *me = current_task();
	struct shim_mm *mm = me->mm;

	me->mm = NULL;
	if (shim_exit_hooks.exit_mm)
		shim_exit_hooks.exit_mm(me, mm);
}

/*
 * [get_signal]: before a signal kills, what is queued runs as ever, not cancelled. What
 * comes between that and PF_EXITING is.
 */
static void take_fatal_signal(struct task_struct *me)
{
	sched_touch(me, false);
	if (!me->sigpending || me->leaves)
		return;
	if (shim_task_work_pending(me))
		shim_task_work_run(SCHED_SITE(NULL));
	sched_point(SCHED_SYSCALL, "dies", SCHED_SITE(NULL));
}

void shim_do_exit(void)
{
	struct task_struct *me = current_task();
	struct shim_mm *mm = me->mm;

	take_fatal_signal(me);
	sched_trace(SCHED_SYSCALL, "exit", 0, NULL);
	sched_touch(&me->in_kernel, true);
	me->in_kernel = 1;
	me->ends = 1;
	me->syscall = "exit";
	if (shim_exit_hooks.uring_cancel)
		shim_exit_hooks.uring_cancel(me);
	me->flags |= SHIM_PF_EXITING;
	me->mm = NULL;
	if (shim_exit_hooks.exit_mm)
		shim_exit_hooks.exit_mm(me, mm);
	if (shim_exit_hooks.exit_files)
		shim_exit_hooks.exit_files(me);
	shim_task_work_run(SCHED_SITE(NULL));
	sched_touch(me, true);
	me->works_closed = 1;
	if (shim_exit_hooks.after_work)
		shim_exit_hooks.after_work(me);
	if (unlikely(shim_locks_held(me)))
		report(REPORT_LOCK, NULL, "%s exits with %u lock(s) held", me->comm,
		       shim_locks_held(me));
	sched_touch(me, true);
	sched_touch(&me->in_kernel, true);
	me->exited = 1;
	me->in_kernel = 0;
	me->syscall = NULL;
	race_release(me);
	sched_wake_on(&me->exited);
	sched_exit();
}
