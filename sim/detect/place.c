// SPDX-License-Identifier: GPL-2.0-only
/*
 * Code addresses as places in the source: by the map that was written when a subject
 * was built, or by elfutils' libdwfl.
 *
 * It is a task that fails and asks, and libdwfl wants more stack than a task has:
 * the search is done on a stack of its own.
 */
#define _GNU_SOURCE
#include "detect/place_i.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detect/place_debug.h"
#include "detect/place_map.h"
#include "sched/lines.h"
#include "sched/sched.h"

#define STACK_SIZE (512u << 10)

/* what was asked before; places are few */
static struct known {
	struct known *next;
	struct sched_site site;
	char *file, *func; /* of site, to be freed */
	uintptr_t pc;
} * knowns;

static const struct sched_site nowhere = { .file = "?", .func = "?" };

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = place_no_debug_file,
};

static Dwfl *dwfl; /* what is loaded, as it was when somebody asked first */

/*
 * One view at a time: libelf maps the files that a view has opened, and the next view
 * would take that for the code.
 */
Dwfl *place_process(void)
{
	dwfl_end(dwfl);
	dwfl = dwfl_begin(&callbacks);
	if (dwfl && (dwfl_linux_proc_report(dwfl, getpid()) ||
		     dwfl_report_end(dwfl, NULL, NULL))) {
		dwfl_end(dwfl);
		dwfl = NULL;
	}
	return dwfl;
}

static Dwfl_Module *module_of(Dwarf_Addr addr)
{
	Dwfl_Module *module = dwfl ? dwfl_addrmodule(dwfl, addr) : NULL;

	if (module)
		return module;
	place_process();
	return dwfl ? dwfl_addrmodule(dwfl, addr) : NULL;
}

static void find_place(void *arg)
{
	struct known *k = arg;
	Dwarf_Addr addr = k->pc - 1;
	Dwfl_Module *module = module_of(addr);
	struct place_found found;

	place_search(module, addr, &found);
	if (found.file) {
		k->file = found.file;
		k->site.file = k->file;
		k->site.line = line_shown(k->site.file, found.line);
	}
	if (!found.func && module)
		found.func = dwfl_module_addrname(module, addr);
	if (found.func)
		k->site.func = k->func = strdup(found.func);
}

/* Without libdw, whose tables for a subject take some 2 MiB. */
static bool find_in_map(struct known *k)
{
	if (!place_map_find(k->pc - 1, &k->site))
		return false;
	k->site.line = line_shown(k->site.file, k->site.line);
	return true;
}

static void call_on_stack(void *top, void (*fn)(void *arg), void *arg)
{
	__asm__ volatile("movq %%rsp, %%rbx\n\t"
			 "movq %[top], %%rsp\n\t"
			 "call *%[fn]\n\t"
			 "movq %%rbx, %%rsp"
			 : [fn] "+r"(fn), "+D"(arg)
			 : [top] "r"(top)
			 : "rbx", "rax", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11",
			   "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
			   "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
			   "xmm15", "memory", "cc");
}

const struct sched_site *place_of(const void *pc)
{
	static char stack[STACK_SIZE] __attribute__((aligned(64)));
	struct known *k;

	for (k = knowns; k; k = k->next)
		if (k->pc == (uintptr_t)pc)
			return &k->site;
	k = calloc(1, sizeof(*k));
	if (!k)
		return &nowhere;
	k->pc = (uintptr_t)pc;
	k->site = nowhere;
	if (find_in_map(k))
		; /* that is all */
	else if (sched_current)
		call_on_stack(stack + STACK_SIZE, find_place, k);
	else
		find_place(k);
	k->next = knowns;
	knowns = k;
	return &k->site;
}

void place_each(const void *pc, void (*fn)(const struct sched_site *place, void *arg),
		void *arg)
{
	Dwarf_Addr addr = (uintptr_t)pc - 1;

	fn(place_of(pc), arg);
	place_search_callers(module_of(addr), addr, fn, arg);
}

void place_forget(void)
{
	struct known *k;

	while ((k = knowns)) {
		knowns = k->next;
		free(k->file);
		free(k->func);
		free(k);
	}
	dwfl_end(dwfl);
	dwfl = NULL;
	place_map_forget();
}
