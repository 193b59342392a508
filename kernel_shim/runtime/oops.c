// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turns a fault of the processor in kernel code into a failure of the execution,
 * told from a mistake of the simulator by where and for whom it happened.
 */
#define _GNU_SOURCE
#include "shim/oops.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <ucontext.h>

#include "detect/report.h"
#include "runtime/runtime.h"

#define FIRST_PAGES 65536u		  /* an offset from a null pointer */
#define NEAR	    4096u		  /* an offset from another one */
#define FREED	    0x6b6b6b6b6b6b6b6bull /* what heap.c fills freed objects with */
#define DELETED	    0xdead000000000100ull /* LIST_POISON1 */

static bool near(uint64_t value, uint64_t pointer)
{
	return value - pointer + NEAR < 2ull * NEAR;
}

/* Does the register file hold a pointer that was read from such memory? */
static bool holds(const ucontext_t *at, uint64_t pointer)
{
#ifdef __x86_64__
	for (int i = REG_R8; i <= REG_RCX; i++)
		if (near((uint64_t)at->uc_mcontext.gregs[i], pointer))
			return true;
#else
	(void)at;
	(void)pointer;
#endif
	return false;
}

static const void *place_of(const ucontext_t *at)
{
#ifdef __x86_64__
	return (const void *)(uintptr_t)at->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (const void *)(uintptr_t)at->uc_mcontext.pc;
#else
	(void)at;
	return NULL;
#endif
}

/* The subject is a shared object of its own; all else is kernel code in a call only. */
static bool in_kernel(const ucontext_t *at)
{
	const struct task_struct *me = current_task();
	Dl_info there, here, libc;

	if (!sched_current())
		return false;
	if (me->in_kernel || me->flags & SHIM_PF_KTHREAD)
		return true;
	/* the address of a function of libc would be that of our jump to it */
	return dladdr(place_of(at), &there) && dladdr((void *)&sched_stop, &here) &&
	       dladdr(stderr, &libc) && there.dli_fbase != here.dli_fbase &&
	       there.dli_fbase != libc.dli_fbase;
}

void shim_oops(const void *info, const void *context)
{
	const siginfo_t *signal = info;
	const ucontext_t *at = context;
	static bool again;

	if (again || !in_kernel(at))
		return;
	again = true;
	if (holds(at, FREED))
		report(REPORT_HEAP, sched_current()->at,
		       "use after free: a pointer out of freed memory was followed, "
		       "after this step");
	else if (holds(at, DELETED))
		report(REPORT_HEAP, sched_current()->at,
		       "a list was followed from an entry that is deleted, after this "
		       "step");
	else if (signal->si_signo == SIGSEGV &&
		 (uintptr_t)signal->si_addr < FIRST_PAGES && signal->si_code != SI_KERNEL)
		report(REPORT_KERNEL, sched_current()->at,
		       "NULL pointer: access at %lu, after this step",
		       (unsigned long)(uintptr_t)signal->si_addr);
	else
		report(REPORT_KERNEL, sched_current()->at,
		       "access of memory that is none, after this step");
	again = false;
	sched_stop();
}
