// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a client gets, compared with the file system: the bytes, sizes and errors of its
 * call have to be those of a version between the call's begin and its end, and what it
 * changed has to be there.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "fuse/client_i.h"
#include "fuse/fs_i.h"
#include "fuse/opcodes.h"
#include "shim/chance.h"

static unsigned char expected[FILE_SIZE];

/* ---- answers that are not the file system's ---- */

void fs_is_not_asked(struct world *w)
{
	fuse_of(w)->otherwise = true;
}

void fs_call_fails(struct world *w, uint32_t pid)
{
	struct fuse *f = fuse_of(w);

	for (unsigned int i = 0; i < f->nr_calls; i++)
		if ((uint32_t)f->calls[i].actor->task->pid == pid)
			f->calls[i].otherwise = true;
}

/* ---- what was sent ---- */

/* names and data, one after the other, as the server sees them behind the header */
static uint32_t gather(const struct call *c, unsigned char *to, uint32_t room)
{
	const struct fs_request *r = &c->req;
	uint32_t n = 0;

	for (unsigned int i = 1; i <= r->in_nr; i++) {
		const void *from = i < r->in_nr ? r->in[i] : r->pages;
		uint32_t size = i < r->in_nr  ? r->in_size[i]
				: r->pages_in ? r->pages_in_size
					      : 0;

		if (size > room - n)
			return n;
		memcpy(to + n, from, size);
		n += size;
	}
	return n;
}

/* ---- what came back ---- */

static bool same_outcome(const struct call *c, const struct fs_reply *reply)
{
	const struct fs_request *r = &c->req;
	uint32_t pos = 0;

	if (c->error || reply->error)
		return c->error == reply->error;
	for (unsigned int i = 0; i < r->out_nr; i++) {
		bool last = r->out_argvar && !r->pages_out && i == r->out_nr - 1;
		uint32_t n = last ? r->out_len : r->out_size[i];

		if (n > reply->size - pos || memcmp(r->out[i], expected + pos, n) != 0)
			return false;
		pos += n;
	}
	if (!r->pages_out)
		return pos == reply->size;
	return r->out_len == reply->size - pos &&
	       !memcmp(r->pages, expected + pos, r->out_len);
}

static bool same_change(const struct written *x, const struct written *y)
{
	return x->op == y->op && x->ino == y->ino && x->offset == y->offset &&
	       x->size == y->size && x->to_ino == y->to_ino &&
	       x->to_offset == y->to_offset && !strcmp(x->name, y->name) &&
	       !strcmp(x->to, y->to) && !x->data == !y->data &&
	       (!x->data || !memcmp(x->data, y->data, x->size));
}

/* The client has the reply that the file system gives at that version. */
static bool fits(const struct call *c, const struct fs_ask *ask, unsigned int version,
		 struct fs_reply *reply)
{
	const struct fuse *f = fuse_of(c->actor->w);
	struct written change;

	fs_reply(c->actor->w, version, ask, expected, f->max_payload, reply, &change);
	if (!same_outcome(c, reply))
		return false;
	return !change.op ||
	       (version < f->nr_writes && same_change(&change, &f->writes[version]));
}

/* ---- errors of the kernel ---- */

/*
 * The file system has not answered: the connection is gone, the client is to return, or
 * the request did not fit into what the server registered.
 */
static bool kernel_failed(const struct call *c, uint32_t len)
{
	switch (-c->error) {
	case EINTR:
	case ECONNABORTED:
	case ENOTCONN:
	case ENODEV:
	case ECONNREFUSED:
	case ECANCELED:
	case ETIMEDOUT:
	case ENOSPC:
		return true;
	default:
		return c->error < 0 &&
		       (chances_taken() || len > fuse_of(c->actor->w)->max_payload);
	}
}

static void differs(const struct call *c, const struct fs_reply *reply)
{
	const char *op = opcode_words(c->opcode);
	char is[64], instead[64];

	if (c->error)
		snprintf(is, sizeof(is), "error %d", c->error);
	else
		snprintf(is, sizeof(is), "%ld", c->ret);
	if (reply->error)
		snprintf(instead, sizeof(instead), "error %d", reply->error);
	else
		snprintf(instead, sizeof(instead), "%u bytes", reply->size);
	report_about("wrong-reply", "call", op);
	report(REPORT_ACCOUNTING, NULL,
	       "%s of inode %llu by %s got %s%s, which is not what the file system "
	       "answers: "
	       "%s",
	       op, (unsigned long long)c->req.nodeid, c->actor->name, is,
	       c->error ? "" : " and bytes", instead);
}

void fs_check(const struct call *c)
{
	static unsigned char sent[FILE_SIZE];
	const struct world *w = c->actor->w;
	const struct fuse *f = fuse_of(w);
	struct fs_ask ask = {
		.opcode = c->opcode, .ino = c->req.nodeid, .op = c->in, .data = sent
	};
	struct fs_reply reply;

	/* a booted kernel's files are not asked byte by byte: sim/real fills in results
	 */
	if (w->blind || f->otherwise || c->otherwise || !shape_of(c->opcode))
		return;
	ask.len = gather(c, sent, sizeof(sent));
	if (kernel_failed(c, ask.len))
		return;
	/* what changes nothing is most often asked, and answered, by the last version */
	for (unsigned int version = f->nr_writes + 1; version-- > c->since;)
		if (fits(c, &ask, version, &reply))
			return;
	differs(c, &reply);
}
