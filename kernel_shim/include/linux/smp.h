/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for smp.h: which CPU, in sched.h; how many, in cpumask.h. Model.
 */
#ifndef SHIM_LINUX_SMP_H
#define SHIM_LINUX_SMP_H

#include <linux/cpumask.h>
#include <linux/sched.h>

#endif /* SHIM_LINUX_SMP_H */
