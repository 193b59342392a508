// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim fuzz: the command line of it, what it prints, and its JSON.
 */
#include "fuzz/fuzz.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/choose/choose.h"
#include "command/command.h"
#include "command/soak.h"
#include "command/verdict/junit.h"
#include "command/verdict/result.h"
#include "command/verdict/suppressions.h"
#include "command/choose/tree.h"
#include "command/verdict/verdict.h"
#include "engine/detectors.h"
#include "engine/keep.h"
#include "program/end.h"
#include "program/output.h"

#define RARELY 60 /* seconds between two lines of progress that no terminal shows */

/* struct arguments - the command line, and what comes of it */
struct arguments {
	const char *subject, *tree, *json, *junit, *points;
	struct fuzz_options fuzz;
	struct suppressions suppressions;
	struct verdict verdict;
	struct json_object *failures;
	bool merge, terminal, shown;
	bool soak, has_world;
	uint64_t calls, world, round; /* --soak */
	double said;		      /* when a line of progress was printed last */
};

static const struct argp_option options[] = {
	{ "subject", 's', "NAME", 0, "Subject to run [bufring]", 0 },
	{ "tree", 't', "DIR", 0,
	  "Compile and run fs/fuse of that Linux tree, or of REPO@REV", 0 },
	{ "corpus", 'c', "DIR", 0,
	  "Folder of scenario files: read at first, and what covers something new is "
	  "written there",
	  0 },
	{ "from", 0x110, "nothing", 0, "Begin without the built-in scenarios", 0 },
	{ "merge", 0x111, NULL, 0,
	  "Play the files of the folders DIR... alone, and write to the corpus what adds "
	  "to "
	  "it",
	  0 },
	{ "points", 'p', "WHERE", 0,
	  "Where tasks may be switched: sync, or marked (adds READ_ONCE and the like) "
	  "[sync]",
	  0 },
	{ "timers", 0x104, "N", 0,
	  "At most N times in an execution, time goes on although tasks can run [2]", 0 },
	{ "faults", 0x105, "N", 0, "At most N calls of an execution fail [2]", 0 },
	{ "detect", 'D', "LIST", 0, DETECTORS_HELP, 0 },
	{ "soak", 0x112, NULL, 0,
	  "Instead of many scenarios: rounds of calls in worlds that live long, and a "
	  "look "
	  "at what is left over, lost or wrong after each; --faults N: N calls of a "
	  "round, "
	  "at most",
	  0 },
	{ "calls", 0x113, "N", 0, "soak: stop after N calls of clients [no end]", 0 },
	{ "world", 0x114, "W", 0, "soak, with --round: world W alone", 0 },
	{ "round", 0x115, "R", 0, "soak: up to its round R, whose trace is printed", 0 },
	{ "runs", 'n', "N", 0,
	  "Stop after N programs, besides those that it begins with [no end]", 0 },
	{ "seconds", 'T', "T", 0, "Stop after T seconds [no end]", 0 },
	{ "seed", 'x', "X", 0, "Of all that is done by chance [1]", 0 },
	{ "jobs", 'J', "J", 0, "Processes [1]", 0 },
	{ "json", 'j', "FILE", 0, "Write the result to FILE", 0 },
	{ "junit", 0x103, "FILE", 0, "Write it to FILE as JUnit's XML", 0 },
	{ "schedules", 'o', "DIR", 0,
	  "Where scenarios and schedules of failures go [schedules]", 0 },
	SUPPRESS_OPTION,
	BASELINE_OPTION,
	VERDICT_OPTIONS,
	{ 0 },
};

/* ---- reading ---- */

static void read_from(struct arguments *args, const char *text)
{
	if (strcmp(text, "nothing") != 0) {
		complain("--from takes \"nothing\", not %s", text);
		exit(STATUS_USAGE);
	}
	args->fuzz.from_nothing = true;
}

static void read_points(struct arguments *args, const char *name)
{
	args->points = name;
	args->fuzz.mask = !strcmp(name, "all") ? 0 : points_of(name);
	if (args->fuzz.mask)
		return;
	complain("--points takes sync or marked, not %s", name);
	exit(STATUS_USAGE);
}

static void add_folder(struct arguments *args, const char *dir)
{
	if (args->fuzz.nr_merged == FUZZ_MERGED_MAX) {
		complain("more than %d folders", FUZZ_MERGED_MAX);
		exit(STATUS_USAGE);
	}
	args->fuzz.merged[args->fuzz.nr_merged++] = dir;
}

static error_t parse_output(int key, char *arg, struct arguments *args)
{
	switch (key) {
	case 'j':
		args->json = arg;
		return 0;
	case 0x103:
		args->junit = arg;
		return 0;
	case 'o':
		args->fuzz.schedules = arg;
		return 0;
	case 'c':
		args->fuzz.corpus = arg;
		return 0;
	case 'u':
		suppressions_name(&args->suppressions, arg);
		return 0;
	case BASELINE_KEY:
		args->suppressions.baseline = arg;
		return 0;
	default:
		return verdict_option(&args->verdict, key) ? 0 : ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_soak(int key, char *arg, struct arguments *args)
{
	switch (key) {
	case 0x112:
		args->soak = true;
		return 0;
	case 0x113:
		args->calls = option_number("calls", arg, 1, UINT64_MAX / 2);
		return 0;
	case 0x114:
		args->has_world = true;
		args->world = option_number("world", arg, 0, UINT64_MAX / 2);
		return 0;
	case 0x115:
		args->round = option_number("round", arg, 1, UINT64_MAX / 2);
		return 0;
	default:
		return parse_output(key, arg, args);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;
	struct chances *chances = &args->fuzz.player.chances;

	switch (key) {
	case 's':
		args->subject = arg;
		return 0;
	case 't':
		args->tree = arg;
		return 0;
	case 0x110:
		read_from(args, arg);
		return 0;
	case 0x111:
		args->merge = true;
		return 0;
	case 'p':
		read_points(args, arg);
		return 0;
	case 0x104:
		chances->timers =
			(unsigned int)option_number("timers", arg, 0, CHANCES_MAX);
		return 0;
	case 0x105:
		chances->faults =
			(unsigned int)option_number("faults", arg, 0, CHANCES_MAX);
		return 0;
	case 'D':
		detectors_choose(arg);
		return 0;
	case 'n':
		args->fuzz.programs = option_number("runs", arg, 1, UINT64_MAX / 2);
		return 0;
	case 'T':
		args->fuzz.seconds = option_seconds("seconds", arg);
		return 0;
	case 'x':
		args->fuzz.seed = option_number("seed", arg, 0, UINT64_MAX);
		return 0;
	case 'J':
		args->fuzz.jobs =
			(unsigned int)option_number("jobs", arg, 1, FUZZ_MAX_JOBS);
		return 0;
	case ARGP_KEY_ARG:
		add_folder(args, arg);
		return 0;
	default:
		return parse_soak(key, arg, args);
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[DIR...]",
	.doc = "Generate scenarios and change those that cover something new, play each "
	       "in a "
	       "few orders, and keep a small scenario file and a schedule of each "
	       "failure. "
	       "The built-in scenarios, the corpus and the files of the folders DIR are "
	       "what "
	       "it begins with. The same seed, --jobs and --runs find the same."
	       "\v" EXIT_STATUSES,
};

/* Whatever cannot be written is refused before anything is played. */
static void settle(struct arguments *args)
{
	if (args->fuzz.nr_merged && !args->merge && access(args->fuzz.merged[0], F_OK)) {
		complain("no folder %s", args->fuzz.merged[0]);
		exit(STATUS_USAGE);
	}
	if (args->merge && (!args->fuzz.nr_merged || !args->fuzz.corpus)) {
		complain("--merge needs folders, and --corpus DIR where to");
		exit(STATUS_USAGE);
	}
	if (!args->soak && (args->calls || args->round || args->has_world)) {
		complain("--%s is of --soak", args->calls   ? "calls"
					      : args->round ? "round"
							    : "world");
		exit(STATUS_USAGE);
	}
	args->fuzz.only_merge = args->merge;
	if (output_check_results(args->json, args->junit) != STATUS_OK ||
	    (args->fuzz.corpus && output_check_folder(args->fuzz.corpus) != STATUS_OK) ||
	    output_check_folder(args->fuzz.schedules) != STATUS_OK)
		exit(STATUS_USAGE);
	if (args->fuzz.corpus && !keep_folder(args->fuzz.corpus))
		exit(STATUS_USAGE);
}

/* ---- printing ---- */

static void print_head(const struct arguments *args)
{
	const struct fuzz_options *o = &args->fuzz;
	const char *lack = detectors_lack(o->player.subject);
	char subject[PATH_MAX + 128];

	if (args->verdict.say == SAY_FAILURES)
		return;
	printf("fuzz      %s%s%s\n", subject_words(&o->player, subject, sizeof(subject)),
	       lack ? ", " : "", lack ? lack : "");
	printf("options   --points %s --seed %" PRIu64 " --timers %u --faults %u",
	       args->points, o->seed, o->player.chances.timers, o->player.chances.faults);
	if (o->from_nothing)
		printf(" --from nothing");
	if (o->programs)
		printf(" --runs %" PRIu64, o->programs);
	if (o->seconds > 0)
		printf(" --seconds %g", o->seconds);
	printf(" --jobs %u\n", o->jobs);
	fflush(stdout);
}

static void show(void *arg, const struct fuzz_tally *t)
{
	struct arguments *args = arg;

	if (args->verdict.say == SAY_FAILURES ||
	    (!args->terminal && t->wall_s - args->said < RARELY))
		return;
	args->said = t->wall_s;
	args->shown = true;
	fprintf(stderr,
		"%sfuzz: %" PRIu64 " programs, %" PRIu64
		" executions, %.0f/s, corpus %u, covered %u edges %u pairs %u states, %u "
		"failures%s",
		args->terminal ? "\r\033[K" : "", t->programs, t->executions,
		t->wall_s > 0 ? (double)t->executions / t->wall_s : 0, t->corpus,
		t->edges, t->pairs, t->states, t->failures, args->terminal ? "" : "\n");
	fflush(stderr);
}

static void print_tally(const struct arguments *args, const struct fuzz_tally *t)
{
	if (args->terminal && args->shown)
		fputs("\r\033[K", stderr);
	if (args->verdict.say == SAY_FAILURES)
		return;
	printf("programs  %" PRIu64 " generated or read, %" PRIu64 " executions\n",
	       t->programs, t->executions);
	printf("covered   %u edges, %u pairs of a write and a read, %u states\n",
	       t->edges, t->pairs, t->states);
	printf("corpus    %u scenarios", t->corpus);
	if (args->fuzz.corpus)
		printf(" in %s", args->fuzz.corpus);
	putchar('\n');
	if (t->left_out)
		printf("left out  %u files that are no programs of this subject\n",
		       t->left_out);
	if (args->verdict.say == SAY_ALL)
		printf("result    %.2f s CPU, %.0f executions per CPU second, %ld kB; "
		       "%" PRIu64 " programs asked for more than a world has, %" PRIu64
		       " for what the fake kernel lacks\n",
		       t->cpu_s, t->cpu_s > 0 ? (double)t->executions / t->cpu_s : 0,
		       t->peak_rss_kb, t->lacked, t->unmodelled);
	if (args->verdict.say == SAY_ALL)
		answers_print(&t->difference);
}

/* programs until a finding that is known came first */
static void print_findings(const struct fuzz_tally *t)
{
	for (unsigned int i = 0; i < suppress_nr(); i++) {
		const struct suppression *e = suppress_get(i);

		if (e->finding && t->suppressed[i])
			printf("finding   %u came within %" PRIu64 " programs: %s\n",
			       e->finding, t->first_known[i], e->reason);
	}
}

/* ---- failures ---- */

static bool knows(void *arg, const struct player *p, const struct found *f)
{
	struct arguments *args = arg;
	const struct telling t = {
		.player = p, .report = &f->report, .reports = 1, .words = 1, .when = ""
	};

	return verdict_knows(&args->verdict, &t);
}

static void tell(void *arg, const struct fuzz_failure *f)
{
	static struct report report;
	struct arguments *args = arg;
	char path[PATH_MAX], when[96];
	struct telling t = { .player = f->player,
			     .report = &report,
			     .reports = 1,
			     .words = 1,
			     .when = when };
	struct json_object *one;
	int number = -1;

	path[0] = '\0';
	if (f->file)
		number = keep_schedule(f->player, &f->options, args->points, f->found,
				       args->fuzz.schedules, path);
	snprintf(when, sizeof(when),
		 "within %" PRIu64 " programs and %" PRIu64 " executions: ", f->programs,
		 f->executions);
	report = number >= 0 ? *report_get((size_t)number) : f->found->report;
	verdict_tell(&args->verdict, &t,
		     (struct failure_how){ number, number < 0 ? NULL : keep_made(), path,
					   false });
	one = failure_json(&report, verdict_group(&args->verdict, &report),
			   *path ? path : NULL);
	json_object_object_add(one, "file",
			       f->file ? json_object_new_string(f->file) : NULL);
	json_object_object_add(one, "programs", json_object_new_uint64(f->programs));
	json_object_object_add(one, "count", json_object_new_uint64(1));
	json_object_array_add(args->failures, one);
}

/* ---- the result ---- */

static struct json_object *covered_json(const struct fuzz_tally *t)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "edges", json_object_new_int((int)t->edges));
	json_object_object_add(o, "pairs", json_object_new_int((int)t->pairs));
	json_object_object_add(o, "states", json_object_new_int((int)t->states));
	return o;
}

static int write_result(struct arguments *args, const struct fuzz_tally *t, int status)
{
	static const struct scenario generated = { .name = "fuzz" };
	struct json_object *results = json_object_new_array(), *o;
	struct player p = args->fuzz.player;
	const struct result r = {
		.player = &p,
		.difference = &t->difference,
		.state = t->interrupted ? "cut" : "done",
		.strategy = "fuzz",
		.points = args->points,
		.seed = args->fuzz.seed,
		.executions = t->executions,
		.cpu_s = t->cpu_s,
		.wall_s = t->wall_s,
		.peak_rss_kb = t->peak_rss_kb,
	};
	bool unwritten = keep_tell_unwritten();

	p.scenario = &generated;
	o = result_json(&r, args->failures);
	json_object_object_add(o, "programs", json_object_new_uint64(t->programs));
	json_object_object_add(o, "corpus", json_object_new_int((int)t->corpus));
	json_object_object_add(o, "covered", covered_json(t));
	json_object_object_add(o, "timers", json_object_new_int((int)p.chances.timers));
	json_object_object_add(o, "faults", json_object_new_int((int)p.chances.faults));
	json_object_object_add(o, "interrupted", json_object_new_boolean(t->interrupted));
	json_object_object_add(o, "suppressed", suppressions_json(t->suppressed));
	json_object_array_add(results, o);
	if (args->json && results_write(args->json, results) != STATUS_OK)
		unwritten = true;
	if (args->junit && junit_write(args->junit, results) != STATUS_OK)
		unwritten = true;
	json_object_put(results);
	return unwritten ? verdict_unwritten(status) : status;
}

static int finish(struct arguments *args, const struct fuzz_tally *t)
{
	struct verdict *v = &args->verdict;
	int status;

	print_tally(args, t);
	if (v->say != SAY_FAILURES)
		print_findings(t);
	v->asked = 1;
	v->failed = t->failures != 0;
	v->interrupted = t->interrupted;
	v->cut = t->interrupted;
	verdict_count(v, t->suppressed);
	status = verdict_end(v);
	if (t->crashed)
		status = tree_unjudged() == STATUS_SKIP ? STATUS_SKIP : STATUS_SIMULATOR;
	return write_result(args, t, status);
}

#define WORLD_CALLS 1000000

static int do_soak(struct arguments *args)
{
	const struct fuzz_options *o = &args->fuzz;
	struct soak_command c = {
		.player = o->player,
		.options = { .calls = args->calls,
			     .world_calls = WORLD_CALLS,
			     .seed = o->seed,
			     .world = args->world,
			     .rounds = args->round,
			     .seconds = o->seconds,
			     .faults = o->player.chances.faults,
			     .jobs = args->round ? 1 : o->jobs,
			     .mask = o->mask },
		.json = args->json,
		.junit = args->junit,
		.verdict = &args->verdict,
		.terminal = args->terminal,
	};

	json_object_put(args->failures);
	return soak_command(&c);
}

int command_fuzz(int argc, char **argv)
{
	struct arguments args = {
		.points = "sync",
		.failures = json_object_new_array(),
		.terminal = isatty(STDERR_FILENO),
		.fuzz = { .mask = SCHED_SYNC,
			  .seed = 1,
			  .jobs = 1,
			  .schedules = "schedules",
			  .knows = knows,
			  .tell = tell,
			  .show = show,
			  .player = { .chances = { 2, 2 } } },
	};
	struct player *p = &args.fuzz.player;
	struct fuzz_tally tally;
	char err[512];
	bool ok;

	args.verdict.say = SAY_LINES;
	args.verdict.subject = p;
	args.fuzz.arg = &args;
	read_arguments(&argp, argc, argv, &args);
	settle(&args);
	p->subject = choose_subject(args.subject, args.tree, true);
	p->tree = args.tree ? tree_path() : NULL;
	p->driver = command_driver(p->subject);
	suppressions_load(&args.suppressions, p);
	args.verdict.suppressions = &args.suppressions;
	if (args.soak)
		return do_soak(&args);
	print_head(&args);
	hunt_catch_signals();
	ok = fuzz(&args.fuzz, &tally, err, sizeof(err));
	hunt_let_signals();
	if (ok)
		return finish(&args, &tally);
	complain("%s", err);
	return STATUS_USAGE;
}
