/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphores. Read by kernel code too: builtin types only.
 */
#ifndef SHIM_RWSEM_H
#define SHIM_RWSEM_H

#include "shim/lock.h"

/**
 * struct shim_rwsem - what struct rw_semaphore is made of
 * @lock: a writer has it while it writes, a reader while it comes in
 * @readers: that are inside. The lock-order detector does not see what they hold
 */
struct shim_rwsem {
	struct shim_lock lock;
	unsigned int readers;
};

/*
 * [down_read, up_read, down_write, up_write and the like]: they may sleep, and each of
 * them is a scheduling point. The trylocks return 1 if they got it.
 */
void shim_down_read(struct shim_rwsem *sem, const struct sched_site *site);
int shim_down_read_trylock(struct shim_rwsem *sem, const struct sched_site *site);
void shim_up_read(struct shim_rwsem *sem, const struct sched_site *site);
void shim_down_write(struct shim_rwsem *sem, const struct sched_site *site);
int shim_down_write_trylock(struct shim_rwsem *sem, const struct sched_site *site);
void shim_up_write(struct shim_rwsem *sem, const struct sched_site *site);

#endif /* SHIM_RWSEM_H */
