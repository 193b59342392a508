// SPDX-License-Identifier: GPL-2.0-only
// The payload that the server has to offer does not count max_pages: a read can be
// longer than the buffer.
//
// subjects: linux-7.2
// file: dev_uring.c
// explore: long-read --strategy exhaustive --preemptions 0
// finds: kernel: BUG
@@
identifier size;
expression F;
@@
-size = max(size, F->max_pages * PAGE_SIZE);
