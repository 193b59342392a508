/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for overflow.h: sizes that stick at SIZE_MAX, which no allocation grants.
 * Copy.
 */
#ifndef SHIM_LINUX_OVERFLOW_H
#define SHIM_LINUX_OVERFLOW_H

#include <linux/limits.h>
#include <linux/types.h>

#define check_add_overflow(a, b, d) __builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d) __builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d) __builtin_mul_overflow(a, b, d)

static inline size_t size_mul(size_t a, size_t b)
{
	size_t product;

	return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

static inline size_t size_add(size_t a, size_t b)
{
	size_t sum;

	return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

#define array_size(a, b)	      size_mul(a, b)
#define array3_size(a, b, c)	      size_mul(size_mul(a, b), c)
#define flex_array_size(p, member, n) size_mul(n, sizeof(*(p)->member))
#define struct_size(p, member, n)     size_add(sizeof(*(p)), flex_array_size(p, member, n))
#define struct_size_t(type, member, n) \
	size_add(sizeof(type), size_mul(n, sizeof(*((type *)0)->member)))

#endif /* SHIM_LINUX_OVERFLOW_H */
