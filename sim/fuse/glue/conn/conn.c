// SPDX-License-Identifier: GPL-2.0-only
/*
 * What inode.c does until 7.1, when all of the transport was in struct fuse_conn, at
 * mount, FUSE_INIT and umount; and the devices of a connection, which were its too.
 */
#include "fuse/glue/glue.h"

#include <linux/mutex.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

/* of fuse_conn_list and of installing a device */
DEFINE_MUTEX(fuse_mutex);

#ifdef GLUE_TIMEOUT
unsigned int fuse_default_req_timeout;
unsigned int fuse_max_req_timeout;
#endif

/* ---- devices ---- */

void fuse_pqueue_init(struct fuse_pqueue *fpq)
{
	unsigned int i;

	spin_lock_init(&fpq->lock);
	for (i = 0; i < FUSE_PQ_HASH_SIZE; i++)
		INIT_LIST_HEAD(&fpq->processing[i]);
	INIT_LIST_HEAD(&fpq->io);
	fpq->connected = 1;
}

struct fuse_dev *fuse_dev_alloc(void)
{
	struct fuse_dev *fud = kzalloc(sizeof(*fud), GFP_KERNEL);

	if (!fud)
		return NULL;
	fud->pq.processing =
		kcalloc(FUSE_PQ_HASH_SIZE, sizeof(struct list_head), GFP_KERNEL);
	if (!fud->pq.processing) {
		kfree(fud);
		return NULL;
	}
	fuse_pqueue_init(&fud->pq);
	return fud;
}

void fuse_dev_install(struct fuse_dev *fud, struct fuse_conn *fc)
{
	fud->fc = fuse_conn_get(fc);
	spin_lock(&fc->lock);
	list_add_tail(&fud->entry, &fc->devices);
	spin_unlock(&fc->lock);
}

struct fuse_dev *fuse_dev_alloc_install(struct fuse_conn *fc)
{
	struct fuse_dev *fud = fuse_dev_alloc();

	if (fud)
		fuse_dev_install(fud, fc);
	return fud;
}

void fuse_dev_free(struct fuse_dev *fud)
{
	struct fuse_conn *fc = fud->fc;

	if (fc) {
		spin_lock(&fc->lock);
		list_del(&fud->entry);
		spin_unlock(&fc->lock);
		fuse_conn_put(fc);
	}
	kfree(fud->pq.processing);
	kfree(fud);
}

struct fuse_forget_link *fuse_alloc_forget(void)
{
	return kzalloc(sizeof(struct fuse_forget_link), GFP_KERNEL_ACCOUNT);
}

/* ---- the connection ---- */

/* [delayed_release] after a grace period */
static void conn_free(struct rcu_head *head)
{
	struct fuse_conn *fc = container_of(head, struct fuse_conn, rcu);

	fuse_uring_destruct(fc);
	kfree(fc);
}

void fuse_conn_put(struct fuse_conn *fc)
{
	if (!refcount_dec_and_test(&fc->count))
		return;
#ifdef GLUE_TIMEOUT
	if (fc->timeout.req_timeout)
		cancel_delayed_work_sync(&fc->timeout.work);
#endif
	if (fc->iq.ops->release)
		fc->iq.ops->release(&fc->iq);
	call_rcu(&fc->rcu, conn_free);
}

static void iqueue_init(struct fuse_iqueue *fiq)
{
	spin_lock_init(&fiq->lock);
	init_waitqueue_head(&fiq->waitq);
	INIT_LIST_HEAD(&fiq->pending);
	INIT_LIST_HEAD(&fiq->interrupts);
	fiq->forget_list_tail = &fiq->forget_list_head;
	fiq->connected = 1;
	fiq->ops = &fuse_dev_fiq_ops;
}

static void background_init(struct fuse_conn *fc)
{
	spin_lock_init(&fc->bg_lock);
#ifdef GLUE_SEPARATE_BACKGROUND
	INIT_LIST_HEAD(&fc->bg_queue[0]);
	INIT_LIST_HEAD(&fc->bg_queue[1]);
#else
	INIT_LIST_HEAD(&fc->bg_queue);
#endif
	fc->max_background = 12;
	fc->congestion_threshold = 9;
}

/* ---- the transport: the first device, until it is the connection's ---- */

void *glue_transport_new(void)
{
	return fuse_dev_alloc();
}

void glue_transport_discard(void *new)
{
	fuse_dev_free(new);
}

/* [fuse_conn_init] as far as the transport looks at it */
void glue_transport_join(struct fuse_conn *fc, void *new)
{
	iqueue_init(&fc->iq);
	background_init(fc);
	init_waitqueue_head(&fc->blocked_waitq);
	INIT_LIST_HEAD(&fc->devices);
	atomic_set(&fc->dev_count, 1);
	atomic_set(&fc->num_waiting, 0);
	fc->polled_files = RB_ROOT;
	fc->pid_ns = &init_pid_ns;
	fc->connected = 1;
	fuse_dev_install(new, fc);
}

/* [fuse_fill_super_common] */
void glue_transport_install(struct file *dev, struct fuse_conn *fc)
{
	mutex_lock(&fuse_mutex);
	WRITE_ONCE(dev->private_data,
		   list_first_entry(&fc->devices, struct fuse_dev, entry));
#ifdef GLUE_SYNC_INIT
	wake_up_all(&fuse_dev_waitq);
#endif
	mutex_unlock(&fuse_mutex);
}

bool glue_waits_for_init(struct file *dev)
{
#ifdef GLUE_SYNC_INIT
	return READ_ONCE(dev->private_data) == FUSE_DEV_SYNC_INIT;
#else
	(void)dev;
	return false;
#endif
}

#ifdef GLUE_TIMEOUT

/* [init_server_timeout] */
void glue_transport_timeout(struct fuse_conn *fc, const struct glue_negotiated *with)
{
	unsigned int asked = 0, most = data_race(fuse_max_req_timeout);

	if (with->flags & FUSE_REQUEST_TIMEOUT)
		asked = with->out->request_timeout;
	if (!asked)
		asked = data_race(fuse_default_req_timeout);
	if (most && (!asked || asked > most))
		asked = most;
	if (!asked)
		return;
	if (asked < FUSE_TIMEOUT_TIMER_FREQ)
		asked = FUSE_TIMEOUT_TIMER_FREQ;
	fc->timeout.req_timeout = asked * HZ;
	INIT_DELAYED_WORK(&fc->timeout.work, fuse_check_timeout);
	schedule_delayed_work(&fc->timeout.work, fuse_timeout_timer_freq);
}

#else

void glue_transport_timeout(struct fuse_conn *fc, const struct glue_negotiated *with)
{
	(void)fc;
	(void)with;
}

#endif

/*
 * [process_init_reply, fuse_set_initialized] Plain there, as the limits and what root
 * writes are: what is read of them without a lock is not under test, what comes of it is.
 */
void glue_transport_init(struct fuse_conn *fc, const struct glue_negotiated *with)
{
	if (with && (with->flags & FUSE_OVER_IO_URING) && fuse_uring_enabled())
		data_race(fc->io_uring = 1);
	fuse_set_initialized(fc);
	wake_up_all(&fc->blocked_waitq);
}

/* [process_init_limits] */
void glue_transport_limits(struct fuse_conn *fc, unsigned int max_background)
{
	spin_lock(&fc->bg_lock);
	fc->max_background = max_background;
	spin_unlock(&fc->bg_lock);
}

/* [fuse_conn_max_background_write] */
void glue_transport_max_background(struct fuse_conn *fc, unsigned int n)
{
	spin_lock(&fc->bg_lock);
	fc->max_background = n;
	data_race(fc->blocked = fc->num_background >= fc->max_background);
	if (!fc->blocked)
		wake_up(&fc->blocked_waitq);
	spin_unlock(&fc->bg_lock);
}

/* [fuse_conn_abort_write] */
void glue_transport_abort(struct fuse_conn *fc, bool with_err)
{
	if (with_err)
		data_race(fc->aborted = true);
	fuse_abort_conn(fc);
}

void glue_transport_wait_aborted(struct fuse_conn *fc)
{
	fuse_wait_aborted(fc);
}

/*
 * A grace period is a barrier on every processor: who has put a request before it began
 * is through with the mount, although umount saw that in a counter alone.
 */
static void mount_free(struct rcu_head *head)
{
	shim_order(ignore(1));
	kfree(container_of(head, struct fuse_mount, rcu));
	shim_order(ignore(-1));
}

/* [fuse_mount_destroy] requests refer to it, and are put without a lock */
void glue_transport_leave(struct fuse_mount *fm)
{
	call_rcu(&fm->rcu, mount_free);
}

void glue_transport_forget(struct fuse_conn *fc, struct fuse_forget_link *forget,
			   u64 nodeid, u64 nlookup)
{
	fuse_queue_forget(fc, forget, nodeid, nlookup);
}
