// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim explore: searches each scenario, keeps what fails, and gives the verdict.
 */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command/choose/choose.h"
#include "command/command.h"
#include "command/explore/explore.h"
#include "command/verdict/junit.h"
#include "command/progress.h"
#include "command/verdict/result.h"
#include "engine/keep.h"
#include "engine/learn.h"
#include "program/end.h"

#define DEFAULT_DEPTH 3

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

/* ---- one scenario ---- */

/*
 * As a replay words it: what counts steps counts fewer of them while a search goes on.
 * The group is that of the search, which knows others by it.
 */
static void as_replayed(struct report *report, const struct found *f,
			const struct report *replayed)
{
	*report = f->report;
	/* a lock order's details are of all executions, and name them */
	if (!replayed || f->report.kind == REPORT_LOCK)
		return;
	*report = *replayed;
	snprintf(report->group, sizeof(report->group), "%s", f->report.group);
}

/*
 * Return: path of a schedule that leads to such a failure, or ""; @report: as the
 * schedule brings it, with numbers of steps that its replays show. What is told by the
 * schedule of another one is played again for these.
 */
static const char *keep_failure(const struct player *p, struct arguments *args,
				const struct hunt_options *o, const struct found *f,
				struct report *report)
{
	const struct hunt_phase phase = phase_of(p, args, o, f->phase);
	struct player with = *p;
	static char path[PATH_MAX];
	char when[64];
	struct telling t = {
		.player = p,
		.report = &f->report,
		.reports = f->reports,
		.words = f->nr_words,
		.when = when,
	};
	const char *known = verdict_knows(&args->verdict, &t);
	int number;

	with.chances = phase.chances;
	snprintf(when, sizeof(when), "execution %" PRIu64 " of ", f->execution);
	if (o->nr_phases)
		learn_points(&with, phase.points);
	if (known)
		number = keep_look(&with, &phase.search, phase.points, f);
	else
		number = keep_schedule(&with, &phase.search, phase.points, f,
				       args->schedules, path);
	as_replayed(report, f, number < 0 ? NULL : report_get((size_t)number));
	if (known)
		return known;
	t.report = report;
	verdict_tell(&args->verdict, &t,
		     (struct failure_how){ number, number < 0 ? NULL : keep_made(), path,
					   false });
	return path;
}

static struct json_object *keep_failures(const struct player *p, struct arguments *args,
					 const struct hunt_options *o,
					 const struct hunt_result *c)
{
	struct json_object *failures = json_object_new_array();
	static struct report report;

	for (unsigned int i = 0; i < c->nr; i++) {
		const struct found *f = c->order[i];
		const char *path = keep_failure(p, args, o, f, &report);
		struct json_object *one =
			failure_json(&report, verdict_group(&args->verdict, &report),
				     *path ? path : NULL);

		json_object_object_add(one, "count", json_object_new_uint64(f->reports));
		json_object_object_add(one, "execution",
				       json_object_new_uint64(f->execution));
		json_object_array_add(failures, one);
	}
	return failures;
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

static void count_result(struct verdict *v, const struct hunt_result *c)
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
	v->cut += was_cut(c);
	v->interrupted |= c->signalled;
	verdict_count(v, c->suppressed);
}

/* @phases: where they are, if it is one in phases */
static void plan(const struct player *p, const struct arguments *args,
		 struct hunt_phase *phases, struct hunt_options *o)
{
	if (!args->automatic) {
		learn_points(p, args->points);
		if (o->search.kind == SEARCH_PCT)
			o->search.steps = hunt_steps(p, o->search.mask);
		learn_profile(p, &o->search);
		return;
	}
	o->nr_phases = portfolio(p, args->budget, o->search.seed, phases);
	o->phases = phases;
}

static void explore(const struct player *p, struct arguments *args,
		    struct json_object *results, double time)
{
	struct hunt_phase phases[HUNT_PHASES];
	bool all = args->verdict.say == SAY_ALL;
	struct hunt_options o = args->hunt;
	struct progress progress;
	const struct hunt_result *c;
	struct json_object *failures;

	end_doing(player_scenario(p));
	o.seconds = time;
	plan(p, args, phases, &o);
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
	failures = keep_failures(p, args, &o, c);
	if (args->verdict.say == SAY_LINES)
		print_line(p, c, &o, count_causes(&args->verdict, c));
	if (c->dropped && args->verdict.say != SAY_FAILURES) {
		print_lines_end();
		printf("          and %u reports of more kinds\n", c->dropped);
	}
	add_result(results, p, args, &o, c, was_cut(c) ? "cut" : "done", failures);
	count_result(&args->verdict, c);
	phases_count(&o, c);
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
	/* of zeros; as a constant, its megabytes would be in the program */
	static struct hunt_result nothing;

	/* no part of a divided search, other than what the time left out */
	nothing.signalled = hunt_signalled();
	add_result(results, p, args, &args->hunt, &nothing, "not-started",
		   json_object_new_array());
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
	print_lines_begin(nr);
	if (args->seconds > 0)
		args->until = now_s() + args->seconds;
	hunt_catch_signals();
	for (unsigned int i = 0; i < nr; i++) {
		double time = time_for_one(args);

		if (time < 0 || hunt_signalled())
			leave_out(&players[i], args, results);
		else
			explore(&players[i], args, results, time);
		args->hunt.turn++;
	}
	print_lines_end();
	if (args->automatic && args->verdict.say != SAY_FAILURES)
		phases_left_out(args->budget);
	args->verdict.interrupted |= hunt_signalled();
	hunt_let_signals();
}

/* Return: @status, or what it becomes as something could not be written */
static int write_results(const struct arguments *args, struct json_object *results,
			 int status)
{
	bool unwritten = keep_tell_unwritten();

	if (args->json && results_write(args->json, results) != STATUS_OK)
		unwritten = true;
	if (args->junit && junit_write(args->junit, results) != STATUS_OK)
		unwritten = true;
	return unwritten ? verdict_unwritten(status) : status;
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
		.budget = BUDGET_NORMAL,
		.hunt = { .jobs = 1,
			  .search = { .mask = SCHED_SYNC,
				      .seed = 1,
				      .depth = DEFAULT_DEPTH,
				      .preemptions = SEARCH_NO_BOUND,
				      .delays = SEARCH_NO_BOUND,
				      .shards = 1 } },
	};
	struct json_object *results = json_object_new_array();
	struct player *players;
	struct choice choice;
	unsigned int nr;
	int status;

	args.verdict.say = SAY_LINES;
	if (!results) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	explore_arguments(argc, argv, &args);
	choice = (struct choice){ args.subject, args.tree, args.scenarios,
				  args.nr_scenarios };
	nr = choose_players(&choice, CHOOSE_TO_SEARCH, &players);
	let_happen(&args, players, nr);
	if (nr) {
		suppressions_load(&args.suppressions, &players[0]);
		args.verdict.suppressions = &args.suppressions;
		explore_all(players, nr, &args, results);
	}
	status = write_results(&args, results, verdict_end(&args.verdict));
	json_object_put(results);
	free(args.scenarios);
	free(players);
	return status;
}
