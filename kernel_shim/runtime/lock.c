// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks and mutexes [kernel/locking/]. Kind: model.
 *
 * A spinlock that is taken is waited for by blocking: a fiber that spins would
 * only ask the scheduler the same question again. What lockdep would say about
 * one execution (recursion, unlock by another, sleeping while atomic) is said.
 */
#include <string.h>

#include "detect/report.h"
#include "runtime.h"
#include "shim/lock.h"

const char *shim_lock_name(const struct shim_lock *lock)
{
	const char *name = lock->class ? lock->class->name : NULL;

	if (!name)
		return "a lock without a class";
	return *name == '&' ? name + 1 : name;
}

const char *shim_lock_class_of(const void *lock)
{
	const struct shim_lock *l = lock;

	return l->magic == SHIM_LOCK_MAGIC ? shim_lock_name(l) : "?";
}

void shim_lock_init(struct shim_lock *lock, const struct shim_lock_class *class)
{
	*lock = (struct shim_lock)SHIM_LOCK_INIT(class);
}

/* freed memory, or never initialised: going on would follow a wild owner */
static void check_magic(const struct shim_lock *lock, const struct sched_site *site)
{
	if (likely(lock->magic == SHIM_LOCK_MAGIC))
		return;
	if (lock->magic == 0x6b6b6b6bu)
		report_fatal(REPORT_HEAP, site, "use after free: lock %s is in freed memory",
			     site->expr ? site->expr : "");
	else
		report_fatal(REPORT_KERNEL, site, "lock %s was never initialised",
			     site->expr ? site->expr : "");
}

/* the slow way: somebody watches, somebody holds it, or it is no lock */
static __attribute__((noinline)) void acquire_slowly(struct shim_lock *lock,
						     const struct sched_site *site)
{
	struct task_struct *me = current_task();

	sched_point(SCHED_LOCK, lock, site);
	check_magic(lock, site);
	while (lock->owner) {
		if (lock->owner == me)
			report_fatal(REPORT_LOCK, site,
				     "recursion: %s is held by this task already, taken in %s:%d (%s)",
				     shim_lock_name(lock), lock->taken_at->file,
				     lock->taken_at->line, lock->taken_at->func);
		lock->waiters++;
		sched_block(lock, shim_lock_name(lock), site);
		check_magic(lock, site);
		lock->waiters--;
	}
	lock->owner = me;
	lock->taken_at = site;
}

static inline void acquire(struct shim_lock *lock, struct task_struct *me,
			   const struct sched_site *site)
{
	if (likely(!(sched_armed & SCHED_BIT(SCHED_LOCK)) && lock->magic == SHIM_LOCK_MAGIC &&
		   !lock->owner)) {
		lock->owner = me;
		lock->taken_at = site;
		return;
	}
	acquire_slowly(lock, site);
}

static int try_acquire(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = current_task();

	sched_point(SCHED_LOCK, lock, site);
	check_magic(lock, site);
	if (lock->owner)
		return 0;
	lock->owner = me;
	lock->taken_at = site;
	return 1;
}

static __attribute__((noinline)) int release_slowly(struct shim_lock *lock,
						    const struct sched_site *site)
{
	check_magic(lock, site);
	if (lock->owner != current_task()) {
		const struct task_struct *owner = lock->owner;

		report(REPORT_LOCK, site, "unlock of %s, which %s holds", shim_lock_name(lock),
		       owner ? owner->comm : "nobody");
		return 0;
	}
	lock->owner = NULL;
	sched_trace(SCHED_UNLOCK, lock, 0, site);
	if (lock->waiters)
		sched_wake_on(lock);
	return 1;
}

static inline int release(struct shim_lock *lock, struct task_struct *me,
			  const struct sched_site *site)
{
	if (likely(lock->magic == SHIM_LOCK_MAGIC && lock->owner == me && !lock->waiters &&
		   !(sched_armed & SCHED_BIT(SCHED_UNLOCK)))) {
		lock->owner = NULL;
		return 1;
	}
	return release_slowly(lock, site);
}

void shim_spin_lock(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = current_task();

	acquire(lock, me, site);
	me->preempt++;
}

int shim_spin_trylock(struct shim_lock *lock, const struct sched_site *site)
{
	int got = try_acquire(lock, site);

	current_task()->preempt += got;
	return got;
}

void shim_spin_unlock(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = current_task();

	if (release(lock, me, site))
		me->preempt--;
}

void shim_mutex_lock(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = current_task();

	shim_might_sleep(site);
	acquire(lock, me, site);
	me->mutexes++;
}

int shim_mutex_trylock(struct shim_lock *lock, const struct sched_site *site)
{
	int got = try_acquire(lock, site);

	current_task()->mutexes += got;
	return got;
}

void shim_mutex_unlock(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = current_task();

	if (release(lock, me, site))
		me->mutexes--;
}

int shim_lock_held(const struct shim_lock *lock)
{
	return lock->owner == current_task();
}

void shim_lockdep_assert(const struct shim_lock *lock, int held, const struct sched_site *site)
{
	if (likely(shim_lock_held(lock) == held))
		return;
	report(REPORT_LOCK, site, "%s must %sbe held here", shim_lock_name(lock),
	       held ? "" : "not ");
}

void shim_might_sleep(const struct sched_site *site)
{
	if (unlikely(current_task()->preempt > 0))
		report(REPORT_LOCK, site, "sleeping while atomic: %d spinlock(s) held",
		       current_task()->preempt);
}

unsigned int shim_locks_held(const void *task)
{
	const struct task_struct *t = task;

	return (unsigned int)(t->preempt + t->mutexes);
}

void shim_atomic_point(const void *addr, const struct sched_site *site)
{
	sched_point(SCHED_ATOMIC, addr, site);
}

void shim_read_point(const volatile void *addr, const struct sched_site *site)
{
	sched_point(SCHED_READ, (const void *)addr, site);
}

void shim_write_point(const volatile void *addr, const struct sched_site *site)
{
	sched_point(SCHED_WRITE, (const void *)addr, site);
}
