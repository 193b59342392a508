/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for atomic.h: atomic_t, atomic64_t, xchg and cmpxchg. Model: each
 * read-modify-write is a point of the scheduler, then one step; orderings weaker than
 * full are not modelled as weaker.
 */
#ifndef SHIM_LINUX_ATOMIC_H
#define SHIM_LINUX_ATOMIC_H

#include <asm/barrier.h>
#include <linux/types.h>

/* to what @expr makes of old__; @value is old__ or new__ */
#define shim_atomic(v, text, expr, value)				\
	({								\
		__auto_type atomic__ = (v);				\
		typeof(atomic__->counter) old__, new__;			\
									\
		shim_mark_atomic(atomic__, text);			\
		old__ = shim_volatile(atomic__->counter);		\
		new__ = (expr);						\
		shim_volatile(atomic__->counter) = new__;		\
		(void)old__;						\
		value;							\
	})

#define atomic_read(v)							\
	({								\
		const typeof(*(v)) *read__ = (v);			\
									\
		shim_mark_read(read__, #v);				\
		*(const volatile typeof((v)->counter) *)&read__->counter; \
	})
#define atomic_read_acquire(v)		atomic_read(v)
#define atomic_set(v, i)						\
	do {								\
		typeof(*(v)) *set__ = (v);				\
		typeof((v)->counter) set_val__ = (i);			\
									\
		shim_mark_write(set__, #v);				\
		shim_volatile(set__->counter) = set_val__;		\
	} while (0)
#define atomic_set_release(v, i)	atomic_set(v, i)

#define atomic_add(i, v)		((void)shim_atomic(v, #v, old__ + (i), new__))
#define atomic_sub(i, v)		((void)shim_atomic(v, #v, old__ - (i), new__))
#define atomic_inc(v)			((void)shim_atomic(v, #v, old__ + 1, new__))
#define atomic_dec(v)			((void)shim_atomic(v, #v, old__ - 1, new__))
#define atomic_or(i, v)			((void)shim_atomic(v, #v, old__ | (i), new__))
#define atomic_and(i, v)		((void)shim_atomic(v, #v, old__ & (i), new__))
#define atomic_andnot(i, v)		((void)shim_atomic(v, #v, old__ & ~(i), new__))
#define atomic_add_return(i, v)		shim_atomic(v, #v, old__ + (i), new__)
#define atomic_sub_return(i, v)		shim_atomic(v, #v, old__ - (i), new__)
#define atomic_inc_return(v)		shim_atomic(v, #v, old__ + 1, new__)
#define atomic_dec_return(v)		shim_atomic(v, #v, old__ - 1, new__)
#define atomic_fetch_add(i, v)		shim_atomic(v, #v, old__ + (i), old__)
#define atomic_fetch_sub(i, v)		shim_atomic(v, #v, old__ - (i), old__)
#define atomic_fetch_inc(v)		shim_atomic(v, #v, old__ + 1, old__)
#define atomic_fetch_dec(v)		shim_atomic(v, #v, old__ - 1, old__)
#define atomic_fetch_or(i, v)		shim_atomic(v, #v, old__ | (i), old__)
#define atomic_fetch_and(i, v)		shim_atomic(v, #v, old__ & (i), old__)
#define atomic_inc_and_test(v)		(shim_atomic(v, #v, old__ + 1, new__) == 0)
#define atomic_dec_and_test(v)		(shim_atomic(v, #v, old__ - 1, new__) == 0)
#define atomic_sub_and_test(i, v)	(shim_atomic(v, #v, old__ - (i), new__) == 0)
#define atomic_add_negative(i, v)	(shim_atomic(v, #v, old__ + (i), new__) < 0)
#define atomic_xchg(v, i)		shim_atomic(v, #v, i, old__)
#define atomic_cmpxchg(v, old, val) \
	shim_atomic(v, #v, old__ == (old) ? (val) : old__, old__)
#define atomic_add_unless(v, i, u) \
	(shim_atomic(v, #v, old__ == (u) ? old__ : old__ + (i), old__) != (u))
#define atomic_inc_not_zero(v) \
	(shim_atomic(v, #v, old__ ? old__ + 1 : 0, old__) != 0)
#define atomic_inc_unless_negative(v) \
	(shim_atomic(v, #v, old__ < 0 ? old__ : old__ + 1, old__) >= 0)
#define atomic_dec_if_positive(v) \
	(shim_atomic(v, #v, old__ > 0 ? old__ - 1 : old__, old__) - 1)

#define atomic64_read(v)		atomic_read(v)
#define atomic64_set(v, i)		atomic_set(v, i)
#define atomic64_add(i, v)		((void)shim_atomic(v, #v, old__ + (i), new__))
#define atomic64_sub(i, v)		((void)shim_atomic(v, #v, old__ - (i), new__))
#define atomic64_inc(v)			((void)shim_atomic(v, #v, old__ + 1, new__))
#define atomic64_dec(v)			((void)shim_atomic(v, #v, old__ - 1, new__))
#define atomic64_add_return(i, v)	shim_atomic(v, #v, old__ + (i), new__)
#define atomic64_inc_return(v)		shim_atomic(v, #v, old__ + 1, new__)
#define atomic64_dec_return(v)		shim_atomic(v, #v, old__ - 1, new__)
#define atomic64_fetch_add(i, v)	shim_atomic(v, #v, old__ + (i), old__)
#define atomic64_dec_and_test(v)	(shim_atomic(v, #v, old__ - 1, new__) == 0)
#define atomic64_cmpxchg(v, old, val) \
	shim_atomic(v, #v, old__ == (old) ? (val) : old__, old__)
#define atomic_long_read(v)		atomic_read(v)
#define atomic_long_set(v, i)		atomic_set(v, i)
#define atomic_long_inc(v)		atomic64_inc(v)
#define atomic_long_dec(v)		atomic64_dec(v)
#define atomic_long_add(i, v)		atomic64_add(i, v)

#define xchg(p, val)							\
	({								\
		typeof(*(p)) *xchg__ = (p);				\
		typeof(*(p)) xchg_new__ = (val), xchg_old__;		\
									\
		shim_mark_atomic(xchg__, #p);				\
		xchg_old__ = shim_volatile(*xchg__);			\
		shim_volatile(*xchg__) = xchg_new__;			\
		xchg_old__;						\
	})

#define cmpxchg(p, old, val)						\
	({								\
		typeof(*(p)) *cas__ = (p);				\
		typeof(*(p)) cas_old__ = (old), cas_new__ = (val), was__; \
									\
		shim_mark_atomic(cas__, #p);				\
		was__ = shim_volatile(*cas__);				\
		if (was__ == cas_old__)					\
			shim_volatile(*cas__) = cas_new__;		\
		was__;							\
	})

#define try_cmpxchg(p, oldp, val)					\
	({								\
		typeof(*(p)) *try__ = (p);				\
		typeof(*(p)) *expect__ = (oldp);			\
		typeof(*(p)) try_new__ = (val), found__;		\
		bool same__;						\
									\
		shim_mark_atomic(try__, #p);				\
		found__ = shim_volatile(*try__);			\
		same__ = found__ == *expect__;				\
		if (same__)						\
			shim_volatile(*try__) = try_new__;		\
		else							\
			*expect__ = found__;				\
		same__;							\
	})

#define xchg_release(p, val)		xchg(p, val)
#define xchg_acquire(p, val)		xchg(p, val)
#define cmpxchg_release(p, old, val)	cmpxchg(p, old, val)
#define cmpxchg_acquire(p, old, val)	cmpxchg(p, old, val)
#define cmpxchg_relaxed(p, old, val)	cmpxchg(p, old, val)
#define cmpxchg64(p, old, val)		cmpxchg(p, old, val)

#endif /* SHIM_LINUX_ATOMIC_H */
