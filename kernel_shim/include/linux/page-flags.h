/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for page-flags.h: the names of the bits. Copy in kind; the numbers are ours,
 * nobody outside sees them. Nothing here sets any.
 */
#ifndef SHIM_LINUX_PAGE_FLAGS_H
#define SHIM_LINUX_PAGE_FLAGS_H

#include <linux/mm_types.h>

enum pageflags {
	PG_locked,
	PG_writeback,
	PG_referenced,
	PG_uptodate,
	PG_dirty,
	PG_lru,
	PG_head,
	PG_waiters,
	PG_active,
	PG_workingset,
	PG_private,
	PG_reclaim,
	PG_mlocked,
	PG_mappedtodisk,
	__NR_PAGEFLAGS
};

#define LRU_GEN_MASK		 0UL
#define LRU_REFS_MASK		 0UL
#define PAGE_FLAGS_CHECK_AT_PREP ((1UL << __NR_PAGEFLAGS) - 1)

#endif /* SHIM_LINUX_PAGE_FLAGS_H */
