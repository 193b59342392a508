// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exhaustive search: every order of dependent steps, each in one execution.
 * Stateless; what it remembers is the path of the execution that is on.
 *
 * A task whose next step takes a lock that somebody holds is not able to run: it
 * would only wait, and an execution of its own would be like another one. If
 * nobody else can run it is let run into the lock, so that time can pass and a
 * deadlock is one. (A trylock is announced as a lock: the search does not try the
 * order in which it fails.)
 *
 * It is complete as far as steps are announced: two plain accesses that race are
 * not told from two that do not.
 *
 * A shard tries everybody at the first SPLIT_STEPS choices, so that the tree there
 * does not depend on what was found below, numbers what it reaches, and goes on
 * below its own numbers. Within a bound it makes a difference what was tried before,
 * and for how long: there the whole search splits as well, so that shards make the
 * same executions, and in another's part a chunk that has begun is followed to its end.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "search/path.h"

#define SPLIT_STEPS 8

struct path path;

static struct {
	struct explored pool[4 * PATH_MAX_STEPS];
	struct explored *unused;
	unsigned int
		fresh; /* from there on the pool was never used, nor is it in memory */
	bool finished;
	bool abandoned; /* the execution is of no use: end it */
	enum search_verdict verdict;
	unsigned int split; /* steps at which everybody is tried */
	uint64_t leaf;	    /* parts below those that were reached so far */
	bool numbered;	    /* this execution is in a part that has its number */
	bool foreign;	    /* and that is another shard's */
} x;

/* ---- what was tried before ---- */

static void forget_all(void)
{
	x.unused = NULL;
	x.fresh = 0;
}

static void forget(struct step *s)
{
	while (s->explored) {
		struct explored *e = s->explored;

		s->explored = e->next;
		e->next = x.unused;
		x.unused = e;
	}
}

static uint64_t explored_at(const struct step *s)
{
	uint64_t set = 0;

	for (const struct explored *e = s->explored; e; e = e->next)
		set |= 1ull << e->task;
	return set;
}

static struct explored *unused(void)
{
	struct explored *e = x.unused;

	if (e) {
		x.unused = e->next;
		return e;
	}
	if (x.fresh == sizeof(x.pool) / sizeof(x.pool[0])) {
		fprintf(stderr, "uringsim: the exhaustive search has no room left\n");
		exit(3);
	}
	return &x.pool[x.fresh++];
}

static void remember(struct step *s)
{
	struct explored *e = unused();

	e->task = s->task;
	e->length = s->length;
	e->touched = s->touched;
	e->next = s->explored;
	s->explored = e;
}

/* what @task's next step touched when it was last tried, at @i or before */
static const struct access_set *touched_by(unsigned int i, unsigned int task)
{
	for (;; i--)
		for (const struct explored *e = path.at[i].explored; e; e = e->next)
			if (e->task == task)
				return &e->touched;
}

/* Who sleeps after step @i: what was tried there or slept, and does not mind it. */
static uint64_t still_asleep(unsigned int i)
{
	const struct step *s = &path.at[i];
	uint64_t set = (s->asleep | explored_at(s)) & ~(1ull << s->task), result = 0;

	for (; set; set &= set - 1) {
		unsigned int t = (unsigned int)__builtin_ctzll(set);

		if (!access_dependent(touched_by(i, t), &s->touched))
			result |= 1ull << t;
	}
	return result;
}

/* ---- the step that was done ---- */

static void took_lock(struct actor_state *a, const void *lock)
{
	for (unsigned int i = 0; i < a->nr_held; i++)
		if (a->held[i] == lock)
			return;
	if (a->nr_held < sizeof(a->held) / sizeof(a->held[0]))
		a->held[a->nr_held++] = lock;
}

static void note_released(struct step *s)
{
	struct actor_state *a = &path.state[s->task];

	if (s->touched.lock)
		took_lock(a, s->touched.lock);
	for (unsigned int i = 0; i < a->nr_held;) {
		if (sched_lock_owner(a->held[i]) == s->task) {
			i++;
			continue;
		}
		if (s->nr_released < RELEASED_MAX)
			s->released[s->nr_released] = a->held[i];
		s->nr_released++;
		a->held[i] = a->held[--a->nr_held];
	}
}

/* those who were woken or created by it go on after it */
static void note_woken(const uint16_t *clock)
{
	unsigned int n = sched_task_count();

	for (unsigned int t = 0; t < n; t++) {
		struct actor_state *a = &path.state[t];
		bool blocked = sched_task_nr(t)->state == SCHED_BLOCKED;

		if (t >= path.tasks) {
			memset(a, 0, sizeof(*a));
			a->pending = SCHED_NR_WHAT;
			if (clock)
				path_clock_join(a->clock, clock, SCHED_MAX_TASKS);
		} else if (a->was_blocked && !blocked && !a->asked_for_lock && clock) {
			path_clock_join(a->clock, clock, SCHED_MAX_TASKS);
		}
		a->was_blocked = blocked;
	}
	path.tasks = n;
}

static void step_is_done(void)
{
	unsigned int i = (unsigned int)path.doing;
	struct step *s = &path.at[i];

	path.doing = -1;
	/* who goes to sleep or ends has looked whether it is told not to */
	if (sched_task_nr(s->task)->state != SCHED_RUNNABLE)
		access_touch(&s->touched, sched_task_nr(s->task)->data, false);
	note_released(s);
	/* the last of those given is another task than last time */
	if (i + 1 >= path.given)
		path_order(i);
	memcpy(path.state[s->task].clock, s->clock, sizeof(s->clock));
	note_woken(s->clock);
}

/* ---- the choice ---- */

/* where the task that ran has come to */
static void note_position(const struct sched_task *last)
{
	struct actor_state *a = &path.state[last->id];

	if (last->state == SCHED_BLOCKED && a->pending == SCHED_LOCK && a->asked_for_lock)
		return;
	a->asked_for_lock = false;
	a->pending = SCHED_NR_WHAT;
	a->object = NULL;
	if (last->state != SCHED_RUNNABLE || last != sched_current ||
	    gave_turn_away(last))
		return;
	a->pending = last->at_what;
	a->object = last->at_object;
}

static bool waits_for_lock(const struct sched_task *t)
{
	const struct actor_state *a = &path.state[t->id];
	unsigned int owner;

	if (a->pending != SCHED_LOCK)
		return false;
	owner = sched_lock_owner(a->object);
	/* recursion is for the lock to complain about */
	return owner != SCHED_LOCK_FREE && owner != t->id;
}

/* who holds the lock that @t would have to wait for, or NOBODY */
static uint16_t lock_owner(const struct sched_task *t)
{
	unsigned int owner;

	if (t->state != SCHED_RUNNABLE || !waits_for_lock(t))
		return NOBODY;
	owner = sched_lock_owner(path.state[t->id].object);
	return owner < SCHED_MAX_TASKS ? (uint16_t)owner : NOBODY;
}

static uint64_t who_is_able(struct sched_task *const *runnable, unsigned int n)
{
	uint64_t able = 0;

	for (unsigned int i = 0; i < n; i++)
		if (!waits_for_lock(runnable[i]))
			able |= 1ull << runnable[i]->id;
	return able;
}

/*
 * The director chooses when nobody could run and time has passed: everything so
 * far happened before everything that follows.
 */
static void time_has_passed(void)
{
	uint16_t all[SCHED_MAX_TASKS] = { 0 };

	for (unsigned int i = 0; i < path.depth; i++)
		all[path.at[i].task] = (uint16_t)(i + 1);
	for (unsigned int t = 0; t < path.tasks; t++)
		memcpy(path.state[t].clock, all, sizeof(all));
}

static struct sched_task *abandon(struct sched_task *const *runnable,
				  enum search_verdict why)
{
	x.abandoned = true;
	x.verdict = why;
	sched_stop();
	return runnable[0]; /* the director's choice: it gets as far as its next one */
}

static bool bounded(void)
{
	return searching.o.preemptions != SEARCH_NO_BOUND;
}

/* A part of the tree begins. Return: another shard looks at it */
static bool not_mine(void)
{
	x.numbered = true;
	x.foreign = x.leaf++ % searching.o.shards != searching.o.shard;
	return x.foreign;
}

static void begin_step(unsigned int i, unsigned int task)
{
	struct step *s = &path.at[i];
	unsigned int before = i ? path.at[i - 1].preemptions : 0;
	bool goes_on = s->goes_on == task;
	struct actor_state *a = &path.state[task];

	assert(task < SCHED_MAX_TASKS);
	s->task = (uint16_t)task;
	s->preemptions =
		(uint16_t)(before + (s->goes_on != NOBODY && s->goes_on != task));
	s->chunk = (uint16_t)(goes_on ? path.at[i - 1].chunk : i);
	if (i + 1 >= path.given)
		s->length = 0;
	s->todo |= 1ull << task;
	access_clear(&s->touched);
	s->nr_released = 0;
	access_add(&s->touched, a->pending, a->object, searching.o.faults);
	a->asked_for_lock = false;
	path.doing = (int)i;
	path.depth = i + 1;
}

static unsigned int first_of(uint64_t set)
{
	return (unsigned int)__builtin_ctzll(set);
}

/* a choice that was not made before; nobody: all would repeat what was seen */
static int new_choice(unsigned int i, uint64_t able, const struct sched_task *last)
{
	struct step *s = &path.at[i];
	uint64_t awake;

	s->able = able;
	s->explored = NULL;
	s->goes_on = NOBODY;
	s->waits_for = last ? lock_owner(last) : NOBODY;
	s->todo = i < x.split ? able : 0;
	if (i && last && (able & (1ull << last->id)) && !gave_turn_away(last))
		s->goes_on = last->id;
	if (!bounded())
		s->asleep = i ? still_asleep(i - 1) : 0;
	else if (!chunks_boundary(i))
		return -1;
	awake = able & ~s->asleep;
	if (s->goes_on < SCHED_MAX_TASKS && (awake & (1ull << s->goes_on)))
		return s->goes_on;
	return awake ? (int)first_of(awake) : -1;
}

static void must_be_able(unsigned int task, uint64_t able, unsigned int i)
{
	if (able == path.at[i].able && (able & (1ull << task)))
		return;
	fprintf(stderr,
		"uringsim: the same choices led to another state at choice %u: the "
		"subject "
		"or the simulator is not deterministic\n",
		i);
	exit(3);
}

static struct sched_task *choose(struct sched_task *const *runnable, uint64_t able,
				 const struct sched_task *last)
{
	unsigned int i = path.depth;
	int task;

	if (i < path.given) {
		must_be_able(path.at[i].task, able, i);
		begin_step(i, path.at[i].task);
		return sched_task_nr(path.at[i].task);
	}
	if (i == x.split && i && not_mine() && !bounded())
		return abandon(runnable, SEARCH_SKIPPED);
	if (i == PATH_MAX_STEPS) {
		searching.tally.cut_length = true;
		return abandon(runnable, SEARCH_REDUNDANT);
	}
	task = new_choice(i, able, last);
	if (x.foreign && path.at[i].goes_on == NOBODY)
		return abandon(runnable, SEARCH_SKIPPED);
	if (task < 0)
		return abandon(runnable, SEARCH_REDUNDANT);
	begin_step(i, (unsigned int)task);
	return sched_task_nr((unsigned int)task);
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	struct sched_task *to;
	uint64_t able;

	(void)ctx;
	if (x.abandoned) {
		sched_stop();
		return runnable[0];
	}
	if (path.doing >= 0)
		step_is_done();
	else
		note_woken(NULL);
	if (last)
		note_position(last);
	if (!sched_current && path.depth)
		time_has_passed();
	able = who_is_able(runnable, n);
	if (able) {
		to = choose(runnable, able, last);
	} else {
		to = runnable[0];
		path.state[to->id].asked_for_lock = true;
	}
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

/* steps that are no choice belong to the one that is being done */
static void saw(void *ctx, enum sched_what what, const void *object)
{
	(void)ctx;
	if (path.doing >= 0)
		access_add(&path.at[path.doing].touched, what, object,
			   searching.o.faults);
}

static void touched(void *ctx, const void *object, bool changes)
{
	(void)ctx;
	if (path.doing >= 0)
		access_touch(&path.at[path.doing].touched, object, changes);
}

/* ---- one execution after the other ---- */

static void begin(void)
{
	forget_all();
	path.depth = 0;
	path.given = 0;
	x.finished = false;
	x.leaf = 0;
	x.split = searching.o.shards > 1 || bounded() ? SPLIT_STEPS : 0;
	searching.index = (uint64_t)-1;
}

static uint64_t share_of_executions(void)
{
	const struct search_options *o = &searching.o;

	return (o->executions + o->shards - 1 - o->shard) / o->shards;
}

static bool next(void)
{
	struct searching *s = &searching;

	if (x.finished ||
	    (s->o.executions && s->tally.executions >= share_of_executions()))
		return false;
	s->index++;
	x.numbered = path.given > x.split;
	path.depth = 0;
	path.doing = -1;
	path.tasks = 0;
	x.abandoned = x.foreign = false;
	x.verdict = SEARCH_COUNTS;
	return true;
}

static bool within_bound(const struct step *s, unsigned int i, unsigned int task)
{
	unsigned int before = i ? path.at[i - 1].preemptions : 0;

	if (!bounded())
		return true;
	if (s->goes_on != NOBODY && s->goes_on != task)
		before++;
	return before <= (unsigned int)searching.o.preemptions;
}

/* Whoever is left beyond the bound: was there a race that asked for one of them? */
static bool was_asked_for(const struct step *s, unsigned int i)
{
	return i >= x.split || chunks_unanswered(s);
}

/* Take back the last step for which there is another choice. Return: is there one */
static bool back_up(void)
{
	while (path.depth) {
		unsigned int i = path.depth - 1;
		struct step *s = &path.at[i];
		uint64_t left;

		remember(s);
		left = s->todo & s->able & ~explored_at(s) & ~s->asleep;
		if (s->pointless)
			left = 0;
		else if (!left && bounded())
			left = chunks_left(s);
		for (; left; left &= left - 1) {
			if (within_bound(s, i, first_of(left))) {
				s->task = (uint16_t)first_of(left);
				path.given = path.depth;
				return true;
			}
			if (was_asked_for(s, i))
				searching.tally.cut_preemptions = true;
		}
		forget(s);
		path.depth--;
	}
	return false;
}

static void look_at_blocked(void)
{
	for (unsigned int t = 0; t < path.tasks; t++) {
		const struct sched_task *task = sched_task_nr(t);

		if (task->state != SCHED_DONE && waits_for_lock(task))
			path_blocked(t, path.state[t].object);
	}
}

/* What all shards come to is counted by one. */
static void look_whose_it_is(void)
{
	if (!x.split)
		return;
	if (x.verdict == SEARCH_COUNTS && !x.numbered)
		not_mine();
	else if (x.verdict == SEARCH_REDUNDANT && !x.numbered)
		x.foreign = searching.o.shard != 0;
	if (!x.foreign)
		return;
	x.verdict = SEARCH_SKIPPED;
	if (path.depth > x.split)
		path.depth = x.split;
}

static enum search_verdict ended(void)
{
	if (path.doing >= 0)
		step_is_done();
	look_at_blocked();
	if (!x.abandoned)
		chunks_end();
	look_whose_it_is();
	if (back_up())
		return x.verdict;
	x.finished = true;
	searching.tally.complete = !searching.tally.cut_length;
	return x.verdict;
}

const struct strategy strategy_exhaustive = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.pick = pick,
	.saw = saw,
	.touched = touched,
	.watch = SCHED_BIT(SCHED_READ) | SCHED_BIT(SCHED_WRITE) |
		 SCHED_BIT(SCHED_ATOMIC) | SCHED_TOUCHES,
};
