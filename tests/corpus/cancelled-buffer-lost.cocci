// SPDX-License-Identifier: GPL-2.0-only
// Task work that is cancelled keeps the buffer of its entry.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: cancelled-with-pool --strategy exhaustive --preemptions 2
// finds: accounting: buffer
@@
@@
 fuse_uring_send_in_task(...)
 {
 <...
-fuse_uring_recycle_buffer(...);
 ...>
 }
