// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every row of the table of REGISTER's errors, and their order: a command with
 * several mistakes is told the one that the table names first.
 */
#include "bufring_register.h"
#include "shim/user.h"

#define BEYOND_USER_MEMORY ((void *)0xffff800000000000ul)

static void a_good_register(void)
{
	the_server_would_register_in(.cpus = 2, .entries = 2);
}

/* ---- mistakes, in the order of the table ---- */

static void a_queue_that_does_not_exist(void)
{
	r.qid = 2;
}

static void an_unknown_flag(void)
{
	r.flags |= 8;
}

static void no_depth(void)
{
	r.queue_depth = 0;
}

static void no_buffer_size(void)
{
	r.buf_size = 0;
}

static void one_area(void)
{
	r.iov_nr = 1;
}

static void areas_that_cannot_be_read(void)
{
	r.iov = (void *)64;
}

static void too_few_header_slots(void)
{
	r.headers_len = 2 * SLOT - 1;
}

static void too_small_buffers(void)
{
	r.buf_size = 8191;
}

static void no_whole_buffer(void)
{
	r.payload_len = r.buf_size - 1;
}

static void too_many_buffers(void)
{
	r.payload_len = 65536ul * r.buf_size;
}

static void headers_outside_of_user_memory(void)
{
	r.headers = BEYOND_USER_MEMORY;
}

static void a_payload_outside_of_user_memory(void)
{
	r.payload = BEYOND_USER_MEMORY;
}

static void a_payload_that_wraps_around(void)
{
	r.payload = (void *)-8192ul;
	r.payload_len = 3 * 8192ul;
}

static void an_id_beyond_the_depth(void)
{
	r.buf_index = 2;
}

static const struct mistake mistakes[] = {
	MISTAKE(a_queue_that_does_not_exist, -EINVAL),
	MISTAKE(an_unknown_flag, -EINVAL),
	MISTAKE(no_depth, -EINVAL),
	MISTAKE(no_buffer_size, -EINVAL),
	MISTAKE(one_area, -EINVAL),
	MISTAKE(areas_that_cannot_be_read, -EFAULT),
	MISTAKE(too_few_header_slots, -EINVAL),
	MISTAKE(too_small_buffers, -EINVAL),
	MISTAKE(no_whole_buffer, -EINVAL),
	MISTAKE(too_many_buffers, -EINVAL),
	MISTAKE(headers_outside_of_user_memory, -EFAULT),
	MISTAKE(a_payload_outside_of_user_memory, -EFAULT),
	MISTAKE(a_payload_that_wraps_around, -EFAULT),
	MISTAKE(an_id_beyond_the_depth, -EINVAL),
};

/* all from number @first on; where two are made in the same field, the earlier stays */
static void make_mistakes_from(unsigned int first)
{
	for (unsigned int i = NR(mistakes); i-- > first;)
		mistakes[i].make();
}

/* ---- the table ---- */

static void each_mistake_has_its_error(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR(mistakes); i++) {
		a_good_register();
		mistakes[i].make();
		it_is_refused_for(&mistakes[i]);
		nothing_is_registered();
		the_world_closes();
	}
}

static void of_several_mistakes_the_first_of_the_table_is_told(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR(mistakes); i++) {
		a_good_register();
		make_mistakes_from(i);
		it_is_refused_for(&mistakes[i]);
		the_world_closes();
	}
}

static void after_a_mistake_a_good_register_succeeds(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR(mistakes); i++) {
		a_good_register();
		mistakes[i].make();
		its_result();
		register_default(world, 0, 0, &r);
		assert_int_equal(its_result(), 1);
		assert_int_equal(entries_in(ENT_AVAILABLE), 1);
		the_world_closes();
	}
}

static void what_is_just_enough_is_accepted(void **state)
{
	(void)state;
	a_good_register();
	assert_int_equal(r.headers_len, 2 * SLOT);
	assert_int_equal(r.buf_size, ring_now().max_payload_sz);
	r.payload_len = 2 * r.buf_size - 1; /* one buffer, and a rest that is not used */
	r.buf_index = 1;
	assert_int_equal(its_result(), 1);
	assert_int_equal(queue_now(0).nbufs, 1);
	assert_int_equal(queue_now(0).ents[0].headers, (uintptr_t)r.headers + SLOT);
}

static void the_largest_ring_has_65535_buffers(void **state)
{
	(void)state;
	a_good_register();
	r.payload_len = 65536ul * r.buf_size - 1;
	assert_int_equal(its_result(), 1);
	assert_int_equal(queue_now(0).nbufs, 65535);
	assert_int_equal(queue_now(0).free_bufs, 65535);
}

static void areas_may_end_where_user_memory_ends(void **state)
{
	(void)state;
	a_good_register();
	r.headers = (void *)(SHIM_TASK_SIZE - r.headers_len);
	r.payload = (void *)(SHIM_TASK_SIZE - r.payload_len);
	assert_int_equal(its_result(), 1);
	a_good_register();
	r.headers = (void *)(SHIM_TASK_SIZE - r.headers_len + 1);
	assert_int_equal(its_result(), -EFAULT);
	a_good_register();
	r.payload = (void *)(SHIM_TASK_SIZE - r.payload_len + 1);
	assert_int_equal(its_result(), -EFAULT);
}

static void only_the_server_knows_what_is_mapped(void **state)
{
	(void)state;
	a_good_register();
	r.payload = (void *)4096;
	assert_int_equal(its_result(), 1); /* a copy will tell */
}

/* ---- before the table: who asks ---- */

static void a_ring_of_64_byte_sqes_is_refused_first(void **state)
{
	(void)state;
	a_good_register();
	actor_ring_flags(server, 0);
	make_mistakes_from(5); /* -EFAULT would be the first */
	assert_int_equal(its_result(), -EINVAL);
}

static void an_unknown_command_is_refused_first(void **state)
{
	(void)state;
	a_good_register();
	r.cmd_op = 99;
	make_mistakes_from(5);
	assert_int_equal(its_result(), -EINVAL);
}

static void before_init_nothing_is_looked_at(void **state)
{
	(void)state;
	the_server_would_register_in(.entries = 2, .init_unanswered = true);
	make_mistakes_from(0);
	assert_int_equal(its_result(), -EAGAIN);
	r.iov = NULL;
}

static void an_aborted_connection_does_not_look_at_anything(void **state)
{
	(void)state;
	a_good_register();
	struct actor *admin = client_new(world, "admin", 0);

	client_aborts_connection(admin);
	finishes(admin);
	make_mistakes_from(0);
	assert_int_equal(its_result(), -ECONNABORTED);
}

static void an_unmounted_connection_does_not_look_at_anything(void **state)
{
	(void)state;
	a_good_register();
	struct actor *admin = client_new(world, "admin", 0);

	client_umounts(admin);
	finishes(admin);
	make_mistakes_from(0);
	assert_int_equal(its_result(), -ENOTCONN);
}

static void a_connection_without_io_uring_does_not_look_at_anything(void **state)
{
	(void)state;
	the_server_would_register_in(.entries = 2, .no_io_uring = true);
	make_mistakes_from(0);
	assert_int_equal(its_result(), -EOPNOTSUPP);
}

static void a_connection_that_was_aborted_before_init_has_no_ring(void **state)
{
	(void)state;
	the_ring_is(.entries = 2, .no_io_uring = true);
	struct actor *admin = client_new(world, "admin", 0);

	server = server_thread(world, "server-0");
	register_default(world, 0, 0, &r);
	client_aborts_connection(admin);
	finishes(admin);
	assert_int_equal(its_result(), -ECONNABORTED);
}

/* ---- behind it: memory, and the queue that exists ---- */

static void mistakes_are_found_before_memory_is_asked_for(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR(mistakes); i++) {
		a_good_register();
		mistakes[i].make();
		no_memory_is_asked_for();
		the_world_closes();
	}
}

static void a_queue_with_a_ring(void)
{
	a_good_register();
	assert_int_equal(its_result(), 1);
	register_default(world, 0, 1, &r);
}

static void a_queue_has_one_kind_of_payload(void **state)
{
	(void)state;
	a_queue_with_a_ring();
	r.flags = 0;
	assert_int_equal(its_result(), -EINVAL);
	a_good_register();
	r.flags = 0;
	assert_int_equal(its_result(), 1);
	register_default(world, 0, 1, &r);
	assert_int_equal(its_result(), -EINVAL);
	assert_int_equal(queue_now(0).nbufs, 0);
}

static void a_queue_has_one_depth(void **state)
{
	(void)state;
	a_queue_with_a_ring();
	r.queue_depth = 3;
	r.headers_len = 3 * SLOT;
	assert_int_equal(its_result(), -EINVAL);
	r.queue_depth = 2;
	assert_int_equal(its_result(), 1);
}

static void a_queue_has_one_size_of_buffers(void **state)
{
	(void)state;
	a_queue_with_a_ring();
	r.buf_size *= 2;
	assert_int_equal(its_result(), -EINVAL);
	r.buf_size /= 2;
	assert_int_equal(its_result(), 1);
}

/* The area of the first REGISTER counts; later ones have to be valid, no more. */
static void the_first_register_says_where_the_areas_are(void **state)
{
	(void)state;
	a_queue_with_a_ring();
	struct queue_view before = queue_now(0);

	r.payload = (char *)r.payload + 4096;
	r.payload_len -= 4096;
	r.headers = (char *)r.headers - 4096;
	assert_int_equal(its_result(), 1);
	assert_int_equal(queue_now(0).pool_base, before.pool_base);
	assert_int_equal(queue_now(0).nbufs, before.nbufs);
	for (unsigned int i = 0; i < 2; i++)
		assert_in_range(queue_now(0).ents[i].headers, before.ents[0].headers,
				before.ents[0].headers + SLOT);
}

static void an_id_is_registered_once_at_a_time(void **state)
{
	(void)state;
	a_queue_with_a_ring();
	r.buf_index = 0;
	assert_int_equal(its_result(), -EINVAL);
	assert_int_equal(ring_now().queue_refs, 1);

	/* once its entry is released, the id is free again */
	struct actor *again = server_thread(world, "server-1");

	server_closes_ring(server);
	run_all();
	assert_int_equal(entries_in(ENT_RELEASED), 1);
	server = again;
	assert_int_equal(its_result(), 1);
	assert_int_equal(entries_in(ENT_RELEASED), 0);
	assert_int_equal(queue_now(0).nr_ents, 1);
}

static void ids_come_in_any_order(void **state)
{
	(void)state;
	the_ring_is(.entries = 4);
	static const unsigned int ids[] = { 2, 0, 3, 1 };

	server = server_thread(world, "server-0");
	for (unsigned int i = 0; i < 4; i++) {
		register_default(world, 0, ids[i], &r);
		assert_int_equal(its_result(), 1);
	}
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(queue_now(0).ents[i].id, ids[i]);
		assert_int_equal(queue_now(0).ents[i].headers,
				 (uintptr_t)r.headers + ids[i] * SLOT);
	}
}

/* ---- the ring gets ready ---- */

static void a_refused_register_sends_waiting_clients_to_dev_fuse(void **state)
{
	(void)state;
	a_good_register();
	struct actor *client = client_new(world, "client", 0);
	struct call *call = client_getattr(client, 2);
	struct dev_read *d;

	gets_stuck(client); /* it waits for the ring */
	r.buf_size = 0;
	assert_int_equal(its_result(), -EINVAL);
	gets_stuck(client); /* and now for an answer */
	d = server_reads_dev(server);
	finishes(server);
	assert_int_equal(d->opcode, OP_GETATTR);
	server_answers_dev(server, d);
	run_all();
	assert_int_equal(call->ret, 0);
}

static void the_ring_can_still_get_ready_after_a_mistake(void **state)
{
	(void)state;
	a_good_register();
	r.buf_size = 0;
	assert_int_equal(its_result(), -EINVAL);
	for (unsigned int qid = 0; qid < 2; qid++) {
		register_default(world, qid, 0, &r);
		assert_int_equal(its_result(), 1);
	}
	assert_true(ring_now().ready);
	server_serves(server);
	struct call *call = client_getattr(client_new(world, "client", 1), 2);

	run_all();
	assert_int_equal(call->ret, 0);
}

static void a_mistake_after_the_ring_is_ready_changes_nothing(void **state)
{
	(void)state;
	the_ring_is(.entries = 2);
	server = server_thread(world, "server-0");
	register_default(world, 0, 0, &r);
	assert_int_equal(its_result(), 1);
	r.buf_size = 0;
	assert_int_equal(its_result(), -EINVAL);
	assert_true(ring_now().ready);
	assert_true(ring_now().io_uring);
	server_serves(server);
	struct call *call = client_getattr(client_new(world, "client", 0), 2);

	run_all();
	assert_int_equal(call->ret, 0);
}

/* ---- the policy ---- */

static void a_policy_that_does_not_exist_is_the_first_one(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFRING);
	policy = 7;
	the_ring_is(.entries = 1, .buffers = 3);
	server = a_ready_server();
	somebody_stats("client", 2);
	struct delivery *d = the_server_takes_one();

	assert_int_equal(d->buf_id, 0); /* fifo: the one that has been free for longest */
	server_answers(server, d);
	run_all();
}

SCENARIO_TESTS(both(each_mistake_has_its_error),
	       both(of_several_mistakes_the_first_of_the_table_is_told),
	       both(after_a_mistake_a_good_register_succeeds),
	       both(what_is_just_enough_is_accepted),
	       both(the_largest_ring_has_65535_buffers),
	       both(areas_may_end_where_user_memory_ends),
	       both(only_the_server_knows_what_is_mapped),
	       both(a_ring_of_64_byte_sqes_is_refused_first),
	       both(an_unknown_command_is_refused_first),
	       both(before_init_nothing_is_looked_at),
	       both(an_aborted_connection_does_not_look_at_anything),
	       both(an_unmounted_connection_does_not_look_at_anything),
	       both(a_connection_without_io_uring_does_not_look_at_anything),
	       both(a_connection_that_was_aborted_before_init_has_no_ring),
	       both(mistakes_are_found_before_memory_is_asked_for),
	       both(a_queue_has_one_kind_of_payload), both(a_queue_has_one_depth),
	       both(a_queue_has_one_size_of_buffers),
	       both(the_first_register_says_where_the_areas_are),
	       both(an_id_is_registered_once_at_a_time), both(ids_come_in_any_order),
	       both(a_refused_register_sends_waiting_clients_to_dev_fuse),
	       both(the_ring_can_still_get_ready_after_a_mistake),
	       both(a_mistake_after_the_ring_is_ready_changes_nothing),
	       both(a_policy_that_does_not_exist_is_the_first_one))
