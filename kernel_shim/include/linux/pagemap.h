/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for pagemap.h: the page cache. Not modelled, but for what highmem.h has.
 */
#ifndef SHIM_LINUX_PAGEMAP_H
#define SHIM_LINUX_PAGEMAP_H

#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#define replace_page_cache_folio(old, new) \
	SHIM_UNMODELLED(void, "replace_page_cache_folio", old, new)

#endif /* SHIM_LINUX_PAGEMAP_H */
