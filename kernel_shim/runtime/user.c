// SPDX-License-Identifier: GPL-2.0-only
/*
 * User memory and the copies to and from it. Model of _inline_copy_to_user(),
 * _inline_copy_from_user() and of the page faults below them; which pages are
 * mapped is a table of bytes per address space.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "detect/report.h"
#include "mm_i.h"
#include "runtime.h"
#include "sched/checkpoint.h"
#include "shim/arena.h"
#include "shim/clear.h"
#include "shim/fault.h"
#include "shim/hook.h"
#include "shim/lock.h"
#include "shim/page.h"
#include "shim/user.h"

#define MAX_MM 8

static struct shim_mm mms[MAX_MM];
static unsigned int mms_used;
static unsigned long pages_used; /* of the region, by all address spaces */

struct shim_mm *shim_mm_new(void)
{
	if (mms_used == MAX_MM) {
		report_fatal(REPORT_UNMODELLED, NULL, "more than %d address spaces",
			     MAX_MM);
		return NULL;
	}
	mms[mms_used].memlock = SHIM_MEMLOCK;
	return &mms[mms_used++];
}

const struct shim_mm *shim_mm_number(unsigned int nr)
{
	return nr < mms_used ? &mms[nr] : NULL;
}

struct shim_mm *shim_mm_fork(const struct shim_mm *mm)
{
	struct shim_mm *copy = shim_mm_new();

	copy->first = mm->first;
	copy->end = mm->end;
	copy->memlock = mm->memlock;
	memcpy(copy->prot, mm->prot, sizeof(copy->prot));
	return copy;
}

static unsigned long pages_in(size_t size)
{
	return (size >> SHIM_PAGE_SHIFT) + (size % SHIM_PAGE_SIZE != 0);
}

static void map_pages(struct shim_mm *mm, unsigned long first, unsigned long n,
		      unsigned int prot)
{
	if (!mm->end)
		mm->first = first;
	mm->end = first + n;
	memset(mm->prot + first, (int)prot, n);
}

void shim_mmap_too(struct shim_mm *mm, const void *p, size_t size, unsigned int prot)
{
	map_pages(mm, ((uintptr_t)p - ARENA_USER) >> SHIM_PAGE_SHIFT, pages_in(size),
		  prot);
}

void *shim_mmap(struct shim_mm *mm, size_t size, unsigned int prot)
{
	unsigned long n = pages_in(size), first = pages_used;

	if (!n || n > ARENA_USER_NR - pages_used)
		return NULL;
	pages_used += n;
	if (pages_used < ARENA_USER_NR)
		pages_used++; /* the hole */
	map_pages(mm, first, n, prot);
	for (unsigned long i = first; i < first + n; i++)
		shim_page_user_map(i);
	return (char *)ARENA_USER + first * SHIM_PAGE_SIZE;
}

static bool in_region(const void *addr)
{
	return (uintptr_t)addr - ARENA_USER < ARENA_USER_NR * SHIM_PAGE_SIZE;
}

static unsigned long page_nr(const void *addr)
{
	return ((uintptr_t)addr - ARENA_USER) >> SHIM_PAGE_SHIFT;
}

/* what stands for a page in sched_touch(): mapping and bytes */
static const void *page_name(const void *addr)
{
	return (const void *)((uintptr_t)addr & ~(uintptr_t)(SHIM_PAGE_SIZE - 1));
}

void shim_user_changes(const void *addr, size_t size)
{
	sched_touch(page_name(addr), true);
	if (page_name((const char *)addr + size - 1) != page_name(addr))
		sched_touch(page_name((const char *)addr + size - 1), true);
}

/* The kernel reads or writes there: in no order with its own, but with changes. */
static void accessed(const void *addr, size_t size)
{
	if (!size || !in_region(addr))
		return;
	sched_touch(page_name(addr), false);
	if (page_name((const char *)addr + size - 1) != page_name(addr))
		sched_touch(page_name((const char *)addr + size - 1), false);
}

static bool watched;

void shim_user_watch(void)
{
	watched = true;
}

void shim_user_stores(const void *addr, size_t size)
{
	if (watched)
		shim_user_changes(addr, size);
}

void shim_user_read(const void *addr, size_t size)
{
	accessed(addr, size);
}

void shim_mremap_fresh(struct shim_mm *mm, void *addr)
{
	char *page = (char *)(uintptr_t)page_name(addr);

	if (!in_region(addr) || shim_page_is_held(shim_page_of(addr)))
		return;
	sched_touch(mm->prot, true);
	sched_touch(page, true);
	mm->prot[page_nr(addr)] = SHIM_PROT_READ | SHIM_PROT_WRITE;
	if (!shim_page_of(addr)->refs)
		shim_page_user_map(page_nr(addr));
	memset(page, 0, SHIM_PAGE_SIZE);
}

/* A page that is gone does not come back: a new mapping would be another frame. */
void shim_mprotect(struct shim_mm *mm, void *addr, size_t size, unsigned int prot)
{
	unsigned long i, end;

	if (!in_region(addr) || !size)
		return;
	i = page_nr(addr);
	end = i + pages_in((uintptr_t)addr % SHIM_PAGE_SIZE + size);
	sched_touch(mm->prot, true);
	for (; i < end && i < ARENA_USER_NR; i++) {
		if (!mm->prot[i])
			continue;
		sched_touch((char *)ARENA_USER + i * SHIM_PAGE_SIZE, true);
		mm->prot[i] = (unsigned char)prot;
		if (!prot)
			shim_page_user_unmap(i);
	}
}

unsigned int shim_user_prot(const struct shim_mm *mm, const void *addr)
{
	return in_region(addr) ? mm->prot[page_nr(addr)] : 0;
}

int shim_access_ok(const void *addr, size_t size)
{
	return size <= SHIM_TASK_SIZE && (uintptr_t)addr <= SHIM_TASK_SIZE - size;
}

/* ------------------------------------------------------------------ copies */

/* how many of @n bytes come before the first page that does not let us */
static size_t reachable(const struct shim_mm *mm, const void *user, size_t n,
			unsigned int prot)
{
	uintptr_t addr = (uintptr_t)user;
	size_t ok = 0;

	while (ok < n && (shim_user_prot(mm, (void *)(addr + ok)) & prot))
		ok += SHIM_PAGE_SIZE - (addr + ok) % SHIM_PAGE_SIZE;
	return ok < n ? ok : n;
}

/* what differs between the two directions */
static const struct way {
	enum sched_what what;
	enum fault_kind fault, half;
	unsigned int prot;
	const char *verb;
} to_user = { SCHED_TO_USER, FAULT_TO_USER, FAULT_HALF_TO_USER, SHIM_PROT_WRITE,
	      "copy to" },
  from_user = { SCHED_FROM_USER, FAULT_FROM_USER, FAULT_HALF_FROM_USER, SHIM_PROT_READ,
		"copy from" };

/*
 * Nearly every copy: nobody watches it, it need not fail, and it stays in one page
 * that lets us. No other is judged here.
 */
static inline bool is_easy(const struct way *way, const void *user, size_t n)
{
	const struct task_struct *me = current_task();

	return likely(!(sched_armed() & SCHED_BIT(way->what)) && me->preempt <= 0 &&
		      !fault_kinds[way->fault].left && !fault_kinds[way->half].left &&
		      me->mm && in_region(user) &&
		      n <= SHIM_PAGE_SIZE - (uintptr_t)user % SHIM_PAGE_SIZE &&
		      (me->mm->prot[page_nr(user)] & way->prot));
}

/*
 * How many bytes the copy will move. The point comes first: until then the user
 * side may change both the bytes and the mapping.
 */
static size_t begin_copy(const struct way *way, const void *user, size_t n,
			 const struct sched_site *site)
{
	const struct shim_mm *mm;
	size_t done;

	sched_point(way->what, user, site);
	accessed(user, n);
	shim_might_sleep(site);
	if (fault_hit(way->fault)) {
		sched_trace(SCHED_FAULT, user, (int64_t)n, site);
		return 0;
	}
	if (!n || !shim_access_ok(user, n))
		return 0;
	mm = current_task()->mm;
	if (!mm) {
		report(REPORT_USER, site, "%s user memory by a task without any: %s",
		       way->verb, current_task()->comm);
		return 0;
	}
	done = reachable(mm, user, n, way->prot);
	if (done < 2 || !fault_hit(way->half))
		return done;
	sched_trace(SCHED_FAULT, user, (int64_t)(n / 2), site);
	return done < n / 2 ? done : n / 2;
}

static __attribute__((noinline)) unsigned long
copy_to_user(void *to, const void *from, size_t n, const struct sched_site *site)
{
	size_t done = begin_copy(&to_user, to, n, site);

	if (done) {
		hook_range(from, done, HOOK_READ | HOOK_LEAVES, site);
		memcpy(to, from, done);
	}
	return n - done;
}

unsigned long shim_copy_to_user(void *to, const void *from, size_t n,
				const struct sched_site *site)
{
	if (!is_easy(&to_user, to, n))
		return copy_to_user(to, from, n, site);
	fault_kinds[FAULT_TO_USER].count++;
	hook_range(from, n, HOOK_READ | HOOK_LEAVES, site);
	memcpy(to, from, n);
	return 0;
}

static __attribute__((noinline)) unsigned long
copy_from_user(void *to, const void *from, size_t n, const struct sched_site *site)
{
	size_t done = begin_copy(&from_user, from, n, site);

	if (n)
		hook_range(to, n, HOOK_WRITE, site);
	if (done) {
		hook_fetch(from, done, site);
		memcpy(to, from, done);
	}
	if (done < n)
		memset((char *)to + done, 0, n - done);
	return n - done;
}

unsigned long shim_copy_from_user(void *to, const void *from, size_t n,
				  const struct sched_site *site)
{
	if (!is_easy(&from_user, from, n))
		return copy_from_user(to, from, n, site);
	fault_kinds[FAULT_FROM_USER].count++;
	hook_fetch(from, n, site);
	hook_range(to, n, HOOK_WRITE, site);
	memcpy(to, from, n);
	return 0;
}

static void forget_space(struct shim_mm *mm)
{
	memset(mm->prot + mm->first, 0, mm->end - mm->first);
	memset(mm, 0, offsetof(struct shim_mm, prot));
}

void shim_user_checkpoint(struct checkpoint *c)
{
	const unsigned long was = pages_used;

	for (unsigned int i = 0; c->back && i < mms_used; i++)
		forget_space(&mms[i]);
	checkpoint_value(c, mms_used);
	checkpoint_value(c, pages_used);
	checkpoint_value(c, watched);
	for (unsigned int i = 0; i < mms_used; i++) {
		checkpoint_bytes(c, &mms[i], offsetof(struct shim_mm, prot));
		checkpoint_bytes(c, mms[i].prot + mms[i].first,
				 mms[i].end - mms[i].first);
	}
	checkpoint_lines(c, (void *)ARENA_USER, pages_used * SHIM_PAGE_SIZE,
			 was * SHIM_PAGE_SIZE);
}

void shim_user_reset(void)
{
	clear_some((void *)ARENA_USER, pages_used * SHIM_PAGE_SIZE);
	for (unsigned int i = 0; i < mms_used; i++)
		forget_space(&mms[i]);
	mms_used = 0;
	pages_used = 0;
	watched = false;
}
