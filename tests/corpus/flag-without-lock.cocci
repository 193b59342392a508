// SPDX-License-Identifier: GPL-2.0-only
// A flag that says why the connection went is written and read plainly.
//
// subjects: linux-7.3
// file: dev_uring.c fuse_dev_i.h
// explore: abort --detect race --strategy exhaustive --preemptions 1
// finds: race: gone_by_abort
@@
@@
 struct fuse_chan {
+	int gone_by_abort;
	...
 };

@@
identifier R, Q;
statement S;
@@
 fuse_uring_abort_end_requests(struct fuse_ring *R)
 {
 ...
+R->chan->gone_by_abort = 1;
 for (Q = 0; ...; Q++) S
 }

@@
expression C;
@@
 fuse_uring_cmd(...)
 {
 <...
 if (C->abort_with_err)
	return -ECONNABORTED;
+if (C->gone_by_abort)
+	return -ECONNABORTED;
 ...>
 }
