/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The arena: everything that an execution writes lives in one mapping at a
 * fixed address, so that two runs use the same addresses and one execution is
 * undone by clearing what it touched.
 *
 *	ARENA_HEAP	kmalloc and friends
 *	ARENA_PAGES	page frames of the kernel (page cache of the clients)
 *	ARENA_USER	user memory of the server
 *
 * Fiber stacks have a mapping of their own (sim/sched/fiber.c).
 */
#ifndef SHIM_ARENA_H
#define SHIM_ARENA_H

#define ARENA_BASE	0x200000000000UL
#define ARENA_HEAP	ARENA_BASE
#define ARENA_HEAP_SIZE (64UL << 20)
#define ARENA_PAGES	(ARENA_BASE + (1UL << 30))
#define ARENA_PAGES_NR	4096UL
#define ARENA_USER	(ARENA_BASE + (2UL << 30))
#define ARENA_USER_NR	16384UL /* pages: 64 MiB */

#define SHIM_PAGE_SHIFT 12
#define SHIM_PAGE_SIZE	(1UL << SHIM_PAGE_SHIFT)

#define ARENA_USER_END (ARENA_USER + ARENA_USER_NR * SHIM_PAGE_SIZE)

/**
 * arena_init() - map the arena; once per process
 *
 * Ends the program with status 3 and one line if the address is taken.
 */
void arena_init(void);

/** arena_reset() - undo one execution: heap, pages, user memory; no system call */
void arena_reset(void);

#endif /* SHIM_ARENA_H */
