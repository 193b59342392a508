/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Playing one scenario once.
 */
#ifndef COMMAND_PLAY_H
#define COMMAND_PLAY_H

#include "engine/player.h"

struct json_object;

/**
 * play() - play it in the default order; print the trace and a verdict
 * @results: gets the result appended
 *
 * Return: STATUS_OK, STATUS_FOUND or STATUS_SIMULATOR.
 */
int play(const struct player *p, struct json_object *results);

#endif /* COMMAND_PLAY_H */
