// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compiled without hooks, as if tools/build-subject had forgotten a file; and what it
 * would be with them (hooked.c).
 */
#include <linux/slab.h>

#include "cases.h"

#ifndef ESCAPES
#define ESCAPES accesses_without_hooks
#endif

static volatile u64 sink;

CASE(ESCAPES)
{
	u64 *words = kcalloc(4, sizeof(*words), GFP_KERNEL);

	__asm__("" : "+r"(words));
	words[1] = 1;
	sink = words[2];
	kfree(words);
}
