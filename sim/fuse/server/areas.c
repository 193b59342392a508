// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server's memory: header slots, payload areas, pools. Every area ends where
 * its last page ends, and unmapped memory follows: one byte too far is a fault.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/user.h"
#include "fuse/fuse_i.h"

#define PAGE 4096u
#define RW   (SHIM_PROT_READ | SHIM_PROT_WRITE)

/* @size bytes that end at the end of a page */
static unsigned char *map_at_end(struct world *w, unsigned long size)
{
	unsigned long whole = (size + PAGE - 1) / PAGE * PAGE;
	unsigned char *p = server_mmap(w, whole, RW);

	if (!p)
		world_full("user memory");
	return p + ((whole - size) & ~7ul);
}

struct queue_mem *queue_mem(struct world *w, unsigned int qid)
{
	return &fuse_of(w)->queues[qid < MAX_QUEUES ? qid : MAX_QUEUES];
}

uint32_t class_size(const struct fuse *f, unsigned int i)
{
	return f->max_payload >> (f->config.classes - 1 - i);
}

static void map_pool(struct world *w, struct queue_mem *q)
{
	const struct fuse *f = fuse_of(w);

	if (q->pool)
		return;
	for (unsigned int i = 0; i < f->config.classes; i++)
		q->pool_len += (unsigned long)f->config.buffers * class_size(f, i);
	q->pool = map_at_end(w, q->pool_len);
}

unsigned char *buffer_in_ring(struct world *w, unsigned int qid, unsigned int id,
			      unsigned long offset, uint32_t *room)
{
	const struct queue_mem *q = queue_mem(w, qid);
	const struct fuse *f = fuse_of(w);
	unsigned char *p = q->pool;

	for (unsigned int i = 0; p && i < f->config.classes; i++) {
		uint32_t size = class_size(f, i);

		if (id < f->config.buffers) {
			if (offset >= size)
				return NULL;
			*room = size - (uint32_t)offset;
			return p + (unsigned long)id * size + offset;
		}
		id -= f->config.buffers;
		p += (unsigned long)f->config.buffers * size;
	}
	return NULL;
}

/* What a REGISTER says of several sizes. */
static void map_classes(struct world *w, struct queue_mem *q)
{
	const struct fuse *f = fuse_of(w);

	if (!q->classes)
		q->classes = (void *)map_at_end(w, MAX_CLASSES * sizeof(*q->classes));
	for (unsigned int i = 0; i < f->config.classes; i++)
		q->classes[i] =
			(struct abi_bufring_size){ class_size(f, i), f->config.buffers };
}

struct entry_mem *entry_mem(struct world *w, unsigned int qid, unsigned int ent)
{
	struct queue_mem *q = queue_mem(w, qid);
	struct entry_mem *e;

	if (ent >= MAX_ENTS)
		world_full("entries of a queue");
	e = &q->ents[ent];
	if (!e->iov) {
		if (!q->iovs)
			q->iovs = (void *)map_at_end(w, IOVECS * MAX_ENTS *
								sizeof(*q->iovs));
		e->iov = q->iovs + IOVECS * ent;
		if (fuse_of(w)->config.payload == PAYLOAD_BUFRING) {
			if (!q->headers)
				q->headers =
					map_at_end(w, fuse_of(w)->config.entries *
							      sizeof(struct abi_headers));
			e->headers = q->headers + ent * sizeof(struct abi_headers);
			if (fuse_of(w)->config.classes > 1)
				map_classes(w, q);
		} else {
			e->headers = map_at_end(w, sizeof(struct abi_headers));
		}
		if (fuse_of(w)->config.payload == PAYLOAD_PER_ENTRY)
			e->payload = map_at_end(w, fuse_of(w)->max_payload);
		else
			map_pool(w, q);
	}
	return e;
}

/* Slots of a ring's table: a pool per queue first, then one per entry. */
unsigned int pool_slot(unsigned int qid)
{
	return qid;
}

unsigned int zero_copy_slot(const struct world *w, unsigned int qid, unsigned int ent)
{
	return fuse_of(w)->config.cpus + qid * fuse_of(w)->config.entries + ent;
}

static void job_register_table(struct actor *t, void *arg)
{
	static struct uring_iovec slots[MAX_QUEUES * (MAX_ENTS + 1)];
	struct world *w = t->w;
	unsigned int nr = fuse_of(w)->config.cpus * (1 + fuse_of(w)->config.entries);

	(void)arg;
	memset(slots, 0, nr * sizeof(slots[0]));
	for (unsigned int qid = 0; qid < fuse_of(w)->config.cpus; qid++) {
		struct queue_mem *q = queue_mem(w, qid);

		if (fuse_of(w)->config.payload != PAYLOAD_BUFPOOL_FIXED)
			continue;
		map_pool(w, q);
		slots[pool_slot(qid)].base = q->pool;
		slots[pool_slot(qid)].len = q->pool_len;
	}
	sys_io_uring_register_buffers(ring_of(t), slots, nr);
}

void server_registers_buffers(struct actor *t)
{
	t->table_registered = true;
	actor_steps(t, STEP_TABLE, job_register_table, NULL);
}

static void job_unregister_table(struct actor *t, void *arg)
{
	(void)arg;
	fs_is_not_asked(t->w);
	sys_io_uring_unregister_buffers(ring_of(t));
}

void server_unregisters_buffers(struct actor *t)
{
	actor_steps(t, STEP_TABLE_GONE, job_unregister_table, NULL);
}

/* A table is there before the first command that names a slot of it. */
void ring_needs_table(struct actor *t)
{
	if (!t->table_registered &&
	    (fuse_of(t->w)->config.payload == PAYLOAD_BUFPOOL_FIXED ||
	     fuse_of(t->w)->config.zero_copy))
		server_registers_buffers(t);
}

static uint64_t bufring_flags(const struct fuse_config *c)
{
	return REGISTER_BUFRING | (c->inc ? REGISTER_INC : 0) |
	       (c->pinned ? REGISTER_PINNED : 0);
}

void register_default(struct world *w, unsigned int qid, unsigned int ent, struct reg *r)
{
	struct entry_mem *e = entry_mem(w, qid, ent);
	struct queue_mem *q = queue_mem(w, qid);

	memset(r, 0, sizeof(*r));
	r->cmd_op = CMD_REGISTER;
	r->qid = qid;
	r->ent = ent;
	r->iov_nr = 2;
	r->headers = e->headers;
	r->headers_len = sizeof(struct abi_headers);
	switch (fuse_of(w)->config.payload) {
	case PAYLOAD_PER_ENTRY:
		r->payload = e->payload;
		r->payload_len = fuse_of(w)->max_payload;
		break;
	case PAYLOAD_BUFPOOL_FIXED:
		r->buf_index = (uint16_t)pool_slot(qid);
		r->uring_cmd_flags = URING_CMD_FIXED;
		break;
	case PAYLOAD_BUFRING:
		r->flags = bufring_flags(&fuse_of(w)->config);
		r->headers = q->headers;
		r->headers_len = fuse_of(w)->config.entries * sizeof(struct abi_headers);
		r->payload = q->pool;
		r->payload_len = q->pool_len;
		r->queue_depth = (uint16_t)fuse_of(w)->config.entries;
		r->buf_size = fuse_of(w)->max_payload;
		r->buf_index = (uint16_t)ent;
		if (q->classes) {
			r->iov_nr = 3;
			r->classes_len = fuse_of(w)->config.classes * sizeof(*q->classes);
			memcpy(r->classes, q->classes, r->classes_len);
		}
		break;
	default: /* a pool, from which an entry gets its payload later */
		break;
	}
	if (fuse_of(w)->config.zero_copy)
		r->zero_copy_index = (uint16_t)zero_copy_slot(w, qid, ent);
}

void add_queue_default(struct world *w, unsigned int qid, struct reg *r)
{
	memset(r, 0, sizeof(*r));
	r->cmd_op = CMD_ADD_QUEUE;
	r->qid = qid;
	r->flags = fuse_of(w)->config.zero_copy ? ADD_QUEUE_ZERO_COPY : 0;
}

void add_bufpool_default(struct world *w, unsigned int qid, struct reg *r)
{
	struct queue_mem *q = queue_mem(w, qid);

	map_pool(w, q);
	memset(r, 0, sizeof(*r));
	r->cmd_op = CMD_ADD_BUFPOOL;
	r->qid = qid;
	r->pool_addr = (uintptr_t)q->pool;
	r->pool_len = (uint32_t)q->pool_len;
	if (fuse_of(w)->config.payload == PAYLOAD_BUFPOOL_FIXED) {
		r->uring_cmd_flags = URING_CMD_FIXED;
		r->buf_index = (uint16_t)pool_slot(qid);
	}
}

void server_unmaps(struct world *w, void *addr, size_t len)
{
	if (steps_on)
		steps_note(w->main, STEP_UNMAP);
	if (queued_on)
		queued_note(QUEUED_ACT, w->main, STEP_UNMAP, addr);
	fs_is_not_asked(w);
	shim_mprotect(w->server_mm, addr, len, 0);
}
