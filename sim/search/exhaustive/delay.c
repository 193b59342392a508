// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delay bounding (Emmi, Qadeer, Rakamaric: POPL 2011): all executions that a
 * deterministic scheduler makes if it is delayed at most N times. The scheduler goes on
 * with the task that had run; if that cannot go on, or yields, with the next runnable
 * one by id, and after the highest id with the lowest. A delay skips the task that it
 * would have chosen: k delays at one choice choose the k-th task behind it. What may
 * happen (struct sched_environment) costs one delay.
 *
 * The executions are made depth first. A part of the search is what follows from a first
 * delay; the parts are numbered as they are reached, and shards divide them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "search/search_i.h"

#define CHOICES_MAX 8192

/**
 * struct choice - one choice of the current execution
 * @option: what was chosen: a task, in the order of the scheduler, or what may happen
 * @tasks, @events: how many there are of both
 * @spent: delays before
 */
struct choice {
	uint8_t option, tasks, events;
	uint16_t spent;
};

static struct {
	struct choice at[CHOICES_MAX];
	unsigned int depth;	 /* choices of this execution that are kept */
	unsigned int prefix;	 /* so many repeat those of the last one */
	unsigned int parts;	 /* numbered so far */
	struct sched_task *task; /* that ran last */
	bool finished, default_order;
} delay;

static void begin(void)
{
	delay.depth = delay.prefix = delay.parts = 0;
	delay.finished = false;
	delay.default_order = true;
	searching.index = (uint64_t)-1;
}

static bool next(void)
{
	struct searching *s = &searching;

	if (delay.finished ||
	    (s->o.executions && s->tally.executions >= share_of_executions()))
		return false;
	s->index++;
	delay.depth = 0;
	delay.task = NULL;
	return true;
}

/* ---- one execution ---- */

static unsigned int options_of(const struct choice *c)
{
	return c->tasks + c->events;
}

static unsigned int cost_of(const struct choice *c, unsigned int option)
{
	return option < c->tasks || !c->tasks ? option : 1;
}

static unsigned int left_at(const struct choice *c)
{
	return (unsigned int)searching.o.delays - c->spent;
}

/* @options: the tasks in the order of the scheduler, then what may happen */
static void list_options(struct sched_task *const *runnable, unsigned int n,
			 const struct sched_task *last, struct choice *c,
			 struct sched_task **options)
{
	unsigned int from = delay.task ? delay.task->id : 0, nr = 0;

	if (delay.task && delay.task == last && has_yielded(last))
		from++;
	c->tasks = c->events = 0;
	for (unsigned int i = 0; i < n; i++)
		if (!runnable[i]->environment && runnable[i]->id >= from)
			options[nr++] = runnable[i];
	for (unsigned int i = 0; i < n; i++)
		if (!runnable[i]->environment && runnable[i]->id < from)
			options[nr++] = runnable[i];
	c->tasks = (uint8_t)nr;
	for (unsigned int i = 0; i < n; i++)
		if (runnable[i]->environment &&
		    (!c->tasks || runnable[i]->environment->useful))
			options[nr++] = runnable[i];
	c->events = (uint8_t)(nr - c->tasks);
}

static void must_be_the_same(const struct choice *was, const struct choice *is)
{
	if (was->tasks == is->tasks && was->events == is->events)
		return;
	fprintf(stderr,
		"uringsim: the same choices did not lead to the same state at choice "
		"%ld\n",
		(long)(was - delay.at));
	exit(3);
}

static unsigned int choose(struct choice now)
{
	struct choice *c = &delay.at[delay.depth];

	if (delay.depth == CHOICES_MAX) {
		searching.tally.cut_length = true;
		return 0;
	}
	if (delay.depth < delay.prefix) {
		must_be_the_same(c, &now);
		delay.depth++;
		return c->option;
	}
	if (delay.depth)
		now.spent = (uint16_t)(c[-1].spent + cost_of(&c[-1], c[-1].option));
	now.option = 0;
	*c = now;
	delay.depth++;
	for (unsigned int i = 0; i < options_of(c); i++)
		if (cost_of(c, i) > left_at(c))
			searching.tally.cut_preemptions = true;
	return 0;
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	struct sched_task *options[SCHED_MAX_TASKS], *to;
	struct choice now = { 0 };

	(void)ctx;
	if (n == 1) {
		to = runnable[0];
	} else {
		list_options(runnable, n, last, &now, options);
		/* there are as many as can be chosen, which the analyser does not see:
		 * NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign) */
		to = options[choose(now)];
	}
	if (!to->environment)
		delay.task = to;
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

/* ---- one execution after the other ---- */

/* the next option at @c that the bound allows and that is this shard's */
static bool has_next_option(struct choice *c)
{
	bool first = !c->spent;

	for (unsigned int i = c->option + 1u; i < options_of(c); i++) {
		if (cost_of(c, i) > left_at(c))
			continue;
		if (first && delay.parts++ % searching.o.shards != searching.o.shard)
			continue;
		c->option = (uint8_t)i;
		return true;
	}
	return false;
}

static void go_back(void)
{
	for (; delay.depth; delay.depth--) {
		if (has_next_option(&delay.at[delay.depth - 1])) {
			delay.prefix = delay.depth;
			return;
		}
	}
	delay.finished = true;
	searching.tally.complete = !searching.tally.cut_length;
}

/* the one without a delay is made by every shard, and counts as the first one's */
static enum search_verdict ended(void)
{
	bool mine = !delay.default_order || !searching.o.shard;

	delay.default_order = false;
	go_back();
	return mine ? SEARCH_COUNTS : SEARCH_SKIPPED;
}

const struct strategy strategy_delay = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.pick = pick,
};
