/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * iov_iter: the kinds that a driver meets: user buffer, registered buffer (bvec), kernel
 * memory (kvec), and nothing. linux/uio.h builds struct iov_iter on struct shim_iov.
 * Read by kernel code too.
 */
#ifndef SHIM_IOV_H
#define SHIM_IOV_H

#include "shim/page.h"

#define SHIM_ITER_DEST	 0 /* READ: data goes into the buffer */
#define SHIM_ITER_SOURCE 1 /* WRITE: data comes out of it */

enum shim_iov_kind {
	SHIM_IOV_NONE,	/* zeroed: has no bytes */
	SHIM_IOV_UBUF,	/* one range of user memory */
	SHIM_IOV_BVEC,	/* page frames, pinned by somebody else */
	SHIM_IOV_KVEC,	/* ranges of kernel memory */
	SHIM_IOV_IOVEC, /* several ranges: made, but walking it is not modelled */
};

struct shim_bvec { /* as struct bio_vec */
	struct page *page;
	unsigned int len, offset;
};

struct shim_kvec { /* as struct kvec */
	void *base;
	__SIZE_TYPE__ len;
};

struct shim_iov {
	unsigned char kind, source;
	__SIZE_TYPE__ count;  /* bytes left */
	__SIZE_TYPE__ offset; /* into the current segment */
	union {
		void *ubuf;
		const struct shim_bvec *bvec;
		const struct shim_kvec *kvec;
	};
	unsigned long nr_segs;
};

/** shim_import_ubuf() - [import_ubuf]: clamps to MAX_RW_COUNT; -EFAULT */
int shim_import_ubuf(int rw, void *buf, __SIZE_TYPE__ len, struct shim_iov *i);

/**
 * shim_iov_get_pages() - [iov_iter_get_pages2] with maxpages 1: a reference on
 * the next page and how many bytes of it; advances
 *
 * Return: bytes (at most @maxsize and to the end of the page), 0 when the
 * iterator is empty, -EFAULT; also for kernel memory, which may have no frames.
 */
long shim_iov_get_page(struct shim_iov *i, struct shim_page **page, __SIZE_TYPE__ maxsize,
		       __SIZE_TYPE__ *start, const struct sched_site *site);

/**
 * shim_iov_run() - the bytes of kernel memory that are next (kvec)
 *
 * Return: how many, up to the end of the range; 0 when the iterator is empty.
 */
__SIZE_TYPE__ shim_iov_run(struct shim_iov *i, void **at);

/** shim_iov_advance() - [iov_iter_advance] */
void shim_iov_advance(struct shim_iov *i, __SIZE_TYPE__ bytes);

#endif /* SHIM_IOV_H */
