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
 * @needs: SUBJECT_* capabilities
 * @config: the world it plays in
 * @play: brings the cast on stage and queues what everybody does; returns
 *	before any of it has happened
 * @check: after everybody is at rest, before the world closes; may be NULL
 */
struct scenario {
	const char *name;
	const char *summary;
	unsigned int needs;
	struct world_config config;
	void (*play)(struct world *w);
	void (*check)(struct world *w);
};

extern const struct scenario *const scenarios[];
extern const unsigned int scenarios_nr;
const struct scenario *scenario_find(const char *name);

#endif /* SCENARIO_SCENARIO_H */
