// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a scenario: what is noted of them, and that they happen one at a time if
 * somebody wants that, in the order that he names.
 */
#include "scenario_test.h"

#include "shim/work.h"
#include "fuse/steps.h"

static struct actor *server, *first, *second;
static struct call *calls[2];

static bool idle(void *ctx)
{
	(void)ctx;
	return steps_go_on() || shim_time_advance();
}

static struct sched_task *lowest(void *ctx, struct sched_task *const *runnable,
				 unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)n;
	(void)last;
	return runnable[0];
}

/* a server that takes one request and keeps it; two clients. Actor 0 is its main thread
 */
static void two_ask(void)
{
	the_world_is(.entries = 1);
	server = server_thread(world, "server-0");
	first = client_new(world, "first", 0);
	second = client_new(world, "second", 0);
	server_registers(server, 0, 0);
	world_is_set_up(world);
	server_takes(server);
	calls[0] = client_getattr(first, 2);
	calls[1] = client_getattr(second, 3);
}

static void in_the_order(const uint8_t *order, unsigned int nr)
{
	const struct sched_strategy strategy = { .pick = lowest, .idle = idle };

	steps_one_at_a_time(order, nr);
	two_ask();
	sched_run(&strategy);
	steps_freeze();
}

static unsigned int steps_now(const struct step **steps)
{
	bool lost;
	unsigned int nr = steps_taken(steps, &lost);

	assert_false(lost);
	return nr;
}

static void ends(void)
{
	steps_watch(false);
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
}

static void what_was_done_is_noted_with_what_came_of_it(void **state)
{
	const struct step *steps;

	(void)state;
	in_the_order(NULL, 0);
	assert_int_equal(steps_now(&steps), 4);
	assert_int_equal(steps[0].kind, STEP_SUBMIT);
	assert_true(steps[0].setup && fuse_step(&steps[0])->usual && steps[0].returned);
	assert_int_equal(steps[1].kind, STEP_TAKE);
	assert_true(!steps[1].setup && fuse_step(&steps[1])->done);
	assert_int_equal(steps[2].kind, STEP_CALL);
	assert_ptr_equal(fuse_step(&steps[2])->call, calls[0]);
	assert_false(fuse_step(&steps[2])->done);
	assert_ptr_equal(steps[3].actor, second);
	ends();
}

static void the_order_says_who_begins(void **state)
{
	const uint8_t order[] = { 3, 2, 1 };
	const struct steps_choice *choices;
	const struct step *steps;

	(void)state;
	in_the_order(order, 3);
	assert_int_equal(steps_now(&steps), 4);
	assert_ptr_equal(steps[1].actor, second);
	assert_ptr_equal(steps[2].actor, first);
	assert_ptr_equal(steps[3].actor, server);
	assert_int_equal(fuse_step(&steps[3])->delivery->nodeid, 3);
	assert_int_equal(steps_choices(&choices), 3);
	assert_int_equal(choices[0].can, 1u << 1 | 1u << 2 | 1u << 3);
	assert_int_equal(choices[0].took, 3);
	assert_int_equal(choices[2].can, 1u << 1);
	ends();
}

static void what_comes_after_the_end_is_no_step(void **state)
{
	const struct step *steps;

	(void)state;
	in_the_order(NULL, 0);
	server_serves(server);
	run_all();
	assert_int_equal(steps_now(&steps), 4);
	assert_false(fuse_step(&steps[3])->done); /* then */
	ends();
}

static void whoever_kills_takes_a_step(void **state)
{
	const struct step *steps;

	(void)state;
	steps_watch(true);
	two_ask();
	run_all();
	kill_task(first);
	run_all();
	steps_freeze();
	assert_int_equal(steps_now(&steps), 5);
	assert_int_equal(steps[4].kind, STEP_KILL);
	assert_ptr_equal(steps[4].actor, first);
	ends();
}

static void a_register_with_fields_of_its_own_is_told_apart(void **state)
{
	const struct step *steps;
	struct reg r;

	(void)state;
	steps_watch(true);
	the_world_is(.entries = 2);
	server = server_thread(world, "server-0");
	register_default(world, 0, 0, &r);
	r.payload_len -= 8;
	server_registers_raw(server, &r);
	r.flags = 1u << 20;
	server_registers_raw(server, &r);
	run_all();
	steps_freeze();
	assert_int_equal(steps_now(&steps), 2);
	assert_true(fuse_step(&steps[0])->usual && fuse_step(&steps[0])->missing == 8);
	assert_int_equal(fuse_step(&steps[0])->ret, -EINVAL);
	assert_false(fuse_step(&steps[1])->usual);
	ends();
}

SCENARIO_TESTS(scenario_test(what_was_done_is_noted_with_what_came_of_it),
	       scenario_test(the_order_says_who_begins),
	       scenario_test(what_comes_after_the_end_is_no_step),
	       scenario_test(whoever_kills_takes_a_step),
	       scenario_test(a_register_with_fields_of_its_own_is_told_apart))
