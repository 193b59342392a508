// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fewer buffers than requests, and than entries: who finds no buffer waits, in the
 * order of arrival, and is served as soon as one comes back. Nobody sees -ENOBUFS.
 *
 * That nobody waits who could be served, and nobody is overtaken without bound, is
 * looked at in all of these (sim/fuse/rules/queue.c).
 */
#include "bufring.h"

static void a_ring_of(unsigned int buffers, unsigned int entries)
{
	the_ring_is(.entries = entries, .buffers = buffers);
	server = a_ready_server();
}

static void nothing_waits_and_every_buffer_is_back(void)
{
	assert_int_equal(queue_now(0).waiting, 0);
	assert_int_equal(entries_in(ENT_AVAILABLE), queue_now(0).nr_ents);
	every_buffer_is_free();
}

/* ---- one step at a time ---- */

static void as_many_are_sent_as_there_are_buffers(void **state)
{
	(void)state;
	for (unsigned int buffers = 1; buffers <= 3; buffers++) {
		a_ring_of(buffers, 4);
		struct call *calls[4];

		for (unsigned int i = 0; i < 4; i++)
			calls[i] = somebody_stats("client", 2 + i);
		assert_int_equal(queue_now(0).free_bufs, 0);
		assert_int_equal(queue_now(0).waiting, 4 - buffers);
		assert_int_equal(entries_in(ENT_FUSE_REQ), buffers);
		assert_int_equal(entries_in(ENT_AVAILABLE), 4 - buffers);

		server_serves(server);
		run_all();
		for (unsigned int i = 0; i < 4; i++)
			assert_int_equal(calls[i]->ret, 0);
		nothing_waits_and_every_buffer_is_back();
		the_world_closes();
	}
}

static void an_entry_that_waits_for_a_buffer_is_available_and_has_none(void **state)
{
	(void)state;
	a_ring_of(1, 2);
	somebody_stats("first", 2);
	somebody_stats("second", 3);
	struct queue_view q = queue_now(0);

	for (unsigned int i = 0; i < q.nr_ents; i++)
		if (q.ents[i].state == ENT_AVAILABLE)
			assert_false(q.ents[i].has_buf);
	server_serves(server);
	run_all();
}

static void those_without_payload_pass_while_there_is_no_buffer(void **state)
{
	(void)state;
	a_ring_of(1, 3);
	struct call *has_it = somebody_stats("has it", 2);
	struct call *waits = somebody_stats("waits", 3);
	struct call *passes = somebody_syncs("passes", 4);
	struct delivery *first = the_server_takes_one();
	struct delivery *second = the_server_takes_one();

	assert_int_equal(first->nodeid, 2);
	assert_int_equal(second->opcode, OP_FSYNC);
	server_answers(server, second);
	finishes(server);
	finishes(passes->actor);
	assert_int_equal(passes->ret, 0);
	assert_false(waits->done);

	server_answers(server, first);
	struct delivery *third = the_server_takes_one();

	assert_int_equal(third->nodeid, 3);
	server_answers(server, third);
	run_all();
	assert_int_equal(has_it->ret, 0);
	assert_int_equal(waits->ret, 0);
	nothing_waits_and_every_buffer_is_back();
}

/* ENT 0 has the buffer; it is released by the other kind of request on ENT 0. */
static void a_buffer_that_an_entry_drops_goes_to_the_available_one(void **state)
{
	(void)state;
	a_ring_of(1, 2);
	somebody_stats("a", 2);
	struct delivery *a = the_server_takes_one();
	struct call *sync = somebody_syncs("sync", 3);
	struct delivery *s = the_server_takes_one();
	struct call *sync2 = somebody_syncs("sync 2", 4);
	struct call *b = somebody_stats("b", 5);

	/* entry 0 commits: it takes "sync 2", and drops its buffer */
	server_answers(server, a);
	finishes(server);
	assert_int_equal(queue_now(0).free_bufs, 1);
	assert_int_equal(queue_now(0).waiting, 1);
	/* entry 1 commits: it takes "b" with that buffer */
	server_answers(server, s);
	finishes(server);
	assert_int_equal(queue_now(0).free_bufs, 0);
	server_serves(server);
	run_all();
	assert_int_equal(sync->ret | sync2->ret | b->ret, 0);
	nothing_waits_and_every_buffer_is_back();
}

static void those_that_wait_for_a_buffer_get_it_in_the_order_of_arrival(void **state)
{
	(void)state;
	a_ring_of(1, 4);
	for (unsigned int i = 0; i < 6; i++)
		somebody_stats("client", 2 + i);
	for (unsigned int i = 0; i < 6; i++) {
		struct delivery *d = the_server_takes_one();

		assert_int_equal(d->nodeid, 2 + i);
		server_answers(server, d);
	}
	run_all();
	nothing_waits_and_every_buffer_is_back();
}

/* Those behind may pass only while there is no buffer, however many they are. */
static void
a_request_that_waits_is_served_before_any_that_comes_after_its_buffer(void **state)
{
	(void)state;
	a_ring_of(1, 2);
	somebody_stats("has it", 2);
	struct delivery *first = the_server_takes_one();
	struct call *waits = somebody_stats("waits", 3);

	for (unsigned int i = 0; i < 8; i++) {
		struct call *sync = somebody_syncs("sync", 4 + i);
		struct delivery *d = the_server_takes_one();

		server_answers(server, d);
		finishes(server);
		finishes(sync->actor);
	}
	assert_false(waits->done);
	server_answers(server, first);
	struct delivery *next = the_server_takes_one();

	assert_int_equal(next->nodeid, 3);
	server_answers(server, next);
	run_all();
}

/* Whenever the buffer comes back, somebody new has just asked for one. */
static void newcomers_do_not_starve_whoever_waits(void **state)
{
	(void)state;
	a_ring_of(1, 2);
	somebody_stats("has it", 2);
	struct delivery *d = the_server_takes_one();
	struct call *waits = somebody_stats("waits", 3);
	unsigned int rounds = 0;

	while (!waits->done && rounds++ < 15) {
		somebody_stats("newcomer", 4);
		server_answers(server, d);
		d = the_server_takes_one();
		if (d->nodeid == 3)
			break;
	}
	assert_int_equal(rounds, 1);
	server_answers(server, d);
	server_serves(server);
	run_all();
}

static void a_waiting_client_that_is_killed_leaves_its_place_to_the_next(void **state)
{
	(void)state;
	a_ring_of(1, 2);
	somebody_stats("has it", 2);
	struct delivery *first = the_server_takes_one();
	struct call *killed = somebody_stats("killed", 3);
	struct call *next = somebody_stats("next", 4);

	kill_task(killed->actor);
	finishes(killed->actor);
	assert_int_equal(killed->ret, -EINTR);
	assert_int_equal(queue_now(0).waiting, 1);
	server_answers(server, first);
	server_serves(server);
	run_all();
	assert_int_equal(next->ret, 0);
	nothing_waits_and_every_buffer_is_back();
}

static void background_requests_wait_for_buffers_in_the_same_line(void **state)
{
	(void)state;
	a_ring_of(1, 2);
	somebody_stats("has it", 2);
	struct delivery *first = the_server_takes_one();
	struct actor *readahead = client_new(world, "readahead", 0);
	struct call *bg = client_read_bg(readahead, 3, 0, 4096);

	finishes(readahead);
	struct call *after = somebody_stats("after", 4);

	assert_int_equal(queue_now(0).waiting, 2);
	server_answers(server, first);
	struct delivery *second = the_server_takes_one();

	assert_int_equal(second->opcode, OP_READ);
	server_answers(server, second);
	server_serves(server);
	run_all();
	assert_true(call_has_file_data(bg));
	assert_int_equal(bg->times_ended, 1);
	assert_int_equal(after->ret, 0);
	nothing_waits_and_every_buffer_is_back();
}

/* ---- a copy fails: the buffer must go to whoever waits for it ---- */

/*
 * The request on entry 0 cannot be copied; entry 1 is available and the next
 * request waits for the buffer.
 */
static void a_failed_copy_gives_the_buffer_back_at_once(void **state)
{
	(void)state;
	a_ring_of(1, 2);
	struct reg r;

	register_default(world, 0, 0, &r);
	struct call *write = client_write(client_new(world, "write", 0), 2, 0, 4096);

	gets_stuck(write->actor);
	struct call *next = somebody_stats("next", 3);

	assert_int_equal(queue_now(0).waiting, 1);
	server_unmaps(world, r.payload, 1);
	server_serves(server);
	run_all();
	assert_int_equal(write->ret, -EFAULT);
	assert_true(next->done); /* its reply cannot be copied either */
	nothing_waits_and_every_buffer_is_back();
}

static void a_cancelled_task_work_gives_the_buffer_to_the_other_thread(void **state)
{
	(void)state;
	the_ring_is(.entries = 2, .buffers = 1);
	struct actor *leaves = server_thread(world, "leaves");
	struct actor *stays = server_thread(world, "stays");

	comes_late(leaves);
	server_registers(leaves, 0, 0);
	finishes(leaves);
	struct call *first = somebody_stats("first", 2);

	server_registers(stays, 0, 1);
	finishes(stays);
	struct call *second = somebody_stats("second", 3);

	assert_int_equal(queue_now(0).free_bufs, 0);
	assert_int_equal(queue_now(0).waiting, 1);
	server_serves(stays);
	server_closes_ring(leaves);
	run_all();
	assert_int_equal(first->ret, -ECANCELED);
	assert_int_equal(second->ret, 0);
	every_buffer_is_free();
}

/* ---- many of all kinds ---- */

static unsigned int many_clients_are_served(unsigned int buffers, unsigned int entries)
{
	struct call *calls[18];

	a_ring_of(buffers, entries);
	server_serves(server);
	for (unsigned int i = 0; i < 18; i += 3) {
		struct actor *client = client_new(world, "client", 0);

		calls[i] = client_write(client, 2 + i, 0, 8192);
		calls[i + 1] = client_fsync(client, 2 + i);
		calls[i + 2] = client_read(client, 2 + i, 0, 8192);
	}
	/* every client asks before the server answers anything */
	for (unsigned int i = 0; i < 18; i += 3)
		run_as_far_as_possible(task_of(calls[i]->actor));
	run_all();
	for (unsigned int i = 0; i < 18; i += 3) {
		assert_int_equal(calls[i]->ret, 8192);
		assert_int_equal(calls[i + 1]->ret, 0);
		assert_memory_equal(calls[i + 2]->data, calls[i]->data, 8192);
	}
	nothing_waits_and_every_buffer_is_back();
	the_world_closes();
	return 1;
}

static void reads_writes_and_syncs_of_many_clients_share_few_buffers(void **state)
{
	(void)state;
	static const unsigned int entries[] = { 1, 2, 3, 4, 8 };
	unsigned int played = 0;

	for (unsigned int buffers = 1; buffers <= 4; buffers++)
		for (unsigned int i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
			played += many_clients_are_served(buffers, entries[i]);
	assert_int_equal(played, 20);
}

static void in_random_orders_all_are_served(void **state)
{
	(void)state;
	uint32_t x = 12345;

	for (unsigned int seed = 0; seed < 40; seed++) {
		a_ring_of(1 + seed % 3, 4);
		struct actor *actors[7];
		struct call *calls[12];

		server_serves(server);
		for (unsigned int i = 0; i < 6; i++) {
			actors[i] = client_new(world, "client", 0);
			calls[2 * i] = i % 2 ? client_fsync(actors[i], 2 + i)
					     : client_read(actors[i], 2 + i, 0, 4096);
			calls[2 * i + 1] = i % 3 ? client_getattr(actors[i], 2 + i)
						 : client_fsync(actors[i], 2 + i);
		}
		actors[6] = server;
		for (unsigned int step = 0; step < 300; step++) {
			x = x * 1664525u + 1013904223u;
			struct sched_task *t = task_of(actors[(x >> 16) % 7]);

			if (t->state == SCHED_RUNNABLE)
				run_step(t);
		}
		run_all();
		for (unsigned int i = 0; i < 12; i++)
			assert_true(calls[i]->done && calls[i]->ret >= 0);
		nothing_waits_and_every_buffer_is_back();
		the_world_closes();
	}
}

SCENARIO_TESTS(
	both(as_many_are_sent_as_there_are_buffers),
	both(an_entry_that_waits_for_a_buffer_is_available_and_has_none),
	both(those_without_payload_pass_while_there_is_no_buffer),
	both(a_buffer_that_an_entry_drops_goes_to_the_available_one),
	both(those_that_wait_for_a_buffer_get_it_in_the_order_of_arrival),
	both(a_request_that_waits_is_served_before_any_that_comes_after_its_buffer),
	both(newcomers_do_not_starve_whoever_waits),
	both(a_waiting_client_that_is_killed_leaves_its_place_to_the_next),
	both(background_requests_wait_for_buffers_in_the_same_line),
	both(a_failed_copy_gives_the_buffer_back_at_once),
	both(a_cancelled_task_work_gives_the_buffer_to_the_other_thread),
	both(reads_writes_and_syncs_of_many_clients_share_few_buffers),
	both(in_random_orders_all_are_served))
