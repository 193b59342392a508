// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loops without an end in a subject, in which no step is made: nobody else can run, and
 * the scheduler never hears of it. A timer of the process's CPU time looks whether there
 * was a step since it looked last; an execution takes less than a thousandth of the time
 * between two looks.
 *
 * When it fired is chance, and must not be seen in the report. So the loop is then gone
 * through instruction by instruction, to find the one that is reported: of those with
 * the shallowest stack the first in the code. It is in the function that has the loop,
 * not in one that the loop calls. Each instruction is a signal, which takes a thousand
 * times as long as it does: all of the loop has been seen as soon as its function has the
 * same in its registers and its frame as when it was there before. A loop that counts has
 * not, and is gone through for long.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/time.h>

#include "oops_i.h"
#include "runtime.h"
#include "sched/hash.h"
#include "shim/oops.h"

#define LOOK_US	     100000 /* of CPU time, between two looks */
#define LOOK_SOON_US 20000  /* after the first loop: others will be the same one */
#define INSTRUCTIONS 30000  /* at most, twice: to find the place, and to get there */
#define FRAME	     64	    /* words of it that are compared */
#define TRAP_FLAG    0x100

#define REGISTER(at, name) ((at)->uc_mcontext.gregs[REG_##name])

/* struct state - of a function: what outlives its calls, and all that it has */
struct state {
	uint64_t kept, all;
};

/* struct progress - of which a step would change something; what counts switches begins
 * again with each of a long execution's rounds, so these are counted, too */
struct progress {
	unsigned long execution;
	uint64_t runs, switches, alone;
	const struct sched_task *task;
};

static struct {
	struct progress seen;
	bool valid;
	unsigned long found;
	/* going through it */
	unsigned int left;
	bool looking; /* for the place; else going there */
	greg_t sp, pc;
	struct state there; /* when it was there first */
	bool called;	    /* something since then */
} e;

static struct progress progress_now(void)
{
	struct progress now = { .execution = oops_executions(),
				.runs = sched_runs(),
				.task = sched_current() };

	now.switches = sched_switches(&now.alone);
	return now;
}

static bool is_same(const struct progress *a, const struct progress *b)
{
	return a->execution == b->execution && a->runs == b->runs &&
	       a->switches == b->switches && a->alone == b->alone && a->task == b->task;
}

static void look_every(long us)
{
	const struct itimerval every = { { 0, us }, { 0, us } };

	setitimer(ITIMER_VIRTUAL, &every, NULL);
}

static void look(int sig, siginfo_t *info, void *context)
{
	struct progress now = progress_now();
	ucontext_t *at = context;

	(void)sig;
	(void)info;
	if (e.left)
		return;
	if (!oops_guarded() || !e.valid || !is_same(&now, &e.seen)) {
		e.seen = now;
		e.valid = oops_guarded();
		return;
	}
	e.left = INSTRUCTIONS;
	e.looking = true;
	e.sp = 0;
	e.pc = 0;
	REGISTER(at, EFL) |= TRAP_FLAG;
}

static void tell(ucontext_t *at)
{
	struct oops o = {
		.kind = REPORT_KERNEL,
		.rule = "endless-loop",
		.text = "a loop without an end, and without a step",
		.place = oops_place(at),
	};

	if (!o.place)
		o.kind = REPORT_PROGRESS;
	e.valid = false;
	if (!e.found++)
		look_every(LOOK_SOON_US);
	oops_goes_on(at, &o);
}

static uint64_t hash_registers(uint64_t h, const ucontext_t *at, int from, int to)
{
	const greg_t *first = &at->uc_mcontext.gregs[from];

	return hash_bytes(h, first, (size_t)(to + 1 - from) * sizeof(*first));
}

/* word by word: a sanitizer would find parts of a stack that are nobody's */
__attribute__((no_sanitize("address"))) static uint64_t hash_frame(uint64_t h,
								   const ucontext_t *at)
{
	const uint64_t *frame = (const uint64_t *)(uintptr_t)REGISTER(at, RSP);
	size_t nr = oops_on_stack(at) / sizeof(*frame);

	for (size_t i = 0; i < nr && i < FRAME; i++) {
		uint64_t word = frame[i];

		h = hash_bytes(h, &word, sizeof(word));
	}
	return h;
}

static struct state state_of(const ucontext_t *at)
{
	struct state s = { .kept = HASH_START };

	s.kept = hash_registers(s.kept, at, REG_R12, REG_R15);
	s.kept = hash_registers(s.kept, at, REG_RBP, REG_RBX);
	s.kept = hash_frame(s.kept, at);
	s.all = hash_registers(s.kept, at, REG_R8, REG_RCX);
	return s;
}

/* Return: whether it has come back there, and to the same state */
static bool note_place(const ucontext_t *at)
{
	greg_t sp = REGISTER(at, RSP), pc = REGISTER(at, RIP);
	struct state now;

	if (sp < e.sp)
		e.called = true;
	if (sp < e.sp || (sp == e.sp && pc > e.pc))
		return false;
	now = state_of(at);
	if (sp == e.sp && pc == e.pc)
		return e.called ? now.kept == e.there.kept : now.all == e.there.all;
	e.sp = sp;
	e.pc = pc;
	e.there = now;
	e.called = false;
	return false;
}

static void instruction(int sig, siginfo_t *info, void *context)
{
	struct progress now = progress_now();
	ucontext_t *at = context;

	(void)sig;
	(void)info;
	if (!e.left || !oops_guarded() || !is_same(&now, &e.seen)) {
		/* it was only slow */
		REGISTER(at, EFL) &= ~(greg_t)TRAP_FLAG;
		e.left = 0;
		e.valid = false;
		return;
	}
	e.left--;
	if (e.looking) {
		e.looking = !note_place(at);
		if (e.looking && e.left)
			return;
		if (e.looking) {
			e.looking = false;
			e.left = INSTRUCTIONS;
			return;
		}
	} else if (e.left && (REGISTER(at, RSP) != e.sp || REGISTER(at, RIP) != e.pc)) {
		return;
	}
	e.left = 0;
	tell(at);
}

static void handle(int sig, void (*handler)(int sig, siginfo_t *info, void *context))
{
	struct sigaction sa = { .sa_sigaction = handler,
				.sa_flags = SA_ONSTACK | SA_SIGINFO | SA_RESTART };

	sigemptyset(&sa.sa_mask);
	sigaddset(&sa.sa_mask, SIGVTALRM);
	sigaction(sig, &sa, NULL);
}

void shim_endless_watch(void)
{
	e.valid = false;
	handle(SIGVTALRM, look);
	handle(SIGTRAP, instruction);
	look_every(e.found ? LOOK_SOON_US : LOOK_US);
}

unsigned long shim_endless_loops(void)
{
	return e.found;
}
