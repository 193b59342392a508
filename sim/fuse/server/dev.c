// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread of the server that serves /dev/fuse: reads a request, answers it, reads the
 * next one; answers that go the other way than their request came; poll(2) and ioctl(2).
 */
#include <string.h>

#include "fuse/fuse_i.h"
#include "shim/user.h"

static bool wants_answer(uint32_t opcode)
{
	return opcode != OP_FORGET && opcode != OP_BATCH_FORGET &&
	       opcode != OP_INTERRUPT && opcode != OP_NOTIFY_REPLY;
}

/* A request of whose answer it is said what it is [compare/again.c]. */
static bool answer_told(const struct answered *again, struct fs_reply *reply)
{
	if (again && again->error)
		*reply = (struct fs_reply){ again->error, 0 };
	return again && again->unasked;
}

static void answer(struct actor *t, unsigned char *buf, unsigned char *reply_buf)
{
	struct world *w = t->w;
	const struct answered *again = fuse_of(w)->again;
	struct abi_out_header *out = (void *)reply_buf;
	const struct abi_in_header *in = (void *)buf;
	unsigned char *op_in = buf + sizeof(*in);
	struct fs_reply reply = { 0, 0 };

	if (again && again->error)
		fs_call_fails(w, in->pid);
	if (in->opcode == OP_WRITE && fuse_of(w)->nr_writes == MAX_WRITES)
		world_disturbed(w, DISTURBED_TOO_BIG);
	if (!answer_told(again, &reply)) {
		fs_answer(w, in, op_in, op_in + fs_head(in->opcode), (void *)(out + 1),
			  fuse_of(w)->max_payload, &reply);
		answer_told(again, &reply);
	}
	out->len = (abi_u32)sizeof(*out) + reply.size;
	out->error = reply.error;
	out->unique = in->unique;
	sys_dev_write(t, reply_buf, out->len);
}

static void job_serve_dev(struct actor *t, void *arg)
{
	unsigned char *buf = arg, *reply_buf = buf + fuse_of(t->w)->dev_buf_len;
	long ret;

	while (!actor_leaves(t)) {
		t->task->fiber->idle = true;
		ret = sys_dev_read(t, buf, fuse_of(t->w)->dev_buf_len);
		t->task->fiber->idle = false;
		if (ret < 0 && ret != -4) /* not -EINTR */
			break;
		if (ret > 0 && ((struct abi_in_header *)buf)->opcode == OP_INIT)
			answer_init_in(t, buf, NULL);
		else if (ret > 0 && wants_answer(((struct abi_in_header *)buf)->opcode))
			answer(t, buf, reply_buf);
		shim_signal_clear(t->task);
	}
}

void server_serves_dev(struct actor *t)
{
	/* requests, and replies */
	unsigned char *buf = server_mmap(t->w, 2ul * fuse_of(t->w)->dev_buf_len,
					 SHIM_PROT_READ | SHIM_PROT_WRITE);

	if (!buf)
		world_full("user memory");
	fuse_of(t->w)->dev_serves = true;
	actor_steps(t, STEP_SERVE_DEV, job_serve_dev, buf);
}

/* ---- the other way ---- */

static void job_over_dev(struct actor *t, void *arg)
{
	struct dev_read *r = arg;
	const struct delivery *d = r->taken;
	const struct abi_headers *h = (const void *)d->headers;
	unsigned char *buf = r->buf;
	struct abi_out_header *out = (void *)buf;
	struct fs_reply reply = { .error = r->error };

	if (!d->arrived || d->cqe_res)
		return;
	if (r->error || d->opcode == OP_WRITE)
		fs_is_not_asked(t->w);
	if (!r->error && d->opcode == OP_WRITE)
		reply.error = -5; /* -EIO */
	else if (!r->error)
		fs_answer(t->w, &h->in, h->op_in,
			  d->payload ? d->payload : (const unsigned char *)h->op_in,
			  (void *)(out + 1), fuse_of(t->w)->max_payload, &reply);
	out->len = (abi_u32)sizeof(*out) + reply.size;
	out->error = reply.error;
	out->unique = d->unique;
	r->ret = sys_dev_write(t, buf, out->len);
	r->done = true;
}

struct dev_read *server_answers_over_dev(struct actor *t, struct delivery *d, int error)
{
	struct dev_read *r = dev_read_new(t->w);

	r->taken = d;
	r->error = error;
	r->buf = server_mmap(t->w, fuse_of(t->w)->dev_buf_len,
			     SHIM_PROT_READ | SHIM_PROT_WRITE);
	if (!r->buf)
		world_full("user memory");
	actor_steps(t, STEP_OVER_DEV, job_over_dev, r);
	return r;
}

static void job_over_ring(struct actor *t, void *arg)
{
	struct fuse_command *c = arg;

	if (c->read->ret <= 0)
		return;
	fs_is_not_asked(t->w);
	c->answer.commit_id = c->answer.unique = c->read->unique;
	c->pub.commit_id = c->answer.commit_id;
	commit_sqe(t, c);
	ring_submit_one(t, (struct command *)&c->pub);
}

struct submit *server_answers_over_ring(struct actor *t, const struct dev_read *d,
					unsigned int qid)
{
	struct fuse_command *c = command_new(t, CMD_COMMIT_AND_FETCH, qid, 0);

	c->read = d;
	c->answer.qid = qid;
	actor_steps(t, STEP_OVER_RING, job_over_ring, c);
	return &c->pub;
}

/* ---- what it asks of the file ---- */

static void job_control(struct actor *t, void *arg)
{
	struct dev_control *c = arg;

	c->ret = sys_dev_control(t, c);
	c->done = true;
}

struct dev_control *server_controls_dev(struct actor *t, const struct dev_control *c)
{
	struct dev_control *copy = (void *)world_data(t->w, sizeof(*copy));

	*copy = *c;
	actor_steps(t, STEP_DEV_CONTROL, job_control, copy);
	return copy;
}
