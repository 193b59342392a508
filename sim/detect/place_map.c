// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maps of code, read: mapped into memory, so that a search touches few pages. A map
 * that is not of the very file that is loaded - their build ids tell - counts as none.
 */
#define _GNU_SOURCE
#include "detect/place_map.h"

#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 8

/* struct code - a file that is loaded; @head: NULL: it has no map */
static struct code {
	uintptr_t base, from, to;
	const struct place_map_head *head;
	size_t len;
} files[FILES_MAX];
static unsigned int nr_files;

static const struct place_map_part *parts_of(const struct place_map_head *head)
{
	return (const void *)(head + 1);
}

static const struct place_map_site *sites_of(const struct place_map_head *head)
{
	return (const void *)(parts_of(head) + head->nr);
}

static const char *text_of(const struct place_map_head *head)
{
	return (const char *)(sites_of(head) + head->nr_sites);
}

static bool is_whole(const struct place_map_head *head, size_t len)
{
	size_t want = sizeof(*head);

	if (len < want || memcmp(head->magic, PLACE_MAP_MAGIC, sizeof(head->magic)) != 0)
		return false;
	want += head->nr * sizeof(struct place_map_part) +
		head->nr_sites * sizeof(struct place_map_site) + head->text;
	return len == want && head->text && !((const char *)head)[len - 1];
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

static void map_file(struct code *c, const char *path, const uint8_t *id)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *p = MAP_FAILED;

	if (fd < 0)
		return;
	if (!fstat(fd, &st) && st.st_size > 0)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return;
	c->head = p;
	c->len = (size_t)st.st_size;
	if (is_whole(c->head, c->len) && !memcmp(c->head->build_id, id, PLACE_MAP_ID))
		return;
	munmap(p, c->len);
	c->head = NULL;
}

static bool holds(const struct dl_phdr_info *info, uintptr_t addr, struct code *c)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		c->from = info->dlpi_addr + ph->p_vaddr;
		c->to = c->from + ph->p_memsz;
		if (ph->p_type == PT_LOAD && (ph->p_flags & PF_X) && addr >= c->from &&
		    addr < c->to)
			return true;
	}
	return false;
}

static int load(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct code c = { .base = info->dlpi_addr };
	const uint8_t *id;
	char path[PATH_MAX];

	(void)size;
	if (!holds(info, *(uintptr_t *)arg, &c))
		return 0;
	id = build_id(info);
	if (id && info->dlpi_name[0] &&
	    snprintf(path, sizeof(path), "%s" PLACE_MAP_SUFFIX, info->dlpi_name) <
		    (int)sizeof(path))
		map_file(&c, path, id);
	files[nr_files++] = c;
	return 1;
}

static const struct code *file_of(uintptr_t addr)
{
	for (unsigned int i = 0; i < nr_files; i++)
		if (addr >= files[i].from && addr < files[i].to)
			return &files[i];
	if (nr_files == FILES_MAX || !dl_iterate_phdr(load, &addr))
		return NULL;
	return &files[nr_files - 1];
}

/* ---- for the caller ---- */

/* the last part that begins at @addr or before */
static uint32_t find_site(const struct place_map_head *head, uint32_t addr)
{
	const struct place_map_part *parts = parts_of(head);
	uint32_t from = 0, to = head->nr;

	while (from < to) {
		uint32_t middle = (from + to) / 2;

		if (parts[middle].from <= addr)
			from = middle + 1;
		else
			to = middle;
	}
	return from ? parts[from - 1].site : PLACE_MAP_NONE;
}

bool place_map_find(uintptr_t addr, struct sched_site *site)
{
	const struct code *c = file_of(addr);
	const struct place_map_site *found;
	uint32_t i;

	if (!c || !c->head)
		return false;
	i = find_site(c->head, (uint32_t)(addr - c->base));
	if (i >= c->head->nr_sites)
		return false;
	found = &sites_of(c->head)[i];
	if (found->file >= c->head->text || found->func >= c->head->text)
		return false;
	site->file = text_of(c->head) + found->file;
	site->func = text_of(c->head) + found->func;
	site->line = found->line;
	return true;
}

void place_map_forget(void)
{
	for (unsigned int i = 0; i < nr_files; i++)
		if (files[i].head)
			munmap((void *)(uintptr_t)files[i].head, files[i].len);
	nr_files = 0;
}
