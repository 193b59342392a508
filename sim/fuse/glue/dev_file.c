// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/fuse as a file: from the system calls of the shim to the tree's own
 * fuse_dev_operations, as fs/read_write.c and io_uring do.
 */
#include "glue.h"

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/uio.h>
#include <linux/io_uring/cmd.h>

#include "shim/file.h"

extern const struct file_operations fuse_dev_operations;

static int dev_open(struct file *file)
{
	return fuse_dev_operations.open(NULL, file);
}

static int dev_release(struct file *file)
{
	return fuse_dev_operations.release(NULL, file);
}

static long dev_read(struct file *file, void *ubuf, unsigned long len)
{
	struct kiocb iocb = { .ki_filp = file };
	struct iov_iter iter;
	int err = import_ubuf(ITER_DEST, (void __user *)ubuf, len, &iter);

	return err ? err : fuse_dev_operations.read_iter(&iocb, &iter);
}

static long dev_write(struct file *file, const void *ubuf, unsigned long len)
{
	struct kiocb iocb = { .ki_filp = file };
	struct iov_iter iter;
	int err = import_ubuf(ITER_SOURCE, (void __user *)ubuf, len, &iter);

	return err ? err : fuse_dev_operations.write_iter(&iocb, &iter);
}

static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return fuse_dev_operations.unlocked_ioctl(file, cmd, arg);
}

static unsigned int dev_poll(struct file *file)
{
	return (unsigned int)fuse_dev_operations.poll(file, NULL);
}

static int dev_uring_cmd(void *cmd, unsigned int issue_flags)
{
	return fuse_dev_operations.uring_cmd(cmd, issue_flags);
}

const struct shim_file_ops glue_dev_fuse = {
	.f_op = &fuse_dev_operations,
	.open = dev_open,
	.release = dev_release,
	.read = dev_read,
	.write = dev_write,
	.ioctl = dev_ioctl,
	.poll = dev_poll,
	.uring_cmd = dev_uring_cmd,
};
