// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays the scenarios in the default order, for the answers to their checks alone.
 */
#include "command/choose.h"
#include "engine/detectors.h"
#include "command/end.h"
#include "command/fidelity/fidelity.h"
#include "detect/report.h"
#include "sched/trace.h"
#include "fuse/scenario/scenario.h"

#define SWITCHES 1000000

static void add_answers(struct table *table, const struct subject_ops *subject,
			const struct scenario *scenario, const struct world *w)
{
	static const enum seen seen[] = {
		[CHECK_PASSED] = SEEN_HOLDS,
		[CHECK_FAILED] = SEEN_FAILS,
		[CHECK_NOT_VISIBLE] = SEEN_NOT_VISIBLE,
	};
	char name[256];

	for (unsigned int i = 0; i < world_checks_made(w); i++) {
		world_check_name(w, i, name, sizeof(name));
		table_row(table, subject->name, scenario->name, name)->simulated =
			seen[world_check_nr(w, i)->result];
	}
}

static void play_one(struct table *table, const struct subject_ops *subject,
		     const struct scenario *scenario)
{
	struct world *w;

	detectors_watch(subject);
	w = world_open(subject, &scenario->config);
	if (!w)
		return;
	world_check_every_step(w, true);
	scenario->play(w);
	sched_set_bound(SWITCHES);
	sched_run(NULL);
	if (!sched_stopped() && scenario->check)
		scenario->check(w);
	if (!sched_stopped())
		world_close(w);
	if (!sched_stopped())
		world_expect_ended(w);
	add_answers(table, subject, scenario, w);
}

void simulate(struct table *table, const char *name)
{
	const struct subject_ops *subject = choose_subject(name, NULL, false);

	trace_enable(false, 0);
	for (unsigned int i = 0; i < scenarios_nr; i++) {
		if (scenarios[i]->needs & ~subject->caps)
			continue;
		end_doing(scenarios[i]->name);
		play_one(table, subject, scenarios[i]);
	}
	end_doing(NULL);
	subject_unload(subject);
}
