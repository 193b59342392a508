// SPDX-License-Identifier: GPL-2.0-only
/*
 * COMMIT_AND_FETCH by a server that gets it wrong: which command is refused,
 * what the client sees, and that the next request is fetched all the same.
 */
#include "scenario_test.h"

static struct actor *server;
static struct call *call;
static struct delivery *taken;
static struct answer answer;

static void a_server_that_has_taken_a_request(const struct fuse_config *config)
{
	struct actor *client;

	scenario_opens(config);
	client = client_new(world, "client", 0);
	server = server_thread(world, "server-0");
	for (unsigned int qid = 0; qid < fuse_config(world)->cpus; qid++)
		server_sets_up(server, qid);
	finishes(server);
	call = client_getattr(client, 2);
	taken = server_takes(server);
	gets_stuck(client);
	finishes(server);
	assert_true(taken->arrived);
	answer_default(world, taken, &answer);
}

static struct submit *it_commits(void)
{
	struct submit *s = server_answers_raw(server, taken, &answer);

	run_all();
	return s;
}

/* ---- the command is refused ---- */

static void an_unknown_id_is_not_found(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.commit_id += 2;
	assert_int_equal(it_commits()->res, -ENOENT);
	assert_false(call->done);

	answer.commit_id -= 2;
	assert_false(it_commits()->completed);
	assert_int_equal(call->ret, 0);
}

static void an_id_is_committed_once(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	assert_false(it_commits()->completed);
	assert_int_equal(it_commits()->res, -ENOENT);
	assert_int_equal(call->times_ended, 1);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

static void an_id_is_looked_for_in_the_queue_that_the_command_names(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(&(struct fuse_config){ .cpus = 2 });
	answer.qid = 1;
	assert_int_equal(it_commits()->res, -ENOENT);
	assert_false(call->done);
	answer.qid = 0;
	assert_false(it_commits()->completed);
	assert_int_equal(call->ret, 0);
}

static void a_queue_beyond_the_last_cpu_is_refused(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.qid = 1;
	assert_int_equal(it_commits()->res, -EINVAL);
	answer.qid = 0;
	it_commits();
	assert_int_equal(call->ret, 0);
}

static void a_queue_that_nobody_registered_has_no_connection(void **state)
{
	(void)state;
	the_world_is(.cpus = 2);
	server = a_ready_server();
	struct reg r;
	struct submit *s;

	register_default(world, 1, 0, &r);
	r.cmd_op = CMD_COMMIT_AND_FETCH;
	s = server_registers_raw(server, &r);
	finishes(server);
	assert_int_equal(s->res, -ENOTCONN);
}

static void after_an_abort_nothing_is_committed(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	struct actor *admin = client_new(world, "admin", 0);

	client_aborts_connection(admin);
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(it_commits()->res, -ECONNABORTED);
	assert_int_equal(call->times_ended, 1);
}

static void after_an_umount_nothing_is_committed(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	struct actor *admin = client_new(world, "admin", 0);

	client_umounts(admin);
	run_all();
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(it_commits()->res, -ENOTCONN);
}

static void an_abort_after_the_first_check_is_seen(void **state)
{
	(void)state;
	if (subject_has(FUSE_CAN_BUFRING))
		skip(); /* our own looks once, under the lock */
	a_server_that_has_taken_a_request(NULL);
	struct actor *admin = client_new(world, "admin", 0);
	struct submit *s = server_answers_raw(server, taken, &answer);

	/* the first step after fuse_uring_cmd() found the connection in order */
	run_until_in(task_of(server), "fuse_uring_commit_fetch");
	client_aborts_connection(admin);
	finishes(admin);
	run_all();
	assert_int_equal(s->res, -ENOTCONN);
	assert_int_equal(call->ret, -ECONNABORTED);
}

static void an_abort_between_the_check_and_the_queue_lock_is_seen(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	struct actor *admin = client_new(world, "admin", 0);
	struct submit *s = server_answers_raw(server, taken, &answer);

	stops_before_lock(server, "queue->lock");
	client_aborts_connection(admin);
	finishes(admin);
	finishes(server);
	run_all();
	assert_true(says_the_connection_is_gone(s->res));
	assert_int_equal(call->times_ended, 1);
	assert_int_equal(call->ret, -ECONNABORTED);
}

/* ---- the reply is wrong: the client sees an error, the fetch happens ---- */

static void the_client_gets(int error)
{
	struct submit *s = it_commits();

	assert_false(s->completed);
	assert_int_equal(call->ret, error);
	assert_int_equal(call->times_ended, 1);
	assert_int_equal(entries_in(ENT_AVAILABLE), 1);
}

static void a_reply_to_another_unique_is_no_reply(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.unique += 2;
	the_client_gets(-ENOENT);
}

static void a_notification_cannot_be_committed(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.unique = 0;
	the_client_gets(-EINVAL);
}

static void a_positive_error_is_invalid(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.error = 1;
	the_client_gets(-EINVAL);
}

static void an_error_of_512_or_more_is_invalid(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.error = -512;
	the_client_gets(-EINVAL);
}

static void the_largest_error_is_passed_on(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.error = -511;
	the_client_gets(-511);
}

static void a_payload_that_is_too_long_is_invalid(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.payload_sz++;
	the_client_gets(-EINVAL);
}

static void a_payload_that_is_too_short_is_invalid(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.payload_sz--;
	the_client_gets(-EINVAL);
}

/*
 * In the trees the reply to an interrupt, which has no place here, is let
 * through with a WARN: a server can make the kernel warn.
 */
static void the_reply_to_an_interrupt_is_warned_about(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	answer.unique |= 1;
	it_commits();
	assert_true(call->done);
	if (subject_has(FUSE_CAN_BUFRING))
		assert_int_equal(report_count(), 0);
	else
		expects_report(REPORT_KERNEL, "FUSE_INT_REQ_BIT"); /* the defect */
}

/* ---- the server's memory goes away under its reply ---- */

static void a_header_slot_that_cannot_be_read_fails_the_request(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	server_answers_raw(server, taken, &answer);
	stops_before_copy_from_user(server);
	server_unmaps(world, taken->headers, sizeof(struct abi_headers));
	run_all();
	assert_int_equal(call->ret, -EFAULT);
}

static void a_payload_that_cannot_be_read_fails_the_request(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	server_answers_raw(server, taken, &answer);
	stops_before_copy_from_user(server);
	server_unmaps(world, taken->payload, 1);
	run_all();
	assert_int_equal(call->ret, -EFAULT);
}

static void the_second_part_of_the_header_may_go_first(void **state)
{
	(void)state;
	a_server_that_has_taken_a_request(NULL);
	server_answers_raw(server, taken, &answer);
	run_until(task_of(server), SCHED_FROM_USER, 2); /* the first part is read */
	server_unmaps(world, taken->headers, sizeof(struct abi_headers));
	run_all();
	assert_int_equal(call->ret, -EFAULT);
}

/* ---- a registered pool (7.3) ---- */

static void a_commit_must_name_the_registered_pool(void **state)
{
	(void)state;
	needs(FUSE_CAN_BUFPOOL);
	a_server_that_has_taken_a_request(
		&(struct fuse_config){ .payload = PAYLOAD_BUFPOOL_FIXED });
	struct answer good = answer;

	answer.buf_index = 9;
	assert_int_equal(it_commits()->res, -EINVAL);
	answer = good;
	answer.uring_cmd_flags = 0;
	assert_int_equal(it_commits()->res, -EINVAL);
	assert_false(call->done);

	answer = good;
	assert_false(it_commits()->completed);
	assert_int_equal(call->ret, 0);
}

SCENARIO_TESTS(scenario_test(an_unknown_id_is_not_found),
	       scenario_test(an_id_is_committed_once),
	       scenario_test(an_id_is_looked_for_in_the_queue_that_the_command_names),
	       scenario_test(a_queue_beyond_the_last_cpu_is_refused),
	       scenario_test(a_queue_that_nobody_registered_has_no_connection),
	       scenario_test(after_an_abort_nothing_is_committed),
	       scenario_test(after_an_umount_nothing_is_committed),
	       scenario_test(an_abort_after_the_first_check_is_seen),
	       scenario_test(an_abort_between_the_check_and_the_queue_lock_is_seen),
	       scenario_test(a_reply_to_another_unique_is_no_reply),
	       scenario_test(a_notification_cannot_be_committed),
	       scenario_test(a_positive_error_is_invalid),
	       scenario_test(an_error_of_512_or_more_is_invalid),
	       scenario_test(the_largest_error_is_passed_on),
	       scenario_test(a_payload_that_is_too_long_is_invalid),
	       scenario_test(a_payload_that_is_too_short_is_invalid),
	       scenario_test(the_reply_to_an_interrupt_is_warned_about),
	       scenario_test(a_header_slot_that_cannot_be_read_fails_the_request),
	       scenario_test(a_payload_that_cannot_be_read_fails_the_request),
	       scenario_test(the_second_part_of_the_header_may_go_first),
	       scenario_test(a_commit_must_name_the_registered_pool))
