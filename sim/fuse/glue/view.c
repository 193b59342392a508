// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of the transport's structures at this moment, for checks between steps.
 *
 * Read as plain memory, without the kernel's accessors and list macros: looking
 * takes no lock, is no step of the schedule and leaves no trace. What a pointer leads to
 * is asked first (view_pointers.h).
 */
#include "glue.h"

#include "view_buffers.h"

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

/* ---- requests ---- */

#ifdef GLUE_BUFPOOL

/* what is in registered pages needs no buffer */
static bool by_zero_copy(const struct fuse_ring_queue *queue,
			 const struct fuse_args *args)
{
	return queue->zero_copy && args->zero_copy &&
	       (args->opcode == FUSE_READ || args->opcode == FUSE_WRITE) &&
	       (args->in_pages || args->out_pages);
}

#else

static bool by_zero_copy(const struct fuse_ring_queue *queue,
			 const struct fuse_args *args)
{
	(void)queue;
	(void)args;
	return false;
}

#endif

/* Does it carry anything that has to go into a buffer? The first of @in is in the header.
 */
static bool needs_buf(const struct fuse_ring_queue *queue, const struct fuse_args *args)
{
	unsigned int in = args->in_numargs, out = args->out_numargs;

	if (by_zero_copy(queue, args)) {
		in -= in > 1 && args->in_pages;
		out -= out && args->out_pages;
	}
	return in > 1 || out;
}

static unsigned int sum_of(const void *args, unsigned int nr)
{
	const struct fuse_arg *arg = args; /* of both kinds: they differ in const alone */
	unsigned int bytes = 0;

	for (; nr; nr--, arg++)
		bytes += arg->size;
	return bytes;
}

/* What goes into a buffer, or comes in it: the longer. */
static unsigned int need_of(const struct fuse_args *args)
{
	unsigned int in = 0, out = sum_of(args->out_args, args->out_numargs);

	if (args->in_numargs > 1)
		in = sum_of(&args->in_args[1], args->in_numargs - 1);
	return in > out ? in : out;
}

/* In order of arrival; a resent request keeps its number, with a mark. */
static uint64_t number_of(const struct req_view *r)
{
	return r->unique & ~(1ull << 63);
}

/* arguments are on their caller's stack, or allocated */
static bool args_are_there(const struct fuse_args *args)
{
	return sched_stacks_have(args, sizeof(*args)) ||
	       shim_heap_size_at(args) >= sizeof(*args);
}

static void req_view(const struct fuse_ring_queue *queue, const struct fuse_req *req,
		     struct req_view *r, struct queue_view *v)
{
	const struct fuse_args *args = req->args;

	r->addr = req;
	r->unique = req->in.h.unique;
	r->opcode = req->in.h.opcode;
	r->nodeid = req->in.h.nodeid;
	r->pid = req->in.h.pid;
	if (number_of(r) > v->newest)
		v->newest = number_of(r);
	r->background = req->flags >> FR_BACKGROUND & 1;
	if (args_are_there(args)) {
		r->needs_buf = needs_buf(queue, args);
		r->need = need_of(args);
	} else
		fault(v,
		      (struct view_fault){ VIEW_NO_OBJECT, false, 0, "req->args", args });
}

static void lower(uint64_t *least, uint64_t n)
{
	if (!*least || n < *least)
		*least = n;
}

/* Which buffers are the smallest that it fits; of those that are too long, the last. */
static struct class_view *class_for(struct queue_view *v, unsigned int need)
{
	unsigned int i = 0;

	while (i + 1 < v->nr_classes && v->classes[i].size < need)
		i++;
	return &v->classes[i];
}

static void waiting_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	struct walk w = WALK(&queue->fuse_req_queue, fuse_req, "queue->fuse_req_queue");
	const struct fuse_req *req;

	while ((req = walk_on(&w, v))) {
		struct req_view r = { NULL };

		req_view(queue, req, &r, v);
		if (v->waiting < VIEW_REQS)
			v->reqs[v->waiting] = r;
		if (!v->waiting++)
			v->first_needs_buf = r.needs_buf;
		v->waiting_no_buf += !r.needs_buf;
		if (r.needs_buf && v->nr_classes)
			class_for(v, r.need)->waiting++;
		lower(&v->oldest[r.needs_buf], number_of(&r));
	}
}

static void background_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	struct walk w =
		WALK(&queue->fuse_req_bg_queue, fuse_req, "queue->fuse_req_bg_queue");
	const struct fuse_req *req;

	while ((req = walk_on(&w, v))) {
		struct req_view r = { NULL };

		req_view(queue, req, &r, v);
		if (v->waiting_bg < VIEW_REQS)
			v->bg_reqs[v->waiting_bg] = r;
		v->waiting_bg++;
		lower(&v->oldest_bg, number_of(&r));
	}
}

static void processing_view(const struct fuse_pqueue *fpq, struct queue_view *v)
{
	unsigned int i;

	if (!fpq->processing ||
	    !leads(fpq->processing, FUSE_PQ_HASH_SIZE * sizeof(fpq->processing[0]),
		   "queue->fpq.processing", v))
		return;
	for (i = 0; i < FUSE_PQ_HASH_SIZE; i++) {
		const struct list_head *head = &fpq->processing[i];
		struct walk w = WALK(head, fuse_req, "queue->fpq.processing[]");

		/* nearly all of the hundreds are empty */
		if (head->next == head && head->prev == head)
			continue;
		while (walk_on(&w, v))
			v->processing++;
	}
}

/* ---- entries ---- */

/* One of those that are in userspace which nobody sent there. */
static bool is_cancelled(const struct fuse_ring_ent *ent, enum subject_ent_list list)
{
#ifdef GLUE_CANCELLED_STAYS
	return list == LIST_USERSPACE && ent->state == FRRS_USERSPACE && !ent->fuse_req &&
	       !ent->cmd;
#else
	(void)ent;
	(void)list;
	return false;
#endif
}

static void ents_view(const struct fuse_ring_queue *queue, struct walk w,
		      enum subject_ent_list list, struct queue_view *v)
{
	const struct fuse_ring_ent *ent;

	while (v->nr_ents < VIEW_ENTS && (ent = walk_on(&w, v))) {
		struct ent_view *e = &v->ents[v->nr_ents++];

		memset(e, 0, sizeof(*e));
		e->addr = ent;
		e->state = ent_state(ent);
		e->list = list;
		e->headers = (uintptr_t)ent->headers;
		e->has_cmd = ent->cmd != NULL;
		payload_view(queue, ent, e);
		if (is_cancelled(ent, list)) {
			e->state = ENT_CANCELLED;
			e->list = LIST_CANCELLED;
		}
		if (!ent->fuse_req)
			continue;
		e->req.addr = ent->fuse_req;
		if (leads(ent->fuse_req, sizeof(*ent->fuse_req), "ent->fuse_req", v))
			req_view(queue, ent->fuse_req, &e->req, v);
	}
}

static void lists_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	const struct {
		const struct list_head *list;
		const char *name;
	} lists[LIST_NR] = {
		[LIST_AVAIL] = { &queue->ent_avail_queue, "queue->ent_avail_queue" },
		[LIST_W_REQ] = { &queue->ent_w_req_queue, "queue->ent_w_req_queue" },
		[LIST_COMMIT] = { &queue->ent_commit_queue, "queue->ent_commit_queue" },
		[LIST_USERSPACE] = { &queue->ent_in_userspace,
				     "queue->ent_in_userspace" },
		[LIST_RELEASED] = { &queue->ent_released, "queue->ent_released" },
	};
	unsigned int i;

	for (i = 0; i < LIST_CANCELLED; i++) {
		struct walk w = WALK(lists[i].list, fuse_ring_ent, lists[i].name);

		ents_view(queue, w, i, v);
	}
}

/* ---- the queue ---- */

static const struct glue_transport *transport_of(struct fuse_mount *fm)
{
	const struct fuse_conn *fc = fm->fc;
	const struct glue_transport *t;

	if (shim_heap_size_at(fc) < sizeof(*fc))
		return NULL;
	t = glue_transport_of(fc);
	return shim_heap_size_at(t) < sizeof(*t) ? NULL : t;
}

static const struct fuse_ring *ring_of_transport(const struct glue_transport *t)
{
	const struct fuse_ring *ring = t ? t->ring : NULL;

	if (!ring || shim_heap_size_at(ring) < sizeof(*ring) ||
	    shim_heap_size_at(ring->queues) < ring->nr_queues * sizeof(ring->queues[0]))
		return NULL;
	return ring;
}

static const struct fuse_ring *ring_of(struct fuse_mount *fm)
{
	return ring_of_transport(transport_of(fm));
}

static const struct fuse_ring_queue *queue_nr(const struct fuse_ring *ring,
					      unsigned int qid)
{
	const struct fuse_ring_queue *queue = ring->queues[qid];

	return shim_heap_size_at(queue) >= sizeof(*queue) ? queue : NULL;
}

static const struct fuse_ring_queue *queue_of(struct fuse_mount *fm, unsigned int qid)
{
	const struct fuse_ring *ring = ring_of(fm);

	return ring && qid < ring->nr_queues ? queue_nr(ring, qid) : NULL;
}

bool glue_queue_locked(struct fuse_mount *fm, unsigned int qid)
{
	const struct fuse_ring_queue *queue = queue_of(fm, qid);

	return queue && queue->lock.lock.owner;
}

int glue_queue_of_lock(struct fuse_mount *fm, const void *lock)
{
	const struct fuse_ring *ring = ring_of(fm);
	unsigned int qid;

	for (qid = 0; ring && qid < ring->nr_queues; qid++)
		if (ring->queues[qid] && lock == &ring->queues[qid]->lock.lock &&
		    queue_nr(ring, qid))
			return qid;
	return -1;
}

bool glue_queue_glance(struct fuse_mount *fm, unsigned int qid, struct queue_view *v)
{
	const struct fuse_ring_queue *queue = queue_of(fm, qid);

	memset(v, 0, offsetof(struct queue_view, ents));
	v->processing = 0;
	if (!queue)
		return false;
	v->addr = queue;
	v->lock = &queue->lock;
	v->qid = queue->qid;
	v->stopped = queue->stopped;
	v->lock_held = queue->lock.lock.owner != NULL;
	v->active_background = queue->active_background;
	if (!leads(queue->ring, sizeof(*queue->ring), "queue->ring", v))
		return true;
	buffers_view(queue, v);
	background_view(queue, v);
	waiting_view(queue, v);
	lists_view(queue, v);
	return true;
}

bool glue_queue_view(struct fuse_mount *fm, unsigned int qid, struct queue_view *v)
{
	if (!glue_queue_glance(fm, qid, v))
		return false;
	processing_view(&queue_of(fm, qid)->fpq, v);
	return true;
}

void glue_ring_view(struct fuse_mount *fm, struct ring_view *v)
{
	const struct glue_transport *t = transport_of(fm);
	const struct fuse_ring *ring = ring_of_transport(t);

	memset(v, 0, sizeof(*v));
	if (!t)
		return;
	v->io_uring = t->io_uring;
	v->num_waiting = t->num_waiting.counter;
	v->num_background = t->num_background;
	v->active_background = glue_active_background(t);
	v->max_background = t->max_background;
	v->connected = t->connected;
	v->initialized = t->initialized;
	v->blocked = t->blocked;
	if (!ring)
		return;
	v->exists = true;
	v->ready = ring->ready;
	v->nr_queues = ring->nr_queues;
	v->queue_refs = ring->queue_refs.counter;
	v->max_payload_sz = ring->max_payload_sz;
}
