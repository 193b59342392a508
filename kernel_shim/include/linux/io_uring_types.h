/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for io_uring_types.h. Model: a request (struct io_kiocb) is the runtime's
 * struct shim_uring_req, by a macro in shim/uring.h, because they are one object; it
 * begins with the command, to which the kernel casts it. The flags: copy, the kernel's
 * numbers.
 */
#ifndef SHIM_LINUX_IO_URING_TYPES_H
#define SHIM_LINUX_IO_URING_TYPES_H

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/uio.h>

#include "shim/uring.h"

#define io_ring_ctx shim_uring

enum {
	IOU_F_TWQ_LAZY_WAKE = 1,
	IOU_F_TWQ_IN_WAKE = 2,
};

enum io_uring_cmd_flags {
	IO_URING_F_COMPLETE_DEFER = SHIM_URING_F_COMPLETE_DEFER,
	IO_URING_F_UNLOCKED = SHIM_URING_F_UNLOCKED,
	IO_URING_F_MULTISHOT = 4,
	IO_URING_F_IOWQ = SHIM_URING_F_IOWQ,
	IO_URING_F_INLINE = SHIM_URING_F_INLINE,
	IO_URING_F_NONBLOCK = INT_MIN,

	IO_URING_F_SQE128 = SHIM_URING_F_SQE128,
	IO_URING_F_CQE32 = 1 << 9,
	IO_URING_F_IOPOLL = 1 << 10,

	IO_URING_F_CANCEL = SHIM_URING_F_CANCEL,
	IO_URING_F_COMPAT = 1 << 12,
	IO_URING_F_TASK_DEAD = 1 << 13, /* until 6.18 */
};

enum {
	IO_BUF_DEST = 1 << ITER_DEST,
	IO_BUF_SOURCE = 1 << ITER_SOURCE,
};

struct io_tw_state {
	bool cancel;
};

typedef struct io_tw_state io_tw_token_t;

struct io_tw_req {
	struct io_kiocb *req;
};

typedef void (*io_req_tw_func_t)(struct io_tw_req tw_req, io_tw_token_t tw);

/* the same, until 6.18 */
struct io_uring_cmd;
typedef void (*io_uring_cmd_tw_t)(struct io_uring_cmd *cmd, unsigned int issue_flags);

struct io_buffer_list;

struct io_br_sel {
	struct io_buffer_list *buf_list;
	union {
		void __user *addr;
		ssize_t val;
	};
};

#define io_kiocb_to_cmd(req, type) ((type *)&(req)->cmd)

static inline struct io_kiocb *cmd_to_io_kiocb(void *cmd)
{
	return cmd;
}

#endif /* SHIM_LINUX_IO_URING_TYPES_H */
