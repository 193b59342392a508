// SPDX-License-Identifier: GPL-2.0-only
/*
 * place-map FILE: write FILE.places, the map that sim/symbols/place_map.c reads. It has
 * an entry for every address at which the debug information changes - a row of a line
 * table, a function, an inlined function - or the unwind tables do (frames.c).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols/map/frames.h"
#include "symbols/map/list.h"
#include "symbols/map/place_debug.h"
#include "symbols/map/types.h"
#include "symbols/place_map.h"

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.section_address = dwfl_offline_section_address,
	.find_debuginfo = place_no_debug_file,
};

static struct list starts = { .each = sizeof(Dwarf_Addr) };
static struct list parts = { .each = sizeof(struct place_map_part) };
static struct list steps = { .each = sizeof(struct place_map_step) };
static struct list sites = { .each = sizeof(struct place_map_site) };
static struct list text = { .each = 1 };

/* ---- where an entry begins ---- */

static void note_start(Dwarf_Addr addr)
{
	list_append(&starts, &addr, 1);
}

static void note_lines(Dwarf_Die *unit)
{
	Dwarf_Lines *lines;
	Dwarf_Addr addr;
	size_t nr;

	if (dwarf_getsrclines(unit, &lines, &nr))
		return;
	for (size_t i = 0; i < nr; i++)
		if (!dwarf_lineaddr(dwarf_onesrcline(lines, i), &addr))
			note_start(addr);
}

static void note_ranges(Dwarf_Die *die)
{
	Dwarf_Addr base, from, to;

	for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &from, &to)) > 0;) {
		note_start(from);
		note_start(to);
	}
}

static void note_dies(Dwarf_Die *die)
{
	Dwarf_Die child;

	note_ranges(die);
	if (dwarf_child(die, &child))
		return;
	do
		note_dies(&child);
	while (!dwarf_siblingof(&child, &child));
}

static int by_address(const void *a, const void *b)
{
	const Dwarf_Addr *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* ---- what is known there ---- */

/*
 * Texts and sites are each written once: which have been is kept by name in a table.
 * Return: where the number of the one of that name is; @next if there was none
 */
static uint32_t number_of(struct hsearch_data *known, const char *name, uint32_t next)
{
	ENTRY *found, entry = { (char *)(uintptr_t)name, NULL };

	if (hsearch_r(entry, FIND, &found, known))
		return (uint32_t)(uintptr_t)found->data;
	entry.key = strdup(name);
	entry.data = (void *)(uintptr_t)next;
	if (!entry.key || !hsearch_r(entry, ENTER, &found, known))
		list_fail("memory", strerror(ENOMEM));
	return next;
}

static struct hsearch_data texts_known, sites_known;

uint32_t put_text(const char *s)
{
	uint32_t at = number_of(&texts_known, s, (uint32_t)text.nr);

	if (at == text.nr)
		list_append(&text, s, strlen(s) + 1);
	return at;
}

static uint32_t put_site(const char *file, const char *func, int line, uint32_t caller)
{
	const struct place_map_site site = { put_text(file), put_text(func), line,
					     caller };
	char name[64];
	uint32_t i;

	snprintf(name, sizeof(name), "%u %u %d %u", site.file, site.func, site.line,
		 site.caller);
	i = number_of(&sites_known, name, (uint32_t)sites.nr);
	if (i == sites.nr)
		list_append(&sites, &site, 1);
	return i;
}

#define DEPTH 64 /* of functions inlined into each other */

/* struct callers - innermost first; their texts are their own */
struct callers {
	struct sched_site at[DEPTH];
	unsigned int nr;
};

static void note_caller(const struct sched_site *place, void *arg)
{
	struct callers *c = arg;
	struct sched_site *at = &c->at[c->nr];

	if (c->nr == DEPTH)
		return;
	c->nr++;
	*at = *place;
	at->file = strdup(place->file);
	at->func = strdup(place->func);
	if (!at->file || !at->func)
		list_fail("memory", strerror(ENOMEM));
}

static uint32_t put_callers(Dwfl_Module *module, Dwarf_Addr addr)
{
	struct callers callers = { .nr = 0 };
	uint32_t site = PLACE_MAP_NONE;

	place_search_callers(module, addr, note_caller, &callers);
	while (callers.nr--) {
		struct sched_site *at = &callers.at[callers.nr];

		site = put_site(at->file, at->func, at->line, site);
		free((char *)(uintptr_t)at->file);
		free((char *)(uintptr_t)at->func);
	}
	return site;
}

static uint32_t site_at(Dwfl_Module *module, Dwarf_Addr addr)
{
	struct place_found found;
	uint32_t site = PLACE_MAP_NONE;

	place_search(module, addr, &found);
	if (found.file && found.func)
		site = put_site(found.file, found.func, found.line,
				put_callers(module, addr));
	free(found.file);
	return site;
}

static void put_part(Dwarf_Addr from, uint32_t site)
{
	const struct place_map_part part = { (uint32_t)from, site };
	const struct place_map_part *all = parts.at;

	if (from > UINT32_MAX)
		list_fail("map", "the code is too large");
	if (!parts.nr || all[parts.nr - 1].site != site)
		list_append(&parts, &part, 1);
}

static void make_parts(Dwfl_Module *module)
{
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias = 0;
	const Dwarf_Addr *at;

	while ((unit = dwfl_module_nextcu(module, unit, &bias))) {
		note_lines(unit);
		note_dies(unit);
	}
	if (!starts.nr)
		return;
	qsort(starts.at, starts.nr, starts.each, by_address);
	at = starts.at;
	for (size_t i = 0; i < starts.nr; i++)
		if (!i || at[i] != at[i - 1])
			put_part(at[i], site_at(module, at[i] + bias));
}

/* ---- the file ---- */

static void put(FILE *out, const void *what, size_t each, size_t nr, const char *path)
{
	if (fwrite(what, each, nr, out) != nr)
		list_fail(path, strerror(errno));
}

static void write_map(const char *path, const unsigned char *id)
{
	struct place_map_head head = { .magic = PLACE_MAP_MAGIC,
				       .nr = (uint32_t)parts.nr,
				       .nr_steps = (uint32_t)steps.nr,
				       .nr_sites = (uint32_t)sites.nr,
				       .nr_types = (uint32_t)types.nr,
				       .nr_fields = (uint32_t)fields.nr,
				       .nr_vars = (uint32_t)vars.nr,
				       .text = (uint32_t)text.nr };
	char whole[PATH_MAX];
	FILE *out;

	snprintf(whole, sizeof(whole), "%s%s.new", path, PLACE_MAP_SUFFIX);
	out = fopen(whole, "we");
	if (!out)
		list_fail(whole, strerror(errno));
	memcpy(head.build_id, id, PLACE_MAP_ID);
	put(out, &head, sizeof(head), 1, whole);
	put(out, parts.at, parts.each, parts.nr, whole);
	put(out, steps.at, steps.each, steps.nr, whole);
	put(out, sites.at, sites.each, sites.nr, whole);
	put(out, types.at, types.each, types.nr, whole);
	put(out, fields.at, fields.each, fields.nr, whole);
	put(out, vars.at, vars.each, vars.nr, whole);
	put(out, text.at, text.each, text.nr, whole);
	if (fclose(out))
		list_fail(whole, strerror(errno));
}

/* in one step: a reader finds the whole map or none */
static void move_map(const char *path)
{
	char whole[PATH_MAX], final[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s%s.new", path, PLACE_MAP_SUFFIX);
	snprintf(final, sizeof(final), "%s%s", path, PLACE_MAP_SUFFIX);
	if (rename(whole, final))
		list_fail(final, strerror(errno));
}

static void make_map(const char *path)
{
	static Dwfl *dwfl; /* static: still reachable for a leak checker, however the
			      program ends */
	const unsigned char *id;
	Dwfl_Module *module;
	GElf_Addr where;

	dwfl = dwfl_begin(&callbacks);
	module = dwfl ? dwfl_report_offline(dwfl, path, path, -1) : NULL;
	if (!module || dwfl_report_end(dwfl, NULL, NULL))
		list_fail(path, dwfl_errmsg(-1));
	make_parts(module);
	types_list(module);
	frames_list(module, &steps);
	if (dwfl_module_build_id(module, &id, &where) != PLACE_MAP_ID)
		list_fail(path, "it has no build id");
	if (!sites.nr)
		list_fail(path, "it has no debug information");
	write_map(path, id);
	move_map(path);
	dwfl_end(dwfl);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		list_fail("usage", "place-map FILE");
	if (!hcreate_r(1u << 18, &texts_known) || !hcreate_r(1u << 18, &sites_known))
		list_fail("memory", strerror(ENOMEM));
	make_map(argv[1]);
	free(starts.at);
	free(parts.at);
	free(steps.at);
	free(sites.at);
	free(text.at);
	types_free();
	return 0;
}
