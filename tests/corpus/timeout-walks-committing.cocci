// SPDX-License-Identifier: GPL-2.0-only
// The request time-out looks at entries that are being committed, and these have no
// request once it has ended.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: answer-at-timeout --strategy exhaustive --preemptions 1
// finds: kernel: NULL pointer
@@
expression F, Q;
@@
 ent_list_request_expired(F, &Q->ent_w_req_queue)
+ || ent_list_request_expired(F, &Q->ent_commit_queue)
