// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said about a race. A search meets the same pair of places in a million
 * executions: it is put into words once, and counted in each.
 */
#include <stdio.h>
#include <string.h>

#include "detect/lock_order.h"
#include "symbols/place.h"
#include "detect/race/race_i.h"
#include "detect/report.h"
#include "detect/suppress.h"
#include "sched/hash.h"
#include "sched/lines.h"
#include "sched/trace.h"

#define KNOWN 256u /* a power of two */

/* a pair of places, the lower first; of which object does not matter within a run */
static struct pair {
	race_place a, b;
	uint32_t execution; /* the last one that it was reported in */
} pairs[KNOWN];
static uint32_t execution = 1;

/* ... and in words: these depend on the object, and on nothing else that may vary */
static struct words {
	race_place a, b;
	const char *kind;
	size_t offset;
	uint8_t how_a, how_b;
	const struct sched_site *first, *second; /* as the words name them */
	char summary[256];
} known[KNOWN];

void race_report_forget(void)
{
	memset(known, 0, sizeof(known));
}

void race_report_reset(void)
{
	if (!++execution) {
		memset(pairs, 0, sizeof(pairs));
		execution = 1;
	}
}

static unsigned int hash(race_place a, race_place b)
{
	return (unsigned int)(hash_word(hash_word(a) ^ b) >> 40);
}

/* Return: whether it is the first time. Full: no pair is forgotten, some come twice */
static bool first_time(race_place a, race_place b)
{
	unsigned int at = hash(a, b);

	for (unsigned int i = 0; i < KNOWN; i++) {
		struct pair *p = &pairs[(at + i) % KNOWN];

		if (p->execution != execution) {
			*p = (struct pair){ a, b, execution };
			return true;
		}
		if (p->a == a && p->b == b)
			return false;
	}
	return true;
}

/* ---- words ---- */

static const struct sched_site *site_of(race_place place)
{
	const void *p = (const void *)(uintptr_t)(place >> 1);

	return place & RACE_PLACE_SITE ? p : place_of(p);
}

static const char *describe_how(uint8_t how)
{
	static const char *const words[] = { "marked read", "marked write", "read",
					     "write" };

	return words[how & (RACE_HOW_WRITE | RACE_HOW_PLAIN)];
}

static void describe_object(const struct words *w, char *buf, size_t len)
{
	if (w->offset)
		snprintf(buf, len, "%s+%zu", w->kind, w->offset);
	else
		snprintf(buf, len, "%s", w->kind);
}

/* by name, because addresses differ from run to run */
static int compare(const struct sched_site *a, const struct sched_site *b)
{
	int order = strcmp(a->file, b->file);

	return order ? order : site_line(a) - site_line(b);
}

static void put_into_words(struct words *w)
{
	const struct sched_site *a = site_of(w->a), *b = site_of(w->b);
	const char *how_a = describe_how(w->how_a), *how_b = describe_how(w->how_b);
	int order = compare(a, b);
	bool swap = order > 0 || (!order && w->how_a < w->how_b);
	char object[80];

	w->first = swap ? b : a;
	w->second = swap ? a : b;
	describe_object(w, object, sizeof(object));
	snprintf(w->summary, sizeof(w->summary),
		 "race on %s: %s in %s:%d (%s), %s in %s:%d (%s)", object,
		 swap ? how_b : how_a, w->first->file, site_line(w->first),
		 w->first->func, swap ? how_a : how_b, w->second->file,
		 site_line(w->second), w->second->func);
}

static bool same(const struct words *w, const struct words *key)
{
	return w->a == key->a && w->b == key->b && w->kind == key->kind &&
	       w->offset == key->offset && w->how_a == key->how_a &&
	       w->how_b == key->how_b;
}

static const struct words *words_for(const struct words *key)
{
	static struct words spare;
	unsigned int at = hash(key->a, key->b);
	struct words *w = &spare;

	for (unsigned int i = 0; i < KNOWN; i++) {
		w = &known[(at + i) % KNOWN];
		if (same(w, key) && w->summary[0])
			return w;
		if (!w->summary[0])
			break;
		w = &spare;
	}
	*w = *key;
	put_into_words(w);
	return w;
}

/* who it was this time */
static void add_detail(const char *when, const struct race_side *side)
{
	const struct sched_site *at = site_of(side->place);
	const struct sched_task *task = sched_task_nr(side->task);

	report_detail("%s: %s by %s in %s:%d (%s)", when, describe_how(side->how),
		      task ? task->name : "-", at->file, site_line(at), at->func);
}

static void add_locks(void)
{
	char text[512];

	report_detail("holding: %s",
		      lock_held_words(sched_current(), text, sizeof(text)));
}

void race_found(const void *object, const char *range, const struct race_side *before,
		const struct race_side *now)
{
	bool swap = before->place > now->place ||
		    (before->place == now->place && before->how > now->how);
	const struct race_side *a = swap ? now : before, *b = swap ? before : now;
	const void *key_a = (const void *)(uintptr_t)a->place;
	const void *key_b = (const void *)(uintptr_t)b->place;
	struct words key = {
		.a = a->place, .b = b->place, .how_a = a->how, .how_b = b->how
	};
	const struct words *w;

	if (!first_time(a->place, b->place) || suppress_again(REPORT_RACE, key_a, key_b))
		return;
	key.kind = trace_kind(object, &key.offset);
	if (!key.kind)
		key.kind = range;
	w = words_for(&key);
	if (!report_pair(REPORT_RACE, w->first, w->second, "%s", w->summary)) {
		suppress_remember(REPORT_RACE, key_a, key_b);
		return;
	}
	add_detail("first", before);
	add_detail("then", now);
	add_locks();
}
