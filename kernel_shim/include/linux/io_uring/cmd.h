/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands before the tree's own io_uring/cmd.h, which is used as it is, or before ours
 * (kernel_shim/own). Model: shim/uring.h. Its calls are replaced by macros of the same
 * name, so that a step is recorded at the place that makes it and not inside this header;
 * in the form that the caller has, which its arguments tell.
 */
#ifndef SHIM_LINUX_IO_URING_CMD_H
#define SHIM_LINUX_IO_URING_CMD_H

#include_next <linux/io_uring/cmd.h>

#include <linux/build_bug.h>
#include <linux/sched.h>

#include "shim/uring.h"

#if __has_include("subject_probes.h")
#include "subject_probes.h"
#define SHIM_PROBED
#endif

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

/* whether a ring that was closed cancels what waits, too, for callbacks that know a flag
 */
#if !defined(SHIM_PROBED) || defined(SHIM_TW_OF_DYING_RING)
#define SHIM_TW_CANCELS_FOR_RING 1
#else
#define SHIM_TW_CANCELS_FOR_RING 0
#endif

static inline struct shim_uring_cmd *shim_cmd(struct io_uring_cmd *cmd)
{
	return (struct shim_uring_cmd *)cmd;
}

/* What the model runs as task work: the kernel's function, with the kernel's types. Since
 * 6.19 with a token: */
static inline void shim_cmd_task_work(struct shim_uring_req *req, int cancel)
{
	io_req_tw_func_t fn = (io_req_tw_func_t)req->tw_kernel_fn;

	fn((struct io_tw_req){ .req = req }, (io_tw_token_t){ .cancel = cancel });
}

/* until 6.18 with a flag (3.5, and 3.5a of docs/io_uring-model.md) */
static inline void shim_cmd_task_work_by_flag(struct shim_uring_req *req, int cancel)
{
	io_uring_cmd_tw_t fn = (io_uring_cmd_tw_t)req->tw_kernel_fn;

	if (!SHIM_TW_CANCELS_FOR_RING && !(current->flags & (PF_EXITING | PF_KTHREAD)))
		cancel = 0;
	fn((struct io_uring_cmd *)&req->cmd,
	   IO_URING_F_COMPLETE_DEFER | (cancel ? IO_URING_F_TASK_DEAD : 0));
}

#define shim_cmd_runs(fn)                                \
	_Generic((fn), io_req_tw_func_t                  \
		 : shim_cmd_task_work, io_uring_cmd_tw_t \
		 : shim_cmd_task_work_by_flag)

static inline void shim_cmd_do_in_task(struct io_uring_cmd *cmd, void (*fn)(void),
				       void (*runs)(struct shim_uring_req *, int),
				       unsigned int flags, const struct sched_site *site)
{
	cmd_to_io_kiocb(cmd)->tw_kernel_fn = fn;
	shim_uring_cmd_do_in_task(shim_cmd(cmd), runs, flags, site);
}

#define shim_cmd_queue(cmd, fn, flags)                                           \
	shim_cmd_do_in_task(cmd, (void (*)(void))(fn), shim_cmd_runs(fn), flags, \
			    SCHED_SITE(#fn))

static inline int shim_cmd_register_bvec(struct io_uring_cmd *cmd,
					 const struct bio_vec *bvs, unsigned int nr,
					 void (*release)(void *), void *priv, u8 dir,
					 unsigned int index, unsigned int issue_flags,
					 const struct sched_site *site)
{
	return shim_uring_register_bvec(shim_cmd(cmd), bvs, nr, release, priv, dir, index,
					issue_flags, site);
}

/* until 6.17 there was a value for 32-byte CQEs before the flags: no other CQE has it */
#define shim_cmd_done(cmd, ret, issue_flags) \
	shim_uring_cmd_done(shim_cmd(cmd), ret, issue_flags, SCHED_SITE(#cmd))
#define shim_cmd_done_res2(cmd, ret, res2, issue_flags) \
	((void)(res2),                                  \
	 shim_uring_cmd_done(shim_cmd(cmd), ret, issue_flags, SCHED_SITE(#cmd)))
#define shim_cmd_fifth(a, b, c, d, fifth, ...) fifth
#define io_uring_cmd_done(...) \
	shim_cmd_fifth(__VA_ARGS__, shim_cmd_done_res2, shim_cmd_done, )(__VA_ARGS__)
#define __io_uring_cmd_do_in_task(cmd, fn, flags) shim_cmd_queue(cmd, fn, flags)
#define io_uring_cmd_complete_in_task(cmd, fn)	  shim_cmd_queue(cmd, fn, 0)
#define io_uring_cmd_do_in_task_lazy(cmd, fn)	  shim_cmd_queue(cmd, fn, IOU_F_TWQ_LAZY_WAKE)
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
