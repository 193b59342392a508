// SPDX-License-Identifier: GPL-2.0-only
/*
 * io-wq: the threads of a task that issue what would have blocked it
 * [io_uring/io-wq.c]. Kind: model. Rule 1.6.
 *
 * The kernel starts another worker when none is free and all that run are asleep,
 * or at once for IOSQE_ASYNC. Here it is at once in both cases: any allocation of
 * a handler may sleep, so that its first one is as good as its first instruction.
 */
#include <stdio.h>
#include <string.h>

#include "model.h"
#include "sched/checkpoint.h"
#include "shim/clear.h"

/* a worker, and what it has in hand */
struct uring_worker {
	struct task_struct *task;
	struct io_uring_task *tctx;
	struct shim_uring_req *cur;
	unsigned int slot;
};

static struct uring_worker workers[SCHED_MAX_TASKS];
static unsigned int nr_workers;

void uring_iowq_reset(void)
{
	clear_some(workers, nr_workers * sizeof(workers[0]));
	nr_workers = 0;
}

void uring_iowq_checkpoint(struct checkpoint *c)
{
	const unsigned int was = nr_workers;

	checkpoint_value(c, nr_workers);
	checkpoint_table(c, workers, nr_workers * sizeof(workers[0]),
			 was * sizeof(workers[0]));
}

/* [io_init_wq_offload]: as many as the SQ is long, or four per CPU */
void uring_iowq_init(struct io_uring_task *tctx, const struct shim_uring *ring)
{
	unsigned int max = 4 * shim_nr_cpus;

	if (max > ring->sq_entries)
		max = ring->sq_entries;
	if (max > SHIM_URING_MAX_WORKERS)
		max = SHIM_URING_MAX_WORKERS;
	tctx->wq_max = max;
}

/* ---- one request ---- */

/*
 * [io_wq_put_work, io_free_req]: the worker's reference. Return: what is linked behind a
 * request that is gone, for this worker; NULL: nothing
 */
static struct shim_uring_req *put_work(struct shim_uring_req *req)
{
	struct shim_uring_req *next;

	if (!uring_put_ref(req))
		return NULL;
	next = uring_chain_next(req);
	req->skip_cqe = 1;
	uring_tw_add(req, uring_tw_complete, 0, SCHED_SITE("io_free_req"));
	return next;
}

/* [io_wq_submit_work]: L is not held (1.6) */
static void submit_work(struct shim_uring_req *req)
{
	int ret = -ECANCELED;

	hook_fetch_begins();
	req->refs = req->refs ? req->refs + 1 : 2;
	if (!req->wq_cancel)
		ret = uring_issue(req, SHIM_URING_F_UNLOCKED | SHIM_URING_F_IOWQ);
	/* failed from a clean context: the submitter's task work */
	if (ret)
		uring_tw_fail(req, ret);
}

/* [io_run_cancel] */
static void run_cancel(struct shim_uring_req *req)
{
	while (req) {
		req->wq_cancel = 1;
		submit_work(req);
		req = put_work(req);
	}
}

/* ---- workers ---- */

/* [io_assign_current_work, io_run_task_work]: what it dropped, e.g. files */
static void between_two(void)
{
	struct task_struct *me = shim_current();

	if (shim_task_work_pending(me))
		shim_task_work_run(SCHED_SITE("io-wq"));
	shim_signal_clear(me);
}

/* [io_worker_handle_work] */
static void handle_work(struct uring_worker *w)
{
	struct shim_uring_req *req;

	while (sched_touch(&w->tctx->wq_queue, true),
	       (req = uring_pop(&w->tctx->wq_queue))) {
		w->cur = req;
		uring_consume(req);
		between_two();
		sched_touch(&w->tctx->wq_queue, true);
		if (w->tctx->wq_exit)
			w->task->notify = 1; /* nobody is to sleep for ever */
		do {
			w->cur = req;
			submit_work(req);
			sched_touch(&w->tctx->wq_queue, true);
			w->cur = NULL;
			req = put_work(req);
		} while (req);
	}
	between_two();
}

static void rest(struct uring_worker *w)
{
	sched_current()->idle = true;
	sched_block(w, "io-wq work", SCHED_SITE("io_wq_worker"));
	sched_current()->idle = false;
}

/* [io_wq_worker] */
static void worker_main(void *arg)
{
	struct uring_worker *w = arg;
	struct io_uring_task *tctx = w->tctx;

	for (;;) {
		handle_work(w);
		sched_touch(&tctx->wq_queue, true);
		if (tctx->wq_exit || shim_fatal_signal_pending(w->task))
			break;
		rest(w);
	}
	tctx->workers[w->slot] = NULL;
	tctx->wq_workers--;
	uring_publish(tctx);
	sched_wake_on(&tctx->wq_workers);
}

/* [create_io_worker]: a thread of the submitter's process, with its memory */
static void create_worker(struct io_uring_task *tctx)
{
	struct uring_worker *w = &workers[nr_workers];
	unsigned int slot = 0;
	char name[24];

	while (tctx->workers[slot])
		slot++;
	nr_workers++;
	snprintf(name, sizeof(name), "iou-wrk-%d/%u", tctx->task->pid, slot);
	w->tctx = tctx;
	w->slot = slot;
	tctx->workers[slot] = w;
	tctx->wq_workers++;
	w->task = shim_task_new(name, tctx->task->cpu, tctx->task->mm, SHIM_PF_IO_WORKER,
				worker_main, w);
	w->task->tgid = tctx->task->tgid;
	w->task->uid = tctx->task->uid;
	w->task->gid = tctx->task->gid;
}

/* [io_acct_activate_free_worker] */
static int wake_free_worker(struct io_uring_task *tctx)
{
	for (unsigned int i = 0; i < tctx->wq_max; i++)
		if (tctx->workers[i] && sched_wake_on(tctx->workers[i]))
			return 1;
	return 0;
}

/* [io_queue_iowq, io_wq_enqueue]: the submitter, L held */
void uring_iowq_enqueue(struct shim_uring_req *req)
{
	struct io_uring_task *tctx = req->tctx;

	/* a registered file is looked up by the worker */
	if (uring_is_cmd(req) && !req->fixed)
		uring_get_file(req, 0);
	sched_point(SCHED_WORK, req, SCHED_SITE("io_wq_enqueue"));
	sched_touch(&tctx->wq_queue, true);
	if (tctx->wq_exit) {
		run_cancel(req);
		return;
	}
	uring_publish(req);
	uring_push(&tctx->wq_queue, req);
	if (!wake_free_worker(tctx) && tctx->wq_workers < tctx->wq_max)
		create_worker(tctx);
}

/* ---- cancelling ---- */

/* of @ring, or of any if NULL; only those that are tracked? */
static int matches(const struct shim_uring_req *req, const struct shim_uring *ring,
		   int tracked)
{
	return (!ring || req->ctx == ring) && (!tracked || req->tracked);
}

/* take the first one that matches out of the queue */
static struct shim_uring_req *take_pending(struct io_uring_task *tctx,
					   const struct shim_uring *ring, int tracked)
{
	struct shim_uring_fifo rest = { 0 };
	struct shim_uring_req *req, *found = NULL;

	sched_touch(&tctx->wq_queue, true);
	while ((req = uring_pop(&tctx->wq_queue))) {
		if (!found && matches(req, ring, tracked))
			found = req;
		else
			uring_push(&rest, req);
	}
	tctx->wq_queue = rest;
	return found;
}

/* [io_wq_cancel_cb]: what waits fails, what runs is nudged */
static int cancel_in(struct io_uring_task *tctx, const struct shim_uring *ring,
		     int tracked)
{
	struct shim_uring_req *req;
	int found = 0;

	while ((req = take_pending(tctx, ring, tracked))) {
		run_cancel(req);
		found = 1;
	}
	sched_touch(&tctx->wq_queue, true);
	for (unsigned int i = 0; i < tctx->wq_max; i++) {
		struct uring_worker *w = tctx->workers[i];

		if (!w || !w->cur || !matches(w->cur, ring, tracked))
			continue;
		w->cur->wq_cancel = 1;
		shim_signal(w->task, 0);
		found = 1;
	}
	return found;
}

/* [io_uring_try_cancel_iowq] */
int uring_iowq_cancel_ring(struct shim_uring *ring)
{
	int found = 0;

	URING_LOCK(ring);
	for (unsigned int i = 0; i < uring_nr_tctx(); i++)
		if (uring_is_user(ring, i))
			found |= cancel_in(uring_tctx_nr(i), ring, 0);
	URING_UNLOCK(ring);
	return found;
}

/* [io_wq_cancel_pending_work] Return: the first that matches, off the queue */
static struct shim_uring_req *take_matching(struct io_uring_task *tctx,
					    struct uring_match *match)
{
	struct shim_uring_fifo rest = { 0 };
	struct shim_uring_req *req, *found = NULL;

	sched_touch(&tctx->wq_queue, true);
	while ((req = uring_pop(&tctx->wq_queue))) {
		if (!found && match->fn(match, req))
			found = req;
		else
			uring_push(&rest, req);
	}
	tctx->wq_queue = rest;
	return found;
}

/*
 * [io_wq_cancel_cb, io_async_cancel_one]: what waits first, then what runs, which is
 * nudged. Return: 0, -EALREADY if one runs, -ENOENT
 */
int uring_iowq_cancel_matching(struct io_uring_task *tctx, struct uring_match *match)
{
	struct shim_uring_req *req;
	int waited = 0, runs = 0;

	while ((req = take_matching(tctx, match))) {
		run_cancel(req);
		waited = 1;
		if (!match->all)
			return 0;
	}
	sched_touch(&tctx->wq_queue, true);
	for (unsigned int i = 0; i < tctx->wq_max && (!runs || match->all); i++) {
		struct uring_worker *w = tctx->workers[i];

		if (!w || !w->cur || !match->fn(match, w->cur))
			continue;
		w->cur->wq_cancel = 1;
		shim_signal(w->task, 0);
		runs = 1;
	}
	return runs ? -EALREADY : waited ? 0 : -ENOENT;
}

/* [io_ring_exit_work]: of what an sq thread has there */
int uring_iowq_cancel_of(struct io_uring_task *tctx, const struct shim_uring *ring)
{
	return cancel_in(tctx, ring, 0);
}

/* [io_cancel_task_cb] of a task that exits */
void uring_iowq_cancel_tracked(struct io_uring_task *tctx)
{
	cancel_in(tctx, NULL, 1);
}

/* [io_cancel_task_cb] of a task that execs */
void uring_iowq_cancel_task(struct io_uring_task *tctx)
{
	cancel_in(tctx, NULL, 0);
}

/* [io_wq_exit_workers, io_wq_destroy]: a task exits, its workers with it (5.1) */
void uring_iowq_exit(struct io_uring_task *tctx)
{
	struct shim_uring_req *req;

	sched_touch(&tctx->wq_queue, true); /* with the workers */
	for (unsigned int i = 0; i < tctx->wq_max; i++) {
		struct uring_worker *w = tctx->workers[i];

		if (w && !sched_wake_on(w))
			shim_signal(w->task, shim_fatal_signal_pending(tctx->task));
	}
	while (sched_touch(&tctx->wq_queue, false), tctx->wq_workers)
		sched_block(&tctx->wq_workers, "io-wq workers",
			    SCHED_SITE("worker_done"));
	uring_consume(tctx);
	while ((req = take_pending(tctx, NULL, 0)))
		run_cancel(req);
}
