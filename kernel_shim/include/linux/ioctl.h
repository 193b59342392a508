/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for ioctl.h. Copy: how the number of an ioctl is put together.
 */
#ifndef SHIM_LINUX_IOCTL_H
#define SHIM_LINUX_IOCTL_H

#define _IOC(dir, type, nr, size) (((dir) << 30) | ((size) << 16) | ((type) << 8) | (nr))
#define _IO(type, nr)		  _IOC(0U, (type), (nr), 0)
#define _IOW(type, nr, arg)	  _IOC(1U, (type), (nr), sizeof(arg))
#define _IOR(type, nr, arg)	  _IOC(2U, (type), (nr), sizeof(arg))
#define _IOWR(type, nr, arg)	  _IOC(3U, (type), (nr), sizeof(arg))

#endif /* SHIM_LINUX_IOCTL_H */
