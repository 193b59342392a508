// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE in scenario files: what each word of clients and root has an actor do.
 */
#include "fuse/fuse_i.h"
#include "fuse/words/client_calls.h"
#include "fuse/words/words.h"

/* ---- calls that are one request ---- */

#define O_RDWR_	   2u
#define SEEK_DATA_ 3u
#define POLL_BOTH  5u /* POLLIN, POLLOUT */

/* @number: if none is given */
static void *calls(struct actor *a, const struct text_value *v, uint32_t opcode,
		   uint32_t number)
{
	const struct call_args args = {
		.opcode = opcode,
		.ino = v[CALL_INO].given ? (uint64_t)v[CALL_INO].number : 1,
		.name = v[CALL_NAME].name,
		.to = v[CALL_TO].name,
		.offset = (uint64_t)v[CALL_OFFSET].number,
		.size = (uint32_t)v[CALL_SIZE].number,
		.to_ino = v[CALL_TO_INO].given ? (uint64_t)v[CALL_TO_INO].number : 1,
		.to_offset = (uint64_t)v[CALL_TO_OFFSET].number,
		.number = v[CALL_NUMBER].given ? (uint32_t)v[CALL_NUMBER].number : number,
		.background = v[CALL_BACKGROUND].given || opcode == OP_RELEASE,
	};

	return client_calls(a, &args);
}

#define REQUEST(word, opcode, number)               \
	CLIENT_CALL(word)                           \
	{                                           \
		return calls(a, v, opcode, number); \
	}

REQUEST(lookup, OP_LOOKUP, 0)
REQUEST(getattr, OP_GETATTR, 0)
REQUEST(open, OP_OPEN, O_RDWR_)
REQUEST(create, OP_CREATE, O_RDWR_)
REQUEST(symlink, OP_SYMLINK, 0)
REQUEST(readlink, OP_READLINK, 0)
REQUEST(unlink, OP_UNLINK, 0)
REQUEST(read, OP_READ, 0)
REQUEST(write, OP_WRITE, 0)
REQUEST(copy, OP_COPY_FILE_RANGE_64, 0)
REQUEST(fsync, OP_FSYNC, 0)
REQUEST(flush, OP_FLUSH, 0)
REQUEST(release, OP_RELEASE, 0)
REQUEST(readdir, OP_READDIR, 0)
REQUEST(readdirplus, OP_READDIRPLUS, 0)
REQUEST(getxattr, OP_GETXATTR, 0)
REQUEST(listxattr, OP_LISTXATTR, 0)
REQUEST(setxattr, OP_SETXATTR, 0)
REQUEST(statfs, OP_STATFS, 0)
REQUEST(lseek, OP_LSEEK, SEEK_DATA_)
REQUEST(ioctl, OP_IOCTL, 0)
REQUEST(poll, OP_POLL, POLL_BOTH)

/* [fuse_rename2]: another request if there are flags */
CLIENT_CALL(rename)
{
	return calls(a, v, v[CALL_NUMBER].number ? OP_RENAME2 : OP_RENAME, 0);
}

/* the size that it is to have, not that of data */
CLIENT_CALL(truncate)
{
	const struct call_args args = { .opcode = OP_SETATTR,
					.ino = (uint64_t)v[CALL_INO].number,
					.offset = (uint64_t)v[CALL_SIZE].number };

	return client_calls(a, &args);
}

/* ---- the rest ---- */

CLIENT_CALL(forget)
{
	client_forget(a, (uint64_t)v[CALL_INO].number,
		      v[CALL_NUMBER].given ? (uint64_t)v[CALL_NUMBER].number : 1);
	return NULL;
}

CLIENT_CALL(cpu)
{
	client_moves(a, (unsigned int)v[0].number);
	return NULL;
}

CLIENT_CALL(mount)
{
	(void)v;
	return client_mounts(a);
}

CLIENT_CALL(umount)
{
	if (v[0].given)
		client_umounts_lazily(a);
	else
		client_umounts(a);
	return NULL;
}

CLIENT_CALL(abort)
{
	(void)v;
	client_aborts_connection(a);
	return NULL;
}

#define SETS(word, knob)                                         \
	CLIENT_CALL(word)                                        \
	{                                                        \
		client_sets(a, knob, (unsigned int)v[0].number); \
		return NULL;                                     \
	}

SETS(max_background, KNOB_MAX_BACKGROUND)
SETS(congestion, KNOB_CONGESTION)
SETS(default_timeout, KNOB_DEFAULT_TIMEOUT)
SETS(max_timeout, KNOB_MAX_TIMEOUT)
SETS(enable_uring, KNOB_ENABLE_URING)
