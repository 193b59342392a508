// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes that store what is there already: a known report may say that a race with one
 * does no harm. The compiler's hooks are called before a store and are not told the
 * value, so the bytes are kept as they were, and compared when the store is made. Only
 * places that an entry asks for cost anything: they are marked in the table of places,
 * where the short way does not find them.
 */
#include "detect/race/value.h"

#include <string.h>

#include "detect/race/moved.h"
#include "detect/suppress.h"
#include "sched/checkpoint.h"
#include "symbols/place.h"

#define WRITES \
	1024u /* in an execution; of those beyond, none is said to change nothing */

static struct write {
	uintptr_t addr;
	size_t len;
	uint32_t tick;
	uint8_t task;
	unsigned char old[8];
} writes[WRITES];
static unsigned int nr_writes;
static const struct write *next; /* it is about to be made */

bool race_value_asked;
static unsigned int generation;

bool race_value_reset(void)
{
	nr_writes = 0;
	next = NULL;
	if (generation == suppress_generation())
		return false;
	generation = suppress_generation();
	race_value_asked = suppress_asks_value(NULL);
	return true;
}

bool race_value_is_asked(race_place place)
{
	const void *p = (const void *)(uintptr_t)(place >> 1);
	const struct sched_site *site = place & RACE_PLACE_SITE ? p : place_of_subject(p);

	return suppress_asks_value(site->func);
}

void race_value_write(uintptr_t addr, size_t len, race_place place)
{
	const uint8_t task = (uint8_t)sched_current()->id;
	struct write *w = &writes[nr_writes];

	if (nr_writes == WRITES || !race_present[task] ||
	    race_find_number(place) != RACE_PLACES ||
	    !(race_places[race_new_number(place)] & RACE_PLACE_ASKED))
		return;
	nr_writes++;
	w->addr = addr;
	w->len = len;
	w->tick = (uint32_t)(race_present[task] >> 32);
	w->task = task;
	memcpy(w->old, (const void *)addr, len);
	next = w;
}

void race_value_written(void)
{
	next = NULL;
}

/* what was stored is what the next one found there, or what is there now */
static bool stored_the_same(const struct write *w)
{
	for (const struct write *k = w + 1; k < writes + nr_writes; k++) {
		if (k->addr == w->addr && k->len == w->len)
			return !memcmp(k->old, w->old, w->len);
		if (k->addr < w->addr + w->len && w->addr < k->addr + k->len)
			return false;
	}
	return !memcmp((const void *)w->addr, w->old, w->len);
}

/* the slot that raced may stand for several writes, of which nobody has heard between */
static bool stays(uintptr_t object, const struct race_side *side)
{
	bool any = false;

	for (const struct write *w = writes; w < writes + nr_writes; w++) {
		if (w == next || w->task != side->task || w->tick != side->tick ||
		    object - w->addr >= w->len)
			continue;
		if (!stored_the_same(w))
			return false;
		any = true;
	}
	return any;
}

enum report_value race_value(const void *object, const struct race_side *before,
			     const struct race_side *now)
{
	if (!race_value_asked)
		return REPORT_CHANGES;
	if (before->how & RACE_HOW_WRITE && !stays((uintptr_t)object, before))
		return REPORT_CHANGES;
	if (now->how & RACE_HOW_WRITE)
		return next ? REPORT_NOT_YET : REPORT_CHANGES;
	return REPORT_STAYS;
}

void race_value_say(enum report_value value)
{
	if (value == REPORT_NOT_YET)
		report_value(value, (const void *)next->addr, next->len);
	else
		report_value(value, NULL, 0);
}

void race_value_checkpoint(struct checkpoint *c, const struct race_move *m)
{
	checkpoint_value(c, nr_writes);
	checkpoint_value(c, next);
	checkpoint_bytes(c, writes, nr_writes * sizeof(writes[0]));
	for (unsigned int i = 0; c->back && i < nr_writes; i++)
		writes[i].tick = race_moved(writes[i].tick, m);
}
