// SPDX-License-Identifier: GPL-2.0-only
// A request is on the processing hash from its assignment on; when the copy to the
// server fails it is ended and freed without leaving the hash.
// The hash leads to what was freed: the next use of the list, or a look at it, finds that.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: wrong-answer --strategy exhaustive --preemptions 0
// finds: heap: use after free
// fuzz: heap: list queue->fpq.processing[] is corrupted
@@
expression R, E;
@@
 fuse_uring_add_req_to_ring_ent(...)
 {
 ...
-list_del_init(&R->list);
 ...
 list_move_tail(&E->list, ...);
+fuse_uring_add_to_pq(E);
 }

@@
@@
 fuse_uring_send(...)
 {
 ...
-fuse_uring_add_to_pq(...);
 ...
 }

@@
expression R;
@@
 fuse_uring_req_end(...)
 {
 ...
-list_del_init(&R->list);
 ...
 }
