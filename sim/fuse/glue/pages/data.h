/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Data of a request is in pages: a tree that took dev_uring.c to a kernel before 6.14.
 */
#ifndef GLUE_DATA_H
#define GLUE_DATA_H

#define glue_desc fuse_page_desc
/* here a folio of one page is that page (linux/mm_types.h) */
#define glue_data_is(ap, frames) ((ap)->pages = (struct page **)(frames))
#define glue_data_count(ap)	 ((ap)->num_pages)

#endif /* GLUE_DATA_H */
