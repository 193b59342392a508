/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The path of the exhaustive search: the steps of the execution that is on, what
 * was tried before each of them, and what is still to be tried.
 */
#ifndef SEARCH_PATH_H
#define SEARCH_PATH_H

#include "search/access.h"
#include "search/search_i.h"

#define PATH_MAX_STEPS 8192
#define RELEASED_MAX   4
#define WANTS_MAX      6
#define NOBODY	       0xffff

/*
 * struct explored - a task that was tried before: what its step touched, and how
 * many it did from there when nobody preempted it
 */
struct explored {
	struct explored *next;
	uint16_t task, length;
	struct access_set touched;
};

/**
 * struct step - a task's way from one point to the next, and the choice of it
 * @task: who was chosen
 * @goes_on: who ran before and could have gone on, or NOBODY
 * @preemptions: up to here, this choice included
 * @chunk: first step of its chunk, see chunks.c
 * @length: how many steps the task did from here when nobody preempted it
 * @waits_for: the chunk before ended at a lock that this task holds, or NOBODY
 * @able: bit set of tasks: who could have been chosen
 * @todo: who has to be, now or before
 * @asleep: whose choice would only repeat what was seen elsewhere
 * @pointless: so would a preemption here
 * @fruitful: those of whom a chunk that began here repeated nothing
 * @wants: one of each of these sets has to be fruitful, unless all that can run
 *	was tried
 * @explored: who was chosen before, newest first
 * @touched: what the step did
 * @released: locks that it gave back; @nr_released may say more than there are
 * @clock: for each task, how many steps of the path, up to that task's last one
 *	that happened before this one; this one included
 */
struct step {
	uint16_t task, goes_on, preemptions, chunk, length, waits_for;
	uint8_t nr_released;
	uint8_t nr_wants;
	bool pointless;
	uint64_t able, todo, asleep, fruitful;
	uint64_t wants[WANTS_MAX];
	struct explored *explored;
	struct access_set touched;
	const void *released[RELEASED_MAX];
	uint16_t clock[SCHED_MAX_TASKS];
};

/**
 * struct actor_state - what the search knows of a task
 * @clock: what happened before its next step
 * @pending: its next step begins with this; SCHED_NR_WHAT: with nothing announced
 * @object: of @pending
 * @stands: it is somewhere known; else it has not been seen yet
 * @asked_for_lock: it was let run into a lock that is taken, and waits there
 * @was_blocked: at the last choice
 * @held: locks that it holds
 */
struct actor_state {
	uint16_t clock[SCHED_MAX_TASKS];
	enum sched_what pending;
	const void *object;
	bool asked_for_lock, was_blocked;
	uint8_t nr_held;
	const void *held[8];
};

/**
 * struct path - see above
 * @at: the steps
 * @depth: how many there are, the one that is being done included
 * @doing: index of the one that is being done, or -1
 * @given: so many are those of the last execution; the last of them is another
 * @tasks: tasks known so far
 * @state: of the tasks
 */
struct path {
	unsigned int depth, given, tasks;
	int doing;
	struct actor_state state[SCHED_MAX_TASKS];
	struct step at[PATH_MAX_STEPS];
};

extern struct path path;

/** path_clock_join() - @a knows what @b knew */
static inline void path_clock_join(uint16_t *a, const uint16_t *b, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		a[i] = a[i] > b[i] ? a[i] : b[i];
}

/**
 * path_order() - what happened before step @i, now that it is known what it did;
 * races found on the way become @todo of earlier steps
 */
void path_order(unsigned int i);

/** path_blocked() - races of a step that waits for a lock and never gets it */
void path_blocked(unsigned int task, const void *lock);

/* ---- the search within a bound on preemptions: chunks.c ---- */

/**
 * chunks_race() - steps @j and @i are in a race
 * @task: of step @i, which may be one that was never done
 * @clock: what happened before it, @j aside
 */
void chunks_race(unsigned int j, unsigned int i, unsigned int task,
		 const uint16_t *clock);

/** chunks_released() - step @i takes a lock that was given back by step @j last */
void chunks_released(unsigned int j, unsigned int i, unsigned int task,
		     const uint16_t *clock);

/**
 * chunks_boundary() - before a choice that was not made yet, at step @i
 *
 * Return: whether the execution is worth going on with.
 */
bool chunks_boundary(unsigned int i);

/** chunks_left() - somebody at step @s who has to be tried yet after all, or none */
uint64_t chunks_left(const struct step *s);

/** chunks_unanswered() - somebody at step @s was asked for, and is not fruitful */
bool chunks_unanswered(const struct step *s);

/** chunks_end() - the execution is over: so is the last chunk */
void chunks_end(void);

#endif /* SEARCH_PATH_H */
