// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turns a fault of the processor in kernel code into a failure of the execution,
 * told from a mistake of the simulator by where and for whom it happened.
 */
#define _GNU_SOURCE
#include "shim/oops.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "oops_i.h"
#include "runtime/runtime.h"
#include "symbols/place.h"
#include "symbols/stacks.h"

#define FIRST_PAGES 65536u		  /* an offset from a null pointer */
#define NEAR	    4096u		  /* an offset from another one */
#define FREED	    0x6b6b6b6b6b6b6b6bull /* what heap.c fills freed objects with */
#define FRESH	    0xa5a5a5a5a5a5a5a5ull /* and new ones */
#define UNWRITTEN   0xfefefefefefefefeull /* and gcc a variable */
#define UNWRITTEN2  0xaaaaaaaaaaaaaaaaull /* or clang */
#define DELETED	    0xdead000000000100ull /* LIST_POISON1 */
#define TASK_STACK  (68u << 10)		  /* and a page of what is lent when it is full */
#define MAIN_STACK  (8u << 20)		  /* of the main context's, at most */

static struct {
	jmp_buf back;
	bool armed, reporting;
	const char *end; /* of the main context's stack, as far as it is looked at */
	unsigned long executions;
	struct oops oops;
} guard;

extern void shim_oops_entry(void);

bool oops_guarded(void)
{
	return guard.armed;
}

unsigned long oops_executions(void)
{
	return guard.executions;
}

/* ---- registers ---- */

#ifdef __x86_64__
#define REGISTER(at, name) ((at)->uc_mcontext.gregs[REG_##name])
#else
#error "the registers of a fault are read as x86-64 has them"
#endif

#define FLAGS_TRAP	0x100
#define FLAGS_DIRECTION 0x400

static bool near(uint64_t value, uint64_t pointer)
{
	return value - pointer + NEAR < 2ull * NEAR;
}

/* Does the register file hold a pointer that was read from such memory? */
static bool holds(const ucontext_t *at, uint64_t pointer)
{
	for (int i = REG_R8; i <= REG_RCX; i++)
		if (near((uint64_t)at->uc_mcontext.gregs[i], pointer))
			return true;
	return false;
}

static const void *place_at(const ucontext_t *at)
{
	return (const void *)(uintptr_t)REGISTER(at, RIP);
}

static const char *stack_end(void)
{
	return sched_current() ? sched_stack_end() : guard.end;
}

/* below it there is room for a report */
static bool on_stack(uint64_t sp)
{
	const char *end = stack_end();

	return end &&
	       (uintptr_t)end - sp - 1 < (sched_current() ? TASK_STACK : MAIN_STACK);
}

size_t oops_on_stack(const ucontext_t *at)
{
	uint64_t sp = (uint64_t)REGISTER(at, RSP);

	return on_stack(sp) ? (uintptr_t)stack_end() - sp : 0;
}

/* ---- whose code ---- */

/* a subject is a shared object of its own; a function of libc's address is our jump to it
 */
enum code { CODE_NONE, CODE_OWN, CODE_LIBC, CODE_SUBJECT };

static enum code code_of(const void *pc)
{
	static const void *own, *libc;
	Dl_info there, here;

	if (!own && dladdr((void *)&sched_stop, &here)) {
		own = here.dli_fbase;
		libc = dladdr(stderr, &here) ? here.dli_fbase : NULL;
	}
	if (!dladdr(pc, &there))
		return CODE_NONE;
	if (there.dli_fbase == own)
		return CODE_OWN;
	return there.dli_fbase == libc ? CODE_LIBC : CODE_SUBJECT;
}

static bool is_subject(const void *pc)
{
	return code_of(pc) == CODE_SUBJECT;
}

/*
 * Where there is no code, or none with a map: it was called, and has nothing on the stack
 * yet. So it is for memcpy() and the like. The mistake is the caller's.
 */
static bool has_just_been_called(const ucontext_t *at)
{
	const enum code code = code_of(place_at(at));

	return code == CODE_NONE || code == CODE_LIBC;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* struct found - the place that stands for a frame */
struct found {
	const struct sched_site *first, *own;
};

/* the function of the tree's, not the fake kernel's that is inlined there */
static void look_at_place(const struct sched_site *place, void *arg)
{
	struct found *f = arg;

	if (!f->first)
		f->first = place;
	if (!f->own && place->file[0] != '?' && !begins(place->file, "kernel_shim/") &&
	    !strstr(place->file, "/glue/"))
		f->own = place;
}

static bool look_at_frame(const void *pc, void *arg)
{
	struct found *f = arg;

	if (!is_subject((const char *)pc - 1))
		return false;
	place_each(pc, look_at_place, f);
	return f->own;
}

const struct sched_site *oops_place(const ucontext_t *at)
{
	struct stacks_at from = {
		.pc = place_at(at),
		.sp = (const void *)(uintptr_t)REGISTER(at, RSP),
		.bp = (const void *)(uintptr_t)REGISTER(at, RBP),
		.end = stack_end(),
	};
	struct found found = { NULL, NULL };

	if (!on_stack((uintptr_t)from.sp))
		return NULL;
	if (has_just_been_called(at)) {
		from.pc = *(const char *const *)from.sp - 1;
		from.sp = (const char *)from.sp + 8;
	}
	stacks_walk(&from, look_at_frame, &found);
	return found.own ? found.own : found.first;
}

/* ---- going on in a report ---- */

/* As if the instruction had called it. It never goes on, so what is right below its stack
 * (there is no red zone in a kernel) is lost without harm. */
void oops_goes_on(ucontext_t *at, const struct oops *what)
{
	uint64_t sp = (uint64_t)REGISTER(at, RSP), back = (uint64_t)REGISTER(at, RIP) + 1;

	guard.oops = *what;
	guard.reporting = true;
	if (!on_stack(sp)) {
		/* nothing is known of it: anywhere in its own */
		sp = ((uint64_t)(uintptr_t)stack_end() - 4096) & ~15ull;
		back = 0;
	}
	if (!back || !has_just_been_called(at)) {
		sp -= sizeof(back);
		memcpy((void *)(uintptr_t)sp, &back, sizeof(back));
	}
	REGISTER(at, RSP) = (greg_t)sp;
	REGISTER(at, RIP) = (greg_t)(uintptr_t)shim_oops_entry;
	REGISTER(at, EFL) &= ~(greg_t)(FLAGS_TRAP | FLAGS_DIRECTION);
}

/* a task: does not return; the main context goes back to shim_guard(), if it is there */
static void end_execution(void)
{
	guard.reporting = false;
	sched_stop();
	if (guard.armed)
		longjmp(guard.back, 1);
}

void shim_give_up(void)
{
	end_execution();
}

void shim_oops_report(void)
{
	const struct oops *o = &guard.oops;
	const char *function = o->place ? o->place->func : NULL;
	const struct sched_task *me = sched_current();
	const struct sched_site *place = o->place ? o->place : me ? me->at : NULL;
	char group[128], number[24] = "";

	/* what it said last was that it could not go on */
	if (sched_stopped())
		end_execution();
	if (o->has_address)
		snprintf(number, sizeof(number), " at %lu", o->address);
	snprintf(group, sizeof(group), "%s: %s in %s", report_kind_name(o->kind), o->text,
		 function ? function : "?");
	report_about(o->rule, function, group);
	if (function)
		report(o->kind, place, "%s%s, in %s", o->text, number, function);
	else
		report(o->kind, place, "%s%s, after this step", o->text, number);
	end_execution();
}

static void main_blocks(const char *why, const struct sched_site *site)
{
	if (!guard.armed)
		return;
	if (!sched_stopped()) {
		report_about("main-blocks", why, NULL);
		report(REPORT_PROGRESS, site,
		       "waits for %s, while no task is there to end that", why);
	}
	end_execution();
}

void shim_guard(void (*fn)(void *arg), void *arg)
{
	guard.end = (const char *)__builtin_frame_address(0);
	guard.executions++;
	guard.reporting = false;
	sched_set_main_blocks(main_blocks);
	if (!_setjmp(guard.back)) {
		guard.armed = true;
		fn(arg);
	}
	guard.armed = false;
}

/* ---- what it is ---- */

static struct oops judge(const siginfo_t *signal, const ucontext_t *at)
{
	uintptr_t address = (uintptr_t)signal->si_addr;
	struct oops o = { .kind = REPORT_KERNEL, .rule = "oops" };
	bool has_address = signal->si_signo == SIGSEGV && signal->si_code != SI_KERNEL;

	if (signal->si_signo == SIGFPE) {
		o.text = "divide error";
	} else if (signal->si_signo == SIGILL) {
		o.text = "invalid opcode";
	} else if (has_address && sched_stack_overflows(signal->si_addr, false)) {
		o.text = "the stack of 64 KiB is used up";
	} else if (holds(at, FREED)) {
		o.kind = REPORT_HEAP;
		o.text = "use after free: a pointer out of freed memory was followed";
	} else if (holds(at, DELETED)) {
		o.kind = REPORT_HEAP;
		o.text = "a list was followed from an entry that is deleted";
	} else if (has_address && address < FIRST_PAGES) {
		o.text = "NULL pointer: access";
		o.address = address;
		o.has_address = true;
	} else if (has_address && address >= (uintptr_t)-NEAR) {
		o.text = "an error pointer was followed";
	} else if (holds(at, UNWRITTEN) || holds(at, UNWRITTEN2)) {
		o.text = "a variable that was never written was followed";
	} else if (holds(at, FRESH)) {
		o.kind = REPORT_HEAP;
		o.text = "a pointer that was never written was followed";
	} else {
		o.text = "access of memory that is none";
	}
	return o;
}

/* what no pointer of ours is: NULL, or what is in memory that the subject has freed */
static bool is_poison(const siginfo_t *signal, const ucontext_t *at)
{
	if (signal->si_signo != SIGSEGV && signal->si_signo != SIGBUS)
		return false;
	return holds(at, FREED) || holds(at, DELETED) || holds(at, FRESH) ||
	       (signal->si_signo == SIGSEGV && signal->si_code != SI_KERNEL &&
		(uintptr_t)signal->si_addr < FIRST_PAGES);
}

static bool in_kernel(const ucontext_t *at)
{
	const struct task_struct *me = current_task();

	if (is_subject(place_at(at)))
		return true;
	return sched_current() && (me->in_kernel || me->flags & SHIM_PF_KTHREAD);
}

bool shim_oops(const void *info, void *context)
{
	const siginfo_t *signal = info;
	ucontext_t *at = context;
	struct oops o;

	if (guard.reporting || !(sched_current() || guard.armed))
		return false;
	o = judge(signal, at);
	o.place = oops_place(at);
	if (!in_kernel(at) && !o.place) {
		if (!guard.armed || !is_poison(signal, at))
			return false;
		/* it looks at what the subject should have brought about */
		o = (struct oops){
			.kind = REPORT_ACCOUNTING,
			.rule = "scenario-oops",
			.text = "what the scenario looks at has not come about",
			.place = place_of((const char *)place_at(at) + 1),
		};
	}
	sched_stack_overflows(signal->si_addr, true);
	oops_goes_on(at, &o);
	return true;
}
