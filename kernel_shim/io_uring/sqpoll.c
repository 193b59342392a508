// SPDX-License-Identifier: GPL-2.0-only
/*
 * IORING_SETUP_SQPOLL: a thread of the process that submits what user mode puts into the
 * queue, and runs the task work of it [io_uring/sqpoll.c]. Kind: model. Rules 10.1
 * to 10.6.
 *
 * The kernel's thread spins until it has had nothing to do for sq_thread_idle, and then
 * sleeps until it is woken. Here, what spins is blocked until there is something that it
 * would see; that its time is over is virtual time, so with --timers a choice.
 */
#include <limits.h>
#include <stdio.h>

#include "model.h"

#define SQ_IDLE	  SHIM_HZ /* sq_thread_idle, if user mode says nothing */
#define SQ_TW_MAX 32	  /* IORING_TW_CAP_ENTRIES_VALUE */

static const struct shim_lock_class lock_class = { "sqd->lock" };
static const struct shim_lock_class wait_class = { "sqd->wait.lock" };

#define SQ_LOCK(sq)   shim_mutex_lock(&(sq)->lock, SCHED_SITE("&sqd->lock"))
#define SQ_UNLOCK(sq) shim_mutex_unlock(&(sq)->lock, SCHED_SITE("&sqd->lock"))

/* ---- what the thread looks at ---- */

/* [io_sqring_entries] */
static unsigned int entries(struct shim_uring *ring)
{
	sched_touch(&ring->shared->sq_tail, false);
	return ring->shared->sq_tail - ring->cached_sq_head;
}

/* [io_sqd_events_pending] */
static int events_pending(const struct uring_sq *sq)
{
	sched_touch(sq, false);
	return sq->park_pending || sq->stop;
}

/* [io_sq_tw_pending] */
static int work_pending(const struct uring_sq *sq)
{
	sched_touch(&sq->tctx->fifo, false);
	return sq->tctx->fifo.first != NULL;
}

static int need_wakeup(struct shim_uring *ring, int set)
{
	sched_touch(&ring->shared->sq_flags, set >= 0);
	if (set > 0)
		ring->shared->sq_flags |= URING_SQ_NEED_WAKEUP;
	else if (!set)
		ring->shared->sq_flags &= ~URING_SQ_NEED_WAKEUP;
	return !!(ring->shared->sq_flags & URING_SQ_NEED_WAKEUP);
}

/* what it would see if it looked all the time, and wake_up_process() */
static void wake_thread(struct uring_sq *sq)
{
	struct task_struct *task = sq->task;

	if (!task)
		return;
	sched_touch(&task->state, true);
	if (task->state != SHIM_TASK_INTERRUPTIBLE)
		return;
	task->state = SHIM_TASK_RUNNING;
	race_task(task->fiber);
	sched_wake(task->fiber);
}

/* ---- the thread ---- */

/* [io_sqd_handle_event]. Return: whether it has to stop */
static int handle_event(struct uring_sq *sq)
{
	struct task_struct *me = shim_current();

	sched_touch(sq, false);
	if (sq->park_pending || shim_signal_pending(me)) {
		SQ_UNLOCK(sq);
		/* [get_signal]: task work first; SIGKILL alone is not blocked */
		if (shim_task_work_pending(me))
			shim_task_work_run(SCHED_SITE("get_signal"));
		while (sched_touch(sq, false), sq->park_pending)
			sched_block(&sq->park_pending, "to be unparked",
				    SCHED_SITE("sqd->wait"));
		SQ_LOCK(sq);
	}
	sched_touch(sq, false);
	return shim_fatal_signal_pending(me) || sq->stop;
}

/* [__io_sq_thread] Return: how many were submitted */
static unsigned int submit(struct shim_uring *ring)
{
	unsigned int n = entries(ring);

	if (!n)
		return 0;
	URING_LOCK(ring);
	uring_consume(&ring->shared->sq_tail);
	n = ring->dying ? 0 : uring_submit_batch(ring, ring->sq.tctx, n);
	URING_UNLOCK(ring);
	sched_touch(&ring->sq.taken, true);
	sched_wake_on(&ring->sq.taken);
	return n;
}

/* [io_sq_tw] Return: how many entries were run */
static unsigned int run_work(struct uring_sq *sq, unsigned int max)
{
	unsigned int n = uring_run_tctx(sq->tctx, max);

	if (shim_task_work_pending(shim_current()))
		shim_task_work_run(SCHED_SITE("io_sq_tw"));
	return n;
}

/* it has the lock, and would see whatever comes, until its time is over */
static void spin(struct shim_uring *ring)
{
	struct uring_sq *sq = &ring->sq;
	struct task_struct *me = shim_current();
	long left = (long)(sq->timeout - jiffies) + 1;

	sched_point(SCHED_WAIT, sq, SCHED_SITE("spins"));
	if (left <= 0 || (!ring->dying && entries(ring)) || work_pending(sq) ||
	    events_pending(sq) || shim_signal_pending(me))
		return;
	sched_touch(&me->state, true);
	me->state = SHIM_TASK_INTERRUPTIBLE;
	sched_current()->idle = true;
	shim_schedule_timeout(left, SCHED_SITE("SQEs"));
	sched_current()->idle = false;
	sched_touch(&me->state, true);
	me->state = SHIM_TASK_RUNNING;
}

/* Return: nothing came between the flag and the look at the queue */
static int says_that_it_sleeps(struct shim_uring *ring)
{
	need_wakeup(ring, 1);
	sched_point(SCHED_WAIT, &ring->shared->sq_flags,
		    SCHED_SITE("IORING_SQ_NEED_WAKEUP"));
	return !entries(ring) || ring->dying;
}

static void go_to_sleep(struct shim_uring *ring)
{
	struct uring_sq *sq = &ring->sq;
	struct shim_waiter w = { 0 };

	shim_prepare_to_wait(&sq->wait, &w, SHIM_TASK_INTERRUPTIBLE, 0,
			     SCHED_SITE("&sqd->wait"));
	if (!events_pending(sq) && !work_pending(sq)) {
		if (says_that_it_sleeps(ring)) {
			SQ_UNLOCK(sq);
			sched_current()->idle = true;
			shim_schedule(SCHED_SITE("IORING_ENTER_SQ_WAKEUP"));
			sched_current()->idle = false;
			SQ_LOCK(sq);
		}
		need_wakeup(ring, 0);
	}
	shim_finish_wait(&sq->wait, &w, SCHED_SITE("&sqd->wait"));
}

/* what it has submitted has ended, one way or the other, before it goes (4.3c) */
static void ends(struct shim_uring *ring)
{
	struct uring_sq *sq = &ring->sq;

	if (work_pending(sq))
		run_work(sq, UINT_MAX);
	uring_cancel_all(sq->tctx);
	sched_touch(sq, true);
	sq->alive = 0;
	need_wakeup(ring, 1);
	if (shim_task_work_pending(shim_current()))
		shim_task_work_run(SCHED_SITE("io_run_task_work"));
	SQ_UNLOCK(sq);
	sched_touch(sq, true);
	sq->exited = 1;
	race_release(sq);
	sched_touch(&sq->taken, true);
	sched_wake_on(&sq->taken);
	sched_wake_on(&sq->exited);
}

/* [io_sq_thread] */
static void sq_thread(void *arg)
{
	struct shim_uring *ring = arg;
	struct uring_sq *sq = &ring->sq;
	unsigned int did;

	SQ_LOCK(sq);
	for (;;) {
		if (events_pending(sq) || shim_signal_pending(shim_current())) {
			if (handle_event(sq))
				break;
			sq->timeout = jiffies + SQ_IDLE;
		}
		did = submit(ring);
		did += run_work(sq, SQ_TW_MAX);
		if (did)
			sq->timeout = jiffies + SQ_IDLE;
		if (did || (long)(jiffies - sq->timeout) <= 0) {
			if (!did)
				spin(ring);
			continue;
		}
		go_to_sleep(ring);
		sq->timeout = jiffies + SQ_IDLE;
	}
	ends(ring);
}

/* [io_sq_offload_create, create_io_thread]: memory and descriptors are the process's */
void uring_sq_create(struct shim_uring *ring)
{
	struct task_struct *me = shim_current();
	struct uring_sq *sq = &ring->sq;
	char name[24];

	shim_lock_init(&sq->lock, &lock_class);
	shim_wait_init(&sq->wait, &wait_class);
	sq->timeout = jiffies - 1; /* it has to be woken for the first SQE */
	snprintf(name, sizeof(name), "iou-sqp-%d/%u", me->pid, ring->index);
	sq->task =
		shim_task_new(name, me->cpu, me->mm, SHIM_PF_IO_WORKER, sq_thread, ring);
	sq->task->tgid = me->tgid;
	sq->task->uid = me->uid;
	sq->task->gid = me->gid;
	sq->alive = 1;
	sq->tctx = uring_tctx_of(sq->task, ring);
	sq->tctx->sq_of = ring;
}

/* ---- others ---- */

/* [io_sq_thread_park]: it lets go of its lock, as soon as it looks */
void uring_sq_park(struct shim_uring *ring)
{
	struct uring_sq *sq = &ring->sq;

	sched_touch(sq, true);
	sq->park_pending++;
	wake_thread(sq);
	SQ_LOCK(sq);
}

/* [io_sq_thread_unpark] */
void uring_sq_unpark(struct shim_uring *ring)
{
	struct uring_sq *sq = &ring->sq;

	sched_touch(sq, true);
	sq->park_pending--;
	SQ_UNLOCK(sq);
	sched_wake_on(&sq->park_pending);
}

/* [io_sq_thread_finish, io_sq_thread_stop] */
void uring_sq_finish(struct shim_uring *ring)
{
	struct uring_sq *sq = &ring->sq;

	if (!(ring->flags & URING_SETUP_SQPOLL))
		return;
	sched_touch(sq, true);
	sq->stop = 1;
	wake_thread(sq);
	while (sched_touch(sq, false), !sq->exited)
		sched_block(&sq->exited, "its sq thread", SCHED_SITE("&sqd->exited"));
	race_acquire(sq);
}

/* [__set_notify_signal]: task work came, which it looks for itself */
void uring_sq_notify(struct shim_uring *ring)
{
	shim_notify(ring->sq.task);
}

/* ---- io_uring_enter(2) ---- */

/* [io_sqpoll_wait_sq] */
static void wait_for_room(struct shim_uring *ring)
{
	struct task_struct *me = shim_current();

	while (sched_touch(&ring->sq.taken, false),
	       ring->user_sq_tail - ring->shared->sq_head >= ring->sq_entries) {
		if (shim_signal_pending(me) || !ring->sq.alive || ring->dying)
			break;
		me->state = SHIM_TASK_INTERRUPTIBLE;
		sched_block(&ring->sq.taken, "room for an SQE",
			    SCHED_SITE("&ctx->sqo_sq_wait"));
		me->state = SHIM_TASK_RUNNING;
	}
}

int uring_sq_enter(struct shim_uring *ring, unsigned int to_submit, unsigned int flags)
{
	sched_point(SCHED_SYSCALL, &ring->sq, SCHED_SITE("ctx->sq_data->thread"));
	sched_touch(&ring->sq, false);
	if (!ring->sq.alive)
		return -EOWNERDEAD;
	if (flags & URING_ENTER_SQ_WAKEUP)
		shim_wake_up(&ring->sq.wait, SHIM_TASK_NORMAL, 0, 0,
			     SCHED_SITE("&sqd->wait"));
	if (flags & URING_ENTER_SQ_WAIT)
		wait_for_room(ring);
	return (int)to_submit;
}

/* ---- user mode ---- */

int uring_sq_flush(struct shim_uring *ring)
{
	if (!(ring->flags & URING_SETUP_SQPOLL) || ring->freed)
		return 1;
	if (ring->shared->sq_tail != ring->user_sq_tail) {
		sched_point(SCHED_SUBMIT, &ring->shared->sq_tail, SCHED_SITE("sq tail"));
		uring_publish(&ring->shared->sq_tail);
		ring->shared->sq_tail = ring->user_sq_tail;
		wake_thread(&ring->sq);
		sched_point(SCHED_SUBMIT, &ring->shared->sq_flags,
			    SCHED_SITE("IORING_SQ_NEED_WAKEUP"));
	}
	return need_wakeup(ring, -1);
}

int uring_sq_gone(const struct shim_uring *ring)
{
	return ring->flags & URING_SETUP_SQPOLL && !ring->sq.alive;
}

void uring_sq_settle(struct shim_uring *ring)
{
	struct task_struct *me = shim_current();

	if (!(ring->flags & URING_SETUP_SQPOLL))
		return;
	while (sched_touch(&ring->sq.taken, false),
	       !ring->freed && ring->shared->sq_head != ring->shared->sq_tail) {
		if (shim_fatal_signal_pending(me) || !ring->sq.alive || ring->dying)
			break;
		me->state = SHIM_TASK_INTERRUPTIBLE;
		sched_block(&ring->sq.taken, "its SQEs to be taken",
			    SCHED_SITE("sq head"));
		me->state = SHIM_TASK_RUNNING;
	}
}

/* ---- the process ---- */

static int lives(const struct task_struct *task)
{
	sched_touch(task, false);
	return !task->exited;
}

void shim_uring_kill_threads(int tgid)
{
	for (unsigned int i = 0; i < uring_nr_rings; i++) {
		struct task_struct *task = uring_rings[i].sq.task;

		if (task && task->tgid == tgid && lives(task))
			shim_signal(task, 1);
	}
}

void shim_uring_threads_end(int tgid)
{
	shim_uring_kill_threads(tgid);
	for (unsigned int i = 0; i < uring_nr_rings; i++) {
		struct task_struct *task = uring_rings[i].sq.task;

		if (task && task->tgid == tgid)
			shim_wait_for_exit(task);
	}
}

/* [do_group_exit]: the last thread that a program knows of takes the others along */
void uring_sq_process_ends(const struct task_struct *task)
{
	if (task->flags & SHIM_PF_IO_WORKER)
		return;
	for (unsigned int i = 0; i < sched_task_count(); i++) {
		const struct task_struct *t = sched_task_nr(i)->data;

		if (t && t != task && t->tgid == task->tgid && !t->ends &&
		    !(t->flags & SHIM_PF_IO_WORKER))
			return;
	}
	shim_uring_kill_threads(task->tgid);
}
