// SPDX-License-Identifier: GPL-2.0-only
// Whatever error a server answers with, the client gets -EIO. What it should get is not
// the file system's to say: only the same call over /dev/fuse shows it.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: server-errors --strategy random --executions 20 --detect difference
// finds: difference: the client gets something else than over /dev/fuse
@@
struct fuse_out_header *oh;
identifier err;
@@
 if (oh->error) {
-	err = oh->error;
+	err = -EIO;
	...
 }
