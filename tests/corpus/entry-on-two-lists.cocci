// SPDX-License-Identifier: GPL-2.0-only
// An entry that becomes available is not taken off the list on which it is.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: round-trip --detect user --strategy random --executions 20
// finds: heap: list queue->ent_commit_queue is corrupted: the link after 0 element(s) leads to a link that does not lead back
@@
identifier f = fuse_uring_ent_avail;
expression ent, to;
@@
 f(...)
 {
 <...
-list_move(&ent->list, to);
+list_add(&ent->list, to);
 ...>
 }
