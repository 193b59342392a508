/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for uio.h. Model: shim/iov.h. An iterator over several ranges can be made,
 * as import_iovec() does, but not walked: the model's calls say so.
 */
#ifndef SHIM_LINUX_UIO_H
#define SHIM_LINUX_UIO_H

#include <linux/bvec.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/uaccess.h>

#include "shim/iov.h"

struct iovec {
	void __user *iov_base;
	size_t iov_len;
};

struct kvec {
	void *iov_base;
	size_t iov_len;
};

static_assert(sizeof(struct kvec) == sizeof(struct shim_kvec));
static_assert(offsetof(struct kvec, iov_len) == offsetof(struct shim_kvec, len));

#define ITER_DEST    SHIM_ITER_DEST
#define ITER_SOURCE  SHIM_ITER_SOURCE
#define READ	     SHIM_ITER_DEST
#define WRITE	     SHIM_ITER_SOURCE
#define UIO_FASTIOV  8
#define UIO_MAXIOV   1024
#define MAX_RW_COUNT ((ssize_t)(INT_MAX & PAGE_MASK))

struct iov_iter {
	struct shim_iov shim; /* nothing before or after it */
};

static_assert(sizeof(struct iov_iter) == sizeof(struct shim_iov));

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->shim.count;
}

static inline bool user_backed_iter(const struct iov_iter *i)
{
	return i->shim.kind == SHIM_IOV_UBUF || i->shim.kind == SHIM_IOV_IOVEC;
}

static inline bool iter_is_ubuf(const struct iov_iter *i)
{
	return i->shim.kind == SHIM_IOV_UBUF;
}

static inline bool iov_iter_is_bvec(const struct iov_iter *i)
{
	return i->shim.kind == SHIM_IOV_BVEC;
}

static inline bool iov_iter_is_kvec(const struct iov_iter *i)
{
	return i->shim.kind == SHIM_IOV_KVEC;
}

static inline unsigned char iov_iter_rw(const struct iov_iter *i)
{
	return i->shim.source;
}

static inline void iov_iter_truncate(struct iov_iter *i, u64 count)
{
	if (i->shim.count > count)
		i->shim.count = count;
}

static inline void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	shim_iov_advance(&i->shim, bytes);
}

static inline int import_ubuf(int rw, void __user *buf, size_t len, struct iov_iter *i)
{
	return shim_import_ubuf(rw, buf, len, &i->shim);
}

void iov_iter_init(struct iov_iter *i, unsigned int direction, const struct iovec *iov,
		   unsigned long nr_segs, size_t count);
void iov_iter_kvec(struct iov_iter *i, unsigned int direction, const struct kvec *kvec,
		   unsigned long nr_segs, size_t count);
void iov_iter_bvec(struct iov_iter *i, unsigned int direction, const struct bio_vec *bvec,
		   unsigned long nr_segs, size_t count);
size_t copy_to_iter(const void *from, size_t bytes, struct iov_iter *i);
size_t copy_from_iter(void *to, size_t bytes, struct iov_iter *i);
ssize_t shim_import_iovec(int rw, const struct iovec __user *uvec, unsigned int nr_segs,
			  unsigned int fast_segs, struct iovec **iovp, struct iov_iter *i,
			  const struct sched_site *site);

#define import_iovec(rw, uvec, nr_segs, fast_segs, iovp, i) \
	shim_import_iovec(rw, uvec, nr_segs, fast_segs, iovp, i, SCHED_SITE(#uvec))

static inline ssize_t shim_get_pages2(struct iov_iter *i, struct page **pages,
				      size_t maxsize, unsigned int maxpages,
				      size_t *start, const struct sched_site *site)
{
	struct shim_page *page;
	ssize_t n;

	if (maxpages != 1)
		shim_unmodelled("iov_iter_get_pages2 of more than one page", site);
	n = shim_iov_get_page(&i->shim, &page, maxsize, start, site);
	if (n > 0)
		pages[0] = (struct page *)page;
	return n;
}

#define iov_iter_get_pages2(i, pages, maxsize, maxpages, start) \
	shim_get_pages2(i, pages, maxsize, maxpages, start, SCHED_SITE(#i))

#endif /* SHIM_LINUX_UIO_H */
