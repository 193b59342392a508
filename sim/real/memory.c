// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server's memory: reserved before its process is there, so that the director,
 * who fills in where everything is, and the server see it at the same place.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "real/floor.h"
#include "shim/user.h"

#define PAGE	  4096ul
#define AREA	  (64ul << 20)
#define MAX_HOLES 512

struct shim_mm {
	unsigned char *area;
	unsigned long used;
	unsigned int nr_holes, made;
	struct hole {
		void *addr;
		unsigned long size;
	} holes[MAX_HOLES];
};

static struct shim_mm server_mm;

struct shim_mm *shim_mm_new(void)
{
	server_mm.used = 0;
	server_mm.nr_holes = server_mm.made = 0;
	server_mm.area = mmap(NULL, AREA, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (server_mm.area == MAP_FAILED)
		world_full("user memory");
	return &server_mm;
}

/* A process can only make holes in itself: the server does, before it next calls. */
void memory_protect(void)
{
	struct shim_mm *mm = &server_mm;

	for (; mm->made < mm->nr_holes; mm->made++)
		mprotect(mm->holes[mm->made].addr, mm->holes[mm->made].size, PROT_NONE);
}

static void add_hole(struct shim_mm *mm, void *addr, unsigned long size)
{
	if (mm->nr_holes == MAX_HOLES)
		world_full("holes in user memory");
	mm->holes[mm->nr_holes++] = (struct hole){ addr, size };
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
	add_hole(mm, p + size, PAGE);
	return p;
}

void shim_mprotect(struct shim_mm *mm, void *addr, size_t size, unsigned int prot)
{
	unsigned long from = (unsigned long)addr & ~(PAGE - 1);
	unsigned long to = ((unsigned long)addr + size + PAGE - 1) & ~(PAGE - 1);

	if (!prot)
		add_hole(mm, (void *)from, to - from);
}
