// SPDX-License-Identifier: GPL-2.0-only
// An entry whose request could not be copied stays on the list of those that have one.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: wrong-answer --strategy exhaustive --preemptions 0
// finds: accounting: has no request
@@
expression E, L;
@@
 fuse_uring_prepare_send(...)
 {
 <...
-spin_lock(L);
-list_del_init(&E->list);
-E->state = FRRS_INVALID;
-spin_unlock(L);
 ...>
 }
