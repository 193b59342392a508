/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell of the race detector's shadow: what is remembered of four bytes, and which of
 * it an access races with or takes the place of. Two slots are enough for nearly all:
 * the last write, and the last read since. More are in crowds (crowd.c).
 */
#ifndef DETECT_RACE_CELL_H
#define DETECT_RACE_CELL_H

#include "detect/race/race_i.h"

#define CELL_SHIFT 2
#define CELL_BYTES (1u << CELL_SHIFT)

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/*
 * A slot is one access: which bytes and how, who, where (a number, places[]), and when.
 * Tick and task are those of race_present[], so that one word is compared.
 */
typedef uint64_t slot_t;
#define BYTES(s) ((s)&0xf)
#define HOW(s)	 ((unsigned int)((s) >> 4 & 3)) /* RACE_HOW_* */
#define TASK(s)	 ((uint8_t)((s) >> 8))
#define PLACE(s) ((unsigned int)((s) >> 16 & 0xffff))
#define TICK(s)	 ((uint32_t)((s) >> 32))

#define BYTE_BITS  0xfu
#define WRITE_BIT  (RACE_HOW_WRITE << 4)
#define PLAIN_BIT  (RACE_HOW_PLAIN << 4)
#define CROWD_BIT  0x40u /* the place is the number of a crowd */
#define WHAT_BITS  0x7fu
#define TASK_BITS  0xff00u
#define WHO_BITS   0xffffffff0000ff00ull
#define CROWD_TASK 0xffu /* nobody's */

/* of the current execution; any other is as good as none */
static inline bool is_live(slot_t s)
{
	return TICK(s) > race_base;
}

/* @seen: what the task that makes an access has seen; @s is not a crowd */
static inline bool is_before(slot_t s, const uint32_t *seen)
{
	return TICK(s) <= seen[TASK(s)];
}

/* whatever races with @less later races with @more, too; a crowd is not covered */
static inline bool covers(slot_t more, slot_t less)
{
	return !(less & ~more & WHAT_BITS);
}

/* of the same task, which nobody has heard of since: @s says all that @a would */
static inline bool says(slot_t s, slot_t a)
{
	return !((s ^ a) & (WHO_BITS | (a & WHAT_BITS)));
}

static inline bool races(slot_t s, slot_t a)
{
	return ((s | a) & (WRITE_BIT | PLAIN_BIT)) == (WRITE_BIT | PLAIN_BIT);
}

/** struct range - watched memory; cell i of it is writes[i] and reads[i] */
struct range {
	uintptr_t base, len;
	slot_t *writes, *reads;
};

/* ---- where ---- */

#define RACE_PLACES 16384u /* a power of two */

extern race_place race_places[RACE_PLACES];

/** race_new_number() - race_number(), the first time, or if it is elsewhere */
unsigned int race_new_number(race_place place) __attribute__((cold));

/**
 * race_find_number() - the number of @place, or %RACE_PLACES: it has none yet, or a third
 * place where it should be
 *
 * Neighbours in the code are neighbours here.
 */
static inline unsigned int race_find_number(race_place place)
{
	unsigned int at = (unsigned int)(place >> 3) % RACE_PLACES;

	if (likely(race_places[at] == place))
		return at;
	at ^= 1;
	return likely(race_places[at] == place) ? at : RACE_PLACES;
}

/** race_number() - @place as bits of a slot */
static inline slot_t race_number(race_place place)
{
	unsigned int at = race_find_number(place);

	return (slot_t)(likely(at != RACE_PLACES) ? at : race_new_number(place)) << 16;
}

/** race_collide() - @a, of @place, races with @old in cell @i; says so */
void race_collide(const struct range *r, size_t i, slot_t old, slot_t a, race_place place)
	__attribute__((cold));

/* ---- crowds ---- */

/**
 * race_look_closer() - @a, an access of cell @i without its @place: it races, or is not
 * ordered after what is there, or does not cover it
 */
void race_look_closer(const struct range *r, size_t i, slot_t a, race_place place);

/** race_look_closer_at_two() - the same, of cells @i and @i + 1 */
void race_look_closer_at_two(const struct range *r, size_t i, slot_t a, race_place place);

/** race_leave() - nobody has accessed cell @i, which may have crowds */
void race_leave(const struct range *r, size_t i);

/** race_crowds_reset() - all crowds are of the past */
void race_crowds_reset(void);

#endif /* DETECT_RACE_CELL_H */
