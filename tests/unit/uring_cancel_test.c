// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cancelling, rules 4.1 to 4.6 of docs/io_uring-model.md.
 */
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

static void parks_three_and_closes(void *arg)
{
	(void)arg;
	start();
	for (unsigned int id = 1; id <= 3; id++)
		put_sqe(u.ring, id, PARK_CANCELABLE);
	submit(u.ring, 3);
	sched_yield();
	sys_uring_close(u.ring);
	note("closed");
}

static void notes_how(struct shim_uring_cmd *cmd, unsigned int flags)
{
	if (flags != (SHIM_URING_F_CANCEL | SHIM_URING_F_COMPLETE_DEFER))
		note("flags");
	if (!shim_lock_held(uring_lock_of(u.ring)))
		note("unlocked");
	if (!(shim_current()->flags & SHIM_PF_KTHREAD))
		note("not-a-kworker");
	done(cmd, -ENOTCONN, flags);
}

/* 4.2, 4.3a */
static void a_closed_ring_cancels_newest_first_under_the_lock(void **state)
{
	(void)state;
	u.on_cancel = notes_how;
	process("server", parks_three_and_closes, NULL);
	run_all();
	assert_diary("closed cancel3 cancel2 cancel1 release ");
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* 4.2: the CQEs are posted by the flush at the end of the pass */
static void a_pass_flushes_at_its_end(void **state)
{
	struct sched_task *server =
		process("server", parks_three_and_closes, NULL)->fiber;
	struct sched_task *kworker;

	(void)state;
	run_to_yield(server);
	run_to_end(server);
	kworker = task_named("iou_exit");
	run_until(kworker, SCHED_SUBMIT, 3);
	assert_int_equal(shim_uring_cq_ready(u.ring), 0);
	run_until(kworker, SCHED_FREE, 1);
	assert_int_equal(shim_uring_cq_ready(u.ring), 3);
	run_to_end(kworker);
}

static int marks_twice(struct shim_uring_cmd *cmd, unsigned int flags)
{
	shim_uring_cmd_mark_cancelable(cmd, flags, SCHED_SITE("cmd"));
	shim_uring_cmd_mark_cancelable(cmd, flags, SCHED_SITE("cmd"));
	return QUEUED;
}

static void marks_one_twice(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, SPECIAL);
	put_sqe(u.ring, 2, SPECIAL);
	submit(u.ring, 2);
}

/* 4.1 */
static void marking_is_idempotent(void **state)
{
	(void)state;
	u.special = marks_twice;
	process("server", marks_one_twice, NULL);
	run_all();
	assert_diary("cancel2 cancel1 release ");
	assert_clean();
}

static void completes_first(void *arg)
{
	(void)arg;
	done(u.cmd[2], 5, UNLOCKED);
}

/* 4.1: taken off by done() */
static void a_completed_command_is_not_cancelled(void **state)
{
	struct sched_task *server =
		process("server", parks_three_and_closes, NULL)->fiber;

	(void)state;
	run_to_yield(server);
	run_to_end(process("client", completes_first, NULL)->fiber);
	run_all();
	assert_diary("closed cancel3 cancel1 release ");
	assert_clean();
}

/* 4.5: the flag is cleared, the list is not yet reached */
static void a_pass_skips_a_command_whose_completion_waits_for_the_lock(void **state)
{
	struct sched_task *server =
		process("server", parks_three_and_closes, NULL)->fiber;
	struct sched_task *client, *kworker;

	(void)state;
	run_to_yield(server);
	run_to_end(server);
	client = process("client", completes_first, NULL)->fiber;
	run_until_lock(client, "ctx->uring_lock");
	kworker = task_named("iou_exit");
	run_until_lock(kworker, "ctx->uring_lock");
	run_as_far_as_possible(kworker);
	run_to_end(client);
	run_all();
	assert_diary("closed cancel3 cancel1 release ");
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
}

/* 4.5: before the flag is cleared the handler is called all the same */
static void a_pass_calls_a_command_that_is_about_to_be_completed(void **state)
{
	struct sched_task *server =
		process("server", parks_three_and_closes, NULL)->fiber;
	struct sched_task *client, *kworker;

	(void)state;
	run_to_yield(server);
	run_to_end(server);
	client = process("client", completes_first, NULL)->fiber;
	run_until(client, SCHED_COMPLETE, 1);
	kworker = task_named("iou_exit");
	run_until(kworker, SCHED_SUBMIT, 3);
	run_to_end(kworker);
	assert_diary("closed cancel3 cancel2 cancel1 ");
	/* a driver without a lock of its own: now it completes what is gone */
	run_as_far_as_possible(client);
	assert_reported(REPORT_HEAP, "use after free");
}

static unsigned int asked;

static void ignores(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)cmd;
	(void)flags;
	asked++;
}

static void parks_one_cancelable(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	submit(u.ring, 1);
}

/* 4.6 */
static void an_ignored_cancel_is_repeated_until_somebody_completes(void **state)
{
	struct sched_task *server, *kworker;

	(void)state;
	asked = 0;
	u.on_cancel = ignores;
	server = process("server", parks_one_cancelable, NULL)->fiber;
	run_to_end(server);
	kworker = task_named("iou_exit");
	run_as_far_as_possible(kworker);
	assert_int_equal(kworker->state, SCHED_BLOCKED);
	assert_int_equal(asked, 2);
	assert_true(shim_time_advance());
	run_as_far_as_possible(kworker);
	assert_int_equal(asked, 4);
	process("client", completes_unlocked, (void *)1);
	run_all();
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
}

/* 4.6: it is told that something happened, time need not pass */
static void whatever_happens_lets_the_kworker_look_again(void **state)
{
	struct sched_task *kworker;

	(void)state;
	asked = 0;
	u.on_cancel = ignores;
	run_to_end(process("server", parks_one_cancelable, NULL)->fiber);
	kworker = task_named("iou_exit");
	run_as_far_as_possible(kworker);
	run_to_end(process("client", completes_unlocked, (void *)1)->fiber);
	assert_int_equal(kworker->state, SCHED_RUNNABLE);
	run_all();
	assert_clean();
}

static void a_command_that_is_never_completed_is_warned_about(void **state)
{
	(void)state;
	u.on_cancel = ignores;
	process("server", parks_one_cancelable, NULL);
	run_all();
	assert_reported(REPORT_KERNEL, "left after five minutes");
}

static void is_killed(void *arg)
{
	parks_one_cancelable(arg);
	note("killed");
}

static void stays(void *arg)
{
	(void)arg;
	sched_yield();
}

/* 4.3d */
static void a_task_that_exits_cancels_no_command(void **state)
{
	struct task_struct *server = process("server", is_killed, NULL);
	struct sched_task *other = thread(server, "other", stays, NULL)->fiber;

	(void)state;
	run_to_yield(other);
	run_to_end(server->fiber);
	assert_diary("killed ");
	assert_null(task_named("iou_exit"));
	run_to_end(other);
	run_all();
	assert_diary("killed cancel1 release ");
	assert_clean();
}

static void has_work_for_io_wq(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, SPECIAL)->flags = URING_SQE_ASYNC;
	put_sqe(u.ring, 2, SPECIAL)->flags = URING_SQE_ASYNC;
	submit(u.ring, 2);
	sched_yield();
	sys_uring_close(u.ring);
	sched_yield();
	submit(u.ring, 0); /* any system call, for its task work */
}

static const struct shim_lock_class wait_class = { "nap.lock" };
static struct shim_waitqueue nap;

static int waits_for_a_signal(struct shim_uring_cmd *cmd, unsigned int flags)
{
	struct shim_waiter w = { 0 };
	long ret = 0;

	(void)flags;
	note("issue%llu", id_of(cmd));
	while (!ret) {
		ret = shim_prepare_to_wait(&nap, &w, SHIM_TASK_INTERRUPTIBLE, 0,
					   SCHED_SITE("nap"));
		if (!ret)
			shim_schedule(SCHED_SITE("nap"));
	}
	shim_finish_wait(&nap, &w, SCHED_SITE("nap"));
	note("interrupted%llu", id_of(cmd));
	return -EINTR;
}

/* 4.4: what io-wq runs is interrupted, what waits fails */
static void a_closed_ring_cancels_its_io_wq_work(void **state)
{
	struct sched_task *server;

	(void)state;
	shim_wait_init(&nap, &wait_class);
	u.special = waits_for_a_signal;
	shim_nr_cpus = 1;
	server = process("server", has_work_for_io_wq, NULL)->fiber;
	run_to_yield(server);
	run_until_blocked(task_named("iou-wrk-100/0"));
	run_to_yield(server); /* the second one has not begun */
	run_as_far_as_possible(task_named("iou_exit"));
	run_as_far_as_possible(task_named("iou-wrk-100/0"));
	assert_diary("issue1 interrupted1 ");
	run_all();
	assert_diary("issue1 interrupted1 release ");
	assert_int_equal(shim_uring_inflight(u.ring), 0);
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
}

/* ---- every worker ---- */

static void has_two_that_sleep(void *arg)
{
	(void)arg;
	start();
	for (unsigned int id = 1; id <= 3; id++)
		put_sqe(u.ring, id, SPECIAL)->flags = URING_SQE_ASYNC;
	submit(u.ring, 3);
	sched_yield();
	sys_uring_close(u.ring);
	sched_block(&u, "the end", SCHED_SITE("end"));
}

/* 4.4: of several that sleep, each is interrupted */
static void a_closed_ring_interrupts_all_its_workers(void **state)
{
	struct sched_task *server, *worker[3];

	(void)state;
	shim_wait_init(&nap, &wait_class);
	u.special = waits_for_a_signal;
	server = process("server", has_two_that_sleep, NULL)->fiber;
	run_to_yield(server);
	worker[0] = task_named("iou-wrk-100/0");
	worker[1] = task_named("iou-wrk-100/1");
	worker[2] = task_named("iou-wrk-100/2");
	for (unsigned int i = 0; i < 3; i++)
		run_until_blocked(worker[i]);
	assert_diary("issue1 issue2 issue3 ");
	run_until_blocked(server);
	run_as_far_as_possible(task_named("iou_exit"));
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(worker[i]->state, SCHED_RUNNABLE);
}

/* a request of another ring on the same workers is left alone */
static void a_closed_ring_leaves_the_work_of_others(void **state)
{
	struct sched_task *server;

	(void)state;
	shim_wait_init(&nap, &wait_class);
	u.special = waits_for_a_signal;
	server = process("server", has_two_that_sleep, NULL)->fiber;
	run_to_yield(server);
	for (unsigned int i = 0; i < sched_task_count(); i++)
		if (!strncmp(sched_task_nr(i)->name, "iou-wrk", 7))
			run_until_blocked(sched_task_nr(i));
	u.other = u.ring;
	/* another process opens and closes one */
	u.mm = shim_mm_new();
	u.special = marks_twice;
	run_to_end(process("other", marks_one_twice, NULL)->fiber);
	run_as_far_as_possible(task_named("iou_exit"));
	for (unsigned int i = 0; i < sched_task_count(); i++)
		if (!strncmp(sched_task_nr(i)->name, "iou-wrk-100", 11))
			assert_int_equal(sched_task_nr(i)->state, SCHED_BLOCKED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(a_closed_ring_cancels_newest_first_under_the_lock),
		uring_test(a_pass_flushes_at_its_end),
		uring_test(marking_is_idempotent),
		uring_test(a_completed_command_is_not_cancelled),
		uring_test(a_pass_skips_a_command_whose_completion_waits_for_the_lock),
		uring_test(a_pass_calls_a_command_that_is_about_to_be_completed),
		uring_test(an_ignored_cancel_is_repeated_until_somebody_completes),
		uring_test(whatever_happens_lets_the_kworker_look_again),
		uring_test(a_command_that_is_never_completed_is_warned_about),
		uring_test(a_task_that_exits_cancels_no_command),
		uring_test(a_closed_ring_cancels_its_io_wq_work),
		uring_test(a_closed_ring_interrupts_all_its_workers),
		uring_test(a_closed_ring_leaves_the_work_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
