// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations that servers use beside URING_CMD: READ_FIXED and WRITE_FIXED of a file of
 * their own, POLL_ADD of an eventfd [io_uring/rw.c, poll.c]. Kind: model. Rules 6.4, 9.1.
 */
#include "model.h"

#define POLLIN 1

int uring_prep_op(struct shim_uring_req *req, const volatile struct uring_sqe *sqe)
{
	req->buf_index = sqe->buf_index;
	req->addr = sqe->addr;
	req->len = sqe->len;
	req->off = (unsigned long long)sqe->pad1 << 32 | sqe->cmd_op;
	req->direct = sqe->fd == URING_FD_DIRECT;
	return 0;
}

void uring_prep_fixed(struct shim_uring *ring, struct uring_sqe *sqe, unsigned int index,
		      unsigned long offset, void *mem, unsigned int len, int to_buffer,
		      int direct)
{
	uintptr_t at = (uintptr_t)mem;

	(void)ring;
	sqe->opcode = to_buffer ? URING_OP_READ_FIXED : URING_OP_WRITE_FIXED;
	sqe->fd = direct ? URING_FD_DIRECT : URING_FD_BUFFERED;
	sqe->addr = offset;
	sqe->len = len;
	sqe->buf_index = (unsigned short)index;
	sqe->cmd_op = (unsigned int)at;
	sqe->pad1 = (unsigned int)(at >> 32);
}

/* ---- READ_FIXED, WRITE_FIXED ---- */

static long move(struct shim_uring_req *req)
{
	return uring_fixed_move(req->buf_node, req->addr, (void *)(uintptr_t)req->off,
				req->len, req->opcode == URING_OP_READ_FIXED);
}

/* [io_complete_rw]: the device is done, in whatever context; whatever else happened */
static void device(struct shim_work *work)
{
	struct shim_uring_req *req =
		(struct shim_uring_req *)((char *)work -
					  offsetof(struct shim_uring_req, io));

	req->result = (int)move(req);
	req->failed = req->result != (int)req->len;
	req->done = 1;
	uring_tw_add(req, uring_tw_complete, SHIM_URING_TWQ_LAZY,
		     SCHED_SITE("io_complete_rw"));
}

/*
 * [io_read_fixed, io_write_fixed]: the buffer is pinned under L until the request is
 * freed, whoever takes its slot away (6.1). A file without O_DIRECT is in memory here, so
 * the bytes move at once, under L of an inline issue and without it in a worker (6.4)
 */
static int issue_fixed(struct shim_uring_req *req, unsigned int issue_flags)
{
	if (!uring_find_buf(req, issue_flags, SCHED_SITE("io_import_reg_buf")) ||
	    uring_fixed_check(req)) {
		req->result = -EFAULT;
	} else if (req->direct) {
		shim_work_init(&req->io, device);
		shim_work_queue(&req->io, 0, SCHED_SITE("O_DIRECT"));
		return -URING_EIOCBQUEUED;
	} else {
		req->result = (int)move(req);
	}
	req->failed = req->result != (int)req->len;
	return 0;
}

/* ---- POLL_ADD ---- */

void uring_prep_poll(struct shim_uring *ring, struct uring_sqe *sqe)
{
	(void)ring;
	sqe->opcode = URING_OP_POLL_ADD;
}

/* [io_poll_add]: L is held, or taken by a worker: here none issues one */
static int issue_poll(struct shim_uring_req *req)
{
	struct shim_uring *ring = req->ctx;

	sched_touch(&ring->polls, true);
	if (ring->event_count) {
		ring->event_count = 0;
		req->result = POLLIN;
		return 0;
	}
	req->poll_next = ring->polls;
	ring->polls = req;
	return -URING_EIOCBQUEUED;
}

static void end_polls(struct shim_uring *ring, const struct io_uring_task *tctx, int res)
{
	struct shim_uring_req **at = &ring->polls, *req;

	sched_touch(&ring->polls, true);
	while ((req = *at)) {
		if (tctx && req->tctx != tctx) {
			at = &req->poll_next;
			continue;
		}
		*at = req->poll_next;
		req->result = res;
		req->failed = res < 0;
		req->done = 1;
		uring_tw_add(req, uring_tw_complete, 0, SCHED_SITE("io_poll_wake"));
	}
}

/* [eventfd_write, io_poll_wake]: no lock of the ring's is taken */
void uring_event_signal(struct shim_uring *ring)
{
	shim_syscall_enter("write");
	sched_point(SCHED_NOTIFY, ring, SCHED_SITE("eventfd"));
	if (!ring->freed) {
		if (!ring->polls)
			ring->event_count++;
		end_polls(ring, NULL, POLLIN);
	}
	shim_syscall_exit(8);
}

/* [io_poll_cancel]: the newest one that matches. Return: 0, -ENOENT */
int uring_cancel_matching_polls(struct shim_uring *ring, struct uring_match *match)
{
	struct shim_uring_req *req, **at = &ring->polls;

	sched_touch(&ring->polls, true);
	for (; (req = *at); at = &req->poll_next) {
		if (!match->fn(match, req))
			continue;
		*at = req->poll_next;
		req->result = -ECANCELED;
		req->failed = 1;
		req->done = 1;
		uring_tw_add(req, uring_tw_complete, 0, SCHED_SITE("io_poll_cancel"));
		return 0;
	}
	return -ENOENT;
}

/* [io_poll_remove_all] of a pass that cancels; L is held. Return: whether there was one
 */
int uring_cancel_polls(struct shim_uring *ring, const struct io_uring_task *tctx)
{
	int found = 0;

	sched_touch(&ring->polls, false); /* an event takes them off without L */
	for (const struct shim_uring_req *r = ring->polls; r; r = r->poll_next)
		found |= !tctx || r->tctx == tctx;
	if (found)
		end_polls(ring, tctx, -ECANCELED);
	return found;
}

/* ---- both ---- */

/* Return: 0: there is a result in @req; -EIOCBQUEUED */
int uring_issue_op(struct shim_uring_req *req, unsigned int issue_flags)
{
	if (req->opcode == URING_OP_POLL_ADD)
		return issue_poll(req);
	return issue_fixed(req, issue_flags);
}
