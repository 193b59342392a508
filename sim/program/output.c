// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing a file as a whole: to a temporary file, which then replaces it.
 */
#include "program/output.h"

#include <errno.h>
#include <libgen.h>
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

int output_check(const char *path)
{
	char folder[PATH_MAX];
	struct stat st;

	if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return cannot_write(path);
	}
	snprintf(folder, sizeof(folder), "%s", path);
	/* a file is replaced: the folder matters */
	if (access(is_ordinary(path) ? dirname(folder) : path, W_OK))
		return cannot_write(path);
	return STATUS_OK;
}

int output_write(const char *path, void (*print)(FILE *out, const void *what),
		 const void *what)
{
	char unfinished[PATH_MAX];
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
