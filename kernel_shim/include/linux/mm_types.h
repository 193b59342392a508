/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for mm_types.h. Model: a struct page is the runtime's frame, a struct folio a
 * view of the first of its frames.
 */
#ifndef SHIM_LINUX_MM_TYPES_H
#define SHIM_LINUX_MM_TYPES_H

#include <linux/build_bug.h>
#include <linux/types.h>

#include "shim/page.h"
#include "shim/pin.h"

#define PAGE_SHIFT	  12
#define PAGE_SIZE	  (1UL << PAGE_SHIFT)
#define PAGE_MASK	  (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(x)	  (((x) + PAGE_SIZE - 1) & PAGE_MASK)
#define PAGE_ALIGNED(x)	  (!((unsigned long)(x) & ~PAGE_MASK))
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)

struct address_space;
struct vm_area_struct;

#if __has_include("subject_probes.h")
#include "subject_probes.h"
#endif

#ifdef SHIM_FOLIO_FLAGS_WORD
typedef unsigned long memdesc_flags_t;
#else
typedef struct {
	unsigned long f;
} memdesc_flags_t;
#endif

struct page {
	struct shim_page shim;
};

/* the members that are the frame's, where the frame has them */
struct folio {
	union {
		struct page page;
		struct {
			memdesc_flags_t flags;
			int refs__;
			unsigned char bytes__[4];
			void *virt__;
			struct address_space *mapping;
			const void *allocated_at__;
			unsigned long index;
		};
	};
};

static_assert(sizeof(struct page) == sizeof(struct shim_page));
static_assert(sizeof(struct folio) == sizeof(struct shim_page));
static_assert(offsetof(struct folio, flags) == offsetof(struct shim_page, flags));
static_assert(offsetof(struct folio, mapping) == offsetof(struct shim_page, mapping));
static_assert(offsetof(struct folio, index) == offsetof(struct shim_page, index));

/* the runtime's struct shim_mm by another name; its members are not looked at */
#define mm_struct shim_mm
struct mm_struct;

enum {
	FOLL_WRITE = SHIM_FOLL_WRITE,
	FOLL_GET = SHIM_FOLL_GET,
	FOLL_DUMP = 1 << 2,
	FOLL_FORCE = 1 << 3,
	FOLL_NOWAIT = 1 << 4,
	FOLL_NOFAULT = 1 << 5,
	FOLL_HWPOISON = 1 << 6,
	FOLL_ANON = 1 << 7,
	FOLL_LONGTERM = SHIM_FOLL_LONGTERM,
	FOLL_SPLIT_PMD = 1 << 9,
	FOLL_PCI_P2PDMA = 1 << 10,
	FOLL_INTERRUPTIBLE = 1 << 11,
	FOLL_HONOR_NUMA_FAULT = 1 << 12,
};

#endif /* SHIM_LINUX_MM_TYPES_H */
