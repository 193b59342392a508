/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for spinlock_types.h.
 */
#ifndef SHIM_LINUX_SPINLOCK_TYPES_H
#define SHIM_LINUX_SPINLOCK_TYPES_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "shim/lock.h"

typedef struct spinlock {
	struct shim_lock lock;
} spinlock_t;

/* a class is one place of initialisation, as lockdep has it */
#define shim_lock_class(text)                                                   \
	({                                                                      \
		static const struct shim_lock_class class__ = { .name = text }; \
                                                                                \
		&class__;                                                       \
	})
#define shim_static_class(text) (&(const struct shim_lock_class){ .name = text })

#define __SPIN_LOCK_UNLOCKED(name)                               \
	{                                                        \
		.lock = SHIM_LOCK_INIT(shim_static_class(#name)) \
	}
#define DEFINE_SPINLOCK(name) spinlock_t name = __SPIN_LOCK_UNLOCKED(name)

#endif /* SHIM_LINUX_SPINLOCK_TYPES_H */
