/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The line that shows how far a search is: on a terminal, and nowhere else.
 */
#ifndef ENGINE_PROGRESS_H
#define ENGINE_PROGRESS_H

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

/** progress_show() - if it is a terminal, and time: the sum of @nr processes */
void progress_show(struct progress *p, const struct catch *parts, unsigned int nr);

/** progress_end() - wipe the line */
void progress_end(struct progress *p);

#endif /* ENGINE_PROGRESS_H */
