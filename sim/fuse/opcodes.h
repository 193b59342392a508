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
		[OP_OPEN] = "OPEN",
		[OP_READ] = "READ",
		[OP_WRITE] = "WRITE",
		[OP_FSYNC] = "FSYNC",
		[OP_INIT] = "INIT",
		[OP_NOTIFY_REPLY] = "NOTIFY_REPLY",
		[OP_INTERRUPT] = "INTERRUPT",
		[OP_BATCH_FORGET] = "BATCH_FORGET",
	};

	if (opcode >= sizeof(names) / sizeof(names[0]) || !names[opcode])
		return "request";
	return names[opcode];
}

#endif /* FUSE_OPCODES_H */
