// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every request that a client's system call becomes, as a table: what dir.c, file.c,
 * readdir.c, xattr.c, ioctl.c and poll.c of a kernel fill in, and the results they take.
 */
#include <stddef.h>
#include <string.h>

#include "fuse/client/client_i.h"

#define ADD_ENTRY	sizeof(struct abi_entry_out)
#define NAMES_ALONE	(SHAPE_NAME | SHAPE_NO_HEADER)
#define READS_PAGES	(SHAPE_PAGES_OUT | SHAPE_ZEROING | SHAPE_IN_PAGE)
#define DATA_OR_SIZE(x) sizeof(struct abi_getxattr_##x)

static const struct shape shapes[OP_NR] = {
	[OP_LOOKUP] = { "lookup", NULL, 0, { ADD_ENTRY }, NAMES_ALONE | SHAPE_LAST_NAME },
	[OP_GETATTR] = { "stat",
			 NULL,
			 sizeof(struct abi_getattr_in),
			 { sizeof(struct abi_attr_out) },
			 0 },
	[OP_SETATTR] = { "truncate",
			 NULL,
			 sizeof(struct abi_setattr_in),
			 { sizeof(struct abi_attr_out) },
			 0 },
	[OP_READLINK] = { "readlink", NULL, 0, { 0 }, SHAPE_PAGES_OUT | SHAPE_ZEROING },
	[OP_SYMLINK] = { "symlink", NULL, 0, { ADD_ENTRY }, NAMES_ALONE | SHAPE_TO },
	[OP_UNLINK] = { "unlink", NULL, 0, { 0 }, NAMES_ALONE },
	[OP_OPEN] = { "open",
		      NULL,
		      sizeof(struct abi_open_in),
		      { sizeof(struct abi_open_out) },
		      0 },
	[OP_READ] = { "read",
		      "readahead",
		      sizeof(struct abi_read_in),
		      { 0 },
		      READS_PAGES },
	[OP_WRITE] = { "write",
		       "writeback",
		       sizeof(struct abi_write_in),
		       { sizeof(struct abi_write_out) },
		       SHAPE_PAGES_IN | SHAPE_IN_PAGE },
	[OP_STATFS] = { "statfs", NULL, 0, { sizeof(struct abi_statfs_out) }, 0 },
	[OP_RELEASE] = { "close",
			 "close",
			 sizeof(struct abi_release_in),
			 { 0 },
			 SHAPE_FORCE | SHAPE_NOCREDS },
	[OP_FSYNC] = { "fsync", NULL, sizeof(struct abi_fsync_in), { 0 }, 0 },
	[OP_SETXATTR] = { "setxattr",
			  NULL,
			  sizeof(struct abi_setxattr_in),
			  { 0 },
			  SHAPE_NAME | SHAPE_DATA_IN },
	[OP_GETXATTR] = { "getxattr",
			  NULL,
			  DATA_OR_SIZE(in),
			  { DATA_OR_SIZE(out) },
			  SHAPE_NAME | SHAPE_DATA_OUT },
	[OP_LISTXATTR] = { "listxattr",
			   NULL,
			   DATA_OR_SIZE(in),
			   { DATA_OR_SIZE(out) },
			   SHAPE_DATA_OUT },
	[OP_FLUSH] = { "flush", NULL, sizeof(struct abi_flush_in), { 0 }, SHAPE_FORCE },
	[OP_READDIR] = { "getdents",
			 NULL,
			 sizeof(struct abi_read_in),
			 { 0 },
			 SHAPE_PAGES_OUT },
	[OP_READDIRPLUS] = { "getdents",
			     NULL,
			     sizeof(struct abi_read_in),
			     { 0 },
			     SHAPE_PAGES_OUT },
	[OP_CREATE] = { "creat",
			NULL,
			sizeof(struct abi_create_in),
			{ ADD_ENTRY, sizeof(struct abi_open_out) },
			SHAPE_NAME },
	[OP_IOCTL] = { "ioctl",
		       NULL,
		       sizeof(struct abi_ioctl_in),
		       { sizeof(struct abi_ioctl_out) },
		       SHAPE_PAGES_IN | SHAPE_PAGES_OUT },
	[OP_POLL] = { "poll",
		      NULL,
		      sizeof(struct abi_poll_in),
		      { sizeof(struct abi_poll_out) },
		      0 },
	[OP_RENAME] = { "rename",
			NULL,
			sizeof(struct abi_rename_in),
			{ 0 },
			SHAPE_NAME | SHAPE_TO },
	[OP_RENAME2] = { "renameat2",
			 NULL,
			 sizeof(struct abi_rename2_in),
			 { 0 },
			 SHAPE_NAME | SHAPE_TO },
	[OP_LSEEK] = { "lseek",
		       NULL,
		       sizeof(struct abi_lseek_in),
		       { sizeof(struct abi_lseek_out) },
		       0 },
	[OP_COPY_FILE_RANGE_64] = { "copy_file_range",
				    NULL,
				    sizeof(struct abi_copy_in),
				    { sizeof(struct abi_copy_out) },
				    0 },
};

const struct shape *shape_of(uint32_t opcode)
{
	return opcode < OP_NR && shapes[opcode].syscall ? &shapes[opcode] : NULL;
}

bool opcode_has_payload(uint32_t opcode)
{
	const unsigned int data = SHAPE_NAME | SHAPE_DATA_IN | SHAPE_DATA_OUT |
				  SHAPE_PAGES_IN | SHAPE_PAGES_OUT;
	const struct shape *s = shape_of(opcode);

	return s && (s->out[0] || s->has & data);
}

/* ---- headers ---- */

/* struct field - a field of a header, and where its value is in struct call */
struct field {
	uint8_t opcode, at, width, from;
};

#define FIELD(op, type, name, value)                                        \
	{                                                                   \
		op, offsetof(struct abi_##type, name),                      \
			sizeof(((struct abi_##type *)NULL)->name), (value), \
	}

enum { OFFSET, SIZE, NUMBER, TO_INO, TO_OFFSET, SIZE_OUT };

static const struct field fields[] = {
	FIELD(OP_SETATTR, setattr_in, size, OFFSET),
	FIELD(OP_OPEN, open_in, flags, NUMBER),
	FIELD(OP_READ, read_in, offset, OFFSET),
	FIELD(OP_READ, read_in, size, SIZE),
	FIELD(OP_WRITE, write_in, offset, OFFSET),
	FIELD(OP_WRITE, write_in, size, SIZE),
	FIELD(OP_SETXATTR, setxattr_in, size, SIZE),
	FIELD(OP_GETXATTR, getxattr_in, size, SIZE),
	FIELD(OP_LISTXATTR, getxattr_in, size, SIZE),
	FIELD(OP_READDIR, read_in, offset, OFFSET),
	FIELD(OP_READDIR, read_in, size, SIZE),
	FIELD(OP_READDIRPLUS, read_in, offset, OFFSET),
	FIELD(OP_READDIRPLUS, read_in, size, SIZE),
	FIELD(OP_CREATE, create_in, flags, NUMBER),
	FIELD(OP_IOCTL, ioctl_in, cmd, NUMBER),
	FIELD(OP_IOCTL, ioctl_in, in_size, SIZE),
	FIELD(OP_IOCTL, ioctl_in, out_size, SIZE),
	FIELD(OP_POLL, poll_in, events, NUMBER),
	FIELD(OP_RENAME, rename_in, newdir, TO_INO),
	FIELD(OP_RENAME2, rename2_in, newdir, TO_INO),
	FIELD(OP_RENAME2, rename2_in, flags, NUMBER),
	FIELD(OP_LSEEK, lseek_in, offset, OFFSET),
	FIELD(OP_LSEEK, lseek_in, whence, NUMBER),
	FIELD(OP_COPY_FILE_RANGE_64, copy_in, off_in, OFFSET),
	FIELD(OP_COPY_FILE_RANGE_64, copy_in, nodeid_out, TO_INO),
	FIELD(OP_COPY_FILE_RANGE_64, copy_in, off_out, TO_OFFSET),
	FIELD(OP_COPY_FILE_RANGE_64, copy_in, len, SIZE),
};

static void fill_header(struct call *c)
{
	const uint64_t values[] = { c->offset, c->size, c->number, c->to_ino,
				    c->to_offset };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct field *f = &fields[i];

		/* a machine with the lowest byte first, as all of the simulator's */
		if (f->opcode == c->opcode)
			memcpy(c->in + f->at, &values[f->from], f->width);
	}
	if (c->opcode == OP_SETATTR)
		((struct abi_setattr_in *)c->in)->valid = SETATTR_SIZE;
}

/* ---- arguments ---- */

static void add_in(struct call *c, const void *value, uint32_t size)
{
	c->req.in[c->req.in_nr] = value;
	c->req.in_size[c->req.in_nr++] = size;
}

static void add_out(struct call *c, void *value, uint32_t size)
{
	c->req.out[c->req.out_nr] = value;
	c->req.out_size[c->req.out_nr++] = size;
}

static void add_names(struct call *c, unsigned int has)
{
	if (has & SHAPE_NAME)
		add_in(c, c->name, (uint32_t)strlen(c->name) + !(has & SHAPE_LAST_NAME));
	if (has & SHAPE_LAST_NAME)
		add_in(c, "", 1);
	if (has & SHAPE_TO)
		add_in(c, c->to, (uint32_t)strlen(c->to) + 1);
}

static void add_pages(struct call *c, unsigned int has)
{
	struct fs_request *r = &c->req;

	r->pages_in = has & SHAPE_PAGES_IN && c->size;
	r->pages_out = has & SHAPE_PAGES_OUT;
	if (!r->pages_in && !r->pages_out)
		return;
	r->pages = c->data;
	r->pages_size = c->data_size;
	r->pages_in_size = c->size;
	r->page_zeroing = has & SHAPE_ZEROING;
	r->out_argvar |= r->pages_out;
	if (has & SHAPE_IN_PAGE) {
		r->pages_offset = (uint32_t)(c->offset % 4096);
		r->zero_copy = fuse_of(c->actor->w)->config.zero_copy;
	}
}

void call_takes_shape(struct call *c)
{
	const struct shape *s = shape_of(c->opcode);
	bool data_out = s->has & SHAPE_DATA_OUT && c->size;
	unsigned char *out = c->out;

	fill_header(c);
	if (s->head || s->has & SHAPE_NO_HEADER)
		add_in(c, s->head ? c->in : NULL, s->head);
	add_names(c, s->has);
	if (s->has & SHAPE_DATA_IN)
		add_in(c, c->data, c->size);
	for (unsigned int i = 0; i < 2 && s->out[i] && !data_out; i++) {
		add_out(c, out, s->out[i]);
		out += s->out[i];
	}
	if (data_out) {
		add_out(c, c->data, c->size);
		c->req.out_argvar = true;
	}
	add_pages(c, s->has);
	c->req.force = s->has & SHAPE_FORCE;
	c->req.nocreds = s->has & SHAPE_NOCREDS;
}

/* ---- results ---- */

static void takes_entry(struct call *c)
{
	const struct abi_entry_out *entry = (const void *)c->out;

	c->ino = entry->nodeid;
	c->attr_size = entry->attr.size;
}

void call_takes_result(struct call *c)
{
	const void *out = c->out;

	switch (c->opcode) {
	case OP_LOOKUP:
	case OP_SYMLINK:
		takes_entry(c);
		break;
	case OP_CREATE:
		takes_entry(c);
		c->fh = ((const struct abi_open_out *)(c->out +
						       sizeof(struct abi_entry_out)))
				->fh;
		break;
	case OP_GETATTR:
	case OP_SETATTR:
		c->attr_size = ((const struct abi_attr_out *)out)->attr.size;
		break;
	case OP_OPEN:
		c->fh = ((const struct abi_open_out *)out)->fh;
		break;
	case OP_WRITE:
		c->ret = ((const struct abi_write_out *)out)->size;
		break;
	case OP_GETXATTR:
	case OP_LISTXATTR:
		c->ret = c->size ? c->req.out_len
				 : ((const struct abi_getxattr_out *)out)->size;
		break;
	case OP_POLL:
		c->ret = ((const struct abi_poll_out *)out)->revents;
		break;
	case OP_LSEEK:
		c->ret = (long)((const struct abi_lseek_out *)out)->offset;
		break;
	case OP_IOCTL:
		c->ret = ((const struct abi_ioctl_out *)out)->result;
		break;
	case OP_COPY_FILE_RANGE_64:
		c->ret = (long)((const struct abi_copy_out *)out)->bytes_copied;
		break;
	default:
		if (c->req.pages_out)
			c->ret = c->req.out_len;
		break;
	}
}
