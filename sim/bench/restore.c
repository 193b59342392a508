// SPDX-License-Identifier: GPL-2.0-only
/*
 * Restores memory, line by line.
 */
#define _GNU_SOURCE
#include "bench/restore.h"

#include <errno.h>
#include <limits.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "program/program.h"
#include "subject/subject.h"

#define PAGE	     4096ul
#define LINE	     64ul
#define MOST_PAGES   8192
#define MOST_RUNS    4096
#define MOST_PARTS   256
#define LOOK_AT_ONCE 65536ul /* pages asked for in one system call */

/* struct page - a page that was in memory; @was: its number + 1 among the copies, 0:
 * zeros */
struct page {
	unsigned char *at;
	unsigned int was;
	uint64_t changes; /* a bit for each line */
};

/* struct line - of memory, to be put back as a whole */
struct line {
	unsigned char *at;
	const unsigned char *was;
};

/* struct run - other bytes to be put back: several lines, or a part of one */
struct run {
	unsigned char *at;
	const unsigned char *was;
	size_t len;
};

/*
 * This must not be put back itself: it is in shared memory, which is not looked at.
 */
static struct state {
	struct page pages[MOST_PAGES];
	unsigned int nr_pages, nr_copies, nr_lines, nr_runs, nr_parts;
	struct line lines[MOST_RUNS];
	struct run runs[MOST_RUNS];
	struct {
		uintptr_t from, to;
	} parts[MOST_PARTS];
	struct memory own[RESTORE_OWN];
	unsigned int nr_own;
	size_t bytes;
	unsigned char resident[LOOK_AT_ONCE];
	unsigned char zeros[PAGE];
	unsigned char copies[MOST_PAGES][PAGE];
} * state;

static void too_much(const char *what)
{
	complain("bench: more %s than can be restored", what);
	exit(STATUS_SIMULATOR);
}

/* ---- what is looked at ---- */

static void add_part(uintptr_t from, uintptr_t to)
{
	if (state->nr_parts == MOST_PARTS)
		too_much("mappings");
	state->parts[state->nr_parts].from = from;
	state->parts[state->nr_parts++].to = to;
}

/* the file that an address was loaded from */
static void file_of(const void *address, char path[PATH_MAX])
{
	Dl_info info;

	path[0] = '\0';
	if (dladdr(address, &info) && info.dli_fname)
		if (!realpath(info.dli_fname, path))
			path[0] = '\0';
}

static bool is_own(const unsigned char *at)
{
	for (unsigned int i = 0; i < state->nr_own; i++)
		if ((uintptr_t)at - (uintptr_t)state->own[i].at < state->own[i].len)
			return true;
	return false;
}

static bool is_own_page(const unsigned char *at)
{
	return is_own(at) && is_own(at + PAGE - 1);
}

/* "from-to rw-p offset device inode path" */
static void find_parts(const char *program, const char *subject)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	char line[PATH_MAX + 128], flags[5], path[PATH_MAX];
	int n;

	if (!maps) {
		complain("bench: cannot read /proc/self/maps: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	while (fgets(line, sizeof(line), maps)) {
		path[0] = '\0';
		n = sscanf(line, "%lx-%lx %4s %*s %*s %*s %4095s", &from, &to, flags,
			   path);
		if (n < 3 || strcmp(flags, "rw-p") != 0 ||
		    (is_own((unsigned char *)from) && is_own((unsigned char *)to - 1)))
			continue;
		if (!path[0] || !strcmp(path, program) || !strcmp(path, subject))
			add_part(from, to);
	}
	fclose(maps);
}

/* ---- pages ---- */

/* the first page that is not below @at, or where it would be */
static unsigned int place_of_page(const unsigned char *at)
{
	unsigned int from = 0, to = state->nr_pages;

	while (from < to) {
		unsigned int middle = (from + to) / 2;

		if (state->pages[middle].at < at)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static void each_resident(void (*fn)(unsigned char *page))
{
	for (unsigned int i = 0; i < state->nr_parts; i++) {
		uintptr_t at = state->parts[i].from, end = state->parts[i].to;

		for (; at < end; at += LOOK_AT_ONCE * PAGE) {
			size_t n = (end - at) / PAGE;

			n = n < LOOK_AT_ONCE ? n : LOOK_AT_ONCE;
			if (mincore((void *)at, n * PAGE, state->resident))
				continue;
			for (size_t k = 0; k < n; k++)
				if ((state->resident[k] & 1) &&
				    !is_own_page((unsigned char *)at + k * PAGE))
					fn((unsigned char *)at + k * PAGE);
		}
	}
}

/* In order of addresses, by hand: qsort() allocates, and that memory is looked at. */
static struct page *add_page(unsigned int place, unsigned char *at)
{
	struct page *p = &state->pages[place];

	if (state->nr_pages == MOST_PAGES)
		too_much("pages");
	memmove(p + 1, p, (state->nr_pages++ - place) * sizeof(*p));
	*p = (struct page){ .at = at };
	return p;
}

static void keep_page(unsigned char *at)
{
	struct page *p = add_page(place_of_page(at), at);

	if (!memcmp(at, state->zeros, PAGE))
		return;
	memcpy(state->copies[state->nr_copies], at, PAGE);
	p->was = ++state->nr_copies;
}

/* a page that was not in memory had zeros */
static void meet_page(unsigned char *at)
{
	unsigned int place = place_of_page(at);

	if (place == state->nr_pages || state->pages[place].at != at)
		add_page(place, at);
}

/* ---- lines ---- */

static const unsigned char *was(const struct page *p)
{
	return p->was ? state->copies[p->was - 1] : state->zeros;
}

static void add_run(unsigned char *at, const unsigned char *from, size_t len)
{
	struct run *last = state->nr_runs ? &state->runs[state->nr_runs - 1] : NULL;

	if (!len)
		return;
	state->bytes += len;
	if (last && last->at + last->len == at && last->was + last->len == from) {
		last->len += len;
		return;
	}
	if (state->nr_runs == MOST_RUNS)
		too_much("pieces");
	state->runs[state->nr_runs++] = (struct run){ at, from, len };
}

/* a line, without what belongs to the caller */
static void add_line(unsigned char *at, const unsigned char *from)
{
	size_t len = 0;

	for (size_t i = 0; i < LINE; i++) {
		if (!is_own(at + i)) {
			len++;
			continue;
		}
		add_run(at + i - len, from + i - len, len);
		len = 0;
	}
	add_run(at + LINE - len, from + LINE - len, len);
}

static void find_runs(void)
{
	state->nr_runs = 0;
	state->bytes = 0;
	for (unsigned int i = 0; i < state->nr_pages; i++) {
		const struct page *p = &state->pages[i];

		for (uint64_t left = p->changes; left; left &= left - 1) {
			size_t at = (size_t)__builtin_ctzll(left) * LINE;

			add_line(p->at + at, was(p) + at);
		}
	}
}

/* Most runs are a single line. A length that is no variable costs no call, and no branch
 * that is mispredicted.
 */
static void make_runs(void)
{
	unsigned int nr = 0;

	find_runs();
	state->nr_lines = 0;
	for (unsigned int i = 0; i < state->nr_runs; i++) {
		const struct run *r = &state->runs[i];

		if (r->len == LINE)
			state->lines[state->nr_lines++] = (struct line){ r->at, r->was };
		else
			state->runs[nr++] = *r;
	}
	state->nr_runs = nr;
}

/* bytes of the line that differ, the caller's aside */
static bool differs(const unsigned char *at, const unsigned char *from)
{
	if (!memcmp(at, from, LINE))
		return false;
	for (size_t i = 0; i < LINE; i++)
		if (at[i] != from[i] && !is_own(at + i))
			return true;
	return false;
}

static size_t look_at_page(struct page *p)
{
	size_t found = 0;

	if (!memcmp(p->at, was(p), PAGE))
		return 0;
	for (unsigned int i = 0; i < PAGE / LINE; i++) {
		if (!differs(p->at + i * LINE, was(p) + i * LINE))
			continue;
		found += !(p->changes & (1ull << i));
		p->changes |= 1ull << i;
	}
	return found;
}

/* ---- for the caller ---- */

void restore_begin(const struct subject *subject, const struct memory *own,
		   unsigned int nr)
{
	char program[PATH_MAX], path[PATH_MAX];

	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (state == MAP_FAILED) {
		complain("mmap: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	state->nr_own = nr;
	for (unsigned int i = 0; i < nr; i++)
		state->own[i] = own[i];
	file_of((void *)(uintptr_t)restore_begin, program);
	file_of(subject, path);
	find_parts(program, path);
	each_resident(keep_page);
}

void restore_now(void)
{
	for (const struct line *l = state->lines; l != state->lines + state->nr_lines;
	     l++)
		memcpy(l->at, l->was, LINE);
	for (const struct run *r = state->runs; r != state->runs + state->nr_runs; r++)
		memcpy(r->at, r->was, r->len);
}

size_t restore_look(void)
{
	size_t found = 0;

	each_resident(meet_page);
	for (unsigned int i = 0; i < state->nr_pages; i++)
		found += look_at_page(&state->pages[i]);
	make_runs();
	restore_now();
	return found;
}

size_t restore_bytes(void)
{
	return state->bytes;
}

void restore_end(void)
{
	munmap(state, sizeof(*state));
	state = NULL;
}
