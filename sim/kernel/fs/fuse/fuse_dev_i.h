/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests, the queues that they wait in, and the connection's transport: what the
 * files of the core and dev_uring.c share. What dev_uring.c uses of it has the name
 * that it has in Linux 7.2, so that it fits there as well.
 */
#ifndef _FS_FUSE_DEV_I_H
#define _FS_FUSE_DEV_I_H

#include <linux/fuse.h>
#include <linux/fs.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct fuse_arg;
struct fuse_args;

/* an interrupt has the unique id of what it interrupts, with this bit */
#define FUSE_INT_REQ_BIT (1ULL << 0)
#define FUSE_REQ_ID_STEP (1ULL << 1)

/**
 * enum fuse_req_flag - bits of fuse_req.flags
 * @FR_ISREPLY: the server replies to it
 * @FR_FORCE: no signal ends the waiting
 * @FR_BACKGROUND: counts as one in the background, until it ends
 * @FR_WAITING: counts in num_waiting
 * @FR_INTERRUPTED: its client had a signal
 * @FR_PENDING: waits to be sent; decides, under the lock of the list that it is in,
 *	whether the client may still withdraw it
 * @FR_SENT: the server has it
 * @FR_FINISHED: it has ended
 * @FR_ASYNC: args->end is called instead of waking a task
 * @FR_URING: goes through the ring
 */
enum fuse_req_flag {
	FR_ISREPLY,
	FR_FORCE,
	FR_BACKGROUND,
	FR_WAITING,
	FR_INTERRUPTED,
	FR_PENDING,
	FR_SENT,
	FR_FINISHED,
	FR_ASYNC,
	FR_URING,
};

/**
 * struct fuse_req - a request
 * @list: where it waits, or is being processed
 * @intr_entry: on fiq->interrupts
 * @args: what it carries
 * @count: references
 * @flags: enum fuse_req_flag
 * @in: header for the server
 * @out: header of the reply
 * @waitq: its client waits here
 * @chan: the connection
 * @ring_entry: the ring's
 * @ring_queue: the ring's
 * @create_time: jiffies
 */
struct fuse_req {
	struct list_head list, intr_entry;
	struct fuse_args *args;
	refcount_t count;
	unsigned long flags;
	struct {
		struct fuse_in_header h;
	} in;
	struct {
		struct fuse_out_header h;
	} out;
	wait_queue_head_t waitq;
	struct fuse_chan *chan;
	void *ring_entry, *ring_queue;
	unsigned long create_time;
};

/** struct fuse_forget_link - a FORGET that waits to be read */
struct fuse_forget_link {
	struct fuse_forget_one forget_one;
	struct fuse_forget_link *next;
};

/**
 * struct fuse_message - what a reader of /dev/fuse takes out of the input queue
 * @req: a request; NULL: an interrupt or a FORGET, then
 * @header: its header
 * @arg: its argument; the header's length says how much of it
 */
struct fuse_message {
	struct fuse_req *req;
	struct fuse_in_header header;
	union {
		struct fuse_interrupt_in interrupt;
		struct fuse_forget_in forget;
	} arg;
};

struct fuse_iqueue;

/** struct fuse_iqueue_ops - how things get to the server */
struct fuse_iqueue_ops {
	void (*send_forget)(struct fuse_iqueue *fiq, struct fuse_forget_link *link);
	void (*send_interrupt)(struct fuse_iqueue *fiq, struct fuse_req *req);
	void (*send_req)(struct fuse_iqueue *fiq, struct fuse_req *req);
};

/**
 * struct fuse_iqueue - what waits to be read from /dev/fuse
 * @connected: not aborted
 * @lock: protects what follows
 * @waitq: readers
 * @reqctr: the last unique id given out
 * @pending: requests
 * @interrupts: requests with an interrupt, by intr_entry
 * @forget_list_head: before the first FORGET
 * @forget_list_tail: the last one
 * @forget_batch: FORGETs that may still be read before the next request
 * @ops: how things are sent; the ring changes it once
 */
struct fuse_iqueue {
	unsigned int connected;
	spinlock_t lock;
	wait_queue_head_t waitq;
	u64 reqctr;
	struct list_head pending, interrupts;
	struct fuse_forget_link forget_list_head, *forget_list_tail;
	int forget_batch;
	const struct fuse_iqueue_ops *ops;
};

/**
 * struct fuse_chan - the transport of a connection
 * @lock: protects @devices, @connected, @ring and its queues
 * @conn: the connection
 * @iq: /dev/fuse
 * @devices: &fuse_dev.entry
 * @bg_lock: protects the next five
 * @bg_queue: background requests above the limit
 * @max_background: the limit
 * @num_background: all of them
 * @active_background: those below the limit
 * @blocked: more background requests have to wait before they are allocated
 * @initialized: FUSE_INIT is answered, or the connection aborted
 * @blocked_waitq: tasks that wait to allocate a request, or for the last one to end
 * @connected: also written under @bg_lock
 * @num_waiting: requests that have not ended
 * @no_interrupt: the server does not know INTERRUPT
 * @io_uring: clients wait until the ring is ready
 * @minor: as negotiated
 * @max_write: as negotiated
 * @max_pages: as negotiated
 * @abort_with_err: say ECONNABORTED to the server
 * @ring: the ring
 * @timeout: of requests
 */
struct fuse_chan {
	spinlock_t lock;
	struct fuse_conn *conn;
	struct fuse_iqueue iq;
	struct list_head devices;

	spinlock_t bg_lock;
	struct list_head bg_queue;
	unsigned int max_background, num_background, active_background;
	int blocked;

	int initialized;
	wait_queue_head_t blocked_waitq;
	unsigned int connected;
	atomic_t num_waiting;

	bool no_interrupt;
	unsigned int io_uring;
	unsigned int minor, max_write, max_pages;
	bool abort_with_err;

	struct fuse_ring *ring;

	struct {
		struct delayed_work work;
		unsigned int req_timeout; /* jiffies; 0: none */
	} timeout;
};

#define FUSE_PQ_HASH_BITS 8
#define FUSE_PQ_HASH_SIZE (1 << FUSE_PQ_HASH_BITS)

/**
 * struct fuse_pqueue - what the server has
 * @connected: not aborted
 * @lock: protects it all
 * @processing: hash table of requests, by unique id
 * @io: requests that are being read or answered
 */
struct fuse_pqueue {
	unsigned int connected;
	spinlock_t lock;
	struct list_head *processing;
	struct list_head io;
};

/**
 * struct fuse_dev - an open /dev/fuse
 * @chan: NULL before it is mounted, FUSE_DEV_CHAN_DISCONNECTED once it is closed
 * @pq: requests that were read from it
 * @entry: on fch->devices
 */
struct fuse_dev {
	struct fuse_chan *chan;
	struct fuse_pqueue pq;
	struct list_head entry;
};

#define FUSE_DEV_CHAN_DISCONNECTED ((struct fuse_chan *)1)

/**
 * struct fuse_copy_state - a copy between a request and user memory
 * @req: the request
 * @iter: user memory
 * @page: the page of it that is mapped
 * @len: bytes left in @page
 * @offset: into @page
 * @write: into user memory
 * @is_uring: the headers are elsewhere, only arguments are copied
 * @ring: @ring.copied_sz is how many bytes were copied
 */
struct fuse_copy_state {
	struct fuse_req *req;
	struct iov_iter *iter;
	struct page *page;
	unsigned int len;
	unsigned int offset;
	bool write;
	bool is_uring;
	struct {
		unsigned int copied_sz;
	} ring;
};

static inline struct fuse_chan *fuse_dev_chan_get(struct fuse_dev *fud)
{
	/* pairs with fuse_dev_install() */
	return smp_load_acquire(&fud->chan);
}

static inline struct fuse_dev *fuse_file_to_fud(struct file *file)
{
	return file->private_data;
}

/* dev.c: /dev/fuse */
struct fuse_dev *fuse_get_dev(struct file *file);
extern const struct file_operations fuse_dev_operations;

/* dev_copy.c: to and from user memory */
void fuse_copy_init(struct fuse_copy_state *state, bool write, struct iov_iter *iter);
void fuse_copy_finish(struct fuse_copy_state *state);
int fuse_copy_bytes(struct fuse_copy_state *state, void *ours, unsigned int size);
int fuse_copy_args(struct fuse_copy_state *state, unsigned int numargs,
		   unsigned int argpages, struct fuse_arg *args, int zeroing);
int fuse_copy_out_args(struct fuse_copy_state *state, struct fuse_args *args,
		       unsigned int nbytes);

/* dev_queue.c: the input queue */
void fuse_iqueue_init(struct fuse_iqueue *queue);
void fuse_iqueue_stop(struct fuse_iqueue *queue, struct list_head *left);
int fuse_iqueue_look(struct fuse_iqueue *queue);
int fuse_iqueue_take(struct fuse_iqueue *queue, struct fuse_message *message);
void fuse_iqueue_put_back(struct fuse_iqueue *queue, struct list_head *requests);
void fuse_iqueue_drop_interrupt(struct fuse_iqueue *queue, struct fuse_req *request);
u64 fuse_get_unique_locked(struct fuse_iqueue *queue);
void fuse_request_assign_unique(struct fuse_iqueue *queue, struct fuse_req *request);
void fuse_dev_queue_forget(struct fuse_iqueue *queue, struct fuse_forget_link *link);
void fuse_dev_queue_interrupt(struct fuse_iqueue *queue, struct fuse_req *request);

/* dev_queue.c: processing queues */
struct list_head *fuse_pqueue_alloc(void);
void fuse_pqueue_init(struct fuse_pqueue *queue);
unsigned int fuse_req_hash(u64 id);
struct fuse_req *fuse_request_find(struct fuse_pqueue *queue, u64 id);
struct fuse_req *fuse_pqueue_get(struct fuse_pqueue *queue, u64 id);
bool fuse_pqueue_begin_read(struct fuse_pqueue *queue, struct fuse_req *request);
struct fuse_req *fuse_pqueue_begin_reply(struct fuse_pqueue *queue, u64 id);
bool fuse_pqueue_end_copy(struct fuse_pqueue *queue, struct fuse_req *request);
bool fuse_pqueue_await_reply(struct fuse_pqueue *queue, struct fuse_req *request);
void fuse_pqueue_take_all(struct fuse_pqueue *queue, struct list_head *to, bool stop);

/* dev_chan.c: the connection */
int fuse_chan_error(struct fuse_chan *chan);
void fuse_dev_uninstall(struct fuse_dev *dev);

/* req.c: requests */
int fuse_req_cache_init(void);
void fuse_req_cache_exit(void);
unsigned int fuse_len_args(unsigned int nr, struct fuse_arg *first);
void fuse_get_request(struct fuse_req *request);
void fuse_put_request(struct fuse_req *request);
void fuse_request_interrupt(struct fuse_req *request);
bool fuse_remove_pending_req(struct fuse_req *request, spinlock_t *lock);
void fuse_request_end(struct fuse_req *request);
void fuse_request_fail(struct fuse_req *request, int error);
void fuse_dev_end_requests(struct list_head *requests);

/* req.c: background */
void fuse_bg_init(struct fuse_chan *chan);
void fuse_bg_flush(struct fuse_chan *chan);
void fuse_bg_stop(struct fuse_chan *chan);

/* req_timeout.c */
bool fuse_request_expired(struct fuse_chan *chan, struct list_head *list);

#endif /* _FS_FUSE_DEV_I_H */
