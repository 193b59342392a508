/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that io_uring hands to a file: the interface, as far as fuse uses it, for
 * the tree that ships with the simulator. Layout and numbers are the kernel's; the
 * functions are the io_uring model's, which kernel_shim puts in their place.
 */
#ifndef _LINUX_IO_URING_CMD_H
#define _LINUX_IO_URING_CMD_H

#include <uapi/linux/io_uring.h>
#include <linux/build_bug.h>
#include <linux/io_uring_types.h>

/**
 * struct io_uring_cmd - a command between issue and completion
 * @file: what it was issued to
 * @sqe: memory that the user may change at any time
 * @cmd_op: which command, read once
 * @flags: IORING_URING_CMD_*
 * @pdu: for the driver that the command is handed to
 */
struct io_uring_cmd {
	struct file *file;
	const struct io_uring_sqe *sqe;
	u32 cmd_op;
	u32 flags;
	u8 pdu[32];
	u8 unused[8];
};

/* arguments in the second half of a 128-byte SQE */
#define io_uring_sqe128_cmd(sqe, type)                                           \
	({                                                                       \
		BUILD_BUG_ON(offsetof(struct io_uring_sqe, cmd) + sizeof(type) > \
			     2 * sizeof(struct io_uring_sqe));                   \
		(const type *)(sqe)->cmd;                                        \
	})

#define io_uring_cmd_to_pdu(ioucmd, type)                                            \
	({                                                                           \
		BUILD_BUG_ON(sizeof(type) > sizeof_field(struct io_uring_cmd, pdu)); \
		(type *)(ioucmd)->pdu;                                               \
	})

/* in task work completions are collected by its runner */
#define IO_URING_CMD_TASK_WORK_ISSUE_FLAGS IO_URING_F_COMPLETE_DEFER

/* complete it; @issue_flags as received, IO_URING_F_UNLOCKED outside io_uring */
void io_uring_cmd_done(struct io_uring_cmd *ioucmd, s32 ret, unsigned int issue_flags);

/* ask for IO_URING_F_CANCEL when the ring goes away before it is completed */
void io_uring_cmd_mark_cancelable(struct io_uring_cmd *ioucmd, unsigned int issue_flags);

/* run @task_work_cb in the task that submitted it, or with cancel set elsewhere */
void io_uring_cmd_complete_in_task(struct io_uring_cmd *ioucmd,
				   io_req_tw_func_t task_work_cb);

static inline struct io_uring_cmd *io_uring_cmd_from_tw(struct io_tw_req tw_req)
{
	return io_kiocb_to_cmd(tw_req.req, struct io_uring_cmd);
}

#endif /* _LINUX_IO_URING_CMD_H */
