/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for random.h. Not modelled: chance would not replay.
 */
#ifndef SHIM_LINUX_RANDOM_H
#define SHIM_LINUX_RANDOM_H

#include <linux/types.h>

#define get_random_bytes(p, n) SHIM_UNMODELLED(void, "get_random_bytes", p, n)
#define get_random_u32()       SHIM_UNMODELLED(u32, "get_random_u32")
#define get_random_u64()       SHIM_UNMODELLED(u64, "get_random_u64")

#endif /* SHIM_LINUX_RANDOM_H */
