/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for rwsem.h. Model: shim/rwsem.h.
 */
#ifndef SHIM_LINUX_RWSEM_H
#define SHIM_LINUX_RWSEM_H

#include <linux/cleanup.h>
#include <linux/mutex.h>

#include "shim/rwsem.h"

struct rw_semaphore {
	struct shim_rwsem sem;
};

#define init_rwsem(s) \
	((s)->sem.readers = 0, shim_lock_init(&(s)->sem.lock, shim_lock_class(#s)))
#define down_write(s)	      shim_down_write(&(s)->sem, SCHED_SITE(#s))
#define down_write_trylock(s) shim_down_write_trylock(&(s)->sem, SCHED_SITE(#s))
#define up_write(s)	      shim_up_write(&(s)->sem, SCHED_SITE(#s))
#define down_read(s)	      shim_down_read(&(s)->sem, SCHED_SITE(#s))
#define down_read_trylock(s)  shim_down_read_trylock(&(s)->sem, SCHED_SITE(#s))
#define up_read(s)	      shim_up_read(&(s)->sem, SCHED_SITE(#s))

/* scoped_guard(rwsem_read, ...) */
struct shim_rwsem_guard {
	struct shim_rwsem *lock;
	const struct sched_site *site;
};

typedef struct shim_rwsem_guard class_rwsem_read_t;

static inline struct shim_rwsem_guard shim_guard_rwsem_read(struct rw_semaphore *s,
							    const struct sched_site *site)
{
	shim_down_read(&s->sem, site);
	return (struct shim_rwsem_guard){ &s->sem, site };
}

static inline void class_rwsem_read_destructor(class_rwsem_read_t *g)
{
	if (g->lock)
		shim_up_read(g->lock, g->site);
}

#define class_rwsem_read_constructor(s) shim_guard_rwsem_read(s, SCHED_SITE(#s))

#endif /* SHIM_LINUX_RWSEM_H */
