// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads maps of code, a few bytes at a time, so that they take no memory. A map that is
 * not of the very file that is loaded - their build ids tell - counts as none.
 */
#define _GNU_SOURCE
#include "symbols/place_map.h"

#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 8

/* struct place_code - a file that is loaded; @map: of its map; -1: it has none */
static struct place_code {
	uintptr_t base, from, to;
	int map;
	struct place_map_head head;
} files[FILES_MAX];
static unsigned int nr_files;

/* where things begin in a map */
static size_t steps_at(const struct place_map_head *head)
{
	return sizeof(*head) + head->nr * sizeof(struct place_map_part);
}

static size_t sites_at(const struct place_map_head *head)
{
	return steps_at(head) + head->nr_steps * sizeof(struct place_map_step);
}

static size_t types_at(const struct place_map_head *head)
{
	return sites_at(head) + head->nr_sites * sizeof(struct place_map_site);
}

static size_t fields_at(const struct place_map_head *head)
{
	return types_at(head) + head->nr_types * sizeof(struct place_map_type);
}

static size_t vars_at(const struct place_map_head *head)
{
	return fields_at(head) + head->nr_fields * sizeof(struct place_map_field);
}

static size_t text_at(const struct place_map_head *head)
{
	return vars_at(head) + head->nr_vars * sizeof(struct place_map_var);
}

/*
 * Pages that were read lately: a look-up asks for the same ones again and again, and in a
 * search some are made in each execution that fails.
 */
#define PAGE  4096u
#define PAGES 16u

static struct page {
	int map; /* plus 1, as file number 0 is one; 0: none */
	ssize_t len;
	size_t nr;
	char bytes[PAGE];
} pages[PAGES];

static const struct page *page_of(const struct place_code *c, size_t nr)
{
	struct page *p = &pages[(nr + (unsigned int)c->map * 7) % PAGES];

	if (p->map == c->map + 1 && p->nr == nr)
		return p;
	p->len = pread(c->map, p->bytes, PAGE, (off_t)(nr * PAGE));
	p->map = p->len > 0 ? c->map + 1 : 0;
	p->nr = nr;
	return p;
}

static void forget_pages(void)
{
	for (unsigned int i = 0; i < PAGES; i++)
		if (pages[i].map)
			pages[i].map = 0;
}

static bool read_at(const struct place_code *c, size_t at, void *to, size_t len)
{
	char *out = to;

	while (len) {
		const struct page *p = page_of(c, at / PAGE);
		size_t in = at % PAGE, n = PAGE - in < len ? PAGE - in : len;

		if (p->len < 0 || in + n > (size_t)p->len)
			return false;
		memcpy(out, p->bytes + in, n);
		out += n;
		at += n;
		len -= n;
	}
	return true;
}

static bool is_whole(const struct place_code *c, const uint8_t *id)
{
	const struct place_map_head *head = &c->head;
	struct stat st;

	return !fstat(c->map, &st) &&
	       !memcmp(head->magic, PLACE_MAP_MAGIC, sizeof(head->magic)) &&
	       !memcmp(head->build_id, id, PLACE_MAP_ID) && head->text &&
	       (size_t)st.st_size == text_at(head) + head->text;
}

/* ---- which file, and is the map its own ---- */

/* the note that the linker has put into what is loaded */
static const uint8_t *build_id(const struct dl_phdr_info *info)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		const char *at = (const char *)info->dlpi_addr + ph->p_vaddr, *end;

		for (end = at + ph->p_memsz; ph->p_type == PT_NOTE && at < end;) {
			const ElfW(Nhdr) *note = (const void *)at;
			const char *name = at + sizeof(*note);
			const char *desc = name + ((note->n_namesz + 3) & ~3u);

			if (note->n_type == NT_GNU_BUILD_ID &&
			    note->n_descsz == PLACE_MAP_ID && !strcmp(name, "GNU"))
				return (const uint8_t *)desc;
			at = desc + ((note->n_descsz + 3) & ~3u);
		}
	}
	return NULL;
}

static void open_map(struct place_code *c, const char *path, const uint8_t *id)
{
	c->map = open(path, O_RDONLY | O_CLOEXEC);
	if (c->map < 0 || (read_at(c, 0, &c->head, sizeof(c->head)) && is_whole(c, id)))
		return;
	close(c->map);
	forget_pages();
	c->map = -1;
}

/* code, constants and data: no other file lies between them */
static bool holds(const struct dl_phdr_info *info, uintptr_t addr, struct place_code *c)
{
	c->from = UINTPTR_MAX;
	c->to = 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + ph->p_vaddr;

		if (ph->p_type != PT_LOAD)
			continue;
		c->from = from < c->from ? from : c->from;
		c->to = from + ph->p_memsz > c->to ? from + ph->p_memsz : c->to;
	}
	return addr >= c->from && addr < c->to;
}

/* the program itself has no name there */
static bool name_of(const struct dl_phdr_info *info, char name[PATH_MAX])
{
	ssize_t n;

	if (info->dlpi_name[0])
		return snprintf(name, PATH_MAX, "%s", info->dlpi_name) < PATH_MAX;
	n = readlink("/proc/self/exe", name, PATH_MAX);
	if (n <= 0 || n == PATH_MAX)
		return false;
	name[n] = '\0';
	return true;
}

/* beside the file, or, of a program that is installed, in ../lib/uringsim */
static void find_map(struct place_code *c, const char *name, const uint8_t *id)
{
	const char *base = strrchr(name, '/');
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s" PLACE_MAP_SUFFIX, name) < (int)sizeof(path))
		open_map(c, path, id);
	if (c->map < 0 && base &&
	    snprintf(path, sizeof(path), "%.*s/../lib/uringsim%s" PLACE_MAP_SUFFIX,
		     (int)(base - name), name, base) < (int)sizeof(path))
		open_map(c, path, id);
}

static int load(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct place_code c = { .base = info->dlpi_addr, .map = -1 };
	const uint8_t *id;
	char name[PATH_MAX];

	(void)size;
	if (!holds(info, *(uintptr_t *)arg, &c))
		return 0;
	id = build_id(info);
	if (id && name_of(info, name))
		find_map(&c, name, id);
	files[nr_files++] = c;
	return 1;
}

static const struct place_code *file_of(uintptr_t addr)
{
	for (unsigned int i = 0; i < nr_files; i++)
		if (addr >= files[i].from && addr < files[i].to)
			return &files[i];
	if (nr_files == FILES_MAX || !dl_iterate_phdr(load, &addr))
		return NULL;
	return &files[nr_files - 1];
}

/* ---- for the caller ---- */

/*
 * Read the last of @nr entries of @each bytes from @at on that begins at @addr or before;
 * an entry's first member is where it begins. Return: false: all begin after @addr.
 */
static bool last_before(const struct place_code *c, size_t at, uint32_t nr, size_t each,
			uint32_t addr, void *entry)
{
	uint32_t from = 0, to = nr, begins;

	while (from < to) {
		uint32_t middle = (from + to) / 2;

		if (!read_at(c, at + middle * each, &begins, sizeof(begins)))
			return false;
		if (begins <= addr)
			from = middle + 1;
		else
			to = middle;
	}
	return from && read_at(c, at + (from - 1) * each, entry, each);
}

static bool site_of(const struct place_code *c, uint32_t addr, unsigned int depth,
		    struct place_map_site *site)
{
	struct place_map_part part;
	uint32_t i;

	if (!last_before(c, sizeof(c->head), c->head.nr, sizeof(part), addr, &part))
		return false;
	for (i = part.site; i < c->head.nr_sites; i = site->caller) {
		if (!read_at(c, sites_at(&c->head) + i * sizeof(*site), site,
			     sizeof(*site)))
			return false;
		if (!depth--)
			return true;
	}
	return false;
}

static void read_text(const struct place_code *c, uint32_t at, char to[PLACE_MAP_TEXT])
{
	size_t len = c->head.text - at;

	if (at >= c->head.text)
		len = 0;
	else if (len > PLACE_MAP_TEXT - 1)
		len = PLACE_MAP_TEXT - 1;
	to[len] = '\0';
	if (!read_at(c, text_at(&c->head) + at, to, len))
		to[0] = '\0';
}

bool place_map_is_there(uintptr_t addr)
{
	const struct place_code *c = file_of(addr);

	return c && c->map >= 0;
}

bool place_map_find(uintptr_t addr, unsigned int depth, struct place_map_place *place)
{
	const struct place_code *c = file_of(addr);
	struct place_map_site site;

	if (!c || c->map < 0 || !site_of(c, (uint32_t)(addr - c->base), depth, &site))
		return false;
	read_text(c, site.file, place->file);
	read_text(c, site.func, place->func);
	place->line = site.line;
	return true;
}

bool place_map_step(uintptr_t addr, struct place_map_step *step)
{
	const struct place_code *c = file_of(addr);

	return c && c->map >= 0 &&
	       last_before(c, steps_at(&c->head), c->head.nr_steps, sizeof(*step),
			   (uint32_t)(addr - c->base), step) &&
	       step->base != PLACE_MAP_NO_CALLER;
}

/* ---- for field.c ---- */

const struct place_code *place_map_code(uintptr_t addr)
{
	const struct place_code *c = file_of(addr);

	return c && c->map >= 0 ? c : NULL;
}

const struct place_code *place_map_code_nr(unsigned int nr)
{
	return nr < nr_files ? &files[nr] : NULL;
}

uintptr_t place_map_base(const struct place_code *c)
{
	return c->base;
}

bool place_map_type(const struct place_code *c, uint32_t i, struct place_map_type *type)
{
	return c->map >= 0 && i < c->head.nr_types &&
	       read_at(c, types_at(&c->head) + i * sizeof(*type), type, sizeof(*type));
}

bool place_map_field(const struct place_code *c, uint32_t i,
		     struct place_map_field *field)
{
	return c->map >= 0 && i < c->head.nr_fields &&
	       read_at(c, fields_at(&c->head) + i * sizeof(*field), field,
		       sizeof(*field));
}

bool place_map_var(const struct place_code *c, uint32_t i, struct place_map_var *var)
{
	return c->map >= 0 && i < c->head.nr_vars &&
	       read_at(c, vars_at(&c->head) + i * sizeof(*var), var, sizeof(*var));
}

void place_map_text(const struct place_code *c, uint32_t at, char to[PLACE_MAP_TEXT])
{
	read_text(c, at, to);
}

void place_map_forget(void)
{
	forget_pages();
	for (unsigned int i = 0; i < nr_files; i++)
		if (files[i].map >= 0)
			close(files[i].map);
	nr_files = 0;
}
