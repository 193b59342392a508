// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection as the transport sees it: what inode.c does around fuse_chan at
 * mount, FUSE_INIT and umount, without the super block, inodes and options that
 * the transport never looks at.
 */
#include "glue.h"

#include <linux/slab.h>
#include <linux/rcupdate.h>

#include "shim/log.h"

#define GLUE_MAX_PAGES_LIMIT 256

/* FUSE_INIT and its reply; freed once the reply is applied */
struct glue_init {
	struct fuse_args args;
	struct fuse_init_in in;
	struct fuse_init_out out;
	struct fuse_conn *fc;
};

/* Called after a grace period, because there may be readers of fc->chan. */
static void conn_free(struct rcu_head *head)
{
	struct fuse_conn *fc = container_of(head, struct fuse_conn, rcu);

	fuse_uring_destruct(fc->chan);
	fuse_chan_free(fc->chan);
	kfree(fc);
}

struct fuse_conn *fuse_conn_get(struct fuse_conn *fc)
{
	refcount_inc(&fc->count);
	return fc;
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

int fuse_notify(struct fuse_conn *fc, enum fuse_notify_code code, unsigned int size,
		struct fuse_copy_state *cs)
{
	(void)fc;
	(void)code;
	(void)size;
	(void)cs;
	shim_unmodelled("fuse_notify", SCHED_SITE(NULL));
}

int fuse_backing_open(struct fuse_conn *fc, struct fuse_backing_map *map)
{
	(void)fc;
	(void)map;
	shim_unmodelled("fuse_backing_open", SCHED_SITE(NULL));
}

int fuse_backing_close(struct fuse_conn *fc, int backing_id)
{
	(void)fc;
	(void)backing_id;
	shim_unmodelled("fuse_backing_close", SCHED_SITE(NULL));
}

static void apply_limits(struct fuse_conn *fc, const struct fuse_init_out *out, u64 flags)
{
	if (out->max_background)
		fuse_chan_max_background_set(fc->chan, out->max_background);
	if ((flags & FUSE_MAX_PAGES) && out->max_pages)
		fc->max_pages = min_t(unsigned int, fc->max_pages_limit, out->max_pages);
	fc->max_write = max_t(unsigned int, 4096, out->max_write);
	fc->minor = out->minor;
}

/* The reply to FUSE_INIT: hand what was negotiated to the transport. */
static void init_end(struct fuse_args *args, int error)
{
	struct glue_init *init = container_of(args, struct glue_init, args);
	struct fuse_conn *fc = init->fc;
	struct fuse_init_out *out = &init->out;
	struct fuse_chan_param param;
	u64 flags = out->flags;

	if (error || out->major != FUSE_KERNEL_VERSION) {
		/* as conn_init below */
		data_race(fc->conn_error = 1);
		kfree(init);
		fuse_chan_set_initialized(fc->chan, NULL);
		return;
	}
	if (flags & FUSE_INIT_EXT)
		flags |= (u64)out->flags2 << 32;
	apply_limits(fc, out, flags);
	fuse_init_server_timeout(fc->chan,
				 flags & FUSE_REQUEST_TIMEOUT ? out->request_timeout : 0);
	/* as inode.c does; a tree reads the word's other bits without a lock */
	data_race(fc->conn_init = 1);
	kfree(init);

	memset(&param, 0, sizeof(param));
	param.minor = fc->minor;
	param.max_write = fc->max_write;
	param.max_pages = fc->max_pages;
	param.io_uring_enabled = (flags & FUSE_OVER_IO_URING) && fuse_uring_enabled();
	fuse_chan_set_initialized(fc->chan, &param);
}

static void send_init(struct fuse_mount *fm)
{
	struct glue_init *init = kzalloc_obj(*init, GFP_KERNEL | __GFP_NOFAIL);
	u64 offer =
		FUSE_INIT_EXT | FUSE_MAX_PAGES | FUSE_ABORT_ERROR | FUSE_REQUEST_TIMEOUT;
	int err;

	if (fuse_uring_enabled())
		offer |= FUSE_OVER_IO_URING;
	init->fc = fm->fc;
	init->in.major = FUSE_KERNEL_VERSION;
	init->in.minor = FUSE_KERNEL_MINOR_VERSION;
	init->in.flags = offer;
	init->in.flags2 = offer >> 32;

	init->args.opcode = FUSE_INIT;
	init->args.in_numargs = 1;
	init->args.in_args[0].size = sizeof(init->in);
	init->args.in_args[0].value = &init->in;
	init->args.out_numargs = 1;
	init->args.out_argvar = true;
	init->args.out_args[0].size = sizeof(init->out);
	init->args.out_args[0].value = &init->out;
	init->args.force = true;
	init->args.nocreds = true;
	init->args.end = init_end;

	err = fuse_simple_background(fm, &init->args, GFP_KERNEL);
	if (err)
		init_end(&init->args, err);
}

static void conn_init(struct fuse_conn *fc, struct fuse_mount *fm, struct fuse_chan *fch)
{
	spin_lock_init(&fc->lock);
	refcount_set(&fc->count, 1);
	INIT_LIST_HEAD(&fc->entry);
	INIT_LIST_HEAD(&fc->mounts);
	list_add(&fm->fc_entry, &fc->mounts);
	fc->max_pages = FUSE_DEFAULT_MAX_PAGES_PER_REQ;
	fc->max_pages_limit = GLUE_MAX_PAGES_LIMIT;
	fc->user_ns = &init_user_ns;
	fc->chan = fch;
	fm->fc = fc;
	fuse_chan_set_fc(fch, fc);
}

struct fuse_mount *glue_mount(struct file *dev)
{
	struct fuse_chan *fch = fuse_dev_chan_new();
	struct fuse_conn *fc = kzalloc_obj(*fc, GFP_KERNEL);
	struct fuse_mount *fm = kzalloc_obj(*fm, GFP_KERNEL);

	if (!fch || !fc || !fm) {
		kfree(fm);
		kfree(fc);
		if (fch)
			fuse_chan_free(fch);
		return NULL;
	}
	conn_init(fc, fm, fch);
	fuse_dev_install(fuse_file_to_fud(dev), fch);
	send_init(fm);
	return fm;
}

void glue_umount(struct fuse_mount *fm)
{
	struct fuse_conn *fc = fm->fc;

	fuse_chan_abort(fc->chan, false);
	fuse_chan_wait_aborted(fc->chan);
	kfree(fm);
	fuse_conn_put(fc);
}

void glue_abort(struct fuse_mount *fm, bool with_err)
{
	fuse_chan_abort(fm->fc->chan, with_err);
}

void glue_resend(struct fuse_mount *fm)
{
	fuse_chan_resend(fm->fc->chan);
}

void glue_set_max_background(struct fuse_mount *fm, unsigned int n)
{
	fuse_chan_max_background_set(fm->fc->chan, n);
}
