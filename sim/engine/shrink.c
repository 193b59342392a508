// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shrinking a schedule: takes switches out of a schedule as long as its failure still
 * comes, first many at a time, then one by one until none can go; moves
 * switches to where a task has to stop anyway, which saves a preemption; searches for the
 * failure with fewer preemptions; then takes out tasks. Fewest preemptions, then fewest
 * switches.
 */
#include "engine/shrink.h"

#include <string.h>

#include "engine/hunt.h"
#include "engine/keep.h"
#include "engine/orders.h"
#include "search/search.h"

#define MAX_REPLAYS  20000 /* spent on moving switches */
#define MAX_SEARCHED 20000 /* for each number of preemptions */

/* struct attempt - an order of the tasks, and how good it is */
struct attempt {
	uint64_t parked;
	unsigned int nr, preemptions, chances;
	struct task_switch list[SWITCHES_MAX];
};

/* struct turn - another task was chosen, by a switch or by default */
struct turn {
	struct task_switch s;
	bool preempted; /* the task before it could have gone on */
	bool chance;	/* something happened that need not have */
};

static struct schedule *schedule; /* that is being shrunk */
static struct attempt best, trial;
static struct turn turns[SWITCHES_MAX];
static unsigned int nr_turns;
static const struct sched_task *running; /* the task whose turn it is */
static unsigned int replays, most_replays;
static uint64_t steps; /* of all replays: some take a thousand times as many as others */

static bool is_spent(void)
{
	/* who is in a hurry has what there is; that it fails at all is seen */
	if (replays && hunt_hurried())
		return true;
	return most_replays &&
	       (replays >= most_replays || steps >= most_replays * SHRINK_STEPS);
}

static void copy(struct attempt *to, const struct attempt *from)
{
	to->parked = from->parked;
	to->nr = from->nr;
	to->preemptions = from->preemptions;
	to->chances = from->chances;
	memcpy(to->list, from->list, from->nr * sizeof(from->list[0]));
}

/* ---- one attempt ---- */

/* as the replay picks, and noted */
static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	uint32_t at = replay_switches()->asked[switch_slot(last)];
	struct sched_task *to = replay_strategy()->pick(ctx, runnable, n, last);
	struct turn *t = &turns[nr_turns];

	if ((last && to == last && !last->environment) || nr_turns == SWITCHES_MAX)
		return to;
	t->s = (struct task_switch){
		.from = last ? last->id : SWITCH_START,
		.to = to->id,
		.at = at,
	};
	t->chance = to->environment && sched_tasks_runnable();
	/* what happens in between does not end a task's turn */
	if (last && !last->environment)
		running = last;
	t->preempted = running && running->state == SCHED_RUNNABLE && running != to &&
		       !to->environment;
	nr_turns++;
	return to;
}

/* Keep what was really done: switches that were not reached are dropped. */
static void look_at_trial(void)
{
	const struct switches *made = replay_switches();

	if (!made->lost) {
		trial.nr = made->nr;
		memcpy(trial.list, made->list, made->nr * sizeof(made->list[0]));
	}
	trial.preemptions = trial.chances = 0;
	for (unsigned int i = 0; i < nr_turns; i++) {
		trial.preemptions += turns[i].preempted;
		trial.chances += turns[i].chance;
	}
}

static bool fails(const struct player *p)
{
	const struct replay_plan plan = {
		.list = trial.list,
		.nr = trial.nr,
		.mask = points_of(schedule->points),
		.parked = trial.parked,
	};
	struct sched_strategy noting;

	if (is_spent())
		return false;
	replays++;
	orders_expect(schedule);
	replay_begin(&plan);
	noting = *replay_strategy();
	noting.pick = pick;
	nr_turns = 0;
	running = NULL;
	player_play(p, &noting);
	steps += sched_steps();
	if (keep_find(schedule) < 0)
		return false;
	look_at_trial();
	return true;
}

/* fewest of what need not happen, then fewest preemptions, then fewest switches */
static bool is_better_than(const struct attempt *a, const struct attempt *b)
{
	if (a->chances != b->chances)
		return a->chances < b->chances;
	if (a->preemptions != b->preemptions)
		return a->preemptions < b->preemptions;
	return a->nr < b->nr;
}

static bool is_better(void)
{
	return is_better_than(&trial, &best);
}

static bool adopt_if_better(const struct player *p)
{
	if (!fails(p) || !is_better())
		return false;
	copy(&best, &trial);
	return true;
}

/* ---- taking switches away ---- */

/* Return: whether it is better without @n switches from @from on */
static bool without(const struct player *p, unsigned int from, unsigned int n)
{
	copy(&trial, &best);
	memmove(trial.list + from, trial.list + from + n,
		(trial.nr - from - n) * sizeof(trial.list[0]));
	trial.nr -= n;
	return adopt_if_better(p);
}

/*
 * From the end: what comes last depends on what came before, and not the other
 * way round. Return: how many parts went.
 */
static unsigned int remove_parts(const struct player *p, unsigned int size)
{
	unsigned int gone = 0;

	for (unsigned int end = best.nr; end;) {
		unsigned int from = end > size ? end - size : 0;

		if (without(p, from, end - from))
			gone++;
		end = from < best.nr ? from : best.nr;
	}
	return gone;
}

static void remove_switches(const struct player *p)
{
	unsigned int size = best.nr;

	while (size > 1) {
		remove_parts(p, size);
		size = size > best.nr ? best.nr : size;
		size = (size + 1) / 2;
	}
	while (best.nr && remove_parts(p, 1))
		;
}

/* ---- moving them ---- */

static bool is_same_place(const struct task_switch *a, const struct task_switch *b)
{
	return a->from == b->from && a->at == b->at;
}

static void trial_drops(const struct task_switch *s)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < trial.nr; i++)
		if (!is_same_place(&trial.list[i], s))
			trial.list[kept++] = trial.list[i];
	trial.nr = kept;
}

/* Switches of one task are in the order of their places. */
static void trial_adds(const struct task_switch *s)
{
	unsigned int i = 0;

	trial_drops(s);
	if (trial.nr == SWITCHES_MAX)
		return;
	while (i < trial.nr &&
	       !(trial.list[i].from == s->from && trial.list[i].at > s->at))
		i++;
	memmove(trial.list + i + 1, trial.list + i,
		(trial.nr - i) * sizeof(trial.list[0]));
	trial.list[i] = *s;
	trial.nr++;
}

/* The turns of the best attempt, for a move to start from. */
static void play_best(const struct player *p)
{
	copy(&trial, &best);
	fails(p);
	copy(&trial, &best);
}

/*
 * The task that preempts another at turn @i runs before it instead: where the other
 * one's turn began, which may be where a task had to stop anyway.
 */
static bool go_before(const struct player *p, unsigned int i)
{
	struct task_switch earlier;

	play_best(p);
	if (!i || i >= nr_turns || !turns[i].preempted)
		return false;
	earlier = turns[i - 1].s;
	earlier.to = turns[i].s.to;
	if (earlier.from == earlier.to)
		return false;
	trial_drops(&turns[i].s);
	trial_adds(&earlier);
	return adopt_if_better(p);
}

/* At turn @i, where a task had to stop, @to runs instead; then the rest as before. */
static bool choose_another(const struct player *p, unsigned int i, uint16_t to)
{
	static struct attempt before;
	struct task_switch other;
	bool better;

	play_best(p);
	if (i >= nr_turns || turns[i].preempted || turns[i].s.to == to ||
	    turns[i].s.from == to)
		return false;
	other = turns[i].s;
	other.to = to;
	trial_adds(&other);
	if (!fails(p))
		return false;
	copy(&before, &best);
	copy(&best, &trial);
	remove_switches(p);
	better = is_better_than(&best, &before);
	if (!better)
		copy(&best, &before);
	return better;
}

static bool move_one(const struct player *p)
{
	play_best(p);
	for (unsigned int i = nr_turns; i-- > 0;)
		if (go_before(p, i))
			return true;
	for (unsigned int i = 0; i < nr_turns; i++)
		for (uint16_t to = 0; to < SCHED_MAX_TASKS && sched_task_nr(to); to++)
			if (replays < MAX_REPLAYS && choose_another(p, i, to))
				return true;
	return false;
}

static void move_switches(const struct player *p)
{
	while (best.preemptions && replays < MAX_REPLAYS && !is_spent() && move_one(p))
		remove_switches(p);
}

/* ---- searching ---- */

/*
 * No more may happen than did. Of what may happen at all one is left: without any, tasks
 * would have other numbers.
 */
static unsigned int at_most(unsigned int n)
{
	if (!n)
		return 0;
	if (!best.chances)
		return 1;
	return n < best.chances ? n : best.chances;
}

/* The result may be far from the least: another order may fail with fewer switches. */
static bool search_within(const struct player *of, unsigned int preemptions)
{
	const struct chances chances = { at_most(of->chances.timers),
					 at_most(of->chances.faults) };
	struct player less = *of;
	const struct player *p = &less;
	const struct search_options o = {
		.kind = SEARCH_EXHAUSTIVE,
		.mask = points_of(schedule->points),
		.preemptions = (int)preemptions,
		.shards = 1,
	};

	less.chances = chances;
	search_begin(&o);
	for (unsigned int n = 0; n < MAX_SEARCHED && !is_spent() && search_next(); n++) {
		const struct switches *s = search_switches();

		replays++;
		orders_expect(schedule);
		player_play(p, search_strategy());
		steps += sched_steps();
		if (search_ended() != SEARCH_COUNTS || keep_find(schedule) < 0 || s->lost)
			continue;
		trial.parked = best.parked;
		trial.nr = s->nr;
		memcpy(trial.list, s->list, s->nr * sizeof(s->list[0]));
		if (adopt_if_better(p))
			return true;
	}
	return false;
}

/* Return: whether it was seen that no order fails with less */
static bool search_for_less(const struct player *p)
{
	bool all = true;

	if (is_spent() && best.preemptions)
		return false;
	for (unsigned int n = 0; n < best.preemptions; n++)
		if (search_within(p, n)) {
			remove_switches(p);
			/* a task that blocks on a taken lock is counted here, not there
			 */
			all &= best.preemptions <= n;
		} else {
			all &= search_tally()->complete;
		}
	return all;
}

/* ---- tasks ---- */

/*
 * A parked task does not run. That helps only if the failure is noticed in a step, not
 * if it is that something was not done at the end.
 */
static void park_tasks(const struct player *p)
{
	uint64_t ran;

	if (!schedule->stops)
		return;
	copy(&trial, &best);
	if (!fails(p))
		return;
	ran = replay_ran();
	for (; ran; ran &= ran - 1) {
		copy(&trial, &best);
		trial.parked |= ran & -ran;
		if (fails(p) && trial.preemptions <= best.preemptions &&
		    trial.nr <= best.nr)
			copy(&best, &trial);
	}
}

static bool shrink(const struct player *p, struct schedule *s, struct shrunk *result,
		   unsigned int most)
{
	schedule = s;
	replays = 0;
	steps = 0;
	most_replays = most;
	best.nr = s->nr;
	best.parked = s->parked;
	memcpy(best.list, s->list, s->nr * sizeof(best.list[0]));
	copy(&trial, &best);
	if (!fails(p))
		return false;
	copy(&best, &trial);
	remove_switches(p);
	move_switches(p);
	result->least = search_for_less(p);
	park_tasks(p);
	s->nr = best.nr;
	s->parked = best.parked;
	memcpy(s->list, best.list, best.nr * sizeof(best.list[0]));
	result->preemptions = best.preemptions;
	result->replays = replays;
	result->again = keep_replay(p, s, true);
	return true;
}

bool shrink_schedule(const struct player *p, struct schedule *s, struct shrunk *result)
{
	return shrink(p, s, result, 0);
}

bool shrink_at_once(const struct player *p, struct schedule *s, struct shrunk *result)
{
	return shrink(p, s, result, SHRINK_AT_ONCE);
}
