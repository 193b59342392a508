/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for minmax.h. Copy, without the check that both sides have one signedness.
 */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

#define shim_compare(a, op, b)          \
	({                              \
		__auto_type a__ = (a);  \
		__auto_type b__ = (b);  \
                                        \
		a__ op b__ ? a__ : b__; \
	})

#define min(a, b)		   shim_compare(a, <, b)
#define max(a, b)		   shim_compare(a, >, b)
#define umin(a, b)		   min((a) + 0ull, (b) + 0ull)
#define umax(a, b)		   max((a) + 0ull, (b) + 0ull)
#define min_t(type, a, b)	   min((type)(a), (type)(b))
#define max_t(type, a, b)	   max((type)(a), (type)(b))
#define min3(a, b, c)		   min(min(a, b), c)
#define max3(a, b, c)		   max(max(a, b), c)
#define clamp(val, lo, hi)	   min(max(val, lo), hi)
#define clamp_t(type, val, lo, hi) clamp((type)(val), (type)(lo), (type)(hi))

#define min_not_zero(a, b)                                       \
	({                                                       \
		__auto_type x__ = (a);                           \
		__auto_type y__ = (b);                           \
                                                                 \
		x__ == 0 ? y__ : y__ == 0 ? x__ : min(x__, y__); \
	})

#define swap(a, b)                      \
	do {                            \
		typeof(a) swap__ = (a); \
                                        \
		(a) = (b);              \
		(b) = swap__;           \
	} while (0)

#endif /* SHIM_LINUX_MINMAX_H */
