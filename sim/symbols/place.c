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
	struct sched_site site; /* its names are to be freed */
	uintptr_t pc;
	unsigned int depth;
	bool there;
} * knowns[BUCKETS];

static const struct sched_site nowhere = { .file = "?", .func = "?" };

static bool find(uintptr_t pc, unsigned int depth, struct place_map_place *place)
{
	if (!place_map_find(pc - 1, depth, place))
		return false;
	place->line = line_shown(place->file, place->line);
	return true;
}

static void name(struct sched_site *site, const struct place_map_place *place)
{
	char *file = strdup(place->file), *func = strdup(place->func);

	if (file && func) {
		*site = (struct sched_site){ .file = file,
					     .func = func,
					     .line = place->line };
		return;
	}
	free(file);
	free(func);
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
	k = calloc(1, sizeof(*k));
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

static void forget(struct known *k)
{
	if (k->site.file != nowhere.file) {
		free((char *)(uintptr_t)k->site.file);
		free((char *)(uintptr_t)k->site.func);
	}
	free(k);
}

void place_forget(void)
{
	struct known *k;

	for (unsigned int i = 0; i < BUCKETS; i++)
		while ((k = knowns[i])) {
			knowns[i] = k->next;
			forget(k);
		}
	field_forget();
	place_map_forget();
}
