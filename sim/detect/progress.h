/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Live-lock: executions that do not end.
 */
#ifndef DETECT_PROGRESS_H
#define DETECT_PROGRESS_H

#include "sched/sched.h"

/**
 * progress_run() - sched_run(), and a fair schedule if it does not end
 * @strategy: as there
 * @bound: switches after which it counts as endless, or as many points that one task
 *	passes alone; half of them under @strategy
 *
 * A task that spins may only wait for another one that the strategy does not choose
 * (Musuvathi, Qadeer: Fair Stateless Model Checking, PLDI 2008). Therefore the execution
 * goes on under a fair, random schedule that is the same each time. If it does not end
 * then either, it is a live-lock: it is reported (progress) with the tasks that spin,
 * where, and on what, and stopped.
 *
 * Context: the main context. Return: as sched_run(); %SCHED_BOUND after a report.
 */
enum sched_why progress_run(const struct sched_strategy *strategy, uint64_t bound);

/** progress_goes_on() - likewise, in the default order and with the bound that there is
 */
enum sched_why progress_goes_on(void);

#endif /* DETECT_PROGRESS_H */
