// SPDX-License-Identifier: GPL-2.0-only
// COMMIT_AND_FETCH reads the stopped flag before it takes the queue's lock.
// Teardown writes the flag under that lock: the two accesses race.
//
// subjects: linux-7.3 linux-7.2
// file: dev_uring.c
// explore: abort-answer --strategy exhaustive --preemptions 2
// finds: kernel: WARN_ON_ONCE(ent->state != FRRS_USERSPACE)
// fuzz: race: /race on queue->stopped: .*read in fuse_uring_commit_fetch/
@@
identifier q;
@@
 fuse_uring_commit_fetch(...)
 {
 ...
-spin_lock(&q->lock);
 if (unlikely(q->stopped)) {
-spin_unlock(&q->lock);
 return ...;
 }
+spin_lock(&q->lock);
 ...
 }
