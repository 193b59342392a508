/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for refcount.h. Model: points as atomics; what lib/refcount.c warns about
 * is reported, and the count then sticks at REFCOUNT_SATURATED. Taking orders nothing,
 * giving back releases, giving the last one back acquires, too.
 */
#ifndef SHIM_LINUX_REFCOUNT_H
#define SHIM_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/limits.h>

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)               \
	{                              \
		.refs = ATOMIC_INIT(n) \
	}
#define REFCOUNT_MAX	   INT_MAX
#define REFCOUNT_SATURATED (INT_MIN / 2)

static inline void shim_refcount_broken(refcount_t *r, const char *what,
					const struct sched_site *site)
{
	shim_volatile(r->refs.counter) = REFCOUNT_SATURATED;
	shim_warn(site, "refcount %s", what);
}

/* Take @i more; from 0 only the attempt fails if @unless_zero. Return: whether taken. */
static inline bool shim_refcount_take(refcount_t *r, int i, bool unless_zero,
				      const struct sched_site *site)
{
	int old = shim_volatile(r->refs.counter);

	if (!old && unless_zero) {
		shim_order(marked_read(r));
		return false;
	}
	shim_volatile(r->refs.counter) = old + i;
	shim_order(atomic(r, RACE_RELAXED));
	if (unlikely(!old))
		shim_refcount_broken(r, "taken from 0: use after free", site);
	else if (unlikely(old < 0 || old + i < 0))
		shim_refcount_broken(r, "saturated: leak", site);
	return true;
}

/* Give @i back. Return: whether these were the last. */
static inline bool shim_refcount_give(refcount_t *r, int i, bool last_is_wrong,
				      const struct sched_site *site)
{
	int old = shim_volatile(r->refs.counter);

	shim_volatile(r->refs.counter) = old - i;
	if (old == i)
		shim_order(acquire(r));
	shim_order(atomic(r, RACE_RELEASE));
	if (unlikely(old <= 0 || old - i < 0)) {
		shim_refcount_broken(r, "underflow: use after free", site);
		return false;
	}
	if (old > i)
		return false;
	if (unlikely(last_is_wrong))
		shim_refcount_broken(r, "dropped to 0 by refcount_dec(): leak", site);
	return true;
}

#define shim_refcount(r, text, how, ...)                   \
	({                                                 \
		refcount_t *ref__ = (r);                   \
                                                           \
		shim_mark_atomic(ref__, text);             \
		how(ref__, __VA_ARGS__, SCHED_SITE(text)); \
	})

#define refcount_set(r, n)	    atomic_set(&(r)->refs, n)
#define refcount_read(r)	    ((unsigned int)atomic_read(&(r)->refs))
#define refcount_add(i, r)	    ((void)shim_refcount(r, #r, shim_refcount_take, i, false))
#define refcount_inc(r)		    ((void)shim_refcount(r, #r, shim_refcount_take, 1, false))
#define refcount_inc_not_zero(r)    shim_refcount(r, #r, shim_refcount_take, 1, true)
#define refcount_add_not_zero(i, r) shim_refcount(r, #r, shim_refcount_take, i, true)
#define refcount_dec(r)		    ((void)shim_refcount(r, #r, shim_refcount_give, 1, true))
#define refcount_dec_and_test(r)    shim_refcount(r, #r, shim_refcount_give, 1, false)
#define refcount_sub_and_test(i, r) shim_refcount(r, #r, shim_refcount_give, i, false)

#endif /* SHIM_LINUX_REFCOUNT_H */
