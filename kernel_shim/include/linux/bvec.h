/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for bvec.h. Copy; the layout is that of struct shim_bvec.
 */
#ifndef SHIM_LINUX_BVEC_H
#define SHIM_LINUX_BVEC_H

#include <linux/build_bug.h>
#include <linux/types.h>

#include "shim/iov.h"

struct bio_vec {
	struct page *bv_page;
	unsigned int bv_len;
	unsigned int bv_offset;
};

static_assert(sizeof(struct bio_vec) == sizeof(struct shim_bvec));
static_assert(offsetof(struct bio_vec, bv_len) == offsetof(struct shim_bvec, len));
static_assert(offsetof(struct bio_vec, bv_offset) == offsetof(struct shim_bvec, offset));

static inline void bvec_set_page(struct bio_vec *bv, struct page *page, unsigned int len,
				 unsigned int offset)
{
	bv->bv_page = page;
	bv->bv_len = len;
	bv->bv_offset = offset;
}

#endif /* SHIM_LINUX_BVEC_H */
