// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins of user memory [mm/gup.c: pin_user_pages_fast(), unpin_user_pages(),
 * unpin_user_pages_dirty_lock()]. Kind: model. All user memory is resident, so nothing
 * is faulted in; a pin is counted apart from other references, which may not be given
 * back for one.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "detect/report.h"
#include "mm_i.h"
#include "pin_i.h"
#include "runtime.h"
#include "sched/checkpoint.h"
#include "shim/arena.h"
#include "shim/clear.h"
#include "shim/fault.h"
#include "shim/lock.h"
#include "shim/user.h"

static struct pin_record records[ARENA_USER_NR];
static unsigned long high; /* records from here on were never used */

const char pin_state;

static unsigned long index_of(const struct shim_page *page)
{
	return ((uintptr_t)page->virt - ARENA_USER) >> SHIM_PAGE_SHIFT;
}

struct pin_record *pin_record(const struct shim_page *page)
{
	unsigned long i = index_of(page);

	if (i >= high)
		high = i + 1;
	return &records[i];
}

static bool is_user(const struct shim_page *page)
{
	return (uintptr_t)page->virt - ARENA_USER < ARENA_USER_NR * SHIM_PAGE_SIZE;
}

/* ------------------------------------------------------------------ pin */

/* [gup_fast_fallback] 0, or why there is nothing to look at */
static long check_range(uintptr_t from, int nr)
{
	uintptr_t len = (uintptr_t)(long)nr << SHIM_PAGE_SHIFT, end;

	if (__builtin_add_overflow(from, len, &end))
		return -EOVERFLOW;
	return end > SHIM_TASK_SIZE ? -EFAULT : 0;
}

/* Others may unmap the pages until the point is passed, not while they are pinned. */
static long begin(uintptr_t from, int nr, unsigned int flags,
		  const struct sched_site *site)
{
	const struct shim_mm *mm = current_task()->mm;
	long err;

	sched_point(SCHED_PIN, (void *)from, site);
	if (mm)
		sched_touch(mm->prot, false);
	shim_might_sleep(site);
	if (flags & ~(SHIM_FOLL_WRITE | SHIM_FOLL_LONGTERM)) {
		report_fatal(REPORT_UNMODELLED, site,
			     "pin_user_pages_fast with flags %#x", flags);
		return -EINVAL;
	}
	err = check_range(from, nr);
	if (err || !nr)
		return err;
	if (fault_hit(FAULT_PIN)) {
		sched_trace(SCHED_FAULT, (void *)from, nr, site);
		return -EFAULT;
	}
	if (mm)
		return nr > 1 && fault_hit(FAULT_SHORT_PAGE) ? nr / 2 : nr;
	report(REPORT_USER, site, "user pages pinned by a task without user memory");
	return -EFAULT;
}

long shim_pin_user_pages(unsigned long start, int nr, unsigned int flags,
			 struct shim_page **pages, const struct sched_site *site)
{
	unsigned int need = flags & SHIM_FOLL_WRITE ? SHIM_PROT_WRITE : SHIM_PROT_READ;
	const char *from = (const char *)(start & ~(SHIM_PAGE_SIZE - 1));
	long most = begin((uintptr_t)from, nr, flags, site), done = 0;

	for (; done < most; done++) {
		const char *addr = from + (unsigned long)done * SHIM_PAGE_SIZE;
		struct shim_page *page = shim_page_of(addr);

		if (!(shim_user_prot(current_task()->mm, addr) & need))
			break;
		shim_page_add_pin(page);
		pin_record(page)->pinned_at = site;
		pages[done] = page;
	}
	return most > 0 && !done ? -EFAULT : most < 0 ? most : done;
}

/* ------------------------------------------------------------------ unpin */

static void unpin(struct shim_page *page, const struct sched_site *site)
{
	char name[32];

	if (is_user(page) && page->pins) {
		shim_page_drop_pin(page);
		pin_record(page)->unpinned_at = site;
		return;
	}
	shim_page_name(page->virt, name, sizeof(name));
	if (shim_page_is_held(page))
		report(REPORT_KERNEL, site,
		       "unpinned, though it has references and no pin: %s", name);
	else
		report(REPORT_KERNEL, site, "unpinned more often than pinned: %s", name);
}

void shim_unpin_user_pages(struct shim_page **pages, unsigned long nr, int sleeps,
			   const struct sched_site *site)
{
	if ((long)nr < 0 && (long)nr >= -4095) {
		report(REPORT_KERNEL, site,
		       "unpin of error %ld, not of a number of pages", (long)nr);
		return;
	}
	sched_point(SCHED_FREE, nr ? pages[0]->virt : NULL, site);
	sched_touch(&pin_state, true);
	if (sleeps)
		shim_might_sleep(site);
	for (unsigned long i = 0; i < nr; i++)
		unpin(pages[i], site);
}

/* ------------------------------------------------------------------ the end */

static bool is_alike(unsigned long a, unsigned long b)
{
	const struct shim_page *first =
		shim_page_of((char *)ARENA_USER + a * SHIM_PAGE_SIZE);

	return first[b - a].pins == first->pins &&
	       records[b].pinned_at == records[a].pinned_at;
}

/* Frames that follow each other, with as many pins of the same place, are one leak. */
unsigned int shim_pin_report_leaks(void)
{
	unsigned int leaks = 0;
	unsigned long next;

	for (unsigned long i = 0; i < high; i = next) {
		const char *virt = (char *)ARENA_USER + i * SHIM_PAGE_SIZE;
		unsigned int pins = shim_page_of(virt)->pins;
		char name[32];

		next = i + 1;
		if (!pins)
			continue;
		while (next < high && is_alike(i, next))
			next++;
		shim_page_name(virt, name, sizeof(name));
		report_about("leak", "pinned user pages", NULL);
		report(REPORT_HEAP, records[i].pinned_at,
		       "pins leaked: %lu page%s from %s on %s pinned, %u time%s",
		       next - i, next - i == 1 ? "" : "s", name,
		       next - i == 1 ? "is" : "are", pins, pins == 1 ? "" : "s");
		leaks++;
	}
	return leaks;
}

void shim_pin_checkpoint(struct checkpoint *c)
{
	const unsigned long was = high;

	checkpoint_value(c, high);
	checkpoint_table(c, records, high * sizeof(records[0]), was * sizeof(records[0]));
}

void shim_pin_reset(void)
{
	clear_some(records, high * sizeof(records[0]));
	high = 0;
}
