// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waits that end with time, and IORING_REGISTER_SYNC_CANCEL: rules 3.9 and 4.7 of
 * docs/io_uring-model.md.
 */
#include "uring_unit.h"

static void pass_time(void)
{
	for (unsigned int i = 0; shim_time_next() >= 0 && i < 20; i++) {
		shim_time_advance();
		run_all();
	}
}

/* ---- 3.9 ---- */

static int waits(unsigned int seconds, int absolute, unsigned int min)
{
	struct uring_wait how;

	uring_wait_for(&how, seconds, absolute);
	return sys_io_uring_enter_ext(u.ring, 0, min, URING_ENTER_GETEVENTS, &how);
}

static void waits_in_vain(void *arg)
{
	unsigned long since;

	(void)arg;
	start();
	for (int absolute = 0; absolute < 2; absolute++) {
		since = jiffies;
		note("%d", waits(2, absolute, 1));
		note("%lu", (jiffies - since) / SHIM_HZ);
	}
	note("%d", waits(0, 0, 1));
	put_sqe(u.ring, 1, FINISH);
	submit(u.ring, 1);
	/* one is there, two are waited for */
	note("%d", waits(2, 0, 2));
	reap(u.ring);
}

static void a_wait_ends_with_its_time(void **state)
{
	(void)state;
	process("server", waits_in_vain, NULL);
	run_all();
	pass_time();
	assert_diary("-62 2 -62 2 -62 0 1=1 release ");
	assert_clean();
}

static void waits_and_is_served(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit(u.ring, 1);
	note("%d", waits(5, 0, 1));
	reap(u.ring);
	note("%d", (int)(jiffies != SHIM_INITIAL_JIFFIES));
}

static void a_wait_ends_before_its_time(void **state)
{
	struct sched_task *server = process("server", waits_and_is_served, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	process("client", completes_unlocked, (void *)1);
	run_all();
	assert_diary("done-returned 0 1=5 0 release ");
	assert_clean();
}

/* ---- 4.7 ---- */

static int cancels(unsigned long long user_data, unsigned int flags,
		   unsigned long timeout)
{
	const struct uring_cancel how = {
		.user_data = user_data, .fd = u.fd, .flags = flags, .timeout = timeout
	};

	return sys_io_uring_sync_cancel(u.ring, &how);
}

static void cancels_what_is_parked(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	submit(u.ring, 1);
	note("%d", cancels(1, 0, 0));
	note("%d", cancels(0, URING_CANCEL_FD, 0));
	note("%d", cancels(0, URING_CANCEL_ANY, 0));
	note("%d", cancels(0, URING_CANCEL_FD | URING_CANCEL_ALL, 0));
	note("%d", cancels(0, 1u << 6, 0));
	done(u.cmd[1], 5, UNLOCKED);
	submit_and_wait(u.ring, 0, 1);
	reap(u.ring);
}

static void a_parked_command_is_not_found(void **state)
{
	(void)state;
	process("server", cancels_what_is_parked, NULL);
	run_all();
	assert_diary("-2 -2 0 0 -22 1=5 release ");
	assert_clean();
}

static int sleeps_in_a_worker(struct shim_uring_cmd *cmd, unsigned int flags)
{
	if (flags & SHIM_URING_F_NONBLOCK)
		return -EAGAIN;
	shim_current()->state = SHIM_TASK_INTERRUPTIBLE;
	shim_schedule_timeout(3 * SHIM_HZ, SCHED_SITE("handler"));
	return shim_signal_pending(shim_current()) ? -EINTR : (int)id_of(cmd);
}

static bool runs;

static int sleeps_whatever_comes(struct shim_uring_cmd *cmd, unsigned int flags)
{
	if (flags & SHIM_URING_F_NONBLOCK)
		return -EAGAIN;
	runs = true;
	shim_current()->state = SHIM_TASK_UNINTERRUPTIBLE;
	shim_schedule_timeout(3 * SHIM_HZ, SCHED_SITE("handler"));
	return (int)id_of(cmd);
}

/* workers are four a CPU: the fifth command waits for one */
static void cancels_what_workers_have(void *arg)
{
	(void)arg;
	start();
	for (unsigned int i = 1; i <= 5; i++)
		put_sqe(u.ring, i, SPECIAL);
	submit(u.ring, 5);
	sched_yield();
	note("%d", cancels(5, 0, 0));
	note("%d", cancels(1, 0, SHIM_HZ));
	submit_and_wait(u.ring, 0, 5);
	reap(u.ring);
}

static void
what_waits_for_a_worker_is_cancelled_and_what_runs_is_interrupted(void **state)
{
	(void)state;
	u.special = sleeps_in_a_worker;
	process("server", cancels_what_workers_have, NULL);
	run_all();
	pass_time();
	assert_non_null(strstr(u.diary, "0 0 "));
	assert_non_null(strstr(u.diary, "5=-125"));
	assert_non_null(strstr(u.diary, "1=-4"));
	assert_non_null(strstr(u.diary, "2=2"));
	assert_clean();
}

static void a_cancellation_gives_up_when_its_time_is_over(void **state)
{
	(void)state;
	u.special = sleeps_whatever_comes;
	process("server", cancels_what_workers_have, NULL);
	run_all();
	pass_time();
	assert_non_null(strstr(u.diary, "0 -62 "));
	assert_non_null(strstr(u.diary, "1=1"));
	assert_clean();
}

static int cancels_op(unsigned int opcode, int fd, unsigned int flags)
{
	const struct uring_cancel how = {
		.fd = fd,
		.opcode = (unsigned char)opcode,
		.flags = flags | URING_CANCEL_OP,
	};

	return sys_io_uring_sync_cancel(u.ring, &how);
}

static void cancels_what_a_file_and_an_operation_name(void *arg)
{
	const unsigned int fixed = URING_CANCEL_FD | URING_CANCEL_FD_FIXED;

	(void)arg;
	start();
	for (unsigned int i = 1; i <= 2; i++)
		put_sqe(u.ring, i, SPECIAL);
	submit(u.ring, 2);
	sched_yield();
	note("%d", cancels_op(URING_OP_URING_CMD, 77, URING_CANCEL_FD));
	note("%d", cancels_op(URING_OP_URING_CMD, 0, fixed));
	sys_io_uring_register_file(u.ring, u.fd);
	note("%d", cancels_op(URING_OP_URING_CMD, 5, fixed));
	note("%d", cancels_op(URING_OP_READ_FIXED, 0, fixed));
	/* without a user_data, an operation is enough */
	note("%d", cancels_op(URING_OP_READ_FIXED, 0, URING_CANCEL_ALL));
	note("%d", cancels_op(URING_OP_URING_CMD, 0, fixed | URING_CANCEL_ALL));
	submit_and_wait(u.ring, 0, 2);
	reap(u.ring);
	sys_io_uring_unregister_files(u.ring);
}

static void a_file_and_an_operation_name_what_is_cancelled(void **state)
{
	(void)state;
	u.special = sleeps_in_a_worker;
	process("server", cancels_what_a_file_and_an_operation_name, NULL);
	run_all();
	pass_time();
	assert_non_null(strstr(u.diary, "-9 -9 -9 -2 0 0 "));
	/* one has a worker, one waits for it */
	assert_non_null(strstr(u.diary, "1=-4"));
	assert_non_null(strstr(u.diary, "2=-125"));
	assert_clean();
}

/* what another task did when a worker had the command */
static bool other_did;

static void wait_for_worker_and_other(void)
{
	while (!runs || !other_did)
		sched_yield();
}

static void completes_a_parked_command(void *arg)
{
	while (!runs)
		sched_yield();
	completes_unlocked(arg);
	other_did = true;
}

static void cancels_beside_a_parked_command(void *arg)
{
	(void)arg;
	u.setup = DEFER;
	start();
	put_sqe(u.ring, 1, SPECIAL);
	put_sqe(u.ring, 2, PARK);
	submit(u.ring, 2);
	wait_for_worker_and_other();
	note("%d", cancels(1, 0, 5 * SHIM_HZ));
	submit_and_wait(u.ring, 0, 2);
	reap(u.ring);
}

/*
 * What was deferred before is done, but nothing deferred wakes the task then: nobody
 * waits for CQEs as io_req_local_work_add() sees it.
 */
static void a_cancellation_does_what_was_deferred_before_it_waits(void **state)
{
	(void)state;
	u.special = sleeps_whatever_comes;
	runs = other_did = false;
	process("server", cancels_beside_a_parked_command, NULL);
	process("client", completes_a_parked_command, (void *)2);
	run_all();
	pass_time();
	assert_diary("done-returned -62 2=5 1=1 release ");
	assert_clean();
}

static void cancels_until_a_signal(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, SPECIAL);
	submit(u.ring, 1);
	wait_for_worker_and_other();
	note("%d", cancels(1, 0, 0));
}

static void signals(void *arg)
{
	while (!runs)
		sched_yield();
	shim_signal(arg, 0);
	other_did = true;
}

static void a_signal_ends_a_cancellation(void **state)
{
	(void)state;
	u.special = sleeps_whatever_comes;
	runs = other_did = false;
	process("other", signals, process("server", cancels_until_a_signal, NULL));
	run_all();
	pass_time();
	assert_non_null(strstr(u.diary, "-4 "));
	assert_clean();
}

static void cancels_a_poll(void *arg)
{
	struct uring_sqe *sqe;

	(void)arg;
	start();
	sqe = put_sqe(u.ring, 3, FINISH);
	uring_prep_poll(u.ring, sqe);
	submit(u.ring, 1);
	note("%d", cancels(3, 0, 0));
	note("%d", cancels(3, 0, 0));
	submit_and_wait(u.ring, 0, 1);
	reap(u.ring);
}

static void a_poll_is_cancelled(void **state)
{
	(void)state;
	process("server", cancels_a_poll, NULL);
	run_all();
	assert_diary("0 -2 3=-125 release ");
	assert_clean();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(a_wait_ends_with_its_time),
		uring_test(a_wait_ends_before_its_time),
		uring_test(a_parked_command_is_not_found),
		uring_test(
			what_waits_for_a_worker_is_cancelled_and_what_runs_is_interrupted),
		uring_test(a_cancellation_gives_up_when_its_time_is_over),
		uring_test(a_file_and_an_operation_name_what_is_cancelled),
		uring_test(a_cancellation_does_what_was_deferred_before_it_waits),
		uring_test(a_signal_ends_a_cancellation),
		uring_test(a_poll_is_cancelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
