// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the folders of built subjects: NAME.so, and the file SKIPPED with a line
 * "NAME REASON" for each that was left out.
 */
#include "subject/installed.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/program.h"
#include "subject/path.h"

static char *copy(const char *text)
{
	char *mine = strdup(text);

	if (!mine) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	return mine;
}

static bool known(const struct installed_list *list, const char *name)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++)
		if (strcmp(list->at[i].name, name) == 0)
			return true;
	return false;
}

/* The first folder that has a name wins, as in subject_path(). */
static void add(struct installed_list *list, const char *name, const char *path,
		const char *reason)
{
	struct installed *more;

	if (known(list, name))
		return;
	more = realloc(list->at, (list->nr + 1) * sizeof(*more));
	if (!more) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	list->at = more;
	more[list->nr].name = copy(name);
	more[list->nr].path = path ? copy(path) : NULL;
	more[list->nr].reason = reason ? copy(reason) : NULL;
	list->nr++;
}

static void read_built(struct installed_list *list, const char *dir)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *d = opendir(dir);

	if (!d)
		return;
	while ((entry = readdir(d))) {
		char *dot = strrchr(entry->d_name, '.');

		if (!dot || dot == entry->d_name || strcmp(dot, ".so") != 0)
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) >= PATH_MAX)
			continue;
		*dot = '\0';
		add(list, entry->d_name, path, NULL);
	}
	closedir(d);
}

static void read_skipped(struct installed_list *list, const char *dir)
{
	char path[PATH_MAX], *line = NULL;
	size_t size = 0;
	FILE *in;

	if (snprintf(path, sizeof(path), "%s/SKIPPED", dir) >= PATH_MAX)
		return;
	in = fopen(path, "r");
	if (!in)
		return;
	while (getline(&line, &size, in) > 0) {
		char *reason;

		line[strcspn(line, "\n")] = '\0';
		reason = strchr(line, ' ');
		if (!reason)
			continue;
		*reason++ = '\0';
		add(list, line, NULL, reason);
	}
	free(line);
	fclose(in);
}

static int by_name(const void *a, const void *b)
{
	const struct installed *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void installed_find(struct installed_list *list)
{
	char dirs[SUBJECT_DIRS][PATH_MAX];
	unsigned int n = subject_dirs(dirs), i;

	list->at = NULL;
	list->nr = 0;
	for (i = 0; i < n; i++)
		read_built(list, dirs[i]);
	for (i = 0; i < n; i++)
		read_skipped(list, dirs[i]);
	if (list->nr)
		qsort(list->at, list->nr, sizeof(*list->at), by_name);
}

void installed_free(struct installed_list *list)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++) {
		free(list->at[i].name);
		free(list->at[i].path);
		free(list->at[i].reason);
	}
	free(list->at);
}

const char *installed_reason(const struct installed_list *list, const char *name)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++)
		if (strcmp(list->at[i].name, name) == 0)
			return list->at[i].reason;
	return NULL;
}

/* @name is "linux-X.Y": X and Y as one number, which grows with the version; otherwise 0
 */
static unsigned long linux_version(const char *name)
{
	unsigned int major, minor;
	char more;

	if (sscanf(name, "linux-%4u.%4u%c", &major, &minor, &more) != 2)
		return 0;
	return major * 10000UL + minor;
}

const struct installed *installed_newest_linux(const struct installed_list *list)
{
	const struct installed *newest = NULL;
	unsigned long version, highest = 0;
	unsigned int i;

	for (i = 0; i < list->nr; i++) {
		version = list->at[i].path ? linux_version(list->at[i].name) : 0;
		if (version > highest) {
			highest = version;
			newest = &list->at[i];
		}
	}
	return newest;
}
