/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for build_bug.h. Copy; BUILD_BUG_ON() of what is no constant expression, as
 * in a function that the kernel relies on being inlined, checks nothing.
 */
#ifndef SHIM_LINUX_BUILD_BUG_H
#define SHIM_LINUX_BUILD_BUG_H

#define static_assert(expr, ...) SHIM_STATIC_ASSERT(expr, ##__VA_ARGS__, #expr)
#define SHIM_STATIC_ASSERT(expr, msg, ...) _Static_assert(expr, msg)
#define BUILD_BUG_ON_ZERO(e, ...)	   ((int)sizeof(struct { int : (-!!(e)); }))
#define BUILD_BUG_ON(cond)		   ((void)sizeof(char[1 - 2 * !!(cond)]))
#define BUILD_BUG_ON_MSG(cond, msg)	   BUILD_BUG_ON(cond)
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)	   BUILD_BUG_ON((n) == 0 || ((n) & ((n)-1)))
#define BUILD_BUG()			   _Static_assert(0, "BUILD_BUG")

#endif /* SHIM_LINUX_BUILD_BUG_H */
