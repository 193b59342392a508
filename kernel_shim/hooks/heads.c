// SPDX-License-Identifier: GPL-2.0-only
/*
 * List heads that are initialised: FUSE makes hundreds in a row, in memory that it has
 * just allocated. Each is judged like any access; from the second of a row on it is known
 * where its shadows are.
 */
#include "detect/race/four.h"
#include "hooks.h"

_Static_assert(sizeof(slot_t) == 2 * CELL_BYTES, "see writes_of()");

#define HEAD 16u /* bytes */

/*
 * The last one, if it was in fresh memory of the heap: where the next one would be, and
 * what leads to its slots. All else is as it was for the last one.
 */
static struct {
	const char *next; /* NULL: none */
	const struct sched_site *site;
	slot_t present, slot;
	uintptr_t writes; /* of address 0 */
	size_t reads;	  /* behind the writes, in bytes */
	unsigned int hooks;
} run;

static inline bool head_usable(const void *p)
{
	uint64_t words[2];

	memcpy(words, shadow_of(p), sizeof(words));
	return (words[0] & words[1] & shadow_word(SHADOW_USABLE, 8)) ==
	       shadow_word(SHADOW_USABLE, 8);
}

static inline void head_written(const void *p)
{
	shadow_written(p, 8);
	shadow_written((const char *)p + 8, 8);
}

/* a cell of four bytes has a slot of eight */
static inline slot_t *writes_of(const void *p)
{
	return (slot_t *)(run.writes + 2 * (uintptr_t)p);
}

static void begin_run(const struct range *watched, const char *p,
		      const struct sched_site *site)
{
	run.next = (uintptr_t)p % CELL_BYTES ? NULL : p + HEAD;
	run.site = site;
	run.present = race_present[sched_current_id];
	run.slot = run.present | WRITE_BIT | BYTE_BITS |
		   race_number(race_place_of(NULL, site));
	run.writes = (uintptr_t)watched->writes - 2 * watched->base;
	run.reads = (size_t)((char *)watched->reads - (char *)watched->writes);
	run.hooks = sched_hooks;
}

static bool goes_on(const void *p, const struct sched_site *site)
{
	slot_t *w = writes_of(p);

	if (p != run.next || site != run.site || sched_hooks != run.hooks ||
	    race_present[sched_current_id] != run.present || !head_usable(p) ||
	    !race_four_fresh(w, (slot_t *)((char *)w + run.reads)))
		return false;
	head_written(p);
	race_four_set(w, run.slot);
	run.next = (const char *)p + HEAD;
	return true;
}

/* not inlined: who goes on has no registers to save */
static __attribute__((noinline)) void first(const void *p, const struct sched_site *site)
{
	const struct range *watched = race_part_of((uintptr_t)p);
	const unsigned int detectors = HOOK_RACE | HOOK_HEAP;

	hook_access_slow(p, HEAD, HOOK_WRITE | HOOK_MARKED,
			 (struct hook_place){ NULL, site });
	run.next = NULL;
	if ((sched_hooks & (detectors | HOOK_PROOF)) == detectors && shadow_has(p) &&
	    (uintptr_t)p - watched->base < watched->len && race_present[sched_current_id])
		begin_run(watched, p, site);
}

void hook_two_pointers_slow(const void *p, const struct sched_site *site)
{
	if (unlikely(!goes_on(p, site)))
		first(p, site);
}

void hook_heads_reset(void)
{
	run.next = NULL;
}
