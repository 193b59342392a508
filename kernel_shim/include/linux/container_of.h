/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for container_of.h. Copy.
 */
#ifndef SHIM_LINUX_CONTAINER_OF_H
#define SHIM_LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>
#include <linux/compiler.h>

#define container_of(ptr, type, member)                                     \
	({                                                                  \
		void *member__ = (void *)(ptr);                             \
                                                                            \
		static_assert(__same_type(*(ptr), ((type *)0)->member) ||   \
				      __same_type(*(ptr), void),            \
			      "container_of: not a pointer to the member"); \
		(type *)(member__ - offsetof(type, member));                \
	})
#define container_of_const(ptr, type, member) container_of(ptr, type, member)

#endif /* SHIM_LINUX_CONTAINER_OF_H */
