/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an execution has covered, as a set of numbers, for a generator of scenarios that
 * looks for what none did before: two accesses of a task one after the other (edges), a
 * write and a read of it by another task, and whatever a driver tells.
 *
 * Numbers depend on the code and what it did alone, not on where it was loaded.
 */
#ifndef SHIM_COVER_H
#define SHIM_COVER_H

#include <stdbool.h>

#include "shim/hook.h"

/** COVER_MAX - numbers of one execution; what comes later is not kept */
#define COVER_MAX 8192

/** enum cover_kind - of a number */
enum cover_kind {
	COVER_EDGE = 1, /* two places, one after the other in a task */
	COVER_PAIR,	/* a write, and a read of it by another task */
	COVER_STATE,	/* a driver's */
};

/* set by hook_watch(): hooks look away while a driver looks on */
extern unsigned char cover_wanted;

/** cover_on() - whether anybody asks */
static inline int cover_on(void)
{
	return __builtin_expect(cover_wanted, 0);
}

/**
 * cover_base() - an address in the subject, from which places in it are counted
 *
 * Context: between executions.
 */
void cover_base(const void *address);

/**
 * cover_state() - something that a driver distinguishes has come about
 * @state: what
 * @site: where, or NULL
 */
void cover_state_slow(__UINT64_TYPE__ state, const struct sched_site *site);

static inline void cover_state(__UINT64_TYPE__ state, const struct sched_site *site)
{
	if (cover_on())
		cover_state_slow(state, site);
}

/**
 * cover_list() - of the last execution; a few may be there twice
 *
 * Return: how many; @list: set to them
 */
unsigned int cover_list(const __UINT64_TYPE__ **list);

/** cover_has() - whether the last execution has @number */
bool cover_has(__UINT64_TYPE__ number);

/** cover_kind() - what a number stands for */
static inline enum cover_kind cover_kind(__UINT64_TYPE__ number)
{
	return (enum cover_kind)(number >> 62);
}

#endif /* SHIM_COVER_H */
