// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server thread and its io_uring instance: how a command gets into the
 * submission queue, and how its completion finds back to it.
 */
#include <errno.h>
#include <string.h>

#include "detect/report.h"
#include "world/world_i.h"

struct command *command_new(struct actor *t, unsigned int op, unsigned int qid,
			    unsigned int ent)
{
	struct world *w = t->w;
	struct command *c;

	if (w->nr_commands == MAX_COMMANDS)
		world_full("commands");
	c = &w->commands[w->nr_commands++];
	memset(c, 0, sizeof(*c));
	c->pub.actor = t;
	c->pub.cmd_op = op;
	c->pub.qid = qid;
	c->pub.ent = ent;
	return c;
}

struct shim_uring *ring_of(struct actor *t)
{
	if (!t->ring)
		t->ring = sys_io_uring_setup(RING_ENTRIES, t->ring_flags);
	return t->ring;
}

static void job_open_ring(struct actor *t, void *arg)
{
	(void)arg;
	ring_of(t);
}

void server_opens_ring(struct actor *t)
{
	actor_steps(t, STEP_OPEN_RING, job_open_ring, NULL);
}

struct shim_uring *server_ring(struct actor *t)
{
	return t->ring;
}

static struct uring_sqe *new_sqe(struct actor *t, const struct command *c)
{
	struct uring_sqe *sqe = uring_get_sqe(ring_of(t));

	if (!sqe)
		world_full("submission queue");
	sqe->opcode = URING_OP_URING_CMD;
	sqe->fd = t->w->dev_fd;
	sqe->cmd_op = c->pub.cmd_op;
	sqe->user_data = (unsigned long long)(c - t->w->commands);
	return sqe;
}

static void reg_sqe(struct actor *t, struct command *c)
{
	const struct reg *r = &c->reg;
	struct uring_sqe *sqe = new_sqe(t, c);
	struct abi_cmd_req *req = (void *)sqe->cmd;

	if (r->fd)
		sqe->fd = r->fd;
	sqe->flags = r->sqe_flags;
	sqe->uring_cmd_flags = r->uring_cmd_flags;
	sqe->buf_index = r->buf_index;
	req->flags = r->flags;
	req->qid = (abi_u16)r->qid;
	if (c->pub.cmd_op == CMD_ADD_BUFPOOL) {
		req->bufpool.uaddr = r->pool_addr;
		req->bufpool.len = r->pool_len;
		req->bufpool.reserved = r->pool_reserved;
	} else if (c->pub.cmd_op != CMD_ADD_QUEUE) {
		struct uring_iovec *iov = r->iov;

		if (!iov) {
			iov = entry_mem(t->w, r->qid, r->ent)->iov;
			iov[0] = (struct uring_iovec){ r->headers, r->headers_len };
			iov[1] = (struct uring_iovec){ r->payload, r->payload_len };
		}
		sqe->addr = (uintptr_t)iov;
		sqe->len = r->iov_nr;
		if (r->flags & REGISTER_BUFRING) {
			req->init.queue_depth = r->queue_depth;
			req->init.buf_size = r->buf_size;
		}
		req->zero_copy_index = r->zero_copy_index;
	}
}

struct uring_sqe *commit_sqe(struct actor *t, const struct command *c)
{
	const struct answer *a = &c->answer;
	struct uring_sqe *sqe = new_sqe(t, c);
	struct abi_cmd_req *req = (void *)sqe->cmd;

	sqe->flags = a->sqe_flags;
	sqe->uring_cmd_flags = a->uring_cmd_flags;
	sqe->buf_index = a->buf_index;
	req->commit_id = a->commit_id;
	req->qid = (abi_u16)a->qid;
	return sqe;
}

/* From here on the kernel owes a completion. */
void command_issue(struct actor *t, struct command *c)
{
	c->pub.issued = true;
	c->pub.completed = false;
	c->pub.cqes = 0;
	t->outstanding++;
}

/* Submit, and again what there was no memory for, as liburing's users do. */
void ring_submit(struct actor *t, unsigned int n)
{
	int ret;

	while (n) {
		ret = sys_io_uring_enter(t->ring, n, 0, 0);
		if (ret > 0)
			n -= (unsigned int)ret;
		else if (ret != -EAGAIN)
			break;
	}
}

/* Submit one command and look what came of it at once. */
void command_submit(struct actor *t, struct command *c)
{
	if (c->delivery)
		commit_sqe(t, c);
	else
		reg_sqe(t, c);
	command_issue(t, c);
	ring_submit(t, 1);
	ring_reap(t, c);
}

static void push_ready(struct actor *t, struct command *c)
{
	c->next_ready = NULL;
	*(t->ready ? &t->ready_last->next_ready : &t->ready) = c;
	t->ready_last = c;
}

struct command *ring_pop_ready(struct actor *t)
{
	struct command *c = t->ready;

	if (c)
		t->ready = c->next_ready;
	return c;
}

static bool parks(const struct command *c)
{
	return c->pub.cmd_op == CMD_REGISTER || c->pub.cmd_op == CMD_COMMIT_AND_FETCH;
}

/*
 * See every completion that is there. @own is being submitted: its error is told
 * to whoever submits, all else is for server_takes() and server_serves().
 */
void ring_reap(struct actor *t, const struct command *own)
{
	const struct uring_cqe *cqe;

	while ((cqe = uring_peek_cqe(t->ring))) {
		struct command *c = &t->w->commands[cqe->user_data];

		c->pub.cqes++;
		c->pub.completed = true;
		c->pub.res = cqe->res;
		t->outstanding--;
		uring_seen_cqe(t->ring);
		if (c->pub.cqes > 1)
			report(REPORT_ACCOUNTING, NULL,
			       "command %u of queue %u entry %u completed %u times",
			       c->pub.cmd_op, c->pub.qid, c->pub.ent, c->pub.cqes);
		if (parks(c) && !(c == own && cqe->res))
			push_ready(t, c);
	}
}

/*
 * Submit and wait for a completion; a signal may end it without one.
 *
 * Return: how many of @to_submit are left to submit; -EBADF: the ring is gone.
 */
int ring_wait(struct actor *t, unsigned int to_submit)
{
	int ret = sys_io_uring_enter(t->ring, to_submit, 1, URING_ENTER_GETEVENTS);

	shim_signal_clear(t->task);
	if (ret == -EBADF)
		return ret;
	ring_reap(t, NULL);
	return (int)to_submit - (ret > 0 ? ret : 0);
}
