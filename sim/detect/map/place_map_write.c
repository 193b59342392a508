// SPDX-License-Identifier: GPL-2.0-only
/*
 * place-map FILE.so: write FILE.so.places, the map that sim/detect/place_map.c reads.
 * Every address at which the debug information begins to say something else - a row of
 * a line table, a function, one that was inlined - is asked what it says.
 */
#define _GNU_SOURCE
#include <dwarf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detect/place_debug.h"
#include "detect/place_map.h"

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.section_address = dwfl_offline_section_address,
	.find_debuginfo = place_no_debug_file,
};

/* struct list - of anything, that grows */
struct list {
	void *at;
	size_t nr, room, each;
};

static struct list starts = { .each = sizeof(Dwarf_Addr) };
static struct list parts = { .each = sizeof(struct place_map_part) };
static struct list sites = { .each = sizeof(struct place_map_site) };
static struct list text = { .each = 1 };

static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "place-map: %s: %s\n", what, why);
	exit(2);
}

static void *append(struct list *l, const void *what, size_t nr)
{
	void *to;

	if (l->nr + nr > l->room) {
		l->room = (l->nr + nr) * 2;
		l->at = realloc(l->at, l->room * l->each);
		if (!l->at)
			fail("memory", strerror(ENOMEM));
	}
	to = (char *)l->at + l->nr * l->each;
	memcpy(to, what, nr * l->each);
	l->nr += nr;
	return to;
}

/* ---- where something new begins ---- */

static void note_start(Dwarf_Addr addr)
{
	append(&starts, &addr, 1);
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

/* ---- what is said there ---- */

static uint32_t put_text(const char *s)
{
	size_t n = strlen(s) + 1;

	for (size_t at = 0; at < text.nr; at += strlen((char *)text.at + at) + 1)
		if (!strcmp((char *)text.at + at, s))
			return (uint32_t)at;
	return (uint32_t)((char *)append(&text, s, n) - (char *)text.at);
}

static uint32_t put_site(const struct place_found *found)
{
	const struct place_map_site site = { put_text(found->file), put_text(found->func),
					     found->line };
	const struct place_map_site *all = sites.at;

	for (size_t i = sites.nr; i--;)
		if (!memcmp(&all[i], &site, sizeof(site)))
			return (uint32_t)i;
	append(&sites, &site, 1);
	return (uint32_t)sites.nr - 1;
}

static uint32_t site_at(Dwfl_Module *module, Dwarf_Addr addr)
{
	struct place_found found;
	uint32_t site = PLACE_MAP_NONE;

	place_search(module, addr, &found);
	if (found.file && found.func)
		site = put_site(&found);
	free(found.file);
	return site;
}

static void put_part(Dwarf_Addr from, uint32_t site)
{
	const struct place_map_part part = { (uint32_t)from, site };
	const struct place_map_part *all = parts.at;

	if (from > UINT32_MAX)
		fail("map", "the code is too large");
	if (!parts.nr || all[parts.nr - 1].site != site)
		append(&parts, &part, 1);
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
		fail(path, strerror(errno));
}

static void write_map(const char *path, const unsigned char *id)
{
	struct place_map_head head = { .magic = PLACE_MAP_MAGIC,
				       .nr = (uint32_t)parts.nr,
				       .nr_sites = (uint32_t)sites.nr,
				       .text = (uint32_t)text.nr };
	char whole[PATH_MAX];
	FILE *out;

	snprintf(whole, sizeof(whole), "%s%s.new", path, PLACE_MAP_SUFFIX);
	out = fopen(whole, "we");
	if (!out)
		fail(whole, strerror(errno));
	memcpy(head.build_id, id, PLACE_MAP_ID);
	put(out, &head, sizeof(head), 1, whole);
	put(out, parts.at, parts.each, parts.nr, whole);
	put(out, sites.at, sites.each, sites.nr, whole);
	put(out, text.at, text.each, text.nr, whole);
	if (fclose(out))
		fail(whole, strerror(errno));
}

/* in one step: a reader finds the whole map or none */
static void move_map(const char *path)
{
	char whole[PATH_MAX], final[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s%s.new", path, PLACE_MAP_SUFFIX);
	snprintf(final, sizeof(final), "%s%s", path, PLACE_MAP_SUFFIX);
	if (rename(whole, final))
		fail(final, strerror(errno));
}

int main(int argc, char **argv)
{
	const unsigned char *id;
	Dwfl_Module *module;
	GElf_Addr where;
	Dwfl *dwfl;

	if (argc != 2)
		fail("usage", "place-map FILE.so");
	dwfl = dwfl_begin(&callbacks);
	module = dwfl ? dwfl_report_offline(dwfl, argv[1], argv[1], -1) : NULL;
	if (!module || dwfl_report_end(dwfl, NULL, NULL))
		fail(argv[1], dwfl_errmsg(-1));
	make_parts(module);
	if (dwfl_module_build_id(module, &id, &where) != PLACE_MAP_ID)
		fail(argv[1], "it has no build id");
	if (!sites.nr)
		fail(argv[1], "it has no debug information");
	write_map(argv[1], id);
	move_map(argv[1]);
	dwfl_end(dwfl);
	free(starts.at);
	free(parts.at);
	free(sites.at);
	free(text.at);
	return 0;
}
