/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for log2.h. Copy.
 */
#ifndef SHIM_LINUX_LOG2_H
#define SHIM_LINUX_LOG2_H

#include <linux/types.h>

#define ilog2(n) ((n) < 2 ? 0 : 63 - __builtin_clzll(n))

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return n < 2 ? 1 : 2ul << ilog2(n - 1);
}

static inline unsigned long rounddown_pow_of_two(unsigned long n)
{
	return 1ul << ilog2(n);
}

#endif /* SHIM_LINUX_LOG2_H */
