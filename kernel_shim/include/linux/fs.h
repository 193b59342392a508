/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for fs.h, also for uapi/linux/fs.h. struct file is the runtime's (model);
 * the rest are types that a file system's headers embed or point to, with the members
 * that are read: nothing here has an inode, a dentry or a super block behind it.
 */
#ifndef SHIM_LINUX_FS_H
#define SHIM_LINUX_FS_H

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/ioctl.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mnt_idmapping.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/time64.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include "shim/file.h"

struct dentry;
struct dentry_operations;
struct dir_context;
struct fasync_struct;
struct file_kattr;
struct fs_context;
struct iattr;
struct io_comp_batch;
struct io_uring_cmd;
struct kstat;
struct pipe_inode_info;
struct poll_table_struct;
struct posix_acl;
struct seq_file;
struct vfsmount;
struct writeback_control;
struct xattr_handler;

#define MAX_LFS_FILESIZE ((loff_t)LLONG_MAX)

#define MINORBITS     20
#define MINORMASK     ((1U << MINORBITS) - 1)
#define MAJOR(dev)    ((unsigned int)((dev) >> MINORBITS))
#define MINOR(dev)    ((unsigned int)((dev)&MINORMASK))
#define MKDEV(ma, mi) (((ma) << MINORBITS) | (mi))

#define O_RDONLY     00000000
#define O_WRONLY     00000001
#define O_RDWR	     00000002
#define O_NONBLOCK   00004000
#define O_CLOEXEC    02000000
#define FMODE_READ   1u
#define FMODE_WRITE  2u
#define FASYNC	     00020000
#define SB_I_NOIDMAP 0x00002000

struct qstr {
	u32 hash, len;
	const unsigned char *name;
};

struct address_space {
	struct inode *host;
	unsigned long flags;
	struct list_head folios__; /* pagemap.h */
	spinlock_t i_pages_lock__;
};

struct super_block {
	struct list_head s_list;
	dev_t s_dev;
	unsigned long s_flags;
	unsigned long s_iflags;
	void *s_fs_info;
	struct user_namespace *s_user_ns;
};

struct inode {
	umode_t i_mode;
	unsigned int i_flags;
	kuid_t i_uid;
	kgid_t i_gid;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	unsigned long i_ino;
	loff_t i_size;
	u32 i_generation;
	u8 i_blkbits;
	struct rw_semaphore i_rwsem;
	spinlock_t i_lock;
	void *i_private;
};

struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	void (*ki_complete)(struct kiocb *iocb, long ret);
	void *private;
	int ki_flags;
};

struct file_operations {
	struct module *owner;
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	ssize_t (*read)(struct file *file, char __user *buf, size_t n, loff_t *pos);
	ssize_t (*write)(struct file *file, const char __user *buf, size_t n,
			 loff_t *pos);
	ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *to);
	ssize_t (*write_iter)(struct kiocb *iocb, struct iov_iter *from);
	__poll_t (*poll)(struct file *file, struct poll_table_struct *wait);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	long (*compat_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*open)(struct inode *inode, struct file *file);
	int (*flush)(struct file *file, fl_owner_t id);
	int (*release)(struct inode *inode, struct file *file);
	int (*fasync)(int fd, struct file *file, int on);
	ssize_t (*splice_write)(struct pipe_inode_info *pipe, struct file *out,
				loff_t *pos, size_t len, unsigned int flags);
	ssize_t (*splice_read)(struct file *in, loff_t *pos, struct pipe_inode_info *pipe,
			       size_t len, unsigned int flags);
	void (*show_fdinfo)(struct seq_file *seq, struct file *file);
	int (*uring_cmd)(struct io_uring_cmd *cmd, unsigned int issue_flags);
	int (*uring_cmd_iopoll)(struct io_uring_cmd *cmd, struct io_comp_batch *batch,
				unsigned int poll_flags);
};

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

static inline loff_t i_size_read(const struct inode *inode)
{
	return READ_ONCE(inode->i_size);
}

static inline void i_size_write(struct inode *inode, loff_t size)
{
	WRITE_ONCE(inode->i_size, size);
}

/* stub: an inode of the glue lives as long as its mount */
#define iput(inode) ((void)(inode))

static inline bool inode_wrong_type(const struct inode *inode, umode_t mode)
{
	return (inode->i_mode ^ mode) & S_IFMT;
}

long compat_ptr_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* until 6.11 a device said so that it cannot be sought in */
#define no_llseek NULL

#define stream_open(inode, file) ((void)(inode), (void)(file), 0)

/* stub for an empty list: nobody asked for SIGIO, since fasync_helper() below ends */
#define kill_fasync(fpp, sig, band)                                      \
	do {                                                             \
		if (*(fpp))                                              \
			SHIM_UNMODELLED(void, "kill_fasync", sig, band); \
	} while (0)
#define fasync_helper(fd, file, on, fpp) \
	SHIM_UNMODELLED(int, "fasync_helper", fd, file, on, fpp)

#endif /* SHIM_LINUX_FS_H */
