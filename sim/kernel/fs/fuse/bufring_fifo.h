/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffer ring policy "fifo": the buffer that has been free for longest is taken
 * first, so all of them are used in turn.
 *
 * The slots are counted beside head and tail, not computed from them: 2^32 is no
 * multiple of most ring sizes, hence head % nbufs would jump when head wraps.
 * head_slot is the number of takes modulo nbufs and tail_slot that of puts. As
 * puts - takes is the number of free buffers, which is at most nbufs, the slots
 * from head_slot on, that many of them, are exactly those that hold a free
 * buffer, and tail_slot is the first one behind them.
 */
#ifndef _FS_FUSE_BUFRING_FIFO_H
#define _FS_FUSE_BUFRING_FIFO_H

static inline unsigned int fifo_next_slot(const struct fuse_bufring_class *class,
					  unsigned int slot)
{
	return slot + 1 < class->nbufs ? slot + 1 : 0;
}

static u16 fifo_take(struct fuse_bufring_class *class)
{
	u16 id = class->bufs[class->head_slot];

	class->head_slot = fifo_next_slot(class, class->head_slot);
	return id;
}

static void fifo_put(struct fuse_bufring_class *class, u16 id)
{
	class->bufs[class->tail_slot] = id;
	class->tail_slot = fifo_next_slot(class, class->tail_slot);
}

static u16 fifo_peek(const struct fuse_bufring_class *class, unsigned int n)
{
	return class->bufs[(class->head_slot + n) % class->nbufs];
}

static const struct fuse_bufring_policy fuse_bufring_fifo = {
	.name = "fifo",
	.peek = fifo_peek,
};

#endif /* _FS_FUSE_BUFRING_FIFO_H */
