/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for uapi/linux/magic.h. Copy.
 */
#ifndef SHIM_UAPI_LINUX_MAGIC_H
#define SHIM_UAPI_LINUX_MAGIC_H

#define FUSE_SUPER_MAGIC	0x65735546
#define FUSE_CTL_SUPER_MAGIC	0x65735543

#endif /* SHIM_UAPI_LINUX_MAGIC_H */
