// SPDX-License-Identifier: GPL-2.0-only
/*
 * Selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: ASPLOS 2025): in
 * each execution one of the objects that several tasks touch is drawn, and the steps that
 * begin with it are the interesting ones. The task that makes the next interesting step
 * is drawn by the number of interesting steps that each task still has, as the profile
 * says (profile.h); other tasks are held before theirs. All other steps go on in random
 * order. So every order of the interesting steps is equally likely, if each task makes
 * as many of them as it did in the profile, however many steps lie in between.
 *
 * One object, and not more: the fewer steps are interesting, the fewer orders they have.
 *
 * If nothing but held tasks can run, or the drawn task yields, another one is drawn.
 */
#include "search/next_step.h"
#include "search/profile.h"

#define NONE SCHED_MAX_TASKS

static struct {
	struct next_steps next;
	uint64_t object; /* access_object() of the interesting steps; 0: there are none */
	unsigned int object_nr;
	unsigned int drawn; /* task that makes the next interesting step, or NONE */
	/* by slot of the profile: what is left, times %PROFILE_EXECUTIONS */
	uint32_t left[SCHED_MAX_TASKS];
} surw;

static void begin(void)
{
	strategy_random.begin();
}

static void draw_object(void)
{
	unsigned int n = profile_shared();

	surw.object = 0;
	if (!n)
		return;
	surw.object_nr = prng_below(&searching.rng, n);
	surw.object = profile_object(surw.object_nr);
	for (unsigned int i = 0; i < profile_tasks(); i++)
		surw.left[i] = profile_touches(surw.object_nr, i);
}

static bool next(void)
{
	if (!strategy_random.next())
		return false;
	next_steps_clear(&surw.next);
	surw.drawn = NONE;
	draw_object();
	return true;
}

static enum search_verdict ended(void)
{
	return SEARCH_COUNTS;
}

static bool is_interesting(unsigned int task)
{
	return surw.object && next_step_of(&surw.next, task)->object == surw.object;
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

/* draw one of @from by its weight. Return: NONE if they have none */
static unsigned int draw(uint64_t from)
{
	uint32_t weight[SCHED_MAX_TASKS], sum = 0, at;
	unsigned int n = weigh(weight);

	for (unsigned int i = 0; i < n; i++)
		sum += from & (1ull << i) ? weight[i] : 0;
	if (!sum)
		return NONE;
	at = prng_below(&searching.rng, sum);
	for (unsigned int i = 0; i < n; i++) {
		if (!(from & (1ull << i)))
			continue;
		if (at < weight[i])
			return i;
		at -= weight[i];
	}
	return NONE;
}

static void look_at_drawn(const struct sched_task *last)
{
	if (surw.drawn == NONE)
		return;
	if (sched_task_nr(surw.drawn)->state == SCHED_DONE ||
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

	if (surw.drawn == NONE && surw.object)
		surw.drawn = draw(~0ull);
	for (unsigned int i = 0; i < n; i++) {
		if (tasks[i]->id == surw.drawn || !is_interesting(tasks[i]->id))
			free[nr++] = tasks[i];
		else
			held |= 1ull << tasks[i]->id;
	}
	if (!nr) {
		surw.drawn = draw(held);
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
	next_steps_note(&surw.next, last);
	look_at_drawn(last);
	if (__builtin_expect(sched_environments() != 0, 0)) {
		to = search_chance(runnable, &n, tasks);
		from = tasks;
	}
	if (!to && (from[0]->environment || !n))
		to = from[0];
	if (!to)
		to = by_weight(from, n);
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

const struct strategy strategy_surw = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.pick = pick,
};
