// SPDX-License-Identifier: GPL-2.0-only
// REGISTER takes its reference to the ring when the entry is available, and abort
// does not count until then.
// Teardown does not wait for the entry, whose command stays for ever.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: abort-register --strategy exhaustive --preemptions 1
// finds: accounting: entry->completed
// fuzz: progress: /a (REGISTER|COMMIT_AND_FETCH) of entry .* outlives the abort/
@@
@@
 fuse_uring_create_ring_ent(...)
 {
 ...
-atomic_inc(...);
 return ...;
 }

@@
expression E, Q, R;
@@
 fuse_uring_do_register(...)
 {
 ...
-spin_lock(&R->lock);
-if (!R->connected) { ... }
-spin_unlock(&R->lock);
 ...
 fuse_uring_ent_avail(E, Q);
+atomic_inc(&ring->queue_refs);
 ...
 }
