/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for mutex.h. Model: shim/lock.h.
 */
#ifndef SHIM_LINUX_MUTEX_H
#define SHIM_LINUX_MUTEX_H

#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/spinlock.h>

struct mutex {
	struct shim_lock lock;
};

#define DEFINE_MUTEX(name) \
	struct mutex name = { .lock = SHIM_LOCK_INIT(shim_static_class(#name)) }
#define mutex_init(m)	 shim_lock_init(&(m)->lock, shim_lock_class(#m))
#define mutex_destroy(m) ((void)(m))
#define mutex_lock(m)	 shim_mutex_lock(&(m)->lock, SCHED_SITE(#m))
#define mutex_lock_nested(m, subclass) \
	shim_mutex_lock_nested(&(m)->lock, subclass, SCHED_SITE(#m))
#define mutex_trylock(m)   shim_mutex_trylock(&(m)->lock, SCHED_SITE(#m))
#define mutex_unlock(m)	   shim_mutex_unlock(&(m)->lock, SCHED_SITE(#m))
#define mutex_is_locked(m) ((m)->lock.owner != NULL)

typedef struct shim_guard class_mutex_t;

static inline struct shim_guard shim_guard_mutex(struct mutex *m,
						 const struct sched_site *site)
{
	shim_mutex_lock(&m->lock, site);
	return (struct shim_guard){ &m->lock, site };
}

static inline void class_mutex_destructor(class_mutex_t *g)
{
	if (g->lock)
		shim_mutex_unlock(g->lock, g->site);
}

#define class_mutex_constructor(m) shim_guard_mutex(m, SCHED_SITE(#m))

#endif /* SHIM_LINUX_MUTEX_H */
