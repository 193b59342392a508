// SPDX-License-Identifier: GPL-2.0-only
// What a server retrieves is not given back when it has been sent.
//
// subjects: linux-7.3 linux-7.2
// file: notify.c
// explore: notify-store-retrieve --strategy exhaustive --preemptions 0
// finds: heap: page leaked
@@
@@
-release_pages(...);
