/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for rcupdate.h. call_rcu: model, the callback runs in a kworker. Readers are
 * not modelled: no code that is compiled has a reader that must hold a grace period off.
 */
#ifndef SHIM_LINUX_RCUPDATE_H
#define SHIM_LINUX_RCUPDATE_H

#include <linux/container_of.h>
#include <linux/types.h>

#include "shim/work.h"

struct rcu_head {
	struct shim_rcu shim;
	void (*func)(struct rcu_head *head);
};

typedef void (*rcu_callback_t)(struct rcu_head *head);

static inline void shim_rcu_call(struct shim_rcu *shim)
{
	struct rcu_head *head = container_of(shim, struct rcu_head, shim);

	head->func(head);
}

static inline void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head->func = func;
	shim_call_rcu(&head->shim, shim_rcu_call);
}

#define rcu_read_lock()			SHIM_UNMODELLED(void, "rcu_read_lock")
#define rcu_read_unlock()		SHIM_UNMODELLED(void, "rcu_read_unlock")
#define synchronize_rcu()		SHIM_UNMODELLED(void, "synchronize_rcu")
#define rcu_barrier()			SHIM_UNMODELLED(void, "rcu_barrier")
#define kfree_rcu(p, member)		SHIM_UNMODELLED(void, "kfree_rcu", p)
#define rcu_dereference(p)		READ_ONCE(p)
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_dereference_protected(p, c) ((void)(c), (p))
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), v)
#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)

#endif /* SHIM_LINUX_RCUPDATE_H */
