/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for a tree's uapi/linux/fuse.h, where it has none: a folder with fs/fuse
 * alone. FUSE's user ABI, protocol 7.46, as far as the transport, what stands around it
 * in fs/fuse's headers and the simulator's servers need it. Layouts and numbers are those
 * of the protocol; one that came later does not harm a tree that has not got it.
 */
#ifndef OWN_LINUX_FUSE_H
#define OWN_LINUX_FUSE_H

#include <linux/types.h>

/* which era the tree is of (sim/fuse/probes) */
#if __has_include("subject_probes.h")
#include "subject_probes.h"
#endif

#define FUSE_KERNEL_VERSION	  7
#define FUSE_KERNEL_MINOR_VERSION 46
#define FUSE_ROOT_ID		  1
#define FUSE_MIN_READ_BUFFER	  8192
#define FUSE_UNIQUE_RESEND	  (1ULL << 63)
#define FUSE_INVALID_UIDGID	  ((uint32_t)(-1))

/* flags of FUSE_INIT; from bit 32 on in flags2 */
#define FUSE_ABORT_ERROR     (1 << 21)
#define FUSE_MAX_PAGES	     (1 << 22)
#define FUSE_INIT_EXT	     (1 << 30)
#define FUSE_HAS_RESEND	     (1ULL << 39)
#define FUSE_ALLOW_IDMAP     (1ULL << 40)
#define FUSE_OVER_IO_URING   (1ULL << 41)
#define FUSE_REQUEST_TIMEOUT (1ULL << 42)

/* sizes of arguments that older protocols had */
#define FUSE_COMPAT_ENTRY_OUT_SIZE   120
#define FUSE_COMPAT_ATTR_OUT_SIZE    96
#define FUSE_COMPAT_WRITE_IN_SIZE    24
#define FUSE_COMPAT_MKNOD_IN_SIZE    8
#define FUSE_COMPAT_STATFS_SIZE	     48
#define FUSE_COMPAT_SETXATTR_IN_SIZE 8
#define FUSE_COMPAT_INIT_OUT_SIZE    8
#define FUSE_COMPAT_22_INIT_OUT_SIZE 24

enum fuse_opcode {
	FUSE_LOOKUP = 1,
	FUSE_FORGET = 2,
	FUSE_GETATTR = 3,
	FUSE_SETATTR = 4,
	FUSE_READLINK = 5,
	FUSE_SYMLINK = 6,
	FUSE_MKNOD = 8,
	FUSE_MKDIR = 9,
	FUSE_UNLINK = 10,
	FUSE_RMDIR = 11,
	FUSE_RENAME = 12,
	FUSE_LINK = 13,
	FUSE_OPEN = 14,
	FUSE_READ = 15,
	FUSE_WRITE = 16,
	FUSE_STATFS = 17,
	FUSE_RELEASE = 18,
	FUSE_FSYNC = 20,
	FUSE_SETXATTR = 21,
	FUSE_GETXATTR = 22,
	FUSE_LISTXATTR = 23,
	FUSE_REMOVEXATTR = 24,
	FUSE_FLUSH = 25,
	FUSE_INIT = 26,
	FUSE_OPENDIR = 27,
	FUSE_READDIR = 28,
	FUSE_RELEASEDIR = 29,
	FUSE_FSYNCDIR = 30,
	FUSE_GETLK = 31,
	FUSE_SETLK = 32,
	FUSE_SETLKW = 33,
	FUSE_ACCESS = 34,
	FUSE_CREATE = 35,
	FUSE_INTERRUPT = 36,
	FUSE_BMAP = 37,
	FUSE_DESTROY = 38,
	FUSE_IOCTL = 39,
	FUSE_POLL = 40,
	FUSE_NOTIFY_REPLY = 41,
	FUSE_BATCH_FORGET = 42,
	FUSE_FALLOCATE = 43,
	FUSE_READDIRPLUS = 44,
	FUSE_RENAME2 = 45,
	FUSE_LSEEK = 46,
	FUSE_COPY_FILE_RANGE = 47,
	FUSE_SETUPMAPPING = 48,
	FUSE_REMOVEMAPPING = 49,
	FUSE_SYNCFS = 50,
	FUSE_TMPFILE = 51,
	FUSE_STATX = 52,
	FUSE_COPY_FILE_RANGE_64 = 53,
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
	FUSE_NOTIFY_INC_EPOCH = 8,
	FUSE_NOTIFY_PRUNE = 9,
	FUSE_NOTIFY_CODE_MAX,
};

enum fuse_ext_type {
	FUSE_MAX_NR_SECCTX = 31,
	FUSE_EXT_GROUPS = 32,
};

#define FUSE_EXPIRE_ONLY (1 << 0)

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

struct fuse_ext_header {
	uint32_t size, type;
};

/* -------------------------------------------------------------- arguments */

struct fuse_attr {
	uint64_t ino, size, blocks;
	uint64_t atime, mtime, ctime;
	uint32_t atimensec, mtimensec, ctimensec;
	uint32_t mode, nlink, uid, gid, rdev, blksize, flags;
};

struct fuse_sx_time {
	int64_t tv_sec;
	uint32_t tv_nsec;
	int32_t __reserved;
};

struct fuse_statx {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, __spare0[1];
	uint64_t ino, size, blocks, attributes_mask;
	struct fuse_sx_time atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t __spare2[14];
};

struct fuse_kstatfs {
	uint64_t blocks, bfree, bavail, files, ffree;
	uint32_t bsize, namelen, frsize, padding, spare[6];
};

struct fuse_entry_out {
	uint64_t nodeid, generation;
	uint64_t entry_valid, attr_valid;
	uint32_t entry_valid_nsec, attr_valid_nsec;
	struct fuse_attr attr;
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

struct fuse_getattr_in {
	uint32_t getattr_flags, dummy;
	uint64_t fh;
};

struct fuse_attr_out {
	uint64_t attr_valid;
	uint32_t attr_valid_nsec, dummy;
	struct fuse_attr attr;
};

struct fuse_setattr_in {
	uint32_t valid, padding;
	uint64_t fh, size, lock_owner, atime, mtime, ctime;
	uint32_t atimensec, mtimensec, ctimensec, mode, unused4, uid, gid, unused5;
};

struct fuse_rename_in {
	uint64_t newdir;
};

struct fuse_rename2_in {
	uint64_t newdir;
	uint32_t flags, padding;
};

struct fuse_open_in {
	uint32_t flags, open_flags;
};

struct fuse_create_in {
	uint32_t flags, mode, umask, open_flags;
};

struct fuse_open_out {
	uint64_t fh;
	uint32_t open_flags;
	int32_t backing_id;
};

struct fuse_release_in {
	uint64_t fh;
	uint32_t flags, release_flags;
	uint64_t lock_owner;
};

struct fuse_flush_in {
	uint64_t fh;
	uint32_t unused, padding;
	uint64_t lock_owner;
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

struct fuse_statfs_out {
	struct fuse_kstatfs st;
};

struct fuse_fsync_in {
	uint64_t fh;
	uint32_t fsync_flags, padding;
};

struct fuse_setxattr_in {
	uint32_t size, flags, setxattr_flags, padding;
};

struct fuse_getxattr_in {
	uint32_t size, padding;
};

struct fuse_getxattr_out {
	uint32_t size, padding;
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

struct fuse_ioctl_in {
	uint64_t fh;
	uint32_t flags, cmd;
	uint64_t arg;
	uint32_t in_size, out_size;
};

struct fuse_ioctl_out {
	int32_t result;
	uint32_t flags, in_iovs, out_iovs;
};

struct fuse_poll_in {
	uint64_t fh, kh;
	uint32_t flags, events;
};

struct fuse_poll_out {
	uint32_t revents, padding;
};

struct fuse_lseek_in {
	uint64_t fh, offset;
	uint32_t whence, padding;
};

struct fuse_lseek_out {
	uint64_t offset;
};

struct fuse_copy_file_range_in {
	uint64_t fh_in, off_in, nodeid_out, fh_out, off_out, len, flags;
};

struct fuse_copy_file_range_out {
	uint64_t bytes_copied;
};

struct fuse_dirent {
	uint64_t ino, off;
	uint32_t namelen, type;
	char name[];
};

struct fuse_direntplus {
	struct fuse_entry_out entry_out;
	struct fuse_dirent dirent;
};

struct fuse_backing_map {
	int32_t fd;
	uint32_t flags;
	uint64_t padding;
};

/* ---------------------------------------------------------- notifications */

struct fuse_notify_poll_wakeup_out {
	uint64_t kh;
};

struct fuse_notify_inval_inode_out {
	uint64_t ino;
	int64_t off, len;
};

struct fuse_notify_inval_entry_out {
	uint64_t parent;
	uint32_t namelen, flags;
};

struct fuse_notify_delete_out {
	uint64_t parent, child;
	uint32_t namelen, padding;
};

struct fuse_notify_store_out {
	uint64_t nodeid, offset;
	uint32_t size, padding;
};

struct fuse_notify_retrieve_out {
	uint64_t notify_unique, nodeid, offset;
	uint32_t size, padding;
};

struct fuse_notify_retrieve_in {
	uint64_t dummy1, offset;
	uint32_t size, dummy2;
	uint64_t dummy3, dummy4;
};

struct fuse_notify_prune_out {
	uint32_t count, padding;
	uint64_t spare;
};

/* ----------------------------------------------------------------- device */

#define FUSE_DEV_IOC_MAGIC	   229
#define FUSE_DEV_IOC_CLONE	   _IOR(FUSE_DEV_IOC_MAGIC, 0, uint32_t)
#define FUSE_DEV_IOC_BACKING_OPEN  _IOW(FUSE_DEV_IOC_MAGIC, 1, struct fuse_backing_map)
#define FUSE_DEV_IOC_BACKING_CLOSE _IOW(FUSE_DEV_IOC_MAGIC, 2, uint32_t)
#define FUSE_DEV_IOC_SYNC_INIT	   _IO(FUSE_DEV_IOC_MAGIC, 3)

/* --------------------------------------------------------------- io_uring */

#define FUSE_URING_IN_OUT_HEADER_SZ 128
#define FUSE_URING_OP_IN_OUT_SZ	    128

enum fuse_uring_cmd {
	FUSE_IO_URING_CMD_INVALID = 0,
	FUSE_IO_URING_CMD_REGISTER = 1,
	FUSE_IO_URING_CMD_COMMIT_AND_FETCH = 2,
	FUSE_IO_URING_CMD_ADD_QUEUE = 3,
	FUSE_IO_URING_CMD_ADD_BUFPOOL = 4,
};

/* flags: of ADD_QUEUE; of a request's entry */
#define FUSE_URING_ZERO_COPY	 (1 << 0)
#define FUSE_URING_ENT_ZERO_COPY (1 << 0)

/* what is told about a request beside its headers; @offset: into a pool, since 7.46 */
struct fuse_uring_ent_in_out {
	uint64_t flags;
	uint64_t commit_id;
	uint32_t payload_sz, offset;
	uint64_t reserved;
};

/* a header slot: both headers, the first argument */
struct fuse_uring_req_header {
	char in_out[FUSE_URING_IN_OUT_HEADER_SZ];
	char op_in[FUSE_URING_OP_IN_OUT_SZ];
	struct fuse_uring_ent_in_out ring_ent_in_out;
};

/* command area of the SQE */
struct fuse_uring_cmd_req {
	uint64_t flags;
	uint64_t commit_id;
	uint16_t qid;
	uint8_t padding[6];
#ifdef GLUE_HAS_BUFPOOL
	union {
		struct {
			uint64_t uaddr;
			uint32_t len, reserved;
		} bufpool;
		uint16_t ent_zero_copy_buf_index;
	};
#endif
};

#endif /* OWN_LINUX_FUSE_H */
