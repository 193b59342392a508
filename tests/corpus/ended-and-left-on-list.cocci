// SPDX-License-Identifier: GPL-2.0-only
// A request that has ended stays in the table of those that are processed.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: round-trip --detect user --strategy random --executions 20
// finds: heap: list queue->fpq.processing[] is corrupted: the link after
@@
identifier req;
identifier f = { fuse_uring_req_end, fuse_uring_commit_fetch };
@@
 f(...)
 {
 <...
-list_del_init(&req->list);
 ...>
 }
