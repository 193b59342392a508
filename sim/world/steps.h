/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of a story: which actor began which job, in which order, and what came of
 * it. On demand one at a time: nobody begins a job before everybody else has come to
 * rest or waits, so that the order is all that decides.
 */
#ifndef WORLD_STEPS_H
#define WORLD_STEPS_H

#include "world/world.h"

#define STEPS_MAX 512

/** enum step_kind - what a job does, as far as somebody outside can do it, too */
enum step_kind {
	STEP_OWN, /* a function of the scenario: what it queues is a step */
	STEP_CALL,
	STEP_FORGET,
	STEP_UMOUNT,
	STEP_ABORT,
	STEP_MAX_BACKGROUND,
	STEP_INIT, /* FUSE_INIT is answered */
	STEP_OPEN_RING,
	STEP_TABLE,  /* buffers are registered, or unregistered */
	STEP_SUBMIT, /* REGISTER, ADD_QUEUE, ADD_BUFPOOL */
	STEP_TAKE,
	STEP_ANSWER,
	STEP_SERVE,
	STEP_SERVE_N,
	STEP_DRAIN,
	STEP_CLOSE_RING,
	STEP_DEV, /* read(2), write(2) or open(2) of /dev/fuse */
	STEP_CLOSE_DEV,
	STEP_UNMAP,
	STEP_SLEEP,
	STEP_EXIT,
	STEP_KILL,
	STEP_SIGNAL,
};

/**
 * struct step - one of them
 * @actor: who did it; STEP_KILL, STEP_SIGNAL: whom it was done to
 * @kind: what
 * @setup: before world_story_begins()
 * @returned: the job has ended
 * @call, @submit, @delivery: what it is about; NULL: not of that kind
 * @missing: STEP_SUBMIT: bytes that the payload is too short
 * @requests: STEP_SERVE_N: how many to answer
 * @duration: STEP_SLEEP: in jiffies
 * @max_background: STEP_MAX_BACKGROUND: what it is set to
 * @usual: STEP_SUBMIT: with the fields of register_default() and the like, but for
 *	@missing;	STEP_ANSWER: as the file system answers, or with another error
 * @answer: STEP_ANSWER: what was answered
 *
 * When steps_freeze() was called:
 * @done: @call has ended, @submit is completed, @delivery has arrived
 * @ret: the call's result, the completion's, that of the delivery
 */
struct step {
	struct actor *actor;
	enum step_kind kind;
	bool setup, returned, usual, done;
	const struct call *call;
	const struct submit *submit;
	const struct delivery *delivery;
	union {
		long missing, requests, duration, max_background;
	};
	long ret;
	struct answer answer;
};

/**
 * struct steps_choice - where more than one actor could have begun a job
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
 * @order: numbers of actors: who begins a job next, as far as he can; after its end,
 *	and beyond @nr, whoever has the lowest number
 *
 * The strategy's idle function calls steps_go_on().
 */
void steps_one_at_a_time(const uint8_t *order, unsigned int nr);

/** steps_go_on() - everybody rests or waits: let one begin. Return: false: nobody can */
bool steps_go_on(void);

/** steps_freeze() - the story is over: note what came of each step, once */
void steps_freeze(void);

/** steps_reports() - what was reported before the world began to close */
size_t steps_reports(void);

/** steps_taken() - Return: how many; @lost: there were more than STEPS_MAX */
unsigned int steps_taken(const struct step **steps, bool *lost);

/** steps_choices() - of the last execution, one for each step that began */
unsigned int steps_choices(const struct steps_choice **choices);

/** steps_actor() - number of an actor, in the order of their creation */
unsigned int steps_actor(const struct actor *a);

/** struct steps_who - what an actor is, outside: a process, or a thread of the server */
struct steps_who {
	const char *name;
	bool server;
	unsigned int cpu, ring_flags;
};

/** steps_who() - Return: false: there are less actors than that. Actors live on until
 *  the next world opens
 */
bool steps_who(unsigned int nr, struct steps_who *who);

#endif /* WORLD_STEPS_H */
