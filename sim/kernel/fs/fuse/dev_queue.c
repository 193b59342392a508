// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queues of our small fuse core. A connection has one input queue, for what no
 * server has read yet: requests, interrupts, FORGETs. An open /dev/fuse has a
 * processing queue, for the requests that were read from it.
 *
 * The queues' locks are taken here; what happens to a request that leaves them is
 * decided by the callers, in dev.c and dev_chan.c.
 */
#include "dev.h"
#include "dev_uring_i.h"

#include <linux/hash.h>
#include <linux/slab.h>

/* how many FORGETs may be read before a request that waits behind them */
#define FORGETS_IN_A_ROW 8

/* ------------------------------------------------------- into the input queue */

/**
 * fuse_get_unique_locked() - a new unique id
 * @fiq: input queue that gives it out, locked
 */
u64 fuse_get_unique_locked(struct fuse_iqueue *fiq)
{
	lockdep_assert_held(&fiq->lock);

	return fiq->reqctr += FUSE_REQ_ID_STEP;
}

/**
 * fuse_request_assign_unique() - give a request its unique id
 * @fiq: input queue that gives it out
 * @req: the request, which goes elsewhere
 */
void fuse_request_assign_unique(struct fuse_iqueue *fiq, struct fuse_req *req)
{
	guard(spinlock)(&fiq->lock);
	req->in.h.unique = fuse_get_unique_locked(fiq);
}

static bool iqueue_add_req(struct fuse_iqueue *fiq, struct fuse_req *req)
{
	guard(spinlock)(&fiq->lock);
	if (!fiq->connected)
		return false;
	req->in.h.unique = fuse_get_unique_locked(fiq);
	list_add_tail(&req->list, &fiq->pending);
	wake_up(&fiq->waitq);
	return true;
}

static void send_to_readers(struct fuse_iqueue *fiq, struct fuse_req *req)
{
	if (iqueue_add_req(fiq, req))
		return;
	clear_bit(FR_PENDING, &req->flags);
	fuse_request_fail(req, -ENOTCONN);
}

static bool iqueue_add_forget(struct fuse_iqueue *fiq, struct fuse_forget_link *last)
{
	guard(spinlock)(&fiq->lock);
	if (!fiq->connected)
		return false;
	fiq->forget_list_tail->next = last;
	fiq->forget_list_tail = last;
	wake_up(&fiq->waitq);
	return true;
}

/**
 * fuse_dev_queue_forget() - let the server read a FORGET
 * @fiq: input queue
 * @link: the FORGET, no longer the caller's
 */
void fuse_dev_queue_forget(struct fuse_iqueue *fiq, struct fuse_forget_link *link)
{
	if (!iqueue_add_forget(fiq, link))
		kfree(link);
}

/**
 * fuse_dev_queue_interrupt() - tell the server about a signal, once
 * @fiq: input queue
 * @req: whose client had the signal
 *
 * Unless the request has ended, or is not with the server: then its sender sees
 * FR_INTERRUPTED and calls this.
 */
void fuse_dev_queue_interrupt(struct fuse_iqueue *fiq, struct fuse_req *req)
{
	guard(spinlock)(&fiq->lock);
	if (!list_empty(&req->intr_entry) || !test_bit(FR_SENT, &req->flags))
		return;
	list_add_tail(&req->intr_entry, &fiq->interrupts);
	/* pairs with fuse_request_end(): one of us sees what the other did */
	smp_mb();
	if (!test_bit(FR_FINISHED, &req->flags))
		wake_up(&fiq->waitq);
	else
		list_del_init(&req->intr_entry);
}

/**
 * fuse_iqueue_drop_interrupt() - the server need not be told any more
 * @fiq: input queue
 * @req: request that has ended
 */
void fuse_iqueue_drop_interrupt(struct fuse_iqueue *fiq, struct fuse_req *req)
{
	guard(spinlock)(&fiq->lock);
	list_del_init(&req->intr_entry);
}

static const struct fuse_iqueue_ops reader_ops = {
	.send_req = send_to_readers,
	.send_interrupt = fuse_dev_queue_interrupt,
	.send_forget = fuse_dev_queue_forget,
};

/**
 * fuse_iqueue_init() - an empty input queue, for readers of /dev/fuse
 * @fiq: memory of it, zeroed
 */
void fuse_iqueue_init(struct fuse_iqueue *fiq)
{
	fiq->ops = &reader_ops;
	fiq->connected = 1;
	fiq->forget_list_tail = &fiq->forget_list_head;
	INIT_LIST_HEAD(&fiq->interrupts);
	INIT_LIST_HEAD(&fiq->pending);
	init_waitqueue_head(&fiq->waitq);
	spin_lock_init(&fiq->lock);
}

/* ----------------------------------------------------- out of the input queue */

static bool iqueue_is_empty(struct fuse_iqueue *fiq)
{
	return list_empty(&fiq->interrupts) && list_empty(&fiq->pending) &&
	       !fiq->forget_list_head.next;
}

/**
 * fuse_iqueue_look() - what would a reader find?
 * @fiq: input queue
 *
 * Return: 0: a message, -EAGAIN: none yet, -ENODEV: none ever again.
 */
int fuse_iqueue_look(struct fuse_iqueue *fiq)
{
	guard(spinlock)(&fiq->lock);
	if (!fiq->connected)
		return -ENODEV;
	return iqueue_is_empty(fiq) ? -EAGAIN : 0;
}

static void take_interrupt(struct fuse_iqueue *fiq, struct fuse_message *msg)
{
	struct fuse_req *req =
		list_first_entry(&fiq->interrupts, struct fuse_req, intr_entry);
	u64 unique = req->in.h.unique;

	list_del_init(&req->intr_entry);
	msg->header.opcode = FUSE_INTERRUPT;
	msg->header.unique = unique | FUSE_INT_REQ_BIT;
	msg->header.len = sizeof(msg->header) + sizeof(msg->arg.interrupt);
	msg->arg.interrupt.unique = unique;
}

static struct fuse_forget_link *pop_forget(struct fuse_iqueue *fiq)
{
	struct fuse_forget_link *first = fiq->forget_list_head.next;

	fiq->forget_list_head.next = first->next;
	if (fiq->forget_list_tail == first)
		fiq->forget_list_tail = &fiq->forget_list_head;
	return first;
}

static void take_forget(struct fuse_iqueue *fiq, struct fuse_message *msg)
{
	struct fuse_forget_link *first = pop_forget(fiq);

	msg->header.opcode = FUSE_FORGET;
	msg->header.unique = fuse_get_unique_locked(fiq);
	msg->header.nodeid = first->forget_one.nodeid;
	msg->header.len = sizeof(msg->header) + sizeof(msg->arg.forget);
	msg->arg.forget.nlookup = first->forget_one.nlookup;
	kfree(first);
}

/* Many FORGETs at once must not keep requests waiting for ever: they take turns. */
static bool forget_has_turn(struct fuse_iqueue *fiq)
{
	if (!fiq->forget_list_head.next)
		return false;
	return list_empty(&fiq->pending) || fiq->forget_batch-- > 0;
}

/**
 * fuse_iqueue_take() - take out what is to be read next
 * @fiq: input queue
 * @msg: gets it; a request in it is in no list then, and the caller's
 *
 * Return: 0, or as fuse_iqueue_look().
 */
int fuse_iqueue_take(struct fuse_iqueue *fiq, struct fuse_message *msg)
{
	*msg = (struct fuse_message){};

	guard(spinlock)(&fiq->lock);
	if (!fiq->connected)
		return -ENODEV;
	if (iqueue_is_empty(fiq))
		return -EAGAIN;

	if (!list_empty(&fiq->interrupts)) {
		take_interrupt(fiq, msg);
	} else if (forget_has_turn(fiq)) {
		take_forget(fiq, msg);
	} else {
		fiq->forget_batch = FORGETS_IN_A_ROW;
		msg->req = list_first_entry(&fiq->pending, struct fuse_req, list);
		clear_bit(FR_PENDING, &msg->req->flags);
		list_del_init(&msg->req->list);
	}
	return 0;
}

/**
 * fuse_iqueue_put_back() - let requests be read once more, before all others
 * @fiq: input queue
 * @reqs: the requests; empty on return, unless the connection is aborted
 *
 * An interrupt that was not read yet is sent again when they are.
 */
void fuse_iqueue_put_back(struct fuse_iqueue *fiq, struct list_head *reqs)
{
	struct fuse_req *req;

	guard(spinlock)(&fiq->lock);
	if (!fiq->connected)
		return;
	list_for_each_entry(req, reqs, list) {
		req->in.h.unique |= FUSE_UNIQUE_RESEND;
		list_del_init(&req->intr_entry);
		clear_bit(FR_SENT, &req->flags);
		set_bit(FR_PENDING, &req->flags);
	}
	list_splice_init(reqs, &fiq->pending);
	wake_up_all(&fiq->waitq);
}

/**
 * fuse_iqueue_stop() - nothing comes in any more
 * @fiq: input queue
 * @left: gets the requests that were not read
 */
void fuse_iqueue_stop(struct fuse_iqueue *fiq, struct list_head *left)
{
	struct fuse_req *req;

	guard(spinlock)(&fiq->lock);
	fiq->connected = 0;
	/* their clients cannot withdraw them any more */
	list_for_each_entry(req, &fiq->pending, list)
		clear_bit(FR_PENDING, &req->flags);
	list_splice_tail_init(&fiq->pending, left);
	while (fiq->forget_list_head.next)
		kfree(pop_forget(fiq));
	wake_up_all(&fiq->waitq);
}

/* ---------------------------------------------------------- processing queues */

/** fuse_pqueue_alloc() - an empty hash table of requests, or NULL */
struct list_head *fuse_pqueue_alloc(void)
{
	struct list_head *table = kzalloc_objs(struct list_head, FUSE_PQ_HASH_SIZE);
	struct list_head *chain = table;

	while (table && chain < table + FUSE_PQ_HASH_SIZE)
		INIT_LIST_HEAD(chain++);
	return table;
}

/**
 * fuse_pqueue_init() - a processing queue, but for its hash table
 * @fpq: memory of it
 */
void fuse_pqueue_init(struct fuse_pqueue *fpq)
{
	*fpq = (struct fuse_pqueue){ .connected = 1 };
	INIT_LIST_HEAD(&fpq->io);
	spin_lock_init(&fpq->lock);
}

/**
 * fuse_req_hash() - where in the hash table
 * @id: unique id
 */
unsigned int fuse_req_hash(u64 id)
{
	return hash_long(id / FUSE_REQ_ID_STEP, FUSE_PQ_HASH_BITS);
}

static struct list_head *pqueue_chain(struct fuse_pqueue *fpq, u64 id)
{
	return &fpq->processing[fuse_req_hash(id)];
}

/**
 * fuse_request_find() - the request with that unique id, or NULL
 * @fpq: processing queue; the caller keeps it from changing
 * @id: unique id
 */
struct fuse_req *fuse_request_find(struct fuse_pqueue *fpq, u64 id)
{
	struct fuse_req *req;

	list_for_each_entry(req, pqueue_chain(fpq, id), list) {
		if (id == req->in.h.unique)
			return req;
	}
	return NULL;
}

/**
 * fuse_pqueue_get() - find a request, and keep it
 * @fpq: processing queue
 * @id: unique id
 *
 * Return: the request with a reference, or NULL.
 */
struct fuse_req *fuse_pqueue_get(struct fuse_pqueue *fpq, u64 id)
{
	struct fuse_req *req;

	guard(spinlock)(&fpq->lock);
	req = fuse_request_find(fpq, id);
	if (req)
		fuse_get_request(req);
	return req;
}

/**
 * fuse_pqueue_begin_read() - a request is about to be copied to the server
 * @fpq: processing queue
 * @req: in no list
 *
 * Return: false: the connection is aborted.
 */
bool fuse_pqueue_begin_read(struct fuse_pqueue *fpq, struct fuse_req *req)
{
	guard(spinlock)(&fpq->lock);
	if (fpq->connected)
		list_add(&req->list, &fpq->io);
	return fpq->connected;
}

/**
 * fuse_pqueue_begin_reply() - a reply is about to be copied from the server
 * @fpq: processing queue
 * @id: unique id of the request
 *
 * Return: the request, the caller's alone until fuse_pqueue_end_copy(), or NULL.
 */
struct fuse_req *fuse_pqueue_begin_reply(struct fuse_pqueue *fpq, u64 id)
{
	struct fuse_req *req;

	guard(spinlock)(&fpq->lock);
	req = fuse_request_find(fpq, id);
	if (req) {
		clear_bit(FR_SENT, &req->flags);
		list_move(&req->list, &fpq->io);
	}
	return req;
}

/**
 * fuse_pqueue_end_copy() - the copy is over, and the request about to end
 * @fpq: processing queue
 * @req: in no list on return
 *
 * Return: false: the connection was aborted meanwhile.
 */
bool fuse_pqueue_end_copy(struct fuse_pqueue *fpq, struct fuse_req *req)
{
	guard(spinlock)(&fpq->lock);
	list_del_init(&req->list);
	return fpq->connected;
}

/**
 * fuse_pqueue_await_reply() - the copy is over, and the request with the server
 * @fpq: processing queue
 * @req: from here on it may be answered, and end; unless this returns false
 *
 * Return: false: the connection was aborted meanwhile, @req is in no list.
 */
bool fuse_pqueue_await_reply(struct fuse_pqueue *fpq, struct fuse_req *req)
{
	guard(spinlock)(&fpq->lock);
	list_del_init(&req->list);
	if (!fpq->connected)
		return false;
	list_add_tail(&req->list, pqueue_chain(fpq, req->in.h.unique));
	set_bit(FR_SENT, &req->flags);
	return true;
}

/**
 * fuse_pqueue_take_all() - take what waits for a reply
 * @fpq: processing queue
 * @reqs: gets it
 * @stop: for good; a task that copies a request finds the connection aborted
 */
void fuse_pqueue_take_all(struct fuse_pqueue *fpq, struct list_head *reqs, bool stop)
{
	struct list_head *chain = fpq->processing;

	guard(spinlock)(&fpq->lock);
	if (stop)
		fpq->connected = 0;
	for (; chain < fpq->processing + FUSE_PQ_HASH_SIZE; chain++)
		list_splice_tail_init(chain, reqs);
}
