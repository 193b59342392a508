// SPDX-License-Identifier: GPL-2.0-only
/*
 * Selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: ASPLOS 2025): in
 * each execution some of the objects that several tasks touch are drawn, and the steps
 * that begin with them are the interesting ones. The task that makes the next interesting
 * step is drawn by the number of interesting steps that each task still has, as the
 * profile says (profile.h); other tasks are held before theirs. All other steps go on in
 * random order. So every order of the interesting steps is equally likely, if each task
 * makes as many of them as it did in the profile, however many steps lie in between.
 *
 * Steps that are not announced, as those of a task that starts, count as if they began
 * with an object of their own (PROFILE_UNANNOUNCED): when a task starts matters.
 *
 * How many objects are drawn is random, too, from one to all: the fewer steps are
 * interesting, the fewer orders they have, and each is more likely; but a bug may need an
 * order of the steps at several.
 *
 * If nothing but held tasks can run, or the drawn task yields, another one is drawn.
 */
#include <assert.h>
#include <string.h>

#include "search/sampling/next_step.h"
#include "search/sampling/profile.h"

#define NONE SCHED_MAX_TASKS

static struct {
	struct next_steps next;
	uint64_t objects[PROFILE_OBJECTS / 64]; /* set of those that were drawn */
	bool has_objects;
	bool unannounced;     /* PROFILE_UNANNOUNCED is one of them */
	uint64_t interesting; /* set of tasks whose next step is */
	unsigned int drawn;   /* task that makes the next interesting step, or NONE */
	unsigned int tasks;   /* how many there were when it was drawn */
	/* by slot of the profile: what is left, times PROFILE_EXECUTIONS */
	uint32_t left[SCHED_MAX_TASKS];
} surw;

static void begin(void)
{
	strategy_random.begin();
}

static void add_object(unsigned int nr)
{
	surw.objects[nr / 64] |= 1ull << nr % 64;
	for (unsigned int i = 0; i < profile_tasks(); i++)
		surw.left[i] += profile_touches(nr, i);
}

/* so many of so many, each set of them equally likely */
static void draw_objects(void)
{
	unsigned int n = profile_shared(), missing;

	memset(surw.objects, 0, sizeof(surw.objects));
	memset(surw.left, 0, sizeof(surw.left));
	surw.has_objects = n != 0;
	if (!n)
		return;
	missing = 1 + prng_below(&searching.rng, n);
	for (unsigned int nr = 0; missing; nr++) {
		if (prng_below(&searching.rng, n - nr) >= missing)
			continue;
		add_object(nr);
		missing--;
	}
}

static bool is_drawn(unsigned int nr)
{
	return nr < profile_shared() && surw.objects[nr / 64] & (1ull << nr % 64);
}

static bool next(void)
{
	if (!strategy_random.next())
		return false;
	next_steps_clear(&surw.next);
	surw.drawn = NONE;
	draw_objects();
	surw.unannounced = is_drawn(profile_shared_nr(PROFILE_UNANNOUNCED));
	surw.interesting = surw.unannounced ? ~0ull : 0;
	return true;
}

static enum search_verdict ended(void)
{
	return SEARCH_COUNTS;
}

static bool is_interesting(unsigned int task)
{
	assert(task < SCHED_MAX_TASKS);
	return surw.interesting & (1ull << task);
}

/* @last has come to another step */
static void note_step(const struct sched_task *last)
{
	uint64_t bit, object;

	if (!last)
		return;
	bit = 1ull << last->id;
	next_steps_note(&surw.next, last);
	object = next_step_of(&surw.next, last->id)->object;
	surw.interesting &= ~bit;
	if (is_drawn(profile_shared_nr(object)))
		surw.interesting |= bit;
	if (surw.unannounced)
		surw.interesting |= next_steps_unannounced(&surw.next);
}

static uint32_t left_of(unsigned int task)
{
	unsigned int slot = profile_slot(task);
	uint32_t left = slot < profile_tasks() ? surw.left[slot] : 0;

	/* it is about to make one more, whatever was expected */
	if (is_interesting(task) && left < PROFILE_EXECUTIONS)
		return PROFILE_EXECUTIONS;
	return left;
}

/*
 * Steps of each task, and of those that it has yet to create. Return: how many tasks
 * there are.
 */
static unsigned int weigh(uint32_t *weight)
{
	unsigned int n = sched_task_count(), slots = profile_slot(n), parent;
	uint32_t unborn[SCHED_MAX_TASKS] = { 0 };

	for (unsigned int slot = profile_tasks(); slot-- > slots;) {
		parent = profile_parent(slot);
		if (parent < slot)
			unborn[parent] += surw.left[slot] + unborn[slot];
	}
	for (unsigned int task = 0; task < n; task++) {
		const struct sched_task *t = sched_task_nr(task);

		weight[task] = 0;
		if (t->state != SCHED_DONE && !t->environment)
			weight[task] = left_of(task) + unborn[profile_slot(task)];
	}
	return n;
}

/* draw one of @from by its weight, or NONE if they have none */
static void draw(uint64_t from)
{
	uint32_t weight[SCHED_MAX_TASKS] = { 0 }, sum = 0, at;
	unsigned int n = weigh(weight), task = 0;

	surw.drawn = NONE;
	surw.tasks = n;
	for (unsigned int i = 0; i < n; i++) {
		weight[i] = from & (1ull << i) ? weight[i] : 0;
		sum += weight[i];
	}
	if (!sum)
		return;
	for (at = prng_below(&searching.rng, sum); at >= weight[task]; task++)
		at -= weight[task];
	surw.drawn = task;
}

/* what it was drawn for may be a step of a task that it has created since */
static uint64_t drawn_or_its_children(void)
{
	uint64_t set = 1ull << surw.drawn;

	for (unsigned int i = surw.tasks; i < sched_task_count(); i++)
		if (profile_slot(i) < profile_tasks() &&
		    profile_parent(profile_slot(i)) == profile_slot(surw.drawn))
			set |= 1ull << i;
	return set;
}

static void look_at_drawn(const struct sched_task *last)
{
	if (surw.drawn == NONE)
		return;
	if (surw.tasks < sched_task_count())
		draw(drawn_or_its_children());
	else if (sched_task_nr(surw.drawn)->state == SCHED_DONE ||
		 (last && last->id == surw.drawn && has_yielded(last)))
		surw.drawn = NONE;
}

static void one_is_made(unsigned int task)
{
	unsigned int slot = profile_slot(task);

	if (slot < profile_tasks())
		surw.left[slot] -= surw.left[slot] < PROFILE_EXECUTIONS
					   ? surw.left[slot]
					   : PROFILE_EXECUTIONS;
	surw.drawn = NONE;
}

static struct sched_task *by_weight(struct sched_task *const *tasks, unsigned int n)
{
	struct sched_task *free[SCHED_MAX_TASKS], *to;
	unsigned int nr = 0;
	uint64_t held = 0;

	if (surw.drawn == NONE && surw.has_objects)
		draw(~0ull);
	for (unsigned int i = 0; i < n; i++) {
		if (tasks[i]->id == surw.drawn || !is_interesting(tasks[i]->id))
			free[nr++] = tasks[i];
		else
			held |= 1ull << tasks[i]->id;
	}
	if (!nr) {
		draw(held); /* each has a weight */
		free[nr++] = sched_task_nr(surw.drawn);
	}
	to = free[nr > 1 ? prng_below(&searching.rng, nr) : 0];
	if (is_interesting(to->id))
		one_is_made(to->id);
	return to;
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	struct sched_task *tasks[SCHED_MAX_TASKS], *to = NULL;
	struct sched_task *const *from = runnable;

	(void)ctx;
	note_step(last);
	look_at_drawn(last);
	if (__builtin_expect(sched_environments() != 0, 0)) {
		to = search_chance(runnable, &n, tasks);
		from = tasks;
	}
	if (!to && !n)
		to = from[0];
	if (!to)
		to = by_weight(from, n);
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

uint64_t surw_objects(void)
{
	return surw.objects[0];
}

const struct strategy strategy_surw = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.pick = pick,
};
