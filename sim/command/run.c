// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim run: the command line of it, and its result.
 */
#include <json-c/json.h>
#include <stdlib.h>

#include "command/choose.h"
#include "command/command.h"
#include "engine/detectors.h"
#include "command/play.h"
#include "command/result.h"
#include "command/suppressions.h"

/* struct arguments - the command line */
struct arguments {
	const char *subject;
	const char *tree;
	const char *json;
	const char **scenarios;
	unsigned int nr_scenarios;
	struct suppressions suppressions;
};

static const struct argp_option options[] = {
	{ "subject", 's', "NAME", 0, "Subject to run [bufring]", 0 },
	{ "tree", 't', "DIR", 0, "Compile and run fs/fuse of that Linux tree", 0 },
	{ "detect", 'D', "LIST", 0, DETECTORS_HELP, 0 },
	{ "json", 'j', "FILE", 0, "Write the results to FILE", 0 },
	SUPPRESS_OPTION,
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 's':
		args->subject = arg;
		return 0;
	case 't':
		args->tree = arg;
		return 0;
	case 'D':
		detectors_choose(arg);
		return 0;
	case 'j':
		args->json = arg;
		return 0;
	case 'u':
		suppressions_name(&args->suppressions, arg);
		return 0;
	case ARGP_KEY_ARG:
		args->scenarios[args->nr_scenarios++] = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SCENARIO...]",
	.doc = "Play scenarios once, in the default order, and show what happened. "
	       "Without a SCENARIO: all that the subject supports.",
};

/*
 * A simulator that failed outweighs what it found: statuses are ordered but for
 * STATUS_USAGE, which does not come out of playing.
 */
static int worse(int a, int b)
{
	return a > b ? a : b;
}

int command_run(int argc, char **argv)
{
	struct arguments args = { 0 };
	struct json_object *results = json_object_new_array();
	struct player *players;
	struct choice choice;
	unsigned int nr;
	int status = STATUS_OK, written;

	args.scenarios = calloc((size_t)argc, sizeof(*args.scenarios));
	if (!args.scenarios || !results) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	read_arguments(&argp, argc, argv, &args);
	choice = (struct choice){ args.subject, args.tree, args.scenarios,
				  args.nr_scenarios };
	nr = choose_players(&choice, CHOOSE_TO_RUN, &players);
	if (nr)
		suppressions_load(&args.suppressions, &players[0]);
	for (unsigned int i = 0; i < nr; i++)
		status = worse(status, play(&players[i], results));
	if (args.json) {
		written = results_write(args.json, results);
		if (written != STATUS_OK)
			status = written;
	}
	json_object_put(results);
	free(args.scenarios);
	free(players);
	return status;
}
