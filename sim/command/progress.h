/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The line that shows the progress of a search, on a terminal only.
 */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct hunt_result;
struct hunt_options;

/** struct progress - of one search */
struct progress {
	bool shown;
	const char *what;
	double start, last, seconds;
	uint64_t executions;
};

void progress_begin(struct progress *p, const char *what, const struct hunt_options *o);

/** progress_show() - if it is a terminal, a few times a second: the sum of @nr processes;
 * @arg: a struct progress
 */
void progress_show(void *arg, const struct hunt_result *parts, unsigned int nr);

/** progress_end() - wipe the line */
void progress_end(struct progress *p);

#endif /* COMMAND_PROGRESS_H */
