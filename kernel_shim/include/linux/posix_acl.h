/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for posix_acl.h: types by name.
 */
#ifndef SHIM_LINUX_POSIX_ACL_H
#define SHIM_LINUX_POSIX_ACL_H

struct posix_acl;

#endif /* SHIM_LINUX_POSIX_ACL_H */
