/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether clients got in an execution what they get when the same calls are answered the
 * other way (world/difference.h, docs/difference.md).
 */
#ifndef ENGINE_DIFFERENCE_H
#define ENGINE_DIFFERENCE_H

#include "engine/player.h"
#include "world/difference.h"

/**
 * struct difference_tally - so far
 * @calls: in all executions; @compared: of these
 * @left_out: the others, by reason
 * @worlds: played the other way
 */
struct difference_tally {
	uint64_t calls, compared, left_out[DISTURBED_NR], worlds;
};

/**
 * difference_begin() - a search: what is new is looked at the other way 32 times, what
 * differs 512 times, and both once more for every 16 executions; the tally begins again
 */
void difference_begin(void);
/** difference_end() - from now on whatever is new is looked at */
void difference_end(void);

/**
 * difference_look_freely() - whatever is new is looked at, or, as before, as much of it
 * as a search may: of a failure that is to come again every execution has to be judged
 */
void difference_look_freely(bool freely);

/**
 * difference_learns() - executions are made to learn something, until that is over: they
 * are no part of a search, each process of which makes them, and are not looked at
 */
void difference_learns(bool learns);

/** difference_note() - a scenario is over and its world not closed */
void difference_note(const struct player *p, struct world *w);

/**
 * difference_judge() - compare what was noted last, and report what differs
 *
 * What is not known yet is played the other way in a process of its own: this one stays
 * as the execution has left it.
 * Context: the main context, not in shim_guard().
 */
void difference_judge(const struct player *p);

const struct difference_tally *difference_tally(void);

/** difference_add() - @more is another process's */
void difference_add(struct difference_tally *sum, const struct difference_tally *more);

#endif /* ENGINE_DIFFERENCE_H */
