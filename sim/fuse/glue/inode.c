// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inodes as a server's notifications find them: what inode.c, dir.c and poll.c do for
 * notify.c, and for dev.c before that was a file of its own. Every inode from 1 to 31 is
 * known, as if somebody had looked it up; 1 is the root, the others are files of
 * FILE_SIZE bytes, "f<N>". Clients' reads and writes do not go through these pages: they
 * are direct.
 */
#include "glue.h"

#include <linux/pagemap.h>
#include <linux/slab.h>

#include "shim/log.h"

#ifdef GLUE_NOTIFY

#define GLUE_INODES    32
#define GLUE_FILE_SIZE (1u << 20) /* FILE_SIZE of fuse/fuse.h */

/**
 * struct glue_inode - one of them
 * @on: of all of the mount
 */
struct glue_inode {
	struct list_head on;
	struct inode inode;
	struct address_space data;
};

/*
 * The mount that is there. @unmounted: none is found any more; @asked: a notification
 * has looked, so that who unmounts has to wait for those that still do
 * [fuse_mount_remove]
 */
static struct {
	struct list_head inodes;
	bool unmounted, asked;
} mounted;

#ifdef GLUE_PRUNE
/* parameter of dir.c: no periodic look at dentries */
unsigned inval_wq;
#endif

void glue_inodes_init(struct fuse_conn *fc)
{
	init_rwsem(&fc->killsb);
#ifdef FUSE_NAME_LOW_MAX /* a name's length is negotiated, since 6.15 */
	fc->name_max = FUSE_NAME_LOW_MAX;
#endif
	INIT_LIST_HEAD(&mounted.inodes);
	data_race(mounted.unmounted = mounted.asked = false);
}

/* [fuse_mount_remove]: without a reader killsb would be a step that changes nothing */
void glue_inodes_unmount(struct fuse_conn *fc)
{
	sched_touch(&mounted.asked, true);
	if (!data_race(mounted.asked)) {
		data_race(mounted.unmounted = true);
		return;
	}
	down_write(&fc->killsb);
	data_race(mounted.unmounted = true);
	up_write(&fc->killsb);
}

/* [evict_inodes] */
void glue_inodes_evict(struct fuse_conn *fc)
{
	struct glue_inode *i, *next;

	if (!data_race(mounted.asked))
		return;
	spin_lock(&fc->lock);
	spin_unlock(&fc->lock);
	list_for_each_entry_safe(i, next, &mounted.inodes, on) {
		invalidate_inode_pages2_range(&i->data, 0, -1UL);
		kfree(i);
	}
	INIT_LIST_HEAD(&mounted.inodes);
}

static struct inode *find_inode(u64 nodeid)
{
	struct glue_inode *i;

	list_for_each_entry(i, &mounted.inodes, on)
		if (i->inode.i_ino == nodeid)
			return &i->inode;
	return NULL;
}

static struct glue_inode *new_inode(u64 nodeid)
{
	struct glue_inode *i = kzalloc(sizeof(*i), GFP_KERNEL | __GFP_NOFAIL);

	i->inode.i_ino = nodeid;
	i->inode.i_mode = nodeid == 1 ? S_IFDIR | 0755 : S_IFREG | 0644;
	i->inode.i_size = nodeid == 1 ? 0 : GLUE_FILE_SIZE;
	i->inode.i_mapping = &i->data;
	mapping_init(&i->data, &i->inode);
	return i;
}

struct inode *fuse_ilookup(struct fuse_conn *fc, u64 nodeid, struct fuse_mount **fm)
{
	struct glue_inode *new;
	struct inode *inode;

	sched_touch(&mounted.asked, true);
	data_race(mounted.asked = true);
	if (data_race(mounted.unmounted) || !nodeid || nodeid >= GLUE_INODES)
		return NULL;
	new = new_inode(nodeid);
	spin_lock(&fc->lock);
	inode = find_inode(nodeid);
	if (!inode) {
		list_add(&new->on, &mounted.inodes);
		inode = &new->inode;
		new = NULL;
	}
	spin_unlock(&fc->lock);
	kfree(new);
	if (fm)
		*fm = list_first_entry(&fc->mounts, struct fuse_mount, fc_entry);
	return inode;
}

/* copy, but for attributes and ACLs: nobody keeps any */
int fuse_reverse_inval_inode(struct fuse_conn *fc, u64 nodeid, loff_t offset, loff_t len)
{
	struct inode *inode = fuse_ilookup(fc, nodeid, NULL);
	pgoff_t last = len <= 0 ? -1UL : (pgoff_t)((offset + len - 1) >> PAGE_SHIFT);

	if (!inode)
		return -ENOENT;
	if (offset >= 0)
		invalidate_inode_pages2_range(inode->i_mapping,
					      (pgoff_t)(offset >> PAGE_SHIFT), last);
	iput(inode);
	return 0;
}

/* "f<N>": the number of an inode; 0: no such name */
static u64 inode_of_name(const struct qstr *name)
{
	u64 n = 0;

	if (name->len < 2 || name->len > 3 || name->name[0] != 'f')
		return 0;
	for (unsigned int i = 1; i < name->len; i++) {
		if (name->name[i] < '0' || name->name[i] > '9')
			return 0;
		n = 10 * n + (u64)(name->name[i] - '0');
	}
	return n < GLUE_INODES ? n : 0;
}

/* model: an entry of the root is there if its name is a file's; nothing is forgotten */
int fuse_reverse_inval_entry(struct fuse_conn *fc, u64 parent, u64 child,
			     struct qstr *name, u32 flags)
{
	struct inode *dir = fuse_ilookup(fc, parent, NULL);
	u64 found = inode_of_name(name);

	(void)flags;
	if (!dir)
		return -ENOENT;
	if (!S_ISDIR(dir->i_mode))
		return -ENOTDIR;
	return found && (!child || child == found) ? 0 : -ENOENT;
}

#ifdef GLUE_PRUNE
/* model: no dentry of an inode is kept that could be dropped */
void fuse_try_prune_one_inode(struct fuse_conn *fc, u64 nodeid)
{
	struct inode *inode = fuse_ilookup(fc, nodeid, NULL);

	if (inode)
		iput(inode);
}
#endif

bool fuse_write_update_attr(struct inode *inode, loff_t pos, ssize_t written)
{
	if (written <= 0 || pos <= i_size_read(inode))
		return false;
	i_size_write(inode, pos);
	return true;
}

/* stub: files are not polled here, so no handle is found [fuse_notify_poll_wakeup] */
int fuse_notify_poll_wakeup(struct fuse_conn *fc,
			    struct fuse_notify_poll_wakeup_out *outarg)
{
	(void)fc;
	(void)outarg;
	return 0;
}

#else /* it can be asked to resend, and nothing else */

void glue_inodes_init(struct fuse_conn *fc)
{
	(void)fc;
}

void glue_inodes_unmount(struct fuse_conn *fc)
{
	(void)fc;
}

void glue_inodes_evict(struct fuse_conn *fc)
{
	(void)fc;
}

int fuse_notify(struct fuse_conn *fc, enum fuse_notify_code code, unsigned int size,
		struct fuse_copy_state *cs)
{
	(void)size;
	(void)cs;
	if (code != FUSE_NOTIFY_RESEND)
		return -EINVAL;
	fuse_chan_resend(fc->chan);
	return 0;
}

#endif
