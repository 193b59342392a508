/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for a tree's uapi/linux/io_uring.h, where it has none: layout and numbers
 * that commands need.
 */
#ifndef SHIM_OWN_UAPI_IO_URING_H
#define SHIM_OWN_UAPI_IO_URING_H

#include <linux/types.h>

struct io_uring_sqe {
	__u8 opcode, flags;
	__u16 ioprio;
	__s32 fd;
	union {
		__u64 off;
		__u64 addr2;
		struct {
			__u32 cmd_op;
			__u32 __pad1;
		};
	};
	__u64 addr;
	__u32 len;
	union {
		__u32 rw_flags;
		__u32 uring_cmd_flags;
	};
	__u64 user_data;
	__u16 buf_index, personality;
	union {
		__s32 splice_fd_in;
		__u32 file_index;
	};
	union {
		struct {
			__u64 addr3;
			__u64 __pad2[1];
		};
		__u8 cmd[0];
	};
};

struct io_uring_cqe {
	__u64 user_data;
	__s32 res;
	__u32 flags;
};

#define IORING_OP_URING_CMD	   46
#define IORING_URING_CMD_FIXED	   (1U << 0)
#define IORING_URING_CMD_MULTISHOT (1U << 1)
#define IORING_SETUP_SQPOLL	   (1U << 1)
#define IORING_SETUP_SQE128	   (1U << 10)
#define IORING_SETUP_CQE32	   (1U << 11)
#define IORING_SETUP_SINGLE_ISSUER (1U << 12)
#define IORING_SETUP_DEFER_TASKRUN (1U << 13)
#define IORING_ENTER_GETEVENTS	   (1U << 0)

#endif /* SHIM_OWN_UAPI_IO_URING_H */
