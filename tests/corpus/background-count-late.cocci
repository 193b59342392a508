// SPDX-License-Identifier: GPL-2.0-only
// The queue's count of background requests is dropped after the next ones are let in.
// The next one of this queue is not let in while the one that ends still counts, and nothing
// lets it in later: the rule about requests in the background sees it wait.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: background-two-queues --executions 2000 --seed 6
// finds: accounting: times_ended == 1
// fuzz: progress: waits in the background although
@@
identifier Q;
expression F, R;
@@
-Q->active_background--;
 spin_lock(&F->bg_lock);
 fuse_request_bg_finish(F, R);
 fuse_uring_flush_bg(Q);
+Q->active_background--;
 spin_unlock(&F->bg_lock);
