// SPDX-License-Identifier: GPL-2.0-only
// FUSE_INIT is over before the connection has a ring: a call that comes in between does
// not wait for the ring, and goes to a device that nobody reads.
//
// subjects: linux-7.3 linux-7.2
// file: dev.c
// explore: init-then-calls --strategy exhaustive --preemptions 1
// finds: accounting: expected: a result 0
@@
identifier fch, param;
@@
 fuse_chan_set_initialized(struct fuse_chan *fch, struct fuse_chan_param *param)
 {
 <...
-if (param->io_uring_enabled)
-	fuse_uring_conn_init(fch);
 ...>
 }

@@
identifier fch, param;
@@
 fuse_chan_set_initialized(struct fuse_chan *fch, struct fuse_chan_param *param)
 {
 ...
 smp_store_release(&fch->initialized, 1);
+if (param && param->io_uring_enabled)
+	fuse_uring_conn_init(fch);
 ...
 }
