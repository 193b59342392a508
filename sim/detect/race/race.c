// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who accessed which bytes: a shadow of the memory that tasks share, after FastTrack
 * and ThreadSanitizer; cell.h says what is in it.
 *
 * What is of the past is known by its tick: a new execution has nothing to clear.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "detect/race/earlier.h"
#include "detect/race/four.h"
#include "detect/race/moved.h"
#include "detect/race/value.h"
#include "detect/race_few.h"
#include "sched/clear.h"

#define RANGES_MAX 48

/* race_watch_apart() */
#define APART_PAGES (1u << 15)
#define PAGE_SHIFT  12

static struct race_range ranges[RANGES_MAX];
static const char *words[RANGES_MAX]; /* for each of them */
static race_used_fn used[RANGES_MAX]; /* likewise; NULL: all of it may be */
static unsigned int nr_ranges;
static struct apart {
	uintptr_t base; /* 0: there is no such range */
	bool any;
	uint64_t accessed[APART_PAGES / 64]; /* its pages that were since race_reset() */
} apart;

/* ---- places as small numbers ---- */

race_place race_places[RACE_PLACES];

void race_forget_places(void)
{
	clear_used(race_places, sizeof(race_places));
}

/*
 * When all are taken a place is what stands where it should be: no less is found, but a
 * report may name a wrong line.
 */
__attribute__((noinline)) unsigned int race_new_number(race_place place)
{
	unsigned int first = (unsigned int)(place >> 3) % RACE_PLACES, at = first;

	for (unsigned int k = 1; k <= RACE_PLACES; k++) {
		const race_place there = race_places[at] & ~RACE_PLACE_MARKS;

		if (there == place)
			return at;
		if (!there) {
			race_places[at] = place;
			if (race_value_asked && race_value_is_asked(place))
				race_places[at] |= RACE_PLACE_ASKED;
			return at;
		}
		at = k == 1 ? first ^ 1 : (first + k) % RACE_PLACES;
	}
	return first;
}

/* ---- where the shadow is ---- */

struct race_range race_lately[RACE_PARTS];

static void forget_lately(void)
{
	memset(race_lately, 0, sizeof(race_lately));
}

static inline uintptr_t cell_start(const void *p)
{
	return (uintptr_t)p & ~(uintptr_t)(RACE_CELL_BYTES - 1);
}

static size_t cells(size_t len)
{
	return len / RACE_CELL_BYTES + 1;
}

static size_t shadow_size(size_t len)
{
	return 2 * cells(len) * sizeof(race_slot);
}

static struct race_range *find_range(uintptr_t base)
{
	for (unsigned int i = 0; i < nr_ranges; i++)
		if (ranges[i].base == base)
			return &ranges[i];
	return NULL;
}

void race_watch_used(const void *base, size_t len, const char *what, race_used_fn fn)
{
	uintptr_t from = cell_start(base);
	size_t size = (uintptr_t)base + len - from;
	race_slot *slots;

	if (find_range(from))
		return;
	if (nr_ranges == RANGES_MAX) {
		fprintf(stderr, "uringsim: more than %d ranges to watch for races\n",
			RANGES_MAX);
		exit(3);
	}
	slots = mmap(NULL, shadow_size(size), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (slots == MAP_FAILED) {
		perror("uringsim: race detector");
		exit(3);
	}
	words[nr_ranges] = what;
	used[nr_ranges] = fn;
	ranges[nr_ranges++] =
		(struct race_range){ from, size, slots, slots + cells(size) };
}

void race_watch(const void *base, size_t len, const char *what)
{
	race_watch_used(base, len, what, NULL);
}

void race_watch_apart(const void *base, size_t len, const char *what)
{
	if (len >> PAGE_SHIFT >= APART_PAGES) {
		fprintf(stderr, "uringsim: too much memory to watch apart for races\n");
		exit(3);
	}
	apart.base = cell_start(base);
	race_watch(base, len, what);
}

static bool is_apart(const struct race_range *r)
{
	return r->base == apart.base;
}

static __attribute__((noinline)) void note_apart(const struct race_range *r,
						 uintptr_t addr, size_t len)
{
	const uintptr_t last = (addr + len - 1 - r->base) >> PAGE_SHIFT;

	for (uintptr_t i = (addr - r->base) >> PAGE_SHIFT; i <= last && i < APART_PAGES;
	     i++)
		apart.accessed[i / 64] |= 1ull << i % 64;
	apart.any = true;
}

void race_forget_apart(void)
{
	if (apart.any)
		memset(apart.accessed, 0, sizeof(apart.accessed));
	apart.any = false;
}

void *race_shadow(unsigned int i, size_t *len)
{
	if (i >= nr_ranges)
		return NULL;
	*len = shadow_size(ranges[i].len);
	return ranges[i].writes;
}

void race_give_back(void)
{
	for (unsigned int i = 0; i < nr_ranges; i++)
		madvise(ranges[i].writes, shadow_size(ranges[i].len), MADV_DONTNEED);
}

void race_unwatch(const void *base)
{
	struct race_range *r = find_range(cell_start(base));

	race_report_forget();
	race_forget_places();
	if (!r)
		return;
	forget_lately();
	munmap(r->writes, shadow_size(r->len));
	words[r - ranges] = words[--nr_ranges];
	used[r - ranges] = used[nr_ranges];
	*r = ranges[nr_ranges];
	ranges[nr_ranges] = (struct race_range){ 0 };
}

static __attribute__((noinline)) const struct race_range *look_up(uintptr_t addr,
								  struct race_range *part)
{
	for (unsigned int i = 0; i < nr_ranges; i++) {
		if (addr - ranges[i].base >= ranges[i].len)
			continue;
		if (unlikely(is_apart(&ranges[i])))
			return &ranges[i];
		*part = ranges[i];
		return part;
	}
	return NULL;
}

static inline const struct race_range *range_of(uintptr_t addr)
{
	struct race_range *part = race_part_of(addr);

	return likely(addr - part->base < part->len) ? part : look_up(addr, part);
}

/* ---- which of it is used ---- */

typedef void (*each_fn)(const struct race_range *r, uintptr_t from, uintptr_t to,
			void *arg);

static uintptr_t within(uintptr_t at, const struct race_range *r)
{
	return at < r->base + r->len ? at : r->base + r->len;
}

static void each_page_apart(const struct race_range *r, each_fn fn, void *arg)
{
	const uintptr_t page = 1ul << PAGE_SHIFT;

	for (unsigned int word = 0; word < APART_PAGES / 64; word++)
		for (uint64_t set = apart.accessed[word]; set; set &= set - 1) {
			const uintptr_t at =
				r->base +
				(word * 64ul + (unsigned int)__builtin_ctzll(set)) * page;

			fn(r, at, within(at + page, r), arg);
		}
}

void race_each_used(each_fn fn, void *arg)
{
	for (unsigned int i = 0; i < nr_ranges; i++) {
		const struct race_range *r = &ranges[i];
		uintptr_t from, to;

		if (is_apart(r))
			each_page_apart(r, fn, arg);
		else if (!used[i])
			fn(r, r->base, r->base + r->len, arg);
		for (unsigned int k = 0; used[i] && used[i](k, &from, &to); k++)
			if (from < to)
				fn(r, from, within(to, r), arg);
	}
}

void race_collide(const struct race_range *r, size_t i, race_slot old, race_slot a,
		  race_place place)
{
	uintptr_t addr = r->base + (i << RACE_CELL_SHIFT);
	const struct race_side before = { race_places[race_slot_place(old)] &
						  ~RACE_PLACE_MARKS,
					  race_slot_task(old), race_slot_how(old),
					  race_slot_tick(old) };
	const struct race_side now = { place, race_slot_task(a), race_slot_how(a),
				       race_slot_tick(a) };

	race_found((const void *)(addr +
				  (unsigned int)__builtin_ctz(race_slot_bytes(old & a))),
		   words[find_range(r->base) - ranges], &before, &now);
}

/* ---- accesses ---- */

static inline void touch(const struct race_range *r, size_t i, race_slot a,
			 const uint32_t *seen, race_slot number, race_place place)
{
	race_slot *w = &r->writes[i], *rd = &r->reads[i];

	if (race_try_cell(w, rd, a & RACE_SLOT_WHAT, a, seen, number))
		return;
	race_look_closer(r, i, a, place);
}

/*
 * What was handed from one task to another has the same slots cell after cell: what
 * became of the first becomes of all.
 * Return: how many cells from @i on, of @nr, that was
 */
static inline size_t touch_alike(const struct race_range *r, size_t i, size_t nr,
				 race_slot a, const uint32_t *seen, race_slot number)
{
	race_slot *w = &r->writes[i], *rd = &r->reads[i];
	const race_slot wrote = *w, read = *rd;
	size_t done = 1;

	if (!race_try_cell(w, rd, a & RACE_SLOT_WHAT, a, seen, number))
		return 0;
	for (; done + RACE_FOUR <= nr; done += RACE_FOUR) {
		if (!race_four_are(&w[done], wrote) || !race_four_are(&rd[done], read))
			break;
		race_four_set(&w[done], *w);
		race_four_set(&rd[done], *rd);
	}
	return done;
}

/* up to the end of a cell, or of the access */
static inline size_t touch_one(const struct race_range *r, uintptr_t offset, size_t len,
			       race_slot a, const uint32_t *seen, race_slot number,
			       race_place place)
{
	size_t n = RACE_CELL_BYTES - offset % RACE_CELL_BYTES;

	if (n > len)
		n = len;
	touch(r, offset >> RACE_CELL_SHIFT, a | race_bytes_from(offset, n), seen, number,
	      place);
	return n;
}

static __attribute__((noinline)) void touch_many(const struct race_range *r,
						 uintptr_t addr, size_t len, race_slot a,
						 race_place place)
{
	const uint32_t *seen = race_clocks[race_slot_task(a)].tick;
	const race_slot number = race_number(place), fresh = a | RACE_SLOT_BYTES | number;
	race_slot *slots = a & RACE_SLOT_WRITE ? r->writes : r->reads;
	uintptr_t offset = addr - r->base;

	if (unlikely(len > r->len - offset))
		len = r->len - offset;
	for (size_t n; len; offset += n, len -= n) {
		size_t i = offset >> RACE_CELL_SHIFT;

		n = RACE_FOUR * RACE_CELL_BYTES;
		if (len < n || offset % RACE_CELL_BYTES) {
			n = touch_one(r, offset, len, a, seen, number, place);
		} else if (race_four_fresh(&r->writes[i], &r->reads[i])) {
			race_four_set(&slots[i], fresh);
		} else if (a & RACE_SLOT_PLAIN &&
			   race_four_own(&r->writes[i], &r->reads[i], a)) {
			race_four_set(&r->reads[i], 0);
			race_four_set(&slots[i], fresh);
		} else {
			n = touch_alike(r, i, len / RACE_CELL_BYTES, a | RACE_SLOT_BYTES,
					seen, number) *
			    RACE_CELL_BYTES;
			if (!n)
				n = touch_one(r, offset, len, a, seen, number, place);
		}
	}
}

void race_any(uintptr_t addr, size_t len, unsigned int how, race_place place)
{
	const struct race_range *r = range_of(addr);
	unsigned int me;

	if (unlikely(!sched_current() || !r))
		return;
	if (unlikely(is_apart(r)))
		note_apart(r, addr, len);
	me = sched_current()->id;
	race_now(me);
	if (unlikely(!race_present[me]))
		return;
	if (race_value_asked && how & RACE_HOW_WRITE && len <= 8)
		race_value_write(addr, len, place);
	touch_many(r, addr, len, race_present[me] | how << 4, place);
	race_value_written();
	if (unlikely(race_earlier_on))
		race_earlier_access(addr, len, place);
}

void race_access_slow(const void *p, size_t len, bool write, bool marked, const void *pc,
		      const struct sched_site *site)
{
	if (len)
		race_any((uintptr_t)p, len,
			 (write ? RACE_HOW_WRITE : 0) | (marked ? 0 : RACE_HOW_PLAIN),
			 race_place_of(pc, site));
}

/* ---- memory that comes and goes ---- */

/* the first cell of @len bytes at @p, and in @nr how many there are */
static inline size_t first_cell(const struct race_range *r, uintptr_t addr, size_t len,
				size_t *nr)
{
	size_t first = (addr - r->base) >> RACE_CELL_SHIFT;

	*nr = ((addr + len - 1 - r->base) >> RACE_CELL_SHIFT) - first + 1;
	return first;
}

void race_fresh_slow(const void *p, size_t len)
{
	const struct race_range *r = range_of((uintptr_t)p);
	size_t i, nr;

	if (!r || !len)
		return;
	for (i = first_cell(r, (uintptr_t)p, len, &nr); nr; i++, nr--)
		if (race_slot_live(r->writes[i]) || race_slot_live(r->reads[i]))
			race_leave(r, i);
}

static inline void free_cell(const struct race_range *r, size_t i, race_slot a,
			     const uint32_t *seen, race_place place)
{
	const race_slot write = r->writes[i], read = r->reads[i];

	if (!race_slot_live(write) && !race_slot_live(read))
		return; /* what was never touched costs no memory */
	if (race_slot_live(a) &&
	    (!race_slot_covers(a, read) || !race_slot_before(read, seen) ||
	     write & RACE_SLOT_OVERFLOW || !race_slot_before(write, seen)))
		race_look_closer(r, i, a, place);
	race_leave(r, i);
}

/*
 * List heads of a table, of which each was initialised and looked at by the same tasks:
 * four cells as the four before become what those became.
 * Return: how many cells from @i on, of @nr, that was
 */
static inline size_t free_alike(const struct race_range *r, size_t i, size_t nr,
				race_slot a, const uint32_t *seen, race_place place)
{
	race_slot *w = &r->writes[i], *rd = &r->reads[i];
	race_slot were[2 * RACE_FOUR];
	size_t done = RACE_FOUR;

	for (unsigned int k = 0; k < RACE_FOUR; k++) {
		were[k] = w[k];
		were[RACE_FOUR + k] = rd[k];
	}
	for (unsigned int k = 0; k < RACE_FOUR; k++)
		free_cell(r, i + k, a, seen, place);
	/* no two cells have the same overflow set */
	for (; done + RACE_FOUR <= nr; done += RACE_FOUR) {
		if (!race_four_same(&w[done], were) ||
		    !race_four_same(&rd[done], were + RACE_FOUR))
			break;
		race_four_set(&w[done], 0);
		race_four_set(&rd[done], 0);
	}
	return done;
}

void race_freed_slow(const void *p, size_t len, const struct sched_site *site)
{
	const struct race_range *r = range_of((uintptr_t)p);
	race_place place = race_place_of(NULL, site);
	const uint32_t *seen = NULL;
	race_slot a = RACE_SLOT_BYTES | RACE_SLOT_WRITE | RACE_SLOT_PLAIN;
	size_t i, nr, n;

	if (!r || !len)
		return;
	if (sched_current()) {
		race_now(sched_current()->id);
		a |= race_present[sched_current()->id];
		seen = race_clocks[sched_current()->id].tick;
	}
	for (i = first_cell(r, (uintptr_t)p, len, &nr); nr >= RACE_FOUR;
	     i += n, nr -= n) {
		n = RACE_FOUR;
		if (race_four_fresh(&r->writes[i], &r->reads[i]))
			continue;
		if (!race_four_own(&r->writes[i], &r->reads[i], a)) {
			n = free_alike(r, i, nr, a, seen, place);
			continue;
		}
		race_four_set(&r->writes[i], 0);
		race_four_set(&r->reads[i], 0);
	}
	for (; nr; i++, nr--)
		free_cell(r, i, a, seen, place);
}
