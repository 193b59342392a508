/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for cpumask.h. Model: CPUs are numbered without gaps, and all are
 * online.
 */
#ifndef SHIM_LINUX_CPUMASK_H
#define SHIM_LINUX_CPUMASK_H

#include <linux/types.h>

#include "shim/task.h"

#define nr_cpu_ids		   shim_nr_cpus
#define num_possible_cpus()	   shim_nr_cpus
#define num_online_cpus()	   shim_nr_cpus
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < shim_nr_cpus; (cpu)++)
#define for_each_online_cpu(cpu)   for_each_possible_cpu(cpu)

#endif /* SHIM_LINUX_CPUMASK_H */
