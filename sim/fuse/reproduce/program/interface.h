/* SPDX-License-Identifier: GPL-2.0-only */
/* The interface of FUSE over io_uring. */

enum {
	LOOKUP = 1,
	GETATTR = 3,
	OPEN = 14,
	READ = 15,
	WRITE = 16,
	RELEASE = 18,
	FSYNC = 20,
	INIT = 26
};
enum { REGISTER = 1, COMMIT_AND_FETCH = 2, ADD_QUEUE = 3, ADD_BUFPOOL = 4 };
#define URING_CMD 46 /* IORING_OP_URING_CMD */

struct in_header {
	uint32_t len, opcode;
	uint64_t unique, nodeid;
	uint32_t uid, gid, pid, padding;
};

struct out_header {
	uint32_t len;
	int32_t error;
	uint64_t unique;
};

struct attr {
	uint64_t ino, size, blocks, times[3];
	uint32_t nsecs[3], mode, nlink, uid, gid, rdev, blksize, flags;
};

struct attr_out {
	uint64_t valid, nsec;
	struct attr attr;
};

struct entry_out {
	uint64_t nodeid, generation, entry_valid, attr_valid, nsecs;
	struct attr attr;
};

struct open_out {
	uint64_t fh;
	uint32_t flags, backing;
};

struct io_in { /* READ and WRITE begin with it */
	uint64_t fh, offset;
	uint32_t size, flags;
};

struct init_in {
	uint32_t major, minor, readahead, flags, flags2, unused[11];
};

struct init_out {
	uint32_t major, minor, readahead, flags;
	uint16_t max_background, congestion;
	uint32_t max_write, time_gran;
	uint16_t max_pages, alignment;
	uint32_t flags2, unused[7];
};

/* what an entry and the server write to each other */
struct slot {
	union {
		struct in_header in;
		struct out_header out;
		char bytes[128];
	};
	char op_in[128];
	struct {
		uint64_t flags, commit_id;
		uint32_t payload_sz, offset;
		uint64_t reserved;
	} ent;
};

/* in the SQE */
struct command {
	uint64_t flags, commit_id;
	uint16_t qid, padding[3];
	uint64_t pool;
	uint32_t pool_len, reserved;
};
