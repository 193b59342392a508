// SPDX-License-Identifier: GPL-2.0-only
// No more than a page of a reply's payload is taken: what a client gets is not what the
// file system answered.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: unaligned --strategy random --executions 20
// finds: accounting: which is not what the file system answers
@@
expression CS, ARGS, S;
@@
 fuse_copy_out_args(CS, ARGS,
-S.payload_sz
+min_t(unsigned int, S.payload_sz, PAGE_SIZE)
 )
