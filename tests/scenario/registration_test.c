// SPDX-License-Identifier: GPL-2.0-only
/*
 * REGISTER, ADD_QUEUE and ADD_BUFPOOL: what they do, and every way in which they
 * are refused.
 */
#include "scenario_test.h"

static struct actor *server;

static struct reg a_good_register(void)
{
	struct reg r;

	register_default(world, 0, 0, &r);
	return r;
}

/* submit it from a thread of the server; the CQE's result, or 1 while it is parked */
static int result_of(const struct reg *r)
{
	struct submit *s;

	if (!server || world_of(server) != world || actor_gone(server))
		server = server_thread(world, "server-0");
	s = server_registers_raw(server, r);
	finishes(server);
	run_all(); /* -EAGAIN is tried again by io-wq before it becomes a CQE */
	assert_true(s->issued);
	return s->completed ? s->res : 1;
}

static int begins(void **state)
{
	server = NULL;
	return scenario_begins(state);
}

/* ---- what it does ---- */

static void a_registered_entry_is_available(void **state)
{
	(void)state;
	the_world_is(.payload = PAYLOAD_PER_ENTRY);
	struct reg r = a_good_register();

	assert_int_equal(result_of(&r), 1);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
	assert_int_equal(ring_now().queue_refs, 1);
}

static void the_ring_is_ready_once_every_queue_has_an_entry(void **state)
{
	(void)state;
	the_world_is(.cpus = 2);
	server = server_thread(world, "server-0");

	server_registers(server, 0, 0);
	finishes(server);
	assert_false(ring_now().ready);

	server_registers(server, 1, 0);
	finishes(server);
	assert_true(ring_now().ready);
}

static void entries_after_the_first_join_the_queue(void **state)
{
	(void)state;
	the_world_is(.entries = 3);
	a_ready_server();

	assert_int_equal(entries_in(ENT_AVAILABLE), 3);
	assert_int_equal(queue_now(0).nr_ents, 3);
}

static void a_register_through_io_wq_parks_as_well(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct reg r = a_good_register();

	r.sqe_flags = URING_SQE_ASYNC;
	assert_int_equal(result_of(&r), 1);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

static void the_payload_must_hold_the_largest_request_that_was_negotiated(void **state)
{
	(void)state;
	the_world_is(.max_write = 1 << 16, .max_pages = 32);
	assert_int_equal(ring_now().max_payload_sz, 32 * 4096);
	a_ready_server();
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

/* ---- the connection is not as it should be ---- */

static void a_ring_of_64_byte_sqes_is_refused(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct reg r = a_good_register();

	server = server_thread(world, "server-0");
	actor_ring_flags(server, 0);
	assert_int_equal(result_of(&r), -EINVAL);
}

static void an_unknown_command_is_refused(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct reg r = a_good_register();

	r.cmd_op = 99;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void before_the_reply_to_init_the_server_is_told_to_try_again(void **state)
{
	(void)state;
	the_world_is(.init_unanswered = true);
	struct reg r = a_good_register();

	assert_int_equal(result_of(&r), -EAGAIN);
	server_answers_init(server_main(world));
	finishes(server_main(world));
	assert_int_equal(result_of(&r), 1);
}

static void an_aborted_connection_refuses(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct actor *admin = client_new(world, "admin", 0);
	struct reg r = a_good_register();

	client_aborts_connection(admin);
	finishes(admin);
	assert_int_equal(result_of(&r), -ECONNABORTED);
}

static void an_unmounted_connection_refuses(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct actor *admin = client_new(world, "admin", 0);
	struct reg r = a_good_register();

	client_umounts(admin);
	finishes(admin);
	assert_int_equal(result_of(&r), -ENOTCONN);
}

static void a_connection_that_did_not_negotiate_io_uring_refuses(void **state)
{
	(void)state;
	the_world_is(.no_io_uring = true);
	struct reg r = a_good_register();

	assert_int_equal(result_of(&r), -EOPNOTSUPP);
}

static void the_module_parameter_switches_io_uring_off(void **state)
{
	(void)state;
	the_world_is(.no_param = true);
	struct reg r = a_good_register();

	assert_int_equal(result_of(&r), -EOPNOTSUPP);
}

/* ---- the command itself is wrong ---- */

static void a_queue_beyond_the_last_cpu_is_refused(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct reg r = a_good_register();

	r.qid = 1;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void an_iovec_array_of_another_length_is_refused(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct reg r = a_good_register();

	r.iov_nr = 1;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void an_unreadable_iovec_array_is_a_fault(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct reg r = a_good_register();

	r.iov = (void *)64;
	assert_int_equal(result_of(&r), -EFAULT);
}

static void headers_that_are_too_short_are_refused(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct reg r = a_good_register();

	r.headers_len = sizeof(struct abi_headers) - 1;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void a_payload_that_is_too_short_is_refused(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct reg r = a_good_register();

	r.payload_len--;
	assert_int_equal(result_of(&r), -EINVAL);
}

/*
 * In the trees a failed REGISTER ends io_uring for the connection, and what
 * waited for the ring to be ready goes to /dev/fuse instead.
 */
static void after_a_refused_register_requests_go_to_dev_fuse(void **state)
{
	(void)state;
	the_world_is(.cpus = 1);
	struct actor *client = client_new(world, "stat", 0);
	struct call *call = client_getattr(client, 2);
	struct reg bad = a_good_register();
	struct reg good = bad;
	struct dev_read *d;

	gets_stuck(client);
	bad.payload_len = 0;
	assert_int_equal(result_of(&bad), -EINVAL);
	if (subject_has(FUSE_CAN_BUFRING)) { /* our own forgives */
		assert_int_equal(result_of(&good), 1);
		server_serves(server);
		run_all();
		assert_int_equal(call->ret, 0);
		return;
	}
	assert_int_equal(result_of(&good), -EOPNOTSUPP);

	gets_stuck(client);
	d = server_reads_dev(server);
	finishes(server);
	assert_int_equal(d->opcode, OP_GETATTR);
	server_answers_dev(server, d);
	finishes(server);
	finishes(client);
	assert_int_equal(call->ret, 0);
	assert_int_equal(call->attr_size, FILE_SIZE);
}

/*
 * In the trees it does not matter that others have registered already: their entries
 * go on, and nobody can join them.
 */
static void one_refused_register_shuts_out_all_that_follow(void **state)
{
	(void)state;
	the_world_is(.entries = 2, .payload = PAYLOAD_PER_ENTRY);
	struct reg first = a_good_register(), bad, second;
	struct call *call;

	assert_int_equal(result_of(&first), 1);
	assert_true(ring_now().ready);
	register_default(world, 0, 1, &second);
	bad = second;
	bad.payload_len = 0;
	assert_int_equal(result_of(&bad), -EINVAL);
	assert_int_equal(result_of(&second),
			 subject_has(FUSE_CAN_BUFRING) ? 1 : -EOPNOTSUPP);
	assert_int_equal(entries_in(ENT_AVAILABLE),
			 subject_has(FUSE_CAN_BUFRING) ? 2 : 1);

	call = client_getattr(client_new(world, "stat", 0), 2);
	server_serves(server);
	run_all();
	assert_int_equal(call->ret, 0);
}

/* ---- ADD_QUEUE and ADD_BUFPOOL (7.3) ---- */

static struct reg a_good_queue(void)
{
	struct reg r;

	add_queue_default(world, 0, &r);
	return r;
}

static struct reg a_good_pool(void)
{
	struct reg r;

	add_bufpool_default(world, 0, &r);
	return r;
}

static void a_queue_can_be_added_once(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL);
	struct reg r = a_good_queue();

	assert_int_equal(result_of(&r), 0);
	assert_int_equal(result_of(&r), -EEXIST);
}

static void a_queue_beyond_the_last_cpu_cannot_be_added(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL);
	struct reg r = a_good_queue();

	r.qid = 1;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void a_queue_with_unknown_flags_cannot_be_added(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL);
	struct reg r = a_good_queue();

	r.flags = 2;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void a_zero_copy_queue_needs_a_privileged_server(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	the_world_is(.payload = PAYLOAD_BUFPOOL, .zero_copy = true);
	struct reg r = a_good_queue();

	server = server_thread(world, "server-0");
	actor_loses_privileges(server);
	assert_int_equal(result_of(&r), -EPERM);
}

static void a_pool_is_divided_into_buffers_of_the_largest_payload(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL, .buffers = 3);
	struct reg queue = a_good_queue();
	struct reg pool = a_good_pool();

	pool.pool_len += 100; /* a rest is not used */
	assert_int_equal(result_of(&queue), 0);
	assert_int_equal(result_of(&pool), 0);
	assert_int_equal(queue_now(0).nbufs, 3);
	assert_int_equal(queue_now(0).free_bufs, 3);
	assert_int_equal(queue_now(0).buf_size, 8192);
}

static void a_pool_needs_its_queue(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.cpus = 1, .payload = PAYLOAD_BUFPOOL);
	struct reg r = a_good_pool();

	assert_int_equal(result_of(&r), -EINVAL);
	r.qid = 1;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void a_pool_that_is_wrong_is_refused(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL);
	struct reg queue = a_good_queue();
	struct reg flags = a_good_pool();
	struct reg reserved = flags, short_one = flags;

	flags.flags = 1;
	reserved.pool_reserved = 1;
	short_one.pool_len = 8191;
	assert_int_equal(result_of(&queue), 0);
	assert_int_equal(result_of(&flags), -EINVAL);
	assert_int_equal(result_of(&reserved), -EINVAL);
	assert_int_equal(result_of(&short_one), -EINVAL);
}

static void a_queue_has_one_pool(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL);
	struct reg queue = a_good_queue();
	struct reg pool = a_good_pool();

	assert_int_equal(result_of(&queue), 0);
	assert_int_equal(result_of(&pool), 0);
	assert_int_equal(result_of(&pool), -EINVAL);
}

static void a_queue_whose_entries_have_payloads_gets_no_pool(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_PER_ENTRY);
	struct reg entry = a_good_register();
	struct reg pool = a_good_pool();

	assert_int_equal(result_of(&entry), 1);
	assert_int_equal(result_of(&pool), -EINVAL);
}

static void an_entry_of_a_pool_brings_no_payload(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL);
	struct reg queue = a_good_queue();
	struct reg pool = a_good_pool();
	struct reg entry = a_good_register();

	entry.payload = entry.headers;
	entry.payload_len = 1;
	assert_int_equal(result_of(&queue), 0);
	assert_int_equal(result_of(&pool), 0);
	assert_int_equal(result_of(&entry), -EINVAL);
}

static void a_zero_copy_slot_needs_a_zero_copy_queue(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	the_world_is(.payload = PAYLOAD_PER_ENTRY);
	struct reg entry = a_good_register();

	entry.zero_copy_index = 1;
	assert_int_equal(result_of(&entry), -EINVAL);
}

static void a_zero_copy_queue_needs_a_pool(void **state)
{
	(void)state;
	needs(FUSE_CAN_ZERO_COPY);
	the_world_is(.payload = PAYLOAD_PER_ENTRY, .zero_copy = true);
	struct reg queue = a_good_queue();
	struct reg entry = a_good_register();

	assert_int_equal(result_of(&queue), 0);
	assert_int_equal(result_of(&entry), -EINVAL);
}

static void an_entry_must_name_the_registered_pool(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL_FIXED);
	struct reg queue = a_good_queue();
	struct reg pool = a_good_pool();
	struct reg entry = a_good_register();

	entry.buf_index = 7;
	assert_int_equal(result_of(&queue), 0);
	assert_int_equal(result_of(&pool), 0);
	assert_int_equal(result_of(&entry), -EINVAL);
}

static void an_entry_of_a_registered_pool_must_be_a_fixed_command(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	the_world_is(.payload = PAYLOAD_BUFPOOL_FIXED);
	struct reg queue = a_good_queue();
	struct reg pool = a_good_pool();
	struct reg entry = a_good_register();

	entry.uring_cmd_flags = 0;
	assert_int_equal(result_of(&queue), 0);
	assert_int_equal(result_of(&pool), 0);
	assert_int_equal(result_of(&entry), -EINVAL);
}

/* ---- buffer rings ---- */

static struct reg a_good_bufring(void)
{
	the_world_is(.entries = 2, .payload = PAYLOAD_BUFRING);
	return a_good_register();
}

static void a_buffer_ring_is_created_with_its_queue(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	assert_int_equal(result_of(&r), 1);
	assert_int_equal(queue_now(0).nbufs, 2);
	assert_int_equal(queue_now(0).free_bufs, 2);
}

static void a_buffer_ring_without_entries_is_refused(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	r.queue_depth = 0;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void a_buffer_ring_without_a_buffer_size_is_refused(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	r.buf_size = 0;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void unknown_flags_are_refused(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	r.flags |= 8;
	assert_int_equal(result_of(&r), -EINVAL);
}

/* buf_index is the entry's id: not also a registered buffer's */
static void a_fixed_command_is_refused(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	r.uring_cmd_flags = URING_CMD_FIXED;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void a_header_area_with_too_few_slots_is_refused(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	r.headers_len--;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void buffers_that_are_too_small_are_refused(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	r.buf_size--;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void a_payload_area_without_a_whole_buffer_is_refused(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	r.payload_len = r.buf_size - 1;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void an_area_outside_of_user_memory_is_a_fault(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	r.headers = (void *)0xffff800000000000ul;
	assert_int_equal(result_of(&r), -EFAULT);
}

static void an_entry_id_beyond_the_depth_is_refused(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	r.buf_index = 2;
	assert_int_equal(result_of(&r), -EINVAL);
}

static void an_entry_id_is_registered_once(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg r = a_good_bufring();

	assert_int_equal(result_of(&r), 1);
	assert_int_equal(result_of(&r), -EINVAL);
}

static void every_register_of_a_queue_has_to_agree(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg first = a_good_bufring();
	struct reg second;

	register_default(world, 0, 1, &second);
	second.queue_depth = 4;
	second.headers_len *= 2;
	assert_int_equal(result_of(&first), 1);
	assert_int_equal(result_of(&second), -EINVAL);
}

static void a_queue_has_one_kind_of_payload(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	struct reg first = a_good_bufring();
	struct reg second;

	register_default(world, 0, 1, &second);
	second.flags = 0;
	assert_int_equal(result_of(&first), 1);
	assert_int_equal(result_of(&second), -EINVAL);
}

#define test(f) cmocka_unit_test_setup_teardown(f, begins, scenario_ends)

SCENARIO_TESTS(test(a_registered_entry_is_available),
	       test(the_ring_is_ready_once_every_queue_has_an_entry),
	       test(entries_after_the_first_join_the_queue),
	       test(a_register_through_io_wq_parks_as_well),
	       test(the_payload_must_hold_the_largest_request_that_was_negotiated),
	       test(a_ring_of_64_byte_sqes_is_refused),
	       test(an_unknown_command_is_refused),
	       test(before_the_reply_to_init_the_server_is_told_to_try_again),
	       test(an_aborted_connection_refuses), test(an_unmounted_connection_refuses),
	       test(a_connection_that_did_not_negotiate_io_uring_refuses),
	       test(the_module_parameter_switches_io_uring_off),
	       test(a_queue_beyond_the_last_cpu_is_refused),
	       test(an_iovec_array_of_another_length_is_refused),
	       test(an_unreadable_iovec_array_is_a_fault),
	       test(headers_that_are_too_short_are_refused),
	       test(a_payload_that_is_too_short_is_refused),
	       test(after_a_refused_register_requests_go_to_dev_fuse),
	       test(one_refused_register_shuts_out_all_that_follow),
	       test(a_queue_can_be_added_once),
	       test(a_queue_beyond_the_last_cpu_cannot_be_added),
	       test(a_queue_with_unknown_flags_cannot_be_added),
	       test(a_zero_copy_queue_needs_a_privileged_server),
	       test(a_pool_is_divided_into_buffers_of_the_largest_payload),
	       test(a_pool_needs_its_queue), test(a_pool_that_is_wrong_is_refused),
	       test(a_queue_has_one_pool),
	       test(a_queue_whose_entries_have_payloads_gets_no_pool),
	       test(an_entry_of_a_pool_brings_no_payload),
	       test(a_zero_copy_slot_needs_a_zero_copy_queue),
	       test(a_zero_copy_queue_needs_a_pool),
	       test(an_entry_must_name_the_registered_pool),
	       test(an_entry_of_a_registered_pool_must_be_a_fixed_command),
	       test(a_buffer_ring_is_created_with_its_queue),
	       test(a_buffer_ring_without_entries_is_refused),
	       test(a_buffer_ring_without_a_buffer_size_is_refused),
	       test(unknown_flags_are_refused), test(a_fixed_command_is_refused),
	       test(a_header_area_with_too_few_slots_is_refused),
	       test(buffers_that_are_too_small_are_refused),
	       test(a_payload_area_without_a_whole_buffer_is_refused),
	       test(an_area_outside_of_user_memory_is_a_fault),
	       test(an_entry_id_beyond_the_depth_is_refused),
	       test(an_entry_id_is_registered_once),
	       test(every_register_of_a_queue_has_to_agree),
	       test(a_queue_has_one_kind_of_payload))
