/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The line that shows how far a search is: on a terminal, and nowhere else.
 */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct catch;
struct hunt_options;

/** struct progress - of one search */
struct progress {
	bool shown;
	const char *what;
	double start, last, seconds;
	uint64_t executions;
};

void progress_begin(struct progress *p, const char *what, const struct hunt_options *o);

/** progress_show() - if it is a terminal, and time: the sum of @nr processes; @arg: a
 *  struct progress
 */
void progress_show(void *arg, const struct catch *parts, unsigned int nr);

/** progress_end() - wipe the line */
void progress_end(struct progress *p);

#endif /* COMMAND_PROGRESS_H */
