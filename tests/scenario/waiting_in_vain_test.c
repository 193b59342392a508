// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that wait although an entry is available and the buffer that they need is
 * free. Linux's trees let that happen in the four orders of events told here; our
 * own transport does not.
 */
#include "scenario_test.h"

static struct actor *server;

static struct call *somebody(struct call *(*asks)(struct actor *c, uint64_t ino),
			     uint64_t ino)
{
	struct call *c = asks(client_new(world, "client", 0), ino);

	gets_stuck(c->actor);
	return c;
}

/*
 * Order of events: the only entry is gone; a request comes and waits; another
 * thread registers an entry. The trees make it available and do not look.
 */
static void a_request_waits_for_the_next_entry_that_is_registered(void **state)
{
	(void)state;
	the_world_is(.entries = 2);
	struct actor *leaves = server_thread(world, "leaves");

	server = server_thread(world, "server");
	server_registers(leaves, 0, 0);
	finishes(leaves);
	server_closes_ring(leaves);
	run_all();
	struct call *waits = somebody(client_getattr, 2);

	server_registers(server, 0, 1);
	server_serves(server);
	run_all();
	expects_finding(
		"1. REGISTER does not look at the waiting list", REPORT_PROGRESS,
		"queue 0: a GETATTR (unique 4, of client) waits although entry 1 is "
		"available");
	assert_int_equal(waits->done, subject_has(FUSE_CAN_BUFRING));
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
}

/*
 * Order of events: max_background is 1; one background request is with the server,
 * a second above the limit. The first is answered: the trees put the second into the
 * line and give it to the entry that commits, once that has ended the first,
 * while the other entry is available.
 */
static void a_background_request_waits_for_the_entry_that_let_it_in(void **state)
{
	(void)state;
	the_world_is(.entries = 2, .max_background = 1);
	struct call *bg[2];

	server = a_ready_server();
	for (unsigned int i = 0; i < 2; i++) {
		bg[i] = client_read_bg(client_new(world, "readahead", 0), 2 + i, 0, 4096);
		stops_before_lock(bg[i]->actor, "fiq->lock");
	}
	for (unsigned int i = 0; i < 2; i++)
		finishes(bg[i]->actor);
	assert_int_equal(queue_now(0).waiting_bg, 1);
	server_serves(server);
	run_all();
	expects_finding(
		"A wait that ends by itself", REPORT_PROGRESS,
		"queue 0: a READ (unique 6, of readahead) waits although entry 0 is "
		"available");
	assert_true(call_has_file_data(bg[0]) && call_has_file_data(bg[1]));
}

static void one_buffer_for_two_threads(struct actor **leaves)
{
	the_world_is(.entries = 2, .payload = PAYLOAD_SHARED, .buffers = 1);
	*leaves = server_thread(world, "leaves");
	server = server_thread(world, "stays");
	comes_late(*leaves);
	if (subject_has(FUSE_CAN_BUFPOOL)) {
		server_adds_queue(*leaves, 0);
		server_adds_bufpool(*leaves, 0);
	}
	server_registers(*leaves, 0, 0);
	finishes(*leaves);
}

/*
 * Order of events: the request with the only buffer is on an entry whose thread
 * closes its ring before it comes for it; another request waits for the buffer. The
 * cancelled task work gives it back, and the trees do not look who waits.
 */
static void a_request_waits_for_a_buffer_that_cancelled_task_work_gave_back(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	struct actor *leaves;

	one_buffer_for_two_threads(&leaves);
	struct call *first = somebody(client_getattr, 2);

	server_registers(server, 0, 1);
	finishes(server);
	struct call *second = somebody(client_getattr, 3);

	server_serves(server);
	server_closes_ring(leaves);
	run_all();
	expects_finding(
		"2. A cancelled task work frees a buffer and tells nobody",
		REPORT_PROGRESS,
		"queue 0: a GETATTR (unique 6, of client) waits although entry 1 is "
		"available; 1 of 1 buffers free");
	assert_true(first->done);
	assert_int_equal(second->done, subject_has(FUSE_CAN_BUFRING));
	client_aborts_connection(client_new(world, "admin", 0));
	run_all();
}

/*
 * Order of events: the only buffer is in use; a request that needs one waits; one
 * that needs none comes behind it. The trees look at the first in line only.
 */
static void a_request_without_payload_waits_behind_one_with(void **state)
{
	(void)state;
	needs(FUSE_CAN_SHARED);
	the_world_is(.entries = 2, .payload = PAYLOAD_SHARED, .buffers = 1);
	server = a_ready_server();
	somebody(client_getattr, 2);
	struct delivery *d = server_takes(server);

	finishes(server);
	struct call *waits = somebody(client_getattr, 3);
	struct call *sync = somebody(client_fsync, 4);

	server_answers(server, d);
	server_serves(server);
	run_all();
	assert_int_equal(waits->ret, 0);
	assert_int_equal(sync->ret, 0);
	/* a free entry takes it at once; only when none was free it has to stand in line
	 */
	assert_int_equal(report_count(), 0);

	/* entry by entry: both are busy, the line is "with", "without" */
	the_world_is(.entries = 3, .payload = PAYLOAD_SHARED, .buffers = 1);
	server = a_ready_server();
	somebody(client_getattr, 2);
	struct delivery *with = server_takes(server);

	finishes(server);
	somebody(client_fsync, 3);
	somebody(client_fsync, 4);
	struct delivery *busy = server_takes(server);

	finishes(server);
	somebody(client_getattr, 5);
	somebody(client_fsync, 6);
	server_answers(server, busy);
	finishes(server);
	server_answers(server, with);
	server_serves(server);
	run_all();
	expects_finding(
		"3. Head-of-line blocking by a request that needs a buffer",
		REPORT_PROGRESS,
		"queue 0: an FSYNC (unique 12, of client) waits although entry 1 is "
		"available; it needs no buffer");
}

/*
 * Order of events: as in a_request_waits_for_the_next_entry_that_is_registered, and then
 * another report of that rule. Neither that one nor both together pass for the finding.
 */
static void another_wait_is_not_forgiven(void **state)
{
	static const char finding[] =
		"queue 0: a GETATTR (unique 4, of client) waits although entry 1 is "
		"available";

	report(REPORT_PROGRESS, NULL, "%s", finding);
	assert_true(scenario_reports_only(REPORT_PROGRESS, finding));
	report(REPORT_PROGRESS, NULL,
	       "queue 0: a GETATTR (unique 6, of client) waits although entry 0 is "
	       "available; 1 of 2 buffers free");
	assert_false(scenario_reports_only(REPORT_PROGRESS, finding));
	assert_int_equal(scenario_ends(state), -1);

	report(REPORT_ACCOUNTING, NULL, "%s", finding);
	assert_false(scenario_reports_only(REPORT_PROGRESS, finding));
	assert_int_equal(scenario_ends(state), -1);
	/* what nobody asked for is not forgiven either, whatever the subject */
	report(REPORT_PROGRESS, NULL, "%s", finding);
	assert_int_equal(scenario_ends(state), -1);
	assert_int_equal(scenario_ends(state), 0);
}

SCENARIO_TESTS(
	scenario_test(a_request_waits_for_the_next_entry_that_is_registered),
	scenario_test(a_background_request_waits_for_the_entry_that_let_it_in),
	scenario_test(a_request_waits_for_a_buffer_that_cancelled_task_work_gave_back),
	scenario_test(a_request_without_payload_waits_behind_one_with),
	scenario_test(another_wait_is_not_forgiven))
