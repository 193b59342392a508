// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FUSE scenarios as arrays, from list.h.
 */
#include "fuse/scenario/scenario.h"

#define SCENARIO(name)	     extern const struct scenario scenario_##name;
#define SCENARIO_NAMED(name) SCENARIO(name)
#include "fuse/scenario/list.h"
#undef SCENARIO
#undef SCENARIO_NAMED

const struct scenario *const fuse_scenarios[FUSE_SCENARIOS] = {
#define SCENARIO(name) &scenario_##name,
#define SCENARIO_NAMED(name)
#include "fuse/scenario/list.h"
#undef SCENARIO
#undef SCENARIO_NAMED
};

const struct scenario *const fuse_scenarios_named[FUSE_SCENARIOS_NAMED] = {
#define SCENARIO(name)
#define SCENARIO_NAMED(name) &scenario_##name,
#include "fuse/scenario/list.h"
};
