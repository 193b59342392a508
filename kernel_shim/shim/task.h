/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks as the kernel sees them: struct task_struct, current, signals, exit, and
 * the way back to user mode. A task is a fiber (sim/sched) with this hung on.
 * Read by kernel code too: builtin types only.
 */
#ifndef SHIM_TASK_H
#define SHIM_TASK_H

#include "sched/sched.h"

struct io_uring_task;
struct shim_mm;
struct file;
struct shim_lock;
struct shim_waitqueue;

#define SHIM_PF_EXITING	  0x0004u
#define SHIM_PF_KTHREAD	  0x0020u
#define SHIM_PF_IO_WORKER 0x0010u

#define SHIM_TASK_FILES 16

/** struct shim_callback - task work: runs in the task, last queued first (5.3) */
struct shim_callback {
	struct shim_callback *next;
	void (*func)(struct shim_callback *cb);
};

/**
 * struct task_struct - a task
 * @fiber: its fiber
 * @comm: name
 * @pid: 100 + order of creation
 * @tgid: process it belongs to: the pid of the first thread
 * @cpu: where it runs; nobody migrates unless told
 * @state: SHIM_TASK_*; written by the wait queue model
 * @flags: SHIM_PF_*
 * @preempt: spinlocks held, and other reasons not to sleep
 * @mutexes: mutexes held
 * @subclass: level of nesting that the lock taken next is declared to have
 * @waits_lock: lock that it waits for, or NULL
 * @waits_task: runs the work whose end it waits for, or NULL
 * @sleeps_on: wait queue that it was put on last
 * @slept_at: when, of all waits and wake-ups
 * @deadlocked: in a circle that was reported
 * @looks_again: it sleeps in a loop that looks at a condition
 * @sigpending: a signal is pending
 * @sigkill: ... and it is SIGKILL
 * @leaves: ... and it has been taken: no task work is run before PF_EXITING
 * @notify: task work waits that must interrupt a sleep [TIF_NOTIFY_SIGNAL]
 * @mm: user memory, NULL for a kernel thread and after exit_mm
 * @io_uring: per-task io_uring state, NULL until it uses a ring
 * @works: task work list (LIFO)
 * @lacks: capabilities that it has not although it is root, a bit each
 * @ends, @exited: do_exit() has begun, has finished
 * @in_kernel: inside a system call (for progress reports)
 */
struct task_struct {
	struct sched_task *fiber;
	char comm[24];
	int pid, tgid;
	unsigned int cpu;
	unsigned int state;
	unsigned int flags;
	int preempt, mutexes;
	unsigned int subclass;
	struct shim_lock *waits_lock;
	struct task_struct *waits_task;
	struct shim_waitqueue *sleeps_on;
	unsigned long slept_at;
	unsigned char looks_again, deadlocked;
	unsigned char sigpending, sigkill, leaves, notify, ends, exited, in_kernel;
	unsigned char works_closed; /* past exit_task_work(): -ESRCH */
	unsigned char interrupted;  /* task work came that user mode is interrupted for */
	struct shim_mm *mm;
	struct io_uring_task *io_uring;
	struct shim_callback *works;
	unsigned int uid, gid;
	unsigned long lacks;
	const char *syscall; /* name of the call it is in, or NULL */
};

/** shim_task_moves() - it goes on on another CPU [sched_setaffinity] */
void shim_task_moves(struct task_struct *task, unsigned int cpu);

/** shim_current() - [current]; on the main stack: a task named "main" */
static inline struct task_struct *shim_current(void)
{
	return sched_current_data();
}

/**
 * shim_task_new() - create a task
 * @name: for traces
 * @cpu: smaller than shim_nr_cpus
 * @mm: user memory or NULL
 * @flags: SHIM_PF_*
 * @fn: body; the task exits (shim_do_exit()) when it returns
 *
 * %SCHED_MAX_TASKS are the simulator's limit, two less for the kernel's own threads:
 * reported (unmodelled), and the execution ends.
 */
struct task_struct *shim_task_new(const char *name, unsigned int cpu, struct shim_mm *mm,
				  unsigned int flags, void (*fn)(void *), void *arg);

/**
 * shim_task_lacks() - it has not capability @cap (CAP_*, below 64), although it is root
 *
 * io_uring's threads, which it creates later, have it neither.
 */
static inline void shim_task_lacks(struct task_struct *task, unsigned int cap)
{
	task->lacks |= 1ul << cap;
}

/** shim_signal() - a signal arrives; @kill: SIGKILL. Wakes as the state allows */
void shim_signal(struct task_struct *task, int kill);

/** shim_task_rests() - it sleeps in user mode, or where it waits for CQEs */
bool shim_task_rests(const struct task_struct *task);

/**
 * shim_process_dies() - SIGKILL came to the process of @task, which rested
 * (shim_task_rests()) and has taken it; its other threads have not yet
 */
void shim_process_dies(struct task_struct *task);

/*
 * What others tell a task: signals, task work, and in return whether it is gone. To
 * look at it or to change it is announced (sched_touch()), under the task's address.
 */
static inline int shim_signal_pending(const struct task_struct *task)
{
	sched_touch(task, false);
	return task->sigpending || task->notify;
}

static inline int shim_fatal_signal_pending(const struct task_struct *task)
{
	sched_touch(task, false);
	return task->sigkill;
}

/** shim_task_work_pending() - whether task work, or a notification of it, is there */
static inline int shim_task_work_pending(const struct task_struct *task)
{
	sched_touch(task, false);
	return !task->leaves && (task->works || task->notify);
}

/** shim_signal_clear() - the signal's handler ran */
void shim_signal_clear(struct task_struct *task);

/**
 * shim_task_work_add() - [task_work_add]
 * @notify: SHIM_NOTIFY: interrupt an interruptible sleep, and user mode (TWA_SIGNAL);
 *	SHIM_NOTIFY_NO_IPI: a sleep alone (TWA_SIGNAL_NO_IPI); 0: it runs when the task
 *	next leaves the kernel (TWA_RESUME)
 *
 * Return: 0, or -ESRCH when the task is past exit_task_work().
 */
#define SHIM_NOTIFY	   1
#define SHIM_NOTIFY_NO_IPI 2
int shim_task_work_add(struct task_struct *task, struct shim_callback *cb, int notify);
/** shim_notify() - [__set_notify_signal]: as if task work had come, without any */
void shim_notify(struct task_struct *task);
void shim_task_work_run(const struct sched_site *site);

/**
 * shim_syscall_enter(), shim_syscall_exit() - the border of the kernel
 *
 * Exit runs task work (rule 3.2) and checks that no lock is held. The task's
 * code checks shim_fatal_signal_pending() and leaves.
 */
void shim_syscall_enter(const char *name);
void shim_syscall_exit(long ret);

/**
 * shim_do_exit() - [do_exit] in the order of rule 5.1; the task never runs again
 * Called by itself; from the fiber's end, or after a fatal signal.
 */
void shim_do_exit(void) __attribute__((noreturn));

/** shim_wait_for_exit() - [de_thread] until that thread is gone */
void shim_wait_for_exit(struct task_struct *task);
/** shim_exec_mm() - [exec_mmap] the program that comes has no memory that matters here */
void shim_exec_mm(void);

/**
 * shim_exit_hooks - what other models do at the stages of rule 5.1; installed by
 * them, run in this order
 */
struct shim_exit_hooks {
	void (*uring_cancel)(struct task_struct *task); /* io_uring_files_cancel */
	void (*exit_mm)(struct task_struct *task, struct shim_mm *mm);
	void (*exit_files)(struct task_struct *task);
	void (*after_work)(struct task_struct *task); /* later pushes fall back */
};
extern struct shim_exit_hooks shim_exit_hooks;

/*
 * shim_wait_begins() - the current task is about to block, and has said for what
 * (@waits_lock, @waits_task); a circle is reported (progress)
 */
void shim_wait_begins(const struct sched_site *site);

/** shim_tell_wait() - what a task waits for, as details of the last report */
void shim_tell_wait(const struct task_struct *task);
/* shim_tell_sleep() - likewise, of one that was on a wait queue */
void shim_tell_sleep(const struct task_struct *task);

extern unsigned int shim_nr_cpus; /* possible CPUs */

void shim_task_reset(void);

/** shim_tasks_used() - static data of tasks, and the number of CPUs: SHIM_PARTS parts
 * (shim/hook.h) */
_Bool shim_tasks_used(unsigned int i, __UINTPTR_TYPE__ *from, __UINTPTR_TYPE__ *to);

/** shim_task_checkpoint() - tasks are state of an execution */
struct checkpoint;
void shim_task_checkpoint(struct checkpoint *c);

#endif /* SHIM_TASK_H */
