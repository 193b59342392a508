/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for a header of vendors' kernels: room that their structures keep for later.
 * Stub: nobody here is built against one and run with another.
 */
#ifndef SHIM_LINUX_KABI_H
#define SHIM_LINUX_KABI_H

#define KABI_RESERVE(n)

#endif /* SHIM_LINUX_KABI_H */
