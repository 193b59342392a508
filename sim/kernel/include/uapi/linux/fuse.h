/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * FUSE's user ABI, protocol 7.45, as far as the transport and the simulator's
 * servers need it, for the tree that ships with the simulator. Layouts and numbers
 * are those of the protocol. What buffer rings add is in fs/fuse/fuse_bufring_abi.h.
 */
#ifndef _LINUX_FUSE_H
#define _LINUX_FUSE_H

#include <linux/types.h>

#define FUSE_KERNEL_VERSION	  7
#define FUSE_KERNEL_MINOR_VERSION 45
#define FUSE_ROOT_ID		  1

/* what a server's buffer for reading /dev/fuse has at least */
#define FUSE_MIN_READ_BUFFER 8192

/* a request that is sent again has this bit in its unique id */
#define FUSE_UNIQUE_RESEND (1ULL << 63)

/* flags of FUSE_INIT; from bit 32 on in flags2 */
#define FUSE_ABORT_ERROR     (1 << 21)
#define FUSE_MAX_PAGES	     (1 << 22)
#define FUSE_INIT_EXT	     (1 << 30)
#define FUSE_OVER_IO_URING   (1ULL << 41)
#define FUSE_REQUEST_TIMEOUT (1ULL << 42)

enum fuse_opcode {
	FUSE_LOOKUP = 1,
	FUSE_FORGET = 2,
	FUSE_GETATTR = 3,
	FUSE_SETATTR = 4,
	FUSE_OPEN = 14,
	FUSE_READ = 15,
	FUSE_WRITE = 16,
	FUSE_STATFS = 17,
	FUSE_RELEASE = 18,
	FUSE_FSYNC = 20,
	FUSE_SETXATTR = 21,
	FUSE_GETXATTR = 22,
	FUSE_FLUSH = 25,
	FUSE_INIT = 26,
	FUSE_OPENDIR = 27,
	FUSE_READDIR = 28,
	FUSE_RELEASEDIR = 29,
	FUSE_ACCESS = 34,
	FUSE_CREATE = 35,
	FUSE_INTERRUPT = 36,
	FUSE_DESTROY = 38,
	FUSE_NOTIFY_REPLY = 41,
	FUSE_BATCH_FORGET = 42,
};

/* in fuse_out_header.error of a message whose unique id is 0 */
enum fuse_notify_code {
	FUSE_NOTIFY_POLL = 1,
	FUSE_NOTIFY_INVAL_INODE = 2,
	FUSE_NOTIFY_INVAL_ENTRY = 3,
	FUSE_NOTIFY_STORE = 4,
	FUSE_NOTIFY_RETRIEVE = 5,
	FUSE_NOTIFY_DELETE = 6,
	FUSE_NOTIFY_RESEND = 7,
};

/* ---------------------------------------------------------------- headers */

struct fuse_in_header {
	uint32_t len, opcode;
	uint64_t unique, nodeid;
	uint32_t uid, gid, pid;
	uint16_t total_extlen, padding;
};

struct fuse_out_header {
	uint32_t len;
	int32_t error;
	uint64_t unique;
};

/* -------------------------------------------------------------- arguments */

struct fuse_attr {
	uint64_t ino, size, blocks;
	uint64_t atime, mtime, ctime;
	uint32_t atimensec, mtimensec, ctimensec;
	uint32_t mode, nlink, uid, gid, rdev, blksize, flags;
};

struct fuse_entry_out {
	uint64_t nodeid, generation;
	uint64_t entry_valid, attr_valid;
	uint32_t entry_valid_nsec, attr_valid_nsec;
	struct fuse_attr attr;
};

struct fuse_getattr_in {
	uint32_t getattr_flags, dummy;
	uint64_t fh;
};

struct fuse_attr_out {
	uint64_t attr_valid;
	uint32_t attr_valid_nsec, dummy;
	struct fuse_attr attr;
};

struct fuse_open_in {
	uint32_t flags, open_flags;
};

struct fuse_open_out {
	uint64_t fh;
	uint32_t open_flags;
	int32_t backing_id;
};

struct fuse_read_in {
	uint64_t fh, offset;
	uint32_t size, read_flags;
	uint64_t lock_owner;
	uint32_t flags, padding;
};

struct fuse_write_in {
	uint64_t fh, offset;
	uint32_t size, write_flags;
	uint64_t lock_owner;
	uint32_t flags, padding;
};

struct fuse_write_out {
	uint32_t size, padding;
};

struct fuse_fsync_in {
	uint64_t fh;
	uint32_t fsync_flags, padding;
};

struct fuse_forget_in {
	uint64_t nlookup;
};

struct fuse_forget_one {
	uint64_t nodeid, nlookup;
};

struct fuse_batch_forget_in {
	uint32_t count, dummy;
};

struct fuse_interrupt_in {
	uint64_t unique;
};

struct fuse_init_in {
	uint32_t major, minor, max_readahead;
	uint32_t flags, flags2;
	uint32_t unused[11];
};

struct fuse_init_out {
	uint32_t major, minor, max_readahead, flags;
	uint16_t max_background, congestion_threshold;
	uint32_t max_write, time_gran;
	uint16_t max_pages, map_alignment;
	uint32_t flags2, max_stack_depth;
	uint16_t request_timeout, unused[11];
};

/* --------------------------------------------------------------- io_uring */

#define FUSE_URING_IN_OUT_HEADER_SZ 128
#define FUSE_URING_OP_IN_OUT_SZ	    128

enum fuse_uring_cmd {
	FUSE_IO_URING_CMD_INVALID = 0,
	FUSE_IO_URING_CMD_REGISTER = 1,
	FUSE_IO_URING_CMD_COMMIT_AND_FETCH = 2,
};

/**
 * struct fuse_uring_ent_in_out - what is told about a request beside its headers
 * @flags: none
 * @commit_id: for COMMIT_AND_FETCH
 * @payload_sz: bytes in the payload area
 */
struct fuse_uring_ent_in_out {
	uint64_t flags;
	uint64_t commit_id;
	uint32_t payload_sz, padding;
	uint64_t reserved;
};

/**
 * struct fuse_uring_req_header - a header slot
 * @in_out: struct fuse_in_header, then struct fuse_out_header
 * @op_in: the first argument
 * @ring_ent_in_out: see above
 */
struct fuse_uring_req_header {
	char in_out[FUSE_URING_IN_OUT_HEADER_SZ];
	char op_in[FUSE_URING_OP_IN_OUT_SZ];
	struct fuse_uring_ent_in_out ring_ent_in_out;
};

/**
 * struct fuse_uring_cmd_req - command area of the SQE
 * @flags: none
 * @commit_id: COMMIT_AND_FETCH: which request is answered
 * @qid: which queue
 */
struct fuse_uring_cmd_req {
	uint64_t flags;
	uint64_t commit_id;
	uint16_t qid;
	uint8_t padding[6];
};

#endif /* _LINUX_FUSE_H */
