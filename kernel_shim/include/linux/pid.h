/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for pid.h. Model: a struct pid is the task itself, by a cast.
 */
#ifndef SHIM_LINUX_PID_H
#define SHIM_LINUX_PID_H

#include <linux/types.h>

#include "shim/task.h"

struct pid;
struct pid_namespace;

static inline pid_t pid_nr(struct pid *pid)
{
	return pid ? ((struct task_struct *)pid)->pid : 0;
}

static inline pid_t pid_nr_ns(struct pid *pid, struct pid_namespace *ns)
{
	(void)ns;
	return pid_nr(pid);
}

#endif /* SHIM_LINUX_PID_H */
