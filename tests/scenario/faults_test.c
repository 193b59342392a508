// SPDX-License-Identifier: GPL-2.0-only
/*
 * The n-th allocation or copy fails, for every n: whoever asked sees an error or
 * is served, nothing is left behind, and a later try works.
 */
#include "shim/fault.h"

#include "scenario_test.h"

#define MANY 300 /* more failing calls than any of these tests makes */

static enum fault_kind failing;
static unsigned int nth, errors;

static void the_nth_call_fails_from_here(void)
{
	fault_nth(failing, nth);
}

static void note_result(long ret)
{
	if (ret < 0)
		errors++;
}

/* tell it with the n-th call failing, for all n up to the first that does not happen */
static void is_told_with_each(enum fault_kind kind, void (*scenario_of)(void))
{
	bool fired;

	failing = kind;
	errors = 0;
	nth = 0;
	do {
		nth++;
		scenario_of();
		fired = fault_fired(kind);
		if (world_close(world)) {
			print_error("with call %u of kind %d failing:\n", nth, kind);
			fail();
		}
		world = NULL;
	} while (fired && nth < MANY);
	assert_false(fired);
	assert_true(nth > 1);
}

static void is_told_with_every_failure(enum fault_kind kind, void (*scenario_of)(void))
{
	is_told_with_each(kind, scenario_of);
	assert_true(errors > 0);
}

static struct actor *a_server_with_a_ring(enum payload_mode payload)
{
	struct actor *server;
	struct reg nonsense;

	the_world_is(.entries = 2, .payload = payload);
	server = server_thread(world, "server-0");
	register_default(world, 0, 0, &nonsense);
	nonsense.cmd_op = 99;
	server_registers_raw(server, &nonsense);
	finishes(server);
	return server;
}

/* ---- registration ---- */

static void two_entries_are_registered(void)
{
	struct actor *server = a_server_with_a_ring(PAYLOAD_PER_ENTRY);
	struct submit *s[2];

	the_nth_call_fails_from_here();
	for (unsigned int i = 0; i < 2; i++)
		s[i] = server_registers(server, 0, i);
	finishes(server);
	for (unsigned int i = 0; i < 2; i++) {
		if (s[i]->completed)
			assert_true(s[i]->res == -ENOMEM || s[i]->res == -EFAULT ||
				    s[i]->res == -EOPNOTSUPP);
		note_result(s[i]->completed ? s[i]->res : 0);
	}
}

static void a_pool_is_set_up(void)
{
	struct actor *server = a_server_with_a_ring(PAYLOAD_SHARED);

	the_nth_call_fails_from_here();
	server_sets_up(server, 0);
	finishes(server);
	note_result(entries_in(ENT_AVAILABLE) == 2 ? 0 : -1);
}

static void registration_without_memory_leaves_nothing(void **state)
{
	(void)state;
	is_told_with_every_failure(FAULT_ALLOC, two_entries_are_registered);
}

static void registration_with_unreadable_arguments_leaves_nothing(void **state)
{
	(void)state;
	is_told_with_every_failure(FAULT_FROM_USER, two_entries_are_registered);
}

static void a_pool_without_memory_leaves_nothing(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	is_told_with_every_failure(FAULT_ALLOC, a_pool_is_set_up);
}

/* ---- requests ---- */

static void requests_of_every_kind_are_made(void)
{
	struct actor *server = a_server_with_a_ring(PAYLOAD_PER_ENTRY);
	struct actor *client = client_new(world, "client", 0);
	struct call *calls[6];

	server_sets_up(server, 0);
	server_serves(server);
	finishes(server);
	the_nth_call_fails_from_here();
	calls[0] = client_getattr(client, 2);
	calls[1] = client_write(client, 2, 0, 8192);
	calls[2] = client_read(client, 2, 100, 4096);
	calls[3] = client_read_bg(client, 2, 0, 4096);
	calls[4] = client_write_bg(client, 2, 0, 4096);
	calls[5] = client_fsync(client, 2);
	run_all();
	for (unsigned int i = 0; i < 6; i++) {
		assert_true(calls[i]->done);
		assert_int_equal(calls[i]->times_ended, 1);
		note_result(calls[i]->ret);
	}
	assert_int_equal(ring_now().num_background, 0);
	/* one failure, and the ring works as before */
	struct call *again = client_read(client, 3, 0, 4096);

	run_all();
	assert_true(!fault_fired(failing) || again->done);
}

static void requests_without_memory_fail_one_by_one(void **state)
{
	(void)state;
	is_told_with_every_failure(FAULT_ALLOC, requests_of_every_kind_are_made);
}

static void requests_that_cannot_be_copied_to_the_server_fail(void **state)
{
	(void)state;
	is_told_with_every_failure(FAULT_TO_USER, requests_of_every_kind_are_made);
}

static void replies_that_cannot_be_read_fail_the_request(void **state)
{
	(void)state;
	is_told_with_every_failure(FAULT_FROM_USER, requests_of_every_kind_are_made);
}

static void payloads_that_cannot_be_pinned_fail_the_request(void **state)
{
	(void)state;
	is_told_with_every_failure(FAULT_PIN, requests_of_every_kind_are_made);
}

static void payloads_that_cannot_be_imported_fail_the_request(void **state)
{
	(void)state;
	is_told_with_every_failure(FAULT_IMPORT, requests_of_every_kind_are_made);
}

static void pages_that_come_in_halves_change_nothing(void **state)
{
	(void)state;
	is_told_with_each(FAULT_SHORT_PAGE, requests_of_every_kind_are_made);
	assert_int_equal(errors, 0);
}

static void requests_whose_task_work_is_refused_end_with_the_server(void **state)
{
	(void)state;
	is_told_with_every_failure(FAULT_TASK_WORK, requests_of_every_kind_are_made);
}

static void zero_copied_requests_are_made(void)
{
	struct actor *server, *client;
	struct call *r, *w;

	the_world_is(.entries = 2, .payload = PAYLOAD_BUFPOOL, .zero_copy = true);
	server = a_ready_server();
	client = client_new(world, "client", 0);
	server_serves(server);
	finishes(server);
	the_nth_call_fails_from_here();
	w = client_write(client, 2, 0, 8192);
	r = client_read(client, 2, 0, 8192);
	run_all();
	note_result(w->ret);
	note_result(r->ret);
	assert_true(w->done && r->done);
}

static void zero_copy_without_memory_fails_one_by_one(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	is_told_with_every_failure(FAULT_ALLOC, zero_copied_requests_are_made);
}

static void zero_copied_requests_that_cannot_be_copied_fail(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	is_told_with_every_failure(FAULT_TO_USER, zero_copied_requests_are_made);
}

SCENARIO_TESTS(scenario_test(registration_without_memory_leaves_nothing),
	       scenario_test(registration_with_unreadable_arguments_leaves_nothing),
	       scenario_test(a_pool_without_memory_leaves_nothing),
	       scenario_test(requests_without_memory_fail_one_by_one),
	       scenario_test(requests_that_cannot_be_copied_to_the_server_fail),
	       scenario_test(replies_that_cannot_be_read_fail_the_request),
	       scenario_test(payloads_that_cannot_be_pinned_fail_the_request),
	       scenario_test(payloads_that_cannot_be_imported_fail_the_request),
	       scenario_test(pages_that_come_in_halves_change_nothing),
	       scenario_test(requests_whose_task_work_is_refused_end_with_the_server),
	       scenario_test(zero_copy_without_memory_fails_one_by_one),
	       scenario_test(zero_copied_requests_that_cannot_be_copied_fail))
