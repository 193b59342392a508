// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transport of a connection in our small fuse core, from mount to umount: it
 * gets its device, then what FUSE_INIT agreed on, and abort ends it.
 *
 * Lock order: fch->lock, then a processing queue's or bg_lock, then the input
 * queue's. A request that is being copied belongs to the task that copies it, also in an
 * abort: that task finds the processing queue stopped and ends it.
 */
#include "dev.h"
#include "dev_uring_i.h"

#include <linux/slab.h>

/* ----------------------------------------------------------- mount, FUSE_INIT */

/** fuse_dev_chan_new() - the transport of a new connection, or NULL */
struct fuse_chan *fuse_dev_chan_new(void)
{
	struct fuse_chan *fch = kzalloc_obj(struct fuse_chan);

	if (!fch)
		return NULL;
	fch->connected = 1;
	spin_lock_init(&fch->lock);
	INIT_LIST_HEAD(&fch->devices);
	init_waitqueue_head(&fch->blocked_waitq);
	fuse_iqueue_init(&fch->iq);
	fuse_bg_init(fch);
	return fch;
}

/**
 * fuse_chan_set_fc() - whose transport this is
 * @fch: new
 * @conn: the connection
 */
void fuse_chan_set_fc(struct fuse_chan *fch, struct fuse_conn *conn)
{
	fch->conn = conn;
}

/**
 * fuse_chan_set_initialized() - requests may be sent
 * @fch: transport
 * @agreed: by FUSE_INIT; NULL: nothing, for this is the end
 */
void fuse_chan_set_initialized(struct fuse_chan *fch, struct fuse_chan_param *agreed)
{
	if (agreed) {
		fch->minor = agreed->minor;
		WRITE_ONCE(fch->max_write, agreed->max_write);
		fch->max_pages = agreed->max_pages;
		if (agreed->io_uring_enabled)
			fuse_uring_conn_init(fch);
	}
	/* pairs with all readers of what was negotiated */
	smp_store_release(&fch->initialized, 1);
	wake_up_all(&fch->blocked_waitq);
}

/* ----------------------------------------------------------------- its device */

/* Return: false: @dev is another connection's. */
static bool chan_add_device(struct fuse_chan *fch, struct fuse_dev *dev)
{
	guard(spinlock)(&fch->lock);
	if (cmpxchg(&dev->chan, NULL, fch))
		return false;
	fuse_conn_get(fch->conn);
	list_add_tail(&dev->entry, &fch->devices);
	return true;
}

/**
 * fuse_dev_install() - mount: this is the connection's device
 * @dev: an open /dev/fuse
 * @fch: transport; aborted when @dev cannot be its device, as it has no server then
 */
void fuse_dev_install(struct fuse_dev *dev, struct fuse_chan *fch)
{
	if (!chan_add_device(fch, dev))
		fuse_chan_abort(fch, false);
}

/* Return: whether it was the last one. */
static bool chan_remove_device(struct fuse_chan *fch, struct fuse_dev *dev,
			       struct list_head *unanswered)
{
	/* with the lock chan_add_device() is over */
	guard(spinlock)(&fch->lock);
	WARN_ON(!list_empty(&dev->pq.io));
	fuse_pqueue_take_all(&dev->pq, unanswered, true);
	list_del(&dev->entry);
	return list_empty(&fch->devices);
}

/**
 * fuse_dev_uninstall() - the server has closed it
 * @dev: not read or written any more
 *
 * With the last device the connection ends.
 */
void fuse_dev_uninstall(struct fuse_dev *dev)
{
	struct fuse_chan *fch = xchg(&dev->chan, FUSE_DEV_CHAN_DISCONNECTED);
	LIST_HEAD(unanswered);
	bool last;

	if (!fch)
		return;
	last = chan_remove_device(fch, dev, &unanswered);
	fuse_dev_end_requests(&unanswered);
	if (last)
		fuse_chan_abort(fch, false);
	fuse_conn_put(fch->conn);
}

/* ----------------------------------------------------------- abort and resend */

/* Return: false: another task has done so before. */
static bool chan_disconnect(struct fuse_chan *fch, bool with_err, struct list_head *left)
{
	struct fuse_dev *dev;

	guard(spinlock)(&fch->lock);
	if (!fch->connected)
		return false;
	WRITE_ONCE(fch->abort_with_err, with_err);
	if (fch->timeout.req_timeout)
		cancel_delayed_work(&fch->timeout.work);

	fuse_bg_stop(fch);
	list_for_each_entry(dev, &fch->devices, entry)
		fuse_pqueue_take_all(&dev->pq, left, true);
	fuse_iqueue_stop(&fch->iq, left);
	fuse_end_polls(fch->conn);
	/* tasks that wait for FUSE_INIT wait in vain */
	fuse_chan_set_initialized(fch, NULL);
	return true;
}

/**
 * fuse_chan_abort() - end the connection and all its requests, now
 * @fch: transport
 * @with_err: the server is to see ECONNABORTED
 *
 * Background requests that wait are sent first, each to where it would go, and
 * then ended there with the others.
 */
void fuse_chan_abort(struct fuse_chan *fch, bool with_err)
{
	LIST_HEAD(left);

	if (!chan_disconnect(fch, with_err, &left))
		return;
	fuse_dev_end_requests(&left);
	fuse_uring_abort(fch);
}

/**
 * fuse_chan_error() - what a server gets that uses an aborted connection
 * @fch: transport
 */
int fuse_chan_error(struct fuse_chan *fch)
{
	return READ_ONCE(fch->abort_with_err) ? -ECONNABORTED : -ENODEV;
}

/**
 * fuse_chan_wait_aborted() - wait until the last request is over
 * @fch: aborted
 */
void fuse_chan_wait_aborted(struct fuse_chan *fch)
{
	/* pairs with chan_leave(): one of us sees what the other did */
	smp_mb();
	wait_event(fch->blocked_waitq, !atomic_read(&fch->num_waiting));
	fuse_uring_wait_stopped_queues(fch);
}

/**
 * fuse_chan_resend() - the server has lost its requests: let it read them again
 * @fch: transport
 */
void fuse_chan_resend(struct fuse_chan *fch)
{
	struct fuse_dev *dev;
	LIST_HEAD(lost);

	scoped_guard(spinlock, &fch->lock) {
		list_for_each_entry(dev, &fch->devices, entry)
			fuse_pqueue_take_all(&dev->pq, &lost, false);
	}
	fuse_iqueue_put_back(&fch->iq, &lost);
	/* abort came in between, and did not see them */
	fuse_dev_end_requests(&lost);
}

/* --------------------------------------------------------------------- umount */

/**
 * fuse_chan_release() - the connection is not used any more
 * @fch: transport; others may still look at it
 */
void fuse_chan_release(struct fuse_chan *fch)
{
	if (fch->timeout.req_timeout)
		cancel_delayed_work_sync(&fch->timeout.work);
}

/**
 * fuse_chan_free() - it is not used any more
 * @fch: transport, without devices
 */
void fuse_chan_free(struct fuse_chan *fch)
{
	WARN_ON(!list_empty(&fch->devices));
	kfree(fch);
}
