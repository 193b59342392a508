/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for file.h. Model: descriptors are the runtime's (shim/file.h).
 */
#ifndef SHIM_LINUX_FILE_H
#define SHIM_LINUX_FILE_H

#include <linux/cleanup.h>
#include <linux/fs.h>

struct fd {
	struct file *file;
};

#define fd_file(f)  ((f).file)
#define fd_empty(f) (!(f).file)
#define fget(n)	    shim_fget(n)
#define fput(file)  shim_fput(file)

static inline struct fd fdget(unsigned int n)
{
	return (struct fd){ shim_fget((int)n) };
}

static inline void fdput(struct fd fd)
{
	if (fd.file)
		shim_fput(fd.file);
}

static inline struct file *get_file(struct file *file)
{
	shim_file_get(file);
	return file;
}

DEFINE_CLASS(fd, struct fd, fdput(_T), fdget(fd), int fd)
DEFINE_FREE(fput, struct file *, if (!IS_ERR_OR_NULL(_T)) fput(_T))

#endif /* SHIM_LINUX_FILE_H */
