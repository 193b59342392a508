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
#include "fuse/client/client_i.h"
#include "fuse/fs/fs_i.h"
#include "fuse/opcodes.h"
#include "shim/chance.h"
#include "shim/fault.h"

static unsigned char expected[FILE_SIZE];

/* ---- answers that are not the file system's ---- */

void fs_takes_anything(struct world *w)
{
	fuse_of(w)->otherwise = true;
}

void fs_is_not_asked(struct world *w)
{
	fs_takes_anything(w);
	world_disturbed(w, DISTURBED_ANSWER);
}

void fs_call_fails(struct world *w, uint32_t pid)
{
	struct fuse *f = fuse_of(w);

	for (unsigned int i = 0; i < f->nr_calls; i++) {
		struct call *c = &f->calls[i];

		if ((uint32_t)c->actor->task->pid == pid ||
		    (!pid && c->started && !c->done))
			c->otherwise = true;
	}
}

/* ---- what was sent ---- */

/* names and data, one after the other, as the server sees them behind the header */
static uint32_t gather(const struct call *c, unsigned char *to, uint32_t room)
{
	const struct fs_request *r = &c->req;
	uint32_t n = 0;

	for (unsigned int i = 1; i < r->in_nr && r->in_size[i] <= room - n; i++) {
		memcpy(to + n, r->in[i], r->in_size[i]);
		n += r->in_size[i];
	}
	if (!r->pages_in || r->pages_in_size > room - n)
		return n;
	call_data_sent(c, to + n);
	return n + r->pages_in_size;
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

		/* statx(2) and the like do not show all of it */
		bool seen = last || !c->actor->w->blind;

		if (n > reply->size - pos ||
		    (seen && memcmp(r->out[i], expected + pos, n) != 0))
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
		return c->error < 0 && (chances_taken() || fault_any_fired() ||
					len > fuse_of(c->actor->w)->max_payload);
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

static void ask_as_sent(const struct call *c, struct fs_ask *ask)
{
	static unsigned char sent[FILE_SIZE];

	const bool listed = c->actor->w->blind && c->opcode == OP_READDIRPLUS;

	/* getdents(2) does not show what READDIRPLUS brings besides */
	*ask = (struct fs_ask){ .opcode = listed ? OP_READDIR : c->opcode,
				.ino = c->req.nodeid,
				.op = c->in,
				.data = sent,
				.len = gather(c, sent, sizeof(sent)) };
}

/* What changes nothing is most often asked, and answered, by the last version. */
static bool fits_a_version(const struct call *c, const struct fs_ask *ask,
			   struct fs_reply *reply)
{
	unsigned int version = fuse_of(c->actor->w)->nr_writes;

	do {
		if (fits(c, ask, version, reply))
			return true;
	} while (version-- > c->since);
	return false;
}

/* By zero copy more may come than a payload has room for. */
static bool is_larger_than_payload(const struct call *c)
{
	const struct fuse *f = fuse_of(c->actor->w);

	return f->config.zero_copy && c->req.pages_out &&
	       c->req.pages_size > f->max_payload;
}

/* a test may send another header than the operation has */
static bool is_as_usual(const struct call *c)
{
	const struct shape *s = shape_of(c->opcode);

	return s && !is_larger_than_payload(c) && !c->otherwise &&
	       (!c->req.in_nr || c->req.in_size[0] == s->head);
}

void fs_check(const struct call *c)
{
	const struct world *w = c->actor->w;
	struct fs_ask ask;
	struct fs_reply reply;

	/* a booted kernel's replies are not seen byte by byte: sim/real makes them up */
	if (w->blind || fuse_of(w)->otherwise || !is_as_usual(c))
		return;
	ask_as_sent(c, &ask);
	if (!kernel_failed(c, ask.len) && !fits_a_version(c, &ask, &reply) &&
	    !registered_wrong(fuse_of(w)))
		differs(c, &reply);
}

bool call_has_data(const struct call *c)
{
	struct fs_ask ask;
	struct fs_reply reply;

	if (c->opcode == OP_READ || c->opcode == OP_WRITE)
		return call_has_file_data(c);
	if (!c->done || c->error || !shape_of(c->opcode))
		return false;
	ask_as_sent(c, &ask);
	return fits_a_version(c, &ask, &reply);
}
