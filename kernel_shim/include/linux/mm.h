/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for mm.h. References of frames: model (shim/page.h). Pins of user memory and
 * the account of locked memory: model (shim/pin.h). Of the page cache what
 * pagemap.h has; dirty and mapped pages and the LRU are not modelled: only splice needs
 * them.
 */
#ifndef SHIM_LINUX_MM_H
#define SHIM_LINUX_MM_H

#include <linux/cred.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/page-flags.h>
#include <linux/sched.h>

static inline struct folio *page_folio(const struct page *page)
{
	return (struct folio *)(page - page->shim.head);
}

static inline struct page *folio_page(struct folio *folio, size_t n)
{
	return &folio->page + n;
}

static inline size_t folio_size(const struct folio *folio)
{
	return PAGE_SIZE << folio->page.shim.order;
}

static inline unsigned int folio_order(const struct folio *folio)
{
	return folio->page.shim.order;
}

static inline long folio_nr_pages(const struct folio *folio)
{
	return 1L << folio->page.shim.order;
}

static inline bool folio_test_large(const struct folio *folio)
{
	return folio->page.shim.order > 0;
}

static inline void *page_address(const struct page *page)
{
	return shim_page_map((struct shim_page *)&page->shim, 1);
}

static inline void *folio_address(const struct folio *folio)
{
	return shim_page_map((struct shim_page *)&folio->page.shim, 1);
}

#define get_page(p)  shim_page_get(&(p)->shim, SCHED_SITE(#p))
#define put_page(p)  shim_page_put(&(p)->shim, SCHED_SITE(#p))
#define folio_get(f) shim_page_get(&(f)->page.shim, SCHED_SITE(#f))
#define folio_put(f) shim_page_put(&(f)->page.shim, SCHED_SITE(#f))

#define alloc_pages(gfp, order) \
	((struct page *)shim_page_alloc(order, gfp, SCHED_SITE("page")))
#define alloc_page(gfp) alloc_pages(gfp, 0)
#define folio_alloc(gfp, order) \
	((struct folio *)shim_page_alloc(order, gfp, SCHED_SITE("folio")))
#define __free_page(p) put_page(p)

/* of folios or, until 6.13, of pages */
typedef union {
	struct folio **folios;
	struct page **pages;
} release_pages_arg __attribute__((transparent_union));

static inline void release_pages(release_pages_arg arg, int nr)
{
	while (nr--)
		folio_put(arg.folios[nr]);
}

#define pin_user_pages_fast(start, nr, flags, pages)                              \
	((int)shim_pin_user_pages(start, nr, flags, (struct shim_page **)(pages), \
				  SCHED_SITE(#pages)))
#define unpin_user_pages(pages, nr) \
	shim_unpin_user_pages((struct shim_page **)(pages), nr, 0, SCHED_SITE(#pages))
#define unpin_user_pages_dirty_lock(pages, nr, dirty) \
	shim_unpin_user_pages((struct shim_page **)(pages), nr, dirty, SCHED_SITE(#pages))

static inline void shim_unpin_user_page(struct page *page, const struct sched_site *site)
{
	struct shim_page *one = &page->shim;

	shim_unpin_user_pages(&one, 1, 0, site);
}

#define unpin_user_page(page) shim_unpin_user_page(page, SCHED_SITE(#page))

/* whether there is a limit is asked of who calls, whose memory it may not be */
static inline int shim_account_locked(struct mm_struct *mm, unsigned long pages, bool inc,
				      const struct sched_site *site)
{
	return shim_account_locked_vm(mm, pages, inc, capable(CAP_IPC_LOCK), site);
}

#define account_locked_vm(mm, pages, inc) \
	shim_account_locked(mm, pages, inc, SCHED_SITE(#mm))

/* filemap.c of the shim (pagemap.h) */
void folio_lock(struct folio *folio);
void folio_unlock(struct folio *folio);

/*
 * stub: the frames behind user memory are always resident and never written
 * back, so a dirty bit has no reader
 */
#define set_page_dirty_lock(p) ((void)(p))
#define set_page_dirty(p)      ((void)(p))
#define folio_mark_dirty(f)    ((void)(f))

#define dump_page(p, why)	    SHIM_UNMODELLED(void, "dump_page", p, why)
#define folio_mapped(f)		    SHIM_UNMODELLED(bool, "folio_mapped", f)
#define folio_test_dirty(f)	    SHIM_UNMODELLED(bool, "folio_test_dirty", f)
#define folio_test_writeback(f)	    SHIM_UNMODELLED(bool, "folio_test_writeback", f)
#define folio_test_mlocked(f)	    SHIM_UNMODELLED(bool, "folio_test_mlocked", f)
#define folio_has_private(f)	    SHIM_UNMODELLED(bool, "folio_has_private", f)
#define folio_clear_uptodate(f)	    SHIM_UNMODELLED(void, "folio_clear_uptodate", f)
#define folio_clear_mappedtodisk(f) SHIM_UNMODELLED(void, "folio_clear_mappedtodisk", f)

#endif /* SHIM_LINUX_MM_H */
