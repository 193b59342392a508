// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines as they are shown. Slow: only for what is printed.
 */
#include "sched/lines.h"

#include <stddef.h>
#include <string.h>

static const struct call_lines own[] = {
#include "own_lines.h"
};

static const struct call_lines *subject;
static unsigned int nr_subject;

void lines_of_subject(const struct call_lines *files, unsigned int nr)
{
	subject = files;
	nr_subject = nr;
}

static const struct call_lines *find(const struct call_lines *files, unsigned int nr,
				     const char *name)
{
	for (unsigned int i = 0; i < nr; i++)
		if (!strcmp(files[i].file, name))
			return &files[i];
	return NULL;
}

int line_shown(const char *file, int line)
{
	const struct call_lines *f = find(subject, nr_subject, file);

	if (!f)
		f = find(own, sizeof(own) / sizeof(own[0]), file);
	for (unsigned int i = 0; f && i < f->nr && f->at[i].first <= line; i++)
		if (line <= f->at[i].last)
			return f->at[i].first;
	return line;
}
