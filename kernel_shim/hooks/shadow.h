/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A shadow byte for each byte of the kernel heap and of the kernel's page frames:
 * whether it may be accessed, and whether anybody has written it. The idea is
 * KASAN's and KMSAN's; a byte for each byte, so that an access of eight bytes is
 * judged by one word.
 */
#ifndef HOOKS_SHADOW_H
#define HOOKS_SHADOW_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "shim/arena.h"

/* 0: never allocated, or behind an object */
#define SHADOW_USABLE  1u /* a bit */
#define SHADOW_WRITTEN 3u /* usable, and has a value */
#define SHADOW_FREED   8u

#define SHADOW_OFFSET (3UL << 30)
#define SHADOW_SIZE   ARENA_HEAP_SIZE /* of the heap's, and as much for the frames' */

/** shadow_has() - heap or page frame of the kernel's? */
static inline bool shadow_has(const void *p)
{
	/* the two differ by one bit of the address */
	return (((uintptr_t)p - ARENA_BASE) & ~(ARENA_PAGES - ARENA_HEAP)) < SHADOW_SIZE;
}

static inline uint8_t *shadow_of(const void *p)
{
	return (uint8_t *)((uintptr_t)p + SHADOW_OFFSET);
}

/* @n bytes, each of which is @byte; up to 8 */
static inline uint64_t shadow_word(unsigned int byte, size_t n)
{
	return 0x0101010101010101ull * byte >> (64 - 8 * n);
}

/** shadow_usable() - of @n bytes, 1 to 8: may all be accessed? */
static inline __attribute__((always_inline)) bool shadow_usable(const void *p, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, shadow_of(p), n);
	return (word & shadow_word(SHADOW_USABLE, n)) == shadow_word(SHADOW_USABLE, n);
}

/** shadow_written() - they have a value from now on */
static inline __attribute__((always_inline)) void shadow_written(const void *p, size_t n)
{
	uint64_t word = shadow_word(SHADOW_WRITTEN, n);

	memcpy(shadow_of(p), &word, n);
}

/** is_user() - memory of the server's? */
static inline bool is_user(const void *p)
{
	return (uintptr_t)p - ARENA_USER < ARENA_USER_END - ARENA_USER;
}

/* the first pages and the upper half, of which pointers are made that are none */
static inline bool is_wild(const void *p)
{
	return (uintptr_t)p - 65536 >= (1ul << 47) - 65536;
}

/** shadow_may_access() - @n bytes, 1 to 8; false: somebody has to look closer */
static inline __attribute__((always_inline)) bool shadow_may_access(const void *p,
								    size_t n, bool heap)
{
	if (shadow_has(p))
		return !heap || shadow_usable(p, n);
	return !is_user(p) && !is_wild(p);
}

/** shadow_map() - once per process; ends the program with status 3 if it fails */
void shadow_map(void);

/** shadow_reset() - nothing is allocated. Costs what was */
void shadow_reset(void);

/** shadow_keep() - as it is now. Return: false: it is too much */
bool shadow_keep(void);

/** shadow_put_back() - as it was then; nothing was announced since shadow_reset() */
void shadow_put_back(void);

/** shadow_checkpoint() - what is allocated and written is state of an execution */
struct checkpoint;
void shadow_checkpoint(struct checkpoint *c);

/** shadow_lacks() - the first of @n bytes that lacks a bit of @bits; @n: none does */
size_t shadow_lacks(const void *p, size_t n, unsigned int bits);

/** shadow_copy() - @to has a value where @from has one; both are usable */
void shadow_copy(const void *to, const void *from, size_t n);

#endif /* HOOKS_SHADOW_H */
