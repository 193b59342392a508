/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for sched.h: the current task. Model: shim/task.h has struct task_struct.
 * cond_resched() is a stub: any point may switch, it adds none.
 */
#ifndef SHIM_LINUX_SCHED_H
#define SHIM_LINUX_SCHED_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/types.h>

#include "shim/task.h"
#include "shim/wait.h"

#define TASK_RUNNING	     SHIM_TASK_RUNNING
#define TASK_INTERRUPTIBLE   SHIM_TASK_INTERRUPTIBLE
#define TASK_UNINTERRUPTIBLE SHIM_TASK_UNINTERRUPTIBLE
#define TASK_WAKEKILL	     SHIM_TASK_WAKEKILL
#define TASK_FREEZABLE	     SHIM_TASK_FREEZABLE
#define TASK_KILLABLE	     SHIM_TASK_KILLABLE
#define TASK_NORMAL	     SHIM_TASK_NORMAL
#define MAX_SCHEDULE_TIMEOUT LONG_MAX

#define PF_EXITING   SHIM_PF_EXITING
#define PF_IO_WORKER SHIM_PF_IO_WORKER
#define PF_KTHREAD   SHIM_PF_KTHREAD

#define current		    shim_current()
#define schedule()	    shim_schedule(SCHED_SITE("schedule()"))
#define schedule_timeout(t) shim_schedule_timeout(t, SCHED_SITE("schedule_timeout()"))
#define cond_resched()	    might_sleep()

static inline unsigned int task_cpu(const struct task_struct *task)
{
	return task->cpu;
}

static inline pid_t task_pid_nr(const struct task_struct *task)
{
	return task->pid;
}

static inline pid_t task_tgid_nr(const struct task_struct *task)
{
	return task->tgid;
}

static inline struct pid *task_pid(struct task_struct *task)
{
	return (struct pid *)task;
}

#define raw_smp_processor_id()	   task_cpu(current)
#define smp_processor_id()	   task_cpu(current)
#define get_cpu()		   task_cpu(current)
#define put_cpu()		   ((void)0)
#define signal_pending(task)	   shim_signal_pending(task)
#define fatal_signal_pending(task) shim_fatal_signal_pending(task)

#endif /* SHIM_LINUX_SCHED_H */
