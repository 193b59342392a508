// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plays a scenario to learn which plain accesses are points (--points all), and what
 * its tasks touch.
 */
#include "engine/learn.h"

#include <stdlib.h>
#include <string.h>

#include "program/program.h"
#include "engine/detectors.h"
#include "sched/prng.h"
#include "search/sampling/profile.h"
#include "shim/hook.h"

#define EXECUTIONS LEARN_EXECUTIONS

static struct prng dice;

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)last;
	return runnable[n > 1 ? prng_below(&dice, n) : 0];
}

/* what is learnt is to be the same with and without what may happen */
static struct player without_chances(const struct player *p)
{
	return (struct player){ p->subject,  p->tree,  p->driver,
				p->scenario, p->model, { 0 } };
}

static void learn(const struct player *of)
{
	const struct player one = without_chances(of);
	const struct player *p = &one;

	static const struct sched_strategy strategy = { .pick = pick,
							.mask = SCHED_MARKED };

	hook_points_learn();
	for (unsigned int i = 0; i < EXECUTIONS; i++) {
		prng_seed(&dice, 0, i);
		player_play(p, &strategy);
		hook_points_learnt();
	}
	hook_points_use();
}

void learn_points(const struct player *p, const char *points)
{
	detectors_points(DETECTORS_NO_POINTS);
	if (strcmp(points, "all") != 0)
		return;
	if (detectors_lack(p->subject)) {
		complain("--points all needs memory hooks, and %s has none here",
			 player_subject(p));
		exit(STATUS_USAGE);
	}
	detectors_points(DETECTORS_LEARN_POINTS);
	learn(p);
	detectors_points(DETECTORS_POINTS);
}

void learn_profile(const struct player *p, const struct search_options *o)
{
	const struct player one = without_chances(p);

	if (o->kind != SEARCH_POS && o->kind != SEARCH_SURW)
		return;
	profile_begin(o->mask);
	while (profile_next()) {
		player_play(&one, profile_strategy());
		profile_ended();
	}
}
