/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One failure in words.
 */
#ifndef COMMAND_FAILURE_H
#define COMMAND_FAILURE_H

#include <stdint.h>
#include <stdio.h>

#include "detect/report.h"
#include "engine/player.h"
#include "search/schedule.h"

/* what is said of a failure stands below its summary */
#define FAILURE_INDENT "                      "

/**
 * struct telling - a failure, to be told
 * @reports, @words: how many reports of its group there are, in how many wordings
 * @when: where it came, in words: "execution 94, "
 */
struct telling {
	const struct player *player;
	const struct report *report;
	uint64_t reports;
	unsigned int words;
	const char *when;
};

/**
 * struct failure_how - how it came again
 * @number: of the same report in the replay that was just made, for its stacks; or -1
 * @schedule: NULL: the default order leads to it
 * @path: of the schedule; or ""
 * @all: print all that is known
 */
struct failure_how {
	int number;
	const struct schedule *schedule;
	const char *path;
	bool all;
};

/** failure_print() - about a dozen lines, unless all is asked for */
void failure_print(FILE *out, const struct telling *t, const struct failure_how *how);

#endif /* COMMAND_FAILURE_H */
