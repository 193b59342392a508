/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What dev.c and dev_uring.c shared until 7.1. Written for tests/command/era_test.sh.
 */
#ifndef _FS_FUSE_DEV_I_H
#define _FS_FUSE_DEV_I_H

static inline struct fuse_dev *fuse_get_dev(struct file *file)
{
	return READ_ONCE(file->private_data);
}

#endif /* _FS_FUSE_DEV_I_H */
