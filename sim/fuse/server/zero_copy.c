// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of a zero-copied request, as servers reach them: with READ_FIXED and WRITE_FIXED
 * of a file, alone or with the answer linked behind it.
 */
#include <string.h>

#include "detect/race.h"
#include "fuse/fs/fs_i.h"

/* In the slot of one that was answered there may be another request by now. */
static bool can_copy(struct world *w, const struct delivery *d)
{
	if (!d->arrived || d->cqe_res || !(d->ent_flags & ENT_ZERO_COPY))
		return false;
	if (d->answered)
		fs_is_not_asked(w);
	return true;
}

/* a server moves no more of a READ than the file has */
static uint32_t size_in_file(struct world *w, const struct delivery *d,
			     const struct abi_read_in *in)
{
	uint64_t size = fs_size(w, fuse_of(w)->nr_writes, d->nodeid);

	if (d->opcode != OP_READ)
		return in->size; /* struct abi_write_in has it at the same place */
	if (in->offset >= size)
		return 0;
	return in->size < size - in->offset ? in->size : (uint32_t)(size - in->offset);
}

/* What the file holds: of a READ its bytes, of a WRITE room for what is written. */
static unsigned char *file_memory(struct world *w, const struct delivery *d,
				  uint32_t *size)
{
	const struct abi_headers *h = (const void *)d->headers;
	const struct abi_read_in *in = (const void *)h->op_in;
	unsigned char *mem;

	*size = size_in_file(w, d, in);
	if (*size > FILE_SIZE || *size > world_data_left(w)) {
		fs_is_not_asked(w);
		*size = 0;
	}
	mem = world_data(w, *size);
	if (d->opcode == OP_READ)
		fs_read(w, d->nodeid, in->offset, mem, *size);
	return mem;
}

static void put_sqe(struct actor *t, const struct fuse_command *c, unsigned char *mem,
		    uint32_t size, unsigned int flags)
{
	const struct delivery *d = c->delivery;
	struct uring_sqe *sqe = ring_sqe(t, (struct command *)&c->pub, -1);

	uring_prep_fixed(ring_of(t), sqe, zero_copy_slot(t->w, d->qid, d->ent), 0, mem,
			 size, d->opcode == OP_READ, c->copied == COPY_BY_DEVICE);
	sqe->flags = (unsigned char)(flags |
				     (c->copied == COPY_BY_WORKER ? URING_SQE_ASYNC : 0));
	command_issue(t, (struct command *)&c->pub);
}

static void job_copy(struct actor *t, void *arg)
{
	struct fuse_command *c = arg;
	unsigned char *mem;
	uint32_t size;

	if (!can_copy(t->w, c->delivery))
		return;
	mem = file_memory(t->w, c->delivery, &size);
	put_sqe(t, c, mem, size, 0);
	ring_submit(t, 1);
	ring_reap(t, NULL);
}

struct submit *server_copies(struct actor *t, struct delivery *d, enum copied how)
{
	struct fuse_command *c = command_new(t, 0, 0, 0);

	c->delivery = d;
	c->copied = how;
	actor_steps(t, STEP_COPY, job_copy, c);
	return &c->pub;
}

/* ---- with the answer behind it ---- */

static void remember_write(struct world *w, const struct delivery *d,
			   const unsigned char *mem, uint32_t size)
{
	const struct abi_headers *h = (const void *)d->headers;
	const struct abi_write_in *in = (const void *)h->op_in;
	struct fuse *f = fuse_of(w);

	if (f->nr_writes == MAX_WRITES)
		world_full("writes");
	f->writes[f->nr_writes++] = (struct written){ .op = OP_WRITE,
						      .ino = d->nodeid,
						      .offset = in->offset,
						      .size = size,
						      .data = mem };
}

/* the reply's own bytes: none of a READ, whose pages are filled by the copy */
static uint32_t put_reply(const struct delivery *d, uint32_t size)
{
	const struct abi_write_out out = { .size = size };

	if (d->opcode == OP_READ)
		return size;
	if (d->payload)
		memcpy(d->payload, &out, sizeof(out));
	return (uint32_t)sizeof(out);
}

static void job_linked(struct actor *t, void *arg)
{
	struct fuse_command *c = arg, *copy = c->linked;
	struct delivery *d = c->delivery;
	unsigned char *mem;
	uint32_t size, bytes;

	if (!can_copy(t->w, d))
		return;
	/* another thread may submit one of the two alone: what is linked ends with a
	 * submission */
	if (ring_holder(t)->shared)
		fs_is_not_asked(t->w);
	mem = file_memory(t->w, d, &size);
	if (d->opcode == OP_WRITE)
		remember_write(t->w, d, mem, size);
	bytes = put_reply(d, size);
	c->answer = (struct answer){
		.commit_id = d->commit_id,
		.unique = d->unique,
		.payload_sz = bytes,
		.out_len = (uint32_t)sizeof(struct abi_out_header) + bytes,
		.qid = d->qid,
	};
	c->pub.qid = d->qid;
	c->pub.ent = d->ent;
	c->pub.commit_id = d->commit_id;
	answer_put(d, &c->answer);
	d->answered = true;
	put_sqe(t, copy, mem, size, URING_SQE_IO_LINK);
	commit_sqe(t, c);
	command_issue(t, (struct command *)&c->pub);
	ring_submit(t, 2);
	ring_reap(t, NULL);
}

struct submit *server_answers_linked(struct actor *t, struct delivery *d, enum copied how)
{
	struct fuse_command *c = command_new(t, CMD_COMMIT_AND_FETCH, d->qid, d->ent);
	struct fuse_command *copy = command_new(t, 0, 0, 0);

	c->delivery = copy->delivery = d;
	copy->copied = how;
	c->linked = copy;
	actor_steps(t, STEP_LINKED, job_linked, c);
	return &c->pub;
}

/*
 * A thread that answers under another's number may have ended the request meanwhile, and
 * its client has the pages back: that is the server's race, and none of the kernel's.
 */
void copy_pages(struct actor *t, unsigned int slot, void *mem, size_t len, int to_pages)
{
	bool servers = fuse_of(t->w)->answers_changed;

	if (servers)
		race_ignore(1);
	uring_fixed_copy(server_ring(t), slot, 0, mem, len, to_pages);
	if (servers)
		race_ignore(-1);
}
