/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looks at all memory that an execution may change, and names the variable that is not as
 * it was. Looked at are the program's data, the subject's, malloc()'s memory and all that
 * is mapped without a file: arena, stacks, shadows. Not what the list below names.
 */
#ifndef TESTS_LEFT_OVER_H
#define TESTS_LEFT_OVER_H

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "detect/race.h"
#include "fuse/fuse_i.h"
#include "runtime/heap_i.h"
#include "scenario/scenario_test.h"
#include "sched/checkpoint.h"
#include "shim/arena.h"
#include "shim/page.h"

#define LEFT_PAGE    4096ul
#define LEFT_LINE    64u
#define LEFT_PAGES   8192u
#define LEFT_SYMBOLS 65536u

/* variables that outlive an execution, or of which what is not in use means nothing */
static const struct {
	const char *name, *why;
	size_t from, to; /* bytes of it; 0, 0: all of them */
} left_over_may[] = {
	{ "searching", "the search: its tally, number and dice", 0, 0 },
	{ "path", "the search: what it remembers of each step", 0, 0 },
	{ "x", "the search: whether it is over", 0, 0 },
	{ "shard", "the search: which part it is in", 0, 0 },
	{ "explored", "the search", 0, 0 },
	{ "free_list", "the search: memory for what was explored", 0, 0 },
	{ "checkpoints", "checkpoints", 0, 0 },
	{ "along", "checkpoints", 0, 0 },
	{ "reports", "those not in use", 0, 0 },
	{ "lock_held", "locks not held", 0, 0 },
	{ "pool", "checkpoints, and what was explored", 0, 0 },
	{ "o", "orders of locks of all executions", 0, 0 },
	{ "suppressions", "a count of all executions", 0, 0 },
	{ "waits", "a number that only grows", 0, 0 },
	{ "guard", "a count of all executions", 0, 0 },
	{ "d", "what is known of calls, of all executions", 0, 0 },
	{ "e", "a count of all executions", 0, 0 },
	{ "seen", "queues not looked at, and what was seen before the last look", 0, 0 },
	{ "views", "looked at anew each time", 0, 0 },
	{ "expected", "filled anew each time", 0, 0 },
	{ "compared", "the last execution's calls", 0, 0 },
	{ "fetches", "readings of commands that are over", 0, 0 },
	{ "next_free", "frames that were not handed out yet", 0, 0 },
	{ "data_pool", "data that was not handed out yet", 0, 0 },
	{ "the_connection", "records that were not handed out yet",
	  offsetof(struct fuse, calls), offsetof(struct fuse, queues) },
	{ "the_connection", "changes that were not made yet",
	  offsetof(struct fuse, writes), sizeof(struct fuse) },
	{ "sent", "filled anew each time", 0, 0 },
	{ "the_world", "actors and jobs that were not handed out yet",
	  offsetof(struct world, actors), sizeof(struct world) },
	{ "lines", "lines of the log that are not in use", 0, 0 },
	{ "checks", "results of checks that were not made yet", 0, 0 },
	{ "shim_heap", "names of objects that were not allocated yet",
	  offsetof(struct heap, log), offsetof(struct heap, caches) },
	{ "__gcov", "what coverage counts", 0, 0 },
	{ "left_over", "this test", 0, 0 },
};

static struct {
	struct left_page {
		uintptr_t at;
		unsigned char bytes[LEFT_PAGE];
	} * pages;
	unsigned int nr_pages;
	struct left_symbol {
		uintptr_t from, to;
		char name[40];
	} * symbols;
	unsigned int nr_symbols;
	char *maps, place[32];
} left_over;

/* memory that is not looked at itself */
static inline void *left_over_alloc(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_true(p != MAP_FAILED);
	return p;
}

/* ---- names ---- */

/* a static variable in a function is "name.1" to gcc, "function.name" to clang */
static inline void left_over_put_name(struct left_symbol *s, const char *name)
{
	const char *dot = strchr(name, '.');

	if (!strncmp(name, "__gcov", 6)) /* of each function */
		name = "__gcov";
	else if (dot && (dot[1] < '0' || dot[1] > '9'))
		name = dot + 1;
	snprintf(s->name, sizeof(s->name), "%.*s", (int)strcspn(name, "."), name);
}

static inline void left_over_add_symbols(Elf *elf, Elf_Scn *section,
					 const GElf_Shdr *head)
{
	Elf_Data *data = elf_getdata(section, NULL);

	for (size_t i = 0; i < head->sh_size / head->sh_entsize; i++) {
		struct left_symbol *s = &left_over.symbols[left_over.nr_symbols];
		GElf_Sym sym;

		if (!gelf_getsym(data, (int)i, &sym) ||
		    GELF_ST_TYPE(sym.st_info) != STT_OBJECT || !sym.st_size)
			continue;
		assert_true(left_over.nr_symbols < LEFT_SYMBOLS);
		s->from = sym.st_value;
		s->to = sym.st_value + sym.st_size;
		left_over_put_name(s, elf_strptr(elf, head->sh_link, sym.st_name));
		left_over.nr_symbols++;
	}
}

static inline int left_over_compare(const void *a, const void *b)
{
	const struct left_symbol *one = a, *other = b;

	return one->from < other->from ? -1 : one->from > other->from;
}

/* the program is linked to fixed addresses */
static inline void left_over_read_symbols(void)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	Elf_Scn *section = NULL;
	GElf_Shdr head;
	Elf *elf;

	left_over.symbols = left_over_alloc(LEFT_SYMBOLS * sizeof(*left_over.symbols));
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	assert_non_null(elf);
	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &head) && head.sh_type == SHT_SYMTAB)
			left_over_add_symbols(elf, section, &head);
	elf_end(elf);
	close(fd);
	qsort(left_over.symbols, left_over.nr_symbols, sizeof(*left_over.symbols),
	      left_over_compare);
	assert_true(left_over.nr_symbols > 100);
}

static inline const struct left_symbol *left_over_symbol(uintptr_t at)
{
	unsigned int from = 0, to = left_over.nr_symbols;

	while (from < to) {
		unsigned int middle = (from + to) / 2;

		if (left_over.symbols[middle].to <= at)
			from = middle + 1;
		else
			to = middle;
	}
	return from < left_over.nr_symbols && left_over.symbols[from].from <= at
		       ? &left_over.symbols[from]
		       : NULL;
}

/* ---- which memory ---- */

static inline bool left_over_is_shadow(uintptr_t at)
{
	uintptr_t base;
	size_t len;

	for (unsigned int i = 0; (base = (uintptr_t)race_shadow(i, &len)); i++)
		if (at - base < len)
			return true;
	return false;
}

/* of stacks and page frames only what is used means anything */
static inline bool left_over_is_unused(uintptr_t at)
{
	const void *base;
	uintptr_t from, to;
	size_t len;

	if (at - ARENA_PAGES < ARENA_PAGES_NR * SHIM_PAGE_SIZE) {
		shim_page_used(0, &from, &to);
		return at >= to;
	}
	sched_stacks(&base, &len);
	if (at - (uintptr_t)base >= len)
		return false;
	for (unsigned int i = 0; sched_stacks_used(i, &from, &to); i++)
		if (at >= from && at < to)
			return false;
	return true;
}

static inline bool left_over_may_be(uintptr_t at)
{
	extern char _end[];
	const struct left_symbol *s = left_over_symbol(at);

	/* where the loader notes the addresses of functions when they are first called */
	if (!s && at < (uintptr_t)_end)
		return true;
	for (size_t i = 0; s && i < sizeof(left_over_may) / sizeof(left_over_may[0]); i++)
		if (!strcmp(left_over_may[i].name, s->name) &&
		    (!left_over_may[i].to || (at - s->from >= left_over_may[i].from &&
					      at - s->from < left_over_may[i].to)))
			return true;
	return left_over_is_shadow(at) || left_over_is_unused(at);
}

typedef const char *(*left_page_fn)(uintptr_t at);

/* @fn for each page between that is in memory, until it finds something */
static inline const char *left_over_each_page(int pagemap, uintptr_t from, uintptr_t to,
					      left_page_fn fn)
{
	uint64_t entries[512];

	for (; from < to; from += sizeof(entries) / 8 * LEFT_PAGE) {
		size_t nr = (to - from) / LEFT_PAGE;

		nr = nr < 512 ? nr : 512;
		if (pread(pagemap, entries, nr * 8, (off_t)(from / LEFT_PAGE * 8)) !=
		    (ssize_t)(nr * 8))
			return NULL;
		for (size_t i = 0; i < nr; i++) {
			const char *found = NULL;

			if (entries[i] >> 63 &&
			    !left_over_is_shadow(from + i * LEFT_PAGE))
				found = fn(from + i * LEFT_PAGE);
			if (found)
				return found;
		}
	}
	return NULL;
}

/* Libraries, and what they have mapped, are theirs: the C library's errno is there. */
#define LEFT_LIBRARIES 0x7f0000000000ul

static inline bool left_over_is_ours(const char *line, uintptr_t at, const char *program)
{
	const char *path = strchr(line, '/'), *special = strchr(line, '[');

	if (special)
		return !strncmp(special, "[heap]", 6);
	if (path)
		return strstr(path, program) || strstr(path, subject->name);
	return at < LEFT_LIBRARIES;
}

static inline const char *left_over_each(left_page_fn fn)
{
	const char *program = strrchr(program_invocation_name, '/'), *found = NULL;
	const size_t room = 1 << 16;
	int fd = open("/proc/self/maps", O_RDONLY);
	int pagemap = open("/proc/self/pagemap", O_RDONLY);
	size_t used = 0;
	ssize_t n;

	if (!left_over.maps)
		left_over.maps = left_over_alloc(room);
	while ((n = read(fd, left_over.maps + used, room - 1 - used)) > 0)
		used += (size_t)n;
	left_over.maps[used] = '\0';
	for (char *line = left_over.maps, *end; !found && (end = strchr(line, '\n'));
	     line = end + 1) {
		unsigned long from, to;
		char flags[5];

		*end = '\0';
		if (sscanf(line, "%lx-%lx %4s", &from, &to, flags) == 3 &&
		    !strcmp(flags, "rw-p") && left_over_is_ours(line, from, program))
			found = left_over_each_page(pagemap, from, to, fn);
	}
	close(fd);
	close(pagemap);
	return found;
}

static inline const char *left_over_keep_page(uintptr_t at)
{
	struct left_page *p = &left_over.pages[left_over.nr_pages++];

	assert_true(left_over.nr_pages < LEFT_PAGES);
	p->at = at;
	memcpy(p->bytes, (void *)at, LEFT_PAGE);
	return NULL;
}

/* what was not in memory was zero */
static inline const unsigned char *left_over_was(uintptr_t at)
{
	static const unsigned char zeros[LEFT_PAGE];
	unsigned int from = 0, to = left_over.nr_pages;

	while (from < to) {
		unsigned int middle = (from + to) / 2;

		if (left_over.pages[middle].at < at)
			from = middle + 1;
		else
			to = middle;
	}
	return from < left_over.nr_pages && left_over.pages[from].at == at
		       ? left_over.pages[from].bytes
		       : zeros;
}

static inline const char *left_over_in_page(uintptr_t at)
{
	const unsigned char *was = left_over_was(at), *now = (const void *)at;
	const struct left_symbol *s;

	if (!memcmp(now, was, LEFT_PAGE))
		return NULL;
	for (size_t k = 0; k < LEFT_PAGE; k++) {
		if (now[k] == was[k] || left_over_may_be(at + k))
			continue;
		s = left_over_symbol(at + k);
		if (!s)
			snprintf(left_over.place, sizeof(left_over.place),
				 "memory at %#lx", at + k);
		return s ? s->name : left_over.place;
	}
	return NULL;
}

/* ---- what tests call ---- */

/** left_over_keep() - remember memory as it is */
static inline void left_over_keep(void)
{
	if (!left_over.symbols)
		left_over_read_symbols();
	if (!left_over.pages)
		left_over.pages = left_over_alloc(LEFT_PAGES * sizeof(*left_over.pages));
	left_over.nr_pages = 0;
	left_over_each(left_over_keep_page);
	assert_true(left_over.nr_pages > 50);
}

/**
 * left_over_first() - the variable that is not as it was, or where it is
 *
 * Return: NULL: all is as it was.
 */
static inline const char *left_over_first(void)
{
	return left_over_each(left_over_in_page);
}

#endif /* TESTS_LEFT_OVER_H */
