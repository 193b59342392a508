// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exhaustive search: one execution for each order of dependent steps (Mazurkiewicz
 * trace), by source-set dynamic partial-order reduction with sleep sets (Abdulla,
 * Aronis, Jonsson, Sagonas: POPL 2014). A depth-first search over the choices: after an
 * execution the last choice is changed at which the backtrack set has a task left.
 * It is stateless: it remembers the path of the current execution alone.
 *
 * A task whose next step takes a lock that another one holds is not enabled: an
 * execution in which it begins to wait is equivalent to one in which it does not. If no
 * task is enabled, one of them is run into its lock, so that time can pass and a
 * deadlock shows. (A trylock is announced as a lock: the order in which it fails is not
 * explored.)
 *
 * It is complete as far as steps are announced: it does not see that two plain accesses
 * race.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sched/checkpoint.h"
#include "search/exhaustive/path.h"

struct path path;

static struct {
	bool finished;
	bool in_vain;	  /* the current step makes no difference: it is a repetition */
	bool time_passed; /* although it was not to be a choice any more */
	bool abandoned;	  /* the execution is cut off: @verdict says why */
	enum search_verdict verdict;
} x;

/* ---- the step that was done ---- */

static void summarise(unsigned int i)
{
	const struct step *s = &path.at[i];

	path.summary[i] = (struct summary){
		.filter = s->touched.filter,
		.previous = path.state[s->task].clock[s->task],
		.task = (uint8_t)s->task,
		.released = s->nr_released,
		.anything = s->touched.anything,
	};
}

static void step_done(void)
{
	unsigned int i = (unsigned int)path.current;
	struct step *s = &path.at[i];
	const struct sched_task *task = sched_task_nr(s->task);

	path.current = -1;
	path.state[s->task].steps++;
	/* before it blocks or ends, a task looks at what others have told it */
	if (task->state != SCHED_RUNNABLE)
		access_touch(&s->touched, task->data, false);
	tasks_note_released(s, task->data);
	summarise(i);
	/* the last step of the prefix is done by another task than last time */
	if (i + 1 >= path.prefix)
		path_order(i);
	memcpy(path.state[s->task].clock, s->clock, sizeof(s->clock));
	tasks_note_woken(s->clock);
}

/* ---- the choice ---- */

/*
 * How often something happens has to follow from the steps alone, whatever their order:
 * so each time counts, also when no task could run.
 */
static bool happened_enough(const struct sched_task *t)
{
	return t->environment && path.state[t->id].steps >= t->environment->at_most;
}

static uint64_t enabled_tasks(struct sched_task *const *runnable, unsigned int n)
{
	uint64_t enabled = 0;

	for (unsigned int i = 0; i < n; i++)
		if (!waits_for_lock(runnable[i]) && !happened_enough(runnable[i]))
			enabled |= 1ull << runnable[i]->id;
	/* one that waits for a lock is run into it before anything has to happen */
	if (!(enabled & sched_tasks_runnable()) && sched_tasks_runnable())
		return 0;
	return enabled;
}

static struct sched_task *abandon(struct sched_task *const *runnable,
				  enum search_verdict why)
{
	x.abandoned = true;
	x.verdict = why;
	sched_stop();
	/* in the main context sched_stop() returns: this task gets to its next point */
	return runnable[0];
}

/* the chunk goes on: with its task, or with what may happen in its middle */
static bool goes_on(const struct step *s, unsigned int task)
{
	return s->running != NO_TASK && (s->running == task || is_environment(task));
}

static bool is_useless(const struct sched_task *t)
{
	return t->environment && !t->environment->useful;
}

/* what may happen has a bound of its own */
static bool is_preemption(const struct step *s, unsigned int task)
{
	return s->running != NO_TASK && s->running != task && !is_environment(task);
}

static void begin_step(unsigned int i, unsigned int task)
{
	struct step *s = &path.at[i];
	unsigned int before = i ? path.at[i - 1].preemptions : 0;
	struct task_state *t = &path.state[task];

	assert(task < SCHED_MAX_TASKS);
	s->task = (uint16_t)task;
	s->preemptions = (uint16_t)(before + is_preemption(s, task));
	s->chunk = (uint16_t)(goes_on(s, task) ? path.at[i - 1].chunk : i);
	if (i + 1 >= path.prefix)
		s->length = 0;
	s->backtrack |= 1ull << task;
	access_clear(&s->touched);
	s->nr_released = 0;
	access_add(&s->touched, t->pending, t->object, searching.o.faults);
	t->at_held_lock = false;
	x.in_vain = is_useless(sched_task_nr(task));
	path.current = (int)i;
	path.depth = i + 1;
}

/* the task in whose chunk something happened in step @i, if it is enabled */
static uint16_t running_before(unsigned int i, uint64_t enabled)
{
	const unsigned int task = path.at[i].running;

	return task != NO_TASK && (enabled & (1ull << task)) ? (uint16_t)task : NO_TASK;
}

/* of @left; -1: none. What may happen comes after the tasks, and then all of it */
static int first_choice(unsigned int i, uint64_t left)
{
	const uint64_t tasks = left & ~sched_environments();

	for (uint64_t set = left & ~tasks; set; set &= set - 1)
		if (is_useless(sched_task_nr(first_task(set))))
			left &= ~(set & -set);
	if (!tasks)
		path.at[i].backtrack |= left;
	left = tasks ? tasks : left;
	return left ? (int)first_task(left) : -1;
}

/*
 * What may happen belongs to the split only if there are shards, which have to number
 * the same parts: it would make the search many times as long.
 */
static uint64_t not_split(void)
{
	return searching.o.shards > 1 ? 0 : sched_environments();
}

/* A choice that was not made before. Return: a task; -1: each would repeat something */
static int new_choice(unsigned int i, uint64_t enabled, const struct sched_task *last)
{
	struct step *s = &path.at[i];
	uint64_t left;

	s->enabled = enabled;
	s->explored = NULL;
	s->running = NO_TASK;
	s->lock_owner = last ? owner_waited_for(last) : NULL;
	s->backtrack = i < shard.split ? enabled & ~not_split() : 0;
	s->sleep = s->no_resume = 0;
	s->no_preemption = false; /* an earlier search within a bound may have set it */
	if (i && is_environment(path.at[i - 1].task))
		s->running = running_before(i - 1, enabled);
	else if (i && last && (enabled & (1ull << last->id)) && !has_yielded(last))
		s->running = last->id;
	if (!is_bounded())
		s->sleep = i ? sleep_set_after(i - 1) : 0;
	else if (!chunks_boundary(i))
		return -1;
	left = enabled & ~pruned_at(s);
	if (s->running < SCHED_MAX_TASKS && (left & (1ull << s->running)))
		return s->running;
	return first_choice(i, left);
}

static void must_be_enabled(unsigned int task, uint64_t enabled, unsigned int i)
{
	if (enabled == path.at[i].enabled && (enabled & (1ull << task)))
		return;
	fprintf(stderr,
		"uringsim: the same choices led to another state at choice %u: the "
		"subject "
		"or the simulator is not deterministic\n",
		i);
	exit(3);
}

static struct sched_task *choose(struct sched_task *const *runnable, uint64_t enabled,
				 const struct sched_task *last)
{
	unsigned int i = path.depth;
	int task;

	if (i < path.prefix) {
		must_be_enabled(path.at[i].task, enabled, i);
		begin_step(i, path.at[i].task);
		return sched_task_nr(path.at[i].task);
	}
	if (i == shard.split && i && shard_enter_part() && !is_bounded())
		return abandon(runnable, SEARCH_SKIPPED);
	if (x.in_vain)
		return abandon(runnable, SEARCH_REDUNDANT);
	if (i == PATH_MAX_STEPS) {
		searching.tally.cut_length = true;
		return abandon(runnable, SEARCH_REDUNDANT);
	}
	task = new_choice(i, enabled, last);
	if (shard.foreign && path.at[i].running == NO_TASK)
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
	uint64_t enabled;

	(void)ctx;
	if (x.abandoned) {
		sched_stop();
		return runnable[0];
	}
	path_checkpoints_look();
	if (path.current >= 0)
		step_done();
	else
		tasks_note_woken(NULL);
	if (last)
		tasks_note_position(last);
	/* no task could run, and virtual time has passed */
	if (path.depth && (x.time_passed || (!sched_current() && sched_tasks_runnable())))
		tasks_join_all();
	x.time_passed = false;
	enabled = enabled_tasks(runnable, n);
	if (enabled) {
		to = choose(runnable, enabled, last);
	} else if (sched_tasks_runnable()) {
		to = default_choice(runnable, NULL);
		path.state[to->id].at_held_lock = true;
	} else {
		to = runnable[0];
		x.time_passed = true;
	}
	switches_note(&searching.switches, runnable, last, to);
	return to;
}

/* what is announced without a choice belongs to the current step */
static void saw(void *ctx, enum sched_what what, const void *object)
{
	(void)ctx;
	if (path.current >= 0)
		access_add(&path.at[path.current].touched, what, object,
			   searching.o.faults);
}

static void touched(void *ctx, const void *object, bool changes)
{
	(void)ctx;
	if (path.current >= 0)
		access_touch(&path.at[path.current].touched, object, changes);
}

/* ---- one execution after the other ---- */

static void begin(void)
{
	explored_reset();
	path.depth = 0;
	path.prefix = 0;
	x.finished = false;
	shard_begin();
	path_checkpoints_begin();
	searching.index = (uint64_t)-1;
}

static bool next(void)
{
	struct searching *s = &searching;

	if (x.finished ||
	    (s->o.executions && s->tally.executions >= share_of_executions()))
		return false;
	s->index++;
	path.depth = 0;
	path.current = -1;
	path.tasks = 0;
	path.runnable = 0;
	x.abandoned = false;
	x.time_passed = x.in_vain = false;
	x.verdict = SEARCH_COUNTS;
	shard_next();
	path_checkpoints_next();
	return true;
}

static void checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, x.time_passed);
	checkpoint_value(c, x.in_vain);
	path_checkpoint(c);
}

static bool within_bound(const struct step *s, unsigned int i, unsigned int task)
{
	unsigned int preemptions = i ? path.at[i - 1].preemptions : 0;

	if (!is_bounded())
		return true;
	preemptions += is_preemption(s, task);
	return preemptions <= (unsigned int)searching.o.preemptions;
}

/* tasks that have to be explored at @s yet */
static uint64_t left_at(const struct step *s)
{
	uint64_t left = s->backtrack & s->enabled & ~explored_set(s) & ~pruned_at(s);

	if (s->no_preemption)
		return left & sched_environments();
	return left || !is_bounded() ? left : chunks_left(s);
}

/* a task is beyond the bound: did a race ask for it, or only the split into parts? */
static bool was_required(const struct step *s, unsigned int i)
{
	return i >= shard.split || chunks_unmet(s);
}

/* Backtrack to the last step that has another choice. Return: whether there is one */
static bool backtrack(void)
{
	while (path.depth) {
		unsigned int i = path.depth - 1;
		struct step *s = &path.at[i];

		explored_add(s);
		for (uint64_t left = left_at(s); left; left &= left - 1) {
			if (within_bound(s, i, first_task(left))) {
				s->task = (uint16_t)first_task(left);
				path.prefix = path.depth;
				return true;
			}
			if (was_required(s, i))
				searching.tally.cut_preemptions = true;
		}
		explored_clear(s);
		path.depth--;
	}
	return false;
}

/* tasks that wait for a lock for good: the other order of the lock is to be explored */
static void order_blocked(void)
{
	for (unsigned int t = 0; t < path.tasks; t++) {
		const struct sched_task *task = sched_task_nr(t);

		if (task->state != SCHED_DONE && waits_for_lock(task))
			path_blocked(t, path.state[t].object);
	}
}

/* what might have happened by now: it may have to happen before one of the steps */
static void order_left_out(void)
{
	for (uint64_t set = sched_environments() & sched_runnable(); set;
	     set &= set - 1) {
		const struct sched_task *t = sched_task_nr(first_task(set));

		if (t->id < path.tasks && !happened_enough(t))
			path_left_out(t->id, t->environment);
	}
}

static enum search_verdict ended(void)
{
	if (path.current >= 0)
		step_done();
	order_blocked();
	order_left_out();
	if (!x.abandoned)
		chunks_end();
	x.verdict = shard_ended(x.verdict);
	if (backtrack())
		return x.verdict;
	x.finished = true;
	searching.tally.complete = !searching.tally.cut_length;
	return x.verdict;
}

const struct strategy strategy_exhaustive = {
	.begin = begin,
	.next = next,
	.ended = ended,
	.checkpoint = checkpoint,
	.pick = pick,
	.saw = saw,
	.touched = touched,
	.watch = SCHED_BIT(SCHED_READ) | SCHED_BIT(SCHED_WRITE) |
		 SCHED_BIT(SCHED_ATOMIC) | SCHED_TOUCHES,
};
