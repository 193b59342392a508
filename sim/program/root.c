// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the program's own files are, found from where the program is: no path of the
 * machine that it was built on is in it, so that it can be installed and moved.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program/program.h"

#define MARK "tools/build-subject"

static char root[PATH_MAX];
static char beside[PATH_MAX]; /* folder of the program itself */

static bool is_there(char path[PATH_MAX], const char *dir, const char *between,
		     const char *name)
{
	return snprintf(path, PATH_MAX, "%s%s/%s", dir, between, name) < PATH_MAX &&
	       access(path, F_OK) == 0;
}

/* Return: false at the top */
static bool go_up(char *dir)
{
	char *slash = strrchr(dir, '/');

	if (!slash || !dir[0])
		return false;
	*slash = '\0';
	return true;
}

static void find(void)
{
	static const char *const below[] = { "", "/share/uringsim" };
	char dir[PATH_MAX], path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", dir, sizeof(dir) - 1);

	strcpy(root, ".");
	if (len < 0)
		return;
	dir[len] = '\0';
	go_up(dir);
	snprintf(beside, sizeof(beside), "%s", dir);
	do {
		for (unsigned int i = 0; i < 2; i++) {
			if (!is_there(path, dir, below[i], MARK))
				continue;
			snprintf(root, sizeof(root), "%.*s%s", PATH_MAX - 32, dir,
				 below[i]);
			return;
		}
	} while (go_up(dir));
}

const char *program_root(void)
{
	if (!root[0])
		find();
	return root;
}

bool program_file(char path[PATH_MAX], const char *name)
{
	return is_there(path, program_root(), "", name);
}

bool program_helper(char path[PATH_MAX], const char *name)
{
	program_root();
	return is_there(path, beside, "/../lib/uringsim", name) ||
	       is_there(path, beside, "", name);
}

void program_complain_tool(const char *path, int error)
{
	if (error == ENOENT && access(path, F_OK) == 0)
		complain("%s needs python3, which is not installed", program_short(path));
	else
		complain("%s: %s", path, strerror(error));
}

/* ./run says so, and a command line that is printed can be pasted there */
const char *program_command(void)
{
	const char *name = getenv("URINGSIM_COMMAND");

	return name && *name ? name : "uringsim";
}

const char *program_short(const char *path)
{
	size_t n = strlen(program_root());

	return !strncmp(path, root, n) && path[n] == '/' ? path + n + 1 : path;
}
