// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file system at a version: sizes, bytes and names, from the changes that came
 * before.
 */
#include <stdlib.h>
#include <string.h>

#include "fuse/fs/fs_i.h"

#define LISTED_FROM 2u /* "f2" to "f9" are listed */
#define LISTED	    8u

static const struct written *change_nr(const struct world *w, unsigned int i)
{
	return &fuse_of(w)->writes[i];
}

/* ---- sizes ---- */

/* also of numbers that a file may be created with: until then it is a file like others */
static uint64_t first_size(uint64_t ino)
{
	return ino > 1 ? FILE_SIZE : 0;
}

static uint64_t max_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t size_after(const struct written *x, uint64_t ino, uint64_t size)
{
	switch (x->op) {
	case OP_WRITE:
		return x->ino == ino ? max_of(size, x->offset + x->size) : size;
	case OP_SETATTR:
		return x->ino == ino ? x->offset : size;
	case OP_CREATE:
		return x->ino == ino ? 0 : size;
	case OP_SYMLINK:
		return x->ino == ino ? strlen(x->to) : size;
	case OP_COPY_FILE_RANGE_64:
		return x->to_ino == ino ? max_of(size, x->to_offset + x->size) : size;
	default:
		return size;
	}
}

uint64_t fs_size(const struct world *w, unsigned int version, uint64_t ino)
{
	uint64_t size = first_size(ino);

	for (unsigned int i = 0; i < version; i++)
		size = size_after(change_nr(w, i), ino, size);
	return size;
}

/* ---- bytes ---- */

/* by blocks of 256, so that the compiler takes many at once */
static void first_bytes(uint64_t ino, uint64_t pos, unsigned char *out, uint32_t n)
{
	while (n) {
		const uint32_t left = 256 - (uint32_t)(pos & 255),
			       nr = n < left ? n : left;
		const uint8_t first = (uint8_t)(ino * 31 + pos * 13 + (pos >> 8) * 7 + 1);

		for (uint32_t i = 0; i < nr; i++)
			out[i] = (uint8_t)(first + (uint8_t)i * 13u);
		pos += nr;
		out += nr;
		n -= nr;
	}
}

/* struct part - where a change of @size bytes at @offset meets what is asked for */
struct part {
	uint64_t from, to;
};

static bool meets(uint64_t offset, uint64_t size, uint64_t pos, uint32_t n,
		  struct part *part)
{
	part->from = max_of(offset, pos);
	part->to = offset + size < pos + n ? offset + size : pos + n;
	return part->from < part->to;
}

/* what was changed lies over what was there, the latest on top */
void fs_bytes(const struct world *w, unsigned int version, uint64_t ino, uint64_t pos,
	      unsigned char *out, uint32_t n)
{
	struct part p;

	first_bytes(ino, pos, out, n);
	for (unsigned int i = 0; i < version; i++) {
		const struct written *x = change_nr(w, i);

		if (x->op == OP_WRITE && x->ino == ino &&
		    meets(x->offset, x->size, pos, n, &p))
			memcpy(out + (p.from - pos), x->data + (p.from - x->offset),
			       p.to - p.from);
		else if (((x->op == OP_SETATTR && x->ino == ino) ||
			  (x->op == OP_CREATE && x->ino == ino)) &&
			 meets(x->offset, ~0ull - x->offset - 1, pos, n, &p))
			memset(out + (p.from - pos), 0, p.to - p.from);
		else if (x->op == OP_COPY_FILE_RANGE_64 && x->to_ino == ino &&
			 meets(x->to_offset, x->size, pos, n, &p))
			fs_bytes(w, i, x->ino, x->offset + (p.from - x->to_offset),
				 out + (p.from - pos), (uint32_t)(p.to - p.from));
	}
}

void fs_read(const struct world *w, uint64_t ino, uint64_t pos, unsigned char *out,
	     uint32_t n)
{
	fs_bytes(w, fuse_of(w)->nr_writes, ino, pos, out, n);
}

unsigned char file_byte(const struct world *w, uint64_t ino, uint64_t pos)
{
	unsigned char byte;

	fs_read(w, ino, pos, &byte, 1);
	return byte;
}

/* ---- names ---- */

static uint64_t first_inode(const char *name)
{
	int ino = name[0] == 'f' ? atoi(name + 1) : 0;

	return ino < 2 ? 0 : (uint64_t)ino;
}

/* "n<N>" has a number of its own; all other names share what is left of them */
uint64_t fs_new_inode(const char *name, bool link)
{
	unsigned int nr = 10, sum = 0;

	if (name[0] == 'n' && name[1] >= '0' && name[1] <= '9' && !name[2])
		nr = (unsigned int)(name[1] - '0');
	for (const char *p = name; nr >= 10 && *p; p++)
		sum = sum * 31 + (unsigned char)*p;
	if (nr >= 10)
		nr += sum % 6;
	return (link ? FS_FIRST_LINK : FS_FIRST_NEW) + nr;
}

/* back through the changes: which name it had before each */
uint64_t fs_lookup(const struct world *w, unsigned int version, const char *name)
{
	while (version) {
		const struct written *x = change_nr(w, --version);

		if ((x->op == OP_CREATE || x->op == OP_SYMLINK) && !strcmp(x->name, name))
			return x->ino;
		if (x->op == OP_UNLINK && !strcmp(x->name, name))
			return 0;
		if (x->op != OP_RENAME2)
			continue;
		if (!strcmp(x->to, name))
			name = x->name;
		else if (!strcmp(x->name, name))
			return 0;
	}
	return first_inode(name);
}

const struct written *fs_link_of(const struct world *w, unsigned int version,
				 uint64_t ino)
{
	while (ino >= FS_FIRST_LINK && version) {
		const struct written *x = change_nr(w, --version);

		if (x->op == OP_SYMLINK && x->ino == ino)
			return x;
	}
	return NULL;
}

/* "n1" is given by the change that gave it last; "f2" to "f9" are listed anyway */
static const char *given_name(const struct world *w, unsigned int version, unsigned int i)
{
	const struct written *x = change_nr(w, i);
	const char *name = x->op == OP_RENAME2			       ? x->to
			   : x->op == OP_CREATE || x->op == OP_SYMLINK ? x->name
								       : NULL;

	if (!name || !fs_lookup(w, version, name) ||
	    (first_inode(name) >= LISTED_FROM &&
	     first_inode(name) < LISTED_FROM + LISTED))
		return NULL;
	for (unsigned int k = i + 1; k < version; k++) {
		const struct written *later = change_nr(w, k);

		if ((later->op == OP_RENAME2 && !strcmp(later->to, name)) ||
		    ((later->op == OP_CREATE || later->op == OP_SYMLINK) &&
		     !strcmp(later->name, name)))
			return NULL;
	}
	return name;
}

const char *fs_name_at(const struct world *w, unsigned int version, unsigned int i,
		       bool *end)
{
	static const char *const first[] = { ".",  "..", "f2", "f3", "f4",
					     "f5", "f6", "f7", "f8", "f9" };
	const unsigned int nr = sizeof(first) / sizeof(first[0]);

	*end = i >= nr + version;
	if (*end)
		return NULL;
	if (i >= nr)
		return given_name(w, version, i - nr);
	return i < 2 || fs_lookup(w, version, first[i]) ? first[i] : NULL;
}
