// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers that the entries of a queue share: 7.3's pool, registered or not, zero
 * copy, and buffer rings. Who finds no buffer waits, and nobody sees an error.
 */
#include "scenario_test.h"

static struct actor *server;

static void a_server_with_one_buffer_for_two_entries(void)
{
	the_world_is(.entries = 2, .payload = PAYLOAD_SHARED, .buffers = 1);
	server = a_ready_server();
}

static struct call *somebody_stats(const char *name, uint64_t ino)
{
	struct actor *client = client_new(world, name, 0);
	struct call *c = client_getattr(client, ino);

	gets_stuck(client);
	return c;
}

static struct call *somebody_syncs(const char *name, uint64_t ino)
{
	struct actor *client = client_new(world, name, 0);
	struct call *c = client_fsync(client, ino);

	gets_stuck(client);
	return c;
}

/* The trees use the entry first that was available last, our own the other way round. */
static void they_register_so_that_the_first_is_taken_first(struct actor *first,
							   struct actor *second)
{
	bool oldest_first = subject_has(FUSE_CAN_BUFRING);

	if (oldest_first) {
		server_registers(first, 0, 0);
		finishes(first);
	}
	server_registers(second, 0, 1);
	finishes(second);
	if (!oldest_first) {
		server_registers(first, 0, 0);
		finishes(first);
	}
}

/* ---- exhaustion ---- */

static void a_request_without_a_buffer_waits_though_an_entry_is_available(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	a_server_with_one_buffer_for_two_entries();
	struct call *first = somebody_stats("first", 2);
	struct delivery *d = server_takes(server);

	finishes(server);
	struct call *second = somebody_stats("second", 3);

	assert_int_equal(d->nodeid, 2);
	assert_int_equal(queue_now(0).free_bufs, 0);
	assert_int_equal(queue_now(0).waiting, 1);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
	assert_int_equal(entries_in(ENT_USERSPACE), 1);

	server_answers(server, d);
	server_serves_n(server, 1);
	run_all();
	assert_int_equal(first->ret, 0);
	assert_int_equal(second->ret, 0);
	assert_int_equal(queue_now(0).free_bufs, 1);
	assert_int_equal(queue_now(0).waiting, 0);
}

static void the_entry_that_gives_the_buffer_back_takes_the_waiting_request(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	a_server_with_one_buffer_for_two_entries();
	somebody_stats("first", 2);
	struct delivery *first = server_takes(server);

	finishes(server);
	somebody_stats("second", 3);
	struct submit *commit = server_answers(server, first);
	struct delivery *second = server_takes(server);

	finishes(server);
	assert_int_equal(commit->res, 0);
	assert_true(second->arrived);
	assert_int_equal(second->nodeid, 3);
	assert_int_equal(second->ent, first->ent);
	server_answers(server, second);
	run_all();
}

static void a_request_without_payload_needs_no_buffer(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	a_server_with_one_buffer_for_two_entries();
	somebody_stats("stat", 2);
	struct delivery *with = server_takes(server);

	finishes(server);
	struct call *sync = somebody_syncs("sync", 3);
	struct delivery *without = server_takes(server);

	finishes(server);
	assert_int_equal(without->opcode, OP_FSYNC);
	assert_int_equal(queue_now(0).free_bufs, 0);
	server_answers(server, without);
	run_all();
	assert_int_equal(sync->ret, 0);
	server_answers(server, with);
	run_all();
	assert_int_equal(queue_now(0).free_bufs, 1);
}

static void many_clients_share_few_buffers_and_all_are_served(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	the_world_is(.entries = 4, .payload = PAYLOAD_SHARED, .buffers = 2);
	struct call *calls[12];

	server = a_ready_server();
	server_serves(server);
	for (unsigned int i = 0; i < 12; i += 3) {
		struct actor *client = client_new(world, "client", 0);

		calls[i] = client_write(client, 2 + i, 0, 8192);
		calls[i + 1] = client_fsync(client, 2 + i);
		calls[i + 2] = client_read(client, 2 + i, 0, 8192);
	}
	run_all();
	for (unsigned int i = 0; i < 12; i++)
		assert_true(calls[i]->done && calls[i]->ret >= 0);
	for (unsigned int i = 0; i < 12; i += 3)
		assert_memory_equal(calls[i + 2]->data, calls[i]->data, 8192);
	assert_int_equal(queue_now(0).free_bufs, 2);
}

static void buffers_of_entries_in_use_do_not_overlap(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	the_world_is(.entries = 3, .payload = PAYLOAD_SHARED, .buffers = 3);
	struct delivery *d[3];

	server = a_ready_server();
	for (unsigned int i = 0; i < 3; i++) {
		somebody_stats("client", 2 + i);
		d[i] = server_takes(server);
	}
	finishes(server);
	assert_int_not_equal(d[0]->buf_id, d[1]->buf_id);
	assert_int_not_equal(d[1]->buf_id, d[2]->buf_id);
	assert_int_not_equal(d[0]->buf_id, d[2]->buf_id);
	for (unsigned int i = 0; i < 3; i++)
		server_answers(server, d[i]);
	run_all();
}

static void an_entry_drops_its_buffer_for_a_request_that_needs_none(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	the_world_is(.entries = 1, .payload = PAYLOAD_SHARED);
	server = a_ready_server();
	somebody_stats("stat", 2);
	struct delivery *first = server_takes(server);

	finishes(server);
	somebody_syncs("sync", 3);
	server_answers(server, first);
	struct delivery *second = server_takes(server);

	finishes(server);
	assert_int_equal(second->opcode, OP_FSYNC);
	assert_int_equal(queue_now(0).free_bufs, 1);
	server_answers(server, second);
	run_all();
}

static void a_background_request_waits_for_a_buffer_as_well(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	a_server_with_one_buffer_for_two_entries();
	somebody_stats("stat", 2);
	struct delivery *d = server_takes(server);
	struct actor *readahead = client_new(world, "readahead", 0);
	struct call *bg = client_read_bg(readahead, 3, 0, 4096);

	finishes(server);
	finishes(readahead);
	assert_int_equal(queue_now(0).waiting, 1);
	server_answers(server, d);
	server_serves_n(server, 1);
	run_all();
	assert_true(call_has_file_data(bg));
	assert_int_equal(bg->times_ended, 1);
}

static void a_failed_copy_gives_the_buffer_to_the_next_request(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.entries = 1, .payload = PAYLOAD_BUFPOOL);
	struct reg pool;

	server = server_thread(world, "server-0");
	server_adds_queue(server, 0);
	add_bufpool_default(world, 0, &pool);
	pool.pool_addr = 4096; /* nothing is mapped there */
	server_registers_raw(server, &pool);
	server_registers(server, 0, 0);
	finishes(server);
	struct call *a = client_write(client_new(world, "a", 0), 2, 0, 4096);
	struct call *b = client_write(client_new(world, "b", 0), 3, 0, 4096);

	server_serves(server);
	run_all();
	assert_int_equal(a->ret, -EFAULT);
	assert_int_equal(b->ret, -EFAULT);
	assert_int_equal(queue_now(0).free_bufs, 1);
}

static void an_entry_without_a_buffer_selects_one_for_the_next_request(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	a_server_with_one_buffer_for_two_entries();
	somebody_stats("first", 2);
	struct delivery *with = server_takes(server);

	finishes(server);
	somebody_syncs("second", 3);
	struct delivery *without = server_takes(server);

	finishes(server);
	somebody_syncs("third", 4);
	struct call *fourth = somebody_stats("fourth", 5);

	assert_int_equal(queue_now(0).waiting, 2);
	server_answers(server, with); /* its entry drops the buffer for the third */
	finishes(server);
	server_answers(server, without); /* its entry selects it for the fourth */
	server_serves_n(server, 2);
	run_all();
	assert_int_equal(fourth->ret, 0);
	assert_int_equal(queue_now(0).free_bufs, 1);
}

/*
 * What waits for the buffer of a request whose task work is cancelled. In 7.3
 * nobody looks at the waiting list then, and the request stands, with an entry
 * available and the buffer free, until another one passes it by.
 */
static void who_waited_for_the_buffer_of_a_cancelled_request(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	the_world_is(.entries = 2, .payload = PAYLOAD_SHARED, .buffers = 1);
	struct actor *leaves = server_thread(world, "server-a");
	struct actor *stays = server_thread(world, "server-b");

	comes_late(leaves);
	if (subject_has(FUSE_CAN_BUFPOOL)) {
		server_adds_queue(stays, 0);
		server_adds_bufpool(stays, 0);
	}
	finishes(stays);
	they_register_so_that_the_first_is_taken_first(leaves, stays);
	server_serves(stays);
	finishes(stays);
	struct call *first = somebody_stats("first", 2);
	struct call *second = somebody_stats("second", 3);

	assert_int_equal(queue_now(0).waiting, 1);
	server_closes_ring(leaves);
	run_all();
	assert_int_equal(first->ret, -ECANCELED);
	assert_int_equal(queue_now(0).free_bufs, 1);
	if (subject_has(FUSE_CAN_BUFRING)) {
		assert_int_equal(second->ret, 0);
		return;
	}
	assert_false(second->done); /* the defect */
	assert_int_equal(queue_now(0).waiting, 1);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
	expects_finding(
		"2. A cancelled task work frees a buffer and tells nobody",
		REPORT_PROGRESS,
		"queue 0: a GETATTR (unique 6, of second) waits although entry 0 is "
		"available; 1 of 1 buffers free");

	struct call *third = client_getattr(client_new(world, "third", 0), 4);

	run_all();
	assert_int_equal(third->ret, 0);
	assert_int_equal(second->ret, 0);
}

/*
 * Behind a request that waits for a buffer stands one that needs none. In 7.3 it
 * goes on waiting though an entry is available, and also when the buffer is there
 * for the first of the two.
 */
static void who_needs_no_buffer_behind_one_who_waits_for_it(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	a_server_with_one_buffer_for_two_entries();
	somebody_stats("first", 2);
	struct delivery *first = server_takes(server);

	finishes(server);
	somebody_syncs("second", 3);
	struct delivery *second = server_takes(server);

	finishes(server);
	struct call *third = somebody_stats("third", 4);
	struct call *fourth = somebody_syncs("fourth", 5);

	server_answers(server, second); /* an entry without a buffer is available */
	finishes(server);
	server_answers(server, first); /* takes the third along with its buffer */
	struct delivery *d = server_takes(server);

	finishes(server);
	run_all();
	if (subject_has(FUSE_CAN_BUFPOOL)) {
		assert_int_equal(d->nodeid, 4);
		assert_int_equal(queue_now(0).waiting, 1); /* the defect */
		assert_int_equal(entries_in(ENT_AVAILABLE), 1);
	}
	expects_finding(
		"3. Head-of-line blocking by a request that needs a buffer",
		REPORT_PROGRESS,
		"queue 0: an FSYNC (unique 10, of fourth) waits although entry 0 is "
		"available; it needs no buffer");
	server_answers(server, d);
	server_serves_n(server, 1);
	run_all();
	assert_int_equal(third->ret, 0);
	assert_int_equal(fourth->ret, 0);
}

static void a_cancelled_task_work_gives_the_buffer_back(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	the_world_is(.entries = 2, .payload = PAYLOAD_SHARED, .buffers = 1);
	struct actor *leaves = server_thread(world, "server-a");
	struct actor *stays = server_thread(world, "server-b");

	comes_late(leaves);
	if (subject_has(FUSE_CAN_BUFPOOL)) {
		server_adds_queue(leaves, 0);
		server_adds_bufpool(leaves, 0);
	}
	finishes(leaves);
	they_register_so_that_the_first_is_taken_first(leaves, stays);
	struct call *c = somebody_stats("client", 2);

	assert_int_equal(queue_now(0).free_bufs, 0);
	server_closes_ring(leaves);
	run_all();
	assert_true(c->done);
	assert_int_equal(queue_now(0).free_bufs, 1);
}

/* ---- a pool that is a registered io_uring buffer (7.3) ---- */

static void a_registered_pool_serves_reads_and_writes(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.entries = 2, .payload = PAYLOAD_BUFPOOL_FIXED, .max_pages = 4,
		     .max_write = 16384);
	server = a_ready_server();
	server_serves(server);
	struct actor *client = client_new(world, "client", 0);
	struct call *w = client_write(client, 2, 100, 12000);
	struct call *r = client_read(client, 2, 0, 16384);

	run_all();
	assert_true(file_has_call_data(w));
	assert_true(call_has_file_data(r));
}

static void a_registered_pool_that_is_not_in_the_table_fails_requests(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.entries = 1, .payload = PAYLOAD_BUFPOOL_FIXED);
	struct reg pool, entry;

	server = server_thread(world, "server-0");
	add_bufpool_default(world, 0, &pool);
	register_default(world, 0, 0, &entry);
	server_adds_queue(server, 0);
	server_registers_raw(server, &pool);
	server_registers_raw(server, &entry);
	server_serves(server);
	struct call *c = client_read(client_new(world, "client", 0), 2, 0, 4096);
	struct call *sync = client_fsync(client_new(world, "sync", 0), 2);

	run_all();
	assert_int_equal(c->ret, -EFAULT);
	assert_int_equal(sync->ret, 0);
}

static void a_registered_pool_that_leaves_the_table_fails_the_reply(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.entries = 1, .payload = PAYLOAD_BUFPOOL_FIXED);
	server = a_ready_server();
	struct call *c = somebody_stats("client", 2);
	struct delivery *d = server_takes(server);

	finishes(server);
	server_unregisters_buffers(server);
	server_answers(server, d);
	run_all();
	assert_int_equal(c->ret, -EFAULT);
	assert_int_equal(queue_now(0).free_bufs, 1);
}

static void a_pool_outside_of_user_memory_fails_requests(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.entries = 1, .payload = PAYLOAD_BUFPOOL);
	struct reg pool;

	server = server_thread(world, "server-0");
	add_bufpool_default(world, 0, &pool);
	pool.pool_addr = 0xffff800000000000ul; /* ADD_BUFPOOL does not look */
	server_adds_queue(server, 0);
	server_registers_raw(server, &pool);
	server_registers(server, 0, 0);
	finishes(server);
	struct call *c = somebody_stats("client", 2);

	run_all();
	assert_int_equal(c->ret, -EFAULT);
}

/* ---- zero copy (7.3) ---- */

static void a_zero_copy_server(unsigned int buffers)
{
	the_world_is(.entries = 2, .payload = PAYLOAD_BUFPOOL, .buffers = buffers,
		     .zero_copy = true);
	server = a_ready_server();
}

static void zero_copy_moves_the_data_through_the_clients_own_pages(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	a_zero_copy_server(1);
	server_serves(server);
	struct actor *client = client_new(world, "client", 0);
	struct call *w = client_write(client, 2, 0, 8192);
	struct call *r = client_read(client, 2, 0, 8192);
	struct call *g = client_getattr(client, 2);

	run_all();
	assert_int_equal(w->ret, 8192);
	assert_true(call_has_file_data(r));
	assert_int_equal(g->ret, 0);
}

static void a_zero_copied_read_needs_no_buffer_of_the_pool(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	a_zero_copy_server(1);
	struct actor *reader = client_new(world, "reader", 0);
	struct call *r = client_read(reader, 2, 0, 4096);
	struct delivery *d = server_takes(server);

	gets_stuck(reader);
	finishes(server);
	assert_int_equal(d->ent_flags, ENT_ZERO_COPY);
	assert_int_equal(queue_now(0).free_bufs, 1);
	server_answers(server, d);
	run_all();
	assert_true(call_has_file_data(r));
}

static void the_size_of_a_zero_copied_write_is_told(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	a_zero_copy_server(1);
	struct actor *writer = client_new(world, "writer", 0);
	struct call *w = client_write(writer, 2, 0, 5000);
	struct delivery *d = server_takes(server);

	gets_stuck(writer);
	finishes(server);
	assert_int_equal(d->payload_sz, 5000);
	server_answers(server, d);
	run_all();
	assert_true(file_has_call_data(w));
}

static void a_short_zero_copied_read_leaves_zeros_behind_the_data(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	a_zero_copy_server(1);
	server_serves(server);
	struct call *r =
		client_read(client_new(world, "reader", 0), 2, FILE_SIZE - 10, 4000);

	run_all();
	assert_int_equal(r->ret, 10);
	for (unsigned int i = 0; i < 10; i++)
		assert_int_equal(r->data[i], file_byte(world, 2, FILE_SIZE - 10 + i));
}

static void a_slot_that_is_taken_fails_the_request(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	the_world_is(.entries = 2, .payload = PAYLOAD_BUFPOOL, .zero_copy = true);
	struct reg second;

	server = server_thread(world, "server-0");
	server_adds_queue(server, 0);
	server_adds_bufpool(server, 0);
	server_registers(server, 0, 0);
	register_default(world, 0, 1, &second);
	second.zero_copy_index--; /* the same as the first entry's */
	server_registers_raw(server, &second);
	struct delivery *d = server_takes(server);
	struct call *a = client_read(client_new(world, "a", 0), 2, 0, 4096);
	struct call *b = client_read(client_new(world, "b", 0), 3, 0, 4096);

	run_all();
	assert_true(d->arrived);
	assert_true(a->done != b->done);
	assert_int_equal(a->done ? a->ret : b->ret, -EBUSY);
	server_answers(server, d);
	run_all();
	assert_true(a->done && b->done);
}

static void a_slot_that_the_server_cleared_is_only_complained_about(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	a_zero_copy_server(1);
	struct actor *writer = client_new(world, "writer", 0);
	struct call *w = client_write(writer, 2, 0, 4096);
	struct delivery *d = server_takes(server);

	gets_stuck(writer);
	finishes(server);
	server_unregisters_buffers(server);
	server_answers_error(server, d, -EIO);
	run_all();
	assert_int_equal(w->ret, -EIO);
	assert_true(shim_log_contains("zero-copy unregister failed"));
}

static void a_client_of_a_zero_copied_request_may_be_aborted(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	a_zero_copy_server(1);
	struct actor *reader = client_new(world, "reader", 0);
	struct actor *admin = client_new(world, "admin", 0);
	struct call *r = client_read(reader, 2, 0, 4096);

	server_takes(server);
	gets_stuck(reader);
	finishes(server);
	client_aborts_connection(admin);
	run_all();
	assert_int_equal(r->ret, -ECONNABORTED);
	/* the ring still lends the pages; they go with it */
}

SCENARIO_TESTS(
	scenario_test(a_request_without_a_buffer_waits_though_an_entry_is_available),
	scenario_test(the_entry_that_gives_the_buffer_back_takes_the_waiting_request),
	scenario_test(a_request_without_payload_needs_no_buffer),
	scenario_test(many_clients_share_few_buffers_and_all_are_served),
	scenario_test(buffers_of_entries_in_use_do_not_overlap),
	scenario_test(an_entry_drops_its_buffer_for_a_request_that_needs_none),
	scenario_test(a_background_request_waits_for_a_buffer_as_well),
	scenario_test(a_failed_copy_gives_the_buffer_to_the_next_request),
	scenario_test(an_entry_without_a_buffer_selects_one_for_the_next_request),
	scenario_test(who_waited_for_the_buffer_of_a_cancelled_request),
	scenario_test(who_needs_no_buffer_behind_one_who_waits_for_it),
	scenario_test(a_registered_pool_that_leaves_the_table_fails_the_reply),
	scenario_test(a_pool_outside_of_user_memory_fails_requests),
	scenario_test(a_slot_that_the_server_cleared_is_only_complained_about),
	scenario_test(a_cancelled_task_work_gives_the_buffer_back),
	scenario_test(a_registered_pool_serves_reads_and_writes),
	scenario_test(a_registered_pool_that_is_not_in_the_table_fails_requests),
	scenario_test(zero_copy_moves_the_data_through_the_clients_own_pages),
	scenario_test(a_zero_copied_read_needs_no_buffer_of_the_pool),
	scenario_test(the_size_of_a_zero_copied_write_is_told),
	scenario_test(a_short_zero_copied_read_leaves_zeros_behind_the_data),
	scenario_test(a_slot_that_is_taken_fails_the_request),
	scenario_test(a_client_of_a_zero_copied_request_may_be_aborted))
