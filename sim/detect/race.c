// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who accessed which bytes: a shadow cell for each 8 bytes, with the last few
 * accesses that matter, after FastTrack and ThreadSanitizer.
 *
 * A cell is one cache line. Its slots are filled in order, and a slot whose tick
 * is of the past ends it: neither a new execution nor forgetting an object has to
 * clear more than the first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "detect/race_i.h"

#define SLOTS	   4
#define CELL_SHIFT 3
#define CELL_BYTES (1u << CELL_SHIFT)
#define RANGES_MAX 48

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

struct slot_by {
	uint8_t task, bytes, how, pad;
};

struct cell {
	uint32_t tick[SLOTS]; /* not after race_base: free, and so are those behind */
	struct slot_by by[SLOTS];
	race_place place[SLOTS];
};

_Static_assert(sizeof(struct cell) == 64, "a cell is a cache line");

static struct range {
	uintptr_t base, len;
	struct cell *cells;
	const char *what;
} ranges[RANGES_MAX];
static unsigned int nr_ranges;

/* ---- where the shadow is ---- */

static inline uintptr_t cell_start(const void *p)
{
	return (uintptr_t)p & ~(uintptr_t)(CELL_BYTES - 1);
}

static size_t shadow_size(size_t len)
{
	return (len / CELL_BYTES + 1) * sizeof(struct cell);
}

static struct range *find_range(uintptr_t base)
{
	for (unsigned int i = 0; i < nr_ranges; i++)
		if (ranges[i].base == base)
			return &ranges[i];
	return NULL;
}

void race_watch(const void *base, size_t len, const char *what)
{
	uintptr_t from = cell_start(base);
	size_t size = (uintptr_t)base + len - from;
	void *cells;

	if (find_range(from))
		return;
	if (nr_ranges == RANGES_MAX) {
		fprintf(stderr, "uringsim: more than %d ranges to watch for races\n",
			RANGES_MAX);
		exit(3);
	}
	cells = mmap(NULL, (size / CELL_BYTES + 1) * sizeof(struct cell),
		     PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		     -1, 0);
	if (cells == MAP_FAILED) {
		perror("uringsim: race detector");
		exit(3);
	}
	ranges[nr_ranges++] = (struct range){ from, size, cells, what };
}

void race_unwatch(const void *base)
{
	struct range *r = find_range(cell_start(base));

	race_report_forget();
	if (!r)
		return;
	munmap(r->cells, shadow_size(r->len));
	*r = ranges[--nr_ranges];
}

static inline const struct range *range_of(uintptr_t addr)
{
	for (unsigned int i = 0; i < nr_ranges; i++)
		if (addr - ranges[i].base < ranges[i].len)
			return &ranges[i];
	return NULL;
}

static inline struct cell *cell_of(const struct range *r, uintptr_t addr)
{
	return &r->cells[(addr - r->base) >> CELL_SHIFT];
}

/* after 2^32 ticks; pages of it that were never touched stay so */
void race_shadow_clear(void)
{
	for (unsigned int i = 0; i < nr_ranges; i++) {
		const struct range *r = &ranges[i];

		madvise(r->cells, shadow_size(r->len), MADV_DONTNEED);
	}
}

/* ---- one cell ---- */

struct access {
	const struct range *range;
	uintptr_t addr; /* of the cell's first byte */
	race_place place;
	uint32_t now;
	uint8_t task, bytes, how;
};

static __attribute__((noinline, cold)) void
collide(const struct cell *c, unsigned int slot, const struct access *a)
{
	unsigned int both = c->by[slot].bytes & a->bytes;
	const struct race_side before = { c->place[slot], c->by[slot].task,
					  c->by[slot].how };
	const struct race_side now = { a->place, a->task, a->how };

	race_found((const void *)(a->addr + (unsigned int)__builtin_ctz(both)),
		   a->range->what, &before, &now);
}

/* whatever races with what is in the slot later races with @a, too */
static inline bool covers(const struct access *a, struct slot_by by)
{
	return !(by.bytes & ~a->bytes) && !(by.how & ~a->how);
}

/* full of accesses that matter: which is missed least; a marked read, or one before @a */
static __attribute__((noinline, cold)) unsigned int victim(const struct cell *c,
							   const struct access *a)
{
	const uint32_t *seen = race_clocks[a->task].tick;

	for (unsigned int i = 0; i < SLOTS; i++)
		if (!c->by[i].how)
			return i;
	for (unsigned int i = 0; i < SLOTS; i++)
		if (c->tick[i] <= seen[c->by[i].task])
			return i;
	return (a->now - race_base) % SLOTS; /* the same in each execution */
}

static inline void put(struct cell *c, unsigned int slot, const struct access *a)
{
	c->tick[slot] = a->now;
	c->by[slot] =
		(struct slot_by){ .task = a->task, .bytes = a->bytes, .how = a->how };
	c->place[slot] = a->place;
}

static inline void touch(struct cell *c, const struct access *a)
{
	const uint32_t *seen = race_clocks[a->task].tick;
	unsigned int slot, free = SLOTS;

	for (slot = 0; slot < SLOTS && c->tick[slot] > race_base; slot++) {
		struct slot_by by = c->by[slot];

		if (!(by.bytes & a->bytes))
			continue;
		if (by.task == a->task) {
			if (c->tick[slot] == a->now && !(a->bytes & ~by.bytes) &&
			    !(a->how & ~by.how))
				return;
		} else if (c->tick[slot] > seen[by.task]) {
			if (((by.how | a->how) & RACE_HOW_WRITE) &&
			    ((by.how | a->how) & RACE_HOW_PLAIN))
				collide(c, slot, a);
			continue;
		}
		if (free == SLOTS && covers(a, by))
			free = slot;
	}
	if (free == SLOTS) {
		free = slot;
		if (unlikely(slot == SLOTS))
			free = victim(c, a);
		else if (slot + 1 < SLOTS)
			c->tick[slot + 1] = 0;
	}
	put(c, free, a);
}

/* ---- accesses ---- */

static inline uint8_t bytes_from(unsigned int first, size_t len)
{
	return (uint8_t)(((1u << len) - 1) << first);
}

static inline size_t step(uintptr_t addr, size_t len)
{
	size_t n = CELL_BYTES - addr % CELL_BYTES;

	return n < len ? n : len;
}

static __attribute__((noinline)) void touch_many(struct access *a, uintptr_t addr,
						 size_t len)
{
	size_t n;

	for (; len; addr += n, len -= n) {
		n = step(addr, len);
		a->bytes = bytes_from(addr % CELL_BYTES, n);
		a->addr = addr & ~(uintptr_t)(CELL_BYTES - 1);
		touch(cell_of(a->range, addr), a);
	}
}

void race_access_slow(const void *p, size_t len, bool write, bool marked, const void *pc,
		      const struct sched_site *site)
{
	uintptr_t addr = (uintptr_t)p;
	struct access a;

	if (unlikely(!sched_current))
		return;
	a.range = range_of(addr);
	if (unlikely(!a.range))
		return;
	a.task = (uint8_t)sched_current->id;
	if (unlikely(race_ignored[a.task]))
		return;
	a.now = race_now(a.task);
	a.how = (uint8_t)((write ? RACE_HOW_WRITE : 0) | (marked ? 0 : RACE_HOW_PLAIN));
	a.place = race_place_of(pc, site);
	if (unlikely(len > a.range->len - (addr - a.range->base)))
		len = a.range->len - (addr - a.range->base);
	if (unlikely(addr % CELL_BYTES + len > CELL_BYTES)) {
		touch_many(&a, addr, len);
		return;
	}
	a.bytes = bytes_from(addr % CELL_BYTES, len);
	a.addr = addr & ~(uintptr_t)(CELL_BYTES - 1);
	touch(cell_of(a.range, addr), &a);
}

/* ---- memory that comes and goes ---- */

void race_fresh_slow(const void *p, size_t len)
{
	uintptr_t addr = (uintptr_t)p;
	const struct range *r = range_of(addr);

	if (!r || !len)
		return;
	for (struct cell *c = cell_of(r, addr), *end = cell_of(r, addr + len - 1);
	     c <= end; c++)
		c->tick[0] = 0;
}

void race_freed_slow(const void *p, size_t len, const struct sched_site *site)
{
	uintptr_t addr = (uintptr_t)p, end = addr + len;
	struct access a = { .range = range_of(addr),
			    .how = RACE_HOW_WRITE | RACE_HOW_PLAIN };

	if (!a.range)
		return;
	if (sched_current) {
		a.task = (uint8_t)sched_current->id;
		a.now = race_now(a.task);
		a.place = race_place_of(NULL, site);
	}
	for (size_t n; addr < end; addr += n) {
		struct cell *c = cell_of(a.range, addr);

		n = step(addr, end - addr);
		if (c->tick[0] <= race_base)
			continue;
		a.bytes = bytes_from(addr % CELL_BYTES, n);
		a.addr = addr & ~(uintptr_t)(CELL_BYTES - 1);
		if (sched_current)
			touch(c, &a);
		c->tick[0] = 0;
	}
}
