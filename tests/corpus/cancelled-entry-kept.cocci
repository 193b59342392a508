// SPDX-License-Identifier: GPL-2.0-only
// Task work that is cancelled when the server exits keeps the entry's reference to the
// ring: the connection is never torn down.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: exit-one-thread --strategy exhaustive --preemptions 2
// finds: progress: never
@@
expression R, W;
@@
 fuse_uring_send_in_task(...)
 {
 <...
-if (atomic_dec_and_test(R))
-	wake_up_all(W);
 ...>
 }
