// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file system that a server offers if a scenario does not say otherwise: what it
 * answers to each request, at each version (fs_i.h).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fuse/fs/fs_i.h"

#define MODE_FILE 0100644u
#define MODE_LINK 0120777u
#define MODE_DIR  0040755u

/*
 * FOPEN_DIRECT_IO, _NOFLUSH, _PARALLEL_DIRECT_WRITES: a system call of a client is one
 * request, and closing a file sends none that a task waits for. Only a real kernel's VFS
 * looks at them.
 */
#define OPEN_PLAINLY   ((1u << 0) | (1u << 5) | (1u << 6))
#define OPEN_ZERO_COPY (1u << 8) /* FOPEN_IO_URING_ZERO_COPY */

#define NOREPLACE  1u /* of RENAME2 */
#define SEEK_DATA_ 3u
#define SEEK_HOLE_ 4u
#define POLL_READY 5u /* POLLIN, POLLOUT */

/**
 * struct reply_to - a request that is being answered
 * @name, @to: of @ask->data, copied, as the reply may be written over them; empty: there
 *	is none
 * @rest: what follows the names, @rest_len bytes
 */
struct reply_to {
	const struct world *w;
	unsigned int version;
	const struct fs_ask *ask;
	char name[FS_NAME], to[FS_NAME];
	const unsigned char *rest;
	uint32_t rest_len;
	unsigned char *out;
	uint32_t room;
	struct fs_reply *reply;
	struct written *change;
};

static void fails(struct reply_to *r, int error)
{
	r->reply->error = -error;
	r->reply->size = 0;
	r->change->op = 0;
}

static void changes(struct reply_to *r, uint64_t ino)
{
	struct written *x = r->change;

	x->op = (uint8_t)r->ask->opcode;
	x->ino = ino;
	memcpy(x->name, r->name, sizeof(x->name));
	memcpy(x->to, r->to, sizeof(x->to));
}

/* The whole reply but for what is of variable length: zeroed, as the rest is. */
static void *reply_of(struct reply_to *r, uint32_t size)
{
	memset(r->out, 0, size);
	r->reply->size = size;
	return r->out;
}

/* ---- attributes ---- */

static void fill_attr(const struct reply_to *r, struct abi_attr *attr, uint64_t ino,
		      uint64_t size)
{
	bool link = fs_link_of(r->w, r->version, ino) ||
		    (r->ask->opcode == OP_SYMLINK && ino >= FS_FIRST_LINK);

	memset(attr, 0, sizeof(*attr));
	attr->ino = ino;
	attr->size = size;
	attr->mode = ino == 1 ? MODE_DIR : link ? MODE_LINK : MODE_FILE;
	attr->nlink = 1;
	attr->blksize = 4096;
}

static void fill_entry(struct reply_to *r, struct abi_entry_out *out, uint64_t ino,
		       uint64_t size)
{
	out->nodeid = ino;
	out->generation = 1;
	fill_attr(r, &out->attr, ino, size);
}

static void lookup(struct reply_to *r)
{
	uint64_t ino = fs_lookup(r->w, r->version, r->name);

	if (!ino) {
		fails(r, ENOENT);
		return;
	}
	fill_entry(r, reply_of(r, sizeof(struct abi_entry_out)), ino,
		   fs_size(r->w, r->version, ino));
}

static void getattr(struct reply_to *r)
{
	struct abi_attr_out *out = reply_of(r, sizeof(*out));

	fill_attr(r, &out->attr, r->ask->ino, fs_size(r->w, r->version, r->ask->ino));
}

static void setattr(struct reply_to *r)
{
	const struct abi_setattr_in in = *(const struct abi_setattr_in *)r->ask->op;
	struct abi_attr_out *out = reply_of(r, sizeof(*out));

	if (!(in.valid & SETATTR_SIZE)) {
		getattr(r);
		return;
	}
	changes(r, r->ask->ino);
	r->change->offset = in.size;
	fill_attr(r, &out->attr, r->ask->ino, in.size);
}

static void statfs_(struct reply_to *r)
{
	struct abi_statfs_out *out = reply_of(r, sizeof(*out));

	out->blocks = 1000;
	out->bfree = out->bavail = 500;
	out->files = 100;
	out->ffree = 50;
	out->bsize = out->frsize = 4096;
	out->namelen = FS_NAME - 1;
}

/* ---- names ---- */

static void fill_open(const struct reply_to *r, struct abi_open_out *out, uint64_t ino)
{
	out->fh = 1000 + ino;
	out->open_flags =
		OPEN_PLAINLY | (fuse_of(r->w)->config.zero_copy ? OPEN_ZERO_COPY : 0);
}

static void open_file(struct reply_to *r)
{
	fill_open(r, reply_of(r, sizeof(struct abi_open_out)), r->ask->ino);
}

static void create(struct reply_to *r)
{
	uint64_t ino = fs_lookup(r->w, r->version, r->name);
	struct abi_entry_out *entry;
	uint64_t size = 0;

	if (ino)
		size = fs_size(r->w, r->version, ino);
	else
		changes(r, ino = fs_new_inode(r->name, false));
	entry = reply_of(r, sizeof(*entry) + sizeof(struct abi_open_out));
	fill_entry(r, entry, ino, size);
	fill_open(r, (void *)(entry + 1), ino);
}

static void link_symbolically(struct reply_to *r)
{
	uint64_t ino = fs_new_inode(r->name, true);

	if (fs_lookup(r->w, r->version, r->name)) {
		fails(r, EEXIST);
		return;
	}
	changes(r, ino);
	fill_entry(r, reply_of(r, sizeof(struct abi_entry_out)), ino, strlen(r->to));
}

static void readlink_(struct reply_to *r)
{
	const struct written *link = fs_link_of(r->w, r->version, r->ask->ino);

	if (!link) {
		fails(r, EINVAL);
		return;
	}
	r->reply->size = (uint32_t)strlen(link->to);
	memcpy(r->out, link->to, r->reply->size);
}

static void unlink_(struct reply_to *r)
{
	if (fs_lookup(r->w, r->version, r->name))
		changes(r, r->ask->ino);
	else
		fails(r, ENOENT);
}

static void rename_(struct reply_to *r)
{
	const struct abi_rename2_in *in = r->ask->op;
	uint32_t flags = r->ask->opcode == OP_RENAME2 ? in->flags : 0;

	if (!fs_lookup(r->w, r->version, r->name))
		fails(r, ENOENT);
	else if (flags & ~NOREPLACE)
		fails(r, EINVAL);
	else if (flags && fs_lookup(r->w, r->version, r->to))
		fails(r, EEXIST);
	else if (strcmp(r->name, r->to) != 0)
		changes(r, r->ask->ino);
	if (r->change->op)
		r->change->op = OP_RENAME2;
}

/* Return: bytes; 0: it does not fit behind the first @used */
static uint32_t put_entry(struct reply_to *r, uint32_t used, uint32_t room,
			  const char *name, unsigned int i)
{
	bool plus = r->ask->opcode == OP_READDIRPLUS;
	uint32_t head = plus ? sizeof(struct abi_direntplus) : sizeof(struct abi_dirent);
	uint32_t len = (uint32_t)strlen(name), size = (head + len + 7) & ~7u;
	uint64_t ino = i < 2 ? 1 : fs_lookup(r->w, r->version, name);
	unsigned char *at = r->out + used;
	struct abi_dirent *entry =
		plus ? (void *)(at + sizeof(struct abi_entry_out)) : (void *)at;

	if (used + size > room)
		return 0;
	memset(at, 0, size);
	if (plus && i >= 2)
		fill_entry(r, (void *)at, ino, fs_size(r->w, r->version, ino));
	entry->ino = ino;
	entry->off = i + 1;
	entry->namelen = len;
	entry->type = i < 2 ? 4 : fs_link_of(r->w, r->version, ino) ? 10 : 8;
	memcpy(entry + 1, name, len);
	return size;
}

static uint32_t min_of(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static void readdir_(struct reply_to *r)
{
	const struct abi_read_in in = *(const struct abi_read_in *)r->ask->op;
	uint32_t room = min_of(in.size, r->room), used = 0, size;
	bool end = false;

	for (unsigned int i = in.offset < 1000 ? (unsigned int)in.offset : 1000; !end;
	     i++) {
		const char *name = fs_name_at(r->w, r->version, i, &end);

		if (!name)
			continue;
		size = put_entry(r, used, room, name, i);
		if (!size)
			break;
		used += size;
	}
	r->reply->size = used;
}

/* ---- data ---- */

static void read_file(struct reply_to *r)
{
	const struct abi_read_in in = *(const struct abi_read_in *)r->ask->op;
	uint64_t size = fs_size(r->w, r->version, r->ask->ino);
	uint32_t n = min_of(in.size, r->room);

	if (in.offset >= size)
		n = 0;
	else if (n > size - in.offset)
		n = (uint32_t)(size - in.offset);
	fs_bytes(r->w, r->version, r->ask->ino, in.offset, r->out, n);
	r->reply->size = n;
}

static void write_file(struct reply_to *r)
{
	const struct abi_write_in in = *(const struct abi_write_in *)r->ask->op;
	struct abi_write_out *out = reply_of(r, sizeof(*out));

	out->size = in.size;
	changes(r, r->ask->ino);
	r->change->offset = in.offset;
	r->change->size = in.size;
	r->change->data = r->rest;
}

static void copy(struct reply_to *r)
{
	const struct abi_copy_in in = *(const struct abi_copy_in *)r->ask->op;
	uint64_t size = fs_size(r->w, r->version, r->ask->ino), n = in.len;
	struct abi_copy_out *out = reply_of(r, sizeof(*out));

	if (in.off_in >= size)
		n = 0;
	else if (n > size - in.off_in)
		n = size - in.off_in;
	if (n > FILE_SIZE)
		n = FILE_SIZE;
	out->bytes_copied = n;
	if (!n)
		return;
	changes(r, r->ask->ino);
	r->change->offset = in.off_in;
	r->change->size = (uint32_t)n;
	r->change->to_ino = in.nodeid_out;
	r->change->to_offset = in.off_out;
}

static void seek(struct reply_to *r)
{
	const struct abi_lseek_in in = *(const struct abi_lseek_in *)r->ask->op;
	uint64_t size = fs_size(r->w, r->version, r->ask->ino);
	struct abi_lseek_out *out = reply_of(r, sizeof(*out));

	out->offset = in.whence == SEEK_DATA_ ? in.offset : size;
	if (in.whence != SEEK_DATA_ && in.whence != SEEK_HOLE_)
		fails(r, EINVAL);
	else if (in.offset >= size)
		fails(r, ENXIO);
}

/* What came in goes out, every bit the other way round. */
static void ioctl_(struct reply_to *r)
{
	const struct abi_ioctl_in in = *(const struct abi_ioctl_in *)r->ask->op;
	struct abi_ioctl_out head = { .result = 0 };
	uint32_t n = min_of(in.out_size, r->room - (uint32_t)sizeof(head));
	unsigned char *data = r->out + sizeof(head);
	uint32_t came = min_of(n, r->rest_len);

	memmove(data, r->rest, came);
	memset(data + came, 0, n - came);
	for (uint32_t i = 0; i < n; i++)
		data[i] = (unsigned char)~data[i];
	memcpy(r->out, &head, sizeof(head));
	r->reply->size = (uint32_t)sizeof(head) + n;
}

static void poll_(struct reply_to *r)
{
	const struct abi_poll_in in = *(const struct abi_poll_in *)r->ask->op;
	struct abi_poll_out *out = reply_of(r, sizeof(*out));

	out->revents = in.events & POLL_READY;
}

/* ---- extended attributes ---- */

static void attribute(struct reply_to *r)
{
	uint32_t size = ((const struct abi_getxattr_in *)r->ask->op)->size;
	uint32_t room = min_of(size, r->room);
	long len;

	/* the value that is larger than the payload's memory is none that can be told */
	if (r->ask->opcode == OP_GETXATTR)
		len = fs_xattr(r->w, r->version, r->ask->ino, r->name, r->out, room);
	else
		len = fs_xattr_list(r->w, r->version, r->ask->ino, r->out, room);
	if (len < 0)
		fails(r, room < size ? E2BIG : (int)-len);
	else if (size)
		r->reply->size = (uint32_t)len;
	else
		((struct abi_getxattr_out *)reply_of(r, sizeof(struct abi_getxattr_out)))
			->size = (abi_u32)len;
}

static void set_attribute(struct reply_to *r)
{
	const struct abi_setxattr_in *in = r->ask->op;

	changes(r, r->ask->ino);
	r->change->size = in->size;
	r->change->data = r->rest;
	if (in->size > r->rest_len)
		fails(r, EIO);
}

/* ---- all of them ---- */

static void nothing(struct reply_to *r)
{
	(void)r;
}

/* struct operation - bytes of its header, names behind it, and its function */
static const struct operation {
	uint32_t head, names;
	void (*answer)(struct reply_to *r);
} operations[OP_NR] = {
	[OP_LOOKUP] = { 0, 1, lookup },
	[OP_GETATTR] = { sizeof(struct abi_getattr_in), 0, getattr },
	[OP_SETATTR] = { sizeof(struct abi_setattr_in), 0, setattr },
	[OP_READLINK] = { 0, 0, readlink_ },
	[OP_SYMLINK] = { 0, 2, link_symbolically },
	[OP_UNLINK] = { 0, 1, unlink_ },
	[OP_RENAME] = { sizeof(struct abi_rename_in), 2, rename_ },
	[OP_OPEN] = { sizeof(struct abi_open_in), 0, open_file },
	[OP_READ] = { sizeof(struct abi_read_in), 0, read_file },
	[OP_WRITE] = { sizeof(struct abi_write_in), 0, write_file },
	[OP_STATFS] = { 0, 0, statfs_ },
	[OP_RELEASE] = { sizeof(struct abi_release_in), 0, nothing },
	[OP_FSYNC] = { sizeof(struct abi_fsync_in), 0, nothing },
	[OP_NOTIFY_REPLY] = { 0, 0, nothing },
	[OP_SETXATTR] = { sizeof(struct abi_setxattr_in), 1, set_attribute },
	[OP_GETXATTR] = { sizeof(struct abi_getxattr_in), 1, attribute },
	[OP_LISTXATTR] = { sizeof(struct abi_getxattr_in), 0, attribute },
	[OP_FLUSH] = { sizeof(struct abi_flush_in), 0, nothing },
	[OP_READDIR] = { sizeof(struct abi_read_in), 0, readdir_ },
	[OP_CREATE] = { sizeof(struct abi_create_in), 1, create },
	[OP_IOCTL] = { sizeof(struct abi_ioctl_in), 0, ioctl_ },
	[OP_POLL] = { sizeof(struct abi_poll_in), 0, poll_ },
	[OP_READDIRPLUS] = { sizeof(struct abi_read_in), 0, readdir_ },
	[OP_RENAME2] = { sizeof(struct abi_rename2_in), 2, rename_ },
	[OP_LSEEK] = { sizeof(struct abi_lseek_in), 0, seek },
	[OP_COPY_FILE_RANGE_64] = { sizeof(struct abi_copy_in), 0, copy },
};

uint32_t fs_head(uint32_t opcode)
{
	return opcode < OP_NR ? operations[opcode].head : 0;
}

bool fs_is_known(uint32_t opcode)
{
	return (opcode < OP_NR && operations[opcode].answer) || opcode == OP_FORGET ||
	       opcode == OP_BATCH_FORGET || opcode == OP_INTERRUPT;
}

/* Return: false: there is no name, or one that no scenario gives */
static bool take_name(struct reply_to *r, char *name)
{
	uint32_t n = 0;

	while (n < r->rest_len && r->rest[n])
		n++;
	if (n == r->rest_len || n >= FS_NAME)
		return false;
	memcpy(name, r->rest, n + 1);
	memset(name + n, 0, FS_NAME - n);
	r->rest += n + 1;
	r->rest_len -= n + 1;
	return true;
}

void fs_reply(const struct world *w, unsigned int version, const struct fs_ask *ask,
	      unsigned char *out, uint32_t room, struct fs_reply *reply,
	      struct written *change)
{
	const struct operation *op = &operations[ask->opcode < OP_NR ? ask->opcode : 0];
	struct reply_to r = { .w = w,
			      .version = version,
			      .ask = ask,
			      .rest = ask->data,
			      .rest_len = ask->len,
			      .out = out,
			      .room = room,
			      .reply = reply,
			      .change = change };

	*change = (struct written){ .op = 0 };
	*reply = (struct fs_reply){ 0, 0 };
	if (!op->answer)
		fails(&r, ENOSYS);
	else if ((op->names > 0 && !take_name(&r, r.name)) ||
		 (op->names > 1 && !take_name(&r, r.to)))
		fails(&r, ENAMETOOLONG);
	else
		op->answer(&r);
	if (change->op && version == MAX_WRITES)
		fails(&r, ENOSPC);
}
