/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the next step of each task begins with, as far as it was announced: for the
 * strategies that sample orders, and for the profile.
 */
#ifndef SEARCH_NEXT_STEP_H
#define SEARCH_NEXT_STEP_H

#include "search/search_i.h"

/**
 * struct next_step - how a step begins
 * @object: access_object() of it; 0: none
 * @changes: it changes the object, or takes the lock
 * @what: kind of step; %SCHED_NR_WHAT: not announced
 * @address: of the object
 * @place: in the code, or NULL
 */
struct next_step {
	uint64_t object;
	bool changes;
	enum sched_what what;
	const void *address;
	const struct sched_site *place;
};

/**
 * struct next_steps - those of all tasks
 * @known: set of tasks whose next step was announced
 * @yielded: set of tasks that yield: their next step goes on with what they did
 * @of: the steps of these
 */
struct next_steps {
	uint64_t known, yielded;
	struct next_step of[SCHED_MAX_TASKS];
};

extern const struct next_step next_step_unknown;

/** next_steps_clear() - an execution begins */
static inline void next_steps_clear(struct next_steps *s)
{
	s->known = s->yielded = 0;
}

/** next_steps_note() - at each choice: @last, if there is one, has come to a point */
void next_steps_note(struct next_steps *s, const struct sched_task *last);

/** next_step_of() - of the task of that id; never NULL */
static inline const struct next_step *next_step_of(const struct next_steps *s,
						   unsigned int task)
{
	return s->known & (1ull << task) ? &s->of[task] : &next_step_unknown;
}

/** next_steps_unannounced() - set of the tasks that start, or go on after they waited */
static inline uint64_t next_steps_unannounced(const struct next_steps *s)
{
	return ~(s->known | s->yielded);
}

/** next_steps_conflict() - whether two steps of different tasks depend on each other */
static inline bool next_steps_conflict(const struct next_step *a,
				       const struct next_step *b)
{
	return a->object && a->object == b->object && (a->changes || b->changes);
}

#endif /* SEARCH_NEXT_STEP_H */
