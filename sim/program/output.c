// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing a file as a whole: to a temporary file, which then replaces it.
 */
#include "program/output.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/program.h"
#include "program/end.h"

/* Devices and pipes are written to directly; a file is replaced. */
static bool is_ordinary(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 || S_ISREG(st.st_mode);
}

static int cannot_write(const char *path)
{
	complain("cannot write %s: %s", path, strerror(errno));
	return STATUS_USAGE;
}

/* a name that nobody else uses; the caller knows what it is for */
static bool can_create(const char *beside)
{
	char unfinished[PATH_MAX + 32];
	FILE *out;

	snprintf(unfinished, sizeof(unfinished), "%s.%d.tmp", beside, getpid());
	out = fopen(unfinished, "we");
	if (!out)
		return false;
	fclose(out);
	unlink(unfinished);
	return true;
}

int output_check(const char *path)
{
	struct stat st;

	if (!path[0]) {
		complain("a file without a name cannot be written");
		return STATUS_USAGE;
	}
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		errno = EISDIR;
	else if (is_ordinary(path) ? can_create(path) : !access(path, W_OK))
		return STATUS_OK;
	return cannot_write(path);
}

int output_check_results(const char *json, const char *junit)
{
	if (json && junit && !strcmp(json, junit)) {
		complain("--json and --junit are to write the same file, %s", json);
		return STATUS_USAGE;
	}
	if (json && output_check(json) != STATUS_OK)
		return STATUS_USAGE;
	return junit ? output_check(junit) : STATUS_OK;
}

int output_check_folder(const char *path)
{
	char inside[PATH_MAX];
	bool made = !mkdir(path, 0777), ok;

	if (!made && errno != EEXIST) {
		complain("cannot make %s: %s", path, strerror(errno));
		return STATUS_USAGE;
	}
	snprintf(inside, sizeof(inside), "%s/uringsim", path);
	ok = can_create(inside);
	if (made)
		rmdir(path);
	return ok ? STATUS_OK : cannot_write(path);
}

int output_write(const char *path, void (*print)(FILE *out, const void *what),
		 const void *what)
{
	char unfinished[PATH_MAX + 32];
	const char *to = path;
	bool ok;
	FILE *out;

	if (is_ordinary(path)) {
		snprintf(unfinished, sizeof(unfinished), "%s.%d.tmp", path, getpid());
		to = unfinished;
	}
	out = fopen(to, "we");
	if (!out)
		return cannot_write(path);
	end_remove(to == path ? NULL : to);
	print(out, what);
	ok = fflush(out) == 0 && !ferror(out);
	ok = fclose(out) == 0 && ok;
	if (ok && to != path)
		ok = rename(to, path) == 0;
	if (!ok) {
		cannot_write(path);
		if (to != path)
			unlink(to);
	}
	end_remove(NULL);
	return ok ? STATUS_OK : STATUS_USAGE;
}
