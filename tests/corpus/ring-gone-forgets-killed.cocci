// SPDX-License-Identifier: GPL-2.0-only
// A client is killed while its request waits on a ring whose last entry is gone: the
// request is left there, as if the server had it.
// The rule about calls that stall sees the request on the queue when nothing can go on.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: killed-ring-gone --strategy exhaustive --preemptions 1
// fuzz: progress: waits on the queue, and
// finds: accounting: expected: waiting not under-way
@@
identifier queue, req;
@@
 fuse_uring_remove_pending_req(struct fuse_req *req)
 {
 struct fuse_ring_queue *queue = ...;
+if (!atomic_read(&queue->ring->queue_refs))
+	return false;
 ...
 }
