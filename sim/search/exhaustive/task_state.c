// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the exhaustive search knows of each task between two choices: what its next
 * step begins with, which locks it holds, and what happened before that step.
 */
#include <string.h>

#include "search/exhaustive/path.h"

static void took_lock(struct task_state *t, const void *lock)
{
	for (unsigned int i = 0; i < t->nr_held; i++)
		if (t->held[i] == lock)
			return;
	if (t->nr_held < sizeof(t->held) / sizeof(t->held[0]))
		t->held[t->nr_held++] = lock;
}

void tasks_note_released(struct step *s, const void *me)
{
	struct task_state *t = &path.state[s->task];

	if (s->touched.lock)
		took_lock(t, s->touched.lock);
	for (unsigned int i = 0; i < t->nr_held;) {
		if (sched_lock_owner(t->held[i]) == me) {
			i++;
			continue;
		}
		if (s->nr_released < RELEASED_MAX)
			s->released[s->nr_released] = t->held[i];
		s->nr_released++;
		t->held[i] = t->held[--t->nr_held];
	}
}

static void task_is_new(struct task_state *t, const uint16_t *clock)
{
	t->pending = SCHED_NR_WHAT;
	t->object = NULL;
	t->at_held_lock = false;
	t->nr_held = 0;
	t->steps = 0;
	if (clock)
		memcpy(t->clock, clock, sizeof(t->clock));
	else
		memset(t->clock, 0, sizeof(t->clock));
}

void tasks_note_woken(const uint16_t *clock)
{
	unsigned int n = sched_task_count();
	uint64_t runnable = sched_runnable(), woken = runnable & ~path.runnable;

	for (unsigned int i = path.tasks; i < n; i++) {
		task_is_new(&path.state[i], clock);
		woken &= ~(1ull << i);
	}
	for (; clock && woken; woken &= woken - 1) {
		struct task_state *t = &path.state[first_task(woken)];

		if (!t->at_held_lock)
			clock_join(t->clock, clock, SCHED_MAX_TASKS);
	}
	path.runnable = runnable;
	path.tasks = n;
}

void tasks_note_position(const struct sched_task *last)
{
	struct task_state *t = &path.state[last->id];

	if (last->state == SCHED_BLOCKED && t->pending == SCHED_LOCK && t->at_held_lock)
		return;
	t->at_held_lock = false;
	t->pending = SCHED_NR_WHAT;
	t->object = NULL;
	if (last->state != SCHED_RUNNABLE || last != sched_current() || has_yielded(last))
		return;
	t->pending = last->at_what;
	t->object = last->at_object;
}

void tasks_join_all(void)
{
	uint16_t all[SCHED_MAX_TASKS] = { 0 };

	for (unsigned int i = 0; i < path.depth; i++)
		all[path.at[i].task] = (uint16_t)(i + 1);
	/* what may happen could have happened before */
	for (unsigned int i = 0; i < path.tasks; i++)
		if (!is_environment(i))
			memcpy(path.state[i].clock, all, sizeof(all));
}

bool waits_for_lock(const struct sched_task *t)
{
	const struct task_state *state = &path.state[t->id];
	const void *owner;

	if (state->pending != SCHED_LOCK)
		return false;
	owner = sched_lock_owner(state->object);
	/* recursion is for the lock to report */
	return owner && owner != t->data;
}

const void *owner_waited_for(const struct sched_task *t)
{
	if (t->state != SCHED_RUNNABLE || !waits_for_lock(t))
		return NULL;
	return sched_lock_owner(path.state[t->id].object);
}
