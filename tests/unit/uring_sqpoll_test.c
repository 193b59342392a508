// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread of an SQPOLL ring, rules 10.1 to 10.6 of docs/io_uring-model.md.
 */
#include "uring_unit.h"

/* who is in the kernel there: the thread's name ends in numbers */
static const char *who(void)
{
	const char *name = shim_current()->comm;

	return strncmp(name, "iou-sqp", 7) ? name : "sq";
}

static int notes_context(struct shim_uring_cmd *cmd, unsigned int flags)
{
	note("%llu:%s%s%s%s%s%s", id_of(cmd), who(),
	     flags & SHIM_URING_F_INLINE ? "+inline" : "",
	     flags & SHIM_URING_F_NONBLOCK ? "+nonblock" : "",
	     flags & SHIM_URING_F_COMPLETE_DEFER ? "+defer" : "",
	     flags & SHIM_URING_F_UNLOCKED ? "+unlocked" : "",
	     flags & SHIM_URING_F_SQE128 ? "+128" : "");
	return (int)id_of(cmd);
}

/* as liburing does. Return: whether a call was needed */
static int submits(unsigned int n)
{
	int sleeps = uring_sq_flush(u.ring);

	if (sleeps)
		sys_io_uring_enter(u.ring, n, 0, URING_ENTER_SQ_WAKEUP);
	uring_sq_settle(u.ring);
	return sleeps;
}

static void start_polled(void)
{
	u.setup = URING_SETUP_SQPOLL;
	u.special = notes_context;
	start();
	sched_yield(); /* the thread goes to sleep */
}

static void submits_twice(void *arg)
{
	(void)arg;
	start_polled();
	put_sqe(u.ring, 1, SPECIAL);
	note("%d", submits(1));
	put_sqe(u.ring, 2, SPECIAL);
	put_sqe(u.ring, 3, SPECIAL);
	note("%d", submits(2));
	reap(u.ring);
}

/* 10.1, 10.2: it is woken once, and then sees what comes without a call */
static void the_sq_thread_issues_inline(void **state)
{
	(void)state;
	process("server", submits_twice, NULL);
	run_all();
	assert_diary("1:sq+inline+nonblock+defer+128 1 2:sq+inline+nonblock+defer+128 "
		     "3:sq+inline+nonblock+defer+128 0 1=1 2=2 3=3 release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void submits_later(void *arg)
{
	(void)arg;
	start_polled();
	put_sqe(u.ring, 1, SPECIAL);
	note("%d", submits(1));
	shim_current()->state = SHIM_TASK_INTERRUPTIBLE;
	shim_schedule_timeout(3 * SHIM_HZ, SCHED_SITE("later"));
	put_sqe(u.ring, 2, SPECIAL);
	note("%d", submits(1));
	put_sqe(u.ring, 3, SPECIAL);
	note("%d", uring_sq_flush(u.ring));
	uring_sq_settle(u.ring);
}

/* 10.2: after a second without SQEs it sleeps */
static void an_idle_sq_thread_has_to_be_woken(void **state)
{
	(void)state;
	process("server", submits_later, NULL);
	run_all();
	for (unsigned int i = 0; shim_time_next() >= 0 && i < 10; i++) {
		shim_time_advance();
		run_all();
	}
	assert_diary("1:sq+inline+nonblock+defer+128 1 2:sq+inline+nonblock+defer+128 1 "
		     "0 3:sq+inline+nonblock+defer+128 release ");
	assert_clean();
}

/* ---- 10.3: task work ---- */

static void callback(struct shim_uring_req *req, int cancel)
{
	note("tw:%s%s%s", who(), cancel ? "-cancelled" : "",
	     shim_current()->mm ? "" : "-without-mm");
	done(&req->cmd, cancel ? -ECANCELED : 0, TW_FLAGS);
}

static void parks_one(void *arg)
{
	(void)arg;
	start_polled();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	submits(1);
	note("parked");
	submit_and_wait(u.ring, 0, 1);
	reap(u.ring);
}

static void dispatches(void *arg)
{
	(void)arg;
	shim_uring_cmd_do_in_task(u.cmd[1], callback, 0, SCHED_SITE("cmd"));
}

static void the_sq_thread_runs_task_work(void **state)
{
	struct sched_task *server = process("server", parks_one, NULL)->fiber;

	(void)state;
	run_all();
	assert_true(server->state == SCHED_BLOCKED);
	process("client", dispatches, NULL);
	run_all();
	assert_diary("parked tw:sq 1=0 release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* ---- 10.4: its creator exits ---- */

static void makes_and_exits(void *arg)
{
	(void)arg;
	start_polled();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	submits(1);
	note("exits");
}

static void goes_on(void *arg)
{
	(void)arg;
	done(u.cmd[1], 5, UNLOCKED);
	put_sqe(u.ring, 2, SPECIAL);
	submits(1);
	submit_and_wait(u.ring, 0, 2);
	reap(u.ring);
}

static void waits_and_goes_on(void *arg)
{
	while (!((struct task_struct *)arg)->exited)
		sched_yield();
	goes_on(NULL);
}

static void the_sq_thread_outlives_its_creator(void **state)
{
	struct task_struct *maker;

	(void)state;
	maker = process("maker", makes_and_exits, NULL);
	thread(maker, "heir", waits_and_goes_on, maker);
	run_all();
	assert_non_null(strstr(u.diary, "exits "));
	assert_null(strstr(u.diary, "cancel"));
	assert_non_null(strstr(u.diary, "1=5"));
	assert_non_null(strstr(u.diary, "2=2"));
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* ---- 10.5: the process dies; 10.6: the ring is closed ---- */

static void notes_who_cancels(struct shim_uring_cmd *cmd, unsigned int flags)
{
	note("by:%s%s%s", who(),
	     shim_current()->flags & SHIM_PF_EXITING ? "-exiting" : "",
	     shim_current()->mm ? "" : "-without-mm");
	done(cmd, -ENOTCONN, flags);
}

static void the_sq_thread_of_a_killed_process_cancels(void **state)
{
	struct task_struct *server;

	(void)state;
	u.on_cancel = notes_who_cancels;
	server = process("server", parks_one, NULL);
	run_all();
	shim_signal(server, 1);
	run_all();
	assert_diary("parked cancel1 by:sq release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void parks_and_closes(void *arg)
{
	(void)arg;
	start_polled();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	submits(1);
	note("closes");
	sys_uring_close(u.ring);
	while (!shim_uring_is_freed(u.ring))
		sched_yield();
	note("freed");
}

static void a_closed_ring_ends_its_sq_thread(void **state)
{
	const struct task_struct *sq;

	(void)state;
	u.on_cancel = notes_who_cancels;
	process("server", parks_and_closes, NULL);
	run_all();
	assert_diary("closes cancel1 by:iou_exit/0-without-mm freed release ");
	sq = task_named("iou-sqp")->data;
	assert_true(sq->exited);
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void waits_for_no_thread(void *arg)
{
	(void)arg;
	start_polled();
	shim_uring_threads_end(shim_current()->tgid);
	note("%d", uring_sq_gone(u.ring));
	put_sqe(u.ring, 1, SPECIAL);
	note("%d", uring_sq_flush(u.ring));
	uring_sq_settle(u.ring);
	note("%d", sys_io_uring_enter(u.ring, 1, 1,
				      URING_ENTER_GETEVENTS | URING_ENTER_SQ_WAKEUP));
}

static void a_ring_without_its_thread_says_so(void **state)
{
	(void)state;
	process("server", waits_for_no_thread, NULL);
	run_all();
	assert_diary("1 1 -130 release ");
	assert_clean();
}

static void sets_up(void *arg)
{
	(void)arg;
	note("%d", sys_io_uring_setup(8, URING_SETUP_SQPOLL | DEFER) != NULL);
	note("%d", sys_io_uring_setup(8, URING_SETUP_SQPOLL | URING_SETUP_COOP_TASKRUN) !=
			   NULL);
	note("%d", sys_io_uring_setup(8, URING_SETUP_SQPOLL |
						 URING_SETUP_SINGLE_ISSUER) != NULL);
}

static void an_sq_thread_needs_no_advice_about_task_work(void **state)
{
	(void)state;
	process("server", sets_up, NULL);
	run_all();
	assert_diary("0 0 1 ");
	assert_clean();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(the_sq_thread_issues_inline),
		uring_test(an_idle_sq_thread_has_to_be_woken),
		uring_test(the_sq_thread_runs_task_work),
		uring_test(the_sq_thread_outlives_its_creator),
		uring_test(the_sq_thread_of_a_killed_process_cancels),
		uring_test(a_closed_ring_ends_its_sq_thread),
		uring_test(a_ring_without_its_thread_says_so),
		uring_test(an_sq_thread_needs_no_advice_about_task_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
