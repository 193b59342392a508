// SPDX-License-Identifier: GPL-2.0-only
// No copy of a payload gives back the page that it used last.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: round-trip --strategy exhaustive --preemptions 0
// finds: heap: page leaked
@@
@@
-fuse_copy_finish(...);
