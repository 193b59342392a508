// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands in the forms that io_uring had until 6.17. Written for
 * tests/command/era_test.sh: none is served.
 */
#include "dev_uring_i.h"
#include "fuse_dev_i.h"

#include <linux/io_uring/cmd.h>
#include <linux/module.h>

static bool enable_uring;
module_param(enable_uring, bool, 0644);

bool fuse_uring_enabled(void)
{
	return enable_uring;
}

void fuse_uring_destruct(struct fuse_conn *fc)
{
	fc->ring = NULL;
}

static void fuse_uring_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	struct fuse_ring_ent *ent = *io_uring_cmd_to_pdu(cmd, struct fuse_ring_ent *);

	if (ent->state == FRRS_AVAILABLE) {
		ent->state = FRRS_USERSPACE;
		ent->cmd = NULL;
	}
	io_uring_cmd_done(cmd, -ENOTCONN, 0, issue_flags);
}

static void fuse_uring_send_in_task(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	int err = issue_flags & IO_URING_F_TASK_DEAD ? -ECANCELED : -ENOSYS;

	io_uring_cmd_done(cmd, err, 0, issue_flags);
}

int fuse_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	const struct fuse_uring_cmd_req *req = io_uring_sqe_cmd(cmd->sqe);

	if (issue_flags & IO_URING_F_CANCEL) {
		fuse_uring_cancel(cmd, issue_flags);
		return 0;
	}
	if (READ_ONCE(req->qid))
		return -EINVAL;
	io_uring_cmd_complete_in_task(cmd, fuse_uring_send_in_task);
	return -EIOCBQUEUED;
}
