// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a server registered as no server should: the same memory for several entries, or
 * an entry that is not what its fields say. No kernel can tell: what becomes of the
 * requests that such entries get is the server's own affair.
 */
#include <errno.h>

#include "fuse/fuse_i.h"

/*
 * The server registered the same slot more than once, which a kernel need not see. With a
 * ring of buffers it registers all slots with each entry, and names one of them.
 */
bool given_twice(const struct fuse *f, unsigned int qid, uintptr_t slot)
{
	unsigned int n = 0;

	if (f->config.payload == PAYLOAD_BUFRING)
		return false;
	for (unsigned int i = 0; i < f->nr_commands; i++) {
		const struct reg *r = &f->commands[i].reg;

		/* a shorter one is taken if another thread has written its vector anew */
		size_t len = r->headers_len < sizeof(struct abi_headers)
				     ? sizeof(struct abi_headers)
				     : r->headers_len;

		n += r->cmd_op == CMD_REGISTER && r->qid == qid &&
		     f->commands[i].pub.issued &&
		     (r->iov || slot - (uintptr_t)r->headers < len);
	}
	return n > 1;
}

static bool fills_iovecs(const struct fuse_command *c, unsigned int qid)
{
	return c->pub.issued && c->reg.cmd_op == CMD_REGISTER && c->reg.qid == qid &&
	       !c->reg.iov;
}

bool shares_iovecs(const struct fuse *f, unsigned int qid)
{
	for (unsigned int i = 0; i < f->nr_commands; i++)
		for (unsigned int j = 0; j < i && fills_iovecs(&f->commands[i], qid); j++)
			if (fills_iovecs(&f->commands[j], qid) &&
			    f->commands[i].reg.ent == f->commands[j].reg.ent &&
			    f->commands[i].reg.headers != f->commands[j].reg.headers)
				return true;
	return false;
}

/* it never became an entry: the other errors are those of an entry that goes */
static bool is_refused(const struct submit *s)
{
	return s->completed && s->res < 0 && s->res != -ENOTCONN &&
	       s->res != -ECONNABORTED && s->res != -ECANCELED && s->res != -EINTR;
}

/* the commands of a queue that may have made its ring of buffers: one is enough */
static bool may_make_bufring(const struct fuse_command *c, unsigned int qid)
{
	return c->pub.issued && c->reg.cmd_op == CMD_REGISTER && c->reg.qid == qid &&
	       c->reg.flags & REGISTER_BUFRING;
}

bool looks_elsewhere(const struct fuse *f, unsigned int qid)
{
	if (f->config.payload != PAYLOAD_BUFRING)
		return false;
	for (unsigned int i = 0; i < f->nr_commands; i++)
		if (may_make_bufring(&f->commands[i], qid) &&
		    !is_refused(&f->commands[i].pub) &&
		    f->commands[i].reg.buf_index != f->commands[i].reg.ent)
			return true;
	for (unsigned int i = 0; i < f->nr_rewrites; i++)
		if (f->rewrites[i].ring_of)
			return true;
	return false;
}

bool slot_is_overwritten(const struct fuse *f, unsigned int qid)
{
	for (unsigned int i = 0; i < f->nr_rewrites; i++)
		if (f->rewrites[i].delivery && f->rewrites[i].delivery->arrived &&
		    f->rewrites[i].delivery->qid == qid)
			return true;
	for (unsigned int i = 0; i < f->nr_page_changes; i++)
		if (!f->page_changes[i].payload && f->page_changes[i].how == PAGE_FRESH &&
		    f->page_changes[i].delivery->arrived &&
		    f->page_changes[i].delivery->qid == qid)
			return true;
	return false;
}

bool pool_is_longer(const struct fuse *f, unsigned int qid, unsigned long end)
{
	const struct queue_mem *q = &f->queues[qid < MAX_QUEUES ? qid : MAX_QUEUES];

	for (unsigned int i = 0; i < f->nr_commands; i++) {
		const struct fuse_command *c = &f->commands[i];
		unsigned long len = c->pub.cmd_op == CMD_ADD_BUFPOOL ? c->reg.pool_len
				    : may_make_bufring(c, qid)	     ? c->reg.payload_len
								     : 0;

		if (c->reg.qid == qid && c->pub.issued && len > q->pool_len && end <= len)
			return true;
	}
	for (unsigned int i = 0; i < f->nr_rewrites; i++)
		if (!f->rewrites[i].delivery)
			return true;
	return false;
}

/* ... of other sizes, or shared in another way */
static bool sizes_differ(const struct fuse *f, const struct reg *r)
{
	uint64_t shared = f->config.inc ? REGISTER_INC : 0;

	if ((r->flags & REGISTER_INC) != shared)
		return true;
	if (f->config.classes == 1)
		return r->iov_nr != 2;
	if (r->iov_nr != 3 || r->classes_len != f->config.classes * sizeof(r->classes[0]))
		return true;
	for (unsigned int i = 0; i < f->config.classes; i++)
		if (r->classes[i].size != class_size(f, i) ||
		    r->classes[i].number != f->config.buffers)
			return true;
	return false;
}

bool sizes_may_differ(const struct fuse *f, unsigned int qid)
{
	for (unsigned int i = 0; i < f->nr_commands; i++)
		if (may_make_bufring(&f->commands[i], qid) &&
		    sizes_differ(f, &f->commands[i].reg))
			return true;
	return false;
}

/* ... which has other memory than the server's ring of buffers, or other sizes */
static bool may_make_another(const struct fuse *f, const struct fuse_command *c)
{
	const struct reg *r = &c->reg;
	const struct queue_mem *q = &f->queues[r->qid < MAX_QUEUES ? r->qid : MAX_QUEUES];

	return may_make_bufring(c, r->qid) &&
	       (r->iov || r->headers != q->headers || r->payload != q->pool ||
		r->payload_len != q->pool_len || r->queue_depth != f->config.entries ||
		r->buf_size != f->max_payload || sizes_differ(f, r));
}

/* of a queue, the entries for which commands were taken, a bit each */
static bool is_seen(uint16_t *seen, const struct reg *r)
{
	unsigned int qid = r->qid < MAX_QUEUES ? r->qid : MAX_QUEUES;
	uint16_t bit = (uint16_t)(1u << (r->ent % MAX_ENTS));

	if (seen[qid] & bit)
		return true;
	seen[qid] |= bit;
	return false;
}

bool registered_wrong(const struct fuse *f)
{
	uint16_t seen[MAX_QUEUES + 1] = { 0 };

	for (unsigned int i = 0; i < f->nr_commands; i++) {
		const struct fuse_command *c = &f->commands[i];

		if (!c->pub.issued)
			continue;
		/* it stays, even if the entry is refused that it was made for */
		if (c->raw && may_make_another(f, c))
			return true;
		if (is_refused(&c->pub))
			continue;
		if (c->raw)
			return true;
		/* there is no buffer of the ring's table for more, either */
		if (c->pub.cmd_op == CMD_REGISTER &&
		    (c->reg.ent >= f->config.entries || is_seen(seen, &c->reg)))
			return true;
	}
	return false;
}
