// SPDX-License-Identifier: GPL-2.0-only
// Task work that is cancelled when the server exits does not end its request.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: exit-one-thread --strategy exhaustive --preemptions 2
// finds: progress: never
@@
expression list A;
identifier cmd;
@@
 fuse_uring_send_in_task(...)
 {
 <...
 io_uring_cmd_done(cmd, ...);
-fuse_uring_req_end(A);
 ...>
 }
