/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for bitmap.h. Copy: plain accesses, the caller has a lock.
 */
#ifndef SHIM_LINUX_BITMAP_H
#define SHIM_LINUX_BITMAP_H

#include <linux/find.h>
#include <linux/slab.h>
#include <linux/string.h>

#define bitmap_size(bits) (BITS_TO_LONGS(bits) * sizeof(long))
#define bitmap_zalloc(bits, gfp) \
	((unsigned long *)shim_kzalloc(bitmap_size(bits), gfp, "bitmap"))
#define bitmap_alloc(bits, gfp) \
	((unsigned long *)shim_alloc(bitmap_size(bits), gfp, "bitmap"))
#define bitmap_free(map) kfree(map)

static inline void bitmap_zero(unsigned long *map, unsigned int bits)
{
	memset(map, 0, bitmap_size(bits));
}

static inline void bitmap_fill(unsigned long *map, unsigned int bits)
{
	memset(map, 0xff, bitmap_size(bits));
}

static inline void bitmap_copy(unsigned long *to, const unsigned long *from,
			       unsigned int bits)
{
	memcpy(to, from, bitmap_size(bits));
}

static inline void bitmap_set(unsigned long *map, unsigned int start, unsigned int n)
{
	while (n--)
		__set_bit(start++, map);
}

static inline void bitmap_clear(unsigned long *map, unsigned int start, unsigned int n)
{
	while (n--)
		__clear_bit(start++, map);
}

static inline unsigned int bitmap_weight(const unsigned long *map, unsigned int bits)
{
	unsigned int sum = 0, bit;

	for_each_set_bit(bit, map, bits)
		sum++;
	return sum;
}

static inline bool bitmap_empty(const unsigned long *map, unsigned int bits)
{
	return find_first_bit(map, bits) == bits;
}

static inline bool bitmap_full(const unsigned long *map, unsigned int bits)
{
	return find_first_zero_bit(map, bits) == bits;
}

#endif /* SHIM_LINUX_BITMAP_H */
