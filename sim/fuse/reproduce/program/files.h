/* SPDX-License-Identifier: GPL-2.0-only */
/* A file system: f<N> is inode N, a megabyte of the same byte. */

#define FILE_BYTES (1u << 20)

static void fill_attr(struct attr *a, uint64_t ino)
{
	memset(a, 0, sizeof(*a));
	a->ino = ino;
	a->size = ino == 1 ? 0 : FILE_BYTES;
	a->mode = ino == 1 ? S_IFDIR | 0755 : S_IFREG | 0644;
	a->nlink = 1;
	a->blksize = 4096;
}

static long reply_entry(const char *name, struct entry_out *out)
{
	int ino = name[0] == 'f' ? atoi(name + 1) : 0;

	if (ino < 2)
		return -ENOENT;
	memset(out, 0, sizeof(*out));
	out->nodeid = (uint64_t)ino;
	out->generation = 1;
	fill_attr(&out->attr, out->nodeid);
	return sizeof(*out);
}

/* Return: how long the data is that was put into @data, or an error */
static long reply(uint32_t opcode, uint64_t ino, const void *op_in, unsigned char *data)
{
	const struct io_in *io = op_in;
	struct attr_out *attr = (void *)data;
	struct open_out *open = (void *)data;

	switch (opcode) {
	case LOOKUP:
		return reply_entry((const char *)data, (void *)data);
	case GETATTR:
		memset(attr, 0, sizeof(*attr));
		fill_attr(&attr->attr, ino);
		return sizeof(*attr);
	case OPEN:
		/* direct I/O, no FLUSH, writes side by side */
		*open = (struct open_out){ .fh = 1000 + ino,
					   .flags = 1 | 1 << 5 | 1 << 6 };
		return sizeof(*open);
	case READ:
		memset(data, 'x', io->size);
		return io->size;
	case WRITE:
		memset(data, 0, 8);
		memcpy(data, &io->size, 4);
		return 8;
	case FSYNC:
	case RELEASE:
		return 0;
	default:
		return -ENOSYS;
	}
}
