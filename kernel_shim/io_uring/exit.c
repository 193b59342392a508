// SPDX-License-Identifier: GPL-2.0-only
/*
 * Going away: the last reference to an instance, its exit kworker, and what a
 * task's exit means to io_uring [io_uring/io_uring.c, cancel.c, tctx.c]. Kind:
 * model. Rules 4.3, 4.6, 5.1, 5.4.
 *
 * The kworker of the kernel spins while a pass finds somebody to ask, and looks
 * again every 50 ms otherwise. Here a pass that changed nothing is repeated once,
 * at a time that the search chooses, and then the kworker sleeps until something
 * happens on any instance, or for 50 ms of virtual time: more passes could only
 * find what this one found.
 */
#include <limits.h>
#include <stdio.h>

#include "model.h"
#include "shim/work.h"

#define EXIT_INTERVAL (SHIM_HZ / 20)
#define EXIT_WARN     (300ul * SHIM_HZ) /* IO_URING_EXIT_WAIT_MAX */

unsigned int uring_nr_dying;

/* ---- sleeping, and being woken by whatever happens ---- */

/* complete(), or time, or the next round of the kernel's loop: no lock is taken */
static void wake_napping(struct task_struct *task, unsigned char *kicked)
{
	*kicked = 1;
	if (!task || task->state == SHIM_TASK_RUNNING)
		return;
	task->state = SHIM_TASK_RUNNING;
	sched_wake(task->fiber);
}

static void wake_exit(struct shim_uring *ring)
{
	wake_napping(ring->exit_task, &ring->kicked);
}

void uring_kick_exit_slow(void)
{
	for (unsigned int i = 0; i < uring_nr_rings; i++)
		if (uring_rings[i].dying && !uring_rings[i].freed)
			wake_exit(&uring_rings[i]);
	for (unsigned int i = 0; i < uring_nr_tctx(); i++)
		if (uring_tctx_nr(i)->in_cancel)
			wake_napping(uring_tctx_nr(i)->task, &uring_tctx_nr(i)->kicked);
}

/*
 * @on: the instance or the task's context that @kicked is of
 * @interval: LONG_MAX: until it is kicked
 */
static void nap(const unsigned char *kicked, const void *on, long interval,
		const struct sched_site *site)
{
	sched_point(SCHED_WAIT, on, site);
	sched_touch(&uring_nr_dying, true);
	if (!*kicked) {
		shim_current()->state = SHIM_TASK_UNINTERRUPTIBLE;
		shim_schedule_timeout(interval, site);
	}
	shim_current()->state = SHIM_TASK_RUNNING;
	sched_touch(&uring_nr_dying, true); /* time may have woken it: it looks again */
	uring_consume(on);
}

/* ---- the kworker ---- */

/* [io_uring_try_cancel_requests] for everybody's requests */
static int try_cancel(struct shim_uring *ring)
{
	int asked = uring_iowq_cancel_ring(ring);

	URING_LOCK(ring);
	asked |= uring_cancel_polls(ring, NULL);
	asked |= uring_cancel_pass(ring, NULL);
	URING_UNLOCK(ring);
	if (ring->flags & URING_SETUP_SQPOLL) {
		uring_sq_park(ring);
		if (ring->sq.alive)
			uring_iowq_cancel_of(ring->sq.tctx, ring);
		uring_sq_unpark(ring);
	}
	return asked;
}

/*
 * @looked: when it looked before
 * @waited: jiffies since the ring was closed; time that goes on by chance, further than
 *	to its next look, is none in which it could have looked
 */
static void warn_if_late(struct shim_uring *ring, unsigned long *looked,
			 unsigned long *waited)
{
	unsigned long gone = jiffies - *looked;

	*looked += gone;
	*waited += gone < EXIT_INTERVAL ? gone : EXIT_INTERVAL;
	if (ring->warned || *waited <= EXIT_WARN)
		return;
	ring->warned = 1;
	shim_warn(SCHED_SITE("ctx->refs"),
		  "io_ring_exit_work: %u requests are left after five minutes",
		  ring->nr_reqs);
}

static void cancel_everything(struct shim_uring *ring)
{
	unsigned long looked = jiffies, waited = 0, before;
	int asked, repeated = 0;

	for (;;) {
		sched_touch(&uring_nr_dying, true);
		ring->kicked = 0;
		before = ring->events;
		if (ring->flags & URING_SETUP_DEFER_TASKRUN)
			uring_cancel_local(ring);
		asked = try_cancel(ring);
		sched_touch(&uring_nr_dying, true);
		if (!ring->nr_reqs)
			return;
		warn_if_late(ring, &looked, &waited);
		if (ring->events != before) {
			repeated = 0;
			if (asked)
				continue;
		} else if (asked && !repeated) {
			repeated = 1;
			sched_yield();
			continue;
		}
		nap(&ring->kicked, ring, EXIT_INTERVAL,
		    SCHED_SITE("requests of a closed io_uring"));
		repeated = 0;
	}
}

/* [io_tctx_exit_cb] */
static void leave_ring(struct shim_callback *cb)
{
	struct shim_uring *ring =
		(struct shim_uring *)((char *)cb - offsetof(struct shim_uring, exit_cb));

	sched_touch(&uring_nr_dying, false);
	uring_touch_user(ring, ring->exit_waits_for->index, 1);
	ring->users &= ~(1ull << ring->exit_waits_for->index);
	ring->exit_waits_for = NULL;
	wake_exit(ring);
}

/*
 * Every task that used the instance has to pass by task work before it is freed.
 * One that is in user mode is interrupted for that: it is as if it had been. The kworker
 * waits for the others as long as it takes.
 */
static void send_off(struct shim_uring *ring, struct io_uring_task *tctx)
{
	sched_touch(&tctx->task->in_kernel, false);
	sched_touch(&uring_nr_dying, true);
	uring_touch_user(ring, tctx->index, 1);
	if (!tctx->task->in_kernel) {
		ring->users &= ~(1ull << tctx->index);
		return;
	}
	ring->exit_cb.func = leave_ring;
	ring->exit_waits_for = tctx;
	if (shim_task_work_add(tctx->task, &ring->exit_cb, 1)) {
		ring->exit_waits_for = NULL;
		ring->users &= ~(1ull << tctx->index);
	}
	while (ring->exit_waits_for) {
		ring->kicked = 0;
		nap(&ring->kicked, ring, LONG_MAX,
		    SCHED_SITE("tasks that used a closed io_uring"));
	}
}

/* [io_ring_ctx_free] */
static void free_ring(struct shim_uring *ring)
{
	uring_sq_finish(ring);
	URING_LOCK(ring);
	uring_free_bufs(ring);
	uring_free_files(ring);
	uring_overflow_flush(ring, 1);
	URING_UNLOCK(ring);
	sched_touch(&uring_nr_dying, true);
	ring->freed = 1;
	uring_nr_dying--;
	shim_kfree(ring->token, SCHED_SITE("io_ring_ctx"));
}

/* [io_ring_exit_work] */
static void exit_work(void *arg)
{
	struct shim_uring *ring = arg;

	uring_consume(ring);
	cancel_everything(ring);
	for (unsigned int i = 0; i < uring_nr_tctx(); i++)
		if (uring_is_user(ring, i))
			send_off(ring, uring_tctx_nr(i));
	free_ring(ring);
}

/* [io_uring_release, io_ring_ctx_wait_and_kill] */
int uring_release(struct file *file)
{
	struct shim_uring *ring = file->private_data;
	char name[24];

	file->private_data = NULL;
	URING_LOCK(ring);
	sched_touch(&uring_nr_dying, true);
	ring->dying = 1;
	uring_nr_dying++;
	URING_UNLOCK(ring);
	snprintf(name, sizeof(name), "iou_exit/%u", ring->index);
	sched_point(SCHED_WORK, ring, SCHED_SITE("&ctx->exit_work"));
	uring_publish(ring);
	ring->exit_task = shim_task_new(name, 0, NULL, SHIM_PF_KTHREAD, exit_work, ring);
	return 0;
}

struct task_struct *shim_uring_exit_task(const struct shim_uring *ring)
{
	return ring->exit_task;
}

/* ---- a task's exit (5.1) ---- */

/* [io_uring_try_cancel_requests] for those of a task */
static void try_cancel_own(struct shim_uring *ring, struct io_uring_task *tctx)
{
	if ((ring->flags & URING_SETUP_DEFER_TASKRUN) && ring->submitter == tctx->task)
		uring_run_local(ring, INT_MAX, INT_MAX);
	URING_LOCK(ring);
	uring_cancel_polls(ring, tctx);
	uring_cancel_pass(ring, tctx);
	URING_UNLOCK(ring);
}

/* an sq thread on its ring, which nobody else cancels on (10.5) */
static int cancels_on(const struct shim_uring *ring, const struct io_uring_task *tctx)
{
	if (tctx->sq_of)
		return ring == tctx->sq_of;
	return uring_is_user(ring, tctx->index) && !(ring->flags & URING_SETUP_SQPOLL);
}

static void try_cancel_everywhere(struct io_uring_task *tctx)
{
	uring_iowq_cancel_tracked(tctx);
	for (unsigned int i = 0; i < uring_nr_rings; i++)
		if (cancels_on(&uring_rings[i], tctx))
			try_cancel_own(&uring_rings[i], tctx);
	if (tctx->sq_of)
		uring_run_tctx(tctx, UINT_MAX);
	if (shim_task_work_pending(tctx->task))
		shim_task_work_run(SCHED_SITE("io_run_task_work"));
}

/*
 * [io_uring_cancel_generic(false)]: as long as a request of the task is tracked, which
 * only one of an io_uring instance as a file is, the task cancels all that it submitted
 * anywhere. Without one, as a rule, it cancels nothing (4.3d). The kernel repeats that
 * at once as long as it finds a command to ask; here after something has happened.
 */
static void cancel_while_tracked(struct io_uring_task *tctx)
{
	unsigned int before;

	if (!tctx->tracked)
		return;
	sched_touch(&uring_nr_dying, true);
	uring_nr_dying++;
	tctx->in_cancel = 1;
	while (tctx->tracked) {
		tctx->kicked = 0;
		before = tctx->inflight;
		try_cancel_everywhere(tctx);
		sched_touch(&uring_nr_dying, true);
		if (tctx->tracked && tctx->inflight == before)
			nap(&tctx->kicked, tctx, EXIT_INTERVAL,
			    SCHED_SITE("tracked requests of an exiting task"));
	}
	tctx->in_cancel = 0;
	sched_touch(&uring_nr_dying, true);
	uring_nr_dying--;
}

/* what a task leaves that goes on without io_uring; what still sends it off does */
static void leave_all(const struct io_uring_task *tctx)
{
	for (unsigned int i = 0; i < uring_nr_rings; i++) {
		struct shim_uring *ring = &uring_rings[i];

		if (!uring_is_user(ring, tctx->index) || ring->exit_waits_for == tctx)
			continue;
		uring_touch_user(ring, tctx->index, 1);
		ring->users &= ~(1ull << tctx->index);
	}
}

/*
 * [io_uring_cancel_generic(true)]: a task that execs, or an sq thread that ends, cancels
 * all that it submitted, with its memory, and waits until all of it has ended
 */
void uring_cancel_all(struct io_uring_task *tctx)
{
	unsigned int before;

	sched_touch(&tctx->wq_queue, true);
	sched_touch(&uring_nr_dying, true);
	tctx->wq_exit = 1;
	uring_nr_dying++;
	tctx->in_cancel = 1;
	while (tctx->inflight) {
		tctx->kicked = 0;
		before = tctx->inflight;
		uring_iowq_cancel_task(tctx);
		try_cancel_everywhere(tctx);
		sched_touch(&uring_nr_dying, true);
		if (tctx->inflight && tctx->inflight == before)
			nap(&tctx->kicked, tctx, EXIT_INTERVAL,
			    SCHED_SITE("requests of a task that cancels all"));
	}
	tctx->in_cancel = 0;
	sched_touch(&uring_nr_dying, true);
	uring_nr_dying--;
	leave_all(tctx);
	uring_iowq_exit(tctx);
	tctx->exited = 1;
	shim_current()->io_uring = NULL;
}

/* before the other threads die */
void shim_uring_exec(void)
{
	if (shim_current()->io_uring)
		uring_cancel_all(shim_current()->io_uring);
}

/* [io_uring_cancel_generic, io_uring_clean_tctx] */
static void task_cancels(struct task_struct *task)
{
	struct io_uring_task *tctx = task->io_uring;

	uring_sq_process_ends(task);
	if (!tctx)
		return;
	sched_touch(&tctx->wq_queue, true);
	sched_touch(&uring_nr_dying, false);
	tctx->wq_exit = 1;
	cancel_while_tracked(tctx);
	leave_all(tctx);
	uring_iowq_exit(tctx);
}

static void task_is_gone(struct task_struct *task)
{
	if (task->io_uring)
		task->io_uring->exited = 1;
}

static int mm_is_used(const struct shim_mm *mm)
{
	for (unsigned int i = 0; i < sched_task_count(); i++) {
		const struct task_struct *t = sched_task_nr(i)->data;

		if (t && t->mm == mm && !t->exited)
			return 1;
	}
	return 0;
}

static int mm_holds_rings(const struct shim_mm *mm)
{
	for (unsigned int i = 0; i < uring_nr_rings; i++)
		if (uring_rings[i].mapped_in == mm)
			return 1;
	return 0;
}

/* [exit_mmap]: the last thread unmaps what is still mapped */
static void mm_goes(struct task_struct *task, struct shim_mm *mm)
{
	(void)task;
	if (!mm)
		return;
	sched_touch(mm, mm_holds_rings(mm)); /* who is the last matters then */
	if (mm_is_used(mm))
		return;
	for (unsigned int i = 0; i < uring_nr_rings; i++) {
		struct shim_uring *ring = &uring_rings[i];

		if (ring->mapped_in != mm)
			continue;
		ring->mapped_in = NULL;
		shim_fput(ring->file);
	}
}

void uring_install_hooks(void)
{
	shim_exit_hooks.exit_mm = mm_goes;
	shim_exit_hooks.uring_cancel = task_cancels;
	shim_exit_hooks.after_work = task_is_gone;
}
