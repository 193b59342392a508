/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User memory: one region of the arena, mapped and unmapped by page, and the
 * copies between it and the kernel. Read by kernel code too.
 */
#ifndef SHIM_USER_H
#define SHIM_USER_H

#include "sched/site.h"

struct shim_mm;

#define SHIM_PROT_READ	1u
#define SHIM_PROT_WRITE 2u
#define SHIM_TASK_SIZE	0x00007ffffffff000UL /* TASK_SIZE_MAX */

/** shim_mm_new() - an address space; all share the region, not the mappings */
struct shim_mm *shim_mm_new(void);

/**
 * shim_mmap() - map @size bytes (rounded up to pages) of fresh zeroed memory
 * with a hole after it, so that running off the end is a fault
 *
 * Return: the address, or NULL when ARENA_USER is used up.
 */
void *shim_mmap(struct shim_mm *mm, __SIZE_TYPE__ size, unsigned int prot);

/**
 * shim_mmap_too() - map what shim_mmap() has just mapped elsewhere in @mm, too
 * @p, @size, @prot: what that returned, and was given
 */
void shim_mmap_too(struct shim_mm *mm, const void *p, __SIZE_TYPE__ size,
		   unsigned int prot);
/**
 * shim_mm_fork() - [dup_mm]: an address space with the same mappings. What one of the two
 * writes the other one sees: nothing is copied on write
 */
struct shim_mm *shim_mm_fork(const struct shim_mm *mm);

#define SHIM_MEMLOCK 2048 /* RLIMIT_MEMLOCK of an address space, in pages, at first */

/**
 * shim_mm_set_memlock() - how many pages its tasks may have accounted as locked
 * [setrlimit, RLIMIT_MEMLOCK]
 *
 * Tasks that have CAP_IPC_LOCK are exempt, and root has: shim_task_lacks(). A fork takes
 * the limit over, not the account.
 */
void shim_mm_set_memlock(struct shim_mm *mm, unsigned long pages);

/** shim_mprotect() - 0 in @prot: unmapped; later accesses fault */
void shim_mprotect(struct shim_mm *mm, void *addr, __SIZE_TYPE__ size, unsigned int prot);

/**
 * shim_mremap_fresh() - [mmap, MAP_FIXED] another zeroed page in place of the one at
 * @addr, writable; the old one, if it is pinned, stays what it is, and then nothing
 * changes: a frame has one address here
 */
void shim_mremap_fresh(struct shim_mm *mm, void *addr);

/**
 * shim_user_changes() - user mode writes @size bytes at @addr, which the kernel may be
 * about to read: copies of these bytes depend on it
 */
void shim_user_changes(const void *addr, __SIZE_TYPE__ size);
/**
 * shim_user_stores() - likewise, if any memory is changed beside the kernel in this
 * execution (shim_user_watch()); else nobody could tell
 */
void shim_user_stores(const void *addr, __SIZE_TYPE__ size);
/** shim_user_watch() - from now on, until shim_user_reset(), it is */
void shim_user_watch(void);

/** shim_user_read() - likewise: the kernel reads there otherwise than by a copy */
void shim_user_read(const void *addr, __SIZE_TYPE__ size);

/** shim_user_prot() - SHIM_PROT_* of the page at @addr; 0: not mapped */
unsigned int shim_user_prot(const struct shim_mm *mm, const void *addr);

/** shim_access_ok() - [access_ok]: neither wraps nor leaves SHIM_TASK_SIZE */
int shim_access_ok(const void *addr, __SIZE_TYPE__ size);

/**
 * shim_copy_to_user(), shim_copy_from_user() - [copy_to_user, copy_from_user]
 *
 * A scheduling point; may sleep (fault), so reported while atomic. From a task
 * without mm (kworker, or after exit_mm): reported (user) and nothing copied.
 * A partial copy is possible: the bytes up to the first unmapped page are done.
 *
 * Return: bytes NOT copied.
 */
unsigned long shim_copy_to_user(void *to, const void *from, __SIZE_TYPE__ n,
				const struct sched_site *site);
unsigned long shim_copy_from_user(void *to, const void *from, __SIZE_TYPE__ n,
				  const struct sched_site *site);

/** shim_user_reset() - unmap everything and forget it */
void shim_user_reset(void);

/** shim_user_checkpoint() - address spaces and user memory are state of an execution */
struct checkpoint;
void shim_user_checkpoint(struct checkpoint *c);

#endif /* SHIM_USER_H */
