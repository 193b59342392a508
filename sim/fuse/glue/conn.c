// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection as the transport sees it: what inode.c does around it at mount, FUSE_INIT
 * and umount, without the super block, inodes and options that the transport never looks
 * at. What depends on where an era has its transport is in chan/ and conn/.
 */
#include "glue.h"

#include <linux/slab.h>
#include <linux/rcupdate.h>

#include "shim/log.h"

#define GLUE_MAX_PAGES_LIMIT 256

#ifdef GLUE_TIMEOUT
#define OFFER_TIMEOUT FUSE_REQUEST_TIMEOUT
#else
#define OFFER_TIMEOUT 0
#endif

/* FUSE_INIT and its reply; freed once the reply is applied */
struct glue_init {
	struct fuse_args args;
	struct fuse_init_in in;
	struct fuse_init_out out;
	struct fuse_conn *fc;
};

struct fuse_conn *fuse_conn_get(struct fuse_conn *fc)
{
	refcount_inc(&fc->count);
	return fc;
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

/* as inode.c does; until 7.1 the transport reads them, when it has seen "initialized" */
static void apply_limits(struct fuse_conn *fc, const struct fuse_init_out *out, u64 flags)
{
	if (out->max_background)
		glue_transport_limits(fc, out->max_background);
	if ((flags & FUSE_MAX_PAGES) && out->max_pages)
		data_race(fc->max_pages = min_t(unsigned int, fc->max_pages_limit,
						out->max_pages));
	data_race(fc->max_write = max_t(unsigned int, 4096, out->max_write));
	data_race(fc->minor = out->minor);
}

/*
 * As inode.c does: a bit of a word that is read without a lock, before the wait for this
 * reply [fuse_req_prep]. Its consequence is seen: a call that is sent nevertheless.
 */
static void set_conn_error(struct fuse_conn *fc)
{
#ifdef GLUE_CONN_ERROR_ONCE
	WRITE_ONCE(fc->conn_error, true);
#else
	data_race(fc->conn_error = 1);
#endif
}

/* The reply to FUSE_INIT: hand what was negotiated to the transport. */
static void apply_init(struct fuse_args *args, int error)
{
	struct glue_init *init = container_of(args, struct glue_init, args);
	struct fuse_conn *fc = init->fc;
	struct fuse_init_out *out = &init->out;
	struct glue_negotiated with = { out, out->flags };

	if (error || out->major != FUSE_KERNEL_VERSION) {
		set_conn_error(fc);
		kfree(init);
		glue_transport_init(fc, NULL);
		return;
	}
	if (with.flags & FUSE_INIT_EXT)
		with.flags |= (u64)out->flags2 << 32;
	apply_limits(fc, out, with.flags);
	glue_transport_timeout(fc, &with);
	/* as inode.c does; a tree reads the word's other bits without a lock */
	data_race(fc->conn_init = 1);
	kfree(init);
	with.out = NULL;
	glue_transport_init(fc, &with);
}

static void init_end(GLUE_END_ARGS(args, error))
{
	apply_init(args, error);
}

/* [fuse_send_init]; @wait: until it is answered */
static void send_init(struct fuse_mount *fm, bool wait)
{
	struct glue_init *init = kzalloc_obj(*init, GFP_KERNEL | __GFP_NOFAIL);
	u64 offer = FUSE_INIT_EXT | FUSE_MAX_PAGES | FUSE_ABORT_ERROR | OFFER_TIMEOUT;
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
	if (wait) {
#ifdef GLUE_SYNC_INIT
		init->args.abort_on_kill = true;
#endif
		err = fuse_simple_request(fm, &init->args);
		if (err > 0) /* the length of the reply */
			err = 0;
	} else {
		init->args.end = init_end;
		err = fuse_simple_background(fm, &init->args, GFP_KERNEL);
		if (!err)
			return;
	}
	apply_init(&init->args, err);
}

static void conn_init(struct fuse_conn *fc, struct fuse_mount *fm, void *transport)
{
	spin_lock_init(&fc->lock);
	refcount_set(&fc->count, 1);
	INIT_LIST_HEAD(&fc->entry);
	INIT_LIST_HEAD(&fc->mounts);
	list_add(&fm->fc_entry, &fc->mounts);
	fc->max_pages = FUSE_DEFAULT_MAX_PAGES_PER_REQ;
	fc->max_pages_limit = GLUE_MAX_PAGES_LIMIT;
	fc->user_ns = &init_user_ns;
	fm->fc = fc;
	glue_inodes_init(fc);
	glue_transport_join(fc, transport);
}

struct fuse_mount *glue_mount(struct file *dev)
{
	void *transport = glue_transport_new();
	struct fuse_conn *fc = kzalloc_obj(*fc, GFP_KERNEL);
	struct fuse_mount *fm = kzalloc_obj(*fm, GFP_KERNEL);
	bool sync;

	if (!transport || !fc || !fm) {
		kfree(fm);
		kfree(fc);
		if (transport)
			glue_transport_discard(transport);
		return NULL;
	}
	conn_init(fc, fm, transport);
	sync = glue_waits_for_init(dev);
	glue_transport_install(dev, fc);
	send_init(fm, sync);
	if (!sync || !fc->conn_error)
		return fm;
	/* [deactivate_locked_super] of a mount that has failed */
	glue_umount(fm);
	return NULL;
}

void glue_umount(struct fuse_mount *fm)
{
	struct fuse_conn *fc = fm->fc;

	glue_inodes_unmount(fc);
	glue_transport_abort(fc, false);
	glue_transport_wait_aborted(fc);
	glue_inodes_evict(fc);
	glue_transport_leave(fm);
	fuse_conn_put(fc);
}

void glue_abort(struct fuse_mount *fm, bool with_err)
{
	glue_transport_abort(fm->fc, with_err);
}

void glue_set_max_background(struct fuse_mount *fm, unsigned int n)
{
	glue_transport_max_background(fm->fc, n);
}

bool glue_set_knob(struct fuse_mount *fm, enum fuse_knob knob, unsigned int n)
{
	(void)fm;
	(void)n;
	switch (knob) {
	case KNOB_CONGESTION:
		/* only readahead looks at it [fuse_readahead], before there is a request
		 */
		return true;
#ifdef GLUE_TIMEOUT_SYSCTLS
	/* [proc_douintvec]: the reply to FUSE_INIT reads the old value or the new one */
	case KNOB_DEFAULT_TIMEOUT:
		data_race(fuse_default_req_timeout = n);
		return true;
	case KNOB_MAX_TIMEOUT:
		data_race(fuse_max_req_timeout = n);
		return true;
#endif
	default:
		return false;
	}
}
