// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client is killed or interrupted while its request is somewhere on its way.
 */
#include "scenario_test.h"

static struct actor *server, *client;
static struct call *call;

static void a_client_whose_server_is(bool ready)
{
	the_world_is(.entries = 1);
	server = ready ? a_ready_server() : server_thread(world, "server-0");
	client = client_new(world, "client", 0);
}

static void killed_before_the_ring_is_ready(void **state)
{
	(void)state;
	a_client_whose_server_is(false);
	call = client_getattr(client, 2);
	gets_stuck(client);
	kill_task(client);
	finishes(client);
	assert_int_equal(call->ret, -EINTR);
	assert_true(actor_gone(client));
	assert_int_equal(ring_now().num_waiting, 0);
}

static void killed_while_the_request_waits_for_an_entry(void **state)
{
	(void)state;
	a_client_whose_server_is(true);
	struct actor *other = client_new(world, "other", 0);
	struct call *first = client_getattr(other, 3);
	struct delivery *d = server_takes(server);

	gets_stuck(other);
	finishes(server);
	call = client_getattr(client, 2);
	gets_stuck(client);
	assert_int_equal(queue_now(0).waiting, 1);

	kill_task(client);
	finishes(client);
	assert_int_equal(call->ret, -EINTR);
	assert_int_equal(queue_now(0).waiting, 0);

	server_answers(server, d);
	run_all();
	assert_int_equal(first->ret, 0);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

static void killed_while_the_server_has_the_request_it_waits_for_the_answer(void **state)
{
	(void)state;
	a_client_whose_server_is(true);
	call = client_getattr(client, 2);
	struct delivery *d = server_takes(server);

	gets_stuck(client);
	finishes(server);
	kill_task(client);
	run_as_far_as_possible(task_of(client));
	assert_false(call->done);

	server_answers(server, d);
	run_all();
	assert_true(call->done);
	assert_int_equal(call->ret, 0);
	assert_true(actor_gone(client));
}

static void killed_between_assignment_and_copy(void **state)
{
	(void)state;
	a_client_whose_server_is(true);
	call = client_getattr(client, 2);
	gets_stuck(client);
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
	kill_task(client);
	run_as_far_as_possible(task_of(client));
	server_serves(server);
	run_all();
	assert_int_equal(call->ret, 0);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

/* The killed task looks at FR_PENDING under the queue's lock, as does the commit. */
static void killed_while_a_commit_fetches_its_request(void **state)
{
	(void)state;
	a_client_whose_server_is(true);
	struct actor *other = client_new(world, "other", 0);

	client_getattr(other, 3);
	struct delivery *d = server_takes(server);

	gets_stuck(other);
	finishes(server);
	call = client_getattr(client, 2);
	gets_stuck(client);
	kill_task(client);
	stops_before_lock(client, "queue->lock"); /* about to remove its request */
	server_answers(server, d);
	finishes(server); /* which is sent meanwhile */
	run_as_far_as_possible(task_of(client));
	assert_false(call->done);
	assert_int_equal(entries_in(ENT_USERSPACE), 1);
	server_serves(server);
	run_all();
	assert_int_equal(call->ret, 0);
}

static void an_interrupt_is_sent_to_dev_fuse(void **state)
{
	(void)state;
	a_client_whose_server_is(true);
	call = client_getattr(client, 2);
	struct delivery *d = server_takes(server);
	struct dev_read *interrupt;

	gets_stuck(client);
	finishes(server);
	interrupt_task(client);
	gets_stuck(client);
	interrupt = server_reads_dev(server);
	finishes(server);
	assert_int_equal(interrupt->opcode, OP_INTERRUPT);
	assert_int_equal(interrupt->unique, d->unique | 1);
	assert_int_equal(((struct abi_interrupt_in *)(interrupt->bytes + 40))->unique,
			 d->unique);

	server_answers_error(server, d, -EINTR);
	run_all();
	assert_int_equal(call->ret, -EINTR);
	assert_false(actor_gone(client));
}

static void an_interrupt_that_nobody_reads_goes_with_the_answer(void **state)
{
	(void)state;
	a_client_whose_server_is(true);
	call = client_getattr(client, 2);
	struct delivery *d = server_takes(server);

	gets_stuck(client);
	finishes(server);
	interrupt_task(client);
	gets_stuck(client);
	server_answers(server, d);
	run_all();
	assert_int_equal(call->ret, 0);
}

static void an_interrupted_request_that_still_waits_is_served(void **state)
{
	(void)state;
	a_client_whose_server_is(true);
	struct actor *other = client_new(world, "other", 0);

	client_getattr(other, 3);
	gets_stuck(other);
	call = client_getattr(client, 2);
	gets_stuck(client);
	interrupt_task(client);
	gets_stuck(client);
	server_serves(server);
	run_all();
	assert_int_equal(call->ret, 0);
}

static void killed_while_the_connection_is_aborted(void **state)
{
	(void)state;
	a_client_whose_server_is(true);
	struct actor *other = client_new(world, "other", 0);
	struct actor *admin = client_new(world, "admin", 0);

	client_getattr(other, 3);
	gets_stuck(other);
	call = client_getattr(client, 2);
	gets_stuck(client);
	kill_task(client);
	stops_before_lock(client, "queue->lock");
	client_aborts_connection(admin);
	finishes(admin);
	run_all();
	assert_true(call->done);
	assert_int_equal(call->times_ended, 1);
}

SCENARIO_TESTS(
	scenario_test(killed_before_the_ring_is_ready),
	scenario_test(killed_while_the_request_waits_for_an_entry),
	scenario_test(killed_while_the_server_has_the_request_it_waits_for_the_answer),
	scenario_test(killed_between_assignment_and_copy),
	scenario_test(killed_while_a_commit_fetches_its_request),
	scenario_test(an_interrupt_is_sent_to_dev_fuse),
	scenario_test(an_interrupt_that_nobody_reads_goes_with_the_answer),
	scenario_test(an_interrupted_request_that_still_waits_is_served),
	scenario_test(killed_while_the_connection_is_aborted))
