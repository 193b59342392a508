/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a FUSE scenario includes, and the array of all of them.
 */
#ifndef FUSE_SCENARIO_SCENARIO_H
#define FUSE_SCENARIO_SCENARIO_H

#include "fuse/fuse.h"
#include "world/driver.h"

/** FUSE_CONFIG() - the configuration of a scenario, fields by name */
#define FUSE_CONFIG(...) (&(const struct fuse_config){ __VA_ARGS__ })

enum {
#define SCENARIO(name) NUMBER_OF_##name,
#include "fuse/scenario/list.h"
#undef SCENARIO
	FUSE_SCENARIOS
};

extern const struct scenario *const fuse_scenarios[FUSE_SCENARIOS];

#endif /* FUSE_SCENARIO_SCENARIO_H */
