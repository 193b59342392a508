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

#include "detect/race_i.h"

#define SLOTS	   4
#define CELL_SHIFT 3
#define CELL_BYTES (1u << CELL_SHIFT)
#define RANGES_MAX 48

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/*
 * A slot is one access: bytes and how (covers()), who, where (places[]), and when.
 * Its tick is on top, so that one comparison tells whether it is of the past.
 */
typedef uint64_t slot_t;
#define BYTES(s) ((s)&0xff)
#define HOW(s)	 ((s) >> 8 & 3)
#define TASK(s)	 ((s) >> 10 & (SCHED_MAX_TASKS - 1))
#define PLACE(s) ((s) >> 16 & 0xffff)
#define TICK(s)	 ((uint32_t)((s) >> 32))

#define WHAT_BITS  0x3ffull /* bytes and how */
#define PLACE_BITS 0xffff0000ull
#define WHO_BITS   (~(WHAT_BITS | PLACE_BITS)) /* task and tick */

_Static_assert(SCHED_MAX_TASKS == 64, "a slot has six bits for a task");

struct cell {
	slot_t slot[SLOTS]; /* not after race_base: free, and so are those behind */
};

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

static inline slot_t number_of(race_place place)
{
	unsigned int at = (unsigned int)(place >> 3) % PLACES;

	return (slot_t)(likely(places[at] == place) ? at : new_number(place)) << 16;
}

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
	munmap(r->cells, shadow_size(r->len));
	*r = ranges[--nr_ranges];
	ranges[nr_ranges] = (struct range){ 0 };
}

static const struct range *last_range = ranges; /* mostly it is the same again */

static inline const struct range *range_of(uintptr_t addr)
{
	if (likely(addr - last_range->base < last_range->len))
		return last_range;
	for (unsigned int i = 0; i < nr_ranges; i++)
		if (addr - ranges[i].base < ranges[i].len)
			return last_range = &ranges[i];
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

/* whatever races with @less later races with @more, too */
static inline bool covers(slot_t more, slot_t less)
{
	return !(less & ~more & WHAT_BITS);
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

static inline bool is_live(slot_t s)
{
	return TICK(s) > race_base;
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

/*
 * @a: an access without its @place, which is a number only where it is kept.
 * Nothing is called here as long as there is no race and room.
 */
static inline void touch(const struct range *r, struct cell *c, slot_t a,
			 race_place place)
{
	const uint32_t *seen = race_clocks[TASK(a)].tick;
	unsigned int at, free = SLOTS;

	for (at = 0; at < SLOTS && is_live(c->slot[at]); at++) {
		slot_t s = c->slot[at];

		if (!((s ^ a) & WHO_BITS) && covers(s, a))
			return;
		if (!BYTES(s & a))
			continue;
		if (unlikely(TICK(s) > seen[TASK(s)]) && TASK(s) != TASK(a)) {
			if (HOW(s | a) == (RACE_HOW_WRITE | RACE_HOW_PLAIN))
				goto slow;
			continue;
		}
		if (free == SLOTS && covers(a, s))
			free = at;
	}
	if (unlikely(free == SLOTS)) {
		if (unlikely(at == SLOTS))
			goto slow;
		if (at + 1 < SLOTS)
			c->slot[at + 1] = 0;
		free = at;
	}
	c->slot[free] = a | number_of(place);
	return;
slow:
	free = find_slot(r, c, a, place);
	if (free + 1 < SLOTS && !is_live(c->slot[free]))
		c->slot[free + 1] = 0;
	c->slot[free] = a | number_of(place);
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

void race_access_slow(const void *p, size_t len, bool write, bool marked, const void *pc,
		      const struct sched_site *site)
{
	uintptr_t addr = (uintptr_t)p;
	const struct range *r = range_of(addr);
	race_place place = race_place_of(pc, site);
	unsigned int me;
	slot_t a;

	if (unlikely(!sched_current || !r))
		return;
	me = sched_current->id;
	if (unlikely(race_ignored[me]))
		return;
	a = new_slot(me, (write ? RACE_HOW_WRITE : 0) | (marked ? 0 : RACE_HOW_PLAIN));
	if (likely(addr % CELL_BYTES + len <= CELL_BYTES))
		touch(r, cell_of(r, addr), a | bytes_from(addr % CELL_BYTES, len), place);
	else
		touch_many(r, addr, len, a, place);
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
