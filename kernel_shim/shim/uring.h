/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The io_uring model: what kernel code sees of it (first half; read through
 * linux/io_uring_types.h) and the system calls that a server makes (second
 * half). Rules by number, e.g. 2.2, are those of docs/io_uring-model.md.
 * Builtin types only.
 */
#ifndef SHIM_URING_H
#define SHIM_URING_H

#include "shim/task.h"
#include "sched/site.h"

struct file;
struct shim_uring;			/* an instance: struct io_ring_ctx */
struct iov_iter;
struct bio_vec;

/* issue flags: the kernel's numbers [enum io_uring_cmd_flags] */
#define SHIM_URING_F_COMPLETE_DEFER	1u
#define SHIM_URING_F_UNLOCKED		2u
#define SHIM_URING_F_IOWQ		8u
#define SHIM_URING_F_INLINE		16u
#define SHIM_URING_F_NONBLOCK		0x80000000u
#define SHIM_URING_F_SQE128		(1u << 8)
#define SHIM_URING_F_CANCEL		(1u << 11)

/* as in the kernel's struct io_uring_cmd; subjects assert that theirs agrees */
struct shim_uring_cmd {
	struct file *file;
	const void *sqe;
	unsigned int cmd_op;
	unsigned int flags;
	unsigned char pdu[32];
	unsigned char unused[8];
};

struct shim_uring_req;
typedef void (*shim_uring_tw_fn)(struct shim_uring_req *req, int cancel);

/**
 * struct shim_uring_req - struct io_kiocb
 *
 * The command is first: the kernel casts one to the other.
 */
struct shim_uring_req {
	union {
		struct file *file;
		struct shim_uring_cmd cmd;
	};
	struct shim_uring *ctx;
	struct io_uring_task *tctx;	/* ->task */
	unsigned long long user_data;
	int result;
	unsigned int buf_index;
	unsigned char state;		/* enum of the model */
	unsigned char cancelable, hashed, deferred;
	shim_uring_tw_fn tw_fn;
	struct shim_uring_req *tw_next, *list_next, *hash_next, *hash_prev;
	void *buf_node;			/* pinned registered buffer (6.1) */
	unsigned char sqe_copy[128];	/* stable copy, when 1.4 makes one */
};

struct io_uring_task {
	struct task_struct *task;
	struct shim_uring_req *tw_first, *tw_last;	/* default mode FIFO (3.1) */
	unsigned int inflight;
	unsigned char exited;
};

/* Called by the subject, through linux/io_uring/cmd.h. */
void shim_uring_cmd_done(struct shim_uring_cmd *cmd, int ret,
			 unsigned int issue_flags, const struct sched_site *site);
void shim_uring_cmd_do_in_task(struct shim_uring_cmd *cmd, shim_uring_tw_fn fn,
			       unsigned int flags, const struct sched_site *site);
void shim_uring_cmd_mark_cancelable(struct shim_uring_cmd *cmd,
				    unsigned int issue_flags,
				    const struct sched_site *site);
int shim_uring_import_fixed(unsigned long long ubuf, unsigned long len, int rw,
			    struct iov_iter *iter, struct shim_uring_cmd *cmd,
			    unsigned int issue_flags, const struct sched_site *site);
int shim_uring_register_bvec(struct shim_uring_cmd *cmd, const struct bio_vec *bvs,
			     unsigned int nr, void (*release)(void *), void *priv,
			     unsigned char dir, unsigned int index,
			     unsigned int issue_flags, const struct sched_site *site);
int shim_uring_unregister_bvec(struct shim_uring_cmd *cmd, unsigned int index,
			       unsigned int issue_flags,
			       const struct sched_site *site);

/* ------------------------------------------------------------------ */
/* What a server calls. All in the context of one of its tasks.        */

#define URING_SETUP_SQE128		(1u << 10)
#define URING_SETUP_SQPOLL		(1u << 1)
#define URING_SETUP_SINGLE_ISSUER	(1u << 12)
#define URING_SETUP_DEFER_TASKRUN	(1u << 13)

#define URING_ENTER_GETEVENTS		(1u << 0)

#define URING_OP_NOP			0
#define URING_OP_URING_CMD		46
#define URING_SQE_ASYNC			(1u << 4)	/* IOSQE_ASYNC: to io-wq */
#define URING_CMD_FIXED			(1u << 0)	/* IORING_URING_CMD_FIXED */

/** struct uring_sqe - an SQE of 128 bytes, laid out as the kernel's */
struct uring_sqe {
	unsigned char opcode, flags;
	unsigned short ioprio;
	int fd;
	unsigned int cmd_op, pad1;		/* union with off */
	unsigned long long addr;
	unsigned int len;
	unsigned int uring_cmd_flags;
	unsigned long long user_data;
	unsigned short buf_index, personality;
	int splice_fd_in;
	unsigned char cmd[80];
};

/** struct uring_cqe - a CQE of 16 bytes */
struct uring_cqe {
	unsigned long long user_data;
	int res;
	unsigned int flags;
};

/**
 * sys_io_uring_setup() - [io_uring_setup]
 * @entries: SQ size, a power of two up to 256; the CQ is twice that
 * @flags: URING_SETUP_*
 *
 * Return: the instance, referenced by the calling task's process until
 * sys_uring_close(); NULL when memory fails.
 */
struct shim_uring *sys_io_uring_setup(unsigned int entries, unsigned int flags);

/**
 * uring_get_sqe() - next free SQE slot in user memory, zeroed; NULL: queue full
 *
 * User side, no system call. The slot may be changed by the user at any time,
 * also after submission (rule 1.4).
 */
struct uring_sqe *uring_get_sqe(struct shim_uring *ring);

/**
 * sys_io_uring_enter() - [io_uring_enter]
 * @to_submit: SQEs to issue, in order, under uring_lock (1.1)
 * @min_complete: CQEs to wait for, with URING_ENTER_GETEVENTS
 *
 * Return: SQEs submitted, or -EINTR when a signal ended the wait before
 * anything was submitted.
 */
int sys_io_uring_enter(struct shim_uring *ring, unsigned int to_submit,
		       unsigned int min_complete, unsigned int flags);

/** uring_peek_cqe() - oldest unseen CQE or NULL; user side, no system call */
const struct uring_cqe *uring_peek_cqe(struct shim_uring *ring);
void uring_seen_cqe(struct shim_uring *ring);

/**
 * sys_io_uring_register_buffers() - [IORING_REGISTER_BUFFERS]
 * @iov: @nr pairs of address and length; address NULL is an empty slot
 */
struct uring_iovec {
	void *base;
	unsigned long len;
};
int sys_io_uring_register_buffers(struct shim_uring *ring,
				  const struct uring_iovec *iov, unsigned int nr);
int sys_io_uring_unregister_buffers(struct shim_uring *ring);

/**
 * uring_fixed_copy() - what IORING_OP_READ_FIXED/WRITE_FIXED between a file and a
 * registered buffer comes down to: copy bytes to or from slot @index
 *
 * For servers of zero-copy requests. Return: bytes, -EFAULT.
 */
long uring_fixed_copy(struct shim_uring *ring, unsigned int index,
		      unsigned long offset, void *buf, unsigned long len,
		      int to_buffer);

/**
 * sys_uring_close() - close(2) of the ring's last descriptor [io_uring_release]
 *
 * Marks the ring dying under uring_lock and queues the exit kworker (5.4).
 */
void sys_uring_close(struct shim_uring *ring);

/* For tests and invariants. */
unsigned int shim_uring_inflight(const struct shim_uring *ring);
unsigned int shim_uring_cq_ready(const struct shim_uring *ring);
/** shim_uring_is_freed() - the exit kworker has freed it */
int shim_uring_is_freed(const struct shim_uring *ring);
/** shim_uring_reset() - forget every instance (between executions) */
void shim_uring_reset(void);

#endif /* SHIM_URING_H */
