/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE over io_uring, part of dev_uring.c: what a REGISTER asks for, and the queue
 * and the entry that it gets.
 */
#ifndef _FS_FUSE_DEV_URING_REGISTER_H
#define _FS_FUSE_DEV_URING_REGISTER_H

/**
 * struct uring_reg - what a REGISTER asks for
 * @qid: queue
 * @id: of the entry
 * @bufring: FUSE_URING_BUFRING; the next three are 0 without
 * @queue_depth: header slots
 * @buf_size: bytes of a buffer
 * @nbufs: buffers
 * @area: in user memory: headers, payload
 *
 * Read once: the SQE is user memory and may change at any time.
 */
struct uring_reg {
	unsigned int qid;
	unsigned int id;
	bool bufring;
	unsigned int queue_depth;
	unsigned int buf_size;
	unsigned int nbufs;
	struct iovec area[2];
};

#define AREA_HEADERS 0
#define AREA_PAYLOAD 1

static int reg_read_sqe(struct uring_reg *reg, const struct io_uring_cmd *cmd,
			const struct fuse_ring *ring)
{
	const struct io_uring_sqe *sqe = cmd->sqe;
	const struct fuse_bufring_cmd_req *req =
		io_uring_sqe128_cmd(sqe, struct fuse_bufring_cmd_req);
	const void __user *areas = u64_to_user_ptr(READ_ONCE(sqe->addr));
	u64 flags = READ_ONCE(req->flags);

	memset(reg, 0, sizeof(*reg));
	/* buf_index is an entry's id: io_uring must not have taken it for a buffer's */
	if (cmd->flags & IORING_URING_CMD_FIXED)
		return -EINVAL;
	reg->qid = READ_ONCE(req->qid);
	reg->id = READ_ONCE(sqe->buf_index);
	reg->bufring = flags & FUSE_URING_BUFRING;
	if (reg->qid >= ring->nr_queues || (flags & ~FUSE_URING_BUFRING))
		return -EINVAL;

	if (reg->bufring) {
		reg->queue_depth = READ_ONCE(req->queue_depth);
		reg->buf_size = READ_ONCE(req->buf_size);
		if (!reg->queue_depth || !reg->buf_size)
			return -EINVAL;
	}
	if (READ_ONCE(sqe->len) != ARRAY_SIZE(reg->area))
		return -EINVAL;
	return copy_from_user(reg->area, areas, sizeof(reg->area)) ? -EFAULT : 0;
}

/* Are the areas large enough, and the server's to give? */
static int reg_check_areas(struct uring_reg *reg, const struct fuse_ring *ring)
{
	const struct iovec *headers = &reg->area[AREA_HEADERS];
	const struct iovec *payload = &reg->area[AREA_PAYLOAD];
	size_t slots = reg->bufring ? reg->queue_depth : 1;
	size_t nbufs;

	if (headers->iov_len < slots * sizeof(struct fuse_uring_req_header))
		return -EINVAL;

	if (reg->bufring) {
		if (reg->buf_size < ring->max_payload_sz)
			return -EINVAL;
		nbufs = payload->iov_len / reg->buf_size;
		if (!nbufs || nbufs > U16_MAX)
			return -EINVAL;
		reg->nbufs = nbufs;
	} else if (payload->iov_len < ring->max_payload_sz) {
		return -EINVAL;
	}

	if (!access_ok(headers->iov_base, headers->iov_len) ||
	    !access_ok(payload->iov_base, payload->iov_len))
		return -EFAULT;
	/* before there is a queue: a bad id leaves none behind */
	return reg->bufring && reg->id >= reg->queue_depth ? -EINVAL : 0;
}

static struct fuse_bufring *reg_create_bufring(const struct uring_reg *reg,
					       const struct fuse_ring *ring)
{
	struct fuse_bufring *br = fuse_bufring_create(fuse_bufring_policies[ring->policy],
						      reg->nbufs, ring->bufring_start);

	if (br) {
		br->headers = reg->area[AREA_HEADERS].iov_base;
		br->payload = reg->area[AREA_PAYLOAD].iov_base;
		br->buf_size = reg->buf_size;
		br->queue_depth = reg->queue_depth;
	}
	return br;
}

static struct fuse_ring_queue *queue_create(struct fuse_ring *ring,
					    const struct uring_reg *reg)
{
	struct fuse_ring_queue *queue;

	queue = kzalloc_flex(*queue, ids, BITS_TO_LONGS(reg->queue_depth),
			     GFP_KERNEL_ACCOUNT);
	if (!queue)
		return NULL;

	queue->ring = ring;
	queue->qid = reg->qid;
	spin_lock_init(&queue->lock);
	INIT_LIST_HEAD(&queue->ent_avail_queue);
	INIT_LIST_HEAD(&queue->ent_w_req_queue);
	INIT_LIST_HEAD(&queue->ent_commit_queue);
	INIT_LIST_HEAD(&queue->ent_in_userspace);
	INIT_LIST_HEAD(&queue->ent_released);
	INIT_LIST_HEAD(&queue->fuse_req_queue);
	INIT_LIST_HEAD(&queue->fuse_req_bg_queue);
	fuse_pqueue_init(&queue->fpq);

	queue->fpq.processing = fuse_pqueue_alloc();
	if (queue->fpq.processing && reg->bufring)
		queue->bufring = reg_create_bufring(reg, ring);
	if (!queue->fpq.processing || (reg->bufring && !queue->bufring)) {
		queue_free(queue);
		return NULL;
	}
	return queue;
}

/**
 * queue_install() - make a complete queue the one of its CPU
 *
 * Return: it, or the one that another task has installed in the meantime. Then
 * ours is freed.
 */
static struct fuse_ring_queue *queue_install(struct fuse_ring *ring,
					     struct fuse_ring_queue *queue)
{
	struct fuse_chan *fch = ring->chan;
	struct fuse_ring_queue *winner;

	spin_lock(&fch->lock);
	winner = ring->queues[queue->qid];
	if (!winner) {
		/* abort has not seen this one, if it was faster */
		queue->stopped = !fch->connected;
		/* pairs with ring_queue() */
		smp_store_release(&ring->queues[queue->qid], queue);
	}
	spin_unlock(&fch->lock);

	if (!winner)
		return queue;
	queue_free(queue);
	return winner;
}

static bool reg_fits_queue(const struct uring_reg *reg,
			   const struct fuse_ring_queue *queue)
{
	const struct fuse_bufring *br = queue->bufring;

	if (!br || !reg->bufring)
		return !br && !reg->bufring;
	return reg->queue_depth == br->queue_depth && reg->buf_size == br->buf_size;
}

/**
 * queue_add_ent() - add an entry, in FRRS_COMMIT
 * @spare: memory for it; set to NULL unless there was an entry to use again
 *
 * Return: the entry, or why it does not fit the queue. -ENOTCONN: the queue is
 * stopped.
 */
static struct fuse_ring_ent *queue_add_ent(struct fuse_ring_queue *queue,
					   const struct uring_reg *reg,
					   struct fuse_ring_ent **spare)
{
	struct fuse_ring_ent *entry;

	lockdep_assert_held(&queue->lock);

	if (queue->stopped)
		return ERR_PTR(-ENOTCONN);
	if (!reg_fits_queue(reg, queue))
		return ERR_PTR(-EINVAL);
	if (queue->bufring && __test_and_set_bit(reg->id, queue->ids))
		return ERR_PTR(-EINVAL);

	entry = list_first_entry_or_null(&queue->ent_released, struct fuse_ring_ent,
					 list);
	if (!entry) {
		entry = *spare;
		*spare = NULL;
		entry->queue = queue;
		INIT_LIST_HEAD(&entry->list);
	}
	if (queue->bufring) {
		entry->id = reg->id;
		entry->headers = queue->bufring->headers + reg->id;
	} else {
		entry->headers = reg->area[AREA_HEADERS].iov_base;
		entry->payload = reg->area[AREA_PAYLOAD].iov_base;
	}
	ent_move(entry, FRRS_COMMIT, &queue->ent_commit_queue);
	return entry;
}

/* Find or create the queue and add the entry. Return: it, or an error. */
static struct fuse_ring_ent *reg_create_ent(struct fuse_ring *ring,
					    const struct uring_reg *reg)
{
	struct fuse_ring_ent *spare =
		kzalloc_obj(struct fuse_ring_ent, GFP_KERNEL_ACCOUNT);
	struct fuse_ring_queue *queue = ring_queue(ring, reg->qid);
	struct fuse_ring_ent *entry = ERR_PTR(-ENOMEM);

	if (spare && !queue) {
		queue = queue_create(ring, reg);
		if (queue)
			queue = queue_install(ring, queue);
	}
	if (spare && queue) {
		spin_lock(&queue->lock);
		entry = queue_add_ent(queue, reg, &spare);
		spin_unlock(&queue->lock);
	}
	kfree(spare);
	return entry;
}

#endif /* _FS_FUSE_DEV_URING_REGISTER_H */
