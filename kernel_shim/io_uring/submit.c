// SPDX-License-Identifier: GPL-2.0-only
/*
 * Submission: from an SQE in user memory to the driver [io_uring/io_uring.c,
 * uring_cmd.c]. Kind: model. Rules 1.1 to 1.5.
 */
#include <string.h>

#include "model.h"
#include "shim/user.h"

/* SQE flags that are not modelled: drain, hard links, buffers, silence */
#define SQE_FLAGS_UNMODELLED 0x6au
#define SQE_FLAGS_VALID	     0x7fu
#define CMD_FLAGS_VALID	     3u /* FIXED, MULTISHOT */

struct uring_sqe *uring_get_sqe(struct shim_uring *ring)
{
	struct uring_sqe *sqe;

	if (ring->user_sq_tail - ring->shared->sq_head >= ring->sq_entries)
		return NULL;
	sqe = &ring->sqes[ring->user_sq_tail & (ring->sq_entries - 1)];
	memset(sqe, 0, sizeof(*sqe));
	++ring->user_sq_tail;
	if (!(ring->flags & URING_SETUP_SQPOLL))
		ring->shared->sq_tail = ring->user_sq_tail;
	return sqe;
}

unsigned int uring_sq_left(const struct shim_uring *ring)
{
	return ring->user_sq_tail - ring->shared->sq_head;
}

struct uring_sqe *uring_last_sqe(struct shim_uring *ring)
{
	if (!ring->user_sq_tail)
		return NULL;
	return &ring->sqes[(ring->user_sq_tail - 1) & (ring->sq_entries - 1)];
}

/* ---- issue ---- */

/*
 * [io_uring_cmd] without the LSM hook (allows). A command of a 128-byte ring is
 * told so; a cancel is not (4.2).
 */
int uring_call_driver(struct shim_uring_req *req, unsigned int issue_flags)
{
	const struct shim_file_ops *ops = shim_file_ops(req->cmd.file);

	if (!ops->uring_cmd)
		return -EOPNOTSUPP;
	return ops->uring_cmd(&req->cmd, issue_flags);
}

static void report_done_and_returned(struct shim_uring_req *req, int ret)
{
	if (req->done)
		report_fatal(REPORT_ACCOUNTING, SCHED_SITE("->uring_cmd()"),
			     "a command completes twice: io_uring_cmd_done() with %d, "
			     "and the handler returned %d",
			     req->result, ret);
}

/* [io_fixup_restart_res] */
static int fixup(int ret)
{
	return ret == -512 || ret == -513 || ret == -514 || ret == -516 ? -EINTR : ret;
}

/* [uring_sqe_size] */
static int is_large(const struct shim_uring_req *req)
{
	return req->ctx->flags & URING_SETUP_SQE128 ||
	       req->opcode == URING_OP_URING_CMD128;
}

/* Return: 0 when there is a result in @req; -EIOCBQUEUED, -EAGAIN or an error */
static int issue_cmd(struct shim_uring_req *req, unsigned int issue_flags)
{
	int ret;

	if (is_large(req))
		issue_flags |= SHIM_URING_F_SQE128;
	ret = uring_call_driver(req, issue_flags);
	if (ret == -URING_EIOCBQUEUED)
		return ret;
	report_done_and_returned(req, ret);
	if (ret == -EAGAIN) {
		req->cmd.flags |= URING_CMD_REISSUE;
		return ret;
	}
	req->result = ret;
	return 0;
}

/* [io_file_get_normal]: NULL: there is none. One that is an io_uring is tracked (4.3d) */
void uring_get_file(struct shim_uring_req *req, unsigned int issue_flags)
{
	if (req->cmd.file)
		return;
	if (req->fixed) {
		req->cmd.file = uring_fixed_file(req, issue_flags);
		return;
	}
	req->cmd.file = shim_fget(req->fd);
	if (!req->cmd.file || !uring_is_file(req->cmd.file))
		return;
	req->tracked = 1;
	req->tctx->tracked++;
}

/*
 * [io_issue_sqe]: look the file up, call the handler, complete what is complete.
 * Return: 0 when nothing is left to do here, else the error to complete with.
 */
int uring_issue(struct shim_uring_req *req, unsigned int issue_flags)
{
	int ret = 0;

	sched_point(SCHED_SUBMIT, req, SCHED_SITE("sqe"));
	if (req->cmd.sqe)
		shim_user_read(req->cmd.sqe, 64);
	if (req->opcode == URING_OP_NOP) {
		req->result = 0;
	} else if (!uring_is_cmd(req)) {
		if (uring_issue_op(req, issue_flags))
			return 0;
	} else {
		uring_get_file(req, issue_flags);
		if (!req->cmd.file)
			return -EBADF;
		ret = issue_cmd(req, issue_flags);
		if (ret == -URING_EIOCBQUEUED)
			return 0;
		if (ret)
			return fixup(ret);
	}
	req->result = fixup(req->result);
	if (req->result < 0)
		req->failed = 1;
	if (issue_flags & SHIM_URING_F_COMPLETE_DEFER)
		uring_complete_defer(req);
	else
		uring_post_now(req);
	return 0;
}

/* [io_uring_cmd_sqe_copy]: from here on cmd->sqe is stable (1.4) */
void uring_copy_sqe(struct shim_uring_req *req)
{
	size_t size = is_large(req) ? 128 : 64;

	if (!uring_is_cmd(req) || req->sqe_copy)
		return;
	req->sqe_copy = shim_kmalloc(size, SHIM_GFP_NOFAIL, SCHED_SITE("io_async_cmd"));
	memcpy(req->sqe_copy, req->cmd.sqe, size);
	req->cmd.sqe = req->sqe_copy;
}

void shim_uring_copy_sqe(struct shim_uring_cmd *cmd)
{
	uring_copy_sqe(
		uring_req(cmd, "io_uring_cmd_prep_setup", SCHED_SITE("io_async_cmd")));
}

/*
 * [io_queue_sqe, io_queue_async]: a command is not armed for poll, whatever its file can
 * do, because URING_CMD names no event to wait for [io_issue_defs, io_arm_poll_handler]
 */
void uring_queue_sqe(struct shim_uring_req *req, unsigned int issue_flags)
{
	int ret;

	if (req->async) {
		uring_copy_sqe(req);
		uring_iowq_enqueue(req);
		return;
	}
	ret = uring_issue(req, SHIM_URING_F_NONBLOCK | SHIM_URING_F_COMPLETE_DEFER |
				       issue_flags);
	if (!ret)
		return;
	if (ret == -EAGAIN) {
		uring_copy_sqe(req);
		uring_iowq_enqueue(req);
	} else {
		uring_fail_defer(req, ret);
	}
}

/* ---- prep ---- */

/* [io_uring_cmd_prep]: each field is read once, here (1.4) */
static int prep_cmd(struct shim_uring_req *req, const volatile struct uring_sqe *sqe)
{
	if (sqe->pad1)
		return -EINVAL;
	req->cmd.flags = sqe->uring_cmd_flags;
	if (req->cmd.flags & ~CMD_FLAGS_VALID)
		return -EINVAL;
	if (req->cmd.flags & ~URING_CMD_FIXED) /* multishot without buffer select */
		return -EINVAL;
	if (req->cmd.flags & URING_CMD_FIXED)
		req->buf_index = sqe->buf_index;
	if (req->cmd.flags & URING_CMD_FIXED)
		hook_fetch((const void *)&sqe->buf_index, sizeof(sqe->buf_index),
			   SCHED_SITE("sqe->buf_index"));
	req->cmd.cmd_op = sqe->cmd_op;
	hook_fetch((const void *)&sqe->cmd_op, sizeof(sqe->cmd_op),
		   SCHED_SITE("sqe->cmd_op"));
	hook_fetch((const void *)&sqe->uring_cmd_flags, sizeof(sqe->uring_cmd_flags),
		   SCHED_SITE("sqe->uring_cmd_flags"));
	req->cmd.sqe = (const void *)sqe;
	return 0;
}

/* [io_init_req] */
static int prep(struct shim_uring_req *req, const volatile struct uring_sqe *sqe)
{
	unsigned char flags = sqe->flags;

	shim_user_read((const void *)sqe, sizeof(*sqe));

	req->opcode = sqe->opcode;
	req->user_data = sqe->user_data;
	req->links = !!(flags & URING_SQE_IO_LINK);
	req->fixed = !!(flags & URING_SQE_FIXED_FILE);
	if (flags & ~SQE_FLAGS_VALID)
		return -EINVAL;
	if (flags & SQE_FLAGS_UNMODELLED)
		shim_unmodelled("IOSQE_IO_DRAIN, _HARDLINK, _BUFFER_SELECT or _CQE_SKIP",
				SCHED_SITE("sqe->flags"));
	if (sqe->personality)
		shim_unmodelled("sqe->personality", SCHED_SITE("sqe->personality"));
	if (sqe->ioprio)
		return -EINVAL;
	req->async = !!(flags & URING_SQE_ASYNC);
	req->fd = sqe->fd;
	switch (req->opcode) {
	case URING_OP_NOP:
		return 0;
	case URING_OP_URING_CMD128:
		if (!(req->ctx->flags & (URING_SETUP_SQE128 | URING_SETUP_SQE_MIXED)))
			return -EINVAL;
		return prep_cmd(req, sqe);
	case URING_OP_URING_CMD:
		return prep_cmd(req, sqe);
	case URING_OP_READ_FIXED:
	case URING_OP_WRITE_FIXED:
	case URING_OP_POLL_ADD:
		return uring_prep_op(req, sqe);
	}
	shim_unmodelled("an io_uring opcode that no server uses",
			SCHED_SITE("sqe->opcode"));
}

/*
 * Like the kernel's request caches this never fails the batch: what the driver
 * allocates is what fault injection is about.
 */
static struct shim_uring_req *new_req(struct shim_uring *ring, struct io_uring_task *tctx)
{
	struct shim_uring_req *req =
		shim_kmalloc(sizeof(*req), SHIM_GFP_NOFAIL, SCHED_SITE("io_kiocb"));

	/* pdu keeps its 0xa5: a recycled request has the last user's */
	req->cmd.file = NULL;
	req->cmd.sqe = NULL;
	req->cmd.cmd_op = 0;
	req->cmd.flags = 0;
	req->magic = URING_REQ_LIVE;
	req->ctx = ring;
	req->tctx = tctx;
	req->result = 0;
	req->buf_index = 0;
	req->refs = 0;
	req->done = req->hashed = req->deferred = 0;
	req->tw_queued = req->skip_cqe = req->wq_cancel = req->async = 0;
	req->tracked = 0;
	req->fixed = req->links = req->failed = req->direct = 0;
	req->cancel_seq = 0;
	req->file_node = NULL;
	req->link = NULL;
	req->poll_next = NULL;
	req->buf_node = NULL;
	req->sqe_copy = NULL;
	tctx->inflight++;
	ring->nr_reqs++;
	return req;
}

/* [io_submit_sqe]. Return: an error when the SQE failed at prep */
static int submit_one(struct shim_uring *ring, struct io_uring_task *tctx,
		      const struct uring_sqe *sqe)
{
	struct shim_uring_req *req = new_req(ring, tctx);
	int err;

	hook_fetch_begins();
	err = prep(req, sqe);

	if (err) {
		req->result = err;
		return uring_chain_failed(ring, req) ? 0 : err;
	}
	if (!uring_chain_add(ring, req))
		uring_queue_sqe(req, SHIM_URING_F_INLINE);
	return 0;
}

/* [io_submit_sqes]: L is held all along; an SQE that fails at prep ends the batch */
unsigned int uring_submit_batch(struct shim_uring *ring, struct io_uring_task *tctx,
				unsigned int nr)
{
	uint32_t there = ring->shared->sq_tail - ring->cached_sq_head;
	unsigned int done = 0;

	if (there > ring->sq_entries)
		there = ring->sq_entries;
	if (nr > there)
		nr = there;
	while (done < nr) {
		uint32_t slot = ring->cached_sq_head++ & (ring->sq_entries - 1);

		done++;
		if (submit_one(ring, tctx, &ring->sqes[slot]) &&
		    !(ring->flags & URING_SETUP_SUBMIT_ALL))
			break;
	}
	uring_chain_end(ring);
	uring_flush(ring);
	ring->shared->sq_head = ring->cached_sq_head;
	return done;
}

/* ---- the system call ---- */

static int submit(struct shim_uring *ring, unsigned int to_submit,
		  unsigned int min_complete, unsigned int flags)
{
	unsigned int done;

	if (ring->submitter && ring->submitter != shim_current())
		return -EEXIST;
	URING_LOCK(ring);
	done = uring_submit_batch(ring, uring_tctx_get(ring), to_submit);
	if (done == to_submit && (flags & URING_ENTER_GETEVENTS) &&
	    (ring->flags & URING_SETUP_DEFER_TASKRUN))
		uring_run_local_locked(ring, (int)min_complete);
	URING_UNLOCK(ring);
	return (int)done;
}

static int enter(struct shim_uring *ring, unsigned int to_submit,
		 unsigned int min_complete, unsigned int flags,
		 const struct uring_wait *how)
{
	struct file *file;
	int ret = 0, waited;

	if (flags &
	    ~(URING_ENTER_GETEVENTS | URING_ENTER_SQ_WAKEUP | URING_ENTER_SQ_WAIT))
		return -EINVAL;
	file = uring_fget(ring);
	if (!file)
		return -EBADF;
	if (ring->flags & URING_SETUP_SQPOLL)
		ret = uring_sq_enter(ring, to_submit, flags);
	else if (to_submit)
		ret = submit(ring, to_submit, min_complete, flags);
	if (ret == (int)to_submit && (flags & URING_ENTER_GETEVENTS)) {
		waited = uring_cq_wait(ring, min_complete, how);
		if (!ret) {
			ret = waited;
			if (waited == -EBADR) {
				sched_touch(ring->shared, true);
				ring->dropped = 0;
			}
		}
	}
	shim_fput(file);
	return ret;
}

int sys_io_uring_enter_ext(struct shim_uring *ring, unsigned int to_submit,
			   unsigned int min_complete, unsigned int flags,
			   const struct uring_wait *how)
{
	int ret;

	shim_syscall_enter("io_uring_enter");
	ret = enter(ring, to_submit, min_complete, flags, how);
	shim_syscall_exit(ret);
	return ret;
}

int sys_io_uring_enter(struct shim_uring *ring, unsigned int to_submit,
		       unsigned int min_complete, unsigned int flags)
{
	return sys_io_uring_enter_ext(ring, to_submit, min_complete, flags, NULL);
}
