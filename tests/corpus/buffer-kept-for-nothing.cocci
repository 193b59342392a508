// SPDX-License-Identifier: GPL-2.0-only
// An entry keeps its buffer for a request that carries no payload.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: pool-exhaustion --strategy random --executions 200
// finds: accounting: does not need
@@
identifier ent;
expression e;
@@
 fuse_uring_next_req_update_buffer(...)
 {
 <...
-if (e)
-	fuse_uring_recycle_buffer(ent);
 ...>
 }
