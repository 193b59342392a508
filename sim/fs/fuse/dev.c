// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/fuse of our small fuse core: copying requests to and from a server, reading
 * and writing them, and the connection's life from mount to abort.
 *
 * The server meets FUSE_INIT, FORGET and INTERRUPT here, and all requests until the
 * ring is ready. Left out is what a file system does not need to be tested on a
 * ring: splice, cloned devices, notifications, protocol minors below 12.
 *
 * Lock order: fch->lock, fpq->lock or bg_lock, fiq->lock. A request that is being
 * copied is on fpq->io and belongs to who copies it, abort included: he finds
 * fpq->connected cleared and ends it.
 */
#include "dev.h"
#include "args.h"
#include "dev_uring_i.h"

#include <linux/hash.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uio.h>

/* ---------------------------------------------------------------- copying */

void fuse_copy_init(struct fuse_copy_state *cs, bool write, struct iov_iter *iter)
{
	*cs = (struct fuse_copy_state){ .write = write, .iter = iter };
}

/** fuse_copy_finish() - let go of the user's page, whether the copy failed or not */
void fuse_copy_finish(struct fuse_copy_state *cs)
{
	if (!cs->page)
		return;
	if (cs->write) {
		flush_dcache_page(cs->page);
		set_page_dirty_lock(cs->page);
	}
	put_page(cs->page);
	cs->page = NULL;
	cs->len = 0;
}

static int copy_next_page(struct fuse_copy_state *cs)
{
	struct page *page;
	size_t offset;
	ssize_t len;

	fuse_copy_finish(cs);
	len = iov_iter_get_pages2(cs->iter, &page, PAGE_SIZE, 1, &offset);
	if (len <= 0)
		return len ?: -EFAULT;
	cs->page = page;
	cs->offset = offset;
	cs->len = len;
	return 0;
}

static int copy_bytes(struct fuse_copy_state *cs, void *val, unsigned int size)
{
	while (size) {
		int err = cs->len ? 0 : copy_next_page(cs);
		unsigned int n = min(size, cs->len);
		void *user;

		if (err)
			return err;
		user = kmap_local_page(cs->page);
		if (cs->write)
			memcpy(user + cs->offset, val, n);
		else
			memcpy(val, user + cs->offset, n);
		kunmap_local(user);

		cs->offset += n;
		cs->len -= n;
		cs->ring.copied_sz += n;
		val += n;
		size -= n;
	}
	return 0;
}

static int copy_folios(struct fuse_copy_state *cs, unsigned int size, bool zeroing)
{
	struct fuse_args_pages *ap =
		container_of(cs->req->args, struct fuse_args_pages, args);
	unsigned int i;

	for (i = 0; i < ap->num_folios && (size || zeroing); i++) {
		unsigned int n = min(size, ap->descs[i].length);
		struct folio *folio = ap->folios[i];
		void *data;
		int err;

		if (zeroing && n < folio_size(folio))
			folio_zero_range(folio, 0, folio_size(folio));
		data = kmap_local_folio(folio, ap->descs[i].offset);
		err = copy_bytes(cs, data, n);
		kunmap_local(data);
		if (err)
			return err;
		flush_dcache_folio(folio);
		size -= n;
	}
	return 0;
}

int fuse_copy_args(struct fuse_copy_state *cs, unsigned int numargs,
		   unsigned int argpages, struct fuse_arg *args, int zeroing)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < numargs && !err; i++) {
		if (argpages && i == numargs - 1)
			err = copy_folios(cs, args[i].size, zeroing);
		else
			err = copy_bytes(cs, args[i].value, args[i].size);
	}
	return err;
}

/**
 * fuse_copy_out_args() - copy the arguments of a reply
 * @nbytes: length of the reply, through /dev/fuse with its header
 *
 * Return: 0, -EINVAL when it is not what was asked for, -EFAULT.
 */
int fuse_copy_out_args(struct fuse_copy_state *cs, struct fuse_args *args,
		       unsigned int nbytes)
{
	unsigned int want = fuse_len_args(args->out_numargs, args->out_args);

	if (!cs->is_uring)
		want += sizeof(struct fuse_out_header);
	if (nbytes != want) {
		struct fuse_arg *last = &args->out_args[args->out_numargs - 1];

		if (nbytes > want || !args->out_argvar || want - nbytes > last->size)
			return -EINVAL;
		last->size -= want - nbytes;
	}
	return fuse_copy_args(cs, args->out_numargs, args->out_pages, args->out_args,
			      args->page_zeroing);
}

/* ---------------------------------------------------------------- reading */

static bool iqueue_has_work(struct fuse_iqueue *fiq)
{
	return !list_empty(&fiq->interrupts) || fiq->forget_list_head.next ||
	       !list_empty(&fiq->pending);
}

/* For a reader that sleeps: something to read, or nothing ever again. */
static bool iqueue_is_ready(struct fuse_iqueue *fiq)
{
	bool ready;

	spin_lock(&fiq->lock);
	ready = !fiq->connected || iqueue_has_work(fiq);
	spin_unlock(&fiq->lock);
	return ready;
}

static struct fuse_forget_link *iqueue_take_forget(struct fuse_iqueue *fiq)
{
	struct fuse_forget_link *forget = fiq->forget_list_head.next;

	lockdep_assert_held(&fiq->lock);

	fiq->forget_list_head.next = forget->next;
	if (!forget->next)
		fiq->forget_list_tail = &fiq->forget_list_head;
	return forget;
}

/* A message that no struct fuse_req stands behind. */
static ssize_t read_message(struct fuse_copy_state *cs, struct fuse_in_header *ih,
			    void *arg, unsigned int size)
{
	int err;

	ih->len = sizeof(*ih) + size;
	err = copy_bytes(cs, ih, sizeof(*ih));
	if (!err)
		err = copy_bytes(cs, arg, size);
	fuse_copy_finish(cs);
	return err ?: (ssize_t)ih->len;
}

static ssize_t read_interrupt(struct fuse_iqueue *fiq, struct fuse_copy_state *cs)
	__releases(&fiq->lock)
{
	struct fuse_req *req =
		list_first_entry(&fiq->interrupts, struct fuse_req, intr_entry);
	struct fuse_interrupt_in arg = { .unique = req->in.h.unique };
	struct fuse_in_header ih = {
		.opcode = FUSE_INTERRUPT,
		.unique = req->in.h.unique | FUSE_INT_REQ_BIT,
	};

	list_del_init(&req->intr_entry);
	spin_unlock(&fiq->lock);
	return read_message(cs, &ih, &arg, sizeof(arg));
}

static ssize_t read_forget(struct fuse_iqueue *fiq, struct fuse_copy_state *cs)
	__releases(&fiq->lock)
{
	struct fuse_forget_link *forget = iqueue_take_forget(fiq);
	struct fuse_forget_in arg = { .nlookup = forget->forget_one.nlookup };
	struct fuse_in_header ih = {
		.opcode = FUSE_FORGET,
		.nodeid = forget->forget_one.nodeid,
		.unique = fuse_get_unique_locked(fiq),
	};

	spin_unlock(&fiq->lock);
	kfree(forget);
	return read_message(cs, &ih, &arg, sizeof(arg));
}

static int gone_error(struct fuse_chan *fch)
{
	return READ_ONCE(fch->abort_with_err) ? -ECONNABORTED : -ENODEV;
}

/* The copy is done: hand the request over, or end it. Return: bytes or error. */
static ssize_t read_request_done(struct fuse_dev *dev, struct fuse_req *req, int err)
{
	struct fuse_pqueue *fpq = &dev->pq;
	ssize_t len = req->in.h.len;
	bool interrupted;

	spin_lock(&fpq->lock);
	list_del_init(&req->list);
	if (!fpq->connected || err || !test_bit(FR_ISREPLY, &req->flags)) {
		if (!fpq->connected) {
			req->out.h.error = -ECONNABORTED;
			err = gone_error(dev->chan);
		} else if (err) {
			req->out.h.error = -EIO;
		}
		spin_unlock(&fpq->lock);
		fuse_request_end(req);
		return err ?: len;
	}
	list_add_tail(&req->list, &fpq->processing[fuse_req_hash(req->in.h.unique)]);
	/* it may be answered and gone before we look whether it was interrupted */
	fuse_get_request(req);
	set_bit(FR_SENT, &req->flags);
	spin_unlock(&fpq->lock);

	/* pairs with the waiting client: FR_INTERRUPTED, barrier, FR_SENT */
	smp_mb__after_atomic();
	interrupted = test_bit(FR_INTERRUPTED, &req->flags);
	if (interrupted)
		fuse_request_interrupt(req);
	fuse_put_request(req);
	return len;
}

/* Return: bytes, an error, or 0: that one has ended, try the next. */
static ssize_t read_request(struct fuse_dev *dev, struct fuse_req *req,
			    struct fuse_copy_state *cs, size_t nbytes)
{
	struct fuse_args *args = req->args;
	struct fuse_pqueue *fpq = &dev->pq;
	bool connected;
	int err;

	if (nbytes < req->in.h.len) {
		/* the one request whose size the client chooses freely */
		req->out.h.error = args->opcode == FUSE_SETXATTR ? -E2BIG : -EIO;
		fuse_request_end(req);
		return 0;
	}

	spin_lock(&fpq->lock);
	connected = fpq->connected;
	if (connected)
		list_add(&req->list, &fpq->io);
	spin_unlock(&fpq->lock);
	if (!connected) {
		req->out.h.error = -ECONNABORTED;
		fuse_request_end(req);
		return gone_error(dev->chan);
	}

	cs->req = req;
	err = copy_bytes(cs, &req->in.h, sizeof(req->in.h));
	if (!err)
		err = fuse_copy_args(cs, args->in_numargs, args->in_pages,
				     (struct fuse_arg *)args->in_args, 0);
	fuse_copy_finish(cs);
	return read_request_done(dev, req, err);
}

/* Return: bytes, an error, or 0: somebody else was faster. */
static ssize_t read_next(struct fuse_dev *dev, struct fuse_copy_state *cs, size_t nbytes)
{
	struct fuse_iqueue *fiq = &dev->chan->iq;
	struct fuse_req *req;

	spin_lock(&fiq->lock);
	if (!fiq->connected) {
		spin_unlock(&fiq->lock);
		return gone_error(dev->chan);
	}
	if (!list_empty(&fiq->interrupts))
		return read_interrupt(fiq, cs);
	/* many FORGETs at once must not keep requests waiting for ever */
	if (fiq->forget_list_head.next &&
	    (list_empty(&fiq->pending) || fiq->forget_batch-- > 0))
		return read_forget(fiq, cs);

	req = list_first_entry_or_null(&fiq->pending, struct fuse_req, list);
	if (req) {
		clear_bit(FR_PENDING, &req->flags);
		list_del_init(&req->list);
		fiq->forget_batch = 8;
	}
	spin_unlock(&fiq->lock);
	return req ? read_request(dev, req, cs, nbytes) : 0;
}

static ssize_t fuse_dev_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct fuse_dev *dev = fuse_get_dev(iocb->ki_filp);
	size_t nbytes = iov_iter_count(to);
	struct fuse_copy_state cs;
	struct fuse_chan *fch;
	ssize_t ret;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	fch = fuse_dev_chan_get(dev);
	if (nbytes < FUSE_MIN_READ_BUFFER ||
	    nbytes < sizeof(struct fuse_in_header) + sizeof(struct fuse_write_in) +
			     fch->max_write)
		return -EINVAL;

	do {
		if ((iocb->ki_filp->f_flags & O_NONBLOCK) && !iqueue_is_ready(&fch->iq))
			return -EAGAIN;
		ret = wait_event_interruptible(fch->iq.waitq, iqueue_is_ready(&fch->iq));
		if (ret)
			return ret;
		fuse_copy_init(&cs, true, to);
		ret = read_next(dev, &cs, nbytes);
	} while (!ret);
	return ret;
}

/* ---------------------------------------------------------------- writing */

unsigned int fuse_req_hash(u64 unique)
{
	return hash_long(unique / FUSE_REQ_ID_STEP, FUSE_PQ_HASH_BITS);
}

/** fuse_request_find() - the request with that unique id, or NULL */
struct fuse_req *fuse_request_find(struct fuse_pqueue *fpq, u64 unique)
{
	struct list_head *chain = &fpq->processing[fuse_req_hash(unique)];
	struct fuse_req *req;

	list_for_each_entry(req, chain, list) {
		if (req->in.h.unique == unique)
			return req;
	}
	return NULL;
}

/* The server's answer to an INTERRUPT: it does not know it, or not yet. */
static int write_interrupt_reply(struct fuse_req *req, const struct fuse_out_header *oh)
{
	if (oh->len != sizeof(*oh))
		return -EINVAL;
	if (oh->error == -ENOSYS)
		WRITE_ONCE(req->chan->no_interrupt, true);
	else if (oh->error == -EAGAIN)
		fuse_request_interrupt(req);
	return 0;
}

static int write_reply(struct fuse_dev *dev, struct fuse_req *req,
		       struct fuse_copy_state *cs, const struct fuse_out_header *oh)
{
	int err = 0;

	cs->req = req;
	req->out.h = *oh;
	if (!oh->error)
		err = fuse_copy_out_args(cs, req->args, oh->len);
	else if (oh->len != sizeof(*oh))
		err = -EINVAL;
	fuse_copy_finish(cs);

	spin_lock(&dev->pq.lock);
	list_del_init(&req->list);
	if (!dev->pq.connected) {
		req->out.h.error = -ECONNABORTED;
		err = -ENOENT;
	} else if (err) {
		req->out.h.error = -EIO;
	}
	spin_unlock(&dev->pq.lock);
	fuse_request_end(req);
	return err;
}

static int write_message(struct fuse_dev *dev, struct fuse_copy_state *cs, size_t nbytes)
{
	struct fuse_pqueue *fpq = &dev->pq;
	struct fuse_out_header oh;
	struct fuse_req *req;
	int err;

	err = nbytes < sizeof(oh) ? -EINVAL : copy_bytes(cs, &oh, sizeof(oh));
	if (err)
		return err;
	if (oh.len != nbytes)
		return -EINVAL;
	if (!oh.unique)
		return fuse_notify(dev->chan->conn, oh.error, nbytes - sizeof(oh), cs);
	if (oh.error <= -512 || oh.error > 0)
		return -EINVAL;

	spin_lock(&fpq->lock);
	req = fuse_request_find(fpq, oh.unique & ~FUSE_INT_REQ_BIT);
	if (!req) {
		spin_unlock(&fpq->lock);
		return -ENOENT;
	}
	if (oh.unique & FUSE_INT_REQ_BIT) {
		fuse_get_request(req);
		spin_unlock(&fpq->lock);
		err = write_interrupt_reply(req, &oh);
		fuse_put_request(req);
		return err;
	}
	clear_bit(FR_SENT, &req->flags);
	list_move(&req->list, &fpq->io);
	spin_unlock(&fpq->lock);
	return write_reply(dev, req, cs, &oh);
}

static ssize_t fuse_dev_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct fuse_dev *dev = fuse_get_dev(iocb->ki_filp);
	size_t nbytes = iov_iter_count(from);
	struct fuse_copy_state cs;
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	fuse_copy_init(&cs, false, from);
	err = write_message(dev, &cs, nbytes);
	fuse_copy_finish(&cs);
	return err ?: (ssize_t)nbytes;
}

/* ------------------------------------------------------------- connection */

struct list_head *fuse_pqueue_alloc(void)
{
	struct list_head *chains = kzalloc_objs(struct list_head, FUSE_PQ_HASH_SIZE);
	unsigned int i;

	for (i = 0; chains && i < FUSE_PQ_HASH_SIZE; i++)
		INIT_LIST_HEAD(&chains[i]);
	return chains;
}

void fuse_pqueue_init(struct fuse_pqueue *fpq)
{
	spin_lock_init(&fpq->lock);
	INIT_LIST_HEAD(&fpq->io);
	fpq->processing = NULL;
	fpq->connected = 1;
}

/** fuse_dev_chan_new() - the transport of a new connection, or NULL */
struct fuse_chan *fuse_dev_chan_new(void)
{
	struct fuse_chan *fch = kzalloc_obj(struct fuse_chan);

	if (!fch)
		return NULL;
	spin_lock_init(&fch->lock);
	spin_lock_init(&fch->bg_lock);
	INIT_LIST_HEAD(&fch->devices);
	INIT_LIST_HEAD(&fch->bg_queue);
	init_waitqueue_head(&fch->blocked_waitq);
	atomic_set(&fch->num_waiting, 0);
	fch->max_background = FUSE_DEFAULT_MAX_BACKGROUND;
	fch->connected = 1;
	fuse_iqueue_init(&fch->iq);
	return fch;
}

void fuse_chan_set_fc(struct fuse_chan *fch, struct fuse_conn *fc)
{
	fch->conn = fc;
}

/**
 * fuse_chan_set_initialized() - requests may be sent
 * @param: what was negotiated; NULL: nothing, for this is the end
 */
void fuse_chan_set_initialized(struct fuse_chan *fch, struct fuse_chan_param *param)
{
	if (param) {
		fch->minor = param->minor;
		fch->max_pages = param->max_pages;
		fch->max_write = param->max_write;
		if (param->io_uring_enabled)
			fuse_uring_conn_init(fch);
	}
	/* pairs with everybody who looks at what was negotiated */
	smp_store_release(&fch->initialized, 1);
	wake_up_all(&fch->blocked_waitq);
}

void fuse_chan_max_background_set(struct fuse_chan *fch, unsigned int val)
{
	spin_lock(&fch->bg_lock);
	fch->max_background = val;
	WRITE_ONCE(fch->blocked, fch->num_background >= val);
	if (!fch->blocked)
		wake_up_all(&fch->blocked_waitq);
	spin_unlock(&fch->bg_lock);
}

/* Requests that the server has. What it is being given or gives is left alone. */
static void abort_device(struct fuse_pqueue *fpq, struct list_head *to_end)
{
	unsigned int i;

	spin_lock(&fpq->lock);
	fpq->connected = 0;
	for (i = 0; i < FUSE_PQ_HASH_SIZE; i++)
		list_splice_tail_init(&fpq->processing[i], to_end);
	spin_unlock(&fpq->lock);
}

/* What waits to be read, and who waits to read. */
static void abort_iqueue(struct fuse_iqueue *fiq, struct list_head *to_end)
{
	struct fuse_req *req;

	spin_lock(&fiq->lock);
	fiq->connected = 0;
	list_for_each_entry(req, &fiq->pending, list)
		clear_bit(FR_PENDING, &req->flags);
	list_splice_tail_init(&fiq->pending, to_end);
	while (fiq->forget_list_head.next)
		kfree(iqueue_take_forget(fiq));
	wake_up_all(&fiq->waitq);
	spin_unlock(&fiq->lock);
}

/**
 * fuse_chan_abort() - end the connection and all its requests, now
 * @abort_with_err: the server is to see ECONNABORTED
 *
 * Background requests that wait are sent first, each to where it would go, and
 * then ended there with the others.
 */
void fuse_chan_abort(struct fuse_chan *fch, bool abort_with_err)
{
	struct fuse_dev *dev;
	LIST_HEAD(to_end);

	spin_lock(&fch->lock);
	if (!fch->connected) {
		spin_unlock(&fch->lock);
		return;
	}
	WRITE_ONCE(fch->abort_with_err, abort_with_err);
	if (fch->timeout.req_timeout)
		cancel_delayed_work(&fch->timeout.work);

	spin_lock(&fch->bg_lock);
	WRITE_ONCE(fch->connected, 0);
	WRITE_ONCE(fch->blocked, 0);
	fch->max_background = UINT_MAX;
	fuse_bg_flush(fch);
	spin_unlock(&fch->bg_lock);

	list_for_each_entry(dev, &fch->devices, entry)
		abort_device(&dev->pq, &to_end);
	abort_iqueue(&fch->iq, &to_end);
	fuse_end_polls(fch->conn);
	fuse_chan_set_initialized(fch, NULL);
	spin_unlock(&fch->lock);

	fuse_dev_end_requests(&to_end);
	fuse_uring_abort(fch);
}

/** fuse_chan_wait_aborted() - after fuse_chan_abort(): until the last request is over */
void fuse_chan_wait_aborted(struct fuse_chan *fch)
{
	/* pairs with chan_drop_waiting(): one of us sees what the other did */
	smp_mb();
	wait_event(fch->blocked_waitq, !atomic_read(&fch->num_waiting));
	fuse_uring_wait_stopped_queues(fch);
}

/** fuse_chan_resend() - the server has lost its requests: let it read them again */
void fuse_chan_resend(struct fuse_chan *fch)
{
	struct fuse_iqueue *fiq = &fch->iq;
	struct fuse_dev *dev;
	struct fuse_req *req;
	LIST_HEAD(again);
	unsigned int i;
	bool connected;

	spin_lock(&fch->lock);
	list_for_each_entry(dev, &fch->devices, entry) {
		spin_lock(&dev->pq.lock);
		for (i = 0; i < FUSE_PQ_HASH_SIZE; i++)
			list_splice_tail_init(&dev->pq.processing[i], &again);
		spin_unlock(&dev->pq.lock);
	}
	spin_unlock(&fch->lock);

	spin_lock(&fiq->lock);
	connected = fiq->connected;
	list_for_each_entry(req, &again, list) {
		clear_bit(FR_SENT, &req->flags);
		if (!connected)
			continue;
		/* an interrupt that nobody has read is sent along again */
		list_del_init(&req->intr_entry);
		req->in.h.unique |= FUSE_UNIQUE_RESEND;
		set_bit(FR_PENDING, &req->flags);
	}
	if (connected)
		list_splice_init(&again, &fiq->pending);
	wake_up_all(&fiq->waitq);
	spin_unlock(&fiq->lock);

	fuse_dev_end_requests(&again);
}

/** fuse_chan_release() - the connection is not used any more */
void fuse_chan_release(struct fuse_chan *fch)
{
	if (fch->timeout.req_timeout)
		cancel_delayed_work_sync(&fch->timeout.work);
}

void fuse_chan_free(struct fuse_chan *fch)
{
	WARN_ON(!list_empty(&fch->devices));
	kfree(fch);
}

/* ----------------------------------------------------------------- device */

static int fuse_dev_open(struct inode *inode, struct file *file)
{
	struct fuse_dev *dev = kzalloc_obj(struct fuse_dev);

	(void)inode;
	if (!dev)
		return -ENOMEM;
	fuse_pqueue_init(&dev->pq);
	dev->pq.processing = fuse_pqueue_alloc();
	if (!dev->pq.processing) {
		kfree(dev);
		return -ENOMEM;
	}
	file->private_data = dev;
	return 0;
}

/** fuse_dev_install() - mount: this is the connection's device */
void fuse_dev_install(struct fuse_dev *dev, struct fuse_chan *fch)
{
	bool taken;

	spin_lock(&fch->lock);
	taken = cmpxchg(&dev->chan, NULL, fch);
	if (!taken) {
		list_add_tail(&dev->entry, &fch->devices);
		fuse_conn_get(fch->conn);
	}
	spin_unlock(&fch->lock);

	/* mounted twice: there is no server for this one */
	if (taken)
		fuse_chan_abort(fch, false);
}

/** fuse_get_dev() - the device of a file, if it is mounted */
struct fuse_dev *fuse_get_dev(struct file *file)
{
	struct fuse_dev *dev = fuse_file_to_fud(file);

	return fuse_dev_chan_get(dev) ? dev : ERR_PTR(-EPERM);
}

/* Nobody reads or writes any more. The last device takes the connection along. */
static void dev_disconnect(struct fuse_dev *dev, struct fuse_chan *fch)
{
	LIST_HEAD(to_end);
	bool last;

	/* with the lock fuse_dev_install() is over */
	spin_lock(&fch->lock);
	WARN_ON(!list_empty(&dev->pq.io));
	abort_device(&dev->pq, &to_end);
	list_del(&dev->entry);
	last = list_empty(&fch->devices);
	spin_unlock(&fch->lock);

	fuse_dev_end_requests(&to_end);
	if (last)
		fuse_chan_abort(fch, false);
	fuse_conn_put(fch->conn);
}

static int fuse_dev_release(struct inode *inode, struct file *file)
{
	struct fuse_dev *dev = fuse_file_to_fud(file);
	struct fuse_chan *fch = xchg(&dev->chan, FUSE_DEV_CHAN_DISCONNECTED);

	(void)inode;
	if (fch)
		dev_disconnect(dev, fch);
	kfree(dev->pq.processing);
	kfree(dev);
	return 0;
}

static __poll_t fuse_dev_poll(struct file *file, struct poll_table_struct *wait)
{
	struct fuse_dev *dev = fuse_get_dev(file);
	__poll_t mask = EPOLLOUT | EPOLLWRNORM;
	struct fuse_iqueue *fiq;

	if (IS_ERR(dev))
		return EPOLLERR;
	fiq = &fuse_dev_chan_get(dev)->iq;
	poll_wait(file, &fiq->waitq, wait);

	spin_lock(&fiq->lock);
	if (!fiq->connected)
		mask = EPOLLERR;
	else if (iqueue_has_work(fiq))
		mask |= EPOLLIN | EPOLLRDNORM;
	spin_unlock(&fiq->lock);
	return mask;
}

static long fuse_dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	(void)file;
	(void)cmd;
	(void)arg;
	return -ENOTTY;
}

const struct file_operations fuse_dev_operations = {
	.owner		= THIS_MODULE,
	.open		= fuse_dev_open,
	.release	= fuse_dev_release,
	.read_iter	= fuse_dev_read,
	.write_iter	= fuse_dev_write,
	.poll		= fuse_dev_poll,
	.unlocked_ioctl	= fuse_dev_ioctl,
	.uring_cmd	= fuse_uring_cmd,
};

static struct miscdevice fuse_miscdevice = {
	.minor	= FUSE_MINOR,
	.name	= "fuse",
	.fops	= &fuse_dev_operations,
};

int fuse_dev_init(void)
{
	int err = fuse_req_cache_init();

	if (err)
		return err;
	err = misc_register(&fuse_miscdevice);
	if (err)
		fuse_req_cache_exit();
	return err;
}

void fuse_dev_cleanup(void)
{
	misc_deregister(&fuse_miscdevice);
	fuse_req_cache_exit();
}
