// SPDX-License-Identifier: GPL-2.0-only
/*
 * Happens-before and races: source-set dynamic partial-order reduction (Abdulla,
 * Aronis, Jonsson, Sagonas: POPL 2014, and Source Sets, JACM 2017).
 *
 * Two steps are in a race if they depend on each other and no step between them orders
 * them. Then a task that can begin the reversed order is added to the backtrack set at
 * the first of them. Locks are special: an unlock orders what follows, but the two
 * acquisitions are in a race nevertheless.
 */
#include <string.h>

#include "search/exhaustive/path.h"

/*
 * struct reader - the step whose past is computed
 * @clock: what is known to have happened before it
 * @unlocked: likewise, if its lock had been free
 */
struct reader {
	unsigned int index, task;
	const struct access_set *touched;
	uint16_t clock[SCHED_MAX_TASKS];
	uint16_t unlocked[SCHED_MAX_TASKS];
};

/*
 * struct sequence - the first step of each task in a sequence of steps
 * @tasks: that have a step in it
 * @initials: tasks whose first step no other step of the sequence happened before
 * @first: index of the first step
 */
struct sequence {
	uint64_t tasks, initials;
	unsigned int first[SCHED_MAX_TASKS];
};

/* Return: no first step of another task happened before the step of @clock */
static bool is_initial(const struct sequence *q, const uint16_t *clock)
{
	for (uint64_t set = q->tasks; set; set &= set - 1) {
		unsigned int t = first_task(set);

		if (clock[t] > q->first[t])
			return false;
	}
	return true;
}

static void append(struct sequence *q, unsigned int task, unsigned int index,
		   const uint16_t *clock)
{
	if (q->tasks & (1ull << task))
		return;
	if (is_initial(q, clock))
		q->initials |= 1ull << task;
	q->tasks |= 1ull << task;
	q->first[task] = index;
}

/*
 * The initials of v = notdep(j).r: the steps after @j that it did not happen before, and
 * then the reader's step.
 */
static uint64_t initials(unsigned int j, const struct reader *r, const uint16_t *clock)
{
	struct sequence v = { 0 };

	for (unsigned int k = j + 1; k < r->index; k++)
		if (!happened_before(path.at[k].clock, j))
			append(&v, path.at[k].task, k, path.at[k].clock);
	append(&v, r->task, r->index, clock);
	return v.initials;
}

/* Steps @j and @r are in a race: the source set at @j has to contain an initial. */
static void reverse(unsigned int j, const struct reader *r, const uint16_t *clock)
{
	struct step *s = &path.at[j];
	uint64_t set;

	if (is_bounded()) {
		chunks_race(j, r->index, r->task, clock);
		return;
	}
	set = initials(j, r, clock);
	if (set & (s->backtrack | s->sleep))
		return;
	set &= s->enabled;
	if (set & (1ull << r->task))
		s->backtrack |= 1ull << r->task;
	else if (set)
		s->backtrack |= set & -set;
	else
		s->backtrack |= s->enabled;
}

static bool released(const struct step *s, const void *lock)
{
	unsigned int n = s->nr_released < RELEASED_MAX ? s->nr_released : RELEASED_MAX;

	for (unsigned int i = 0; i < n; i++)
		if (s->released[i] == lock)
			return true;
	return s->nr_released > RELEASED_MAX;
}

static void join(struct reader *r, unsigned int j, bool by_lock_alone)
{
	clock_join(r->clock, path.at[j].clock, path.tasks);
	if (!by_lock_alone)
		clock_join(r->unlocked, path.at[j].clock, path.tasks);
}

/* what step @j, of another task, has to do with the reader's */
static void meet(struct reader *r, unsigned int j)
{
	const void *lock = r->touched->lock;
	const struct step *s = &path.at[j];

	if (lock && s->touched.lock == lock) {
		if (!happened_before(r->unlocked, j))
			reverse(j, r, r->unlocked);
		join(r, j, false);
	}
	if (!happened_before(r->clock, j) && access_conflict(r->touched, &s->touched)) {
		reverse(j, r, r->clock);
		join(r, j, false);
	}
	if (lock && s->nr_released && released(s, lock)) {
		if (is_bounded())
			chunks_released(j, r->index, r->task, r->unlocked);
		join(r, j, true);
	}
}

/* false: it has nothing to do with it; a lock has its bit in the filter, too */
static inline bool may_meet(const struct access_set *reader, const struct summary *s)
{
	return reader->filter & s->filter || s->anything || reader->anything ||
	       (reader->lock && s->released);
}

/* So many of a task's steps need not be met, if @clock of them happened before */
static inline unsigned int first_known(unsigned int clock, bool takes_lock)
{
	return clock - (takes_lock && clock);
}

/*
 * Of a task's steps before index @n the last that may be met. Return: the index behind
 * it; @known or less: there is none, as those happened before.
 */
static unsigned int next_to_meet(const struct reader *r, unsigned int n,
				 unsigned int known)
{
	while (n > known && !may_meet(r->touched, &path.summary[n - 1]))
		n = path.summary[n - 1].previous;
	return n;
}

/*
 * Latest first: what happened between two steps is known before the earlier is met. Of
 * each task only those steps are met that are not known to have happened before, which
 * are few, and the last one that is: it may have released the lock, and woken the reader.
 * All before that one are no race, and are known with it.
 */
static void look_back(struct reader *r)
{
	const bool takes_lock = r->touched->lock != NULL;
	const uint16_t *clock = takes_lock ? r->unlocked : r->clock;
	unsigned int next[SCHED_MAX_TASKS]; /* as next_to_meet() */
	uint64_t left = path.tasks < 64 ? (1ull << path.tasks) - 1 : ~0ull;

	left &= ~(1ull << r->task);
	for (unsigned int t = 0; t < path.tasks; t++)
		next[t] = next_to_meet(r, path.state[t].clock[t],
				       first_known(clock[t], takes_lock));
	while (left) {
		unsigned int latest = 0, task = 0;

		for (uint64_t set = left; set; set &= set - 1) {
			unsigned int t = first_task(set);

			if (next[t] <= first_known(clock[t], takes_lock)) {
				left &= ~(1ull << t);
			} else if (next[t] > latest) {
				latest = next[t];
				task = t;
			}
		}
		if (!latest)
			return;
		meet(r, latest - 1);
		next[task] = next_to_meet(r, path.summary[latest - 1].previous,
					  first_known(clock[task], takes_lock));
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

void path_left_out(unsigned int task, const struct sched_environment *e)
{
	struct access_set touched;
	struct reader r;

	access_clear(&touched);
	for (const void *const *object = e->changes; *object; object++)
		access_touch(&touched, *object, true);
	start(&r, path.depth, task, &touched);
	look_back(&r);
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
