/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the io_uring model share. Kind: model. "Rule 2.2" and the
 * like are those of docs/io_uring-model.md; L is an instance's uring_lock.
 */
#ifndef IO_URING_MODEL_H
#define IO_URING_MODEL_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/race.h"
#include "detect/report.h"
#include "sched/sched.h"
#include "shim/file.h"
#include "shim/heap.h"
#include "shim/hook.h"
#include "shim/iov.h"
#include "shim/lock.h"
#include "shim/log.h"
#include "shim/uring.h"
#include "shim/wait.h"

#define URING_EIOCBQUEUED 529

#define URING_MAX_RINGS	     64
#define URING_REQ_LIVE	     0x10c1b11fu
#define URING_REQ_DEAD	     0x10c1dead
#define URING_CMD_CANCELABLE (1u << 30) /* in cmd->flags, as the kernel has it */
#define URING_CMD_REISSUE    (1u << 31)
#define URING_FD_BUFFERED    (1 << 20) /* files of a server's own (ops.c) */
#define URING_FD_DIRECT	     (URING_FD_BUFFERED + 1)
#define URING_TW_MAX	     20 /* IO_LOCAL_TW_DEFAULT_MAX */

/* the indexes of both rings, in user memory in front of the CQEs */
struct uring_shared {
	uint32_t sq_head, sq_tail, cq_head, cq_tail;
	uint32_t sq_flags;
	uint32_t unused; /* CQEs lie behind it, and have words of 64 bits */
};

#define URING_SQ_NEED_WAKEUP (1u << 0) /* IORING_SQ_NEED_WAKEUP */
#define URING_SQ_TASKRUN     (1u << 2) /* IORING_SQ_TASKRUN */

/*
 * struct io_sq_data of one ring: its thread, which is @alive until it has cancelled all
 * that it submitted; @taken: what is waited on until it has taken SQEs
 */
struct uring_sq {
	struct shim_lock lock;
	struct shim_waitqueue wait;
	struct task_struct *task;
	struct io_uring_task *tctx;
	unsigned long timeout;
	unsigned int park_pending;
	unsigned char stop, exited, alive, taken;
};

/* whether a request is one that is to be cancelled, and whether all of them are */
struct uring_match {
	int (*fn)(struct uring_match *match, struct shim_uring_req *req);
	int all;
};

/* struct io_rsrc_node of a registered file */
struct uring_file_node {
	int refs;
	struct file *file;
};

/* a CQE that found no room (2.6) */
struct uring_overflow {
	struct uring_overflow *next;
	struct uring_cqe cqe;
};

/* struct io_rsrc_node and struct io_mapped_ubuf in one: nothing is cloned */
struct uring_buf {
	int refs;
	unsigned char dir;
	unsigned char kernel; /* IO_REGBUF_F_KBUF */
	uint64_t ubuf;
	size_t len;
	void (*release)(void *priv);
	void *priv;
	unsigned int nr;
	struct shim_bvec bvec[];
};

/*
 * struct io_ring_ctx. Lives in a table that outlasts it, so that a stale
 * reference can be told; @token stands for its memory in the simulated heap.
 */
struct shim_uring {
	struct shim_lock lock; /* uring_lock */
	struct shim_waitqueue cq_wait;
	unsigned int flags, index;
	unsigned char dying, freed, kicked, warned;
	unsigned char dropped;	   /* IO_CHECK_CQ_DROPPED_BIT */
	struct shim_mm *mapped_in; /* its mapping there is all that holds it (5.4) */
	struct file *file;
	int fd;
	struct task_struct *submitter; /* SINGLE_ISSUER */
	void *token;

	/* SQ and CQ */
	struct uring_shared *shared;
	struct uring_sqe *sqes;
	struct uring_cqe *cqes;
	size_t shared_size, sqes_size, slot_size;
	uint32_t sq_entries, cq_entries;
	uint32_t cached_sq_head, cached_cq_tail;
	uint32_t user_sq_tail; /* user side */
	struct uring_overflow *overflow_first, *overflow_last;

	/* requests */
	struct shim_uring_fifo deferred;   /* 2.2, through list_next */
	struct shim_uring_fifo local;	   /* DEFER_TASKRUN task work */
	int wait_nr;			   /* 3.4: adds until the waiter is woken */
	struct shim_uring_req *cancelable; /* newest first */
	unsigned int nr_reqs;
	unsigned long events; /* counts what the exit kworker calls progress */

	struct shim_uring_req *link_head, *link_last; /* of the batch (8.1) */
	struct shim_uring_req *polls;		      /* parked POLL_ADDs (9.1) */
	unsigned int event_count, cancel_seq;

	struct uring_buf **bufs;
	unsigned int nr_bufs;
	struct uring_file_node *file_node; /* the table of files, of one */
	struct uring_sq sq;		   /* SQPOLL */

	uint64_t users; /* tctx nodes: a bit for each io_uring_task */
	struct shim_callback exit_cb;
	struct io_uring_task *exit_waits_for;
	struct task_struct *exit_task;
};

/* ---- ordering without a lock: for the race detector and for the search ---- */

static inline void uring_publish(const void *object)
{
	race_release(object);
	sched_touch(object, true);
}

static inline void uring_consume(const void *object)
{
	race_acquire(object);
	sched_touch(object, false);
}

/* an address for each bit of @users, for sched_touch(); so for what sends the task off */
extern const char uring_user_bit[URING_MAX_RINGS][SCHED_MAX_TASKS];

static inline void uring_touch_user(const struct shim_uring *ring, unsigned int index,
				    int changes)
{
	sched_touch(&uring_user_bit[ring->index][index], changes);
}

/* whether the task of that number uses the instance */
static inline int uring_is_user(const struct shim_uring *ring, unsigned int index)
{
	uring_touch_user(ring, index, 0);
	return !!(ring->users & 1ull << index);
}

static inline int uring_is_cmd(const struct shim_uring_req *req)
{
	return req->opcode == URING_OP_URING_CMD || req->opcode == URING_OP_URING_CMD128;
}

/* ---- fifos, through tw_next ---- */

static inline void uring_push(struct shim_uring_fifo *q, struct shim_uring_req *req)
{
	req->tw_next = NULL;
	*(q->last ? &q->last->tw_next : &q->first) = req;
	q->last = req;
}

static inline struct shim_uring_req *uring_pop(struct shim_uring_fifo *q)
{
	struct shim_uring_req *req = q->first;

	if (req) {
		q->first = req->tw_next;
		if (!q->first)
			q->last = NULL;
		req->tw_next = NULL;
	}
	return req;
}

/* ---- L ---- */

#define URING_LOCK(ring) shim_mutex_lock(&(ring)->lock, SCHED_SITE("&ctx->uring_lock"))
#define URING_UNLOCK(ring) \
	shim_mutex_unlock(&(ring)->lock, SCHED_SITE("&ctx->uring_lock"))

void uring_submit_lock(struct shim_uring *ring, unsigned int issue_flags,
		       const struct sched_site *site);
void uring_submit_unlock(struct shim_uring *ring, unsigned int issue_flags,
			 const struct sched_site *site);

static inline uint32_t uring_cq_pending(const struct shim_uring *ring)
{
	sched_touch(ring->shared, false);
	return ring->shared->cq_tail - ring->shared->cq_head;
}

/* instance.c */
extern struct shim_uring uring_rings[URING_MAX_RINGS];
extern unsigned int uring_nr_rings;
struct io_uring_task *uring_tctx_nr(unsigned int index);
unsigned int uring_nr_tctx(void);
struct io_uring_task *uring_tctx_get(struct shim_uring *ring);
struct io_uring_task *uring_tctx_of(struct task_struct *task,
				    const struct shim_uring *ring);
void uring_check(const struct shim_uring *ring, const struct sched_site *site);
struct file *uring_fget(struct shim_uring *ring);
int uring_is_file(const struct file *file);

/* submit.c */
void uring_queue_sqe(struct shim_uring_req *req, unsigned int issue_flags);
unsigned int uring_submit_batch(struct shim_uring *ring, struct io_uring_task *tctx,
				unsigned int nr);
void uring_copy_sqe(struct shim_uring_req *req);
int uring_issue(struct shim_uring_req *req, unsigned int issue_flags);
void uring_get_file(struct shim_uring_req *req, unsigned int issue_flags);
int uring_call_driver(struct shim_uring_req *req, unsigned int issue_flags);

/* complete.c */
struct shim_uring_req *uring_req(struct shim_uring_cmd *cmd, const char *what,
				 const struct sched_site *site);
void uring_complete_defer(struct shim_uring_req *req);
void uring_fail_defer(struct shim_uring_req *req, int res);
void uring_post_now(struct shim_uring_req *req);
/* Return: whether it was the last reference */
int uring_put_ref(struct shim_uring_req *req);
void uring_put_req(struct shim_uring_req *req);
void uring_flush(struct shim_uring *ring);
void uring_overflow_flush(struct shim_uring *ring, int dying);

/* task_work.c */
void uring_tw_add(struct shim_uring_req *req, shim_uring_tw_fn fn, unsigned int flags,
		  const struct sched_site *site);
void uring_tw_complete(struct shim_uring_req *req, int cancel);
void uring_tw_fail(struct shim_uring_req *req, int res);
void uring_tw_init(struct io_uring_task *tctx);
unsigned int uring_run_tctx(struct io_uring_task *tctx, unsigned int max);
int uring_run_local(struct shim_uring *ring, int min_events, int max_events);
int uring_run_local_locked(struct shim_uring *ring, int min_events);
void uring_cancel_local(struct shim_uring *ring);

/* wait.c */
int uring_cq_wait(struct shim_uring *ring, unsigned int min_events,
		  const struct uring_wait *how);
void uring_cq_wake(struct shim_uring *ring);

/* cancel.c */
void uring_del_cancelable(struct shim_uring_req *req, unsigned int issue_flags,
			  const struct sched_site *site);
int uring_cancel_pass(struct shim_uring *ring, const struct io_uring_task *tctx);

/* exit.c */
int uring_release(struct file *file);
extern unsigned int uring_nr_dying; /* closed and not freed; tasks that make passes */
void uring_kick_exit_slow(void);
void uring_install_hooks(void);
void uring_cancel_all(struct io_uring_task *tctx);

/* sqpoll.c */
void uring_sq_create(struct shim_uring *ring);
void uring_sq_park(struct shim_uring *ring);
void uring_sq_unpark(struct shim_uring *ring);
void uring_sq_finish(struct shim_uring *ring);
void uring_sq_notify(struct shim_uring *ring);
int uring_sq_enter(struct shim_uring *ring, unsigned int to_submit, unsigned int flags);
void uring_sq_process_ends(const struct task_struct *task);

/*
 * Whatever an exit kworker looks at without a lock has one address for
 * sched_touch(): that something happened is told in any order, so it does not count
 * as a change; what the kworker concludes from it does.
 */
static inline void uring_event(struct shim_uring *ring)
{
	sched_touch(&uring_nr_dying, false);
	ring->events++;
}

/* something happened that an exit kworker would notice in its next round */
static inline void uring_kick_exit(void)
{
	sched_touch(&uring_nr_dying, false);
	if (__builtin_expect(uring_nr_dying, 0))
		uring_kick_exit_slow();
}

/* iowq.c */
void uring_iowq_init(struct io_uring_task *tctx, const struct shim_uring *ring);
void uring_iowq_enqueue(struct shim_uring_req *req);
int uring_iowq_cancel_ring(struct shim_uring *ring);
int uring_iowq_cancel_matching(struct io_uring_task *tctx, struct uring_match *match);
int uring_iowq_cancel_of(struct io_uring_task *tctx, const struct shim_uring *ring);
void uring_iowq_cancel_tracked(struct io_uring_task *tctx);
void uring_iowq_cancel_task(struct io_uring_task *tctx);
void uring_iowq_exit(struct io_uring_task *tctx);
void uring_iowq_reset(void);
struct checkpoint;
void uring_iowq_checkpoint(struct checkpoint *c);

/* files.c */
struct file *uring_fixed_file(struct shim_uring_req *req, unsigned int issue_flags);
void uring_put_file_node(struct uring_file_node *node);
void uring_free_files(struct shim_uring *ring);

/* chain.c */
int uring_chain_add(struct shim_uring *ring, struct shim_uring_req *req);
void uring_chain_end(struct shim_uring *ring);
int uring_chain_failed(struct shim_uring *ring, struct shim_uring_req *req);
struct shim_uring_req *uring_chain_next(struct shim_uring_req *req);
void uring_chain_queue_next(struct shim_uring_req *req);

/* ops.c */
int uring_prep_op(struct shim_uring_req *req, const volatile struct uring_sqe *sqe);
int uring_issue_op(struct shim_uring_req *req, unsigned int issue_flags);
int uring_cancel_matching_polls(struct shim_uring *ring, struct uring_match *match);
int uring_cancel_polls(struct shim_uring *ring, const struct io_uring_task *tctx);

/* buffers.c */
struct uring_buf *uring_find_buf(struct shim_uring_req *req, unsigned int issue_flags,
				 const struct sched_site *site);
int uring_fixed_check(const struct shim_uring_req *req);
struct file *uring_register_enter(struct shim_uring *ring, int *err);
int uring_register_exit(struct shim_uring *ring, struct file *file, int ret);
long uring_fixed_move(struct uring_buf *buf, size_t offset, void *mem, size_t len,
		      int to_buffer);
void uring_put_buf(struct uring_buf *buf);
void uring_free_bufs(struct shim_uring *ring);

#endif /* IO_URING_MODEL_H */
