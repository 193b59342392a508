// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that are not in a scenario: a client cannot read a file that it has not looked
 * up and opened. It does so under separate names, "x7" for inode 7. These requests, those
 * of closing files, and whatever else the VFS sends, are answered here: the world sees
 * the scenario's requests only.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "real/real.h"

#define OP_OPENDIR    27
#define OP_RELEASEDIR 29
#define FOR_EVER      100000

/* Is it one of those, by opcode and arguments? */
static bool is_extra(uint32_t opcode, const void *op_in, const void *name)
{
	const struct abi_open_in *open_in = op_in;
	const struct abi_release_in *release_in = op_in;

	switch (opcode) {
	case OP_LOOKUP:
		return *(const char *)name == EXTRA_NAME;
	case OP_OPEN:
		return open_in->flags & EXTRA_OPEN_FLAG;
	case OP_RELEASE:
		return !(release_in->flags & WANTED_RELEASE);
	case OP_GETXATTR: /* "security.*", which the VFS asks for by itself */
		return *(const char *)name != 'u';
	default:
		return opcode >= OP_NR || !fs_is_known(opcode);
	}
}

/*
 * Names that were given EXTRA_NAME, for the kernel's own lookups: without it where they
 * are created, moved and removed, and as the inode's name where they are looked up.
 */
static void name_it_well(uint32_t opcode, unsigned char *data, uint32_t len)
{
	unsigned char *name = data, *end = data + len;
	unsigned int names = opcode == OP_RENAME || opcode == OP_RENAME2 ? 2 : 1;

	if (opcode == OP_LOOKUP && name[1] >= '0' && name[1] <= '9') {
		name[0] = 'f';
		return;
	}
	for (; names && name < end; names--) {
		if (*name == EXTRA_NAME) {
			memmove(name, name + 1, (size_t)(end - name - 1));
			end[-1] = 0;
		}
		name += strnlen((char *)name, (size_t)(end - name)) + 1;
	}
}

static bool has_extra_name(uint32_t opcode)
{
	return opcode == OP_CREATE || opcode == OP_SYMLINK || opcode == OP_UNLINK ||
	       opcode == OP_RENAME || opcode == OP_RENAME2;
}

/* closing succeeds, folders are opened without a handle, and nothing has capabilities */
static int error_of(uint32_t opcode, int error)
{
	if (opcode == OP_GETXATTR)
		return -ENODATA;
	return opcode == OP_RELEASE || opcode == OP_RELEASEDIR ? 0 : error;
}

/* valid for ever: the kernel does not ask again; what is made later may go */
static void keep_for_ever(uint32_t opcode, void *reply)
{
	struct abi_entry_out *entry = reply;

	if (opcode == OP_LOOKUP && entry->nodeid < FS_FIRST_NEW)
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
	if (has_extra_name(d.opcode))
		name_it_well(d.opcode, d.payload, d.payload_sz);
	if (!is_extra(d.opcode, h->op_in, d.payload))
		return false;
	if (d.opcode == OP_LOOKUP)
		name_it_well(d.opcode, d.payload, d.payload_sz);
	answer_default(w, &d, &a);
	a.error = error_of(d.opcode, a.error);
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
	unsigned char *data = (unsigned char *)(uintptr_t)(in + 1) + fs_head(in->opcode);
	uint32_t head = (uint32_t)sizeof(*in) + fs_head(in->opcode);
	struct fs_reply r = { 0, 0 };

	if (has_extra_name(in->opcode))
		name_it_well(in->opcode, data, in->len - head);
	if (in->opcode == OP_INIT || !is_extra(in->opcode, in + 1, data))
		return false;
	if (in->opcode == OP_LOOKUP)
		name_it_well(in->opcode, data, in->len - head);
	fs_answer(w, in, in + 1, data, reply.data, sizeof(reply.data), &r);
	r.error = error_of(in->opcode, r.error);
	if (!r.error)
		keep_for_ever(in->opcode, reply.data);
	reply.header.len = (abi_u32)sizeof(reply.header) + r.size;
	reply.header.error = r.error;
	reply.header.unique = in->unique;
	return write(fd, &reply, reply.header.len) > 0;
}
