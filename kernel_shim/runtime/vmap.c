// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames as one range of kernel addresses [mm/vmalloc.c: vmap(), vunmap()]. Kind: model.
 * The range is where the frames are anyway. What counts is until when it may be used: for
 * a frame of user memory, while it is mapped so and somebody holds the frame.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "detect/race.h"
#include "detect/report.h"
#include "pin_i.h"
#include "runtime.h"
#include "sched/checkpoint.h"
#include "shim/arena.h"
#include "shim/fault.h"
#include "shim/lock.h"
#include "shim/user.h"

#define AREAS 128

/* struct area - what vmap() returned, and vunmap() has not taken back */
static struct area {
	char *addr;
	unsigned int nr;
	const struct sched_site *mapped_at;
} areas[AREAS];
static unsigned int nr_areas;

static bool is_user(const void *p)
{
	return (uintptr_t)p - ARENA_USER < ARENA_USER_NR * SHIM_PAGE_SIZE;
}

/* ------------------------------------------------------------------ map, unmap */

/* As kernel code does it, marked or not: what uses the mapping is before its end. */
static void count(struct shim_page *page, int by)
{
	page->vmaps = (unsigned char)(page->vmaps + by);
}

static void map(struct shim_page **pages, unsigned int nr, const struct sched_site *site)
{
	for (unsigned int i = 1; i < nr; i++)
		if (pages[i] != pages[0] + i)
			report_fatal(REPORT_UNMODELLED, site,
				     "vmap of pages that do not follow each other");
	if (nr_areas == AREAS)
		report_fatal(REPORT_UNMODELLED, site, "more than %d mappings by vmap",
			     AREAS);
	areas[nr_areas++] = (struct area){ pages[0]->virt, nr, site };
	for (unsigned int i = 0; i < nr; i++) {
		if (pages[i]->vmaps == UINT8_MAX)
			report_fatal(REPORT_UNMODELLED, site, "a page mapped %d times",
				     UINT8_MAX);
		/* the end of an earlier mapping is nothing to this one */
		if (!pages[i]->vmaps)
			race_fresh(&pages[i]->vmaps, 1);
		count(pages[i], 1);
	}
}

void *shim_vmap(struct shim_page **pages, unsigned int nr, const struct sched_site *site)
{
	sched_point(SCHED_ALLOC, NULL, site);
	shim_might_sleep(site);
	if (!nr)
		return NULL;
	if (fault_hit(FAULT_ALLOC)) {
		sched_trace(SCHED_FAULT, NULL, (int64_t)nr * (int64_t)SHIM_PAGE_SIZE,
			    site);
		return NULL;
	}
	map(pages, nr, site);
	return pages[0]->virt;
}

static bool take_area(const void *addr, struct area *a)
{
	/* the youngest: of equal ones no one can tell which is meant */
	for (unsigned int i = nr_areas; i-- > 0;) {
		if (areas[i].addr != addr)
			continue;
		*a = areas[i];
		nr_areas--;
		memmove(&areas[i], &areas[i + 1], (nr_areas - i) * sizeof(areas[0]));
		return true;
	}
	return false;
}

void shim_vunmap(const void *addr, const struct sched_site *site)
{
	struct area a;

	if (!addr)
		return;
	sched_point(SCHED_FREE, addr, site);
	sched_touch(&pin_state, true);
	shim_might_sleep(site);
	if (!take_area(addr, &a)) {
		report(REPORT_KERNEL, site, "vunmap of what vmap did not return");
		return;
	}
	for (unsigned int i = 0; i < a.nr; i++) {
		struct shim_page *page = shim_page_of(a.addr + i * SHIM_PAGE_SIZE);

		if (is_user(page->virt))
			pin_record(page)->unmapped_at = site;
		/* of two mappings of one frame no one can tell which was used */
		if (page->vmaps == 1)
			race_access(&page->vmaps, 1, true, false, NULL, site);
		count(page, -1);
	}
}

/* ------------------------------------------------------------------ accesses */

int shim_vmap_has(const void *virt)
{
	const struct shim_page *page = shim_page_of(virt);

	return page && page->vmaps && shim_page_is_held(page);
}

int shim_vmap_is_shared(const void *p, size_t n)
{
	for (const char *at = p, *end = at + n; at < end;
	     at += SHIM_PAGE_SIZE - (uintptr_t)at % SHIM_PAGE_SIZE) {
		const struct shim_page *page = shim_page_of(at);

		if (page && page->vmaps > 1)
			return 1;
	}
	return 0;
}

void shim_vmap_accessed(const void *p, size_t n, const void *pc)
{
	const char *end = (const char *)p + n, *at = p;

	if (unlikely(sched_armed() & SCHED_TOUCHES)) {
		sched_touch(&pin_state, false);
		for (; at < end; at += SHIM_PAGE_SIZE - (uintptr_t)at % SHIM_PAGE_SIZE)
			shim_user_read(at, 1);
	}
	race_access(&shim_page_of(p)->vmaps, 1, false, true, pc, NULL);
}

void shim_vmap_ordered(const void *addr, size_t len, int write,
		       const struct sched_site *site)
{
	if (!len || !is_user(addr) || !shim_vmap_has(addr))
		return;
	sched_point(write ? SCHED_TO_USER : SCHED_FROM_USER, addr, site);
	shim_user_read(addr, len);
}

const struct sched_site *shim_vmap_ended(const void *virt, const char **after)
{
	const struct shim_page *page = shim_page_of(virt);
	const struct pin_record *r;

	if (!page || !page->virt || !is_user(page->virt) || shim_vmap_has(virt))
		return NULL;
	r = pin_record(page);
	*after = page->vmaps ? "unpin" : "vunmap";
	return page->vmaps ? r->unpinned_at : r->unmapped_at;
}

/* ------------------------------------------------------------------ the end */

unsigned int shim_vmap_report_leaks(void)
{
	for (unsigned int i = 0; i < nr_areas; i++) {
		char name[32];

		shim_page_name(areas[i].addr, name, sizeof(name));
		report_about("leak", "a mapping by vmap", NULL);
		report(REPORT_HEAP, areas[i].mapped_at,
		       "mapping leaked: %u page%s from %s on %s still mapped by vmap",
		       areas[i].nr, areas[i].nr == 1 ? "" : "s", name,
		       areas[i].nr == 1 ? "is" : "are");
	}
	return nr_areas;
}

void shim_vmap_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, nr_areas);
	checkpoint_bytes(c, areas, nr_areas * sizeof(areas[0]));
}

void shim_vmap_reset(void)
{
	nr_areas = 0;
}
