/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The glue between a subject and the world: kernel code, compiled with the
 * tree's own fs/fuse headers into each subject. It takes the place of inode.c,
 * file.c and the VFS: around the transport, which is what is tested.
 */
#ifndef GLUE_GLUE_H
#define GLUE_GLUE_H

#include "dev.h"
#include "args.h"
#include "fuse_i.h"
#include "fuse_dev_i.h"
#include "dev_uring_i.h"

#include "subject_probes.h"
#include "fuse/ops.h"

/*
 * Which kind of shared buffers the tree has. Its own files show it: a buffer ring is our
 * dev_uring.c's (a probe of the driver's manifest), which may be in a tree that has
 * pools; the user ABI has the rest.
 */
#if !defined(GLUE_BUFRING) && defined(FUSE_HAS_IO_URING_BUFPOOL)
#define GLUE_BUFPOOL
#endif

/* conn.c: mount, FUSE_INIT, umount */
struct fuse_mount *glue_mount(struct file *dev);
void glue_umount(struct fuse_mount *fm);
void glue_abort(struct fuse_mount *fm, bool with_err);
void glue_resend(struct fuse_mount *fm);
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
