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
#include "shim/work.h"
#include "sched/site.h"

struct file;
struct shim_uring; /* an instance: struct io_ring_ctx */
struct uring_worker;
struct uring_file_node;
struct iov_iter;
struct bio_vec;

/* issue flags: the kernel's numbers [enum io_uring_cmd_flags] */
#define SHIM_URING_F_COMPLETE_DEFER 1u
#define SHIM_URING_F_UNLOCKED	    2u
#define SHIM_URING_F_IOWQ	    8u
#define SHIM_URING_F_INLINE	    16u
#define SHIM_URING_F_NONBLOCK	    0x80000000u
#define SHIM_URING_F_SQE128	    (1u << 8)
#define SHIM_URING_F_CANCEL	    (1u << 11)

/* as in the kernel's struct io_uring_cmd; subjects assert that theirs agrees */
struct shim_uring_cmd {
	struct file *file;
	const void *sqe;
	unsigned int cmd_op;
	unsigned int flags;
	unsigned char pdu[32];
	unsigned char unused[8];
};

/* one object, which debug information calls as the kernel does */
#define shim_uring_req io_kiocb
struct shim_uring_req;
typedef void (*shim_uring_tw_fn)(struct shim_uring_req *req, int cancel);

/**
 * struct shim_uring_req - struct io_kiocb
 * @cmd: first, because the kernel casts one to the other
 * @ctx: the instance
 * @tctx: the task that submitted it [->tctx->task]
 * @user_data: copied from the SQE into the CQE
 * @result: the CQE's res
 * @buf_index: registered buffer, as it was at prep (1.4)
 * @magic: URING_REQ_LIVE until it is freed: what finds a stale command
 * @refs: 0, or how many references are left once io-wq had it (1.6)
 * @fd: what the SQE said, looked up at issue
 * @opcode: URING_OP_*
 * @done: completed; a second completion is reported (accounting)
 * @hashed: on the instance's list of cancelable commands (4.1)
 * @deferred: on the deferred completion list (2.2)
 * @tw_queued: on a task work FIFO; queueing it again is reported (kernel)
 * @skip_cqe: only to be freed, its CQE is posted [REQ_F_CQE_SKIP]
 * @wq_cancel: io-wq was told not to run it [IO_WQ_WORK_CANCEL]
 * @async: URING_SQE_ASYNC
 * @tracked: its file is an io_uring: counted in @tctx->tracked [REQ_F_INFLIGHT]
 * @tw_fn: task work function
 * @tw_kernel_fn: the subject's own callback, which its @tw_fn calls; not the model's
 * @file_node: registered file that it pins (7.1)
 * @cancel_seq: the round in which it was asked to be cancelled last (4.7)
 * @link: what is issued when it has ended well; or NULL (8.1)
 * @links: IOSQE_IO_LINK, until it is told how its chain goes on; @failed: not any further
 * @addr, @off, @len: of READ_FIXED and WRITE_FIXED
 * @direct: its file moves the bytes by itself (6.4); @io: the work item that stands for
 * it
 * @poll_next: on the list of what waits for the event (9.1)
 * @buf_node: registered buffer that it pins (6.1)
 * @sqe_copy: stable copy of the SQE, when rule 1.4 makes one, or NULL
 *
 * Allocated from the shim heap with label "io_kiocb", freed when the flush is
 * through with it (2.2): later use is a use after free.
 */
struct shim_uring_req {
	union {
		struct file *file;
		struct shim_uring_cmd cmd;
	};
	struct shim_uring *ctx;
	struct io_uring_task *tctx;
	unsigned long long user_data;
	int result;
	unsigned int buf_index;
	unsigned int magic;
	int refs;
	int fd;
	unsigned char opcode, done, hashed, deferred;
	unsigned char tw_queued, skip_cqe, wq_cancel, async, tracked;
	unsigned char fixed, links, failed, direct;
	unsigned int cancel_seq;
	struct uring_file_node *file_node;
	struct shim_uring_req *link;
	unsigned long long addr, off;
	unsigned int len;
	struct shim_work io;
	struct shim_uring_req *poll_next;
	shim_uring_tw_fn tw_fn;
	void (*tw_kernel_fn)(void);
	struct shim_uring_req *tw_next;
	struct shim_uring_req *list_next; /* deferred list, io-wq queue */
	struct shim_uring_req *hash_next, **hash_pprev;
	void *buf_node;
	void *sqe_copy;
};

/** struct shim_uring_fifo - task work, first in first out (3.1) */
struct shim_uring_fifo {
	struct shim_uring_req *first, *last;
};

#define SHIM_URING_MAX_WORKERS 8

/**
 * struct io_uring_task - what a task is to io_uring
 * @task: the task; stays valid after its exit
 * @index: in the model's table
 * @inflight: requests that it submitted and that are not freed
 * @tracked: those of them for which its exit waits, and cancels (4.3d)
 * @in_cancel: it does so now; @kicked: something has happened meanwhile
 * @exited: its task work is over: pushes fall back to a kworker (3.6)
 * @fifo: default mode task work (3.1)
 * @task_work: queued on the task while @fifo has to be run
 * @fallback: runs @fifo in a kworker
 * @wq_queue: what io-wq has not begun
 * @wq_exit: io-wq is being taken down [IO_WQ_BIT_EXIT]
 * @wq_max: how many workers there may be
 * @wq_workers: how many there are
 * @workers: them
 * @sq_of: it is the sq thread of this instance (10.1)
 */
struct io_uring_task {
	struct task_struct *task;
	unsigned int index;
	unsigned int inflight, tracked;
	unsigned char exited, in_cancel, kicked;
	struct shim_uring_fifo fifo;
	struct shim_callback task_work;
	struct shim_work fallback;
	struct shim_uring_fifo wq_queue;
	unsigned char wq_exit;
	unsigned int wq_max, wq_workers;
	struct uring_worker *workers[SHIM_URING_MAX_WORKERS];
	struct shim_uring *sq_of;
};

/* Called by the subject, through linux/io_uring/cmd.h. */

/**
 * shim_uring_cmd_done() - [__io_uring_cmd_done]: complete a parked command
 * @cmd: the command; what a return of -EIOCBQUEUED left to the driver
 * @ret: result for the CQE
 * @issue_flags: as handed to the caller, or SHIM_URING_F_UNLOCKED
 *
 * Rules 2.1 to 2.4. With SHIM_URING_F_UNLOCKED it sleeps on uring_lock if the
 * command is cancelable, and the command may be freed when it returns.
 */
void shim_uring_cmd_done(struct shim_uring_cmd *cmd, int ret, unsigned int issue_flags,
			 const struct sched_site *site);

/**
 * shim_uring_cmd_do_in_task() - [__io_uring_cmd_do_in_task]: run @fn as task work
 * @flags: SHIM_URING_TWQ_LAZY: need not wake a DEFER_TASKRUN waiter at once (3.4)
 *
 * Context: any, spinlocks held included.
 */
void shim_uring_cmd_do_in_task(struct shim_uring_cmd *cmd, shim_uring_tw_fn fn,
			       unsigned int flags, const struct sched_site *site);
#define SHIM_URING_TWQ_LAZY 1u

/**
 * shim_uring_copy_sqe() - [io_uring_cmd_prep_setup] of 6.14 to 6.16, rule 1.4a
 *
 * Before a command is handed to a driver, if the kernel copied every SQE then: from here
 * on cmd->sqe is stable. The kernel does it a little earlier, when it has read the
 * operation.
 */
void shim_uring_copy_sqe(struct shim_uring_cmd *cmd);

/** shim_uring_cmd_mark_cancelable() - [io_uring_cmd_mark_cancelable] rule 4.1 */
void shim_uring_cmd_mark_cancelable(struct shim_uring_cmd *cmd, unsigned int issue_flags,
				    const struct sched_site *site);

/**
 * shim_uring_import_fixed() - [io_uring_cmd_import_fixed] rule 6.1
 * @rw: SHIM_ITER_DEST or SHIM_ITER_SOURCE
 * @iter: a struct shim_iov, filled
 *
 * Return: 0, -EINVAL without URING_CMD_FIXED, -EFAULT.
 */
int shim_uring_import_fixed(unsigned long long ubuf, unsigned long len, int rw,
			    struct iov_iter *iter, struct shim_uring_cmd *cmd,
			    unsigned int issue_flags, const struct sched_site *site);

/**
 * shim_uring_register_bvec() - [io_buffer_register_bvec] rule 6.2
 * @bvs: laid out as struct shim_bvec; copied
 * @release: called with @priv under uring_lock when the last reference goes
 * @dir: bit SHIM_ITER_DEST, bit SHIM_ITER_SOURCE
 *
 * Return: 0, -EINVAL bad @index, -EBUSY slot in use, -ENOMEM.
 */
int shim_uring_register_bvec(struct shim_uring_cmd *cmd, const struct bio_vec *bvs,
			     unsigned int nr, void (*release)(void *), void *priv,
			     unsigned char dir, unsigned int index,
			     unsigned int issue_flags, const struct sched_site *site);

/**
 * shim_uring_unregister_bvec() - [io_buffer_unregister] rule 6.2
 *
 * Return: 0, -EINVAL empty or bad @index, -EBUSY user buffer.
 */
int shim_uring_unregister_bvec(struct shim_uring_cmd *cmd, unsigned int index,
			       unsigned int issue_flags, const struct sched_site *site);

/**
 * shim_uring_is_ring_memory() - whether @addr is in the SQ or CQ of an instance
 * that is not freed: user memory that the kernel may dereference, because it is
 * its own, mapped into the server (cmd->sqe, 1.4)
 */
int shim_uring_is_ring_memory(const void *addr);

/** shim_uring_sqe_offset() - where in its SQE @addr is; -1: in none of a ring */
int shim_uring_sqe_offset(const void *addr);

/* ------------------------------------------------------------------ */
/* What a server calls. All in the context of one of its tasks.        */

#define URING_SETUP_SQPOLL	  (1u << 1) /* not with COOP_, DEFER_TASKRUN */
#define URING_SETUP_CQSIZE	  (1u << 3)
#define URING_SETUP_SUBMIT_ALL	  (1u << 7)
#define URING_SETUP_COOP_TASKRUN  (1u << 8)
#define URING_SETUP_TASKRUN_FLAG  (1u << 9) /* needs COOP_ or DEFER_TASKRUN */
#define URING_SETUP_SQE128	  (1u << 10)
#define URING_SETUP_SQE_MIXED	  (1u << 19) /* not with SQE128 */
#define URING_SETUP_SINGLE_ISSUER (1u << 12)
#define URING_SETUP_DEFER_TASKRUN (1u << 13) /* needs SINGLE_ISSUER */

#define URING_ENTER_GETEVENTS (1u << 0)
#define URING_ENTER_SQ_WAKEUP (1u << 1)
#define URING_ENTER_SQ_WAIT   (1u << 2)

#define URING_OP_NOP	      0
#define URING_OP_READ_FIXED   4
#define URING_OP_WRITE_FIXED  5
#define URING_OP_POLL_ADD     6
#define URING_OP_URING_CMD    46
#define URING_OP_URING_CMD128 64 /* of a ring of mixed or of large SQEs (1.7) */
#define URING_SQE_FIXED_FILE  (1u << 0)
#define URING_SQE_IO_LINK     (1u << 2)
#define URING_SQE_ASYNC	      (1u << 4) /* IOSQE_ASYNC: to io-wq */
#define URING_CMD_FIXED	      (1u << 0) /* IORING_URING_CMD_FIXED */

/** struct uring_sqe - an SQE of 128 bytes, laid out as the kernel's */
struct uring_sqe {
	unsigned char opcode, flags;
	unsigned short ioprio;
	int fd;
	unsigned int cmd_op, pad1; /* union with off */
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
 * @entries: SQ size, a power of two up to 256; the CQ is twice that, with
 *	URING_SETUP_CQSIZE four times
 * @flags: URING_SETUP_*; without URING_SETUP_SQE128 commands are issued without
 *	SHIM_URING_F_SQE128, but slots have 128 bytes all the same
 *
 * Return: the instance, referenced by the calling task's process until
 * sys_uring_close() or until its last thread exits; NULL when memory fails or
 * the arguments make no sense.
 */
struct shim_uring *sys_io_uring_setup(unsigned int entries, unsigned int flags);

/**
 * uring_get_sqe() - next free SQE slot in user memory, zeroed; NULL: queue full
 *
 * User side, no system call. The slot may be changed by the user at any time,
 * also after submission (rule 1.4).
 */
struct uring_sqe *uring_get_sqe(struct shim_uring *ring);

/** uring_last_sqe() - the slot that was filled in last, in user memory; NULL: none was */
struct uring_sqe *uring_last_sqe(struct shim_uring *ring);

/**
 * sys_io_uring_enter() - [io_uring_enter]
 * @to_submit: SQEs to issue, in order, under uring_lock (1.1)
 * @min_complete: CQEs to wait for, with URING_ENTER_GETEVENTS
 *
 * Return: SQEs submitted, which also counts one that failed at once (its
 * CQE says why); else 0 or -EINTR when a signal ended the wait with no CQE there;
 * -EBADF when the process has no such ring (any more); -EEXIST from a task that
 * is not the one that a SINGLE_ISSUER ring belongs to. Of a SQPOLL ring: @to_submit, or
 * -EOWNERDEAD when its thread is gone.
 */
int sys_io_uring_enter(struct shim_uring *ring, unsigned int to_submit,
		       unsigned int min_complete, unsigned int flags);

/**
 * struct uring_wait - [IORING_ENTER_EXT_ARG]: how long a wait may take, in jiffies
 * @absolute: [IORING_ENTER_ABS_TIMER]: counted from when user mode looked at the clock
 *	[uring_wait_for()]
 */
struct uring_wait {
	unsigned long timeout;
	unsigned char absolute;
};

/** uring_wait_for() - fill in @how: user mode looks at the clock, if @absolute */
void uring_wait_for(struct uring_wait *how, unsigned int seconds, int absolute);

/**
 * sys_io_uring_enter_ext() - sys_io_uring_enter() with URING_ENTER_GETEVENTS that ends,
 * -ETIME, when time is over and there is no CQE (3.9)
 */
int sys_io_uring_enter_ext(struct shim_uring *ring, unsigned int to_submit,
			   unsigned int min_complete, unsigned int flags,
			   const struct uring_wait *how);

/**
 * uring_sq_flush() - [__io_uring_flush_sq, sq_ring_needs_enter]: what was filled in is
 * the kernel's from here on
 *
 * User side. Of a ring without URING_SETUP_SQPOLL it is so once it is submitted.
 *
 * Return: whether io_uring_enter(2) has to be called, with URING_ENTER_SQ_WAKEUP.
 */
int uring_sq_flush(struct shim_uring *ring);

/**
 * uring_sq_settle() - look until the sq thread has taken all that was flushed: what
 * failed at once has its CQE then; returns also if it never will. User side
 */
void uring_sq_settle(struct shim_uring *ring);

/** uring_sq_gone() - it had an sq thread, and has none any more: nothing is submitted */
int uring_sq_gone(const struct shim_uring *ring);

/** uring_has_buffer() - slot @index of the ring's table has one; what a server knows */
int uring_has_buffer(const struct shim_uring *ring, unsigned int index);

/** uring_has_slot() - the ring's table has that slot, which may be empty */
int uring_has_slot(const struct shim_uring *ring, unsigned int index);

/** uring_sq_left() - SQEs that were filled in and that nothing has taken; user side */
unsigned int uring_sq_left(const struct shim_uring *ring);

/** uring_peek_cqe() - oldest unseen CQE or NULL; user side, no system call */
const struct uring_cqe *uring_peek_cqe(struct shim_uring *ring);
void uring_seen_cqe(struct shim_uring *ring);

/**
 * sys_io_uring_register_buffers() - [IORING_REGISTER_BUFFERS]
 * @iov: @nr pairs of address and length; address NULL is an empty slot
 *
 * Return: 0, -EBUSY if there is a table, -EINVAL, -ENOMEM, -EFAULT.
 */
struct uring_iovec {
	void *base;
	unsigned long len;
};
int sys_io_uring_register_buffers(struct shim_uring *ring, const struct uring_iovec *iov,
				  unsigned int nr);
int sys_io_uring_unregister_buffers(struct shim_uring *ring);

/**
 * sys_io_uring_update_buffer() - [IORING_REGISTER_BUFFERS_UPDATE] of one slot (6.3)
 *
 * Return: 1, -EINVAL, -ENXIO, -ENOMEM, -EFAULT.
 */
int sys_io_uring_update_buffer(struct shim_uring *ring, unsigned int index,
			       const struct uring_iovec *iov);

/**
 * uring_fixed_copy() - what IORING_OP_READ_FIXED/WRITE_FIXED between a file and a
 * registered buffer comes down to: copy bytes to or from slot @index
 *
 * @offset: from the start of the slot
 * @buf: what the file holds, any memory
 *
 * For servers of zero-copy requests. Return: bytes, -EFAULT.
 */
long uring_fixed_copy(struct shim_uring *ring, unsigned int index, unsigned long offset,
		      void *buf, unsigned long len, int to_buffer);

/**
 * uring_prep_fixed() - fill in @sqe: READ_FIXED or WRITE_FIXED of a file of the server's
 * @index, @offset: slot of the table of buffers, and where in it
 * @mem: what the file holds; of a WRITE_FIXED, what was written when it has completed (on
 *	a booted kernel it is in a file that nobody reads)
 * @direct: the file moves the bytes when it likes, as with O_DIRECT (6.4)
 */
void uring_prep_fixed(struct shim_uring *ring, struct uring_sqe *sqe, unsigned int index,
		      unsigned long offset, void *mem, unsigned int len, int to_buffer,
		      int direct);

/**
 * sys_io_uring_register_file() - [IORING_REGISTER_FILES] of one file: its index is 0
 *
 * Return: 0, -EBUSY if there is a table, -EBADF.
 */
int sys_io_uring_register_file(struct shim_uring *ring, int fd);

/** sys_io_uring_unregister_files() - [IORING_UNREGISTER_FILES]. Return: 0, -ENXIO */
int sys_io_uring_unregister_files(struct shim_uring *ring);

/**
 * sys_io_uring_clone_buffers() - [IORING_REGISTER_CLONE_BUFFERS] of a whole table
 *
 * Return: 0, -EBUSY if @ring has a table, -ENXIO if @from has none, -EINVAL, -ENOMEM.
 */
int sys_io_uring_clone_buffers(struct shim_uring *ring, struct shim_uring *from);

/**
 * struct uring_cancel - [struct io_uring_sync_cancel_reg]
 * @flags: URING_CANCEL_*
 * @timeout: in jiffies, for what a worker runs; 0: none
 */
struct uring_cancel {
	unsigned long long user_data;
	int fd;
	unsigned int flags;
	unsigned long timeout;
	unsigned char opcode;
};
#define URING_CANCEL_ALL      (1u << 0)
#define URING_CANCEL_FD	      (1u << 1)
#define URING_CANCEL_ANY      (1u << 2)
#define URING_CANCEL_FD_FIXED (1u << 3)
#define URING_CANCEL_USERDATA (1u << 4)
#define URING_CANCEL_OP	      (1u << 5)

/**
 * sys_io_uring_sync_cancel() - [IORING_REGISTER_SYNC_CANCEL] (4.7)
 *
 * Return: 0; with URING_CANCEL_ALL or _ANY how many, unless some were running; -ENOENT,
 * -EINVAL, -EBADF, -EINTR, -ETIME.
 */
int sys_io_uring_sync_cancel(struct shim_uring *ring, const struct uring_cancel *how);

/**
 * uring_event_signal() - write(2) to the eventfd for which POLL_ADD of this ring waits
 *
 * One that comes while nobody waits completes the next POLL_ADD at once.
 */
void uring_event_signal(struct shim_uring *ring);

/** uring_prep_poll() - fill in @sqe: POLL_ADD of that eventfd, once */
void uring_prep_poll(struct shim_uring *ring, struct uring_sqe *sqe);

/** uring_sq_taskrun() - [IORING_SQ_TASKRUN]: task work waits; user side */
int uring_sq_taskrun(struct shim_uring *ring);

/**
 * sys_uring_close_fd() - close(2) of the descriptor alone: the mapping of the rings still
 * refers to the file, until the process's memory goes
 */
void sys_uring_close_fd(struct shim_uring *ring);

/**
 * sys_uring_close() - munmap(2) and close(2) of the ring's last descriptor
 * [io_uring_release]
 *
 * Marks the ring dying under uring_lock and starts the exit kworker (5.4).
 */
void sys_uring_close(struct shim_uring *ring);

/**
 * shim_uring_exec() - [io_uring_task_cancel] what execve(2) does to io_uring first: all
 * that the calling task submitted anywhere is cancelled, and has ended (4.3b)
 */
void shim_uring_exec(void);

/**
 * shim_uring_kill_threads() - SIGKILL to all sq threads of a process, as to its others
 * shim_uring_threads_end() - likewise, and wait until they are gone [de_thread]
 */
void shim_uring_kill_threads(int tgid);
void shim_uring_threads_end(int tgid);

/* For tests and invariants. */

/** shim_uring_fd() - its descriptor in the process that set it up */
int shim_uring_fd(const struct shim_uring *ring);
/** shim_uring_inflight() - requests that are not freed */
unsigned int shim_uring_inflight(const struct shim_uring *ring);
/** shim_uring_cq_ready() - CQEs that the user has not seen */
unsigned int shim_uring_cq_ready(const struct shim_uring *ring);
/** shim_uring_exit_task() - its exit kworker, once it is closed, or NULL */
struct task_struct *shim_uring_exit_task(const struct shim_uring *ring);
/** shim_uring_is_freed() - the exit kworker has freed it */
int shim_uring_is_freed(const struct shim_uring *ring);
/** shim_uring_reset() - forget every instance (between executions) */
void shim_uring_reset(void);

/** shim_uring_used() - static data of instances: SHIM_PARTS parts (shim/hook.h) */
_Bool shim_uring_used(unsigned int i, __UINTPTR_TYPE__ *from, __UINTPTR_TYPE__ *to);

/** shim_uring_checkpoint() - instances and what tasks have of them are state of an
 * execution */
struct checkpoint;
void shim_uring_checkpoint(struct checkpoint *c);

#endif /* SHIM_URING_H */
