// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings of regions and of several sizes come to an end while requests are everywhere, and
 * many clients ask in random orders: whatever meets whatever, each call returns once, and
 * all room comes back.
 */
#include "bufring_ends.h"
#include "bufring_sharing.h"
#include "shim/fault.h"

#define CALLS 7
#define MANY  300 /* more calls than are made by any of these tests */

static struct actor *clients[4];
static struct call *calls[CALLS];

/* ---- how buffers are shared ---- */

static void a_ring_of_regions(void)
{
	the_server_shares(.entries = 3, .buffers = 1, .inc = true);
}

static void two_buffers_of_regions(void)
{
	the_server_shares(.entries = 3, .buffers = 2, .inc = true);
}

static void a_ring_of_two_sizes(void)
{
	the_server_shares(.entries = 3, .buffers = 1, .classes = 2);
}

static void a_ring_of_three_sizes(void)
{
	the_server_shares(.entries = 4, .buffers = 1, .classes = 3);
}

static void (*const rings[])(void) = {
	a_ring_of_regions,
	two_buffers_of_regions,
	a_ring_of_two_sizes,
	a_ring_of_three_sizes,
};

/* ---- who asks for what ---- */

static void clients_ask(void)
{
	for (unsigned int i = 0; i < 4; i++)
		clients[i] = client_new(world, "client", 0);
	admin = client_new(world, "admin", 0);
	calls[0] = client_read(clients[0], 2, 0, 8192);
	calls[1] = client_write(clients[1], 3, 0, 100);
	calls[2] = client_read_bg(clients[2], 4, 0, 4096);
	calls[3] = client_fsync(clients[2], 5);
	calls[4] = client_read(clients[3], 6, 0, 2048);
	calls[5] = client_write(clients[3], 7, 0, 8192);
	calls[6] = client_getattr(clients[1], 8);
}

static void all_have_asked(void)
{
	clients_ask();
	for (unsigned int i = 0; i < 4; i++)
		run_as_far_as_possible(task_of(clients[i]));
}

static void each_that_was_sent_ended_once(void)
{
	for (unsigned int i = 0; i < CALLS; i++) {
		if (!calls[i]->started)
			continue;
		assert_true(calls[i]->done);
		assert_int_equal(calls[i]->times_ended, 1);
	}
}

/* ---- ends ---- */

static void clients_are_killed(void)
{
	kill_task(clients[0]);
	kill_task(clients[3]);
}

static const struct named ends[] = { ENDS, NAMED(clients_are_killed) };

static void what_is_left_is_consistent(void)
{
	struct queue_view q;

	each_that_was_sent_ended_once();
	assert_int_equal(ring_now().queue_refs, 0);
	if (!fuse_queue(world, 0, &q))
		return;
	assert_int_equal(q.free_bufs, q.nbufs);
	for (unsigned int i = 0; i < q.nbufs && q.regions; i++)
		assert_int_equal(q.uses[i].bytes | q.uses[i].regions, 0);
}

static void the_end_comes_at_any_step(void (*a_ring)(void), void (*end)(void))
{
	bool more = true;

	for (unsigned int n = 0; more; n++) {
		a_ring();
		all_have_asked();
		server_serves(server);
		for (unsigned int i = 0; i < n && more; i++)
			more = run_step(task_of(server)) == SCHED_AT_POINT;
		end();
		all_runs_and_then_it_is_aborted();
		what_is_left_is_consistent();
		the_world_closes();
	}
}

static void at_whatever_step_the_server_is_all_room_comes_back(void **state)
{
	(void)state;
	for (unsigned int r = 0; r < NR(rings); r++)
		for (unsigned int e = 0; e < NR(ends); e++)
			the_end_comes_at_any_step(rings[r], ends[e].f);
}

/* the server has taken what it can, and answers nothing */
static void with_requests_in_userspace_all_room_comes_back(void **state)
{
	(void)state;
	for (unsigned int r = 0; r < NR(rings); r++) {
		for (unsigned int e = 0; e < NR(ends); e++) {
			rings[r]();
			all_have_asked();
			while (entries_in(ENT_FUSE_REQ))
				the_server_takes_one();
			assert_true(entries_in(ENT_USERSPACE) > 1);
			assert_true(queue_now(0).waiting > 0);
			ends[e].f();
			all_runs_and_then_it_is_aborted();
			what_is_left_is_consistent();
			the_world_closes();
		}
	}
}

/* One of two threads goes, with what its entries have: the other one gets it. */
static void what_a_thread_leaves_behind_is_for_the_others(void **state)
{
	(void)state;
	for (unsigned int sizes = 1; sizes <= 2; sizes++) {
		the_ring_is(.entries = 2, .buffers = 1, .classes = sizes,
			    .inc = sizes == 1);
		struct actor *leaves = server_thread(world, "leaves");
		struct actor *stays = server_thread(world, "stays");

		comes_late(leaves);
		server_registers(leaves, 0, 0);
		finishes(leaves);
		struct call *first = somebody_reads("first", 2, 8192);

		server_registers(stays, 0, 1);
		finishes(stays);
		struct call *second = somebody_reads("second", 3, 8192);

		assert_int_equal(queue_now(0).waiting, 1);
		server_serves(stays);
		server_closes_ring(leaves);
		run_all();
		assert_int_equal(first->ret, -ECANCELED);
		assert_true(call_has_file_data(second));
		every_buffer_is_free();
		the_world_closes();
	}
}

/* ---- many ---- */

static void in_random_orders_all_are_served(void **state)
{
	(void)state;
	uint32_t x = 4711;

	for (unsigned int seed = 0; seed < 80; seed++) {
		struct actor *actors[5];

		rings[seed % NR(rings)]();
		server_serves(server);
		clients_ask();
		memcpy(actors, clients, sizeof(clients));
		actors[4] = server;
		for (unsigned int step = 0; step < 400; step++) {
			x = x * 1664525u + 1013904223u;
			struct sched_task *t = task_of(actors[(x >> 16) % 5]);

			if (t->state == SCHED_RUNNABLE)
				run_step(t);
		}
		run_all();
		for (unsigned int i = 0; i < CALLS; i++)
			assert_true(calls[i]->done && calls[i]->ret >= 0);
		assert_true(call_has_file_data(calls[0]) && call_has_file_data(calls[2]));
		assert_true(file_has_call_data(calls[1]) && file_has_call_data(calls[5]));
		nothing_waits_and_all_is_back();
		the_world_closes();
	}
}

/* ---- without memory ---- */

/* play it with the n-th call of that kind failing, until there is no n-th one */
static unsigned int with_any_failing(void (*a_ring)(void), enum fault_kind kind)
{
	unsigned int n, errors = 0;
	bool fired = true;

	for (n = 1; fired && n < MANY; n++) {
		a_ring();
		server_serves(server);
		fault_nth(kind, n);
		clients_ask();
		run_all();
		fired = fault_fired(kind);
		fault_nth(kind, 0);
		each_that_was_sent_ended_once();
		for (unsigned int i = 0; i < CALLS; i++)
			errors += calls[i]->ret < 0;
		nothing_waits_and_all_is_back();
		struct call *later = client_read(clients[0], 3, 0, 8192);

		run_all();
		assert_true(call_has_file_data(later));
		the_world_closes();
	}
	assert_in_range(n, 2, MANY - 1);
	return errors;
}

static void any_call_that_can_fail_may_fail(void **state)
{
	(void)state;
	for (unsigned int r = 0; r < NR(rings); r++) {
		assert_true(with_any_failing(rings[r], FAULT_ALLOC) > 0);
		assert_true(with_any_failing(rings[r], FAULT_TO_USER) > 10);
		assert_true(with_any_failing(rings[r], FAULT_FROM_USER) > 10);
		assert_true(with_any_failing(rings[r], FAULT_PIN) > 3);
	}
}

SCENARIO_TESTS(both(at_whatever_step_the_server_is_all_room_comes_back),
	       both(with_requests_in_userspace_all_room_comes_back),
	       both(what_a_thread_leaves_behind_is_for_the_others),
	       both(in_random_orders_all_are_served),
	       both(any_call_that_can_fail_may_fail))
