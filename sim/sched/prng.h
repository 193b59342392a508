/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers that are the same on every machine: splitmix64 spreads a seed,
 * xoshiro256** goes on from there (Blackman and Vigna, public domain).
 */
#ifndef SCHED_PRNG_H
#define SCHED_PRNG_H

#include <stdint.h>

struct prng {
	uint64_t s[4];
};

static inline uint64_t prng_split(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/** prng_seed() - the stream of execution number @index of a search */
static inline void prng_seed(struct prng *r, uint64_t seed, uint64_t index)
{
	uint64_t state = seed;

	state = prng_split(&state) ^ index;
	for (int i = 0; i < 4; i++)
		r->s[i] = prng_split(&state);
}

static inline uint64_t prng_next(struct prng *r)
{
	uint64_t *s = r->s;
	uint64_t t = s[1] << 17, five = s[1] * 5;
	uint64_t result = ((five << 7) | (five >> 57)) * 9;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = (s[3] << 45) | (s[3] >> 19);
	return result;
}

/** prng_below() - a number below @n; the bias is below n / 2^32 */
static inline uint32_t prng_below(struct prng *r, uint32_t n)
{
	return (uint32_t)(((prng_next(r) >> 32) * n) >> 32);
}

#endif /* SCHED_PRNG_H */
