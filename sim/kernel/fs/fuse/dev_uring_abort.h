/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE over io_uring, part of dev_uring.c: the connection is aborted. All requests
 * end, all commands complete, all entries are released, now or a little later.
 */
#ifndef _FS_FUSE_DEV_URING_ABORT_H
#define _FS_FUSE_DEV_URING_ABORT_H

static void queue_abort_waiting(struct fuse_ring_queue *queue)
{
	struct fuse_chan *fch = queue->ring->chan;
	struct fuse_req *req;
	LIST_HEAD(waiting);

	spin_lock(&fch->bg_lock);
	spin_lock(&queue->lock);
	queue->stopped = true;
	queue_admit_background(queue);
	list_splice_init(&queue->fuse_req_queue, &waiting);
	list_for_each_entry(req, &waiting, list) {
		clear_bit(FR_PENDING, &req->flags);
		if (test_bit(FR_BACKGROUND, &req->flags))
			queue->active_background--;
	}
	spin_unlock(&queue->lock);
	spin_unlock(&fch->bg_lock);

	fuse_dev_end_requests(&waiting);
}

/* An entry without an owner, whatever it waits for. */
static struct fuse_ring_ent *queue_idle_ent(struct fuse_ring_queue *queue)
{
	struct fuse_ring_ent *entry;

	lockdep_assert_held(&queue->lock);

	list_for_each_entry(entry, &queue->ent_w_req_queue, list) {
		if (!entry->sending)
			return entry;
	}
	entry = list_first_entry_or_null(&queue->ent_in_userspace, struct fuse_ring_ent,
					 list);
	if (entry)
		return entry;
	return list_first_entry_or_null(&queue->ent_avail_queue, struct fuse_ring_ent,
					list);
}

/* Return: false: there is no idle entry left. */
static bool queue_abort_ent(struct fuse_ring_queue *queue)
{
	struct io_uring_cmd *cmd = NULL;
	struct fuse_ring_ent *entry;
	struct fuse_req *req;

	spin_lock(&queue->lock);
	entry = queue_idle_ent(queue);
	if (!entry) {
		spin_unlock(&queue->lock);
		return false;
	}
	/* a command with task work on its way is completed by that */
	if (entry->state == FRRS_AVAILABLE)
		cmd = entry->cmd;
	req = ent_detach_req(entry);
	if (req)
		list_del_init(&req->list);
	ent_release(entry);
	spin_unlock(&queue->lock);

	if (cmd)
		io_uring_cmd_done(cmd, -ENOTCONN, IO_URING_F_UNLOCKED);
	if (req)
		queue_end_req(queue, req, -ECONNABORTED);
	ring_put(queue->ring);
	return true;
}

static void ring_abort_ents(struct fuse_ring *ring)
{
	unsigned int qid;

	for (qid = 0; qid < ring->nr_queues; qid++) {
		struct fuse_ring_queue *queue = ring_queue(ring, qid);

		while (queue && queue_abort_ent(queue))
			;
	}
}

static void ents_log(struct fuse_ring_queue *queue, struct list_head *ents)
{
	struct fuse_ring_ent *entry;

	list_for_each_entry(entry, ents, list)
		pr_info("teardown waits for entry %u of queue %u, state %d\n", entry->id,
			queue->qid, entry->state);
}

static void ring_log_stuck(struct fuse_ring *ring)
{
	unsigned int qid;

	for (qid = 0; qid < ring->nr_queues; qid++) {
		struct fuse_ring_queue *queue = ring_queue(ring, qid);

		if (!queue)
			continue;
		spin_lock(&queue->lock);
		ents_log(queue, &queue->ent_w_req_queue);
		ents_log(queue, &queue->ent_commit_queue);
		spin_unlock(&queue->lock);
	}
	ring->stuck_logged = true;
}

/**
 * ring_retry_teardown() - look again for entries that had an owner
 *
 * Has a reference to the connection, and drops it with its last step.
 */
static void ring_retry_teardown(struct work_struct *work)
{
	struct fuse_ring *ring = container_of(to_delayed_work(work), struct fuse_ring,
					      async_teardown_work);

	ring_abort_ents(ring);
	if (!atomic_read(&ring->queue_refs)) {
		fuse_conn_put(ring->chan->conn);
		return;
	}
	if (!ring->stuck_logged &&
	    time_after(jiffies, ring->teardown_time + FUSE_URING_STUCK_TICKS))
		ring_log_stuck(ring);
	schedule_delayed_work(&ring->async_teardown_work, FUSE_URING_RETRY_TICKS);
}

/**
 * fuse_uring_abort() - the connection is aborted: end all requests and entries
 * @fch: not connected any more; called once
 *
 * Entries with an owner are left to it and to ring_retry_teardown().
 */
void fuse_uring_abort(struct fuse_chan *fch)
{
	struct fuse_ring *ring = smp_load_acquire(&fch->ring);
	unsigned int qid;

	if (!ring)
		return;

	for (qid = 0; qid < ring->nr_queues; qid++) {
		struct fuse_ring_queue *queue = ring_queue(ring, qid);

		if (queue)
			queue_abort_waiting(queue);
	}
	ring_abort_ents(ring);
	if (!atomic_read(&ring->queue_refs)) {
		ring_unpin(ring);
		return;
	}

	fuse_conn_get(fch->conn);
	ring->teardown_time = jiffies;
	INIT_DELAYED_WORK(&ring->async_teardown_work, ring_retry_teardown);
	schedule_delayed_work(&ring->async_teardown_work, FUSE_URING_RETRY_TICKS);
}

#endif /* _FS_FUSE_DEV_URING_ABORT_H */
