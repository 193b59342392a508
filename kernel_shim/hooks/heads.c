// SPDX-License-Identifier: GPL-2.0-only
/*
 * List heads that are initialised: FUSE makes hundreds in a row, in memory that it has
 * just allocated. Each is judged like any access; from the second of a row on it is known
 * where its shadows are.
 */
#include "detect/race_four.h"
#include "hooks.h"

#define HEAD 16u /* bytes */

/*
 * The last one, if it was in fresh memory of the heap: where the next one would be, and
 * its shadows. All else is as it was for the last one.
 */
static struct {
	const char *next; /* NULL: none */
	const struct sched_site *site;
	slot_t present, slot;
	slot_t *writes, *reads;
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

static void begin_run(const struct range *watched, const char *p,
		      const struct sched_site *site)
{
	const size_t i = ((uintptr_t)p - watched->base) / CELL_BYTES;

	run.next = (uintptr_t)p % CELL_BYTES ? NULL : p + HEAD;
	run.site = site;
	run.present = race_present[sched_current_id];
	run.slot = run.present | WRITE_BIT | BYTE_BITS |
		   race_number(race_place_of(NULL, site));
	run.writes = &watched->writes[i + HEAD / CELL_BYTES];
	run.reads = &watched->reads[i + HEAD / CELL_BYTES];
	run.hooks = sched_hooks;
}

static bool goes_on(const void *p, const struct sched_site *site)
{
	if (p != run.next || site != run.site || sched_hooks != run.hooks ||
	    race_present[sched_current_id] != run.present || !head_usable(p) ||
	    !race_four_fresh(run.writes, run.reads))
		return false;
	head_written(p);
	race_four_set(run.writes, run.slot);
	run.next += HEAD;
	run.writes += HEAD / CELL_BYTES;
	run.reads += HEAD / CELL_BYTES;
	return true;
}

void hook_two_pointers_slow(const void *p, const struct sched_site *site)
{
	const struct range *watched = race_part_of((uintptr_t)p);
	const unsigned int detectors = HOOK_RACE | HOOK_HEAP;

	if (likely(goes_on(p, site)))
		return;
	hook_access_slow(p, HEAD, HOOK_WRITE | HOOK_MARKED,
			 (struct hook_place){ NULL, site });
	run.next = NULL;
	if ((sched_hooks & (detectors | HOOK_PROOF)) == detectors && shadow_has(p) &&
	    (uintptr_t)p - watched->base < watched->len && race_present[sched_current_id])
		begin_run(watched, p, site);
}

void hook_heads_reset(void)
{
	run.next = NULL;
}
