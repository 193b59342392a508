/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for backing-dev.h. Stub: nothing here writes back.
 */
#ifndef SHIM_LINUX_BACKING_DEV_H
#define SHIM_LINUX_BACKING_DEV_H

#include <linux/fs.h>

struct backing_dev_info {
	unsigned long ra_pages;
};

#endif /* SHIM_LINUX_BACKING_DEV_H */
