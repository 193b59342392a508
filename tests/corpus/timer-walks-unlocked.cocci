// SPDX-License-Identifier: GPL-2.0-only
// The timer that looks for requests that are too old walks a queue's lists without its
// lock.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: cancelled-timeout --timers 1 --executions 2000 --detect race
// finds: race: ent_list_request_expired
@@
@@
 fuse_uring_request_expired(...)
 {
 <...
-spin_lock(...);
 ...>
 }

@@
@@
 fuse_uring_request_expired(...)
 {
 <...
-spin_unlock(...);
 ...>
 }
