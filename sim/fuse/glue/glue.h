/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The glue between a subject and the world: kernel code, compiled with the
 * tree's own fs/fuse headers into each subject. It takes the place of inode.c,
 * file.c and the VFS: around the transport, which is what is tested.
 */
#ifndef GLUE_GLUE_H
#define GLUE_GLUE_H

/* what the tree has, by sim/fuse/probes; first, because it decides what comes next */
#include "subject_probes.h"

#include "transport.h" /* of chan/ or conn/ */
#include "data.h"      /* of folios/ or pages/ */

#include "fuse/ops.h"

/*
 * Which kind of shared buffers the tree has: a buffer ring is our dev_uring.c's, which
 * may be in a tree that has pools.
 */
#if !defined(GLUE_BUFRING) && defined(GLUE_HAS_BUFPOOL)
#define GLUE_BUFPOOL
#endif

/* the arguments of what is called at the end of a request that nobody waits for */
#ifdef GLUE_END_OF_MOUNT
#define GLUE_END_ARGS(args, error) \
	struct fuse_mount *glue_end_of, struct fuse_args *args, int error
#else
#define GLUE_END_ARGS(args, error) struct fuse_args *args, int error
#endif

/**
 * struct glue_negotiated - what the reply to FUSE_INIT comes to
 * @flags: both words
 */
struct glue_negotiated {
	const struct fuse_init_out *out;
	u64 flags;
};

/*
 * chan/, conn/: what inode.c of the era does with its transport.
 *
 * glue_transport_new(): before anything of a mount is allocated. NULL: no memory
 * glue_transport_join(): @fc, which is zeroed but for what conn.c has filled in, gets it
 * glue_transport_install(): the device is the connection's
 * glue_waits_for_init(): mount(2) waits for the reply to FUSE_INIT
 * glue_transport_timeout(): the reply's, or what root has set
 * glue_transport_init(): @with is NULL: FUSE_INIT has failed; @with->out is gone
 * glue_transport_limits(): of the reply
 * glue_transport_max_background(): of fusectl
 * glue_transport_leave(): @fm is not used any more
 */
void *glue_transport_new(void);
void glue_transport_discard(void *new);
void glue_transport_join(struct fuse_conn *fc, void *new);
void glue_transport_install(struct file *dev, struct fuse_conn *fc);
bool glue_waits_for_init(struct file *dev);
void glue_transport_timeout(struct fuse_conn *fc, const struct glue_negotiated *with);
void glue_transport_init(struct fuse_conn *fc, const struct glue_negotiated *with);
void glue_transport_limits(struct fuse_conn *fc, unsigned int max_background);
void glue_transport_max_background(struct fuse_conn *fc, unsigned int n);
void glue_transport_abort(struct fuse_conn *fc, bool with_err);
void glue_transport_wait_aborted(struct fuse_conn *fc);
void glue_transport_leave(struct fuse_mount *fm);
void glue_transport_forget(struct fuse_conn *fc, struct fuse_forget_link *forget,
			   u64 nodeid, u64 nlookup);

/* conn.c: mount, FUSE_INIT, umount */
struct fuse_mount *glue_mount(struct file *dev);
void glue_umount(struct fuse_mount *fm);
void glue_abort(struct fuse_mount *fm, bool with_err);
void glue_set_max_background(struct fuse_mount *fm, unsigned int n);
bool glue_set_knob(struct fuse_mount *fm, enum fuse_knob knob, unsigned int n);

/* request.c: file.c and dir.c: from a system call to requests */
long glue_request(struct fuse_mount *fm, struct fs_request *r);
int glue_request_bg(struct fuse_mount *fm, struct fs_request *r);
void glue_forget(struct fuse_mount *fm, uint64_t nodeid, uint64_t nlookup);

/* inode.c: what notifications look for; @fc as conn.c makes, unmounts and frees it */
void glue_inodes_init(struct fuse_conn *fc);
void glue_inodes_unmount(struct fuse_conn *fc);
void glue_inodes_evict(struct fuse_conn *fc);

/* view.c: the state in the transport's structures, without locking or changing them */
void glue_ring_view(struct fuse_mount *fm, struct ring_view *v);
bool glue_queue_view(struct fuse_mount *fm, unsigned int qid, struct queue_view *v);
bool glue_queue_glance(struct fuse_mount *fm, unsigned int qid, struct queue_view *v);
int glue_queue_of_lock(struct fuse_mount *fm, const void *lock);
bool glue_queue_locked(struct fuse_mount *fm, unsigned int qid);

#ifdef GLUE_BUFRING
/* ring.c: the buffer ring by itself */
extern const struct subject_bufring glue_bufring;
#endif

#endif /* GLUE_GLUE_H */
