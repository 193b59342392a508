/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for compiler.h and asm/rwonce.h.
 * READ_ONCE and WRITE_ONCE: model, points of the scheduler; the access is volatile.
 * data_race(): model, the race detector looks away. The rest: copy.
 */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#include <linux/compiler_types.h>
#include <linux/stddef.h>
#include <uringsim/points.h>

#define likely(x)	      __builtin_expect(!!(x), 1)
#define unlikely(x)	      __builtin_expect(!!(x), 0)
#define unreachable()	      __builtin_unreachable()
#define barrier()	      __asm__ __volatile__("" : : : "memory")
#define OPTIMIZER_HIDE_VAR(v) barrier()
#define data_race(expr)                        \
	({                                     \
		__auto_type data_race__ = ({   \
			shim_order(ignore(1)); \
			(expr);                \
		});                            \
                                               \
		shim_order(ignore(-1));        \
		data_race__;                   \
	})
#define __must_be_array(a) BUILD_BUG_ON_ZERO(__same_type((a), &(a)[0]))

#define SHIM_PASTE_(a, b)   a##b
#define SHIM_PASTE(a, b)    SHIM_PASTE_(a, b)
#define __PASTE(a, b)	    SHIM_PASTE(a, b)
#define __UNIQUE_ID(prefix) SHIM_PASTE(unique_##prefix##_, __COUNTER__)

/*
 * Reading a pointer counts as an acquire: what it points to is reached by an address
 * dependency. That orders what does not depend on it, too, and so misses races rather
 * than invent them.
 */
#define READ_ONCE(x)                                   \
	({                                             \
		shim_mark_read(&(x), #x);              \
		if (shim_is_pointer(x))                \
			shim_order(acquire(&(x)));     \
		else                                   \
			shim_order(marked_read(&(x))); \
		*(const volatile typeof(x) *)&(x);     \
	})

#define WRITE_ONCE(x, val)                      \
	do {                                    \
		typeof(x) once_val__ = (val);   \
                                                \
		shim_mark_write(&(x), #x);      \
		shim_volatile(x) = once_val__;  \
		shim_order(marked_write(&(x))); \
	} while (0)

#endif /* SHIM_LINUX_COMPILER_H */
