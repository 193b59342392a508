// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays a scenario in the default order and prints the result.
 */
#include "command/play.h"

#include <json-c/json.h>
#include <stdio.h>

#include "command/command.h"
#include "program/end.h"
#include "command/verdict/result.h"
#include "command/verdict/suppressions.h"
#include "detect/lock_order.h"
#include "detect/race.h"
#include "detect/report.h"
#include "symbols/stacks.h"
#include "detect/suppress.h"
#include "engine/difference.h"
#include "sched/trace.h"

static void print_title(const struct player *p)
{
	const struct scenario *scenario = p->scenario;
	const struct world_config *c = scenario->config;
	unsigned int cpus = c && c->cpus ? c->cpus : 1;
	char subject[PATH_MAX + 128];

	printf("scenario  %s: %s\n", scenario->name, scenario->summary);
	printf("subject   %s, %s; %u CPU%s\n\n",
	       subject_words(p, subject, sizeof(subject)), p->subject->compiler, cpus,
	       cpus > 1 ? "s" : "");
}

static void tell_failures(const struct player *p, struct verdict *v)
{
	for (size_t i = 0; i < report_count(); i++) {
		const struct report *r = report_get(i);
		char when[48];
		const struct telling t = {
			.player = p, .report = r, .reports = 1, .words = 1, .when = when
		};

		snprintf(when, sizeof(when), "step %lu of ", r->step);
		if (verdict_knows(v, &t))
			continue;
		verdict_tell(v, &t, (struct failure_how){ (int)i, NULL, "", false });
	}
}

/* A run in the default order needs no schedule to be repeated. */
static struct json_object *failures_json(const struct verdict *v)
{
	struct json_object *failures = json_object_new_array();

	for (size_t i = 0; i < report_count(); i++)
		json_object_array_add(
			failures, failure_json(report_get(i),
					       verdict_group(v, report_get(i)), NULL));
	return failures;
}

static void add_result(const struct verdict *v, const struct result *r,
		       const uint64_t *known, struct json_object *results)
{
	struct json_object *o = result_json(r, failures_json(v));

	json_object_object_add(o, "suppressed", suppressions_json(known));
	json_object_array_add(results, o);
}

static void count(struct verdict *v)
{
	bool unmodelled = report_count_kind(REPORT_UNMODELLED) != 0;

	v->asked++;
	v->unjudged |= unmodelled;
	v->failed += report_count() > report_count_kind(REPORT_UNMODELLED);
	verdict_count(v, suppress_counts());
}

static unsigned int count_causes(const struct verdict *v)
{
	unsigned int n = 0;

	for (size_t i = 0, k; i < report_count(); i++) {
		const char *group = verdict_group(v, report_get(i));

		for (k = 0; k < i && verdict_group(v, report_get(k)) != group; k++)
			;
		n += k == i;
	}
	return n;
}

static void print_line(const struct verdict *v, const struct result *r)
{
	char words[64];

	printf("scenario  %-28s %8u checks: %s\n", player_scenario(r->player), r->checks,
	       verdict_words(count_causes(v), 0, suppress_counts(), words,
			     sizeof(words)));
}

static void say_verdict(struct verdict *v, const struct result *r)
{
	const char *scenario = player_scenario(r->player);
	const char *subject = player_subject(r->player);
	size_t n = report_count() + report_dropped();

	if (n)
		verdict_say(v, "%s on %s: %zu failure%s", scenario, subject, n,
			    n == 1 ? "" : "s");
	else
		verdict_say(v, "%s on %s: nothing found (%u checks)", scenario, subject,
			    r->checks);
}

void play(const struct player *p, struct verdict *v, bool trace,
	  struct json_object *results)
{
	struct result r = {
		.player = p,
		.difference = difference_tally(),
		.state = "done",
		.strategy = "default",
		.points = "sync",
		.executions = 1,
	};
	struct stopwatch watch;
	const struct world *w;
	end_doing(player_scenario(p));
	suppress_uncount();
	lock_order_watch(LOCK_ORDER_REPORT);
	trace_enable(true, SCHED_SYNC);
	stacks_enable(true);
	stopwatch_start(&watch);
	difference_begin();
	w = player_play(p, NULL);
	if (race_repeat()) {
		difference_begin();
		suppress_uncount();
		lock_order_watch(LOCK_ORDER_REPORT);
		w = player_play(p, NULL);
	}
	difference_end();
	stopwatch_stop(&watch, &r);
	r.checks = w ? world_checks(w) : 0;
	r.failed_checks = w ? world_failed_checks(w) : 0;
	if (r.failed_checks && !report_count())
		report(REPORT_ACCOUNTING, NULL, "%u of the scenario's %u checks failed",
		       r.failed_checks, r.checks);
	end_doing(NULL);

	if (trace) {
		print_title(p);
		trace_print(stdout);
		putchar('\n');
	}
	if (trace)
		answers_print(difference_tally());
	tell_failures(p, v);
	if (!trace && v->say != SAY_FAILURES)
		print_line(v, &r);
	if (trace && v->say == SAY_ALL)
		suppressions_print(suppress_counts());
	say_verdict(v, &r);
	if (v->say == SAY_ALL)
		putchar('\n');
	add_result(v, &r, suppress_counts(), results);
	count(v);
}

void play_not(const struct player *p, struct verdict *v, struct json_object *results)
{
	static const uint64_t nothing[SUPPRESS_MAX];
	const struct result r = {
		.player = p,
		.state = "not-started",
		.strategy = "default",
		.points = "sync",
	};

	report_reset();
	add_result(v, &r, nothing, results);
	verdict_not_started(v, p);
}
