// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shadow of heap and page frames: what allocating and freeing do to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "detect/race.h"
#include "hooks.h"
#include "sched/checkpoint.h"
#include "shadow.h"
#include "shim/clear.h"

/* end of what was handed out in this execution: of the heap, of the frames */
static uintptr_t high[2] = { ARENA_HEAP, ARENA_PAGES };

static void map(uintptr_t base)
{
	void *at = shadow_of((void *)base);
	void *p = mmap(at, SHADOW_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
		       -1, 0);

	if (p == at)
		return;
	fprintf(stderr, "uringsim: cannot map the heap's shadow at %p\n", at);
	exit(3);
}

void shadow_map(void)
{
	static bool done;

	if (done)
		return;
	map(ARENA_HEAP);
	map(ARENA_PAGES);
	done = true;
}

void shadow_reset(void)
{
	clear_some(shadow_of((void *)ARENA_HEAP), high[0] - ARENA_HEAP);
	clear_some(shadow_of((void *)ARENA_PAGES), high[1] - ARENA_PAGES);
	high[0] = ARENA_HEAP;
	high[1] = ARENA_PAGES;
}

/* ---- what an opening left ---- */

#define KEPT_MAX (1ul << 20)

static uint8_t kept[KEPT_MAX];
static size_t kept_heap, kept_frames;

bool shadow_keep(void)
{
	const size_t heap = high[0] - ARENA_HEAP, frames = high[1] - ARENA_PAGES;

	if (heap + frames > KEPT_MAX)
		return false;
	memcpy(kept, shadow_of((void *)ARENA_HEAP), heap);
	memcpy(kept + heap, shadow_of((void *)ARENA_PAGES), frames);
	kept_heap = heap;
	kept_frames = frames;
	return true;
}

void shadow_put_back(void)
{
	memcpy(shadow_of((void *)ARENA_HEAP), kept, kept_heap);
	memcpy(shadow_of((void *)ARENA_PAGES), kept + kept_heap, kept_frames);
	high[0] = ARENA_HEAP + kept_heap;
	high[1] = ARENA_PAGES + kept_frames;
}

size_t shadow_lacks(const void *p, size_t n, unsigned int bits)
{
	const uint8_t *s = shadow_of(p);
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		uint64_t word;

		memcpy(&word, s + i, 8);
		if ((word & shadow_word(bits, 8)) != shadow_word(bits, 8))
			break;
	}
	while (i < n && (s[i] & bits) == bits)
		i++;
	return i;
}

void shadow_copy(const void *to, const void *from, size_t n)
{
	memmove(shadow_of(to), shadow_of(from), n);
}

/* for races the bytes were forgotten when they were freed */
void hook_fresh_slow(const void *p, size_t len, int written)
{
	uintptr_t *end = &high[(uintptr_t)p >= ARENA_PAGES];

	if (sched_hooks() & HOOK_HEAP) {
		memset(shadow_of(p), written ? SHADOW_WRITTEN : SHADOW_USABLE, len);
		if ((uintptr_t)p + len > *end)
			*end = (uintptr_t)p + len;
	}
}

void hook_freed_slow(const void *p, size_t len, const struct sched_site *site)
{
	hook_settle();
	if (sched_hooks() & HOOK_HEAP)
		memset(shadow_of(p), SHADOW_FREED, len);
	race_freed(p, len, site);
}

/* in whole lines, of which what is behind the end is zero */
static size_t lines_to(uintptr_t end, uintptr_t base)
{
	return (end - base + CHECKPOINT_LINE - 1) & ~(size_t)(CHECKPOINT_LINE - 1);
}

void shadow_checkpoint(struct checkpoint *c)
{
	const uintptr_t heap = high[0], frames = high[1];

	checkpoint_value(c, high);
	checkpoint_lines(c, shadow_of((void *)ARENA_HEAP), lines_to(high[0], ARENA_HEAP),
			 lines_to(heap, ARENA_HEAP));
	checkpoint_lines(c, shadow_of((void *)ARENA_PAGES),
			 lines_to(high[1], ARENA_PAGES), lines_to(frames, ARENA_PAGES));
}
