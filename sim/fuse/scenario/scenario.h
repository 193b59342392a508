/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scenario: a story with a cast, and what must be true at its end. It steers
 * no schedule: "run" plays it in the default order, "explore" in every other.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "world/world.h"

/**
 * struct scenario - one story
 * @name: as on the command line
 * @summary: one line for "uringsim scenarios"
 * @small: what a search plays in its stead: the same story, with a cast for which
 *	all orders can be tried; NULL: the story is small enough
 * @needs: SUBJECT_* capabilities
 * @config: the world it plays in
 * @explored: what part of it a search explores, if not all of it
 * @play: brings the cast on stage and queues what everybody does; returns
 *	before any of it has happened, set-up aside (world_story_begins())
 * @check: after everybody is at rest, before the world closes; may be NULL
 */
struct scenario {
	const char *name;
	const char *summary;
	const char *explored;
	const struct scenario *small;
	unsigned int needs;
	struct world_config config;
	void (*play)(struct world *w);
	void (*check)(struct world *w);
};

extern const struct scenario *const scenarios[];
extern const unsigned int scenarios_nr;
/** scenarios_named - played only by their names: Linux is known to fail them */
extern const struct scenario *const scenarios_named[];
extern const unsigned int scenarios_named_nr;
const struct scenario *scenario_find(const char *name);

#endif /* SCENARIO_SCENARIO_H */
