// SPDX-License-Identifier: GPL-2.0-only
/*
 * The request time-out: looked at every 15 seconds, it aborts the connection
 * when the oldest request of any list is older than was negotiated.
 */
#include "scenario_test.h"

static struct actor *server, *client;

static void a_server_with_a_timeout_of(unsigned int seconds)
{
	the_world_is(.request_timeout = seconds);
	server = a_ready_server();
	client = client_new(world, "client", 0);
}

static void a_request_that_the_server_keeps_times_out(void **state)
{
	(void)state;
	a_server_with_a_timeout_of(20);
	struct call *c = client_getattr(client, 2);
	struct delivery *d = server_takes(server);

	world_lets_time_pass(world, 29);
	assert_true(d->arrived);
	assert_false(c->done);
	world_lets_time_pass(world, 2);
	assert_int_equal(c->ret, -ECONNABORTED);
	assert_false(ring_now().connected);
}

static void a_request_that_waits_for_an_entry_times_out(void **state)
{
	(void)state;
	a_server_with_a_timeout_of(20);
	struct call *first = client_getattr(client, 2);
	struct delivery *d = server_takes(server);

	world_lets_time_pass(world, 16);
	struct call *second = client_getattr(client_new(world, "second", 0), 3);

	world_lets_time_pass(world, 1);
	assert_int_equal(queue_now(0).waiting, 1);
	server_answers(server, d); /* the second is taken, and kept */
	world_lets_time_pass(world, 60);
	assert_int_equal(first->ret, 0);
	assert_int_equal(second->ret, -ECONNABORTED);
}

static void a_request_whose_task_work_does_not_run_times_out(void **state)
{
	(void)state;
	the_world_is(.request_timeout = 20,
		     .ring_flags = URING_SETUP_SINGLE_ISSUER | URING_SETUP_DEFER_TASKRUN);
	server = a_ready_server();
	client = client_new(world, "client", 0);
	struct call *c = client_getattr(client, 2);

	world_lets_time_pass(world, 31);
	assert_false(ring_now().connected);
	if (!subject_has(FUSE_CAN_BUFRING)) /* our own takes the request away at once */
		assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
	server_serves(server); /* now it runs, and teardown finds the entry */
	run_all();
	assert_true(c->done);
	assert_int_equal(c->times_ended, 1);
}

static void a_queued_background_request_times_out(void **state)
{
	(void)state;
	the_world_is(.request_timeout = 20, .max_background = 1, .entries = 1);
	server = a_ready_server();
	client = client_new(world, "client", 0);
	struct call *a = client_read_bg(client, 2, 0, 4096);

	server_takes(server);
	world_lets_time_pass(world, 31);
	assert_int_equal(a->ret, -ECONNABORTED);
	assert_int_equal(a->times_ended, 1);
}

static void answered_requests_do_not_time_out(void **state)
{
	(void)state;
	a_server_with_a_timeout_of(20);
	server_serves(server);
	for (unsigned int i = 0; i < 8; i++) {
		struct call *c = client_getattr(client, 2 + i);

		world_lets_time_pass(world, 10);
		assert_int_equal(c->ret, 0);
	}
	assert_true(ring_now().connected);
}

static void a_timeout_below_the_period_is_raised_to_it(void **state)
{
	(void)state;
	a_server_with_a_timeout_of(1);
	struct call *c = client_getattr(client, 2);

	server_takes(server);
	world_lets_time_pass(world, 14);
	assert_false(c->done);
	world_lets_time_pass(world, 20);
	assert_int_equal(c->ret, -ECONNABORTED);
}

static void a_request_on_dev_fuse_times_out_as_well(void **state)
{
	(void)state;
	the_world_is(.request_timeout = 20, .no_io_uring = true);
	server = server_main(world);
	client = client_new(world, "client", 0);
	struct call *pending = client_getattr(client, 2);
	struct dev_read *d = server_reads_dev(server);

	world_lets_time_pass(world, 31);
	assert_int_equal(d->opcode, OP_GETATTR);
	assert_int_equal(pending->ret, -ECONNABORTED);
}

static void queues_that_do_not_exist_have_no_requests(void **state)
{
	(void)state;
	the_world_is(.cpus = 2, .request_timeout = 20);
	server = server_thread(world, "server-0");
	client = client_new(world, "client", 1);
	server_registers(server, 1, 0);
	struct call *c = client_getattr(client, 2);

	world_lets_time_pass(world, 31);
	assert_false(c->done); /* it waits for the ring, which is no request yet */
	assert_true(ring_now().connected);
	server_registers(server, 0, 0);
	server_serves(server);
	run_all();
	assert_int_equal(c->ret, 0);
}

static void without_a_timeout_a_request_may_take_for_ever(void **state)
{
	(void)state;
	a_server_with_a_timeout_of(0);
	struct call *c = client_getattr(client, 2);
	struct delivery *d = server_takes(server);

	world_lets_time_pass(world, 3000);
	assert_false(c->done);
	server_answers(server, d);
	run_all();
	assert_int_equal(c->ret, 0);
}

/*
 * Order of events: a request waits for a thread that is busy elsewhere; a later one gets
 * to the server before it. The trees look at the later one, which is not too old.
 */
static void a_request_behind_a_later_one_times_out(void **state)
{
	(void)state;
	the_world_is(.request_timeout = 15, .entries = 2,
		     .ring_flags = URING_SETUP_SINGLE_ISSUER | URING_SETUP_DEFER_TASKRUN);
	server = server_thread(world, "busy");
	server_sets_up_queue(server, 0);
	server_registers(server, 0, 0);
	finishes(server);
	struct call *c = client_getattr(client_new(world, "client", 0), 2);

	world_lets_time_pass(world, 16);
	struct actor *other = server_thread(world, "other");

	server_registers(other, 0, 1);
	finishes(other);
	client_getattr(client_new(world, "later", 0), 3);
	server_takes(other);
	world_lets_time_pass(world, 1);
	server_takes(server);
	world_lets_time_pass(world, 16);
	world_lets_time_pass(world, 1);
	expects_finding("the first request of each list is looked at", REPORT_PROGRESS,
			"GETATTR of inode 2 by client is under way for 33 seconds, the "
			"time-out is 15; a later request is before it");
	world_lets_time_pass(world, 15);
	assert_false(ring_now().connected);
	assert_int_equal(c->ret, -ECONNABORTED);
}

SCENARIO_TESTS(scenario_test(a_request_that_the_server_keeps_times_out),
	       scenario_test(a_request_that_waits_for_an_entry_times_out),
	       scenario_test(a_request_whose_task_work_does_not_run_times_out),
	       scenario_test(a_request_behind_a_later_one_times_out),
	       scenario_test(a_queued_background_request_times_out),
	       scenario_test(answered_requests_do_not_time_out),
	       scenario_test(a_timeout_below_the_period_is_raised_to_it),
	       scenario_test(a_request_on_dev_fuse_times_out_as_well),
	       scenario_test(queues_that_do_not_exist_have_no_requests),
	       scenario_test(without_a_timeout_a_request_may_take_for_ever))
