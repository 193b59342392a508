/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The line of a place as it is shown: of a call that spans several lines, the first
 * one. gcc and clang differ in what __LINE__ is there, so tools/call-lines writes tables
 * of these calls, which are looked up when a line is printed.
 *
 * Plain C without any include but one, because kernel code fills such tables.
 */
#ifndef SCHED_LINES_H
#define SCHED_LINES_H

#include "sched/site.h"

/** struct call_span - lines of one call, or of several that share lines */
struct call_span {
	int first, last;
};

/** struct call_lines - a source file; @at in order of lines */
struct call_lines {
	const char *file;
	unsigned int nr;
	const struct call_span *at;
};

/** lines_of_subject() - the table of the code under test, besides our own; NULL: none */
void lines_of_subject(const struct call_lines *files, unsigned int nr);

/** line_shown() - the line that is shown for a line as a compiler has it */
int line_shown(const char *file, int line);

/** site_line() - the line of a place; 0: not known */
static inline int site_line(const struct sched_site *site)
{
	return line_shown(site->file, site->line);
}

#endif /* SCHED_LINES_H */
