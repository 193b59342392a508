/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Four cells of the race detector's shadow at once: for memory that is cleared, filled
 * with list heads, or freed.
 */
#ifndef DETECT_RACE_FOUR_H
#define DETECT_RACE_FOUR_H

#include <emmintrin.h>

#include "detect/race/cell.h"

#define RACE_FOUR 4u

/* @half: 0: who and what of four slots; 1: their ticks */
static inline __attribute__((always_inline)) __m128i race_four_words(const race_slot *s,
								     int half)
{
	const __m128i *two = (const __m128i *)s;
	const __m128 a = _mm_castsi128_ps(_mm_loadu_si128(two));
	const __m128 b = _mm_castsi128_ps(_mm_loadu_si128(two + 1));

	return _mm_castps_si128(half ? _mm_shuffle_ps(a, b, _MM_SHUFFLE(3, 1, 3, 1))
				     : _mm_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0)));
}

/* ticks are below 2^31 */
static inline __m128i race_four_live(const race_slot *s)
{
	return _mm_cmpgt_epi32(race_four_words(s, 1), _mm_set1_epi32((int)race_base));
}

/** race_four_fresh() - has nobody accessed the cells whose slots are @w and @r? */
static inline bool race_four_fresh(const race_slot *w, const race_slot *r)
{
	const __m128i *a = (const __m128i *)w, *b = (const __m128i *)r;
	const __m128i any =
		_mm_or_si128(_mm_or_si128(_mm_loadu_si128(a), _mm_loadu_si128(a + 1)),
			     _mm_or_si128(_mm_loadu_si128(b), _mm_loadu_si128(b + 1)));
	const __m128i both = _mm_or_si128(any, _mm_unpackhi_epi64(any, any));

	/* what all have together is no less than the latest of them */
	if (likely(!race_slot_live((race_slot)_mm_cvtsi128_si64(both))))
		return true;
	return !_mm_movemask_epi8(_mm_or_si128(race_four_live(w), race_four_live(r)));
}

/* those that are live and not of @task, which is where a slot has it */
static inline __m128i race_four_others(const race_slot *s, unsigned int task)
{
	const __m128i mask = _mm_set1_epi32((int)RACE_SLOT_TASK);
	const __m128i of = _mm_and_si128(race_four_words(s, 0), mask);

	return _mm_andnot_si128(_mm_cmpeq_epi32(of, _mm_set1_epi32((int)task)),
				race_four_live(s));
}

/** race_four_own() - has nobody accessed them but the task of @a? */
static inline bool race_four_own(const race_slot *w, const race_slot *r, race_slot a)
{
	const unsigned int task = (unsigned int)(a & RACE_SLOT_TASK);

	return !_mm_movemask_epi8(
		_mm_or_si128(race_four_others(w, task), race_four_others(r, task)));
}

/** race_four_set() - four slots from @s on become @a */
static inline void race_four_set(race_slot *s, race_slot a)
{
	const __m128i two = _mm_set1_epi64x((long long)a);

	_mm_storeu_si128((__m128i *)s, two);
	_mm_storeu_si128((__m128i *)(s + 2), two);
}

/** race_four_same() - are four slots from @s on what those from @t on are? */
static inline bool race_four_same(const race_slot *s, const race_slot *t)
{
	const __m128i *a = (const __m128i *)s, *b = (const __m128i *)t;
	const __m128i differ = _mm_or_si128(
		_mm_xor_si128(_mm_loadu_si128(a), _mm_loadu_si128(b)),
		_mm_xor_si128(_mm_loadu_si128(a + 1), _mm_loadu_si128(b + 1)));

	return _mm_movemask_epi8(_mm_cmpeq_epi32(differ, _mm_setzero_si128())) == 0xffff;
}

/** race_four_are() - are four slots from @s on the same as @a? */
static inline bool race_four_are(const race_slot *s, race_slot a)
{
	const __m128i *two = (const __m128i *)s, all = _mm_set1_epi64x((long long)a);
	const __m128i differ = _mm_or_si128(_mm_xor_si128(_mm_loadu_si128(two), all),
					    _mm_xor_si128(_mm_loadu_si128(two + 1), all));

	return _mm_movemask_epi8(_mm_cmpeq_epi32(differ, _mm_setzero_si128())) == 0xffff;
}

#endif /* DETECT_RACE_FOUR_H */
