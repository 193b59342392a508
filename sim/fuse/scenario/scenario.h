/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a FUSE scenario includes, and the arrays of all of them.
 */
#ifndef FUSE_SCENARIO_SCENARIO_H
#define FUSE_SCENARIO_SCENARIO_H

#include "fuse/fuse.h"
#include "world/driver.h"

/** FUSE_CONFIG() - the configuration of a scenario, fields by name */
#define FUSE_CONFIG(...) (&(const struct fuse_config){ __VA_ARGS__ })

enum {
#define SCENARIO(name) NUMBER_OF_##name,
#define SCENARIO_NAMED(name)
#include "fuse/scenario/list.h"
#undef SCENARIO
#undef SCENARIO_NAMED
	FUSE_SCENARIOS
};

enum {
#define SCENARIO(name)
#define SCENARIO_NAMED(name) NUMBER_OF_NAMED_##name,
#include "fuse/scenario/list.h"
#undef SCENARIO
#undef SCENARIO_NAMED
	FUSE_SCENARIOS_NAMED
};

extern const struct scenario *const fuse_scenarios[FUSE_SCENARIOS];
extern const struct scenario *const fuse_scenarios_named[FUSE_SCENARIOS_NAMED];

#endif /* FUSE_SCENARIO_SCENARIO_H */
