/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for kernel.h and what it drags in. Copy.
 */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include <linux/build_bug.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/kconfig.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/types.h>

#define ARRAY_SIZE(a)	    (sizeof(a) / sizeof((a)[0]))
#define upper_32_bits(n)    ((u32)((u64)(n) >> 32))
#define lower_32_bits(n)    ((u32)(n))
#define __stringify_1(x...) #x
#define __stringify(x...)   __stringify_1(x)

#define might_sleep() shim_might_sleep(SCHED_SITE("might_sleep()"))
#define might_sleep_if(cond)           \
	do {                           \
		if (cond)              \
			might_sleep(); \
	} while (0)

#endif /* SHIM_LINUX_KERNEL_H */
