/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clearing what an execution has used, which is often nothing. For the runtime's resets.
 */
#ifndef SHIM_CLEAR_H
#define SHIM_CLEAR_H

#include <stddef.h>
#include <string.h>

/**
 * clear_some() - memset() to 0 of @n bytes, if there are any
 *
 * The C library's memset() of no bytes is a store with an empty mask, for which the
 * processor takes some 50 ns if the page was never touched.
 */
static inline void clear_some(void *p, size_t n)
{
	if (n)
		memset(p, 0, n);
}

#endif /* SHIM_CLEAR_H */
