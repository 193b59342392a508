// SPDX-License-Identifier: GPL-2.0-only
/*
 * Code addresses as places in the source, by the map that was written when the code was
 * built.
 */
#include "symbols/place.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/field.h"
#include "symbols/place_map.h"
#include "sched/hash.h"
#include "sched/lines.h"

#define BUCKETS 1024u /* a power of two */
#define OUTER	~0u   /* instead of a depth: place_of_subject() */

/* earlier results: a place is asked for in each execution that fails there */
static struct known {
	struct known *next;
	struct sched_site site; /* its names: of texts[] */
	uintptr_t pc;
	unsigned int depth;
	bool there;
} * knowns[BUCKETS];

/* names of files and functions, of which many places have the same */
#define TEXT_BUCKETS 256u /* a power of two */
static struct text {
	struct text *next;
	char text[];
} * texts[TEXT_BUCKETS];

/* they come by the thousand: without what malloc() adds to each */
#define SLAB 64u
static struct slab {
	struct slab *next;
	struct known at[SLAB];
} * slabs;
static unsigned int slab_used = SLAB; /* of the newest */

static struct known *allocate(void)
{
	if (slab_used == SLAB) {
		struct slab *s = calloc(1, sizeof(*s));

		if (!s)
			return NULL;
		s->next = slabs;
		slabs = s;
		slab_used = 0;
	}
	return &slabs->at[slab_used++];
}

static const struct sched_site nowhere = { .file = "?", .func = "?" };

static bool find(uintptr_t pc, unsigned int depth, struct place_map_place *place)
{
	if (!place_map_find(pc - 1, depth, place))
		return false;
	place->line = line_shown(place->file, place->line);
	return true;
}

/* Return: a string like @text, the same one each time; NULL: out of memory */
static const char *kept(const char *text)
{
	struct text **list =
		&texts[hash_text(HASH_START, text) >> 32 & (TEXT_BUCKETS - 1)];
	const size_t size = strlen(text) + 1;
	struct text *t;

	for (t = *list; t; t = t->next)
		if (!strcmp(t->text, text))
			return t->text;
	t = malloc(sizeof(*t) + size);
	if (!t)
		return NULL;
	t->next = *list;
	*list = t;
	return memcpy(t->text, text, size);
}

static void name(struct sched_site *site, const struct place_map_place *place)
{
	const char *file = kept(place->file), *func = kept(place->func);

	if (file && func)
		*site = (struct sched_site){ .file = file,
					     .func = func,
					     .line = place->line };
}

static bool is_helper(const struct place_map_place *place)
{
	return !strncmp(place->file, "kernel_shim/", strlen("kernel_shim/")) ||
	       !strncmp(place->file, "include/", strlen("include/"));
}

static bool find_outer(uintptr_t pc, struct place_map_place *place)
{
	for (unsigned int depth = 0; find(pc, depth, place); depth++)
		if (!is_helper(place))
			return true;
	return find(pc, 0, place);
}

static struct known *look_up(const void *pc, unsigned int depth)
{
	struct known **list =
		&knowns[hash_word((uintptr_t)pc * 8 + depth) >> 32 & (BUCKETS - 1)];
	struct place_map_place place;
	struct known *k;

	for (k = *list; k; k = k->next)
		if (k->pc == (uintptr_t)pc && k->depth == depth)
			return k;
	k = allocate();
	if (!k)
		return NULL;
	k->pc = (uintptr_t)pc;
	k->depth = depth;
	k->site = nowhere;
	k->there =
		depth == OUTER ? find_outer(k->pc, &place) : find(k->pc, depth, &place);
	if (k->there)
		name(&k->site, &place);
	k->next = *list;
	*list = k;
	return k;
}

const struct sched_site *place_of(const void *pc)
{
	const struct known *k = look_up(pc, 0);

	return k ? &k->site : &nowhere;
}

const struct sched_site *place_of_subject(const void *pc)
{
	const struct known *k = look_up(pc, OUTER);

	return k ? &k->site : &nowhere;
}

void place_each(const void *pc, void (*fn)(const struct sched_site *place, void *arg),
		void *arg)
{
	const struct known *k;

	fn(place_of(pc), arg);
	for (unsigned int depth = 1; (k = look_up(pc, depth)) && k->there; depth++)
		fn(&k->site, arg);
}

void place_forget(void)
{
	struct slab *s;
	struct text *t;

	memset(knowns, 0, sizeof(knowns));
	while ((s = slabs)) {
		slabs = s->next;
		free(s);
	}
	slab_used = SLAB;
	for (unsigned int i = 0; i < TEXT_BUCKETS; i++)
		while ((t = texts[i])) {
			texts[i] = t->next;
			free(t);
		}
	field_forget();
	place_map_forget();
}
