// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FUSE commands of a server thread: how one becomes an SQE.
 */
#include <string.h>

#include "fuse/fuse_i.h"
#include "shim/user.h"

struct fuse_command *command_new(struct actor *t, unsigned int op, unsigned int qid,
				 unsigned int ent)
{
	struct world *w = t->w;
	struct fuse_command *c;

	if (fuse_of(w)->nr_commands == MAX_COMMANDS)
		world_full("commands");
	c = &fuse_of(w)->commands[fuse_of(w)->nr_commands++];
	memset(c, 0, sizeof(*c));
	c->pub.actor = t;
	c->pub.cmd_op = op;
	c->pub.qid = qid;
	c->pub.ent = ent;
	c->pub.parks = op == CMD_REGISTER || op == CMD_COMMIT_AND_FETCH;
	return c;
}

/* On a ring that has not what it names, no client can get what is answered. */
static void name_buffer(struct actor *t, struct uring_sqe *sqe, uint32_t flags,
			uint16_t index)
{
	if (flags & URING_CMD_FIXED && !uring_has_buffer(server_ring(t), index))
		fs_is_not_asked(t->w);
	sqe->uring_cmd_flags = flags;
	sqe->buf_index = index;
}

/* nor on one that has no slot for the pages of the entry's next request */
static void needs_slot(struct actor *t, unsigned int index)
{
	if (fuse_of(t->w)->config.zero_copy && !uring_has_slot(server_ring(t), index))
		fs_is_not_asked(t->w);
}

/* The third one is there if there are several sizes of buffers, or it is sent anyhow. */
static void fill_iovecs(struct actor *t, const struct reg *r, struct uring_iovec *iov)
{
	struct queue_mem *q = queue_mem(t->w, r->qid);

	shim_user_stores(iov, IOVECS * sizeof(*iov));
	iov[0] = (struct uring_iovec){ r->headers, r->headers_len };
	iov[1] = (struct uring_iovec){ r->payload, r->payload_len };
	iov[2] = (struct uring_iovec){ q->classes, r->classes_len };
	if (!q->classes)
		return;
	shim_user_stores(q->classes, sizeof(r->classes));
	memcpy(q->classes, r->classes, sizeof(r->classes));
}

static void reg_sqe(struct actor *t, struct fuse_command *c)
{
	const struct reg *r = &c->reg;
	struct uring_sqe *sqe =
		ring_sqe(t, (struct command *)&c->pub, fuse_of(t->w)->dev_fd);
	struct abi_cmd_req *req = (void *)sqe->cmd;

	if (r->fd) {
		sqe->fd = r->fd;
		sqe->flags = 0;
	}
	sqe->flags |= r->sqe_flags;
	name_buffer(t, sqe, r->uring_cmd_flags, r->buf_index);
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
			fill_iovecs(t, r, iov);
		}
		sqe->addr = (uintptr_t)iov;
		sqe->len = r->iov_nr;
		if (r->flags & REGISTER_BUFRING) {
			req->init.queue_depth = r->queue_depth;
			req->init.buf_size = r->buf_size;
		}
		req->zero_copy_index = r->zero_copy_index;
		needs_slot(t, r->zero_copy_index);
	}
}

struct uring_sqe *commit_sqe(struct actor *t, struct fuse_command *c)
{
	const struct answer *a = &c->answer;
	struct uring_sqe *sqe =
		ring_sqe(t, (struct command *)&c->pub, fuse_of(t->w)->dev_fd);
	struct abi_cmd_req *req = (void *)sqe->cmd;

	sqe->flags |= a->sqe_flags;
	name_buffer(t, sqe, a->uring_cmd_flags, a->buf_index);
	needs_slot(t, zero_copy_slot(t->w, c->pub.qid, c->pub.ent));
	req->commit_id = a->commit_id;
	req->qid = (abi_u16)a->qid;
	return sqe;
}

void command_submit(struct actor *t, struct fuse_command *c)
{
	if (c->delivery)
		commit_sqe(t, c);
	else
		reg_sqe(t, c);
	ring_submit_one(t, (struct command *)&c->pub);
}
