// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file system that a server offers if a scenario does not say otherwise: "f<N>" is
 * inode N, FILE_SIZE bytes of a pattern, and writes are remembered.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/fuse_i.h"

#define MODE_FILE 0100644u
#define MODE_DIR  0040755u

/*
 * FOPEN_DIRECT_IO, _NOFLUSH, _PARALLEL_DIRECT_WRITES: a system call of a client is one
 * request, and closing a file sends none that a task waits for. Only a real kernel's VFS
 * looks at them.
 */
#define OPEN_PLAINLY   ((1u << 0) | (1u << 5) | (1u << 6))
#define OPEN_ZERO_COPY (1u << 8) /* FOPEN_IO_URING_ZERO_COPY */

/* what was written lies over the pattern, the latest write on top */
void fs_read(const struct world *w, uint64_t ino, uint64_t pos, unsigned char *out,
	     uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		out[i] = (unsigned char)(ino * 31 + (pos + i) * 13 +
					 ((pos + i) >> 8) * 7 + 1);
	for (unsigned int i = 0; i < fuse_of(w)->nr_writes; i++) {
		const struct written *x = &fuse_of(w)->writes[i];
		uint64_t from = x->offset > pos ? x->offset : pos;
		uint64_t to =
			x->offset + x->size < pos + n ? x->offset + x->size : pos + n;

		if (x->ino == ino && from < to)
			memcpy(out + (from - pos), x->data + (from - x->offset),
			       to - from);
	}
}

unsigned char file_byte(const struct world *w, uint64_t ino, uint64_t pos)
{
	unsigned char byte;

	fs_read(w, ino, pos, &byte, 1);
	return byte;
}

static void fill_attr(struct abi_attr *attr, uint64_t ino)
{
	memset(attr, 0, sizeof(*attr));
	attr->ino = ino;
	attr->size = ino == 1 ? 0 : FILE_SIZE;
	attr->mode = ino == 1 ? MODE_DIR : MODE_FILE;
	attr->nlink = 1;
	attr->blksize = 4096;
}

static void lookup(const char *name, struct abi_entry_out *out, struct fs_reply *reply)
{
	int ino = name[0] == 'f' ? atoi(name + 1) : 0;

	if (ino < 2) {
		reply->error = -ENOENT;
		return;
	}
	memset(out, 0, sizeof(*out));
	out->nodeid = (abi_u64)ino;
	out->generation = 1;
	fill_attr(&out->attr, out->nodeid);
	reply->size = sizeof(*out);
}

static void getattr(uint64_t ino, struct abi_attr_out *out, struct fs_reply *reply)
{
	memset(out, 0, sizeof(*out));
	fill_attr(&out->attr, ino);
	reply->size = sizeof(*out);
}

static void open_file(const struct world *w, uint64_t ino, struct abi_open_out *out,
		      struct fs_reply *reply)
{
	memset(out, 0, sizeof(*out));
	out->fh = 1000 + ino;
	out->open_flags =
		OPEN_PLAINLY | (fuse_of(w)->config.zero_copy ? OPEN_ZERO_COPY : 0);
	reply->size = sizeof(*out);
}

static void read_file(const struct world *w, uint64_t ino, const struct abi_read_in *in,
		      unsigned char *out, uint32_t size, struct fs_reply *reply)
{
	uint32_t n = in->size < size ? in->size : size;

	if (in->offset >= FILE_SIZE)
		n = 0;
	else if (n > FILE_SIZE - in->offset)
		n = (uint32_t)(FILE_SIZE - in->offset);
	fs_read(w, ino, in->offset, out, n);
	reply->size = n;
}

static void write_file(struct world *w, uint64_t ino, const struct abi_write_in *in,
		       const unsigned char *data, struct abi_write_out *out,
		       struct fs_reply *reply)
{
	unsigned char *copy = world_data(w, in->size);
	abi_u32 size = in->size;

	if (fuse_of(w)->nr_writes == MAX_WRITES)
		world_full("writes that the file system remembers");
	memcpy(copy, data, size);
	fuse_of(w)->writes[fuse_of(w)->nr_writes++] =
		(struct written){ ino, in->offset, size, copy };
	memset(out, 0, sizeof(*out));
	out->size = size;
	reply->size = sizeof(*out);
}

/*
 * Arguments and reply may be the same memory: what is needed of the former is
 * read before the latter is written.
 */
void fs_answer(struct world *w, const struct abi_in_header *in, const void *op_in,
	       const unsigned char *payload_in, unsigned char *payload_out, uint32_t size,
	       struct fs_reply *reply)
{
	uint64_t ino = in->nodeid;

	switch (in->opcode) {
	case OP_LOOKUP:
		lookup((const char *)payload_in, (void *)payload_out, reply);
		break;
	case OP_GETATTR:
		getattr(ino, (void *)payload_out, reply);
		break;
	case OP_OPEN:
		open_file(w, ino, (void *)payload_out, reply);
		break;
	case OP_READ:
		read_file(w, ino, op_in, payload_out, size, reply);
		break;
	case OP_WRITE:
		write_file(w, ino, op_in, payload_in, (void *)payload_out, reply);
		break;
	case OP_FSYNC:
	case OP_NOTIFY_REPLY:
		break;
	default:
		reply->error = -ENOSYS;
		break;
	}
}
