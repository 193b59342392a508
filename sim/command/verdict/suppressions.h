/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which files of suppressions apply to a subject, and what they suppressed, as text
 * and as JSON.
 */
#ifndef COMMAND_SUPPRESSIONS_H
#define COMMAND_SUPPRESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/player.h"

#define SUPPRESSIONS_FILES 16

struct json_object;

/**
 * struct suppressions - files that the command line names, in its order
 * @baseline: a saved result, what is in it is known, too; or NULL
 * @not_the_drivers: it says "none": what comes with the driver does not count
 */
struct suppressions {
	const char *file[SUPPRESSIONS_FILES];
	unsigned int nr;
	const char *baseline;
	bool not_the_drivers;
};

#define SUPPRESS_OPTION                                                                 \
	{                                                                               \
		"suppress", 'u', "FILE", 0,                                             \
			"Known reports, each with its reason; besides those that come " \
			"with the subject's driver, or, with FILE none, instead",       \
			0                                                               \
	}

#define BASELINE_KEY 0x120
#define BASELINE_OPTION                                                               \
	{                                                                             \
		"baseline", BASELINE_KEY, "FILE", 0,                                  \
			"A saved result (--json): failures of its groups are known, " \
			"only what is new fails",                                     \
			0                                                             \
	}

/**
 * suppressions_name() - the command line names a file
 *
 * Ends the program with STATUS_USAGE and one line if it is none.
 */
void suppressions_name(struct suppressions *s, const char *file);

/**
 * suppressions_load() - read the file of the subject that is played, if it has one, and
 * @s
 *
 * Ends the program with STATUS_USAGE and one line if one of them is not right.
 */
void suppressions_load(const struct suppressions *s, const struct player *p);

/** suppressions_print() - what each entry suppressed; nothing: no line */
void suppressions_print(const uint64_t *counts);

/**
 * suppressions_print_short() - if there are many, a line for each finding, and one for
 * what does no harm
 */
void suppressions_print_short(const uint64_t *counts);

/** suppressions_print_unused() - entries that suppressed nothing, by @counts */
void suppressions_print_unused(const uint64_t *counts);

/** suppressions_json() - an array: file, line, kind, reason, count; used ones alone */
struct json_object *suppressions_json(const uint64_t *counts);

#endif /* COMMAND_SUPPRESSIONS_H */
