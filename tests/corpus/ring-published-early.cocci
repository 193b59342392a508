// SPDX-License-Identifier: GPL-2.0-only
// The first REGISTER makes the ring, and publishes it before its fields are set.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: register-race --strategy exhaustive --preemptions 1
// finds: kernel: NULL pointer
@@
identifier fch;
@@
 fuse_uring_conn_init(struct fuse_chan *fch)
 {
-if (fuse_uring_create(fch))
 fch->io_uring = 1;
 }

@@
identifier fch, r;
@@
 fuse_uring_register(..., struct fuse_chan *fch)
 {
 ...
-if (!r)
-return -EINVAL;
+if (!r) {
+r = fuse_uring_create(fch);
+if (!r)
+return -ENOMEM;
+}
 ...
 }

@@
identifier fch, r;
expression N;
@@
+r->nr_queues = nr_queues;
+smp_store_release(&fch->ring, r);
 spin_lock(&fch->lock);
 if (!fch->connected)
 { ... }
 ...
 r->nr_queues = N;
 ...
-smp_store_release(&fch->ring, r);
