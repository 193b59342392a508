// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line of uringsim explore.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command/choose/choose.h"
#include "command/choose/ring_flags.h"
#include "command/command.h"
#include "command/explore/explore.h"
#include "engine/checkpoints.h"
#include "engine/detectors.h"
#include "program/output.h"

#define DEFAULT_EXECUTIONS 10000
#define DEFAULT_DELAYS	   2

static const struct argp_option options[] = {
	{ "subject", 's', "NAME", 0, "Subject to run, or \"model\" [bufring]", 0 },
	{ "tree", 't', "DIR", 0,
	  "Compile and run fs/fuse of that Linux tree, or of REPO@REV", 0 },
	{ "strategy", 'S', "NAME", 0,
	  "auto, random, pct, pos, surw, exhaustive or delay [auto; with --preemptions: "
	  "exhaustive; with --delays: delay; with --depth: pct; with --points, --timers, "
	  "--faults, --executions, --seconds or --seconds-each: random]",
	  0 },
	{ "budget", 0x106, "WORD", 0,
	  "quick, normal or thorough [normal]: auto takes about 5 s, 30 s or 10 min of "
	  "CPU for all scenarios of a tree",
	  0 },
	{ "points", 'p', "WHERE", 0,
	  "Where tasks may be switched: sync, marked (adds READ_ONCE and the like) or "
	  "all (adds plain accesses that meet others') [sync]",
	  0 },
	{ "preemptions", 'P', "N", 0, "exhaustive: at most N preemptions", 0 },
	{ "delays", 0x107, "N", 0, "delay: at most N delays [2]", 0 },
	{ "timers", 0x104, "N", 0,
	  "N times in an execution, time goes on to the next timer although tasks can "
	  "run [0]",
	  0 },
	{ "faults", 0x105, "N", 0,
	  "In an execution, N calls fail: allocations, copies to and from user memory, "
	  "pinning of pages [0]",
	  0 },
	RING_FLAGS_OPTION,
	{ "depth", 'd', "N", 0, "pct: bugs that need N ordering constraints [3]", 0 },
	{ "detect", 'D', "LIST", 0, DETECTORS_HELP, 0 },
	{ "executions", 'n', "N", 0,
	  "Stop after N of each scenario; shards and jobs have equal shares [auto: its "
	  "budget; 10000; exhaustive, delay: no end; one scenario with --seconds: no "
	  "end]",
	  0 },
	{ "seconds", 'T', "T", 0, "Stop after T seconds, of all scenarios together", 0 },
	{ "seconds-each", 0x102, "T", 0, "Stop a scenario after T seconds", 0 },
	{ "seed", 'x', "X", 0, "Of what is random [1]", 0 },
	{ "jobs", 'J', "J", 0, "Processes [1]", 0 },
	{ "shard", 'i', "I/N", 0, "Do part I of N of the search", 0 },
	{ "first", 'f', NULL, 0, "Stop at the first execution that fails", 0 },
	{ "no-checkpoints", 0x108, NULL, 0,
	  "Play each execution from its beginning: the same ones, and slower", 0 },
	{ "json", 'j', "FILE", 0, "Write the results to FILE", 0 },
	{ "junit", 0x103, "FILE", 0, "Write them to FILE as JUnit's XML", 0 },
	{ "schedules", 'o', "DIR", 0, "Where schedules of failures go [schedules]", 0 },
	SUPPRESS_OPTION,
	BASELINE_OPTION,
	VERDICT_OPTIONS,
	{ 0 },
};

/* ---- reading ---- */

static void read_shard(struct search_options *o, const char *text)
{
	unsigned int i, n;
	char rest;

	if (sscanf(text, "%u/%u%c", &i, &n, &rest) != 2 || !i || i > n || n > 100000) {
		complain("--shard takes I/N with I from 1 to N, not %s", text);
		exit(STATUS_USAGE);
	}
	o->shard = i - 1;
	o->shards = n;
}

static void read_strategy(struct arguments *args, const char *name)
{
	args->strategy = name;
	if (!strcmp(name, "auto"))
		return;
	args->hunt.search.kind = search_kind_of(name);
	if (args->hunt.search.kind != SEARCH_NR_KINDS)
		return;
	complain("no strategy %s: there are auto, random, pct, pos, surw, exhaustive "
		 "and delay",
		 name);
	exit(STATUS_USAGE);
}

static void read_budget(struct arguments *args, const char *name)
{
	args->budget_given = true;
	args->budget = budget_of(name);
	if (args->budget != BUDGETS)
		return;
	complain("--budget takes quick, normal or thorough, not %s", name);
	exit(STATUS_USAGE);
}

static void read_points(struct arguments *args, const char *name)
{
	args->points = name;
	args->hunt.search.mask = points_of(name);
	if (args->hunt.search.mask)
		return;
	complain("--points takes sync, marked or all, not %s", name);
	exit(STATUS_USAGE);
}

static error_t parse_search(int key, char *arg, struct arguments *args)
{
	struct search_options *o = &args->hunt.search;

	switch (key) {
	case 'S':
		read_strategy(args, arg);
		return 0;
	case 0x106:
		read_budget(args, arg);
		return 0;
	case 'p':
		args->decided = "--points";
		read_points(args, arg);
		return 0;
	case 'P':
		args->decided = "--preemptions";
		o->preemptions = (int)option_number("preemptions", arg, 0, 1000);
		return 0;
	case 0x107:
		args->decided = "--delays";
		o->delays = (int)option_number("delays", arg, 0, 1000);
		return 0;
	case 'd':
		args->decided = "--depth";
		args->depth_given = true;
		o->depth = (unsigned int)option_number("depth", arg, 1, 16);
		return 0;
	case 'n':
		args->decided = "--executions";
		args->executions = option_number("executions", arg, 1, UINT64_MAX / 2);
		return 0;
	case 'x':
		o->seed = option_number("seed", arg, 0, UINT64_MAX);
		return 0;
	case 'i':
		read_shard(o, arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

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
	case 'T':
		args->seconds = option_seconds("seconds", arg);
		return 0;
	case 0x108:
		checkpoints_off();
		return 0;
	case 0x102:
		args->each = option_seconds("seconds-each", arg);
		return 0;
	case 0x103:
		args->junit = arg;
		return 0;
	case 0x104:
		args->decided = "--timers";
		args->chances.timers =
			(unsigned int)option_number("timers", arg, 0, CHANCES_MAX);
		return 0;
	case 0x105:
		args->decided = "--faults";
		args->chances.faults =
			(unsigned int)option_number("faults", arg, 0, CHANCES_MAX);
		return 0;
	case RING_FLAGS_KEY:
		read_ring_flags(arg);
		return 0;
	case 'D':
		detectors_choose(arg);
		return 0;
	case 'J':
		args->hunt.jobs =
			(unsigned int)option_number("jobs", arg, 1, HUNT_MAX_JOBS);
		return 0;
	case 'f':
		args->hunt.first = true;
		return 0;
	case 'j':
		args->json = arg;
		return 0;
	case 'o':
		args->schedules = arg;
		return 0;
	case 'u':
		suppressions_name(&args->suppressions, arg);
		return 0;
	case BASELINE_KEY:
		args->suppressions.baseline = arg;
		return 0;
	case ARGP_KEY_ARG:
		choose_also(args->scenarios, &args->nr_scenarios, arg);
		return 0;
	default:
		return verdict_option(&args->verdict, key) ? 0
							   : parse_search(key, arg, args);
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[SCENARIO...]",
	.doc = "Play scenarios in many orders of their tasks' steps, and keep a schedule "
	       "of each failure. SCENARIO is a name, or FILE.scenario. Without one: "
	       "all that the subject supports. No strategy finds everything: auto "
	       "spends its budget on several.\v" EXIT_STATUSES,
};

/* whether the strategy chooses by itself */
static bool is_automatic(const struct arguments *args)
{
	bool asked =
		args->budget_given || (args->strategy && !strcmp(args->strategy, "auto"));

	if (args->budget_given && args->strategy && strcmp(args->strategy, "auto") != 0) {
		complain("--budget is for --strategy auto; %s has none", args->strategy);
		exit(STATUS_USAGE);
	}
	if (asked && args->decided) {
		complain("--strategy auto decides about %s itself", args->decided);
		exit(STATUS_USAGE);
	}
	if (args->strategy || args->decided)
		return asked;
	return asked || (args->seconds <= 0 && args->each <= 0);
}

/* @what: is an option of other strategies */
static void not_of(const struct search_options *o, const char *what, const char *lacks)
{
	complain("%s; %s %s", what, search_kind_name(o->kind), lacks);
	exit(STATUS_USAGE);
}

static void check_strategy(const struct arguments *args)
{
	const struct search_options *o = &args->hunt.search;

	if (o->preemptions != SEARCH_NO_BOUND && o->kind != SEARCH_EXHAUSTIVE)
		not_of(o, "--preemptions bounds the exhaustive strategy",
		       "has no such bound");
	if (o->delays != SEARCH_NO_BOUND && o->kind != SEARCH_DELAY)
		not_of(o, "--delays bounds the strategy delay", "has no delays");
}

/*
 * An option that one strategy alone has says which one is wanted, unless a strategy or a
 * budget is named. A depth may stand beside any strategy.
 */
static void choose_by_option(struct arguments *args)
{
	const struct search_options *o = &args->hunt.search;
	bool preemptions = o->preemptions != SEARCH_NO_BOUND;
	bool delays = o->delays != SEARCH_NO_BOUND;

	if (args->strategy || args->budget_given)
		return;
	if (preemptions && delays) {
		complain("--preemptions is of the exhaustive strategy and --delays of "
			 "the strategy delay: leave one out");
		exit(STATUS_USAGE);
	}
	if (preemptions)
		read_strategy(args, "exhaustive");
	else if (delays)
		read_strategy(args, "delay");
	else if (args->depth_given)
		read_strategy(args, "pct");
}

static void settle(struct arguments *args)
{
	struct search_options *o = &args->hunt.search;

	choose_by_option(args);
	args->automatic = is_automatic(args);
	if (args->automatic)
		return;
	check_strategy(args);
	if (o->delays == SEARCH_NO_BOUND)
		o->delays = DEFAULT_DELAYS;
	o->executions = args->executions;
	if (o->executions || !search_samples(o->kind) || args->each > 0)
		return;
	/* one scenario may have all the time; of several each has its share */
	if (args->seconds <= 0 || args->nr_scenarios != 1)
		o->executions = DEFAULT_EXECUTIONS;
}

/* Whatever cannot be written is refused before anything is played. */
static void check_files(const struct arguments *args)
{
	if (output_check_results(args->json, args->junit) != STATUS_OK ||
	    output_check_folder(args->schedules) != STATUS_OK)
		exit(STATUS_USAGE);
}

void explore_arguments(int argc, char **argv, struct arguments *args)
{
	args->scenarios = calloc((size_t)argc, sizeof(*args->scenarios));
	if (!args->scenarios) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	read_arguments(&argp, argc, argv, args);
	settle(args);
	check_files(args);
}
