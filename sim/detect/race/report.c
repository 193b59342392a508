// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said about a race. A search meets the same pair of places in a million
 * executions: it is put into words once, and counted in each.
 */
#include <stdio.h>
#include <string.h>

#include "detect/lock_order.h"
#include "symbols/field.h"
#include "symbols/place.h"
#include "detect/race/earlier.h"
#include "detect/race/moved.h"
#include "detect/race/value.h"
#include "detect/report.h"
#include "detect/suppress.h"
#include "sched/checkpoint.h"
#include "sched/hash.h"
#include "sched/lines.h"
#include "sched/trace.h"

#define KNOWN 256u /* a power of two */

/* a pair of places, the lower first; of which object does not matter within a run */
static struct pair {
	race_place a, b;
	uint32_t execution; /* the last one that it was reported in */
	bool again;	    /* known as its value stays the same, this time */
} pairs[KNOWN];
static uint32_t execution = 1;
static unsigned long met;

unsigned long race_met(void)
{
	return met;
}

/*
 * ... and in words: these depend on the object, and on nothing else that may vary. An
 * object of one label at one offset is of one type, wherever it was allocated.
 */
static struct words {
	race_place a, b;
	const char *kind;
	size_t offset;
	const void *fixed; /* instead of @offset: no label says what it is */
	uint8_t how_a, how_b;
	const struct sched_site *first, *second; /* as the words name them */
	const char *how_first, *how_second;
	bool asks_value; /* whether it is known may depend on it */
	/* a loop that the compiler unrolled is at many addresses, and in one line */
	struct words *alike; /* of the same lines and words; often itself */
	uint32_t reported;   /* the last execution in which one of them was */
	char object[REPORT_OBJECT], group[320], summary[256];
} known[KNOWN];
static unsigned int nr_known;
/* places in known[], plus 1, by hash: words are large, few, and lie together */
static uint16_t known_at[2 * KNOWN];

static bool (*is_data)(const void *p);

void race_of_data(bool (*asked)(const void *p))
{
	is_data = asked;
}

/* what writes a file's data still has to keep out others that do */
static bool reads_data(const void *object, uint8_t one, uint8_t other)
{
	return !(one & other & RACE_HOW_WRITE) && is_data && is_data(object);
}

void race_report_forget(void)
{
	memset(known, 0, nr_known * sizeof(known[0]));
	memset(known_at, 0, sizeof(known_at));
	nr_known = 0;
	suppress_forget();
}

void race_report_reset(void)
{
	if (!++execution) {
		memset(pairs, 0, sizeof(pairs));
		for (unsigned int i = 0; i < nr_known; i++)
			known[i].reported = 0;
		execution = 1;
	}
}

static unsigned int hash(race_place a, race_place b)
{
	return (unsigned int)(hash_word(hash_word(a) ^ b) >> 40);
}

/*
 * Return: where to keep what is known of the pair, if it is the first time; NULL: it is
 * not. Full: no pair is forgotten, some come twice
 */
static struct pair *first_time(race_place a, race_place b)
{
	static struct pair spare;
	unsigned int at = hash(a, b);

	for (unsigned int i = 0; i < KNOWN; i++) {
		struct pair *p = &pairs[(at + i) % KNOWN];

		if (p->execution != execution) {
			*p = (struct pair){ a, b, execution, false };
			return p;
		}
		if (p->a == a && p->b == b)
			return p->again ? p : NULL;
	}
	return &spare;
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

/*
 * What a reader is told of an object: "queue->ent_in_userspace", after the source's word
 * for it, where it is "ring_queue.busy_list" for those that compare.
 */
static void describe_object(struct words *w, const void *object, char *buf, size_t len)
{
	const struct sched_site *made;
	struct field field;
	size_t size;

	made = trace_made(object, &size);
	if (made ? field_of(made, size, w->offset, &field)
		 : field_static(object, &field)) {
		field_words(&field, w->object, sizeof(w->object));
		if (made && made->expr && made->expr[0] == '*' && field.path[0])
			snprintf(buf, len, "%s->%s", made->expr + 1, field.path);
		else
			snprintf(buf, len, "%s", w->object);
		return;
	}
	if (w->offset)
		snprintf(buf, len, "%s+%zu", w->kind, w->offset);
	else
		snprintf(buf, len, "%s", w->kind);
	snprintf(w->object, sizeof(w->object), "%s", buf);
}

/* where a reader has to look */
static const struct sched_site *function_of(race_place place)
{
	const void *p = (const void *)(uintptr_t)(place >> 1);

	return place & RACE_PLACE_SITE ? p : place_of_subject(p);
}

/* by name, because addresses differ from run to run */
static int compare(const struct sched_site *a, const struct sched_site *b)
{
	int order = strcmp(a->file, b->file);

	return order ? order : site_line(a) - site_line(b);
}

static void put_into_words(struct words *w, const void *object)
{
	const struct sched_site *a = function_of(w->a), *b = function_of(w->b);
	int order = compare(a, b);
	bool swap = order > 0 || (!order && w->how_a < w->how_b);
	char shown[REPORT_OBJECT];

	w->first = swap ? b : a;
	w->second = swap ? a : b;
	w->how_first = describe_how(swap ? w->how_b : w->how_a);
	w->how_second = describe_how(swap ? w->how_a : w->how_b);
	w->asks_value = suppress_asks_value(w->first->func) ||
			suppress_asks_value(w->second->func);
	describe_object(w, object, shown, sizeof(shown));
	snprintf(w->summary, sizeof(w->summary), "race on %s: %s in %s, %s in %s", shown,
		 w->how_first, w->first->func, w->how_second, w->second->func);
	swap = strcmp(w->first->func, w->second->func) > 0;
	snprintf(w->group, sizeof(w->group), "race on %s: %s <-> %s", w->object,
		 swap ? w->second->func : w->first->func,
		 swap ? w->first->func : w->second->func);
}

static bool same(const struct words *w, const struct words *key)
{
	return w->a == key->a && w->b == key->b && w->kind == key->kind &&
	       w->offset == key->offset && w->fixed == key->fixed &&
	       w->how_a == key->how_a && w->how_b == key->how_b;
}

static struct words *alike(struct words *w)
{
	for (unsigned int i = 0; i < nr_known; i++) {
		struct words *other = &known[i];

		if (other != w && other->alike == other &&
		    !compare(other->first, w->first) &&
		    !compare(other->second, w->second) &&
		    !strcmp(other->summary, w->summary))
			return other;
	}
	return w;
}

/* Return: the words of @key; NULL: not known yet, and @slot is where to note where they
 * are */
static struct words *known_words(const struct words *key, uint16_t **slot)
{
	unsigned int at = hash(key->a, key->b);

	for (;; at++) {
		*slot = &known_at[at % (2 * KNOWN)];
		if (!**slot)
			return NULL;
		if (same(&known[**slot - 1], key))
			return &known[**slot - 1];
	}
}

/* Return: a constant for all reports of these words, or, of too many, none: @constant */
static struct words *words_for(const struct words *key, const void *object,
			       bool *constant)
{
	static struct words spare;
	uint16_t *slot;
	struct words *w = known_words(key, &slot);

	*constant = w || nr_known < KNOWN;
	if (w)
		return w;
	w = *constant ? &known[nr_known] : &spare;
	*w = *key;
	put_into_words(w, object);
	w->alike = alike(w);
	if (*constant)
		*slot = (uint16_t)++nr_known;
	return w;
}

/* struct inner - a line of the detail that says what was inlined into what */
struct inner {
	char text[512];
	size_t used;
};

static void add_inlined(const struct sched_site *place, void *arg)
{
	struct inner *in = arg;

	if (in->used >= sizeof(in->text))
		return;
	in->used += (size_t)snprintf(in->text + in->used, sizeof(in->text) - in->used,
				     "%s%s:%d (%s)", in->used ? ", inlined into " : "",
				     place->file, site_line(place), place->func);
}

/* the task this time; of the earlier access no more than the place is remembered */
static void add_detail(const char *when, const struct race_side *side)
{
	const struct sched_site *at = site_of(side->place);
	const struct sched_task *task = sched_task_nr(side->task);
	struct inner in = { .used = 0 };

	if (side->place & RACE_PLACE_SITE)
		add_inlined(at, &in);
	else
		place_each((const void *)(uintptr_t)(side->place >> 1), add_inlined, &in);
	report_detail("%s: %s by %s in %s", when, describe_how(side->how),
		      task ? task->name : "-", in.text);
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
	struct words key = {
		.a = a->place, .b = b->place, .how_a = a->how, .how_b = b->how
	};
	static const char stays; /* to remember it apart from one that changes */
	const void *what;
	enum report_value value;
	struct words *w;
	struct pair *pair;
	bool constant;

	if (reads_data(object, a->how, b->how))
		return;
	met++;
	pair = first_time(a->place, b->place);
	if (!pair)
		return;
	key.kind = trace_kind(object, &key.offset);
	if (!key.kind) {
		key.kind = range;
		key.fixed = object;
	}
	w = words_for(&key, object, &constant);
	value = race_value(object, before, now);
	pair->again = value != REPORT_CHANGES;
	constant &= !w->asks_value || value != REPORT_NOT_YET;
	what = value == REPORT_STAYS ? &stays : NULL;
	if (constant && suppress_again(REPORT_RACE, w, what))
		return;
	if (!w->asks_value && w->alike->reported == execution)
		return;
	report_about("race", w->object, w->group);
	report_accesses(w->how_first, w->how_second);
	race_value_say(value);
	if (!report_pair(REPORT_RACE, w->first, w->second, "%s", w->summary)) {
		if (constant)
			suppress_remember(REPORT_RACE, w, what);
		return;
	}
	w->alike->reported = execution;
	add_detail("first", before);
	add_detail("then", now);
	add_locks();
	race_earlier_found(object, before);
	if (report_unsettled())
		sched_set_hooks(sched_hooks() | RACE_SETTLES);
}

/* ---- checkpoints ---- */

/* the pairs of this execution are of the next one, too */
static void checkpoint_pairs(struct checkpoint *c)
{
	struct pair pair = { .execution = 0 };

	for (unsigned int i = 0; !c->back && i < KNOWN; i++)
		if (pairs[i].execution == execution)
			checkpoint_value(c, pairs[i]);
	if (!c->back) {
		checkpoint_value(c, pair);
		return;
	}
	for (;;) {
		checkpoint_value(c, pair);
		if (!pair.execution)
			return;
		first_time(pair.a, pair.b)->again = pair.again;
	}
}

static void checkpoint_words(struct checkpoint *c)
{
	unsigned int nr = 0; /* from 1 */

	for (unsigned int i = 0; !c->back && i < nr_known; i++) {
		nr = i + 1;
		if (known[i].reported == execution)
			checkpoint_value(c, nr);
	}
	nr = 0;
	do {
		checkpoint_value(c, nr);
		if (nr)
			known[nr - 1].reported = execution;
	} while (nr);
}

void race_report_checkpoint(struct checkpoint *c)
{
	if (c->back)
		race_report_reset();
	checkpoint_pairs(c);
	checkpoint_words(c);
}
