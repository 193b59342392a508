/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands before the tree's own io_uring/cmd.h, which is used as it is. Model:
 * shim/uring.h. Its calls are replaced by macros of the same name, so that a step is
 * recorded at the place that makes it and not inside this header.
 */
#ifndef SHIM_LINUX_IO_URING_CMD_H
#define SHIM_LINUX_IO_URING_CMD_H

#include_next <linux/io_uring/cmd.h>

#include <linux/build_bug.h>

#include "shim/uring.h"

#define shim_cmd_same(member)                                            \
	static_assert(offsetof(struct io_uring_cmd, member) ==           \
			      offsetof(struct shim_uring_cmd, member) && \
		      sizeof_field(struct io_uring_cmd, member) ==       \
			      sizeof_field(struct shim_uring_cmd, member))

static_assert(sizeof(struct io_uring_cmd) == sizeof(struct shim_uring_cmd));
shim_cmd_same(file);
shim_cmd_same(sqe);
shim_cmd_same(cmd_op);
shim_cmd_same(flags);
shim_cmd_same(pdu);
static_assert(offsetof(struct io_kiocb, cmd) == 0);
static_assert(sizeof(struct uring_sqe) == 2 * sizeof(struct io_uring_sqe));
static_assert(offsetof(struct uring_sqe, addr) == offsetof(struct io_uring_sqe, addr));
static_assert(offsetof(struct uring_sqe, len) == offsetof(struct io_uring_sqe, len));
static_assert(offsetof(struct uring_sqe, buf_index) ==
	      offsetof(struct io_uring_sqe, buf_index));
static_assert(offsetof(struct uring_sqe, cmd) == offsetof(struct io_uring_sqe, cmd));

static inline struct shim_uring_cmd *shim_cmd(struct io_uring_cmd *cmd)
{
	return (struct shim_uring_cmd *)cmd;
}

/* what the model runs as task work: the kernel's function, with the kernel's types */
static inline void shim_cmd_task_work(struct shim_uring_req *req, int cancel)
{
	io_req_tw_func_t fn = (io_req_tw_func_t)req->tw_kernel_fn;

	fn((struct io_tw_req){ .req = req }, (io_tw_token_t){ .cancel = cancel });
}

static inline void shim_cmd_do_in_task(struct io_uring_cmd *cmd, io_req_tw_func_t fn,
				       unsigned int flags, const struct sched_site *site)
{
	cmd_to_io_kiocb(cmd)->tw_kernel_fn = (void (*)(void))fn;
	shim_uring_cmd_do_in_task(shim_cmd(cmd), shim_cmd_task_work, flags, site);
}

static inline int shim_cmd_register_bvec(struct io_uring_cmd *cmd,
					 const struct bio_vec *bvs, unsigned int nr,
					 void (*release)(void *), void *priv, u8 dir,
					 unsigned int index, unsigned int issue_flags,
					 const struct sched_site *site)
{
	return shim_uring_register_bvec(shim_cmd(cmd), bvs, nr, release, priv, dir, index,
					issue_flags, site);
}

#define io_uring_cmd_done(cmd, ret, issue_flags) \
	shim_uring_cmd_done(shim_cmd(cmd), ret, issue_flags, SCHED_SITE(#cmd))
#define __io_uring_cmd_do_in_task(cmd, fn, flags) \
	shim_cmd_do_in_task(cmd, fn, flags, SCHED_SITE(#fn))
#define io_uring_cmd_complete_in_task(cmd, fn) \
	shim_cmd_do_in_task(cmd, fn, 0, SCHED_SITE(#fn))
#define io_uring_cmd_do_in_task_lazy(cmd, fn) \
	shim_cmd_do_in_task(cmd, fn, IOU_F_TWQ_LAZY_WAKE, SCHED_SITE(#fn))
#define io_uring_cmd_mark_cancelable(cmd, issue_flags) \
	shim_uring_cmd_mark_cancelable(shim_cmd(cmd), issue_flags, SCHED_SITE(#cmd))
#define io_uring_cmd_import_fixed(ubuf, len, rw, iter, cmd, issue_flags)         \
	shim_uring_import_fixed(ubuf, len, rw, iter, shim_cmd(cmd), issue_flags, \
				SCHED_SITE(#ubuf))
#define io_buffer_register_bvec(cmd, bvs, nr, release, priv, dir, index, issue_flags) \
	shim_cmd_register_bvec(cmd, bvs, nr, release, priv, dir, index, issue_flags,  \
			       SCHED_SITE(#bvs))
#define io_buffer_unregister(cmd, index, issue_flags) \
	shim_uring_unregister_bvec(shim_cmd(cmd), index, issue_flags, SCHED_SITE(#cmd))

/* 32-byte CQEs carry a second value, which the model has no place for */
#define io_uring_cmd_done32(cmd, ret, res2, issue_flags) \
	SHIM_UNMODELLED(void, "io_uring_cmd_done32", cmd, ret, res2, issue_flags)

#endif /* SHIM_LINUX_IO_URING_CMD_H */
