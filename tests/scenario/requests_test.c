// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kind of request from the client to the server and back, with its data
 * compared, and what the server finds in its memory on the way.
 */
#include "scenario_test.h"

static struct actor *server, *client;

static void a_client_and_its_server(const struct fuse_config *config)
{
	scenario_opens(config);
	server = server_thread(world, "server-0");
	client = client_new(world, "client", 0);
	server_sets_up(server, 0);
	server_serves(server);
}

/* ---- one of each kind ---- */

static void lookup_finds_the_file(void **state)
{
	(void)state;
	a_client_and_its_server(NULL);
	struct call *c = client_lookup(client, "f42");

	run_all();
	assert_int_equal(c->ret, 0);
	assert_int_equal(c->ino, 42);
	assert_int_equal(c->attr_size, FILE_SIZE);
}

static void lookup_of_a_missing_file_fails(void **state)
{
	(void)state;
	a_client_and_its_server(NULL);
	struct call *c = client_lookup(client, "nowhere");

	run_all();
	assert_int_equal(c->ret, -ENOENT);
}

static void getattr_returns_the_size(void **state)
{
	(void)state;
	a_client_and_its_server(NULL);
	struct call *c = client_getattr(client, 2);

	run_all();
	assert_int_equal(c->ret, 0);
	assert_int_equal(c->attr_size, FILE_SIZE);
}

static void open_returns_a_file_handle(void **state)
{
	(void)state;
	a_client_and_its_server(NULL);
	struct call *c = client_open(client, 5);

	run_all();
	assert_int_equal(c->ret, 0);
	assert_int_equal(c->fh, 1005);
}

static void read_returns_the_bytes_of_the_file(void **state)
{
	(void)state;
	a_client_and_its_server(NULL);
	struct call *page = client_read(client, 3, 4096, 4096);
	struct call *two_pages = client_read(client, 3, 0, 8192);
	struct call *across_pages = client_read(client, 3, 5000, 4000);

	run_all();
	assert_true(call_has_file_data(page));
	assert_true(call_has_file_data(two_pages));
	assert_true(call_has_file_data(across_pages));
}

static void read_at_the_end_of_the_file_is_short(void **state)
{
	(void)state;
	a_client_and_its_server(NULL);
	struct call *c = client_read(client, 3, FILE_SIZE - 100, 4096);

	run_all();
	assert_int_equal(c->ret, 100);
	for (unsigned int i = 0; i < 100; i++)
		assert_int_equal(c->data[i], file_byte(world, 3, FILE_SIZE - 100 + i));
}

static void write_arrives_as_it_was_sent(void **state)
{
	(void)state;
	a_client_and_its_server(NULL);
	struct call *page = client_write(client, 3, 0, 4096);
	struct call *across_pages = client_write(client, 3, 9000, 8000);
	struct call *back = client_read(client, 3, 9000, 8000);

	run_all();
	assert_int_equal(page->ret, 4096);
	assert_int_equal(across_pages->ret, 8000);
	assert_true(file_has_call_data(page));
	assert_true(file_has_call_data(across_pages));
	assert_memory_equal(back->data, across_pages->data, 8000);
}

static void fsync_carries_no_payload_either_way(void **state)
{
	(void)state;
	a_client_and_its_server(NULL);
	struct call *c = client_fsync(client, 3);

	run_all();
	assert_true(c->done);
	assert_int_equal(c->ret, 0);
}

static void reads_and_writes_in_the_background_are_answered_once(void **state)
{
	(void)state;
	a_client_and_its_server(NULL);
	struct call *w = client_write_bg(client, 3, 0, 8192);
	struct call *r = client_read_bg(client, 4, 4096, 8192);

	run_all();
	assert_int_equal(w->times_ended, 1);
	assert_int_equal(r->times_ended, 1);
	assert_true(file_has_call_data(w));
	assert_true(call_has_file_data(r));
}

static void requests_of_many_pages_fit_a_large_payload(void **state)
{
	(void)state;
	a_client_and_its_server(
		&(struct fuse_config){ .max_write = 1 << 17, .max_pages = 32 });
	struct call *w = client_write(client, 3, 0, 1 << 17);
	struct call *r = client_read(client, 3, 0, 1 << 17);

	run_all();
	assert_int_equal(w->ret, 1 << 17);
	assert_true(call_has_file_data(r));
}

static void forget_goes_to_dev_fuse(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	server = a_ready_server();
	client = client_new(world, "client", 0);
	struct dev_read *d = server_reads_dev(server);

	client_forget(client, 9, 3);
	gets_stuck(server);
	finishes(client);
	finishes(server);
	assert_int_equal(d->opcode, OP_FORGET);
	assert_int_equal(d->nodeid, 9);
	assert_int_equal(((struct abi_forget_in *)(d->bytes + 40))->nlookup, 3);
}

/* ---- what the server finds ---- */

static void the_server_finds_the_request_in_its_header_slot(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	server = a_ready_server();
	client = client_new(world, "client", 0);
	struct call *c = client_write(client, 3, 8192, 5000);
	struct delivery *d = server_takes(server);

	gets_stuck(client);
	finishes(server);
	assert_int_equal(d->cqe_res, 0);
	assert_int_equal(d->opcode, OP_WRITE);
	assert_int_equal(d->nodeid, 3);
	assert_int_equal(d->len, sizeof(struct abi_in_header) +
					 sizeof(struct abi_write_in) + 5000);
	assert_int_equal(d->commit_id, d->unique);
	assert_int_equal(d->payload_sz, 5000);
	assert_memory_equal(d->payload, c->data, 5000);
	assert_int_equal(entries_in(ENT_USERSPACE), 1);

	server_answers(server, d);
	finishes(server);
	finishes(client);
	assert_int_equal(c->ret, 5000);
}

static void uniques_are_even_and_grow(void **state)
{
	(void)state;
	the_world_is(.entries = 2);
	server = a_ready_server();
	client_getattr(client_new(world, "a", 0), 2);
	client_getattr(client_new(world, "b", 0), 3);
	struct delivery *first = server_takes(server), *second = server_takes(server);

	run_all();
	assert_int_equal(first->unique % 2, 0);
	assert_true(second->unique > first->unique);
	server_answers(server, second);
	server_answers(server, first);
	run_all();
}

static void an_error_of_the_server_reaches_the_client(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	server = a_ready_server();
	client = client_new(world, "client", 0);
	struct call *c = client_read(client, 3, 0, 4096);
	struct delivery *d = server_takes(server);

	server_answers_error(server, d, -EIO);
	run_all();
	assert_true(d->answered);
	assert_int_equal(c->ret, -EIO);
}

static void the_entry_is_available_again_after_the_answer(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	server = a_ready_server();
	client_getattr(client_new(world, "client", 0), 2);
	struct delivery *d = server_takes(server);
	struct submit *commit = server_answers(server, d);

	run_all();
	assert_true(commit->issued);
	assert_false(commit->completed);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

static void a_commit_fetches_the_request_that_waits(void **state)
{
	(void)state;
	the_world_is(.entries = 1);
	server = a_ready_server();
	struct call *a = client_getattr(client_new(world, "a", 0), 2);
	struct call *b = client_fsync(client_new(world, "b", 0), 3);
	struct delivery *first = server_takes(server);

	run_all();
	assert_int_equal(queue_now(0).waiting, 1);

	struct submit *commit = server_answers(server, first);
	struct delivery *second = server_takes(server);

	run_all();
	assert_true(commit->completed);
	assert_int_equal(commit->res, 0);
	assert_int_equal(second->opcode, OP_FSYNC);
	assert_true(a->done);
	assert_false(b->done);
	server_answers(server, second);
	run_all();
	assert_int_equal(b->ret, 0);
}

/* ---- before there is a ring ---- */

static void requests_wait_until_the_ring_is_ready(void **state)
{
	(void)state;
	the_world_is(.cpus = 2);
	client = client_new(world, "client", 0);
	struct call *c = client_getattr(client, 2);

	gets_stuck(client);
	server = server_thread(world, "server-0");
	server_sets_up(server, 0);
	finishes(server);
	assert_false(c->done);

	server_sets_up(server, 1);
	server_serves(server);
	run_all();
	assert_int_equal(c->ret, 0);
}

static void without_io_uring_requests_go_to_dev_fuse(void **state)
{
	(void)state;
	the_world_is(.no_io_uring = true);
	server = server_main(world);
	client = client_new(world, "client", 0);
	struct call *c = client_read(client, 3, 0, 4096);
	struct dev_read *d = server_reads_dev(server);

	gets_stuck(client);
	finishes(server);
	assert_int_equal(d->opcode, OP_READ);
	server_answers_dev(server, d);
	finishes(server);
	finishes(client);
	assert_true(call_has_file_data(c));
}

/*
 * A thread of the server leaves with the only entry, a request finds none, another
 * thread brings a new one. In the trees REGISTER does not look at the waiting list:
 * the request stands beside an available entry until another one passes it by.
 */
static void a_request_waits_when_a_register_brings_an_entry(void **state)
{
	(void)state;
	the_world_is(.entries = 2);
	struct actor *leaves = server_thread(world, "server-a");

	server = server_thread(world, "server-b");
	server_registers(leaves, 0, 0);
	finishes(leaves);
	server_closes_ring(leaves);
	run_all();
	client = client_new(world, "client", 0);
	struct call *waiting = client_getattr(client, 2);

	gets_stuck(client);
	server_registers(server, 0, 1);
	server_serves(server);
	run_all();
	if (subject_has(FUSE_CAN_BUFRING)) {
		assert_int_equal(waiting->ret, 0);
		return;
	}
	assert_false(waiting->done); /* the defect */
	assert_int_equal(queue_now(0).waiting, 1);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
	expects_finding(
		"1. REGISTER does not look at the waiting list", REPORT_PROGRESS,
		"queue 0: a GETATTR (unique 4, of client) waits although entry 1 is "
		"available");

	struct call *next = client_getattr(client_new(world, "next", 0), 3);

	run_all();
	assert_int_equal(next->ret, 0);
	assert_int_equal(waiting->ret, 0);
}

/* ---- the server's memory has a hole ---- */

static void a_request_that_cannot_be_copied_ends_and_the_next_one_is_tried(void **state)
{
	(void)state;
	the_world_is(.entries = 1);
	struct reg r;

	register_default(world, 0, 0, &r);
	r.payload = (void *)4096; /* nothing is mapped there */
	server = server_thread(world, "server-0");
	server_registers_raw(server, &r);
	finishes(server);
	struct call *with_payload = client_write(client_new(world, "a", 0), 2, 0, 4096);
	struct call *without = client_fsync(client_new(world, "b", 0), 3);
	struct delivery *d = server_takes(server);

	run_all();
	assert_int_equal(with_payload->ret, -EFAULT);
	assert_int_equal(d->opcode, OP_FSYNC);
	server_answers(server, d);
	run_all();
	assert_int_equal(without->ret, 0);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

static void a_header_slot_that_is_not_mapped_fails_every_request(void **state)
{
	(void)state;
	the_world_is(.entries = 1);
	struct reg r;

	register_default(world, 0, 0, &r);
	r.headers = (void *)8192;
	server = server_thread(world, "server-0");
	server_registers_raw(server, &r);
	server_serves(server);
	struct call *a = client_getattr(client_new(world, "a", 0), 2);
	struct call *b = client_getattr(client_new(world, "b", 0), 3);

	run_all();
	assert_int_equal(a->ret, -EFAULT);
	assert_int_equal(b->ret, -EFAULT);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

/* ---- other instances ---- */

static void a_ring_with_deferred_task_work_serves_as_well(void **state)
{
	(void)state;
	a_client_and_its_server(&(struct fuse_config){
		.ring_flags = URING_SETUP_SINGLE_ISSUER | URING_SETUP_DEFER_TASKRUN });
	struct call *r = client_read(client, 3, 0, 8192);
	struct call *g = client_getattr(client, 3);

	run_all();
	assert_true(call_has_file_data(r));
	assert_int_equal(g->ret, 0);
}

static void an_answer_may_come_through_io_wq(void **state)
{
	(void)state;
	the_world_is(.entries = 1);
	server = a_ready_server();
	struct call *c = client_read(client_new(world, "client", 0), 3, 0, 4096);
	struct call *next = client_read(client_new(world, "next", 0), 4, 0, 4096);
	struct delivery *d = server_takes(server);
	struct answer a;

	run_all();
	answer_default(world, d, &a);
	a.sqe_flags = URING_SQE_ASYNC;
	server_answers_raw(server, d, &a);
	struct delivery *second = server_takes(server);

	run_all();
	assert_true(call_has_file_data(c));
	assert_true(second->arrived);
	server_answers(server, second);
	run_all();
	assert_true(call_has_file_data(next));
}

static void each_cpu_has_its_own_queue(void **state)
{
	(void)state;
	the_world_is(.cpus = 2);
	server = server_thread(world, "server");
	server_sets_up(server, 0);
	server_sets_up(server, 1);
	finishes(server);
	client_getattr(client_new(world, "client-1", 1), 2);
	struct delivery *d = server_takes(server);

	run_all();
	assert_int_equal(d->qid, 1);
	server_answers(server, d);
	run_all();
}

/* ---- for measuring ---- */

static void round_trips_that_were_not_made_are_not_counted(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	assert_int_equal(fuse_round_trips(world, 50), 50);
	the_world_is(.cpus = 1);
	sched_set_bound(60);
	assert_in_range(fuse_round_trips(world, 50), 1, 40);
	sched_set_bound(0);
	run_all();
}

SCENARIO_TESTS(
	scenario_test(lookup_finds_the_file),
	scenario_test(lookup_of_a_missing_file_fails),
	scenario_test(getattr_returns_the_size),
	scenario_test(open_returns_a_file_handle),
	scenario_test(read_returns_the_bytes_of_the_file),
	scenario_test(read_at_the_end_of_the_file_is_short),
	scenario_test(write_arrives_as_it_was_sent),
	scenario_test(fsync_carries_no_payload_either_way),
	scenario_test(reads_and_writes_in_the_background_are_answered_once),
	scenario_test(requests_of_many_pages_fit_a_large_payload),
	scenario_test(forget_goes_to_dev_fuse),
	scenario_test(the_server_finds_the_request_in_its_header_slot),
	scenario_test(uniques_are_even_and_grow),
	scenario_test(an_error_of_the_server_reaches_the_client),
	scenario_test(the_entry_is_available_again_after_the_answer),
	scenario_test(a_commit_fetches_the_request_that_waits),
	scenario_test(requests_wait_until_the_ring_is_ready),
	scenario_test(without_io_uring_requests_go_to_dev_fuse),
	scenario_test(a_request_waits_when_a_register_brings_an_entry),
	scenario_test(a_request_that_cannot_be_copied_ends_and_the_next_one_is_tried),
	scenario_test(a_header_slot_that_is_not_mapped_fails_every_request),
	scenario_test(a_ring_with_deferred_task_work_serves_as_well),
	scenario_test(an_answer_may_come_through_io_wq),
	scenario_test(each_cpu_has_its_own_queue),
	scenario_test(round_trips_that_were_not_made_are_not_counted))
