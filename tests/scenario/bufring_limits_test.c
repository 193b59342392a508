// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits of a connection whose queues have buffer rings: requests in the background,
 * and the time-out, which has to find a request wherever it is.
 */
#include "bufring.h"
#include "shim/work.h"

static struct actor *client, *admin;

static void a_ring_with(const struct fuse_config *config)
{
	struct fuse_config c = *config;

	needs(FUSE_CAN_BUFRING);
	c.payload = PAYLOAD_BUFRING;
	c.policy = policy;
	scenario_opens(&c);
	server = server_thread(world, "server-0");
	client = client_new(world, "client", 0);
	admin = client_new(world, "admin", 0);
}

static void it_sets_up_all_queues(void)
{
	for (unsigned int qid = 0; qid < fuse_config(world)->cpus; qid++)
		server_sets_up(server, qid);
	finishes(server);
}

/* from then on clients use /dev/fuse, until all queues are there */
static void a_register_fails(void)
{
	struct reg bad;

	register_default(world, 0, 0, &bad);
	bad.buf_size = 0;
	server_registers_raw(server, &bad);
	finishes(server);
}

/* ---- background ---- */

/*
 * Requests that waited in fuse core because the ring was not ready are sent by it
 * later, one for each that ends: they come to the ring as if they were new.
 *
 * REGISTER fails, so clients use /dev/fuse: one request is there, two wait for
 * it. Then the ring gets ready, and the one from /dev/fuse is answered.
 */
static void
background_requests_from_before_the_ring_was_ready_come_through_it(void **state)
{
	(void)state;
	a_ring_with(&(struct fuse_config){ .entries = 2, .max_background = 8 });
	struct call *bg[3];

	a_register_fails();
	client_sets_max_background(admin, 1);
	finishes(admin);
	for (unsigned int i = 0; i < 3; i++) {
		struct actor *readahead = client_new(world, "readahead", 0);

		bg[i] = client_read_bg(readahead, 2 + i, 0, 4096);
		stops_before_lock(readahead, "fch->bg_lock"); /* it is not held back */
	}
	for (unsigned int i = 0; i < 3; i++)
		finishes(bg[i]->actor);
	assert_int_equal(ring_now().num_background, 3);

	struct dev_read *d = server_reads_dev(server);

	it_sets_up_all_queues();
	assert_true(ring_now().ready);
	server_answers_dev(server, d);
	server_serves(server);
	run_all();
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(bg[i]->times_ended, 1);
		assert_true(call_has_file_data(bg[i]));
	}
	assert_int_equal(ring_now().num_background, 0);
	assert_int_equal(queue_now(0).active_background, 0);
	every_buffer_is_free();
}

/* three requests of one queue, of which the limit lets one through */
static void more_than_the_limit(struct call *bg[3])
{
	struct actor *readers[3];

	for (unsigned int i = 0; i < 3; i++) {
		readers[i] = client_new(world, "readahead", 0);
		bg[i] = client_read_bg(readers[i], 2 + i, 0, 4096);
		stops_before_lock(readers[i],
				  "fiq->lock"); /* past the check of "blocked" */
	}
	for (unsigned int i = 0; i < 3; i++)
		finishes(readers[i]);
	assert_int_equal(queue_now(0).active_background, 1);
	assert_int_equal(queue_now(0).waiting_bg, 2);
}

static void requests_above_the_limit_are_admitted_one_by_one(void **state)
{
	(void)state;
	struct call *bg[3];

	a_ring_with(&(struct fuse_config){ .entries = 4, .max_background = 1 });
	it_sets_up_all_queues();
	more_than_the_limit(bg);
	for (unsigned int i = 0; i < 3; i++) {
		struct delivery *d = the_server_takes_one();

		assert_int_equal(d->nodeid, 2 + i);
		assert_int_equal(queue_now(0).waiting_bg, 2 - i);
		server_answers(server, d);
		finishes(server);
	}
	run_all();
	for (unsigned int i = 0; i < 3; i++)
		assert_true(call_has_file_data(bg[i]));
}

static void abort_ends_those_above_the_limit(void **state)
{
	(void)state;
	struct call *bg[3];

	a_ring_with(&(struct fuse_config){ .entries = 4, .max_background = 1 });
	it_sets_up_all_queues();
	more_than_the_limit(bg);
	struct call *fore = client_getattr(client, 9);

	gets_stuck(client);
	struct call *waits = client_fsync(client_new(world, "sync", 0), 9);

	client_aborts_connection(admin);
	run_all();
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(bg[i]->ret, -ECONNABORTED);
		assert_int_equal(bg[i]->times_ended, 1);
	}
	assert_true(fore->ret < 0 && waits->ret < 0);
	assert_int_equal(ring_now().num_background, 0);
	assert_int_equal(queue_now(0).active_background, 0);
	assert_int_equal(queue_now(0).waiting_bg, 0);
}

/*
 * Abort lifts the limit; root wants it back before the ring's requests are ended. Linux's
 * core lets them, ours does not.
 */
static void abort_ends_them_whatever_the_limit_is_meanwhile(void **state)
{
	(void)state;
	struct call *bg[3];

	a_ring_with(&(struct fuse_config){ .entries = 4, .max_background = 1 });
	it_sets_up_all_queues();
	more_than_the_limit(bg);
	struct actor *root = client_new(world, "root", 0);

	client_aborts_connection(admin);
	run_until_in(task_of(admin), "queue_abort_waiting");
	client_sets_max_background(root, 1);
	finishes(root);
	run_all();
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(bg[i]->ret, -ECONNABORTED);
		assert_int_equal(bg[i]->times_ended, 1);
	}
	assert_int_equal(queue_now(0).waiting_bg, 0);
}

static void each_queue_may_have_one_whatever_the_others_have(void **state)
{
	(void)state;
	a_ring_with(
		&(struct fuse_config){ .cpus = 2, .entries = 2, .max_background = 1 });
	it_sets_up_all_queues();
	struct actor *here = client_new(world, "here", 0),
		     *there = client_new(world, "there", 1);
	struct call *a = client_read_bg(here, 2, 0, 4096);
	struct call *b = client_read_bg(there, 3, 0, 4096);

	stops_before_lock(here, "fiq->lock");
	stops_before_lock(there, "fiq->lock");
	finishes(here);
	finishes(there);
	assert_int_equal(queue_now(0).active_background, 1);
	assert_int_equal(queue_now(1).active_background, 1);
	server_serves(server);
	run_all();
	assert_true(call_has_file_data(a) && call_has_file_data(b));
}

/* @nr of them, all of which have seen that root's limit lets them in */
static void read_in_background(struct call *bg[], struct actor *readers[],
			       unsigned int nr, unsigned int cpu)
{
	for (unsigned int i = 0; i < nr; i++) {
		readers[i] = client_new(world, "readahead", cpu);
		bg[i] = client_read_bg(readers[i], 2 + i, 0, 4096);
		stops_before_lock(readers[i], "fiq->lock");
	}
}

static void what_another_queue_lets_go_is_for_all(void **state)
{
	(void)state;
	struct call *here[3], *there;
	struct actor *readers[3], *other;

	a_ring_with(
		&(struct fuse_config){ .cpus = 2, .entries = 4, .max_background = 2 });
	it_sets_up_all_queues();
	read_in_background(&there, &other, 1, 1);
	read_in_background(here, readers, 3, 0);
	finishes(other);
	struct delivery *d = the_server_takes_one();

	for (unsigned int i = 0; i < 3; i++)
		finishes(readers[i]);
	assert_int_equal(queue_now(0).waiting_bg, 2);
	server_answers(server, d);
	finishes(server);
	assert_int_equal(queue_now(1).active_background, 0);
	assert_int_equal(queue_now(0).active_background, 2);
	assert_int_equal(queue_now(0).waiting_bg, 1);
	server_serves(server);
	run_all();
	assert_true(call_has_file_data(there));
	for (unsigned int i = 0; i < 3; i++)
		assert_true(call_has_file_data(here[i]));
}

static void so_is_what_was_under_way_over_dev_fuse(void **state)
{
	(void)state;
	struct call *over_dev, *bg[2];
	struct actor *early, *readers[2];

	a_ring_with(&(struct fuse_config){ .entries = 2, .max_background = 2 });
	a_register_fails();
	early = client_new(world, "early", 0);
	over_dev = client_read_bg(early, 9, 0, 4096);
	finishes(early);
	struct dev_read *d = server_reads_dev(server);

	it_sets_up_all_queues();
	read_in_background(bg, readers, 2, 0);
	finishes(readers[0]);
	finishes(readers[1]);
	assert_int_equal(queue_now(0).waiting_bg, 1);
	server_answers_dev(server, d);
	finishes(server);
	/* Linux's core does not ask the ring: there it goes on with the ring's next end
	 */
	if (!strstr(world_subject(world)->name, "linux")) {
		assert_int_equal(queue_now(0).active_background, 2);
		assert_int_equal(queue_now(0).waiting_bg, 0);
	}
	server_serves(server);
	run_all();
	assert_true(call_has_file_data(over_dev));
	assert_true(call_has_file_data(bg[0]) && call_has_file_data(bg[1]));
}

/* One queue is there, the other is not yet. */
static void what_ends_over_dev_fuse_looks_at_the_queues_that_there_are(void **state)
{
	(void)state;
	a_ring_with(&(struct fuse_config){ .cpus = 2, .entries = 1 });
	a_register_fails();
	server_sets_up(server, 1);
	finishes(server);
	struct actor *early = client_new(world, "early", 0);
	struct call *over_dev = client_read_bg(early, 9, 0, 4096);

	finishes(early);
	struct dev_read *d = server_reads_dev(server);

	finishes(server);
	server_answers_dev(server, d);
	finishes(server);
	assert_true(call_has_file_data(over_dev));
	server_sets_up(server, 0);
	finishes(server);
	assert_true(ring_now().ready);
	struct call *c = client_read(client, 2, 0, 4096);

	server_serves(server);
	run_all();
	assert_true(call_has_file_data(c));
}

/* ---- time-out ---- */

/* too old for the 20 seconds that were negotiated, at the latest check */
static void too_much_time_passes(void)
{
	world_lets_time_pass(world, 40);
	assert_false(ring_now().connected);
}

/* nobody runs but the clock and kworkers, whatever others could do */
static void too_much_time_passes_while(struct sched_task *stands)
{
	for (unsigned int i = 0; i < 40 && ring_now().connected; i++)
		if (!something_happens_without(stands))
			break;
	assert_false(ring_now().connected);
}

static void a_ring_with_a_timeout(void)
{
	a_ring_with(&(struct fuse_config){ .entries = 1, .request_timeout = 20 });
	it_sets_up_all_queues();
}

static void a_request_in_userspace_times_out(void **state)
{
	(void)state;
	a_ring_with_a_timeout();
	struct call *c = client_getattr(client, 2);

	gets_stuck(client);
	the_server_takes_one();
	too_much_time_passes();
	assert_int_equal(c->ret, -ECONNABORTED);
}

static void a_request_that_waits_for_a_buffer_times_out(void **state)
{
	(void)state;
	a_ring_with(&(struct fuse_config){
		.entries = 2, .buffers = 1, .request_timeout = 20 });
	it_sets_up_all_queues();
	struct call *c = client_getattr(client, 2);

	gets_stuck(client);
	the_server_takes_one();
	struct call *waits = somebody_stats("waits", 3);

	too_much_time_passes();
	assert_int_equal(c->ret, -ECONNABORTED);
	assert_int_equal(waits->ret, -ECONNABORTED);
}

/* The only entry is gone: the request waits, and is found in the waiting list. */
static void a_request_without_an_entry_times_out(void **state)
{
	(void)state;
	a_ring_with_a_timeout();
	server_closes_ring(server);
	run_all();
	struct call *c = client_getattr(client, 2);

	gets_stuck(client);
	assert_int_equal(queue_now(0).waiting, 1);
	too_much_time_passes();
	assert_int_equal(c->ret, -ECONNABORTED);
}

static void a_background_request_above_the_limit_times_out(void **state)
{
	(void)state;
	struct call *bg[3];

	a_ring_with(&(struct fuse_config){
		.cpus = 2, .entries = 1, .max_background = 1, .request_timeout = 20 });
	it_sets_up_all_queues();
	more_than_the_limit(bg);
	too_much_time_passes();
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(bg[i]->ret, -ECONNABORTED);
}

static void a_request_whose_task_work_does_not_run_times_out(void **state)
{
	(void)state;
	a_ring_with_a_timeout();
	struct call *c = client_getattr(client, 2);

	gets_stuck(client);
	too_much_time_passes_while(task_of(server));
	run_all();
	assert_int_equal(c->ret, -ECONNABORTED);
	assert_int_equal(c->times_ended, 1);
}

static void a_request_whose_reply_is_being_read_times_out(void **state)
{
	(void)state;
	a_ring_with_a_timeout();
	struct call *c = client_getattr(client, 2);

	gets_stuck(client);
	server_answers(server, the_server_takes_one());
	stops_before_copy_from_user(server);
	too_much_time_passes_while(task_of(server));
	run_all();
	assert_int_equal(c->times_ended, 1);
}

/*
 * An entry that is being registered has no request that could be too old; a request
 * in the other queue is found, too.
 */
static void an_entry_without_a_request_does_not_time_out(void **state)
{
	(void)state;
	a_ring_with(
		&(struct fuse_config){ .cpus = 2, .entries = 2, .request_timeout = 20 });
	server_registers(server, 0, 0);
	server_registers(server, 1, 0);
	finishes(server);
	struct actor *other = client_new(world, "other", 1);
	struct actor *second = server_thread(world, "server-1");
	struct call *c = client_getattr(other, 2);

	gets_stuck(other);
	the_server_takes_one();
	server_registers(second, 0, 1);
	run_until_in(task_of(second), "ent_fetch");
	assert_int_equal(fuse_entries_in(world, 0, ENT_COMMIT), 1);
	too_much_time_passes_while(task_of(second));
	run_all();
	assert_int_equal(c->ret, -ECONNABORTED);
}

static void a_ring_in_use_does_not_time_out(void **state)
{
	(void)state;
	a_ring_with(
		&(struct fuse_config){ .cpus = 2, .entries = 1, .request_timeout = 20 });
	server_sets_up(server, 0);
	server_serves(server);
	finishes(server); /* queue 1 does not exist */
	world_lets_time_pass(world, 100);
	assert_true(ring_now().connected);
}

SCENARIO_TESTS(both(background_requests_from_before_the_ring_was_ready_come_through_it),
	       both(requests_above_the_limit_are_admitted_one_by_one),
	       both(abort_ends_those_above_the_limit),
	       both(abort_ends_them_whatever_the_limit_is_meanwhile),
	       both(each_queue_may_have_one_whatever_the_others_have),
	       both(what_another_queue_lets_go_is_for_all),
	       both(so_is_what_was_under_way_over_dev_fuse),
	       both(what_ends_over_dev_fuse_looks_at_the_queues_that_there_are),
	       both(a_request_in_userspace_times_out),
	       both(a_request_that_waits_for_a_buffer_times_out),
	       both(a_request_without_an_entry_times_out),
	       both(a_background_request_above_the_limit_times_out),
	       both(a_request_whose_task_work_does_not_run_times_out),
	       both(a_request_whose_reply_is_being_read_times_out),
	       both(an_entry_without_a_request_does_not_time_out),
	       both(a_ring_in_use_does_not_time_out))
