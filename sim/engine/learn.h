/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --points all: which plain accesses are points.
 */
#ifndef ENGINE_LEARN_H
#define ENGINE_LEARN_H

#include "engine/player.h"

/**
 * learn_points() - before @p is played with @points
 *
 * With "all": plays it a number of times in orders that depend on nothing but @p,
 * and remembers which plain accesses met accesses of other tasks. A replay does the same
 * and finds the same.
 * Ends the program with STATUS_USAGE if there are no hooks.
 */
void learn_points(const struct player *p, const char *points);

#endif /* ENGINE_LEARN_H */
