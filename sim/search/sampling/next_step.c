// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows what the next step of each task begins with. It is kept here, and not read of
 * struct sched_task when it is needed: what a blocked task came to last depends on which
 * points are armed, by a trace as well.
 */
#include "search/sampling/next_step.h"

#include "search/access.h"

const struct next_step next_step_unknown = { .what = SCHED_NR_WHAT };

/* it comes to no point again when the lock is free: it still is about to take it */
static bool waits_for_its_lock(const struct next_step *s, const struct sched_task *last)
{
	return last->state == SCHED_BLOCKED && s->what == SCHED_LOCK &&
	       last->blocked_on == s->address;
}

void next_steps_note(struct next_steps *s, const struct sched_task *last)
{
	struct next_step *step;
	uint64_t bit;

	if (!last)
		return;
	bit = 1ull << last->id;
	step = &s->of[last->id];
	if ((s->known & bit) && waits_for_its_lock(step, last))
		return;
	s->known &= ~bit;
	s->yielded &= ~bit;
	if (has_yielded(last))
		s->yielded |= bit;
	if (last->state != SCHED_RUNNABLE || last != sched_current() || has_yielded(last))
		return;
	s->known |= bit;
	step->what = last->at_what;
	step->address = last->at_object;
	step->place = last->at;
	step->object = access_object(step->what, step->address, &step->changes);
}
