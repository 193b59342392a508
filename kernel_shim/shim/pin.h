/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User memory that the kernel keeps: pins of its frames, one mapping of them for the
 * kernel, and the account of RLIMIT_MEMLOCK. Read by kernel code too.
 *
 * A frame of user memory has one address here, the user's and the kernel's: what vmap()
 * returns is where the frames are. So frames that do not follow each other cannot be
 * mapped as one range: that is reported (unmodelled).
 */
#ifndef SHIM_PIN_H
#define SHIM_PIN_H

#include "shim/page.h"

struct shim_mm;

/* as the kernel's FOLL_* */
#define SHIM_FOLL_WRITE	   0x1u
#define SHIM_FOLL_GET	   0x2u
#define SHIM_FOLL_LONGTERM 0x100u

/**
 * shim_pin_user_pages() - pin frames of the current task's memory [pin_user_pages_fast]
 * @start: the page of this user address is the first
 * @nr: how many
 * @flags: SHIM_FOLL_WRITE: they must be writable; SHIM_FOLL_LONGTERM changes nothing
 * @pages: is given the frames, each with a pin
 *
 * A pinned frame outlives its mapping and its process. Not modelled: -EINTR when the task
 * is killed meanwhile; any other flag (unmodelled).
 *
 * Context: task with user memory; may sleep. A scheduling point. Fault injection:
 * FAULT_PIN: -EFAULT; FAULT_SHORT_PAGE: half of the pages.
 * Return: how many were pinned, up to the first page that is not mapped so; if it is
 * none, -EFAULT; -EOVERFLOW for a range that wraps.
 */
long shim_pin_user_pages(unsigned long start, int nr, unsigned int flags,
			 struct shim_page **pages, const struct sched_site *site);

/**
 * shim_unpin_user_pages() - give pins back [unpin_user_pages]
 * @pages, @nr: as pinned; a negative error in @nr, and a frame without a pin, are
 *	reported (kernel)
 * @sleeps: or may sleep [unpin_user_pages_dirty_lock]
 *
 * A scheduling point. Context: any, unless @sleeps. A dirty bit has no reader here.
 */
void shim_unpin_user_pages(struct shim_page **pages, unsigned long nr, int sleeps,
			   const struct sched_site *site);

/**
 * shim_vmap() - one range of kernel addresses for frames [vmap]
 * @pages, @nr: frames that follow each other; of user memory, or of the kernel's
 *
 * Context: may sleep. A scheduling point. Fault injection: FAULT_ALLOC.
 * Return: the address, or NULL: no frames, or a failure.
 */
void *shim_vmap(struct shim_page **pages, unsigned int nr, const struct sched_site *site);

/**
 * shim_vunmap() - the end of it [vunmap]; NULL is fine, what vmap() did not return is
 * reported (kernel)
 *
 * Context: may sleep. A scheduling point.
 */
void shim_vunmap(const void *addr, const struct sched_site *site);

/**
 * shim_vmap_ordered() - the kernel has written the bytes of such a range, or is about to
 * read them [flush_kernel_vmap_range, invalidate_kernel_vmap_range]
 * @write: which of them
 *
 * A scheduling point as that of copy_to_user() and copy_from_user(), if it is a mapping
 * of user memory; the caches themselves are a stub.
 */
void shim_vmap_ordered(const void *addr, __SIZE_TYPE__ len, int write,
		       const struct sched_site *site);

/** shim_vmap_has() - whether the kernel may use the byte at @virt by such a mapping */
int shim_vmap_has(const void *virt);

/**
 * shim_vmap_is_shared() - whether a page of these bytes is mapped more than once
 *
 * User mode gave it to the kernel for two purposes, two queues say. What the kernel does
 * for one of them is not ordered with what it does for the other, and that is no fault of
 * the kernel's.
 */
int shim_vmap_is_shared(const void *p, __SIZE_TYPE__ n);

/**
 * shim_vmap_accessed() - for the hooks: the kernel accesses @n bytes at @p by it
 *
 * What user mode does to these bytes depends on it (shim_user_changes()); and if nothing
 * orders it with the end of the mapping, that is a race.
 */
void shim_vmap_accessed(const void *p, __SIZE_TYPE__ n, const void *pc);

/**
 * shim_vmap_ended() - of a frame that was mapped, and may not be accessed any more
 * @after: set: "vunmap" or "unpin"
 *
 * Return: where that ended; NULL: it was never mapped, or still is.
 */
const struct sched_site *shim_vmap_ended(const void *virt, const char **after);

/**
 * shim_mm_grab(), shim_mm_drop() - a reference to what is left of an address space when
 * its last user has gone [mmgrab, mmdrop]
 *
 * Scheduling points. One too many dropped is reported (kernel), and so is, with the last
 * one of a space without users, an account that is left (heap). Using a space that has
 * neither users nor such a reference is reported (heap) and ends the execution.
 */
void shim_mm_grab(struct shim_mm *mm, const struct sched_site *site);
void shim_mm_drop(struct shim_mm *mm, const struct sched_site *site);

/**
 * shim_account_locked_vm() - pages that count for RLIMIT_MEMLOCK [account_locked_vm]
 * @mm: whose account and limit (shim_mm_set_memlock()); NULL: nothing is done
 * @inc: or give them back; more than there are is reported (kernel)
 * @exempt: there is no limit [capable(CAP_IPC_LOCK)]
 *
 * Context: may sleep (the lock of @mm). A scheduling point. Fault injection: FAULT_PIN.
 * Return: 0, or -ENOMEM beyond the limit.
 */
int shim_account_locked_vm(struct shim_mm *mm, unsigned long pages, int inc, int exempt,
			   const struct sched_site *site);

/** shim_mm_locked() - pages that are accounted */
unsigned long shim_mm_locked(const struct shim_mm *mm);

#endif /* SHIM_PIN_H */
