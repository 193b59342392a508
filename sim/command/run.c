// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim run: the command line of it, and which scenarios are meant.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/caps.h"
#include "command/choose.h"
#include "command/command.h"
#include "engine/detectors.h"
#include "command/near.h"
#include "command/play.h"
#include "command/result.h"
#include "command/suppressions.h"
#include "fuse/scenario/scenario.h"

/* struct wishes - the command line */
struct wishes {
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
	struct wishes *wishes = state->input;

	switch (key) {
	case 's':
		wishes->subject = arg;
		return 0;
	case 't':
		wishes->tree = arg;
		return 0;
	case 'D':
		detectors_choose(arg);
		return 0;
	case 'j':
		wishes->json = arg;
		return 0;
	case 'u':
		suppressions_name(&wishes->suppressions, arg);
		return 0;
	case ARGP_KEY_ARG:
		wishes->scenarios[wishes->nr_scenarios++] = arg;
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
	       "Without a SCENARIO: all that the subject supports, but for those that "
	       "are "
	       "played only when they are named.",
};

static void no_such_scenario(const char *name)
{
	struct near near = { .typed = name };
	unsigned int i;

	for (i = 0; i < scenarios_nr; i++)
		near_offer(&near, scenarios[i]->name);
	for (i = 0; i < scenarios_named_nr; i++)
		near_offer(&near, scenarios_named[i]->name);
	if (near.best)
		complain("no scenario %s; did you mean %s?", name, near.best);
	else
		complain("no scenario %s (uringsim scenarios lists them)", name);
}

/* Every name is looked at before the first scenario is played. */
static void check_names(const struct wishes *wishes)
{
	unsigned int i;

	for (i = 0; i < wishes->nr_scenarios; i++) {
		if (scenario_find(wishes->scenarios[i]))
			continue;
		no_such_scenario(wishes->scenarios[i]);
		exit(STATUS_USAGE);
	}
}

static void check_needs(const struct wishes *wishes, const struct subject_ops *subject)
{
	const struct scenario *s;
	unsigned int i, lacks;
	char words[64];

	for (i = 0; i < wishes->nr_scenarios; i++) {
		s = scenario_find(wishes->scenarios[i]);
		lacks = s->needs & ~subject->caps;
		if (!lacks)
			continue;
		complain("scenario %s needs %s, which subject %s does not have", s->name,
			 caps_words(lacks, "", words, sizeof(words)), subject->name);
		exit(STATUS_USAGE);
	}
}

/*
 * A simulator that failed outweighs what it found: statuses are ordered but for
 * STATUS_USAGE, which does not come out of playing.
 */
static int worse(int a, int b)
{
	return a > b ? a : b;
}

static int play_all(const struct wishes *wishes, const struct subject_ops *subject,
		    struct json_object *results)
{
	int status = STATUS_OK;
	unsigned int i;

	if (!wishes->nr_scenarios) {
		for (i = 0; i < scenarios_nr; i++)
			if (!(scenarios[i]->needs & ~subject->caps))
				status = worse(status,
					       play(subject, scenarios[i], results));
		return status;
	}
	for (i = 0; i < wishes->nr_scenarios; i++)
		status = worse(status, play(subject, scenario_find(wishes->scenarios[i]),
					    results));
	return status;
}

int command_run(int argc, char **argv)
{
	struct wishes wishes = { 0 };
	struct json_object *results = json_object_new_array();
	const struct subject_ops *subject;
	int status, written;

	wishes.scenarios = calloc((size_t)argc, sizeof(*wishes.scenarios));
	if (!wishes.scenarios || !results) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	read_arguments(&argp, argc, argv, &wishes);
	check_names(&wishes);
	subject = choose_subject(wishes.subject, wishes.tree, true);
	check_needs(&wishes, subject);
	suppressions_load(&wishes.suppressions, subject->name);

	status = play_all(&wishes, subject, results);
	if (wishes.json) {
		written = results_write(wishes.json, results);
		if (written != STATUS_OK)
			status = written;
	}
	json_object_put(results);
	free(wishes.scenarios);
	subject_unload(subject);
	return status;
}
