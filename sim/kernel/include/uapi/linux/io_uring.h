/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * io_uring's user ABI, as far as commands need it, for the tree that ships with the
 * simulator. Layout and numbers are the kernel's.
 */
#ifndef _UAPI_LINUX_IO_URING_H
#define _UAPI_LINUX_IO_URING_H

#include <linux/types.h>

/** struct io_uring_sqe - a submission; with IORING_SETUP_SQE128 @cmd has 80 bytes */
struct io_uring_sqe {
	__u8 opcode;
	__u8 flags;
	__u16 ioprio;
	__s32 fd;
	union {
		__u64 off;
		struct {
			__u32 cmd_op;
			__u32 __pad1;
		};
	};
	__u64 addr;
	__u32 len;
	__u32 uring_cmd_flags;
	__u64 user_data;
	__u16 buf_index;
	__u16 personality;
	__s32 splice_fd_in;
	union {
		struct {
			__u64 addr3;
			__u64 __pad2[1];
		};
		__u8 cmd[0];
	};
};

/** struct io_uring_cqe - a completion */
struct io_uring_cqe {
	__u64 user_data;
	__s32 res;
	__u32 flags;
};

#define IORING_OP_URING_CMD 46

#define IORING_URING_CMD_FIXED (1U << 0)

#define IORING_SETUP_SQPOLL	   (1U << 1)
#define IORING_SETUP_SQE128	   (1U << 10)
#define IORING_SETUP_SINGLE_ISSUER (1U << 12)
#define IORING_SETUP_DEFER_TASKRUN (1U << 13)

#define IORING_ENTER_GETEVENTS (1U << 0)

#endif /* _UAPI_LINUX_IO_URING_H */
