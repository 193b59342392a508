// SPDX-License-Identifier: GPL-2.0-only
/*
 * IORING_REGISTER_SYNC_CANCEL [io_uring/cancel.c]. Kind: model. Rule 4.7: of commands it
 * reaches those alone that io-wq has; one that the driver has parked it never does.
 */
#include "model.h"

#define CANCEL_FLAGS                                                                     \
	(URING_CANCEL_ALL | URING_CANCEL_FD | URING_CANCEL_ANY | URING_CANCEL_FD_FIXED | \
	 URING_CANCEL_USERDATA | URING_CANCEL_OP)

/* struct io_cancel_data */
struct search {
	struct uring_match match; /* first: the callback gets it */
	const struct uring_cancel *how;
	struct shim_uring *ring;
	const struct file *file;
	unsigned int seq;
};

/* [io_cancel_match_sequence]: each request counts once in a round */
static int seen(struct shim_uring_req *req, unsigned int seq)
{
	if (req->cancel_seq == seq)
		return 1;
	req->cancel_seq = seq;
	return 0;
}

/* [io_cancel_req_match] */
static int matches(struct uring_match *match, struct shim_uring_req *req)
{
	const struct search *s = (const struct search *)match;
	const unsigned int flags = s->how->flags;
	int by_data = flags & URING_CANCEL_USERDATA ||
		      !(flags & (URING_CANCEL_FD | URING_CANCEL_OP));

	if (req->ctx != s->ring)
		return 0;
	if (flags & URING_CANCEL_ANY)
		return !seen(req, s->seq);
	if ((flags & URING_CANCEL_FD && req->cmd.file != s->file) ||
	    (flags & URING_CANCEL_OP && req->opcode != s->how->opcode) ||
	    (by_data && req->user_data != s->how->user_data))
		return 0;
	return !(flags & URING_CANCEL_ALL) || !seen(req, s->seq);
}

/* [io_try_cancel], and then those of all that use the ring [__io_async_cancel] */
static int look(struct search *s)
{
	struct io_uring_task *mine = shim_current()->io_uring;
	int ret, nr = 0;

	do {
		ret = mine ? uring_iowq_cancel_matching(mine, &s->match) : -ENOENT;
		if (ret)
			ret = uring_cancel_matching_polls(s->ring, &s->match);
		if (ret == -ENOENT)
			break;
		if (!s->match.all)
			return ret;
		nr++;
	} while (1);
	for (unsigned int i = 0; i < uring_nr_tctx(); i++) {
		if (!uring_is_user(s->ring, i))
			continue;
		ret = uring_iowq_cancel_matching(uring_tctx_nr(i), &s->match);
		if (ret == -ENOENT)
			continue;
		if (!s->match.all)
			return ret;
		nr++;
	}
	return s->match.all ? nr : -ENOENT;
}

/* a CQE is what ends the sleep, or the time */
static int wait_for_cqe(struct shim_uring *ring, unsigned long due, int limited)
{
	long left = limited ? (long)(due - jiffies) : (long)(~0ul >> 1);

	if (ring->local.first && uring_run_local(ring, 1, URING_TW_MAX))
		return 0;
	if (shim_task_work_pending(shim_current())) {
		shim_task_work_run(SCHED_SITE("io_run_task_work"));
		return 0;
	}
	if (shim_signal_pending(shim_current()))
		return -EINTR;
	if (left <= 0)
		return -ETIME;
	return shim_schedule_timeout(left, SCHED_SITE("&ctx->cq_wait")) || !limited
		       ? 0
		       : -ETIME;
}

static int until_gone(struct search *s)
{
	struct shim_uring *ring = s->ring;
	unsigned long due = jiffies + s->how->timeout;
	struct shim_waiter w = { 0 };
	int ret;

	for (;;) {
		s->seq = ++ring->cancel_seq;
		shim_prepare_to_wait(&ring->cq_wait, &w, SHIM_TASK_INTERRUPTIBLE, 0,
				     SCHED_SITE("&ctx->cq_wait"));
		ret = look(s);
		URING_UNLOCK(ring);
		if (ret != -EALREADY)
			break;
		ret = wait_for_cqe(ring, due, s->how->timeout != 0);
		if (ret < 0)
			break;
		URING_LOCK(ring);
	}
	shim_finish_wait(&ring->cq_wait, &w, SCHED_SITE("&ctx->cq_wait"));
	URING_LOCK(ring);
	return ret == -ENOENT || ret > 0 ? 0 : ret;
}

/* [io_sync_cancel]: L is held */
static int sync_cancel(struct shim_uring *ring, const struct uring_cancel *how)
{
	struct search s = { .match = { .fn = matches }, .how = how, .ring = ring };
	struct file *file = NULL;
	int ret;

	if (how->flags & ~CANCEL_FLAGS)
		return -EINVAL;
	s.match.all = how->flags & (URING_CANCEL_ALL | URING_CANCEL_ANY);
	s.seq = ++ring->cancel_seq;
	if (how->flags & URING_CANCEL_FD && how->flags & URING_CANCEL_FD_FIXED) {
		if (!ring->file_node || how->fd)
			return -EBADF;
		s.file = ring->file_node->file;
	} else if (how->flags & URING_CANCEL_FD) {
		file = shim_fget(how->fd);
		if (!file)
			return -EBADF;
		s.file = file;
	}
	ret = look(&s);
	if (ret == -EALREADY)
		ret = until_gone(&s);
	if (file)
		shim_fput(file);
	return ret;
}

int sys_io_uring_sync_cancel(struct shim_uring *ring, const struct uring_cancel *how)
{
	int ret;
	struct file *file = uring_register_enter(ring, &ret);

	return uring_register_exit(ring, file, file ? sync_cancel(ring, how) : ret);
}
