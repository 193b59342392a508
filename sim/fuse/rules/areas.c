// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule about user memory: an entry's header slot and buffer, and a queue's pool of
 * buffers, are in what the server registered. Which of them it gave to two is noted.
 */
#include "fuse/rules/invariants.h"

static bool inside(uintptr_t p, size_t len, uintptr_t area, size_t area_len)
{
	return p >= area && len <= area_len && p - area <= area_len - len;
}

/*
 * A thread of the server writes over an SQE, also its queue, or over what that points to:
 * nobody knows what the kernel read.
 */
static bool may_be_rewritten(const struct fuse *f)
{
	for (unsigned int i = 0; i < f->nr_rewrites; i++)
		if (!f->rewrites[i].delivery)
			return true;
	return false;
}

/* Did the server register that memory for this queue with any command? */
static bool given(unsigned int qid, uintptr_t p, size_t len, bool headers)
{
	const struct fuse *f = seen_fuse();

	for (unsigned int i = 0; i < f->nr_commands; i++) {
		const struct reg *r = &f->commands[i].reg;

		if (!r->cmd_op || r->qid != qid)
			continue;
		if (r->iov) /* whatever the test has put there */
			return true;
		if (headers ? inside(p, len, (uintptr_t)r->headers, r->headers_len)
			    : inside(p, len, (uintptr_t)r->payload, r->payload_len) ||
				      inside(p, len, r->pool_addr, r->pool_len))
			return true;
	}
	return may_be_rewritten(f);
}

bool is_given_twofold(const void *p, size_t len)
{
	const struct fuse *f = seen_fuse();
	bool header = false, payload = false;

	for (unsigned int i = 0; i < f->nr_commands; i++) {
		const struct reg *r = &f->commands[i].reg;

		if (!r->cmd_op || !f->commands[i].pub.issued || r->iov)
			continue;
		header |=
			inside((uintptr_t)p, len, (uintptr_t)r->headers, r->headers_len);
		payload |= inside((uintptr_t)p, len, (uintptr_t)r->payload,
				  r->payload_len) ||
			   inside((uintptr_t)p, len, r->pool_addr, r->pool_len);
	}
	return header && payload;
}

/* What one of the two says, the other one overwrites, whichever of them leaves first. */
static void note_shared(struct ent_seen *s)
{
	for (unsigned int qid = 0; qid < seen_fuse()->config.cpus; qid++) {
		struct queue_seen *q = queue_seen_nr(qid);

		for (unsigned int i = 0; i < q->nr_ents; i++) {
			struct ent_seen *other = &q->ents[i];

			/* one that is on no list at this moment may come back */
			if (other == s || ent_has_left(other->list) ||
			    other->headers != s->headers)
				continue;
			s->shared = other->shared = true;
		}
	}
}

static void check_area(struct queue_seen *q, const struct ent_view *e)
{
	struct ent_seen *s = ent_seen(q, e->addr);

	if (!s)
		return;
	if (e->headers != s->headers) {
		if (!given(q->qid, e->headers, sizeof(struct abi_headers), true))
			broken(q, INV_AREA, "header slot", s->name,
			       "the header slot of entry %u is not in what the server "
			       "registered",
			       s->name);
		s->headers = e->headers;
		note_shared(s);
	}
	if (e->payload && e->payload != s->payload) {
		if (!given(q->qid, e->payload, e->payload_len, false))
			broken(q, INV_AREA, "buffer", s->name,
			       "buffer %u of entry %u is not in what the server "
			       "registered",
			       e->buf_id, s->name);
		s->payload = e->payload;
	}
}

/* Which of its buffers lie behind the end is seen before any request uses one. */
static void check_pool(struct queue_seen *q, const struct queue_view *v)
{
	size_t len = v->pool_len;

	if (!v->nbufs || (q->pool == v->pool_base && q->pool_len == len))
		return;
	q->pool = v->pool_base;
	q->pool_len = len;
	if (!given(q->qid, v->pool_base, len, false))
		broken(q, INV_AREA, "pool", 0,
		       "a pool of %u buffers, %zu bytes, is not in what the server "
		       "registered",
		       v->nbufs, len);
}

void check_areas(struct queue_seen *q, const struct queue_view *v)
{
	check_pool(q, v);
	for (unsigned int i = 0; i < v->nr_ents; i++)
		if (!ent_has_left(v->ents[i].list))
			check_area(q, &v->ents[i]);
}
