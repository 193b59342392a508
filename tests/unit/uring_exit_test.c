// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exit and release, rules 5.1 to 5.7 of docs/io_uring-model.md.
 */
#include "io_uring/model.h"
#include "uring_unit.h"

static struct shim_lock *uring_lock_of(const struct shim_uring *ring)
{
	/* the model keeps it first */
	return (struct shim_lock *)ring;
}

static void run_to_yield(struct sched_task *task)
{
	sched_run_task(task, NULL, NULL, 0);
}

static void callback(struct shim_uring_req *req, int cancel)
{
	note("tw%llu%s%s", req->user_data, cancel ? "-cancelled" : "",
	     shim_current()->mm ? "" : "-without-mm");
	done(&req->cmd, cancel ? -ECANCELED : 0, TW_FLAGS);
}

static void dispatches(void *arg)
{
	for (const char *c = arg; *c; c++)
		shim_uring_cmd_do_in_task(u.cmd[*c - '0'], callback, 0,
					  SCHED_SITE("cmd"));
}

static void parks_one_and_leaves(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	put_sqe(u.ring, 2, PARK);
	submit(u.ring, 2);
	sched_yield();
}

static void stays(void *arg)
{
	(void)arg;
	sched_yield();
}

/* 5.1, 5.2 */
static void task_work_after_exit_mm_is_cancelled_and_has_no_mm(void **state)
{
	struct sched_task *server = process("server", parks_one_and_leaves, NULL)->fiber;

	(void)state;
	run_to_yield(server);
	run_to_end(process("client", dispatches, "12")->fiber);
	run_to_end(server);
	assert_diary("tw1-cancelled-without-mm tw2-cancelled-without-mm release ");
	assert_clean();
}

/* 5.1: what a signal meets runs as ever, what comes after it is cancelled */
static void a_killed_task_runs_what_is_queued_before_it_exits(void **state)
{
	struct task_struct *server = process("server", parks_one_and_leaves, NULL);
	struct sched_task *client;

	(void)state;
	run_to_yield(server->fiber);
	run_to_end(process("client", dispatches, "1")->fiber);
	shim_signal(server, 1);
	client = process("late", dispatches, "2")->fiber;
	run_until(server->fiber, SCHED_SYSCALL, 1);
	assert_diary("tw1 ");
	run_to_end(client);
	run_to_end(server->fiber);
	assert_diary("tw1 tw2-cancelled-without-mm release ");
	assert_clean();
}

/* 3.5, 5.6 */
static void
work_of_an_exiting_thread_is_cancelled_though_the_ring_stays_open(void **state)
{
	struct task_struct *server = process("server", parks_one_and_leaves, NULL);
	struct sched_task *other = thread(server, "other", stays, NULL)->fiber;

	(void)state;
	run_to_yield(other);
	run_to_yield(server->fiber);
	run_to_end(process("client", dispatches, "12")->fiber);
	run_to_end(server->fiber);
	assert_diary("tw1-cancelled-without-mm tw2-cancelled-without-mm ");
	run_all();
	assert_clean();
}

static void exits_with_a_late_push(void *arg)
{
	parks_one_and_leaves(arg);
	shim_uring_cmd_do_in_task(u.cmd[1], callback, 0, SCHED_SITE("cmd"));
	shim_fput(shim_fget(u.fd)); /* not the last reference: no task work */
}

/* 5.3: what exit_files() queues runs before older task work */
static void the_ring_is_dying_before_older_task_work_runs(void **state)
{
	struct sched_task *server =
		process("server", exits_with_a_late_push, NULL)->fiber;

	(void)state;
	run_to_yield(server);
	run_until(server, SCHED_CALLBACK, 2); /* the push, the first task work */
	assert_null(task_named("iou_exit"));
	run_until(server, SCHED_CALLBACK, 1); /* the second one */
	assert_non_null(task_named("iou_exit"));
	assert_diary("");
	run_as_far_as_possible(server);
	assert_diary("tw1-cancelled-without-mm ");
	assert_clean();
}

static void closes_with_a_request(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	submit(u.ring, 1);
	shim_close(u.fd);
	note("fd-closed");
	sched_yield();
	sys_uring_close(u.ring);
	note("ring-closed");
}

/* 5.5 */
static void a_request_keeps_the_drivers_file_open(void **state)
{
	struct sched_task *server = process("server", closes_with_a_request, NULL)->fiber;

	(void)state;
	run_to_yield(server);
	assert_diary("fd-closed ");
	run_to_end(server);
	assert_int_equal(u.released, 0);
	run_all();
	assert_diary("fd-closed ring-closed cancel1 release ");
	assert_clean();
}

static int releases_where(struct file *file)
{
	(void)file;
	note("released-by-%s%s", shim_current()->comm,
	     shim_locks_held(shim_current()) ? "-locked" : "");
	return 0;
}

static const struct shim_file_ops where_ops = {
	.uring_cmd = driver_uring_cmd,
	.release = releases_where,
};

static void closes_where(void *arg)
{
	(void)arg;
	shim_file_open(&where_ops, 0, &u.fd);
	u.ring = open_ring();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	submit(u.ring, 1);
	shim_close(u.fd);
	sys_uring_close(u.ring);
}

/* 5.5: the flush drops it with the lock held; the release comes later */
static void the_drivers_release_never_runs_under_the_lock(void **state)
{
	(void)state;
	process("server", closes_where, NULL);
	run_all();
	assert_string_equal(strstr(u.diary, "released-by-") ? "by" : "", "by");
	assert_null(strstr(u.diary, "-locked"));
	assert_non_null(strstr(u.diary, "released-by-kworker"));
	assert_clean();
}

static void closes_at_once(void *arg)
{
	(void)arg;
	start();
	sys_uring_close(u.ring);
	note("closed%d", shim_uring_is_freed(u.ring));
}

/* 5.4 */
static void closing_queues_the_kworker_that_frees_the_ring(void **state)
{
	struct sched_task *server = process("server", closes_at_once, NULL)->fiber;

	(void)state;
	run_until_nth_lock(server, "ctx->uring_lock", 1);
	assert_null(task_named("iou_exit"));
	run_to_end(server);
	assert_ptr_equal(shim_uring_exit_task(u.ring)->fiber, task_named("iou_exit"));
	assert_true(shim_uring_exit_task(u.ring)->flags & SHIM_PF_KTHREAD);
	assert_false(shim_uring_is_freed(u.ring));
	run_to_end(task_named("iou_exit"));
	assert_true(shim_uring_is_freed(u.ring));
	assert_false(shim_uring_is_ring_memory(u.cmd));
	assert_diary("closed0 release ");
	assert_clean();
}

static void enters_for_long(void *arg)
{
	(void)arg;
	note("%d", submit_and_wait(u.ring, 0, 1));
	note("%d", submit_and_wait(u.ring, 0, 1));
}

/* 5.4: a system call on the ring holds a reference */
static void a_waiter_keeps_a_closed_ring(void **state)
{
	struct task_struct *server = process("server", parks_one_and_leaves, NULL);
	struct task_struct *waiter = thread(server, "waiter", enters_for_long, NULL);

	(void)state;
	run_to_yield(server->fiber);
	run_until_blocked(waiter->fiber);
	/* the server closes, its descriptor is gone, the ring is not */
	run_to_end(thread(server, "closer", (void (*)(void *))sys_uring_close, u.ring)
			   ->fiber);
	assert_null(task_named("iou_exit"));
	shim_signal(waiter, 0);
	run_as_far_as_possible(waiter->fiber);
	assert_non_null(task_named("iou_exit"));
	assert_diary("-4 -9 ");
}

/* 5.4, 5.6: descriptors go with the last thread */
static void the_ring_lives_as_long_as_a_thread_of_its_process(void **state)
{
	struct task_struct *server = process("server", parks_one_and_leaves, NULL);
	struct sched_task *other = thread(server, "other", stays, NULL)->fiber;

	(void)state;
	run_to_yield(other);
	run_to_yield(server->fiber);
	run_to_end(server->fiber);
	assert_null(task_named("iou_exit"));
	assert_false(uring_lock_of(u.ring)->owner);
	run_to_end(process("client", dispatches, "12")->fiber);
	run_to_end(other);
	assert_non_null(task_named("iou_exit"));
	run_all();
	assert_true(shim_uring_is_freed(u.ring));
	assert_int_equal(shim_heap_live(NULL), 0);
	assert_int_equal(shim_files_open(), 0);
	assert_clean();
}

static const struct shim_lock_class wait_class = { "nap.lock" };
static struct shim_waitqueue nap;
static int awake;

static int naps(struct shim_uring_cmd *cmd, unsigned int flags)
{
	struct shim_waiter w = { 0 };

	(void)flags;
	note("nap%llu", id_of(cmd));
	while (!awake) {
		shim_prepare_to_wait(&nap, &w, SHIM_TASK_UNINTERRUPTIBLE, 0,
				     SCHED_SITE("nap"));
		if (!awake)
			shim_schedule(SCHED_SITE("nap"));
	}
	shim_finish_wait(&nap, &w, SCHED_SITE("nap"));
	return 0;
}

static void has_io_wq_work_and_leaves(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, SPECIAL)->flags = URING_SQE_ASYNC;
	submit(u.ring, 1);
	sched_yield();
}

static void wakes(void *arg)
{
	(void)arg;
	awake = 1;
	shim_wake_up(&nap, SHIM_TASK_NORMAL, 0, 0, SCHED_SITE("nap"));
}

/* 5.1 */
static void an_exiting_task_waits_for_its_workers(void **state)
{
	struct sched_task *server;

	(void)state;
	shim_wait_init(&nap, &wait_class);
	awake = 0;
	u.special = naps;
	server = process("server", has_io_wq_work_and_leaves, NULL)->fiber;
	run_to_yield(server);
	run_until_blocked(task_named("iou-wrk"));
	run_until_blocked(server);
	assert_string_equal(server->blocked_why, "io-wq workers");
	/* before PF_EXITING, with its memory */
	assert_false(((struct task_struct *)server->data)->flags & SHIM_PF_EXITING);
	process("waker", wakes, NULL);
	run_all();
	assert_diary("nap1 release ");
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void has_used_both_rings(void *arg)
{
	(void)arg;
	start();
	u.special = naps;
	u.other = open_ring();
	put_sqe(u.ring, 1, SPECIAL);
	sys_uring_close(u.other);
	submit(u.ring, 1);
}

/* 5.4 [io_tctx_exit_cb]: freed once its users have passed by */
static void a_ring_is_freed_after_its_users_left_the_kernel(void **state)
{
	struct sched_task *server;

	(void)state;
	shim_wait_init(&nap, &wait_class);
	awake = 0;
	server = process("server", has_used_both_rings, NULL)->fiber;
	run_until_blocked(server); /* in a handler of the other ring */
	run_until_blocked(task_named("iou_exit"));
	assert_false(shim_uring_is_freed(u.other));
	run_to_end(process("waker", wakes, NULL)->fiber);
	run_to_end(server);
	run_to_end(task_named("iou_exit"));
	assert_true(shim_uring_is_freed(u.other));
	run_all();
	assert_clean();
}

static void has_used_both_rings_and_stays(void *arg)
{
	has_used_both_rings(arg);
	note("left");
	sched_yield();
}

/* 5.4: the last one that passes by wakes the kworker, which need not wait for a time */
static void a_user_that_passes_by_wakes_the_exit_kworker(void **state)
{
	struct sched_task *server, *kworker;

	(void)state;
	shim_wait_init(&nap, &wait_class);
	awake = 0;
	server = process("server", has_used_both_rings_and_stays, NULL)->fiber;
	run_until_blocked(server);
	kworker = task_named("iou_exit");
	run_until_blocked(kworker);
	run_to_end(process("waker", wakes, NULL)->fiber);
	/* what the handler completed has woken it, too */
	run_until(server, SCHED_CALLBACK, 1);
	run_until_blocked(kworker);
	assert_false(shim_uring_is_freed(u.other));
	run_to_yield(server);
	assert_diary("nap1 left ");
	assert_int_equal(kworker->state, SCHED_RUNNABLE);
	run_to_end(kworker);
	assert_true(shim_uring_is_freed(u.other));
	run_all();
	assert_clean();
}

/* a command whose file is the ring itself: tracked, until io-wq has refused it */
static void put_tracked(unsigned int id)
{
	struct uring_sqe *sqe = put_sqe(u.ring, id, FINISH);

	sqe->fd = shim_uring_fd(u.ring);
	sqe->flags = URING_SQE_ASYNC;
}

static void parks_and_has_one_tracked(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	put_tracked(2);
	submit(u.ring, 2);
	sched_yield();
}

static void notes_where(struct shim_uring_cmd *cmd, unsigned int flags)
{
	const struct task_struct *me = shim_current();

	note("by-%s%s%s-%d", me->comm, me->flags & SHIM_PF_EXITING ? "-exiting" : "",
	     me->mm ? "" : "-without-mm", flags == (SHIM_URING_F_CANCEL | TW_FLAGS));
	if (me->flags & SHIM_PF_KTHREAD || !u.ignored)
		done(cmd, -ECANCELED, flags);
}

/* past the cancelling, then past its worker, which has nothing to do */
static void exits(struct sched_task *server)
{
	run_until_blocked(server);
	assert_string_equal(server->blocked_why, "io-wq workers");
	run_to_end(task_named("iou-wrk"));
	run_to_end(server);
}

/* 4.3: only then, and while the task still has all it had */
static void a_tracked_request_has_a_task_cancel_its_commands_at_exit(void **state)
{
	struct task_struct *server = process("server", parks_and_has_one_tracked, NULL);
	struct sched_task *other = thread(server, "other", stays, NULL)->fiber;

	(void)state;
	u.on_cancel = notes_where;
	run_to_yield(other);
	run_to_yield(server->fiber);
	exits(server->fiber);
	assert_diary("cancel1 by-server-1 ");
	assert_null(task_named("iou_exit"));
	run_to_end(other);
	run_all();
	assert_diary("cancel1 by-server-1 release ");
	assert_int_equal(shim_heap_live(NULL), 0);
	assert_clean();
}

/* 4.6: what is not tracked is not waited for */
static void an_ignored_cancel_does_not_keep_a_task_from_its_exit(void **state)
{
	struct task_struct *server = process("server", parks_and_has_one_tracked, NULL);

	(void)state;
	u.on_cancel = notes_where;
	u.ignored = 1;
	run_to_yield(server->fiber);
	exits(server->fiber);
	assert_diary("cancel1 by-server-1 ");
	run_all();
	assert_diary("cancel1 by-server-1 cancel1 by-iou_exit/0-without-mm-1 release ");
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
}

static void parks_one_cancelable(void *arg)
{
	(void)arg;
	put_sqe(u.ring, 3, PARK_CANCELABLE);
	submit(u.ring, 1);
	sched_yield();
}

/* 4.3: of each ring that it used, but of no other task */
static void an_exiting_task_cancels_its_own_commands_alone(void **state)
{
	struct task_struct *server = process("server", parks_and_has_one_tracked, NULL);
	struct sched_task *other;

	(void)state;
	run_to_yield(server->fiber);
	other = thread(server, "other", parks_one_cancelable, NULL)->fiber;
	run_to_yield(other);
	exits(server->fiber);
	assert_diary("cancel1 ");
	run_to_end(other);
	run_all();
	assert_diary("cancel1 cancel3 release ");
	assert_clean();
}

/* 4.3: io-wq has begun it: the task sleeps until it is done */
static void an_exiting_task_waits_for_a_tracked_request(void **state)
{
	struct sched_task *server =
		process("server", parks_and_has_one_tracked, NULL)->fiber;

	(void)state;
	run_to_yield(server);
	run_until(task_named("iou-wrk"), SCHED_SUBMIT, 1);
	run_until_blocked(server);
	assert_string_equal(server->blocked_at->expr,
			    "tracked requests of an exiting task");
	assert_false(((struct task_struct *)server->data)->flags & SHIM_PF_EXITING);
	run_all();
	assert_diary("cancel1 release ");
	assert_true(shim_uring_is_freed(u.ring));
	assert_int_equal(shim_heap_live(NULL), 0);
	assert_clean();
}

static void uses_a_ring(void *arg)
{
	(void)arg;
	open_driver();
	open_ring();
	sched_yield();
}

static void has_one_tracked_and_had_another_ring(void *arg)
{
	(void)arg;
	start();
	u.other = open_ring();
	sys_uring_close(u.other);
	put_tracked(2);
	submit(u.ring, 1);
	sched_yield();
}

static bool is_about(void *ctx, enum sched_what what, const void *object,
		     const struct sched_site *site)
{
	(void)what;
	(void)site;
	return object == ctx;
}

/* 5.4: one in user mode is no user any more, the second process as well as the first */
static void an_exiting_task_has_nothing_to_do_with_a_freed_ring(void **state)
{
	struct sched_task *server;

	(void)state;
	run_to_yield(process("first", uses_a_ring, NULL)->fiber);
	server = process("server", has_one_tracked_and_had_another_ring, NULL)->fiber;
	run_to_yield(server);
	run_to_end(task_named("iou_exit"));
	assert_true(shim_uring_is_freed(u.other));
	assert_int_equal(sched_run_task(server, is_about, uring_lock_of(u.other),
					SCHED_BIT(SCHED_LOCK)),
			 SCHED_IS_BLOCKED);
	assert_string_equal(server->blocked_why, "io-wq workers");
	run_all();
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
}

static void uses_a_freed_ring(void *arg)
{
	(void)arg;
	/* as code that kept the context of a command would */
	shim_uring_cmd_do_in_task(u.cmd[1], callback, 0, SCHED_SITE("cmd"));
}

static void a_command_of_a_freed_ring_is_gone(void **state)
{
	(void)state;
	process("server", closes_with_a_request, NULL);
	run_all();
	process("late", uses_a_freed_ring, NULL);
	run_all();
	assert_reported(REPORT_HEAP, "use after free: io_uring_cmd_complete_in_task()");
}

static void closes_only(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit(u.ring, 1);
	sys_uring_close(u.ring);
}

/* 5.7: no request, but the CQE's flush has not dropped the file yet */
static void an_unlocked_done_on_a_dying_ring_lets_it_go(void **state)
{
	struct sched_task *server = process("server", closes_only, NULL)->fiber;

	(void)state;
	run_to_end(server);
	run_as_far_as_possible(task_named("iou_exit"));
	assert_false(shim_uring_is_freed(u.ring));
	process("abort", completes_unlocked, (void *)1);
	run_all();
	assert_true(shim_uring_is_freed(u.ring));
	assert_int_equal(u.released, 1);
	assert_int_equal(shim_heap_live(NULL), 0);
	assert_clean();
}

/* ---- what the exit kworker does, and how often ---- */

/* times that @task has taken L */
static unsigned int taken_by(const struct sched_task *task)
{
	unsigned int n = 0;

	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_record *r = trace_get(i);

		n += r->what == SCHED_LOCK && r->task == task->id &&
		     r->object == uring_lock_of(u.ring);
	}
	return n;
}

static void closes_with_one_parked(void *arg)
{
	(void)arg;
	closes_only(arg);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

/* a pass is a look at io-wq and one at the commands, each under L */
static void a_pass_that_finds_nobody_to_ask_is_not_repeated(void **state)
{
	struct sched_task *server =
		process("server", closes_with_one_parked, NULL)->fiber;
	struct sched_task *kworker;

	(void)state;
	run_until_blocked(server);
	kworker = task_named("iou_exit");
	run_as_far_as_possible(kworker);
	assert_int_equal(kworker->state, SCHED_BLOCKED);
	assert_string_equal(kworker->blocked_at->expr, "requests of a closed io_uring");
	assert_int_equal(taken_by(kworker), 2);
	/* twenty times a second, and no more often */
	for (unsigned int i = 1; i < 4; i++) {
		assert_int_equal(shim_time_next(), SHIM_HZ / 20);
		assert_true(shim_time_advance());
		run_as_far_as_possible(kworker);
		assert_int_equal(kworker->state, SCHED_BLOCKED);
		assert_int_equal(taken_by(kworker), 2 + 2 * i);
	}
}

static void marks_it(void *arg)
{
	(void)arg;
	shim_uring_cmd_mark_cancelable(u.cmd[1], UNLOCKED, SCHED_SITE("cmd"));
}

/* what becomes cancelable on a closed ring is cancelled at once */
static void marking_a_command_wakes_the_exit_kworker(void **state)
{
	struct sched_task *server =
		process("server", closes_with_one_parked, NULL)->fiber;
	struct sched_task *kworker;

	(void)state;
	run_until_blocked(server);
	kworker = task_named("iou_exit");
	run_as_far_as_possible(kworker);
	run_to_end(process("client", marks_it, NULL)->fiber);
	assert_int_equal(kworker->state, SCHED_RUNNABLE);
	run_to_end(kworker);
	assert_diary("cancel1 ");
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
}

static void overflows_and_closes(void *arg)
{
	(void)arg;
	open_driver();
	u.ring = sys_io_uring_setup(1, URING_SETUP_SQE128);
	for (unsigned int i = 1; i <= 5; i++) {
		put_sqe(u.ring, i, FINISH);
		submit(u.ring, 1);
	}
	note("ready%u", shim_uring_cq_ready(u.ring));
	sys_uring_close(u.ring);
}

/* for which there is still no room in the queue */
static void cqes_that_have_overflown_are_freed_with_the_ring(void **state)
{
	(void)state;
	process("server", overflows_and_closes, NULL);
	run_all();
	assert_diary("ready2 release ");
	assert_true(shim_uring_is_freed(u.ring));
	assert_int_equal(shim_heap_live(NULL), 0);
	assert_clean();
}

/* ---- several tasks that cancel ---- */

static void first_uses_a_ring(void *arg)
{
	(void)arg;
	open_driver();
	open_ring();
	sched_block(&u, "the end", SCHED_SITE("end"));
}

/* of all tasks that used io_uring, not the first one alone; no time has to pass */
static void a_tracked_request_that_ends_wakes_its_task(void **state)
{
	struct sched_task *server, *worker;

	(void)state;
	run_until_blocked(process("first", first_uses_a_ring, NULL)->fiber);
	u.mm = shim_mm_new();
	server = process("server", parks_and_has_one_tracked, NULL)->fiber;
	run_to_yield(server);
	worker = task_named("iou-wrk");
	run_until(worker, SCHED_SUBMIT, 1);
	run_until_blocked(server);
	assert_string_equal(server->blocked_at->expr,
			    "tracked requests of an exiting task");
	run_as_far_as_possible(worker);
	assert_int_equal(server->state, SCHED_RUNNABLE);
	run_to_end(server);
	assert_clean();
}

static void two_that_have_one_tracked(void *arg)
{
	(void)arg;
	put_tracked(3);
	submit(u.ring, 1);
	sched_yield();
}

/* each is counted: the second one is told when the first is through */
static void two_threads_wait_for_their_own_tracked_requests(void **state)
{
	struct task_struct *server = process("server", parks_and_has_one_tracked, NULL);
	struct sched_task *other, *worker;

	(void)state;
	run_to_yield(server->fiber);
	worker = task_named("iou-wrk");
	run_until(worker, SCHED_SUBMIT, 1);
	other = thread(server, "other", two_that_have_one_tracked, NULL)->fiber;
	run_to_yield(other);
	run_until_blocked(server->fiber);
	/* the second one's is still in its queue: it is cancelled there */
	run_until_blocked(other);
	assert_string_equal(other->blocked_why, "io-wq workers");
	assert_string_equal(server->fiber->blocked_at->expr,
			    "tracked requests of an exiting task");
	run_as_far_as_possible(worker);
	assert_int_equal(server->fiber->state, SCHED_RUNNABLE);
	run_all();
	assert_true(shim_uring_is_freed(u.ring));
	assert_int_equal(shim_heap_live(NULL), 0);
	assert_clean();
}

/* ---- which ring an exiting task still has ---- */

static void uses_it_and_ends(void *arg)
{
	(void)arg;
	submit(u.ring, 1);
}

static void opens_and_stays(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit(u.ring, 1);
	put_sqe(u.ring, 2, PARK);
	sched_yield();
	sys_uring_close(u.ring);
	sched_yield();
}

/* one that has ended does not keep a ring, nor has it to pass by */
static void a_task_that_has_ended_is_no_user(void **state)
{
	struct task_struct *server = process("server", opens_and_stays, NULL);
	struct sched_task *kworker, *other;

	(void)state;
	run_to_yield(server->fiber);
	other = thread(server, "other", uses_it_and_ends, NULL)->fiber;
	run_to_end(other);
	run_to_yield(server->fiber);
	kworker = task_named("iou_exit");
	run_as_far_as_possible(kworker);
	run_to_end(process("client", completes_unlocked, (void *)1)->fiber);
	run_to_end(process("client", completes_unlocked, (void *)2)->fiber);
	run_all();
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
}

static void opens_two_and_closes(void *arg)
{
	(void)arg;
	start();
	u.other = open_ring();
	put_sqe(u.ring, 1, PARK);
	submit(u.ring, 1);
	sys_uring_close(u.ring);
	sys_uring_close(u.other);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

/* as long as there is one, whatever happens is told to it */
static void rings_that_are_closed_and_not_freed_are_counted(void **state)
{
	struct sched_task *server;

	(void)state;
	assert_int_equal(uring_nr_dying, 0);
	server = process("server", opens_two_and_closes, NULL)->fiber;
	run_until_blocked(server);
	assert_int_equal(uring_nr_dying, 2);
	run_to_end(task_named("iou_exit/1"));
	assert_true(shim_uring_is_freed(u.other));
	assert_int_equal(uring_nr_dying, 1);
	run_as_far_as_possible(task_named("iou_exit/0"));
	assert_int_equal(uring_nr_dying, 1);
	run_to_end(process("client", completes_unlocked, (void *)1)->fiber);
	sched_wake(server);
	run_all();
	assert_int_equal(uring_nr_dying, 0);
	assert_clean();
}

static void a_task_that_cancels_at_its_exit_is_counted(void **state)
{
	struct sched_task *server =
		process("server", parks_and_has_one_tracked, NULL)->fiber;

	(void)state;
	run_to_yield(server);
	run_until(task_named("iou-wrk"), SCHED_SUBMIT, 1);
	assert_int_equal(uring_nr_dying, 0);
	run_until_blocked(server);
	assert_int_equal(uring_nr_dying, 1);
	run_all();
	assert_int_equal(uring_nr_dying, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(task_work_after_exit_mm_is_cancelled_and_has_no_mm),
		uring_test(a_killed_task_runs_what_is_queued_before_it_exits),
		uring_test(
			work_of_an_exiting_thread_is_cancelled_though_the_ring_stays_open),
		uring_test(the_ring_is_dying_before_older_task_work_runs),
		uring_test(a_request_keeps_the_drivers_file_open),
		uring_test(the_drivers_release_never_runs_under_the_lock),
		uring_test(closing_queues_the_kworker_that_frees_the_ring),
		uring_test(a_waiter_keeps_a_closed_ring),
		uring_test(the_ring_lives_as_long_as_a_thread_of_its_process),
		uring_test(an_exiting_task_waits_for_its_workers),
		uring_test(a_ring_is_freed_after_its_users_left_the_kernel),
		uring_test(a_tracked_request_has_a_task_cancel_its_commands_at_exit),
		uring_test(an_ignored_cancel_does_not_keep_a_task_from_its_exit),
		uring_test(an_exiting_task_cancels_its_own_commands_alone),
		uring_test(an_exiting_task_waits_for_a_tracked_request),
		uring_test(a_user_that_passes_by_wakes_the_exit_kworker),
		uring_test(an_exiting_task_has_nothing_to_do_with_a_freed_ring),
		uring_test(a_command_of_a_freed_ring_is_gone),
		uring_test(an_unlocked_done_on_a_dying_ring_lets_it_go),
		uring_test(a_pass_that_finds_nobody_to_ask_is_not_repeated),
		uring_test(marking_a_command_wakes_the_exit_kworker),
		uring_test(cqes_that_have_overflown_are_freed_with_the_ring),
		uring_test(a_tracked_request_that_ends_wakes_its_task),
		uring_test(two_threads_wait_for_their_own_tracked_requests),
		uring_test(a_task_that_has_ended_is_no_user),
		uring_test(rings_that_are_closed_and_not_freed_are_counted),
		uring_test(a_task_that_cancels_at_its_exit_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
