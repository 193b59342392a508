/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is played under a strategy: a scenario on a subject, or a model.
 */
#ifndef ENGINE_PLAYER_H
#define ENGINE_PLAYER_H

#include "model/model.h"
#include "sched/sched.h"
#include "shim/chance.h"
#include "world/driver.h"

#define MODEL_SUBJECT "model"

/**
 * struct player - a scenario on a subject, or a model
 * @subject: NULL: @model is played
 * @tree: folder that the subject was compiled from, if the command line named it; NULL
 * @driver: of the subject
 * @chances: what may happen besides
 */
struct player {
	const struct subject *subject;
	const char *tree;
	const struct driver *driver;
	const struct scenario *scenario;
	struct model model;
	struct chances chances;
};

/**
 * player_play() - one execution, from a fresh world to its close
 * @strategy: NULL: the default order
 *
 * What went wrong is in the reports. Makes no system call.
 *
 * Return: the world, which is closed or was stopped: what was expected of it can still be
 * read; NULL: of a model, or it could not be opened.
 */
struct world *player_play(const struct player *p, const struct sched_strategy *strategy);

const char *player_subject(const struct player *p);
const char *player_scenario(const struct player *p);
/** player_argument() - what names it on the command line: its file, or its name */
const char *player_argument(const struct player *p);

/** player_config() - the world that it plays in, in words that can be compared */
const char *player_config(const struct player *p, char *buf, size_t len);

/** points_of() - SCHED_BIT()s of "sync", "marked" and "all"; 0: none of them */
unsigned int points_of(const char *name);

#endif /* ENGINE_PLAYER_H */
