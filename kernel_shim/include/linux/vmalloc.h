/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for vmalloc.h: frames as one range of kernel addresses. Model: shim/pin.h.
 * Memory of vmalloc() itself is slab.h's kvmalloc().
 */
#ifndef SHIM_LINUX_VMALLOC_H
#define SHIM_LINUX_VMALLOC_H

#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/slab.h>

#define VM_MAP		 0x00000004
#define VM_USERMAP	 0x00000008
#define VM_MAP_PUT_PAGES 0x00000200

typedef struct {
	unsigned long pgprot;
} pgprot_t;

#define PAGE_KERNEL    ((pgprot_t){ 0 })
#define PAGE_KERNEL_RO ((pgprot_t){ 1 })

static inline void *shim_vmap_as(struct page **pages, unsigned int count,
				 unsigned long flags, pgprot_t prot,
				 const struct sched_site *site)
{
	if (flags != VM_MAP || prot.pgprot != PAGE_KERNEL.pgprot)
		shim_unmodelled("vmap other than with VM_MAP and PAGE_KERNEL", site);
	return shim_vmap((struct shim_page **)pages, count, site);
}

#define vmap(pages, count, flags, prot) \
	shim_vmap_as(pages, count, flags, prot, SCHED_SITE(#pages))
#define vunmap(addr) shim_vunmap(addr, SCHED_SITE(#addr))

#define vmalloc(size) shim_alloc(size, GFP_KERNEL, #size)
#define vzalloc(size) shim_kzalloc(size, GFP_KERNEL, #size)
#define vfree(p)      shim_kfree(p, SCHED_SITE(#p))

#endif /* SHIM_LINUX_VMALLOC_H */
