/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for kref.h. Model, by way of refcount.h.
 */
#ifndef SHIM_LINUX_KREF_H
#define SHIM_LINUX_KREF_H

#include <linux/refcount.h>

struct kref {
	refcount_t refcount;
};

#define KREF_INIT(n)                         \
	{                                    \
		.refcount = REFCOUNT_INIT(n) \
	}
#define kref_init(k)		refcount_set(&(k)->refcount, 1)
#define kref_read(k)		refcount_read(&(k)->refcount)
#define kref_get(k)		refcount_inc(&(k)->refcount)
#define kref_get_unless_zero(k) refcount_inc_not_zero(&(k)->refcount)
#define kref_put(k, release)                                           \
	({                                                             \
		struct kref *kref__ = (k);                             \
		int last__ = refcount_dec_and_test(&kref__->refcount); \
                                                                       \
		if (last__)                                            \
			(release)(kref__);                             \
		last__;                                                \
	})

#endif /* SHIM_LINUX_KREF_H */
