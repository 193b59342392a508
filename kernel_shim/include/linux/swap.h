/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for swap.h. Not modelled.
 */
#ifndef SHIM_LINUX_SWAP_H
#define SHIM_LINUX_SWAP_H

#include <linux/mm.h>

#define folio_add_lru(f) SHIM_UNMODELLED(void, "folio_add_lru", f)

#endif /* SHIM_LINUX_SWAP_H */
