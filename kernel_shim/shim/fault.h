/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault injection by call number: "the third allocation from here fails".
 */
#ifndef SHIM_FAULT_H
#define SHIM_FAULT_H

#include <stdbool.h>
#include <stddef.h>

enum fault_kind {
	FAULT_ALLOC,	 /* kmalloc family, kmem_cache, pages, vmap() */
	FAULT_TO_USER,	 /* copy_to_user: nothing copied */
	FAULT_FROM_USER, /* copy_from_user: nothing copied */
	/* pages of user memory: -EFAULT; the account of pinned ones: -ENOMEM */
	FAULT_PIN,
	/* copies of more than one byte: the first half is copied */
	FAULT_HALF_TO_USER,
	FAULT_HALF_FROM_USER,
	FAULT_IMPORT, /* import_ubuf(), io_uring_cmd_import_fixed(): -EFAULT */
	/* iov_iter_get_pages2(): half of the bytes of the page; pin_user_pages_fast():
	 * half of the pages */
	FAULT_SHORT_PAGE,
	/* task work of a command: SIGKILL came before it, and its task is on its way out
	 */
	FAULT_TASK_WORK,
	FAULT_NR
};

/** fault_nth() - fail the @nth (1: next) call of @kind, once; 0: none */
void fault_nth(enum fault_kind kind, unsigned int nth);

/** fault_count() - calls of @kind since fault_reset() */
unsigned int fault_count(enum fault_kind kind);

/**
 * struct fault - one kind
 * @count: calls so far
 * @left: calls until the one that fails; 0: none
 */
struct fault {
	unsigned int count, left;
	int fired;
};
extern struct fault fault_kinds[FAULT_NR];

/* see fault_watch() */
extern void (*fault_watcher)(enum fault_kind kind, bool hit);

int fault_is_this_one(enum fault_kind kind);

/** fault_hit() - for the models: count this call; whether it has to fail */
static inline int fault_hit(enum fault_kind kind)
{
	bool hit;

	fault_kinds[kind].count++;
	hit = __builtin_expect(fault_kinds[kind].left, 0) && fault_is_this_one(kind);
	if (__builtin_expect(fault_watcher != NULL, 0))
		fault_watcher(kind, hit);
	return hit;
}

/** fault_watch() - call @fn at each call that may fail, whether it does; NULL: none */
void fault_watch(void (*fn)(enum fault_kind kind, bool hit));

/** fault_fired() - whether the armed failure took place */
int fault_fired(enum fault_kind kind);

/** fault_any_fired() - whether an armed failure of any kind took place */
int fault_any_fired(void);
void fault_reset(void);

/** fault_checkpoint() - calls so far, and failures to come are state of an execution */
struct checkpoint;
void fault_checkpoint(struct checkpoint *c);

#endif /* SHIM_FAULT_H */
