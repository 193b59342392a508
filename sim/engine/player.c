// SPDX-License-Identifier: GPL-2.0-only
/*
 * One execution of a scenario or a model under a strategy, from a fresh world to its
 * close. The only place where a scenario is played.
 */
#include "engine/player.h"

#include <string.h>

#include "detect/progress.h"
#include "detect/report.h"
#include "engine/detectors.h"
#include "sched/trace.h"
#include "shim/wait.h"

/* A scenario takes hundreds of switches; one that takes so many does not end. */
#define SWITCHES 200000

static void note(const char *text)
{
	sched_trace(SCHED_NOTE, trace_text(text), 0, NULL);
}

static void run(const struct sched_strategy *strategy)
{
	if (progress_run(strategy, SWITCHES) == SCHED_IS_BLOCKED)
		shim_look_for_lost_wakeups();
}

static void play_model(const struct model *m, const struct sched_strategy *strategy)
{
	report_scenario(m->name);
	model_open(m);
	run(strategy);
	if (!sched_stopped())
		model_check(m);
}

/*
 * After a failure that ended the execution the world is not closed: that would run a
 * broken kernel: the next world_open() clears it.
 */
static struct world *play_scenario(const struct player *p,
				   const struct sched_strategy *strategy)
{
	struct world *w = world_open(p->driver, p->subject, p->scenario->config);

	if (!w)
		return NULL;
	world_plays(w, p->scenario->name);
	p->scenario->play(w);
	run(strategy);
	if (sched_stopped())
		return w;
	world_look_for_stalls(w);
	if (p->scenario->check) {
		note("the scenario is over: checks");
		p->scenario->check(w);
	}
	if (!sched_stopped()) {
		note("the world closes");
		world_close(w);
	}
	return w;
}

struct world *player_play(const struct player *p, const struct sched_strategy *strategy)
{
	detectors_watch(p->subject);
	if (p->subject)
		return play_scenario(p, strategy);
	play_model(&p->model, strategy);
	return NULL;
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
	if (!p->subject || !p->driver->config_words)
		return "-";
	return p->driver->config_words(p->scenario->config, buf, len);
}

unsigned int points_of(const char *name)
{
	if (!strcmp(name, "sync"))
		return SCHED_SYNC;
	if (!strcmp(name, "all"))
		return SCHED_ALL;
	return !strcmp(name, "marked") ? SCHED_MARKED : 0;
}
