// SPDX-License-Identifier: GPL-2.0-only
// The header of a reply is validated, and then read again.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: rewritten-header --strategy exhaustive --preemptions 2
// finds: accounting: call->ret <= 0
@@
expression list A;
identifier err;
@@
 fuse_uring_commit(...)
 {
 ...
 err = fuse_uring_copy_from_ring(A);
+if (copy_header_from_ring(ent, FUSE_URING_HEADER_IN_OUT, &req->out.h, sizeof(req->out.h)))
+	err = -EFAULT;
+else if (!err)
+	err = req->out.h.error;
 ...
 }
