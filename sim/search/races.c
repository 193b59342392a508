// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which step happened before which, and which two could have come in the other
 * order: source-set dynamic partial-order reduction (Abdulla, Aronis, Jonsson,
 * Sagonas: Source Sets, JACM 2017).
 *
 * Two steps are in a race if they depend on each other and nothing between them
 * orders them. Then somebody who can begin the reversed order has to be tried
 * where the first of them began. A lock is special: giving it back orders what
 * follows, but the two acquisitions are in a race all the same.
 */
#include <string.h>

#include "search/path.h"

/*
 * struct reader - the step whose past is looked at
 * @clock: everything that is known to have happened before it
 * @unlocked: likewise, had its lock been free
 */
struct reader {
	unsigned int index, task;
	const struct access_set *touched;
	uint16_t clock[SCHED_MAX_TASKS];
	uint16_t unlocked[SCHED_MAX_TASKS];
};

static bool knows(const uint16_t *clock, unsigned int j)
{
	return clock[path.at[j].task] > j;
}

/*
 * struct firsts - the first step of each task in a sequence that could come
 * before step @race
 */
struct firsts {
	uint64_t seen, initial;
	unsigned int index[SCHED_MAX_TASKS];
};

/* Return: no first step of another task happened before what has @clock */
static bool begins(const struct firsts *f, const uint16_t *clock)
{
	for (uint64_t set = f->seen; set; set &= set - 1) {
		unsigned int t = (unsigned int)__builtin_ctzll(set);

		if (clock[t] > f->index[t])
			return false;
	}
	return true;
}

static void consider(struct firsts *f, unsigned int task, unsigned int index,
		     const uint16_t *clock)
{
	if (f->seen & (1ull << task))
		return;
	if (begins(f, clock))
		f->initial |= 1ull << task;
	f->seen |= 1ull << task;
	f->index[task] = index;
}

/*
 * Who can begin what came after step @j without it, and then the reader's step:
 * the initials of notdep(j).
 */
static uint64_t initials(unsigned int j, const struct reader *r, const uint16_t *clock)
{
	struct firsts f = { 0 };

	for (unsigned int k = j + 1; k < r->index; k++)
		if (!knows(path.at[k].clock, j))
			consider(&f, path.at[k].task, k, path.at[k].clock);
	consider(&f, r->task, r->index, clock);
	return f.initial;
}

/* Steps @j and @r are in a race: let the other order be tried. */
static void reverse(unsigned int j, const struct reader *r, const uint16_t *clock)
{
	struct step *s = &path.at[j];
	uint64_t who;

	if (searching.o.preemptions != SEARCH_NO_BOUND) {
		chunks_race(j, r->index, r->task, clock);
		return;
	}
	who = initials(j, r, clock);
	if (who & (s->todo | s->asleep))
		return;
	who &= s->able;
	if (who & (1ull << r->task))
		s->todo |= 1ull << r->task;
	else if (who)
		s->todo |= who & -who;
	else
		s->todo |= s->able;
}

static bool gave_back(const struct step *s, const void *lock)
{
	unsigned int n = s->nr_released < RELEASED_MAX ? s->nr_released : RELEASED_MAX;

	for (unsigned int i = 0; i < n; i++)
		if (s->released[i] == lock)
			return true;
	return s->nr_released > RELEASED_MAX;
}

static void learn(struct reader *r, unsigned int j, bool by_lock_alone)
{
	path_clock_join(r->clock, path.at[j].clock, path.tasks);
	if (!by_lock_alone)
		path_clock_join(r->unlocked, path.at[j].clock, path.tasks);
}

/* Latest first, so that what lies between two steps is known before the earlier. */
static void look_back(struct reader *r)
{
	const void *lock = r->touched->lock;
	bool bounded = searching.o.preemptions != SEARCH_NO_BOUND;

	for (unsigned int j = r->index; j-- > 0;) {
		const struct step *s = &path.at[j];

		if (s->task == r->task)
			continue;
		if (lock && s->touched.lock == lock) {
			if (!knows(r->unlocked, j))
				reverse(j, r, r->unlocked);
			learn(r, j, false);
		}
		if (!knows(r->clock, j) && access_conflict(r->touched, &s->touched)) {
			reverse(j, r, r->clock);
			learn(r, j, false);
		}
		if (lock && s->nr_released && gave_back(s, lock)) {
			if (bounded)
				chunks_released(j, r->index, r->task, r->unlocked);
			learn(r, j, true);
		}
	}
}

static void start(struct reader *r, unsigned int index, unsigned int task,
		  const struct access_set *touched)
{
	r->index = index;
	r->task = task;
	r->touched = touched;
	memcpy(r->clock, path.state[task].clock, sizeof(r->clock));
	memcpy(r->unlocked, r->clock, sizeof(r->clock));
}

void path_order(unsigned int i)
{
	struct step *s = &path.at[i];
	struct reader r;

	start(&r, i, s->task, &s->touched);
	look_back(&r);
	r.clock[s->task] = (uint16_t)(i + 1);
	memcpy(s->clock, r.clock, sizeof(s->clock));
}

void path_blocked(unsigned int task, const void *lock)
{
	struct access_set touched;
	struct reader r;

	access_clear(&touched);
	access_add(&touched, SCHED_LOCK, lock, false);
	start(&r, path.depth, task, &touched);
	look_back(&r);
}
