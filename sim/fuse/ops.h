/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tree's fs/fuse as the driver sees it: a table of functions that sim/fuse/glue fills.
 * No other code sees a structure of the kernel.
 */
#ifndef FUSE_OPS_H
#define FUSE_OPS_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include "shim/subject.h"

struct file;
struct fuse_mount; /* the tree's own, opaque here */

/* what a tree can do, found by probing it when it is built */
#define FUSE_CAN_BUFPOOL   (1u << 0) /* ADD_QUEUE, ADD_BUFPOOL (7.3) */
#define FUSE_CAN_ZERO_COPY (1u << 1)
#define FUSE_CAN_BUFRING   (1u << 2) /* FUSE_URING_BUFRING (the mail) */
#define FUSE_CAN_SHARED	   (1u << 3) /* buffers are shared: one of those two */
#define FUSE_CAN_SYNC_INIT (1u << 4) /* FUSE_DEV_IOC_SYNC_INIT */
#define FUSE_CAN_SYSCTLS   (1u << 5) /* default_request_timeout, max_request_timeout */
#define FUSE_CAN_NOTIFY	   (1u << 6) /* notifications of 6.9, not RESEND alone */
#define FUSE_CAN_TIMEOUT   (1u << 7) /* request time-outs (6.15) */
#define FUSE_CAN_EPOCH	   (1u << 8) /* FUSE_NOTIFY_INC_EPOCH (6.16) */
#define FUSE_CAN_PRUNE	   (1u << 9) /* FUSE_NOTIFY_PRUNE (6.19) */

/**
 * struct fs_request - a request of a client: becomes a struct fuse_args
 * @opcode: FUSE_*; see fuse/abi.h
 * @in: arguments before the pages; all of this lives until the request has ended
 * @out: where the reply's arguments go
 * @out_argvar: the last out argument (the pages, if @pages_out) may be shorter
 * @pages: data of READ or WRITE, carried in page frames
 * @pages_size: of them in all; @pages_in_size: of what is sent
 * @pages_offset: where in the first frame the data begins
 * @pages_in: the pages are the last in argument: a WRITE
 * @pages_out: the pages are the last out argument: a READ; an IOCTL has both
 * @zero_copy: the server asked for it when the file was opened
 * @end: request_bg() only: called once, in the context that ended the request
 * @owner: the caller's
 *
 * Results: @error of a background request; @out_len, bytes of the last out
 * argument.
 */
struct fs_request {
	uint32_t opcode;
	uint64_t nodeid;
	const void *in[3];
	uint32_t in_size[3];
	unsigned int in_nr;
	void *out[2];
	uint32_t out_size[2];
	unsigned int out_nr;
	bool out_argvar;
	void *pages;
	uint32_t pages_size, pages_in_size, pages_offset;
	bool pages_in, pages_out, page_zeroing;
	bool force, nocreds, zero_copy;
	void (*end)(struct fs_request *req);
	void *owner;
	int error;
	uint32_t out_len;
};

/** enum subject_ent_state - a ring entry's state, in every tree's terms */
enum subject_ent_state {
	ENT_INVALID,
	ENT_COMMIT,
	ENT_AVAILABLE,
	ENT_FUSE_REQ,
	ENT_USERSPACE,
	ENT_TEARDOWN,
	ENT_RELEASED,
	ENT_CANCELLED, /* until 7.1: waits for the end of the ring */
	ENT_NR_STATES
};

/** enum subject_ent_list - the list that an entry was found on; the last two are left */
enum subject_ent_list {
	LIST_AVAIL,
	LIST_W_REQ,
	LIST_COMMIT,
	LIST_USERSPACE,
	LIST_RELEASED,
	LIST_CANCELLED, /* no list of its own: with those in userspace */
	LIST_NR
};

static inline bool ent_has_left(enum subject_ent_list list)
{
	return list == LIST_RELEASED || list == LIST_CANCELLED;
}

/**
 * struct req_view - a request
 * @addr: struct fuse_req
 * @unique: its number; a resent one has a mark in it
 * @opcode, @nodeid, @pid: of its header; @pid is the client's
 * @needs_buf: it carries what has to go into a buffer
 * @need: so many bytes at most, either way; bufring only
 * @background: counted by the limits of background requests
 */
struct req_view {
	const void *addr;
	uint64_t unique, nodeid;
	uint32_t opcode, pid, need;
	bool needs_buf, background;
};

/** struct ent_view - an entry of a ring; @req.addr is NULL: it has no request */
struct ent_view {
	const void *addr;
	enum subject_ent_state state;
	enum subject_ent_list list;
	struct req_view req;
	uintptr_t headers;
	uintptr_t payload; /* 0: none */
	size_t payload_len;
	unsigned int id;
	unsigned int buf_id;
	uint32_t buf_offset; /* of the region in it, if buffers are shared */
	bool has_buf, has_cmd, zero_copied;
};

#define VIEW_CLASSES 4

/** struct class_view - buffers of one size; a pool or a plain ring is one class */
struct class_view {
	size_t size;
	unsigned int first_id, nbufs, free;
	unsigned int
		waiting; /* requests that need such a buffer, and do not fit a smaller */
};

/** struct use_view - of a buffer that is consumed by regions */
struct use_view {
	uint32_t bytes, regions;
};

/** enum view_wrong - why a pointer of the subject's cannot be followed */
enum view_wrong {
	VIEW_GOOD,
	VIEW_NO_OBJECT, /* leads to no object that is allocated, or to another kind */
	VIEW_NOT_BACK,	/* the link there does not lead back */
	VIEW_ENDLESS,	/* a list that does not come back to its head */
};

/**
 * struct view_fault - the first pointer that could not be followed
 * @what: "queue->ent_w_req_queue", "ent->fuse_req"
 * @is_list: a list; else a pointer
 * @after: so many elements were found before it
 * @at: where it leads
 */
struct view_fault {
	enum view_wrong wrong;
	bool is_list;
	unsigned int after;
	const char *what;
	const void *at;
};

#define VIEW_ENTS 32
#define VIEW_IDS  64
#define VIEW_REQS 16

/**
 * struct queue_view - a queue; what could not be reached is left out
 * @oldest: lowest number of a waiting request that needs no buffer, and that needs one
 * @oldest_bg: in fuse_req_bg_queue
 * @newest: the highest number of a request that waits or that an entry has
 * @reqs: the first of those that wait, @bg_reqs likewise
 */
struct queue_view {
	const void *addr;
	const void *lock;
	struct view_fault fault;
	unsigned int qid;
	bool stopped;
	bool lock_held;
	unsigned int active_background;
	unsigned int nbufs; /* pool or ring; 0: per entry */
	unsigned int free_bufs;
	uint64_t head, tail; /* ring only: of all classes together */
	size_t buf_size;     /* of the largest */
	size_t pool_len;
	uintptr_t pool_base;
	bool regions; /* requests share buffers */
	bool pinned;
	int open; /* regions: the buffer that they are taken of; -1: none */
	unsigned int nr_classes;
	struct class_view classes[VIEW_CLASSES];
	unsigned int waiting;	     /* fuse_req_queue */
	unsigned int waiting_no_buf; /* of these: need no buffer */
	uint64_t oldest[2], oldest_bg, newest;
	unsigned int waiting_bg; /* fuse_req_bg_queue */
	bool first_needs_buf;	 /* of the first waiting request */
	unsigned int nr_ents;
	struct ent_view ents[VIEW_ENTS];
	uint16_t free_ids[VIEW_IDS];	/* ids of the free buffers, the first of them */
	struct use_view uses[VIEW_IDS]; /* regions: of the first buffers */
	struct req_view reqs[VIEW_REQS], bg_reqs[VIEW_REQS];
	unsigned int processing; /* requests in fpq; 0 of a glance */
};

struct ring_view {
	bool exists, ready, io_uring;
	unsigned int nr_queues;
	int queue_refs;
	size_t max_payload_sz;
	unsigned int num_waiting, num_background, active_background, max_background;
	bool connected, initialized, blocked;
};

/**
 * struct bufring_shape - how a ring of buffers is to be
 * @policy, @layout: by number, as &subject_bufring.policy and .layout name them
 * @start: what head counts from
 * @nr_classes: 1, or, of the layout "classes", up to VIEW_CLASSES
 */
struct bufring_shape {
	unsigned int policy, layout, start, nr_classes;
	struct {
		unsigned int size, number;
	} classes[VIEW_CLASSES];
};

/** struct bufring_region - what a request has of it */
struct bufring_region {
	unsigned int id, offset, size;
};

/**
 * struct subject_bufring - a buffer ring without a queue, hence without a lock
 * @policy: name of a policy; NULL: there is none of that number
 * @layout: likewise: whole, inc, classes
 * @create: all buffers free; NULL: no memory
 * @select: room for @size bytes; @waiting: for each class, NULL: nobody; or -ENOBUFS
 * @offset: where in the payload area a region begins
 * @churn: @n times select and recycle of @size bytes. Return: sum of the ids
 */
struct subject_bufring {
	const char *(*policy)(unsigned int policy);
	const char *(*layout)(unsigned int layout);
	void *(*create)(const struct bufring_shape *shape);
	int (*select)(void *ring, unsigned int size, const unsigned int *waiting,
		      struct bufring_region *region);
	void (*recycle)(void *ring, const struct bufring_region *region);
	size_t (*offset)(void *ring, const struct bufring_region *region);
	unsigned int (*free_bufs)(void *ring);
	uint64_t (*churn)(void *ring, unsigned int size, uint64_t n);
	void (*destroy)(void *ring);
};

/** enum fuse_knob - what root can write a number to while a file system is mounted */
enum fuse_knob {
	KNOB_MAX_BACKGROUND,  /* fusectl */
	KNOB_CONGESTION,      /* fusectl: congestion_threshold */
	KNOB_DEFAULT_TIMEOUT, /* sysctl fs.fuse.default_request_timeout, seconds */
	KNOB_MAX_TIMEOUT,     /* sysctl fs.fuse.max_request_timeout, seconds */
	KNOB_ENABLE_URING,    /* the module's parameter */
};

/**
 * struct fuse_ops - everything that is done to fs/fuse
 *
 * mount() to set_max_background() are called by a task inside a system call, the
 * others from anywhere.
 */
struct fuse_ops {
	/*
	 * mount(2) with fd=: connection, device installed, FUSE_INIT sent in the
	 * background. A reply that is written to /dev/fuse is applied
	 * [process_init_reply]. If FUSE_INIT is synchronous (FUSE_DEV_IOC_SYNC_INIT), it
	 * waits for the reply. NULL: no memory, or that has failed.
	 */
	struct fuse_mount *(*mount)(struct file *dev);
	/* bytes of the last out argument if @out_argvar, else 0; or -errno */
	long (*request)(struct fuse_mount *fm, struct fs_request *req);
	/* 0: queued, and req->end() will be called; or -errno, and it will not */
	int (*request_bg)(struct fuse_mount *fm, struct fs_request *req);
	void (*forget)(struct fuse_mount *fm, uint64_t nodeid, uint64_t nlookup);
	/* fusectl's "abort" is @with_err */
	void (*abort)(struct fuse_mount *fm, bool with_err);
	/* umount: abort, wait for it, drop the connection; @fm is gone then */
	void (*umount)(struct fuse_mount *fm);
	void (*set_max_background)(struct fuse_mount *fm, unsigned int n);
	/* KNOB_CONGESTION of a mount, and sysctls; false: the tree has none */
	bool (*set_knob)(struct fuse_mount *fm, enum fuse_knob knob, unsigned int n);

	/*
	 * Looking, without changing or locking anything, and without trusting a pointer:
	 * what a mistake has made of the structures is seen and not followed.
	 */
	void (*ring_view)(struct fuse_mount *fm, struct ring_view *v);
	bool (*queue_view)(struct fuse_mount *fm, unsigned int qid, struct queue_view *v);
	/* without what costs time: the table of processed requests */
	bool (*queue_glance)(struct fuse_mount *fm, unsigned int qid,
			     struct queue_view *v);
	/* queue_view()'s queue is locked: its state may be in the middle of a change */
	bool (*queue_locked)(struct fuse_mount *fm, unsigned int qid);
	/* the queue whose lock that is; -1: none */
	int (*queue_of_lock)(struct fuse_mount *fm, const void *lock);

	const struct subject_bufring *bufring; /* NULL: the tree has none */
};

/** fuse_ops_of() - the table of a subject of this driver */
static inline const struct fuse_ops *fuse_ops_of(const struct subject *subject)
{
	return subject->driver->ops;
}

#endif /* FUSE_OPS_H */
