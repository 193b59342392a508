// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests of our small fuse core, from the client that makes one to its end.
 *
 * A client enters the connection, makes its request, and sends it whichever way the
 * input queue's ops say: to readers of /dev/fuse (dev_queue.c), or to the ring
 * (dev_uring.c) once that is ready. Then it waits; or, in the background, it does
 * not, and how many of those may be on their way at once is limited here.
 *
 * The task that takes a request off the last list that it is in ends it.
 */
#include "dev.h"
#include "args.h"
#include "fuse_i.h"
#include "dev_uring_i.h"

#include <linux/cred.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

static struct kmem_cache *request_cache;

/** fuse_req_cache_init() - before the first request: memory for them */
int fuse_req_cache_init(void)
{
	request_cache =
		kmem_cache_create("fuse_request", sizeof(struct fuse_req), 0, 0, NULL);
	return request_cache ? 0 : -ENOMEM;
}

/** fuse_req_cache_exit() - after the last one */
void fuse_req_cache_exit(void)
{
	kmem_cache_destroy(request_cache);
}

/* ---------------------------------------------------- entering the connection */

/* A task that changes the answer wakes blocked_waitq. */
static bool chan_admits(struct fuse_chan *fch, bool background)
{
	/* pairs with fuse_chan_set_initialized() */
	bool initialized = smp_load_acquire(&fch->initialized);
	bool ring_to_come;

	if (!initialized || (background && READ_ONCE(fch->blocked)))
		return false;
	ring_to_come = READ_ONCE(fch->io_uring) && READ_ONCE(fch->connected);
	return !ring_to_come || fuse_uring_ready(fch);
}

static void chan_leave(struct fuse_chan *fch)
{
	bool last = atomic_dec_and_test(&fch->num_waiting);

	/* pairs with the barrier in fuse_chan_wait_aborted() */
	if (last && !READ_ONCE(fch->connected))
		wake_up_all(&fch->blocked_waitq);
}

/*
 * Abort waits for all that have entered and not left. With force, FUSE_INIT among
 * them, nothing is waited for.
 */
static int chan_enter(struct fuse_chan *fch, bool force, bool background)
{
	int err = 0;

	atomic_inc(&fch->num_waiting);
	if (force)
		return 0;
	if (wait_event_killable(fch->blocked_waitq, chan_admits(fch, background)))
		err = -EINTR;
	else if (!READ_ONCE(fch->connected))
		err = -ENOTCONN;
	else if (READ_ONCE(fch->conn->conn_error))
		err = -ECONNREFUSED; /* known once there is a reply: not before waiting */
	if (err)
		chan_leave(fch);
	return err;
}

/* --------------------------------------------------------------------- making */

/**
 * fuse_len_args() - bytes that arguments have together
 * @nr: how many
 * @arg: the first one
 */
unsigned int fuse_len_args(unsigned int nr, struct fuse_arg *arg)
{
	const struct fuse_arg *end = arg + nr;
	unsigned int bytes = 0;

	for (; arg < end; arg++)
		bytes += arg->size;
	return bytes;
}

static struct fuse_in_header header_of(const struct fuse_args *args)
{
	struct fuse_arg *in = (struct fuse_arg *)args->in_args;
	size_t fixed = sizeof(struct fuse_in_header);

	return (struct fuse_in_header){
		.len = fixed + fuse_len_args(args->in_numargs, in),
		.opcode = args->opcode,
		.nodeid = args->nodeid,
		.uid = args->uid,
		.gid = args->gid,
		.pid = args->pid,
	};
}

/* A request, with one reference, that has entered; or why there is none. */
static struct fuse_req *req_make(struct fuse_chan *fch, struct fuse_args *args,
				 unsigned long flags, gfp_t gfp)
{
	int err = chan_enter(fch, args->force, flags & BIT(FR_BACKGROUND));
	struct fuse_req *req;

	if (err)
		return ERR_PTR(err);
	req = kmem_cache_zalloc(request_cache, gfp);
	if (!req) {
		chan_leave(fch);
		return ERR_PTR(-ENOMEM);
	}
	req->chan = fch;
	req->args = args;
	req->in.h = header_of(args);
	req->flags = flags | BIT(FR_WAITING) | BIT(FR_PENDING);
	if (args->end)
		req->flags |= BIT(FR_ASYNC);
	req->create_time = jiffies;
	refcount_set(&req->count, 1);
	INIT_LIST_HEAD(&req->list);
	INIT_LIST_HEAD(&req->intr_entry);
	init_waitqueue_head(&req->waitq);
	return req;
}

/**
 * fuse_get_request() - take a reference
 * @req: request
 */
void fuse_get_request(struct fuse_req *req)
{
	refcount_inc(&req->count);
}

/**
 * fuse_put_request() - drop a reference; with the last one the client leaves
 * @req: request
 */
void fuse_put_request(struct fuse_req *req)
{
	struct fuse_chan *entered = req->chan;

	if (!refcount_dec_and_test(&req->count))
		return;
	WARN_ON(!list_empty(&req->intr_entry));
	kmem_cache_free(request_cache, req);
	chan_leave(entered);
}

/** fuse_alloc_forget() - memory for a FORGET, or NULL */
struct fuse_forget_link *fuse_alloc_forget(void)
{
	return kzalloc_obj(struct fuse_forget_link, GFP_KERNEL_ACCOUNT);
}

/* -------------------------------------------------------------------- sending */

static void req_send(struct fuse_req *req)
{
	struct fuse_iqueue *to = &req->chan->iq;

	smp_load_acquire(&to->ops)->send_req(to, req);
}

/**
 * fuse_request_interrupt() - tell the server about a signal
 * @req: whose client had it
 */
void fuse_request_interrupt(struct fuse_req *req)
{
	struct fuse_iqueue *to = &req->chan->iq;

	smp_load_acquire(&to->ops)->send_interrupt(to, req);
}

/**
 * fuse_chan_queue_forget() - send a FORGET
 * @fch: transport
 * @link: from fuse_alloc_forget(), no longer the caller's
 * @nodeid: what is forgotten
 * @nlookup: how many look-ups of it
 */
void fuse_chan_queue_forget(struct fuse_chan *fch, struct fuse_forget_link *link,
			    u64 nodeid, u64 nlookup)
{
	struct fuse_iqueue *to = &fch->iq;

	link->forget_one = (struct fuse_forget_one){
		.nodeid = nodeid,
		.nlookup = nlookup,
	};
	smp_load_acquire(&to->ops)->send_forget(to, link);
}

/* ----------------------------------------------------------------- background */

/**
 * fuse_bg_init() - no background requests
 * @fch: new
 */
void fuse_bg_init(struct fuse_chan *fch)
{
	spin_lock_init(&fch->bg_lock);
	INIT_LIST_HEAD(&fch->bg_queue);
	fch->max_background = FUSE_DEFAULT_MAX_BACKGROUND;
}

/* The limit or what it limits has changed. */
static void bg_admit_clients(struct fuse_chan *fch)
{
	bool full = fch->num_background >= fch->max_background;

	lockdep_assert_held(&fch->bg_lock);

	WRITE_ONCE(fch->blocked, full);
	if (!full)
		wake_up_all(&fch->blocked_waitq);
}

/**
 * fuse_chan_max_background_set() - the server's limit of background requests
 * @fch: transport
 * @limit: from now on, unless there is none any more, as the connection is aborted
 */
void fuse_chan_max_background_set(struct fuse_chan *fch, unsigned int limit)
{
	guard(spinlock)(&fch->bg_lock);
	if (!fch->connected)
		return;
	fch->max_background = limit;
	bg_admit_clients(fch);
}

/**
 * fuse_bg_flush() - send background requests, up to the limit
 * @fch: with bg_lock held
 */
void fuse_bg_flush(struct fuse_chan *fch)
{
	struct fuse_req *req, *next;

	lockdep_assert_held(&fch->bg_lock);

	/* what is sent may be gone at once, but the next one not without bg_lock */
	list_for_each_entry_safe(req, next, &fch->bg_queue, list) {
		if (fch->active_background >= fch->max_background)
			break;
		fch->active_background++;
		list_del_init(&req->list);
		req_send(req);
	}
}

/**
 * fuse_bg_stop() - abort: no more is queued, and all that was is sent
 * @fch: is not connected any more on return; fch->lock is held
 */
void fuse_bg_stop(struct fuse_chan *fch)
{
	guard(spinlock)(&fch->bg_lock);
	WRITE_ONCE(fch->connected, 0);
	WRITE_ONCE(fch->blocked, 0);
	fch->max_background = UINT_MAX;
	fuse_bg_flush(fch);
}

static bool bg_queue_req(struct fuse_chan *fch, struct fuse_req *req)
{
	guard(spinlock)(&fch->bg_lock);
	if (!fch->connected)
		return false;
	if (++fch->num_background >= fch->max_background)
		WRITE_ONCE(fch->blocked, 1);
	list_add_tail(&req->list, &fch->bg_queue);
	fuse_bg_flush(fch);
	return true;
}

/* A ring has a limit of its own for each queue, and wants to know all requests. */
static bool bg_send(struct fuse_chan *fch, struct fuse_req *req)
{
	if (!fuse_uring_ready(fch))
		return bg_queue_req(fch, req);
	fuse_request_assign_unique(&fch->iq, req);
	return fuse_uring_queue_bq_req(req);
}

static void bg_finish(struct fuse_chan *fch, struct fuse_req *req)
{
	guard(spinlock)(&fch->bg_lock);
	clear_bit(FR_BACKGROUND, &req->flags);
	fch->active_background--;
	fch->num_background--;
	bg_admit_clients(fch);
	fuse_bg_flush(fch);
}

/**
 * fuse_chan_send_bg() - send a request without waiting for it
 * @fch: transport
 * @args: what it carries, until its end
 * @gfp: how to allocate it
 *
 * Return: 0: args->end will be called, or has been; else it will not.
 */
int fuse_chan_send_bg(struct fuse_chan *fch, struct fuse_args *args, gfp_t gfp)
{
	struct fuse_req *req =
		req_make(fch, args, BIT(FR_BACKGROUND) | BIT(FR_ISREPLY), gfp);

	if (IS_ERR(req))
		return PTR_ERR(req);
	if (bg_send(fch, req))
		return 0;
	fuse_put_request(req);
	return -ENOTCONN;
}

/* -------------------------------------------------------------------- waiting */

static bool req_has_ended(struct fuse_req *req)
{
	return test_bit(FR_FINISHED, &req->flags);
}

/**
 * fuse_remove_pending_req() - withdraw a request that has not been sent
 * @req: the caller's, as well as whose list it waits in
 * @lock: of that list
 *
 * Return: whether it was still waiting there; then it is the caller's alone.
 */
bool fuse_remove_pending_req(struct fuse_req *req, spinlock_t *lock)
{
	scoped_guard(spinlock, lock) {
		if (!test_bit(FR_PENDING, &req->flags))
			return false;
		list_del_init(&req->list);
	}
	/* the reference of the task that would have ended it */
	req->out.h.error = -EINTR;
	fuse_put_request(req);
	return true;
}

/* Any signal is told to the server, which decides. Return: whether it has ended. */
static bool wait_unless_signalled(struct fuse_req *req)
{
	if (READ_ONCE(req->chan->no_interrupt))
		return false;
	if (!wait_event_interruptible(req->waitq, req_has_ended(req)))
		return true;

	set_bit(FR_INTERRUPTED, &req->flags);
	/* pairs with its sender: FR_SENT, barrier, FR_INTERRUPTED */
	smp_mb__after_atomic();
	if (test_bit(FR_SENT, &req->flags))
		fuse_request_interrupt(req);
	return false;
}

/*
 * A killed client withdraws what the server does not have yet; what it has, it has
 * to answer. Return: whether there is nothing left to wait for.
 */
static bool wait_unless_killed(struct fuse_req *req)
{
	struct fuse_chan *fch = req->chan;

	if (test_bit(FR_FORCE, &req->flags))
		return false;
	if (!wait_event_killable(req->waitq, req_has_ended(req)))
		return true;

	if (req->args->abort_on_kill) {
		fuse_chan_abort(fch, false);
		return false;
	}
	return test_bit(FR_URING, &req->flags)
		       ? fuse_uring_remove_pending_req(req)
		       : fuse_remove_pending_req(req, &fch->iq.lock);
}

static void req_wait(struct fuse_req *req)
{
	if (!wait_unless_signalled(req) && !wait_unless_killed(req))
		wait_event(req->waitq, req_has_ended(req));
	/* pairs with fuse_request_end(): the result belongs to FR_FINISHED */
	smp_rmb();
}

static unsigned long flags_of(const struct fuse_args *args)
{
	unsigned long flags = args->noreply ? 0 : BIT(FR_ISREPLY);

	if (args->force && !args->abort_on_kill)
		flags |= BIT(FR_FORCE);
	return flags;
}

/**
 * fuse_chan_send() - send a request and wait for its end
 * @fch: transport
 * @args: what it carries
 *
 * Return: how long an argument of variable length is, 0, or an error.
 */
ssize_t fuse_chan_send(struct fuse_chan *fch, struct fuse_args *args)
{
	gfp_t gfp = args->force ? GFP_KERNEL | __GFP_NOFAIL : GFP_KERNEL;
	struct fuse_req *req = req_make(fch, args, flags_of(args), gfp);
	ssize_t result;

	if (IS_ERR(req))
		return PTR_ERR(req);
	/* one reference is for the end of it, one for the result */
	fuse_get_request(req);
	req_send(req);
	req_wait(req);

	result = req->out.h.error;
	fuse_put_request(req);
	if (!result && args->out_argvar)
		return args->out_args[args->out_numargs - 1].size;
	return result;
}

/* --------------------------------------------------------------------- ending */

/* Tell all that wait for the end of the request. */
static void req_announce_end(struct fuse_req *req)
{
	struct fuse_chan *fch = req->chan;

	/* FR_FINISHED was set with a barrier: see fuse_dev_queue_interrupt() */
	if (test_bit(FR_INTERRUPTED, &req->flags))
		fuse_iqueue_drop_interrupt(&fch->iq, req);
	WARN_ON(READ_ONCE(req->flags) & (BIT(FR_PENDING) | BIT(FR_SENT)));

	if (test_bit(FR_BACKGROUND, &req->flags)) {
		bg_finish(fch, req);
		/* a ring looks at its requests when it has ended one of its own */
		if (!test_bit(FR_URING, &req->flags))
			fuse_uring_background_ended(fch);
	} else {
		wake_up(&req->waitq);
	}
	/* the woken task may have gone, and req->args with it: ask the flag */
	if (test_bit(FR_ASYNC, &req->flags))
		req->args->end(req->args, req->out.h.error);
}

/**
 * fuse_request_end() - a request is over, whatever happened to it
 * @req: in no list; its error is set
 *
 * Drops the caller's reference, so @req may be gone.
 */
void fuse_request_end(struct fuse_req *req)
{
	bool ended_before = test_and_set_bit(FR_FINISHED, &req->flags);

	if (!ended_before)
		req_announce_end(req);
	fuse_put_request(req);
}

/**
 * fuse_request_fail() - end a request with an error
 * @req: in no list
 * @error: what its client gets
 */
void fuse_request_fail(struct fuse_req *req, int error)
{
	req->out.h.error = error;
	fuse_request_end(req);
}

/**
 * fuse_dev_end_requests() - abort requests
 * @reqs: a list of them, the caller's alone; empty on return
 */
void fuse_dev_end_requests(struct list_head *reqs)
{
	while (!list_empty(reqs)) {
		struct fuse_req *req = list_first_entry(reqs, struct fuse_req, list);

		list_del_init(&req->list);
		clear_bit(FR_SENT, &req->flags);
		fuse_request_fail(req, -ECONNABORTED);
	}
}

/* ---------------------------------------------------- the file system's entry */

/* Caller's ids, unless it is the file system itself. */
static void args_set_caller(struct fuse_args *args, struct fuse_conn *conn)
{
	if (args->nocreds)
		return;
	args->uid = from_kuid_munged(conn->user_ns, current_fsuid());
	args->gid = from_kgid_munged(conn->user_ns, current_fsgid());
	args->pid = pid_nr(task_pid(current));
}

/**
 * __fuse_simple_request() - send a request and wait for its end
 * @idmap: of the mount, if it maps ids; that is the file system's business
 * @mount: where
 * @args: what it carries
 *
 * Return: how long an argument of variable length is, 0, or an error.
 */
ssize_t __fuse_simple_request(struct mnt_idmap *idmap, struct fuse_mount *mount,
			      struct fuse_args *args)
{
	args_set_caller(args, mount->fc);
	return fuse_chan_send(mount->fc->chan, args);
}

/**
 * fuse_simple_background() - send a request without waiting for it
 * @mount: where
 * @args: what it carries, until its end
 * @gfp: how to allocate the request
 *
 * Return: 0: args->end will be called, or has been; else it will not.
 */
int fuse_simple_background(struct fuse_mount *mount, struct fuse_args *args, gfp_t gfp)
{
	args_set_caller(args, mount->fc);
	return fuse_chan_send_bg(mount->fc->chan, args, gfp);
}
