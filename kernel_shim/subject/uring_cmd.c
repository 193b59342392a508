// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that the tree's linux/io_uring/cmd.h declares and calls from its
 * own inline functions. Compiled as kernel code into every subject. Kind: model.
 *
 * Until 6.18 a tree has neither. A subject seldom comes here: our linux/io_uring/cmd.h
 * puts macros in front, so that the place of a call is the caller's. What is not defined
 * here is found missing when a subject is linked.
 */
#include <linux/io_uring/cmd.h>

#undef __io_uring_cmd_do_in_task

void __io_uring_cmd_done(struct io_uring_cmd *cmd, s32 ret, u64 res2,
			 unsigned int issue_flags, bool is_cqe32)
{
	if (is_cqe32)
		SHIM_UNMODELLED(void, "__io_uring_cmd_done of a 32-byte CQE", res2);
	shim_cmd_done(cmd, ret, issue_flags);
}

void __io_uring_cmd_do_in_task(struct io_uring_cmd *ioucmd, io_req_tw_func_t task_work_cb,
			       unsigned int flags)
{
	shim_cmd_queue(ioucmd, task_work_cb, flags);
}
