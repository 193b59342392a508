// SPDX-License-Identifier: GPL-2.0-only
// A request is put into the server's memory, and the command does not complete.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: killed-client --strategy random --executions 20
// finds: progress: is not answered: entry 0, which has it, is in userspace, and
@@
identifier cmd;
@@
 fuse_uring_send(...)
 {
 <...
-io_uring_cmd_done(cmd, ...);
 ...>
 }
