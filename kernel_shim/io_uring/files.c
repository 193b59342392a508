// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registered files: a table of one, which holds its file until the ring is freed
 * [io_uring/filetable.c, rsrc.c]. Kind: model. Rule 7.1.
 */
#include "model.h"

/* [io_put_rsrc_node, io_free_rsrc_node]; L is held */
void uring_put_file_node(struct uring_file_node *node)
{
	if (--node->refs)
		return;
	shim_fput(node->file);
	shim_kfree(node, SCHED_SITE("io_rsrc_node"));
}

/*
 * [io_file_get_fixed]: the node is looked up at issue, under L, and pinned until the
 * request is freed; the descriptor table of the task is not asked
 */
struct file *uring_fixed_file(struct shim_uring_req *req, unsigned int issue_flags)
{
	struct shim_uring *ring = req->ctx;

	uring_submit_lock(ring, issue_flags, SCHED_SITE("&ctx->uring_lock"));
	if (ring->file_node && !req->fd) {
		req->file_node = ring->file_node;
		req->file_node->refs++;
	}
	uring_submit_unlock(ring, issue_flags, SCHED_SITE("&ctx->uring_lock"));
	return req->file_node ? req->file_node->file : NULL;
}

/* [io_sqe_files_unregister]: what a request pins stays */
void uring_free_files(struct shim_uring *ring)
{
	struct uring_file_node *node = ring->file_node;

	ring->file_node = NULL;
	if (node)
		uring_put_file_node(node);
}

/* [io_sqe_files_register] */
static int register_file(struct shim_uring *ring, int fd)
{
	struct uring_file_node *node;
	struct file *file;

	if (ring->file_node)
		return -EBUSY;
	file = shim_fget(fd);
	if (!file)
		return -EBADF;
	/* [io_is_uring_fops]: a ring is not registered */
	node = uring_is_file(file) ? NULL
				   : shim_kmalloc(sizeof(*node), SHIM_GFP_ZERO,
						  SCHED_SITE("io_rsrc_node"));
	if (!node) {
		int err = uring_is_file(file) ? -EBADF : -ENOMEM;

		shim_fput(file);
		return err;
	}
	node->refs = 1;
	node->file = file;
	ring->file_node = node;
	return 0;
}

int sys_io_uring_register_file(struct shim_uring *ring, int fd)
{
	int ret;
	struct file *file = uring_register_enter(ring, &ret);

	return uring_register_exit(ring, file, file ? register_file(ring, fd) : ret);
}

int sys_io_uring_unregister_files(struct shim_uring *ring)
{
	int ret;
	struct file *file = uring_register_enter(ring, &ret);

	if (file && !ring->file_node)
		ret = -ENXIO;
	else if (file)
		uring_free_files(ring);
	return uring_register_exit(ring, file, ret);
}
