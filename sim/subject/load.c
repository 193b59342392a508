// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads a subject and gives its globals their first values back between
 * executions.
 */
#define _GNU_SOURCE
#include "subject/subject.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/place.h"
#include "detect/race.h"
#include "program/end.h"
#include "sched/checkpoint.h"
#include "sched/lines.h"
#include "shim/param.h"
#include "subject/counters.h"
#include "subject/path.h"

#define MAX_SUBJECTS 16
#define RANGES_FEW   8 /* of a subject that does not count */

/* struct range - writable bytes of a subject and what they were after loading */
struct range {
	unsigned char *live;
	unsigned char *saved;
	size_t len;
};

struct loaded {
	const struct subject *ops;
	void *handle;
	ElfW(Addr) base;
	struct range *ranges;
	unsigned int nr_ranges;
};

static struct loaded *subjects[MAX_SUBJECTS];

/*
 * Not memcpy(): a sanitizer would check it, and what lies between two globals
 * is poisoned.
 */
static void copy_bytes(void *to, const void *from, size_t len)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(len) : : "memory");
}

/* struct span - addresses from @from up to @to */
struct span {
	uintptr_t from, to;
};

static bool keep_range(struct loaded *s, uintptr_t from, uintptr_t to)
{
	struct range *more, *r;

	if (from >= to)
		return true;
	more = realloc(s->ranges, (s->nr_ranges + 1) * sizeof(*more));
	if (!more)
		return false;
	s->ranges = more;
	r = &s->ranges[s->nr_ranges];
	r->live = (unsigned char *)from;
	r->len = to - from;
	r->saved = malloc(r->len);
	if (!r->saved)
		return false;
	copy_bytes(r->saved, r->live, r->len);
	s->nr_ranges++;
	return true;
}

/* Save @whole without @hole; what the loader has made read-only is never written. */
static bool keep_around(struct loaded *s, struct span whole, struct span hole)
{
	if (hole.to <= whole.from || hole.from >= whole.to)
		return keep_range(s, whole.from, whole.to);
	return keep_range(s, whole.from, hole.from) && keep_range(s, hole.to, whole.to);
}

/* Save a segment, without RELRO and without gcov's counters, which only grow. */
static bool keep_segment(struct loaded *s, struct span seg, struct span relro)
{
	struct counters counters = { 0 };
	uintptr_t at = seg.from;
	bool ok = true;
	size_t i;

	counters_find(s->handle, &counters);
	for (i = 0; ok && i < counters.nr; i++) {
		uintptr_t from = s->base + counters.at[i].from;
		uintptr_t to = s->base + counters.at[i].to;

		if (from < at || to > seg.to)
			continue;
		ok = keep_around(s, (struct span){ at, from }, relro);
		at = to;
	}
	ok = ok && keep_around(s, (struct span){ at, seg.to }, relro);
	counters_drop(&counters);
	return ok;
}

/* The loader protects whole pages of RELRO, rounded down at both ends. */
static struct span find_relro(const struct dl_phdr_info *info)
{
	struct span relro = { 0, 0 };
	int i;

	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type != PT_GNU_RELRO)
			continue;
		relro.from = (info->dlpi_addr + ph->p_vaddr) & ~4095ul;
		relro.to = (info->dlpi_addr + ph->p_vaddr + ph->p_memsz) & ~4095ul;
	}
	return relro;
}

static int save_globals(struct dl_phdr_info *info, size_t size, void *ctx)
{
	struct loaded *s = ctx;
	struct span relro;
	int i;

	(void)size;
	if (info->dlpi_addr != s->base)
		return 0;
	relro = find_relro(info);
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + ph->p_vaddr;

		if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_W))
			continue;
		if (!keep_segment(s, (struct span){ from, from + ph->p_memsz }, relro))
			return -1;
	}
	return 1;
}

static void drop(struct loaded *s)
{
	unsigned int i;

	for (i = 0; i < s->nr_ranges; i++) {
		race_unwatch(s->ranges[i].live);
		free(s->ranges[i].saved);
	}
	free(s->ranges);
	if (s->handle) {
		shim_param_forget_all(); /* they are in its memory */
		end_counts(NULL);
		place_forget();
		lines_of_subject(NULL, 0);
		dlclose(s->handle);
	}
	free(s);
}

static bool fits(struct loaded *s, const char *path, char *err, size_t len)
{
	struct link_map *map;

	s->ops = dlsym(s->handle, "uringsim_subject");
	if (!s->ops) {
		snprintf(err, len, "%s is not a subject: it has no uringsim_subject",
			 path);
		return false;
	}
	if (s->ops->abi != SUBJECT_ABI) {
		snprintf(err, len,
			 "%s was built for interface %u, not %u: build it again", path,
			 s->ops->abi, (unsigned int)SUBJECT_ABI);
		return false;
	}
	if (dlinfo(s->handle, RTLD_DI_LINKMAP, &map)) {
		snprintf(err, len, "%s: %s", path, dlerror());
		return false;
	}
	s->base = map->l_addr;
	if (dl_iterate_phdr(save_globals, s) != 1) {
		snprintf(err, len, "%s: cannot save its globals", path);
		return false;
	}
	return true;
}

static struct loaded **free_slot(void)
{
	unsigned int i;

	for (i = 0; i < MAX_SUBJECTS; i++)
		if (!subjects[i])
			return &subjects[i];
	return NULL;
}

/* gcov's counters make many ranges of one; there are no hooks at accesses of them */
static void watch_races(const struct loaded *s)
{
	const struct range *first = s->ranges, *last = s->ranges + s->nr_ranges - 1;

	if (s->nr_ranges > RANGES_FEW) {
		race_watch(first->live, (size_t)(last->live + last->len - first->live),
			   "static data");
		return;
	}
	for (unsigned int i = 0; i < s->nr_ranges; i++)
		race_watch(s->ranges[i].live, s->ranges[i].len, "static data");
}

static unsigned int loads;

unsigned int subject_loads(void)
{
	return loads;
}

const struct subject *subject_load(const char *name, char *err, size_t len)
{
	struct loaded **slot = free_slot();
	struct loaded *s = slot ? calloc(1, sizeof(*s)) : NULL;
	char path[PATH_MAX];

	if (!s) {
		snprintf(err, len, "too many subjects");
		return NULL;
	}
	if (!subject_path(name, path)) {
		snprintf(err, len, "there is no subject %s", name);
		goto fail;
	}
	s->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!s->handle) {
		snprintf(err, len, "%s", dlerror());
		goto fail;
	}
	if (!fits(s, path, err, len))
		goto fail;
	*slot = s;
	loads++;
	end_counts(
		(void (*)(void))(uintptr_t)dlsym(s->handle, "uringsim_subject_counts"));
	lines_of_subject(s->ops->lines, s->ops->nr_lines);
	if (s->ops->hooked)
		watch_races(s);
	return s->ops;
fail:
	drop(s);
	return NULL;
}

void subject_unload(const struct subject *ops)
{
	unsigned int i;

	for (i = 0; i < MAX_SUBJECTS; i++) {
		if (!subjects[i] || subjects[i]->ops != ops)
			continue;
		drop(subjects[i]);
		subjects[i] = NULL;
	}
}

void subject_checkpoint(struct checkpoint *c, const struct subject *ops)
{
	for (unsigned int i = 0; i < MAX_SUBJECTS; i++)
		for (unsigned int r = 0;
		     subjects[i] && subjects[i]->ops == ops && r < subjects[i]->nr_ranges;
		     r++)
			checkpoint_bytes(c, subjects[i]->ranges[r].live,
					 subjects[i]->ranges[r].len);
}

void subject_reset_globals(void)
{
	unsigned int i, r;

	for (i = 0; i < MAX_SUBJECTS; i++)
		for (r = 0; subjects[i] && r < subjects[i]->nr_ranges; r++)
			copy_bytes(subjects[i]->ranges[r].live,
				   subjects[i]->ranges[r].saved,
				   subjects[i]->ranges[r].len);
}
