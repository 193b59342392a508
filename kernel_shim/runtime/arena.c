// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arena: one mapping at a fixed address, and how one execution is undone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "shim/arena.h"
#include "shim/heap.h"
#include "shim/page.h"
#include "shim/user.h"

void arena_init(void)
{
	size_t size = ARENA_USER_END - ARENA_BASE;
	static int done;
	void *p;

	if (done)
		return;
	p = mmap((void *)ARENA_BASE, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	if (p != (void *)ARENA_BASE) {
		fprintf(stderr, "uringsim: cannot map the arena at %#lx\n", ARENA_BASE);
		exit(3);
	}
	done = 1;
}

void arena_reset(void)
{
	shim_heap_reset();
	shim_page_reset();
	shim_user_reset();
}
