// SPDX-License-Identifier: GPL-2.0-only
/*
 * Playing a scenario or a model under a strategy, and finding them by name.
 */
#include "engine/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/caps.h"
#include "command/choose.h"
#include "command/command.h"
#include "engine/detectors.h"
#include "command/near.h"
#include "detect/progress.h"
#include "shim/wait.h"

/* A scenario takes hundreds of switches; what takes so many does not end. */
#define SWITCHES 200000

static void run(const struct sched_strategy *strategy)
{
	if (progress_run(strategy, SWITCHES) == SCHED_IS_BLOCKED)
		shim_look_for_lost_wakeups();
}

static void play_model(const struct model *m, const struct sched_strategy *strategy)
{
	model_open(m);
	run(strategy);
	if (!sched_stopped())
		model_check(m);
}

static void play_scenario(const struct player *p, const struct sched_strategy *strategy)
{
	struct world *w = world_open(p->subject, &p->scenario->config);

	if (!w)
		return;
	p->scenario->play(w);
	run(strategy);
	if (sched_stopped())
		return;
	if (p->scenario->check)
		p->scenario->check(w);
	if (!sched_stopped())
		world_close(w);
}

void player_play(const struct player *p, const struct sched_strategy *strategy)
{
	detectors_watch(p->subject);
	if (p->subject)
		play_scenario(p, strategy);
	else
		play_model(&p->model, strategy);
}

const char *player_subject(const struct player *p)
{
	return p->subject ? p->subject->name : MODEL_SUBJECT;
}

const char *player_scenario(const struct player *p)
{
	return p->subject ? p->scenario->name : p->model.name;
}

const char *player_config(const struct player *p, char *buf, size_t len)
{
	const struct world_config *c;

	if (!p->subject)
		return "-";
	c = &p->scenario->config;
	snprintf(buf, len,
		 "cpus=%u entries=%u payload=%d buffers=%u max_write=%u max_pages=%u "
		 "max_background=%u request_timeout=%u zero_copy=%d policy=%u "
		 "ring_flags=%#x",
		 c->cpus, c->entries, (int)c->payload, c->buffers, c->max_write,
		 c->max_pages, c->max_background, c->request_timeout, c->zero_copy,
		 c->policy, c->ring_flags);
	return buf;
}

unsigned int points_of(const char *name)
{
	if (!strcmp(name, "sync"))
		return SCHED_SYNC;
	if (!strcmp(name, "all"))
		return SCHED_ALL;
	return !strcmp(name, "marked") ? SCHED_MARKED : 0;
}

/* ---- by name ---- */

static struct player *new_players(unsigned int nr)
{
	struct player *p = calloc(nr ? nr : 1, sizeof(*p));

	if (!p) {
		complain("out of memory");
		exit(STATUS_SIMULATOR);
	}
	return p;
}

static void must_find_model(const char *name, struct model *m)
{
	if (model_find(name, m))
		return;
	complain("no model %s; there are %s; numbers from 1 to %d", name, model_forms(),
		 MODEL_MAX_TASKS);
	exit(STATUS_USAGE);
}

static unsigned int choose_models(const char *const *names, unsigned int nr,
				  struct player **out)
{
	unsigned int n = 0;

	if (!nr)
		while (model_usual(nr))
			nr++;
	else
		n = nr;
	*out = new_players(nr);
	for (unsigned int i = 0; i < nr; i++)
		must_find_model(n ? names[i] : model_usual(i), &(*out)[i].model);
	return nr;
}

static const struct scenario *must_find_scenario(const char *name)
{
	const struct scenario *s = scenario_find(name);
	struct near near = { .typed = name };

	if (s)
		return s;
	for (unsigned int i = 0; i < scenarios_nr; i++)
		near_offer(&near, scenarios[i]->name);
	for (unsigned int i = 0; i < scenarios_named_nr; i++)
		near_offer(&near, scenarios_named[i]->name);
	if (near.best)
		complain("no scenario %s; did you mean %s?", name, near.best);
	else
		complain("no scenario %s (uringsim scenarios lists them)", name);
	exit(STATUS_USAGE);
}

static void must_suit(const struct scenario *s, const struct subject_ops *subject)
{
	unsigned int lacks = s->needs & ~subject->caps;
	char words[64];

	if (!lacks)
		return;
	complain("scenario %s needs %s, which subject %s does not have", s->name,
		 caps_words(lacks, "", words, sizeof(words)), subject->name);
	exit(STATUS_USAGE);
}

/* what a search plays of it */
static const struct scenario *to_search(const struct scenario *s)
{
	return s->small ? s->small : s;
}

static unsigned int choose_all(const struct subject_ops *subject, struct player *out)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < scenarios_nr; i++)
		if (!(scenarios[i]->needs & ~subject->caps))
			out[n++] = (struct player){ .subject = subject,
						    .scenario = to_search(scenarios[i]) };
	return n;
}

unsigned int player_choose(const char *subject, const char *tree,
			   const char *const *names, unsigned int nr, struct player **out)
{
	const struct subject_ops *ops;

	if (subject && !tree && !strcmp(subject, MODEL_SUBJECT))
		return choose_models(names, nr, out);
	for (unsigned int i = 0; i < nr; i++)
		must_find_scenario(names[i]);
	ops = choose_subject(subject, tree, true);
	*out = new_players(nr ? nr : scenarios_nr);
	if (!nr)
		return choose_all(ops, *out);
	for (unsigned int i = 0; i < nr; i++) {
		(*out)[i].subject = ops;
		(*out)[i].scenario = to_search(must_find_scenario(names[i]));
		must_suit((*out)[i].scenario, ops);
	}
	return nr;
}
