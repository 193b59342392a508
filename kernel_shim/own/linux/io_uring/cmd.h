/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for a tree's io_uring/cmd.h, where it has none, or one whose command is laid
 * out otherwise than the model's: what drivers call, in the forms of every era. The
 * functions themselves are macros of include/linux/io_uring/cmd.h, which comes first.
 */
#ifndef SHIM_OWN_IO_URING_CMD_H
#define SHIM_OWN_IO_URING_CMD_H

#include <uapi/linux/io_uring.h>
#include <linux/build_bug.h>
#include <linux/io_uring_types.h>
#include <linux/sched.h>

struct io_uring_cmd {
	struct file *file;
	const struct io_uring_sqe *sqe;
	u32 cmd_op;
	u32 flags;
	u8 pdu[32];
	u8 unused[8];
};

#define shim_sqe_area(sqe, type, most)                                           \
	({                                                                       \
		BUILD_BUG_ON(sizeof(type) + offsetof(struct io_uring_sqe, cmd) > \
			     (most));                                            \
		(const type *)(sqe)->cmd;                                        \
	})
#define shim_sqe_any(sqe)		 ((const void *)(sqe)->cmd)
#define shim_sqe_64(sqe, type)		 shim_sqe_area(sqe, type, sizeof(struct io_uring_sqe))
#define shim_sqe_third(a, b, third, ...) third

/* (sqe), or since 6.19 (sqe, type) */
#define io_uring_sqe_cmd(...) \
	shim_sqe_third(__VA_ARGS__, shim_sqe_64, shim_sqe_any, )(__VA_ARGS__)
#define io_uring_sqe128_cmd(sqe, type) \
	shim_sqe_area(sqe, type, 2 * sizeof(struct io_uring_sqe))

#define io_uring_cmd_to_pdu(ioucmd, type)                                            \
	({                                                                           \
		BUILD_BUG_ON(sizeof(type) > sizeof_field(struct io_uring_cmd, pdu)); \
		(type *)(ioucmd)->pdu;                                               \
	})

/* in task work completions are collected by its runner */
#define IO_URING_CMD_TASK_WORK_ISSUE_FLAGS IO_URING_F_COMPLETE_DEFER

static inline struct io_uring_cmd *io_uring_cmd_from_tw(struct io_tw_req tw_req)
{
	return io_kiocb_to_cmd(tw_req.req, struct io_uring_cmd);
}

static inline struct task_struct *io_uring_cmd_get_task(struct io_uring_cmd *cmd)
{
	return cmd_to_io_kiocb(cmd)->tctx->task;
}

static inline void *io_uring_cmd_ctx_handle(struct io_uring_cmd *cmd)
{
	return cmd_to_io_kiocb(cmd)->ctx;
}

#endif /* SHIM_OWN_IO_URING_CMD_H */
