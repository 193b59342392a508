/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for iomap.h: what a page cache of whole pages needs of it.
 */
#ifndef SHIM_LINUX_IOMAP_H
#define SHIM_LINUX_IOMAP_H

#include <linux/pagemap.h>

/* a folio of one block has no state of its own beside its flag */
#define iomap_folio_mark_uptodate(folio) folio_mark_uptodate(folio)

#endif /* SHIM_LINUX_IOMAP_H */
