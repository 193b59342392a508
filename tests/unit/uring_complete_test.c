// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completion, rules 2.1 to 2.6 of docs/io_uring-model.md.
 */
#include "uring_unit.h"

static struct shim_lock *uring_lock_of(const struct shim_uring *ring)
{
	/* the model keeps it first */
	return (struct shim_lock *)ring;
}

static void finishes_three(void *arg)
{
	(void)arg;
	start();
	for (unsigned int id = 1; id <= 3; id++)
		put_sqe(u.ring, id, FINISH);
	submit(u.ring, 3);
	note("submitted");
}

/* 2.2, 2.5 */
static void a_flush_posts_cqes_in_order_before_the_lock_is_released(void **state)
{
	struct sched_task *server = process("server", finishes_three, NULL)->fiber;

	(void)state;
	run_until_lock(server, "ctx->uring_lock");
	/* the first thing that the flush does after publishing is freeing */
	run_until(server, SCHED_FREE, 1);
	assert_ptr_equal(uring_lock_of(u.ring)->owner, server->data);
	reap(u.ring);
	assert_diary("1=1 2=2 3=3 ");
	run_to_end(server);
	assert_diary("1=1 2=2 3=3 submitted release ");
	assert_clean();
}

/* 2.2 */
static void no_cqe_is_seen_before_the_batch_is_issued(void **state)
{
	struct sched_task *server = process("server", finishes_three, NULL)->fiber;

	(void)state;
	run_until(server, SCHED_SUBMIT, 3);
	assert_int_equal(shim_uring_cq_ready(u.ring), 0);
	assert_int_equal(shim_uring_inflight(u.ring), 3);
	run_to_end(server);
}

static int completes_itself(struct shim_uring_cmd *cmd, unsigned int flags)
{
	note("sqe%d", cmd->sqe != NULL);
	done(cmd, 4, flags);
	note("live%d sqe%d", shim_heap_is_live(cmd), cmd->sqe != NULL);
	return QUEUED;
}

static void submits_special(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, SPECIAL);
	submit(u.ring, 1);
	note("live%d", shim_heap_is_live(u.cmd[1]));
	reap(u.ring);
}

/* 2.2 */
static void a_command_is_valid_until_the_flush_and_not_after(void **state)
{
	(void)state;
	u.special = completes_itself;
	process("server", submits_special, NULL);
	run_all();
	assert_diary("sqe1 live1 sqe0 live0 1=4 release ");
	assert_clean();
}

static void parks_and_waits(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit_and_wait(u.ring, 1, 1);
	reap(u.ring);
}

/* 2.3 */
static void an_unlocked_done_is_posted_when_its_task_work_runs(void **state)
{
	struct sched_task *server = process("server", parks_and_waits, NULL)->fiber;
	struct sched_task *client;

	(void)state;
	run_until_blocked(server);
	client = process("client", completes_unlocked, (void *)1)->fiber;
	run_to_end(client);
	assert_int_equal(shim_uring_cq_ready(u.ring), 0);
	assert_true(shim_heap_is_live(u.cmd[1]));
	run_to_end(server);
	assert_diary("done-returned 1=5 release ");
	assert_clean();
}

/* 2.3 */
static void a_command_may_be_gone_before_an_unlocked_done_returns(void **state)
{
	struct sched_task *server = process("server", parks_and_waits, NULL)->fiber;
	struct sched_task *client;

	(void)state;
	run_until_blocked(server);
	client = process("client", completes_unlocked, (void *)1)->fiber;
	run_until(client, SCHED_COMPLETE, 2);
	run_to_end(server);
	assert_false(shim_heap_is_live(u.cmd[1]));
	run_to_end(client);
	assert_diary("1=5 release done-returned ");
	assert_clean();
}

static void parks_a_cancelable_and_submits_again(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	submit(u.ring, 1);
	put_sqe(u.ring, 2, FINISH);
	submit(u.ring, 1);
	submit_and_wait(u.ring, 0, 2);
	reap(u.ring);
}

/* 2.1, 2.4 */
static void an_unlocked_done_of_a_cancelable_command_waits_for_the_batch(void **state)
{
	struct sched_task *server =
		process("server", parks_a_cancelable_and_submits_again, NULL)->fiber;
	struct sched_task *client;

	(void)state;
	run_until(server, SCHED_SUBMIT, 2); /* inside the second batch */
	client = process("client", completes_unlocked, (void *)1)->fiber;
	run_until_blocked(client);
	assert_string_equal(client->blocked_why, "ctx->uring_lock");
	run_all();
	/* the task work came later than what the batch had to post */
	assert_non_null(strstr(u.diary, "2=2 1=5 "));
	assert_clean();
}

/* 2.1: not cancelable, so L is not needed */
static void an_unlocked_done_of_an_unmarked_command_needs_no_lock(void **state)
{
	struct sched_task *server = process("server", parks_and_waits, NULL)->fiber;
	struct sched_task *client;

	(void)state;
	run_until_blocked(server);
	uring_lock_of(u.ring)->owner = server->data; /* as if in a batch */
	client = process("client", completes_unlocked, (void *)1)->fiber;
	run_to_end(client);
	uring_lock_of(u.ring)->owner = NULL;
	run_all();
	assert_clean();
}

static void completes_twice(void *arg)
{
	(void)arg;
	done(u.cmd[1], 0, UNLOCKED);
	done(u.cmd[1], 0, UNLOCKED);
	note("not here");
}

static void completing_twice_is_reported(void **state)
{
	struct sched_task *server = process("server", parks_and_waits, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	process("client", completes_twice, NULL);
	run_all();
	assert_reported(REPORT_ACCOUNTING, "completes twice");
	assert_diary("");
}

static int completes_and_returns(struct shim_uring_cmd *cmd, unsigned int flags)
{
	done(cmd, 4, flags);
	return -EINVAL;
}

static void completing_and_returning_a_result_is_reported(void **state)
{
	(void)state;
	u.special = completes_and_returns;
	process("server", submits_special, NULL);
	run_all();
	assert_reported(REPORT_ACCOUNTING, "and the handler returned -22");
}

static void uses_it_after_the_flush(void *arg)
{
	submits_special(arg);
	done(u.cmd[1], 0, UNLOCKED);
}

static void a_command_used_after_the_flush_is_reported(void **state)
{
	(void)state;
	u.special = completes_itself;
	process("server", uses_it_after_the_flush, NULL);
	run_all();
	assert_reported(REPORT_HEAP, "use after free: io_uring_cmd_done()");
}

static int marks_and_fails(struct shim_uring_cmd *cmd, unsigned int flags)
{
	shim_uring_cmd_mark_cancelable(cmd, flags, SCHED_SITE("cmd"));
	return -EINVAL;
}

static void freeing_a_command_that_can_be_cancelled_is_reported(void **state)
{
	(void)state;
	u.special = marks_and_fails;
	process("server", submits_special, NULL);
	run_all();
	assert_reported(REPORT_HEAP, "freed on the list of cancelable commands");
}

static void completes_with_the_wrong_flags(void *arg)
{
	(void)arg;
	done(u.cmd[1], 0, SHIM_URING_F_COMPLETE_DEFER);
}

static void completing_deferred_without_the_lock_is_reported(void **state)
{
	struct sched_task *server = process("server", parks_and_waits, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	run_to_end(process("client", completes_with_the_wrong_flags, NULL)->fiber);
	assert_reported(REPORT_LOCK, "ctx->uring_lock must be held here");
}

static void parks_and_says_what_waiting_returned(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit(u.ring, 1);
	note("%d", submit_and_wait(u.ring, 0, 1));
	reap(u.ring);
}

/* 3.2: it was there, so there is no error, though another thread has taken it */
static void a_waiter_whose_cqe_is_taken_away_returns_without_an_error(void **state)
{
	struct sched_task *server =
		process("server", parks_and_says_what_waiting_returned, NULL)->fiber;

	(void)state;
	/* it looks for task work when it is queued already, and runs it */
	run_until_lock(server, "ctx->cq_wait.lock");
	run_to_end(process("client", completes_unlocked, (void *)1)->fiber);
	run_until(server, SCHED_FREE, 1);
	reap(u.ring);
	assert_diary("done-returned 1=5 ");
	run_to_end(server);
	assert_diary("done-returned 1=5 0 release ");
	assert_clean();
}

static void overflows(void *arg)
{
	(void)arg;
	start();
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int id = 0; id < 8; id++)
			put_sqe(u.ring, 1 + id + 8 * round, FINISH);
		submit(u.ring, 8);
	}
	note("ready%u", shim_uring_cq_ready(u.ring));
	while (shim_uring_cq_ready(u.ring))
		uring_seen_cqe(u.ring);
	submit_and_wait(u.ring, 0, 0);
	note("ready%u", shim_uring_cq_ready(u.ring));
	reap(u.ring);
}

/* 2.6 */
static void what_finds_the_cq_full_comes_later_and_in_order(void **state)
{
	(void)state;
	process("server", overflows, NULL);
	run_all();
	assert_diary("ready16 ready8 17=17 18=18 19=19 20=20 21=21 22=22 23=23 24=24 "
		     "release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void makes_room_for_one(void *arg)
{
	(void)arg;
	start();
	for (unsigned int id = 1; id <= 24; id++) {
		put_sqe(u.ring, id, FINISH);
		if (id % 8 == 0)
			submit(u.ring, 8);
	}
	uring_seen_cqe(u.ring);
	put_sqe(u.ring, 99, FINISH);
	submit(u.ring, 1);
	note("ready%u", shim_uring_cq_ready(u.ring));
	submit_and_wait(u.ring, 0, 0);
	note("ready%u", shim_uring_cq_ready(u.ring));
	for (int i = 0; i < 15; i++)
		uring_seen_cqe(u.ring);
	reap(u.ring);
	submit_and_wait(u.ring, 0, 0);
	reap(u.ring);
}

/* 2.6 */
static void a_cqe_does_not_overtake_what_has_overflown(void **state)
{
	(void)state;
	process("server", makes_room_for_one, NULL);
	run_all();
	assert_diary(
		"ready15 ready16 17=17 18=18 19=19 20=20 21=21 22=22 23=23 24=24 99=99 "
		"release ");
	assert_clean();
}

static int leaves_no_memory(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)cmd;
	(void)flags;
	fault_nth(FAULT_ALLOC, 1);
	return 0;
}

static void overflows_without_memory(void *arg)
{
	(void)arg;
	start();
	for (unsigned int round = 0; round < 2; round++) {
		for (unsigned int id = 0; id < 8; id++)
			put_sqe(u.ring, 1, FINISH);
		submit(u.ring, 8);
	}
	put_sqe(u.ring, 2, SPECIAL);
	submit(u.ring, 1);
	while (shim_uring_cq_ready(u.ring))
		uring_seen_cqe(u.ring);
	submit_and_wait(u.ring, 0, 0);
	note("ready%u", shim_uring_cq_ready(u.ring));
}

/* 2.6 */
static void a_cqe_without_room_or_memory_is_dropped(void **state)
{
	(void)state;
	u.special = leaves_no_memory;
	process("server", overflows_without_memory, NULL);
	run_all();
	assert_diary("ready0 release ");
}

static void finishes_one(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 6, FINISH);
	submit(u.ring, 1);
	reap(u.ring);
}

static void a_cqe_is_in_the_trace_with_its_result(void **state)
{
	unsigned int seen = 0;

	(void)state;
	run_to_end(process("server", finishes_one, NULL)->fiber);
	for (size_t i = 0; i < trace_count(); i++)
		seen += trace_get(i)->what == SCHED_COMPLETE && trace_get(i)->value == 6;
	assert_int_equal(seen, 1);
	assert_diary("6=6 release ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(a_flush_posts_cqes_in_order_before_the_lock_is_released),
		uring_test(no_cqe_is_seen_before_the_batch_is_issued),
		uring_test(a_command_is_valid_until_the_flush_and_not_after),
		uring_test(an_unlocked_done_is_posted_when_its_task_work_runs),
		uring_test(a_command_may_be_gone_before_an_unlocked_done_returns),
		uring_test(an_unlocked_done_of_a_cancelable_command_waits_for_the_batch),
		uring_test(an_unlocked_done_of_an_unmarked_command_needs_no_lock),
		uring_test(completing_twice_is_reported),
		uring_test(completing_and_returning_a_result_is_reported),
		uring_test(a_command_used_after_the_flush_is_reported),
		uring_test(freeing_a_command_that_can_be_cancelled_is_reported),
		uring_test(completing_deferred_without_the_lock_is_reported),
		uring_test(a_waiter_whose_cqe_is_taken_away_returns_without_an_error),
		uring_test(what_finds_the_cq_full_comes_later_and_in_order),
		uring_test(a_cqe_does_not_overtake_what_has_overflown),
		uring_test(a_cqe_without_room_or_memory_is_dropped),
		uring_test(a_cqe_is_in_the_trace_with_its_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
