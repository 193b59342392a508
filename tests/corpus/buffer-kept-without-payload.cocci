// SPDX-License-Identifier: GPL-2.0-only
// An entry keeps its buffer when its next request has no payload to copy.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: next-without-payload --strategy exhaustive --preemptions 1
// finds: accounting: does not need
@@
identifier payload, selected;
expression E;
@@
 fuse_uring_next_req_update_buffer(...)
 {
 <...
-if (!payload && selected)
-	fuse_uring_recycle_buffer(E);
 ...>
 }
