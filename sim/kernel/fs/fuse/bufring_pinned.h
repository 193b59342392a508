/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE_URING_PINNED: the server's areas are pinned as long as anything can be copied,
 * and reached through the kernel's own mapping by any task, whatever its address space.
 *
 * Headers are mapped in one piece, as a slot may lie across two pages. Payload is
 * copied a page at a time by fuse core, which takes an iov_iter: there the list of
 * pages is enough.
 */
#ifndef _FS_FUSE_BUFRING_PINNED_H
#define _FS_FUSE_BUFRING_PINNED_H

#include <linux/bvec.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

/**
 * struct fuse_pinned_area - pages of the server that do not go away
 * @pages: them, or NULL
 * @nr_pages: how many
 * @offset: where in the first page the area begins
 * @map: headers: where the kernel has the first page, the others behind it
 * @bvecs: payload: a segment for each page
 */
struct fuse_pinned_area {
	struct page **pages;
	unsigned int nr_pages;
	unsigned int offset;
	void *map;
	struct bio_vec *bvecs;
};

/**
 * struct fuse_bufring_pins - what a queue has pinned
 * @mm: whose memory is locked; NULL: nothing is, or not any more
 * @headers: mapped
 * @payload: listed
 */
struct fuse_bufring_pins {
	struct mm_struct *mm;
	struct fuse_pinned_area headers, payload;
};

static inline unsigned long pinned_area_pages(const struct iovec *area)
{
	return DIV_ROUND_UP(offset_in_page(area->iov_base) + area->iov_len, PAGE_SIZE);
}

static inline void pinned_area_release(struct fuse_pinned_area *area)
{
	if (area->map)
		vunmap(area->map);
	if (area->nr_pages)
		unpin_user_pages_dirty_lock(area->pages, area->nr_pages, true);
	kvfree(area->bvecs);
	kvfree(area->pages);
	memset(area, 0, sizeof(*area));
}

static inline int pinned_area_pin(struct fuse_pinned_area *area, const struct iovec *user)
{
	unsigned long nr = pinned_area_pages(user);
	long pinned;

	/* the server says how long it is: too long is no reason to complain */
	area->pages = kvmalloc_objs(*area->pages, nr, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!area->pages)
		return -ENOMEM;
	area->offset = offset_in_page(user->iov_base);
	pinned = pin_user_pages_fast((unsigned long)user->iov_base & PAGE_MASK, nr,
				     FOLL_WRITE | FOLL_LONGTERM, area->pages);
	if (pinned < 0)
		return pinned;
	area->nr_pages = pinned;
	return pinned == nr ? 0 : -EFAULT;
}

static inline int pinned_area_map(struct fuse_pinned_area *area)
{
	area->map = vmap(area->pages, area->nr_pages, VM_MAP, PAGE_KERNEL);
	return area->map ? 0 : -ENOMEM;
}

static inline int pinned_area_list(struct fuse_pinned_area *area)
{
	unsigned int i;

	area->bvecs = kvmalloc_objs(*area->bvecs, area->nr_pages,
				    GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!area->bvecs)
		return -ENOMEM;
	for (i = 0; i < area->nr_pages; i++)
		bvec_set_page(&area->bvecs[i], area->pages[i], PAGE_SIZE, 0);
	return 0;
}

/**
 * fuse_bufring_pin() - pin both areas of the current task's
 * @pins: empty
 * @areas: headers and payload in user memory, which access_ok() has agreed to
 *
 * Context: a task that has this memory; may sleep.
 * Return: 0; -ENOMEM: no memory, or more than RLIMIT_MEMLOCK lets it lock; -EFAULT: not
 * all of it is there and can be written to. On error nothing is left.
 */
static inline int fuse_bufring_pin(struct fuse_bufring_pins *pins,
				   const struct iovec areas[2])
{
	unsigned long nr = pinned_area_pages(&areas[0]) + pinned_area_pages(&areas[1]);
	int err;

	/* pin_user_pages_fast() counts pages by int */
	if (nr > INT_MAX)
		return -ENOMEM;
	err = account_locked_vm(current->mm, nr, true);
	if (err)
		return err;

	err = pinned_area_pin(&pins->headers, &areas[0]);
	if (!err)
		err = pinned_area_map(&pins->headers);
	if (!err)
		err = pinned_area_pin(&pins->payload, &areas[1]);
	if (!err)
		err = pinned_area_list(&pins->payload);
	if (err) {
		pinned_area_release(&pins->headers);
		pinned_area_release(&pins->payload);
		account_locked_vm(current->mm, nr, false);
		return err;
	}
	pins->mm = current->mm;
	mmgrab(pins->mm);
	return 0;
}

/**
 * fuse_bufring_unpin() - the end of fuse_bufring_pin(), if that was called
 * @pins: nobody copies any more
 *
 * The first of several callers does it. The address space may have no user any more.
 *
 * Context: any task; may sleep.
 */
static inline void fuse_bufring_unpin(struct fuse_bufring_pins *pins)
{
	struct mm_struct *mm = xchg(&pins->mm, NULL);
	unsigned long nr;

	if (!mm)
		return;
	nr = pins->headers.nr_pages + pins->payload.nr_pages;
	pinned_area_release(&pins->headers);
	pinned_area_release(&pins->payload);
	account_locked_vm(mm, nr, false);
	mmdrop(mm);
}

/** pinned_area_put() - write @len bytes at @offset of the area, which is mapped */
static inline void pinned_area_put(const struct fuse_pinned_area *area, size_t offset,
				   const void *from, size_t len)
{
	void *to = area->map + area->offset + offset;

	memcpy(to, from, len);
	flush_kernel_vmap_range(to, len);
}

/** pinned_area_get() - read likewise, each byte once, whatever the server does */
static inline void pinned_area_get(const struct fuse_pinned_area *area, size_t offset,
				   void *to, size_t len)
{
	void *from = area->map + area->offset + offset;

	invalidate_kernel_vmap_range(from, len);
	memcpy(to, from, len);
	/* later looks at the copy are not to become looks at the original */
	barrier();
}

/** pinned_area_iter() - to copy @len bytes from @offset of the area on, by page */
static inline void pinned_area_iter(const struct fuse_pinned_area *area,
				    struct iov_iter *iter, unsigned int direction,
				    size_t offset, size_t len)
{
	size_t at = area->offset + offset;
	unsigned int first = at / PAGE_SIZE;

	iov_iter_bvec(iter, direction, area->bvecs + first,
		      DIV_ROUND_UP(offset_in_page(at) + len, PAGE_SIZE),
		      len + offset_in_page(at));
	iov_iter_advance(iter, offset_in_page(at));
}

#endif /* _FS_FUSE_BUFRING_PINNED_H */
