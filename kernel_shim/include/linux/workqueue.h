/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for workqueue.h. Model: shim/work.h. All work queues are one: none of them
 * promises an order between items, so nothing a subject may rely on is lost.
 */
#ifndef SHIM_LINUX_WORKQUEUE_H
#define SHIM_LINUX_WORKQUEUE_H

#include <linux/container_of.h>
#include <linux/jiffies.h>
#include <linux/list.h>

#include "shim/work.h"

struct workqueue_struct;
struct work_struct;

typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	struct shim_work shim;
	work_func_t func;
};

struct delayed_work {
	struct work_struct work;
};

/* the kworker knows struct shim_work, the kernel's function struct work_struct */
static inline void shim_work_call(struct shim_work *shim)
{
	struct work_struct *work = container_of(shim, struct work_struct, shim);

	work->func(work);
}

static inline void shim_init_work(struct work_struct *work, work_func_t func)
{
	shim_work_init(&work->shim, shim_work_call);
	work->func = func;
}

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

extern struct workqueue_struct *system_wq;
extern struct workqueue_struct *system_percpu_wq;
extern struct workqueue_struct *system_unbound_wq;
extern struct workqueue_struct *system_dfl_wq;
extern struct workqueue_struct *system_long_wq;

#define INIT_WORK(w, func)	      shim_init_work(w, func)
#define INIT_DELAYED_WORK(d, func)    shim_init_work(&(d)->work, func)
#define INIT_DEFERRABLE_WORK(d, func) shim_init_work(&(d)->work, func)

static inline bool shim_queue(struct work_struct *work, unsigned long delay,
			      const struct sched_site *site)
{
	return shim_work_queue(&work->shim, delay, site);
}

static inline bool shim_cancel(struct work_struct *work, const struct sched_site *site)
{
	return shim_work_cancel(&work->shim, site);
}

static inline bool shim_cancel_sync(struct work_struct *work,
				    const struct sched_site *site)
{
	return shim_work_cancel_sync(&work->shim, site);
}

#define queue_work(wq, w) ((void)(wq), shim_queue(w, 0, SCHED_SITE(#w)))
#define schedule_work(w)  shim_queue(w, 0, SCHED_SITE(#w))
#define queue_delayed_work(wq, d, delay) \
	((void)(wq), shim_queue(&(d)->work, delay, SCHED_SITE(#d)))
#define schedule_delayed_work(d, delay) shim_queue(&(d)->work, delay, SCHED_SITE(#d))
#define cancel_work(w)			shim_cancel(w, SCHED_SITE(#w))
#define cancel_work_sync(w)		shim_cancel_sync(w, SCHED_SITE(#w))
#define cancel_delayed_work(d)		shim_cancel(&(d)->work, SCHED_SITE(#d))
#define cancel_delayed_work_sync(d)	shim_cancel_sync(&(d)->work, SCHED_SITE(#d))
#define work_pending(w)			((w)->shim.queued)
#define delayed_work_pending(d)		work_pending(&(d)->work)
#define mod_delayed_work(wq, d, delay) \
	SHIM_UNMODELLED(bool, "mod_delayed_work", wq, d, delay)
#define flush_work(w)	      SHIM_UNMODELLED(bool, "flush_work", w)
#define flush_delayed_work(d) SHIM_UNMODELLED(bool, "flush_delayed_work", d)
#define flush_workqueue(wq)   SHIM_UNMODELLED(void, "flush_workqueue", wq)

#endif /* SHIM_LINUX_WORKQUEUE_H */
