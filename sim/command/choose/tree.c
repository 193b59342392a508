// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs tools/tree-subject, which keeps what it builds in the cache, keyed by
 * content; and what git bisect wants to know of a tree.
 */
#include "command/choose/tree.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/command.h"
#include "program/end.h"

extern char **environ;

static bool bisecting;

static void fail(const char *what, int error)
{
	complain("%s: %s", what, strerror(error));
	exit(STATUS_SIMULATOR);
}

/* Start the tool. Return: the end of a pipe with the line that it prints */
static int start(const char *dir, bool hooked, pid_t *pid)
{
	char tool[PATH_MAX], place_map[PATH_MAX];
	char *argv[12] = { tool, "--cc", URINGSIM_CC };
	unsigned int nr = 3;
	posix_spawn_file_actions_t actions;
	int ends[2], error;

	program_file(tool, "tools/tree-subject");
	if (program_helper(place_map, "place-map")) {
		argv[nr++] = "--place-map";
		argv[nr++] = place_map;
	}
	if (pipe(ends))
		fail("pipe", errno);
	if (hooked)
		argv[nr++] = "--hooked";
	/* so that a tree that does not fit can be told from a wrong name */
	argv[nr++] = "--bisect";
	argv[nr++] = "--";
	argv[nr] = (char *)(uintptr_t)dir;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	error = posix_spawn(pid, tool, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (error) {
		program_complain_tool(tool, error);
		exit(STATUS_USAGE);
	}
	return ends[0];
}

/* ---- git bisect ---- */

static volatile pid_t player; /* the process that plays */

static void pass_on(int sig)
{
	kill(player, sig);
}

/*
 * A defect of the simulator says nothing about the tree, wherever it ends the process: it
 * plays in one of its own. Ctrl-C reaches both; the one that plays knows what it means.
 */
void tree_for_bisect(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction pass = { .sa_handler = pass_on };
	int status;

	if (bisecting)
		return;
	bisecting = true;
	fflush(stdout);
	player = fork();
	if (player < 0)
		fail("fork", errno);
	if (!player)
		return;
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGTERM, &pass, NULL);
	while (waitpid(player, &status, 0) < 0)
		if (errno != EINTR)
			fail("waitpid", errno);
	if (!WIFEXITED(status) || WEXITSTATUS(status) == STATUS_SIMULATOR)
		end_child(STATUS_SKIP);
	end_child(WEXITSTATUS(status));
}

int tree_unjudged(void)
{
	return bisecting ? STATUS_SKIP : STATUS_TREE;
}

static char leads[PATH_MAX], state[256];

const char *tree_path(void)
{
	return leads;
}

const char *tree_state(void)
{
	return state;
}

/* Return: whether the tool's next line begins with @word; @to gets the rest */
static bool read_line(FILE *said, const char *word, char *to, size_t len)
{
	char line[PATH_MAX + 16];
	size_t n = strlen(word);

	if (!fgets(line, sizeof(line), said) || strncmp(line, word, n) != 0)
		return false;
	line[strcspn(line, "\n")] = '\0';
	return (size_t)snprintf(to, len, "%s", line + n) < len;
}

void tree_build(const char *dir, bool hooked, char path[PATH_MAX])
{
	pid_t pid;
	int status;
	FILE *said = fdopen(start(dir, hooked, &pid), "r");

	if (!said)
		fail("pipe", errno);
	if (!read_line(said, "", path, PATH_MAX) ||
	    !read_line(said, "tree ", leads, sizeof(leads)))
		path[0] = '\0';
	if (!read_line(said, "state ", state, sizeof(state)))
		state[0] = '\0';
	fclose(said);
	if (waitpid(pid, &status, 0) < 0)
		fail("waitpid", errno);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && path[0])
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_SKIP)
		exit(tree_unjudged());
	if (!WIFEXITED(status) || WEXITSTATUS(status) != STATUS_USAGE)
		complain("tools/tree-subject failed on %s", dir);
	exit(STATUS_USAGE);
}
