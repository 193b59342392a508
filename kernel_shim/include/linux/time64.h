/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for time64.h. Copy.
 */
#ifndef SHIM_LINUX_TIME64_H
#define SHIM_LINUX_TIME64_H

#include <linux/types.h>

struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};

#endif /* SHIM_LINUX_TIME64_H */
