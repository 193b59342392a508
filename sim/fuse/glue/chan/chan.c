// SPDX-License-Identifier: GPL-2.0-only
/*
 * What inode.c does with struct fuse_chan (since 7.2) at mount, FUSE_INIT and umount.
 */
#include "fuse/glue/glue.h"

#include <linux/slab.h>
#include <linux/rcupdate.h>

/* ---- the connection ---- */

/* Called after a grace period, because there may be readers of fc->chan. */
static void conn_free(struct rcu_head *head)
{
	struct fuse_conn *fc = container_of(head, struct fuse_conn, rcu);

	fuse_uring_destruct(fc->chan);
	fuse_chan_free(fc->chan);
	kfree(fc);
}

void fuse_conn_put(struct fuse_conn *fc)
{
	if (refcount_dec_and_test(&fc->count)) {
		fuse_chan_release(fc->chan);
		call_rcu(&fc->rcu, conn_free);
	}
}

dev_t fuse_conn_get_id(struct fuse_conn *fc)
{
	return fc->dev;
}

/* stub: files are not polled here, so no poll handle waits to be woken */
void fuse_end_polls(struct fuse_conn *fc)
{
	(void)fc;
}

/* ---- the transport ---- */

void *glue_transport_new(void)
{
	return fuse_dev_chan_new();
}

void glue_transport_discard(void *new)
{
	fuse_chan_free(new);
}

void glue_transport_join(struct fuse_conn *fc, void *new)
{
	fc->chan = new;
	fuse_chan_set_fc(new, fc);
}

void glue_transport_install(struct file *dev, struct fuse_conn *fc)
{
	fuse_dev_install(fuse_file_to_fud(dev), fc->chan);
}

bool glue_waits_for_init(struct file *dev)
{
#ifdef GLUE_SYNC_INIT
	return fuse_dev_is_sync_init(fuse_file_to_fud(dev));
#else
	(void)dev;
	return false;
#endif
}

void glue_transport_timeout(struct fuse_conn *fc, const struct glue_negotiated *with)
{
	fuse_init_server_timeout(fc->chan, with->flags & FUSE_REQUEST_TIMEOUT
						   ? with->out->request_timeout
						   : 0);
}

void glue_transport_init(struct fuse_conn *fc, const struct glue_negotiated *with)
{
	struct fuse_chan_param param;

	if (!with) {
		fuse_chan_set_initialized(fc->chan, NULL);
		return;
	}
	memset(&param, 0, sizeof(param));
	param.minor = fc->minor;
	param.max_write = fc->max_write;
	param.max_pages = fc->max_pages;
	param.io_uring_enabled =
		(with->flags & FUSE_OVER_IO_URING) && fuse_uring_enabled();
	fuse_chan_set_initialized(fc->chan, &param);
}

void glue_transport_limits(struct fuse_conn *fc, unsigned int max_background)
{
	fuse_chan_max_background_set(fc->chan, max_background);
}

void glue_transport_max_background(struct fuse_conn *fc, unsigned int n)
{
	fuse_chan_max_background_set(fc->chan, n);
}

void glue_transport_abort(struct fuse_conn *fc, bool with_err)
{
	fuse_chan_abort(fc->chan, with_err);
}

void glue_transport_wait_aborted(struct fuse_conn *fc)
{
	fuse_chan_wait_aborted(fc->chan);
}

void glue_transport_leave(struct fuse_mount *fm)
{
	kfree(fm);
}

void glue_transport_forget(struct fuse_conn *fc, struct fuse_forget_link *forget,
			   u64 nodeid, u64 nlookup)
{
	fuse_chan_queue_forget(fc->chan, forget, nodeid, nlookup);
}
