// SPDX-License-Identifier: GPL-2.0-only
// A background request that ends lets no other one go.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: background-two-queues --strategy random --executions 20
// finds: progress: waits in the background although
@@
identifier queue;
@@
 fuse_uring_req_end(...)
 {
 <...
-fuse_uring_flush_bg(queue);
 ...>
 }
