// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests in the background: max_background holds for the connection, and each
 * queue may have one under way in any case.
 */
#include "scenario_test.h"

static struct actor *server, *client;

static void a_server(const struct fuse_config *config)
{
	scenario_opens(config);
	server = server_thread(world, "server-0");
	for (unsigned int qid = 0; qid < fuse_config(world)->cpus; qid++)
		server_sets_up(server, qid);
	finishes(server);
	client = client_new(world, "client", 0);
}

static void the_limit_holds_back_what_is_above_it(void **state)
{
	(void)state;
	a_server(&(struct fuse_config){ .entries = 4, .max_background = 2 });
	struct call *calls[4];

	for (unsigned int i = 0; i < 2; i++)
		calls[i] = client_read_bg(client, 2, i * 4096, 4096);
	finishes(client);
	assert_int_equal(queue_now(0).active_background, 2);
	assert_int_equal(ring_now().num_background, 2);
	assert_true(ring_now().blocked);

	calls[2] = client_read_bg(client, 2, 8192, 4096);
	calls[3] = client_read_bg(client, 2, 12288, 4096);
	gets_stuck(client); /* the connection is blocked for background requests */

	server_serves(server);
	run_all();
	for (unsigned int i = 0; i < 4; i++) {
		assert_true(call_has_file_data(calls[i]));
		assert_int_equal(calls[i]->times_ended, 1);
	}
	assert_int_equal(ring_now().num_background, 0);
	assert_int_equal(ring_now().active_background, 0);
	assert_false(ring_now().blocked);
}

static void a_lower_limit_fills_the_waiting_list(void **state)
{
	(void)state;
	a_server(&(struct fuse_config){ .entries = 4, .max_background = 8 });
	struct call *calls[5];

	for (unsigned int i = 0; i < 2; i++)
		calls[i] = client_read_bg(client, 2, i * 4096, 4096);
	finishes(client);
	client_sets_max_background(client, 1);
	finishes(client);
	assert_true(ring_now().blocked);
	client_sets_max_background(client, 4);
	for (unsigned int i = 2; i < 5; i++)
		calls[i] = client_read_bg(client, 2, i * 4096, 4096);
	server_serves(server);
	run_all();
	for (unsigned int i = 0; i < 5; i++)
		assert_true(call_has_file_data(calls[i]));
}

static void each_queue_may_have_one_whatever_the_limit(void **state)
{
	(void)state;
	a_server(&(struct fuse_config){ .cpus = 2, .entries = 2, .max_background = 2 });
	struct actor *other = client_new(world, "other", 1);
	struct call *a = client_read_bg(client, 2, 0, 4096);
	struct call *b = client_read_bg(client, 2, 4096, 4096);

	finishes(client);
	client_sets_max_background(client, 3);
	finishes(client);
	client_sets_max_background(client, 2);
	struct call *c = client_read_bg(other, 3, 0, 4096);

	client_sets_max_background(other, 3);
	finishes(client);
	assert_int_equal(queue_now(0).active_background, 2);
	server_serves(server);
	run_all();
	assert_true(call_has_file_data(a));
	assert_true(call_has_file_data(b));
	assert_true(call_has_file_data(c));
}

static void requests_above_the_limit_wait_in_the_queue_of_their_cpu(void **state)
{
	(void)state;
	a_server(&(struct fuse_config){ .entries = 4, .max_background = 2 });
	struct actor *late = client_new(world, "late", 0);
	struct call *a = client_read_bg(client, 2, 0, 4096);
	struct call *c, *b;

	finishes(client);
	c = client_read_bg(late, 4, 0, 4096);
	stops_before_lock(late, "fiq->lock"); /* it passed the check of "blocked" */
	b = client_read_bg(client, 3, 0, 4096);
	finishes(client);
	finishes(late);
	assert_int_equal(queue_now(0).active_background, 2);
	assert_int_equal(queue_now(0).waiting_bg, 1);

	server_serves(server);
	run_all();
	assert_true(call_has_file_data(a));
	assert_true(call_has_file_data(b));
	assert_true(call_has_file_data(c));
	assert_int_equal(queue_now(0).waiting_bg, 0);
	expects_finding(
		"A wait that ends by itself", REPORT_PROGRESS,
		"queue 0: a READ (unique 8, of late) waits although entry 1 is "
		"available");
}

static void abort_ends_those_above_the_limit_too(void **state)
{
	(void)state;
	a_server(&(struct fuse_config){ .entries = 4, .max_background = 2 });
	struct actor *late = client_new(world, "late", 0);
	struct call *a = client_read_bg(client, 2, 0, 4096);
	struct call *c, *b;

	finishes(client);
	c = client_read_bg(late, 4, 0, 4096);
	stops_before_lock(late, "fiq->lock");
	b = client_read_bg(client, 3, 0, 4096);
	finishes(client);
	finishes(late);
	client_aborts_connection(client);
	run_all();
	assert_int_equal(a->ret, -ECONNABORTED);
	assert_int_equal(b->ret, -ECONNABORTED);
	assert_int_equal(c->ret, -ECONNABORTED);
	assert_int_equal(a->times_ended + b->times_ended + c->times_ended, 3);
}

static void a_failed_copy_ends_a_background_request_once(void **state)
{
	(void)state;
	the_world_is(.entries = 1);
	struct reg r;

	register_default(world, 0, 0, &r);
	r.payload = (void *)4096; /* nothing is mapped there */
	server = server_thread(world, "server-0");
	client = client_new(world, "client", 0);
	server_registers_raw(server, &r);
	server_serves(server);
	struct call *w = client_write_bg(client, 2, 0, 4096);

	run_all();
	assert_int_equal(w->ret, -EFAULT);
	assert_int_equal(w->times_ended, 1);
	assert_int_equal(ring_now().num_background, 0);
}

static void before_the_ring_is_ready_they_wait_like_all_others(void **state)
{
	(void)state;
	the_world_is(.entries = 1);
	client = client_new(world, "client", 0);
	struct call *c = client_read_bg(client, 2, 0, 4096);

	gets_stuck(client);
	server = a_ready_server();
	server_serves(server);
	run_all();
	assert_true(call_has_file_data(c));
}

static void without_io_uring_they_go_to_dev_fuse(void **state)
{
	(void)state;
	the_world_is(.no_io_uring = true, .max_background = 1);
	server = server_main(world);
	client = client_new(world, "client", 0);
	struct call *c = client_write_bg(client, 2, 0, 300);
	struct dev_read *d = server_reads_dev(server);

	run_all();
	assert_int_equal(d->opcode, OP_WRITE);
	server_answers_error_dev(server, d, -EIO);
	run_all();
	assert_int_equal(c->ret, -EIO);
	assert_int_equal(c->times_ended, 1);
}

SCENARIO_TESTS(scenario_test(the_limit_holds_back_what_is_above_it),
	       scenario_test(a_lower_limit_fills_the_waiting_list),
	       scenario_test(each_queue_may_have_one_whatever_the_limit),
	       scenario_test(requests_above_the_limit_wait_in_the_queue_of_their_cpu),
	       scenario_test(abort_ends_those_above_the_limit_too),
	       scenario_test(a_failed_copy_ends_a_background_request_once),
	       scenario_test(before_the_ring_is_ready_they_wait_like_all_others),
	       scenario_test(without_io_uring_they_go_to_dev_fuse))
