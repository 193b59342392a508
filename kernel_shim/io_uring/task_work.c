// SPDX-License-Identifier: GPL-2.0-only
/*
 * Task work: who runs a command's callback, when, and whether as cancelled
 * [io_uring/tw.c]. Kind: model. Rules 3.1 to 3.7.
 */
#include <limits.h>

#include "model.h"
#include "shim/fault.h"

#define tctx_of(ptr, member) \
	((struct io_uring_task *)((char *)(ptr)-offsetof(struct io_uring_task, member)))

/* [io_should_terminate_tw] (3.5) */
static int terminate(const struct shim_uring *ring)
{
	return (shim_current()->flags & (SHIM_PF_EXITING | SHIM_PF_KTHREAD)) ||
	       ring->dying;
}

/* ---- queueing ---- */

/* [mpscq_push]. Return: whether it was empty */
static int push(struct shim_uring_fifo *q, struct shim_uring_req *req)
{
	int was_empty = !q->first;

	sched_touch(q, true);
	uring_publish(req);
	req->tw_queued = 1;
	uring_push(q, req);
	return was_empty;
}

/* [mpscq_pop]: off the queue before it is called, so it may be queued again (3.7) */
static struct shim_uring_req *pop(struct shim_uring_fifo *q)
{
	struct shim_uring_req *req = uring_pop(q);

	sched_touch(q, req != NULL);
	if (req) {
		req->tw_queued = 0;
		uring_consume(req);
	}
	return req;
}

/* [IORING_SETUP_TASKRUN_FLAG]: user mode can see that task work waits */
static void tell_user(struct shim_uring *ring, int waits)
{
	if (!(ring->flags & URING_SETUP_TASKRUN_FLAG))
		return;
	sched_touch(ring->shared, true);
	if (waits)
		ring->shared->sq_flags |= URING_SQ_TASKRUN;
	else
		ring->shared->sq_flags &= ~URING_SQ_TASKRUN;
}

int uring_sq_taskrun(struct shim_uring *ring)
{
	sched_touch(ring->shared, false);
	return !!(ring->shared->sq_flags & URING_SQ_TASKRUN);
}

/* [io_req_local_work_add]: a lazy add wakes when as many came as are waited for */
static void local_add(struct shim_uring_req *req, unsigned int flags)
{
	struct shim_uring *ring = req->ctx;

	push(&ring->local, req);
	tell_user(ring, 1);
	uring_event(ring);
	if (ring->wait_nr <= 0)
		return;
	if ((flags & SHIM_URING_TWQ_LAZY) && --ring->wait_nr)
		return;
	ring->wait_nr = 0;
	uring_cq_wake(ring);
}

/* [io_req_normal_work_add]: the first one asks the task; if it is gone, a kworker */
static void normal_add(struct shim_uring_req *req, const struct sched_site *site)
{
	struct io_uring_task *tctx = req->tctx;

	if (!push(&tctx->fifo, req))
		return;
	tell_user(req->ctx, 1);
	if (req->ctx->flags & URING_SETUP_SQPOLL) {
		uring_sq_notify(req->ctx);
		return;
	}
	sched_touch(tctx->task, false);
	if (!tctx->exited &&
	    !shim_task_work_add(tctx->task, &tctx->task_work,
				req->ctx->flags & URING_SETUP_COOP_TASKRUN
					? SHIM_NOTIFY_NO_IPI
					: SHIM_NOTIFY))
		return;
	shim_work_queue(&tctx->fallback, 0, site);
}

/* [__io_req_task_work_add] */
void uring_tw_add(struct shim_uring_req *req, shim_uring_tw_fn fn, unsigned int flags,
		  const struct sched_site *site)
{
	sched_point(SCHED_CALLBACK, req, site);
	if (req->tw_queued)
		report_fatal(REPORT_KERNEL, site,
			     "task work of a command is queued while it is queued");
	req->tw_fn = fn;
	uring_kick_exit();
	if (req->ctx->flags & URING_SETUP_DEFER_TASKRUN)
		local_add(req, flags);
	else
		normal_add(req, site);
}

/*
 * The task that is to run it sleeps where a signal ends the sleep, and SIGKILL has come:
 * it has left that place, has run what was queued before [get_signal], and finds this on
 * its way out, where all is cancelled.
 */
static void may_be_killed(const struct shim_uring_req *req)
{
	const struct shim_uring *ring = req->ctx;
	struct task_struct *task = ring->flags & URING_SETUP_DEFER_TASKRUN
					   ? ring->submitter
					   : req->tctx->task;

	if (!task || !shim_task_rests(task) || !fault_hit(FAULT_TASK_WORK))
		return;
	sched_trace(SCHED_FAULT, task, 1, SCHED_SITE("task work"));
	shim_process_dies(task);
}

void shim_uring_cmd_do_in_task(struct shim_uring_cmd *cmd, shim_uring_tw_fn fn,
			       unsigned int flags, const struct sched_site *site)
{
	struct shim_uring_req *req =
		uring_req(cmd, "io_uring_cmd_complete_in_task", site);

	may_be_killed(req);
	uring_tw_add(req, fn, flags, site);
}

/* ---- callbacks of the model itself ---- */

/* [io_req_task_complete] */
void uring_tw_complete(struct shim_uring_req *req, int cancel)
{
	(void)cancel;
	uring_complete_defer(req);
}

/* [io_req_task_queue_fail] */
void uring_tw_fail(struct shim_uring_req *req, int res)
{
	req->failed = 1;
	req->result = res;
	req->done = 1;
	uring_tw_add(req, uring_tw_complete, 0, SCHED_SITE("io_req_task_queue_fail"));
}

/* ---- running: default mode ---- */

static void call(struct shim_uring_req *req, int cancel)
{
	struct shim_uring *ring = req->ctx;

	sched_point(SCHED_CALLBACK, req, SCHED_SITE("io_task_work.func"));
	uring_event(ring);
	hook_fetch_begins();
	req->tw_fn(req, cancel);
}

static void flush_and_unlock(struct shim_uring *ring)
{
	if (!ring)
		return;
	tell_user(ring, 0);
	uring_flush(ring);
	URING_UNLOCK(ring);
}

/*
 * [tctx_task_work_run]: one hold of L covers successive entries of a ring, then
 * the flush (3.3), unless the processor is to be given to others: here, if time has
 * passed since the lock was taken. The run ends with the entry whose pop emptied the
 * queue: what was queued since has asked for a run of its own.
 */
static unsigned int run_task_fifo(struct io_uring_task *tctx, unsigned int max)
{
	struct shim_uring *ring = NULL;
	struct shim_uring_req *req;
	unsigned long since = 0;
	unsigned int n = 0;
	int cancel = 0, emptied = 0;

	while (!emptied && n < max && (req = pop(&tctx->fifo))) {
		n++;
		emptied = !tctx->fifo.first;
		if (!ring || req->ctx != ring || jiffies != since) {
			flush_and_unlock(ring);
			if (ring && jiffies != since)
				sched_yield(); /* [cond_resched] */
			ring = req->ctx;
			URING_LOCK(ring);
			cancel = terminate(ring);
			since = jiffies;
		}
		call(req, cancel);
	}
	flush_and_unlock(ring);
	return n;
}

unsigned int uring_run_tctx(struct io_uring_task *tctx, unsigned int max)
{
	return run_task_fifo(tctx, max);
}

/* [tctx_task_work] */
static void task_work(struct shim_callback *cb)
{
	run_task_fifo(tctx_of(cb, task_work), UINT_MAX);
}

/* [io_tctx_fallback_work]: a kworker, so everything is cancelled (3.6) */
static void fallback(struct shim_work *work)
{
	run_task_fifo(tctx_of(work, fallback), UINT_MAX);
}

void uring_tw_init(struct io_uring_task *tctx)
{
	tctx->task_work.func = task_work;
	shim_work_init(&tctx->fallback, fallback);
}

/* ---- running: DEFER_TASKRUN ---- */

static int run_some(struct shim_uring *ring, int cancel, int max)
{
	struct shim_uring_req *req;
	int n = 0;

	while (n < max && (req = pop(&ring->local))) {
		call(req, cancel);
		n++;
	}
	return n;
}

/* [io_run_local_work_continue] */
static int go_on(const struct shim_uring *ring, int events, int min_events)
{
	sched_touch(&ring->local, false);
	return ring->local.first && events < min_events;
}

/* [__io_run_local_work]: at most @max in one go, more only to get @min */
static int run_local(struct shim_uring *ring, int min, int max)
{
	int n = 0;

	tell_user(ring, 0);
	do {
		do {
			min -= n;
			n = run_some(ring, terminate(ring), max);
		} while (go_on(ring, n, min));
		uring_flush(ring);
	} while (go_on(ring, n, min));
	return n;
}

/* [io_run_local_work_locked] */
int uring_run_local_locked(struct shim_uring *ring, int min_events)
{
	sched_touch(&ring->local, false);
	if (!ring->local.first)
		return 0;
	return run_local(ring, min_events,
			 min_events > URING_TW_MAX ? min_events : URING_TW_MAX);
}

/* [io_run_local_work] */
int uring_run_local(struct shim_uring *ring, int min_events, int max_events)
{
	int n;

	URING_LOCK(ring);
	n = run_local(ring, min_events, max_events);
	URING_UNLOCK(ring);
	return n;
}

/* [io_cancel_local_task_work]: the ring is going away (3.6) */
void uring_cancel_local(struct shim_uring *ring)
{
	URING_LOCK(ring);
	run_some(ring, 1, INT_MAX);
	uring_flush(ring);
	URING_UNLOCK(ring);
}
