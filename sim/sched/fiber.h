/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fibers: stacks at fixed addresses with a guard page below each, and the switch
 * between them. For sim/sched alone.
 */
#ifndef SCHED_FIBER_H
#define SCHED_FIBER_H

#include "sched/sched.h"

/** fiber_map_stacks() - reserve all stacks; once per process, status 3 on failure */
void fiber_map_stacks(void);

/** fiber_stacks() - the memory that all stacks are in */
const void *fiber_stacks(size_t *len);

/** fiber_stacks_have() - are @len bytes at @p on one of the stacks, not in a guard? */
bool fiber_stacks_have(const void *p, size_t len);

/** fiber_prepare() - make slot @nr start in @entry when switched to first */
void fiber_prepare(struct fiber *f, unsigned int nr, void (*entry)(void));

/**
 * fiber_clear() - zero what was used of the stack, so that an uninitialised
 * variable of the next execution reads the same as in a fresh process
 */
void fiber_clear(struct fiber *f);

/**
 * fiber_jump() - leave @from, continue @to
 * @dying: @from is never continued
 */
void fiber_jump(struct fiber *from, struct fiber *to, bool dying);

/**
 * fiber_checkpoint() - what is used of stack @nr is state
 * @f: its fiber in the checkpoint, or NULL: it has none; of one that is put back it was
 *	read before
 * @now: the fiber that uses it at this moment, or NULL
 */
struct checkpoint;
void fiber_checkpoint(struct checkpoint *c, unsigned int nr, const struct fiber *f,
		      const struct fiber *now);

/** fiber_overflows() - is @p in the guard below its stack? */
bool fiber_overflows(const struct fiber *f, const void *p);

/** fiber_lend() - make stack of a part of the guard, until fiber_clear() */
void fiber_lend(struct fiber *f);

/** fiber_used() - the part of its stack that was, at its deepest switch so far */
void fiber_used(const struct fiber *f, uintptr_t *from, uintptr_t *to);

/** fiber_settle() - undo fiber_lend() */
void fiber_settle(struct fiber *f);

/** fiber_has() - is @p on its stack? */
bool fiber_has(const struct fiber *f, const void *p);

/**
 * fiber_look() - call @fn with the caller's registers at @sp, as those of a parked
 * fiber are
 */
void fiber_look(void (*fn)(const void *sp, void *arg), void *arg);

/** fiber_end() - first byte behind the stack */
const char *fiber_end(const struct fiber *f);

/** fiber_entered() - first thing on a new stack */
void fiber_entered(void);

#endif /* SCHED_FIBER_H */
