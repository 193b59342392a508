/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checkpoints: the state of an execution, kept so that another one can begin there.
 *
 * What an execution changes is static memory, memory at fixed addresses and the stacks of
 * its tasks, so a copy of the bytes is the state. Each module that has some says which,
 * by one function for both directions: beside its function that begins an execution
 * (sched_reset(), shim_heap_reset()) it has one for checkpoints (sched_checkpoint(),
 * shim_heap_checkpoint()). What such a function names is copied away when a checkpoint is
 * taken, and back when it is put back, in the same order.
 *
 * Checkpoints are nested: each is of a later moment of the same execution than the one
 * before, and dropped before it. Their memory is static; no system call is made.
 */
#ifndef SCHED_CHECKPOINT_H
#define SCHED_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CHECKPOINTS_MAX 4
#define CHECKPOINT_LINE 64u

/**
 * struct checkpoint - one that is being taken or put back
 * @at, @end: what is left of its copy
 * @back: it is put back
 * @full: its copy had no room: it is not taken
 */
struct checkpoint {
	unsigned char *at, *end;
	bool back, full;
};

/* for the inline function: a copy is as aligned as anything it is of */
static inline size_t checkpoint_room(size_t len)
{
	return (len + 15) & ~(size_t)15;
}

/** checkpoint_bytes() - @len bytes at @p are state */
static inline void checkpoint_bytes(struct checkpoint *c, void *p, size_t len)
{
	const size_t room = checkpoint_room(len);

	if (!len)
		return;
	if (c->back) {
		memcpy(p, c->at, len);
	} else if (__builtin_expect(c->full || room > (size_t)(c->end - c->at), 0)) {
		c->full = true;
		return;
	} else {
		memcpy(c->at, p, len);
	}
	c->at += room;
}

/** checkpoint_value() - a variable is state */
#define checkpoint_value(c, x) checkpoint_bytes(c, (void *)(uintptr_t) & (x), sizeof(x))

/**
 * checkpoint_table() - of a table only what is in use is state, and the rest is zero
 * @base: the table
 * @used: bytes from its beginning that are in use in the checkpoint: if that is put back,
 *	this was read from it before
 * @now: bytes in use at this moment
 */
void checkpoint_table(struct checkpoint *c, void *base, size_t used, size_t now);

/**
 * checkpoint_lines() - as checkpoint_table(), of memory that is zero, or filled with one
 * value, for the most part
 * @base: aligned to %CHECKPOINT_LINE; so are the lengths
 */
void checkpoint_lines(struct checkpoint *c, void *base, size_t used, size_t now);

/**
 * checkpoint_begin() - checkpoints may be taken from now on
 * @visit: calls the functions of all modules that have state, in a fixed order
 */
void checkpoint_begin(void (*visit)(struct checkpoint *c));

/** checkpoint_end() - drop all, and take no more until checkpoint_begin() */
void checkpoint_end(void);

/** checkpoint_possible() - between checkpoint_begin() and checkpoint_end() */
bool checkpoint_possible(void);

/**
 * checkpoint_take() - keep the state as it is
 *
 * Context: the main context, no task running: see sched_park() for one that is.
 *
 * Return: false: there are %CHECKPOINTS_MAX, or no room is left.
 */
bool checkpoint_take(void);

/** checkpoint_nr() - how many there are */
unsigned int checkpoint_nr(void);

/** checkpoint_taken() - how many were taken so far */
unsigned long checkpoint_taken(void);

/** checkpoint_drop() - drop all but the first @nr */
void checkpoint_drop(unsigned int nr);

/**
 * checkpoint_put_back() - the state is that of the last one
 *
 * If that was taken by sched_park(), sched_run() goes on with the task that called it.
 *
 * Context: the main context, between executions.
 */
void checkpoint_put_back(void);

#endif /* SCHED_CHECKPOINT_H */
