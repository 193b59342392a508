// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completion: from a result to a CQE to a freed request [io_uring/io_uring.c,
 * uring_cmd.c]. Kind: model. Rules 2.1 to 2.6.
 */
#include "detect/race.h"
#include "model.h"

/* ---- what a driver hands back ---- */

/* also of a freed one, which AddressSanitizer would not let us look at */
__attribute__((noinline, no_sanitize("address"))) static unsigned int
magic_of(const struct shim_uring_req *req)
{
	return *(const volatile unsigned int *)&req->magic;
}

/*
 * The request behind a command. Its memory is the simulated heap's and is
 * poisoned when it is freed (7.3): a driver that kept the pointer is told here,
 * before anything is believed that stands there.
 */
struct shim_uring_req *uring_req(struct shim_uring_cmd *cmd, const char *what,
				 const struct sched_site *site)
{
	struct shim_uring_req *req = (struct shim_uring_req *)cmd;

	if (__builtin_expect(magic_of(req) != URING_REQ_LIVE, 0))
		report_fatal(REPORT_HEAP, site,
			     "use after free: %s() of a command that is gone", what);
	uring_check(req->ctx, site);
	return req;
}

/* [__io_uring_cmd_done] */
void shim_uring_cmd_done(struct shim_uring_cmd *cmd, int ret, unsigned int issue_flags,
			 const struct sched_site *site)
{
	struct shim_uring_req *req;
	struct shim_uring *ring;

	sched_point(SCHED_COMPLETE, cmd, site);
	req = uring_req(cmd, "io_uring_cmd_done", site);
	ring = req->ctx;
	if (req->done)
		report_fatal(
			REPORT_ACCOUNTING, site,
			"a command completes twice: io_uring_cmd_done() with %d after %d",
			ret, req->result);
	req->done = 1;
	uring_del_cancelable(req, issue_flags, site);
	req->result = ret;
	if (ret < 0)
		req->failed = 1;
	if (!(issue_flags & SHIM_URING_F_UNLOCKED))
		cmd->sqe = NULL; /* [io_req_uring_cleanup] */
	if (issue_flags & SHIM_URING_F_COMPLETE_DEFER) {
		if (issue_flags & SHIM_URING_F_UNLOCKED) {
			shim_warn(site, "io_uring_cmd_done: COMPLETE_DEFER and UNLOCKED");
			return;
		}
		shim_lockdep_assert(&ring->lock, 1, site);
		uring_complete_defer(req);
		return;
	}
	uring_tw_add(req, uring_tw_complete, 0, site);
	/* from here on the command may be gone (2.3) */
	sched_point(SCHED_COMPLETE, ring, site);
}

/* ---- the deferred list ---- */

/* [io_req_complete_defer] */
void uring_complete_defer(struct shim_uring_req *req)
{
	struct shim_uring_fifo *q = &req->ctx->deferred;

	if (req->deferred)
		report_fatal(REPORT_ACCOUNTING, SCHED_SITE("io_req_complete_defer"),
			     "a command is completed while its completion waits for the "
			     "flush");
	req->deferred = 1;
	req->done = 1;
	req->list_next = NULL;
	*(q->last ? &q->last->list_next : &q->first) = req;
	q->last = req;
	uring_kick_exit();
}

/* [io_req_defer_failed] */
void uring_fail_defer(struct shim_uring_req *req, int res)
{
	req->failed = 1;
	req->result = res;
	uring_complete_defer(req);
}

/* ---- CQEs ---- */

/* [io_cqring_add_overflow]: a CQE for which there is no memory is lost (2.6) */
static void overflow(struct shim_uring *ring, const struct uring_cqe *cqe)
{
	struct uring_overflow *o =
		shim_kmalloc(sizeof(*o), SHIM_GFP_ATOMIC, SCHED_SITE("io_overflow_cqe"));

	sched_touch(ring->shared, true);
	if (!o) {
		ring->dropped = 1;
		return;
	}
	o->next = NULL;
	o->cqe = *cqe;
	*(ring->overflow_last ? &ring->overflow_last->next : &ring->overflow_first) = o;
	ring->overflow_last = o;
}

/* [io_get_cqe]: there is no overtaking of what has overflown */
static int fill(struct shim_uring *ring, const struct uring_cqe *cqe, int from_overflow)
{
	if (!from_overflow && ring->overflow_first)
		return 0;
	if (ring->cached_cq_tail - ring->shared->cq_head >= ring->cq_entries)
		return 0;
	ring->cqes[ring->cached_cq_tail++ & (ring->cq_entries - 1)] = *cqe;
	return 1;
}

/* Return: false: there is no room, and @overflows does not say that it may be kept */
static int fill_req(const struct shim_uring_req *req, int overflows)
{
	const struct uring_cqe cqe = { .user_data = req->user_data, .res = req->result };

	if (!fill(req->ctx, &cqe, 0)) {
		if (!overflows)
			return 0;
		overflow(req->ctx, &cqe);
	}
	sched_trace(SCHED_COMPLETE, req, req->result, SCHED_SITE("cqe"));
	return 1;
}

/* [io_commit_cqring]: from here on the user sees them (2.5) */
static void publish(struct shim_uring *ring)
{
	uring_publish(ring->shared);
	ring->shared->cq_tail = ring->cached_cq_tail;
	uring_cq_wake(ring);
}

/* [__io_cqring_overflow_flush] */
void uring_overflow_flush(struct shim_uring *ring, int dying)
{
	struct uring_overflow *o;

	while ((o = ring->overflow_first)) {
		if (!dying && !fill(ring, &o->cqe, 1))
			break;
		ring->overflow_first = o->next;
		if (!o->next)
			ring->overflow_last = NULL;
		shim_kfree(o, SCHED_SITE("io_overflow_cqe"));
	}
	publish(ring);
}

const struct uring_cqe *uring_peek_cqe(struct shim_uring *ring)
{
	if (!uring_cq_pending(ring))
		return NULL;
	uring_consume(ring->shared);
	return &ring->cqes[ring->shared->cq_head & (ring->cq_entries - 1)];
}

void uring_seen_cqe(struct shim_uring *ring)
{
	sched_touch(ring->shared, true); /* there is room for one more */
	ring->shared->cq_head++;
}

/* ---- freeing ---- */

/* what the kernel would leave dangling when the memory goes */
static void check_unlinked(const struct shim_uring_req *req)
{
	if (req->hashed)
		report_fatal(REPORT_HEAP, SCHED_SITE("io_kiocb"),
			     "a command is freed on the list of cancelable commands");
	if (req->tw_queued)
		report_fatal(REPORT_HEAP, SCHED_SITE("io_kiocb"),
			     "a command is freed while its task work is queued");
}

/* [req_ref_put_and_test]: what was done before the others were put is seen after the last
 */
int uring_put_ref(struct shim_uring_req *req)
{
	race_release(&req->refs);
	if (--req->refs)
		return 0;
	race_acquire(&req->refs);
	return 1;
}

/* [io_free_batch_list], one request; L is held */
void uring_put_req(struct shim_uring_req *req)
{
	struct shim_uring *ring = req->ctx;

	if (req->refs && !uring_put_ref(req)) {
		req->deferred = 0;
		return;
	}
	check_unlinked(req);
	if (req->link)
		uring_chain_queue_next(req);
	if (req->file_node)
		uring_put_file_node(req->file_node);
	else if (req->cmd.file)
		shim_fput(req->cmd.file);
	if (req->buf_node)
		uring_put_buf(req->buf_node);
	shim_kfree(req->sqe_copy, SCHED_SITE("io_async_cmd"));
	req->tctx->inflight--;
	if (req->tracked)
		req->tctx->tracked--;
	sched_touch(req, true);
	req->magic = URING_REQ_DEAD;
	shim_kfree(req, SCHED_SITE("io_kiocb"));
	ring->nr_reqs--;
	uring_event(ring);
	uring_kick_exit();
}

/*
 * [__io_submit_flush_completions]: post them in order, publish the tail, then
 * free; L is held all along (2.2)
 */
void uring_flush(struct shim_uring *ring)
{
	struct shim_uring_req *req, *next;

	if (!ring->deferred.first)
		return;
	for (req = ring->deferred.first; req; req = req->list_next)
		if (!req->skip_cqe)
			fill_req(req, 1);
	publish(ring);
	req = ring->deferred.first;
	ring->deferred.first = ring->deferred.last = NULL;
	for (; req; req = next) {
		next = req->list_next;
		uring_put_req(req);
	}
}

/*
 * [io_req_complete_post]: a worker of io-wq has a result. It posts the CQE itself,
 * under completion_lock only; on a DEFER_TASKRUN ring the submitter does (1.6).
 */
void uring_post_now(struct shim_uring_req *req)
{
	struct shim_uring *ring = req->ctx;

	req->done = 1;
	if (ring->flags & URING_SETUP_DEFER_TASKRUN) {
		uring_tw_add(req, uring_tw_complete, 0,
			     SCHED_SITE("io_req_complete_post"));
		return;
	}
	sched_point(SCHED_COMPLETE, req, SCHED_SITE("io_req_complete_post"));
	sched_touch(ring->shared, true);
	if (!fill_req(req, 0)) {
		/* no room: the submitter posts it, or keeps it */
		uring_tw_add(req, uring_tw_complete, 0,
			     SCHED_SITE("io_req_complete_post"));
		return;
	}
	publish(ring);
	req->refs--; /* the worker's is left */
}
