/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks, mutexes, atomics' scheduling points, and the atomic-context count.
 * Read by kernel code too: builtin types only.
 */
#ifndef SHIM_LOCK_H
#define SHIM_LOCK_H

#include "sched/sched.h"
#include "shim/task.h"

/**
 * struct shim_lock_class - one per place that initialises locks, as lockdep's
 * @name: the source expression, "&fch->lock"; shown without '&'
 */
struct shim_lock_class {
	const char *name;
};

/** struct shim_lock - what spinlock_t and struct mutex are made of */
struct shim_lock {
	const struct shim_lock_class *class;
	void *owner; /* struct task_struct *, or NULL */
	const struct sched_site *taken_at;
	unsigned short waiters;
	unsigned short subclass; /* that its owner declared */
	unsigned int magic;	 /* SHIM_LOCK_MAGIC once initialised */
};

/* of locks whose order nobody looks at [lockdep_set_novalidate_class] */
extern const struct shim_lock_class shim_lock_novalidate;

#define SHIM_LOCK_MAGIC 0x10cc10ccu
#define SHIM_LOCK_INIT(cls)                              \
	{                                                \
		.class = (cls), .magic = SHIM_LOCK_MAGIC \
	}

static inline void shim_lock_init(struct shim_lock *lock,
				  const struct shim_lock_class *class)
{
	*lock = (struct shim_lock)SHIM_LOCK_INIT(class);
}

/*
 * Locking is inline as far as it is uneventful: nobody watches (the race detector
 * wants to know what a lock orders, from the runtime's own, too), the lock is free,
 * and nobody waits for it. All else, with every check, is in runtime/lock.c; and
 * all of it for subjects built with hooks, which are not to see the model's own
 * accesses.
 */
#ifdef SHIM_HOOKED
#define shim_uneventful(condition) ((void)sizeof(condition), 0)
#else
#define shim_uneventful(condition) __builtin_expect(condition, 1)
#endif

void shim_spin_lock_slow(struct shim_lock *lock, const struct sched_site *site);
void shim_spin_unlock_slow(struct shim_lock *lock, const struct sched_site *site);
void shim_mutex_lock_slow(struct shim_lock *lock, const struct sched_site *site);
void shim_mutex_unlock_slow(struct shim_lock *lock, const struct sched_site *site);
void shim_lockdep_broken(const struct shim_lock *lock, int held,
			 const struct sched_site *site) __attribute__((cold));
void shim_sleeps_atomic(const struct sched_site *site) __attribute__((cold));

/* free memory, or memory that was never a lock, does not have the magic */
static inline int shim_lock_is_easy(const struct shim_lock *lock)
{
	return shim_uneventful(
		!lock->owner && lock->magic == SHIM_LOCK_MAGIC &&
		!((sched_armed() & SCHED_BIT(SCHED_LOCK)) | sched_hooks()));
}

static inline int shim_unlock_is_easy(const struct shim_lock *lock,
				      const struct task_struct *me)
{
	return shim_uneventful(
		lock->owner == me && !lock->waiters &&
		!((sched_armed() & SCHED_BIT(SCHED_UNLOCK)) | sched_hooks()));
}

/** shim_might_sleep() - reported (lock) when a spinlock is held */
static inline void shim_might_sleep(const struct sched_site *site)
{
	if (__builtin_expect(shim_current()->preempt > 0, 0))
		shim_sleeps_atomic(site);
}

/**
 * shim_spin_lock() - [spin_lock]: a scheduling point (SCHED_LOCK); a task that
 * finds it taken waits. Recursion is reported (lock). Raises the atomic count.
 */
static inline void shim_spin_lock(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = shim_current();

	if (!shim_lock_is_easy(lock)) {
		shim_spin_lock_slow(lock, site);
		return;
	}
	lock->owner = me;
	lock->taken_at = site;
	me->preempt++;
}

/** shim_spin_lock_nested() - [spin_lock_nested]: @subclass is its level of nesting */
static inline void shim_spin_lock_nested(struct shim_lock *lock, unsigned int subclass,
					 const struct sched_site *site)
{
	shim_current()->subclass = subclass;
	shim_spin_lock(lock, site);
	shim_current()->subclass = 0;
}

int shim_spin_trylock(struct shim_lock *lock, const struct sched_site *site);

/** shim_spin_unlock() - [spin_unlock]; not held, or held by another: reported */
static inline void shim_spin_unlock(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = shim_current();

	if (!shim_unlock_is_easy(lock, me)) {
		shim_spin_unlock_slow(lock, site);
		return;
	}
	lock->owner = (void *)0;
	me->preempt--;
}

/** shim_mutex_lock() - [mutex_lock]: as above, but sleeps; not while atomic */
static inline void shim_mutex_lock(struct shim_lock *lock, const struct sched_site *site)
{
	struct task_struct *me = shim_current();

	shim_might_sleep(site);
	if (!shim_lock_is_easy(lock)) {
		shim_mutex_lock_slow(lock, site);
		return;
	}
	lock->owner = me;
	lock->taken_at = site;
	me->mutexes++;
}

/** shim_mutex_lock_nested() - [mutex_lock_nested], likewise */
static inline void shim_mutex_lock_nested(struct shim_lock *lock, unsigned int subclass,
					  const struct sched_site *site)
{
	shim_current()->subclass = subclass;
	shim_mutex_lock(lock, site);
	shim_current()->subclass = 0;
}

int shim_mutex_trylock(struct shim_lock *lock, const struct sched_site *site);

static inline void shim_mutex_unlock(struct shim_lock *lock,
				     const struct sched_site *site)
{
	struct task_struct *me = shim_current();

	if (!shim_unlock_is_easy(lock, me)) {
		shim_mutex_unlock_slow(lock, site);
		return;
	}
	lock->owner = (void *)0;
	me->mutexes--;
}

/** shim_lock_held() - whether the current task holds it [lockdep_is_held] */
static inline int shim_lock_held(const struct shim_lock *lock)
{
	return lock->owner == shim_current();
}

/** shim_lockdep_assert() - [lockdep_assert_held, _not_held]: reported (lock) */
static inline void shim_lockdep_assert(const struct shim_lock *lock, int held,
				       const struct sched_site *site)
{
	if (__builtin_expect(shim_lock_held(lock) != held, 0))
		shim_lockdep_broken(lock, held, site);
}

/* Points of atomics and marked accesses; the access itself follows inline. */
void shim_atomic_point(const void *addr, const struct sched_site *site);
void shim_read_point(const volatile void *addr, const struct sched_site *site);
void shim_write_point(const volatile void *addr, const struct sched_site *site);

void shim_lock_reset(void);

/** shim_lock_class_of() - class name of a lock, for scripts and traces */
const char *shim_lock_class_of(const void *lock);

/** shim_lock_name() - the class's name, without the '&' of the source */
const char *shim_lock_name(const struct shim_lock *lock);

/** shim_locks_held() - how many locks @task (struct task_struct *) holds */
static inline unsigned int shim_locks_held(const void *task)
{
	const struct task_struct *t = task;

	return (unsigned int)(t->preempt + t->mutexes);
}

#endif /* SHIM_LOCK_H */
