/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for jiffies.h. Model: virtual time (shim/work.h). The arithmetic: copy.
 */
#ifndef SHIM_LINUX_JIFFIES_H
#define SHIM_LINUX_JIFFIES_H

#include <linux/types.h>

#include "shim/work.h"

#define jiffies		 shim_jiffies()
#define HZ		 SHIM_HZ
#define USER_HZ		 100
#define INITIAL_JIFFIES	 SHIM_INITIAL_JIFFIES
#define MAX_JIFFY_OFFSET ((~0UL >> 1) - 1)
#define MSEC_PER_SEC	 1000L
#define USEC_PER_SEC	 1000000L
#define NSEC_PER_SEC	 1000000000L

#define time_after(a, b)	     ((long)((unsigned long)(b) - (unsigned long)(a)) < 0)
#define time_before(a, b)	     time_after(b, a)
#define time_after_eq(a, b)	     (!time_before(a, b))
#define time_before_eq(a, b)	     time_after_eq(b, a)
#define time_after64(a, b)	     ((s64)((u64)(b) - (u64)(a)) < 0)
#define time_before64(a, b)	     time_after64(b, a)
#define time_is_before_jiffies(a)    time_after(jiffies, a)
#define time_is_after_jiffies(a)     time_before(jiffies, a)
#define time_is_before_eq_jiffies(a) time_after_eq(jiffies, a)
#define time_is_after_eq_jiffies(a)  time_before_eq(jiffies, a)

#define secs_to_jiffies(s)   ((unsigned long)((s)*HZ))
#define msecs_to_jiffies(ms) (((unsigned long)(ms)*HZ + 999) / 1000)
#define jiffies_to_msecs(j)  ((unsigned int)((j)*1000 / HZ))
#define get_jiffies_64()     ((u64)jiffies)

#endif /* SHIM_LINUX_JIFFIES_H */
