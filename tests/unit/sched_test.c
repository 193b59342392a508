// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler: order, points, blocking, strategies, bounds, determinism.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

static char order[256];

static void say(const char *word)
{
	strcat(order, word);
}

static int fresh_order(void **state)
{
	order[0] = '\0';
	return fresh_kernel(state);
}

#define sched_unit_test(f) cmocka_unit_test_setup(f, fresh_order)

static void three_steps(void *arg)
{
	for (int i = 0; i < 3; i++) {
		sched_point(SCHED_ATOMIC, NULL, SCHED_SITE("step"));
		say(arg);
	}
}

static void the_default_order_runs_each_task_to_its_end(void **state)
{
	(void)state;
	spawn("a", three_steps, "a");
	spawn("b", three_steps, "b");
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_string_equal(order, "aaabbb");
}

static struct sched_task *alternate(void *ctx, struct sched_task *const *runnable,
				    unsigned int n, struct sched_task *last)
{
	(void)ctx;
	return n > 1 && runnable[0] == last ? runnable[1] : runnable[0];
}

static void a_strategy_is_asked_at_every_watched_point(void **state)
{
	struct sched_strategy s = { .pick = alternate, .mask = SCHED_BIT(SCHED_ATOMIC) };

	(void)state;
	spawn("a", three_steps, "a");
	spawn("b", three_steps, "b");
	assert_int_equal(sched_run(&s), SCHED_ENDED);
	assert_string_equal(order, "ababab");
}

static void points_that_nobody_watches_do_not_switch(void **state)
{
	struct sched_strategy s = { .pick = alternate, .mask = SCHED_BIT(SCHED_LOCK) };

	(void)state;
	spawn("a", three_steps, "a");
	spawn("b", three_steps, "b");
	sched_run(&s);
	assert_string_equal(order, "aaabbb");
}

static int door;

static void waits_at_the_door(void *arg)
{
	say("w");
	sched_block(&door, "the door", SCHED_SITE("door"));
	say(arg);
}

static void opens_the_door(void *arg)
{
	(void)arg;
	say("o");
	assert_int_equal(sched_wake_on(&door), 1);
}

static void a_blocked_task_goes_on_when_it_is_woken(void **state)
{
	(void)state;
	spawn("waiter", waits_at_the_door, "!");
	spawn("opener", opens_the_door, NULL);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_string_equal(order, "wo!");
}

static void a_task_that_nobody_wakes_is_a_deadlock(void **state)
{
	struct sched_task *t;

	(void)state;
	t = spawn("waiter", waits_at_the_door, "!");
	assert_int_equal(sched_run(NULL), SCHED_IS_BLOCKED);
	assert_int_equal(t->state, SCHED_BLOCKED);
	assert_string_equal(t->blocked_why, "the door");
	assert_ptr_equal(t->blocked_on, &door);
}

static void rests(void *arg)
{
	(void)arg;
	sched_current()->idle = true;
	sched_block(&door, "work", NULL);
}

static void a_task_at_rest_is_no_deadlock(void **state)
{
	(void)state;
	spawn("rester", rests, NULL);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
}

static void yields_for_ever(void *arg)
{
	for (;;) {
		(void)arg;
		sched_yield();
	}
}

static void a_bound_ends_a_live_lock(void **state)
{
	(void)state;
	sched_set_bound(1000);
	spawn("a", yields_for_ever, NULL);
	spawn("b", yields_for_ever, NULL);
	assert_int_equal(sched_run(NULL), SCHED_BOUND);
	sched_set_bound(0);
}

static void yields_once(void *arg)
{
	say(arg);
	sched_yield();
	say(arg);
}

static void yield_gives_everybody_a_turn(void **state)
{
	(void)state;
	spawn("a", yields_once, "a");
	spawn("b", yields_once, "b");
	spawn("c", yields_once, "c");
	sched_run(NULL);
	assert_string_equal(order, "abcabc");
}

static void stops(void *arg)
{
	(void)arg;
	say("x");
	sched_stop();
	say("never");
}

static void stop_ends_the_execution_for_everybody(void **state)
{
	(void)state;
	spawn("a", stops, NULL);
	spawn("b", three_steps, "b");
	assert_int_equal(sched_run(NULL), SCHED_STOPPED);
	assert_string_equal(order, "x");
	assert_true(sched_stopped());
}

static void deep(void *arg)
{
	volatile char big[8192];

	(void)arg;
	memset((void *)big, 0x77, sizeof(big));
	sched_yield();
	assert_int_equal(big[100], 0x77);
}

static void many_tasks_have_stacks_of_their_own(void **state)
{
	(void)state;
	for (int i = 0; i < SCHED_MAX_TASKS; i++)
		spawn("deep", deep, NULL);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(sched_task_count(), SCHED_MAX_TASKS);
}

static uint64_t one_run(char **text)
{
	size_t len;
	FILE *f = open_memstream(text, &len);
	struct sched_strategy s = { .pick = alternate, .mask = SCHED_MARKED };

	fresh_order(NULL);
	spawn("a", three_steps, "a");
	spawn("waiter", waits_at_the_door, "!");
	spawn("opener", opens_the_door, NULL);
	sched_run(&s);
	trace_print(f);
	fclose(f);
	return trace_hash();
}

static void the_same_run_gives_the_same_trace_byte_for_byte(void **state)
{
	char *first, *second;
	uint64_t a = one_run(&first), b = one_run(&second);

	(void)state;
	assert_true(a == b);
	assert_string_equal(first, second);
	assert_true(strlen(first) > 200);
	free(first);
	free(second);
}

static void the_trace_is_in_the_order_of_events(void **state)
{
	const struct trace_record *r;
	struct sched_task *a;

	(void)state;
	a = spawn("a", three_steps, "a");
	run_until(a, SCHED_ATOMIC, 2);
	/* about to do the second: only the first is in the trace */
	r = trace_get(trace_count() - 1);
	assert_int_equal(r->what, SCHED_ATOMIC);
	assert_string_equal(r->site->expr, "step");
	assert_string_equal(order, "a");
	run_to_end(a);
	assert_string_equal(order, "aaa");
}

static uintptr_t address_of_local;

static void notes_its_stack(void *arg)
{
	int local;

	(void)arg;
	address_of_local = (uintptr_t)&local;
}

static void stacks_are_at_the_same_addresses_every_time(void **state)
{
	uintptr_t first;

	(void)state;
	run_to_end(spawn("a", notes_its_stack, NULL));
	first = address_of_local;
	fresh_order(NULL);
	run_to_end(spawn("b", notes_its_stack, NULL));
	assert_true(first == address_of_local);
	assert_true(first >> 40 == 0x30);
}

static unsigned int deeper(unsigned int left, volatile char *above)
{
	volatile char frame[256];

	frame[0] = *above;
	return left ? deeper(left - 1, frame) + (unsigned int)frame[0] : 0;
}

static void overflows(void *arg)
{
	char start = 0;

	(void)arg;
	deeper(1u << 20, &start);
}

static void a_stack_that_overflows_hits_its_guard_page(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (!child) {
		/* no reports, no handlers of cmocka's: die of it */
		signal(SIGSEGV, SIG_DFL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(0);
		spawn("deep", overflows, NULL);
		sched_run(NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_long_trace_says_what_it_dropped(void **state)
{
	(void)state;
	for (int i = 0; i < TRACE_RECORDS + 10; i++)
		sched_trace(SCHED_NOTE, "n", i, NULL);
	assert_int_equal(trace_count(), TRACE_RECORDS);
	assert_int_equal(trace_dropped(), 10);
	assert_int_equal(trace_get(0)->value, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		sched_unit_test(the_default_order_runs_each_task_to_its_end),
		sched_unit_test(a_strategy_is_asked_at_every_watched_point),
		sched_unit_test(points_that_nobody_watches_do_not_switch),
		sched_unit_test(a_blocked_task_goes_on_when_it_is_woken),
		sched_unit_test(a_task_that_nobody_wakes_is_a_deadlock),
		sched_unit_test(a_task_at_rest_is_no_deadlock),
		sched_unit_test(a_bound_ends_a_live_lock),
		sched_unit_test(yield_gives_everybody_a_turn),
		sched_unit_test(stop_ends_the_execution_for_everybody),
		sched_unit_test(many_tasks_have_stacks_of_their_own),
		sched_unit_test(the_same_run_gives_the_same_trace_byte_for_byte),
		sched_unit_test(the_trace_is_in_the_order_of_events),
		sched_unit_test(stacks_are_at_the_same_addresses_every_time),
		sched_unit_test(a_stack_that_overflows_hits_its_guard_page),
		sched_unit_test(a_long_trace_says_what_it_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
