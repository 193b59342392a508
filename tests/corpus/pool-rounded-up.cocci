// SPDX-License-Identifier: GPL-2.0-only
// A pool whose length is no multiple of the buffer's has one buffer too many.
// The pool is longer than the memory that the server gave, which is seen when it is added.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: odd-pool --executions 2000
// finds: accounting: is not in what the server registered
@@
identifier n, len, size;
@@
 fuse_uring_add_bufpool(...)
 {
 <...
-n = len / size;
+n = DIV_ROUND_UP(len, size);
 ...>
 }
