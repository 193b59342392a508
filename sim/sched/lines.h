/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The line of a place as it is shown: of a call that spans several lines the first
 * one. Compilers disagree which line __LINE__ is there, so what tools/call-lines
 * knows about the sources is asked when a line is printed.
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

/** lines_of_subject() - of the code under test, besides our own; NULL: none */
void lines_of_subject(const struct call_lines *files, unsigned int nr);

/** line_shown() - for a line of a file as a compiler names them */
int line_shown(const char *file, int line);

/** site_line() - the line of a place; 0: not known */
static inline int site_line(const struct sched_site *site)
{
	return line_shown(site->file, site->line);
}

#endif /* SCHED_LINES_H */
