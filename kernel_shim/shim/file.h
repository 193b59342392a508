/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Open files: descriptors of a process, references, and release at the last one
 * [fput]. The files are devices (shim/misc.h) and io_uring instances.
 */
#ifndef SHIM_FILE_H
#define SHIM_FILE_H

#include "shim/task.h"

struct file_operations;
struct inode;
struct cred;

/**
 * struct shim_file_ops - how the runtime and the world call an open file
 * @f_op: the subject's own table, becomes file->f_op; not looked into
 *
 * The subject's glue fills the rest from its struct file_operations: the runtime
 * does not know that layout.
 */
struct shim_file_ops {
	const struct file_operations *f_op;
	int (*open)(struct file *file);
	int (*release)(struct file *file);
	long (*read)(struct file *file, void *ubuf, unsigned long len);
	long (*write)(struct file *file, const void *ubuf, unsigned long len);
	long (*ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	unsigned int (*poll)(struct file *file);
	int (*uring_cmd)(void *cmd, unsigned int issue_flags);
};

/**
 * struct file - an open file, allocated by the runtime; this is also linux/fs.h's
 * @ops: how the runtime calls it
 * @f_op: copied from @ops->f_op; subjects compare it
 * @f_inode: NULL, nothing here has an inode
 * @f_cred: NULL, nothing here asks
 * @private_data: the subject's
 * @refs: descriptors and other users [f_count]
 * @released: ->release() has been called or is queued
 * @next: the runtime's
 */
struct file {
	const struct shim_file_ops *ops;
	const struct file_operations *f_op;
	struct inode *f_inode;
	const struct cred *f_cred;
	void *private_data;
	long long f_pos;
	unsigned int f_flags;
	unsigned int f_mode;
	int refs;
	unsigned char released;
	unsigned char descriptors; /* that stand for it */
	struct file *next;
};

#define SHIM_FIRST_FD 3 /* 0, 1 and 2 are taken in every process */

/**
 * shim_file_open() - [openat]: a file with one reference, the descriptor's
 * @ops: kept; ->open() is called, with the caller's context
 * @f_flags: O_*
 * @fd: set to the lowest free descriptor of the current process (the main context has
 *	descriptors of its own), or to -EMFILE, -ENOMEM or what ->open() said
 *
 * Return: the file, NULL on failure.
 */
struct file *shim_file_open(const struct shim_file_ops *ops, unsigned int f_flags,
			    int *fd);
/** shim_fget() - [fget]: the file at @fd of the current process, referenced; or NULL */
struct file *shim_fget(int fd);
/** shim_fget_from() - likewise of the process that @task belongs to [pidfd_getfd] */
struct file *shim_fget_from(const struct task_struct *task, int fd);
void shim_file_get(struct file *file);

/**
 * shim_fput() - [fput]: the last reference releases the file: as task work of a
 * user task, in a kworker for a kernel thread or a task past that (5.5)
 */
void shim_fput(struct file *file);

/**
 * shim_close() - [close]: drop a descriptor; synchronous release at the last
 * reference. Return: 0 or -EBADF
 *
 * What is still open when the last task of a process (->tgid) exits is dropped
 * by shim_fput() [exit_files], through shim_exit_hooks.exit_files.
 */
int shim_close(int fd);

/** shim_dup() - [dup]: another descriptor of the same file. Return: it, -EBADF, -EMFILE
 */
int shim_dup(int fd);

/**
 * shim_files_fork() - [dup_fd]: @child, which has no descriptor yet, gets one for each of
 * the current process, of the same number
 */
void shim_files_fork(const struct task_struct *child);

const struct shim_file_ops *shim_file_ops(const struct file *file);
/** shim_files_open() - files still open in the whole system */
unsigned int shim_files_open(void);
void shim_file_reset(void);

/** shim_files_used() - static data of files: SHIM_PARTS parts (shim/hook.h) */
_Bool shim_files_used(unsigned int i, __UINTPTR_TYPE__ *from, __UINTPTR_TYPE__ *to);

/** shim_file_checkpoint() - files and descriptors are state of an execution */
struct checkpoint;
void shim_file_checkpoint(struct checkpoint *c);

#endif /* SHIM_FILE_H */
