/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page frames with reference counts: the kernel's own (folios of the clients)
 * and the frames behind user memory. Read by kernel code too.
 *
 * A folio here is one page frame or a run of 2^order frames of ARENA_PAGES. References
 * that are pins (FOLL_PIN) and mappings by vmap() are shim/pin.h's.
 */
#ifndef SHIM_PAGE_H
#define SHIM_PAGE_H

#include "sched/site.h"

struct page; /* defined by linux/mm_types.h after struct shim_page */

/* what struct page is made of */
struct shim_page {
	unsigned long flags; /* PG_* */
	int refs;
	unsigned char order; /* of the folio, valid in its first frame */
	unsigned char head;  /* distance to the folio's first frame */
	unsigned char pinned_peak;
	unsigned char addressed; /* how often it is mapped, up to SHIM_STAYS */
	void *virt;		 /* where the frame's bytes are */
	void *mapping;
	const struct sched_site *allocated_at;
	unsigned long index;  /* of a folio in a file's cache */
	unsigned char cached; /* in a file's cache, or was */
	unsigned char vmaps;  /* how often vmap() has it */
	unsigned int pins;    /* so many of the references are pins */
};

#define SHIM_PAGE_MAX_ORDER 8 /* 1 MiB: what "head" can tell */

/**
 * shim_page_alloc() - 2^@order frames, one reference [alloc_pages, folio_alloc]
 * @order: up to SHIM_PAGE_MAX_ORDER
 * @gfp: SHIM_GFP_* (shim/heap.h); without SHIM_GFP_ZERO filled with 0xa5
 * @site: for the leak report
 *
 * A scheduling point. NULL by fault injection (FAULT_ALLOC) only: running out
 * of frames is the simulator's limit, reported (unmodelled). A frame is not
 * reused at once.
 */
struct shim_page *shim_page_alloc(unsigned int order, unsigned int gfp,
				  const struct sched_site *site);
void shim_page_get(struct shim_page *page, const struct sched_site *site);
/** shim_page_put() - frees at zero; below zero, and a pin, are reported (kernel) */
void shim_page_put(struct shim_page *page, const struct sched_site *site);

/**
 * shim_page_pin_user() - frame behind a user address, with a reference
 * @write: the mapping must be writable
 *
 * Return: NULL if unmapped (the caller's -EFAULT). A scheduling point.
 */
struct shim_page *shim_page_pin_user(const void *addr, int write,
				     const struct sched_site *site);

#define SHIM_STAYS 255 /* has an address until its last pin goes */

/**
 * shim_page_map() - the kernel's address of a frame [kmap_local_page]
 * @stays: nobody will say when it is not used any more [page_address]
 */
#ifdef SHIM_HOOKED /* the count is the model's: no hook is to see it */
void *shim_page_map_unseen(struct shim_page *page, int stays);
#define shim_page_map shim_page_map_unseen
#else
static inline void *shim_page_map(struct shim_page *page, int stays)
{
	/* ours, in code that the subject's hooks watch: two tasks may map the same frame
	 */
	volatile unsigned char *addressed = &page->addressed;

	*addressed = stays || *addressed >= SHIM_STAYS - 1 ? SHIM_STAYS : *addressed + 1;
	return page->virt;
}
#endif

/** shim_page_unmap() - [kunmap_local] */
void shim_page_unmap(const void *virt);

/**
 * shim_page_is_addressed() - whether the kernel may use the user's address of the
 * frame at @virt as its own: for a frame of user memory both are the same
 */
int shim_page_is_addressed(const void *virt);

/** shim_page_of() - the frame that has this byte of memory; NULL: none has */
struct shim_page *shim_page_of(const void *virt);

/** shim_page_is_held() - whether anybody but a mapping of user mode has a reference */
int shim_page_is_held(const struct shim_page *page);

/** shim_page_is_live() - whether the frame (or its folio) has a reference */
int shim_page_is_live(const struct shim_page *page);

/**
 * shim_page_name() - "page+0x3010" or "user+0x1010" for an address in a frame,
 * and that of its first byte for the frame's struct; 0 if it is neither
 */
int shim_page_name(const void *addr, char *buf, __SIZE_TYPE__ len);

/*
 * For shim/user.h alone: a mapping holds a reference on the frame at @index of
 * the user region; a frame that is unmapped while pinned lives until its last put.
 */
void shim_page_user_map(unsigned long index);
void shim_page_user_unmap(unsigned long index);

/*
 * For runtime/pin.c alone: a reference of a frame of user memory that is a pin, and its
 * end. @page has one.
 */
void shim_page_add_pin(struct shim_page *page);
void shim_page_drop_pin(struct shim_page *page);

/**
 * shim_page_report_leaks() - report (heap) every reference that is left, pin, mapping,
 * and page that is still accounted to RLIMIT_MEMLOCK
 */
unsigned int shim_page_report_leaks(void);
void shim_page_reset(void);

/** shim_page_used() - the frames that were handed out */
_Bool shim_page_used(unsigned int i, __UINTPTR_TYPE__ *from, __UINTPTR_TYPE__ *to);

/** shim_frames_used() - static data of frames: SHIM_PARTS parts (shim/hook.h) */
_Bool shim_frames_used(unsigned int i, __UINTPTR_TYPE__ *from, __UINTPTR_TYPE__ *to);

/** shim_page_checkpoint() - frames, mappings and pins are state of an execution */
struct checkpoint;
void shim_page_checkpoint(struct checkpoint *c);

#endif /* SHIM_PAGE_H */
