/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for asm/barrier.h. The barriers are a stub: every access here is in order,
 * one thread runs at a time. smp_load_acquire and smp_store_release: model, points.
 */
#ifndef SHIM_ASM_BARRIER_H
#define SHIM_ASM_BARRIER_H

#include <linux/compiler.h>

#define smp_mb()			barrier()
#define smp_rmb()			barrier()
#define smp_wmb()			barrier()
#define mb()				barrier()
#define rmb()				barrier()
#define wmb()				barrier()
#define smp_mb__before_atomic()		barrier()
#define smp_mb__after_atomic()		barrier()
#define smp_mb__after_spinlock()	barrier()
#define smp_acquire__after_ctrl_dep()	barrier()

#define smp_load_acquire(p)						\
	({								\
		const typeof(*(p)) *load__ = (p);			\
									\
		shim_mark_acquire(load__, #p);				\
		*(const volatile typeof(*(p)) *)load__;			\
	})

#define smp_store_release(p, val)					\
	do {								\
		typeof(*(p)) *store__ = (p);				\
		typeof(*(p)) store_val__ = (val);			\
									\
		shim_mark_release(store__, #p);				\
		*(volatile typeof(*(p)) *)store__ = store_val__;	\
	} while (0)

#define smp_store_mb(var, val)		WRITE_ONCE(var, val)

#endif /* SHIM_ASM_BARRIER_H */
