/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buffer ring of a queue: which buffers of the payload area are free, which
 * one is to be used next, and what a request gets of it.
 *
 * What all share is here: counting, empty and full. The order in which free buffers
 * are used is a policy's (bufring_fifo.h, bufring_lifo.h). How requests share buffers
 * is a layout's: one each (bufring_whole.h), regions of one (bufring_inc.h), or one
 * each of a size that fits (bufring_classes.h). A new one of either is a file like
 * these, and named where they are chosen.
 *
 * A ring has no lock of its own: its queue's lock protects it.
 */
#ifndef _FS_FUSE_BUFRING_H
#define _FS_FUSE_BUFRING_H

#include <linux/build_bug.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "fuse_bufring_abi.h"
#include "bufring_pinned.h"

static_assert(sizeof(struct fuse_bufring_cmd_req) == sizeof(struct fuse_uring_cmd_req));
static_assert(offsetof(struct fuse_bufring_cmd_req, queue_depth) ==
	      offsetofend(struct fuse_uring_cmd_req, qid));
static_assert(sizeof(struct fuse_bufring_ent_in_out) ==
	      sizeof(struct fuse_uring_ent_in_out));
static_assert(offsetof(struct fuse_bufring_ent_in_out, buf_id) ==
	      offsetofend(struct fuse_uring_ent_in_out, payload_sz));
static_assert(offsetof(struct fuse_bufring_ent_in_out, offset) ==
	      offsetof(struct fuse_uring_ent_in_out, reserved));

/**
 * struct fuse_bufring_class - buffers of one size; without classes there is one
 * @size: bytes of a buffer
 * @nbufs: buffers, 1 to U16_MAX
 * @first_id: of its first buffer
 * @start: of that one in the payload area
 * @head: buffers taken so far, free-running
 * @tail: buffers put so far, free-running; @tail - @head of them are free
 * @head_slot: fifo: where the next buffer is taken
 * @tail_slot: fifo: where the next buffer is put
 * @bufs: ids of the free buffers, as the policy arranges them
 */
struct fuse_bufring_class {
	unsigned int size;
	unsigned int nbufs;
	unsigned int first_id;
	size_t start;
	unsigned int head;
	unsigned int tail;
	unsigned int head_slot;
	unsigned int tail_slot;
	u16 *bufs;
};

/**
 * struct fuse_bufring_policy - the order in which free buffers are used
 * @name: for messages
 * @peek: the buffer that would be taken after @n others, which must be free; for
 *	checks from outside of the kernel
 *
 * To take and to put are no members: calls by pointer took some 3 of 9 ns of a select and
 * a recycle. fuse_bufring_take() and fuse_bufring_put() choose, and what they call is
 * inlined.
 */
struct fuse_bufring_policy {
	const char *name;
	u16 (*peek)(const struct fuse_bufring_class *class, unsigned int n);
};

struct fuse_bufring;

/**
 * struct fuse_bufring_need - what a request asks for
 * @size: bytes that its payload can have, either way; not more than the largest buffer
 * @waiting: how many requests wait whose payload fits this class, but none before it;
 *	only counted when there are several
 */
struct fuse_bufring_need {
	unsigned int size;
	unsigned int waiting[FUSE_BUFRING_MAX_CLASSES];
};

/**
 * struct fuse_bufring_layout - how requests share buffers
 * @name: for messages
 * @keeps: what an entry has does for any next request that needs a buffer
 * @take: find room, or say -ENOBUFS and change nothing
 * @put: give it back
 */
struct fuse_bufring_layout {
	const char *name;
	bool keeps;
	int (*take)(struct fuse_bufring *br, const struct fuse_bufring_need *need,
		    struct fuse_bufring_region *region);
	void (*put)(struct fuse_bufring *br, const struct fuse_bufring_region *region);
};

/**
 * struct fuse_bufring_use - INC: what was taken of a buffer
 * @bytes: from its beginning on; 0: it is free
 * @regions: how many of them have not come back
 */
struct fuse_bufring_use {
	unsigned int bytes;
	unsigned int regions;
};

#define FUSE_BUFRING_NONE_OPEN (-1)

/**
 * struct fuse_bufring - buffers that the entries of a queue share
 * @policy: order of use
 * @layout: how requests share them
 * @headers: user memory, a header slot for each entry id
 * @payload: user memory, @nbufs buffers one after the other
 * @pins: FUSE_URING_PINNED: their pages
 * @pinned: whether they are, or were: when the last entry of an aborted connection is
 *	released, @pins are as well
 * @queue_depth: header slots
 * @nbufs: buffers, 1 to U16_MAX
 * @open: INC: the buffer that regions are taken of, or FUSE_BUFRING_NONE_OPEN
 * @uses: INC: by id; else NULL
 * @nr_classes: of those that follow
 * @classes: by size
 * @bufs: room for &fuse_bufring_class.bufs
 */
struct fuse_bufring {
	const struct fuse_bufring_policy *policy;
	const struct fuse_bufring_layout *layout;
	struct fuse_uring_req_header __user *headers;
	char __user *payload;
	struct fuse_bufring_pins pins;
	bool pinned;
	unsigned int queue_depth;
	unsigned int nbufs;
	int open;
	struct fuse_bufring_use *uses;
	unsigned int nr_classes;
	struct fuse_bufring_class classes[FUSE_BUFRING_MAX_CLASSES];
	u16 bufs[];
};

static inline unsigned int fuse_bufring_free_of(const struct fuse_bufring_class *class)
{
	return class->tail - class->head;
}

#include "bufring_fifo.h"
#include "bufring_lifo.h"

/* A free buffer of that size, or -ENOBUFS. */
static inline int fuse_bufring_take(struct fuse_bufring *br,
				    struct fuse_bufring_class *class)
{
	u16 id;

	if (class->tail == class->head)
		return -ENOBUFS;

	id = br->policy == &fuse_bufring_lifo ? lifo_take(class) : fifo_take(class);
	class->head++;
	return id;
}

static inline void fuse_bufring_put(struct fuse_bufring *br,
				    struct fuse_bufring_class *class, u16 id)
{
	if (WARN_ON_ONCE(fuse_bufring_free_of(class) >= class->nbufs))
		return;

	if (br->policy == &fuse_bufring_lifo)
		lifo_put(class, id);
	else
		fifo_put(class, id);
	class->tail++;
}

/** fuse_bufring_largest() - the class of the largest buffers: any payload fits these */
static inline const struct fuse_bufring_class *
fuse_bufring_largest(const struct fuse_bufring *br)
{
	return &br->classes[br->nr_classes - 1];
}

/** fuse_bufring_class_for() - which buffers are the smallest that have @size bytes? */
static inline unsigned int fuse_bufring_class_for(const struct fuse_bufring *br,
						  unsigned int size)
{
	unsigned int i = 0;

	while (i + 1 < br->nr_classes && br->classes[i].size < size)
		i++;
	return i;
}

/** fuse_bufring_class_of() - the class that has buffer @id */
static inline struct fuse_bufring_class *fuse_bufring_class_of(struct fuse_bufring *br,
							       u16 id)
{
	struct fuse_bufring_class *class = br->classes;

	while (id - class->first_id >= class->nbufs)
		class ++;
	return class;
}

#include "bufring_whole.h"
#include "bufring_inc.h"
#include "bufring_classes.h"

/* by the value of the module parameter bufring_policy */
static const struct fuse_bufring_policy *const fuse_bufring_policies[] = {
	&fuse_bufring_fifo,
	&fuse_bufring_lifo,
};

/**
 * fuse_bufring_select() - find room for the payload of a request
 * @need: how much, and who else waits
 * @region: set to where it is
 *
 * Return: 0, or -ENOBUFS.
 */
static inline int fuse_bufring_select(struct fuse_bufring *br,
				      const struct fuse_bufring_need *need,
				      struct fuse_bufring_region *region)
{
	return br->layout->take(br, need, region);
}

/**
 * fuse_bufring_recycle() - give room back
 * @br: the ring that it was selected from
 * @region: what fuse_bufring_select() set
 */
static inline void fuse_bufring_recycle(struct fuse_bufring *br,
					const struct fuse_bufring_region *region)
{
	br->layout->put(br, region);
}

/** fuse_bufring_offset() - where in the payload area a region begins */
static inline size_t fuse_bufring_offset(struct fuse_bufring *br,
					 const struct fuse_bufring_region *region)
{
	const struct fuse_bufring_class *class = fuse_bufring_class_of(br, region->id);

	return class->start + (size_t)(region->id - class->first_id) * class->size +
	       region->offset;
}

/**
 * struct fuse_bufring_config - what a new ring is to be like
 * @policy: order of use
 * @layout: how requests share buffers
 * @start: what head counts from; not 0 only in tests of the wrap-around
 * @nr_classes: 1 unless @layout is fuse_bufring_by_size
 * @classes: ascending; not more than U16_MAX buffers in all
 */
struct fuse_bufring_config {
	const struct fuse_bufring_policy *policy;
	const struct fuse_bufring_layout *layout;
	unsigned int start;
	unsigned int nr_classes;
	struct fuse_bufring_size classes[FUSE_BUFRING_MAX_CLASSES];
};

static inline void fuse_bufring_add_class(struct fuse_bufring *br,
					  const struct fuse_bufring_size *size,
					  unsigned int start)
{
	struct fuse_bufring_class *class = &br->classes[br->nr_classes++];
	unsigned int i;

	class->size = size->size;
	class->nbufs = size->number;
	class->first_id = br->nbufs;
	class->bufs = br->bufs + br->nbufs;
	class->head = start;
	class->tail = start;
	if (class != br->classes)
		class->start =
			class[-1].start + (size_t) class[-1].nbufs * class[-1].size;
	for (i = 0; i < class->nbufs; i++)
		fuse_bufring_put(br, class, br->nbufs++);
}

/**
 * fuse_bufring_free() - free a ring
 * @br: NULL, or a ring that nobody has a region of
 *
 * Context: any, unless it has pinned pages: then it may sleep.
 */
static inline void fuse_bufring_free(struct fuse_bufring *br)
{
	if (!br)
		return;
	fuse_bufring_unpin(&br->pins);
	kvfree(br->uses);
	kvfree(br);
}

/**
 * fuse_bufring_create() - a ring with all buffers free
 * @config: what it is to be like
 *
 * The caller fills in where headers and payload are.
 *
 * Return: the ring, for fuse_bufring_free(), or NULL.
 */
static inline struct fuse_bufring *
fuse_bufring_create(const struct fuse_bufring_config *config)
{
	struct fuse_bufring *br;
	unsigned int nbufs = 0;
	unsigned int i;

	for (i = 0; i < config->nr_classes; i++)
		nbufs += config->classes[i].number;
	br = kvzalloc_flex(*br, bufs, nbufs, GFP_KERNEL_ACCOUNT);
	if (!br)
		return NULL;

	br->policy = config->policy;
	br->layout = config->layout;
	br->open = FUSE_BUFRING_NONE_OPEN;
	if (config->layout == &fuse_bufring_inc) {
		br->uses = kvzalloc_objs(*br->uses, nbufs, GFP_KERNEL_ACCOUNT);
		if (!br->uses) {
			kvfree(br);
			return NULL;
		}
	}
	for (i = 0; i < config->nr_classes; i++)
		fuse_bufring_add_class(br, &config->classes[i], config->start);
	return br;
}

#endif /* _FS_FUSE_BUFRING_H */
