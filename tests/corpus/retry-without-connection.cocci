// SPDX-License-Identifier: GPL-2.0-only
// The retry of the teardown keeps no connection, and finds its ring gone.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: abort-exit --strategy exhaustive --preemptions 1
// finds: heap: use after free
@@
@@
-fuse_conn_get(...);

@@
@@
-fuse_conn_put(...);
