// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults of the processor: which are the kernel's, and what each is called. The handler
 * is given what the signal would bring; no fault takes place.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <ucontext.h>

#include "program/end.h"
#include "shim/oops.h"
#include "symbols/stacks.h"
#include "unit.h"

#define FREED	0x6b6b6b6b6b6b6b6bull
#define DELETED 0xdead000000000100ull

static siginfo_t info;
static ucontext_t at;
static bool in_kernel, returned;

static int fresh(void **state)
{
	fresh_kernel(state);
	memset(&info, 0, sizeof(info));
	memset(&at, 0, sizeof(at));
	info.si_signo = SIGSEGV;
	info.si_code = SEGV_MAPERR;
	in_kernel = true;
	returned = false;
	return 0;
}

static void faults(void *arg)
{
	(void)arg;
	shim_current()->in_kernel = in_kernel;
	if (shim_oops(&info, &at))
		shim_oops_report();
	returned = true;
	shim_current()->in_kernel = 0;
}

/* Return: what is reported, "" when the fault is not the kernel's */
static const char *oops(void)
{
	fresh_kernel(NULL);
	returned = false;
	spawn("task", faults, NULL);
	sched_run(NULL);
	assert_int_equal(sched_stopped(), !returned);
	assert_int_equal(report_count(), !returned);
	return last_report();
}

#define assert_oops(text)                                            \
	do {                                                         \
		const char *said = oops();                           \
                                                                     \
		if (!strstr(said, text))                             \
			fail_msg("\"%s\" lacks \"%s\"", said, text); \
	} while (0)

static void a_pointer_out_of_freed_memory_is_found_in_any_register(void **state)
{
	(void)state;
	for (int i = REG_R8; i <= REG_RCX; i++) {
		at.uc_mcontext.gregs[i] = (greg_t)FREED;
		assert_oops("use after free: a pointer out of freed memory");
		assert_int_equal(report_get(0)->kind, REPORT_HEAP);
		at.uc_mcontext.gregs[i] = (greg_t)DELETED;
		assert_oops("a list was followed from an entry that is deleted");
		assert_int_equal(report_get(0)->kind, REPORT_HEAP);
		at.uc_mcontext.gregs[i] = 0;
	}
}

static void an_offset_from_such_a_pointer_is_near_it(void **state)
{
	(void)state;
	at.uc_mcontext.gregs[REG_RBX] = (greg_t)(FREED + 4095);
	assert_oops("use after free");
	at.uc_mcontext.gregs[REG_RBX] = (greg_t)(FREED - 4096);
	assert_oops("use after free");
	at.uc_mcontext.gregs[REG_RBX] = (greg_t)(FREED + 4096);
	assert_oops("NULL pointer");
	at.uc_mcontext.gregs[REG_RBX] = (greg_t)(FREED - 4097);
	assert_oops("NULL pointer");
}

static void a_low_address_is_a_null_pointer(void **state)
{
	(void)state;
	info.si_addr = (void *)24;
	assert_oops("NULL pointer: access at 24, after this step");
	assert_int_equal(report_get(0)->kind, REPORT_KERNEL);
	info.si_addr = (void *)65535;
	assert_oops("NULL pointer: access at 65535");
	info.si_addr = (void *)65536;
	assert_oops("access of memory that is none");
	/* not an address at all: the processor says nothing of it */
	info.si_addr = NULL;
	info.si_code = SI_KERNEL;
	assert_oops("access of memory that is none");
	info.si_code = SEGV_MAPERR;
	info.si_signo = SIGBUS;
	assert_oops("access of memory that is none");
}

static void a_fault_of_the_simulator_is_left_to_it(void **state)
{
	(void)state;
	in_kernel = false;
	at.uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)oops;
	assert_string_equal(oops(), "");
	/* in the C library: kernel code is in a call when it gets there */
	at.uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)dlsym(RTLD_DEFAULT, "strfry");
	assert_string_equal(oops(), "");
	/* where there is no code at all */
	at.uc_mcontext.gregs[REG_RIP] = 0;
	assert_string_equal(oops(), "");
	/* of no task */
	assert_false(shim_oops(&info, &at));
	assert_int_equal(report_count(), 0);
	assert_false(sched_stopped());
}

/* a subject is loaded, as this library is */
static void a_fault_in_a_loaded_object_is_the_kernels(void **state)
{
	(void)state;
	in_kernel = false;
	at.uc_mcontext.gregs[REG_RIP] =
		(greg_t)(uintptr_t)dlsym(RTLD_DEFAULT, "cmocka_set_message_output");
	assert_oops("NULL pointer");
}

static void faults_at_exit(struct task_struct *t)
{
	(void)t;
	if (shim_oops(&info, &at))
		shim_oops_report();
	returned = true;
}

static void returns_at_once(void *arg)
{
	(void)arg;
}

/* a task that ends is in the kernel until it is gone */
static void a_fault_at_exit_is_the_kernels(void **state)
{
	struct shim_exit_hooks saved = shim_exit_hooks;

	fresh_kernel(state);
	shim_exit_hooks = (struct shim_exit_hooks){ .after_work = faults_at_exit };
	at.uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)oops;
	spawn("task", returns_at_once, NULL);
	assert_int_equal(sched_run(NULL), SCHED_STOPPED);
	shim_exit_hooks = saved;
	assert_false(returned);
	assert_reported(REPORT_KERNEL, "NULL pointer");
}

/* ---- real ones ---- */

#ifndef __SANITIZE_ADDRESS__
static volatile int zero;
static int *volatile null;

static void follows_null(void)
{
	*null = 1;
}

static void divides(void)
{
	zero = 100 / zero;
}

static void traps(void)
{
	__builtin_trap();
}

static int recurses(int depth)
{
	volatile char frame[200];

	frame[0] = (char)depth;
	if (zero)
		return 0;
	return recurses(depth + 1) + frame[0];
}

static void overflows(void)
{
	zero = recurses(0) - zero;
	zero = 0;
}

static void jumps_nowhere(void)
{
	void (*volatile nowhere)(void) = (void (*)(void))16;

	nowhere();
}

static void loops(void)
{
	while (!zero)
		;
}

static void __attribute__((noinline)) helper(void)
{
	for (volatile int i = 0; i < 100; i++)
		;
}

static void loops_over_calls(void)
{
	while (!zero)
		helper();
}

/* the first of the inner loops has no call, the last one counts in its frame */
static void loops_over_loops(void)
{
	while (!zero) {
		for (int i = 0; i < 50; i++)
			__asm__ volatile("" : "+r"(i));
		helper();
		for (volatile int i = 0; i < 200; i++)
			;
	}
}

/* never the same twice */
static void counts(void)
{
	for (long i = 0; !zero; i++) {
		__asm__ volatile("" : "+r"(i));
		helper();
	}
}

static const struct {
	void (*fn)(void);
	const char *text;
} faults_that_happen[] = {
	{ follows_null, "NULL pointer: access at 0, after this step" },
	{ divides, "divide error" },
	{ traps, "invalid opcode" },
	{ overflows, "the stack of 64 KiB is used up" },
	{ jumps_nowhere, "NULL pointer: access at 16" },
	{ loops, "a loop without an end, and without a step" },
	{ loops_over_calls, "a loop without an end, and without a step" },
};

#define NR_FAULTS (sizeof(faults_that_happen) / sizeof(faults_that_happen[0]))

static void dies(void *arg)
{
	shim_syscall_enter("test");
	((void (*)(void))arg)();
	shim_syscall_exit(0);
}

static bool by_task;

static void execution(void *fn)
{
	fresh_kernel(NULL);
	if (!by_task) {
		((void (*)(void))fn)();
		returned = true;
		return;
	}
	spawn("task", dies, fn);
	sched_run(NULL);
}

static void ends_at_once(void)
{
}

static void dies_of(const char *text, void (*fn)(void))
{
	end_prepare(shim_oops); /* instead of cmocka's */
	shim_endless_watch();
	shim_guard(execution, (void *)fn);
	if (!sched_stopped())
		fail_msg("went on after %s", text);
	assert_int_equal(report_count(), 1);
	if (!strstr(last_report(), text))
		fail_msg("\"%s\" lacks \"%s\"", last_report(), text);
}

/* what a fault has left must not be seen in any execution after it */
static void a_kernel_that_died_leaves_nothing_behind(void **state)
{
	(void)state;
	by_task = true;
	for (unsigned int i = 0; i < NR_FAULTS; i++) {
		dies_of(faults_that_happen[i].text, faults_that_happen[i].fn);
		for (int n = 0; n < 1000; n++) {
			shim_guard(execution, (void *)ends_at_once);
			assert_string_equal(last_report(), "");
			if (sched_stopped())
				fail_msg("after %s and %d", faults_that_happen[i].text,
					 n);
		}
	}
	/* and once more, each right after the other */
	for (unsigned int i = 0; i < NR_FAULTS; i++)
		dies_of(faults_that_happen[i].text, faults_that_happen[i].fn);
}

/* the scenario: it looks at what the subject has not brought about */
static void the_main_context_comes_back_to_its_guard(void **state)
{
	(void)state;
	by_task = false;
	returned = false;
	dies_of("what the scenario looks at has not come about", follows_null);
	dies_of("a loop without an end", loops);
	assert_false(returned);
	/* a defect of ours is left to us */
	assert_int_equal(report_get(0)->kind, REPORT_PROGRESS);
}

/* as a world that lives long looks at it after each of two rounds */
static void looks_long_after_a_round(void)
{
	sched_run(NULL);
	raise(SIGVTALRM);
	sched_run(NULL);
	raise(SIGVTALRM);
	for (volatile long i = 0; i < 100000; i++)
		;
}

static void rounds_are_told_apart(void **state)
{
	(void)state;
	by_task = false;
	returned = false;
	end_prepare(shim_oops);
	shim_endless_watch();
	shim_guard(execution, (void *)looks_long_after_a_round);
	assert_string_equal(last_report(), "");
	assert_true(returned);
}

static void blocks(void)
{
	sched_block(&by_task, "a lock that nobody gives back", NULL);
}

static void a_main_context_that_would_block_is_reported(void **state)
{
	(void)state;
	by_task = false;
	dies_of("waits for a lock that nobody gives back, while no task", blocks);
}

static void take_stack(char *to, size_t len)
{
	static const char *const nothing[] = { NULL };
	FILE *out = fmemopen(to, len, "w");

	stacks_print(out, 0, "", nothing);
	fclose(out);
}

/* in the same place, whenever the timer fires */
static void a_loop_is_where_it_is_made(void **state)
{
	static const struct {
		void (*fn)(void);
		const char *name;
	} loop[] = { { loops_over_calls, " loops_over_calls (" },
		     { loops_over_loops, " loops_over_loops (" },
		     { counts, " counts (" } };
	char first[1024] = "", now[1024];

	(void)state;
	by_task = true;
	stacks_enable(true);
	for (int i = 0; i < 15; i++) {
		dies_of("a loop", loop[i / 5].fn);
		take_stack(now, sizeof(now));
		assert_non_null(strstr(now, loop[i / 5].name));
		assert_null(strstr(now, " helper ("));
		if (!(i % 5))
			strcpy(first, now);
		assert_string_equal(first, now);
	}
	stacks_enable(false);
	assert_true(shim_endless_loops() >= 15);
}
#endif

#define test(f) cmocka_unit_test_setup(f, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_pointer_out_of_freed_memory_is_found_in_any_register),
		test(an_offset_from_such_a_pointer_is_near_it),
		test(a_low_address_is_a_null_pointer),
		test(a_fault_of_the_simulator_is_left_to_it),
		test(a_fault_in_a_loaded_object_is_the_kernels),
		test(a_fault_at_exit_is_the_kernels),
#ifndef __SANITIZE_ADDRESS__
		test(a_kernel_that_died_leaves_nothing_behind),
		test(the_main_context_comes_back_to_its_guard),
		test(rounds_are_told_apart),
		test(a_main_context_that_would_block_is_reported),
		test(a_loop_is_where_it_is_made),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
