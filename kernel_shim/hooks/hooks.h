/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the hook runtime share: one access on its way to those who
 * watch it.
 */
#ifndef HOOKS_HOOKS_H
#define HOOKS_HOOKS_H

#include "detect/race/few.h"
#include "shadow.h"
#include "shim/hook.h"

/**
 * struct hook_place - where an access is in the source
 * @pc: return address of the hook's call; asked for its line when it is shown
 * @site: if there is one, instead
 */
struct hook_place {
	const void *pc;
	const struct sched_site *site;
};

/**
 * hook_row - the site that is filling a row of list heads (heads.c), or HOOK_ROW_FRESH:
 * what was handed out last might become one; NULL: neither
 *
 * It is over with any other access, with memory that is handed out or freed: who
 * announces that ends it.
 */
extern const struct sched_site *hook_row;
extern const struct sched_site hook_row_fresh;
#define HOOK_ROW_FRESH (&hook_row_fresh)

/** hook_row_may_begin() - @len bytes at @p are fresh: their cells hold nothing */
void hook_row_may_begin(const void *p, size_t len);

/**
 * hook_row_spill() - what rows know of these bytes goes to where it is known of all others
 *
 * Before anything else is done with them: SHADOW_ROW says that it is necessary.
 */
void hook_row_spill_slow(const void *p, size_t n);

/** hook_row_freed() - Return: whether all of it is one row that is before the freeing */
bool hook_row_freed(const void *p, size_t len);

extern unsigned int hook_rows; /* records of rows there are */

static inline void hook_row_spill(const void *p, size_t n)
{
	if (hook_rows)
		hook_row_spill_slow(p, n);
}

/** hook_access_slow() - tell the watchers, of whom there is one at least */
void hook_access_slow(const void *p, size_t n, unsigned int access, struct hook_place at);

/**
 * hook_access() - an access of the subject's own; a load and a branch if nobody looks
 *
 * Nearly all are of few bytes, a constant number, that may be accessed: judged here.
 */
static inline __attribute__((always_inline)) void
hook_access(const void *p, size_t n, unsigned int access, const void *pc)
{
	const unsigned int hooks = sched_hooks();
	const struct range *watched;

	if (likely(!hooks))
		return;
	hook_row = NULL;
	if (!__builtin_constant_p(n) || n > 8 ||
	    (hooks & (HOOK_RACE | HOOK_POINTS | HOOK_PROOF)) != HOOK_RACE)
		goto slow;
	watched = race_part_of((uintptr_t)p);
	if (unlikely((uintptr_t)p - watched->base >= watched->len))
		goto slow;
	if (shadow_has(p) && (hooks & HOOK_HEAP)) {
		if (unlikely(!shadow_usable(p, n)))
			goto slow;
		if (access & HOOK_WRITE)
			shadow_written(p, n);
	}
	race_few(watched, p, n,
		 (access & HOOK_WRITE ? RACE_HOW_WRITE : 0) |
			 (access & (HOOK_MARKED | HOOK_ATOMIC) ? 0 : RACE_HOW_PLAIN),
		 race_place_of(pc, NULL));
	return;
slow:
	hook_access_slow(p, n, access, (struct hook_place){ pc, NULL });
}

/** hook_row_reset() - a new execution */
void hook_row_reset(void);

/** hook_copied() - both were announced: @to has a value where @from has one */
void hook_copied(const void *to, const void *from, size_t n);

/** hook_point() - an access that may be a point of the scheduler, or is learnt from */
void hook_point(const void *p, size_t n, unsigned int access, const void *pc);

/** hook_bad_access() - report that byte @bad of an access may not be accessed */
void hook_bad_access(const void *p, size_t n, size_t bad, unsigned int access,
		     struct hook_place at) __attribute__((cold));

/** hook_unwritten() - report that byte @bad, on its way to the user, has no value */
void hook_unwritten(const void *p, size_t n, size_t bad, struct hook_place at)
	__attribute__((cold));

/** hook_user_access() - user memory without a copy function: is there a mapping? */
void hook_user_access(const void *p, size_t n, unsigned int access, struct hook_place at);

/** hook_wild_access() - neither memory nor data: NULL, an error, poison */
void hook_wild_access(const void *p, size_t n, unsigned int access, struct hook_place at)
	__attribute__((cold));

#endif /* HOOKS_HOOKS_H */
