/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for mount.h: types by name.
 */
#ifndef SHIM_LINUX_MOUNT_H
#define SHIM_LINUX_MOUNT_H

#include <linux/types.h>

struct vfsmount;
struct super_block;

#endif /* SHIM_LINUX_MOUNT_H */
