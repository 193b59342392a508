// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page frames and their reference counts. Model of the page allocator as its
 * callers see it (alloc_pages(), folio_get(), folio_put()) and of
 * get_user_pages_fast() for one page; no zones, no reclaim, no buddies.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "detect/race.h"
#include "detect/report.h"
#include "pin_i.h"
#include "runtime.h"
#include "sched/checkpoint.h"
#include "shim/arena.h"
#include "shim/clear.h"
#include "shim/fault.h"
#include "shim/heap.h"
#include "shim/hook.h"
#include "shim/lock.h"
#include "shim/page.h"
#include "shim/user.h"

#define ORDERS	   (SHIM_PAGE_MAX_ORDER + 1)
#define NO_FRAME   UINT16_MAX
#define QUARANTINE 32u /* free frames kept back, so that misuse shows */
#define FILL	   0xa5

static struct shim_page kernel_frames[ARENA_PAGES_NR];
static struct shim_page user_frames[ARENA_USER_NR];
static bool mapped[ARENA_USER_NR];

static unsigned long kernel_high; /* frames from here on were never used */
static unsigned long user_high;
static uint16_t next_free[ARENA_PAGES_NR];

/* free folios of one order, the oldest first */
static struct free_list {
	uint16_t first, last;
	unsigned int count;
} free_lists[ORDERS];

/* ------------------------------------------------------------------ names */

static bool is_user(const struct shim_page *page)
{
	return page >= user_frames && page < user_frames + ARENA_USER_NR;
}

static unsigned long index_of(const struct shim_page *page)
{
	return (unsigned long)(page - (is_user(page) ? user_frames : kernel_frames));
}

static struct shim_page *head_of(struct shim_page *page)
{
	return page - page->head;
}

struct shim_page *shim_page_of(const void *virt)
{
	uintptr_t addr = (uintptr_t)virt;

	if (addr - ARENA_PAGES < ARENA_PAGES_NR * SHIM_PAGE_SIZE)
		return &kernel_frames[(addr - ARENA_PAGES) >> SHIM_PAGE_SHIFT];
	if (addr - ARENA_USER < ARENA_USER_NR * SHIM_PAGE_SIZE)
		return &user_frames[(addr - ARENA_USER) >> SHIM_PAGE_SHIFT];
	return NULL;
}

int shim_page_is_live(const struct shim_page *page)
{
	return (page - page->head)->refs > 0;
}

static void name_frame(const struct shim_page *page, size_t offset, char *buf, size_t len)
{
	snprintf(buf, len, "%s+0x%lx", is_user(page) ? "user" : "page",
		 index_of(page) * SHIM_PAGE_SIZE + offset);
}

int shim_page_name(const void *addr, char *buf, size_t len)
{
	const struct shim_page *page = shim_page_of(addr);
	const char *p = addr;

	if (page) {
		name_frame(page, (uintptr_t)addr % SHIM_PAGE_SIZE, buf, len);
		return 1;
	}
	if (p >= (char *)kernel_frames && p < (char *)(kernel_frames + ARENA_PAGES_NR))
		page = kernel_frames + (p - (char *)kernel_frames) / sizeof(*page);
	else if (p >= (char *)user_frames && p < (char *)(user_frames + ARENA_USER_NR))
		page = user_frames + (p - (char *)user_frames) / sizeof(*page);
	else
		return 0;
	name_frame(page, 0, buf, len);
	return 1;
}

/* ------------------------------------------------------------------ frames */

static void push_free(unsigned int order, unsigned long index)
{
	struct free_list *list = &free_lists[order];

	next_free[index] = NO_FRAME;
	if (list->count++)
		next_free[list->last] = (uint16_t)index;
	else
		list->first = (uint16_t)index;
	list->last = (uint16_t)index;
}

static unsigned long pop_free(unsigned int order)
{
	struct free_list *list = &free_lists[order];
	unsigned long index = list->first;

	list->first = next_free[index];
	list->count--;
	return index;
}

/* A folio is aligned to its size; what is skipped for that can be had later. */
static bool fresh_fits(unsigned int order)
{
	unsigned long size = 1UL << order;

	if (kernel_high + size > ARENA_PAGES_NR)
		return false;
	while (kernel_high & (size - 1)) {
		unsigned int hole = (unsigned int)__builtin_ctzl(kernel_high);

		push_free(hole, kernel_high);
		kernel_high += 1UL << hole;
	}
	return true;
}

/* the index of a free run of frames, or NO_FRAME */
static unsigned long take_run(unsigned int order)
{
	unsigned long index;

	if (free_lists[order].count > 1 + (QUARANTINE >> order))
		return pop_free(order);
	if (!fresh_fits(order))
		return free_lists[order].count ? pop_free(order) : NO_FRAME;
	index = kernel_high;
	kernel_high += 1UL << order;
	return index;
}

static struct shim_page *set_up_folio(unsigned long index, unsigned int order,
				      const struct sched_site *site)
{
	char *virt = (char *)ARENA_PAGES + index * SHIM_PAGE_SIZE;

	for (unsigned int i = 0; i < 1u << order; i++)
		kernel_frames[index + i] = (struct shim_page){
			.order = (unsigned char)order,
			.head = (unsigned char)i,
			.virt = virt + i * SHIM_PAGE_SIZE,
			.allocated_at = site,
		};
	kernel_frames[index].refs = 1;
	return &kernel_frames[index];
}

struct shim_page *shim_page_alloc(unsigned int order, unsigned int gfp,
				  const struct sched_site *site)
{
	struct shim_page *page;
	unsigned long index;

	sched_point(SCHED_ALLOC, NULL, site);
	if (!(gfp & SHIM_GFP_ATOMIC))
		shim_might_sleep(site);
	if (gfp & SHIM_GFP_NOFAIL) {
		fault_kinds[FAULT_ALLOC].count++;
	} else if (fault_hit(FAULT_ALLOC)) {
		sched_trace(SCHED_FAULT, NULL, (int64_t)(SHIM_PAGE_SIZE << order), site);
		return NULL;
	}
	if (order >= ORDERS) {
		report_fatal(REPORT_UNMODELLED, site, "pages of order %u", order);
		return NULL;
	}
	index = take_run(order);
	if (index == NO_FRAME) {
		report_about("used-up", "page frames", NULL);
		report_fatal(REPORT_HEAP, site,
			     "no page frames left for order %u (the simulator has %lu)",
			     order, ARENA_PAGES_NR);
		return NULL;
	}
	page = set_up_folio(index, order, site);
	hook_fresh(page->virt, SHIM_PAGE_SIZE << order, gfp & SHIM_GFP_ZERO);
	memset(page->virt, gfp & SHIM_GFP_ZERO ? 0 : FILL, SHIM_PAGE_SIZE << order);
	return page;
}

void shim_page_get(struct shim_page *page, const struct sched_site *site)
{
	struct shim_page *head = head_of(page);
	char name[32];

	if (head->refs > 0) {
		head->refs++;
		return;
	}
	name_frame(head, 0, name, sizeof(name));
	report(REPORT_KERNEL, site, "reference taken on a free page: %s", name);
}

/* references but for the one that user mode's mapping has */
static int held(const struct shim_page *head)
{
	return head->refs - (is_user(head) && mapped[index_of(head)]);
}

int shim_page_is_held(const struct shim_page *page)
{
	return held(page - page->head) > 0;
}

/* What a put may take: neither the mapping's reference nor a pin is the caller's. */
static bool has_reference(const struct shim_page *head)
{
	return held(head) > (int)head->pins;
}

void *shim_page_map_unseen(struct shim_page *page, int stays);
void *shim_page_map_unseen(struct shim_page *page, int stays)
{
	return shim_page_map(page, stays);
}

void shim_page_unmap(const void *virt)
{
	struct shim_page *page = shim_page_of(virt);

	if (page && page->addressed && page->addressed != SHIM_STAYS)
		page->addressed--;
}

int shim_page_is_addressed(const void *virt)
{
	const struct shim_page *page = shim_page_of(virt);

	return page && page->addressed;
}

void shim_page_put(struct shim_page *page, const struct sched_site *site)
{
	struct shim_page *head = head_of(page);
	char name[32];

	if (!has_reference(head)) {
		name_frame(head, 0, name, sizeof(name));
		if (head->pins) {
			report(REPORT_KERNEL, site,
			       "a pin is given back as a reference, not unpinned: %s",
			       name);
			return;
		}
		report(REPORT_KERNEL, site, "page reference count below zero: %s", name);
		return;
	}
	race_atomic(&head->refs, RACE_FULL);
	head->refs--;
	if (is_user(head) && !held(head))
		head->addressed = 0;
	if (head->refs || is_user(head))
		return;
	hook_freed(head->virt, SHIM_PAGE_SIZE << head->order, site);
	push_free(head->order, index_of(head));
}

/* ------------------------------------------------------------------ user */

void shim_page_user_map(unsigned long index)
{
	struct shim_page *page = &user_frames[index];

	*page = (struct shim_page){
		.refs = 1,
		.vmaps = page->vmaps, /* a vunmap() is to come, whatever became of it */
		.virt = (char *)ARENA_USER + index * SHIM_PAGE_SIZE,
	};
	mapped[index] = true;
	if (index >= user_high)
		user_high = index + 1;
}

void shim_page_user_unmap(unsigned long index)
{
	mapped[index] = false;
	user_frames[index].refs--;
}

/* [try_grab_folio] orders, as a successful atomic_add_unless() does */
void shim_page_add_pin(struct shim_page *page)
{
	race_atomic(&page->refs, RACE_FULL);
	page->refs++;
	page->pins++;
}

void shim_page_drop_pin(struct shim_page *page)
{
	race_atomic(&page->refs, RACE_FULL);
	page->refs--;
	page->pins--;
	if (!held(page))
		page->addressed = 0;
}

struct shim_page *shim_page_pin_user(const void *addr, int write,
				     const struct sched_site *site)
{
	unsigned int need = write ? SHIM_PROT_WRITE : SHIM_PROT_READ;
	const struct shim_mm *mm = current_task()->mm;
	struct shim_page *page;
	int pins;

	sched_point(SCHED_PIN, addr, site);
	sched_touch((const void *)((uintptr_t)addr & ~(uintptr_t)(SHIM_PAGE_SIZE - 1)),
		    false);
	shim_might_sleep(site);
	if (fault_hit(FAULT_PIN)) {
		sched_trace(SCHED_FAULT, addr, 1, site);
		return NULL;
	}
	if (!mm) {
		report(REPORT_USER, site,
		       "user pages pinned by a task without user memory");
		return NULL;
	}
	if (!(shim_user_prot(mm, addr) & need))
		return NULL;
	page = shim_page_of(addr);
	page->refs++;
	page->allocated_at = site;
	pins = page->refs - 1;
	if (pins > page->pinned_peak)
		page->pinned_peak = pins < UINT8_MAX ? (unsigned char)pins : UINT8_MAX;
	return page;
}

/* ------------------------------------------------------------------ the end */

static unsigned int report_left(const struct shim_page *page, int refs)
{
	char name[32];

	if (refs <= 0)
		return 0;
	name_frame(page, 0, name, sizeof(name));
	report(REPORT_HEAP, page->allocated_at, "page leaked: %s has %d reference%s left",
	       name, refs, refs == 1 ? "" : "s");
	return 1;
}

unsigned int shim_page_report_leaks(void)
{
	unsigned int leaks = 0;

	for (unsigned long i = 0; i < kernel_high; i++)
		leaks += report_left(&kernel_frames[i], kernel_frames[i].refs);
	for (unsigned long i = 0; i < user_high; i++)
		leaks += report_left(&user_frames[i],
				     held(&user_frames[i]) - (int)user_frames[i].pins);
	leaks += shim_pin_report_leaks();
	leaks += shim_vmap_report_leaks();
	return leaks + shim_mm_report_leaks();
}

void shim_page_checkpoint(struct checkpoint *c)
{
	const unsigned long kernel_was = kernel_high, user_was = user_high;

	shim_pin_checkpoint(c);
	shim_vmap_checkpoint(c);
	checkpoint_value(c, kernel_high);
	checkpoint_value(c, user_high);
	checkpoint_value(c, free_lists);
	checkpoint_bytes(c, next_free, kernel_high * sizeof(next_free[0]));
	checkpoint_table(c, kernel_frames, kernel_high * sizeof(kernel_frames[0]),
			 kernel_was * sizeof(kernel_frames[0]));
	checkpoint_table(c, user_frames, user_high * sizeof(user_frames[0]),
			 user_was * sizeof(user_frames[0]));
	checkpoint_table(c, mapped, user_high * sizeof(mapped[0]),
			 user_was * sizeof(mapped[0]));
	/* what is behind is filled when it is handed out */
	checkpoint_lines(c, (void *)ARENA_PAGES, kernel_high * SHIM_PAGE_SIZE, 0);
}

bool shim_frames_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	*from = i ? (uintptr_t)user_frames : (uintptr_t)kernel_frames;
	*to = *from + (i ? user_high : kernel_high) * sizeof(struct shim_page);
	return true;
}

bool shim_page_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	*from = ARENA_PAGES;
	*to = ARENA_PAGES + kernel_high * SHIM_PAGE_SIZE;
	return !i;
}

void shim_page_reset(void)
{
	shim_pin_reset();
	shim_vmap_reset();
	clear_some(kernel_frames, kernel_high * sizeof(kernel_frames[0]));
	clear_some(user_frames, user_high * sizeof(user_frames[0]));
	clear_some(mapped, user_high * sizeof(mapped[0]));
	memset(free_lists, 0, sizeof(free_lists));
	kernel_high = 0;
	user_high = 0;
}
