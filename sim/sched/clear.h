/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Large tables that are cleared again and again, of which most was never in use.
 */
#ifndef SCHED_CLEAR_H
#define SCHED_CLEAR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * clear_used() - zero @size bytes at @table, but write to no page that is zero already
 *
 * To write to a page is to have it: a process that only ever reads it shares the kernel's
 * page of zeroes with everybody.
 */
static inline void clear_used(void *table, size_t size)
{
	static const unsigned char zeroes[4096];
	unsigned char *p = table;

	while (size) {
		/* up to the end of the page */
		size_t n = sizeof(zeroes) - (uintptr_t)p % sizeof(zeroes);

		if (n > size)
			n = size;
		if (memcmp(p, zeroes, n) != 0)
			memset(p, 0, n);
		p += n;
		size -= n;
	}
}

#endif /* SCHED_CLEAR_H */
