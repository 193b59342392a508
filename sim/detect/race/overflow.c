// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cells where more matters than the last write and the last read since: readers that
 * nobody orders, single bytes of a word, plain accesses beside marked ones. An overflow
 * set takes the place of the one slot, for writes or for reads, and goes away with a
 * write that is after all of it.
 */
#include <string.h>

#include "detect/race/cell.h"
#include "detect/race/moved.h"
#include "detect/race_few.h"
#include "sched/checkpoint.h"

#define SET_MAX 16u
#define SETS	4096u

/** struct access_set - accesses of one cell, by task where that is possible */
struct access_set {
	_Alignas(64) race_slot slot[SET_MAX];
};

static struct access_set sets[SETS];
static uint16_t in_use[SETS];	 /* a bit for each slot that is in use */
static uint16_t next_free[SETS]; /* plus one */
static unsigned int used, free_ones;

void race_overflow_reset(void)
{
	used = 0;
	free_ones = 0;
}

static inline bool is_set(race_slot s)
{
	return (s & RACE_SLOT_OVERFLOW) && race_slot_live(s);
}

/* what stands in the one slot instead */
static inline race_slot name_of(unsigned int nr)
{
	return (race_slot)(race_base + 1) << 32 | (race_slot)nr << 16 |
	       RACE_SLOT_NO_TASK << 8 | RACE_SLOT_OVERFLOW;
}

/* Return: its number, or SETS: there are too many in this execution */
static inline unsigned int new_set(void)
{
	unsigned int nr = used;

	if (free_ones) {
		nr = free_ones - 1;
		free_ones = next_free[nr];
	} else if (used < SETS) {
		used++;
	} else {
		return SETS;
	}
	in_use[nr] = 0;
	return nr;
}

static void empty(race_slot *s)
{
	if (is_set(*s)) {
		next_free[race_slot_place(*s)] = (uint16_t)free_ones;
		free_ones = race_slot_place(*s) + 1;
	}
	*s = 0;
}

void race_leave(const struct race_range *r, size_t i)
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
static bool is_twin(race_slot s, race_slot a)
{
	return !((s ^ a) & (RACE_SLOT_WHEN | RACE_SLOT_WRITE | RACE_SLOT_BYTES));
}

static enum fate meet(const struct race_range *r, size_t i, race_slot *at, race_slot a,
		      race_place place)
{
	const race_slot s = *at;

	if (!(s & a & RACE_SLOT_BYTES))
		return STAYS;
	if (race_slot_says(s, a))
		return SAID;
	if (is_twin(s, a)) {
		*at |= a & RACE_SLOT_PLAIN;
		return SAID;
	}
	if (race_slot_before(s, race_clocks[race_slot_task(a)].tick))
		return race_slot_covers(a, s) ? GOES : STAYS;
	if (race_slot_races(s, a))
		race_collide(r, i, s, a, place);
	return STAYS;
}

/* Return: whether @a is said already. What goes is gone then, perhaps the set too */
static bool meet_set(const struct race_range *r, size_t i, race_slot *side, race_slot a,
		     race_place place)
{
	unsigned int nr = race_slot_place(*side);
	race_slot *slots = sets[nr].slot;
	bool said = false;

	for (unsigned int set = in_use[nr]; set; set &= set - 1) {
		unsigned int k = (unsigned int)__builtin_ctz(set);

		switch (meet(r, i, &slots[k], a, place)) {
		case STAYS:
			break;
		case SAID:
			said = true;
			break;
		case GOES:
			in_use[nr] &= (uint16_t) ~(1u << k);
			break;
		}
	}
	if (!in_use[nr])
		empty(side);
	return said;
}

static bool meet_side(const struct race_range *r, size_t i, race_slot *side, race_slot a,
		      race_place place)
{
	enum fate fate;

	if (!race_slot_live(*side)) {
		*side = 0;
		return false;
	}
	if (*side & RACE_SLOT_OVERFLOW)
		return meet_set(r, i, side, a, place);
	fate = meet(r, i, side, a, place);
	if (fate == GOES)
		*side = 0;
	return fate == SAID;
}

/* ---- and where it goes ---- */

/* who is missed least: a marked access, or one before @a */
static unsigned int victim(const race_slot *slots, race_slot a)
{
	const uint32_t *seen = race_clocks[race_slot_task(a)].tick;

	for (unsigned int k = 0; k < SET_MAX; k++)
		if (!(slots[k] & RACE_SLOT_PLAIN))
			return k;
	for (unsigned int k = 0; k < SET_MAX; k++)
		if (race_slot_before(slots[k], seen))
			return k;
	return (race_slot_tick(a) - race_base) % SET_MAX; /* the same in each execution */
}

static void join_set(unsigned int nr, race_slot s, race_slot a)
{
	race_slot *slots = sets[nr].slot;
	unsigned int k = race_slot_task(s) % SET_MAX, free = ~in_use[nr] & 0xffffu;

	if (!(free & 1u << k))
		k = free ? (unsigned int)__builtin_ctz(free) : victim(slots, a);
	slots[k] = s;
	in_use[nr] |= (uint16_t)(1u << k);
}

/* @s, which is @a with its place, beside what stays on this side */
static void add(race_slot *side, race_slot s, race_slot a)
{
	unsigned int nr;

	if (!*side) {
		*side = s;
		return;
	}
	if (!(*side & RACE_SLOT_OVERFLOW)) {
		nr = new_set();
		if (nr == SETS) { /* the plain one matters more */
			if (!(*side & ~s & RACE_SLOT_PLAIN))
				*side = s;
			return;
		}
		join_set(nr, *side, a);
		*side = name_of(nr);
	}
	join_set(race_slot_place(*side), s, a);
}

/* all cases but the one below */
static __attribute__((noinline)) void look_closer(const struct race_range *r, size_t i,
						  race_slot a, race_place place)
{
	race_slot *writes = &r->writes[i], *reads = &r->reads[i];
	bool said;

	/* who wrote and has told nobody since would say the same again */
	if (!(*writes & RACE_SLOT_OVERFLOW) && race_slot_says(*writes, a))
		return;
	said = meet_side(r, i, writes, a, place);
	said |= meet_side(r, i, reads, a, place);
	if (!said)
		add(a & RACE_SLOT_WRITE ? writes : reads, a | race_number(place), a);
}

/* @a takes the place of its task's last, or a free one. Return: whether it could */
static inline bool join_readers(unsigned int nr, race_slot a, race_slot number)
{
	const unsigned int k = race_slot_task(a) % SET_MAX;
	race_slot *s = &sets[nr].slot[k];

	if (in_use[nr] & 1u << k &&
	    ((*s ^ a) & RACE_SLOT_TASK || !race_slot_covers(a, *s)))
		return false;
	*s = a | number;
	in_use[nr] |= (uint16_t)(1u << k);
	return true;
}

/* a set of two. Return: its number, or SETS: they cannot be one so easily */
static inline unsigned int two_readers(race_slot read, race_slot a, race_slot number)
{
	const unsigned int k = race_slot_task(read) % SET_MAX,
			   own = race_slot_task(a) % SET_MAX;
	const unsigned int nr = k == own ? SETS : new_set();

	if (nr == SETS)
		return nr;
	sets[nr].slot[k] = read;
	sets[nr].slot[own] = a | number;
	in_use[nr] = (uint16_t)(1u << k | 1u << own);
	return nr;
}

/* all of the writers; a read does nothing to them then */
static inline bool writers_are_before(race_slot wrote, const uint32_t *seen)
{
	const race_slot *slots = sets[race_slot_place(wrote) % SETS].slot;

	if (!race_slot_live(wrote))
		return true;
	if (!(wrote & RACE_SLOT_OVERFLOW))
		return race_slot_before(wrote, seen);
	for (unsigned int set = in_use[race_slot_place(wrote)]; set; set &= set - 1)
		if (!race_slot_before(slots[__builtin_ctz(set)], seen))
			return false;
	return true;
}

/*
 * @a is a read that is after all writes: it becomes one of the readers of the cell, which
 * nobody orders. Return: whether that was so easy
 */
static inline bool join_easily(const struct race_range *r, size_t i, race_slot a,
			       race_slot bits)
{
	const race_slot read = r->reads[i];
	unsigned int nr;

	if (!race_slot_live(read)) {
		r->reads[i] = a | bits;
		return true;
	}
	if (read & RACE_SLOT_OVERFLOW)
		return join_readers(race_slot_place(read), a, bits);
	nr = two_readers(read, a, bits);
	if (nr == SETS)
		return false;
	r->reads[i] = name_of(nr);
	return true;
}

/* Return: whether there was anything of an earlier execution */
static inline bool forget_past(race_slot *s)
{
	if (!*s || race_slot_live(*s))
		return false;
	*s = 0;
	return true;
}

static inline bool try_again(const struct race_range *r, size_t i, race_slot a,
			     race_slot number)
{
	return race_try_cell(&r->writes[i], &r->reads[i], a & RACE_SLOT_WHAT, a,
			     race_clocks[race_slot_task(a)].tick, number);
}

/*
 * What becomes of a cell must not depend on how the access came here: what an earlier
 * execution left is not in its way, and a place that is asked for, or met for the first
 * time, does the same as any other.
 */
void race_look_closer(const struct race_range *r, size_t i, race_slot a, race_place place)
{
	const race_slot number = race_number(place);
	/* both are to be forgotten, whatever the first one says */
	const bool write_past = forget_past(&r->writes[i]);
	const bool past = forget_past(&r->reads[i]) || write_past;

	if (past && try_again(r, i, a, number))
		return;
	if (a & RACE_SLOT_WRITE ||
	    !writers_are_before(r->writes[i], race_clocks[race_slot_task(a)].tick) ||
	    !join_easily(r, i, a, number))
		look_closer(r, i, a, place);
}

void race_look_closer_at_two(const struct race_range *r, size_t i, race_slot a,
			     race_place place)
{
	race_look_closer(r, i, a, place);
	if (!try_again(r, i + 1, a, race_number(place)))
		race_look_closer(r, i + 1, a, place);
}

void race_overflow_checkpoint(struct checkpoint *c, const struct race_move *m)
{
	checkpoint_value(c, used);
	checkpoint_value(c, free_ones);
	checkpoint_bytes(c, in_use, used * sizeof(in_use[0]));
	checkpoint_bytes(c, next_free, used * sizeof(next_free[0]));
	checkpoint_bytes(c, sets, used * sizeof(sets[0]));
	for (unsigned int nr = 0; c->back && nr < used; nr++)
		for (unsigned int k = 0; k < SET_MAX; k++)
			sets[nr].slot[k] = race_moved_slot(sets[nr].slot[k], m);
}
