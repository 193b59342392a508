/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of view.c: how pointers are followed, of which the subject may have made anything;
 * where the payload of an entry is, and which buffers of a queue are free, in each of the
 * ways in which trees share buffers.
 */
#ifndef GLUE_VIEW_BUFFERS_H
#define GLUE_VIEW_BUFFERS_H

#include "glue.h"

#include "shim/heap.h"

/*
 * A pointer is followed only if there is an object where it leads, and a list only as
 * long as its links lead back.
 */

/* only the first is told: what comes after it means little */
static void fault(struct queue_view *v, struct view_fault f)
{
	if (!v->fault.wrong)
		v->fault = f;
}

/* an object of that size, or larger, is there */
static bool leads(const void *p, size_t size, const char *what, struct queue_view *v)
{
	if (shim_heap_size_at(p) >= size)
		return true;
	fault(v, (struct view_fault){ VIEW_NO_OBJECT, false, 0, what, p });
	return false;
}

/* struct walk - along a list of objects of that size, with the link at that offset */
struct walk {
	const struct list_head *head, *at;
	const char *what;
	size_t offset, size;
	unsigned int seen;
};

#define WALK_MAX 4096u
#define WALK(first, type, name)                                        \
	{                                                              \
		(first), (first), (name), offsetof(struct type, list), \
			sizeof(struct type), 0                         \
	}

/* Return: the next object; NULL: that was all, or all that can be reached */
static const void *walk_on(struct walk *w, struct queue_view *v)
{
	const struct list_head *next = w->at->next;
	const char *object = (const char *)((uintptr_t)next - w->offset);
	enum view_wrong wrong = VIEW_GOOD;

	if (next != w->head && shim_heap_size_at(object) < w->size)
		wrong = VIEW_NO_OBJECT;
	else if (next->prev != w->at)
		wrong = VIEW_NOT_BACK;
	else if (next != w->head && w->seen == WALK_MAX)
		wrong = VIEW_ENDLESS;
	if (wrong)
		fault(v, (struct view_fault){ wrong, true, w->seen, w->what, next });
	if (wrong || next == w->head)
		return NULL;
	w->at = next;
	w->seen++;
	return object;
}

/* ---- buffers ---- */

#ifdef GLUE_BUFRING
#include "bufring.h"

static void payload_view(const struct fuse_ring_queue *queue,
			 const struct fuse_ring_ent *ent, struct ent_view *v)
{
	const struct fuse_bufring *br = queue->bufring;

	v->id = ent->id;
	v->has_buf = ent->has_buf;
	v->buf_id = ent->buf.id;
	v->buf_offset = ent->buf.offset;
	v->payload = (uintptr_t)ent->payload;
	v->payload_len = br ? ent->buf.size : queue->ring->max_payload_sz;
}

static void free_view(const struct fuse_bufring *br,
		      const struct fuse_bufring_class *class, struct queue_view *v)
{
	struct class_view *c = &v->classes[v->nr_classes++];
	unsigned int i;

	c->size = class->size;
	c->first_id = class->first_id;
	c->nbufs = class->nbufs;
	c->free = class->tail - class->head;
	v->head += class->head;
	v->tail += class->tail;
	v->buf_size = class->size;
	v->pool_len = class->start + (size_t) class->size * class->nbufs;
	for (i = 0; i < c->free && v->free_bufs + i < VIEW_IDS; i++)
		v->free_ids[v->free_bufs + i] = br->policy->peek(class, i);
	v->free_bufs += c->free;
}

static void uses_view(const struct fuse_bufring *br, struct queue_view *v)
{
	unsigned int i;

	if (!br->uses ||
	    !leads(br->uses, br->nbufs * sizeof(br->uses[0]), "queue->bufring->uses", v))
		return;
	v->regions = true;
	v->open = br->open;
	for (i = 0; i < br->nbufs && i < VIEW_IDS; i++)
		v->uses[i] = (struct use_view){ br->uses[i].bytes, br->uses[i].regions };
}

static void buffers_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	const struct fuse_bufring *br = queue->bufring;
	unsigned int i;

	if (!br || !leads(br, sizeof(*br), "queue->bufring", v))
		return;
	v->nbufs = br->nbufs;
	v->pool_base = (uintptr_t)br->payload;
	v->pinned = br->pinned;
	for (i = 0; i < br->nr_classes && i < VIEW_CLASSES; i++)
		free_view(br, &br->classes[i], v);
	uses_view(br, v);
}

#elif defined(GLUE_BUFPOOL)

static void payload_view(const struct fuse_ring_queue *queue,
			 const struct fuse_ring_ent *ent, struct ent_view *v)
{
	v->payload = (uintptr_t)ent->payload.iov_base;
	v->payload_len = ent->payload.iov_len;
	v->has_buf = queue->bufpool && v->payload;
	v->buf_id = ent->buf_id;
	v->zero_copied = ent->zero_copied;
}

static void buffers_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	const struct fuse_bufpool *pool = queue->bufpool;
	unsigned int i;

	if (!pool || !leads(pool, sizeof(*pool), "queue->bufpool", v) ||
	    !leads(pool, struct_size(pool, free_map, BITS_TO_LONGS(pool->nr_bufs)),
		   "queue->bufpool->free_map", v))
		return;
	v->nbufs = pool->nr_bufs;
	v->buf_size = pool->buf_size;
	v->pool_len = (size_t)pool->nr_bufs * pool->buf_size;
	v->pool_base = pool->base_uaddr;
	for (i = 0; i < pool->nr_bufs; i++) {
		if (!(pool->free_map[i / BITS_PER_LONG] >> i % BITS_PER_LONG & 1))
			continue;
		if (v->free_bufs < VIEW_IDS)
			v->free_ids[v->free_bufs] = i;
		v->free_bufs++;
	}
	v->nr_classes = 1;
	v->classes[0] = (struct class_view){ v->buf_size, 0, v->nbufs, v->free_bufs, 0 };
}

#else

static void payload_view(const struct fuse_ring_queue *queue,
			 const struct fuse_ring_ent *ent, struct ent_view *v)
{
	v->payload = (uintptr_t)ent->payload;
	v->payload_len = queue->ring->max_payload_sz;
}

static void buffers_view(const struct fuse_ring_queue *queue, struct queue_view *v)
{
	(void)queue;
	(void)v;
}

#endif

#endif /* GLUE_VIEW_BUFFERS_H */
