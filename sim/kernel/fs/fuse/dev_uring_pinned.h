/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE over io_uring, part of dev_uring.c: what is different of a queue whose memory
 * is pinned: who sends, and when the memory is let go.
 */
#ifndef _FS_FUSE_DEV_URING_PINNED_H
#define _FS_FUSE_DEV_URING_PINNED_H

static bool queue_is_pinned(const struct fuse_ring_queue *queue)
{
	return queue->bufring && queue->bufring->pinned;
}

static bool ent_send(struct fuse_ring_ent *entry, struct io_uring_cmd *cmd,
		     unsigned int issue_flags);
static void ent_fetch(struct fuse_ring_ent *entry, struct io_uring_cmd *cmd,
		      unsigned int issue_flags);

/**
 * ent_send_in_client() - the memory is pinned: its client sends a request itself
 * @entry: FRRS_FUSE_REQ and sending, hence its command does not go away
 *
 * The server's task is only asked to take the completion. Background requests do not
 * come here, because they are sent under locks, and io_uring's lock is a mutex.
 */
static void ent_send_in_client(struct fuse_ring_ent *entry)
{
	struct io_uring_cmd *cmd = entry->cmd;

	if (!ent_send(entry, cmd, IO_URING_F_UNLOCKED))
		ent_fetch(entry, cmd, IO_URING_F_UNLOCKED);
}

/*
 * The connection is aborted and the last entry gone, so nothing is copied any more.
 * Not left to fuse_uring_destruct(), which must not sleep, and may come much later:
 * a server that is gone has its memory back while the file system is still mounted.
 */
static void ring_unpin(struct fuse_ring *ring)
{
	unsigned int qid;

	for (qid = 0; qid < ring->nr_queues; qid++) {
		struct fuse_ring_queue *queue = ring_queue(ring, qid);

		if (queue && queue->bufring)
			fuse_bufring_unpin(&queue->bufring->pins);
	}
}

#endif /* _FS_FUSE_DEV_URING_PINNED_H */
