/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Executions that do not end: everybody runs, and nothing comes of it.
 */
#ifndef DETECT_PROGRESS_H
#define DETECT_PROGRESS_H

#include "sched/sched.h"

/**
 * progress_run() - sched_run(), and a judgement if it does not end
 * @strategy: as there
 * @bound: switches after which it is given up
 *
 * A spinning task may only lack its turn: so everybody gets turns, by dice that
 * always fall the same way, for a while. What does not end then is a live-lock, and
 * reported (progress), with who spins and where.
 *
 * Return: as sched_run(); %SCHED_BOUND after a report.
 */
enum sched_why progress_run(const struct sched_strategy *strategy, uint64_t bound);

#endif /* DETECT_PROGRESS_H */
