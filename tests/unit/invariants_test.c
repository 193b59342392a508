// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tester tested: a queue that is made up here breaks each rule of
 * fuse/rules/invariants.h in turn, and a good one breaks none. The real code's
 * own mistakes are in tests/mutant.
 */
#include "rules.h"

static void nobody_can_run(void)
{
	sched_run(NULL);
}

static void report_is(enum report_kind kind, const char *text)
{
	assert_int_equal(report_count(), 1);
	assert_string_equal(report_get(0)->summary, text);
	assert_int_equal(report_get(0)->kind, kind);
	report_reset();
}

static void it_is_said(const char *text)
{
	somebody_does_a_step();
	report_is(REPORT_ACCOUNTING, text);
}

/* ---- the rules ---- */

static void a_good_queue_breaks_no_rule(void **state)
{
	(void)state;
	somebody_does_a_step();
}

static void nothing_is_said_while_somebody_holds_the_lock(void **state)
{
	(void)state;
	q.free_bufs = 1;
	ring.queue_refs = 0;
	locked = true;
	nobody_can_run();
}

static void a_rule_is_said_to_be_broken_once(void **state)
{
	(void)state;
	q.free_bufs = 1;
	somebody_does_a_step();
	somebody_does_a_step();
	assert_int_equal(report_count(), 1);
	report_reset();
}

static void a_lost_buffer_is_named_with_its_owners(void **state)
{
	(void)state;
	entry_has_buffer(2, 2);
	q.free_bufs = 1;
	somebody_does_a_step(); /* entry 2 has had it, */
	q.ents[2].has_buf = false;
	entry_has_buffer(1, 2);
	q.free_ids[1] = 1;
	q.free_bufs = 2;
	somebody_does_a_step(); /* entry 1 has it now */
	q.ents[1].has_buf = false;
	it_is_said("queue 0: buffer 2 is lost: neither free nor owned; last owners: "
		   "entry 1, "
		   "before that entry 2");
}

static void a_buffer_that_nobody_ever_had_can_be_lost(void **state)
{
	(void)state;
	q.free_bufs = 1;
	it_is_said("queue 0: buffer 2 is lost: neither free nor owned; it was not used "
		   "yet");
}

static void a_buffer_is_free_once(void **state)
{
	(void)state;
	q.free_ids[1] = 0;
	q.free_ids[2] = 2;
	q.free_bufs = 3;
	q.ents[1].has_buf = false;
	somebody_does_a_step();
	report_is(REPORT_ACCOUNTING,
		  "queue 0: buffer 0 is free twice; it was not used yet");
}

static void a_free_buffer_has_no_owner(void **state)
{
	(void)state;
	somebody_does_a_step();
	q.free_ids[1] = 1;
	it_is_said("queue 0: buffer 1 is free, and entry 1 owns it; last owner: entry 1");
}

static void a_buffer_has_one_owner(void **state)
{
	(void)state;
	entry_has_buffer(2, 1);
	q.ents[2].payload += BUFSIZE; /* another rule */
	q.free_bufs = 1;
	it_is_said("queue 0: buffer 1 is owned by entry 1 and entry 2; last owners: "
		   "entry 2, "
		   "before that entry 1");
}

static void there_are_no_buffers_but_those(void **state)
{
	(void)state;
	q.free_ids[1] = 7;
	it_is_said("queue 0: buffer 7 is free, but there are only 3");
	a_good_queue();
	world_look_at_rules(&w, true);
	entry_has_buffer(1, 9);
	q.ents[1].payload = q.pool_base + BUFSIZE;
	it_is_said("queue 0: entry 1 owns buffer 9, but there are only 3");
}

static void of_a_large_ring_the_numbers_must_fit(void **state)
{
	(void)state;
	q.nbufs = 1000;
	fuse.commands[0].reg.payload_len = 1000 * BUFSIZE;
	q.free_bufs = 998;
	for (unsigned int i = 0; i < 64; i++)
		q.free_ids[i] = (uint16_t)(i + 10);
	it_is_said("queue 0: 998 buffers are free and 1 owned, of 1000");
}

static void the_list_of_an_entry_is_that_of_its_state(void **state)
{
	(void)state;
	q.ents[1].state = ENT_COMMIT;
	it_is_said(
		"queue 0: entry 1 is on the list of those that are in userspace, but its "
		"state is committing");
}

static void an_entry_is_on_one_list(void **state)
{
	(void)state;
	q.ents[3] = q.ents[0];
	somebody_does_a_step(); /* which breaks others as well */
	assert_string_equal(report_get(0)->summary, "queue 0: entry 0 is on two lists");
	report_reset();
}

static void an_entry_of_ours_is_never_on_no_list(void **state)
{
	(void)state;
	somebody_does_a_step();
	q.nr_ents = 3;
	ring.queue_refs = 2;
	q.ents[0] = q.ents[3];
	it_is_said("queue 0: entry 0 is on no list");
}

static void an_entry_of_another_tree_may_leave(void **state)
{
	(void)state;
	driver.caps = FUSE_CAN_SHARED;
	somebody_does_a_step();
	q.nr_ents = 3;
	somebody_does_a_step();
}

static void an_available_entry_has_a_command_no_request_and_no_buffer(void **state)
{
	(void)state;
	q.ents[0].has_cmd = false;
	it_is_said("queue 0: entry 0 is available and has no command");
	world_look_at_rules(&w, true);
	a_good_queue();
	q.ents[0].req.addr = &requests[0];
	it_is_said("queue 0: entry 0 is available and has a request");
	world_look_at_rules(&w, true);
	a_good_queue();
	entry_has_buffer(0, 2);
	q.free_bufs = 1;
	it_is_said("queue 0: entry 0 is available and has buffer 2");
}

static void an_entry_in_userspace_has_a_request_and_no_command(void **state)
{
	(void)state;
	q.ents[1].has_cmd = true;
	it_is_said("queue 0: entry 1 is in userspace and has a command");
	world_look_at_rules(&w, true);
	a_good_queue();
	q.ents[1].req.addr = NULL;
	it_is_said("queue 0: entry 1 is in userspace and has no request");
}

static void a_request_is_on_one_entry(void **state)
{
	(void)state;
	q.ents[2].req = q.ents[1].req;
	q.ents[2].req.needs_buf = false;
	it_is_said("queue 0: entry 1 and entry 2 have the same request, a GETATTR "
		   "(unique 4, "
		   "of client)");
}

static void a_header_slot_lies_in_what_was_registered(void **state)
{
	(void)state;
	q.ents[2].headers = (uintptr_t)area + 3 * 288 + 1;
	it_is_said("queue 0: the header slot of entry 2 is not in what the server "
		   "registered");
}

static void a_buffer_lies_in_what_was_registered(void **state)
{
	(void)state;
	q.ents[1].payload = q.pool_base + 2 * BUFSIZE + 1;
	it_is_said("queue 0: buffer 1 of entry 1 is not in what the server registered");
}

static void a_pool_lies_in_what_was_registered(void **state)
{
	(void)state;
	q.pool_base++;
	it_is_said("queue 0: a pool of 3 buffers, 24576 bytes, is not in what the "
		   "server registered");
}

/* nobody knows which queue the kernel read, or which memory */
static void of_what_is_written_over_nothing_is_said(void **state)
{
	(void)state;
	q.pool_base++;
	q.ents[1].payload = q.pool_base + 2 * BUFSIZE + 1;
	fuse.rewrites[0].ring_of = &w.actors[0];
	fuse.nr_rewrites = 1;
	somebody_does_a_step();
	assert_int_equal(report_count(), 0);
	q.ents[1].payload++;
	fuse.rewrites[0].ring_of = NULL; /* the iovecs */
	somebody_does_a_step();
	assert_int_equal(report_count(), 0);
	fuse.nr_rewrites = 0;
}

static void header_slots_do_not_overlap(void **state)
{
	(void)state;
	q.ents[2].headers = q.ents[1].headers + 287;
	it_is_said("queue 0: the header slots of entry 1 and entry 2 overlap");
}

static void buffers_do_not_overlap(void **state)
{
	(void)state;
	entry_has_buffer(2, 2);
	q.free_bufs = 1;
	q.ents[2].payload -= 1;
	it_is_said("queue 0: buffer 1 of entry 1 and buffer 2 of entry 2 overlap; last "
		   "owner: "
		   "entry 1");
}

static void teardown_waits_for_every_entry(void **state)
{
	(void)state;
	ring.queue_refs = 2;
	it_is_said("queue 0: 3 entries are in use, and teardown waits for 2");
}

/* ---- progress ---- */

static void who_can_be_served_does_not_wait(void **state)
{
	(void)state;
	waits(8, OP_GETATTR, true);
	somebody_does_a_step();
	assert_string_equal(report_get(0)->rule, "work-conservation");
	assert_string_equal(report_get(0)->object, "request");
	assert_string_equal(report_get(0)->group,
			    "progress: work-conservation of request in steps");
	assert_non_null(strstr(report_get(0)->detail, "2 of 3 buffers free:\n"
						      "  entry 0 is available\n"));
	assert_non_null(strstr(report_get(0)->detail,
			       "  a GETATTR (unique 8, of client) waits\n"));
	report_is(REPORT_PROGRESS, "queue 0: a GETATTR (unique 8, of client) waits "
				   "although entry 0 is available; 2 of 3 buffers "
				   "free");
}

/* a wait that does no harm does not hide one that does */
static void each_request_that_waits_is_told(void **state)
{
	(void)state;
	waits(8, OP_GETATTR, true);
	somebody_does_a_step();
	somebody_does_a_step();
	assert_int_equal(report_count(), 1);
	a_good_queue();
	somebody_does_a_step();
	waits(10, OP_READ, true);
	somebody_does_a_step();
	assert_int_equal(report_count(), 2);
	assert_non_null(strstr(report_get(1)->summary, "a READ (unique 10, of client)"));
	report_reset();
}

/* as long as one waits, those that come behind it wait for the same reason */
static void who_waits_behind_another_one_is_not_told(void **state)
{
	(void)state;
	waits(8, OP_GETATTR, true);
	somebody_does_a_step();
	a_good_queue();
	waits(10, OP_GETATTR, true);
	somebody_does_a_step();
	assert_int_equal(report_count(), 1);
	assert_non_null(strstr(report_get(0)->summary, "(unique 8, of client)"));
	report_reset();
}

static void how_often_is_bounded(void **state)
{
	(void)state;
	for (unsigned int n = 0; n < SAID_MAX + 8; n++) {
		a_good_queue();
		somebody_does_a_step();
		waits(8 + 2 * n, OP_GETATTR, true);
		somebody_does_a_step();
	}
	assert_int_equal(report_count(), SAID_MAX);
	report_reset();
}

static void who_needs_no_buffer_does_not_wait_for_one(void **state)
{
	(void)state;
	q.nbufs = 2; /* and none of them is free */
	q.free_bufs = 0;
	entry_has_buffer(2, 0);
	waits(8, OP_GETATTR, true);
	waits(10, OP_FSYNC, false);
	somebody_does_a_step();
	assert_string_equal(report_get(0)->object,
			    "request without payload behind one with");
	report_is(REPORT_PROGRESS, "queue 0: an FSYNC (unique 10, of client) waits "
				   "although entry 0 is available; it needs no buffer");
}

static void requests_may_wait_when_there_is_no_entry_or_no_buffer(void **state)
{
	(void)state;
	waits(8, OP_GETATTR, true);
	waits(10, OP_FSYNC, false);
	entry_is(0, ENT_COMMIT, LIST_COMMIT);
	somebody_does_a_step(); /* no entry */

	a_good_queue();
	waits(8, OP_GETATTR, true);
	q.nbufs = 2;
	q.free_bufs = 0;
	entry_has_buffer(2, 0);
	somebody_does_a_step(); /* no buffer */

	a_good_queue();
	waits(8, OP_GETATTR, true);
	q.stopped = true;
	somebody_does_a_step(); /* about to be ended */
}

static void one_waits_in_the_background(void)
{
	q.bg_reqs[0] = (struct req_view){ &requests[3], 12, .opcode = OP_READ };
	q.bg_reqs[0].needs_buf = q.bg_reqs[0].background = true;
	q.bg_reqs[0].pid = (uint32_t)client.pid;
	q.waiting_bg = 1;
	q.oldest_bg = 12;
	ring.max_background = 2;
	ring.active_background = 1;
	q.active_background = 1;
}

static void who_the_limits_let_go_does_not_wait_in_the_background(void **state)
{
	(void)state;
	one_waits_in_the_background();
	somebody_does_a_step(); /* it may be about to go */
	assert_int_equal(report_count(), 0);
	nobody_can_run();
	report_is(
		REPORT_PROGRESS,
		"queue 0: a READ (unique 12, of client) waits in the background although "
		"1 of 2 are under way, 1 of this queue, and entry 0 is available; 2 of 3 "
		"buffers free");
}

/* whatever the others have */
static void a_queue_may_have_one_in_the_background(void **state)
{
	(void)state;
	one_waits_in_the_background();
	ring.active_background = 2;
	q.active_background = 0;
	nobody_can_run();
	assert_int_equal(report_count(), 1);
	report_reset();
}

static void who_waits_for_the_limits_or_for_an_entry_may_wait(void **state)
{
	(void)state;
	one_waits_in_the_background();
	ring.active_background = 2;
	nobody_can_run(); /* the limit */
	ring.active_background = 1;
	entry_is(0, ENT_COMMIT, LIST_COMMIT);
	nobody_can_run(); /* no entry */
	a_good_queue();
	one_waits_in_the_background();
	q.stopped = true;
	nobody_can_run();
}

static void an_entry_is_given(unsigned int i, uint64_t unique)
{
	q.ents[i].req.unique = unique;
	if (q.newest < unique)
		q.newest = unique;
}

static void a_request_is_not_overtaken_without_bound(void **state)
{
	(void)state;
	for (unsigned int needs = 0; needs < 2; needs++) {
		a_good_queue();
		entry_is(0, ENT_COMMIT, LIST_COMMIT);
		waits(10, OP_GETATTR, needs);
		q.newest = 10;
		for (unsigned int n = 0; n <= OVERTAKING_BOUND; n++) {
			somebody_does_a_step();
			assert_int_equal(report_count(), 0);
			an_entry_is_given(needs ? 1 : 2, 20 + 2 * n);
		}
		somebody_does_a_step();
		report_is(
			REPORT_PROGRESS,
			needs ? "queue 0: the request with payload with unique 10 waits "
				"while 9 that came later were served"
			      : "queue 0: the request without payload with unique 10 "
				"waits while 9 that came later were served");
		world_look_at_rules(&w, true);
	}
}

static void those_that_came_before_or_are_of_another_kind_do_not_overtake(void **state)
{
	(void)state;
	entry_is(0, ENT_COMMIT, LIST_COMMIT);
	waits(100, OP_GETATTR, true);
	q.newest = 100;
	for (unsigned int n = 0; n < 20; n++) {
		somebody_does_a_step();
		an_entry_is_given(1, 20 + 2 * n);
		an_entry_is_given(2, 200 + 2 * n);
	}
}

/* it came late to the list, with a low number: a background request does */
static void those_that_were_waiting_already_do_not_overtake(void **state)
{
	(void)state;
	entry_is(0, ENT_COMMIT, LIST_COMMIT);
	waits(10, OP_READ, true);
	q.newest = 60;
	for (unsigned int n = 0; n < 20; n++) {
		somebody_does_a_step();
		an_entry_is_given(1, 20 + 2 * n);
	}
}

static void who_carries_no_payload_holds_no_buffer(void **state)
{
	(void)state;
	entry_has_buffer(2, 2);
	q.free_bufs = 1;
	q.ents[2].req.needs_buf = false;
	q.ents[2].req.opcode = OP_FSYNC;
	it_is_said("queue 0: entry 2 has buffer 2, which an FSYNC (unique 6, of client) "
		   "does "
		   "not need");
	world_look_at_rules(&w, true);
	entry_is(2, ENT_COMMIT, LIST_COMMIT); /* until it has the next one */
	somebody_does_a_step();
}

/* ---- what cannot be followed ---- */

static void a_list_that_leads_nowhere_is_not_followed(void **state)
{
	(void)state;
	q.fault = (struct view_fault){ VIEW_NO_OBJECT, true, 1, "queue->ent_w_req_queue",
				       area };
	q.free_bufs = 1; /* means nothing now */
	somebody_does_a_step();
	assert_string_equal(report_get(0)->object, "queue->ent_w_req_queue");
	report_is(REPORT_HEAP,
		  "queue 0: list queue->ent_w_req_queue is corrupted: the link "
		  "after 1 element(s) points to no memory of the kernel's");
	q.fault = (struct view_fault){ VIEW_NO_OBJECT, false, 0, "ent->fuse_req", NULL };
	somebody_does_a_step();
	report_is(REPORT_HEAP, "queue 0: ent->fuse_req is NULL");
}

/* ---- when it is looked ---- */

static void other_locks_are_not_looked_at(void **state)
{
	(void)state;
	q.free_bufs = 1;
	sched_run_task(sched_spawn("somebody", steps, &ring), NULL, NULL, 0);
	assert_int_equal(looks, 0);
	nobody_can_run();
	assert_int_equal(looks, 1);
	assert_int_equal(report_count(), 1);
	report_reset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rule(a_good_queue_breaks_no_rule),
		rule(nothing_is_said_while_somebody_holds_the_lock),
		rule(a_rule_is_said_to_be_broken_once),
		rule(a_lost_buffer_is_named_with_its_owners),
		rule(a_buffer_that_nobody_ever_had_can_be_lost),
		rule(a_buffer_is_free_once),
		rule(a_free_buffer_has_no_owner),
		rule(a_buffer_has_one_owner),
		rule(there_are_no_buffers_but_those),
		rule(of_a_large_ring_the_numbers_must_fit),
		rule(the_list_of_an_entry_is_that_of_its_state),
		rule(an_entry_is_on_one_list),
		rule(an_entry_of_ours_is_never_on_no_list),
		rule(an_entry_of_another_tree_may_leave),
		rule(an_available_entry_has_a_command_no_request_and_no_buffer),
		rule(an_entry_in_userspace_has_a_request_and_no_command),
		rule(a_request_is_on_one_entry),
		rule(a_header_slot_lies_in_what_was_registered),
		rule(a_buffer_lies_in_what_was_registered),
		rule(a_pool_lies_in_what_was_registered),
		rule(of_what_is_written_over_nothing_is_said),
		rule(header_slots_do_not_overlap),
		rule(buffers_do_not_overlap),
		rule(teardown_waits_for_every_entry),
		rule(who_can_be_served_does_not_wait),
		rule(each_request_that_waits_is_told),
		rule(who_waits_behind_another_one_is_not_told),
		rule(how_often_is_bounded),
		rule(who_needs_no_buffer_does_not_wait_for_one),
		rule(requests_may_wait_when_there_is_no_entry_or_no_buffer),
		rule(a_request_is_not_overtaken_without_bound),
		rule(those_that_came_before_or_are_of_another_kind_do_not_overtake),
		rule(those_that_were_waiting_already_do_not_overtake),
		rule(who_the_limits_let_go_does_not_wait_in_the_background),
		rule(a_queue_may_have_one_in_the_background),
		rule(who_waits_for_the_limits_or_for_an_entry_may_wait),
		rule(who_carries_no_payload_holds_no_buffer),
		rule(a_list_that_leads_nowhere_is_not_followed),
		rule(other_locks_are_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
