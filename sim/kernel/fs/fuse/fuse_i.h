/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection, as far as the transport and its callers use it.
 * What a file system needs beyond that - inodes, dentries, a super block - is not
 * here.
 */
#ifndef _FS_FUSE_I_H
#define _FS_FUSE_I_H

#ifndef pr_fmt
#define pr_fmt(fmt) "fuse: " fmt
#endif

#include "args.h"

#include <linux/fuse.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mnt_idmapping.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/user_namespace.h>

#define FUSE_DEFAULT_MAX_PAGES_PER_REQ 32

/**
 * struct fuse_conn - what FUSE_INIT agreed on, and the transport
 * @lock: for the file system side
 * @count: the mount and every open device have one
 * @rcu: to free it
 * @user_ns: whose user ids the server sees
 * @chan: the transport
 * @max_write: bytes of one WRITE
 * @max_pages: pages of one request
 * @max_pages_limit: what the server may ask for
 * @minor: protocol
 * @conn_error: FUSE_INIT failed
 * @conn_init: it did not
 * @entry: for a list of connections
 * @mounts: &fuse_mount.fc_entry
 * @dev: number of the super block
 */
struct fuse_conn {
	spinlock_t lock;
	refcount_t count;
	struct rcu_head rcu;
	struct user_namespace *user_ns;
	struct fuse_chan *chan;
	unsigned int max_write;
	unsigned int max_pages;
	unsigned int max_pages_limit;
	unsigned int minor;
	bool conn_error;
	bool conn_init;
	struct list_head entry;
	struct list_head mounts;
	dev_t dev;
};

/**
 * struct fuse_mount - one mount of a connection
 * @fc: the connection
 * @fc_entry: on its list of mounts
 */
struct fuse_mount {
	struct fuse_conn *fc;
	struct list_head fc_entry;
};

/* req.c: a request of the file system's */
int fuse_simple_background(struct fuse_mount *mount, struct fuse_args *args, gfp_t gfp);
ssize_t __fuse_simple_request(struct mnt_idmap *idmap, struct fuse_mount *mount,
			      struct fuse_args *args);

/**
 * fuse_simple_request() - send a request and wait, on a mount that maps no ids
 * @mount: where
 * @args: what it carries
 *
 * Return: how long an argument of variable length is, 0, or an error.
 */
static inline ssize_t fuse_simple_request(struct fuse_mount *mount,
					  struct fuse_args *args)
{
	return __fuse_simple_request(&invalid_mnt_idmap, mount, args);
}

#endif /* _FS_FUSE_I_H */
