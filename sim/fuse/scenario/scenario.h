/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a FUSE scenario includes, and the array of all of them: those in C, then those
 * that are files (files/NAME.scenario), which are read when the program begins.
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
	FUSE_SCENARIOS_IN_C,
	BEFORE_THE_FILES = FUSE_SCENARIOS_IN_C - 1,
#define SCENARIO_FILE(id, name) NUMBER_OF_##id,
#include "fuse/scenario/list_files.h"
#undef SCENARIO_FILE
	FUSE_SCENARIOS
};

extern const struct scenario *const fuse_scenarios[FUSE_SCENARIOS];

/**
 * fuse_scenarios_load() - read the files; done before main(), and again by a program
 * whose text_memory() is another one from then on
 */
void fuse_scenarios_load(void);

#endif /* FUSE_SCENARIO_SCENARIO_H */
