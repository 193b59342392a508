/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the exhaustive search share: the path, that is the steps of the
 * current execution, and what the search knows of the tasks. The terms are those of
 * dynamic partial-order reduction (Flanagan, Godefroid: POPL 2005; Abdulla, Aronis,
 * Jonsson, Sagonas: POPL 2014, JACM 2017).
 */
#ifndef SEARCH_PATH_H
#define SEARCH_PATH_H

#include "search/access.h"
#include "search/search_i.h"

#define PATH_MAX_STEPS 8192
#define RELEASED_MAX   4
#define REQUIRED_MAX   6
#define NO_TASK	       0xffff

/**
 * struct explored - a task that was chosen at a step in an earlier execution
 * @task: its id
 * @length: steps that it did from there until it blocked, ended or yielded; 0: not known
 * @touched: what its step touched
 */
struct explored {
	struct explored *next;
	uint16_t task, length;
	struct access_set touched;
};

/**
 * struct step - what a task does from one point to the next, and the choice of that task
 * @task: the task that was chosen
 * @running: the task that did the step before, if it is enabled here; or NO_TASK. To
 *	choose another one is a preemption
 * @preemptions: of the path up to here, this choice included
 * @chunk: index of the first step of its chunk, see chunks.c
 * @length: as in struct explored
 * @lock_owner: the chunk before ended at a lock that the task with this @data holds; or
 *	NULL
 * @enabled: set of tasks that can be chosen
 * @backtrack: backtrack set: tasks that have to be chosen here, in this execution or
 *	another
 * @sleep: sleep set: to choose one of these repeats explored orders. Empty in a search
 *	within a bound
 * @no_resume: tasks that were preempted, and whose resumption here repeats orders that
 *	are explored without that preemption. Empty in a search without a bound
 * @no_preemption: bounded: a preemption here repeats explored orders
 * @kept: bounded: tasks whose chunk from here was not cut off as a repetition
 * @required, @nr_required: bounded: sets of tasks. @kept has to contain one of each, or
 *	every enabled task has to be explored
 * @explored: the tasks that were chosen before, newest first
 * @touched: what the step did
 * @released, @nr_released: locks that it released; the number counts those, too, for
 *	which the array was too short
 * @clock: vector clock: for each task, how many steps of the path, up to that task's
 *	last one that happened before this one; this one included
 */
struct step {
	_Alignas(64) uint16_t clock[SCHED_MAX_TASKS];
	uint16_t task, running, preemptions, chunk, length;
	uint8_t nr_released;
	uint8_t nr_required;
	bool no_preemption;
	struct access_set touched;
	uint64_t enabled, backtrack, sleep, no_resume, kept;
	uint64_t required[REQUIRED_MAX];
	const void *lock_owner;
	struct explored *explored;
	const void *released[RELEASED_MAX];
};

/**
 * struct summary - of a step that is done, whether races.c has to look at it closer
 * @filter: of what it touched
 * @previous: index behind the step before of the same task; 0: there is none
 * @task: that did it
 * @released: it released a lock
 * @anything: it depends on every other step
 *
 * Of each step many earlier ones are asked, of which one in ten has anything to do with
 * it: so they are in few cache lines.
 */
struct summary {
	uint64_t filter;
	uint16_t previous;
	uint8_t task;
	bool released, anything;
};

/**
 * struct task_state - what the search knows of a task
 * @clock: what happened before its next step
 * @pending, @object: what its next step begins with; SCHED_NR_WHAT: nothing was announced
 * @at_held_lock: it was run into a lock that is held, and waits there
 * @held, @nr_held: locks that it holds
 * @steps: that it did in this execution
 */
struct task_state {
	uint16_t clock[SCHED_MAX_TASKS];
	enum sched_what pending;
	const void *object;
	bool at_held_lock;
	uint8_t nr_held;
	unsigned int steps;
	const void *held[8];
};

/**
 * struct path - the current execution
 * @at: its steps
 * @summary: of each of them
 * @depth: how many there are, the current one included
 * @current: index of the step that is being done, or -1
 * @prefix: so many choices repeat those of the last execution; the last of them is
 *	another task
 * @tasks: tasks known so far
 * @runnable: set of those that were runnable at the last choice
 * @state: of the tasks
 */
struct path {
	unsigned int depth, prefix, tasks;
	int current;
	uint64_t runnable;
	struct task_state state[SCHED_MAX_TASKS];
	struct summary summary[PATH_MAX_STEPS];
	struct step at[PATH_MAX_STEPS];
};

extern struct path path;

/* whether there is a bound on preemptions: then chunks.c decides what is explored */
static inline bool is_bounded(void)
{
	return searching.o.preemptions != SEARCH_NO_BOUND;
}

/* the task of the lowest id in @set, which is not empty */
static inline unsigned int first_task(uint64_t set)
{
	return (unsigned int)__builtin_ctzll(set);
}

/* tasks that are not chosen at @s even if they are in its backtrack set */
static inline uint64_t pruned_at(const struct step *s)
{
	return s->sleep | s->no_resume;
}

/* whether @task is something that may happen, and no task */
static inline bool is_environment(unsigned int task)
{
	return __builtin_expect(sched_environments() != 0, 0) &&
	       sched_environments() & (1ull << task);
}

/* whether step @j happened before what has @clock */
static inline bool happened_before(const uint16_t *clock, unsigned int j)
{
	return clock[path.at[j].task] > j;
}

/** clock_join() - all that happened before @b, happened before @a, too */
static inline void clock_join(uint16_t *a, const uint16_t *b, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		a[i] = a[i] > b[i] ? a[i] : b[i];
}

/* ---- explored.c: the choices of earlier executions, and sleep sets ---- */

/** explored_reset() - a new search */
void explored_reset(void);

/** explored_add() - the choice at @s was explored. Status 3 when memory is full */
void explored_add(struct step *s);

/** explored_clear() - @s goes off the path */
void explored_clear(struct step *s);

/** explored_set() - set of the tasks that were chosen at @s before */
uint64_t explored_set(const struct step *s);

/** sleep_set_after() - the sleep set of the step that follows step @i */
uint64_t sleep_set_after(unsigned int i);

/* ---- task_state.c: what the scheduler's state says of the tasks ---- */

/** tasks_note_woken() - what @clock says happened before tasks that were woken or created
 *
 * Since the last choice. @clock: NULL: nothing did */
void tasks_note_woken(const uint16_t *clock);

/** tasks_note_position() - the task that ran has come to its next step */
void tasks_note_position(const struct sched_task *last);

/**
 * tasks_note_released() - find out which locks step @s took and released
 * @me: sched_lock_owner() of the locks of its task
 */
void tasks_note_released(struct step *s, const void *me);

/** tasks_join_all() - all steps so far happened before all that follow */
void tasks_join_all(void);

/** waits_for_lock() - is the next step of @t to take a lock that another one holds? */
bool waits_for_lock(const struct sched_task *t);

/** owner_waited_for() - sched_lock_owner() of the lock of waits_for_lock(), or NULL */
const void *owner_waited_for(const struct sched_task *t);

/* ---- checkpoints.c: checkpoints along the path ---- */

/** path_checkpoints_begin() - a new search */
void path_checkpoints_begin(void);

/** path_checkpoints_next() - an execution is about to begin: at the last checkpoint that
 * is on the path up to the choice that is another one */
void path_checkpoints_next(void);

/** path_checkpoints_look() - a choice is about to be made: perhaps a checkpoint is taken
 * before */
void path_checkpoints_look(void);

/** path_checkpoint() - the steps so far and the tasks are state of the execution */
struct checkpoint;
void path_checkpoint(struct checkpoint *c);

/* ---- races.c ---- */

/**
 * path_order() - compute the clock of step @i, now that it is known what it did
 *
 * Each race that it is found to be in extends backtrack sets of earlier steps.
 */
void path_order(unsigned int i);

/** path_left_out() - the races of what might have happened by now, and did not */
void path_left_out(unsigned int task, const struct sched_environment *e);

/** path_blocked() - the races of a step that waits for @lock and never gets it */
void path_blocked(unsigned int task, const void *lock);

/* ---- shard.c: which part of a search is this process's ---- */

/**
 * struct shard - the search as parts
 * @split: steps at which every enabled task is explored, so that each shard numbers the
 *	same parts; 0: the search is not split
 * @parts: parts that were reached so far
 * @numbered: this execution is in a part that has its number
 * @foreign: and that is another shard's
 */
struct shard {
	unsigned int split;
	uint64_t parts;
	bool numbered, foreign;
};

extern struct shard shard;

/** shard_begin() - a new search */
void shard_begin(void);

/** shard_next() - a new execution */
void shard_next(void);

/** shard_enter_part() - the path enters the next part. Return: it is another shard's */
bool shard_enter_part(void);

/**
 * shard_ended() - an execution that did not enter a part is counted by one shard alone
 *
 * Return: the verdict of this shard; of a foreign part the path is left.
 */
enum search_verdict shard_ended(enum search_verdict verdict);

/* ---- chunks.c: the search within a bound on preemptions ---- */

/**
 * chunks_race() - steps @j and @i are in a race
 * @task: of step @i, which may be one that was never done
 * @clock: what happened before it, @j aside
 */
void chunks_race(unsigned int j, unsigned int i, unsigned int task,
		 const uint16_t *clock);

/** chunks_released() - step @i takes a lock that step @j was the last to release */
void chunks_released(unsigned int j, unsigned int i, unsigned int task,
		     const uint16_t *clock);

/**
 * chunks_boundary() - step @i is about to be chosen for the first time
 *
 * Return: false: the chunk that has ended repeats explored orders, and so does all
 * that would follow.
 */
bool chunks_boundary(unsigned int i);

/** chunks_left() - a set with one task that has to be explored at @s, or the empty set */
uint64_t chunks_left(const struct step *s);

/** chunks_unmet() - is there a required set of @s of which no task was kept? */
bool chunks_unmet(const struct step *s);

/** chunks_end() - the execution is over: so is the last chunk */
void chunks_end(void);

#endif /* SEARCH_PATH_H */
