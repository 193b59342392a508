/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for rwsem.h. Model of writers alone, which exclude each other as owners of
 * a mutex do; readers are not modelled.
 */
#ifndef SHIM_LINUX_RWSEM_H
#define SHIM_LINUX_RWSEM_H

#include <linux/mutex.h>

struct rw_semaphore {
	struct shim_lock lock;
};

#define init_rwsem(s)	      shim_lock_init(&(s)->lock, shim_lock_class(#s))
#define down_write(s)	      shim_mutex_lock(&(s)->lock, SCHED_SITE(#s))
#define down_write_trylock(s) shim_mutex_trylock(&(s)->lock, SCHED_SITE(#s))
#define up_write(s)	      shim_mutex_unlock(&(s)->lock, SCHED_SITE(#s))
#define down_read(s)	      SHIM_UNMODELLED(void, "down_read", s)
#define down_read_trylock(s)  SHIM_UNMODELLED(int, "down_read_trylock", s)
#define up_read(s)	      SHIM_UNMODELLED(void, "up_read", s)

#endif /* SHIM_LINUX_RWSEM_H */
