// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts what the tasks of a program touch, in random executions.
 */
#include "search/sampling/profile.h"

#include <string.h>

#include "sched/hash.h"
#include "sched/prng.h"
#include "search/sampling/next_step.h"

/* what is beyond is not learnt; the slots are twice as many, so that a search ends */
#define OBJECTS	    PROFILE_OBJECTS
#define PLACES	    1024
#define SLOTS_SHIFT 11
#define STEPS	    4096 /* of an execution */

/**
 * struct object - what tasks touched
 * @tasks, @changers: those that did in this execution, and those that changed it
 * @shared: its number among the interesting ones, plus 1; 0: it is none
 * @touches: of each task, in all executions
 */
struct object {
	uint64_t object, tasks, changers;
	uint16_t shared;
	uint32_t touches[SCHED_MAX_TASKS];
};

struct place {
	const struct sched_site *site;
	bool conflicts;
};

struct noted {
	uint16_t place, object;
	uint8_t task;
	bool changes;
};

static struct {
	struct object objects[OBJECTS];
	struct place places[PLACES];
	unsigned int nr_objects, nr_places;
	uint16_t object_at[1u << SLOTS_SHIFT], place_at[1u << SLOTS_SHIFT]; /* + 1 */
	struct noted steps[STEPS];
	unsigned int nr_steps;
	uint16_t shared[OBJECTS]; /* indices of the interesting ones */
	unsigned int nr_shared;
	unsigned int tasks; /* most of an execution */
	uint8_t parent[SCHED_MAX_TASKS];
	unsigned int executions;
	unsigned int seen; /* tasks of this execution so far */
	struct prng rng;
	struct next_steps next;
	uint64_t drawn; /* set of tasks that have a priority */
	uint32_t priority[SCHED_MAX_TASKS];
} profile;

/* ---- tables ---- */

static unsigned int slot_of(uint64_t word)
{
	return (unsigned int)(hash_word(word) >> (64 - SLOTS_SHIFT));
}

static unsigned int slot_after(unsigned int slot)
{
	return (slot + 1) & ((1u << SLOTS_SHIFT) - 1);
}

static unsigned int slot_of_object(uint64_t word)
{
	unsigned int slot = slot_of(word);

	while (profile.object_at[slot] &&
	       profile.objects[profile.object_at[slot] - 1].object != word)
		slot = slot_after(slot);
	return slot;
}

/* Return: its index, or %OBJECTS: there is no space */
static unsigned int object_of(uint64_t word)
{
	unsigned int slot = slot_of_object(word);

	if (profile.object_at[slot])
		return profile.object_at[slot] - 1;
	if (profile.nr_objects == OBJECTS)
		return OBJECTS;
	profile.objects[profile.nr_objects++].object = word;
	profile.object_at[slot] = (uint16_t)profile.nr_objects;
	return profile.nr_objects - 1;
}

static unsigned int slot_of_place(const struct sched_site *site)
{
	unsigned int slot = slot_of((uint64_t)(uintptr_t)site);

	while (profile.place_at[slot] &&
	       profile.places[profile.place_at[slot] - 1].site != site)
		slot = slot_after(slot);
	return slot;
}

/* Return: its index, or %PLACES: there is no space */
static unsigned int place_of(const struct sched_site *site)
{
	unsigned int slot = slot_of_place(site);

	if (profile.place_at[slot])
		return profile.place_at[slot] - 1;
	if (profile.nr_places == PLACES)
		return PLACES;
	profile.places[profile.nr_places++].site = site;
	profile.place_at[slot] = (uint16_t)profile.nr_places;
	return profile.nr_places - 1;
}

/* ---- an execution ---- */

static void note_object(const struct next_step *step, unsigned int task,
			struct noted *noted)
{
	struct object *o;

	noted->object = OBJECTS;
	if (!step->object)
		return;
	noted->object = (uint16_t)object_of(step->object);
	if (noted->object == OBJECTS)
		return;
	o = &profile.objects[noted->object];
	o->touches[task]++;
	o->tasks |= 1ull << task;
	o->changers |= (uint64_t)step->changes << task;
}

static void note_step(unsigned int task)
{
	static const struct next_step unannounced = { PROFILE_UNANNOUNCED, true,
						      SCHED_NR_WHAT, NULL, NULL };
	const struct next_step *step = next_step_of(&profile.next, task);
	struct noted *noted = &profile.steps[profile.nr_steps];

	if (next_steps_unannounced(&profile.next) & (1ull << task))
		step = &unannounced;
	else if (step->what == SCHED_NR_WHAT)
		return;
	if (profile.nr_steps == STEPS)
		return;
	note_object(step, task, noted);
	noted->place = (uint16_t)(step->place ? place_of(step->place) : PLACES);
	noted->task = (uint8_t)task;
	noted->changes = step->changes;
	profile.nr_steps++;
}

static void note_created(const struct sched_task *last)
{
	unsigned int n = sched_task_count();

	for (; profile.seen < n; profile.seen++) {
		if (profile.seen < profile.tasks)
			continue;
		profile.parent[profile.seen] = (uint8_t)(last ? last->id : profile.seen);
		profile.tasks = profile.seen + 1;
	}
}

static uint32_t priority_of(unsigned int task)
{
	if (!(profile.drawn & (1ull << task))) {
		profile.drawn |= 1ull << task;
		profile.priority[task] = (uint32_t)(prng_next(&profile.rng) >> 32);
	}
	return profile.priority[task];
}

/* as it yields it draws another one, or a task that polls would run for ever */
static struct sched_task *by_priority(struct sched_task *const *runnable, unsigned int n,
				      const struct sched_task *last)
{
	struct sched_task *best = runnable[0];

	if (has_yielded(last))
		profile.drawn = 0;
	for (unsigned int i = 1; i < n; i++)
		if (priority_of(runnable[i]->id) > priority_of(best->id))
			best = runnable[i];
	return best;
}

/*
 * Where each task is as likely at every step, none comes far ahead of the others: so in
 * every other execution one goes on for as long as it can.
 */
static struct sched_task *choose(struct sched_task *const *runnable, unsigned int n,
				 const struct sched_task *last)
{
	if (profile.executions & 1)
		return by_priority(runnable, n, last);
	return runnable[n > 1 ? prng_below(&profile.rng, n) : 0];
}

static struct sched_task *pick(void *ctx, struct sched_task *const *runnable,
			       unsigned int n, struct sched_task *last)
{
	struct sched_task *to = choose(runnable, n, last);

	(void)ctx;
	note_created(last);
	next_steps_note(&profile.next, last);
	note_step(to->id);
	return to;
}

static bool conflicted(const struct noted *s)
{
	const struct object *o;
	uint64_t others = ~(1ull << s->task);

	if (s->object == OBJECTS)
		return false;
	o = &profile.objects[s->object];
	return (s->changes ? o->tasks : o->changers) & others;
}

static void note_conflicts(void)
{
	for (unsigned int i = 0; i < profile.nr_steps; i++) {
		const struct noted *s = &profile.steps[i];

		if (!conflicted(s))
			continue;
		if (s->place != PLACES)
			profile.places[s->place].conflicts = true;
		if (profile.objects[s->object].shared)
			continue;
		profile.shared[profile.nr_shared++] = s->object;
		profile.objects[s->object].shared = (uint16_t)profile.nr_shared;
	}
}

void profile_ended(void)
{
	note_conflicts();
	for (unsigned int i = 0; i < profile.nr_objects; i++)
		profile.objects[i].tasks = profile.objects[i].changers = 0;
}

/* ---- learning ---- */

static struct sched_strategy strategy = { .pick = pick };

void profile_forget(void)
{
	memset(&profile, 0, sizeof(profile));
}

void profile_begin(unsigned int mask)
{
	profile_forget();
	strategy.mask = mask;
}

bool profile_next(void)
{
	if (profile.executions == PROFILE_EXECUTIONS)
		return false;
	prng_seed(&profile.rng, 0, profile.executions++);
	next_steps_clear(&profile.next);
	profile.nr_steps = 0;
	profile.seen = 0;
	profile.drawn = 0;
	return true;
}

const struct sched_strategy *profile_strategy(void)
{
	return &strategy;
}

/* ---- what was learnt ---- */

unsigned int profile_slot(unsigned int task)
{
	uint64_t ids = task < SCHED_MAX_TASKS ? (1ull << task) - 1 : ~0ull;
	uint64_t below = sched_environments() & ids;

	return task - (unsigned int)__builtin_popcountll(below);
}

unsigned int profile_tasks(void)
{
	return profile.tasks;
}

unsigned int profile_parent(unsigned int slot)
{
	return profile.parent[slot];
}

unsigned int profile_shared(void)
{
	return profile.nr_shared;
}

unsigned int profile_shared_nr(uint64_t object)
{
	unsigned int at = object ? profile.object_at[slot_of_object(object)] : 0;

	if (!at || !profile.objects[at - 1].shared)
		return profile.nr_shared;
	return profile.objects[at - 1].shared - 1u;
}

unsigned int profile_touches(unsigned int nr, unsigned int slot)
{
	return profile.objects[profile.shared[nr]].touches[slot];
}

enum profile_place profile_place(const struct sched_site *site)
{
	unsigned int at = profile.place_at[slot_of_place(site)];

	if (!at)
		return PROFILE_UNKNOWN;
	return profile.places[at - 1].conflicts ? PROFILE_CONFLICTS : PROFILE_ALONE;
}
