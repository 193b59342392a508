// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE over io_uring, with buffer rings: requests travel to the server and back
 * through io_uring commands on /dev/fuse instead of read(2) and write(2).
 *
 * The server registers entries with the queue of each CPU. An entry holds an
 * io_uring command until there is a request for it; then the request is copied
 * into the server's memory and the command completes. The server answers with
 * another command, COMMIT_AND_FETCH, which the entry then holds. An entry has a
 * header slot of its own. Its payload area is its own as well, or, in a queue with
 * a buffer ring, a buffer, or a region of one, that it has only while its request
 * needs it. Who copies is a task of the server, as only they see its memory; if it is
 * pinned, a client copies what it asks for itself.
 *
 * Order of service
 * ----------------
 * Requests wait in the order of arrival, and an entry that becomes available
 * takes the first one that can be sent on it. A request that needs a buffer cannot
 * while no buffer is free. It keeps its place, and those behind it that carry no
 * payload may pass. It is passed only by these and only until the next buffer
 * comes back: that one goes to the oldest request that needs one, so no request
 * that needs a buffer is ever passed by another. Where requests need more or less
 * (bufring_inc.h, bufring_classes.h) that holds for those which need as much or more:
 * what is too short for the oldest may do for another meanwhile. Every event that frees
 *an entry or a buffer, or adds a request, ends in queue_dispatch() before the queue's
 *lock is dropped. Hence, whenever that lock is free, no request waits while an entry is
 * available and the buffer that it needs is free.
 *
 * Locks, outermost first
 * ----------------------
 *	fch->lock	fch->ring and ring->queues[], and fch->connected, which
 *			decides between REGISTER and abort
 *	fch->bg_lock	limits of background requests
 *	queue->lock	entries, requests, buffer ring
 *
 * bg_lock comes before queue->lock because fuse core holds it when it sends the
 * background requests that were queued before the ring was ready. Nothing here is
 * copied to or from user memory, completed or ended under any of them: all of
 * that may sleep or take locks that are further out.
 *
 * Ownership of entries
 * --------------------
 * Every step takes the entry from one state to the next under queue->lock, and the
 * task that takes it into FRRS_COMMIT, or sets @sending, owns it until it puts it
 * back. Cancel only takes entries that are available, abort takes all that have no
 * owner; the owner of any other sees queue->stopped when it puts it back.
 */
#include "dev.h"
#include "args.h"
#include "dev_uring_i.h"
#include "bufring.h"
#include "fuse_trace.h"

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/io_uring/cmd.h>

static bool enable_uring __read_mostly;
module_param(enable_uring, bool, 0644);
MODULE_PARM_DESC(enable_uring, "Offer io_uring as transport to FUSE servers");

static unsigned int bufring_policy __read_mostly;
module_param(bufring_policy, uint, 0644);
MODULE_PARM_DESC(bufring_policy,
		 "Which free buffer of a ring is used next: 0 longest free, 1 last used");

static unsigned int bufring_start __read_mostly;
module_param(bufring_start, uint, 0644);
MODULE_PARM_DESC(bufring_start,
		 "For testing: where head and tail of new buffer rings start");

bool fuse_uring_enabled(void)
{
	return enable_uring;
}

static const struct fuse_iqueue_ops uring_iqueue_ops;

/* what an io_uring command knows: the entry that holds it */
struct uring_pdu {
	struct fuse_ring_ent *entry;
};

static struct fuse_ring_ent *cmd_ent(struct io_uring_cmd *cmd)
{
	return io_uring_cmd_to_pdu(cmd, struct uring_pdu)->entry;
}

/* ------------------------------------------------- connection and its end */

/* Why commands are refused: 0 as long as the connection stands. */
static int chan_error(struct fuse_chan *fch)
{
	int err = 0;

	spin_lock(&fch->lock);
	if (!fch->connected)
		err = fch->abort_with_err ? -ECONNABORTED : -ENOTCONN;
	spin_unlock(&fch->lock);
	return err;
}

/**
 * ring_get() - keep teardown waiting, for an entry that is about to come
 *
 * Abort clears connected under the same lock and looks at queue_refs later, so it
 * either refuses the entry or waits for it.
 *
 * Return: 0, or why there is nothing left to register with.
 */
static int ring_get(struct fuse_ring *ring)
{
	struct fuse_chan *fch = ring->chan;
	int err = 0;

	spin_lock(&fch->lock);
	if (fch->connected)
		atomic_inc(&ring->queue_refs);
	else
		err = fch->abort_with_err ? -ECONNABORTED : -ENOTCONN;
	spin_unlock(&fch->lock);
	return err;
}

static struct fuse_ring_queue *ring_queue(struct fuse_ring *ring, unsigned int qid)
{
	/* pairs with queue_install() */
	return smp_load_acquire(&ring->queues[qid]);
}

#include "dev_uring_pinned.h"

/*
 * The caller has a reference to the connection, or works on a command, whose file
 * has one: a task that waits for the last entry cannot free the ring meanwhile.
 */
static void ring_put(struct fuse_ring *ring)
{
	if (!atomic_dec_and_test(&ring->queue_refs))
		return;
	/* under the lock of abort: who comes first, the other one sees it */
	if (chan_error(ring->chan))
		ring_unpin(ring);
	wake_up_all(&ring->stop_waitq);
}

/**
 * fuse_uring_conn_init() - FUSE_INIT has negotiated io_uring
 * @fch: its limits are set, initialized is not
 *
 * Without memory the connection does without io_uring.
 */
void fuse_uring_conn_init(struct fuse_chan *fch)
{
	struct fuse_ring *ring = kzalloc_obj(*ring, GFP_KERNEL_ACCOUNT);
	size_t nr_queues = num_possible_cpus();

	if (!ring)
		return;

	ring->queues = kzalloc_objs(*ring->queues, nr_queues, GFP_KERNEL_ACCOUNT);
	ring->chan = fch;
	ring->nr_queues = nr_queues;
	ring->max_payload_sz = max_t(size_t, FUSE_MIN_READ_BUFFER, fch->max_write);
	ring->max_payload_sz =
		max_t(size_t, ring->max_payload_sz, (size_t)fch->max_pages * PAGE_SIZE);
	ring->policy = READ_ONCE(bufring_policy);
	if (ring->policy >= ARRAY_SIZE(fuse_bufring_policies))
		ring->policy = 0;
	ring->bufring_start = READ_ONCE(bufring_start);
	init_waitqueue_head(&ring->stop_waitq);

	spin_lock(&fch->lock);
	if (ring->queues && fch->connected) {
		fch->io_uring = 1;
		/* complete, from here on other tasks may use it */
		smp_store_release(&fch->ring, ring);
		ring = NULL;
	}
	spin_unlock(&fch->lock);

	if (ring) {
		kfree(ring->queues);
		kfree(ring);
	}
}

/* A queue that is not published (any more), complete or not. */
static void queue_free(struct fuse_ring_queue *queue)
{
	struct fuse_ring_ent *entry, *next;

	WARN_ON(!list_empty(&queue->ent_avail_queue) ||
		!list_empty(&queue->ent_w_req_queue) ||
		!list_empty(&queue->ent_commit_queue) ||
		!list_empty(&queue->ent_in_userspace));

	list_for_each_entry_safe(entry, next, &queue->ent_released, list)
		kfree(entry);

	fuse_bufring_free(queue->bufring);
	kfree(queue->fpq.processing);
	kfree(queue);
}

/**
 * fuse_uring_destruct() - the connection is about to be freed
 *
 * Commands have a reference to it through their file: none is left.
 */
void fuse_uring_destruct(struct fuse_chan *fch)
{
	struct fuse_ring *ring = fch->ring;
	unsigned int qid;

	if (!ring)
		return;

	for (qid = 0; qid < ring->nr_queues; qid++) {
		if (ring->queues[qid])
			queue_free(ring->queues[qid]);
	}
	fch->ring = NULL;
	kfree(ring->queues);
	kfree(ring);
}

#include "dev_uring_queue.h"
#include "dev_uring_copy.h"

/* ------------------------------------------------------------ requests in */

/* CPU numbers may have gaps, queues have none. */
static struct fuse_ring_queue *ring_pick_queue(struct fuse_ring *ring)
{
	return ring_queue(ring, task_cpu(current) % ring->nr_queues);
}

/**
 * fuse_uring_queue_fuse_req() - send a request, or let it wait
 * @fiq: input queue, gives out unique ids
 * @req: not in any list
 *
 * Only called once ring_try_ready() has found every queue. With FR_BACKGROUND fuse
 * core has counted the request and holds bg_lock: then the queue cannot be stopped,
 * because abort sends all of those before it comes here.
 */
void fuse_uring_queue_fuse_req(struct fuse_iqueue *fiq, struct fuse_req *req)
{
	struct fuse_ring_queue *queue = ring_pick_queue(req->chan->ring);
	struct fuse_ring_ent *entry = NULL;

	fuse_request_assign_unique(fiq, req);

	spin_lock(&queue->lock);
	if (unlikely(queue->stopped)) {
		spin_unlock(&queue->lock);
		req->out.h.error = -ENOTCONN;
		clear_bit(FR_PENDING, &req->flags);
		fuse_request_end(req);
		return;
	}
	req->ring_queue = queue;
	set_bit(FR_URING, &req->flags);
	if (test_bit(FR_BACKGROUND, &req->flags))
		queue->active_background++;
	list_add_tail(&req->list, &queue->fuse_req_queue);
	if (queue_is_pinned(queue) && !test_bit(FR_BACKGROUND, &req->flags)) {
		/* if an entry waits, this is the only request that can go */
		entry = queue_claim(queue);
		if (entry)
			entry->sending = true;
	} else {
		queue_dispatch(queue);
	}
	spin_unlock(&queue->lock);
	if (entry)
		ent_send_in_client(entry);
}

/**
 * fuse_uring_queue_bq_req() - the same for background requests
 * @req: has its unique id
 *
 * Return: false when the connection is aborted; the request is still the caller's.
 */
bool fuse_uring_queue_bq_req(struct fuse_req *req)
{
	struct fuse_chan *fch = req->chan;
	struct fuse_ring_queue *queue = ring_pick_queue(fch->ring);
	bool stopped;

	spin_lock(&fch->bg_lock);
	spin_lock(&queue->lock);
	stopped = queue->stopped;
	if (likely(!stopped)) {
		if (++fch->num_background == fch->max_background)
			WRITE_ONCE(fch->blocked, 1);
		req->ring_queue = queue;
		set_bit(FR_URING, &req->flags);
		list_add_tail(&req->list, &queue->fuse_req_bg_queue);
		queue_admit_background(queue);
		queue_dispatch(queue);
	}
	spin_unlock(&queue->lock);
	spin_unlock(&fch->bg_lock);
	return !stopped;
}

/**
 * fuse_uring_remove_pending_req() - its client was killed: stop waiting
 *
 * No other request can go on because of that: those behind it that could be sent
 * have been sent.
 *
 * Return: whether it was still waiting.
 */
bool fuse_uring_remove_pending_req(struct fuse_req *req)
{
	struct fuse_ring_queue *queue = req->ring_queue;

	return fuse_remove_pending_req(req, &queue->lock);
}

static bool ents_have_expired(struct fuse_chan *fch, struct list_head *ents)
{
	struct fuse_ring_ent *entry;

	/* in the order of sending, which is not that of creation */
	list_for_each_entry(entry, ents, list) {
		struct fuse_req *req = entry->fuse_req;

		if (req &&
		    time_is_before_jiffies(req->create_time + fch->timeout.req_timeout))
			return true;
	}
	return false;
}

/** fuse_uring_request_expired() - has any request been here for too long? */
bool fuse_uring_request_expired(struct fuse_chan *fch)
{
	struct fuse_ring *ring = smp_load_acquire(&fch->ring);
	bool expired = false;
	unsigned int qid;

	for (qid = 0; ring && qid < ring->nr_queues && !expired; qid++) {
		struct fuse_ring_queue *queue = ring_queue(ring, qid);

		if (!queue)
			continue;
		spin_lock(&queue->lock);
		expired = fuse_request_expired(fch, &queue->fuse_req_queue) ||
			  fuse_request_expired(fch, &queue->fuse_req_bg_queue) ||
			  ents_have_expired(fch, &queue->ent_w_req_queue) ||
			  ents_have_expired(fch, &queue->ent_commit_queue) ||
			  ents_have_expired(fch, &queue->ent_in_userspace);
		spin_unlock(&queue->lock);
	}
	return expired;
}

/* ------------------------------------------------------ life of an entry */

/* An interrupt that came before the request was sent is still to be told. */
static void req_mark_sent(struct fuse_req *req)
{
	set_bit(FR_SENT, &req->flags);
	trace_fuse_request_sent(req);
	/* pairs with the waiting client: FR_INTERRUPTED, barrier, FR_SENT */
	smp_mb__after_atomic();
	if (test_bit(FR_INTERRUPTED, &req->flags))
		fuse_dev_queue_interrupt(&req->chan->iq, req);
}

/**
 * ent_send() - copy the claimed request to the server and complete the command
 * @entry: FRRS_FUSE_REQ and sending: the caller's alone
 * @cmd: what it holds
 * @issue_flags: of the context
 *
 * When the lock is dropped after success, the server may have answered already:
 * entry and request are no longer ours.
 *
 * Return: false: the request has ended with an error instead, and the entry, with
 * its command and in FRRS_COMMIT, can take another one.
 */
static bool ent_send(struct fuse_ring_ent *entry, struct io_uring_cmd *cmd,
		     unsigned int issue_flags)
{
	struct fuse_ring_queue *queue = entry->queue;
	struct fuse_req *req = entry->fuse_req;
	int err = ent_put_request(entry);

	if (!err)
		req_mark_sent(req);

	spin_lock(&queue->lock);
	if (!err && queue->stopped)
		err = -ECONNABORTED;
	if (err) {
		ent_detach_req(entry);
		ent_drop_buffer(entry);
		ent_move(entry, FRRS_COMMIT, &queue->ent_commit_queue);
		queue_dispatch(queue);
		spin_unlock(&queue->lock);
		queue_end_req(queue, req, err);
		return false;
	}
	entry->cmd = NULL;
	entry->sending = false;
	ent_move(entry, FRRS_USERSPACE, &queue->ent_in_userspace);
	req->ring_entry = entry;
	list_add_tail(&req->list,
		      &queue->fpq.processing[fuse_req_hash(req->in.h.unique)]);
	spin_unlock(&queue->lock);

	io_uring_cmd_done(cmd, 0, issue_flags);
	return true;
}

/**
 * ent_fetch() - the entry has a command again: serve a request or wait for one
 * @entry: FRRS_COMMIT: the caller's alone
 * @cmd: cancelable and referring to @entry
 * @issue_flags: of the context
 *
 * Each round ends one request that could not be copied, so there are no more
 * rounds than requests. When it returns, @entry and @cmd are no longer the caller's.
 */
static void ent_fetch(struct fuse_ring_ent *entry, struct io_uring_cmd *cmd,
		      unsigned int issue_flags)
{
	struct fuse_ring_queue *queue = entry->queue;
	struct fuse_req *req;

	do {
		spin_lock(&queue->lock);
		if (queue->stopped) {
			ent_release(entry);
			spin_unlock(&queue->lock);
			io_uring_cmd_done(cmd, -ENOTCONN, issue_flags);
			ring_put(queue->ring);
			return;
		}
		entry->cmd = cmd;
		req = ent_claim(entry);
		if (req) {
			entry->sending = true;
		} else {
			ent_drop_buffer(entry);
			ent_move(entry, FRRS_AVAILABLE, &queue->ent_avail_queue);
		}
		/* what this entry has given back may be what others need */
		queue_dispatch(queue);
		spin_unlock(&queue->lock);
	} while (req && !ent_send(entry, cmd, issue_flags));
}

/**
 * ent_send_in_task() - task work: send what queue_dispatch() assigned
 *
 * Abort may have been faster: it takes the request and leaves us the command. If
 * the task is gone there is no memory to copy to, and the entry goes with it.
 */
static void ent_send_in_task(struct io_tw_req tw_req, io_tw_token_t tw)
{
	unsigned int issue_flags = IO_URING_CMD_TASK_WORK_ISSUE_FLAGS;
	struct io_uring_cmd *cmd = io_uring_cmd_from_tw(tw_req);
	struct fuse_ring_ent *entry = cmd_ent(cmd);
	struct fuse_ring_queue *queue = entry->queue;
	struct fuse_req *req;

	spin_lock(&queue->lock);
	if (entry->cmd != cmd) {
		spin_unlock(&queue->lock);
		io_uring_cmd_done(cmd, -ENOTCONN, issue_flags);
		return;
	}
	if (!tw.cancel) {
		entry->sending = true;
		spin_unlock(&queue->lock);
		if (!ent_send(entry, cmd, issue_flags))
			ent_fetch(entry, cmd, issue_flags);
		return;
	}
	req = ent_detach_req(entry);
	ent_release(entry);
	queue_dispatch(queue);
	spin_unlock(&queue->lock);

	queue_end_req(queue, req, -ECANCELED);
	io_uring_cmd_done(cmd, -ECANCELED, issue_flags);
	ring_put(queue->ring);
}

/**
 * ent_cancel() - io_uring wants its command back (IO_URING_F_CANCEL)
 *
 * Only a command that waits for a request is given back here. One with a request
 * completes when its task work runs, which then knows what to do. The entry may
 * hold another command by now: this one is then about to be completed elsewhere.
 */
static void ent_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct fuse_ring_ent *entry = cmd_ent(cmd);
	struct fuse_ring_queue *queue = entry->queue;
	bool idle;

	spin_lock(&queue->lock);
	idle = entry->state == FRRS_AVAILABLE && entry->cmd == cmd;
	if (idle)
		ent_release(entry);
	spin_unlock(&queue->lock);

	if (idle) {
		io_uring_cmd_done(cmd, -ENOTCONN, issue_flags);
		ring_put(queue->ring);
	}
}

/**
 * ent_hold_cmd() - from now on the command may be cancelled
 *
 * So it has to be completed, it can no longer be refused.
 */
static void ent_hold_cmd(struct fuse_ring_ent *entry, struct io_uring_cmd *cmd,
			 unsigned int issue_flags)
{
	io_uring_cmd_to_pdu(cmd, struct uring_pdu)->entry = entry;
	io_uring_cmd_mark_cancelable(cmd, issue_flags);
}

#include "dev_uring_abort.h"
#include "dev_uring_register.h"

/* --------------------------------------------------------------- commands */

/**
 * ring_try_ready() - if every queue has an entry, send requests through the ring
 *
 * Of two tasks that add the last two entries, at least one finds both.
 */
static void ring_try_ready(struct fuse_ring *ring)
{
	struct fuse_chan *fch = ring->chan;
	unsigned int qid;

	for (qid = 0; qid < ring->nr_queues; qid++) {
		struct fuse_ring_queue *queue = ring_queue(ring, qid);
		bool missing;

		if (!queue)
			return;
		spin_lock(&queue->lock);
		missing = list_empty(&queue->ent_avail_queue);
		spin_unlock(&queue->lock);
		if (missing)
			return;
	}
	/* pairs with the loads in req.c: a client may come without waiting for ready */
	smp_store_release(&fch->iq.ops, &uring_iqueue_ops);
	smp_store_release(&ring->ready, true);
	wake_up_all(&fch->blocked_waitq);
}

/**
 * ring_stop_waiting() - a REGISTER failed: let clients use /dev/fuse
 *
 * They wait for the ring to get ready, and the server may not try again. If it
 * does, the ring can still get ready: then it is used from there on.
 */
static void ring_stop_waiting(struct fuse_ring *ring)
{
	struct fuse_chan *fch = ring->chan;

	if (smp_load_acquire(&ring->ready) || !READ_ONCE(fch->io_uring))
		return;
	WRITE_ONCE(fch->io_uring, 0);
	wake_up_all(&fch->blocked_waitq);
}

/* FUSE_IO_URING_CMD_REGISTER. Return: 0: the command is held or completed. */
static int uring_register(struct fuse_ring *ring, struct io_uring_cmd *cmd,
			  unsigned int issue_flags)
{
	struct fuse_ring_ent *entry;
	struct uring_reg reg;
	int err;

	err = ring_get(ring);
	if (err)
		return err;

	err = reg_read_sqe(&reg, cmd, ring);
	if (!err)
		err = reg_check_areas(&reg, ring);
	if (!err) {
		entry = reg_create_ent(ring, &reg);
		err = PTR_ERR_OR_ZERO(entry);
	}
	if (err) {
		ring_stop_waiting(ring);
		ring_put(ring);
		return err;
	}

	ent_hold_cmd(entry, cmd, issue_flags);
	ent_fetch(entry, cmd, issue_flags);
	if (!smp_load_acquire(&ring->ready))
		ring_try_ready(ring);
	return 0;
}

/*
 * Take the entry that has request @commit_id from the server, in FRRS_COMMIT. The
 * queue is not stopped then, and abort leaves the entry to us.
 */
static struct fuse_ring_ent *queue_take_answered(struct fuse_ring_queue *queue,
						 u64 commit_id)
{
	struct fuse_ring_ent *entry = ERR_PTR(-ENOENT);
	struct fuse_req *req;

	spin_lock(&queue->lock);
	req = fuse_request_find(&queue->fpq, commit_id);
	if (queue->stopped) {
		entry = ERR_PTR(-ENOTCONN);
	} else if (req) {
		entry = req->ring_entry;
		if (entry->state == FRRS_USERSPACE) {
			list_del_init(&req->list);
			ent_move(entry, FRRS_COMMIT, &queue->ent_commit_queue);
		} else {
			entry = ERR_PTR(-EIO);
		}
	}
	spin_unlock(&queue->lock);
	return entry;
}

/* FUSE_IO_URING_CMD_COMMIT_AND_FETCH. Return: 0: the command is held or completed. */
static int uring_commit_and_fetch(struct fuse_ring *ring, struct io_uring_cmd *cmd,
				  unsigned int issue_flags)
{
	const struct fuse_bufring_cmd_req *cmd_req =
		io_uring_sqe128_cmd(cmd->sqe, struct fuse_bufring_cmd_req);
	unsigned int qid = READ_ONCE(cmd_req->qid);
	struct fuse_ring_queue *queue;
	struct fuse_ring_ent *entry;
	struct fuse_req *req;
	int err;

	if (qid >= ring->nr_queues)
		return -EINVAL;
	queue = ring_queue(ring, qid);
	if (!queue)
		return -ENOTCONN;
	entry = queue_take_answered(queue, READ_ONCE(cmd_req->commit_id));
	if (IS_ERR(entry))
		return PTR_ERR(entry);

	err = ent_get_reply(entry);

	spin_lock(&queue->lock);
	req = ent_detach_req(entry);
	spin_unlock(&queue->lock);
	queue_end_req(queue, req, err);

	ent_hold_cmd(entry, cmd, issue_flags);
	ent_fetch(entry, cmd, issue_flags);
	return 0;
}

/**
 * fuse_uring_cmd() - an IORING_OP_URING_CMD on /dev/fuse
 * @cmd: the command
 * @issue_flags: context, and what is wanted
 *
 * Return: -EIOCBQUEUED once the command belongs to an entry; else why it was
 * refused.
 */
int fuse_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct fuse_ring *ring;
	struct fuse_chan *fch;
	struct fuse_dev *fud;
	int err;

	if (unlikely(issue_flags & IO_URING_F_CANCEL)) {
		ent_cancel(cmd, issue_flags);
		return 0;
	}
	/* the arguments are in the second half of a long SQE */
	if (!(issue_flags & IO_URING_F_SQE128) ||
	    (cmd->cmd_op != FUSE_IO_URING_CMD_REGISTER &&
	     cmd->cmd_op != FUSE_IO_URING_CMD_COMMIT_AND_FETCH))
		return -EINVAL;

	fud = fuse_get_dev(cmd->file);
	if (IS_ERR(fud))
		return PTR_ERR(fud);
	fch = fuse_dev_chan_get(fud);

	/* the ring is sized by what FUSE_INIT negotiates */
	if (!smp_load_acquire(&fch->initialized))
		return -EAGAIN;
	ring = smp_load_acquire(&fch->ring);
	if (!ring)
		return chan_error(fch) ?: -EOPNOTSUPP;

	if (cmd->cmd_op == FUSE_IO_URING_CMD_REGISTER)
		err = uring_register(ring, cmd, issue_flags);
	else
		err = uring_commit_and_fetch(ring, cmd, issue_flags);

	/* a stopped queue does not know why */
	if (err == -ENOTCONN)
		err = chan_error(fch) ?: err;
	return err ?: -EIOCBQUEUED;
}

/* FORGET and INTERRUPT are rare and need no answer: they stay with /dev/fuse. */
static const struct fuse_iqueue_ops uring_iqueue_ops = {
	.send_forget = fuse_dev_queue_forget,
	.send_interrupt = fuse_dev_queue_interrupt,
	.send_req = fuse_uring_queue_fuse_req,
};
