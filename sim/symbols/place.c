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
#include "sched/lines.h"

/* earlier results; places are few */
static struct known {
	struct known *next;
	struct sched_site site; /* its names are to be freed */
	uintptr_t pc;
	unsigned int depth; /* of place_each(); or OUTER */
} * knowns;

#define OUTER UINT_MAX /* place_of_subject() */

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

static const struct sched_site *look_up(const void *pc, unsigned int depth)
{
	struct place_map_place place;
	struct known *k;

	for (k = knowns; k; k = k->next)
		if (k->pc == (uintptr_t)pc && k->depth == depth)
			return &k->site;
	k = calloc(1, sizeof(*k));
	if (!k)
		return &nowhere;
	k->pc = (uintptr_t)pc;
	k->depth = depth;
	k->site = nowhere;
	if (depth == OUTER ? find_outer(k->pc, &place) : find(k->pc, depth, &place))
		name(&k->site, &place);
	k->next = knowns;
	knowns = k;
	return &k->site;
}

const struct sched_site *place_of(const void *pc)
{
	return look_up(pc, 0);
}

const struct sched_site *place_of_subject(const void *pc)
{
	return look_up(pc, OUTER);
}

void place_each(const void *pc, void (*fn)(const struct sched_site *place, void *arg),
		void *arg)
{
	const struct sched_site *site = place_of(pc);
	unsigned int depth = 0;

	do {
		fn(site, arg);
		site = look_up(pc, ++depth);
	} while (site->file != nowhere.file);
}

void place_forget(void)
{
	struct known *k;

	while ((k = knowns)) {
		knowns = k->next;
		if (k->site.file != nowhere.file) {
			free((char *)(uintptr_t)k->site.file);
			free((char *)(uintptr_t)k->site.func);
		}
		free(k);
	}
	field_forget();
	place_map_forget();
}
