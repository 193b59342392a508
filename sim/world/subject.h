/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a subject is to the world: one fs/fuse, built as a shared object that
 * exports a single table, struct subject_ops subject_ops. The table is filled by
 * sim/world/glue, the only code of ours that is compiled against the tree's own
 * headers. The world never sees a kernel structure.
 */
#ifndef WORLD_SUBJECT_H
#define WORLD_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUBJECT_ABI 1

struct file;
struct shim_file_ops;
struct fuse_mount;		/* the tree's, opaque here */

/* what a tree can do, found by probing it when it is built */
#define SUBJECT_BUFPOOL		(1u << 0)	/* ADD_QUEUE, ADD_BUFPOOL (7.3) */
#define SUBJECT_ZERO_COPY	(1u << 1)
#define SUBJECT_BUFRING		(1u << 2)	/* FUSE_URING_BUFRING (the mail) */

/** struct subject_file - a source file that was compiled, for "uringsim subjects" */
struct subject_file {
	const char *path;	/* inside the tree */
	const char *sha256;
};

/** struct fs_request - what a client asks for: becomes a struct fuse_args */
struct fs_request {
	uint32_t opcode;		/* FUSE_LOOKUP, ... */
	uint64_t nodeid;
	const void *in[3];		/* arguments before the pages */
	uint32_t in_size[3];
	unsigned int in_nr;
	void *out[2];
	uint32_t out_size[2];
	unsigned int out_nr;
	bool out_argvar;		/* the last out argument may be shorter */
	void *pages;			/* data of READ or WRITE, in page frames */
	uint32_t pages_size, pages_offset;
	bool pages_in, pages_out;
	bool page_zeroing;
	bool background, force, noreply, nocreds;
	bool zero_copy;
	void (*end)(struct fs_request *req, int error);	/* background only */
	void *owner;
	/* results */
	int error;
	uint32_t out_len;		/* of the last out argument */
	/* the glue's */
	void *args;
};

/** enum subject_ent_state - a ring entry's state, in every tree's terms */
enum subject_ent_state {
	ENT_INVALID, ENT_COMMIT, ENT_AVAILABLE, ENT_FUSE_REQ, ENT_USERSPACE,
	ENT_TEARDOWN, ENT_RELEASED, ENT_NR_STATES
};

/** enum subject_ent_list - the list that an entry was found on */
enum subject_ent_list {
	LIST_AVAIL, LIST_W_REQ, LIST_COMMIT, LIST_USERSPACE, LIST_RELEASED, LIST_NR
};

struct ent_view {
	const void *addr;
	enum subject_ent_state state;
	enum subject_ent_list list;
	const void *req;		/* struct fuse_req or NULL */
	uint64_t unique;		/* of it, or 0 */
	uintptr_t headers;
	uintptr_t payload;		/* 0: none */
	size_t payload_len;
	unsigned int id;
	unsigned int buf_id;
	bool has_buf, has_cmd, zero_copied;
};

struct queue_view {
	const void *addr;
	const void *lock;
	unsigned int qid;
	bool stopped;
	bool lock_held;
	unsigned int active_background;
	unsigned int nbufs;		/* pool or ring; 0: per entry */
	unsigned int free_bufs;
	uint64_t head, tail;		/* ring only */
	size_t buf_size;
	uintptr_t pool_base;
	unsigned int waiting;		/* fuse_req_queue */
	unsigned int waiting_bg;	/* fuse_req_bg_queue */
	bool first_needs_buf;		/* of the first waiting request */
	unsigned int processing;	/* requests in fpq */
	unsigned int nr_ents;
	struct ent_view ents[32];
	uint16_t free_ids[64];		/* ids of the free buffers, first 64 */
};

struct ring_view {
	bool exists, ready, io_uring;
	unsigned int nr_queues;
	int queue_refs;
	size_t max_payload_sz;
	unsigned int num_waiting, num_background, active_background, max_background;
	bool connected, initialized, blocked;
};

/** struct conn_params - what FUSE_INIT negotiates */
struct conn_params {
	uint32_t max_write, max_pages, minor;
	uint32_t request_timeout;	/* seconds; 0: none */
	uint32_t max_background;
	bool io_uring;
	bool no_interrupt;
	unsigned int policy;		/* bufring: 0 fifo, 1 lifo */
};

/**
 * struct subject_ops - everything the world does to a subject
 *
 * All calls but those named *_view are made by a task inside a system call.
 */
struct subject_ops {
	unsigned int abi;
	const char *name;		/* "linux-7.3", "bufring", "tree:..." */
	const char *version;		/* of the source package, or "" */
	const char *compiler;
	unsigned int caps;
	bool unmodified;		/* compiled files equal the tree's own */
	const struct subject_file *files;
	unsigned int nr_files;

	int (*module_init)(void);	/* fuse_dev_init */
	void (*module_exit)(void);

	const struct shim_file_ops *dev_fuse;	/* /dev/fuse */

	/* mount(2) with fd=: connection, device installed, FUSE_INIT sent */
	struct fuse_mount *(*mount)(struct file *dev);
	/* the reply to FUSE_INIT arrived: apply it [process_init_reply] */
	void (*init_reply)(struct fuse_mount *fm, const struct conn_params *p);
	long (*request)(struct fuse_mount *fm, struct fs_request *req);
	int (*request_bg)(struct fuse_mount *fm, struct fs_request *req);
	void (*request_free)(struct fs_request *req);
	void (*forget)(struct fuse_mount *fm, uint64_t nodeid, uint64_t nlookup);
	void (*abort)(struct fuse_mount *fm, bool with_err);
	/* umount: abort, wait for it, drop the connection */
	void (*umount)(struct fuse_mount *fm);
	void (*resend)(struct fuse_mount *fm);
	void (*set_max_background)(struct fuse_mount *fm, unsigned int n);

	/* looking, without changing or locking anything */
	void (*ring_view)(struct fuse_mount *fm, struct ring_view *v);
	bool (*queue_view)(struct fuse_mount *fm, unsigned int qid,
			   struct queue_view *v);
};

/* The world's own side (sim/world/subject.c). */

/**
 * subject_load() - load the shared object at @path, or of the subject @name
 *
 * Return: the table; NULL with one line in @err (at most @len bytes).
 */
const struct subject_ops *subject_load(const char *path, char *err, size_t len);
void subject_unload(const struct subject_ops *ops);

/**
 * subject_reset_globals() - give the subject's writable globals (static state,
 * *_ONCE flags) the values that they had when it was loaded; no system call
 */
void subject_reset_globals(void);

#endif /* WORLD_SUBJECT_H */
