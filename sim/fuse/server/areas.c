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

static void map_pool(struct world *w, struct queue_mem *q)
{
	if (q->pool)
		return;
	q->pool_len = (unsigned long)fuse_of(w)->config.buffers * fuse_of(w)->max_payload;
	q->pool = map_at_end(w, q->pool_len);
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
			q->iovs = (void *)map_at_end(w, 2 * MAX_ENTS * sizeof(*q->iovs));
		e->iov = q->iovs + 2 * ent;
		if (fuse_of(w)->config.payload == PAYLOAD_BUFRING) {
			if (!q->headers)
				q->headers =
					map_at_end(w, fuse_of(w)->config.entries *
							      sizeof(struct abi_headers));
			e->headers = q->headers + ent * sizeof(struct abi_headers);
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
		r->flags = REGISTER_BUFRING;
		r->headers = q->headers;
		r->headers_len = fuse_of(w)->config.entries * sizeof(struct abi_headers);
		r->payload = q->pool;
		r->payload_len = q->pool_len;
		r->queue_depth = (uint16_t)fuse_of(w)->config.entries;
		r->buf_size = fuse_of(w)->max_payload;
		r->buf_index = (uint16_t)ent;
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
