/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffer ring policy "lifo": the buffer given back last is taken first. It is the
 * one most likely to be in a cache, and a lightly loaded queue touches few of its
 * buffers. The free ones are a stack, whose height is what head and tail say.
 */
#ifndef _FS_FUSE_BUFRING_LIFO_H
#define _FS_FUSE_BUFRING_LIFO_H

static u16 lifo_take(struct fuse_bufring_class *class)
{
	return class->bufs[fuse_bufring_free_of(class) - 1];
}

static void lifo_put(struct fuse_bufring_class *class, u16 id)
{
	class->bufs[fuse_bufring_free_of(class)] = id;
}

static u16 lifo_peek(const struct fuse_bufring_class *class, unsigned int n)
{
	return class->bufs[fuse_bufring_free_of(class) - 1 - n];
}

static const struct fuse_bufring_policy fuse_bufring_lifo = {
	.name = "lifo",
	.peek = lifo_peek,
};

#endif /* _FS_FUSE_BUFRING_LIFO_H */
