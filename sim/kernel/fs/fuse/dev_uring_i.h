/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE over io_uring with buffer rings: the transport's own structures, and what
 * the rest of fuse may call. dev_uring.c says how it works.
 */
#ifndef _FS_FUSE_DEV_URING_I_H
#define _FS_FUSE_DEV_URING_I_H

#include "fuse_dev_i.h"

#ifdef CONFIG_FUSE_IO_URING

struct fuse_bufring;

/* how often teardown looks again, and when it says which entries it waits for */
#define FUSE_URING_RETRY_TICKS (HZ / 20)
#define FUSE_URING_STUCK_TICKS (5 * HZ)

/**
 * enum fuse_ring_req_state - what an entry is doing, and so which list it is on
 * @FRRS_INVALID: not in a queue yet; no list
 * @FRRS_COMMIT: in the hands of the task that brought its command: a reply is
 *	read, or the next request looked for; ent_commit_queue
 * @FRRS_AVAILABLE: its command waits for a request; ent_avail_queue
 * @FRRS_FUSE_REQ: has a request that is still to be copied; ent_w_req_queue
 * @FRRS_USERSPACE: the server has the request, there is no command;
 *	ent_in_userspace
 * @FRRS_TEARDOWN: not used here: an entry is released in one step
 * @FRRS_RELEASED: can be registered anew, or freed with the queue; ent_released
 */
enum fuse_ring_req_state {
	FRRS_INVALID,
	FRRS_COMMIT,
	FRRS_AVAILABLE,
	FRRS_FUSE_REQ,
	FRRS_USERSPACE,
	FRRS_TEARDOWN,
	FRRS_RELEASED,
};

/**
 * struct fuse_bufring_region - what an entry has of the payload area of a buffer ring
 * @id: the buffer
 * @offset: where in it the region begins
 * @size: bytes
 */
struct fuse_bufring_region {
	unsigned int id;
	unsigned int offset;
	unsigned int size;
};

/**
 * struct fuse_ring_ent - one slot that carries a request to the server
 * @queue: where it belongs, for good
 * @list: on the list that @state names
 * @state: see above
 * @cmd: the command to complete, NULL while the server has the request
 * @fuse_req: the request, from when it is assigned until it is about to end
 * @headers: its header slot in user memory
 * @payload: its payload area in user memory; with a buffer ring that is its
 *	region, or NULL
 * @id: with a buffer ring: which header slot
 * @buf: which region, when @has_buf
 * @has_buf: has a region of the ring
 * @sending: FRRS_FUSE_REQ only: the request is being copied; until then it
 *	waits for task work and abort may still take it away
 *
 * The queue's lock protects it all; @headers, @payload, @id and @buf are also
 * read without it, by the owner of the entry in FRRS_COMMIT or @sending.
 *
 * Commands refer to their entry without a count. That is why entries live as long
 * as their queue: one that is released keeps its memory, and REGISTER uses it again.
 */
struct fuse_ring_ent {
	struct fuse_ring_queue *queue;
	struct list_head list;
	enum fuse_ring_req_state state;
	struct io_uring_cmd *cmd;
	struct fuse_req *fuse_req;
	struct fuse_uring_req_header __user *headers;
	void __user *payload;
	u16 id;
	struct fuse_bufring_region buf;
	bool has_buf;
	bool sending;
};

/**
 * struct fuse_ring_queue - entries and requests of one CPU
 * @ring: the ring that it is in
 * @qid: its index there
 * @lock: protects everything below but @fpq.lock, and the entries
 * @ent_avail_queue: entries, and so on, see enum fuse_ring_req_state
 * @ent_w_req_queue: as above
 * @ent_commit_queue: as above
 * @ent_in_userspace: as above
 * @ent_released: as above
 * @fuse_req_queue: requests that wait for an entry or a buffer, oldest first
 * @fuse_req_bg_queue: background requests above the limit, oldest first
 * @active_background: background requests of this queue below the limit
 * @fpq: finds the request that a commit id names; only its hash table is used
 * @bufring: NULL: every entry has a payload area of its own
 * @stopped: the connection is aborted: no request and no entry comes in
 * @ids: a bit for each entry id of a buffer ring that is registered
 */
struct fuse_ring_queue {
	struct fuse_ring *ring;
	unsigned int qid;
	spinlock_t lock;

	struct list_head ent_avail_queue, ent_w_req_queue, ent_commit_queue;
	struct list_head ent_in_userspace, ent_released;

	struct list_head fuse_req_queue, fuse_req_bg_queue;
	unsigned int active_background;
	struct fuse_pqueue fpq;

	struct fuse_bufring *bufring;
	bool stopped;
	unsigned long ids[];
};

/**
 * struct fuse_ring - io_uring side of a connection
 * @chan: the connection's transport
 * @nr_queues: one for each possible CPU
 * @max_payload_sz: bytes that a payload area has to offer at least
 * @queues: NULL until first registered; published with release semantics
 * @policy: index of the policy of buffer rings
 * @bufring_start: where their counters start
 * @queue_refs: entries that are not released, and REGISTERs under way
 * @stop_waitq: woken when @queue_refs gets to 0
 * @async_teardown_work: looks again while @queue_refs is not 0
 * @teardown_time: jiffies when it began
 * @stuck_logged: has said what it waits for
 * @ready: requests go through the ring, as every queue has had an entry
 */
struct fuse_ring {
	struct fuse_chan *chan;
	size_t nr_queues;
	size_t max_payload_sz;
	struct fuse_ring_queue **queues;
	unsigned int policy;
	unsigned int bufring_start;

	atomic_t queue_refs;
	wait_queue_head_t stop_waitq;
	struct delayed_work async_teardown_work;
	unsigned long teardown_time;
	bool stuck_logged;

	bool ready;
};

void fuse_uring_conn_init(struct fuse_chan *chan);
void fuse_uring_abort(struct fuse_chan *chan);
int fuse_uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags);
void fuse_uring_queue_fuse_req(struct fuse_iqueue *fiq, struct fuse_req *request);
bool fuse_uring_queue_bq_req(struct fuse_req *request);
void fuse_uring_refill_background(struct fuse_ring *ring);
bool fuse_uring_remove_pending_req(struct fuse_req *request);
bool fuse_uring_request_expired(struct fuse_chan *chan);

/**
 * fuse_uring_background_ended() - of /dev/fuse: what waits in a ring may go on
 * @fch: its limits say so already
 */
static inline void fuse_uring_background_ended(struct fuse_chan *fch)
{
	struct fuse_ring *ring = smp_load_acquire(&fch->ring);

	if (ring)
		fuse_uring_refill_background(ring);
}

/** fuse_uring_wait_stopped_queues() - after fuse_uring_abort(): until no entry is left */
static inline void fuse_uring_wait_stopped_queues(struct fuse_chan *fch)
{
	struct fuse_ring *ring = smp_load_acquire(&fch->ring);

	if (ring)
		wait_event(ring->stop_waitq, !atomic_read(&ring->queue_refs));
}

/** fuse_uring_ready() - do requests go through the ring? */
static inline bool fuse_uring_ready(struct fuse_chan *fch)
{
	struct fuse_ring *ring = smp_load_acquire(&fch->ring);

	/* pairs with ring_try_ready(): then all queues are there */
	return ring && smp_load_acquire(&ring->ready);
}

#else /* !CONFIG_FUSE_IO_URING: as if it were never negotiated */

static inline void fuse_uring_conn_init(struct fuse_chan *fch)
{
}
static inline void fuse_uring_abort(struct fuse_chan *fch)
{
}
static inline void fuse_uring_wait_stopped_queues(struct fuse_chan *fch)
{
}
static inline bool fuse_uring_ready(struct fuse_chan *fch)
{
	return false;
}
static inline void fuse_uring_background_ended(struct fuse_chan *fch)
{
}
static inline bool fuse_uring_remove_pending_req(struct fuse_req *req)
{
	return false;
}
static inline bool fuse_uring_request_expired(struct fuse_chan *fch)
{
	return false;
}

#endif /* CONFIG_FUSE_IO_URING */

#endif /* _FS_FUSE_DEV_URING_I_H */
