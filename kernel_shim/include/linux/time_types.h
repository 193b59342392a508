/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for uapi/linux/time_types.h. Copy.
 */
#ifndef SHIM_LINUX_TIME_TYPES_H
#define SHIM_LINUX_TIME_TYPES_H

#include <linux/types.h>

struct __kernel_timespec {
	__s64 tv_sec;
	long long tv_nsec;
};

#endif /* SHIM_LINUX_TIME_TYPES_H */
