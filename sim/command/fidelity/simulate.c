// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays the scenarios in the default order, for the answers to their checks alone.
 */
#include "command/choose/choose.h"
#include "command/command.h"
#include "program/end.h"
#include "command/fidelity/fidelity.h"
#include "sched/trace.h"
#include "world/driver.h"

static void add_answers(struct table *table, const struct player *p,
			const struct world *w)
{
	static const enum seen seen[] = {
		[CHECK_PASSED] = SEEN_HOLDS,
		[CHECK_FAILED] = SEEN_FAILS,
		[CHECK_NOT_VISIBLE] = SEEN_NOT_VISIBLE,
	};
	char name[256];

	for (unsigned int i = 0; i < world_checks_made(w); i++) {
		world_check_name(w, i, name, sizeof(name));
		table_row(table, player_subject(p), player_scenario(p), name)->simulated =
			seen[world_check_nr(w, i)->result];
	}
}

static void play_one(struct table *table, const struct player *p)
{
	struct world *w = player_play(p, NULL);

	if (!w)
		return;
	if (!sched_stopped())
		world_expect_ended(w);
	add_answers(table, p, w);
}

void simulate(struct table *table, const char *name)
{
	const struct subject *subject = choose_subject(name, NULL, false);
	const struct driver *d = command_driver(subject);
	struct player p = { .subject = subject, .driver = d };

	trace_enable(false, 0);
	for (unsigned int i = 0; i < d->nr_scenarios; i++) {
		p.scenario = d->scenarios[i];
		if (p.scenario->needs & ~subject->driver->caps)
			continue;
		end_doing(p.scenario->name);
		play_one(table, &p);
	}
	end_doing(NULL);
	subject_unload(subject);
}
