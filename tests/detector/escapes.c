// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses that were not announced, found by protecting the arena and stepping.
 */
#define _GNU_SOURCE
#include "escapes.h"

#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "symbols/place.h"
#include "sched/sched.h"
#include "shim/arena.h"
#include "shim/hook.h"

#define TRAP_FLAG      0x100
#define FAULT_OF_WRITE 2
#define FAULT_OF_FETCH 16
#define MAX_PLACES     8192
#define RECENT	       4 /* "*to = *from" is announced by two calls */
#define SIGNAL_STACK   (64u << 10)

struct announced {
	uintptr_t from, to;
	bool write;
	const struct sched_task *task;
};

struct place {
	uintptr_t pc;
	bool escaped;
};

static struct {
	uintptr_t text, text_end;
	struct announced recent[RECENT];
	unsigned int next;
	struct place places[MAX_PLACES];
	unsigned int nr_places;
	unsigned long seen;
	size_t forget;
	uintptr_t open, open_end; /* pages that the step may touch */
	struct sigaction old_segv, old_trap;
} e;

/* ---- what may be touched ---- */

static void protect(uintptr_t from, uintptr_t to, int prot)
{
	if (mprotect((void *)from, to - from, prot))
		abort();
}

static void set_arena(int prot)
{
	protect(ARENA_BASE, ARENA_USER_END, prot);
}

static void kernel_runs(void)
{
	set_arena(PROT_NONE);
	protect(e.text, e.text_end, PROT_READ | PROT_EXEC);
}

static void runtime_runs(void)
{
	set_arena(PROT_READ | PROT_WRITE);
	protect(e.text, e.text_end, PROT_READ);
}

static bool in_text(uintptr_t pc)
{
	return pc >= e.text && pc < e.text_end;
}

static bool in_arena(uintptr_t a)
{
	return a >= ARENA_BASE && a < ARENA_USER_END;
}

/* an access that crosses a page's end faults once more */
static void open_page(uintptr_t addr)
{
	uintptr_t page = addr & ~(SHIM_PAGE_SIZE - 1);

	protect(page, page + SHIM_PAGE_SIZE, PROT_READ | PROT_WRITE);
	if (!e.open_end || page < e.open)
		e.open = page;
	if (page + SHIM_PAGE_SIZE > e.open_end)
		e.open_end = page + SHIM_PAGE_SIZE;
}

static void close_pages(void)
{
	if (e.open_end)
		protect(e.open, e.open_end, PROT_NONE);
	e.open = e.open_end = 0;
}

/* ---- what was said, what is done ---- */

static void note_announced(const void *p, size_t n, unsigned int access)
{
	bool write = access & HOOK_WRITE;

	if (e.forget && e.forget == n && !write)
		return;
	e.recent[e.next++ % RECENT] = (struct announced){ (uintptr_t)p, (uintptr_t)p + n,
							  write, sched_current() };
}

static bool was_announced(uintptr_t addr, bool write)
{
	for (unsigned int i = 0; i < RECENT; i++) {
		const struct announced *a = &e.recent[i];

		if (addr >= a->from && addr < a->to && a->task == sched_current() &&
		    (a->write || !write))
			return true;
	}
	return false;
}

static void note_access(uintptr_t pc, uintptr_t addr, bool write)
{
	bool escaped = !was_announced(addr, write);
	unsigned int i = 0;

	e.seen++;
	while (i < e.nr_places && e.places[i].pc != pc)
		i++;
	if (i == MAX_PLACES)
		abort();
	if (i == e.nr_places)
		e.places[e.nr_places++] = (struct place){ pc, false };
	e.places[i].escaped |= escaped;
}

static void note_fault(const ucontext_t *u, uintptr_t addr)
{
	const greg_t *r = u->uc_mcontext.gregs;

	note_access((uintptr_t)r[REG_RIP], addr, r[REG_ERR] & FAULT_OF_WRITE);
}

/* ---- signals ---- */

static void on_fault(int sig, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	uintptr_t addr = (uintptr_t)info->si_addr;
	uintptr_t pc = (uintptr_t)u->uc_mcontext.gregs[REG_RIP];

	(void)sig;
	if ((u->uc_mcontext.gregs[REG_ERR] & FAULT_OF_FETCH) && in_text(pc)) {
		kernel_runs();
	} else if (!in_arena(addr)) {
		signal(SIGSEGV, SIG_DFL); /* a mistake of its own */
	} else if (!in_text(pc)) {
		runtime_runs();
	} else {
		note_fault(u, addr);
		open_page(addr);
		u->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
	}
}

static void on_step(int sig, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)sig;
	(void)info;
	u->uc_mcontext.gregs[REG_EFL] &= ~(greg_t)TRAP_FLAG;
	close_pages();
}

static void handle(int sig, void (*fn)(int, siginfo_t *, void *), struct sigaction *old)
{
	struct sigaction act = { .sa_sigaction = fn,
				 .sa_flags = SA_SIGINFO | SA_ONSTACK };

	if (sigaction(sig, &act, old))
		abort();
}

/* ---- the object ---- */

static int find_text(struct dl_phdr_info *info, size_t size, void *arg)
{
	uintptr_t code = *(uintptr_t *)arg;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + ph->p_vaddr;

		if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_X) || code < from ||
		    code >= from + ph->p_memsz)
			continue;
		e.text = from & ~(SHIM_PAGE_SIZE - 1);
		e.text_end =
			(from + ph->p_memsz + SHIM_PAGE_SIZE - 1) & ~(SHIM_PAGE_SIZE - 1);
		return 1;
	}
	return 0;
}

void escapes_watch(const void *code)
{
	static unsigned char stack[SIGNAL_STACK];
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) };

	memset(&e, 0, sizeof(e));
	if (dl_iterate_phdr(find_text, &code) != 1 || sigaltstack(&own, NULL))
		abort();
	arena_init();
	hook_proof = note_announced;
	hook_watch(HOOK_PROOF);
	handle(SIGSEGV, on_fault, &e.old_segv);
	handle(SIGTRAP, on_step, &e.old_trap);
	runtime_runs();
}

unsigned int escapes_end(void)
{
	unsigned int escaped = 0;

	set_arena(PROT_READ | PROT_WRITE);
	protect(e.text, e.text_end, PROT_READ | PROT_EXEC);
	sigaction(SIGSEGV, &e.old_segv, NULL);
	sigaction(SIGTRAP, &e.old_trap, NULL);
	hook_watch(0);
	for (unsigned int i = 0; i < e.nr_places; i++) {
		const struct place *p = &e.places[i];
		const struct sched_site *site;

		if (!p->escaped)
			continue;
		site = place_of((const void *)(p->pc + 1));
		if (strstr(site->file, "glue/view"))
			continue;
		if (!e.forget)
			printf("not announced: %s:%d (%s)\n", site->file, site->line,
			       site->func);
		escaped++;
	}
	return escaped;
}

unsigned long escapes_seen(void)
{
	return e.seen;
}

void escapes_forget(size_t n)
{
	e.forget = n;
}

bool escapes_accessed(const char *file)
{
	for (unsigned int i = 0; i < e.nr_places; i++)
		if (strstr(place_of((const void *)(e.places[i].pc + 1))->file, file))
			return true;
	return false;
}
