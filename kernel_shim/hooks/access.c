// SPDX-License-Identifier: GPL-2.0-only
/*
 * One access of kernel memory: who watches, and in which order they are told.
 * First the scheduler, because others may run before the access is made; then those
 * for whom it may be the last one of the execution.
 */
#include "hooks.h"
#include "sched/checkpoint.h"
#include "shim/cover.h"
#include "shim/file.h"
#include "shim/heap.h"
#include "shim/page.h"
#include "shim/pin.h"
#include "shim/task.h"
#include "shim/uring.h"
#include "shim/work.h"

_Static_assert(HOOK_RACE == RACE_WATCHES && HOOK_SETTLE == RACE_SETTLES,
	       "sim/detect knows its bits by itself");

static unsigned int wanted;

void (*hook_proof)(const void *p, size_t n, unsigned int access);

/* Who reads a folio of a file's cache needs no lock: data may be half old, half new. */
static bool is_file_data(const void *p)
{
	const struct shim_page *page = shim_page_of(p);

	return page && page->cached;
}

static race_used_fn used_above; /* hook_static_used() */

void hook_static_used(bool (*fn)(unsigned int i, uintptr_t *from, uintptr_t *to))
{
	used_above = fn;
}

/* Of the program's static data tasks access these alone, by pointers that they were
 * given. */
static bool static_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	static const race_used_fn parts[] = { shim_tasks_used, shim_frames_used,
					      shim_uring_used, shim_work_used,
					      shim_files_used };

	for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
		if (i < SHIM_PARTS)
			return parts[k](i, from, to);
		i -= SHIM_PARTS;
	}
	return used_above && used_above(i, from, to);
}

/* what tasks share; a subject's own data is added when it is loaded */
static void watch_races(void)
{
	extern char __data_start[], _end[];
	const void *stacks;
	size_t len;

	race_watch_used((const void *)ARENA_HEAP, ARENA_HEAP_SIZE, "the heap",
			shim_heap_used);
	race_watch_used((const void *)ARENA_PAGES, ARENA_PAGES_NR * SHIM_PAGE_SIZE,
			"a page", shim_page_used);
	/* tell() judges each access of it, so no short way may have it */
	race_watch_apart((const void *)ARENA_USER, ARENA_USER_END - ARENA_USER,
			 "user memory");
	sched_stacks(&stacks, &len);
	race_of_data(is_file_data);
	race_watch_used(stacks, len, "a stack", sched_stacks_used);
	race_watch_used(__data_start, (uintptr_t)_end - (uintptr_t)__data_start,
			"static data", static_used);
}

void hook_watch(unsigned int watchers)
{
	wanted = watchers;
	cover_wanted = (watchers & HOOK_COVER) != 0;
	if (watchers & HOOK_HEAP)
		shadow_map();
	if (watchers & HOOK_RACE)
		watch_races();
}

void hook_reset(void)
{
	if (wanted & HOOK_HEAP)
		shadow_reset();
	if (wanted & HOOK_RACE)
		race_reset();
	hook_fetch_reset();
	if (wanted & HOOK_COVER)
		hook_cover_reset();
	sched_set_hooks(wanted);
}

void hook_checkpoint(struct checkpoint *c)
{
	if (wanted & HOOK_HEAP)
		shadow_checkpoint(c);
	race_checkpoint(c);
	hook_fetch_checkpoint(c);
	hook_pair_checkpoint(c);
}

bool hook_keep(void)
{
	return !(wanted & HOOK_HEAP) || shadow_keep();
}

void hook_look_away(void)
{
	sched_set_hooks(0);
}

void hook_put_back(void)
{
	if (wanted & HOOK_HEAP)
		shadow_put_back();
	sched_set_hooks(wanted);
}

/* ---- the heap ---- */

static inline void check_heap(const void *p, size_t n, unsigned int access,
			      struct hook_place at)
{
	size_t bad;

	if (n <= 8) {
		if (unlikely(!shadow_usable(p, n)))
			hook_bad_access(p, n, shadow_lacks(p, n, SHADOW_USABLE), access,
					at);
		if (access & HOOK_WRITE)
			shadow_written(p, n);
		else if (access & HOOK_LEAVES && shadow_lacks(p, n, 2) < n)
			hook_unwritten(p, n, shadow_lacks(p, n, SHADOW_WRITTEN), at);
		return;
	}
	bad = shadow_lacks(p, n, access & HOOK_LEAVES ? SHADOW_WRITTEN : SHADOW_USABLE);
	if (unlikely(bad < n)) {
		bad = shadow_lacks(p, n, SHADOW_USABLE);
		if (bad < n)
			hook_bad_access(p, n, bad, access, at);
		else
			hook_unwritten(p, n, shadow_lacks(p, n, SHADOW_WRITTEN), at);
	}
	if (access & HOOK_WRITE)
		memset(shadow_of(p), SHADOW_WRITTEN, n);
}

/* ---- races ---- */

static void check_races(const void *p, size_t n, unsigned int access,
			struct hook_place at)
{
	const struct race_range *watched = race_range_near(p);
	const bool marked = access & (HOOK_MARKED | HOOK_ATOMIC);

	if (likely(watched && n - 1 < 8 && !(n & (n - 1))))
		race_few(watched, p, n,
			 (access & HOOK_WRITE ? RACE_HOW_WRITE : 0) |
				 (marked ? 0 : RACE_HOW_PLAIN),
			 race_place_of(at.pc, at.pc ? NULL : at.site));
	else
		race_access_slow(p, n, access & HOOK_WRITE, marked, at.pc,
				 at.pc ? NULL : at.site);
}

/* ---- everybody ---- */

static void tell(unsigned int hooks, const void *p, size_t n, unsigned int access,
		 struct hook_place at)
{
	if (unlikely(hooks & HOOK_PROOF))
		hook_proof(p, n, access);
	if (unlikely(hooks & HOOK_COVER))
		hook_cover(p, n, access, at);
	if (unlikely(hooks & HOOK_POINTS) && !at.site)
		hook_point(p, n, access, at.pc);
	if (shadow_has(p)) {
		if (hooks & HOOK_HEAP)
			check_heap(p, n, access, at);
	} else if (unlikely(is_user(p))) {
		if (at.site)
			return;
		if (hooks & HOOK_USER)
			hook_user_access(p, n, access, at);
		if (!shim_vmap_has(p))
			return; /* races of the server's memory are the server's */
		shim_vmap_accessed(p, n, at.pc);
		if (shim_vmap_is_shared(p, n))
			return;
	} else if (unlikely(is_wild(p))) {
		hook_wild_access(p, n, access, at);
	}
	if (race_on())
		check_races(p, n, access, at);
}

void hook_access_slow(const void *p, size_t n, unsigned int access, struct hook_place at)
{
	hook_settle();
	tell(sched_hooks(), p, n, access, at);
}

void hook_range_slow(const void *p, size_t len, unsigned int access,
		     const struct sched_site *site)
{
	if (len)
		hook_access_slow(p, len, access, (struct hook_place){ NULL, site });
}

/*
 * List heads, of which an object may have hundreds: at once where nobody has been. The
 * caller's address says in which function; @site is INIT_LIST_HEAD()'s.
 */
__attribute__((noinline)) void hook_two_pointers_slow(const void *p,
						      const struct sched_site *site)
{
	const void *pc = __builtin_return_address(0);
	const unsigned int hooks = sched_hooks();

	if (likely((hooks & (HOOK_HEAP | HOOK_PROOF | HOOK_SETTLE | HOOK_COVER)) ==
			   HOOK_HEAP &&
		   shadow_has(p) && shadow_usable(p, 8) &&
		   shadow_usable((const char *)p + 8, 8) &&
		   (!(hooks & HOOK_RACE) ||
		    race_first_write(p, race_place_of(pc, NULL)))))
		memset(shadow_of(p), SHADOW_WRITTEN, 16);
	else
		hook_access_slow(p, 16, HOOK_WRITE | HOOK_MARKED,
				 (struct hook_place){ pc, site });
}

/*
 * That a lock or a wait queue is there. It covers nothing: no data passes; and whether
 * this is the fast way depends on where the subject was loaded.
 */
void hook_object_slow(const void *p, const struct sched_site *site)
{
	const unsigned int hooks = sched_hooks();
	const struct race_range *watched = race_range_near(p);

	if ((hooks & (HOOK_RACE | HOOK_PROOF | HOOK_SETTLE)) != HOOK_RACE || !watched ||
	    (shadow_has(p) && (hooks & HOOK_HEAP) && !shadow_usable(p, 1))) {
		hook_settle();
		tell(sched_hooks() & ~(unsigned int)HOOK_COVER, p, 1,
		     HOOK_READ | HOOK_MARKED | HOOK_ATOMIC,
		     (struct hook_place){ NULL, site });
	} else {
		race_few(watched, p, 1, 0, race_place_of(NULL, site));
	}
}
