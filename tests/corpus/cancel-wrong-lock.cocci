// SPDX-License-Identifier: GPL-2.0-only
// A killed client takes its request off the queue under the lock of another queue
// than the one that COMMIT_AND_FETCH takes it under.
// The list is changed under two locks: its accesses race.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: killed-waiting --strategy pct --executions 20000
// finds: heap: use after free
// fuzz: race: in fuse_remove_pending_req
@@
identifier q;
expression R;
@@
-struct fuse_ring_queue *q = R->ring_queue;
 ...
-fuse_remove_pending_req(R, &q->lock)
+fuse_remove_pending_req(R, &R->chan->iq.lock)
