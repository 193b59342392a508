// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tester tested: a queue that is made up here breaks each rule of
 * world/invariants.h in turn, and a good one breaks none. The real code's
 * own mistakes are in tests/mutant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/report.h"
#include "shim/shim.h"
#include "fuse/invariants.h"

#define ENTS	4
#define BUFS	3
#define BUFSIZE 8192ul

static struct queue_view q;
static struct ring_view ring;
static bool locked;
static struct world w;
static struct fuse fuse;
static char entries[ENTS], requests[ENTS], area[ENTS * 288 + BUFS * BUFSIZE];

/* ---- a subject that shows what the test says ---- */

static void show_ring(struct fuse_mount *fm, struct ring_view *v)
{
	(void)fm;
	*v = ring;
}

static bool show_queue(struct fuse_mount *fm, unsigned int qid, struct queue_view *v)
{
	(void)fm;
	*v = q;
	return !qid;
}

static bool show_lock(struct fuse_mount *fm, unsigned int qid)
{
	(void)fm;
	return !qid && locked;
}

static const struct fuse_ops ops = {
	.ring_view = show_ring,
	.queue_view = show_queue,
	.queue_locked = show_lock,
};

static struct subject_driver driver = { .name = "fuse", .ops = &ops };

static const struct subject subject = {
	.abi = SUBJECT_ABI,
	.name = "made up",
	.driver = &driver,
};

static void entry_is(unsigned int i, enum subject_ent_state state,
		     enum subject_ent_list list)
{
	struct ent_view *e = &q.ents[i];

	e->addr = &entries[i];
	e->id = i;
	e->state = state;
	e->list = list;
	e->headers = (uintptr_t)area + 288 * i;
	e->payload_len = BUFSIZE;
	e->has_cmd = list == LIST_AVAIL || list == LIST_W_REQ;
	e->req = (struct req_view){ NULL };
	if (list != LIST_W_REQ && list != LIST_USERSPACE)
		return;
	e->req = (struct req_view){ &requests[i], 2 * (i + 1), .opcode = OP_GETATTR };
	e->req.needs_buf = i == 1;
}

static void entry_has_buffer(unsigned int i, unsigned int buf)
{
	q.ents[i].has_buf = true;
	q.ents[i].buf_id = buf;
	q.ents[i].payload = q.pool_base + buf * BUFSIZE;
}

/* entry 0 available, 1 with the server and buffer 1, 2 assigned and without, 3 gone */
static void a_good_queue(void)
{
	static const struct reg reg = {
		.cmd_op = CMD_REGISTER,
		.headers = area,
		.headers_len = ENTS * 288,
		.payload = area + ENTS * 288,
		.payload_len = BUFS * BUFSIZE,
	};

	memset(&q, 0, sizeof(q));
	q.addr = &q;
	q.nbufs = BUFS;
	q.free_bufs = 2;
	q.free_ids[0] = 0;
	q.free_ids[1] = 2;
	q.buf_size = BUFSIZE;
	q.pool_base = (uintptr_t)reg.payload;
	q.nr_ents = ENTS;
	entry_is(0, ENT_AVAILABLE, LIST_AVAIL);
	entry_is(1, ENT_USERSPACE, LIST_USERSPACE);
	entry_is(2, ENT_FUSE_REQ, LIST_W_REQ);
	entry_is(3, ENT_RELEASED, LIST_RELEASED);
	entry_has_buffer(1, 1);
	ring = (struct ring_view){ .exists = true, .queue_refs = 3 };
	locked = false;
	fuse.commands[0].reg = reg;
	fuse.nr_commands = 1;
}

/* ---- somebody does a step, and it is looked at ---- */

static void steps(void *arg)
{
	(void)arg;
	sched_point(SCHED_ATOMIC, &q, SCHED_SITE("a step"));
}

static void somebody_does_a_step(void)
{
	sched_spawn("somebody", steps, NULL);
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

static int begins(void **state)
{
	(void)state;
	shim_reset(1);
	w.subject = &subject;
	w.driver = &fuse_driver;
	w.state = &fuse;
	fuse.ops = &ops;
	fuse.config = (struct fuse_config){ .cpus = 1, .payload = PAYLOAD_BUFRING };
	fuse.fm = (struct fuse_mount *)&w;
	driver.caps = FUSE_CAN_BUFRING | FUSE_CAN_SHARED;
	a_good_queue();
	world_look_at_rules(&w, true);
	return 0;
}

static int ends(void **state)
{
	(void)state;
	world_look_at_rules(&w, false);
	for (size_t i = 0; i < report_count(); i++)
		print_error("%s\n", report_get(i)->summary);
	return report_count() ? -1 : 0;
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
	somebody_does_a_step();
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
	q.ents[0].req = &requests[0];
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
	q.ents[1].req = NULL;
	it_is_said("queue 0: entry 1 is in userspace and has no request");
}

static void a_request_is_on_one_entry(void **state)
{
	(void)state;
	q.ents[2].req = q.ents[1].req;
	it_is_said("queue 0: entry 1 and entry 2 have the same request");
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

static void it_is_said_that(const char *text)
{
	somebody_does_a_step();
	report_is(REPORT_PROGRESS, text);
}

static void who_can_be_served_does_not_wait(void **state)
{
	(void)state;
	q.waiting = 1;
	it_is_said_that(
		"queue 0: 1 request(s) wait that could be sent: entry 0 is available, "
		"and 2 of 3 buffers are free");
}

static void who_needs_no_buffer_does_not_wait_for_one(void **state)
{
	(void)state;
	entry_has_buffer(2, 2);
	q.free_bufs = 1;
	q.waiting = 3;
	q.waiting_no_buf = 1;
	q.nbufs = 2; /* and none of them is free */
	q.free_bufs = 0;
	entry_has_buffer(2, 0);
	it_is_said_that(
		"queue 0: 1 request(s) wait that could be sent: entry 0 is available, "
		"and 0 of 2 buffers are free");
}

static void requests_may_wait_when_there_is_no_entry_or_no_buffer(void **state)
{
	(void)state;
	q.waiting = 2;
	q.waiting_no_buf = 1;
	entry_is(0, ENT_COMMIT, LIST_COMMIT);
	somebody_does_a_step(); /* no entry */

	a_good_queue();
	q.waiting = 2;
	q.nbufs = 2;
	q.free_bufs = 0;
	entry_has_buffer(2, 0);
	somebody_does_a_step(); /* no buffer */

	a_good_queue();
	q.waiting = 2;
	q.stopped = true;
	somebody_does_a_step(); /* about to be ended */
}

static void a_request_is_not_overtaken_without_bound(void **state)
{
	(void)state;
	entry_is(0, ENT_COMMIT, LIST_COMMIT);
	q.waiting = 1;
	q.oldest_with_buf = 10;
	for (unsigned int n = 0; n <= OVERTAKING_BOUND; n++) {
		somebody_does_a_step();
		assert_int_equal(report_count(), 0);
		q.ents[1].unique = 20 + 2 * n;
	}
	it_is_said_that(
		"queue 0: a request waits for a buffer while 9 that came later got one");
}

static void those_that_came_before_or_need_no_buffer_do_not_overtake(void **state)
{
	(void)state;
	entry_is(0, ENT_COMMIT, LIST_COMMIT);
	q.waiting = 1;
	q.oldest_with_buf = 100;
	for (unsigned int n = 0; n < 20; n++) {
		somebody_does_a_step();
		q.ents[1].unique = 20 + 2 * n;
		q.ents[2].unique = 200 + 2 * n;
	}
}

#define rule(f) cmocka_unit_test_setup_teardown(f, begins, ends)

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
		rule(header_slots_do_not_overlap),
		rule(buffers_do_not_overlap),
		rule(teardown_waits_for_every_entry),
		rule(who_can_be_served_does_not_wait),
		rule(who_needs_no_buffer_does_not_wait_for_one),
		rule(requests_may_wait_when_there_is_no_entry_or_no_buffer),
		rule(a_request_is_not_overtaken_without_bound),
		rule(those_that_came_before_or_need_no_buffer_do_not_overtake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
