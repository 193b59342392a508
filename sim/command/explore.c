// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim explore: the command line of it, what it prints, and its JSON.
 */
#include <inttypes.h>
#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command/choose.h"
#include "command/command.h"
#include "command/junit.h"
#include "command/progress.h"
#include "engine/detectors.h"
#include "program/end.h"
#include "program/output.h"
#include "engine/hunt.h"
#include "engine/keep.h"
#include "engine/learn.h"
#include "command/result.h"
#include "command/suppressions.h"
#include "command/verdict.h"
#include "program/output.h"

#define DEFAULT_EXECUTIONS 10000
#define DEFAULT_DEPTH	   3

/* struct arguments - the command line */
struct arguments {
	const char *subject, *tree, *json, *junit, *points, *schedules;
	const char **scenarios;
	unsigned int nr_scenarios;
	uint64_t executions;
	struct hunt_options hunt;
	struct chances chances;
	struct suppressions suppressions;
	double seconds, each; /* of all, and of each scenario; 0: not said */
	double until;	      /* by now_s(); 0: no end */
	struct verdict verdict;
	bool unwritten; /* a file that was asked for */
};

static const struct argp_option options[] = {
	{ "subject", 's', "NAME", 0, "Subject to run, or \"model\" [bufring]", 0 },
	{ "tree", 't', "DIR", 0, "Compile and run fs/fuse of that Linux tree", 0 },
	{ "strategy", 'S', "NAME", 0, "random, pct or exhaustive [random]", 0 },
	{ "points", 'p', "WHERE", 0,
	  "Where tasks may be switched: sync, marked (adds READ_ONCE and the like) or "
	  "all (adds plain accesses that meet others') [sync]",
	  0 },
	{ "preemptions", 'P', "N", 0, "exhaustive: at most N preemptions", 0 },
	{ "timers", 0x104, "N", 0,
	  "N times in an execution, time goes on to the next timer although tasks can "
	  "run [0]",
	  0 },
	{ "faults", 0x105, "N", 0,
	  "In an execution, N calls fail: allocations, copies to and from user memory, "
	  "pinning of pages [0]",
	  0 },
	{ "depth", 'd', "N", 0, "pct: bugs that need N ordering constraints [3]", 0 },
	{ "detect", 'D', "LIST", 0, DETECTORS_HELP, 0 },
	{ "executions", 'n', "N", 0,
	  "Stop after N of each scenario [10000; exhaustive: no end; one scenario with "
	  "--seconds: no end]",
	  0 },
	{ "seconds", 'T', "T", 0, "Stop after T seconds, of all scenarios together", 0 },
	{ "seconds-each", 0x102, "T", 0, "Stop a scenario after T seconds", 0 },
	{ "seed", 'x', "X", 0, "Of random and pct [1]", 0 },
	{ "jobs", 'J', "J", 0, "Processes [1]", 0 },
	{ "shard", 'i', "I/N", 0, "Do part I of N of the search", 0 },
	{ "first", 'f', NULL, 0, "Stop at the first execution that fails", 0 },
	{ "json", 'j', "FILE", 0, "Write the results to FILE", 0 },
	{ "junit", 0x103, "FILE", 0, "Write them to FILE as JUnit's XML", 0 },
	{ "schedules", 'o', "DIR", 0, "Where schedules of failures go [schedules]", 0 },
	SUPPRESS_OPTION,
	VERDICT_OPTIONS,
	{ 0 },
};

/* ---- reading ---- */

static uint64_t number(const char *option, const char *text, uint64_t min, uint64_t max)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);

	if (*text >= '0' && *text <= '9' && !*end && strlen(text) < 20 && n >= min &&
	    n <= max)
		return n;
	complain("--%s takes a number from %" PRIu64 " to %" PRIu64 ", not %s", option,
		 min, max, text);
	exit(STATUS_USAGE);
}

static double seconds(const char *option, const char *text)
{
	char *end;
	double s = strtod(text, &end);

	if (end != text && !*end && isfinite(s) && s > 0)
		return s;
	complain("--%s takes a number above 0, not %s", option, text);
	exit(STATUS_USAGE);
}

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

static void read_strategy(struct search_options *o, const char *name)
{
	o->kind = search_kind_of(name);
	if (o->kind != SEARCH_NR_KINDS)
		return;
	complain("no strategy %s: there are random, pct and exhaustive", name);
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
		read_strategy(o, arg);
		return 0;
	case 'p':
		read_points(args, arg);
		return 0;
	case 'P':
		o->preemptions = (int)number("preemptions", arg, 0, 1000);
		return 0;
	case 'd':
		o->depth = (unsigned int)number("depth", arg, 1, 16);
		return 0;
	case 'n':
		args->executions = number("executions", arg, 1, UINT64_MAX / 2);
		return 0;
	case 'x':
		o->seed = number("seed", arg, 0, UINT64_MAX);
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
		args->seconds = seconds("seconds", arg);
		return 0;
	case 0x102:
		args->each = seconds("seconds-each", arg);
		return 0;
	case 0x103:
		args->junit = arg;
		return 0;
	case 0x104:
		args->chances.timers =
			(unsigned int)number("timers", arg, 0, CHANCES_MAX);
		return 0;
	case 0x105:
		args->chances.faults =
			(unsigned int)number("faults", arg, 0, CHANCES_MAX);
		return 0;
	case 'D':
		detectors_choose(arg);
		return 0;
	case 'J':
		args->hunt.jobs = (unsigned int)number("jobs", arg, 1, HUNT_MAX_JOBS);
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
	case ARGP_KEY_ARG:
		args->scenarios[args->nr_scenarios++] = arg;
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
	       "all that the subject supports. Random orders and a bounded exhaustive "
	       "search, --strategy "
	       "exhaustive --preemptions 2, find different mistakes: make "
	       "both.\v" EXIT_STATUSES,
};

static void settle(struct arguments *args)
{
	struct search_options *o = &args->hunt.search;

	if (o->preemptions != SEARCH_NO_BOUND && o->kind != SEARCH_EXHAUSTIVE) {
		complain("--preemptions bounds the exhaustive strategy; %s has no such "
			 "bound",
			 search_kind_name(o->kind));
		exit(STATUS_USAGE);
	}
	o->executions = args->executions;
	if (o->executions || o->kind == SEARCH_EXHAUSTIVE || args->each > 0)
		return;
	/* one scenario may have all the time; of several each has its share */
	if (args->seconds <= 0 || args->nr_scenarios != 1)
		o->executions = DEFAULT_EXECUTIONS;
}

/* Whatever cannot be written is refused before anything is played. */
static void check_files(const struct arguments *args)
{
	if ((args->json && output_check(args->json) != STATUS_OK) ||
	    (args->junit && output_check(args->junit) != STATUS_OK) ||
	    output_check_folder(args->schedules) != STATUS_OK)
		exit(STATUS_USAGE);
}

/* ---- time ---- */

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* seconds that a scenario has; 0: no end; below 0: none */
static double time_for_one(const struct arguments *args)
{
	double left = args->until > 0 ? args->until - now_s() : 0;

	if (args->until > 0 && left <= 0)
		return -1;
	if (args->each > 0 && (left <= 0 || args->each < left))
		return args->each;
	return left;
}

/* ---- printing ---- */

static void print_options(const struct arguments *args, const struct search_options *o)
{
	printf("options   --strategy %s --points %s", search_kind_name(o->kind),
	       args->points);
	if (o->kind != SEARCH_EXHAUSTIVE)
		printf(" --seed %" PRIu64, o->seed);
	if (o->kind == SEARCH_PCT && o->steps)
		printf(" --depth %u (%" PRIu64 " steps)", o->depth, o->steps);
	else if (o->kind == SEARCH_PCT)
		printf(" --depth %u", o->depth);
	if (o->preemptions != SEARCH_NO_BOUND)
		printf(" --preemptions %d", o->preemptions);
	if (args->chances.timers)
		printf(" --timers %u", args->chances.timers);
	if (args->chances.faults)
		printf(" --faults %u", args->chances.faults);
	if (o->executions)
		printf(" --executions %" PRIu64, o->executions);
	if (args->seconds > 0)
		printf(" --seconds %g", args->seconds);
	if (args->each > 0)
		printf(" --seconds-each %g", args->each);
	if (strcmp(detectors_names(), "all") != 0)
		printf(" --detect %s", detectors_names());
	if (args->hunt.first)
		printf(" --first");
	if (o->shards > 1)
		printf(" --shard %u/%u", o->shard + 1, o->shards);
	printf(" --jobs %u\n", args->hunt.jobs);
}

/* -v: before each scenario */
static void print_title(const struct player *p, const struct arguments *args,
			const struct search_options *o)
{
	const char *lack = detectors_lack(p->subject);

	printf("explore   %s on %s%s%s\n", player_scenario(p), player_subject(p),
	       lack ? ", " : "", lack ? lack : "");
	print_options(args, o);
	if (p->subject && p->scenario->explored)
		printf("explored  %s; until then in the default order\n",
		       p->scenario->explored);
}

/* once, before all of them */
static void print_head(const struct player *p, unsigned int nr,
		       const struct arguments *args)
{
	const char *lack = detectors_lack(p->subject);
	char subject[PATH_MAX + 128];

	printf("explore   %u scenario%s on %s%s%s\n", nr, nr == 1 ? "" : "s",
	       subject_words(p, subject, sizeof(subject)), lack ? ", " : "",
	       lack ? lack : "");
	print_options(args, &args->hunt.search);
}

/* the clock ended a search that was to end by itself, or Ctrl-C ended it */
static bool was_cut(const struct hunt_result *c, const struct search_options *o)
{
	if (!c->interrupted || c->complete)
		return false;
	return c->signalled || o->executions || o->kind == SEARCH_EXHAUSTIVE;
}

/* what cut a search short; NULL: nothing */
static const char *what_cut(const struct hunt_result *c, const struct search_options *o)
{
	if (was_cut(c, o))
		return "stopped";
	if (c->cut_endless)
		return "endless";
	if (o->kind != SEARCH_EXHAUSTIVE)
		return NULL;
	if (c->cut_length)
		return "length";
	if (!c->complete)
		return o->executions ? "executions" : "stopped";
	return c->cut_preemptions ? "preemptions" : NULL;
}

static const char *completeness(const struct hunt_result *c, const struct hunt_options *h)
{
	const struct search_options *o = &h->search;
	static char text[80];

	if (h->first && c->nr)
		return "stopped by a failure";
	if (c->cut_endless)
		return "stopped: too many of them are endless loops";
	if (o->kind != SEARCH_EXHAUSTIVE)
		return c->interrupted ? "stopped" : "as many as asked for";
	if (c->cut_length)
		return "not complete: an execution was too long to be searched";
	if (c->complete) {
		snprintf(text, sizeof(text), "%scomplete",
			 o->shards > 1 ? "this part is " : "");
		if (c->cut_preemptions)
			snprintf(text + strlen(text), sizeof(text) - strlen(text),
				 " within %d preemption%s", o->preemptions,
				 o->preemptions == 1 ? "" : "s");
		return text;
	}
	if (o->executions && !c->interrupted)
		return "not complete: the number of executions cut it";
	return "not complete: stopped";
}

/* -v: after each scenario */
static void print_result(const struct hunt_result *c, const struct hunt_options *o)
{
	printf("result    %" PRIu64 " executions, %s", c->executions, completeness(c, o));
	if (c->redundant)
		printf("; %" PRIu64 " more cut off as repetitions", c->redundant);
	printf("\n          %.2f s CPU, %.0f executions per CPU second, at most %" PRIu64
	       " choices, %ld kB\n",
	       c->cpu_s, c->cpu_s > 0 ? (double)c->executions / c->cpu_s : 0, c->depth,
	       c->peak_rss_kb);
}

/* failures of different causes */
static unsigned int count_causes(const struct verdict *v, const struct hunt_result *c)
{
	unsigned int n = 0, k;

	for (unsigned int i = 0; i < c->nr; i++) {
		const char *group = verdict_group(v, &c->found[i].report);

		for (k = 0; k < i && verdict_group(v, &c->found[k].report) != group; k++)
			;
		n += k == i;
	}
	return n;
}

/* otherwise: one line */
static void print_line(const struct player *p, const struct hunt_result *c,
		       const struct hunt_options *o, unsigned int failures)
{
	const char *how = completeness(c, o);
	char words[96];

	if (!strcmp(how, "as many as asked for"))
		how = "";
	printf("scenario  %-28s %8" PRIu64 " executions%s%s: %s\n", player_scenario(p),
	       c->executions, *how ? ", " : "", how,
	       verdict_words(failures, c->failures, c->suppressed, words, sizeof(words)));
	fflush(stdout);
}

/* ---- one scenario ---- */

/*
 * Return: path of a schedule that leads to such a failure, or ""; @report: as the
 * schedule brings it, with numbers of steps that its replays show
 */
static const char *keep_failure(const struct player *p, struct arguments *args,
				const struct search_options *o, const struct found *f,
				struct report *report)
{
	static char path[PATH_MAX];
	char when[64];
	struct telling t = {
		.player = p,
		.report = &f->report,
		.reports = f->reports,
		.words = f->nr_words,
		.when = when,
	};
	const char *known;
	int number;

	*report = f->report;
	snprintf(when, sizeof(when), "execution %" PRIu64 " of ", f->execution);
	known = verdict_knows(&args->verdict, &t);
	if (known)
		return known;
	number = keep_schedule(p, o, args->points, f, args->schedules, path);
	args->unwritten |= number >= 0 && !*path;
	/* a lock order's details are of all executions, and name them */
	if (number >= 0 && f->report.kind != REPORT_LOCK)
		*report = *report_get((size_t)number);
	t.report = report;
	verdict_tell(&args->verdict, &t,
		     (struct failure_how){ number, number < 0 ? NULL : keep_made(), path,
					   false });
	return path;
}

static struct json_object *keep_failures(const struct player *p, struct arguments *args,
					 const struct search_options *o,
					 const struct hunt_result *c)
{
	struct json_object *failures = json_object_new_array();
	static struct report report;

	for (unsigned int i = 0; i < c->nr; i++) {
		const struct found *f = c->order[i];
		const char *path = keep_failure(p, args, o, f, &report);
		struct json_object *one =
			failure_json(&f->report,
				     verdict_group(&args->verdict, &f->report),
				     *path ? path : NULL);

		json_object_object_add(one, "count", json_object_new_uint64(f->reports));
		json_object_array_add(failures, one);
	}
	return failures;
}

static struct json_object *shard_json(const struct search_options *o)
{
	char text[32];

	if (o->shards <= 1)
		return NULL;
	snprintf(text, sizeof(text), "%u/%u", o->shard + 1, o->shards);
	return json_object_new_string(text);
}

static void add_result(struct json_object *results, const struct player *p,
		       const struct arguments *args, const struct hunt_result *c,
		       const char *state, struct json_object *failures)
{
	const struct result r = {
		.player = p,
		.state = state,
		.strategy = search_kind_name(args->hunt.search.kind),
		.points = args->points,
		.seed = args->hunt.search.seed,
		.executions = c->executions,
		.complete = c->complete,
		.cpu_s = c->cpu_s,
		.wall_s = c->wall_s,
		.peak_rss_kb = c->peak_rss_kb,
	};
	const char *cut = what_cut(c, &args->hunt.search);
	int bound = args->hunt.search.preemptions;
	struct json_object *o = result_json(&r, failures);

	json_object_object_add(o, "shard", shard_json(&args->hunt.search));
	json_object_object_add(o, "preemptions",
			       bound == SEARCH_NO_BOUND ? NULL
							: json_object_new_int(bound));
	json_object_object_add(o, "timers", json_object_new_int((int)p->chances.timers));
	json_object_object_add(o, "faults", json_object_new_int((int)p->chances.faults));
	json_object_object_add(o, "cut", cut ? json_object_new_string(cut) : NULL);
	json_object_object_add(o, "interrupted", json_object_new_boolean(c->signalled));
	json_object_object_add(o, "suppressed", suppressions_json(c->suppressed));
	json_object_array_add(results, o);
}

static void say_verdict(struct verdict *v, const struct player *p,
			const struct hunt_result *c)
{
	unsigned int causes = count_causes(v, c);

	if (causes)
		verdict_say(v,
			    "%s on %s: %u kind%s of failure in %" PRIu64 " of %" PRIu64
			    " executions",
			    player_scenario(p), player_subject(p), causes,
			    causes == 1 ? "" : "s", c->failures, c->executions);
	else
		verdict_say(v, "%s on %s: nothing found", player_scenario(p),
			    player_subject(p));
}

static void count_result(struct verdict *v, const struct hunt_result *c,
			 const struct search_options *o)
{
	bool failed = false;

	for (unsigned int i = 0; i < c->nr; i++) {
		if (c->found[i].report.kind == REPORT_UNMODELLED)
			v->unjudged = true;
		else
			failed = true;
	}
	v->asked++;
	v->failed += failed;
	v->cut += was_cut(c, o);
	v->interrupted |= c->signalled;
	verdict_count(v, c->suppressed);
}

static void explore(const struct player *p, struct arguments *args,
		    struct json_object *results, double time)
{
	bool all = args->verdict.say == SAY_ALL;
	struct hunt_options o = args->hunt;
	struct progress progress;
	const struct hunt_result *c;
	struct json_object *failures;

	end_doing(player_scenario(p));
	o.seconds = time;
	learn_points(p, args->points);
	if (o.search.kind == SEARCH_PCT)
		o.search.steps = hunt_steps(p, o.search.mask);
	if (all)
		print_title(p, args, &o.search);
	fflush(stdout);
	progress_begin(&progress, player_scenario(p), &o);
	o.show = progress_show;
	o.show_arg = &progress;
	c = hunt(p, &o);
	progress_end(&progress);
	if (all)
		print_result(c, &o);
	failures = keep_failures(p, args, &o.search, c);
	if (args->verdict.say == SAY_LINES)
		print_line(p, c, &o, count_causes(&args->verdict, c));
	if (c->dropped && args->verdict.say != SAY_FAILURES)
		printf("          and %u reports of more kinds\n", c->dropped);
	add_result(results, p, args, c, was_cut(c, &o.search) ? "cut" : "done", failures);
	count_result(&args->verdict, c, &o.search);
	if (all)
		suppressions_print(c->suppressed);
	say_verdict(&args->verdict, p, c);
	if (all)
		putchar('\n');
	end_doing(NULL);
}

static void leave_out(const struct player *p, struct arguments *args,
		      struct json_object *results)
{
	static const struct hunt_result nothing;

	add_result(results, p, args, &nothing, "not-started", json_object_new_array());
	verdict_not_started(&args->verdict, p);
}

static void explore_all(struct player *players, unsigned int nr, struct arguments *args,
			struct json_object *results)
{
	args->verdict.subject = players;
	args->verdict.all = !args->nr_scenarios;
	args->verdict.one = nr == 1;
	if (args->verdict.say == SAY_LINES)
		print_head(players, nr, args);
	if (args->seconds > 0)
		args->until = now_s() + args->seconds;
	hunt_catch_signals();
	for (unsigned int i = 0; i < nr; i++) {
		double time = time_for_one(args);

		if (time < 0 || hunt_signalled())
			leave_out(&players[i], args, results);
		else
			explore(&players[i], args, results, time);
	}
	args->verdict.interrupted |= hunt_signalled();
	hunt_let_signals();
}

/* Return: @status, or that something could not be written */
static int write_results(const struct arguments *args, struct json_object *results,
			 int status)
{
	bool unwritten = args->unwritten;

	if (args->json && results_write(args->json, results) != STATUS_OK)
		unwritten = true;
	if (args->junit && junit_write(args->junit, results) != STATUS_OK)
		unwritten = true;
	return unwritten ? STATUS_USAGE : status;
}

static void let_happen(const struct arguments *args, struct player *players,
		       unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		players[i].chances = args->chances;
		if (players[i].subject ||
		    (!args->chances.timers && !args->chances.faults))
			continue;
		complain(
			"--timers and --faults are for scenarios; %s is a model, without "
			"a kernel",
			player_scenario(&players[i]));
		exit(STATUS_USAGE);
	}
}

int command_explore(int argc, char **argv)
{
	struct arguments args = {
		.points = "sync",
		.schedules = "schedules",
		.hunt = { .jobs = 1,
			  .search = { .mask = SCHED_SYNC,
				      .seed = 1,
				      .depth = DEFAULT_DEPTH,
				      .preemptions = SEARCH_NO_BOUND,
				      .shards = 1 } },
	};
	struct json_object *results = json_object_new_array();
	struct player *players;
	struct choice choice;
	unsigned int nr;
	int status;

	args.verdict.say = SAY_LINES;
	args.scenarios = calloc((size_t)argc, sizeof(*args.scenarios));
	if (!args.scenarios || !results) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	read_arguments(&argp, argc, argv, &args);
	settle(&args);
	check_files(&args);
	choice = (struct choice){ args.subject, args.tree, args.scenarios,
				  args.nr_scenarios };
	nr = choose_players(&choice, CHOOSE_TO_SEARCH, &players);
	let_happen(&args, players, nr);
	if (nr) {
		suppressions_load(&args.suppressions, &players[0]);
		args.verdict.bare = args.suppressions.not_the_drivers;
		explore_all(players, nr, &args, results);
	}
	status = write_results(&args, results, verdict_end(&args.verdict));
	json_object_put(results);
	free(args.scenarios);
	free(players);
	return status;
}
