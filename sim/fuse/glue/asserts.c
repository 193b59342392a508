// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the simulator assumes of a tree's layouts, compared with the tree's own
 * headers when it is compiled: the user ABI of FUSE (fuse/abi.h), and
 * io_uring's commands and SQEs (shim/uring.h).
 */
#include "glue.h"

#include <linux/io_uring/cmd.h>
#include <uapi/linux/io_uring.h>

#include "shim/uring.h"
#include "fuse/abi.h"

#define SAME_SIZE(ours, theirs) \
	static_assert(sizeof(struct ours) == sizeof(struct theirs))
#define SAME_PLACE(ours, our_field, theirs, their_field)  \
	static_assert(offsetof(struct ours, our_field) == \
		      offsetof(struct theirs, their_field))
#define SAME_FIELD(ours, theirs, field) SAME_PLACE(ours, field, theirs, field)
#define SAME_NUMBER(ours, theirs)	static_assert((int)(ours) == (int)(theirs))

SAME_SIZE(abi_in_header, fuse_in_header);
SAME_FIELD(abi_in_header, fuse_in_header, opcode);
SAME_FIELD(abi_in_header, fuse_in_header, unique);
SAME_FIELD(abi_in_header, fuse_in_header, nodeid);
SAME_FIELD(abi_in_header, fuse_in_header, pid);
SAME_SIZE(abi_out_header, fuse_out_header);
SAME_FIELD(abi_out_header, fuse_out_header, error);
SAME_FIELD(abi_out_header, fuse_out_header, unique);
SAME_SIZE(abi_attr, fuse_attr);
SAME_FIELD(abi_attr, fuse_attr, size);
SAME_FIELD(abi_attr, fuse_attr, mode);
SAME_SIZE(abi_entry_out, fuse_entry_out);
SAME_FIELD(abi_entry_out, fuse_entry_out, attr);
SAME_SIZE(abi_getattr_in, fuse_getattr_in);
SAME_SIZE(abi_attr_out, fuse_attr_out);
SAME_FIELD(abi_attr_out, fuse_attr_out, attr);
SAME_SIZE(abi_open_in, fuse_open_in);
SAME_SIZE(abi_open_out, fuse_open_out);
SAME_SIZE(abi_read_in, fuse_read_in);
SAME_FIELD(abi_read_in, fuse_read_in, offset);
SAME_FIELD(abi_read_in, fuse_read_in, size);
SAME_SIZE(abi_write_in, fuse_write_in);
SAME_FIELD(abi_write_in, fuse_write_in, offset);
SAME_FIELD(abi_write_in, fuse_write_in, size);
SAME_SIZE(abi_write_out, fuse_write_out);
SAME_SIZE(abi_fsync_in, fuse_fsync_in);
SAME_SIZE(abi_forget_in, fuse_forget_in);
SAME_SIZE(abi_interrupt_in, fuse_interrupt_in);
SAME_SIZE(abi_init_in, fuse_init_in);
SAME_FIELD(abi_init_in, fuse_init_in, flags2);
SAME_SIZE(abi_init_out, fuse_init_out);
SAME_FIELD(abi_init_out, fuse_init_out, max_background);
SAME_FIELD(abi_init_out, fuse_init_out, max_write);
SAME_FIELD(abi_init_out, fuse_init_out, max_pages);
SAME_FIELD(abi_init_out, fuse_init_out, flags2);
#ifdef FUSE_REQUEST_TIMEOUT
SAME_FIELD(abi_init_out, fuse_init_out, request_timeout);
SAME_NUMBER(INIT_REQUEST_TIMEOUT, FUSE_REQUEST_TIMEOUT);
#endif

#ifdef GLUE_WHOLE_ABI
SAME_SIZE(abi_forget_one, fuse_forget_one);
SAME_SIZE(abi_batch_forget_in, fuse_batch_forget_in);
SAME_SIZE(abi_setattr_in, fuse_setattr_in);
SAME_FIELD(abi_setattr_in, fuse_setattr_in, size);
SAME_SIZE(abi_create_in, fuse_create_in);
SAME_SIZE(abi_rename2_in, fuse_rename2_in);
static_assert(sizeof(struct abi_setxattr_in) == FUSE_COMPAT_SETXATTR_IN_SIZE);
SAME_SIZE(abi_getxattr_in, fuse_getxattr_in);
SAME_SIZE(abi_getxattr_out, fuse_getxattr_out);
SAME_SIZE(abi_statfs_out, fuse_statfs_out);
SAME_SIZE(abi_flush_in, fuse_flush_in);
SAME_SIZE(abi_release_in, fuse_release_in);
SAME_SIZE(abi_lseek_in, fuse_lseek_in);
SAME_FIELD(abi_lseek_in, fuse_lseek_in, whence);
SAME_SIZE(abi_lseek_out, fuse_lseek_out);
SAME_SIZE(abi_ioctl_in, fuse_ioctl_in);
SAME_FIELD(abi_ioctl_in, fuse_ioctl_in, in_size);
SAME_SIZE(abi_ioctl_out, fuse_ioctl_out);
SAME_SIZE(abi_poll_in, fuse_poll_in);
SAME_FIELD(abi_poll_in, fuse_poll_in, events);
SAME_SIZE(abi_poll_out, fuse_poll_out);
SAME_SIZE(abi_copy_in, fuse_copy_file_range_in);
SAME_FIELD(abi_copy_in, fuse_copy_file_range_in, off_out);
SAME_FIELD(abi_copy_in, fuse_copy_file_range_in, len);
SAME_SIZE(abi_dirent, fuse_dirent);
SAME_FIELD(abi_dirent, fuse_dirent, type);
SAME_SIZE(abi_direntplus, fuse_direntplus);
SAME_NUMBER(OP_SETATTR, FUSE_SETATTR);
SAME_NUMBER(OP_READLINK, FUSE_READLINK);
SAME_NUMBER(OP_SYMLINK, FUSE_SYMLINK);
SAME_NUMBER(OP_UNLINK, FUSE_UNLINK);
SAME_NUMBER(OP_RENAME, FUSE_RENAME);
SAME_SIZE(abi_rename_in, fuse_rename_in);
SAME_NUMBER(OP_STATFS, FUSE_STATFS);
SAME_NUMBER(OP_RELEASE, FUSE_RELEASE);
SAME_NUMBER(OP_SETXATTR, FUSE_SETXATTR);
SAME_NUMBER(OP_GETXATTR, FUSE_GETXATTR);
SAME_NUMBER(OP_LISTXATTR, FUSE_LISTXATTR);
SAME_NUMBER(OP_FLUSH, FUSE_FLUSH);
SAME_NUMBER(OP_READDIR, FUSE_READDIR);
SAME_NUMBER(OP_CREATE, FUSE_CREATE);
SAME_NUMBER(OP_IOCTL, FUSE_IOCTL);
SAME_NUMBER(OP_POLL, FUSE_POLL);
SAME_NUMBER(OP_READDIRPLUS, FUSE_READDIRPLUS);
SAME_NUMBER(OP_RENAME2, FUSE_RENAME2);
SAME_NUMBER(OP_LSEEK, FUSE_LSEEK);
#endif

#ifdef GLUE_COPY_64
SAME_SIZE(abi_copy_out, fuse_copy_file_range_out);
SAME_NUMBER(OP_COPY_FILE_RANGE_64, FUSE_COPY_FILE_RANGE_64);
#endif

SAME_NUMBER(ABI_MAJOR, FUSE_KERNEL_VERSION);
SAME_NUMBER(ABI_MIN_READ_BUFFER, FUSE_MIN_READ_BUFFER);
SAME_NUMBER(INIT_ABORT_ERROR, FUSE_ABORT_ERROR);
SAME_NUMBER(INIT_MAX_PAGES, FUSE_MAX_PAGES);
SAME_NUMBER(INIT_EXT, FUSE_INIT_EXT);
SAME_NUMBER(INIT_OVER_IO_URING, FUSE_OVER_IO_URING);
SAME_NUMBER((int)OP_LOOKUP, (int)FUSE_LOOKUP);
SAME_NUMBER((int)OP_FORGET, (int)FUSE_FORGET);
SAME_NUMBER((int)OP_GETATTR, (int)FUSE_GETATTR);
SAME_NUMBER((int)OP_OPEN, (int)FUSE_OPEN);
SAME_NUMBER((int)OP_READ, (int)FUSE_READ);
SAME_NUMBER((int)OP_WRITE, (int)FUSE_WRITE);
SAME_NUMBER((int)OP_FSYNC, (int)FUSE_FSYNC);
SAME_NUMBER((int)OP_INIT, (int)FUSE_INIT);
SAME_NUMBER((int)OP_INTERRUPT, (int)FUSE_INTERRUPT);
SAME_NUMBER((int)OP_BATCH_FORGET, (int)FUSE_BATCH_FORGET);

#ifdef GLUE_NOTIFY
SAME_SIZE(abi_notify_poll, fuse_notify_poll_wakeup_out);
SAME_SIZE(abi_notify_inval_inode, fuse_notify_inval_inode_out);
SAME_FIELD(abi_notify_inval_inode, fuse_notify_inval_inode_out, len);
SAME_SIZE(abi_notify_inval_entry, fuse_notify_inval_entry_out);
SAME_FIELD(abi_notify_inval_entry, fuse_notify_inval_entry_out, namelen);
SAME_SIZE(abi_notify_delete, fuse_notify_delete_out);
SAME_FIELD(abi_notify_delete, fuse_notify_delete_out, namelen);
SAME_SIZE(abi_notify_store, fuse_notify_store_out);
SAME_FIELD(abi_notify_store, fuse_notify_store_out, size);
SAME_SIZE(abi_notify_retrieve, fuse_notify_retrieve_out);
SAME_FIELD(abi_notify_retrieve, fuse_notify_retrieve_out, size);
#endif
#ifdef GLUE_ABI_PRUNE
SAME_SIZE(abi_notify_prune, fuse_notify_prune_out);
SAME_NUMBER((int)NOTIFY_PRUNE, (int)FUSE_NOTIFY_PRUNE);
#endif
#ifdef GLUE_ABI_EPOCH
SAME_NUMBER((int)NOTIFY_INC_EPOCH, (int)FUSE_NOTIFY_INC_EPOCH);
#endif
SAME_NUMBER((int)NOTIFY_RETRIEVE, (int)FUSE_NOTIFY_RETRIEVE);
SAME_NUMBER((int)NOTIFY_RESEND, (int)FUSE_NOTIFY_RESEND);
SAME_NUMBER((int)OP_NOTIFY_REPLY, (int)FUSE_NOTIFY_REPLY);

SAME_SIZE(abi_ent_in_out, fuse_uring_ent_in_out);
SAME_FIELD(abi_ent_in_out, fuse_uring_ent_in_out, commit_id);
SAME_FIELD(abi_ent_in_out, fuse_uring_ent_in_out, payload_sz);
SAME_SIZE(abi_headers, fuse_uring_req_header);
SAME_FIELD(abi_headers, fuse_uring_req_header, op_in);
SAME_PLACE(abi_headers, ent, fuse_uring_req_header, ring_ent_in_out);
SAME_FIELD(abi_cmd_req, fuse_uring_cmd_req, commit_id);
SAME_FIELD(abi_cmd_req, fuse_uring_cmd_req, qid);
SAME_NUMBER((int)CMD_REGISTER, (int)FUSE_IO_URING_CMD_REGISTER);
SAME_NUMBER((int)CMD_COMMIT_AND_FETCH, (int)FUSE_IO_URING_CMD_COMMIT_AND_FETCH);
#ifdef GLUE_HAS_BUFPOOL
SAME_SIZE(abi_cmd_req, fuse_uring_cmd_req);
SAME_FIELD(abi_cmd_req, fuse_uring_cmd_req, bufpool);
SAME_PLACE(abi_cmd_req, zero_copy_index, fuse_uring_cmd_req, ent_zero_copy_buf_index);
SAME_FIELD(abi_ent_in_out, fuse_uring_ent_in_out, offset);
SAME_NUMBER((int)CMD_ADD_QUEUE, (int)FUSE_IO_URING_CMD_ADD_QUEUE);
SAME_NUMBER((int)CMD_ADD_BUFPOOL, (int)FUSE_IO_URING_CMD_ADD_BUFPOOL);
SAME_NUMBER(ADD_QUEUE_ZERO_COPY, FUSE_URING_ZERO_COPY);
SAME_NUMBER(ENT_ZERO_COPY, FUSE_URING_ENT_ZERO_COPY);
#endif

SAME_SIZE(shim_uring_cmd, io_uring_cmd);
SAME_FIELD(shim_uring_cmd, io_uring_cmd, file);
SAME_FIELD(shim_uring_cmd, io_uring_cmd, sqe);
SAME_FIELD(shim_uring_cmd, io_uring_cmd, cmd_op);
SAME_FIELD(shim_uring_cmd, io_uring_cmd, flags);
SAME_FIELD(shim_uring_cmd, io_uring_cmd, pdu);

static_assert(sizeof(struct uring_sqe) == 2 * sizeof(struct io_uring_sqe));
SAME_FIELD(uring_sqe, io_uring_sqe, fd);
SAME_FIELD(uring_sqe, io_uring_sqe, cmd_op);
SAME_FIELD(uring_sqe, io_uring_sqe, addr);
SAME_FIELD(uring_sqe, io_uring_sqe, len);
SAME_FIELD(uring_sqe, io_uring_sqe, uring_cmd_flags);
SAME_FIELD(uring_sqe, io_uring_sqe, user_data);
SAME_FIELD(uring_sqe, io_uring_sqe, buf_index);
SAME_FIELD(uring_sqe, io_uring_sqe, cmd);
SAME_SIZE(uring_cqe, io_uring_cqe);
SAME_FIELD(uring_cqe, io_uring_cqe, res);
SAME_NUMBER(URING_CMD_FIXED, IORING_URING_CMD_FIXED);
SAME_NUMBER((int)URING_OP_URING_CMD, (int)IORING_OP_URING_CMD);
SAME_NUMBER(URING_SETUP_SQE128, IORING_SETUP_SQE128);
SAME_NUMBER(URING_SETUP_DEFER_TASKRUN, IORING_SETUP_DEFER_TASKRUN);
SAME_NUMBER(URING_ENTER_GETEVENTS, IORING_ENTER_GETEVENTS);
