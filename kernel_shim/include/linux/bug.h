/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for bug.h. Model: WARN is a report (shim_warn()) and goes on, BUG ends the
 * execution. The _ONCE flags are the subject's globals, put back between executions.
 */
#ifndef SHIM_LINUX_BUG_H
#define SHIM_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/printk.h>

#define BUG() shim_bug(SCHED_SITE("BUG()"))
#define BUG_ON(cond)                                 \
	do {                                         \
		if (unlikely(cond))                  \
			shim_bug(SCHED_SITE(#cond)); \
	} while (0)

#define WARN_ON(cond)                                                       \
	({                                                                  \
		int warn__ = !!(cond);                                      \
                                                                            \
		if (unlikely(warn__))                                       \
			shim_warn(SCHED_SITE(#cond), "WARN_ON(%s)", #cond); \
		unlikely(warn__);                                           \
	})

#define WARN(cond, fmt, ...)                                                      \
	({                                                                        \
		int warn__ = !!(cond);                                            \
                                                                                  \
		if (unlikely(warn__))                                             \
			shim_warn(SCHED_SITE(#cond), pr_fmt(fmt), ##__VA_ARGS__); \
		unlikely(warn__);                                                 \
	})

#define WARN_ON_ONCE(cond)                                                       \
	({                                                                       \
		static bool warned__;                                            \
		int warn__ = !!(cond);                                           \
                                                                                 \
		if (unlikely(warn__ && !warned__)) {                             \
			warned__ = true;                                         \
			shim_warn(SCHED_SITE(#cond), "WARN_ON_ONCE(%s)", #cond); \
		}                                                                \
		unlikely(warn__);                                                \
	})

#define WARN_ONCE(cond, fmt, ...)                                                 \
	({                                                                        \
		static bool warned__;                                             \
		int warn__ = !!(cond);                                            \
                                                                                  \
		if (unlikely(warn__ && !warned__)) {                              \
			warned__ = true;                                          \
			shim_warn(SCHED_SITE(#cond), pr_fmt(fmt), ##__VA_ARGS__); \
		}                                                                 \
		unlikely(warn__);                                                 \
	})

#define VM_WARN_ON_ONCE(cond) WARN_ON_ONCE(cond)
#define VM_BUG_ON(cond)	      BUG_ON(cond)

#endif /* SHIM_LINUX_BUG_H */
