/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is played under a strategy: a scenario on a subject, or a model.
 */
#ifndef ENGINE_PLAYER_H
#define ENGINE_PLAYER_H

#include "model/model.h"
#include "fuse/scenario/scenario.h"
#include "sched/sched.h"

#define MODEL_SUBJECT "model"

/**
 * struct player - one of the two
 * @subject: NULL: @model is played
 */
struct player {
	const struct subject_ops *subject;
	const struct scenario *scenario;
	struct model model;
};

/**
 * player_play() - one execution, from a fresh world to its close
 *
 * What went wrong is in the reports. Makes no system call.
 */
void player_play(const struct player *p, const struct sched_strategy *strategy);

const char *player_subject(const struct player *p);
const char *player_scenario(const struct player *p);

/** player_config() - the world that it plays in, in words that can be compared */
const char *player_config(const struct player *p, char *buf, size_t len);

/** points_of() - SCHED_BIT()s of "sync", "marked" and "all"; 0: none of them */
unsigned int points_of(const char *name);

/**
 * player_choose() - players by the names on the command line
 * @names, @nr: scenarios; none: all that the subject supports
 * @out: set to an array that the caller frees
 *
 * Ends the program with STATUS_USAGE and one line if a name means nothing.
 * Return: how many.
 */
unsigned int player_choose(const char *subject, const char *tree,
			   const char *const *names, unsigned int nr,
			   struct player **out);

#endif /* ENGINE_PLAYER_H */
