// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end, with an entry in every state: the connection is aborted or unmounted, the
 * server's ring is closed, its thread leaves, or it is killed. Whatever
 * meets whatever: each call returns once, each command completes once, each buffer
 * comes back, nothing is left.
 */
#include "bufring_ends.h"
#include "shim/work.h"

static struct call *call; /* the request on the entry, if there is one */
static struct actor *client;
static struct delivery *taken;

/* ---- states that an entry can be in ---- */

static void available(void)
{
}

static void with_a_request(void)
{
	call = client_getattr(client, 2);
	gets_stuck(client);
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
}

static void with_a_request_that_is_being_copied(void)
{
	with_a_request();
	taken = server_takes(server);
	stops_before_copy_to_user(server);
}

static void with_a_copied_request_that_is_not_told_yet(void)
{
	with_a_request();
	taken = server_takes(server);
	run_until_in(task_of(server), "ent_send");
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
}

static void in_userspace(void)
{
	with_a_request();
	taken = the_server_takes_one();
	assert_int_equal(entries_in(ENT_USERSPACE), 1);
}

static void whose_reply_is_being_read(void)
{
	in_userspace();
	server_answers(server, taken);
	stops_before_copy_from_user(server);
	assert_int_equal(entries_in(ENT_COMMIT), 1);
}

static void whose_request_has_ended(void)
{
	in_userspace();
	server_answers(server, taken);
	run_until_in(task_of(server), "ent_fetch");
	assert_int_equal(entries_in(ENT_COMMIT), 1);
}

static void that_is_being_registered(void)
{
	struct actor *other = server_thread(world, "server-1");

	server_registers(other, 0, 1);
	run_until_in(task_of(other), "ent_fetch");
	assert_int_equal(entries_in(ENT_COMMIT), 1);
}

static void that_is_released(void)
{
	server_closes_ring(server);
	run_all();
	assert_int_equal(entries_in(ENT_RELEASED), 1);
	call = client_getattr(client, 2);
	gets_stuck(client);
	assert_int_equal(queue_now(0).waiting, 1);
}

/* ---- what ends it ---- */

static void the_client_is_killed(void)
{
	kill_task(client);
}

static const struct named states[] = {
	NAMED(available),
	NAMED(with_a_request),
	NAMED(with_a_request_that_is_being_copied),
	NAMED(with_a_copied_request_that_is_not_told_yet),
	NAMED(in_userspace),
	NAMED(whose_reply_is_being_read),
	NAMED(whose_request_has_ended),
	NAMED(that_is_being_registered),
	NAMED(that_is_released),
};

static const struct named ends[] = { ENDS, NAMED(the_client_is_killed) };

/* ---- what must be true then ---- */

static bool is_an_end(long ret)
{
	return ret == 0 || ret == -ECONNABORTED || ret == -ENOTCONN ||
	       ret == -ECANCELED || ret == -EINTR;
}

static void what_is_left_is_consistent(void)
{
	struct queue_view q;

	if (call && call->done) {
		assert_int_equal(call->times_ended, 1);
		assert_true(is_an_end(call->ret));
	}
	if (!fuse_queue(world, 0, &q))
		return;
	for (unsigned int i = 0; i < q.nr_ents; i++)
		if (q.ents[i].state == ENT_RELEASED)
			assert_false(q.ents[i].has_buf);
	if (!ring_now().queue_refs)
		assert_int_equal(q.free_bufs, q.nbufs);
}

static void the_end_comes(const struct named *state, const struct named *end)
{
	the_ring_is(.entries = 2, .buffers = 2);
	call = NULL;
	taken = NULL;
	server = server_thread(world, "server-0");
	client = client_new(world, "client", 0);
	admin = client_new(world, "admin", 0);
	server_registers(server, 0, 0);
	finishes(server);
	state->f();
	end->f();
	run_all();
	what_is_left_is_consistent();
	/* whoever still waits is let go */
	client_aborts_connection(admin);
	run_all();
	what_is_left_is_consistent();
	assert_int_equal(ring_now().queue_refs, 0);
	if (call)
		assert_true(call->done);
	if (world_close(world)) {
		print_error("an entry %s, and then %s:\n", state->name, end->name);
		fail_msg("%s (%s)", report_get(0)->summary, report_get(0)->where);
	}
	world = NULL;
}

static void whatever_state_an_entry_is_in_nothing_is_left_of_it(void **state)
{
	(void)state;
	for (unsigned int s = 0; s < NR(states); s++)
		for (unsigned int e = 0; e < NR(ends); e++)
			the_end_comes(&states[s], &ends[e]);
}

/* The same, with the end reaching the entry's owner at every single of its steps. */
static void at_whatever_step_the_server_is_nothing_is_left(void **state)
{
	(void)state;
	for (unsigned int e = 0; e < NR(ends); e++) {
		bool more = true;

		for (unsigned int n = 1; more; n++) {
			the_ring_is(.entries = 2, .buffers = 1);
			server = a_ready_server();
			client = client_new(world, "client", 0);
			admin = client_new(world, "admin", 0);
			struct actor *writer = client_new(world, "writer", 0);
			struct call *write = client_write(writer, 3, 0, 4096);

			call = client_getattr(client, 2);
			server_serves(server);
			run_as_far_as_possible(task_of(client));
			run_as_far_as_possible(task_of(writer));
			for (unsigned int i = 0; i < n && more; i++)
				more = run_step(task_of(server)) == SCHED_AT_POINT;
			ends[e].f();
			run_all();
			client_aborts_connection(admin);
			run_all();
			what_is_left_is_consistent();
			assert_true(call->done && write->done);
			assert_int_equal(call->times_ended | write->times_ended, 1);
			assert_int_equal(ring_now().queue_refs, 0);
			the_world_closes();
		}
	}
}

/* ---- in detail ---- */

static void a_serving_thread_with(unsigned int entries)
{
	the_ring_is(.entries = entries, .buffers = 1);
	client = client_new(world, "client", 0);
	admin = client_new(world, "admin", 0);
	server = a_ready_server();
	taken = NULL;
	call = NULL;
}

static void a_serving_thread(void)
{
	a_serving_thread_with(2);
}

static void abort_tells_whoever_waits_that_the_connection_is_aborted(void **state)
{
	(void)state;
	a_serving_thread();
	in_userspace();
	struct call *waits = somebody_stats("waits", 3);
	struct actor *readahead = client_new(world, "readahead", 0);
	struct call *bg = client_read_bg(readahead, 4, 0, 4096);

	finishes(readahead);
	assert_int_equal(queue_now(0).waiting, 2);
	it_is_aborted();
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(waits->ret, -ECONNABORTED);
	assert_int_equal(bg->ret, -ECONNABORTED);
	assert_int_equal(bg->times_ended, 1);
	assert_int_equal(queue_now(0).active_background, 0);
	assert_int_equal(ring_now().num_background, 0);
	every_buffer_is_free();
}

static void abort_of_a_background_request_above_the_limit(void **state)
{
	(void)state;
	the_ring_is(.entries = 1, .max_background = 1);
	server = a_ready_server();
	struct actor *readahead = client_new(world, "readahead", 0);
	struct call *bg[3];

	for (unsigned int i = 0; i < 3; i++) {
		bg[i] = client_read_bg(readahead, 2 + i, 0, 4096);
		run_as_far_as_possible(task_of(readahead));
	}
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
	for (unsigned int i = 0; i < 3; i++) {
		assert_true(bg[i]->ret < 0);
		assert_true(!bg[i]->started || bg[i]->times_ended == 1);
	}
	assert_int_equal(ring_now().num_background, 0);
	assert_int_equal(queue_now(0).active_background, 0);
}

/*
 * The server is about to copy; the connection is aborted. The copy is done with, the
 * request ends with the abort's error, and the command says that the queue is gone.
 */
static void a_copy_that_the_abort_overtakes_is_not_delivered(void **state)
{
	(void)state;
	a_serving_thread();
	with_a_request_that_is_being_copied();
	it_is_aborted();
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(taken->cqe_res, -ENOTCONN);
	every_buffer_is_free();
}

/* Task work is on its way: the abort takes the request, the task work the command. */
static void the_command_of_an_assigned_entry_is_completed_by_its_task_work(void **state)
{
	(void)state;
	a_serving_thread();
	with_a_request();
	struct delivery *d = server_takes(server);

	it_is_aborted();
	assert_int_equal(entries_in(ENT_FUSE_REQ), 0);
	assert_int_equal(entries_in(ENT_RELEASED), 2);
	finishes(client);
	assert_int_equal(call->ret, -ECONNABORTED);
	run_all();
	assert_int_equal(d->cqe_res, -ENOTCONN);
}

/* Registered again in between, the entry belongs to another command. */
static void a_cancel_of_a_command_that_the_entry_has_no_longer_does_nothing(void **state)
{
	(void)state;
	a_serving_thread();
	in_userspace();
	struct actor *other = server_thread(world, "server-1");
	struct submit *s = server_answers(other, taken); /* now parked in other's ring */

	finishes(other);
	assert_false(s->completed);
	server_closes_ring(server);
	run_all();
	assert_false(s->completed);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
	server_serves(other);
	struct call *next = client_getattr(client, 3);

	run_all();
	assert_int_equal(next->ret, 0);
}

static void a_cancel_while_the_request_is_assigned_leaves_it_to_task_work(void **state)
{
	(void)state;
	the_ring_is(.entries = 1);
	client = client_new(world, "client", 0);
	server = a_ready_server();
	call = client_getattr(client, 2);
	run_until(task_of(client), SCHED_CALLBACK, 1);
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
	server_closes_ring(server);
	finishes(server);
	run_all();
	assert_true(call->done);
	assert_int_equal(call->times_ended, 1);
	every_buffer_is_free();
}

/*
 * The ring is closed; before its kworker comes to cancel the command, a request is
 * assigned to the entry. Cancel leaves it to the task work that is under way.
 */
static void a_cancel_that_comes_too_late_leaves_the_request_to_task_work(void **state)
{
	(void)state;
	a_serving_thread_with(1);
	server_closes_ring(server);
	finishes(server);
	call = client_getattr(client, 2);
	gets_stuck(client);
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
	run_as_far_as_possible(task_named("iou_exit"));
	run_all();
	assert_true(call->done);
	assert_int_equal(call->times_ended, 1);
	assert_int_equal(entries_in(ENT_RELEASED), 1);
	every_buffer_is_free();
}

/*
 * An io-wq worker has sent a request and is about to complete the command. The
 * server sees it in its memory and answers from another ring: the entry holds that
 * command now. The first ring is closed and cancels the one that is not completed.
 */
static void a_cancel_of_a_command_that_is_about_to_complete_does_nothing(void **state)
{
	(void)state;
	a_serving_thread_with(1);
	struct actor *other = server_thread(world, "server-1");
	struct answer a;
	struct sched_task *worker;

	in_userspace();
	struct call *next = somebody_syncs("next", 3);

	answer_default(world, taken, &a);
	a.sqe_flags = URING_SQE_ASYNC;
	server_answers_raw(server, taken, &a);
	finishes(server);
	worker = task_named("iou-wrk");
	run_until(worker, SCHED_COMPLETE, 1);
	assert_int_equal(entries_in(ENT_USERSPACE), 1);

	struct delivery seen = *taken; /* what the server sees in the slot */

	seen.commit_id = ((struct abi_headers *)seen.headers)->ent.commit_id;
	seen.unique = ((struct abi_headers *)seen.headers)->in.unique;
	seen.opcode = OP_FSYNC;
	struct submit *parked = server_answers(other, &seen);

	finishes(other);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
	server_closes_ring(server);
	finishes(server);
	run_as_far_as_possible(task_named("iou_exit"));
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
	run_all();
	assert_int_equal(call->ret, 0);
	assert_int_equal(next->ret, 0);
	assert_false(parked->completed);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

/* ---- teardown has to wait ---- */

/* a thread that defers its task work and does not come: the entry is stuck */
static void a_stuck_server(void)
{
	the_ring_is(.entries = 1,
		    .ring_flags = URING_SETUP_SINGLE_ISSUER | URING_SETUP_DEFER_TASKRUN);
	client = client_new(world, "client", 0);
	admin = client_new(world, "admin", 0);
	server = a_ready_server();
}

static void the_retry_timer_finds_an_entry_that_was_busy(void **state)
{
	(void)state;
	a_serving_thread_with(1);
	whose_reply_is_being_read();
	it_is_aborted();
	assert_int_equal(ring_now().queue_refs, 1);
	finishes(server); /* finds the queue stopped, and lets its entry go */
	run_all();
	assert_int_equal(ring_now().queue_refs, 0);
	assert_int_equal(call->times_ended, 1);
}

/* nobody runs but the timer, once for each of its rounds and no more */
static void time_passes_while(const struct sched_task *stands)
{
	for (unsigned int i = 0; i < 400; i++)
		if (!something_happens_without(stands))
			break;
}

static void an_entry_that_stays_busy_is_named_after_five_seconds(void **state)
{
	(void)state;
	a_serving_thread_with(1);
	in_userspace();
	server_answers(server, taken);
	stops_before_copy_from_user(server);
	it_is_aborted();
	time_passes_while(task_of(server));
	assert_true(shim_log_contains("teardown waits for entry"));
	run_all();
	assert_int_equal(ring_now().queue_refs, 0);
	assert_int_equal(call->times_ended, 1);
}

/* The same; the other CPU has no queue yet. */
static void of_two_queues_one_may_be_missing_when_the_other_is_stuck(void **state)
{
	(void)state;
	the_ring_is(.cpus = 2, .entries = 1);
	client = client_new(world, "client", 0);
	admin = client_new(world, "admin", 0);
	server = server_thread(world, "server-0");
	server_registers(server, 0, 0);
	run_until_in(task_of(server), "ent_fetch");
	it_is_aborted();
	time_passes_while(task_of(server));
	assert_true(shim_log_contains("teardown waits for entry 0 of queue 0"));
	run_all();
	assert_int_equal(ring_now().queue_refs, 0);
}

static void umount_waits_for_a_thread_that_does_not_come(void **state)
{
	(void)state;
	a_stuck_server();
	with_a_request();
	it_is_unmounted();
	world_lets_time_pass(world, 7);
	server_closes_ring(server);
	run_all();
	assert_true(actor_resting(admin));
	assert_int_equal(call->times_ended, 1);
}

SCENARIO_TESTS(both(whatever_state_an_entry_is_in_nothing_is_left_of_it),
	       both(at_whatever_step_the_server_is_nothing_is_left),
	       both(abort_tells_whoever_waits_that_the_connection_is_aborted),
	       both(abort_of_a_background_request_above_the_limit),
	       both(a_copy_that_the_abort_overtakes_is_not_delivered),
	       both(the_command_of_an_assigned_entry_is_completed_by_its_task_work),
	       both(a_cancel_of_a_command_that_the_entry_has_no_longer_does_nothing),
	       both(a_cancel_while_the_request_is_assigned_leaves_it_to_task_work),
	       both(the_retry_timer_finds_an_entry_that_was_busy),
	       both(an_entry_that_stays_busy_is_named_after_five_seconds),
	       both(a_cancel_that_comes_too_late_leaves_the_request_to_task_work),
	       both(a_cancel_of_a_command_that_is_about_to_complete_does_nothing),
	       both(of_two_queues_one_may_be_missing_when_the_other_is_stuck),
	       both(umount_waits_for_a_thread_that_does_not_come))
