// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim compare, check and bisect: what is new since another tree, and since which
 * commit. Each becomes a tool, which walks the commits and calls this program to build,
 * search and replay.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"

#define COMPARISON_STATUSES                                                              \
	"Exit status: 0 nothing is new; 1 something is; 2 wrong usage; 3 the simulator " \
	"itself failed; 4 interrupted; 5 nothing is new, but a tree could not be built."

/* struct words - the tool's command line */
struct words {
	const struct argp_option *options;
	char **argv, **names;
	unsigned int nr, args;	  /* of @argv, of @names: arguments come last */
	unsigned int least, most; /* arguments */
	const char *lacks;	  /* said if there are fewer */
};

static char *add(struct words *w, const char *word)
{
	char *copy = strdup(word);

	if (!copy) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	w->argv[w->nr++] = copy;
	return copy;
}

static void add_option(struct words *w, const struct argp_option *o, const char *value)
{
	char name[64];

	snprintf(name, sizeof(name), "--%s", o->name);
	add(w, name);
	if (o->arg)
		add(w, value);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct words *w = state->input;
	const struct argp_option *o = w->options;

	switch (key) {
	case ARGP_KEY_ARG:
		if (w->args == w->most) {
			complain("%s is one argument too many", arg);
			exit(STATUS_USAGE);
		}
		w->names[w->args++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (w->args >= w->least)
			return 0;
		complain("%s", w->lacks);
		exit(STATUS_USAGE);
	default:
		while (o->name && o->key != key)
			o++;
		if (!o->name)
			return ARGP_ERR_UNKNOWN;
		add_option(w, o, arg);
		return 0;
	}
}

/* what the tool has to call */
static void add_program(struct words *w)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0) {
		complain("/proc/self/exe: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	path[n] = '\0';
	add(w, "--program");
	add(w, path);
	add(w, "--shown");
	add(w, program_command());
	add(w, "--cc");
	add(w, URINGSIM_CC);
	if (!program_helper(path, "place-map"))
		return;
	add(w, "--place-map");
	add(w, path);
}

static int become(const char *name, const struct argp *argp, struct words *w, int argc,
		  char **argv)
{
	char tool[PATH_MAX];
	int status = STATUS_SIMULATOR;

	/* the tool, eight words of ours, "--", and an option may be two words */
	w->argv = calloc(2 * (size_t)argc + 12, sizeof(*w->argv));
	w->names = calloc((size_t)argc, sizeof(*w->names));
	if (!w->argv || !w->names) {
		complain("out of memory");
		goto out;
	}
	w->options = argp->options;
	program_file(tool, name);
	add(w, tool);
	add_program(w);
	read_arguments(argp, argc, argv, w);
	add(w, "--");
	for (unsigned int i = 0; i < w->args; i++)
		add(w, w->names[i]);
	fflush(stdout);
	execv(tool, w->argv);
	program_complain_tool(tool, errno);
	status = STATUS_USAGE;
out:
	free(w->names);
	free(w->argv);
	return status;
}

/* ---- the commands ---- */

#define REPO_OPTION                                                        \
	{                                                                  \
		"tree", 't', "REPO", 0, "Repository of the commits [.]", 0 \
	}
#define SEARCH_OPTIONS                                                                \
	{ "strategy", 'S', "NAME", 0, "As of explore [auto]", 1 },                    \
		{ "budget", 0x106, "WORD", 0, "Likewise", 1 },                        \
		{ "points", 'p', "WHERE", 0, "Likewise", 1 },                         \
		{ "preemptions", 'P', "N", 0, "Likewise", 1 },                        \
		{ "delays", 0x107, "N", 0, "Likewise", 1 },                           \
		{ "timers", 0x104, "N", 0, "Likewise", 1 },                           \
		{ "faults", 0x105, "N", 0, "Likewise", 1 },                           \
		{ "seed", 'x', "X", 0, "Likewise [1]", 1 },                           \
		{ "seconds-each", 0x102, "T", 0, "Likewise", 1 },                     \
	{                                                                             \
		"jobs", 'J', "J", 0, "Processes [as many as there are processors]", 1 \
	}
#define SCENARIO_OPTION                                                       \
	{                                                                     \
		"scenario", 0x130, "NAME", 0,                                 \
			"That scenario, or FILE.scenario; again for further " \
			"ones [all]",                                         \
			0                                                     \
	}
#define OUTPUT_OPTIONS                                                                 \
	{ "json", 'j', "FILE", 0, "Write the results to FILE", 2 },                    \
		{ "junit", 0x103, "FILE", 0, "Write them to FILE as JUnit's XML", 2 }, \
		{ "page", 0x131, "FILE", 0, "Write them to FILE as Markdown", 2 },     \
	{                                                                              \
		"schedules", 'o', "DIR", 0,                                            \
			"Where schedules of what is new or fixed go [schedules]", 2    \
	}

static const struct argp_option compare_options[] = {
	SCENARIO_OPTION,
	{ "executions", 'n', "N", 0, "Of each scenario, as of explore", 1 },
	SEARCH_OPTIONS,
	OUTPUT_OPTIONS,
	{ 0 },
};

int command_compare(int argc, char **argv)
{
	static const struct argp argp = {
		.options = compare_options,
		.parser = parse,
		.args_doc = "A B...",
		.doc = "Compare what a search finds in B, and in each further one, with "
		       "what "
		       "it "
		       "finds in A: which groups of failures are new, fixed, unchanged. "
		       "A and "
		       "B "
		       "are trees (DIR), revisions (REPO@REV), names of subjects, or "
		       "saved "
		       "results (FILE, of --json). What is found on one side alone is "
		       "tried "
		       "on "
		       "the other one by its schedule. Known reports are compared, "
		       "too.\v" COMPARISON_STATUSES,
	};
	struct words w = { .least = 2, .most = 32, .lacks = "name two to compare" };

	return become("tools/compare", &argp, &w, argc, argv);
}

static const struct argp_option check_options[] = {
	REPO_OPTION,
	SCENARIO_OPTION,
	{ "executions", 'n', "N", 0, "Of each scenario, as of explore [its quick budget]",
	  1 },
	SEARCH_OPTIONS,
	{ "first", 'f', NULL, 0, "Stop at the first commit with something new", 2 },
	OUTPUT_OPTIONS,
	{ 0 },
};

int command_check(int argc, char **argv)
{
	static const struct argp argp = {
		.options = check_options,
		.parser = parse,
		.args_doc = "BASE..HEAD",
		.doc = "Of each commit that touches what is compiled: does it build, and "
		       "what "
		       "is "
		       "new and what fixed against its parent? What was searched is kept "
		       "in "
		       "the "
		       "cache: after an interruption it goes on from "
		       "there.\v" COMPARISON_STATUSES,
	};
	struct words w = { .least = 1,
			   .most = 1,
			   .lacks = "name the commits: BASE..HEAD" };

	return become("tools/check-commits", &argp, &w, argc, argv);
}

static const struct argp_option bisect_options[] = {
	REPO_OPTION,
	{ "executions", 'n', "N", 0, "Of the scenario, as of explore", 1 },
	SEARCH_OPTIONS,
	{ "suppress", 'u', "none", 0, "Known reports count as failures, too", 1 },
	{ "json", 'j', "FILE", 0, "Write the outcome to FILE", 2 },
	{ "schedules", 'o', "DIR", 0, "Where the schedule goes [schedules]", 2 },
	{ 0 },
};

int command_bisect(int argc, char **argv)
{
	static const struct argp argp = {
		.options = bisect_options,
		.parser = parse,
		.args_doc = "GOOD BAD FILE|SCENARIO",
		.doc = "Find the first commit after GOOD, up to BAD, with a failure: "
		       "that of "
		       "the "
		       "schedule FILE, or what a search of SCENARIO finds at BAD; and "
		       "write "
		       "the "
		       "failing schedule of it. A commit that does not build is "
		       "skipped.\vExit status: 0 the commit was found; 1 only commits "
		       "are "
		       "left that do "
		       "not build; 2 wrong usage, or BAD does not fail, or GOOD does; 3 "
		       "the "
		       "simulator itself failed; 4 interrupted; 5 BAD does not build.",
	};
	struct words w = { .least = 3,
			   .most = 3,
			   .lacks = "name GOOD, BAD, and a schedule or a scenario" };

	return become("tools/bisect-failure", &argp, &w, argc, argv);
}
