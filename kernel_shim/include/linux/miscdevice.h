/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for miscdevice.h. Model: the registry is the runtime's (shim/misc.h). The
 * numbers of devices that have a fixed one are their drivers' to tell.
 */
#ifndef SHIM_LINUX_MISCDEVICE_H
#define SHIM_LINUX_MISCDEVICE_H

#include <linux/fs.h>

#include "shim/misc.h"

#define MISC_DYNAMIC_MINOR SHIM_MISC_DYNAMIC_MINOR

struct attribute_group;
struct device;

struct miscdevice {
	int minor;
	const char *name;
	const struct file_operations *fops;
	struct list_head list;
	struct device *parent;
	struct device *this_device;
	const struct attribute_group **groups;
	const char *nodename;
	umode_t mode;
	struct shim_misc shim;
};

int misc_register(struct miscdevice *misc);
void misc_deregister(struct miscdevice *misc);

#endif /* SHIM_LINUX_MISCDEVICE_H */
