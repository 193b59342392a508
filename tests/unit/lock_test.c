// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks and mutexes: exclusion, and what lockdep would say.
 */
#include "sched/sanitizer.h"
#include "shim/heap.h"
#include "shim/lock.h"
#include "unit.h"

static const struct shim_lock_class class = { "&thing->lock" };
static struct shim_lock lock, other;
static int inside, max_inside;

static int fresh_locks(void **state)
{
	fresh_kernel(state);
	shim_lock_init(&lock, &class);
	shim_lock_init(&other, &class);
	inside = max_inside = 0;
	return 0;
}

static void critical_section(void *arg)
{
	(void)arg;
	shim_spin_lock(&lock, SCHED_SITE("&thing->lock"));
	inside++;
	if (inside > max_inside)
		max_inside = inside;
	sched_point(SCHED_ATOMIC, NULL, SCHED_SITE("inside"));
	inside--;
	shim_spin_unlock(&lock, SCHED_SITE("&thing->lock"));
}

static struct sched_task *round_robin(void *ctx, struct sched_task *const *runnable,
				      unsigned int n, struct sched_task *last)
{
	(void)ctx;
	for (unsigned int i = 0; i < n; i++)
		if (!last || runnable[i]->id > last->id)
			return runnable[i];
	return runnable[0];
}

static void a_spinlock_keeps_others_out(void **state)
{
	struct sched_strategy s = { .pick = round_robin, .mask = SCHED_MARKED };

	(void)state;
	for (int i = 0; i < 4; i++)
		spawn("t", critical_section, NULL);
	assert_int_equal(sched_run(&s), SCHED_ENDED);
	assert_int_equal(max_inside, 1);
	assert_int_equal(lock.waiters, 0);
	assert_int_equal(report_count(), 0);
}

static void takes_it_twice(void *arg)
{
	(void)arg;
	shim_spin_lock(&lock, SCHED_SITE("&thing->lock"));
	shim_spin_lock(&lock, SCHED_SITE("&thing->lock"));
}

static void recursion_is_reported_and_ends_the_execution(void **state)
{
	(void)state;
	spawn("t", takes_it_twice, NULL);
	assert_int_equal(sched_run(NULL), SCHED_STOPPED);
	assert_reported(REPORT_LOCK, "recursion: thing->lock");
}

static void takes_two_locks_of_a_class(void *arg)
{
	(void)arg;
	shim_spin_lock(&lock, SCHED_SITE("a"));
	shim_spin_lock(&other, SCHED_SITE("b"));
	shim_spin_unlock(&other, SCHED_SITE("b"));
	shim_spin_unlock(&lock, SCHED_SITE("a"));
}

static void two_locks_of_one_class_are_no_recursion(void **state)
{
	(void)state;
	run_to_end(spawn("t", takes_two_locks_of_a_class, NULL));
	assert_int_equal(report_count(), 0);
}

static void unlocks_what_it_does_not_hold(void *arg)
{
	(void)arg;
	shim_spin_unlock(&lock, SCHED_SITE("&thing->lock"));
}

static void unlock_of_a_free_lock_is_reported(void **state)
{
	(void)state;
	run_to_end(spawn("t", unlocks_what_it_does_not_hold, NULL));
	assert_reported(REPORT_LOCK, "which nobody holds");
}

static void unlock_of_anothers_lock_is_reported(void **state)
{
	struct sched_task *a = spawn("a", critical_section, NULL);

	(void)state;
	run_until(a, SCHED_ATOMIC, 1);
	run_to_end(spawn("b", unlocks_what_it_does_not_hold, NULL));
	assert_reported(REPORT_LOCK, "which a holds");
	run_to_end(a);
}

static void sleeps_with_a_spinlock(void *arg)
{
	(void)arg;
	shim_spin_lock(&lock, SCHED_SITE("l"));
	shim_kfree(shim_kmalloc(8, 0, SCHED_SITE("p")), SCHED_SITE("p"));
	shim_spin_unlock(&lock, SCHED_SITE("l"));
}

static void an_allocation_that_may_sleep_under_a_spinlock_is_reported(void **state)
{
	(void)state;
	run_to_end(spawn("t", sleeps_with_a_spinlock, NULL));
	assert_reported(REPORT_LOCK, "sleeping while atomic");
}

static void sleeps_with_a_mutex(void *arg)
{
	(void)arg;
	shim_mutex_lock(&lock, SCHED_SITE("l"));
	shim_kfree(shim_kmalloc(8, 0, SCHED_SITE("p")), SCHED_SITE("p"));
	shim_mutex_unlock(&lock, SCHED_SITE("l"));
}

static void an_allocation_under_a_mutex_is_fine(void **state)
{
	(void)state;
	run_to_end(spawn("t", sleeps_with_a_mutex, NULL));
	assert_int_equal(report_count(), 0);
}

static void returns_with_a_lock(void *arg)
{
	(void)arg;
	shim_syscall_enter("call");
	shim_spin_lock(&lock, SCHED_SITE("l"));
	shim_syscall_exit(0);
	shim_spin_unlock(&lock, SCHED_SITE("l"));
}

static void a_lock_held_on_return_to_user_mode_is_reported(void **state)
{
	(void)state;
	run_to_end(spawn("t", returns_with_a_lock, NULL));
	assert_reported(REPORT_LOCK,
			"returns to user mode from call with 1 lock(s) held");
}

static void uses_a_freed_lock(void *arg)
{
	struct shim_lock *l = shim_kmalloc(sizeof(*l), 0, SCHED_SITE("*queue"));

	(void)arg;
	shim_lock_init(l, &class);
	shim_kfree(l, SCHED_SITE("queue"));
#ifndef HAVE_ASAN
	shim_spin_lock(l, SCHED_SITE("&queue->lock"));
#else
	report_fatal(REPORT_HEAP, NULL, "lock queue->lock is in freed memory (by ASan)");
#endif
}

static void a_lock_in_freed_memory_is_reported(void **state)
{
	(void)state;
	spawn("t", uses_a_freed_lock, NULL);
	assert_int_equal(sched_run(NULL), SCHED_STOPPED);
	assert_reported(REPORT_HEAP, "freed memory");
}

static void uses_a_zeroed_lock(void *arg)
{
	static struct shim_lock zeroed;

	(void)arg;
	shim_spin_lock(&zeroed, SCHED_SITE("&x->lock"));
}

static void a_lock_that_was_never_initialised_is_reported(void **state)
{
	(void)state;
	spawn("t", uses_a_zeroed_lock, NULL);
	assert_int_equal(sched_run(NULL), SCHED_STOPPED);
	assert_reported(REPORT_KERNEL, "never initialised");
}

static void asserts_held(void *arg)
{
	(void)arg;
	shim_lockdep_assert(&lock, 0, SCHED_SITE("l"));
	shim_spin_lock(&lock, SCHED_SITE("l"));
	shim_lockdep_assert(&lock, 1, SCHED_SITE("l"));
	shim_spin_unlock(&lock, SCHED_SITE("l"));
	assert_int_equal(report_count(), 0);
	shim_lockdep_assert(&lock, 1, SCHED_SITE("l"));
}

static void lockdep_assert_held_speaks_when_it_is_not(void **state)
{
	(void)state;
	run_to_end(spawn("t", asserts_held, NULL));
	assert_reported(REPORT_LOCK, "thing->lock must be held here");
}

static void tries(void *arg)
{
	*(int *)arg = shim_spin_trylock(&lock, SCHED_SITE("l"));
	if (*(int *)arg)
		shim_spin_unlock(&lock, SCHED_SITE("l"));
}

static void trylock_fails_while_another_holds_it(void **state)
{
	struct sched_task *a = spawn("a", critical_section, NULL);
	int got = -1;

	(void)state;
	run_until(a, SCHED_ATOMIC, 1);
	run_to_end(spawn("b", tries, &got));
	assert_int_equal(got, 0);
	run_to_end(a);
	run_to_end(spawn("c", tries, &got));
	assert_int_equal(got, 1);
}

static void taking_and_giving_back_are_in_the_trace(void **state)
{
	static const enum sched_what expected[] = { SCHED_LOCK, SCHED_UNLOCK };
	unsigned int n = 0;

	(void)state;
	run_to_end(spawn("t", critical_section, NULL));
	for (size_t i = 0; i < trace_count(); i++)
		if (trace_get(i)->object == &lock)
			assert_int_equal(trace_get(i)->what, expected[n++ % 2]);
	assert_int_equal(n, 2);
}

#ifndef HAVE_ASAN /* it would end the program at the access */
static struct shim_lock *short_lived;

static void takes_the_short_lived(void *arg)
{
	(void)arg;
	shim_mutex_lock(short_lived, SCHED_SITE("&thing->lock"));
}

static void frees_it_when_it_is_given_back(void *arg)
{
	(void)arg;
	shim_mutex_lock(short_lived, SCHED_SITE("&thing->lock"));
	sched_yield();
	shim_mutex_unlock(short_lived, SCHED_SITE("&thing->lock"));
	shim_kfree(short_lived, SCHED_SITE("thing"));
}

static void a_lock_that_is_freed_while_a_task_waits_is_reported(void **state)
{
	struct sched_task *owner, *waiter;

	(void)state;
	short_lived = shim_kmalloc(sizeof(*short_lived), 0, SCHED_SITE("thing"));
	shim_lock_init(short_lived, &class);
	owner = spawn("owner", frees_it_when_it_is_given_back, NULL);
	waiter = spawn("waiter", takes_the_short_lived, NULL);
	sched_run_task(owner, NULL, NULL, 0);
	run_until_blocked(waiter);
	run_to_end(owner);
	assert_int_equal(sched_run(NULL), SCHED_STOPPED);
	assert_int_equal(report_count(), 1);
}
#endif

static void takes_a_wild_one(void *arg)
{
	shim_spin_trylock(arg, SCHED_SITE("&gone->lock"));
}

/* where locks are looked at, no fault of the processor says so */
static void what_can_be_no_lock_is_not_looked_at(void **state)
{
	static const struct {
		uintptr_t at;
		const char *words;
	} wild[] = {
		{ 0, "NULL pointer: lock &gone->lock" },
		{ 65535, "NULL pointer: lock &gone->lock" },
		{ 1ul << 47, "wild pointer: lock &gone->lock" },
		{ ~0ul, "wild pointer: lock &gone->lock" },
	};

	for (unsigned int i = 0; i < 4; i++) {
		fresh_kernel(state);
		spawn("task", takes_a_wild_one, (void *)wild[i].at);
		assert_int_equal(sched_run(NULL), SCHED_STOPPED);
		assert_int_equal(report_count(), 1);
		assert_string_equal(last_report(), wild[i].words);
		assert_int_equal(report_get(0)->kind, REPORT_KERNEL);
	}
}

#define lock_unit_test(f) cmocka_unit_test_setup(f, fresh_locks)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lock_unit_test(a_spinlock_keeps_others_out),
		lock_unit_test(recursion_is_reported_and_ends_the_execution),
		lock_unit_test(two_locks_of_one_class_are_no_recursion),
		lock_unit_test(unlock_of_a_free_lock_is_reported),
		lock_unit_test(unlock_of_anothers_lock_is_reported),
		lock_unit_test(an_allocation_that_may_sleep_under_a_spinlock_is_reported),
		lock_unit_test(an_allocation_under_a_mutex_is_fine),
		lock_unit_test(a_lock_held_on_return_to_user_mode_is_reported),
		lock_unit_test(a_lock_in_freed_memory_is_reported),
		lock_unit_test(a_lock_that_was_never_initialised_is_reported),
		lock_unit_test(lockdep_assert_held_speaks_when_it_is_not),
		lock_unit_test(trylock_fails_while_another_holds_it),
		lock_unit_test(taking_and_giving_back_are_in_the_trace),
#ifndef HAVE_ASAN
		lock_unit_test(a_lock_that_is_freed_while_a_task_waits_is_reported),
#endif
		fresh_test(what_can_be_no_lock_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
