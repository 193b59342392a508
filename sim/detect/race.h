/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The race detector: two accesses of the same bytes by different tasks, of which
 * one is plain and one a write, and nothing orders them (vector clocks). It knows
 * tasks, addresses and orderings, nothing of kernels: whoever models a primitive
 * tells it what that orders.
 */
#ifndef DETECT_RACE_H
#define DETECT_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/site.h"

/** race_reset() - a new execution: nothing has been accessed. No system call */
void race_reset(void);

/** race_enable() - whether the functions below do anything; off at first */
void race_enable(bool on);

/**
 * race_access() - the current task (sched_current) is about to access memory
 * @p, @len: bytes; any length
 * @write: or read
 * @marked: not plain: READ_ONCE, WRITE_ONCE, atomics
 * @pc: code address or NULL; @site: if there is one, instead
 *
 * Reports (race) each pair of places once per execution.
 */
void race_access(const void *p, size_t len, bool write, bool marked, const void *pc,
		 const struct sched_site *site);

/** race_freed() - as a plain write by the current task, then forget the bytes */
void race_freed(const void *p, size_t len, const struct sched_site *site);

/** race_fresh() - memory that nobody has seen: forget the bytes */
void race_fresh(const void *p, size_t len);

/* What orders accesses; @object is any address that the two sides agree on. */

/** race_acquire() - the current task has seen what was released to @object */
void race_acquire(const void *object);
/** race_release() - who acquires @object sees all that the current task did */
void race_release(const void *object);
/** race_fence_acquire() - earlier marked reads were acquires [smp_rmb] */
void race_fence_acquire(void);
/** race_fence_release() - later marked writes will be releases [smp_wmb] */
void race_fence_release(void);
/** race_marked_read(), race_marked_write() - for the two fences; order nothing alone */
void race_marked_read(const void *object);
void race_marked_write(const void *object);

#endif /* DETECT_RACE_H */
