/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for sched/signal.h; signal_pending() and its kin are in sched.h. Model.
 */
#ifndef SHIM_LINUX_SCHED_SIGNAL_H
#define SHIM_LINUX_SCHED_SIGNAL_H

#include <linux/sched.h>

#define SIGHUP	 1
#define SIGINT	 2
#define SIGKILL	 9
#define SIGIO	 29
#define POLL_IN	 1
#define POLL_OUT 2

#endif /* SHIM_LINUX_SCHED_SIGNAL_H */
