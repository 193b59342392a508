/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for miscdevice.h. Stub: the world opens /dev/fuse through the glue's table,
 * so a device number has no reader; registering succeeds.
 */
#ifndef SHIM_LINUX_MISCDEVICE_H
#define SHIM_LINUX_MISCDEVICE_H

#include <linux/fs.h>

#define FUSE_MINOR		229
#define CUSE_MINOR		203
#define MISC_DYNAMIC_MINOR	255

struct miscdevice {
	int minor;
	const char *name;
	const struct file_operations *fops;
	struct list_head list;
	umode_t mode;
};

static inline int misc_register(struct miscdevice *misc)
{
	(void)misc;
	return 0;
}

static inline void misc_deregister(struct miscdevice *misc)
{
	(void)misc;
}

#endif /* SHIM_LINUX_MISCDEVICE_H */
