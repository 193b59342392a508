/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for lockdep.h: assertions about who holds a lock. Model. Classes given by
 * hand are a stub: the simulator's classes are places, which is what they refine.
 */
#ifndef SHIM_LINUX_LOCKDEP_H
#define SHIM_LINUX_LOCKDEP_H

#include <linux/bug.h>

#include "shim/lock.h"

struct lock_class_key {
	char unused;
};

#define lockdep_is_held(l)		shim_lock_held(&(l)->lock)
#define lockdep_assert_held(l) \
	shim_lockdep_assert(&(l)->lock, 1, SCHED_SITE(#l))
#define lockdep_assert_not_held(l) \
	shim_lockdep_assert(&(l)->lock, 0, SCHED_SITE(#l))
#define lockdep_assert_held_once(l)	lockdep_assert_held(l)
#define lockdep_assert(cond)		((void)WARN_ON(!(cond)))
#define lockdep_set_class(l, key)	((void)(l), (void)(key))
#define lockdep_set_novalidate_class(l)	((void)(l))
#define might_lock(l)			((void)(l))

#endif /* SHIM_LINUX_LOCKDEP_H */
