/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for completion.h. Model, on top of a wait queue; the kernel has a lock
 * around the count, here it is told to the race detector what that orders.
 */
#ifndef SHIM_LINUX_COMPLETION_H
#define SHIM_LINUX_COMPLETION_H

#include <linux/wait.h>

struct completion {
	unsigned int done;
	wait_queue_head_t wait;
};

#define init_completion(c)                       \
	do {                                     \
		(c)->done = 0;                   \
		init_waitqueue_head(&(c)->wait); \
	} while (0)
#define complete(c)                              \
	do {                                     \
		shim_volatile((c)->done) += 1;   \
		shim_order(release(&(c)->done)); \
		wake_up(&(c)->wait);             \
	} while (0)
#define wait_for_completion(c)                                             \
	do {                                                               \
		wait_event_exclusive((c)->wait, shim_volatile((c)->done)); \
		shim_volatile((c)->done) -= 1;                             \
		shim_order(acquire(&(c)->done));                           \
	} while (0)

#endif /* SHIM_LINUX_COMPLETION_H */
