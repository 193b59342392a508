/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What reading known reports fills in and matching looks at. For sim/detect alone.
 */
#ifndef DETECT_SUPPRESS_I_H
#define DETECT_SUPPRESS_I_H

#include "detect/suppress.h"

/**
 * struct suppress_list - the entries of all files that were read
 * @count: reports that each kept back
 * @kinds: a bit for each kind of report that an entry names
 * @texts: of the files, and their names
 * @scenario: that is played; @of_file: it is of somebody's own file
 * @last: entry that suppress_match() found
 * @asks_value: an entry has a condition
 */
struct suppress_list {
	struct suppression entry[SUPPRESS_MAX];
	uint64_t count[SUPPRESS_MAX + 1]; /* the last: of suppress_group() */
	unsigned int nr;
	unsigned int kinds;
	struct suppress_hash hash[SUPPRESS_HASHES];
	unsigned int nr_hashes;
	char *texts[SUPPRESS_MAX];
	unsigned int nr_texts;
	const char *scenario;
	bool of_file;
	int last;
	unsigned int generation;
	bool asks_value;
};
extern struct suppress_list suppressions;

#endif /* DETECT_SUPPRESS_I_H */
