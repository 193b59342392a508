/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Data of a request is in folios, since 6.14.
 */
#ifndef GLUE_DATA_H
#define GLUE_DATA_H

#define glue_desc		 fuse_folio_desc
#define glue_data_is(ap, frames) ((ap)->folios = (frames))
#define glue_data_count(ap)	 ((ap)->num_folios)

#endif /* GLUE_DATA_H */
