// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE_URING_PINNED while it serves: who sends a request, with what, and what the server
 * may do with its memory meanwhile.
 */
#include "bufring.h"
#include "fuse/fuse_i.h"
#include "shim/pin.h"
#include "world/world_i.h"

#define the_pinned_ring_is(...) the_ring_is(.pinned = true, __VA_ARGS__)

static void a_serving_ring(unsigned int entries, unsigned int buffers)
{
	the_pinned_ring_is(.entries = entries, .buffers = buffers);
	server = a_ready_server();
}

/* ---- who sends ---- */

static void a_client_sends_its_request_by_itself(void **state)
{
	(void)state;
	a_serving_ring(1, 1);
	struct call *c = somebody_stats("client", 2);

	/* the server's task has not run */
	assert_int_equal(entries_in(ENT_USERSPACE), 1);
	assert_int_equal(queue_now(0).processing, 1);
	server_serves(server);
	run_all();
	assert_int_equal(c->ret, 0);
	every_buffer_is_free();
}

static void without_the_flag_the_server_does(void **state)
{
	(void)state;
	the_ring_is(.entries = 1);
	server = a_ready_server();
	somebody_stats("client", 2);
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
	server_serves(server);
	run_all();
}

/* They are sent under locks, and the command's ring has a mutex. */
static void requests_in_the_background_are_sent_by_the_server(void **state)
{
	(void)state;
	a_serving_ring(2, 2);
	struct actor *readahead = client_new(world, "readahead", 0);
	struct call *bg = client_read_bg(readahead, 3, 0, 4096);

	finishes(readahead);
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
	somebody_stats("client", 2);
	assert_int_equal(entries_in(ENT_USERSPACE), 1);
	server_serves(server);
	run_all();
	assert_int_equal(bg->times_ended, 1);
	assert_true(call_has_file_data(bg));
}

/* REGISTER failed, so they wait for /dev/fuse; then the ring gets ready. */
static void also_those_that_waited_in_fuse_core_for_the_ring(void **state)
{
	(void)state;
	the_pinned_ring_is(.entries = 2, .buffers = 2, .max_background = 1);
	struct call *bg[3];
	struct reg bad;

	server = server_thread(world, "server-0");
	register_default(world, 0, 0, &bad);
	bad.buf_size = 0;
	server_registers_raw(server, &bad);
	finishes(server);
	for (unsigned int i = 0; i < 3; i++) {
		struct actor *readahead = client_new(world, "readahead", 0);

		bg[i] = client_read_bg(readahead, 2 + i, 0, 4096);
		stops_before_lock(readahead, "fch->bg_lock"); /* it is not held back */
	}
	for (unsigned int i = 0; i < 3; i++)
		finishes(bg[i]->actor);
	struct dev_read *d = server_reads_dev(server);

	server_sets_up(server, 0);
	finishes(server);
	server_answers_dev(server, d);
	server_serves(server);
	run_all();
	for (unsigned int i = 0; i < 3; i++)
		assert_true(call_has_file_data(bg[i]));
}

static void who_waits_is_sent_by_who_frees_the_entry(void **state)
{
	(void)state;
	a_serving_ring(1, 1);
	struct call *first = somebody_stats("first", 2),
		    *second = somebody_stats("second", 3);

	assert_int_equal(queue_now(0).waiting, 1);
	server_answers(server, the_server_takes_one());
	finishes(server);
	assert_int_equal(entries_in(ENT_USERSPACE), 1);
	server_answers(server, the_server_takes_one());
	run_all();
	assert_int_equal(first->ret | second->ret, 0);
}

/* The order of arrival is that of the lock, whoever copies first. */
static void a_client_that_comes_later_may_be_sent_first(void **state)
{
	(void)state;
	a_serving_ring(2, 2);
	struct actor *slow = client_new(world, "slow", 0);
	struct call *call = client_getattr(slow, 2);

	run_until_in(task_of(slow), "ent_send");
	somebody_stats("fast", 3);
	struct delivery *d = the_server_takes_one();

	assert_int_equal(d->nodeid, 3);
	server_serves(server);
	server_answers(server, d);
	run_all();
	assert_int_equal(call->ret, 0);
}

static void a_client_whose_request_cannot_be_copied_serves_the_next_one(void **state)
{
	(void)state;
	static unsigned char value[9000];

	a_serving_ring(1, 1);
	struct actor *writer = client_new(world, "writer", 0);
	struct call *too_long = client_getattr(writer, 2);

	too_long->req.opcode = OP_SETXATTR;
	too_long->req.in[too_long->req.in_nr] = value;
	too_long->req.in_size[too_long->req.in_nr++] = sizeof(value);

	run_until_in(task_of(writer), "ent_send");
	struct call *next = somebody_stats("next", 3);

	assert_int_equal(queue_now(0).waiting, 1);
	run_as_far_as_possible(task_of(writer));
	assert_int_equal(too_long->ret, -E2BIG);
	assert_int_equal(entries_in(ENT_USERSPACE), 1);
	server_serves(server);
	run_all();
	assert_int_equal(next->ret, 0);
	every_buffer_is_free();
}

/* ---- with what ---- */

static void the_server_sees_what_a_client_wrote(void **state)
{
	(void)state;
	a_serving_ring(3, 2);
	struct actor *writer = client_new(world, "writer", 0);
	struct call *write = client_write(writer, 3, 100, 8192);
	struct call *read = client_read(writer, 3, 100, 8192);

	server_serves(server);
	run_all();
	assert_int_equal(write->ret, 8192);
	assert_true(call_has_file_data(read));
	every_buffer_is_free();
}

/* 16 slots of 288 bytes: one lies across two pages */
static void a_slot_may_lie_across_two_pages(void **state)
{
	(void)state;
	struct call *calls[16];

	a_serving_ring(16, 2);
	for (unsigned int i = 0; i < 16; i++)
		calls[i] = somebody_syncs("client", 2 + i);
	assert_int_equal(entries_in(ENT_USERSPACE), 16);
	for (unsigned int i = 0; i < 16; i++) {
		struct delivery *d = the_server_takes_one();

		assert_int_equal(d->nodeid, 2 + i);
		server_answers(server, d);
	}
	run_all();
	for (unsigned int i = 0; i < 16; i++)
		assert_true(calls[i]->done && calls[i]->ret == 0);
}

/* The first buffer begins in the middle of a page, and so does each after it. */
static void buffers_need_not_begin_at_a_page(void **state)
{
	(void)state;
	struct call *writes[3];
	struct reg r;

	the_pinned_ring_is(.entries = 3, .buffers = 4);
	server = server_thread(world, "server-0");
	for (unsigned int i = 0; i < 3; i++) {
		register_default(world, 0, i, &r);
		r.payload_len = 8192 * 3 + 100;
		r.payload = (char *)r.payload + 1000;
		server_registers_raw(server, &r);
	}
	finishes(server);
	assert_int_equal(queue_now(0).nbufs, 3);
	for (unsigned int i = 0; i < 3; i++) {
		struct actor *writer = client_new(world, "writer", 0);

		writes[i] = client_write(writer, 3, 8192 * i, 8192);
		gets_stuck(writer);
	}
	assert_int_equal(entries_in(ENT_USERSPACE), 3);
	for (unsigned int i = 0; i < 3; i++)
		assert_memory_equal((char *)r.payload + 8192 * (policy ? 2 - i : i),
				    writes[i]->data, 8192);
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
	for (unsigned int i = 0; i < 3; i++)
		assert_true(writes[i]->done);
}

static void regions_and_sizes_can_be_pinned_too(void **state)
{
	(void)state;
	static const struct fuse_config kinds[] = {
		{ .inc = true },
		{ .classes = 3 },
	};

	needs(FUSE_CAN_BUFRING);
	for (unsigned int i = 0; i < 2; i++) {
		struct fuse_config config = kinds[i];

		config.payload = PAYLOAD_BUFRING;
		config.policy = policy;
		config.pinned = true;
		config.entries = 3;
		config.buffers = 2;
		scenario_opens(&config);
		server = a_ready_server();
		server_serves(server);
		struct actor *a = client_new(world, "a", 0),
			     *b = client_new(world, "b", 0);
		struct call *write = client_write(a, 3, 7, 5000);
		struct call *read = client_read(a, 3, 7, 5000);
		struct call *large = client_read(b, 4, 0, 8192);

		run_all();
		assert_int_equal(write->ret, 5000);
		assert_true(call_has_file_data(read) && call_has_file_data(large));
		every_buffer_is_free();
		the_world_closes();
	}
}

/* ---- what the server does with its memory ---- */

static void unmapping_changes_nothing_for_the_kernel(void **state)
{
	(void)state;
	struct reg r;

	a_serving_ring(1, 1);
	register_default(world, 0, 0, &r);
	server_unmaps(world, r.headers, r.headers_len);
	server_unmaps(world, r.payload, r.payload_len);
	struct actor *reader = client_new(world, "reader", 0);
	struct call *read = client_read(reader, 2, 0, 8192);

	run_as_far_as_possible(task_of(reader));
	assert_int_equal(entries_in(ENT_USERSPACE), 1);
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
	assert_int_equal(read->ret, -ECONNABORTED);
	assert_int_equal(shim_mm_locked(world->server_mm), 0);
}

static void without_the_flag_it_does(void **state)
{
	(void)state;
	struct reg r;

	the_ring_is(.entries = 1);
	server = a_ready_server();
	register_default(world, 0, 0, &r);
	server_unmaps(world, r.headers, r.headers_len);
	struct call *call = somebody_stats("client", 2);

	server_serves(server);
	run_all();
	assert_int_equal(call->ret, -EFAULT);
}

/* What is checked is what is used: the reply's number and error are read once. */
static void a_reply_is_read_once_whatever_is_written_meanwhile(void **state)
{
	(void)state;
	bool more = true;

	for (unsigned int step = 1; more; step++) {
		a_serving_ring(1, 1);
		struct call *call = somebody_stats("client", 2);
		struct delivery *d = the_server_takes_one();

		server_answers(server, d);
		for (unsigned int i = 0; i < step && more; i++)
			more = run_step(task_of(server)) == SCHED_AT_POINT;
		struct abi_headers *h = (void *)d->headers;

		fs_is_not_asked(world); /* nobody can say what comes of this */
		h->out.unique = 77;
		h->out.error = -400;
		run_all();
		assert_true(call->done);
		assert_true(call->ret == 0 || call->ret == -ENOENT ||
			    call->ret == -EINVAL);
		assert_int_equal(call->times_ended, 1);
		every_buffer_is_free();
		the_world_closes();
	}
}

SCENARIO_TESTS(both(a_client_sends_its_request_by_itself),
	       both(without_the_flag_the_server_does),
	       both(requests_in_the_background_are_sent_by_the_server),
	       both(also_those_that_waited_in_fuse_core_for_the_ring),
	       both(who_waits_is_sent_by_who_frees_the_entry),
	       both(a_client_that_comes_later_may_be_sent_first),
	       both(a_client_whose_request_cannot_be_copied_serves_the_next_one),
	       both(the_server_sees_what_a_client_wrote),
	       both(a_slot_may_lie_across_two_pages),
	       both(buffers_need_not_begin_at_a_page),
	       both(regions_and_sizes_can_be_pinned_too),
	       both(unmapping_changes_nothing_for_the_kernel),
	       both(without_the_flag_it_does),
	       both(a_reply_is_read_once_whatever_is_written_meanwhile))
