// SPDX-License-Identifier: GPL-2.0-only
/*
 * One execution of a scenario or a model under a strategy, from a fresh world to its
 * close. The only place where a scenario is played.
 */
#include "engine/player.h"

#include <string.h>

#include "detect/progress.h"
#include "detect/report.h"
#include "detect/suppress.h"
#include "engine/detectors.h"
#include "engine/difference.h"
#include "sched/checkpoint.h"
#include "sched/trace.h"
#include "search/search.h"
#include "shim/oops.h"
#include "shim/uring.h"
#include "shim/wait.h"
#include "text/text.h"

/* A scenario takes hundreds of switches; one that takes a hundred times as many does not
 * end. */
#define SWITCHES 20000

static void note(const char *text)
{
	sched_trace(SCHED_NOTE, trace_text(text), 0, NULL);
}

static void run(const struct sched_strategy *strategy)
{
	if (progress_run(strategy, SWITCHES) == SCHED_IS_BLOCKED)
		shim_look_for_lost_wakeups();
}

static void play_model(const struct player *p, const struct sched_strategy *strategy)
{
	const struct model *m = &p->model;

	report_scenario(m->name);
	suppress_of_file(false);
	model_open(m);
	chances_begin(&p->chances);
	run(strategy);
	chances_end();
	if (!sched_stopped())
		model_check(m);
}

/*
 * What a scenario expects, and looks at, need not have come about with such a chance; nor
 * if its threads, which rest in user mode, are not woken by task work, or their commands
 * are submitted in another order.
 */
static void check(const struct player *p, struct world *w)
{
	const struct text *text = p->scenario->text;

	if ((!p->scenario->check && !text) || chances_taken() ||
	    (world_added_ring_flags() & (URING_SETUP_DEFER_TASKRUN | URING_SETUP_SQPOLL)))
		return;
	note("the scenario is over: checks");
	if (text)
		text_check(w, text);
	else
		p->scenario->check(w);
}

/* Return: NULL: it could not be opened */
static struct world *open_scenario(const struct player *p)
{
	const struct text *text = p->scenario->text;
	struct world *w;

	world_asked_by(text ? text_given(text) : NULL);
	w = world_open(p->driver, p->subject, p->scenario->config);
	if (!w)
		return NULL;
	world_plays(w, p->scenario->name);
	suppress_of_file(text && text_path(text));
	if (text)
		text_play(w, text);
	else
		p->scenario->play(w);
	chances_begin(&p->chances);
	return w;
}

/* up to where the strategy chooses, or further: an execution before may have been there
 */
static struct world *begin_scenario(const struct player *p,
				    const struct sched_strategy *strategy)
{
	const bool of_search = checkpoint_possible() && strategy == search_strategy();
	struct world *w;

	if (of_search && checkpoint_nr()) {
		checkpoint_put_back();
		return world_of_checkpoint();
	}
	w = open_scenario(p);
	/* one that is too large for the first is too large each time */
	if (w && of_search && !sched_stopped() && !checkpoint_take())
		checkpoint_end();
	return w;
}

/*
 * After a failure that ended the execution the world is not closed: that would run a
 * broken kernel: the next world_open() clears it.
 */
static void play_scenario(const struct player *p, const struct sched_strategy *strategy,
			  struct world **opened)
{
	struct world *w = begin_scenario(p, strategy);

	*opened = w;
	if (!w)
		return;
	run(strategy);
	chances_end();
	if (sched_stopped())
		return;
	world_look_for_stalls(w);
	world_looks_at_completions(w);
	check(p, w);
	if (!sched_stopped()) {
		difference_note(p, w);
		note("the world closes");
		world_close(w);
	}
}

/* struct play - arguments of player_play(), and what it returns */
struct play {
	const struct player *p;
	const struct sched_strategy *strategy;
	struct world *world;
};

static void play(void *arg)
{
	struct play *play = arg;

	if (play->p->subject)
		play_scenario(play->p, play->strategy, &play->world);
	else
		play_model(play->p, play->strategy);
}

struct world *player_play(const struct player *p, const struct sched_strategy *strategy)
{
	static bool watched;
	struct play one = { .p = p, .strategy = strategy };

	if (!watched)
		shim_endless_watch();
	watched = true;
	detectors_watch(p->subject);
	shim_guard(play, &one);
	difference_judge(p);
	return one.world;
}

const char *player_subject(const struct player *p)
{
	return p->subject ? p->subject->name : MODEL_SUBJECT;
}

const char *player_scenario(const struct player *p)
{
	return p->subject ? p->scenario->name : p->model.name;
}

const char *player_argument(const struct player *p)
{
	const struct text *text = p->subject ? p->scenario->text : NULL;

	return text && text_given(text) ? text_given(text) : player_scenario(p);
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
