/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the hook runtime share: one access on its way to those who
 * watch it.
 */
#ifndef HOOKS_HOOKS_H
#define HOOKS_HOOKS_H

#include "detect/race.h"
#include "shadow.h"
#include "shim/hook.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/**
 * struct hook_place - where an access is in the source
 * @pc: return address of the hook's call; asked for its line when it is shown
 * @site: if there is one, instead
 */
struct hook_place {
	const void *pc;
	const struct sched_site *site;
};

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
	const unsigned int hooks = sched_hooks;

	if (likely(!hooks))
		return;
	if (!__builtin_constant_p(n) || n > 8 || (hooks & (HOOK_POINTS | HOOK_PROOF)) ||
	    !shadow_may_access(p, n, hooks & HOOK_HEAP)) {
		hook_access_slow(p, n, access, (struct hook_place){ pc, NULL });
		return;
	}
	if ((access & HOOK_WRITE) && (hooks & HOOK_HEAP) && shadow_has(p))
		shadow_written(p, n);
	if (hooks & HOOK_RACE)
		race_few(p, n, access & HOOK_WRITE, access & (HOOK_MARKED | HOOK_ATOMIC),
			 pc);
}

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
