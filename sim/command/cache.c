// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim cache: becomes tools/cache-contents, which knows what is kept there and by
 * which keys.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command/command.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	bool *clean = state->input;

	switch (key) {
	case 'c':
		*clean = true;
		return 0;
	case ARGP_KEY_ARG:
		complain("%s is one argument too many", arg);
		exit(STATUS_USAGE);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "clean", 'c', NULL, 0, "Remove what nobody needs any more, and nothing else",
	  0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "List what is in the cache - sources and images of kernels, subjects made "
	       "of "
	       "trees -, how large it is, when it was used last, and what nobody needs "
	       "any "
	       "more. The cache is $URINGSIM_CACHE, $XDG_CACHE_HOME/uringsim or "
	       "~/.cache/uringsim.",
};

int command_cache(int argc, char **argv)
{
	char tool[PATH_MAX], opt_clean[] = "--clean";
	char *words[3] = { tool, NULL, NULL };
	bool clean = false;

	read_arguments(&argp, argc, argv, &clean);
	if (clean)
		words[1] = opt_clean;
	program_file(tool, "tools/cache-contents");
	fflush(stdout);
	execv(tool, words);
	program_complain_tool(tool, errno);
	return STATUS_USAGE;
}
