// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said about a race. A search meets the same pair of places in a million
 * executions: it is put into words once, and counted in each.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "detect/race_i.h"
#include "detect/report.h"
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
	char summary[256], where[80];
} known[KNOWN];

void race_report_reset(void)
{
	if (!++execution) {
		memset(pairs, 0, sizeof(pairs));
		execution = 1;
	}
}

static unsigned int hash(race_place a, race_place b)
{
	return (unsigned int)((a * 0x9e3779b97f4a7c15ull ^ b * 0xc2b2ae3d27d4eb4full) >>
			      40);
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

static void describe_place(race_place place, char *buf, size_t len)
{
	const void *p = (const void *)(uintptr_t)(place >> 1);
	const struct sched_site *site = p;
	Dl_info info;

	if (place & RACE_PLACE_SITE)
		snprintf(buf, len, "%s:%d (%s)", site->file, site->line, site->func);
	else if (p && dladdr(p, &info) && info.dli_sname)
		snprintf(buf, len, "%s", info.dli_sname);
	else
		snprintf(buf, len, "?");
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
static void put_into_words(struct words *w)
{
	char object[64], a[80], b[80];
	const char *how_a = describe_how(w->how_a), *how_b = describe_how(w->how_b);
	int order;

	describe_object(w, object, sizeof(object));
	describe_place(w->a, a, sizeof(a));
	describe_place(w->b, b, sizeof(b));
	order = strcmp(a, b);
	if (!order)
		order = strcmp(how_a, how_b);
	snprintf(w->summary, sizeof(w->summary), "race on %s: %s in %s, %s in %s", object,
		 order < 0 ? how_a : how_b, order < 0 ? a : b, order < 0 ? how_b : how_a,
		 order < 0 ? b : a);
	snprintf(w->where, sizeof(w->where), "%s", order < 0 ? a : b);
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

void race_found(const void *object, const char *range, const struct race_side *before,
		const struct race_side *now)
{
	bool swap = before->place > now->place ||
		    (before->place == now->place && before->how > now->how);
	const struct race_side *a = swap ? now : before, *b = swap ? before : now;
	struct words key = {
		.a = a->place, .b = b->place, .how_a = a->how, .how_b = b->how
	};
	const struct words *w;

	if (!first_time(a->place, b->place))
		return;
	key.kind = trace_kind(object, &key.offset);
	if (!key.kind)
		key.kind = range;
	w = words_for(&key);
	report_as(REPORT_RACE, w->summary, w->where);
}
