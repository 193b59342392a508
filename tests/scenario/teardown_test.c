// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a connection, with an entry in each state: the server's ring is
 * closed (cancel), the server dies (cancelled task work), somebody aborts or
 * unmounts. Nothing may be lost, ended twice, or left.
 */
#include "shim/work.h"

#include "scenario_test.h"

static struct actor *server, *client, *admin;
static struct call *call;

static void a_server(const struct fuse_config *config)
{
	scenario_opens(config);
	server = a_ready_server();
	client = client_new(world, "client", 0);
	admin = client_new(world, "admin", 0);
}

static void the_client_asks(void)
{
	call = client_getattr(client, 2);
	gets_stuck(client);
}

static struct delivery *the_server_takes(void)
{
	struct delivery *d = server_takes(server);

	finishes(server);
	assert_true(d->arrived);
	return d;
}

static void nothing_is_left_of_the_ring(void)
{
	assert_int_equal(ring_now().queue_refs, 0);
	assert_int_equal(ring_now().num_waiting, 0);
	assert_int_equal(entries_in(ENT_AVAILABLE) + entries_in(ENT_FUSE_REQ) +
				 entries_in(ENT_USERSPACE) + entries_in(ENT_COMMIT),
			 0);
}

/* ---- the server's io_uring instance is closed: IO_URING_F_CANCEL ---- */

static void closing_the_ring_releases_available_entries(void **state)
{
	(void)state;
	a_server(&(struct fuse_config){ .entries = 3 });
	struct shim_uring *ring = server_ring(server);

	server_closes_ring(server);
	run_all();
	assert_true(shim_uring_is_freed(ring));
	nothing_is_left_of_the_ring();
}

static void closing_the_ring_leaves_a_request_that_the_server_has(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	the_server_takes();
	server_closes_ring(server);
	run_all();
	assert_false(call->done); /* another ring could still commit it */
	assert_int_equal(entries_in(ENT_USERSPACE), 1);

	server_dies(world);
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
}

static void a_request_finds_no_entry_after_the_ring_is_closed(void **state)
{
	(void)state;
	a_server(NULL);
	server_closes_ring(server);
	run_all();
	the_client_asks();
	assert_int_equal(queue_now(0).waiting, 1);
	server_dies(world);
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
}

static void cancel_comes_between_assignment_and_dispatch(void **state)
{
	(void)state;
	a_server(NULL);
	struct shim_uring *ring = server_ring(server);

	call = client_getattr(client, 2);
	/* the entry is FRRS_FUSE_REQ, its task work is not queued yet */
	run_until(task_of(client), SCHED_CALLBACK, 1);
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
	server_closes_ring(server);
	finishes(server);
	run_all();
	assert_true(call->done);
	assert_true(shim_uring_is_freed(ring));
	assert_true(call->ret == -ECANCELED || call->ret == -ECONNABORTED);
	nothing_is_left_of_the_ring();
}

static void cancel_wins_against_assignment(void **state)
{
	(void)state;
	a_server(NULL);
	call = client_getattr(client, 2);
	stops_before_lock(client, "queue->lock");
	server_closes_ring(server);
	finishes(server);
	run_as_far_as_possible(task_named("iou_exit"));
	assert_int_equal(ring_now().queue_refs, 0);
	run_all();
	assert_false(call->done);
	assert_int_equal(queue_now(0).waiting, 1);
	client_aborts_connection(admin);
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
}

/* ---- the server dies ---- */

static void task_work_of_a_dead_server_is_cancelled(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
	server_dies(world);
	run_all();
	assert_true(call->done);
	assert_true(call->ret == -ECANCELED || call->ret == -ECONNABORTED);
}

static void a_dead_server_takes_the_request_in_its_hands_along(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	the_server_takes();
	server_dies(world);
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(call->times_ended, 1);
	nothing_is_left_of_the_ring();
}

static void requests_after_the_server_died_are_refused(void **state)
{
	(void)state;
	a_server(NULL);
	server_dies(world);
	run_all();
	call = client_getattr(client, 2);
	finishes(client);
	assert_int_equal(call->ret, -ENOTCONN);
}

static void one_thread_may_leave_and_the_other_serves_on(void **state)
{
	(void)state;
	the_world_is(.entries = 2);
	struct actor *leaves = server_thread(world, "server-a");

	server = server_thread(world, "server-b");
	server_registers(leaves, 0, 0);
	server_registers(server, 0, 1);
	finishes(leaves);
	finishes(server);
	server_serves(server);
	actor_exits(leaves);
	run_all();
	struct call *calls[3];

	for (unsigned int i = 0; i < 3; i++)
		calls[i] = client_getattr(client_new(world, "client", 0), 2 + i);
	run_all();
	for (unsigned int i = 0; i < 3; i++)
		assert_true(calls[i]->ret == 0 || calls[i]->ret == -ECANCELED);
	assert_int_equal(calls[2]->ret, 0);
}

static void a_closed_dev_fuse_ends_the_connection_once_the_commands_are_gone(void **state)
{
	(void)state;
	a_server(NULL);
	server_closes_dev(server);
	finishes(server);
	assert_true(ring_now().connected); /* the parked command holds the file */
	server_closes_ring(server);
	run_all();
	assert_false(ring_now().connected);
}

/* ---- somebody aborts ---- */

static void abort_releases_available_entries(void **state)
{
	(void)state;
	a_server(&(struct fuse_config){ .entries = 2 });
	struct delivery *d = server_takes(server);

	client_aborts_connection(admin);
	run_all();
	assert_int_equal(d->cqe_res, -ENOTCONN);
	nothing_is_left_of_the_ring();
}

static void abort_ends_the_request_that_the_server_has(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	the_server_takes();
	client_aborts_connection(admin);
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(call->times_ended, 1);
	nothing_is_left_of_the_ring();
}

static void abort_ends_requests_that_wait(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	the_server_takes();
	struct actor *later = client_new(world, "later", 0);
	struct call *waiting = client_read(later, 3, 0, 4096);
	struct call *background = client_read_bg(admin, 4, 0, 4096);

	gets_stuck(later);
	client_aborts_connection(admin);
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(waiting->ret, -ECONNABORTED);
	assert_int_equal(background->ret, -ECONNABORTED);
	assert_int_equal(background->times_ended, 1);
	nothing_is_left_of_the_ring();
}

static void abort_with_task_work_pending_is_finished_by_the_retry_timer(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	assert_int_equal(entries_in(ENT_FUSE_REQ), 1);
	client_aborts_connection(admin);
	finishes(admin);
	run_all();
	assert_true(call->done);
	assert_int_equal(call->times_ended, 1);
	nothing_is_left_of_the_ring();
}

static void abort_while_the_server_commits(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	struct delivery *d = the_server_takes();
	struct submit *s = server_answers(server, d);

	stops_before_copy_from_user(server);
	assert_int_equal(entries_in(ENT_COMMIT), 1);
	client_aborts_connection(admin);
	finishes(admin);
	finishes(server);
	run_all();
	assert_int_equal(call->times_ended, 1);
	assert_true(call->ret == 0 || call->ret == -ECONNABORTED);
	assert_true(s->completed);
	assert_int_equal(s->res, -ENOTCONN);
	nothing_is_left_of_the_ring();
}

static void abort_while_the_request_is_copied_to_the_server(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	struct delivery *d = server_takes(server);

	stops_before_copy_to_user(server);
	client_aborts_connection(admin);
	finishes(admin);
	run_all();
	assert_true(d->arrived);
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(call->times_ended, 1);
	nothing_is_left_of_the_ring();
}

static void abort_comes_twice(void **state)
{
	(void)state;
	a_server(NULL);
	client_aborts_connection(admin);
	client_aborts_connection(admin);
	run_all();
	nothing_is_left_of_the_ring();
}

static void abort_before_any_queue_exists(void **state)
{
	(void)state;
	the_world_is(.cpus = 2);
	client = client_new(world, "client", 0);
	call = client_getattr(client, 2);
	gets_stuck(client);
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
	assert_int_equal(call->ret, -ENOTCONN);
}

static void a_request_that_meets_a_stopped_queue_is_refused(void **state)
{
	(void)state;
	a_server(NULL);
	call = client_getattr(client, 2);
	stops_before_lock(client, "queue->lock");
	client_aborts_connection(admin);
	finishes(admin);
	finishes(client);
	assert_int_equal(call->ret, -ENOTCONN);
	run_all();
}

static void a_background_request_that_meets_a_stopped_queue_is_refused(void **state)
{
	(void)state;
	a_server(NULL);
	call = client_read_bg(client, 2, 0, 4096);
	stops_before_lock(client, "fiq->lock");
	client_aborts_connection(admin);
	finishes(admin);
	finishes(client);
	assert_int_equal(call->ret, -ENOTCONN);
	assert_int_equal(call->times_ended, 1);
	run_all();
}

/* ---- teardown has to wait ---- */

/* A DEFER_TASKRUN ring whose thread does not come: its task work stands. */
static void a_stuck_entry_is_named_after_five_seconds(void **state)
{
	(void)state;
	a_server(&(struct fuse_config){ .ring_flags = URING_SETUP_SINGLE_ISSUER |
						      URING_SETUP_DEFER_TASKRUN });
	the_client_asks();
	client_aborts_connection(admin);
	world_lets_time_pass(world, 7);
	if (subject_has(FUSE_CAN_BUFRING)) {
		assert_true(call->done); /* it takes such a request away */
	} else {
		assert_false(call->done); /* the defect */
		assert_int_equal(ring_now().queue_refs, 1);
		assert_true(shim_log_contains("ent-req-queue"));
	}

	server_closes_ring(server);
	run_all();
	assert_int_equal(ring_now().queue_refs, 0);
	assert_true(call->done);
}

/* time passes for the kernel's workers; nobody else gets the processor */
static void seconds_pass_for_the_kernel(unsigned int seconds)
{
	unsigned long until = world_time(world) + seconds * SHIM_HZ;

	while (world_time(world) < until && shim_time_advance())
		run_as_far_as_possible(task_named("kworker"));
}

static void a_commit_that_takes_too_long_is_named(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	struct delivery *d = the_server_takes();

	server_answers(server, d);
	stops_before_copy_from_user(server);
	client_aborts_connection(admin);
	finishes(admin);
	seconds_pass_for_the_kernel(6);
	assert_true(shim_log_contains(subject_has(FUSE_CAN_BUFRING)
					      ? "teardown waits for entry 0 of queue 0"
					      : "ent-commit-queue"));
	run_all();
	nothing_is_left_of_the_ring();
}

/* The ring's other queue does not exist yet: there is nothing of it to name. */
static void a_register_that_takes_too_long_is_waited_for(void **state)
{
	(void)state;
	if (subject_has(FUSE_CAN_BUFRING))
		skip(); /* counts the entry and looks at the connection in one step */
	the_world_is(.cpus = 2);
	admin = client_new(world, "admin", 0);
	server = server_thread(world, "server-0");
	struct submit *late = server_registers(server, 0, 0);

	run_until_in(task_of(server), "fuse_uring_do_register");
	client_aborts_connection(admin);
	finishes(admin);
	seconds_pass_for_the_kernel(6);
	assert_int_equal(ring_now().queue_refs, 1);
	run_all();
	assert_int_equal(late->res, -ECONNABORTED);
	assert_int_equal(ring_now().queue_refs, 0);
}

static void teardown_skips_queues_that_do_not_exist(void **state)
{
	(void)state;
	the_world_is(.cpus = 2,
		     .ring_flags = URING_SETUP_SINGLE_ISSUER | URING_SETUP_DEFER_TASKRUN);
	server = server_thread(world, "server-0");
	admin = client_new(world, "admin", 0);
	server_registers(server, 1, 0);
	finishes(server);
	client_aborts_connection(admin);
	run_all();
	assert_int_equal(ring_now().queue_refs, 0);
}

static void umount_waits_for_the_entries(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	struct delivery *d = the_server_takes();

	server_answers(server, d);
	stops_before_copy_from_user(server); /* FRRS_COMMIT: not to be released yet */
	client_umounts(admin);
	run_as_far_as_possible(task_of(admin));
	assert_false(actor_resting(admin));
	run_all();
	assert_true(actor_resting(admin));
	assert_int_equal(call->times_ended, 1);
}

static void umount_with_everything_at_rest(void **state)
{
	(void)state;
	a_server(&(struct fuse_config){ .entries = 4 });
	struct delivery *d = server_takes(server);

	client_umounts(admin);
	run_all();
	assert_true(actor_resting(admin));
	assert_int_equal(d->cqe_res, -ENOTCONN);
}

static void a_commit_races_with_teardown_for_the_queue(void **state)
{
	(void)state;
	a_server(NULL);
	the_client_asks();
	struct delivery *d = the_server_takes();
	struct submit *s = server_answers(server, d);

	stops_before_lock(server, "queue->lock");
	/* abort has set "stopped" and is about to release the entry */
	client_aborts_connection(admin);
	run_until_nth_lock(task_of(admin), "queue->lock", 3);
	run_as_far_as_possible(task_of(server));
	run_all();
	assert_true(says_the_connection_is_gone(s->res));
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(call->times_ended, 1);
}

SCENARIO_TESTS(
	scenario_test(closing_the_ring_releases_available_entries),
	scenario_test(closing_the_ring_leaves_a_request_that_the_server_has),
	scenario_test(a_request_finds_no_entry_after_the_ring_is_closed),
	scenario_test(cancel_comes_between_assignment_and_dispatch),
	scenario_test(cancel_wins_against_assignment),
	scenario_test(task_work_of_a_dead_server_is_cancelled),
	scenario_test(a_dead_server_takes_the_request_in_its_hands_along),
	scenario_test(requests_after_the_server_died_are_refused),
	scenario_test(one_thread_may_leave_and_the_other_serves_on),
	scenario_test(a_closed_dev_fuse_ends_the_connection_once_the_commands_are_gone),
	scenario_test(abort_releases_available_entries),
	scenario_test(abort_ends_the_request_that_the_server_has),
	scenario_test(abort_ends_requests_that_wait),
	scenario_test(abort_with_task_work_pending_is_finished_by_the_retry_timer),
	scenario_test(abort_while_the_server_commits),
	scenario_test(abort_while_the_request_is_copied_to_the_server),
	scenario_test(abort_comes_twice), scenario_test(abort_before_any_queue_exists),
	scenario_test(a_request_that_meets_a_stopped_queue_is_refused),
	scenario_test(a_background_request_that_meets_a_stopped_queue_is_refused),
	scenario_test(a_stuck_entry_is_named_after_five_seconds),
	scenario_test(a_commit_that_takes_too_long_is_named),
	scenario_test(a_register_that_takes_too_long_is_waited_for),
	scenario_test(teardown_skips_queues_that_do_not_exist),
	scenario_test(umount_waits_for_the_entries),
	scenario_test(umount_with_everything_at_rest),
	scenario_test(a_commit_races_with_teardown_for_the_queue))
