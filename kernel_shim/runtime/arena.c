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

/* where all of it is, for tools/gdb */
extern const struct arena_debugged arena_debugged;
__attribute__((used)) const struct arena_debugged {
	unsigned long heap, heap_end, pages, pages_end, user, user_end;
} arena_debugged = {
	.heap = ARENA_HEAP,
	.heap_end = ARENA_HEAP + ARENA_HEAP_SIZE,
	.pages = ARENA_PAGES,
	.pages_end = ARENA_PAGES + ARENA_PAGES_NR * SHIM_PAGE_SIZE,
	.user = ARENA_USER,
	.user_end = ARENA_USER_END,
};

void arena_init(void)
{
	size_t size = ARENA_USER_END - ARENA_BASE;
	static int done;
	void *p;

	if (done)
		return;
	p = mmap((void *)ARENA_BASE, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
		 0);
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
