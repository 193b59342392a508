// SPDX-License-Identifier: GPL-2.0-only
// A task that mounts, and whose FUSE_INIT is synchronous, is killed: it waits for the
// answer, and keeps the device open by which the server's exit would be noticed.
// The rule about calls that stall sees the mount when nothing can go on.
//
// subjects: linux-7.3 linux-7.2
// file: dev.c
// explore: sync-init-killed --strategy exhaustive --preemptions 1
// finds: progress: waits for the answer to FUSE_INIT, and
@@
expression R;
@@
 if (
-R->args->abort_on_kill
+R->args->abort_on_kill && !R->args->force
    ) { ... }
