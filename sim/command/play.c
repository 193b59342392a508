// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays a scenario in the default order and prints the result.
 */
#include "command/play.h"

#include <json-c/json.h>
#include <stdio.h>

#include "command/command.h"
#include "program/end.h"
#include "command/result.h"
#include "command/suppressions.h"
#include "detect/lock_order.h"
#include "detect/race.h"
#include "detect/report.h"
#include "symbols/stacks.h"
#include "detect/suppress.h"
#include "sched/trace.h"

static void print_title(const struct player *p)
{
	const struct subject *subject = p->subject;
	const struct scenario *scenario = p->scenario;
	const struct world_config *c = scenario->config;
	unsigned int cpus = c && c->cpus ? c->cpus : 1;

	printf("scenario  %s: %s\n", scenario->name, scenario->summary);
	printf("subject   %s%s%s, %s, %s; %u CPU%s\n\n", subject->name,
	       *subject->version ? " " : "", subject->version,
	       subject->unmodified ? "unmodified" : "modified", subject->compiler, cpus,
	       cpus > 1 ? "s" : "");
}

static void print_failures(void)
{
	size_t i;

	for (i = 0; i < report_count(); i++) {
		const struct report *f = report_get(i);

		printf("failure   %-10s  %s\n", report_kind_name(f->kind), f->summary);
		printf("          %-10s  %s%stask %s, step %lu\n", "", f->where,
		       *f->where ? ", " : "", f->task, f->step);
		report_print_detail(f);
		report_print_stacks(i, false);
	}
	if (report_dropped())
		printf("          and %zu more\n", report_dropped());
}

static void print_verdict(const struct result *r)
{
	if (report_count())
		printf("verdict   %s on %s: %zu failure%s\n\n", r->scenario, r->subject,
		       report_count() + report_dropped(), report_count() == 1 ? "" : "s");
	else
		printf("verdict   %s on %s: nothing found (%u checks)\n\n", r->scenario,
		       r->subject, r->checks);
}

/* A run in the default order needs no schedule to be repeated. */
static struct json_object *failures_json(void)
{
	struct json_object *failures = json_object_new_array();

	for (size_t i = 0; i < report_count(); i++)
		json_object_array_add(failures, failure_json(report_get(i), NULL));
	return failures;
}

int play(const struct player *p, struct json_object *results)
{
	struct result r = {
		.subject = player_subject(p),
		.scenario = player_scenario(p),
		.strategy = "default",
		.points = "sync",
		.executions = 1,
	};
	struct stopwatch watch;
	struct json_object *o;
	const struct world *w;

	end_doing(player_scenario(p));
	suppress_uncount();
	lock_order_watch(LOCK_ORDER_REPORT);
	trace_enable(true, SCHED_SYNC);
	stacks_enable(true);
	stopwatch_start(&watch);
	w = player_play(p, NULL);
	if (race_repeat()) {
		suppress_uncount();
		lock_order_watch(LOCK_ORDER_REPORT);
		w = player_play(p, NULL);
	}
	stopwatch_stop(&watch, &r);
	r.checks = w ? world_checks(w) : 0;
	r.failed_checks = w ? world_failed_checks(w) : 0;
	if (r.failed_checks && !report_count())
		report(REPORT_ACCOUNTING, NULL, "%u of the scenario's %u checks failed",
		       r.failed_checks, r.checks);
	end_doing(NULL);

	print_title(p);
	trace_print(stdout);
	putchar('\n');
	print_failures();
	suppressions_print(suppress_counts());
	print_verdict(&r);
	o = result_json(&r, failures_json());
	json_object_object_add(o, "suppressed", suppressions_json(suppress_counts()));
	json_object_array_add(results, o);
	if (report_count_kind(REPORT_UNMODELLED))
		return STATUS_SIMULATOR;
	return report_count() ? STATUS_FOUND : STATUS_OK;
}
