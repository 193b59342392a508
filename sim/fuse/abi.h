/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user ABI of FUSE as a server sees it, in a layout of our own: the host's
 * headers are older than the trees. glue/asserts.c compares it with each tree's
 * include/uapi/linux/fuse.h, hence builtin types only.
 */
#ifndef FUSE_ABI_H
#define FUSE_ABI_H

typedef unsigned char abi_u8;
typedef unsigned short abi_u16;
typedef unsigned int abi_u32;
typedef int abi_s32;
typedef unsigned long long abi_u64;

#define ABI_MAJOR	    7
#define ABI_MIN_READ_BUFFER 8192

enum abi_opcode {
	OP_LOOKUP = 1,
	OP_FORGET = 2,
	OP_GETATTR = 3,
	OP_SETATTR = 4,
	OP_READLINK = 5,
	OP_SYMLINK = 6,
	OP_UNLINK = 10,
	OP_RENAME = 12,
	OP_OPEN = 14,
	OP_READ = 15,
	OP_WRITE = 16,
	OP_STATFS = 17,
	OP_RELEASE = 18,
	OP_FSYNC = 20,
	OP_SETXATTR = 21,
	OP_GETXATTR = 22,
	OP_LISTXATTR = 23,
	OP_FLUSH = 25,
	OP_INIT = 26,
	OP_READDIR = 28,
	OP_CREATE = 35,
	OP_INTERRUPT = 36,
	OP_IOCTL = 39,
	OP_POLL = 40,
	OP_NOTIFY_REPLY = 41,
	OP_BATCH_FORGET = 42,
	OP_READDIRPLUS = 44,
	OP_RENAME2 = 45,
	OP_LSEEK = 46,
	OP_COPY_FILE_RANGE = 47,
	OP_COPY_FILE_RANGE_64 = 53,
	OP_NR
};

/* flags of FUSE_INIT */
#define INIT_ABORT_ERROR     (1ULL << 21)
#define INIT_MAX_PAGES	     (1ULL << 22)
#define INIT_EXT	     (1ULL << 30)
#define INIT_OVER_IO_URING   (1ULL << 41)
#define INIT_REQUEST_TIMEOUT (1ULL << 42)

struct abi_in_header {
	abi_u32 len, opcode;
	abi_u64 unique, nodeid;
	abi_u32 uid, gid, pid;
	abi_u16 total_extlen, padding;
};

struct abi_out_header {
	abi_u32 len;
	abi_s32 error;
	abi_u64 unique;
};

struct abi_attr {
	abi_u64 ino, size, blocks, atime, mtime, ctime;
	abi_u32 atimensec, mtimensec, ctimensec;
	abi_u32 mode, nlink, uid, gid, rdev, blksize, flags;
};

struct abi_entry_out {
	abi_u64 nodeid, generation, entry_valid, attr_valid;
	abi_u32 entry_valid_nsec, attr_valid_nsec;
	struct abi_attr attr;
};

struct abi_getattr_in {
	abi_u32 getattr_flags, dummy;
	abi_u64 fh;
};

struct abi_attr_out {
	abi_u64 attr_valid;
	abi_u32 attr_valid_nsec, dummy;
	struct abi_attr attr;
};

struct abi_open_in {
	abi_u32 flags, open_flags;
};

struct abi_open_out {
	abi_u64 fh;
	abi_u32 open_flags;
	abi_s32 backing_id;
};

struct abi_read_in {
	abi_u64 fh, offset;
	abi_u32 size, read_flags;
	abi_u64 lock_owner;
	abi_u32 flags, padding;
};

struct abi_write_in {
	abi_u64 fh, offset;
	abi_u32 size, write_flags;
	abi_u64 lock_owner;
	abi_u32 flags, padding;
};

struct abi_write_out {
	abi_u32 size, padding;
};

struct abi_fsync_in {
	abi_u64 fh;
	abi_u32 fsync_flags, padding;
};

struct abi_forget_in {
	abi_u64 nlookup;
};

struct abi_forget_one {
	abi_u64 nodeid, nlookup;
};

struct abi_batch_forget_in {
	abi_u32 count, dummy;
};

struct abi_interrupt_in {
	abi_u64 unique;
};

#define SETATTR_SIZE (1u << 3) /* FATTR_SIZE */

struct abi_setattr_in {
	abi_u32 valid, padding;
	abi_u64 fh, size, lock_owner, atime, mtime, ctime;
	abi_u32 atimensec, mtimensec, ctimensec;
	abi_u32 mode, unused4, uid, gid, unused5;
};

struct abi_create_in {
	abi_u32 flags, mode, umask, open_flags;
};

struct abi_rename_in {
	abi_u64 newdir;
};

struct abi_rename2_in {
	abi_u64 newdir;
	abi_u32 flags, padding;
};

/* without the extension that a server has to ask for */
struct abi_setxattr_in {
	abi_u32 size, flags;
};

struct abi_getxattr_in {
	abi_u32 size, padding;
};

struct abi_getxattr_out {
	abi_u32 size, padding;
};

struct abi_statfs_out {
	abi_u64 blocks, bfree, bavail, files, ffree;
	abi_u32 bsize, namelen, frsize, padding, spare[6];
};

struct abi_flush_in {
	abi_u64 fh;
	abi_u32 unused, padding;
	abi_u64 lock_owner;
};

struct abi_release_in {
	abi_u64 fh;
	abi_u32 flags, release_flags;
	abi_u64 lock_owner;
};

struct abi_lseek_in {
	abi_u64 fh, offset;
	abi_u32 whence, padding;
};

struct abi_lseek_out {
	abi_u64 offset;
};

struct abi_ioctl_in {
	abi_u64 fh;
	abi_u32 flags, cmd;
	abi_u64 arg;
	abi_u32 in_size, out_size;
};

struct abi_ioctl_out {
	abi_s32 result;
	abi_u32 flags, in_iovs, out_iovs;
};

struct abi_poll_in {
	abi_u64 fh, kh;
	abi_u32 flags, events;
};

struct abi_poll_out {
	abi_u32 revents, padding;
};

struct abi_copy_in {
	abi_u64 fh_in, off_in, nodeid_out, fh_out, off_out, len, flags;
};

struct abi_copy_out {
	abi_u64 bytes_copied;
};

/* followed by the name; each begins at a multiple of 8 bytes */
struct abi_dirent {
	abi_u64 ino, off;
	abi_u32 namelen, type;
};

/* READDIRPLUS has this before each */
struct abi_direntplus {
	struct abi_entry_out entry;
	struct abi_dirent dirent;
};

struct abi_init_in {
	abi_u32 major, minor, max_readahead, flags, flags2, unused[11];
};

struct abi_init_out {
	abi_u32 major, minor, max_readahead, flags;
	abi_u16 max_background, congestion_threshold;
	abi_u32 max_write, time_gran;
	abi_u16 max_pages, map_alignment;
	abi_u32 flags2, max_stack_depth;
	abi_u16 request_timeout, unused[11];
};

/* what a server tells of its own accord: an abi_out_header without unique, and error */
enum abi_notify {
	NOTIFY_POLL = 1,
	NOTIFY_INVAL_INODE = 2,
	NOTIFY_INVAL_ENTRY = 3,
	NOTIFY_STORE = 4,
	NOTIFY_RETRIEVE = 5,
	NOTIFY_DELETE = 6,
	NOTIFY_RESEND = 7,
	NOTIFY_INC_EPOCH = 8,
	NOTIFY_PRUNE = 9,
};

struct abi_notify_poll {
	abi_u64 kh;
};

struct abi_notify_inval_inode {
	abi_u64 ino, off, len; /* the last two are signed */
};

struct abi_notify_inval_entry {
	abi_u64 parent;
	abi_u32 namelen, flags;
};

struct abi_notify_delete {
	abi_u64 parent, child;
	abi_u32 namelen, padding;
};

struct abi_notify_store {
	abi_u64 nodeid, offset;
	abi_u32 size, padding;
};

struct abi_notify_retrieve {
	abi_u64 notify_unique, nodeid, offset;
	abi_u32 size, padding;
};

struct abi_notify_prune {
	abi_u32 count, padding;
	abi_u64 spare;
};

/* ------------------------------------------------------- FUSE over io_uring */

enum abi_uring_cmd {
	CMD_REGISTER = 1,
	CMD_COMMIT_AND_FETCH = 2,
	CMD_ADD_QUEUE = 3,   /* 7.3 */
	CMD_ADD_BUFPOOL = 4, /* 7.3 */
};

#define ADD_QUEUE_ZERO_COPY (1ULL << 0) /* flags of ADD_QUEUE */
#define REGISTER_BUFRING    (1ULL << 0) /* flags of REGISTER, bufring */
#define REGISTER_INC	    (1ULL << 1)
#define REGISTER_PINNED	    (1ULL << 2)
#define ENT_ZERO_COPY	    (1ULL << 0) /* flags of abi_ent_in_out */

/* ring_ent_in_out of the header slot */
struct abi_ent_in_out {
	abi_u64 flags;
	abi_u64 commit_id;
	abi_u32 payload_sz;
	union {
		abi_u32 offset; /* 7.3: into the pool */
		struct {
			abi_u16 buf_id; /* bufring */
			abi_u16 padding;
		};
	};
	abi_u64 region; /* bufring, REGISTER_INC: where it begins in the buffer */
};

/* bufring: buffers of one size, of a queue that has several */
struct abi_bufring_size {
	abi_u32 size, number;
};

#define MAX_CLASSES 4

/* a header slot: where an entry's requests and replies are exchanged */
struct abi_headers {
	union {
		struct abi_in_header in;
		struct abi_out_header out;
		char in_out[128];
	};
	char op_in[128];
	struct abi_ent_in_out ent;
};

/* the command area of the SQE */
struct abi_cmd_req {
	abi_u64 flags;
	abi_u64 commit_id;
	abi_u16 qid;
	union {
		abi_u8 padding[6];
		struct { /* bufring */
			abi_u16 queue_depth;
			abi_u32 buf_size;
		} __attribute__((packed)) init;
	};
	union {
		struct { /* 7.3: ADD_BUFPOOL */
			abi_u64 uaddr;
			abi_u32 len, reserved;
		} bufpool;
		abi_u16 zero_copy_index; /* 7.3: REGISTER */
	};
};

#endif /* FUSE_ABI_H */
