// SPDX-License-Identifier: GPL-2.0-only
// A buffer is given back to the pool, and its entry still points to it.
// The rules see the entry with a buffer that it gave back, or that is free; the kernel
// itself warns when the entry is to select another.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: pool-exhaustion --strategy random --executions 2000
// finds: accounting: buffers are free and
// fuzz: accounting: is available and has buffer
// fuzz: accounting: is free, and entry
// fuzz: kernel: WARN_ON_ONCE(ent->payload.iov_base)
@@
expression P, N;
@@
 fuse_uring_recycle_buffer(...)
 {
 <...
-memset(P, 0, N);
 ...>
 }
