/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page frames with reference counts: the kernel's own (folios of the clients)
 * and the frames behind user memory. Read by kernel code too.
 *
 * A folio here is one page frame or a run of 2^order frames of ARENA_PAGES.
 */
#ifndef SHIM_PAGE_H
#define SHIM_PAGE_H

#include "sched/site.h"

struct page;		/* defined by linux/mm_types.h after struct shim_page */

/* what struct page is made of */
struct shim_page {
	unsigned long flags;		/* PG_* */
	int refs;
	unsigned char order;		/* of the folio, valid in its first frame */
	unsigned char head;		/* distance to the folio's first frame */
	unsigned char pinned_peak;
	void *virt;			/* where the frame's bytes are */
	void *mapping;
	const struct sched_site *allocated_at;
};

/** shim_page_alloc() - 2^@order frames, one reference; NULL by fault injection */
struct shim_page *shim_page_alloc(unsigned int order, unsigned int gfp,
				  const struct sched_site *site);
void shim_page_get(struct shim_page *page, const struct sched_site *site);
/** shim_page_put() - frees at zero; below zero is reported (kernel) */
void shim_page_put(struct shim_page *page, const struct sched_site *site);

/**
 * shim_page_pin_user() - frame behind a user address, with a reference
 * @write: the mapping must be writable
 *
 * Return: NULL if unmapped (the caller's -EFAULT). A scheduling point.
 */
struct shim_page *shim_page_pin_user(const void *addr, int write,
				     const struct sched_site *site);

/** shim_page_report_leaks() - report (heap) every reference that is left */
unsigned int shim_page_report_leaks(void);
void shim_page_reset(void);

#endif /* SHIM_PAGE_H */
