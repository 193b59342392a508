// SPDX-License-Identifier: GPL-2.0-only
// An entry whose request was cancelled on its way is freed and stays on its list.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: cancelled-buffer --detect user --strategy random --executions 2000
// finds: heap: list queue->ent_w_req_queue is corrupted: the link after 0 element(s) points to freed memory
@@
identifier f = fuse_uring_send_in_task;
expression ent;
@@
 f(...)
 {
 <...
-list_del_init(&ent->list);
 ...>
 }
