/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for spinlock.h. Model: shim/lock.h. Interrupts are not modelled: nothing in
 * a subject runs in one, so the _irq and _bh forms are the plain ones.
 */
#ifndef SHIM_LINUX_SPINLOCK_H
#define SHIM_LINUX_SPINLOCK_H

#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/spinlock_types.h>

#define spin_lock_init(l) shim_lock_init(&(l)->lock, shim_lock_class(#l))
#define spin_lock(l)	  shim_spin_lock(&(l)->lock, SCHED_SITE(#l))
#define spin_trylock(l)	  shim_spin_trylock(&(l)->lock, SCHED_SITE(#l))
#define spin_unlock(l)	  shim_spin_unlock(&(l)->lock, SCHED_SITE(#l))
#define spin_lock_nested(l, subclass) \
	shim_spin_lock_nested(&(l)->lock, subclass, SCHED_SITE(#l))
#define spin_lock_irq(l)   shim_spin_lock(&(l)->lock, SCHED_SITE(#l))
#define spin_unlock_irq(l) shim_spin_unlock(&(l)->lock, SCHED_SITE(#l))
#define spin_lock_bh(l)	   shim_spin_lock(&(l)->lock, SCHED_SITE(#l))
#define spin_unlock_bh(l)  shim_spin_unlock(&(l)->lock, SCHED_SITE(#l))
#define spin_lock_irqsave(l, f)                             \
	do {                                                \
		(f) = 0;                                    \
		shim_spin_lock(&(l)->lock, SCHED_SITE(#l)); \
	} while (0)
#define spin_unlock_irqrestore(l, f)                          \
	do {                                                  \
		(void)(f);                                    \
		shim_spin_unlock(&(l)->lock, SCHED_SITE(#l)); \
	} while (0)
#define spin_is_locked(l)     ((l)->lock.owner != NULL)
#define assert_spin_locked(l) BUG_ON(!spin_is_locked(l))

/* guard(spinlock)(&lock): a lock and where it was taken */
struct shim_guard {
	struct shim_lock *lock;
	const struct sched_site *site;
};

typedef struct shim_guard class_spinlock_t;

static inline struct shim_guard shim_guard_spin(spinlock_t *l,
						const struct sched_site *site)
{
	shim_spin_lock(&l->lock, site);
	return (struct shim_guard){ &l->lock, site };
}

static inline void class_spinlock_destructor(class_spinlock_t *g)
{
	if (g->lock)
		shim_spin_unlock(g->lock, g->site);
}

#define class_spinlock_constructor(l) shim_guard_spin(l, SCHED_SITE(#l))

#endif /* SHIM_LINUX_SPINLOCK_H */
