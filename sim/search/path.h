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
#define NOBODY	       0xffff

/* struct explored - what a task's step touched when it was tried before */
struct explored {
	struct explored *next;
	uint16_t task;
	struct access_set touched;
};

/**
 * struct step - a task's way from one point to the next, and the choice of it
 * @task: who was chosen
 * @goes_on: who ran before and could have gone on, or NOBODY
 * @preemptions: up to here, this choice included
 * @able: bit set of tasks: who could have been chosen
 * @todo: who has to be, now or before
 * @asleep: whose choice would only repeat what was seen elsewhere
 * @explored: who was chosen before, newest first
 * @touched: what the step did
 * @released: locks that it gave back; @nr_released may say more than there are
 * @clock: for each task, how many steps of the path, up to that task's last one
 *	that happened before this one; this one included
 */
struct step {
	uint16_t task, goes_on, preemptions;
	uint8_t nr_released;
	uint64_t able, todo, asleep;
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
 * @told, @works: signals and task work that it had at the last choice
 * @leaving: how far it was on its way out
 */
struct actor_state {
	uint16_t clock[SCHED_MAX_TASKS];
	enum sched_what pending;
	const void *object;
	bool asked_for_lock, was_blocked;
	uint8_t nr_held;
	const void *held[8];
	const void *works;
	uint8_t told, leaving;
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

#endif /* SEARCH_PATH_H */
