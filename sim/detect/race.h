/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The race detector: two accesses of the same bytes by different tasks, of which
 * one is plain and one a write, and nothing orders them (vector clocks). It knows
 * tasks, addresses and orderings, nothing of kernels: the model of a primitive
 * tells it what that orders. docs/detectors.md has the rules.
 *
 * What the main context does is before or after everything, and is neither recorded
 * nor ordered. Nothing here makes a system call or allocates,
 * race_watch() apart. Read by kernel code, too.
 */
#ifndef DETECT_RACE_H
#define DETECT_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/sched.h"

/* the detector's bit of sched_hooks() [HOOK_RACE]: the calls below cost a test without it
 */
#define RACE_WATCHES 4u
#define race_on()    __builtin_expect(sched_hooks() & RACE_WATCHES, 0)

/* a bit of sched_hooks(): the next access calls report_settle() [HOOK_SETTLE] */
#define RACE_SETTLES 32u

/** race_enable() - whether the functions below do anything; off at first */
void race_enable(bool on);

/**
 * race_watch() - memory that tasks share; what lies elsewhere is not looked at
 * @base, @len: which; again with the same @base: nothing more happens
 * @what: words for it when the namer has none, e.g. "static data"
 *
 * Once per process and range; at most 48. Maps the shadow: ends the program with
 * status 3 if that fails.
 */
void race_watch(const void *base, size_t len, const char *what);

/**
 * typedef race_used_fn - which parts of watched memory may have been accessed in this
 * execution: number @i, from 0 on. Return: false: there are no more
 */
typedef bool (*race_used_fn)(unsigned int i, uintptr_t *from, uintptr_t *to);

/** race_watch_used() - race_watch() of memory of which little is used, as @fn says */
void race_watch_used(const void *base, size_t len, const char *what, race_used_fn fn);

/**
 * race_watch_apart() - race_watch() of memory that race_range_near()
 * (detect/race_few.h) never has: each access comes to race_access(), where it is noted
 * which pages are used. One range of at most 128 MiB
 */
void race_watch_apart(const void *base, size_t len, const char *what);

/**
 * race_of_data() - of what bytes a read beside a write is none of the kernel's
 * @is_data: whether a file's data is at @p, which no kernel orders
 */
void race_of_data(bool (*is_data)(const void *p));

/**
 * race_unwatch() - the memory at @base, and code that accessed it, are about to go
 */
void race_unwatch(const void *base);

/**
 * race_shadow() - the shadow of watched range @i, for a benchmark that restores memory:
 * it may stay as it is if race_skip() makes it old
 *
 * Return: NULL: there is no such range.
 */
void *race_shadow(unsigned int i, size_t *len);

/**
 * race_give_back() - the memory of the shadow; nothing has been accessed
 *
 * Context: between executions.
 */
void race_give_back(void);

/** race_reset() - a new execution: nothing has been accessed. Costs O(tasks) */
void race_reset(void);

/** race_met() - how many races of two places it has met so far, known ones included */
unsigned long race_met(void);

/** race_quiet() - all that was done so far is before all that follows [time passes] */
void race_quiet_slow(void);
static inline void race_quiet(void)
{
	if (race_on())
		race_quiet_slow();
}

/**
 * race_alone() - what the current task does from now on comes after nothing but what it
 * did itself [a kworker's next item: no lock orders two items]
 */
void race_alone_slow(void);
static inline void race_alone(void)
{
	if (race_on())
		race_alone_slow();
}

/* ---- accesses; the current task (sched_current()) makes them ---- */

void race_access_slow(const void *p, size_t len, bool write, bool marked, const void *pc,
		      const struct sched_site *site);
void race_freed_slow(const void *p, size_t len, const struct sched_site *site);
void race_fresh_slow(const void *p, size_t len);

/**
 * race_access() - memory is about to be accessed
 * @p, @len: bytes; any length
 * @write: or read
 * @marked: not plain: READ_ONCE, WRITE_ONCE, atomics
 * @pc: code address or NULL; @site: if there is one, instead
 *
 * Reports (race) each pair of places once per execution.
 */
static inline void race_access(const void *p, size_t len, bool write, bool marked,
			       const void *pc, const struct sched_site *site)
{
	if (race_on())
		race_access_slow(p, len, write, marked, pc, site);
}

/** race_freed() - as a plain write by the current task, then forget the bytes */
static inline void race_freed(const void *p, size_t len, const struct sched_site *site)
{
	if (race_on())
		race_freed_slow(p, len, site);
}

/** race_fresh() - memory that no task has accessed yet: forget the bytes */
static inline void race_fresh(const void *p, size_t len)
{
	if (race_on())
		race_fresh_slow(p, len);
}

/* ---- what orders them; @object is any address that the two sides agree on ---- */

/** enum race_order - the ordering of a read-modify-write */
enum race_order {
	RACE_RELAXED,
	RACE_ACQUIRE,
	RACE_RELEASE,
	RACE_FULL, /* smp_mb() before and after, too */
};

void race_acquire_slow(const volatile void *object);
void race_release_slow(const volatile void *object);
void race_store_release_slow(const volatile void *object);
void race_atomic_slow(const volatile void *object, enum race_order order);
void race_marked_read_slow(const volatile void *object);
void race_marked_write_slow(const volatile void *object);
void race_fence_acquire_slow(void);
void race_fence_release_slow(void);
void race_task_slow(const struct sched_task *task);

/** race_acquire() - the current task has seen all that was released to @object */
static inline void race_acquire(const volatile void *object)
{
	if (race_on())
		race_acquire_slow(object);
}

/**
 * race_release() - an acquire of @object from now on orders what the current task did,
 * and what was released to it before, before what follows the acquire
 *
 * For what has an address of its own. Call it after the access that publishes.
 */
static inline void race_release(const volatile void *object)
{
	if (race_on())
		race_release_slow(object);
}

/**
 * race_store_release() - as race_release(), by a store: what was there before is
 * overwritten [smp_store_release]. Call it after the store
 */
static inline void race_store_release(const volatile void *object)
{
	if (race_on())
		race_store_release_slow(object);
}

/** race_atomic() - a read-modify-write of @object; call it after the access */
static inline void race_atomic(const volatile void *object, enum race_order order)
{
	if (race_on())
		race_atomic_slow(object, order);
}

/**
 * race_marked_read(), race_marked_write() - without an order of their own; the two
 * fences below look at them [READ_ONCE, WRITE_ONCE]
 */
static inline void race_marked_read(const volatile void *object)
{
	if (race_on())
		race_marked_read_slow(object);
}

static inline void race_marked_write(const volatile void *object)
{
	if (race_on())
		race_marked_write_slow(object);
}

/** race_fence_acquire() - earlier marked reads were acquires [smp_rmb] */
static inline void race_fence_acquire(void)
{
	if (race_on())
		race_fence_acquire_slow();
}

/** race_fence_release() - later marked writes will be releases [smp_wmb] */
static inline void race_fence_release(void)
{
	if (race_on())
		race_fence_release_slow();
}

/** race_task() - what the current task did is before what @task does [wake-up, fork] */
static inline void race_task(const struct sched_task *task)
{
	if (race_on())
		race_task_slow(task);
}

/**
 * race_ignore() - look away from what the current task accesses [data_race]
 * @by: 1 to begin, -1 to end; may be nested
 */
void race_ignore_slow(int by);
static inline void race_ignore(int by)
{
	if (race_on())
		race_ignore_slow(by);
}

/**
 * race_repeat() - whether the last execution had races whose earlier accesses have no
 * stacks yet: played once more at once, in the same order, it has them
 *
 * Context: between executions.
 */
bool race_repeat(void);

/** race_checkpoint() - accesses and orders are state of an execution */
struct checkpoint;
void race_checkpoint(struct checkpoint *c);

/* race_skip() - let @ticks go by: what was accessed before is forgotten */
void race_skip(uint32_t ticks);

#endif /* DETECT_RACE_H */
