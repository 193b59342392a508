/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a scenario's play() and its jobs have actors do, in the order in which they said
 * so, whether or not it was done later: what a scenario is printed from.
 */
#ifndef WORLD_QUEUED_H
#define WORLD_QUEUED_H

#include <stdbool.h>

struct actor;
struct world;

#define QUEUED_MAX 512

/** enum queued_what - an entry that is no job */
enum queued_what {
	QUEUED_JOB,
	QUEUED_ACTOR,  /* was created */
	QUEUED_SET_UP, /* world_is_set_up() */
	QUEUED_ACT,    /* done at once, by the job that runs or by play() */
};

/**
 * struct queued - one entry
 * @actor: that is to do it; QUEUED_ACT: whom it is done to
 * @kind, @arg: of the job or step (world/steps.h)
 * @nr: its number
 * @by: number of the job of kind STEP_OWN that said so; -1: play()
 * @ran: QUEUED_JOB of kind STEP_OWN: it was reached
 */
struct queued {
	enum queued_what what;
	struct actor *actor;
	unsigned int kind, nr;
	void *arg;
	int by;
	bool ran;
};

/**
 * queued_watch() - note them in the executions that follow
 * @note: is called with each as it is noted; NULL: no more of them; those of the last
 *	execution can still be read
 */
void queued_watch(void (*note)(const struct queued *q));

/** queued_nr() - entry number @nr; NULL: there are no more */
const struct queued *queued_nr(unsigned int nr);

/** queued_lost() - there were more than QUEUED_MAX */
bool queued_lost(void);

#endif /* WORLD_QUEUED_H */
