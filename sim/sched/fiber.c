// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fibers: stacks at fixed addresses, the switch, and what AddressSanitizer has
 * to be told about both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sched/checkpoint.h"
#include "sched/fiber.h"
#include "sched/sanitizer.h"

#ifndef __x86_64__
#error "the fiber switch (sim/sched/switch.S) is written for x86-64"
#endif

#ifdef HAVE_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define FIBER_STACK_SIZE (256UL << 10)
#else
#define FIBER_STACK_SIZE (64UL << 10)
#endif

#define FIBER_BASE  0x300000000000UL
#define FIBER_GUARD (20UL << 10)
/* what a task that has used its stack up is lent of the guard, to be reported */
#define FIBER_LENT (16UL << 10)
/* a leaf function may have used this much below the deepest switch */
#define FIBER_LEAF  2048UL
#define FIBER_PIECE 1024

extern void fiber_switch(void **save_sp, void *load_sp);
extern void fiber_first(void);

#ifdef HAVE_ASAN
/* the main context's stack, learned when the first fiber is entered */
static const void *main_bottom;
static size_t main_size;
static bool main_known;
#endif

static void *slot(unsigned int nr)
{
	return (void *)(FIBER_BASE + nr * (FIBER_STACK_SIZE + FIBER_GUARD) + FIBER_GUARD);
}

void fiber_map_stacks(void)
{
	size_t size = SCHED_MAX_TASKS * (FIBER_STACK_SIZE + FIBER_GUARD);
	void *p = mmap((void *)FIBER_BASE, size, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
		       -1, 0);

	if (p != (void *)FIBER_BASE) {
		fprintf(stderr, "uringsim: cannot map the fiber stacks at %#lx\n",
			FIBER_BASE);
		exit(3);
	}
	for (unsigned int i = 0; i < SCHED_MAX_TASKS; i++) {
		if (mprotect(slot(i), FIBER_STACK_SIZE, PROT_READ | PROT_WRITE)) {
			perror("uringsim: fiber stack");
			exit(3);
		}
	}
}

const void *fiber_stacks(size_t *len)
{
	*len = SCHED_MAX_TASKS * (FIBER_STACK_SIZE + FIBER_GUARD);
	return (const void *)FIBER_BASE;
}

bool fiber_stacks_have(const void *p, size_t len)
{
	uintptr_t at = (uintptr_t)p - FIBER_BASE;
	uintptr_t in = at % (FIBER_GUARD + FIBER_STACK_SIZE);

	return at < SCHED_MAX_TASKS * (FIBER_GUARD + FIBER_STACK_SIZE) &&
	       in >= FIBER_GUARD && len <= FIBER_GUARD + FIBER_STACK_SIZE - in;
}

void fiber_prepare(struct fiber *f, unsigned int nr, void (*entry)(void))
{
	void **sp;

	f->stack = slot(nr);
	/* six registers and a return address; two more words align the first call */
	sp = (void **)(f->stack + FIBER_STACK_SIZE) - 9;
	memset(sp, 0, 9 * sizeof(*sp));
	sp[4] = (void *)entry; /* %rbx */
	sp[6] = (void *)fiber_first;
	f->sp = sp;
	f->lowest = (char *)sp;
	f->fake_stack = NULL;
	f->lent = false;
}

bool fiber_has(const struct fiber *f, const void *p)
{
	return (uintptr_t)p - (uintptr_t)f->stack < FIBER_STACK_SIZE;
}

bool fiber_overflows(const struct fiber *f, const void *p)
{
	return (uintptr_t)f->stack - (uintptr_t)p - 1 < FIBER_GUARD;
}

void fiber_lend(struct fiber *f)
{
	f->lent = !mprotect(f->stack - FIBER_LENT, FIBER_LENT, PROT_READ | PROT_WRITE);
}

static void take_back(struct fiber *f)
{
	madvise(f->stack - FIBER_LENT, FIBER_LENT, MADV_DONTNEED);
	mprotect(f->stack - FIBER_LENT, FIBER_LENT, PROT_NONE);
	f->lent = false;
	f->lowest = f->stack;
}

static char *used_from(const struct fiber *f)
{
	char *from = f->lowest - FIBER_LEAF;

	return from < f->stack ? f->stack : from;
}

void fiber_clear(struct fiber *f)
{
	char *top = f->stack + FIBER_STACK_SIZE;
	char *from;

	if (f->lent)
		take_back(f);
	from = used_from(f);
#ifdef HAVE_ASAN
	ASAN_UNPOISON_MEMORY_REGION(f->stack, FIBER_STACK_SIZE);
#endif
	/*
	 * In pieces below 2 KiB: there a memset() of the C library stops storing
	 * vectors and takes rep stosb, which costs more than so short a stack.
	 */
	for (; top - from > FIBER_PIECE; from += FIBER_PIECE)
		memset(from, 0, FIBER_PIECE);
	memset(from, 0, (size_t)(top - from));
}

/* in whole lines: a stack is on pages of its own */
static char *line_of(char *p)
{
	return (char *)((uintptr_t)p & ~(uintptr_t)(CHECKPOINT_LINE - 1));
}

void fiber_checkpoint(struct checkpoint *c, unsigned int nr, const struct fiber *f,
		      const struct fiber *now)
{
	char *end = (char *)slot(nr) + FIBER_STACK_SIZE;
	char *from = f ? line_of(used_from(f)) : end;
	char *was = now ? line_of(used_from(now)) : end;

	if (c->back && was < from)
		memset(was, 0, (size_t)(from - was));
	checkpoint_lines(c, from, (size_t)(end - from), 0);
}

void fiber_used(const struct fiber *f, uintptr_t *from, uintptr_t *to)
{
	*from = (uintptr_t)line_of(used_from(f));
	*to = (uintptr_t)fiber_end(f);
}

void fiber_settle(struct fiber *f)
{
	if (f->lent)
		take_back(f);
}

const char *fiber_end(const struct fiber *f)
{
	return f->stack + FIBER_STACK_SIZE;
}

static inline void remember_depth(struct fiber *from)
{
	char *here = __builtin_frame_address(0);

	if (here < from->lowest)
		from->lowest = here;
}

#ifdef HAVE_ASAN
static void announce(struct fiber *from, struct fiber *to, bool dying)
{
	const void *bottom = to->stack;
	size_t size = FIBER_STACK_SIZE;

	if (!to->stack) {
		bottom = main_bottom;
		size = main_size;
	}
	__sanitizer_start_switch_fiber(dying ? NULL : &from->fake_stack, bottom, size);
}

void fiber_entered(void)
{
	const void *bottom;
	size_t size;

	__sanitizer_finish_switch_fiber(NULL, &bottom, &size);
	/* the first fiber ever is entered from the main context */
	if (!main_known) {
		main_bottom = bottom;
		main_size = size;
		main_known = true;
	}
}

void fiber_jump(struct fiber *from, struct fiber *to, bool dying)
{
	remember_depth(from);
	announce(from, to, dying);
	fiber_switch(&from->sp, to->sp);
	__sanitizer_finish_switch_fiber(from->fake_stack, NULL, NULL);
}
#else
void fiber_entered(void)
{
}

void fiber_jump(struct fiber *from, struct fiber *to, bool dying)
{
	(void)dying;
	remember_depth(from);
	fiber_switch(&from->sp, to->sp);
}
#endif
