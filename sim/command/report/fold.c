// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which steps of a long execution are shown: those that explain the failure. The others
 * are folded into a line that gives their number.
 */
#include <string.h>

#include "command/report/timeline.h"

#define SHORT  70 /* executions of at most so many steps are shown whole */
#define BUDGET 90 /* steps shown of a longer one */

/* How much a step explains, from 1. */
enum weight { DETAIL = 1, USUAL, BORDER, TURN, KEY };

static bool blocks_at_rest(const struct timeline_step *s)
{
	return s->what == SCHED_BLOCK && !strcmp(s->object, "its next job");
}

static enum weight by_kind(const struct timeline_step *s)
{
	if (s->waits)
		return TURN;
	switch (s->what) {
	case SCHED_LOG:
	case SCHED_FAULT:
		return KEY;
	case SCHED_BLOCK:
		return blocks_at_rest(s) ? BORDER : TURN;
	case SCHED_WAKE:
		return TURN;
	case SCHED_SYSCALL:
	case SCHED_SUBMIT:
	case SCHED_COMPLETE:
	case SCHED_NOTE:
		return BORDER;
	case SCHED_SPAWN:
	case SCHED_EXIT:
	case SCHED_ALLOC:
	case SCHED_FREE:
	case SCHED_CALLBACK:
	case SCHED_WORK:
	case SCHED_NOTIFY:
		return USUAL;
	default:
		return DETAIL;
	}
}

/* Before the scenario's own tasks exist the world is set up, in the same order always. */
static size_t end_of_setup(const struct timeline *t)
{
	size_t i = 0;

	while (i < t->nr && t->steps[i].lane == NO_LANE)
		i++;
	while (i < t->nr &&
	       !(t->steps[i].lane == NO_LANE && t->steps[i].what == SCHED_SPAWN))
		i++;
	return i < t->nr ? i : 0;
}

static const struct timeline_step *failing(const struct timeline *t)
{
	return t->fails == NO_STEP ? NULL : &t->steps[t->fails];
}

/* the object itself, whatever part of it */
static bool same_object(const struct timeline_step *a, const struct timeline_step *b)
{
	size_t n = strcspn(a->name, "+");

	return n && n == strcspn(b->name, "+") && !strncmp(a->name, b->name, n);
}

static enum weight weigh(const struct timeline *t, size_t i, size_t begin)
{
	const struct timeline_step *s = &t->steps[i], *f = failing(t);
	enum weight w = by_kind(s);
	bool turn = s->switched || (i + 1 < t->nr && t->steps[i + 1].switched);

	if (s->fails || s->other_access)
		return KEY;
	if (i < begin || (f && i > t->fails + 1))
		return DETAIL;
	if (f && s->lane == f->lane && t->fails - i < 6)
		return KEY;
	if (f && same_object(s, f) && w < BORDER)
		w = BORDER;
	if (turn && w < TURN)
		w = TURN;
	return w;
}

static size_t count(const struct timeline *t, size_t begin, enum weight least)
{
	size_t n = 0;

	for (size_t i = 0; i < t->nr; i++)
		n += weigh(t, i, begin) >= least;
	return n;
}

/* Nearest to the failure first: what led to it explains more than what was before. */
static void fill(struct timeline *t, size_t begin, enum weight least, size_t nr)
{
	size_t i = t->fails == NO_STEP ? t->nr : t->fails + 1;

	while (i-- && nr) {
		struct timeline_step *s = &t->steps[i];

		if (s->shown || weigh(t, i, begin) < least)
			continue;
		s->shown = true;
		nr--;
	}
}

/* a fold of one step is a line, too: show the step */
static void unfold_single(struct timeline *t)
{
	for (size_t i = 1; i + 1 < t->nr; i++)
		if (t->steps[i - 1].shown && t->steps[i + 1].shown)
			t->steps[i].shown = true;
}

/* a task without a step that is shown has no column */
static void give_columns(struct timeline *t)
{
	bool acts[SCHED_MAX_TASKS] = { false };

	for (size_t i = 0; i < t->nr; i++)
		if (t->steps[i].shown && t->steps[i].lane != NO_LANE)
			acts[t->steps[i].lane] = true;
	for (int i = 0; i < t->nr_lanes; i++)
		t->lanes[i].column = acts[i] ? t->nr_columns++ : NO_LANE;
}

void timeline_hidden(const struct timeline *t, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = '\0';
	for (int i = 0; i < t->nr_lanes && n < len; i++)
		if (t->lanes[i].column == NO_LANE)
			n += (size_t)snprintf(buf + n, len - n, "%s%s", n ? ", " : "",
					      t->lanes[i].name);
}

static void choose_steps(struct timeline *t, bool all)
{
	size_t begin = end_of_setup(t), n;
	enum weight least = DETAIL;

	while (least < KEY && count(t, begin, least) > BUDGET)
		least++;
	if (t->nr <= SHORT)
		all = true;
	for (size_t i = 0; i < t->nr; i++)
		t->steps[i].shown = all || weigh(t, i, begin) >= least;
	if (all)
		return;
	n = count(t, begin, least);
	if (least > DETAIL && n < BUDGET)
		fill(t, begin, least - 1, BUDGET - n);
	unfold_single(t);
}

void timeline_choose(struct timeline *t, bool all)
{
	choose_steps(t, all);
	give_columns(t);
}
