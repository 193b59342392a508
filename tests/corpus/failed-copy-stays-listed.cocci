// SPDX-License-Identifier: GPL-2.0-only
// The copy of a request fails, and its entry stays on the list of those that have one: the
// request time-out looks at its head.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: failed-copy-timeout --strategy exhaustive --preemptions 2
// finds: accounting: is on the list of those that are with a request, but its state is invalid
@@
identifier ent;
@@
 fuse_uring_prepare_send(struct fuse_ring_ent *ent, ...)
 {
 <...
-list_del_init(&ent->list);
 ...>
 }
