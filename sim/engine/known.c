// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding and reading the known reports of a subject.
 */
#include "engine/known.h"

#include <stdio.h>
#include <string.h>

#include "detect/suppress.h"
#include "program/program.h"

bool known_is_tree(const struct player *p)
{
	return p->subject && !strncmp(p->subject->name, "tree:", 5);
}

bool known_load(const struct player *p, char *err, size_t len)
{
	char name[PATH_MAX], path[PATH_MAX];

	suppress_clear();
	if (!p->subject || !p->driver->known || known_is_tree(p))
		return true;
	snprintf(name, sizeof(name), "%s/%s", p->driver->known, p->subject->name);
	return !program_file(path, name) || suppress_read(path, err, len);
}
