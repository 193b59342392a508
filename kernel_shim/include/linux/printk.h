/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for printk.h. Model: a line goes to shim_printk(), which captures it.
 * Rate limiting is a stub (nothing is dropped: a line has no cost when nobody listens).
 */
#ifndef SHIM_LINUX_PRINTK_H
#define SHIM_LINUX_PRINTK_H

#include <linux/compiler.h>

#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif

#define shim_pr(level, fmt, ...) shim_printk(level, SCHED_SITE(NULL), fmt, ##__VA_ARGS__)
#define shim_pr_once(level, fmt, ...)                       \
	do {                                                \
		static bool said__;                         \
                                                            \
		if (!*(volatile bool *)&said__) {           \
			*(volatile bool *)&said__ = true;   \
			shim_pr(level, fmt, ##__VA_ARGS__); \
		}                                           \
	} while (0)

#define pr_emerg(fmt, ...)  shim_pr(0, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)  shim_pr(1, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...)   shim_pr(2, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...)    shim_pr(3, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)   shim_pr(4, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...) shim_pr(5, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)   shim_pr(6, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)  shim_pr(7, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_devel(fmt, ...)  pr_debug(fmt, ##__VA_ARGS__)

#define pr_err_ratelimited(fmt, ...)	pr_err(fmt, ##__VA_ARGS__)
#define pr_warn_ratelimited(fmt, ...)	pr_warn(fmt, ##__VA_ARGS__)
#define pr_notice_ratelimited(fmt, ...) pr_notice(fmt, ##__VA_ARGS__)
#define pr_info_ratelimited(fmt, ...)	pr_info(fmt, ##__VA_ARGS__)
#define pr_debug_ratelimited(fmt, ...)	pr_debug(fmt, ##__VA_ARGS__)

#define pr_err_once(fmt, ...)	 shim_pr_once(3, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_once(fmt, ...)	 shim_pr_once(4, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice_once(fmt, ...) shim_pr_once(5, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info_once(fmt, ...)	 shim_pr_once(6, pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug_once(fmt, ...)	 shim_pr_once(7, pr_fmt(fmt), ##__VA_ARGS__)

/* the level is part of the format in the kernel; here it is left out */
#define KERN_ERR	 ""
#define KERN_WARNING	 ""
#define KERN_NOTICE	 ""
#define KERN_INFO	 ""
#define KERN_DEBUG	 ""
#define printk(fmt, ...) shim_pr(4, fmt, ##__VA_ARGS__)

#endif /* SHIM_LINUX_PRINTK_H */
