// SPDX-License-Identifier: GPL-2.0-only
/*
 * iov_iter for a user buffer, page frames and kernel memory. Model of import_ubuf(),
 * iov_iter_advance() and iov_iter_get_pages2() of lib/iov_iter.c.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "shim/arena.h"
#include "shim/fault.h"
#include "shim/iov.h"
#include "shim/log.h"
#include "shim/user.h"

/* MAX_RW_COUNT: the largest int, rounded down to whole pages */
#define MAX_BYTES (0x7fffffffUL & ~(SHIM_PAGE_SIZE - 1))

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

int shim_import_ubuf(int rw, void *buf, size_t len, struct shim_iov *i)
{
	len = smaller(len, MAX_BYTES);
	if (fault_hit(FAULT_IMPORT) || !shim_access_ok(buf, len))
		return -EFAULT;
	*i = (struct shim_iov){
		.kind = SHIM_IOV_UBUF,
		.source = (unsigned char)rw,
		.count = len,
		.ubuf = buf,
		.nr_segs = 1,
	};
	return 0;
}

static void next_range(struct shim_iov *i)
{
	while (i->nr_segs && i->offset >= i->kvec->len) {
		i->offset -= i->kvec->len;
		i->kvec++;
		i->nr_segs--;
	}
}

/* to the segment that has the byte at ->offset, past used-up and empty ones */
static void next_segment(struct shim_iov *i)
{
	while (i->nr_segs && i->offset >= i->bvec->len) {
		i->offset -= i->bvec->len;
		i->bvec++;
		i->nr_segs--;
	}
}

void shim_iov_advance(struct shim_iov *i, size_t bytes)
{
	bytes = smaller(bytes, i->count);
	i->count -= bytes;
	i->offset += bytes;
	if (i->kind == SHIM_IOV_BVEC && bytes)
		next_segment(i);
	if (i->kind == SHIM_IOV_KVEC && bytes)
		next_range(i);
	if (i->kind == SHIM_IOV_IOVEC && bytes)
		shim_unmodelled("iov_iter_iovec_advance", SCHED_SITE(NULL));
}

size_t shim_iov_run(struct shim_iov *i, void **at)
{
	if (!i->count)
		return 0;
	next_range(i);
	if (!i->nr_segs)
		return 0;
	*at = (char *)i->kvec->base + i->offset;
	return smaller(i->count, i->kvec->len - i->offset);
}

/* what is left of the page from @offset on, if no more than @max is wanted */
static size_t in_page(size_t offset, size_t max)
{
	return smaller(max, SHIM_PAGE_SIZE - offset);
}

static long get_user_page(struct shim_iov *i, struct shim_page **page, size_t max,
			  size_t *start, const struct sched_site *site)
{
	const char *addr = (const char *)i->ubuf + i->offset;
	struct shim_page *frame;

	frame = shim_page_pin_user(addr, i->source == SHIM_ITER_DEST, site);
	if (!frame)
		return -EFAULT;
	*page = frame;
	*start = (uintptr_t)addr % SHIM_PAGE_SIZE;
	return (long)in_page(*start, max);
}

/* A segment may span frames that follow each other, as a bio_vec may. */
static long get_bvec_page(struct shim_iov *i, struct shim_page **page, size_t max,
			  size_t *start, const struct sched_site *site)
{
	size_t offset;

	next_segment(i);
	if (!i->nr_segs)
		return -EFAULT;
	offset = i->bvec->offset + i->offset;
	*page = (struct shim_page *)i->bvec->page + (offset >> SHIM_PAGE_SHIFT);
	*start = offset % SHIM_PAGE_SIZE;
	shim_page_get(*page, site);
	return (long)in_page(*start, smaller(max, i->bvec->len - i->offset));
}

long shim_iov_get_page(struct shim_iov *i, struct shim_page **page, size_t maxsize,
		       size_t *start, const struct sched_site *site)
{
	size_t max = smaller(smaller(maxsize, i->count), MAX_BYTES);
	long got;

	if (!max)
		return 0;
	if (i->kind == SHIM_IOV_KVEC)
		return -EFAULT; /* [__iov_iter_get_pages_alloc] */
	if (i->kind == SHIM_IOV_IOVEC)
		shim_unmodelled("iov_iter_get_pages2 of several ranges", site);
	if (i->kind == SHIM_IOV_UBUF)
		got = get_user_page(i, page, max, start, site);
	else
		got = get_bvec_page(i, page, max, start, site);
	/* no caller may count on a whole page: it comes again for the rest */
	if (got > 1 && fault_hit(FAULT_SHORT_PAGE))
		got /= 2;
	if (got > 0)
		shim_iov_advance(i, (size_t)got);
	return got;
}
