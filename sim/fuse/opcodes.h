/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of FUSE's opcodes, for reports and for the notes of a trace: the same in both.
 */
#ifndef FUSE_OPCODES_H
#define FUSE_OPCODES_H

#include "fuse/abi.h"

/** opcode_words() - "LOOKUP"; "request" if it is none that clients send here */
static inline const char *opcode_words(abi_u32 opcode)
{
	static const char *const names[] = {
		[OP_LOOKUP] = "LOOKUP",
		[OP_FORGET] = "FORGET",
		[OP_GETATTR] = "GETATTR",
		[OP_SETATTR] = "SETATTR",
		[OP_READLINK] = "READLINK",
		[OP_SYMLINK] = "SYMLINK",
		[OP_UNLINK] = "UNLINK",
		[OP_RENAME] = "RENAME",
		[OP_OPEN] = "OPEN",
		[OP_READ] = "READ",
		[OP_WRITE] = "WRITE",
		[OP_STATFS] = "STATFS",
		[OP_RELEASE] = "RELEASE",
		[OP_FSYNC] = "FSYNC",
		[OP_SETXATTR] = "SETXATTR",
		[OP_GETXATTR] = "GETXATTR",
		[OP_LISTXATTR] = "LISTXATTR",
		[OP_FLUSH] = "FLUSH",
		[OP_INIT] = "INIT",
		[OP_READDIR] = "READDIR",
		[OP_CREATE] = "CREATE",
		[OP_INTERRUPT] = "INTERRUPT",
		[OP_IOCTL] = "IOCTL",
		[OP_POLL] = "POLL",
		[OP_NOTIFY_REPLY] = "NOTIFY_REPLY",
		[OP_BATCH_FORGET] = "BATCH_FORGET",
		[OP_READDIRPLUS] = "READDIRPLUS",
		[OP_RENAME2] = "RENAME2",
		[OP_LSEEK] = "LSEEK",
		[OP_COPY_FILE_RANGE] = "COPY_FILE_RANGE",
		[OP_COPY_FILE_RANGE_64] = "COPY_FILE_RANGE_64",
	};

	if (opcode >= sizeof(names) / sizeof(names[0]) || !names[opcode])
		return "request";
	return names[opcode];
}

#endif /* FUSE_OPCODES_H */
