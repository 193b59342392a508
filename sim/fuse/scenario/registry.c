// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FUSE scenarios as an array, from list.h.
 */
#include "fuse/scenario/scenario.h"

#define SCENARIO(name) extern const struct scenario scenario_##name;
#include "fuse/scenario/list.h"
#undef SCENARIO

const struct scenario *const fuse_scenarios[FUSE_SCENARIOS] = {
#define SCENARIO(name) &scenario_##name,
#include "fuse/scenario/list.h"
};
