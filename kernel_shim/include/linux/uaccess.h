/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for uaccess.h. Model: shim/user.h.
 */
#ifndef SHIM_LINUX_UACCESS_H
#define SHIM_LINUX_UACCESS_H

#include <linux/errno.h>
#include <linux/types.h>

#include "shim/user.h"

#define TASK_SIZE_MAX	   SHIM_TASK_SIZE
#define u64_to_user_ptr(x) ((void __user *)(uintptr_t)(u64)(x))

#define access_ok(addr, size)	      ((bool)shim_access_ok(addr, size))
#define copy_to_user(to, from, n)     shim_copy_to_user(to, from, n, SCHED_SITE(#to))
#define copy_from_user(to, from, n)   shim_copy_from_user(to, from, n, SCHED_SITE(#from))
#define __copy_to_user(to, from, n)   copy_to_user(to, from, n)
#define __copy_from_user(to, from, n) copy_from_user(to, from, n)

#define get_user(x, ptr)                                                                 \
	({                                                                               \
		const typeof(*(ptr)) __user *from__ = (ptr);                             \
		typeof(*(ptr)) user__ = 0;                                               \
		int err__ = shim_copy_from_user((void *)&user__, from__, sizeof(user__), \
						SCHED_SITE(#ptr))                        \
				    ? -EFAULT                                            \
				    : 0;                                                 \
                                                                                         \
		(x) = user__;                                                            \
		err__;                                                                   \
	})

#define put_user(x, ptr)                                                           \
	({                                                                         \
		typeof(*(ptr)) __user *to__ = (ptr);                               \
		typeof(*(ptr)) user__ = (x);                                       \
                                                                                   \
		shim_copy_to_user(to__, &user__, sizeof(user__), SCHED_SITE(#ptr)) \
			? -EFAULT                                                  \
			: 0;                                                       \
	})

#define clear_user(to, n) SHIM_UNMODELLED(unsigned long, "clear_user", to, n)
#define strncpy_from_user(to, from, n) \
	SHIM_UNMODELLED(long, "strncpy_from_user", to, from, n)

#endif /* SHIM_LINUX_UACCESS_H */
