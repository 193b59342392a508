// SPDX-License-Identifier: GPL-2.0-only
/*
 * COMMIT_AND_FETCH with a buffer ring: every error, what the client sees, that the
 * buffer is not lost and that the next request is fetched all the same.
 */
#include "bufring.h"

static struct call *call;
static struct delivery *taken;
static struct answer answer;

/* one buffer for two entries, so that a lost one would be missed at once */
static void the_server_has(struct call *(*request)(const char *name, uint64_t ino))
{
	the_ring_is(.cpus = 2, .entries = 2, .buffers = 1);
	server = server_thread(world, "server-0");
	server_sets_up(server, 0);
	server_sets_up(server, 1);
	finishes(server);
	call = request("client", 2);
	taken = the_server_takes_one();
	answer_default(world, taken, &answer);
}

static int its_result(void)
{
	struct submit *s = server_answers_raw(server, taken, &answer);

	run_all();
	return s->completed ? s->res : 1;
}

/* the command is refused; the same request can be answered rightly later */
static void the_command_is_refused_with(int error, struct answer *good)
{
	assert_int_equal(its_result(), error);
	assert_false(call->done);
	assert_int_equal(entries_in(ENT_USERSPACE), 1);
	answer = *good;
	assert_int_equal(its_result(), 1);
	assert_int_equal(call->ret, 0);
	every_buffer_is_free();
}

/* the request ends with @error; the entry goes on with the one that waited */
static void the_client_gets(int error)
{
	struct call *waits = somebody_stats("waits", 3);
	struct submit *s = server_answers_raw(server, taken, &answer);
	struct delivery *next = server_takes(server);

	server_answers(server, next);
	run_all();
	assert_true(s->issued);
	assert_int_equal(call->ret, error);
	assert_int_equal(call->times_ended, 1);
	assert_true(next->arrived);
	assert_int_equal(waits->ret, 0);
	every_buffer_is_free();
	assert_int_equal(entries_in(ENT_AVAILABLE), 2);
}

/* ---- refused ---- */

static void an_unknown_commit_id_is_not_found(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	struct answer good = answer;

	answer.commit_id ^= 2;
	the_command_is_refused_with(-ENOENT, &good);
}

static void a_commit_id_is_that_of_one_queue(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	struct answer good = answer;

	answer.qid = 1;
	the_command_is_refused_with(-ENOENT, &good);
}

static void a_queue_beyond_the_last_is_invalid(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	struct answer good = answer;

	answer.qid = 2;
	the_command_is_refused_with(-EINVAL, &good);
}

static void a_queue_that_nobody_registered_is_not_connected(void **state)
{
	(void)state;
	the_ring_is(.cpus = 2, .entries = 1);
	struct reg r;
	struct submit *s;

	server = a_ready_server();
	register_default(world, 1, 0, &r);
	r.cmd_op = CMD_COMMIT_AND_FETCH;
	s = server_registers_raw(server, &r);
	finishes(server);
	assert_int_equal(s->res, -ENOTCONN);
}

static void a_request_is_answered_once(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	assert_int_equal(its_result(), 1);
	assert_int_equal(its_result(), -ENOENT);
	assert_int_equal(call->times_ended, 1);
	every_buffer_is_free();
}

/* Two threads answer the same request; the second finds it taken. */
static void of_two_answers_at_the_same_time_one_is_refused(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	struct actor *other = server_thread(world, "server-1");
	struct submit *a = server_answers_raw(server, taken, &answer);
	struct submit *b = server_answers_raw(other, taken, &answer);

	stops_before_copy_from_user(server); /* the entry is FRRS_COMMIT */
	finishes(other);
	assert_int_equal(b->res, -ENOENT);
	finishes(server);
	run_all();
	assert_false(a->completed);
	assert_int_equal(call->times_ended, 1);
	assert_int_equal(call->ret, 0);
}

static void a_stopped_queue_is_not_connected(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	struct actor *admin = client_new(world, "admin", 0);
	struct submit *s = server_answers_raw(server, taken, &answer);

	stops_before_lock(server, "queue->lock");
	client_aborts_connection(admin);
	run_as_far_as_possible(task_of(admin));
	run_all();
	assert_true(says_the_connection_is_gone(s->res));
	assert_int_equal(call->ret, -ECONNABORTED);
	assert_int_equal(call->times_ended, 1);
}

static void an_aborted_connection_commits_nothing(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
	assert_int_equal(its_result(), -ECONNABORTED);
	assert_int_equal(call->ret, -ECONNABORTED);
}

/* ---- the reply is wrong ---- */

static void a_reply_to_another_request_is_no_reply(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	answer.unique += 2;
	the_client_gets(-ENOENT);
}

static void unique_0_is_invalid(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	answer.unique = 0;
	the_client_gets(-EINVAL);
}

static void errors_are_minus_511_to_0(void **state)
{
	(void)state;
	static const struct {
		int error, seen;
	} errors[] = {
		{ 1, -EINVAL },
		{ -512, -EINVAL },
		{ -513, -EINVAL },
		{ INT32_MIN, -EINVAL },
		{ INT32_MAX, -EINVAL },
		{ -511, -511 },
		{ -1, -1 },
		{ -ENOENT, -ENOENT },
	};

	for (unsigned int i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		the_server_has(somebody_stats);
		answer.error = errors[i].error;
		answer.payload_sz = 0;
		the_client_gets(errors[i].seen);
		the_world_closes();
	}
}

static void a_wrong_error_outweighs_a_wrong_unique(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	answer.error = 1;
	answer.unique += 2;
	the_client_gets(-EINVAL);
}

static void a_payload_larger_than_the_buffer_is_invalid(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	answer.payload_sz = 8193;
	the_client_gets(-EINVAL);
}

static void a_payload_of_the_wrong_size_is_invalid(void **state)
{
	(void)state;
	for (int more = -1; more <= 1; more += 2) {
		the_server_has(somebody_stats);
		answer.payload_sz += more;
		the_client_gets(-EINVAL);
		the_world_closes();
	}
}

static void a_payload_without_a_buffer_is_invalid(void **state)
{
	(void)state;
	the_server_has(somebody_syncs);
	assert_int_equal(queue_now(0).free_bufs, 1);
	answer.payload_sz = 1;
	answer.out_len++;
	the_client_gets(-EINVAL);
}

/* ---- the server's memory has gone ---- */

static void a_header_slot_that_is_gone_is_a_fault(void **state)
{
	(void)state;
	for (int part = 1; part <= 2; part++) { /* in_out, then ring_ent_in_out */
		the_server_has(somebody_stats);
		server_answers_raw(server, taken, &answer);
		run_until(task_of(server), SCHED_FROM_USER, part);
		server_unmaps(world, taken->headers, SLOT);
		run_all();
		assert_int_equal(call->ret, -EFAULT);
		every_buffer_is_free();
		the_world_closes();
	}
}

static void a_buffer_that_is_gone_is_a_fault(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	server_answers_raw(server, taken, &answer);
	stops_before_copy_from_user(server);
	server_unmaps(world, taken->payload, 1);
	run_all();
	assert_int_equal(call->ret, -EFAULT);
	every_buffer_is_free();
}

/* ---- the fetch ---- */

static void the_next_request_is_fetched_with_the_same_buffer(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	unsigned int buf_id = taken->buf_id;
	struct call *next = somebody_stats("next", 3);
	struct delivery *d;

	server_answers(server, taken);
	d = the_server_takes_one();
	assert_int_equal(d->ent, taken->ent);
	assert_int_equal(d->buf_id, buf_id);
	assert_int_equal(d->nodeid, 3);
	server_answers(server, d);
	run_all();
	assert_int_equal(next->ret, 0);
}

/* The entry has a buffer and the next request needs none: another entry gets it. */
static void a_buffer_that_is_not_needed_goes_to_whoever_waits_for_it(void **state)
{
	(void)state;
	the_server_has(somebody_stats);
	struct call *sync = somebody_syncs("sync", 3);
	struct delivery *without = the_server_takes_one();
	struct call *second_sync = somebody_syncs("sync again", 4);
	struct call *stat = somebody_stats("stat", 5);

	/* both entries are busy; the first in line needs no buffer */
	assert_int_equal(queue_now(0).waiting, 2);
	server_answers(server, taken);
	struct delivery *third = the_server_takes_one();

	assert_int_equal(third->opcode, OP_FSYNC);
	assert_int_equal(queue_now(0).free_bufs, 1);
	server_answers(server, without);
	struct delivery *fourth = the_server_takes_one();

	assert_int_equal(fourth->opcode, OP_GETATTR);
	server_answers(server, third);
	server_answers(server, fourth);
	run_all();
	assert_true(sync->done && second_sync->done && stat->done);
	every_buffer_is_free();
}

SCENARIO_TESTS(both(an_unknown_commit_id_is_not_found),
	       both(a_commit_id_is_that_of_one_queue),
	       both(a_queue_beyond_the_last_is_invalid),
	       both(a_queue_that_nobody_registered_is_not_connected),
	       both(a_request_is_answered_once),
	       both(of_two_answers_at_the_same_time_one_is_refused),
	       both(a_stopped_queue_is_not_connected),
	       both(an_aborted_connection_commits_nothing),
	       both(a_reply_to_another_request_is_no_reply), both(unique_0_is_invalid),
	       both(errors_are_minus_511_to_0),
	       both(a_wrong_error_outweighs_a_wrong_unique),
	       both(a_payload_larger_than_the_buffer_is_invalid),
	       both(a_payload_of_the_wrong_size_is_invalid),
	       both(a_payload_without_a_buffer_is_invalid),
	       both(a_header_slot_that_is_gone_is_a_fault),
	       both(a_buffer_that_is_gone_is_a_fault),
	       both(the_next_request_is_fetched_with_the_same_buffer),
	       both(a_buffer_that_is_not_needed_goes_to_whoever_waits_for_it))
