/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the rules share: a queue that is made up, in a subject that shows
 * what the test says.
 */
#ifndef TESTS_RULES_H
#define TESTS_RULES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "detect/report.h"
#include "shim/shim.h"
#include "fuse/rules/invariants.h"

#define ENTS	4
#define BUFS	3
#define BUFSIZE 8192ul

static struct queue_view q;
static struct ring_view ring;
static bool locked;
static unsigned int looks;
static struct world w;
static struct fuse fuse;
static struct task_struct client = { .pid = 100 };
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
	looks++;
	return !qid;
}

static int show_owner(struct fuse_mount *fm, const void *lock)
{
	(void)fm;
	return lock == &q ? 0 : -1;
}

static bool show_lock(struct fuse_mount *fm, unsigned int qid)
{
	(void)fm;
	return !qid && locked;
}

static const struct fuse_ops ops = {
	.ring_view = show_ring,
	.queue_view = show_queue,
	.queue_glance = show_queue,
	.queue_of_lock = show_owner,
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
	e->req = (struct req_view){ .addr = NULL };
	if (list != LIST_W_REQ && list != LIST_USERSPACE)
		return;
	e->req = (struct req_view){ &requests[i], 2 * (i + 1), .opcode = OP_GETATTR };
	e->req.pid = (uint32_t)client.pid;
	e->req.needs_buf = i == 1 || q.ents[i].has_buf;
}

static void entry_has_buffer(unsigned int i, unsigned int buf)
{
	q.ents[i].has_buf = true;
	q.ents[i].req.needs_buf = true;
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
	q.pool_len = BUFS * BUFSIZE;
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

/* ---- somebody does something under the lock, and it is looked at ---- */

static void steps(void *arg)
{
	sched_trace(SCHED_UNLOCK, arg, 0, SCHED_SITE("the lock"));
}

static void somebody_does_a_step(void)
{
	sched_run_task(sched_spawn("somebody", steps, &q), NULL, NULL, 0);
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
	memset(&w.actors[0], 0, sizeof(w.actors[0]));
	w.actors[0] = (struct actor){ .w = &w, .name = "client", .task = &client };
	w.nr_actors = 1;
	looks = 0;
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

static void waits(uint64_t unique, uint32_t opcode, bool needs_buf)
{
	struct req_view *r = &q.reqs[q.waiting];

	*r = (struct req_view){ &requests[0], unique, .opcode = opcode };
	r->pid = (uint32_t)client.pid;
	r->needs_buf = needs_buf;
	if (!q.waiting++)
		q.first_needs_buf = needs_buf;
	q.waiting_no_buf += !needs_buf;
	if (!q.oldest[needs_buf] || q.oldest[needs_buf] > unique)
		q.oldest[needs_buf] = unique;
}

#define rule(f) cmocka_unit_test_setup_teardown(f, begins, ends)

#endif /* TESTS_RULES_H */
