/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is learnt of a scenario before it is searched: which plain accesses are points
 * (--points all), and what its tasks touch (--strategy pos and surw).
 */
#ifndef ENGINE_LEARN_H
#define ENGINE_LEARN_H

#include "engine/player.h"
#include "search/search.h"

/* executions from which something is learnt; each costs as much as one of the search */
#define LEARN_EXECUTIONS 64

/**
 * learn_points() - before @p is played with @points
 *
 * With "all": plays it a number of times in orders that depend on nothing but @p,
 * and remembers which plain accesses met accesses of other tasks. A replay does the same
 * and finds the same.
 * Ends the program with STATUS_USAGE if there are no hooks.
 */
void learn_points(const struct player *p, const char *points);

/**
 * learn_profile() - before @p is searched with @o: its profile, if the strategy uses one
 *
 * Call it after learn_points(). The orders depend on nothing but @p and the points of @o;
 * what may happen is left out.
 */
void learn_profile(const struct player *p, const struct search_options *o);

#endif /* ENGINE_LEARN_H */
