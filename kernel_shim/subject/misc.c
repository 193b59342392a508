// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices of a subject: registering them, and the way from the runtime's system calls to
 * a driver's struct file_operations, as fs/read_write.c, fs/ioctl.c and io_uring go it.
 * Compiled as kernel code into every subject. Kind: model.
 */
#include <linux/fs.h>
#include <linux/io_uring/cmd.h>
#include <linux/miscdevice.h>
#include <linux/poll.h>
#include <linux/uio.h>

/* [misc_open] */
static int dev_open(struct file *file)
{
	file->private_data = container_of(file->ops, struct shim_misc, ops)->device;
	return file->f_op->open ? file->f_op->open(NULL, file) : 0;
}

static int dev_release(struct file *file)
{
	return file->f_op->release ? file->f_op->release(NULL, file) : 0;
}

/* [vfs_read, new_sync_read] */
static long dev_read(struct file *file, void *ubuf, unsigned long len)
{
	struct kiocb iocb = { .ki_filp = file };
	struct iov_iter iter;
	int err;

	if (file->f_op->read)
		return file->f_op->read(file, ubuf, len, &file->f_pos);
	if (!file->f_op->read_iter)
		return -EINVAL;
	err = import_ubuf(ITER_DEST, (void __user *)ubuf, len, &iter);
	return err ? err : file->f_op->read_iter(&iocb, &iter);
}

/* [vfs_write, new_sync_write] */
static long dev_write(struct file *file, const void *ubuf, unsigned long len)
{
	struct kiocb iocb = { .ki_filp = file };
	struct iov_iter iter;
	int err;

	if (file->f_op->write)
		return file->f_op->write(file, ubuf, len, &file->f_pos);
	if (!file->f_op->write_iter)
		return -EINVAL;
	err = import_ubuf(ITER_SOURCE, (void __user *)ubuf, len, &iter);
	return err ? err : file->f_op->write_iter(&iocb, &iter);
}

/* [vfs_ioctl] */
static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (!file->f_op->unlocked_ioctl)
		return -ENOTTY;
	return file->f_op->unlocked_ioctl(file, cmd, arg);
}

/* [vfs_poll] */
static unsigned int dev_poll(struct file *file)
{
	if (!file->f_op->poll)
		return EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM;
	return (unsigned int)file->f_op->poll(file, NULL);
}

static int dev_uring_cmd(void *cmd, unsigned int issue_flags)
{
	const struct io_uring_cmd *ioucmd = cmd;

#ifdef SHIM_SQE_COPIED
	if (!(issue_flags & IO_URING_F_CANCEL))
		shim_uring_copy_sqe(cmd);
#endif
	return ioucmd->file->f_op->uring_cmd(cmd, issue_flags);
}

int misc_register(struct miscdevice *misc)
{
	int err;

	misc->shim = (struct shim_misc){
		.ops = {
			.f_op = misc->fops,
			.open = dev_open,
			.release = dev_release,
			.read = dev_read,
			.write = dev_write,
			.ioctl = dev_ioctl,
			.poll = dev_poll,
			.uring_cmd = misc->fops->uring_cmd ? dev_uring_cmd : NULL,
		},
		.name = misc->nodename ?: misc->name,
		.minor = misc->minor,
		.device = misc,
	};
	err = shim_misc_register(&misc->shim);
	if (!err)
		misc->minor = misc->shim.minor;
	return err;
}

void misc_deregister(struct miscdevice *misc)
{
	shim_misc_deregister(&misc->shim, SCHED_SITE("misc_deregister"));
	if (misc->minor > MISC_DYNAMIC_MINOR)
		misc->minor = MISC_DYNAMIC_MINOR;
}
