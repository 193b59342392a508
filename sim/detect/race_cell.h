/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell of the race detector's shadow: what is remembered of eight bytes, and which
 * of it an access races with or takes the place of.
 */
#ifndef DETECT_RACE_CELL_H
#define DETECT_RACE_CELL_H

#include <emmintrin.h>

#include "detect/race_i.h"

#define SLOTS	   4
#define CELL_SHIFT 3
#define CELL_BYTES (1u << CELL_SHIFT)

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

#define BYTE_BITS 0xffu
#define HOW_BITS  0x300u
#define WHAT_BITS 0x3ffu /* bytes and how */
#define TASK_BITS 0xfc00u

_Static_assert(SCHED_MAX_TASKS == 64, "a slot has six bits for a task");

struct cell {
	/* not after race_base: free, and so are those behind */
	_Alignas(16) slot_t slot[SLOTS];
};

static inline bool is_live(slot_t s)
{
	return TICK(s) > race_base;
}

/* whatever races with @less later races with @more, too */
static inline bool covers(slot_t more, slot_t less)
{
	return !(less & ~more & WHAT_BITS);
}

/* a bit for each slot of a cell, the first lowest */
static inline unsigned int lanes(__m128i all)
{
	return (unsigned int)_mm_movemask_ps(_mm_castsi128_ps(all));
}

static inline __m128i all_bits(__m128i words, unsigned int bits)
{
	__m128i mask = _mm_set1_epi32((int)bits);

	return _mm_cmpeq_epi32(_mm_and_si128(words, mask), mask);
}

static inline __m128i no_bits(__m128i words, unsigned int bits)
{
	return _mm_cmpeq_epi32(_mm_and_si128(words, _mm_set1_epi32((int)bits)),
			       _mm_setzero_si128());
}

/* struct look - what the slots of a cell are to an access; sets of slots */
struct look {
	unsigned int live;  /* always the first ones */
	unsigned int same;  /* by the same task since, and says it already */
	unsigned int races; /* the access races with it */
	unsigned int gone;  /* may be forgotten for the access */
};

/* @seen of its task: four times the task's number is what the second byte holds */
static inline int tick_seen(const uint32_t *seen, const slot_t *s)
{
	unsigned int offset = ((const uint8_t *)s)[1] & 0xfcu;

	return (int)*(const uint32_t *)((const char *)seen + offset);
}

/* up to which tick @seen has seen each slot's task */
static inline __m128i ticks_seen(const uint32_t *seen, const struct cell *c)
{
	return _mm_set_epi32(tick_seen(seen, &c->slot[3]), tick_seen(seen, &c->slot[2]),
			     tick_seen(seen, &c->slot[1]), tick_seen(seen, &c->slot[0]));
}

/*
 * find_slot()'s questions for all slots at once: which of them matters is different
 * each time, so a branch for each would be mispredicted. Ticks are below 2^31.
 */
static inline __attribute__((always_inline)) struct look
look_at(const struct cell *c, slot_t a, const uint32_t *seen)
{
	const __m128 *slots = (const __m128 *)c->slot;
	const __m128i what = _mm_castps_si128(
		_mm_shuffle_ps(slots[0], slots[1], _MM_SHUFFLE(2, 0, 2, 0)));
	const __m128i tick = _mm_castps_si128(
		_mm_shuffle_ps(slots[0], slots[1], _MM_SHUFFLE(3, 1, 3, 1)));
	const __m128i mine = _mm_set1_epi32((int)(uint32_t)a);
	const __m128i now = _mm_set1_epi32((int)TICK(a));
	const __m128i live = _mm_cmpgt_epi32(tick, _mm_set1_epi32((int)race_base));
	const __m128i apart = no_bits(_mm_and_si128(what, mine), BYTE_BITS);
	const __m128i unseen = _mm_cmpgt_epi32(tick, ticks_seen(seen, c));
	const __m128i both = all_bits(_mm_or_si128(what, mine), HOW_BITS);
	struct look l;

	l.live = lanes(live);
	l.live &= ~(l.live + 1); /* up to the first that is not */
	l.same = l.live &
		 lanes(_mm_and_si128(
			 _mm_and_si128(_mm_cmpeq_epi32(tick, now),
				       no_bits(_mm_xor_si128(what, mine), TASK_BITS)),
			 no_bits(_mm_andnot_si128(what, mine), WHAT_BITS)));
	l.races = l.live & lanes(_mm_andnot_si128(apart, _mm_and_si128(unseen, both)));
	l.gone =
		l.live &
		lanes(_mm_andnot_si128(_mm_or_si128(apart, unseen),
				       no_bits(_mm_andnot_si128(mine, what), WHAT_BITS)));
	return l;
}

/* what quick_slot() says besides a number */
#define SAID_ALREADY SLOTS
#define LOOK_CLOSER  (SLOTS + 1) /* a race, or no room */

/* for @a in a cell with one slot that is live, as most have that are not fresh */
static inline unsigned int one_slot(slot_t s, slot_t a, const uint32_t *seen)
{
	if (!BYTES(s & a))
		return 1;
	if (TICK(s) > seen[TASK(s)])
		return HOW(s | a) == (RACE_HOW_WRITE | RACE_HOW_PLAIN) ? LOOK_CLOSER : 1;
	if (TICK(s) == TICK(a) && TASK(s) == TASK(a) && covers(s, a))
		return SAID_ALREADY;
	return covers(a, s) ? 0 : 1;
}

/* which slot @a goes to: find_slot()'s answer, where it is easy */
static inline __attribute__((always_inline)) unsigned int
quick_slot(const struct cell *c, slot_t a, const uint32_t *seen)
{
	struct look l;

	if (!is_live(c->slot[0]))
		return 0;
	if (!is_live(c->slot[1]))
		return one_slot(c->slot[0], a, seen);
	l = look_at(c, a, seen);
	/* of a race and what is said already, the first slot decides */
	if (unlikely(l.races))
		return !l.same || (l.races & (l.same - 1) & ~l.same) ? LOOK_CLOSER
								     : SAID_ALREADY;
	if (l.same)
		return SAID_ALREADY;
	if (l.gone)
		return (unsigned int)__builtin_ctz(l.gone);
	return l.live == (1u << SLOTS) - 1 ? LOOK_CLOSER
					   : (unsigned int)__builtin_ctz(~l.live);
}

static inline void store(struct cell *c, unsigned int at, slot_t s)
{
	if (at + 1 < SLOTS && !is_live(c->slot[at]))
		c->slot[at + 1] = 0;
	c->slot[at] = s;
}

#endif /* DETECT_RACE_CELL_H */
