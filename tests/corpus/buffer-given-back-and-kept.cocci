// SPDX-License-Identifier: GPL-2.0-only
// A buffer is given back to the pool, and its entry still points to it.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: pool-exhaustion --strategy random --executions 2000
// finds: accounting: buffers are free and
@@
expression P, N;
@@
 fuse_uring_recycle_buffer(...)
 {
 <...
-memset(P, 0, N);
 ...>
 }
