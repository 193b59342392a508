/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the heap share: objects, and the record of all that were allocated.
 */
#ifndef RUNTIME_HEAP_I_H
#define RUNTIME_HEAP_I_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shim/arena.h"
#include "shim/heap.h"

#define HEAP_MAGIC_LIVE	 0x11fe0b1eu
#define HEAP_MAGIC_FREE	 0xf4eedbadu
#define HEAP_NOBODY	 UINT8_MAX
#define HEAP_SMALL_STEP	 64
#define HEAP_SMALL_NR	 32 /* classes of 64, 128, ... 2048 bytes */
#define HEAP_LARGE_SHIFT 12 /* then 4 KiB, 8 KiB, ... */
#define HEAP_LARGE_NR	 14
#define HEAP_CLASSES	 (HEAP_SMALL_NR + HEAP_LARGE_NR)

/* in front of every object; 64 bytes keep objects aligned to a cache line */
struct heap_object {
	struct heap_object *next, *prev; /* live list, or next in the class's queue */
	const struct sched_site *allocated_at, *freed_at;
	const char *label;
	uint32_t magic, size, number;
	uint8_t class, marked, freed_by; /* number of a task */
	char pad[9];
};

_Static_assert(sizeof(struct heap_object) == 64, "objects start on a cache line");

struct shim_cache {
	const char *name;
	const struct sched_site *created_at;
	size_t size;
	unsigned int live;
	bool used;
};

/* what was allocated, in order: gives names to addresses, also later */
struct heap_entry {
	const char *label;
	uintptr_t addr;
	uint32_t size;
};
#define HEAP_LOG_NR 65536u

struct heap {
	char *bump;
	struct {
		struct heap_object *first, *last;
		unsigned int nr;
	} queue[HEAP_CLASSES];
	uint64_t queued;	 /* classes whose queue a reset has to clear */
	struct heap_object live; /* list head */
	unsigned long live_nr, live_bytes;
	uint32_t numbers;
	struct heap_entry log[HEAP_LOG_NR];
	struct shim_cache caches[16];
	bool had_caches; /* since the last reset */
};
_Static_assert(HEAP_CLASSES <= 64, "a bit for each class");

extern struct heap shim_heap;

/* where it was allocated, or its cache created: its expr says of which type it is */
const struct sched_site *shim_heap_made(const struct heap_object *o);

/* bytes of a block: header, object, what is behind */
static inline size_t heap_class_size(unsigned int class)
{
	if (class < HEAP_SMALL_NR)
		return (class + 1) * (size_t)HEAP_SMALL_STEP;
	return 1ul << (HEAP_LARGE_SHIFT + class - HEAP_SMALL_NR);
}

/* can @p be an object's? */
static inline bool heap_has(const void *p)
{
	return (char *)p >= (char *)ARENA_HEAP + sizeof(struct heap_object) &&
	       (char *)p < shim_heap.bump;
}

#endif /* RUNTIME_HEAP_I_H */
