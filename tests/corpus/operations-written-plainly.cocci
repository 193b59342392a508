// SPDX-License-Identifier: GPL-2.0-only
// The operations that send over the ring are published by a plain write.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: refused-register --detect race --strategy random --executions 100
// finds: race: fuse_send_one
@@
expression F, O;
@@
 fuse_uring_do_register(...)
 {
 <...
-WRITE_ONCE(F, O);
+F = O;
 ...>
 }
