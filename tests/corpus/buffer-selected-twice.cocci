// SPDX-License-Identifier: GPL-2.0-only
// A buffer that is selected stays free for the next one.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: pool-two-threads --strategy exhaustive --preemptions 1
// finds: accounting: buffer
@@
@@
 fuse_uring_select_buffer(...)
 {
 <...
-__clear_bit(...);
 ...>
 }
