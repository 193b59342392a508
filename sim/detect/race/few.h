/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Accesses of a few bytes, as far as nothing is called: for hooks, which are called at
 * each access of a subject and have this inlined.
 */
#ifndef DETECT_RACE_FEW_H
#define DETECT_RACE_FEW_H

#include "detect/race/cell.h"

/*
 * The range that was met last in each part of the address space: heap, page frames,
 * stacks, the program's data and a subject's lie in different ones, and take turns.
 */
#define RACE_PARTS 512u

extern struct range race_lately[RACE_PARTS];

static inline struct range *race_part_of(uintptr_t addr)
{
	return &race_lately[(addr >> 30 ^ addr >> 39) & (RACE_PARTS - 1)];
}

static inline slot_t race_bytes_from(uintptr_t addr, size_t len)
{
	return ((1u << len) - 1) << addr % CELL_BYTES;
}

/*
 * Whether @a is like most accesses of a cell: ordered after what is there, which it takes
 * the place of. It is done then; trying once more does no harm.
 * @what: bits of @a: which bytes and how; constant, as a rule
 * @number: race_number()
 */
static inline __attribute__((always_inline)) bool race_try_cell(slot_t *w, slot_t *r,
								slot_t what, slot_t a,
								const uint32_t *seen,
								slot_t number)
{
	const slot_t wrote = *w, read = *r, more = WHAT_BITS & ~what;
	const bool write = what & WRITE_BIT;

	if (!write && !((wrote ^ a) & (WHO_BITS | what))) /* says(wrote, a) */
		return true;
	if (unlikely(((write ? wrote : read) & more) |
		     ((write ? read : wrote) & CROWD_BIT)) ||
	    unlikely(!is_before(read, seen)) || unlikely(!is_before(wrote, seen)))
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
 * @r: race_part_of(@p), if @p is in it
 * @how: RACE_HOW_*
 * @place: race_place_of()
 *
 * race_on() was asked. @len and @how are constant. What is called is called last.
 */
static inline __attribute__((always_inline)) void race_few(const struct range *r,
							   const void *p, size_t len,
							   unsigned int how,
							   race_place place)
{
	const uintptr_t addr = (uintptr_t)p;
	const bool wide = len > CELL_BYTES;
	const slot_t what =
		how << 4 | (len >= CELL_BYTES ? BYTE_BITS : race_bytes_from(addr, len));
	const unsigned int me = sched_current_id(), number = race_find_number(place);
	const uint32_t *seen = race_clocks[me].tick;
	const slot_t bits = (slot_t)number << 16;
	const size_t i = (addr - r->base) >> CELL_SHIFT;
	slot_t *w = &r->writes[i], *rd = &r->reads[i], a = race_present[me];

	if (unlikely(!a || number == RACE_PLACES ||
		     addr % CELL_BYTES > (wide ? 0 : CELL_BYTES - len)))
		goto any;
	a |= what;
	if (race_try_cell(w, rd, what, a, seen, bits)) {
		if (wide && !race_try_cell(w + 1, rd + 1, what, a, seen, bits))
			race_look_closer(r, i + 1, a, place);
	} else if (wide) {
		race_look_closer_at_two(r, i, a, place);
	} else {
		race_look_closer(r, i, a, place);
	}
	return;
any:
	race_any(addr, len, how, place);
}

#endif /* DETECT_RACE_FEW_H */
