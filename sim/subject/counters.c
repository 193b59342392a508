// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds gcov's counters in a shared object. They are local symbols, so the
 * dynamic loader does not know them; the file's own symbol table has them.
 */
#define _GNU_SOURCE
#include "subject/counters.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct image {
	const unsigned char *bytes;
	size_t len;
};

static bool map_object(void *handle, struct image *im)
{
	struct link_map *map;
	struct stat st;
	int fd;

	if (dlinfo(handle, RTLD_DI_LINKMAP, &map))
		return false;
	fd = open(map->l_name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	im->bytes = MAP_FAILED;
	if (fstat(fd, &st) == 0) {
		im->len = (size_t)st.st_size;
		im->bytes = mmap(NULL, im->len, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	close(fd);
	return im->bytes != MAP_FAILED;
}

/* bytes of section @sh, or NULL if the file is shorter than it says */
static const void *section(const struct image *im, const ElfW(Shdr) * sh)
{
	if (sh->sh_offset > im->len || sh->sh_size > im->len - sh->sh_offset)
		return NULL;
	return im->bytes + sh->sh_offset;
}

static void add(struct counters *c, const ElfW(Sym) * sym)
{
	struct counter_place *more = realloc(c->at, (c->nr + 1) * sizeof(*more));

	if (!more)
		return;
	c->at = more;
	more[c->nr].from = sym->st_value;
	more[c->nr].to = sym->st_value + sym->st_size;
	c->nr++;
}

static void read_symbols(const struct image *im, const ElfW(Shdr) * sections,
			 const ElfW(Shdr) * table, struct counters *c)
{
	const ElfW(Sym) *syms = section(im, table);
	const ElfW(Shdr) *strings = &sections[table->sh_link];
	const char *names = section(im, strings);
	size_t i;

	if (!syms || !names)
		return;
	for (i = 0; i < table->sh_size / sizeof(*syms); i++) {
		if (ELF64_ST_TYPE(syms[i].st_info) != STT_OBJECT ||
		    syms[i].st_name >= strings->sh_size)
			continue;
		if (strncmp(names + syms[i].st_name, "__gcov", 6) == 0)
			add(c, &syms[i]);
	}
}

static int by_address(const void *a, const void *b)
{
	const struct counter_place *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static void merge(struct counters *c)
{
	size_t i, kept = 0;

	if (!c->nr)
		return;
	qsort(c->at, c->nr, sizeof(*c->at), by_address);
	for (i = 1; i < c->nr; i++) {
		if (c->at[i].from <= c->at[kept].to) {
			if (c->at[i].to > c->at[kept].to)
				c->at[kept].to = c->at[i].to;
		} else {
			c->at[++kept] = c->at[i];
		}
	}
	c->nr = kept + 1;
}

void counters_find(void *handle, struct counters *c)
{
	const ElfW(Ehdr) * head;
	const ElfW(Shdr) * sections;
	struct image im;
	unsigned int i;

	if (!map_object(handle, &im))
		return;
	head = (const void *)im.bytes;
	if (head->e_shoff &&
	    head->e_shoff + head->e_shnum * sizeof(*sections) <= im.len) {
		sections = (const void *)(im.bytes + head->e_shoff);
		for (i = 0; i < head->e_shnum; i++)
			if (sections[i].sh_type == SHT_SYMTAB)
				read_symbols(&im, sections, &sections[i], c);
	}
	munmap((void *)(uintptr_t)im.bytes, im.len);
	merge(c);
}

void counters_drop(struct counters *c)
{
	free(c->at);
	c->at = NULL;
	c->nr = 0;
}
