/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for xattr.h: types by name.
 */
#ifndef SHIM_LINUX_XATTR_H
#define SHIM_LINUX_XATTR_H

#include <linux/types.h>

struct xattr_handler;

#endif /* SHIM_LINUX_XATTR_H */
