// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes of the file system: "user.s<N>" is there on every inode, N bytes
 * of a pattern, until it is set.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/fs/fs_i.h"

#define SIZED "user.s"

static const struct written *set_by(const struct world *w, unsigned int version,
				    uint64_t ino, const char *name)
{
	while (version) {
		const struct written *x = &fuse_of(w)->writes[--version];

		if (x->op == OP_SETXATTR && x->ino == ino && !strcmp(x->name, name))
			return x;
	}
	return NULL;
}

long fs_xattr(const struct world *w, unsigned int version, uint64_t ino, const char *name,
	      unsigned char *out, uint32_t room)
{
	const struct written *set = set_by(w, version, ino, name);
	long len = set ? (long)set->size : 0;

	if (!set) {
		if (strncmp(name, SIZED, strlen(SIZED)) != 0)
			return -ENODATA;
		len = atol(name + strlen(SIZED));
		if (len <= 0 || len > (long)FS_XATTR_MAX)
			return -ENODATA;
	}
	if (!room)
		return len;
	if (len > (long)room)
		return -ERANGE;
	if (set)
		memcpy(out, set->data, (size_t)len);
	for (long i = 0; !set && i < len; i++)
		out[i] = (unsigned char)((unsigned long)i * 5 + ino * 7 +
					 (unsigned long)len);
	return len;
}

/* Names are listed once: by the change that set it last. */
static bool is_listed(const struct world *w, unsigned int version, unsigned int i,
		      uint64_t ino)
{
	const struct written *x = &fuse_of(w)->writes[i];

	return x->op == OP_SETXATTR && x->ino == ino &&
	       set_by(w, version, ino, x->name) == x;
}

long fs_xattr_list(const struct world *w, unsigned int version, uint64_t ino,
		   unsigned char *out, uint32_t room)
{
	const unsigned int nr = ino == FS_BIG_LIST ? (FS_XATTR_MAX - 32) / 11 : 2;
	uint32_t len = nr * 11;

	for (unsigned int i = 0; i < version; i++)
		if (is_listed(w, version, i, ino))
			len += (uint32_t)strlen(fuse_of(w)->writes[i].name) + 1;
	if (!room)
		return len;
	if (len > room)
		return -ERANGE;
	for (unsigned int i = 0; i < nr; i++, out += 11) {
		memcpy(out, SIZED "0000", 11);
		for (unsigned int k = 9, n = i + 1; n; k--, n /= 10)
			out[k] = (unsigned char)('0' + n % 10);
	}
	for (unsigned int i = 0; i < version; i++) {
		const char *name = fuse_of(w)->writes[i].name;

		if (!is_listed(w, version, i, ino))
			continue;
		memcpy(out, name, strlen(name) + 1);
		out += strlen(name) + 1;
	}
	return len;
}
