// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server's memory: reserved before its process is there, so that the main process,
 * which fills in where everything is, and the server see it at the same address.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "real/real.h"
#include "shim/user.h"

#define PAGE	  4096ul
#define AREA	  (64ul << 20)
#define MAX_HOLES 512

struct shim_mm {
	unsigned char *area;
	unsigned long used;
	unsigned int nr_holes, made;
	unsigned long memlock; /* pages, and whether it was set since the last call */
	bool limited;
	struct hole {
		unsigned char *addr;
		unsigned long size;
		bool unmapped; /* by the scenario; the others end an area */
		bool readable;
	} holes[MAX_HOLES];
};

static struct shim_mm server_mm;

struct shim_mm *shim_mm_new(void)
{
	server_mm.used = 0;
	server_mm.nr_holes = server_mm.made = 0;
	server_mm.limited = false;
	server_mm.area = mmap(NULL, AREA, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (server_mm.area == MAP_FAILED)
		world_full("user memory");
	return &server_mm;
}

void shim_mm_set_memlock(struct shim_mm *mm, unsigned long pages)
{
	mm->memlock = pages;
	mm->limited = true;
}

/*
 * A process can only unmap its own memory, and limit itself: the server does, before its
 * next call.
 */
void memory_protect(void)
{
	struct shim_mm *mm = &server_mm;
	const struct rlimit memlock = { mm->memlock * PAGE, mm->memlock * PAGE };

	if (mm->limited && self && self->server) {
		setrlimit(RLIMIT_MEMLOCK, &memlock);
		mm->limited = false;
	}
	for (; mm->made < mm->nr_holes; mm->made++)
		mprotect(mm->holes[mm->made].addr, mm->holes[mm->made].size,
			 mm->holes[mm->made].readable ? PROT_READ : PROT_NONE);
}

/*
 * A scenario's server fills in its reply although it has unmapped the slot: the kernel is
 * to find it unmapped, not the server. The slot is mapped for the server's access, and
 * memory_protect() unmaps it again before the next system call.
 */
static void fault(int sig, siginfo_t *info, void *context)
{
	const unsigned char *at = info->si_addr;

	(void)context;
	for (unsigned int i = 0; i < server_mm.nr_holes; i++) {
		const struct hole *hole = &server_mm.holes[i];

		if (!hole->unmapped || at < hole->addr || at >= hole->addr + hole->size)
			continue;
		mprotect(hole->addr, hole->size, PROT_READ | PROT_WRITE);
		server_mm.made = 0;
		return;
	}
	signal(sig, SIG_DFL);
}

void memory_handle_faults(void)
{
	struct sigaction sa = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &sa, NULL);
}

static void add_hole(struct shim_mm *mm, void *addr, unsigned long size, bool unmapped)
{
	if (mm->nr_holes == MAX_HOLES)
		world_full("holes in user memory");
	mm->holes[mm->nr_holes++] =
		(struct hole){ addr, size, unmapped, .readable = false };
	if (self && self->server)
		memory_protect();
}

void *shim_mmap(struct shim_mm *mm, size_t size, unsigned int prot)
{
	unsigned char *p = mm->area + mm->used;

	(void)prot;
	size = (size + PAGE - 1) / PAGE * PAGE;
	if (size + PAGE > AREA - mm->used)
		return NULL;
	mm->used += size + PAGE;
	add_hole(mm, p + size, PAGE, false);
	return p;
}

/* all processes share the area */
void shim_mmap_too(struct shim_mm *mm, const void *p, unsigned long size,
		   unsigned int prot)
{
	(void)mm;
	(void)p;
	(void)size;
	(void)prot;
}

void shim_mprotect(struct shim_mm *mm, void *addr, size_t size, unsigned int prot)
{
	unsigned long from = (unsigned long)addr & ~(PAGE - 1);
	unsigned long to = ((unsigned long)addr + size + PAGE - 1) & ~(PAGE - 1);

	if (prot == (SHIM_PROT_READ | SHIM_PROT_WRITE))
		return;
	add_hole(mm, (void *)from, to - from, true);
	mm->holes[mm->nr_holes - 1].readable = prot & SHIM_PROT_READ;
	if (prot && self && self->server)
		mprotect((void *)from, to - from, PROT_READ);
}

/* what a fork makes of it is the kernel's */
struct shim_mm *shim_mm_fork(const struct shim_mm *mm)
{
	(void)mm;
	return &server_mm;
}

void shim_mremap_fresh(struct shim_mm *mm, void *addr)
{
	unsigned long from = (unsigned long)addr & ~(PAGE - 1);

	(void)mm;
	if (mmap((void *)from, PAGE, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		world_full("mappings");
}

void shim_user_watch(void)
{
}

void shim_user_stores(const void *addr, size_t size)
{
	(void)addr;
	(void)size;
}

/* The kernel reads when it reads. */
void shim_user_changes(const void *addr, size_t size)
{
	(void)addr;
	(void)size;
}
