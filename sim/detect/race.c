// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who accessed which bytes: a shadow cell for each 8 bytes, with the last few
 * accesses that matter, after FastTrack and ThreadSanitizer.
 *
 * A cell's slots are filled in order, and a slot whose tick is of the past ends it:
 * neither a new execution nor forgetting an object has to clear more than the first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "detect/race_cell.h"

#define RANGES_MAX 48

static struct range {
	uintptr_t base, len;
	struct cell *cells;
	const char *what;
} ranges[RANGES_MAX];
static unsigned int nr_ranges;

/* ---- places as small numbers ---- */

#define PLACES 16384u /* a power of two */

static race_place places[PLACES];

static void forget_places(void)
{
	memset(places, 0, sizeof(places));
}

/*
 * Neighbours in the code are neighbours here. When all are taken a place is what
 * stands where it should be: no less is found, but a report may name a wrong line.
 */
static __attribute__((noinline, cold)) unsigned int new_number(race_place place)
{
	unsigned int first = (unsigned int)(place >> 3) % PLACES, at = first;

	while (places[at] && places[at] != place) {
		at = (at + 1) % PLACES;
		if (at == first)
			return at;
	}
	places[at] = place;
	return at;
}

static inline unsigned int first_number(race_place place)
{
	return (unsigned int)(place >> 3) % PLACES;
}

static inline slot_t number_of(race_place place)
{
	unsigned int at = first_number(place);

	return (slot_t)(likely(places[at] == place) ? at : new_number(place)) << 16;
}

/* ---- where the shadow is ---- */

/*
 * The range that was met last in each part of the address space: heap, page frames,
 * stacks, the program's data and a subject's lie in different ones, and take turns.
 */
#define PARTS 512u

static struct range lately[PARTS];

static void forget_lately(void)
{
	memset(lately, 0, sizeof(lately));
}

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

void *race_shadow(unsigned int i, size_t *len)
{
	if (i >= nr_ranges)
		return NULL;
	*len = shadow_size(ranges[i].len);
	return ranges[i].cells;
}

void race_unwatch(const void *base)
{
	struct range *r = find_range(cell_start(base));

	race_report_forget();
	forget_places();
	if (!r)
		return;
	forget_lately();
	munmap(r->cells, shadow_size(r->len));
	*r = ranges[--nr_ranges];
	ranges[nr_ranges] = (struct range){ 0 };
}

static __attribute__((noinline)) const struct range *look_up(uintptr_t addr,
							     struct range *part)
{
	for (unsigned int i = 0; i < nr_ranges; i++) {
		if (addr - ranges[i].base >= ranges[i].len)
			continue;
		*part = ranges[i];
		return part;
	}
	return NULL;
}

static inline struct range *part_of(uintptr_t addr)
{
	return &lately[(addr >> 39 & (PARTS - 2)) | (addr >> 30 & 1)];
}

static inline const struct range *range_of(uintptr_t addr)
{
	struct range *part = part_of(addr);

	return likely(addr - part->base < part->len) ? part : look_up(addr, part);
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

static __attribute__((noinline, cold)) void collide(const struct range *r,
						    const struct cell *c, slot_t old,
						    slot_t a, race_place place)
{
	uintptr_t addr = r->base + ((uintptr_t)(c - r->cells) << CELL_SHIFT);
	unsigned int both = (unsigned int)BYTES(old & a);
	const struct race_side before = { places[PLACE(old)], (uint8_t)TASK(old),
					  (uint8_t)HOW(old) };
	const struct race_side now = { place, (uint8_t)TASK(a), (uint8_t)HOW(a) };

	race_found((const void *)(addr + (unsigned int)__builtin_ctz(both)), r->what,
		   &before, &now);
}

/* full of accesses that matter: which is missed least; a marked read, or one before @a */
static __attribute__((noinline, cold)) unsigned int victim(const struct cell *c, slot_t a)
{
	const uint32_t *seen = race_clocks[TASK(a)].tick;

	for (unsigned int i = 0; i < SLOTS; i++)
		if (!HOW(c->slot[i]))
			return i;
	for (unsigned int i = 0; i < SLOTS; i++)
		if (TICK(c->slot[i]) <= seen[TASK(c->slot[i])])
			return i;
	return (TICK(a) - race_base) % SLOTS; /* the same in each execution */
}

/* the slot that @a goes to, after the races are reported; another access may have to go
 */
static __attribute__((noinline, cold)) unsigned int
find_slot(const struct range *r, const struct cell *c, slot_t a, race_place place)
{
	const uint32_t *seen = race_clocks[TASK(a)].tick;
	unsigned int at, free = SLOTS;

	for (at = 0; at < SLOTS && is_live(c->slot[at]); at++) {
		slot_t s = c->slot[at];

		if (!BYTES(s & a))
			continue;
		if (TICK(s) > seen[TASK(s)] && TASK(s) != TASK(a)) {
			if (HOW(s | a) == (RACE_HOW_WRITE | RACE_HOW_PLAIN))
				collide(r, c, s, a, place);
			continue;
		}
		if (free == SLOTS && covers(a, s))
			free = at;
	}
	if (free < SLOTS)
		return free;
	return at < SLOTS ? at : victim(c, a);
}

/* @a: an access without its @place, which is a number only where it is kept */
static void touch(const struct range *r, struct cell *c, slot_t a, race_place place)
{
	unsigned int at = quick_slot(c, a, race_clocks[TASK(a)].tick);

	if (at == SAID_ALREADY)
		return;
	if (unlikely(at == LOOK_CLOSER))
		at = find_slot(r, c, a, place);
	store(c, at, a | number_of(place));
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

/* @how: RACE_HOW_* */
static inline slot_t new_slot(unsigned int task, unsigned int how)
{
	return (slot_t)race_now(task) << 32 | task << 10 | how << 8;
}

static __attribute__((noinline)) void touch_many(const struct range *r, uintptr_t addr,
						 size_t len, slot_t a, race_place place)
{
	size_t n;

	if (unlikely(len > r->len - (addr - r->base)))
		len = r->len - (addr - r->base);
	for (; len; addr += n, len -= n) {
		n = step(addr, len);
		touch(r, cell_of(r, addr), a | bytes_from(addr % CELL_BYTES, n), place);
	}
}

static __attribute__((noinline)) void touch_any(uintptr_t addr, size_t len,
						unsigned int how, race_place place)
{
	const struct range *r = range_of(addr);
	unsigned int me;

	if (unlikely(!sched_current || !r))
		return;
	me = sched_current->id;
	if (likely(!race_ignored[me]))
		touch_many(r, addr, len, new_slot(me, how), place);
}

static inline size_t few_len(unsigned int what)
{
	return 32u - (unsigned int)__builtin_clz(what & BYTE_BITS);
}

/*
 * Nearly all accesses end in here: nothing is called before it is known that this
 * one is not of them, and that is the last thing that is done.
 */
void race_few_slow(const void *p, unsigned int what, uint64_t place)
{
	const struct sched_task *task = sched_current;
	uintptr_t addr = (uintptr_t)p;
	const struct range *r = part_of(addr);
	unsigned int at, bytes = (what & BYTE_BITS) << addr % CELL_BYTES;
	uintptr_t offset = addr - r->base;
	const uint32_t *seen;
	struct cell *c;
	slot_t a, number;

	if (unlikely(!task || offset >= r->len || race_ignored[task->id]))
		goto any;
	seen = race_clocks[task->id].tick;
	if (unlikely(seen[task->id] <= race_base || bytes > BYTE_BITS))
		goto any;
	c = &r->cells[offset >> CELL_SHIFT];
	a = (slot_t)seen[task->id] << 32 | (unsigned int)task->id << 10 |
	    (what & HOW_BITS) | bytes;
	at = quick_slot(c, a, seen);
	if (at == SAID_ALREADY)
		return;
	number = first_number(place);
	if (unlikely(at == LOOK_CLOSER || places[number] != place))
		goto any;
	store(c, at, a | number << 16);
	return;
any:
	touch_any(addr, few_len(what), what >> 8, place);
}

void race_access_slow(const void *p, size_t len, bool write, bool marked, const void *pc,
		      const struct sched_site *site)
{
	unsigned int how = (write ? RACE_HOW_WRITE : 0) | (marked ? 0 : RACE_HOW_PLAIN);
	race_place place = race_place_of(pc, site);

	if (len && len <= CELL_BYTES)
		race_few_slow(p, how << 8 | bytes_from(0, len), place);
	else
		touch_any((uintptr_t)p, len, how, place);
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
		if (is_live(c->slot[0])) /* what was never touched costs no memory */
			c->slot[0] = 0;
}

void race_freed_slow(const void *p, size_t len, const struct sched_site *site)
{
	uintptr_t addr = (uintptr_t)p, end = addr + len;
	const struct range *r = range_of(addr);
	slot_t a = 0;

	if (!r)
		return;
	if (sched_current)
		a = new_slot(sched_current->id, RACE_HOW_WRITE | RACE_HOW_PLAIN);
	for (size_t n; addr < end; addr += n) {
		struct cell *c = cell_of(r, addr);

		n = step(addr, end - addr);
		if (!is_live(c->slot[0]))
			continue;
		if (sched_current)
			touch(r, c, a | bytes_from(addr % CELL_BYTES, n),
			      race_place_of(NULL, site));
		c->slot[0] = 0;
	}
}
