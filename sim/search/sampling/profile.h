/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A profile of a program, counted in a fixed number of random executions that depend on
 * the program and the points alone: which objects several tasks touch, how often each
 * task does, and which places in the code have conflicted. Every shard, every process
 * and every later search learns the same.
 *
 *	profile_begin(mask);
 *	while (profile_next()) {
 *		... reset, spawn tasks ...
 *		sched_run(profile_strategy());
 *		profile_ended();
 *	}
 *
 * Objects are told apart by their addresses, which are the same in two executions that
 * made the same choices, and are numbered in the order in which they were touched first.
 * No order is taken from an address. Its memory is static.
 */
#ifndef SEARCH_PROFILE_H
#define SEARCH_PROFILE_H

#include "sched/sched.h"

/* each costs about as much as an execution of the search */
#define PROFILE_EXECUTIONS 64
/* what is beyond is not learnt */
#define PROFILE_OBJECTS 1024

/*
 * Number of an object that all steps touch whose beginning was not announced: those of a
 * task that starts, or that goes on after it waited. What they do is not known.
 */
#define PROFILE_UNANNOUNCED (~0ull)

/** profile_begin() - forget what was learnt, and learn at the points in @mask */
void profile_begin(unsigned int mask);

/** profile_next() - prepare an execution. Return: false when it is learnt */
bool profile_next(void);

/** profile_strategy() - for sched_run() */
const struct sched_strategy *profile_strategy(void);

/** profile_ended() - the execution is over. Call it once after each profile_next() */
void profile_ended(void);

/** profile_forget() - nothing is known */
void profile_forget(void);

/** profile_slot() - the number of a task in the profile: without what may happen */
unsigned int profile_slot(unsigned int task);

/** profile_tasks() - tasks of the execution that had most of them */
unsigned int profile_tasks(void);

/** profile_parent() - slot of the task that created that one; itself: it was there */
unsigned int profile_parent(unsigned int slot);

/**
 * profile_shared() - number of interesting objects: which two tasks touched in one
 * execution, one of them changing it
 */
unsigned int profile_shared(void);

/**
 * profile_shared_nr() - number of an interesting object, from 0
 * @object: access_object() of it, or PROFILE_UNANNOUNCED
 *
 * Return: the number; profile_shared(): it is none.
 */
unsigned int profile_shared_nr(uint64_t object);

/**
 * profile_touches() - how often the task of @slot began a step with interesting object
 * @nr, in all %PROFILE_EXECUTIONS together
 */
unsigned int profile_touches(unsigned int nr, unsigned int slot);

/** enum profile_place - what is known of a place in the code */
enum profile_place {
	PROFILE_UNKNOWN, /* no task came there */
	PROFILE_ALONE,	 /* no step from there has conflicted with another task's */
	PROFILE_CONFLICTS,
};

/** profile_place() - of @site, at the points of the profile */
enum profile_place profile_place(const struct sched_site *site);

#endif /* SEARCH_PROFILE_H */
