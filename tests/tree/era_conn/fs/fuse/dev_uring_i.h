/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A ring as it was until 7.1. Written for tests/command/era_test.sh.
 */
#ifndef _FS_FUSE_DEV_URING_I_H
#define _FS_FUSE_DEV_URING_I_H

#include "fuse_i.h"

enum fuse_ring_req_state {
	FRRS_INVALID,
	FRRS_COMMIT,
	FRRS_AVAILABLE,
	FRRS_FUSE_REQ,
	FRRS_USERSPACE,
	FRRS_TEARDOWN,
	FRRS_RELEASED,
};

struct fuse_ring_ent {
	struct fuse_uring_req_header __user *headers;
	void __user *payload;
	struct fuse_ring_queue *queue;
	struct io_uring_cmd *cmd;
	struct list_head list;
	enum fuse_ring_req_state state;
	struct fuse_req *fuse_req;
};

struct fuse_ring_queue {
	struct fuse_ring *ring;
	unsigned int qid;
	spinlock_t lock;
	struct list_head ent_avail_queue, ent_w_req_queue, ent_commit_queue;
	struct list_head ent_in_userspace, ent_released;
	struct list_head fuse_req_queue, fuse_req_bg_queue;
	struct fuse_pqueue fpq;
	unsigned int active_background;
	bool stopped;
};

struct fuse_ring {
	struct fuse_conn *fc;
	size_t nr_queues, max_payload_sz;
	struct fuse_ring_queue **queues;
	atomic_t queue_refs;
	bool ready;
};

bool fuse_uring_enabled(void);
void fuse_uring_destruct(struct fuse_conn *fc);
int fuse_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);

#endif /* _FS_FUSE_DEV_URING_I_H */
