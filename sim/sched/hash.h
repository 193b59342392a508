/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hashes: of text and bytes, which are the same on every machine (FNV-1a, 64 bits); of
 * numbers and data, and of words, for what lives as long as the process.
 */
#ifndef SCHED_HASH_H
#define SCHED_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_START 0xcbf29ce484222325ull

/** hash_byte() - @h and one byte more; begin with %HASH_START */
static inline uint64_t hash_byte(uint64_t h, unsigned char byte)
{
	return (h ^ byte) * 0x100000001b3ull;
}

/** hash_bytes() - @h and @n bytes more */
static inline uint64_t hash_bytes(uint64_t h, const void *p, size_t n)
{
	for (const unsigned char *c = p; n; n--)
		h = hash_byte(h, *c++);
	return h;
}

/** hash_text() - @h and a string more, without its end */
static inline uint64_t hash_text(uint64_t h, const char *text)
{
	while (*text)
		h = hash_byte(h, (unsigned char)*text++);
	return h;
}

/** hash_number() - @h and a number more; for comparisons within this process */
static inline uint64_t hash_number(uint64_t h, uint64_t n)
{
	h = (h ^ n) * 0x9e3779b97f4a7c15ull;
	return h ^ (h >> 29);
}

/**
 * hash_data() - @h and @n bytes more; for comparisons within this process
 *
 * Of kilobytes: by words of eight bytes, each of which changes all of the hash.
 */
static inline uint64_t hash_data(uint64_t h, const void *data, size_t n)
{
	const unsigned char *p = data;
	uint64_t word;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = hash_number(h, word);
	}
	return hash_bytes(h, p, n);
}

/**
 * hash_word() - a number or an address, multiplied by 2^64 over the golden ratio
 *
 * The upper bits depend on all of @word, the lower ones do not: shift it right.
 */
static inline uint64_t hash_word(uint64_t word)
{
	return word * 0x9e3779b97f4a7c15ull;
}

#endif /* SCHED_HASH_H */
