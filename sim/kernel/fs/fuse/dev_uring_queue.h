/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE over io_uring, part of dev_uring.c: requests, entries and buffers of one
 * queue. Assignments are made here, under the queue's lock.
 */
#ifndef _FS_FUSE_DEV_URING_QUEUE_H
#define _FS_FUSE_DEV_URING_QUEUE_H

static bool req_needs_buffer(const struct fuse_req *req)
{
	return req->args->in_numargs > 1 || req->args->out_numargs > 0;
}

/* How long its payload can get: that of the request, or that of the reply. */
static unsigned int req_payload_size(const struct fuse_req *req)
{
	struct fuse_args *args = req->args;
	unsigned int in = 0;

	if (args->in_numargs > 1)
		in = fuse_len_args(args->in_numargs - 1,
				   (struct fuse_arg *)&args->in_args[1]);
	return max(in, fuse_len_args(args->out_numargs, args->out_args));
}

/*
 * What a request asks the ring for. One that is longer than any buffer gets the
 * largest, and the copy says what is wrong.
 */
static unsigned int req_need(const struct fuse_bufring *br, const struct fuse_req *req)
{
	return min(req_payload_size(req), fuse_bufring_largest(br)->size);
}

static void ent_drop_buffer(struct fuse_ring_ent *entry)
{
	lockdep_assert_held(&entry->queue->lock);

	if (!entry->has_buf)
		return;
	fuse_bufring_recycle(entry->queue->bufring, &entry->buf);
	entry->has_buf = false;
	entry->buf = (struct fuse_bufring_region){};
	entry->payload = NULL;
}

/*
 * The room that @req needs, or none. False: it needs some and there is none.
 * @need says who waits; its size is set here.
 */
static bool ent_fit_buffer(struct fuse_ring_ent *entry, const struct fuse_req *req,
			   struct fuse_bufring_need *need)
{
	struct fuse_bufring *br = entry->queue->bufring;

	if (!br)
		return true;
	if (!req_needs_buffer(req)) {
		ent_drop_buffer(entry);
		return true;
	}
	if (entry->has_buf && br->layout->keeps)
		return true;

	ent_drop_buffer(entry);
	need->size = req_need(br, req);
	if (fuse_bufring_select(br, need, &entry->buf))
		return false;
	entry->has_buf = true;
	entry->payload = br->payload + fuse_bufring_offset(br, &entry->buf);
	return true;
}

static size_t ent_payload_size(const struct fuse_ring_ent *entry)
{
	if (!entry->queue->bufring)
		return entry->queue->ring->max_payload_sz;
	return entry->buf.size;
}

static void ent_move(struct fuse_ring_ent *entry, enum fuse_ring_req_state state,
		     struct list_head *to)
{
	lockdep_assert_held(&entry->queue->lock);

	entry->state = state;
	list_move_tail(&entry->list, to);
}

/* How many requests wait for buffers of each size, where there are several. */
static void queue_count_waiting(const struct fuse_ring_queue *queue,
				struct fuse_bufring_need *need)
{
	const struct fuse_bufring *br = queue->bufring;
	struct fuse_req *req;

	*need = (struct fuse_bufring_need){};
	if (!br || br->nr_classes == 1)
		return;
	list_for_each_entry(req, &queue->fuse_req_queue, list) {
		if (req_needs_buffer(req))
			need->waiting[fuse_bufring_class_for(br, req_need(br, req))]++;
	}
}

/**
 * ent_claim() - give the entry the first waiting request that it can send
 *
 * A request that gives up waiting is removed under the same lock while
 * FR_PENDING is set, see fuse_remove_pending_req().
 *
 * Return: the request, or NULL: the entry has none, and its buffer may be gone, too.
 */
static struct fuse_req *ent_claim(struct fuse_ring_ent *entry)
{
	struct fuse_ring_queue *queue = entry->queue;
	struct fuse_bufring_need need;
	struct fuse_req *req;

	lockdep_assert_held(&queue->lock);

	queue_count_waiting(queue, &need);
	list_for_each_entry(req, &queue->fuse_req_queue, list) {
		if (!ent_fit_buffer(entry, req, &need))
			continue;
		list_del_init(&req->list);
		clear_bit(FR_PENDING, &req->flags);
		entry->fuse_req = req;
		ent_move(entry, FRRS_FUSE_REQ, &queue->ent_w_req_queue);
		return req;
	}
	return NULL;
}

/* Take the request off the entry, to end it once the lock is dropped. */
static struct fuse_req *ent_detach_req(struct fuse_ring_ent *entry)
{
	struct fuse_req *req = entry->fuse_req;

	lockdep_assert_held(&entry->queue->lock);

	entry->fuse_req = NULL;
	entry->sending = false;
	if (req && test_bit(FR_BACKGROUND, &req->flags))
		entry->queue->active_background--;
	return req;
}

/* The entry is out of use. Its command and request are the caller's to finish. */
static void ent_release(struct fuse_ring_ent *entry)
{
	struct fuse_ring_queue *queue = entry->queue;

	ent_drop_buffer(entry);
	if (queue->bufring)
		__clear_bit(entry->id, queue->ids);
	entry->cmd = NULL;
	ent_move(entry, FRRS_RELEASED, &queue->ent_released);
}

static void ent_send_in_task(struct io_tw_req tw_req, io_tw_token_t tw);

/* An available entry that has got a request now, or NULL. */
static struct fuse_ring_ent *queue_claim(struct fuse_ring_queue *queue)
{
	struct fuse_ring_ent *entry = list_first_entry_or_null(
		&queue->ent_avail_queue, struct fuse_ring_ent, list);

	lockdep_assert_held(&queue->lock);

	return entry && ent_claim(entry) ? entry : NULL;
}

/**
 * queue_dispatch() - match waiting requests and available entries
 *
 * The requests are copied later, by tasks of the server: unless it is pinned, only
 * they see its memory, and the caller may hold locks.
 */
static void queue_dispatch(struct fuse_ring_queue *queue)
{
	struct fuse_ring_ent *entry;

	while ((entry = queue_claim(queue)))
		io_uring_cmd_complete_in_task(entry->cmd, ent_send_in_task);
}

/**
 * queue_admit_background() - let background requests compete with the others
 *
 * One of each queue may always, so that no queue depends on what others finish.
 * When the queue is stopped all of them do, to be ended together.
 */
static void queue_admit_background(struct fuse_ring_queue *queue)
{
	struct fuse_chan *fch = queue->ring->chan;

	lockdep_assert_held(&fch->bg_lock);
	lockdep_assert_held(&queue->lock);

	while (!list_empty(&queue->fuse_req_bg_queue)) {
		if (fch->active_background >= fch->max_background &&
		    queue->active_background && !queue->stopped)
			return;
		fch->active_background++;
		queue->active_background++;
		list_move_tail(queue->fuse_req_bg_queue.next, &queue->fuse_req_queue);
	}
}

static void queue_refill_background(struct fuse_ring_queue *queue)
{
	struct fuse_chan *fch = queue->ring->chan;

	spin_lock(&fch->bg_lock);
	spin_lock(&queue->lock);
	queue_admit_background(queue);
	queue_dispatch(queue);
	spin_unlock(&queue->lock);
	spin_unlock(&fch->bg_lock);
}

/**
 * fuse_uring_refill_background() - a background request has ended: its place is free
 *
 * Whichever queue it was of, or /dev/fuse: those of all queues have waited for the
 * one limit. Who comes later than the look at its list finds the place by itself.
 */
void fuse_uring_refill_background(struct fuse_ring *ring)
{
	struct fuse_ring_queue *queue;
	size_t qid;

	for (qid = 0; qid < ring->nr_queues; qid++) {
		queue = ring_queue(ring, qid);
		if (queue && !list_empty(&queue->fuse_req_bg_queue))
			queue_refill_background(queue);
	}
}

/**
 * queue_end_req() - end a request that ent_detach_req() returned
 * @error: 0: it has been answered
 *
 * fuse core counts background requests down, and then sends those that have
 * waited there since before the ring was ready; only after that is it our turn.
 */
static void queue_end_req(struct fuse_ring_queue *queue, struct fuse_req *req, int error)
{
	bool background = test_bit(FR_BACKGROUND, &req->flags);

	lockdep_assert_not_held(&queue->lock);

	if (error)
		req->out.h.error = error;
	clear_bit(FR_SENT, &req->flags);
	fuse_request_end(req);
	if (background)
		fuse_uring_refill_background(queue->ring);
}

#endif /* _FS_FUSE_DEV_URING_QUEUE_H */
