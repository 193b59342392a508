/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for completion.h. Model, on top of a wait queue; the kernel has the queue's
 * lock around the count and the wake-up. Here the count is taken in the step that looks
 * at it, so that no two waiters get one, and it is told to the race detector what is
 * ordered.
 */
#ifndef SHIM_LINUX_COMPLETION_H
#define SHIM_LINUX_COMPLETION_H

#include <linux/wait.h>

struct completion {
	unsigned int done;
	wait_queue_head_t wait;
};

/* [do_wait_for_common]: looked at and taken under the lock */
static inline bool shim_take_completion(struct completion *c)
{
	if (!shim_volatile(c->done))
		return false;
	shim_volatile(c->done) -= 1;
	return true;
}

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
#define wait_for_completion(c)                                            \
	do {                                                              \
		wait_event_exclusive((c)->wait, shim_take_completion(c)); \
		shim_order(acquire(&(c)->done));                          \
	} while (0)

#endif /* SHIM_LINUX_COMPLETION_H */
