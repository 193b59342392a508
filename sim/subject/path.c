// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the shared object of a subject by its name.
 */
#include "subject/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* @name from the program's folder on; its own path is longer than PATH_MAX: none */
static bool from_program(char dir[PATH_MAX], const char *name)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (len < 0)
		return false;
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return snprintf(dir, PATH_MAX, "%s/%s", self, name) < PATH_MAX;
}

unsigned int subject_dirs(char dirs[SUBJECT_DIRS][PATH_MAX])
{
	const char *chosen = getenv("URINGSIM_SUBJECTS");
	unsigned int n = 0;

	if (chosen && *chosen && snprintf(dirs[n], PATH_MAX, "%s", chosen) < PATH_MAX)
		n++;
	if (from_program(dirs[n], "subjects"))
		n++;
	if (from_program(dirs[n], "../lib/uringsim/subjects"))
		n++;
	return n;
}

static bool is_there(const char *dir, const char *below, const char *name,
		     char path[PATH_MAX])
{
	return snprintf(path, PATH_MAX, "%s/%s%s.so", dir, below, name) < PATH_MAX &&
	       access(path, F_OK) == 0;
}

static bool find(const char *name, bool hooked, char path[PATH_MAX])
{
	char dirs[SUBJECT_DIRS][PATH_MAX];
	unsigned int n, i;

	if (strchr(name, '/')) {
		snprintf(path, PATH_MAX, "%s", name);
		return access(path, F_OK) == 0;
	}
	n = subject_dirs(dirs);
	for (i = 0; i < n; i++) {
		if (hooked && is_there(dirs[i], "hooked/", name, path))
			return true;
		if (is_there(dirs[i], "", name, path))
			return true;
	}
	return false;
}

bool subject_path(const char *name, char path[PATH_MAX])
{
	return find(name, false, path);
}

bool subject_path_hooked(const char *name, char path[PATH_MAX])
{
	return find(name, true, path);
}
