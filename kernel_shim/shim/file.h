/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Open files: descriptors of a process, references, and release at the last one
 * [fput]. The only files are /dev/fuse and io_uring instances.
 */
#ifndef SHIM_FILE_H
#define SHIM_FILE_H

#include "shim/task.h"

struct file_operations;
struct iov_iter;
struct kiocb;

/**
 * struct shim_file - what struct file begins with
 *
 * The operations are called through these, which the subject's glue fills from
 * its struct file_operations: the runtime does not know that layout.
 */
struct shim_file_ops {
	int (*open)(struct file *file);
	int (*release)(struct file *file);
	long (*read)(struct file *file, void *ubuf, unsigned long len);
	long (*write)(struct file *file, const void *ubuf, unsigned long len);
	long (*ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	unsigned int (*poll)(struct file *file);
	int (*uring_cmd)(void *cmd, unsigned int issue_flags);
};

/** shim_file_open() - a file with one reference, at descriptor *@fd of the caller's process */
struct file *shim_file_open(const struct shim_file_ops *ops, unsigned int f_flags,
			    int *fd);
/** shim_fget() - [fget]: the file at @fd of the current process, referenced; or NULL */
struct file *shim_fget(int fd);
void shim_file_get(struct file *file);

/**
 * shim_fput() - [fput]: the last reference releases the file: as task work of a
 * user task, in a kworker for a kernel thread or a task past that (5.5)
 */
void shim_fput(struct file *file);

/** shim_close() - [close]: drop a descriptor; synchronous release at the last */
int shim_close(int fd);
const struct shim_file_ops *shim_file_ops(const struct file *file);
/** shim_files_of() - files still open in the whole system */
unsigned int shim_files_open(void);
void shim_file_reset(void);

#endif /* SHIM_FILE_H */
