/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for slab.h. Model: shim/heap.h. An object is labelled by what the source
 * asks for: "*queue", "struct device".
 */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/overflow.h>

#include "shim/heap.h"

#define shim_alloc(size, gfp, text)   shim_kmalloc(size, gfp, SCHED_SITE(text))
#define shim_kzalloc(size, gfp, text) shim_alloc(size, (gfp) | __GFP_ZERO, text)

#define kmalloc(size, ...)	      shim_alloc(size, default_gfp(__VA_ARGS__), #size)
#define kzalloc(size, ...)	      shim_kzalloc(size, default_gfp(__VA_ARGS__), #size)
#define kvmalloc(size, ...)	      shim_alloc(size, default_gfp(__VA_ARGS__), #size)
#define kvzalloc(size, ...)	      shim_kzalloc(size, default_gfp(__VA_ARGS__), #size)
#define kmalloc_array(n, size, gfp)   shim_alloc(size_mul(n, size), gfp, #size)
#define kvmalloc_array(n, size, gfp)  shim_alloc(size_mul(n, size), gfp, #size)
#define kcalloc(n, size, gfp)	      shim_kzalloc(size_mul(n, size), gfp, #size)
#define kvcalloc(n, size, gfp)	      shim_kzalloc(size_mul(n, size), gfp, #size)
#define kmalloc_node(size, gfp, node) ((void)(node), shim_alloc(size, gfp, #size))
#define kzalloc_node(size, gfp, node) ((void)(node), shim_kzalloc(size, gfp, #size))
#define krealloc(p, size, gfp)	      SHIM_UNMODELLED(void *, "krealloc", p, size, gfp)

/* typed: a variable, an expression of the type, or the type itself */
#define shim_objs(alloc, what, n, gfp, text) \
	((typeof(what) *)alloc(size_mul(n, sizeof(typeof(what))), gfp, text))
#define shim_flex(alloc, what, member, n, gfp, text) \
	((typeof(what) *)alloc(struct_size_t(typeof(what), member, n), gfp, text))

#define kmalloc_obj(what, ...) \
	shim_objs(shim_alloc, what, 1, default_gfp(__VA_ARGS__), #what)
#define kmalloc_objs(what, n, ...) \
	shim_objs(shim_alloc, what, n, default_gfp(__VA_ARGS__), #what)
#define kmalloc_flex(what, member, n, ...) \
	shim_flex(shim_alloc, what, member, n, default_gfp(__VA_ARGS__), #what)
#define kzalloc_obj(what, ...) \
	shim_objs(shim_kzalloc, what, 1, default_gfp(__VA_ARGS__), #what)
#define kzalloc_objs(what, n, ...) \
	shim_objs(shim_kzalloc, what, n, default_gfp(__VA_ARGS__), #what)
#define kzalloc_flex(what, member, n, ...) \
	shim_flex(shim_kzalloc, what, member, n, default_gfp(__VA_ARGS__), #what)
#define kvmalloc_obj(what, ...) \
	shim_objs(shim_alloc, what, 1, default_gfp(__VA_ARGS__), #what)
#define kvmalloc_objs(what, n, ...) \
	shim_objs(shim_alloc, what, n, default_gfp(__VA_ARGS__), #what)
#define kvmalloc_flex(what, member, n, ...) \
	shim_flex(shim_alloc, what, member, n, default_gfp(__VA_ARGS__), #what)
#define kvzalloc_obj(what, ...) \
	shim_objs(shim_kzalloc, what, 1, default_gfp(__VA_ARGS__), #what)
#define kvzalloc_objs(what, n, ...) \
	shim_objs(shim_kzalloc, what, n, default_gfp(__VA_ARGS__), #what)
#define kvzalloc_flex(what, member, n, ...) \
	shim_flex(shim_kzalloc, what, member, n, default_gfp(__VA_ARGS__), #what)

#define kfree(p)       shim_kfree(p, SCHED_SITE(#p))
#define kvfree(p)      shim_kfree(p, SCHED_SITE(#p))
#define kfree_const(p) shim_kfree(p, SCHED_SITE(#p))

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))

/* struct kmem_cache is the runtime's struct shim_cache by another name */
#define kmem_cache shim_cache

#define SLAB_HWCACHE_ALIGN   0u
#define SLAB_ACCOUNT	     0u
#define SLAB_RECLAIM_ACCOUNT 0u
#define SLAB_PANIC	     0u

/* alignment and flags change nothing that can be seen; constructors would */
#define kmem_cache_create(name, size, align, flags, ctor)                       \
	({                                                                      \
		void (*ctor__)(void *) = (ctor);                                \
                                                                                \
		(void)(align);                                                  \
		(void)(flags);                                                  \
		if (ctor__)                                                     \
			shim_unmodelled("kmem_cache_create with a constructor", \
					SCHED_SITE(NULL));                      \
		shim_cache_create(name, size, SCHED_SITE(#size));               \
	})
#define KMEM_CACHE(type, flags) \
	kmem_cache_create(#type, sizeof(struct type), 0, flags, NULL)
#define kmem_cache_destroy(cache)    shim_cache_destroy(cache, SCHED_SITE(#cache))
#define kmem_cache_alloc(cache, gfp) shim_cache_alloc(cache, gfp, SCHED_SITE(#cache))
#define kmem_cache_zalloc(cache, gfp) \
	shim_cache_alloc(cache, (gfp) | __GFP_ZERO, SCHED_SITE(#cache))
#define kmem_cache_free(cache, p) shim_cache_free(cache, p, SCHED_SITE(#p))

static inline void *kmemdup(const void *from, size_t n, gfp_t gfp)
{
	void *p = shim_kmalloc(n, gfp, SCHED_SITE("kmemdup"));

	if (p)
		memcpy(p, from, n);
	return p;
}

#endif /* SHIM_LINUX_SLAB_H */
