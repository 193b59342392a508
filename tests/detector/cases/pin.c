// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be done wrong with user memory that is pinned and mapped by vmap().
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

#include "cases.h"

#define NR 2 /* pages at the cases' @arg */

static volatile u64 sink;

/* what tasks of one case share: cleared by those that begin */
static struct shared {
	struct page *pages[NR];
	char *map;
	struct mm_struct *mm;
	spinlock_t lock;
	int mapped;
} shared;

static bool keeps(void *user)
{
	if (pin_user_pages_fast((unsigned long)user, NR, FOLL_WRITE | FOLL_LONGTERM,
				shared.pages) != NR)
		return false;
	shared.map = vmap(shared.pages, NR, VM_MAP, PAGE_KERNEL);
	return shared.map;
}

static void gives_back(void)
{
	vunmap(shared.map);
	unpin_user_pages_dirty_lock(shared.pages, NR, true);
}

static void use(void)
{
	memset(shared.map + 100, 7, PAGE_SIZE);
	sink = shared.map[5000];
}

CASE(uses_mapping)
{
	if (!keeps(arg))
		return;
	use();
	gives_back();
}

/* the server unmaps it meanwhile: nothing changes for the kernel */
CASE(keeps_mapping)
{
	keeps(arg);
}

CASE(uses_kept_mapping)
{
	(void)arg;
	use();
	gives_back();
}

CASE(uses_mapping_after_vunmap)
{
	if (!keeps(arg))
		return;
	gives_back();
	use();
}

CASE(uses_mapping_after_unpin)
{
	if (!keeps(arg))
		return;
	unpin_user_pages(shared.pages, NR);
	use();
	vunmap(shared.map);
}

CASE(writes_behind_mapping)
{
	if (!keeps(arg))
		return;
	memset(shared.map + PAGE_SIZE, 0, PAGE_SIZE + 1);
	gives_back();
}

CASE(writes_all_of_mapping)
{
	if (!keeps(arg))
		return;
	memset(shared.map, 0, NR * PAGE_SIZE);
	gives_back();
}

CASE(uses_pinned_without_mapping)
{
	if (pin_user_pages_fast((unsigned long)arg, NR, FOLL_WRITE, shared.pages) != NR)
		return;
	sink = *(volatile char *)arg;
	unpin_user_pages(shared.pages, NR);
}

CASE(reads_header_of_mapping_twice)
{
	u32 length;

	if (!keeps(arg))
		return;
	length = READ_ONCE(*(u32 *)shared.map);
	if (length < 4)
		sink = READ_ONCE(*(u32 *)shared.map);
	gives_back();
}

CASE(gives_hole_to_mapping)
{
	char *hole = kmalloc(64, GFP_KERNEL);

	if (!keeps(arg) || !hole)
		return;
	memcpy(shared.map, hole, 64);
	gives_back();
	kfree(hole);
}

/* ---- beside each other ---- */

CASE(maps_for_others)
{
	spin_lock_init(&shared.lock);
	keeps(arg);
	spin_lock(&shared.lock);
	shared.mapped = 1;
	spin_unlock(&shared.lock);
}

CASE(writes_mapping_under_lock)
{
	(void)arg;
	spin_lock(&shared.lock);
	if (shared.mapped)
		*(u32 *)shared.map = 1;
	spin_unlock(&shared.lock);
}

static void sees_it(void)
{
	spin_lock(&shared.lock);
	spin_unlock(&shared.lock);
}

CASE(writes_mapping)
{
	(void)arg;
	sees_it();
	*(u32 *)shared.map = 2;
}

CASE(writes_mapping_elsewhere)
{
	(void)arg;
	sees_it();
	*(u32 *)(shared.map + 4) = 2;
}

CASE(ends_mapping)
{
	(void)arg;
	sees_it();
	gives_back();
}

/* as maps_for_others, and again, as for a second queue */
CASE(maps_for_two_purposes)
{
	struct page *pages[NR];

	spin_lock_init(&shared.lock);
	keeps(arg);
	if (pin_user_pages_fast((unsigned long)arg, NR, FOLL_WRITE, pages) == NR)
		sink = vmap(pages, NR, VM_MAP, PAGE_KERNEL) != NULL;
	spin_lock(&shared.lock);
	shared.mapped = 1;
	spin_unlock(&shared.lock);
}

/* of the same frames: the first one stays */
CASE(maps_again_and_ends_that)
{
	struct page *pages[NR];
	void *map;

	(void)arg;
	sees_it();
	if (pin_user_pages_fast((unsigned long)shared.map, NR, FOLL_WRITE, pages) != NR)
		return;
	map = vmap(pages, NR, VM_MAP, PAGE_KERNEL);
	vunmap(map);
	unpin_user_pages_dirty_lock(pages, NR, true);
}

CASE(pins_for_others)
{
	spin_lock_init(&shared.lock);
	if (pin_user_pages_fast((unsigned long)arg, NR, FOLL_WRITE, shared.pages) != NR)
		return;
	spin_lock(&shared.lock);
	spin_unlock(&shared.lock);
}

CASE(maps_and_ends_that)
{
	(void)arg;
	sees_it();
	vunmap(vmap(shared.pages, NR, VM_MAP, PAGE_KERNEL));
}

/* ---- what may sleep ---- */

CASE(unmaps_under_spinlock)
{
	DEFINE_SPINLOCK(lock);

	if (!keeps(arg))
		return;
	spin_lock(&lock);
	vunmap(shared.map);
	spin_unlock(&lock);
	unpin_user_pages(shared.pages, NR);
}

CASE(unpins_dirty_under_spinlock)
{
	DEFINE_SPINLOCK(lock);

	if (!keeps(arg))
		return;
	vunmap(shared.map);
	spin_lock(&lock);
	unpin_user_pages_dirty_lock(shared.pages, NR, true);
	spin_unlock(&lock);
}

CASE(unpins_under_spinlock)
{
	DEFINE_SPINLOCK(lock);

	if (!keeps(arg))
		return;
	vunmap(shared.map);
	spin_lock(&lock);
	unpin_user_pages(shared.pages, NR);
	spin_unlock(&lock);
}

CASE(accounts_under_spinlock)
{
	DEFINE_SPINLOCK(lock);

	(void)arg;
	spin_lock(&lock);
	if (!account_locked_vm(current->mm, NR, true))
		account_locked_vm(current->mm, NR, false);
	spin_unlock(&lock);
}

/* ---- the account, and iterators ---- */

CASE(accounts)
{
	struct mm_struct *mm = current->mm;

	(void)arg;
	mmgrab(mm);
	if (!account_locked_vm(mm, NR, true))
		account_locked_vm(mm, NR, false);
	mmdrop(mm);
}

CASE(copies_to_iterator)
{
	struct kvec ranges[2];
	struct iov_iter iter;

	if (!keeps(arg))
		return;
	ranges[0] = (struct kvec){ shared.map + 4092, 4 };
	ranges[1] = (struct kvec){ shared.map, 4 };
	iov_iter_kvec(&iter, ITER_DEST, ranges, 2, 8);
	if (copy_to_iter("sixteen", 8, &iter) != 8 || iov_iter_count(&iter))
		BUG();
	gives_back();
}

CASE(copies_from_iterator)
{
	struct kvec range;
	struct iov_iter iter;
	char bytes[8];

	if (!keeps(arg))
		return;
	range = (struct kvec){ shared.map + 4092, 8 };
	iov_iter_kvec(&iter, ITER_SOURCE, &range, 1, 8);
	iov_iter_advance(&iter, 3);
	if (copy_from_iter(bytes, 8, &iter) != 5 || memcmp(bytes, "\0\0\0\0\0", 5))
		BUG();
	gives_back();
}

/* a request's copy walks the pages of the mapping, in whatever task */
CASE(walks_pinned_pages)
{
	struct bio_vec bv = { .bv_len = 4096, .bv_offset = 2048 };
	struct iov_iter iter;
	struct page *page;
	size_t start;
	char *at;

	if (!keeps(arg))
		return;
	bv.bv_page = shared.pages[0];
	iov_iter_bvec(&iter, ITER_DEST, &bv, 1, 4096);
	while (iov_iter_get_pages2(&iter, &page, PAGE_SIZE, 1, &start) > 0) {
		at = kmap_local_page(page);
		memset(at + start, 1, 2048);
		kunmap_local(at);
		put_page(page);
	}
	gives_back();
}
