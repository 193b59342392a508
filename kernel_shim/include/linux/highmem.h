/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for highmem.h. Copy: every frame has an address, mapping one costs nothing.
 * Flushing caches is a stub: there is one address for each byte.
 */
#ifndef SHIM_LINUX_HIGHMEM_H
#define SHIM_LINUX_HIGHMEM_H

#include <linux/mm.h>
#include <linux/string.h>

#define folio_test_highmem(f)		((void)(f), false)
#define kmap_local_page(p)		page_address(p)
#define kmap_local_folio(f, offset)	((void *)((char *)folio_address(f) + (offset)))
#define kmap(p)				page_address(p)
#define kunmap(p)			((void)(p))
#define kunmap_local(addr)		((void)(addr))
#define flush_dcache_page(p)		((void)(p))
#define flush_dcache_folio(f)		((void)(f))
#define invalidate_kernel_vmap_range(p, n) ((void)(p), (void)(n))
#define flush_kernel_vmap_range(p, n)	((void)(p), (void)(n))

static inline void folio_zero_range(struct folio *folio, size_t start, size_t n)
{
	memset(kmap_local_folio(folio, start), 0, n);
}

static inline void folio_zero_segment(struct folio *folio, size_t start, size_t end)
{
	if (start < end)
		memset(kmap_local_folio(folio, start), 0, end - start);
}

static inline void folio_zero_segments(struct folio *folio, size_t start1, size_t end1,
				       size_t start2, size_t end2)
{
	folio_zero_segment(folio, start1, end1);
	folio_zero_segment(folio, start2, end2);
}

#endif /* SHIM_LINUX_HIGHMEM_H */
