// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks and mutexes [kernel/locking/]. Kind: model.
 *
 * A spinlock that is taken is waited for by blocking: a fiber that spins would
 * only ask the scheduler the same question again. What lockdep would say about
 * one execution (recursion, unlock by another, sleeping while atomic) is said.
 */
#include <stddef.h>
#include <string.h>

#include "detect/lock_order.h"
#include "detect/race.h"
#include "detect/report.h"
#include "runtime.h"
#include "sched/lines.h"
#include "shim/hook.h"
#include "shim/lock.h"

/* for tools/gdb */
extern const unsigned int lock_magic_debugged;
__attribute__((used)) const unsigned int lock_magic_debugged = SHIM_LOCK_MAGIC;

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

const struct shim_lock_class shim_lock_novalidate = { .name = "novalidate" };

static void describe(const void *lock, struct lock_taken *out)
{
	const struct shim_lock *l = lock;

	out->node.class = l->class == &shim_lock_novalidate ? NULL : l->class;
	out->node.name = shim_lock_name(l);
	out->node.subclass = l->subclass;
	out->at = l->taken_at;
}

void shim_lock_reset(void)
{
	lock_order_describe(describe);
	sched_set_lock_owner(offsetof(struct shim_lock, owner));
	lock_order_reset();
}

/* freed memory, or never initialised: going on would follow a wild owner */
static void check_magic(const struct shim_lock *lock, const struct sched_site *site)
{
	if (likely(lock->magic == SHIM_LOCK_MAGIC))
		return;
	if (lock->magic == 0x6b6b6b6bu)
		report_fatal(REPORT_HEAP, site,
			     "use after free: lock %s is in freed memory",
			     site->expr ? site->expr : "");
	else
		report_fatal(REPORT_KERNEL, site, "lock %s was never initialised",
			     site->expr ? site->expr : "");
}

/* Searches look at a lock before it is taken: what leads nowhere must not get there. */
static void check_pointer(const struct shim_lock *lock, const struct sched_site *site)
{
	uintptr_t p = (uintptr_t)lock;

	if (unlikely(p < 65536 || p >> 47))
		report_fatal(REPORT_KERNEL, site, "%s pointer: lock %s",
			     p < 65536 ? "NULL" : "wild", site->expr ? site->expr : "");
}

static void acquire(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = current_task();

	check_pointer(lock, site);
	sched_point(SCHED_LOCK, lock, site);
	hook_object(lock, site);
	check_magic(lock, site);
	lock_order_take(lock, me->subclass, site);
	while (lock->owner) {
		if (lock->owner == me)
			report_fatal(REPORT_LOCK, site,
				     "recursion: %s is held by this task already, taken "
				     "in %s:%d (%s)",
				     shim_lock_name(lock), lock->taken_at->file,
				     site_line(lock->taken_at), lock->taken_at->func);
		me->waits_lock = lock;
		shim_wait_begins(site);
		lock->waiters++;
		sched_block(lock, shim_lock_name(lock), site);
		me->waits_lock = NULL;
		hook_object(lock, site);
		check_magic(lock, site);
		lock->waiters--;
	}
	lock->owner = me;
	lock->taken_at = site;
	lock->subclass = (unsigned short)me->subclass;
	lock_order_took(lock);
	race_acquire(lock);
}

static int try_acquire(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = current_task();

	check_pointer(lock, site);
	sched_point(SCHED_LOCK, lock, site);
	hook_object(lock, site);
	check_magic(lock, site);
	if (lock->owner)
		return 0;
	lock->owner = me;
	lock->taken_at = site;
	lock->subclass = (unsigned short)me->subclass;
	lock_order_took(lock);
	race_acquire(lock);
	return 1;
}

/* Return: 1, or 0 when the lock is not the current task's to give back */
static int release(struct shim_lock *lock, const struct sched_site *site)
{
	hook_object(lock, site);
	check_magic(lock, site);
	if (lock->owner != current_task()) {
		const struct task_struct *owner = lock->owner;

		report(REPORT_LOCK, site, "unlock of %s, which %s holds",
		       shim_lock_name(lock), owner ? owner->comm : "nobody");
		return 0;
	}
	lock->owner = NULL;
	lock_order_drop(lock);
	race_store_release(lock); /* the owner has acquired what was there before */
	sched_trace(SCHED_UNLOCK, lock, 0, site);
	if (lock->waiters)
		sched_wake_on(lock);
	return 1;
}

void shim_spin_lock_slow(struct shim_lock *lock, const struct sched_site *site)
{
	acquire(lock, site);
	current_task()->preempt++;
}

int shim_spin_trylock(struct shim_lock *lock, const struct sched_site *site)
{
	int got = try_acquire(lock, site);

	current_task()->preempt += got;
	return got;
}

void shim_spin_unlock_slow(struct shim_lock *lock, const struct sched_site *site)
{
	current_task()->preempt -= release(lock, site);
}

void shim_mutex_lock_slow(struct shim_lock *lock, const struct sched_site *site)
{
	acquire(lock, site);
	current_task()->mutexes++;
}

int shim_mutex_trylock(struct shim_lock *lock, const struct sched_site *site)
{
	int got = try_acquire(lock, site);

	current_task()->mutexes += got;
	return got;
}

void shim_mutex_unlock_slow(struct shim_lock *lock, const struct sched_site *site)
{
	current_task()->mutexes -= release(lock, site);
}

void shim_lockdep_broken(const struct shim_lock *lock, int held,
			 const struct sched_site *site)
{
	report(REPORT_LOCK, site, "%s must %sbe held here", shim_lock_name(lock),
	       held ? "" : "not ");
}

void shim_sleeps_atomic(const struct sched_site *site)
{
	report(REPORT_LOCK, site, "sleeping while atomic: %d spinlock(s) held",
	       current_task()->preempt);
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
