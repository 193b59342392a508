/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the headers announce a marked access or an atomic before they do it. Not a
 * kernel header: the bridge from its inline code to the runtime.
 *
 * The call is made only when somebody watches that kind of step. In subjects built
 * with hooks (-DSHIM_HOOKED) it is always made: the race detector needs the order
 * that atomics and marked accesses give.
 */
#ifndef SHIM_URINGSIM_POINTS_H
#define SHIM_URINGSIM_POINTS_H

#include "detect/race.h"
#include "sched/sched.h"
#include "shim/lock.h"
#include "shim/log.h"

#ifdef SHIM_HOOKED
#define shim_watched(what) 1
#define SHIM_ORDERS	   1
#else
#define shim_watched(what) __builtin_expect(sched_armed() & SCHED_BIT(what), 0)
#define SHIM_ORDERS	   0
#endif

#define shim_mark(what, fn, addr, text)             \
	do {                                        \
		if (shim_watched(what))             \
			fn(addr, SCHED_SITE(text)); \
	} while (0)

#define shim_mark_atomic(addr, text) \
	shim_mark(SCHED_ATOMIC, shim_atomic_point, addr, text)
#define shim_mark_read(addr, text)  shim_mark(SCHED_READ, shim_read_point, addr, text)
#define shim_mark_write(addr, text) shim_mark(SCHED_WRITE, shim_write_point, addr, text)

/*
 * What an access orders, for the race detector: said after the access, since what
 * is released is all that was done up to it, itself included. Nobody else runs in
 * between. Nothing in a subject without hooks.
 */
#define shim_order(call)             \
	do {                         \
		if (SHIM_ORDERS)     \
			race_##call; \
	} while (0)
#define shim_fence()                         \
	do {                                 \
		barrier();                   \
		shim_order(fence_acquire()); \
		shim_order(fence_release()); \
	} while (0)

/* a pointer that is read is mostly followed: see READ_ONCE() */
#define shim_is_pointer(x) (__builtin_classify_type(x) == 5)

/* an access that the hooks can tell from a plain one */
#define shim_volatile(lvalue) (*(volatile __typeof__(lvalue) *)&(lvalue))

static inline void shim_ignore(int nothing, ...)
{
	(void)nothing;
}

/*
 * The value of a function that is not modelled: the execution ends with its
 * name. The arguments are evaluated, so that their variables count as used.
 */
#define SHIM_UNMODELLED(type, name, ...)                 \
	({                                               \
		shim_ignore(0, ##__VA_ARGS__);           \
		shim_unmodelled(name, SCHED_SITE(NULL)); \
		(type)0;                                 \
	})

#endif /* SHIM_URINGSIM_POINTS_H */
