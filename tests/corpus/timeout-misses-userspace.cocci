// SPDX-License-Identifier: GPL-2.0-only
// A request that the server has does not time out.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: request-timeout --strategy random --executions 20
// finds: progress: seconds, the time-out is 20
// fuzz: progress: seconds, the time-out is
@@
expression a, b, c, f, q;
@@
 fuse_uring_request_expired(...)
 {
 <...
-if (a || b || c || ent_list_request_expired(f, &q->ent_in_userspace))
+if (a || b || c)
 { ... }
 ...>
 }
