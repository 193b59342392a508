/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the hook runtime share: one access on its way to those who
 * watch it.
 */
#ifndef HOOKS_HOOKS_H
#define HOOKS_HOOKS_H

#include "detect/race_few.h"
#include "detect/report.h"
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

/* what was announced last is done: the next access, or the end of the memory, is here */
static inline void hook_settle(void)
{
	if (unlikely(sched_hooks() & HOOK_SETTLE)) {
		sched_set_hooks(sched_hooks() & ~(unsigned int)HOOK_SETTLE);
		report_settle();
	}
}

/** hook_access_slow() - tell the watchers, of whom there is one at least */
void hook_access_slow(const void *p, size_t n, unsigned int access, struct hook_place at);

/*
 * An access of a constant number of bytes, up to 8, of which nothing is to be said.
 * Return: false: hook_access_slow() is needed, and nothing was done
 */
static inline __attribute__((always_inline)) bool hook_access_few(const void *p, size_t n,
								  unsigned int access,
								  unsigned int hooks,
								  const void *pc)
{
	const struct race_range *watched = race_range_near(p);

	if (unlikely(!watched))
		return false;
	if (shadow_has(p) && (hooks & HOOK_HEAP)) {
		if (unlikely(!shadow_usable(p, n)))
			return false;
		if (access & HOOK_WRITE)
			shadow_written(p, n);
	}
	if (likely(hooks & HOOK_RACE))
		race_few(watched, p, n,
			 (access & HOOK_WRITE ? RACE_HOW_WRITE : 0) |
				 (access & (HOOK_MARKED | HOOK_ATOMIC) ? 0
								       : RACE_HOW_PLAIN),
			 race_place_of(pc, NULL));
	return true;
}

/**
 * hook_access() - an access of the subject's own; a load and a branch if nobody looks
 *
 * Nearly all are of few bytes, a constant number, that may be accessed: judged here.
 */
static inline __attribute__((always_inline)) void
hook_access(const void *p, size_t n, unsigned int access, const void *pc)
{
	const unsigned int hooks = sched_hooks();

	if (likely(!hooks))
		return;
	if (!__builtin_constant_p(n) || n > 8 ||
	    (hooks & (HOOK_POINTS | HOOK_PROOF | HOOK_SETTLE | HOOK_COVER)) ||
	    !(hooks & (HOOK_RACE | HOOK_HEAP)) ||
	    !hook_access_few(p, n, access, hooks, pc))
		hook_access_slow(p, n, access, (struct hook_place){ pc, NULL });
}

/** hook_copied() - both were announced: @to has a value where @from has one */
void hook_copied(const void *to, const void *from, size_t n);

/** hook_point() - an access that may be a point of the scheduler, or is learnt from */
void hook_point(const void *p, size_t n, unsigned int access, const void *pc);

/** hook_cover() - an access, for what is covered */
void hook_cover(const void *p, size_t n, unsigned int access, struct hook_place at);

/** hook_cover_reset() - a new execution */
void hook_cover_reset(void);

/** hook_bad_access() - report that byte @bad of an access may not be accessed */
void hook_bad_access(const void *p, size_t n, size_t bad, unsigned int access,
		     struct hook_place at) __attribute__((cold));

/** hook_unwritten() - report that byte @bad, on its way to the user, has no value */
void hook_unwritten(const void *p, size_t n, size_t bad, struct hook_place at)
	__attribute__((cold));

/** hook_user_access() - user memory without a copy function: is there a mapping? */
void hook_user_access(const void *p, size_t n, unsigned int access, struct hook_place at);

/** hook_fetch_reset() - a new execution */
void hook_fetch_reset(void);

/** hook_pair_checkpoint() - a write of which the read comes next is state of an execution
 */
struct checkpoint;
void hook_pair_checkpoint(struct checkpoint *c);

/** hook_fetch_checkpoint() - what was read of user memory is state of an execution */
void hook_fetch_checkpoint(struct checkpoint *c);

/** hook_fetched() - user memory was read; was it before, in another place? */
void hook_fetched(const void *p, size_t n, struct hook_place at);

/** hook_twice() - report that @p, @n bytes, was read @before and is read @at again */
void hook_twice(const void *p, size_t n, struct hook_place before, struct hook_place at)
	__attribute__((cold));

/** hook_wild_access() - neither memory nor data: NULL, an error, poison */
void hook_wild_access(const void *p, size_t n, unsigned int access, struct hook_place at)
	__attribute__((cold));

#endif /* HOOKS_HOOKS_H */
