/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for pipe_fs_i.h. The types: copy. Pipes are not modelled: no system call
 * here reaches a driver through one.
 */
#ifndef SHIM_LINUX_PIPE_FS_I_H
#define SHIM_LINUX_PIPE_FS_I_H

#include <linux/mutex.h>
#include <linux/types.h>

struct pipe_buffer;

struct pipe_buf_operations {
	int (*confirm)(struct pipe_inode_info *pipe, struct pipe_buffer *buf);
};

struct pipe_buffer {
	struct page *page;
	unsigned int offset, len;
	const struct pipe_buf_operations *ops;
	unsigned int flags;
	unsigned long private;
};

struct pipe_inode_info {
	struct mutex mutex;
	unsigned int head, tail, max_usage, ring_size;
	struct pipe_buffer *bufs;
};

extern const struct pipe_buf_operations nosteal_pipe_buf_ops;

#define PIPE_BUF_FLAG_LRU    0x01
#define PIPE_BUF_FLAG_ATOMIC 0x02
#define PIPE_BUF_FLAG_GIFT   0x04

#define pipe_lock(p)	       SHIM_UNMODELLED(void, "pipe_lock", p)
#define pipe_unlock(p)	       SHIM_UNMODELLED(void, "pipe_unlock", p)
#define pipe_buf(p, slot)      SHIM_UNMODELLED(struct pipe_buffer *, "pipe_buf", p, slot)
#define pipe_empty(head, tail) SHIM_UNMODELLED(bool, "pipe_empty", head, tail)
#define pipe_occupancy(head, tail) \
	SHIM_UNMODELLED(unsigned int, "pipe_occupancy", head, tail)
#define pipe_buf_usage(p)	 SHIM_UNMODELLED(unsigned int, "pipe_buf_usage", p)
#define pipe_buf_get(p, b)	 SHIM_UNMODELLED(bool, "pipe_buf_get", p, b)
#define pipe_buf_release(p, b)	 SHIM_UNMODELLED(void, "pipe_buf_release", p, b)
#define pipe_buf_confirm(p, b)	 SHIM_UNMODELLED(int, "pipe_buf_confirm", p, b)
#define pipe_buf_try_steal(p, b) SHIM_UNMODELLED(bool, "pipe_buf_try_steal", p, b)

#endif /* SHIM_LINUX_PIPE_FS_I_H */
