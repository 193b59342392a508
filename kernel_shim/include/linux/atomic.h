/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for atomic.h: atomic_t, atomic64_t, xchg and cmpxchg. Model: each
 * read-modify-write is a point of the scheduler, then one step. Every access here is in
 * order; what an ordering weaker than full leaves open is the race detector's business.
 */
#ifndef SHIM_LINUX_ATOMIC_H
#define SHIM_LINUX_ATOMIC_H

#include <asm/barrier.h>
#include <linux/types.h>

/*
 * to what @expr makes of old__; @value is old__ or new__; @order is that of
 * Documentation/atomic_t.txt: FULL if it returns a value, RELAXED if not or if it fails
 */
#define shim_atomic(v, text, expr, value, order)          \
	({                                                \
		__auto_type atomic__ = (v);               \
		typeof(atomic__->counter) old__, new__;   \
                                                          \
		shim_mark_atomic(atomic__, text);         \
		old__ = shim_volatile(atomic__->counter); \
		new__ = (expr);                           \
		shim_volatile(atomic__->counter) = new__; \
		shim_order(atomic(atomic__, order));      \
		(void)old__;                              \
		value;                                    \
	})
#define SHIM_FULL_IF(success) ((success) ? RACE_FULL : RACE_RELAXED)

#define atomic_read(v)                                                    \
	({                                                                \
		const typeof(*(v)) *read__ = (v);                         \
                                                                          \
		shim_mark_read(read__, #v);                               \
		shim_order(marked_read(read__));                          \
		*(const volatile typeof((v)->counter) *)&read__->counter; \
	})
#define atomic_read_acquire(v)                                               \
	({                                                                   \
		const typeof(*(v)) *acquire__ = (v);                         \
                                                                             \
		shim_mark_read(acquire__, #v);                               \
		shim_order(acquire(acquire__));                              \
		*(const volatile typeof((v)->counter) *)&acquire__->counter; \
	})
#define atomic_set(v, i)                                   \
	do {                                               \
		typeof(*(v)) *set__ = (v);                 \
		typeof((v)->counter) set_val__ = (i);      \
                                                           \
		shim_mark_write(set__, #v);                \
		shim_volatile(set__->counter) = set_val__; \
		shim_order(marked_write(set__));           \
	} while (0)
#define atomic_set_release(v, i)                           \
	do {                                               \
		typeof(*(v)) *set__ = (v);                 \
		typeof((v)->counter) set_val__ = (i);      \
                                                           \
		shim_mark_write(set__, #v);                \
		shim_volatile(set__->counter) = set_val__; \
		shim_order(store_release(set__));          \
	} while (0)

#define atomic_add(i, v)	    ((void)shim_atomic(v, #v, old__ + (i), new__, RACE_RELAXED))
#define atomic_sub(i, v)	    ((void)shim_atomic(v, #v, old__ - (i), new__, RACE_RELAXED))
#define atomic_inc(v)		    ((void)shim_atomic(v, #v, old__ + 1, new__, RACE_RELAXED))
#define atomic_dec(v)		    ((void)shim_atomic(v, #v, old__ - 1, new__, RACE_RELAXED))
#define atomic_or(i, v)		    ((void)shim_atomic(v, #v, old__ | (i), new__, RACE_RELAXED))
#define atomic_and(i, v)	    ((void)shim_atomic(v, #v, old__ & (i), new__, RACE_RELAXED))
#define atomic_andnot(i, v)	    ((void)shim_atomic(v, #v, old__ & ~(i), new__, RACE_RELAXED))
#define atomic_add_return(i, v)	    shim_atomic(v, #v, old__ + (i), new__, RACE_FULL)
#define atomic_sub_return(i, v)	    shim_atomic(v, #v, old__ - (i), new__, RACE_FULL)
#define atomic_inc_return(v)	    shim_atomic(v, #v, old__ + 1, new__, RACE_FULL)
#define atomic_dec_return(v)	    shim_atomic(v, #v, old__ - 1, new__, RACE_FULL)
#define atomic_fetch_add(i, v)	    shim_atomic(v, #v, old__ + (i), old__, RACE_FULL)
#define atomic_fetch_sub(i, v)	    shim_atomic(v, #v, old__ - (i), old__, RACE_FULL)
#define atomic_fetch_inc(v)	    shim_atomic(v, #v, old__ + 1, old__, RACE_FULL)
#define atomic_fetch_dec(v)	    shim_atomic(v, #v, old__ - 1, old__, RACE_FULL)
#define atomic_fetch_or(i, v)	    shim_atomic(v, #v, old__ | (i), old__, RACE_FULL)
#define atomic_fetch_and(i, v)	    shim_atomic(v, #v, old__ &(i), old__, RACE_FULL)
#define atomic_inc_and_test(v)	    (shim_atomic(v, #v, old__ + 1, new__, RACE_FULL) == 0)
#define atomic_dec_and_test(v)	    (shim_atomic(v, #v, old__ - 1, new__, RACE_FULL) == 0)
#define atomic_sub_and_test(i, v)   (shim_atomic(v, #v, old__ - (i), new__, RACE_FULL) == 0)
#define atomic_add_negative(i, v)   (shim_atomic(v, #v, old__ + (i), new__, RACE_FULL) < 0)
#define atomic_xchg(v, i)	    shim_atomic(v, #v, i, old__, RACE_FULL)
#define atomic_cmpxchg(v, old, val) shim_cmpxchg(&(v)->counter, #v, old, val, RACE_FULL)
#define atomic_add_unless(v, i, u)                                     \
	(shim_atomic(v, #v, old__ == (u) ? old__ : old__ + (i), old__, \
		     SHIM_FULL_IF(old__ != (u))) != (u))
#define atomic_inc_not_zero(v) \
	(shim_atomic(v, #v, old__ ? old__ + 1 : 0, old__, SHIM_FULL_IF(old__)) != 0)
#define atomic_inc_unless_negative(v)                             \
	(shim_atomic(v, #v, old__ < 0 ? old__ : old__ + 1, old__, \
		     SHIM_FULL_IF(old__ >= 0)) >= 0)
#define atomic_dec_if_positive(v)                                 \
	(shim_atomic(v, #v, old__ > 0 ? old__ - 1 : old__, old__, \
		     SHIM_FULL_IF(old__ > 0)) -                   \
	 1)

#define atomic64_read(v)	      atomic_read(v)
#define atomic64_set(v, i)	      atomic_set(v, i)
#define atomic64_add(i, v)	      ((void)shim_atomic(v, #v, old__ + (i), new__, RACE_RELAXED))
#define atomic64_sub(i, v)	      ((void)shim_atomic(v, #v, old__ - (i), new__, RACE_RELAXED))
#define atomic64_inc(v)		      ((void)shim_atomic(v, #v, old__ + 1, new__, RACE_RELAXED))
#define atomic64_dec(v)		      ((void)shim_atomic(v, #v, old__ - 1, new__, RACE_RELAXED))
#define atomic64_add_return(i, v)     shim_atomic(v, #v, old__ + (i), new__, RACE_FULL)
#define atomic64_inc_return(v)	      shim_atomic(v, #v, old__ + 1, new__, RACE_FULL)
#define atomic64_dec_return(v)	      shim_atomic(v, #v, old__ - 1, new__, RACE_FULL)
#define atomic64_fetch_add(i, v)      shim_atomic(v, #v, old__ + (i), old__, RACE_FULL)
#define atomic64_dec_and_test(v)      (shim_atomic(v, #v, old__ - 1, new__, RACE_FULL) == 0)
#define atomic64_cmpxchg(v, old, val) atomic_cmpxchg(v, old, val)
#define atomic_long_read(v)	      atomic_read(v)
#define atomic_long_set(v, i)	      atomic_set(v, i)
#define atomic_long_inc(v)	      atomic64_inc(v)
#define atomic_long_dec(v)	      atomic64_dec(v)
#define atomic_long_add(i, v)	      atomic64_add(i, v)

#define shim_xchg(p, text, val, order)                       \
	({                                                   \
		typeof(*(p)) *xchg__ = (p);                  \
		typeof(*(p)) xchg_new__ = (val), xchg_old__; \
                                                             \
		shim_mark_atomic(xchg__, text);              \
		xchg_old__ = shim_volatile(*xchg__);         \
		shim_volatile(*xchg__) = xchg_new__;         \
		shim_order(atomic(xchg__, order));           \
		xchg_old__;                                  \
	})

/* @order if it succeeds; none if not */
#define shim_cmpxchg(p, text, old, val, order)                            \
	({                                                                \
		typeof(*(p)) *cas__ = (p);                                \
		typeof(*(p)) cas_old__ = (old), cas_new__ = (val), was__; \
                                                                          \
		shim_mark_atomic(cas__, text);                            \
		was__ = shim_volatile(*cas__);                            \
		if (was__ == cas_old__) {                                 \
			shim_volatile(*cas__) = cas_new__;                \
			shim_order(atomic(cas__, order));                 \
		} else {                                                  \
			shim_order(marked_read(cas__));                   \
		}                                                         \
		was__;                                                    \
	})

#define shim_try_cmpxchg(p, text, oldp, val, order)                                   \
	({                                                                            \
		typeof(*(p)) *expect__ = (oldp);                                      \
		typeof(*(p)) expected__ = *expect__;                                  \
		typeof(*(p)) found__ = shim_cmpxchg(p, text, expected__, val, order); \
                                                                                      \
		if (found__ != expected__)                                            \
			*expect__ = found__;                                          \
		found__ == expected__;                                                \
	})

#define xchg(p, val)			  shim_xchg(p, #p, val, RACE_FULL)
#define xchg_release(p, val)		  shim_xchg(p, #p, val, RACE_RELEASE)
#define xchg_acquire(p, val)		  shim_xchg(p, #p, val, RACE_ACQUIRE)
#define xchg_relaxed(p, val)		  shim_xchg(p, #p, val, RACE_RELAXED)
#define cmpxchg(p, old, val)		  shim_cmpxchg(p, #p, old, val, RACE_FULL)
#define cmpxchg_release(p, old, val)	  shim_cmpxchg(p, #p, old, val, RACE_RELEASE)
#define cmpxchg_acquire(p, old, val)	  shim_cmpxchg(p, #p, old, val, RACE_ACQUIRE)
#define cmpxchg_relaxed(p, old, val)	  shim_cmpxchg(p, #p, old, val, RACE_RELAXED)
#define cmpxchg64(p, old, val)		  cmpxchg(p, old, val)
#define try_cmpxchg(p, oldp, val)	  shim_try_cmpxchg(p, #p, oldp, val, RACE_FULL)
#define try_cmpxchg_release(p, oldp, val) shim_try_cmpxchg(p, #p, oldp, val, RACE_RELEASE)
#define try_cmpxchg_acquire(p, oldp, val) shim_try_cmpxchg(p, #p, oldp, val, RACE_ACQUIRE)

#endif /* SHIM_LINUX_ATOMIC_H */
