// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cells where more matters than the last write and the last read since: readers that
 * nobody orders, single bytes of a word, plain accesses beside marked ones. A crowd takes
 * the place of the one slot, for writes or for reads, and goes away with a write that is
 * after all of it.
 */
#include <string.h>

#include "detect/race/cell.h"

#define CROWD_MAX 16u
#define CROWDS	  4096u

/** struct crowd - accesses of one cell, by task where that is possible */
struct crowd {
	_Alignas(64) slot_t slot[CROWD_MAX];
};

static struct crowd crowds[CROWDS];
static uint16_t crowded[CROWDS];   /* a bit for each slot that is in use */
static uint16_t next_free[CROWDS]; /* plus one */
static unsigned int used, free_ones;

void race_crowds_reset(void)
{
	used = 0;
	free_ones = 0;
}

static inline bool is_crowd(slot_t s)
{
	return (s & CROWD_BIT) && is_live(s);
}

/* what stands in the one slot instead */
static inline slot_t name_of(unsigned int nr)
{
	return (slot_t)(race_base + 1) << 32 | (slot_t)nr << 16 | CROWD_TASK << 8 |
	       CROWD_BIT;
}

/* Return: its number, or CROWDS: there are too many in this execution */
static inline unsigned int new_crowd(void)
{
	unsigned int nr = used;

	if (free_ones) {
		nr = free_ones - 1;
		free_ones = next_free[nr];
	} else if (used < CROWDS) {
		used++;
	} else {
		return CROWDS;
	}
	crowded[nr] = 0;
	return nr;
}

static void empty(slot_t *s)
{
	if (is_crowd(*s)) {
		next_free[PLACE(*s)] = (uint16_t)free_ones;
		free_ones = PLACE(*s) + 1;
	}
	*s = 0;
}

void race_leave(const struct range *r, size_t i)
{
	empty(&r->writes[i]);
	empty(&r->reads[i]);
}

/* ---- what @a does to an access that is there ---- */

enum fate {
	STAYS,
	SAID, /* says all of @a */
	GOES, /* for @a */
};

/* of one task, which nobody has heard of between them: plain and marked are as plain */
static bool is_twin(slot_t s, slot_t a)
{
	return !((s ^ a) & (WHO_BITS | WRITE_BIT | BYTE_BITS));
}

static enum fate meet(const struct range *r, size_t i, slot_t *at, slot_t a,
		      race_place place)
{
	const slot_t s = *at;

	if (!(s & a & BYTE_BITS))
		return STAYS;
	if (says(s, a))
		return SAID;
	if (is_twin(s, a)) {
		*at |= a & PLAIN_BIT;
		return SAID;
	}
	if (is_before(s, race_clocks[TASK(a)].tick))
		return covers(a, s) ? GOES : STAYS;
	if (races(s, a))
		race_collide(r, i, s, a, place);
	return STAYS;
}

/* Return: whether @a is said already. All that goes is gone then, and perhaps the crowd
 */
static bool meet_crowd(const struct range *r, size_t i, slot_t *side, slot_t a,
		       race_place place)
{
	unsigned int nr = PLACE(*side);
	slot_t *slots = crowds[nr].slot;
	bool said = false;

	for (unsigned int set = crowded[nr]; set; set &= set - 1) {
		unsigned int k = (unsigned int)__builtin_ctz(set);

		switch (meet(r, i, &slots[k], a, place)) {
		case STAYS:
			break;
		case SAID:
			said = true;
			break;
		case GOES:
			crowded[nr] &= (uint16_t) ~(1u << k);
			break;
		}
	}
	if (!crowded[nr])
		empty(side);
	return said;
}

static bool meet_side(const struct range *r, size_t i, slot_t *side, slot_t a,
		      race_place place)
{
	enum fate fate;

	if (!is_live(*side)) {
		*side = 0;
		return false;
	}
	if (*side & CROWD_BIT)
		return meet_crowd(r, i, side, a, place);
	fate = meet(r, i, side, a, place);
	if (fate == GOES)
		*side = 0;
	return fate == SAID;
}

/* ---- and where it goes ---- */

/* who is missed least: a marked access, or one before @a */
static unsigned int victim(const slot_t *slots, slot_t a)
{
	const uint32_t *seen = race_clocks[TASK(a)].tick;

	for (unsigned int k = 0; k < CROWD_MAX; k++)
		if (!(slots[k] & PLAIN_BIT))
			return k;
	for (unsigned int k = 0; k < CROWD_MAX; k++)
		if (is_before(slots[k], seen))
			return k;
	return (TICK(a) - race_base) % CROWD_MAX; /* the same in each execution */
}

static void join_crowd(unsigned int nr, slot_t s, slot_t a)
{
	slot_t *slots = crowds[nr].slot;
	unsigned int k = TASK(s) % CROWD_MAX, free = ~crowded[nr] & 0xffffu;

	if (!(free & 1u << k))
		k = free ? (unsigned int)__builtin_ctz(free) : victim(slots, a);
	slots[k] = s;
	crowded[nr] |= (uint16_t)(1u << k);
}

/* @s, which is @a with its place, beside what stays on this side */
static void add(slot_t *side, slot_t s, slot_t a)
{
	unsigned int nr;

	if (!*side) {
		*side = s;
		return;
	}
	if (!(*side & CROWD_BIT)) {
		nr = new_crowd();
		if (nr == CROWDS) { /* the plain one matters more */
			if (!(*side & ~s & PLAIN_BIT))
				*side = s;
			return;
		}
		join_crowd(nr, *side, a);
		*side = name_of(nr);
	}
	join_crowd(PLACE(*side), s, a);
}

/* all cases but the one below */
static __attribute__((noinline)) void look_closer(const struct range *r, size_t i,
						  slot_t a, race_place place)
{
	slot_t *writes = &r->writes[i], *reads = &r->reads[i];
	bool said;

	/* who wrote and has told nobody since would say the same again */
	if (!(*writes & CROWD_BIT) && says(*writes, a))
		return;
	said = meet_side(r, i, writes, a, place);
	said |= meet_side(r, i, reads, a, place);
	if (!said)
		add(a & WRITE_BIT ? writes : reads, a | race_number(place), a);
}

/* @a takes the place of its task's last, or a free one. Return: whether it could */
static inline bool join_readers(unsigned int nr, slot_t a, slot_t number)
{
	const unsigned int k = TASK(a) % CROWD_MAX;
	slot_t *s = &crowds[nr].slot[k];

	if (crowded[nr] & 1u << k && ((*s ^ a) & TASK_BITS || !covers(a, *s)))
		return false;
	*s = a | number;
	crowded[nr] |= (uint16_t)(1u << k);
	return true;
}

/* a crowd of two. Return: its number, or CROWDS: they cannot be one so easily */
static inline unsigned int two_readers(slot_t read, slot_t a, slot_t number)
{
	const unsigned int k = TASK(read) % CROWD_MAX, own = TASK(a) % CROWD_MAX;
	const unsigned int nr = k == own ? CROWDS : new_crowd();

	if (nr == CROWDS)
		return nr;
	crowds[nr].slot[k] = read;
	crowds[nr].slot[own] = a | number;
	crowded[nr] = (uint16_t)(1u << k | 1u << own);
	return nr;
}

/* all of the writers; a read does nothing to them then */
static inline bool writers_are_before(slot_t wrote, const uint32_t *seen)
{
	const slot_t *slots = crowds[PLACE(wrote) % CROWDS].slot;

	if (!is_live(wrote))
		return true;
	if (!(wrote & CROWD_BIT))
		return is_before(wrote, seen);
	for (unsigned int set = crowded[PLACE(wrote)]; set; set &= set - 1)
		if (!is_before(slots[__builtin_ctz(set)], seen))
			return false;
	return true;
}

/* Often it is one of the readers of a cell, whom nobody orders. */
void race_look_closer(const struct range *r, size_t i, slot_t a, race_place place)
{
	const slot_t wrote = r->writes[i], read = r->reads[i];
	const unsigned int number = race_find_number(place);
	const slot_t bits = (slot_t)number << 16;
	unsigned int nr;

	if (a & WRITE_BIT || number == RACE_PLACES ||
	    !writers_are_before(wrote, race_clocks[TASK(a)].tick))
		goto any;
	if (!is_live(read)) {
		r->reads[i] = a | bits;
		return;
	}
	if (read & CROWD_BIT) {
		if (join_readers(PLACE(read), a, bits))
			return;
	} else {
		nr = two_readers(read, a, bits);
		if (nr != CROWDS) {
			r->reads[i] = name_of(nr);
			return;
		}
	}
any:
	look_closer(r, i, a, place);
}

void race_look_closer_at_two(const struct range *r, size_t i, slot_t a, race_place place)
{
	race_look_closer(r, i, a, place);
	race_look_closer(r, i + 1, a, place);
}
