// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the threads of a server do: register, take requests, answer them.
 */
#include <errno.h>
#include <string.h>

#include "detect/race.h"
#include "fuse/fuse_i.h"
#include "sched/checkpoint.h"
#include "shim/user.h"

/* ---- registration ---- */

static void job_submit(struct actor *t, void *arg)
{
	command_submit(t, arg);
}

static struct submit *registers(struct actor *t, const struct reg *r, bool raw)
{
	struct fuse_command *c = command_new(t, r->cmd_op, r->qid, r->ent);

	c->reg = *r;
	c->raw = raw;
	actor_steps(t, STEP_SUBMIT, job_submit, c);
	return &c->pub;
}

/* with memory that may be none: then calls fail that the file system would answer */
struct submit *server_registers_raw(struct actor *t, const struct reg *r)
{
	fs_takes_anything(t->w);
	return registers(t, r, true);
}

struct submit *server_registers(struct actor *t, unsigned int qid, unsigned int ent)
{
	struct reg r;

	ring_needs_table(t);
	register_default(t->w, qid, ent, &r);
	return registers(t, &r, false);
}

struct submit *server_adds_queue(struct actor *t, unsigned int qid)
{
	struct reg r;

	add_queue_default(t->w, qid, &r);
	return registers(t, &r, false);
}

struct submit *server_adds_bufpool(struct actor *t, unsigned int qid)
{
	struct reg r;

	ring_needs_table(t);
	add_bufpool_default(t->w, qid, &r);
	return registers(t, &r, false);
}

void server_sets_up_queue(struct actor *t, unsigned int qid)
{
	const struct fuse_config *config = &fuse_of(t->w)->config;

	if (config->payload != PAYLOAD_BUFPOOL &&
	    config->payload != PAYLOAD_BUFPOOL_FIXED)
		return;
	server_adds_queue(t, qid)->needed = true;
	server_adds_bufpool(t, qid)->needed = true;
}

void server_sets_up(struct actor *t, unsigned int qid)
{
	const struct fuse_config *config = &fuse_of(t->w)->config;

	server_sets_up_queue(t, qid);
	for (unsigned int ent = 0; ent < config->entries; ent++)
		server_registers(t, qid, ent)->needed = true;
}

/* ---- taking ---- */

static unsigned char *payload_of(struct world *w, const struct entry_mem *e,
				 const struct abi_ent_in_out *ent, struct delivery *d)
{
	switch (fuse_of(w)->config.payload) {
	case PAYLOAD_PER_ENTRY:
		return e->payload;
	case PAYLOAD_BUFRING:
		d->buf_id = ent->buf_id;
		return buffer_in_ring(w, d->qid, ent->buf_id, ent->region, &d->room);
	default:
		d->buf_id = ent->offset / fuse_of(w)->max_payload;
		return payload_in_pool(w, d->qid, ent->offset);
	}
}

/* Read the header slot; @d->payload: NULL: what the kernel wrote is not in the pool */
void delivery_look(struct world *w, const struct submit *s, const struct entry_mem *e,
		   struct delivery *d)
{
	const struct abi_headers *h = (void *)e->headers;

	*d = (struct delivery){
		.arrived = true,
		.qid = s->qid,
		.ent = s->ent,
		.submitter = s->actor,
		.cqe_res = s->res,
		.headers = e->headers,
		.within = d->within,
		.absolute = d->absolute,
	};
	if (d->cqe_res)
		return;
	check_index(w, s);
	d->unique = h->in.unique;
	d->opcode = h->in.opcode;
	d->nodeid = h->in.nodeid;
	d->len = h->in.len;
	d->commit_id = h->ent.commit_id;
	d->payload_sz = h->ent.payload_sz;
	d->ent_flags = h->ent.flags;
	d->room = fuse_of(w)->max_payload;
	d->payload = payload_of(w, e, &h->ent, d);
}

static struct submit *pop_ready(struct actor *t)
{
	return (struct submit *)ring_pop_ready(t);
}

static int wait_for_one(struct actor *t, const struct delivery *d)
{
	struct uring_wait how;

	if (!d->within)
		return ring_wait(t, 0);
	uring_wait_for(&how, d->within, d->absolute);
	return ring_wait_within(t, &how);
}

static void job_take(struct actor *t, void *arg)
{
	struct submit *s;

	ring_of(t);
	ring_reap(t, NULL);
	while (!(s = pop_ready(t))) {
		if (actor_leaves(t) || wait_for_one(t, arg) < 0)
			return;
	}
	delivery_look(t->w, s, entry_mem(t->w, s->qid, s->ent), arg);
	race_release(arg);
}

struct delivery *server_takes(struct actor *t)
{
	struct world *w = t->w;
	struct delivery *d;

	if (fuse_of(w)->nr_deliveries == MAX_DELIVERIES)
		world_full("deliveries");
	d = &fuse_of(w)->deliveries[fuse_of(w)->nr_deliveries++];
	memset(d, 0, sizeof(*d));
	actor_steps(t, STEP_TAKE, job_take, d);
	return d;
}

struct delivery *server_takes_within(struct actor *t, unsigned int seconds, bool absolute)
{
	struct delivery *d = server_takes(t);

	d->within = seconds;
	d->absolute = absolute;
	return d;
}

/* ---- answering ---- */

#define BOUNCE_BYTES (1u << 17)

/* data of a zero-copied request, by number of the thread that answers it */
static unsigned char bounces[MAX_ACTORS][BOUNCE_BYTES];
static uint32_t bounced[MAX_ACTORS]; /* bytes that were used of each */

void server_forgets(void)
{
	memset(bounced, 0, sizeof(bounced));
}

void server_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, bounced);
	for (unsigned int i = 0; i < MAX_ACTORS; i++)
		checkpoint_bytes(c, bounces[i], bounced[i]);
}

static unsigned char *bounce_of(struct actor *t, uint32_t size)
{
	const unsigned int nr = steps_actor(t);

	if (size > bounced[nr])
		bounced[nr] = size;
	return bounces[nr];
}

/* The pages of a zero-copied request are reached through the ring's table. */
static void answer_zero_copied(struct actor *t, const struct delivery *d,
			       struct fs_reply *reply)
{
	const struct abi_headers *h = (const void *)d->headers;
	unsigned int slot = zero_copy_slot(t->w, d->qid, d->ent);
	const struct abi_write_in *in = (const void *)h->op_in;
	unsigned char *bounce;

	if (d->opcode == OP_WRITE) {
		/* over /dev/fuse nobody can write as much at once, or see it later */
		if (in->size > fuse_of(t->w)->max_payload)
			world_disturbed(t->w, DISTURBED_TOO_BIG);
		bounce = bounce_of(t, in->size);
		copy_pages(t, slot, bounce, in->size, 0);
		fs_answer(t->w, &h->in, h->op_in, bounce, d->payload,
			  fuse_of(t->w)->max_payload, reply);
		return;
	}
	bounce = bounce_of(t, 0);
	fs_answer(t->w, &h->in, h->op_in, d->payload, bounce, BOUNCE_BYTES, reply);
	bounce_of(t, reply->size);
	copy_pages(t, slot, bounce, reply->size, 1);
}

/* its pages are reached through the table alone of the ring that it came to */
static bool has_pages(struct actor *t, const struct delivery *d)
{
	return t && server_ring(t) && d->submitter &&
	       ring_holder(t) == ring_holder(d->submitter);
}

static void fill(struct world *w, struct actor *t, const struct delivery *d,
		 struct answer *a)
{
	const struct abi_headers *h = (const void *)d->headers;
	bool zero_copied = t && (d->ent_flags & ENT_ZERO_COPY);
	bool twice = given_twice(fuse_of(w), d->qid, (uintptr_t)d->headers);
	struct fs_reply reply = { 0, 0 };

	/* what is there may be half of one request and half of another */
	if (twice)
		fs_is_not_asked(w);
	/* nobody writes to another's pages */
	if ((zero_copied && (twice || !has_pages(t, d))) ||
	    !server_can_follow(w, d, h->op_in, zero_copied ? BOUNCE_BYTES : d->room)) {
		world_disturbed(w, DISTURBED_ANSWER);
		fs_call_fails(w, h->in.pid);
		reply.error = -EIO;
	} else if (zero_copied) {
		answer_zero_copied(t, d, &reply);
	} else {
		fs_answer(w, &h->in, h->op_in, d->payload, d->payload, d->room, &reply);
	}
	*a = (struct answer){
		.commit_id = d->commit_id,
		.unique = d->unique,
		.error = reply.error,
		.payload_sz = reply.size,
		.out_len = (uint32_t)sizeof(struct abi_out_header) + reply.size,
		.qid = d->qid,
	};
	if (fuse_of(w)->config.payload == PAYLOAD_BUFPOOL_FIXED) {
		a->buf_index = (uint16_t)pool_slot(d->qid);
		a->uring_cmd_flags = URING_CMD_FIXED;
	}
}

void answer_default(struct world *w, const struct delivery *d, struct answer *a)
{
	fill(w, NULL, d, a);
}

/* Write the reply into the header slot and the payload. */
void answer_put(const struct delivery *d, const struct answer *a)
{
	struct abi_headers *h = (void *)d->headers;

	shim_user_stores(h, sizeof(*h));
	h->out.len = a->out_len;
	h->out.error = a->error;
	h->out.unique = a->unique;
	h->ent.payload_sz = a->payload_sz;
	if (a->data && d->payload)
		memcpy(d->payload, a->data, a->data_len);
}

/*
 * As the file system answers. A server that answers again says the same: what it would
 * look at is gone, as the answer was written over it.
 */
static void usual_answer(struct actor *t, struct delivery *d, struct answer *a)
{
	struct fuse *f = fuse_of(t->w);
	struct answer *usual;

	if (d < f->deliveries || d >= f->deliveries + MAX_DELIVERIES) {
		fill(t->w, t, d, a); /* a test's own */
		return;
	}
	usual = &f->usual[d - f->deliveries];
	if (!d->has_usual) {
		d->in_work = true;
		fill(t->w, t, d, usual);
		d->in_work = false;
	}
	d->has_usual = true;
	*a = *usual;
}

static void job_answer(struct actor *t, void *arg)
{
	struct fuse_command *c = arg;
	struct delivery *d = c->delivery;

	/* a server's threads do not work on one request at the same time */
	if (!d->arrived || d->cqe_res || d->in_work)
		return;
	/* ... and pass requests on under a lock of their own */
	race_acquire(d);
	if (c->has_answer || c->change)
		fs_is_not_asked(t->w);
	if (c->error)
		fs_call_fails(t->w, ((const struct abi_in_header *)d->headers)->pid);
	/* in its slot there may be another request by now, which is written over */
	if (d->answered)
		fs_is_not_asked(t->w);
	if (!c->has_answer) {
		usual_answer(t, d, &c->answer);
		if (c->error) {
			c->answer.error = c->error;
			fs_answers_error(t->w, c->answer.unique, c->error);
			c->answer.payload_sz = 0;
		}
		if (c->change)
			c->change(&c->answer, c->how);
	}
	/* ends what another entry has, which goes on with this command */
	if (c->answer.commit_id != d->commit_id &&
	    number_may_be_kernels(fuse_of(t->w), c->answer.commit_id))
		fuse_of(t->w)->same_number = true;
	c->pub.qid = d->qid;
	c->pub.ent = d->ent;
	c->pub.commit_id = c->answer.commit_id;
	answer_put(d, &c->answer);
	d->answered = true;
	race_release(d);
	command_submit(t, c);
}

static struct fuse_command *answer_new(struct actor *t, struct delivery *d)
{
	struct fuse_command *c = command_new(t, CMD_COMMIT_AND_FETCH, d->qid, d->ent);

	c->delivery = d;
	return c;
}

struct submit *server_answers(struct actor *t, struct delivery *d)
{
	return server_answers_error(t, d, 0);
}

struct submit *server_answers_error(struct actor *t, struct delivery *d, int error)
{
	struct fuse_command *c = answer_new(t, d);

	c->error = error;
	actor_steps(t, STEP_ANSWER, job_answer, c);
	return &c->pub;
}

struct submit *server_answers_changed(struct actor *t, struct delivery *d,
				      void (*change)(struct answer *a, const void *how),
				      const void *how)
{
	struct fuse_command *c = answer_new(t, d);

	c->change = change;
	c->how = how;
	fuse_of(t->w)->answers_changed = true;
	actor_steps(t, STEP_ANSWER, job_answer, c);
	return &c->pub;
}

struct submit *server_answers_raw(struct actor *t, struct delivery *d,
				  const struct answer *a)
{
	struct fuse_command *c = answer_new(t, d);

	c->answer = *a;
	c->has_answer = true;
	actor_steps(t, STEP_ANSWER, job_answer, c);
	return &c->pub;
}

/* ---- serving ---- */

/*
 * One command record serves an entry for ever; records of REGISTERs stay as they are. A
 * server that registers the same memory twice has two commands under way.
 */
static struct fuse_command *serving_command(struct actor *t, const struct submit *done,
					    struct entry_mem *e)
{
	bool busy = e->serving && &e->serving->pub != done; /* or not taken yet */

	if (!e->serving || e->serving->pub.actor != t || busy)
		e->serving = command_new(t, CMD_COMMIT_AND_FETCH, done->qid, done->ent);
	return e->serving;
}

static void serve_one(struct actor *t, const struct submit *done)
{
	struct entry_mem *e = entry_mem(t->w, done->qid, done->ent);
	struct fuse_command *c = serving_command(t, done, e);
	struct delivery d = { 0 };

	delivery_look(t->w, done, e, &d);
	fill(t->w, t, &d, &c->answer);
	c->pub.commit_id = c->answer.commit_id;
	answer_put(&d, &c->answer);
	commit_sqe(t, c);
	command_issue(t, (struct command *)&c->pub);
}

/* Take and answer in batches: one system call submits and waits. */
static void serve(struct actor *t, unsigned int limit, bool at_rest, const bool *stop)
{
	unsigned int served = 0, queued = 0;
	struct submit *done;
	int left;

	ring_of(t);
	ring_reap(t, NULL);
	while (!actor_leaves(t) && !(stop && *stop)) {
		while (served < limit && queued < RING_ENTRIES && (done = pop_ready(t))) {
			if (done->res)
				continue;
			serve_one(t, done);
			served++;
			queued++;
		}
		if (served == limit || !ring_holder(t)->outstanding)
			break;
		if (ring_holder(t)->ready) { /* more than the submission queue holds */
			ring_submit(t, queued);
			queued = 0;
			continue;
		}
		t->task->fiber->idle = at_rest;
		fuse_of(t->w)->serving |= 1u << steps_actor(t);
		left = ring_wait(t, queued);
		fuse_of(t->w)->serving &= ~(1u << steps_actor(t));
		t->task->fiber->idle = false;
		if (left < 0)
			return;
		queued = (unsigned int)left;
	}
	ring_submit(t, queued);
	ring_reap(t, NULL);
}

static void job_serve(struct actor *t, void *arg)
{
	serve(t, ~0u, true, arg);
}

static void job_serve_n(struct actor *t, void *arg)
{
	serve(t, (unsigned int)(uintptr_t)arg, false, NULL);
}

static void job_drain(struct actor *t, void *arg)
{
	struct submit *done;

	(void)arg;
	ring_of(t);
	ring_reap(t, NULL);
	while ((done = pop_ready(t))) {
		if (done->res)
			continue;
		serve_one(t, done);
		ring_submit(t, 1);
		ring_reap(t, NULL);
	}
}

void server_drains(struct actor *t)
{
	actor_steps(t, STEP_DRAIN, job_drain, NULL);
}

void server_serves(struct actor *t)
{
	actor_steps(t, STEP_SERVE, job_serve, NULL);
}

void server_serves_until(struct actor *t, bool *stop)
{
	actor_steps(t, STEP_SERVE, job_serve, stop);
}

void server_serves_n(struct actor *t, unsigned int n)
{
	actor_steps(t, STEP_SERVE_N, job_serve_n, (void *)(uintptr_t)n);
}
