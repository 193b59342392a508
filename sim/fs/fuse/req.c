// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests of our small fuse core: how they are made, counted, queued, waited for
 * and ended. Which way they take to the server is the input queue's business:
 * /dev/fuse (dev.c), or the ring (dev_uring.c) once that is ready.
 */
#include "dev.h"
#include "args.h"
#include "fuse_i.h"
#include "dev_uring_i.h"

#include <linux/cred.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

static struct kmem_cache *req_cache;

int fuse_req_cache_init(void)
{
	req_cache = kmem_cache_create("fuse_request", sizeof(struct fuse_req), 0, 0,
				      NULL);
	return req_cache ? 0 : -ENOMEM;
}

void fuse_req_cache_exit(void)
{
	kmem_cache_destroy(req_cache);
}

/* ------------------------------------------------------ making, counting */

static struct fuse_req *req_alloc(struct fuse_chan *fch, gfp_t gfp)
{
	struct fuse_req *req = kmem_cache_zalloc(req_cache, gfp);

	if (req) {
		INIT_LIST_HEAD(&req->list);
		INIT_LIST_HEAD(&req->intr_entry);
		init_waitqueue_head(&req->waitq);
		refcount_set(&req->count, 1);
		req->flags = BIT(FR_PENDING) | BIT(FR_WAITING);
		req->chan = fch;
		req->create_time = jiffies;
	}
	return req;
}

void fuse_get_request(struct fuse_req *req)
{
	refcount_inc(&req->count);
}

static void chan_drop_waiting(struct fuse_chan *fch)
{
	/* pairs with the barrier in fuse_chan_wait_aborted() */
	if (atomic_dec_and_test(&fch->num_waiting) && !READ_ONCE(fch->connected))
		wake_up_all(&fch->blocked_waitq);
}

void fuse_put_request(struct fuse_req *req)
{
	struct fuse_chan *fch = req->chan;

	if (!refcount_dec_and_test(&req->count))
		return;
	WARN_ON(!list_empty(&req->intr_entry));
	kmem_cache_free(req_cache, req);
	chan_drop_waiting(fch);
}

/* May a request be made now? Everything that changes this wakes blocked_waitq. */
static bool chan_is_open(struct fuse_chan *fch, bool background)
{
	/* pairs with fuse_chan_set_initialized() */
	if (!smp_load_acquire(&fch->initialized))
		return false;
	if (background && READ_ONCE(fch->blocked))
		return false;
	return !READ_ONCE(fch->io_uring) || !READ_ONCE(fch->connected) ||
	       fuse_uring_ready(fch);
}

/* Wait until a request may be made, and count it. */
static struct fuse_req *req_get(struct fuse_chan *fch, bool background)
{
	struct fuse_req *req = NULL;
	int err = 0;

	atomic_inc(&fch->num_waiting);
	if (wait_event_killable(fch->blocked_waitq, chan_is_open(fch, background)))
		err = -EINTR;
	else if (!READ_ONCE(fch->connected))
		err = -ENOTCONN;
	else
		req = req_alloc(fch, GFP_KERNEL);
	if (req)
		return req;

	chan_drop_waiting(fch);
	return ERR_PTR(err ?: -ENOMEM);
}

static void req_fill(struct fuse_req *req, struct fuse_args *args)
{
	req->args = args;
	req->in.h.opcode = args->opcode;
	req->in.h.nodeid = args->nodeid;
	req->in.h.uid = args->uid;
	req->in.h.gid = args->gid;
	req->in.h.pid = args->pid;
	req->in.h.len = sizeof(req->in.h) +
			fuse_len_args(args->in_numargs, (struct fuse_arg *)args->in_args);
	if (args->end)
		set_bit(FR_ASYNC, &req->flags);
}

unsigned int fuse_len_args(unsigned int numargs, struct fuse_arg *args)
{
	unsigned int len = 0;

	while (numargs--)
		len += args++->size;
	return len;
}

u64 fuse_get_unique_locked(struct fuse_iqueue *fiq)
{
	lockdep_assert_held(&fiq->lock);

	fiq->reqctr += FUSE_REQ_ID_STEP;
	return fiq->reqctr;
}

void fuse_request_assign_unique(struct fuse_iqueue *fiq, struct fuse_req *req)
{
	spin_lock(&fiq->lock);
	req->in.h.unique = fuse_get_unique_locked(fiq);
	spin_unlock(&fiq->lock);
}

/* ----------------------------------------------------- to the input queue */

/* @fiq is locked. A request, an interrupt or a FORGET has come in. */
static void iqueue_wake_and_unlock(struct fuse_iqueue *fiq)
{
	wake_up(&fiq->waitq);
	spin_unlock(&fiq->lock);
}

static void dev_queue_req(struct fuse_iqueue *fiq, struct fuse_req *req)
{
	spin_lock(&fiq->lock);
	if (fiq->connected) {
		req->in.h.unique = fuse_get_unique_locked(fiq);
		list_add_tail(&req->list, &fiq->pending);
		iqueue_wake_and_unlock(fiq);
		return;
	}
	spin_unlock(&fiq->lock);

	req->out.h.error = -ENOTCONN;
	clear_bit(FR_PENDING, &req->flags);
	fuse_request_end(req);
}

void fuse_dev_queue_forget(struct fuse_iqueue *fiq, struct fuse_forget_link *forget)
{
	spin_lock(&fiq->lock);
	if (fiq->connected) {
		fiq->forget_list_tail->next = forget;
		fiq->forget_list_tail = forget;
		iqueue_wake_and_unlock(fiq);
		return;
	}
	spin_unlock(&fiq->lock);
	kfree(forget);
}

/**
 * fuse_dev_queue_interrupt() - tell the server about a signal, once
 *
 * Unless the request has ended, or is not with the server: then whoever sends it
 * sees FR_INTERRUPTED and comes here.
 */
void fuse_dev_queue_interrupt(struct fuse_iqueue *fiq, struct fuse_req *req)
{
	spin_lock(&fiq->lock);
	if (!test_bit(FR_SENT, &req->flags) || !list_empty(&req->intr_entry)) {
		spin_unlock(&fiq->lock);
		return;
	}
	list_add_tail(&req->intr_entry, &fiq->interrupts);
	/* pairs with fuse_request_end(): one of us sees what the other did */
	smp_mb();
	if (test_bit(FR_FINISHED, &req->flags)) {
		list_del_init(&req->intr_entry);
		spin_unlock(&fiq->lock);
		return;
	}
	iqueue_wake_and_unlock(fiq);
}

void fuse_request_interrupt(struct fuse_req *req)
{
	struct fuse_iqueue *fiq = &req->chan->iq;

	READ_ONCE(fiq->ops)->send_interrupt(fiq, req);
}

static const struct fuse_iqueue_ops dev_iqueue_ops = {
	.send_forget	= fuse_dev_queue_forget,
	.send_interrupt	= fuse_dev_queue_interrupt,
	.send_req	= dev_queue_req,
};

void fuse_iqueue_init(struct fuse_iqueue *fiq)
{
	spin_lock_init(&fiq->lock);
	init_waitqueue_head(&fiq->waitq);
	INIT_LIST_HEAD(&fiq->pending);
	INIT_LIST_HEAD(&fiq->interrupts);
	fiq->forget_list_tail = &fiq->forget_list_head;
	fiq->connected = 1;
	fiq->ops = &dev_iqueue_ops;
}

struct fuse_forget_link *fuse_alloc_forget(void)
{
	return kzalloc_obj(struct fuse_forget_link, GFP_KERNEL_ACCOUNT);
}

void fuse_chan_queue_forget(struct fuse_chan *fch, struct fuse_forget_link *forget,
			    u64 nodeid, u64 nlookup)
{
	forget->forget_one.nodeid = nodeid;
	forget->forget_one.nlookup = nlookup;
	READ_ONCE(fch->iq.ops)->send_forget(&fch->iq, forget);
}

static void req_send(struct fuse_req *req)
{
	struct fuse_iqueue *fiq = &req->chan->iq;

	READ_ONCE(fiq->ops)->send_req(fiq, req);
}

/* ------------------------------------------------------------- background */

/** fuse_bg_flush() - send background requests, up to the limit */
void fuse_bg_flush(struct fuse_chan *fch)
{
	struct fuse_req *req;

	lockdep_assert_held(&fch->bg_lock);

	while (fch->active_background < fch->max_background) {
		req = list_first_entry_or_null(&fch->bg_queue, struct fuse_req, list);
		if (!req)
			return;
		list_del_init(&req->list);
		fch->active_background++;
		req_send(req);
	}
}

static void bg_finish(struct fuse_chan *fch, struct fuse_req *req)
{
	spin_lock(&fch->bg_lock);
	clear_bit(FR_BACKGROUND, &req->flags);
	fch->num_background--;
	fch->active_background--;
	WRITE_ONCE(fch->blocked, fch->num_background >= fch->max_background);
	if (!fch->blocked)
		wake_up(&fch->blocked_waitq);
	fuse_bg_flush(fch);
	spin_unlock(&fch->bg_lock);
}

static bool bg_queue_req(struct fuse_req *req)
{
	struct fuse_chan *fch = req->chan;
	bool connected;

	if (fuse_uring_ready(fch)) {
		fuse_request_assign_unique(&fch->iq, req);
		return fuse_uring_queue_bq_req(req);
	}

	spin_lock(&fch->bg_lock);
	connected = fch->connected;
	if (connected) {
		if (++fch->num_background == fch->max_background)
			WRITE_ONCE(fch->blocked, 1);
		list_add_tail(&req->list, &fch->bg_queue);
		fuse_bg_flush(fch);
	}
	spin_unlock(&fch->bg_lock);
	return connected;
}

/**
 * fuse_chan_send_bg() - send a request that nobody waits for
 *
 * Return: 0: args->end will be called, or has been; else it will not.
 */
int fuse_chan_send_bg(struct fuse_chan *fch, struct fuse_args *args, gfp_t gfp_flags)
{
	struct fuse_req *req;

	if (args->force) {
		req = req_alloc(fch, gfp_flags);
		if (!req)
			return -ENOMEM;
		atomic_inc(&fch->num_waiting);
	} else {
		req = req_get(fch, true);
		if (IS_ERR(req))
			return PTR_ERR(req);
	}
	set_bit(FR_BACKGROUND, &req->flags);
	set_bit(FR_ISREPLY, &req->flags);
	req_fill(req, args);

	if (bg_queue_req(req))
		return 0;
	fuse_put_request(req);
	return -ENOTCONN;
}

/* -------------------------------------------------------- waiting, ending */

/**
 * fuse_remove_pending_req() - withdraw a request that has not been sent
 * @lock: of the list that it waits in
 */
bool fuse_remove_pending_req(struct fuse_req *req, spinlock_t *lock)
{
	bool pending;

	spin_lock(lock);
	pending = test_bit(FR_PENDING, &req->flags);
	if (pending)
		list_del_init(&req->list);
	spin_unlock(lock);

	if (pending) {
		req->out.h.error = -EINTR;
		fuse_put_request(req);
	}
	return pending;
}

static bool req_has_ended(struct fuse_req *req)
{
	return test_bit(FR_FINISHED, &req->flags);
}

/* The client is to die. Return: it need not wait for the request. */
static bool req_give_up(struct fuse_req *req)
{
	if (req->args->abort_on_kill) {
		fuse_chan_abort(req->chan, false);
		return false;
	}
	if (test_bit(FR_URING, &req->flags))
		return fuse_uring_remove_pending_req(req);
	return fuse_remove_pending_req(req, &req->chan->iq.lock);
}

/*
 * Any signal is told to the server, which decides. A fatal one is reason enough to
 * withdraw what the server does not have yet; what it has, it has to answer.
 */
static void req_wait(struct fuse_req *req)
{
	if (!READ_ONCE(req->chan->no_interrupt)) {
		if (!wait_event_interruptible(req->waitq, req_has_ended(req)))
			return;
		set_bit(FR_INTERRUPTED, &req->flags);
		/* pairs with who sends it: FR_SENT, barrier, FR_INTERRUPTED */
		smp_mb__after_atomic();
		if (test_bit(FR_SENT, &req->flags))
			fuse_request_interrupt(req);
	}
	if (!test_bit(FR_FORCE, &req->flags)) {
		if (!wait_event_killable(req->waitq, req_has_ended(req)))
			return;
		if (req_give_up(req))
			return;
	}
	wait_event(req->waitq, req_has_ended(req));
}

/** fuse_chan_send() - send a request and wait for its end */
ssize_t fuse_chan_send(struct fuse_chan *fch, struct fuse_args *args)
{
	struct fuse_req *req;
	ssize_t ret;

	if (args->force) {
		atomic_inc(&fch->num_waiting);
		req = req_alloc(fch, GFP_KERNEL | __GFP_NOFAIL);
		if (!args->abort_on_kill)
			set_bit(FR_FORCE, &req->flags);
	} else {
		req = req_get(fch, false);
		if (IS_ERR(req))
			return PTR_ERR(req);
	}
	if (!args->noreply)
		set_bit(FR_ISREPLY, &req->flags);
	req_fill(req, args);

	/* one reference is for whoever ends it, one for the result */
	fuse_get_request(req);
	req_send(req);
	req_wait(req);
	/* pairs with fuse_request_end(): the result belongs to FR_FINISHED */
	smp_rmb();

	ret = req->out.h.error;
	if (!ret && args->out_argvar)
		ret = args->out_args[args->out_numargs - 1].size;
	fuse_put_request(req);
	return ret;
}

/**
 * fuse_request_end() - a request is over, whatever happened to it
 * @req: in no list; its error is set
 *
 * Drops the reference of who ends it, so @req may be gone.
 */
void fuse_request_end(struct fuse_req *req)
{
	struct fuse_iqueue *fiq = &req->chan->iq;

	if (test_and_set_bit(FR_FINISHED, &req->flags))
		goto put;

	/* the bit was set with a barrier: see fuse_dev_queue_interrupt() */
	if (test_bit(FR_INTERRUPTED, &req->flags)) {
		spin_lock(&fiq->lock);
		list_del_init(&req->intr_entry);
		spin_unlock(&fiq->lock);
	}
	WARN_ON(test_bit(FR_PENDING, &req->flags) || test_bit(FR_SENT, &req->flags));
	if (test_bit(FR_BACKGROUND, &req->flags))
		bg_finish(req->chan, req);
	else
		wake_up(&req->waitq);
	if (test_bit(FR_ASYNC, &req->flags))
		req->args->end(req->args, req->out.h.error);
put:
	fuse_put_request(req);
}

/** fuse_dev_end_requests() - end all in a list that nobody else sees */
void fuse_dev_end_requests(struct list_head *head)
{
	struct fuse_req *req, *next;

	list_for_each_entry_safe(req, next, head, list) {
		list_del_init(&req->list);
		clear_bit(FR_SENT, &req->flags);
		req->out.h.error = -ECONNABORTED;
		fuse_request_end(req);
	}
}

/* ------------------------------------------------ the file system's entry */

/* Who asks, unless it is the file system itself. */
static int args_fill_creds(struct fuse_mount *fm, struct fuse_args *args)
{
	struct fuse_conn *fc = fm->fc;

	if (!args->force && fc->conn_error)
		return -ECONNREFUSED;
	if (args->nocreds)
		return 0;
	args->uid = from_kuid_munged(fc->user_ns, current_fsuid());
	args->gid = from_kgid_munged(fc->user_ns, current_fsgid());
	args->pid = pid_nr(task_pid(current));
	return 0;
}

/* @idmap: mounts that map ids are the file system's business */
ssize_t __fuse_simple_request(struct mnt_idmap *idmap, struct fuse_mount *fm,
			      struct fuse_args *args)
{
	int err = args_fill_creds(fm, args);

	(void)idmap;
	return err ?: fuse_chan_send(fm->fc->chan, args);
}

int fuse_simple_background(struct fuse_mount *fm, struct fuse_args *args, gfp_t gfp_flags)
{
	int err = args_fill_creds(fm, args);

	return err ?: fuse_chan_send_bg(fm->fc->chan, args, gfp_flags);
}
