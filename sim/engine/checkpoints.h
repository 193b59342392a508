/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Executions of a search that begin where an earlier one was.
 */
#ifndef ENGINE_CHECKPOINTS_H
#define ENGINE_CHECKPOINTS_H

#include <stdbool.h>

struct player;

/**
 * checkpoints_begin() - a search of @p begins, which plays nothing else
 *
 * From now on player_play() with the strategy of the search plays what comes before it,
 * set-up and all, once only. That makes no difference but to the time it takes. It does
 * nothing if what is played has to be seen from its beginning.
 */
void checkpoints_begin(const struct player *p);

/** checkpoints_end() - each execution begins at its beginning */
void checkpoints_end(void);

/** checkpoints_off() - take none from now on [--no-checkpoints] */
void checkpoints_off(void);

#endif /* ENGINE_CHECKPOINTS_H */
