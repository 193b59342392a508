/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell of the race detector's shadow: what is remembered of four bytes, and which of
 * it an access races with or takes the place of. Two slots are enough for nearly all:
 * the last write, and the last read since. More are in overflow sets (overflow.c).
 */
#ifndef DETECT_RACE_CELL_H
#define DETECT_RACE_CELL_H

#include "detect/race/race_i.h"
#include "sched/branch.h"

#define RACE_CELL_SHIFT 2
#define RACE_CELL_BYTES (1u << RACE_CELL_SHIFT)

/*
 * A slot is one access: which bytes and how, by which task, where (a number, that of a
 * place in race_places[]), and when. Tick and task are those of race_present[], so that
 * one word is compared.
 */
typedef uint64_t race_slot;

#define RACE_SLOT_BYTES	   0xfu
#define RACE_SLOT_WRITE	   (RACE_HOW_WRITE << 4)
#define RACE_SLOT_PLAIN	   (RACE_HOW_PLAIN << 4)
#define RACE_SLOT_OVERFLOW 0x40u /* the place is the number of an overflow set */
#define RACE_SLOT_WHAT	   0x7fu
#define RACE_SLOT_TASK	   0xff00u
#define RACE_SLOT_WHEN	   0xffffffff0000ff00ull /* task and tick */
#define RACE_SLOT_NO_TASK  0xffu

static inline unsigned int race_slot_bytes(race_slot s)
{
	return (unsigned int)s & RACE_SLOT_BYTES;
}

/* Return: RACE_HOW_* */
static inline uint8_t race_slot_how(race_slot s)
{
	return s >> 4 & 3;
}

static inline uint8_t race_slot_task(race_slot s)
{
	return (uint8_t)(s >> 8);
}

static inline unsigned int race_slot_place(race_slot s)
{
	return (unsigned int)(s >> 16) & 0xffff;
}

static inline uint32_t race_slot_tick(race_slot s)
{
	return (uint32_t)(s >> 32);
}

/* of the current execution; any other is as good as none */
static inline bool race_slot_live(race_slot s)
{
	return race_slot_tick(s) > race_base;
}

/* @seen: what the task that makes an access has seen; @s is no overflow set */
static inline bool race_slot_before(race_slot s, const uint32_t *seen)
{
	return race_slot_tick(s) <= seen[race_slot_task(s)];
}

/* whatever races with @less later races with @more, too; an overflow set is
 * not covered */
static inline bool race_slot_covers(race_slot more, race_slot less)
{
	return !(less & ~more & RACE_SLOT_WHAT);
}

/* of the same task, which nobody has heard of since: @s says all that @a would */
static inline bool race_slot_says(race_slot s, race_slot a)
{
	return !((s ^ a) & (RACE_SLOT_WHEN | (a & RACE_SLOT_WHAT)));
}

static inline bool race_slot_races(race_slot s, race_slot a)
{
	return ((s | a) & (RACE_SLOT_WRITE | RACE_SLOT_PLAIN)) ==
	       (RACE_SLOT_WRITE | RACE_SLOT_PLAIN);
}

/** struct race_range - watched memory; cell i of it is writes[i] and reads[i] */
struct race_range {
	uintptr_t base, len;
	race_slot *writes, *reads;
};

/* ---- where ---- */

#define RACE_PLACES 16384u /* a power of two */

extern race_place race_places[RACE_PLACES];

/** race_forget_places() - between executions, in which their numbers mean something */
void race_forget_places(void);

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
static inline race_slot race_number(race_place place)
{
	unsigned int at = race_find_number(place);

	return (race_slot)(likely(at != RACE_PLACES) ? at : race_new_number(place)) << 16;
}

/** race_collide() - @a, of @place, races with @old in cell @i; says so */
void race_collide(const struct race_range *r, size_t i, race_slot old, race_slot a,
		  race_place place) __attribute__((cold));

/** race_forget_apart() - a new execution: no page of race_watch_apart() was accessed */
void race_forget_apart(void);

/* ---- overflow sets ---- */

/**
 * race_look_closer() - @a, an access of cell @i without its @place: it races, or is not
 * ordered after what is there, or does not cover it
 */
void race_look_closer(const struct race_range *r, size_t i, race_slot a,
		      race_place place);

/** race_look_closer_at_two() - the same, of cell @i, and @a as usual of cell @i + 1 */
void race_look_closer_at_two(const struct race_range *r, size_t i, race_slot a,
			     race_place place);

/** race_leave() - nobody has accessed cell @i, which may have overflow sets */
void race_leave(const struct race_range *r, size_t i);

/** race_overflow_reset() - all overflow sets are of the past */
void race_overflow_reset(void);

#endif /* DETECT_RACE_CELL_H */
