// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notes the steps of a scenario, and lets them happen one at a time.
 */
#include "world/steps.h"

#include "detect/report.h"
#include "world/world_i.h"

bool steps_on;

static struct {
	bool watch, one_at_a_time, setup, frozen, lost, closed;
	size_t reports;
	struct world *w;
	unsigned int nr, nr_choices;
	const uint8_t *order;
	unsigned int nr_order, next;
	struct step step[STEPS_MAX];
	struct steps_choice choice[STEPS_MAX];
} s;

/* ---- which actor is next ---- */

bool steps_hold_back(const struct actor *a)
{
	return s.one_at_a_time && !s.frozen && !a->released;
}

static bool can_begin(const struct actor *a)
{
	return a->resting && a->first && !a->gone && !actor_leaves(a);
}

static uint32_t who_can(void)
{
	uint32_t can = 0;

	for (unsigned int i = 0; i < s.w->nr_actors; i++)
		if (can_begin(&s.w->actors[i]))
			can |= 1u << i;
	return can;
}

static void release(unsigned int nr)
{
	struct actor *a = &s.w->actors[nr];

	a->released = true;
	actor_wake(a);
}

/* as the order says, as far as that can be done; else the lowest number */
static unsigned int choose(uint32_t can)
{
	while (!s.setup && s.next < s.nr_order) {
		unsigned int nr = s.order[s.next++];

		if (can & (1u << nr))
			return nr;
	}
	return (unsigned int)__builtin_ctz(can);
}

bool steps_go_on(void)
{
	uint32_t can = s.one_at_a_time && !s.frozen ? who_can() : 0;
	unsigned int nr;

	if (!can)
		return false;
	nr = choose(can);
	if (!s.setup) {
		if (s.nr_choices < STEPS_MAX)
			s.choice[s.nr_choices++] =
				(struct steps_choice){ can, (uint8_t)nr };
		else
			s.lost = true;
	}
	release(nr);
	return true;
}

/* ---- noting ---- */

static struct step *new_step(struct actor *a, unsigned int kind)
{
	struct step *new = &s.step[s.nr];

	if (s.frozen)
		return NULL;
	if (s.nr == STEPS_MAX) {
		s.lost = true;
		return NULL;
	}
	*new = (struct step){ .actor = a, .kind = kind, .nr = s.nr, .setup = s.setup };
	s.nr++;
	return new;
}

struct step *steps_begin(struct actor *a, unsigned int kind, void *arg)
{
	struct step *new = new_step(a, kind);

	a->released = false;
	if (!new)
		return NULL;
	if (kind == STEP_SLEEP)
		new->sleep = (uintptr_t)arg;
	if (s.w->driver->step_begins)
		s.w->driver->step_begins(a, new->nr, kind, arg);
	return new;
}

void steps_end(struct step *step)
{
	if (step && !s.frozen)
		step->returned = true;
}

void steps_note(struct actor *a, unsigned int kind)
{
	struct step *new = new_step(a, kind);

	if (new &&s.w->driver->step_begins)
		s.w->driver->step_begins(a, new->nr, kind, NULL);
	steps_end(new);
}

/* ---- their results ---- */

void steps_freeze(void)
{
	if (s.frozen)
		return;
	s.frozen = true;
	for (unsigned int i = 0; i < s.nr && s.w->driver->step_ends; i++)
		s.w->driver->step_ends(i, s.step[i].kind);
}

void steps_world_closes(void)
{
	s.closed = true;
	s.reports = report_count();
}

size_t steps_reports(void)
{
	return s.closed ? s.reports : report_count();
}

unsigned int steps_taken(const struct step **steps, bool *lost)
{
	*steps = s.step;
	*lost = s.lost;
	return s.nr;
}

unsigned int steps_choices(const struct steps_choice **choices)
{
	*choices = s.choice;
	return s.nr_choices;
}

bool steps_info(unsigned int nr, struct steps_info *info)
{
	const struct actor *a = &s.w->actors[nr];

	if (nr >= s.w->nr_actors)
		return false;
	*info = (struct steps_info){
		.name = a->name,
		.server = a->server,
		.cpu = a->task->cpu,
		.ring_flags = a->ring_flags,
	};
	return true;
}

unsigned int steps_actor(const struct actor *a)
{
	return (unsigned int)(a - a->w->actors);
}

/* ---- over an execution ---- */

void steps_watch(bool on)
{
	s.watch = on;
	s.one_at_a_time = false;
	steps_on = false;
}

void steps_one_at_a_time(const uint8_t *order, unsigned int nr)
{
	s.watch = s.one_at_a_time = true;
	s.order = order;
	s.nr_order = nr;
	steps_on = false;
}

void steps_world_opens(struct world *w)
{
	steps_on = s.watch;
	s.w = w;
	s.nr = s.nr_choices = s.next = 0;
	s.frozen = s.lost = s.setup = s.closed = false;
}

void steps_set_up(bool on)
{
	s.setup = on;
}
