/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for highmem.h. Copy: every frame has an address. Who maps it is
 * counted, because for user memory that address is the user's, too: shim/page.h.
 * Flushing caches is a stub: there is one address for each byte. For a range of vmap() it
 * says when the kernel accesses it: a point, as copies to and from user memory are.
 */
#ifndef SHIM_LINUX_HIGHMEM_H
#define SHIM_LINUX_HIGHMEM_H

#include <linux/mm.h>
#include <linux/string.h>

#define folio_test_highmem(f) ((void)(f), false)
#define kmap_local_page(p)    shim_page_map(&(p)->shim, 0)
#define kmap_local_folio(f, offset) \
	((void *)((char *)shim_page_map(&(f)->page.shim, 0) + (offset)))
#define kmap(p)				   shim_page_map(&(p)->shim, 0)
#define kunmap(p)			   shim_page_unmap((p)->shim.virt)
#define kunmap_local(addr)		   shim_page_unmap(addr)
#define flush_dcache_page(p)		   ((void)(p))
#define flush_dcache_folio(f)		   ((void)(f))
#define invalidate_kernel_vmap_range(p, n) shim_vmap_ordered(p, n, 0, SCHED_SITE(#p))
#define flush_kernel_vmap_range(p, n)	   shim_vmap_ordered(p, n, 1, SCHED_SITE(#p))

static inline void zero_user_segment(struct page *page, unsigned int start,
				     unsigned int end)
{
	char *at = kmap_local_page(page);

	if (start < end)
		memset(at + start, 0, end - start);
	kunmap_local(at);
}

static inline void clear_highpage(struct page *page)
{
	zero_user_segment(page, 0, PAGE_SIZE);
}

static inline void memcpy_to_folio(struct folio *folio, size_t offset, const char *from,
				   size_t len)
{
	char *to = kmap_local_folio(folio, offset);

	memcpy(to, from, len);
	kunmap_local(to);
	flush_dcache_folio(folio);
}

static inline void memcpy_from_folio(char *to, struct folio *folio, size_t offset,
				     size_t len)
{
	const char *from = kmap_local_folio(folio, offset);

	memcpy(to, from, len);
	kunmap_local(from);
}

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
