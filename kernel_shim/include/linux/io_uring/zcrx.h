/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for uapi/linux/io_uring/zcrx.h: zero-copy receive, of which the io_uring
 * interface only names types.
 */
#ifndef SHIM_LINUX_IO_URING_ZCRX_H
#define SHIM_LINUX_IO_URING_ZCRX_H

#include <linux/types.h>

#endif /* SHIM_LINUX_IO_URING_ZCRX_H */
