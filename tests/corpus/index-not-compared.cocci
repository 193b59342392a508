// SPDX-License-Identifier: GPL-2.0-only
// A command on a queue with a registered pool may name any buffer.
// The rule about commands that the kernel has to refuse sees that one stays or brings a request.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: other-buffer --strategy exhaustive --preemptions 0
// finds: accounting: of the ring's table and is taken
@@
expression A, B;
@@
 fuse_uring_cmd_index_ok(...)
 {
 ...
-return A && B;
+return A;
 }
