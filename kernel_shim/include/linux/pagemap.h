/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for pagemap.h: the page cache of a file. Model (subject/filemap.c): folios of
 * one page each, with a lock; nothing is read ahead, written back or reclaimed.
 */
#ifndef SHIM_LINUX_PAGEMAP_H
#define SHIM_LINUX_PAGEMAP_H

#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

static inline bool folio_test_uptodate(const struct folio *folio)
{
	const bool is = READ_ONCE(folio->page.shim.flags) & 1UL << PG_uptodate;

	/* what was read into it is seen by who sees the bit */
	if (is)
		smp_rmb();
	return is;
}

static inline void folio_mark_uptodate(struct folio *folio)
{
	smp_wmb();
	set_bit(PG_uptodate, &folio->page.shim.flags);
}

static inline size_t offset_in_folio(const struct folio *folio, loff_t pos)
{
	return (size_t)pos & (folio_size(folio) - 1);
}

/**
 * mapping_init() - a file without pages [address_space_init_once]
 */
void mapping_init(struct address_space *mapping, struct inode *host);

/** filemap_get_folio() - the folio at @index, referenced, or ERR_PTR(-ENOENT) */
struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index);

/**
 * filemap_grab_folio() - the same, locked, and made if there is none
 * [__filemap_get_folio, FGP_LOCK | FGP_CREAT]. ERR_PTR(-ENOMEM)
 */
struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index);

/**
 * invalidate_inode_pages2_range() - take the folios from @start to @end out; waits for
 * those that are locked
 */
int invalidate_inode_pages2_range(struct address_space *mapping, pgoff_t start,
				  pgoff_t end);

/* What was said of pages until 6.13: here each folio of the cache is one. */

#define PageUptodate(page)	  folio_test_uptodate((struct folio *)(page))
#define SetPageUptodate(page)	  folio_mark_uptodate((struct folio *)(page))
#define unlock_page(page)	  folio_unlock((struct folio *)(page))
#define mapping_gfp_mask(mapping) ((void)(mapping), GFP_HIGHUSER_MOVABLE)

/* NULL: there is none */
static inline struct page *find_get_page(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = filemap_get_folio(mapping, index);

	return IS_ERR(folio) ? NULL : &folio->page;
}

/* locked; NULL: no memory */
static inline struct page *find_or_create_page(struct address_space *mapping,
					       pgoff_t index, gfp_t gfp)
{
	struct folio *folio = filemap_grab_folio(mapping, index);

	(void)gfp;
	return IS_ERR(folio) ? NULL : &folio->page;
}

#define replace_page_cache_folio(old, new) \
	SHIM_UNMODELLED(void, "replace_page_cache_folio", old, new)

#endif /* SHIM_LINUX_PAGEMAP_H */
