// SPDX-License-Identifier: GPL-2.0-only
// What copy_from_user() could not copy is taken for the error of a reply.
// No server can give an error above 0, as the kernel refuses it: a client that gets one got a
// number of bytes.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: unmapped-reply --strategy exhaustive --preemptions 0
// finds: accounting: ret == -EFAULT
// fuzz: accounting: /got error [1-9]/
@@
expression A, B, C;
@@
 copy_header_from_ring(...)
 {
 ...
-if (copy_from_user(A, B, C)) {
+size_t left = copy_from_user(A, B, C);
+if (left) {
 ...
-return -EFAULT;
+return left;
 }
 ...
 }

@@
expression list A;
@@
 fuse_uring_commit(...)
 {
 ...
-if (copy_header_from_ring(A))
+err = copy_header_from_ring(A);
+if (err)
 goto out;
 ...
 }
