// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for CQEs [io_uring/wait.c]. Kind: model. Rule 3.2: this is where a task
 * that is asleep runs its task work.
 */
#include "model.h"

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

/*
 * [io_cqring_wait_schedule]. A task that has nothing to do here is at rest.
 * Return: negative to give up, else look again
 */
static int sleep_unless_needed(struct shim_uring *ring, uint32_t target, long signal)
{
	struct task_struct *me = shim_current();

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
	sched_current()->idle = true;
	shim_schedule(SCHED_SITE("CQEs"));
	sched_current()->idle = false;
	return me->leaves ? -EINTR : 0;
}

static int wait_once(struct shim_uring *ring, struct shim_waiter *w, uint32_t target)
{
	int nr = (int)(target - ring->shared->cq_tail), ret;
	long signal;

	if (ring->flags & URING_SETUP_DEFER_TASKRUN)
		sched_touch(&ring->local, true); /* with wait_nr */
	ring->wait_nr = nr;
	signal = shim_prepare_to_wait(&ring->cq_wait, w, SHIM_TASK_INTERRUPTIBLE, 1,
				      SCHED_SITE("&ctx->cq_wait"));
	ret = sleep_unless_needed(ring, target, signal);
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

/* [io_cqring_wait] */
int uring_cq_wait(struct shim_uring *ring, unsigned int min_events)
{
	struct shim_waiter w = { 0 };
	int min, ret;
	uint32_t target;

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
	do {
		ret = wait_once(ring, &w, target);
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
