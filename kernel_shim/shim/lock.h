/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks, mutexes, atomics' scheduling points, and the atomic-context count.
 * Read by kernel code too: builtin types only.
 */
#ifndef SHIM_LOCK_H
#define SHIM_LOCK_H

#include "sched/site.h"

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
	void *owner;			/* struct task_struct *, or NULL */
	const struct sched_site *taken_at;
	unsigned int waiters;
	unsigned int magic;		/* SHIM_LOCK_MAGIC once initialised */
};

#define SHIM_LOCK_MAGIC 0x10cc10ccu
#define SHIM_LOCK_INIT(cls) { .class = (cls), .magic = SHIM_LOCK_MAGIC }

void shim_lock_init(struct shim_lock *lock, const struct shim_lock_class *class);

/**
 * shim_spin_lock() - [spin_lock]: a scheduling point (SCHED_LOCK); a task that
 * finds it taken waits. Recursion is reported (lock). Raises the atomic count.
 */
void shim_spin_lock(struct shim_lock *lock, const struct sched_site *site);
int shim_spin_trylock(struct shim_lock *lock, const struct sched_site *site);
/** shim_spin_unlock() - [spin_unlock]; not held, or held by another: reported */
void shim_spin_unlock(struct shim_lock *lock, const struct sched_site *site);

/** shim_mutex_lock() - [mutex_lock]: as above, but sleeps; not while atomic */
void shim_mutex_lock(struct shim_lock *lock, const struct sched_site *site);
int shim_mutex_trylock(struct shim_lock *lock, const struct sched_site *site);
void shim_mutex_unlock(struct shim_lock *lock, const struct sched_site *site);

/** shim_lock_held() - whether the current task holds it [lockdep_is_held] */
int shim_lock_held(const struct shim_lock *lock);

/** shim_lockdep_assert() - [lockdep_assert_held, _not_held]: reported (lock) */
void shim_lockdep_assert(const struct shim_lock *lock, int held,
			 const struct sched_site *site);

/** shim_might_sleep() - reported (lock) when a spinlock is held */
void shim_might_sleep(const struct sched_site *site);

/* Points of atomics and marked accesses; the access itself follows inline. */
void shim_atomic_point(const void *addr, const struct sched_site *site);
void shim_read_point(const volatile void *addr, const struct sched_site *site);
void shim_write_point(const volatile void *addr, const struct sched_site *site);

/** shim_lock_class_of() - class name of a lock, for scripts and traces */
const char *shim_lock_class_of(const void *lock);

/** shim_lock_name() - the class's name, without the '&' of the source */
const char *shim_lock_name(const struct shim_lock *lock);

/** shim_locks_held() - how many locks @task (struct task_struct *) holds */
unsigned int shim_locks_held(const void *task);

#endif /* SHIM_LOCK_H */
