/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buffer ring of a queue: which buffers of the payload area are free, and
 * which one is to be used next.
 *
 * What every policy shares is here: counting, empty and full. A policy only keeps
 * the free buffers in an order of its own; a new one is a file like
 * bufring_lifo.h and a line in fuse_bufring_policies[].
 *
 * A ring has no lock of its own: its queue's lock protects it.
 */
#ifndef _FS_FUSE_BUFRING_H
#define _FS_FUSE_BUFRING_H

#include <linux/build_bug.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "fuse_bufring_abi.h"

static_assert(sizeof(struct fuse_bufring_cmd_req) == sizeof(struct fuse_uring_cmd_req));
static_assert(offsetof(struct fuse_bufring_cmd_req, queue_depth) ==
	      offsetofend(struct fuse_uring_cmd_req, qid));
static_assert(sizeof(struct fuse_bufring_ent_in_out) ==
	      sizeof(struct fuse_uring_ent_in_out));
static_assert(offsetof(struct fuse_bufring_ent_in_out, buf_id) ==
	      offsetofend(struct fuse_uring_ent_in_out, payload_sz));

struct fuse_bufring;

/**
 * struct fuse_bufring_policy - the order in which free buffers are used
 * @name: for messages
 * @take: remove the next buffer; the ring is not empty, @head not yet counted up
 * @put: add a buffer; the ring is not full, @tail not yet counted up
 * @peek: the buffer that would be taken after @n others, which must be free; for
 *	checks from outside of the kernel
 */
struct fuse_bufring_policy {
	const char *name;
	u16 (*take)(struct fuse_bufring *br);
	void (*put)(struct fuse_bufring *br, u16 id);
	u16 (*peek)(const struct fuse_bufring *br, unsigned int n);
};

/**
 * struct fuse_bufring - buffers that the entries of a queue share
 * @policy: order of @bufs
 * @headers: user memory, a header slot for each entry id
 * @payload: user memory, @nbufs buffers one after the other
 * @buf_size: bytes of a buffer
 * @queue_depth: header slots
 * @nbufs: buffers, 1 to U16_MAX
 * @head: buffers taken so far, free-running
 * @tail: buffers put so far, free-running; @tail - @head of them are free
 * @head_slot: fifo: where the next buffer is taken
 * @tail_slot: fifo: where the next buffer is put
 * @bufs: ids of the free buffers, as @policy arranges them
 */
struct fuse_bufring {
	const struct fuse_bufring_policy *policy;
	struct fuse_uring_req_header __user *headers;
	char __user *payload;
	unsigned int buf_size;
	unsigned int queue_depth;
	unsigned int nbufs;
	unsigned int head;
	unsigned int tail;
	unsigned int head_slot;
	unsigned int tail_slot;
	u16 bufs[];
};

static inline unsigned int fuse_bufring_free_bufs(const struct fuse_bufring *br)
{
	return br->tail - br->head;
}

#include "bufring_fifo.h"
#include "bufring_lifo.h"

/* by the value of the module parameter bufring_policy */
static const struct fuse_bufring_policy *const fuse_bufring_policies[] = {
	&fuse_bufring_fifo,
	&fuse_bufring_lifo,
};

/**
 * fuse_bufring_select() - take a free buffer
 *
 * Return: its id, or -ENOBUFS.
 */
static inline int fuse_bufring_select(struct fuse_bufring *br)
{
	u16 id;

	if (br->tail == br->head)
		return -ENOBUFS;

	id = br->policy->take(br);
	br->head++;
	return id;
}

/**
 * fuse_bufring_recycle() - give a buffer back
 * @br: the ring that it was selected from
 * @id: what fuse_bufring_select() returned
 */
static inline void fuse_bufring_recycle(struct fuse_bufring *br, u16 id)
{
	if (WARN_ON_ONCE(fuse_bufring_free_bufs(br) >= br->nbufs))
		return;

	br->policy->put(br, id);
	br->tail++;
}

/** fuse_bufring_addr() - where in user memory buffer @id is */
static inline void __user *fuse_bufring_addr(const struct fuse_bufring *br, u16 id)
{
	return br->payload + (size_t)id * br->buf_size;
}

/**
 * fuse_bufring_create() - a ring with all buffers free
 * @policy: order of use
 * @nbufs: buffers, 1 to U16_MAX
 * @start: what head counts from; not 0 only in tests of the wrap-around
 *
 * The caller fills in where headers and payload are.
 *
 * Return: the ring, to be freed with kvfree(), or NULL.
 */
static inline struct fuse_bufring *
fuse_bufring_create(const struct fuse_bufring_policy *policy, unsigned int nbufs,
		    unsigned int start)
{
	struct fuse_bufring *br;
	unsigned int id;

	br = kvzalloc_flex(*br, bufs, nbufs, GFP_KERNEL_ACCOUNT);
	if (!br)
		return NULL;

	br->policy = policy;
	br->nbufs = nbufs;
	br->head = start;
	br->tail = start;
	for (id = 0; id < nbufs; id++)
		fuse_bufring_recycle(br, id);
	return br;
}

#endif /* _FS_FUSE_BUFRING_H */
