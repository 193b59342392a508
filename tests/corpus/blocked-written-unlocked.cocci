// SPDX-License-Identifier: GPL-2.0-only
// A request that ends in the background lifts the limit after it let go of bg_lock.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: background --detect race --strategy random --executions 2000
// finds: race: fuse_uring_req_end
@@
expression F, Q;
@@
 fuse_uring_req_end(...)
 {
 <...
 fuse_uring_flush_bg(Q);
 spin_unlock(&F->bg_lock);
+F->blocked = 0;
 ...>
 }
