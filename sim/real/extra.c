// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that are not in a scenario: a client cannot read a file that it has not looked
 * up and opened. It does so under separate names, "x7" for inode 7. These requests, those
 * of closing files, and whatever else the VFS sends, are answered here: the world sees
 * the scenario's requests only.
 */
#include <string.h>
#include <unistd.h>

#include "real/real.h"

#define OP_RELEASE 18
#define OP_DESTROY 38
#define FOR_EVER   100000

/* Is it one of those, by opcode and arguments? */
static bool is_extra(uint32_t opcode, const void *op_in, const void *name)
{
	const struct abi_open_in *open_in = op_in;

	switch (opcode) {
	case OP_LOOKUP:
		return *(const char *)name == 'x';
	case OP_OPEN:
		return open_in->flags & EXTRA_OPEN_FLAG;
	case OP_GETATTR:
	case OP_READ:
	case OP_WRITE:
	case OP_FSYNC:
	case OP_FORGET:
	case OP_BATCH_FORGET:
	case OP_INTERRUPT:
		return false;
	default:
		return true;
	}
}

/* valid for ever: the kernel does not ask again */
static void keep_for_ever(uint32_t opcode, void *reply)
{
	struct abi_entry_out *entry = reply;

	if (opcode == OP_LOOKUP)
		entry->entry_valid = entry->attr_valid = FOR_EVER;
}

bool extra_answer(struct world *w, struct fuse_command *c, struct uring_sqe *sqe)
{
	struct entry_mem *e = entry_mem(w, c->pub.qid, c->pub.ent);
	struct abi_headers *h = (void *)e->headers;
	struct abi_cmd_req *req = (void *)sqe->cmd;
	struct delivery d;
	struct answer a;

	delivery_look(w, &c->pub, e, &d);
	if (!is_extra(d.opcode, h->op_in, d.payload))
		return false;
	if (d.opcode == OP_LOOKUP)
		d.payload[0] = 'f';
	answer_default(w, &d, &a);
	if (d.opcode == OP_RELEASE)
		a.error = 0;
	if (!a.error)
		keep_for_ever(d.opcode, d.payload);
	answer_put(&d, &a);
	sqe->opcode = URING_OP_URING_CMD;
	sqe->fd = fuse_of(w)->dev_fd;
	sqe->cmd_op = CMD_COMMIT_AND_FETCH;
	sqe->uring_cmd_flags = a.uring_cmd_flags;
	sqe->buf_index = a.buf_index;
	req->commit_id = a.commit_id;
	req->qid = (abi_u16)a.qid;
	return true;
}

bool extra_answer_dev(struct world *w, int fd, const void *request)
{
	static struct {
		struct abi_out_header header;
		unsigned char data[4096];
	} reply;
	const struct abi_in_header *in = request;
	char name[16];
	struct fs_reply r = { 0, 0 };

	if (in->opcode == OP_INIT || !is_extra(in->opcode, in + 1, in + 1))
		return false;
	if (in->opcode == OP_LOOKUP) {
		strncpy(name, (const char *)(in + 1), sizeof(name) - 1);
		name[sizeof(name) - 1] = 0;
		name[0] = 'f';
	}
	fs_answer(w, in, in + 1, (const void *)name, reply.data, sizeof(reply.data), &r);
	if (in->opcode == OP_RELEASE)
		r.error = 0;
	if (!r.error)
		keep_for_ever(in->opcode, reply.data);
	reply.header.len = (abi_u32)sizeof(reply.header) + r.size;
	reply.header.error = r.error;
	reply.header.unique = in->unique;
	return write(fd, &reply, reply.header.len) > 0;
}
