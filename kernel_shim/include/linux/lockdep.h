/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for lockdep.h: assertions about who holds a lock, and classes of locks
 * that are given by hand. Model: shim/lock.h, sim/detect/lock_order.h.
 */
#ifndef SHIM_LINUX_LOCKDEP_H
#define SHIM_LINUX_LOCKDEP_H

#include <linux/bug.h>

#include "shim/lock.h"

struct lock_class_key {
	struct shim_lock_class class;
};

#define lockdep_is_held(l)	    shim_lock_held(&(l)->lock)
#define lockdep_assert_held(l)	    shim_lockdep_assert(&(l)->lock, 1, SCHED_SITE(#l))
#define lockdep_assert_not_held(l)  shim_lockdep_assert(&(l)->lock, 0, SCHED_SITE(#l))
#define lockdep_assert_held_once(l) lockdep_assert_held(l)
#define lockdep_assert(cond)	    ((void)WARN_ON(!(cond)))
#define lockdep_set_class_and_name(l, key, text) \
	do {                                     \
		(key)->class.name = (text);      \
		(l)->lock.class = &(key)->class; \
	} while (0)
#define lockdep_set_class(l, key)	lockdep_set_class_and_name(l, key, #key)
#define lockdep_set_novalidate_class(l) ((void)((l)->lock.class = &shim_lock_novalidate))
#define might_lock(l)			((void)(l))

#endif /* SHIM_LINUX_LOCKDEP_H */
