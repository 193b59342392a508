// SPDX-License-Identifier: GPL-2.0-only
// A request that is sent again stays on the list of interrupts.
// Who reads the device takes it off there, while its client, who has its answer, frees it: a race.
//
// subjects: linux-7.3
// file: dev.c
// explore: resend-interrupt --strategy exhaustive --preemptions 2
// finds: heap: use after free
// fuzz: race: write in fuse_request_free
@@
identifier req;
@@
 fuse_chan_resend(...)
 {
 <...
-if (test_bit(FR_INTERRUPTED, &req->flags))
-	list_del_init(&req->intr_entry);
 ...>
 }
