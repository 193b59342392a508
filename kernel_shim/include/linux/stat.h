/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for stat.h. Copy: the bits of a mode and of statx.
 */
#ifndef SHIM_LINUX_STAT_H
#define SHIM_LINUX_STAT_H

#include <linux/time64.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#define S_IFMT	   0170000
#define S_IFSOCK   0140000
#define S_IFLNK	   0120000
#define S_IFREG	   0100000
#define S_IFBLK	   0060000
#define S_IFDIR	   0040000
#define S_IFCHR	   0020000
#define S_IFIFO	   0010000
#define S_ISLNK(m) (((m)&S_IFMT) == S_IFLNK)
#define S_ISREG(m) (((m)&S_IFMT) == S_IFREG)
#define S_ISDIR(m) (((m)&S_IFMT) == S_IFDIR)

#define STATX_TYPE   0x0001U
#define STATX_MODE   0x0002U
#define STATX_NLINK  0x0004U
#define STATX_UID    0x0008U
#define STATX_GID    0x0010U
#define STATX_ATIME  0x0020U
#define STATX_MTIME  0x0040U
#define STATX_CTIME  0x0080U
#define STATX_INO    0x0100U
#define STATX_SIZE   0x0200U
#define STATX_BLOCKS 0x0400U
#define STATX_BTIME  0x0800U

#endif /* SHIM_LINUX_STAT_H */
