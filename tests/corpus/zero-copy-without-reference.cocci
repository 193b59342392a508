// SPDX-License-Identifier: GPL-2.0-only
// Pages that are registered for the server have no reference of their own.
//
// subjects: linux-7.3
// file: dev_uring.c
// explore: late-copy --strategy exhaustive --preemptions 2
// finds: heap: use after free: a page of a registered buffer
@@
@@
 fuse_uring_set_up_zero_copy(...)
 {
 <...
-folio_get(...);
 ...>
 }

@@
@@
 fuse_zero_copy_release(...)
 {
 <...
-folio_put(...);
+;
 ...>
 }
