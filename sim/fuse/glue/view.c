// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of the transport's structures at this moment, for checks between steps.
 *
 * Read as plain memory, without the kernel's accessors and list macros: looking
 * takes no lock, is no step of the schedule and leaves no trace.
 */
#include "glue.h"

#ifdef GLUE_BUFRING
#include "bufring.h"
#endif

#define VIEW_ENTS ((unsigned int)ARRAY_SIZE(((struct queue_view *)0)->ents))
#define VIEW_IDS  ((unsigned int)ARRAY_SIZE(((struct queue_view *)0)->free_ids))

static enum subject_ent_state ent_state(const struct fuse_ring_ent *ent)
{
	switch (ent->state) {
	case FRRS_COMMIT:
		return ENT_COMMIT;
	case FRRS_AVAILABLE:
		return ENT_AVAILABLE;
	case FRRS_FUSE_REQ:
		return ENT_FUSE_REQ;
	case FRRS_USERSPACE:
		return ENT_USERSPACE;
	case FRRS_TEARDOWN:
		return ENT_TEARDOWN;
	case FRRS_RELEASED:
		return ENT_RELEASED;
	default:
		return ENT_INVALID;
	}
}

#ifdef GLUE_BUFRING

static void payload_view(const struct fuse_ring_ent *ent, struct ent_view *v)
{
	const struct fuse_bufring *br = ent->queue->bufring;

	v->id = ent->id;
	v->has_buf = ent->has_buf;
	v->buf_id = ent->buf_id;
	v->payload = (uintptr_t)ent->payload;
	v->payload_len = br ? br->buf_size : ent->queue->ring->max_payload_sz;
}

static void buffers_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	const struct fuse_bufring *br = queue->bufring;
	unsigned int i;

	if (!br)
		return;
	v->nbufs = br->nbufs;
	v->head = br->head;
	v->tail = br->tail;
	v->free_bufs = br->tail - br->head;
	v->buf_size = br->buf_size;
	v->pool_base = (uintptr_t)br->payload;
	for (i = 0; i < v->free_bufs && i < VIEW_IDS; i++)
		v->free_ids[i] = br->policy->peek(br, i);
}

#elif defined(GLUE_BUFPOOL)

static void payload_view(const struct fuse_ring_ent *ent, struct ent_view *v)
{
	v->payload = (uintptr_t)ent->payload.iov_base;
	v->payload_len = ent->payload.iov_len;
	v->has_buf = ent->queue->bufpool && v->payload;
	v->buf_id = ent->buf_id;
	v->zero_copied = ent->zero_copied;
}

static void buffers_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	const struct fuse_bufpool *pool = queue->bufpool;
	unsigned int i;

	if (!pool)
		return;
	v->nbufs = pool->nr_bufs;
	v->buf_size = pool->buf_size;
	v->pool_base = pool->base_uaddr;
	for (i = 0; i < pool->nr_bufs; i++) {
		if (!(pool->free_map[i / BITS_PER_LONG] >> i % BITS_PER_LONG & 1))
			continue;
		if (v->free_bufs < VIEW_IDS)
			v->free_ids[v->free_bufs] = i;
		v->free_bufs++;
	}
}

#else

static void payload_view(const struct fuse_ring_ent *ent, struct ent_view *v)
{
	v->payload = (uintptr_t)ent->payload;
	v->payload_len = ent->queue->ring->max_payload_sz;
}

static void buffers_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	(void)queue;
	(void)v;
}

#endif

static void ents_view(const struct list_head *head, enum subject_ent_list list,
		      struct queue_view *v)
{
	const struct list_head *p;

	for (p = head->next; p != head && v->nr_ents < VIEW_ENTS; p = p->next) {
		const struct fuse_ring_ent *ent =
			container_of(p, struct fuse_ring_ent, list);
		struct ent_view *e = &v->ents[v->nr_ents++];

		e->addr = ent;
		e->state = ent_state(ent);
		e->list = list;
		e->req = ent->fuse_req;
		if (ent->fuse_req)
			e->unique = ent->fuse_req->in.h.unique;
		e->headers = (uintptr_t)ent->headers;
		e->has_cmd = ent->cmd != NULL;
		payload_view(ent, e);
	}
}

static unsigned int list_length(const struct list_head *head)
{
	const struct list_head *p;
	unsigned int n = 0;

	for (p = head->next; p != head; p = p->next)
		n++;
	return n;
}

static unsigned int processing_length(const struct fuse_pqueue *fpq)
{
	unsigned int i, n = 0;

	for (i = 0; fpq->processing && i < FUSE_PQ_HASH_SIZE; i++)
		n += list_length(&fpq->processing[i]);
	return n;
}

/* Does it carry anything that has to go into a buffer? */
static bool needs_buf(const struct fuse_req *req)
{
	return req->args->in_numargs > 1 || req->args->out_numargs;
}

/* In order of arrival; a resent request keeps its number, with a mark. */
static uint64_t number_of(const struct fuse_req *req)
{
	return req->in.h.unique & ~(1ull << 63);
}

static void waiting_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	const struct list_head *head = &queue->fuse_req_queue, *p;

	for (p = head->next; p != head; p = p->next) {
		const struct fuse_req *req = container_of(p, struct fuse_req, list);
		bool needs = needs_buf(req);

		if (!v->waiting++)
			v->first_needs_buf = needs;
		if (!needs)
			v->waiting_no_buf++;
		else if (!v->oldest_with_buf || number_of(req) < v->oldest_with_buf)
			v->oldest_with_buf = number_of(req);
	}
}

static const struct fuse_ring_queue *queue_of(struct fuse_mount *fm, unsigned int qid)
{
	const struct fuse_ring *ring = fm->fc->chan->ring;

	return ring && qid < ring->nr_queues ? ring->queues[qid] : NULL;
}

bool glue_queue_locked(struct fuse_mount *fm, unsigned int qid)
{
	const struct fuse_ring_queue *queue = queue_of(fm, qid);

	return queue && queue->lock.lock.owner;
}

bool glue_queue_view(struct fuse_mount *fm, unsigned int qid, struct queue_view *v)
{
	const struct fuse_ring_queue *queue = queue_of(fm, qid);

	memset(v, 0, sizeof(*v));
	if (!queue)
		return false;
	v->addr = queue;
	v->lock = &queue->lock;
	v->qid = queue->qid;
	v->stopped = queue->stopped;
	v->lock_held = queue->lock.lock.owner != NULL;
	v->active_background = queue->active_background;
	v->waiting_bg = list_length(&queue->fuse_req_bg_queue);
	waiting_view(queue, v);
	v->processing = processing_length(&queue->fpq);
	buffers_view(queue, v);
	ents_view(&queue->ent_avail_queue, LIST_AVAIL, v);
	ents_view(&queue->ent_w_req_queue, LIST_W_REQ, v);
	ents_view(&queue->ent_commit_queue, LIST_COMMIT, v);
	ents_view(&queue->ent_in_userspace, LIST_USERSPACE, v);
	ents_view(&queue->ent_released, LIST_RELEASED, v);
	return true;
}

void glue_ring_view(struct fuse_mount *fm, struct ring_view *v)
{
	const struct fuse_chan *fch = fm->fc->chan;
	const struct fuse_ring *ring = fch->ring;

	memset(v, 0, sizeof(*v));
	v->io_uring = fch->io_uring;
	v->num_waiting = fch->num_waiting.counter;
	v->num_background = fch->num_background;
	v->active_background = fch->active_background;
	v->max_background = fch->max_background;
	v->connected = fch->connected;
	v->initialized = fch->initialized;
	v->blocked = fch->blocked;
	if (!ring)
		return;
	v->exists = true;
	v->ready = ring->ready;
	v->nr_queues = ring->nr_queues;
	v->queue_refs = ring->queue_refs.counter;
	v->max_payload_sz = ring->max_payload_sz;
}
