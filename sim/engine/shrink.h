/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Removing from a schedule what its failure does not need.
 */
#ifndef ENGINE_SHRINK_H
#define ENGINE_SHRINK_H

#include <stdbool.h>

#include "engine/player.h"
#include "search/schedule.h"

/**
 * struct shrunk - the result
 * @preemptions: switches that are left and preempt a task that could go on
 * @least: no order fails with fewer
 * @again: what is left fails again, and the schedule's notes are about it
 */
struct shrunk {
	unsigned int preemptions, replays;
	bool least, again;
};

#define SHRINK_AT_ONCE 2000    /* replays */
#define SHRINK_STEPS   2000ull /* steps of one, on the average */

/** shrink_schedule() - in place. Return: false: its failure does not come */
bool shrink_schedule(const struct player *p, struct schedule *s, struct shrunk *result);

/**
 * shrink_at_once() - likewise, with about SHRINK_AT_ONCE replays at most, and no more
 * steps than as many replays of SHRINK_STEPS take
 */
bool shrink_at_once(const struct player *p, struct schedule *s, struct shrunk *result);

#endif /* ENGINE_SHRINK_H */
