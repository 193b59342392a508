/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for cleanup.h: clean-up at the end of a scope. Copy, except that a lock
 * taken by guard() remembers where, so that giving it back has a place too (spinlock.h).
 */
#ifndef SHIM_LINUX_CLEANUP_H
#define SHIM_LINUX_CLEANUP_H

#include <linux/compiler.h>
#include <linux/err.h>

#define DEFINE_FREE(name, type, free)             \
	static inline void __free_##name(void *p) \
	{                                         \
		type _T = *(type *)p;             \
                                                  \
		free;                             \
	}
#define __free(name) __cleanup(__free_##name)

#define shim_take_ptr(p, instead)          \
	({                                 \
		__auto_type taken__ = (p); \
                                           \
		(p) = (instead);           \
		taken__;                   \
	})
#define __get_and_null(p, nullvalue) shim_take_ptr(p, nullvalue)
#define no_free_ptr(p)		     shim_take_ptr(p, NULL)
#define retain_and_null_ptr(p)	     ((void)shim_take_ptr(p, NULL))
#define return_ptr(p)		     return no_free_ptr(p)

#define DEFINE_CLASS(name, type, exit, init, init_args...)       \
	typedef type class_##name##_t;                           \
	static inline void class_##name##_destructor(type *p)    \
	{                                                        \
		type _T = *p;                                    \
                                                                 \
		exit;                                            \
	}                                                        \
	static inline type class_##name##_constructor(init_args) \
	{                                                        \
		type t = init;                                   \
                                                                 \
		return t;                                        \
	}

#define CLASS(name, var)                                                           \
	class_##name##_t var __maybe_unused __cleanup(class_##name##_destructor) = \
		class_##name##_constructor

#define guard(name) CLASS(name, __UNIQUE_ID(guard))
#define scoped_guard(name, args...) \
	for (CLASS(name, scope__)(args), *once__ = (void *)1; once__; once__ = NULL)

#endif /* SHIM_LINUX_CLEANUP_H */
