/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of a scenario: which actor began which job, in which order, with which
 * result. On demand one at a time: no job begins before every other task is at rest or
 * waits, so that the outcome depends on the order of the steps only.
 */
#ifndef WORLD_STEPS_H
#define WORLD_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct actor;

#define STEPS_MAX 512

/** enum step_kind - what a job does, if a program on a real kernel can do it, too */
enum step_kind {
	STEP_OWN, /* a function of the scenario: what it queues is a step */
	STEP_OPEN_RING,
	STEP_CLOSE_RING,
	STEP_SLEEP,
	STEP_EXIT,
	STEP_KILL,
	STEP_SIGNAL,
	STEP_DRIVER, /* the driver's kinds begin here */
};

/**
 * struct step - one of them
 * @actor: task that did it; STEP_KILL, STEP_SIGNAL: the target
 * @kind: enum step_kind, or the driver's
 * @nr: its number; the driver may have a record of that number
 * @setup: before world_is_set_up()
 * @returned: the job has ended
 * @sleep: STEP_SLEEP: jiffies
 */
struct step {
	struct actor *actor;
	unsigned int kind, nr;
	bool setup, returned;
	unsigned long sleep;
};

/**
 * struct steps_choice - a point at which more than one actor could begin a job
 * @can: bit set of actors, by their number
 * @took: the one that did
 */
struct steps_choice {
	uint32_t can;
	uint8_t took;
};

/** steps_watch() - note the steps of the executions that follow; or no more */
void steps_watch(bool on);

/**
 * steps_one_at_a_time() - in the next execution; also notes them
 * @order: numbers of actors: the one that begins a job next, if it can; else, and
 *	beyond @nr, the one with the lowest number that can
 *
 * The strategy's idle function calls steps_go_on().
 */
void steps_one_at_a_time(const uint8_t *order, unsigned int nr);

/** steps_go_on() - all tasks rest or wait: let one begin. Return: false: none can */
bool steps_go_on(void);

/** steps_freeze() - the scenario is over: note the result of each step, once */
void steps_freeze(void);

/** steps_reports() - what was reported before the world began to close */
size_t steps_reports(void);

/** steps_taken() - Return: how many; @lost: there were more than STEPS_MAX */
unsigned int steps_taken(const struct step **steps, bool *lost);

/** steps_choices() - of the last execution, one for each step that began */
unsigned int steps_choices(const struct steps_choice **choices);

/** steps_actor() - number of an actor, in the order of their creation */
unsigned int steps_actor(const struct actor *a);

/** struct steps_info - an actor as a program has it: a process, or a thread of the server
 */
struct steps_info {
	const char *name;
	bool server;
	unsigned int cpu, ring_flags;
};

/** steps_info() - Return: false: there are less actors than that. Actors live on until
 *  the next world opens
 */
bool steps_info(unsigned int nr, struct steps_info *info);

#endif /* WORLD_STEPS_H */
