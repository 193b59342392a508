/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for find.h: searches in bitmaps; @size if there is none. Copy.
 */
#ifndef SHIM_LINUX_FIND_H
#define SHIM_LINUX_FIND_H

#include <linux/bitops.h>

/* first bit from @from on that is set in (map ^ @invert) */
static inline unsigned long shim_find_bit(const unsigned long *map, unsigned long size,
					  unsigned long from, unsigned long invert)
{
	while (from < size) {
		unsigned long word =
			(map[BIT_WORD(from)] ^ invert) >> (from % BITS_PER_LONG);

		if (word) {
			from += __ffs(word);
			return from < size ? from : size;
		}
		from = (BIT_WORD(from) + 1) * BITS_PER_LONG;
	}
	return size;
}

#define find_first_bit(map, size)	    shim_find_bit(map, size, 0, 0)
#define find_first_zero_bit(map, size)	    shim_find_bit(map, size, 0, ~0UL)
#define find_next_bit(map, size, from)	    shim_find_bit(map, size, from, 0)
#define find_next_zero_bit(map, size, from) shim_find_bit(map, size, from, ~0UL)

static inline unsigned long find_last_bit(const unsigned long *map, unsigned long size)
{
	unsigned long nr = size;

	while (nr--)
		if (map[BIT_WORD(nr)] & BIT_MASK(nr))
			return nr;
	return size;
}

#define for_each_set_bit(bit, map, size)                        \
	for ((bit) = find_first_bit(map, size); (bit) < (size); \
	     (bit) = find_next_bit(map, size, (bit) + 1))
#define for_each_clear_bit(bit, map, size)                           \
	for ((bit) = find_first_zero_bit(map, size); (bit) < (size); \
	     (bit) = find_next_zero_bit(map, size, (bit) + 1))

#endif /* SHIM_LINUX_FIND_H */
