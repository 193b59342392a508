/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Playing one scenario once.
 */
#ifndef COMMAND_PLAY_H
#define COMMAND_PLAY_H

#include "command/verdict/verdict.h"
#include "engine/player.h"

struct json_object;

/**
 * play() - play it in the default order
 * @v: counts what came of it; gets the failures to be told
 * @trace: print the trace, too
 * @results: gets the result appended
 */
void play(const struct player *p, struct verdict *v, bool trace,
	  struct json_object *results);

/** play_not() - it is asked for, but not played any more */
void play_not(const struct player *p, struct verdict *v, struct json_object *results);

#endif /* COMMAND_PLAY_H */
