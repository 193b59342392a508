/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE over io_uring, part of dev_uring.c: what a REGISTER asks for, and the queue
 * and the entry that it gets.
 */
#ifndef _FS_FUSE_DEV_URING_REGISTER_H
#define _FS_FUSE_DEV_URING_REGISTER_H

#define AREA_HEADERS 0
#define AREA_PAYLOAD 1
#define AREA_CLASSES 2

/**
 * struct uring_reg - what a REGISTER asks for
 * @qid: queue
 * @id: of the entry
 * @bufring: FUSE_URING_BUFRING; all but @area is 0 without
 * @inc: FUSE_URING_BUFRING_INC
 * @pinned: FUSE_URING_PINNED
 * @queue_depth: header slots
 * @buf_size: bytes of a buffer, of the largest ones if there are several classes
 * @nr_classes: of @classes; 1 unless the server has named them
 * @classes: sizes and numbers of buffers
 * @nr_areas: of @area: AREA_CLASSES is optional
 * @area: in user memory: headers, payload, classes
 *
 * Read once: the SQE is user memory and may change at any time.
 */
struct uring_reg {
	unsigned int qid;
	unsigned int id;
	bool bufring, inc, pinned;
	unsigned int queue_depth;
	unsigned int buf_size;
	unsigned int nr_classes;
	struct fuse_bufring_size classes[FUSE_BUFRING_MAX_CLASSES];
	unsigned int nr_areas;
	struct iovec area[3];
};

static int reg_read_flags(struct uring_reg *reg, u64 flags)
{
	reg->bufring = flags & FUSE_URING_BUFRING;
	reg->inc = flags & FUSE_URING_BUFRING_INC;
	reg->pinned = flags & FUSE_URING_PINNED;
	if (flags & ~(FUSE_URING_BUFRING | FUSE_URING_BUFRING_INC | FUSE_URING_PINNED))
		return -EINVAL;
	/* both say how a buffer ring is to be */
	return !reg->bufring && (reg->inc || reg->pinned) ? -EINVAL : 0;
}

static int reg_read_sqe(struct uring_reg *reg, const struct io_uring_cmd *cmd,
			const struct fuse_ring *ring)
{
	const struct io_uring_sqe *sqe = cmd->sqe;
	const struct fuse_bufring_cmd_req *req =
		io_uring_sqe128_cmd(sqe, struct fuse_bufring_cmd_req);
	const void __user *areas = u64_to_user_ptr(READ_ONCE(sqe->addr));

	memset(reg, 0, sizeof(*reg));
	/* buf_index is an entry's id: io_uring must not have taken it for a buffer's */
	if (cmd->flags & IORING_URING_CMD_FIXED)
		return -EINVAL;
	reg->qid = READ_ONCE(req->qid);
	reg->id = READ_ONCE(sqe->buf_index);
	if (reg_read_flags(reg, READ_ONCE(req->flags)) || reg->qid >= ring->nr_queues)
		return -EINVAL;

	if (reg->bufring) {
		reg->queue_depth = READ_ONCE(req->queue_depth);
		reg->buf_size = READ_ONCE(req->buf_size);
		if (!reg->queue_depth || !reg->buf_size)
			return -EINVAL;
	}
	reg->nr_areas = READ_ONCE(sqe->len);
	if (reg->nr_areas != AREA_CLASSES &&
	    (!reg->bufring || reg->inc || reg->nr_areas != AREA_CLASSES + 1))
		return -EINVAL;
	return copy_from_user(reg->area, areas, reg->nr_areas * sizeof(reg->area[0]))
		       ? -EFAULT
		       : 0;
}

/* All buffers of one size, as many as there is room for. */
static int reg_one_class(struct uring_reg *reg)
{
	size_t nbufs = reg->area[AREA_PAYLOAD].iov_len / reg->buf_size;

	if (!nbufs || nbufs > U16_MAX)
		return -EINVAL;
	reg->nr_classes = 1;
	reg->classes[0].size = reg->buf_size;
	reg->classes[0].number = nbufs;
	return 0;
}

/* Are the sizes ascending, and is there room for that many buffers? */
static int reg_check_classes(const struct uring_reg *reg)
{
	u64 nbufs = 0, bytes = 0;
	unsigned int i, last = 0;

	for (i = 0; i < reg->nr_classes; i++) {
		const struct fuse_bufring_size *class = &reg->classes[i];

		if (class->size <= last || !class->number)
			return -EINVAL;
		last = class->size;
		nbufs += class->number;
		bytes += (u64) class->size * class->number;
		if (nbufs > U16_MAX)
			return -EINVAL;
	}
	if (last != reg->buf_size || bytes > reg->area[AREA_PAYLOAD].iov_len)
		return -EINVAL;
	return 0;
}

static int reg_read_classes(struct uring_reg *reg)
{
	const struct iovec *area = &reg->area[AREA_CLASSES];
	size_t nr = area->iov_len / sizeof(reg->classes[0]);

	if (!nr || nr > FUSE_BUFRING_MAX_CLASSES ||
	    area->iov_len % sizeof(reg->classes[0]))
		return -EINVAL;
	if (copy_from_user(reg->classes, area->iov_base, area->iov_len))
		return -EFAULT;
	reg->nr_classes = nr;
	return reg_check_classes(reg);
}

/* Are the areas large enough, and the server's to give? */
static int reg_check_areas(struct uring_reg *reg, const struct fuse_ring *ring)
{
	const struct iovec *headers = &reg->area[AREA_HEADERS];
	const struct iovec *payload = &reg->area[AREA_PAYLOAD];
	size_t slots = reg->bufring ? reg->queue_depth : 1;
	int err = 0;

	if (headers->iov_len < slots * sizeof(struct fuse_uring_req_header))
		return -EINVAL;

	if (reg->bufring) {
		if (reg->buf_size < ring->max_payload_sz)
			return -EINVAL;
		err = reg->nr_areas > AREA_CLASSES ? reg_read_classes(reg)
						   : reg_one_class(reg);
	} else if (payload->iov_len < ring->max_payload_sz) {
		err = -EINVAL;
	}
	if (err)
		return err;

	if (!access_ok(headers->iov_base, headers->iov_len) ||
	    !access_ok(payload->iov_base, payload->iov_len))
		return -EFAULT;
	/* before there is a queue: a bad id leaves none behind */
	return reg->bufring && reg->id >= reg->queue_depth ? -EINVAL : 0;
}

/* Pin what is used of the areas. */
static int reg_pin(const struct uring_reg *reg, struct fuse_bufring *br)
{
	const struct fuse_bufring_class *last = fuse_bufring_largest(br);
	const struct iovec used[] = {
		{ br->headers, reg->queue_depth * sizeof(struct fuse_uring_req_header) },
		{ br->payload, last->start + (size_t)last->nbufs * last->size },
	};

	br->pinned = true;
	return fuse_bufring_pin(&br->pins, used);
}

/* Return: the ring, or an error. */
static struct fuse_bufring *reg_create_bufring(const struct uring_reg *reg,
					       const struct fuse_ring *ring)
{
	struct fuse_bufring_config config = {
		.policy = fuse_bufring_policies[ring->policy],
		.layout = reg->inc			 ? &fuse_bufring_inc
			  : reg->nr_areas > AREA_CLASSES ? &fuse_bufring_by_size
							 : &fuse_bufring_whole,
		.start = ring->bufring_start,
		.nr_classes = reg->nr_classes,
	};
	struct fuse_bufring *br;
	int err = 0;

	memcpy(config.classes, reg->classes, sizeof(config.classes));
	br = fuse_bufring_create(&config);
	if (!br)
		return ERR_PTR(-ENOMEM);
	br->headers = reg->area[AREA_HEADERS].iov_base;
	br->payload = reg->area[AREA_PAYLOAD].iov_base;
	br->queue_depth = reg->queue_depth;
	if (reg->pinned)
		err = reg_pin(reg, br);
	if (err) {
		fuse_bufring_free(br);
		return ERR_PTR(err);
	}
	return br;
}

/* Return: a queue with what it needs, or an error. */
static struct fuse_ring_queue *queue_create(struct fuse_ring *ring,
					    const struct uring_reg *reg)
{
	struct fuse_ring_queue *queue;

	queue = kzalloc_flex(*queue, ids, BITS_TO_LONGS(reg->queue_depth),
			     GFP_KERNEL_ACCOUNT);
	if (!queue)
		return ERR_PTR(-ENOMEM);

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
	if (!queue->fpq.processing) {
		queue_free(queue);
		return ERR_PTR(-ENOMEM);
	}
	if (reg->bufring) {
		struct fuse_bufring *br = reg_create_bufring(reg, ring);

		if (IS_ERR(br)) {
			queue_free(queue);
			return ERR_CAST(br);
		}
		queue->bufring = br;
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

static bool reg_has_classes_of(const struct uring_reg *reg, const struct fuse_bufring *br)
{
	unsigned int i;

	if (reg->nr_classes != br->nr_classes)
		return false;
	for (i = 0; i < br->nr_classes; i++) {
		if (reg->classes[i].size != br->classes[i].size ||
		    reg->classes[i].number != br->classes[i].nbufs)
			return false;
	}
	return true;
}

static bool reg_fits_queue(const struct uring_reg *reg,
			   const struct fuse_ring_queue *queue)
{
	const struct fuse_bufring *br = queue->bufring;

	if (!br || !reg->bufring)
		return !br && !reg->bufring;
	if (reg->inc != (br->layout == &fuse_bufring_inc) || reg->pinned != br->pinned ||
	    reg->queue_depth != br->queue_depth)
		return false;
	/* how much payload a later one brings does not matter, only its buffers' size */
	if (br->layout != &fuse_bufring_by_size)
		return reg->nr_areas == AREA_CLASSES &&
		       reg->buf_size == br->classes[0].size;
	return reg->nr_areas > AREA_CLASSES && reg_has_classes_of(reg, br);
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
	struct fuse_ring_queue *queue = ring_queue(ring, reg->qid);
	struct fuse_ring_ent *spare, *entry;

	spare = kzalloc_obj(struct fuse_ring_ent, GFP_KERNEL_ACCOUNT);
	if (!spare)
		return ERR_PTR(-ENOMEM);
	if (!queue) {
		queue = queue_create(ring, reg);
		if (IS_ERR(queue)) {
			kfree(spare);
			return ERR_CAST(queue);
		}
		queue = queue_install(ring, queue);
	}

	spin_lock(&queue->lock);
	entry = queue_add_ent(queue, reg, &spare);
	spin_unlock(&queue->lock);
	kfree(spare);
	return entry;
}

#endif /* _FS_FUSE_DEV_URING_REGISTER_H */
