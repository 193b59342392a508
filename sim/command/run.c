// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim run: the command line of it, and its result.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/choose/choose.h"
#include "command/choose/ring_flags.h"
#include "command/command.h"
#include "command/verdict/junit.h"
#include "engine/detectors.h"
#include "command/play.h"
#include "command/verdict/result.h"
#include "command/verdict/suppressions.h"
#include "command/verdict/verdict.h"
#include "engine/hunt.h"
#include "program/output.h"

/* struct arguments - the command line */
struct arguments {
	const char *subject;
	const char *tree;
	const char *json, *junit;
	const char **scenarios;
	unsigned int nr_scenarios;
	struct suppressions suppressions;
	struct verdict verdict;
};

static const struct argp_option options[] = {
	{ "subject", 's', "NAME", 0, "Subject to run [bufring]", 0 },
	{ "tree", 't', "DIR", 0,
	  "Compile and run fs/fuse of that Linux tree, or of REPO@REV", 0 },
	{ "detect", 'D', "LIST", 0, DETECTORS_HELP, 0 },
	{ "json", 'j', "FILE", 0, "Write the results to FILE", 0 },
	{ "junit", 0x103, "FILE", 0, "Write them to FILE as JUnit's XML", 0 },
	RING_FLAGS_OPTION,
	SUPPRESS_OPTION,
	VERDICT_OPTIONS,
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
	case RING_FLAGS_KEY:
		read_ring_flags(arg);
		args->verdict.ring_flags = arg;
		return 0;
	case 'D':
		detectors_choose(arg);
		args->verdict.detect = arg;
		return 0;
	case 'j':
		args->json = arg;
		return 0;
	case 'u':
		suppressions_name(&args->suppressions, arg);
		return 0;
	case ARGP_KEY_ARG:
		choose_also(args->scenarios, &args->nr_scenarios, arg);
		return 0;
	case 0x103:
		args->junit = arg;
		return 0;
	default:
		return verdict_option(&args->verdict, key) ? 0 : ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SCENARIO...]",
	.doc = "Play scenarios once, in the default order: a line for each; of a single "
	       "one, or with -v, every step. SCENARIO is a name, or "
	       "FILE.scenario. Without one: all that the subject "
	       "supports.\v" EXIT_STATUSES,
};

/* Whatever cannot be written is refused before anything is played. */
static void check_files(const struct arguments *args)
{
	if (output_check_results(args->json, args->junit) != STATUS_OK)
		exit(STATUS_USAGE);
}

static void print_head(const struct player *p, unsigned int nr)
{
	char subject[PATH_MAX + 128];

	printf("run       %u scenarios on %s, in the default order\n", nr,
	       subject_words(p, subject, sizeof(subject)));
}

static void play_all(struct player *players, unsigned int nr, struct arguments *args,
		     struct json_object *results)
{
	struct verdict *v = &args->verdict;
	/* of one scenario that is named every step is shown */
	bool trace =
		v->say == SAY_ALL || (v->say == SAY_LINES && args->nr_scenarios == 1);

	v->subject = players;
	v->all = !args->nr_scenarios;
	v->one = nr == 1;
	v->once = true;
	if (!trace && v->say == SAY_LINES)
		print_head(players, nr);
	hunt_catch_signals();
	for (unsigned int i = 0; i < nr; i++) {
		if (hunt_signalled())
			play_not(&players[i], v, results);
		else
			play(&players[i], v, trace, results);
	}
	v->interrupted = hunt_signalled();
	hunt_let_signals();
}

int command_run(int argc, char **argv)
{
	struct arguments args = { .verdict.say = SAY_LINES };
	struct json_object *results = json_object_new_array();
	struct player *players;
	struct choice choice;
	unsigned int nr;
	int status;

	args.scenarios = calloc((size_t)argc, sizeof(*args.scenarios));
	if (!args.scenarios || !results) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	read_arguments(&argp, argc, argv, &args);
	check_files(&args);
	choice = (struct choice){ args.subject, args.tree, args.scenarios,
				  args.nr_scenarios };
	nr = choose_players(&choice, CHOOSE_TO_RUN, &players);
	if (nr) {
		suppressions_load(&args.suppressions, &players[0]);
		args.verdict.suppressions = &args.suppressions;
		play_all(players, nr, &args, results);
	}
	status = verdict_end(&args.verdict);
	if (args.json && results_write(args.json, results) != STATUS_OK)
		status = verdict_unwritten(status);
	if (args.junit && junit_write(args.junit, results) != STATUS_OK)
		status = verdict_unwritten(status);
	json_object_put(results);
	free(args.scenarios);
	free(players);
	return status;
}
