/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for asm/barrier.h. The barriers tell the race detector what they order,
 * and are a stub for the rest: every access here is in order, one thread runs at a
 * time. smp_load_acquire and smp_store_release: model, points.
 */
#ifndef SHIM_ASM_BARRIER_H
#define SHIM_ASM_BARRIER_H

#include <linux/compiler.h>

#define smp_mb() shim_fence()
#define smp_rmb()                            \
	do {                                 \
		barrier();                   \
		shim_order(fence_acquire()); \
	} while (0)
#define smp_wmb()                            \
	do {                                 \
		barrier();                   \
		shim_order(fence_release()); \
	} while (0)
#define mb()			      smp_mb()
#define rmb()			      smp_rmb()
#define wmb()			      smp_wmb()
#define smp_mb__before_atomic()	      smp_mb()
#define smp_mb__after_atomic()	      smp_mb()
#define smp_mb__after_spinlock()      smp_mb()
#define smp_acquire__after_ctrl_dep() smp_rmb()

#define smp_load_acquire(p)                             \
	({                                              \
		const typeof(*(p)) *load__ = (p);       \
                                                        \
		shim_mark_read(load__, #p);             \
		shim_order(acquire(load__));            \
		*(const volatile typeof(*(p)) *)load__; \
	})

#define smp_store_release(p, val)                                \
	do {                                                     \
		typeof(*(p)) *store__ = (p);                     \
		typeof(*(p)) store_val__ = (val);                \
                                                                 \
		shim_mark_write(store__, #p);                    \
		*(volatile typeof(*(p)) *)store__ = store_val__; \
		shim_order(store_release(store__));              \
	} while (0)

#define smp_store_mb(var, val)        \
	do {                          \
		WRITE_ONCE(var, val); \
		smp_mb();             \
	} while (0)

#endif /* SHIM_ASM_BARRIER_H */
