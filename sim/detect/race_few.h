/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The race detector's shortest way: accesses of a few bytes, as far as nothing is called.
 * For hooks, which are called at each access of a subject and have this inlined. What it
 * does is what race_access() (detect/race.h) does; cells and slots are the detector's
 * own.
 */
#ifndef DETECT_RACE_FEW_H
#define DETECT_RACE_FEW_H

#include "detect/race/cell.h"
#include "detect/race/four.h"

/*
 * The range that was met last in each part of the address space: heap, page frames,
 * stacks, the program's data and a subject's lie in different ones, and take turns.
 */
#define RACE_PARTS 512u

extern struct race_range race_lately[RACE_PARTS];

static inline struct race_range *race_part_of(uintptr_t addr)
{
	return &race_lately[(addr >> 30 ^ addr >> 39) & (RACE_PARTS - 1)];
}

/**
 * race_range_near() - the watched range that @p is in, if it was met lately; else NULL:
 * call race_access()
 */
static inline const struct race_range *race_range_near(const void *p)
{
	const struct race_range *r = race_part_of((uintptr_t)p);

	return likely((uintptr_t)p - r->base < r->len) ? r : NULL;
}

static inline race_slot race_bytes_from(uintptr_t addr, size_t len)
{
	return ((1u << len) - 1) << addr % RACE_CELL_BYTES;
}

/*
 * Whether @a is like most accesses of a cell: ordered after what is there, which it takes
 * the place of. It is done then; trying once more does no harm.
 * @what: bits of @a: which bytes and how; constant, as a rule
 * @number: race_number()
 */
static inline __attribute__((always_inline)) bool
race_try_cell(race_slot *w, race_slot *r, race_slot what, race_slot a,
	      const uint32_t *seen, race_slot number)
{
	const race_slot wrote = *w, read = *r, more = RACE_SLOT_WHAT & ~what;
	const bool write = what & RACE_SLOT_WRITE;

	if (!write &&
	    !((wrote ^ a) & (RACE_SLOT_WHEN | what))) /* race_slot_says(wrote, a) */
		return true;
	if (unlikely(((write ? wrote : read) & more) |
		     ((write ? read : wrote) & RACE_SLOT_OVERFLOW)) ||
	    unlikely(!race_slot_before(read, seen)) ||
	    unlikely(!race_slot_before(wrote, seen)))
		return false;
	*(write ? w : r) = a | number;
	if (write && !(read & more)) /* a plain read may matter beside a marked write */
		*r = 0;
	return true;
}

/** race_any() - any access; @how: RACE_HOW_* */
void race_any(uintptr_t addr, size_t len, unsigned int how, race_place place);

/**
 * race_few() - race_access() of 1, 2, 4 or 8 bytes
 * @r: race_range_near(@p), which is not NULL
 * @how: RACE_HOW_*
 * @place: race_place_of()
 *
 * race_on() was asked. @len and @how are constant. What is called is called last.
 */
static inline __attribute__((always_inline)) void race_few(const struct race_range *r,
							   const void *p, size_t len,
							   unsigned int how,
							   race_place place)
{
	const uintptr_t addr = (uintptr_t)p;
	const bool wide = len > RACE_CELL_BYTES;
	const race_slot what =
		how << 4 |
		(len >= RACE_CELL_BYTES ? RACE_SLOT_BYTES : race_bytes_from(addr, len));
	const unsigned int me = sched_current_id(), number = race_find_number(place);
	const uint32_t *seen = race_clocks[me].tick;
	const race_slot bits = (race_slot)number << 16;
	const size_t i = (addr - r->base) >> RACE_CELL_SHIFT;
	race_slot *w = &r->writes[i], *rd = &r->reads[i], a = race_present[me];

	if (unlikely(!a || number == RACE_PLACES ||
		     addr % RACE_CELL_BYTES > (wide ? 0 : RACE_CELL_BYTES - len))) {
		race_any(addr, len, how, place);
		return;
	}
	a |= what;
	if (race_try_cell(w, rd, what, a, seen, bits)) {
		if (wide && !race_try_cell(w + 1, rd + 1, what, a, seen, bits))
			race_look_closer(r, i + 1, a, place);
	} else if (wide) {
		race_look_closer_at_two(r, i, a, place);
	} else {
		race_look_closer(r, i, a, place);
	}
}

/**
 * race_first_write() - a marked write of 16 bytes, if nobody has accessed them
 * @p: their first byte, a multiple of 4 [a list head that is initialised]
 *
 * race_on() was asked. Return: whether that was it; if not, call race_access().
 */
static inline bool race_first_write(const void *p, race_place place)
{
	const struct race_range *r = race_range_near(p);
	const race_slot present = race_present[sched_current_id()];
	race_slot number;
	size_t i;

	if (unlikely(!r || !present || (uintptr_t)p % RACE_CELL_BYTES))
		return false;
	i = ((uintptr_t)p - r->base) >> RACE_CELL_SHIFT;
	if (unlikely(!race_four_fresh(&r->writes[i], &r->reads[i])))
		return false;
	number = race_number(place);
	if (unlikely(race_places[number >> 16] & RACE_PLACE_STACK))
		return false;
	race_four_set(&r->writes[i],
		      present | RACE_SLOT_WRITE | RACE_SLOT_BYTES | number);
	return true;
}

#endif /* DETECT_RACE_FEW_H */
