/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file system that a server offers if a scenario does not say otherwise, as a
 * function of what has been changed so far: the server answers with it, and what clients
 * get is compared with it.
 *
 * "f<N>" is inode N, FILE_SIZE bytes of a pattern. What is created is "n<N>", inode 32 +
 * N, empty; a symbolic link likewise, inode 48 + N. Each change is remembered in its
 * order: the number of changes is a version, and the file system at each one can be
 * asked.
 */
#ifndef FUSE_FS_I_H
#define FUSE_FS_I_H

#include "fuse/fuse_i.h"

#define FS_XATTR_MAX 65536u
#define FS_BIG_LIST  9u /* the inode whose list of attributes is 64 KiB long */

/**
 * struct fs_ask - a request, as it was sent or as it has arrived
 * @op: its header, of fs_head() bytes
 * @data: names and data behind it, @len bytes
 */
struct fs_ask {
	uint32_t opcode;
	uint64_t ino;
	const void *op;
	const unsigned char *data;
	uint32_t len;
};

/**
 * fs_reply() - what the file system answers, after @version changes
 * @out: for it, @room bytes; may be the memory of @ask->data
 * @change: what that changes, without its data having been copied; @change->op is 0 if
 *	nothing is
 */
void fs_reply(const struct world *w, unsigned int version, const struct fs_ask *ask,
	      unsigned char *out, uint32_t room, struct fs_reply *reply,
	      struct written *change);

/* state.c: one fact each, after @version changes */
uint64_t fs_size(const struct world *w, unsigned int version, uint64_t ino);
void fs_bytes(const struct world *w, unsigned int version, uint64_t ino, uint64_t pos,
	      unsigned char *out, uint32_t n);
/** fs_lookup() - inode of that name; 0: there is none */
uint64_t fs_lookup(const struct world *w, unsigned int version, const char *name);
/** fs_link_of() - the change that made @ino a symbolic link; NULL: it is none */
const struct written *fs_link_of(const struct world *w, unsigned int version,
				 uint64_t ino);
/** fs_name_at() - entry @i of the folder; NULL: there is none. @end: nor any after it */
const char *fs_name_at(const struct world *w, unsigned int version, unsigned int i,
		       bool *end);
/** fs_new_inode() - of a name that is created, or linked */
uint64_t fs_new_inode(const char *name, bool link);

/* xattr.c */
/** fs_xattr() - the value, at most @room bytes. Return: its length, or -errno */
long fs_xattr(const struct world *w, unsigned int version, uint64_t ino, const char *name,
	      unsigned char *out, uint32_t room);
/** fs_xattr_list() - likewise, all names with their ends */
long fs_xattr_list(const struct world *w, unsigned int version, uint64_t ino,
		   unsigned char *out, uint32_t room);

#endif /* FUSE_FS_I_H */
