// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device with the notify code in it, and the helpers for folios that it was written
 * with until 6.17. Written for tests/command/era_test.sh; requests come to nothing.
 */
#include "dev_uring_i.h"
#include "fuse_i.h"
#include "fuse_dev_i.h"

#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

const unsigned long fuse_timeout_timer_freq = FUSE_TIMEOUT_TIMER_FREQ * HZ;

void fuse_check_timeout(struct work_struct *work)
{
	struct fuse_conn *fc = container_of(work, struct fuse_conn, timeout.work.work);

	fuse_abort_conn(fc);
}

void fuse_set_initialized(struct fuse_conn *fc)
{
	smp_wmb();
	fc->initialized = 1;
}

void fuse_queue_forget(struct fuse_conn *fc, struct fuse_forget_link *forget, u64 nodeid,
		       u64 nlookup)
{
	(void)fc;
	(void)nodeid;
	(void)nlookup;
	kfree(forget);
}

ssize_t fuse_simple_request(struct fuse_mount *fm, struct fuse_args *args)
{
	(void)args;
	return fm->fc->connected ? -ENOSYS : -ENOTCONN;
}

int fuse_simple_background(struct fuse_mount *fm, struct fuse_args *args, gfp_t gfp)
{
	(void)gfp;
	args->end(fm, args, -ENOTCONN);
	return 0;
}

/* a folio's flags were a word; a tree of polled files was searched here */
static bool fuse_check_folio(struct folio *folio)
{
	return folio->flags & PAGE_FLAGS_CHECK_AT_PREP & ~(1UL << PG_locked);
}

static void end_polls(struct fuse_conn *fc)
{
	struct rb_node *p;

	for (p = rb_first(&fc->polled_files); p; p = rb_next(p))
		;
}

static int fuse_notify_retrieve(struct fuse_conn *fc, u64 nodeid)
{
	struct inode *inode = fuse_ilookup(fc, nodeid, NULL);
	struct folio *folios[1] = { NULL };

	if (!inode)
		return -ENOENT;
	folios[0] = filemap_get_folio(inode->i_mapping, 0);
	if (IS_ERR(folios[0]))
		return PTR_ERR(folios[0]);
	if (fuse_check_folio(folios[0]) || folios[0]->index)
		clear_highpage(&folios[0]->page);
	release_pages(folios, 1);
	return 0;
}

void fuse_abort_conn(struct fuse_conn *fc)
{
	spin_lock(&fc->lock);
	fc->connected = 0;
	end_polls(fc);
	spin_unlock(&fc->lock);
}

void fuse_wait_aborted(struct fuse_conn *fc)
{
	wait_event(fc->blocked_waitq, atomic_read(&fc->num_waiting) == 0);
}

const struct fuse_iqueue_ops fuse_dev_fiq_ops = { .release = NULL };

static long fuse_dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct fuse_dev *fud = fuse_get_dev(file);

	(void)cmd;
	return fud ? fuse_notify_retrieve(fud->fc, arg) : -EPERM;
}

static int fuse_dev_release(struct inode *inode, struct file *file)
{
	struct fuse_dev *fud = fuse_get_dev(file);

	(void)inode;
	if (fud)
		fuse_dev_free(fud);
	return 0;
}

static const struct file_operations fuse_dev_operations = {
	.llseek = no_llseek,
	.release = fuse_dev_release,
	.unlocked_ioctl = fuse_dev_ioctl,
	.uring_cmd = fuse_uring_cmd,
};

static struct miscdevice fuse_miscdevice = {
	.minor = FUSE_MINOR,
	.name = "fuse",
	.fops = &fuse_dev_operations,
};

int fuse_dev_init(void)
{
	return misc_register(&fuse_miscdevice);
}

void fuse_dev_cleanup(void)
{
	misc_deregister(&fuse_miscdevice);
}
