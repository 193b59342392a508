// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server's memory as another of its threads changes it, while the kernel reads it:
 * header slots, vectors and SQEs are rewritten, pages lose their protection, or others
 * are mapped in their place.
 */
#include <string.h>

#include "fuse/fuse_i.h"
#include "shim/user.h"

#define PAGE 4096ul

/*
 * A store of user mode. Every copy of the kernel's is a point, so a search can place this
 * one between any two of them; that they depend on each other is said.
 */
static void store(void *field, size_t size, uint64_t value, bool relative)
{
	uint64_t now = 0;

	sched_point(SCHED_TO_USER, field, SCHED_SITE("rewritten"));
	shim_user_changes(field, size);
	memcpy(&now, field, size);
	now = (relative ? now : 0) + value;
	memcpy(field, &now, size);
}

#define STORE(field, change) \
	store(&(field), sizeof(field), (uint64_t)(change)->value, (change)->relative)

static void rewrite_slot(const struct rewrite *r, const struct change *c)
{
	struct abi_headers *h = (void *)r->delivery->headers;

	switch (c->field) {
	case REWRITE_UNIQUE:
		STORE(h->out.unique, c);
		break;
	case REWRITE_ERROR:
		STORE(h->out.error, c);
		break;
	case REWRITE_OUT_LEN:
		STORE(h->out.len, c);
		break;
	case REWRITE_PAYLOAD_SIZE:
		STORE(h->ent.payload_sz, c);
		break;
	case REWRITE_PAYLOAD:
		if (r->delivery->payload)
			STORE(*(uint64_t *)r->delivery->payload, c);
		break;
	default:
		break;
	}
}

static void rewrite_sqe(struct uring_sqe *sqe, const struct change *c)
{
	struct abi_cmd_req *req = (void *)sqe->cmd;

	switch (c->field) {
	case REWRITE_QUEUE:
		STORE(req->qid, c);
		break;
	case REWRITE_COMMIT_ID:
		STORE(req->commit_id, c);
		break;
	case REWRITE_FLAGS:
		STORE(req->flags, c);
		break;
	case REWRITE_BUF_INDEX:
		STORE(sqe->buf_index, c);
		break;
	case REWRITE_ZERO_COPY_INDEX:
		STORE(req->zero_copy_index, c);
		break;
	case REWRITE_IOVECS:
		STORE(sqe->len, c);
		break;
	default:
		break;
	}
}

static void rewrite_iovecs(struct uring_iovec *iov, const struct change *c)
{
	switch (c->field) {
	case REWRITE_HEADERS_LEN:
		STORE(iov[0].len, c);
		break;
	case REWRITE_PAYLOAD_LEN:
		STORE(iov[1].len, c);
		break;
	default:
		break;
	}
}

static void job_rewrite(struct actor *t, void *arg)
{
	const struct rewrite *r = arg;
	struct uring_sqe *sqe;

	fs_is_not_asked(t->w);
	for (unsigned int i = 0; i < r->nr; i++) {
		const struct change *c = &r->changes[i];

		if (r->delivery) {
			if (r->delivery->arrived && !r->delivery->cqe_res)
				rewrite_slot(r, c);
		} else if (r->ring_of) {
			sqe = server_ring(r->ring_of)
				      ? uring_last_sqe(server_ring(r->ring_of))
				      : NULL;
			if (sqe)
				rewrite_sqe(sqe, c);
		} else {
			rewrite_iovecs(entry_mem(t->w, r->qid, r->ent)->iov, c);
		}
	}
}

void server_rewrites(struct actor *t, const struct rewrite *r)
{
	struct fuse *f = fuse_of(t->w);
	struct rewrite *copy;

	if (f->nr_rewrites == MAX_REWRITES)
		world_full("places that are rewritten");
	copy = &f->rewrites[f->nr_rewrites++];
	*copy = *r;
	shim_user_watch();
	actor_steps(t, STEP_REWRITE, job_rewrite, copy);
}

/* ---- pages ---- */

static void *page_of(const struct page_change *p)
{
	const struct delivery *d = p->delivery;

	if (!d->arrived || d->cqe_res)
		return NULL;
	return p->payload ? d->payload : d->headers;
}

static void job_change_page(struct actor *t, void *arg)
{
	const struct page_change *p = arg;
	void *addr = page_of(p);

	if (!addr)
		return;
	fs_is_not_asked(t->w);
	sched_point(SCHED_TO_USER, addr, SCHED_SITE("mapped"));
	if (p->how == PAGE_READ_ONLY)
		shim_mprotect(t->w->server_mm, addr, 1, SHIM_PROT_READ);
	else
		shim_mremap_fresh(t->w->server_mm, addr);
}

void server_changes_page(struct actor *t, const struct page_change *p)
{
	struct fuse *f = fuse_of(t->w);
	struct page_change *copy;

	if (f->nr_page_changes == MAX_REWRITES)
		world_full("pages that are changed");
	copy = &f->page_changes[f->nr_page_changes++];
	*copy = *p;
	shim_user_watch();
	actor_steps(t, STEP_PAGE, job_change_page, copy);
}
