// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeping back reports that a file names. What is asked while executions run neither
 * allocates nor formats.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/suppress_i.h"
#include "sched/checkpoint.h"
#include "sched/clear.h"
#include "sched/hash.h"
#include "symbols/stacks.h"

#define MEMO 1024 /* a power of two */

struct suppress_list suppressions;

/* what suppress_remember() was told; @entry is 0 where nothing is */
static struct memo {
	const void *a, *b;
	uint16_t kind, entry; /* number of the entry, from 1 */
} memo[MEMO];

/* what follows is counted as this entry, up to the end of the execution; -1: nothing is
 */
static int spoilt_by = -1;

/*
 * What was counted in this execution, so that it is counted again in each that begins at
 * a checkpoint of it. More: no checkpoint is taken.
 */
#define COUNTED 512
static struct {
	unsigned int nr;
	uint16_t what[COUNTED]; /* number of an entry, or TOLD + kind */
} counted;
#define TOLD (SUPPRESS_MAX + 1)

/* of suppress_group(), and whether all groups count again */
static struct {
	unsigned int nr;
	bool off;
	uint64_t hash[SUPPRESS_GROUPS], told[REPORT_NR_KINDS];
} groups;

void suppress_clear(void)
{
	groups.nr = 0;
	groups.off = false;
	while (suppressions.nr_texts)
		free(suppressions.texts[--suppressions.nr_texts]);
	/* there is room for many, of which most is never touched */
	clear_used(suppressions.entry, sizeof(suppressions.entry));
	clear_used(suppressions.count, sizeof(suppressions.count));
	clear_used(suppressions.hash, sizeof(suppressions.hash));
	clear_used(suppressions.texts, sizeof(suppressions.texts));
	suppressions.nr = suppressions.kinds = suppressions.nr_hashes = 0;
	suppressions.last = 0;
	suppressions.asks_value = false;
	suppressions.generation++;
	clear_used(memo, sizeof(memo));
}

unsigned int suppress_nr(void)
{
	return suppressions.nr;
}

const struct suppression *suppress_get(unsigned int i)
{
	return i < suppressions.nr ? &suppressions.entry[i] : NULL;
}

const struct suppress_hash *suppress_hash(unsigned int i)
{
	return i < suppressions.nr_hashes ? &suppressions.hash[i] : NULL;
}

/* @list has @word, words apart */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (list && *list) {
		size_t len = strcspn(list, " \t");

		if (len == n && !strncmp(list, word, n))
			return true;
		list += len;
		list += strspn(list, " \t");
	}
	return false;
}

bool suppress_void(unsigned int i, const char *function)
{
	struct suppression *e = &suppressions.entry[i];

	suppressions.generation++;
	if (!function) {
		e->void_in = "";
		return true;
	}
	if (!has_word(e->code, function) && !has_word(e->function, function) &&
	    !has_word(e->called, function) && !has_word(e->pair[0], function) &&
	    !has_word(e->pair[1], function))
		return false;
	e->void_in = function;
	return true;
}

bool suppress_saved(enum report_kind kind, const char *group, const char *file)
{
	if (suppressions.nr == SUPPRESS_MAX)
		return false;
	suppressions.entry[suppressions.nr++] = (struct suppression){
		.file = file,
		.kind = kind,
		.group = group,
		.reason = "it is in the saved result",
	};
	suppressions.kinds |= 1u << kind;
	suppressions.generation++;
	suppress_forget();
	return true;
}

const char *suppress_words(const struct suppression *e, char *buf, size_t len)
{
	const struct {
		const char *before, *text;
	} parts[] = {
		{ "", e->rule },
		{ " of ", e->object },
		{ ", ", e->access[0] },
		{ " in ", e->pair[0] },
		{ " and ", e->access[1] },
		{ " in ", e->pair[1] },
		{ "", e->summary },
		{ "", e->group },
		{ " in ", e->function },
		{ " of ", e->source },
		{ " called by ", e->called },
		{ " in scenario ", e->scenario },
		{ ", ", e->unchanged ? "if the value stays the same" : NULL },
		{ ", ", e->spoils ? "and what comes then" : NULL },
	};
	size_t used = 0;

	if (!e->rule && !e->summary && !e->object && !e->group)
		used += (size_t)snprintf(buf, len, "any report");
	else
		buf[0] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && used < len; i++)
		if (parts[i].text)
			used += (size_t)snprintf(buf + used, len - used, "%s%s",
						 used ? parts[i].before : "",
						 parts[i].text);
	return buf;
}

const uint64_t *suppress_counts(void)
{
	return suppressions.count;
}

void suppress_uncount(void)
{
	clear_used(suppressions.count, sizeof(suppressions.count));
}

/* ---- matching ---- */

static bool fits(const char *pattern, const char *text)
{
	return !pattern ||
	       (text && (!strcmp(pattern, text) || !fnmatch(pattern, text, 0)));
}

/* both words of an entry have to be true of one place */
static bool is_place(const struct suppression *e, const struct sched_site *site)
{
	if (!e->function && !e->source)
		return true;
	return site && fits(e->function, site->func) && fits(e->source, site->file);
}

static bool is_side(const struct suppress_sides *sides, int side, const char *function,
		    const char *access)
{
	const struct sched_site *site = sides->site[side];

	return site && fits(function, site->func) &&
	       (!access || (sides->access[side] && !strcmp(sides->access[side], access)));
}

/* either place may be the first */
static bool is_pair(const struct suppression *e, const struct suppress_sides *sides)
{
	if (!e->pair[0])
		return true;
	for (int side = 0; side < 2; side++)
		if (is_side(sides, side, e->pair[0], e->access[0]) &&
		    is_side(sides, !side, e->pair[1], e->access[1]))
			return true;
	return false;
}

/* a file may give its scenario any name, of which no entry can know */
static bool is_played(const struct suppression *e)
{
	return fits(e->scenario, suppressions.scenario) ||
	       (suppressions.of_file && suppressions.scenario &&
		fits(e->scenario, SUPPRESS_ANY_FILE));
}

static bool is_known(const struct suppression *e, const struct report *r,
		     const struct suppress_sides *sides)
{
	return e->kind == r->kind && !e->void_in &&
	       (!e->group || (!groups.off && !strcmp(e->group, r->group))) &&
	       is_played(e) && (!e->unchanged || sides->value != REPORT_CHANGES) &&
	       fits(e->rule, r->rule) && fits(e->object, r->object) &&
	       fits(e->summary, r->summary) && is_pair(e, sides) &&
	       (is_place(e, sides->site[0]) || is_place(e, sides->site[1])) &&
	       (!e->called || stacks_have(e->called));
}

void suppress_group(uint64_t hash)
{
	if (groups.nr == SUPPRESS_GROUPS)
		return;
	groups.hash[groups.nr++] = hash;
	suppressions.kinds |= (1u << REPORT_NR_KINDS) - 1;
}

void suppress_no_groups(void)
{
	groups.nr = 0;
	groups.off = true;
	suppressions.generation++;
	suppress_forget();
}

uint64_t suppress_told(enum report_kind kind)
{
	return groups.told[kind];
}

void suppress_execution(void)
{
	spoilt_by = -1;
	counted.nr = 0;
}

static void count(unsigned int what)
{
	if (what < TOLD)
		suppressions.count[what]++;
	else
		groups.told[what - TOLD]++;
	if (counted.nr < COUNTED)
		counted.what[counted.nr] = (uint16_t)what;
	counted.nr++;
}

void suppress_checkpoint(struct checkpoint *c)
{
	unsigned int nr = counted.nr;

	if (nr > COUNTED)
		c->full = true;
	checkpoint_value(c, spoilt_by);
	checkpoint_value(c, nr);
	checkpoint_bytes(c, counted.what, c->full ? 0 : nr * sizeof(counted.what[0]));
	if (!c->back)
		return;
	counted.nr = 0;
	for (unsigned int i = 0; i < nr; i++)
		count(counted.what[i]);
}

static bool counts_as(unsigned int entry)
{
	count(entry);
	suppressions.last = (int)entry;
	if (suppressions.entry[entry].spoils)
		spoilt_by = (int)entry;
	return true;
}

static bool is_told(const char *group)
{
	uint64_t hash = hash_text(HASH_START, group);

	for (unsigned int i = 0; i < groups.nr; i++)
		if (groups.hash[i] == hash)
			return true;
	return false;
}

/* One that asks for what is not there yet comes after all that do not. */
bool suppress_match(const struct report *r, const struct suppress_sides *sides,
		    int *later)
{
	*later = -1;
	if (spoilt_by >= 0 && r->kind != REPORT_UNMODELLED)
		return counts_as((unsigned int)spoilt_by);
	if (groups.nr && is_told(r->group)) {
		count(TOLD + (unsigned int)r->kind);
		suppressions.last = SUPPRESS_MAX;
		return true;
	}
	if (!(suppressions.kinds & (1u << r->kind)))
		return false;
	for (unsigned int i = 0; i < suppressions.nr; i++) {
		const struct suppression *e = &suppressions.entry[i];

		if (!is_known(e, r, sides))
			continue;
		if (e->unchanged && sides->value == REPORT_NOT_YET) {
			if (*later < 0)
				*later = (int)i;
			continue;
		}
		*later = -1;
		return counts_as(i);
	}
	return false;
}

void suppress_count(int entry)
{
	count((unsigned int)entry);
}

static bool names_writer(const struct suppression *e, const char *function)
{
	for (int i = 0; i < 2; i++)
		if (fits(e->pair[i], function) &&
		    (!e->access[i] || strstr(e->access[i], "write")))
			return true;
	return false;
}

bool suppress_asks_value(const char *function)
{
	if (!function)
		return suppressions.asks_value;
	for (unsigned int i = 0; i < suppressions.nr; i++)
		if (suppressions.entry[i].unchanged && !suppressions.entry[i].void_in &&
		    names_writer(&suppressions.entry[i], function))
			return true;
	return false;
}

unsigned int suppress_generation(void)
{
	return suppressions.generation;
}

/* ---- remembering ---- */

/* the memo of these two, or a free one; NULL: there is neither */
static struct memo *memo_of(enum report_kind kind, const void *a, const void *b)
{
	uint64_t h = hash_word((uintptr_t)a ^ ((uintptr_t)b << 7) ^ kind);

	for (unsigned int try = 0; try < 8; try++) {
		struct memo *m = &memo[((h >> 40) + try) % MEMO];

		if (!m->entry || (m->a == a && m->b == b && m->kind == kind))
			return m;
	}
	return NULL;
}

/* what is known in one may be a failure in another */
void suppress_scenario(const char *name)
{
	if (suppressions.scenario == name)
		return;
	suppressions.scenario = name;
	suppress_forget();
}

void suppress_of_file(bool own)
{
	if (suppressions.of_file != own)
		suppress_forget();
	suppressions.of_file = own;
}

void suppress_forget(void)
{
	memset(memo, 0, sizeof(memo));
}

bool suppress_again(enum report_kind kind, const void *a, const void *b)
{
	const struct memo *m;

	if (!(suppressions.kinds & (1u << kind)))
		return false;
	m = memo_of(kind, a, b);
	if (!m || !m->entry)
		return false;
	if (m->entry > SUPPRESS_MAX) /* told by its group */
		return true;
	return counts_as(m->entry - 1u);
}

void suppress_remember(enum report_kind kind, const void *a, const void *b)
{
	struct memo *m;

	/* what is spoilt is no report of these two in another execution */
	if (!(suppressions.kinds & (1u << kind)) || spoilt_by >= 0)
		return;
	m = memo_of(kind, a, b);
	if (m)
		*m = (struct memo){ a, b, (uint16_t)kind,
				    (uint16_t)(suppressions.last + 1) };
}
