// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reader-writer semaphores [kernel/locking/rwsem.c]. Kind: model. A writer keeps the
 * mutex until it is done and waits for the readers that are there; who comes while a
 * writer waits stands behind it, as it does where optimistic spinning is left out.
 */
#include "detect/race.h"
#include "runtime.h"
#include "shim/lock.h"
#include "shim/rwsem.h"

void shim_down_read(struct shim_rwsem *sem, const struct sched_site *site)
{
	shim_mutex_lock(&sem->lock, site);
	sem->readers++;
	shim_mutex_unlock(&sem->lock, site);
}

int shim_down_read_trylock(struct shim_rwsem *sem, const struct sched_site *site)
{
	if (!shim_mutex_trylock(&sem->lock, site))
		return 0;
	sem->readers++;
	shim_mutex_unlock(&sem->lock, site);
	return 1;
}

void shim_up_read(struct shim_rwsem *sem, const struct sched_site *site)
{
	sched_point(SCHED_ATOMIC, &sem->readers, site);
	race_release(&sem->readers);
	if (!--sem->readers)
		sched_wake_on(&sem->readers);
}

void shim_down_write(struct shim_rwsem *sem, const struct sched_site *site)
{
	shim_mutex_lock(&sem->lock, site);
	while (sched_touch(&sem->readers, false), sem->readers)
		sched_block(&sem->readers, shim_lock_name(&sem->lock), site);
	race_acquire(&sem->readers);
}

int shim_down_write_trylock(struct shim_rwsem *sem, const struct sched_site *site)
{
	if (!shim_mutex_trylock(&sem->lock, site))
		return 0;
	sched_touch(&sem->readers, false);
	if (!sem->readers) {
		race_acquire(&sem->readers);
		return 1;
	}
	shim_mutex_unlock(&sem->lock, site);
	return 0;
}

void shim_up_write(struct shim_rwsem *sem, const struct sched_site *site)
{
	shim_mutex_unlock(&sem->lock, site);
}
