/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Buffer rings: what they add to the user ABI of FUSE over io_uring.
 *
 * Both structures lie over those of uapi/linux/fuse.h and only use what is
 * padding there, so that a server which knows nothing of buffer rings, and a
 * header without them, stay as they are. bufring.h holds the two layouts against
 * each other when it is compiled.
 */
#ifndef _FUSE_BUFRING_ABI_H
#define _FUSE_BUFRING_ABI_H

#include <linux/fuse.h>

/*
 * In fuse_bufring_cmd_req.flags of FUSE_IO_URING_CMD_REGISTER: the queue has a
 * buffer ring. iov[0] is then one area with a header slot for each entry, iov[1]
 * one area of buffers that the entries share, and sqe->buf_index is the entry's
 * id, which names its header slot. Every REGISTER of a queue has to agree.
 */
#ifndef FUSE_URING_BUFRING
#define FUSE_URING_BUFRING (1ULL << 0)
#endif

/**
 * struct fuse_bufring_cmd_req - command area of the SQE
 * @flags: FUSE_URING_BUFRING
 * @commit_id: COMMIT_AND_FETCH: which request is answered
 * @qid: the queue
 * @queue_depth: REGISTER with FUSE_URING_BUFRING: header slots, ids are below it
 * @buf_size: REGISTER with FUSE_URING_BUFRING: bytes of one buffer
 */
struct fuse_bufring_cmd_req {
	uint64_t flags;
	uint64_t commit_id;
	uint16_t qid;
	uint16_t queue_depth;
	uint32_t buf_size;
};

/**
 * struct fuse_bufring_ent_in_out - third part of a header slot
 * @flags: none yet
 * @commit_id: to be handed back with COMMIT_AND_FETCH
 * @payload_sz: bytes in the buffer: of the request, then of the reply
 * @buf_id: the buffer is at buf_id * buf_size in the payload area; 0 when the
 *	request has none, that is when it carries no payload either way
 * @padding: 0
 * @reserved: 0
 */
struct fuse_bufring_ent_in_out {
	uint64_t flags;
	uint64_t commit_id;
	uint32_t payload_sz;
	uint16_t buf_id;
	uint16_t padding;
	uint64_t reserved;
};

#endif /* _FUSE_BUFRING_ABI_H */
