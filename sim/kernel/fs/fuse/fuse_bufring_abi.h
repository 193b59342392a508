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

/*
 * With FUSE_URING_BUFRING: requests share a buffer. Each has a region of it that is as
 * long as its payload can get, either way, rounded up to FUSE_BUFRING_ALIGN; regions
 * that are in use at the same time do not overlap.
 */
#ifndef FUSE_URING_BUFRING_INC
#define FUSE_URING_BUFRING_INC (1ULL << 1)
#endif

/*
 * With FUSE_URING_BUFRING: the pages of both areas are pinned when the queue is created
 * and as long as it exists, and count for RLIMIT_MEMLOCK of who created it. Mapping
 * others in their place, or none, changes nothing for the kernel.
 */
#ifndef FUSE_URING_PINNED
#define FUSE_URING_PINNED (1ULL << 2)
#endif

/* INC: what the size of a region is a multiple of, but where its buffer ends */
#define FUSE_BUFRING_ALIGN 64

/* With FUSE_URING_BUFRING, sqe->len may be 3: iov[2] is then an array of these. */
#define FUSE_BUFRING_MAX_CLASSES 4

/**
 * struct fuse_bufring_size - a size class of buffers
 * @size: bytes of each; larger than those of the class before
 * @number: of buffers, not 0
 *
 * The buffers of the first class are first in the payload area, and have the lowest
 * ids; then come those of the second one. The last one's @size is buf_size.
 */
struct fuse_bufring_size {
	uint32_t size;
	uint32_t number;
};

/**
 * struct fuse_bufring_cmd_req - command area of the SQE
 * @flags: FUSE_URING_BUFRING, FUSE_URING_BUFRING_INC, FUSE_URING_PINNED
 * @commit_id: COMMIT_AND_FETCH: which request is answered
 * @qid: the queue
 * @queue_depth: REGISTER with FUSE_URING_BUFRING: header slots, ids are below it
 * @buf_size: REGISTER with FUSE_URING_BUFRING: bytes of one buffer,
 *	of the largest ones if there are classes
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
 * @buf_id: the buffer is at buf_id * buf_size in the payload area, or where its class
 *	has it; 0 when the request has none, that is when it carries no payload either
 *	way
 * @padding: 0
 * @offset: FUSE_URING_BUFRING_INC: the region begins so many bytes into the buffer;
 *	else 0
 */
struct fuse_bufring_ent_in_out {
	uint64_t flags;
	uint64_t commit_id;
	uint32_t payload_sz;
	uint16_t buf_id;
	uint16_t padding;
	uint64_t offset;
};

#endif /* _FUSE_BUFRING_ABI_H */
