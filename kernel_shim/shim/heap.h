/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel heap: kmalloc family and kmem_cache. Every object knows its
 * allocation site and label; freed memory is poisoned and not reused at once.
 * Read by kernel code too: builtin types only.
 */
#ifndef SHIM_HEAP_H
#define SHIM_HEAP_H

#include "sched/site.h"

/* gfp bits that matter here; the values are the shim's own */
#define SHIM_GFP_ATOMIC	 0x01u /* must not sleep */
#define SHIM_GFP_ZERO	 0x02u
#define SHIM_GFP_NOFAIL	 0x04u
#define SHIM_GFP_ACCOUNT 0x08u

struct shim_cache;

/**
 * shim_kmalloc() - allocate @size bytes [kmalloc, kzalloc, kvmalloc]
 * @size: bytes; 0 gives a pointer that must not be used but may be freed
 * @gfp: SHIM_GFP_*; without SHIM_GFP_ZERO the bytes are filled with 0xa5
 * @site: its expr labels the object in traces and reports
 *
 * A scheduling point. Fails when fault injection says so (shim/fault.h), unless
 * SHIM_GFP_NOFAIL. Sleeping while atomic without SHIM_GFP_ATOMIC is reported.
 */
void *shim_kmalloc(__SIZE_TYPE__ size, unsigned int gfp, const struct sched_site *site);

/**
 * shim_kfree() - free [kfree, kvfree]; NULL is fine
 *
 * Double free, and a pointer that no allocation returned, are reported (heap).
 */
void shim_kfree(const void *ptr, const struct sched_site *site);

/* @site: its expr says of which size, "sizeof(struct request)" */
struct shim_cache *shim_cache_create(const char *name, __SIZE_TYPE__ size,
				     const struct sched_site *site);
void shim_cache_destroy(struct shim_cache *cache, const struct sched_site *site);
void *shim_cache_alloc(struct shim_cache *cache, unsigned int gfp,
		       const struct sched_site *site);
void shim_cache_free(struct shim_cache *cache, void *ptr, const struct sched_site *site);

/* For the layers above and the tests. */

/** shim_heap_live() - bytes and objects that are allocated now */
unsigned long shim_heap_live(unsigned long *bytes);

/** shim_heap_numbers() - how many objects were allocated since the start */
unsigned int shim_heap_numbers(void);

/** shim_heap_report_leaks() - report (heap) every live object, by label and site */
unsigned int shim_heap_report_leaks(void);

/** shim_heap_mark() - what is live now is not a leak (module-lifetime objects) */
void shim_heap_mark(void);

/**
 * shim_heap_name() - "label#n+off" for an address in the heap, in order of
 * allocation; false if it is in no object that was ever allocated
 */
int shim_heap_name(const void *addr, char *buf, __SIZE_TYPE__ len);

/** shim_heap_tag(), shim_heap_tag_name() - the object at an address, to be named later */
unsigned int shim_heap_tag(const void *addr);
int shim_heap_tag_name(unsigned int tag, const void *addr, char *buf, __SIZE_TYPE__ len);

/** shim_heap_kind() - its label and where in it @addr is, or NULL */
const char *shim_heap_kind(const void *addr, __SIZE_TYPE__ *offset);

/**
 * struct shim_heap_object - what is known about an object
 * @offset: of the address that was asked for; outside 0 to @size: beside it
 * @made: says in its expr of which type it is: where it was allocated, or its cache
 * created
 * @freed_at, @freed_by: NULL if it is allocated; name of the task
 */
struct shim_heap_object {
	const char *label;
	__SIZE_TYPE__ size;
	long offset;
	const struct sched_site *allocated_at, *made, *freed_at;
	const char *freed_by;
};

/** shim_heap_find() - the object at or around @addr. Return: whether there is one */
int shim_heap_find(const void *addr, struct shim_heap_object *found);

/**
 * shim_heap_report_about() - the next report is about this object, or the field of it
 * that @o->offset is in
 */
void shim_heap_report_about(const char *rule, const struct shim_heap_object *o);

void shim_heap_reset(void);

/** shim_heap_used() - the part of the arena that objects were handed out of */
_Bool shim_heap_used(unsigned int i, __UINTPTR_TYPE__ *from, __UINTPTR_TYPE__ *to);

/** shim_heap_checkpoint() - objects are state of an execution */
struct checkpoint;
void shim_heap_checkpoint(struct checkpoint *c);

/**
 * shim_heap_size_at() - size of the allocated object that begins at @p, whatever @p is;
 * 0: there is none
 *
 * Quick: for those that follow a subject's pointers, and must not trust them.
 */
__SIZE_TYPE__ shim_heap_size_at(const void *p);

/** shim_heap_number_at() - likewise its number, from 1: none is given twice */
unsigned int shim_heap_number_at(const void *p);

/** shim_heap_is_live() - whether @addr is inside an allocated object */
int shim_heap_is_live(const void *addr);

#endif /* SHIM_HEAP_H */
