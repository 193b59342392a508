// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel tells a server, looked at before it is followed: a thread that reads or
 * writes wherever a header says would die of the kernel's mistake, or change what is not
 * the server's. A server whose thread does not is answered -EIO, and goes on. And whether
 * it took a command that it has to refuse.
 */
#include "detect/report.h"
#include "fuse/fuse_i.h"

unsigned char *payload_in_pool(struct world *w, unsigned int qid, unsigned long offset)
{
	const struct queue_mem *q = queue_mem(w, qid);

	if (!q->pool || offset > q->pool_len ||
	    q->pool_len - offset < fuse_of(w)->max_payload)
		return NULL;
	return q->pool + offset;
}

static bool told_wrong(const struct world *w, const struct delivery *d, const char *what,
		       const char *words, unsigned long n)
{
	/* what it reads there may be half of one request and half of another */
	if (given_twice(fuse_of(w), d->qid, (uintptr_t)d->headers) ||
	    sizes_may_differ(fuse_of(w), d->qid))
		return false;
	report_about("told-wrong", what, NULL);
	report(REPORT_ACCOUNTING, NULL,
	       "queue %u: the server is told of %s %lu with entry %u, %s", d->qid, what,
	       n, d->ent, words);
	return false;
}

/*
 * A request for each page of a WRITE, and one more if it does not begin at a page. What
 * is sent in pieces has the size of one of them meanwhile.
 */
static bool calls_may_write_more(const struct fuse *f)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < f->nr_calls; i++) {
		if (f->calls[i].in_pieces)
			return true;
		n += f->calls[i].opcode == OP_WRITE ? f->calls[i].size / 4096 + 2 : 1;
	}
	return n > MAX_WRITES;
}

bool server_can_follow(const struct world *w, const struct delivery *d, const void *op_in,
		       uint32_t room)
{
	const struct abi_write_in *in = op_in;

	if (!opcode_has_payload(d->opcode))
		return true;
	if (!d->payload && pool_is_longer(fuse_of(w), d->qid,
					  (d->buf_id + 1ul) * fuse_of(w)->max_payload))
		return false;
	if (!d->payload)
		return told_wrong(w, d, "buffer", "which is not in its pool", d->buf_id);
	if (d->opcode == OP_WRITE && in->size > room)
		return told_wrong(w, d, "a write of bytes:",
				  "more than its payload has room for", in->size);
	/* data that the world has no room for is answered with ENOSPC */
	if (d->opcode == OP_WRITE && fuse_of(w)->nr_writes == MAX_WRITES &&
	    !calls_may_write_more(fuse_of(w)))
		return told_wrong(w, d, "one write too many, after",
				  "which is more than any scenario makes", MAX_WRITES);
	return true;
}

/* ---- commands that are to be refused ---- */

/* The command that registered the queue's pool; NULL: none is known, or not which. */
static const struct reg *registered_pool(const struct fuse *f, unsigned int qid)
{
	const struct reg *pool = NULL;

	for (unsigned int i = 0; i < f->nr_rewrites; i++)
		if (f->rewrites[i].ring_of)
			return NULL;
	for (unsigned int i = 0; i < f->nr_commands; i++) {
		const struct fuse_command *c = &f->commands[i];

		if (c->pub.cmd_op != CMD_ADD_BUFPOOL || c->reg.qid != qid ||
		    !c->pub.completed || c->pub.res)
			continue;
		if (pool)
			return NULL;
		pool = &c->reg;
	}
	return pool && (pool->uring_cmd_flags & URING_CMD_FIXED) ? pool : NULL;
}

/*
 * io_uring takes the buffer that a command names. The pool's addresses are looked up
 * there: a command that names another one, or none, cannot be taken.
 */
void check_index(const struct world *w, const struct submit *s)
{
	const struct fuse_command *c = (const struct fuse_command *)s;
	const bool commits = s->cmd_op == CMD_COMMIT_AND_FETCH;
	const unsigned int flags =
		commits ? c->answer.uring_cmd_flags : c->reg.uring_cmd_flags;
	const unsigned int index = commits ? c->answer.buf_index : c->reg.buf_index;
	const unsigned int qid = commits ? c->answer.qid : c->reg.qid;
	const struct reg *pool = registered_pool(fuse_of(w), qid);

	if (!pool || ((flags & URING_CMD_FIXED) && index == pool->buf_index))
		return;
	report_about("index-taken", commits ? "COMMIT_AND_FETCH" : "REGISTER", NULL);
	report(REPORT_ACCOUNTING, NULL,
	       "queue %u: a %s of entry %u names buffer %u of the ring's table%s and is "
	       "taken, though the pool is buffer %u",
	       qid, commits ? "COMMIT_AND_FETCH" : "REGISTER", s->ent, index,
	       flags & URING_CMD_FIXED ? "" : " without a flag", pool->buf_index);
}
