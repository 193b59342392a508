// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for CQEs [io_uring/wait.c]. Kind: model. Rule 3.2: this is where a task
 * that is asleep runs its task work.
 */
#include "model.h"
#include "shim/chance.h"

/* [io_cqring_wake, and wake_up_state() of a DEFER_TASKRUN submitter] */
void uring_cq_wake(struct shim_uring *ring)
{
	if (shim_waitqueue_active(&ring->cq_wait))
		shim_wake_up(&ring->cq_wait, SHIM_TASK_NORMAL, 0, 0,
			     SCHED_SITE("&ctx->cq_wait"));
}

/* [io_run_task_work] */
static void run_task_work(void)
{
	struct task_struct *me = shim_current();

	if (shim_task_work_pending(me))
		shim_task_work_run(SCHED_SITE("io_run_task_work"));
}

static int enough(const struct shim_uring *ring, uint32_t target)
{
	sched_touch(ring->shared, false);
	return (int32_t)(ring->shared->cq_tail - target) >= 0;
}

/* [__io_cqring_wait_schedule] @due: when to give up; NULL: never */
static int sleep(const unsigned long *due, const struct sched_site *site)
{
	long left = 0;

	if (due) {
		chances_touch((const void *)&jiffies);
		left = (long)(*due - jiffies);
		if (left <= 0)
			return -ETIME;
	}
	sched_current()->idle = true;
	if (due)
		left = shim_schedule_timeout(left, site);
	else
		shim_schedule(site);
	sched_current()->idle = false;
	return due && !left ? -ETIME : 0;
}

/*
 * [io_cqring_wait_schedule]. A task that has nothing to do here is at rest.
 * Return: negative to give up, else look again
 */
static int sleep_unless_needed(struct shim_uring *ring, uint32_t target, long signal,
			       const unsigned long *due)
{
	struct task_struct *me = shim_current();
	int ret;

	sched_touch(&ring->local, false);
	sched_touch(ring->shared, false);
	sched_touch(me, false);
	if (ring->local.first || me->works || ring->overflow_first)
		return 1;
	if (ring->dropped)
		return -EBADR;
	if (me->sigpending)
		return -EINTR;
	if (signal) /* a notification whose task work has run meanwhile */
		return 1;
	if (enough(ring, target))
		return 0;
	ret = sleep(due, SCHED_SITE("CQEs"));
	return me->leaves ? -EINTR : ret;
}

static int wait_once(struct shim_uring *ring, struct shim_waiter *w, uint32_t target,
		     const unsigned long *due)
{
	int nr = (int)(target - ring->shared->cq_tail), ret;
	long signal;

	if (ring->flags & URING_SETUP_DEFER_TASKRUN)
		sched_touch(&ring->local, true); /* with wait_nr */
	ring->wait_nr = nr;
	signal = shim_prepare_to_wait(&ring->cq_wait, w, SHIM_TASK_INTERRUPTIBLE, 1,
				      SCHED_SITE("&ctx->cq_wait"));
	ret = sleep_unless_needed(ring, target, signal, due);
	sched_touch(&shim_current()->state, true);
	shim_current()->state = SHIM_TASK_RUNNING;
	if (ring->flags & URING_SETUP_DEFER_TASKRUN)
		sched_touch(&ring->local, true);
	ring->wait_nr = 0;
	if (ring->local.first && !shim_current()->leaves)
		uring_run_local(ring, nr, nr);
	run_task_work();
	return ret;
}

static void flush_overflow(struct shim_uring *ring)
{
	URING_LOCK(ring);
	uring_overflow_flush(ring, 0);
	URING_UNLOCK(ring);
}

void uring_wait_for(struct uring_wait *how, unsigned int seconds, int absolute)
{
	*how = (struct uring_wait){
		.timeout = (unsigned long)seconds * SHIM_HZ + (absolute ? jiffies : 0),
		.absolute = absolute != 0,
	};
}

/* [io_cqring_wait] */
int uring_cq_wait(struct shim_uring *ring, unsigned int min_events,
		  const struct uring_wait *how)
{
	struct shim_waiter w = { 0 };
	int min, ret;
	uint32_t target;
	unsigned long due = 0;

	if ((ring->flags & URING_SETUP_DEFER_TASKRUN) &&
	    ring->submitter != shim_current())
		return -EEXIST;
	min = (int)(min_events < ring->cq_entries ? min_events : ring->cq_entries);
	sched_touch(&ring->local, false);
	if (ring->local.first)
		uring_run_local(ring, min, min > URING_TW_MAX ? min : URING_TW_MAX);
	run_task_work();
	if (ring->overflow_first)
		flush_overflow(ring);
	if (uring_cq_pending(ring) >= (uint32_t)min)
		return 0;
	target = ring->shared->cq_head + (uint32_t)min;
	if (how)
		due = how->timeout + (how->absolute ? 0 : jiffies);
	do {
		ret = wait_once(ring, &w, target, how ? &due : NULL);
		if (ret < 0)
			break;
		if (ring->overflow_first) {
			flush_overflow(ring);
			if (ring->overflow_first)
				break;
		}
	} while (!enough(ring, target));
	shim_finish_wait(&ring->cq_wait, &w, SCHED_SITE("&ctx->cq_wait"));
	return uring_cq_pending(ring) || ret > 0 ? 0 : ret;
}
