/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for math.h and align.h. Copy.
 */
#ifndef SHIM_LINUX_MATH_H
#define SHIM_LINUX_MATH_H

#include <linux/types.h>

#define round_up(x, y)	       ((((x)-1) | ((typeof(x))((y)-1))) + 1)
#define round_down(x, y)       ((x) & ~((typeof(x))((y)-1)))
#define ALIGN(x, a)	       round_up(x, a)
#define ALIGN_DOWN(x, a)       round_down(x, a)
#define PTR_ALIGN(p, a)	       ((typeof(p))ALIGN((unsigned long)(p), (a)))
#define IS_ALIGNED(x, a)       (((x) & ((typeof(x))(a)-1)) == 0)
#define DIV_ROUND_UP_ULL(n, d) DIV_ROUND_UP((unsigned long long)(n), (d))
#define roundup(x, y)	       ((((x) + ((y)-1)) / (y)) * (y))
#define rounddown(x, y)	       ((x) - ((x) % (y)))
#define abs(x)                              \
	({                                  \
		__auto_type abs__ = (x);    \
		abs__ < 0 ? -abs__ : abs__; \
	})
#define do_div(n, base)                             \
	({                                          \
		u32 rem__ = (u64)(n) % (u32)(base); \
                                                    \
		(n) = (u64)(n) / (u32)(base);       \
		rem__;                              \
	})

#endif /* SHIM_LINUX_MATH_H */
