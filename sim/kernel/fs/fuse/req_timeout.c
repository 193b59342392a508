// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time-out of requests in our small fuse core: a connection whose server takes too
 * long for any of them is aborted. Looked at every 15 s, at the oldest request of
 * each list only: what is behind it is found later.
 */
#include "dev.h"
#include "dev_uring_i.h"

#include <linux/jiffies.h>

#define TIMEOUT_CHECK_SECS 15

bool fuse_request_expired(struct fuse_chan *fch, struct list_head *list)
{
	struct fuse_req *req = list_first_entry_or_null(list, struct fuse_req, list);

	return req && time_is_before_jiffies(req->create_time + fch->timeout.req_timeout);
}

static bool pqueue_has_expired(struct fuse_chan *fch, struct fuse_pqueue *fpq)
{
	bool expired;
	unsigned int i;

	spin_lock(&fpq->lock);
	expired = fuse_request_expired(fch, &fpq->io);
	for (i = 0; i < FUSE_PQ_HASH_SIZE && !expired; i++)
		expired = fuse_request_expired(fch, &fpq->processing[i]);
	spin_unlock(&fpq->lock);
	return expired;
}

/* Return: whether a request has been waiting, or with the server, for too long. */
static bool chan_has_expired(struct fuse_chan *fch)
{
	struct fuse_dev *dev;
	bool expired = false;

	spin_lock(&fch->lock);
	list_for_each_entry(dev, &fch->devices, entry)
		expired = expired || pqueue_has_expired(fch, &dev->pq);
	spin_unlock(&fch->lock);

	spin_lock(&fch->iq.lock);
	expired = expired || fuse_request_expired(fch, &fch->iq.pending);
	spin_unlock(&fch->iq.lock);

	spin_lock(&fch->bg_lock);
	expired = expired || fuse_request_expired(fch, &fch->bg_queue);
	spin_unlock(&fch->bg_lock);

	return expired || fuse_uring_request_expired(fch);
}

static void check_timeout(struct work_struct *work)
{
	struct fuse_chan *fch =
		container_of(to_delayed_work(work), struct fuse_chan, timeout.work);

	if (atomic_read(&fch->num_waiting) && chan_has_expired(fch))
		fuse_chan_abort(fch, false);
	if (READ_ONCE(fch->connected))
		schedule_delayed_work(&fch->timeout.work, TIMEOUT_CHECK_SECS * HZ);
}

/**
 * fuse_init_server_timeout() - the server wants requests to time out
 * @timeout: seconds, at least the interval of the check; 0: it does not
 *
 * The lock keeps an abort from cancelling work that is not there yet; one that came
 * before would not cancel it later.
 */
void fuse_init_server_timeout(struct fuse_chan *fch, unsigned int timeout)
{
	if (!timeout)
		return;
	guard(spinlock)(&fch->lock);
	if (!fch->connected)
		return;
	fch->timeout.req_timeout = max_t(unsigned int, timeout, TIMEOUT_CHECK_SECS) * HZ;
	INIT_DELAYED_WORK(&fch->timeout.work, check_timeout);
	schedule_delayed_work(&fch->timeout.work, TIMEOUT_CHECK_SECS * HZ);
}
