// SPDX-License-Identifier: GPL-2.0-only
/*
 * Task work, rules 3.1 to 3.7 of docs/io_uring-model.md.
 */
#include "detect/race.h"
#include "shim/fault.h"
#include "uring_unit.h"

static struct shim_lock *uring_lock_of(const struct shim_uring *ring)
{
	/* the model keeps it first */
	return (struct shim_lock *)ring;
}

/* what fuse's send_in_task does in the end */
static void callback(struct shim_uring_req *req, int cancel)
{
	note("tw%llu%s%s", req->user_data, cancel ? "-cancelled" : "",
	     shim_lock_held(uring_lock_of(req->ctx)) ? "" : "-unlocked");
	done(&req->cmd, cancel ? -ECANCELED : 0, TW_FLAGS);
}

static void in_task(unsigned int id, shim_uring_tw_fn fn)
{
	shim_uring_cmd_do_in_task(u.cmd[id], fn, 0, SCHED_SITE("cmd"));
}

/* a client whose requests go to the parked commands @arg (a string of digits) */
static void dispatches(void *arg)
{
	for (const char *c = arg; *c; c++)
		in_task((unsigned int)(*c - '0'), callback);
	note("dispatched");
}

static struct sched_task *dispatch(const char *ids)
{
	return process("client", dispatches, (void *)ids)->fiber;
}

/* commands 1, 3 on one ring, 2, 4 on another; then waits for all on the first */
static void parks_four(void *arg)
{
	(void)arg;
	start();
	u.other = open_ring();
	put_sqe(u.ring, 1, PARK);
	put_sqe(u.ring, 3, PARK);
	submit(u.ring, 2);
	put_sqe(u.other, 2, PARK);
	put_sqe(u.other, 4, PARK);
	submit(u.other, 2);
	submit_and_wait(u.ring, 0, 2);
	reap(u.ring);
	reap(u.other);
}

/* 3.1, 3.3 */
static void default_mode_is_one_fifo_per_task_across_rings(void **state)
{
	struct sched_task *server = process("server", parks_four, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	run_to_end(dispatch("1243"));
	run_to_end(server);
	assert_diary("dispatched tw1 tw2 tw4 tw3 1=0 3=0 2=0 4=0 release ");
	assert_clean();
}

/* 3.5: SIGKILL came to the task that rests, which finds the work on its way out */
static void work_that_is_refused_is_cancelled(void **state)
{
	struct sched_task *server = process("server", parks_four, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	fault_nth(FAULT_TASK_WORK, 1);
	run_to_end(dispatch("1"));
	assert_true(fault_fired(FAULT_TASK_WORK));
	run_all();
	assert_non_null(strstr(u.diary, "dispatched tw1-cancelled"));
}

/* 3.3: the lock goes round with the ring of the entry, no more often */
static void one_hold_covers_successive_entries_of_a_ring(void **state)
{
	struct sched_task *server = process("server", parks_four, NULL)->fiber;
	unsigned int n = 0;

	(void)state;
	run_until_blocked(server);
	run_to_end(dispatch("1324"));
	run_until_lock(server, "ctx->uring_lock");
	n++;
	run_until_lock(server, "ctx->uring_lock");
	n++;
	assert_diary("dispatched tw1 tw3 ");
	/* flushed before the lock went */
	assert_int_equal(shim_uring_cq_ready(u.ring), 2);
	run_to_end(server);
	assert_int_equal(n, 2);
}

static void parks_two_on_a_defer_ring(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	put_sqe(u.ring, 2, PARK);
	submit(u.ring, 2);
	note("parked");
	sched_yield();
	submit(u.ring, 0); /* not for events */
	note("entered");
	submit_and_wait(u.ring, 0, 2);
	reap(u.ring);
}

static void run_to_yield(struct sched_task *task)
{
	sched_run_task(task, NULL, NULL, 0);
}

/* 3.1, 3.2 */
static void a_defer_ring_runs_its_fifo_only_when_asked_for_events(void **state)
{
	struct sched_task *server;

	(void)state;
	u.setup = DEFER;
	server = process("server", parks_two_on_a_defer_ring, NULL)->fiber;
	run_to_yield(server);
	run_to_end(dispatch("21"));
	run_to_end(server);
	assert_diary("parked dispatched entered tw2 tw1 2=0 1=0 release ");
	assert_clean();
}

/* 3.2: default mode runs at the next way back to user mode */
static void default_mode_runs_on_the_way_back_to_user_mode(void **state)
{
	struct sched_task *server =
		process("server", parks_two_on_a_defer_ring, NULL)->fiber;

	(void)state;
	run_to_yield(server);
	run_to_end(dispatch("21"));
	run_to_end(server);
	assert_diary("parked dispatched tw2 tw1 entered 2=0 1=0 release ");
	assert_clean();
}

static void waits_on_anothers_ring(void *arg)
{
	(void)arg;
	note("%d", submit_and_wait(u.ring, 0, 1));
	put_sqe(u.ring, 7, FINISH);
	note("%d", submit(u.ring, 1));
}

/* 3.2 */
static void nobody_but_the_submitter_may_use_a_defer_ring(void **state)
{
	struct task_struct *server;

	(void)state;
	u.setup = DEFER;
	server = process("server", parks_two_on_a_defer_ring, NULL);
	run_to_yield(server->fiber);
	run_to_end(thread(server, "b", waits_on_anothers_ring, NULL)->fiber);
	assert_diary("parked -17 -17 ");
}

static void submits_while_work_is_pending(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	put_sqe(u.ring, 2, SPECIAL);
	submit(u.ring, 2);
	reap(u.ring);
}

static int queues_the_first(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)flags;
	in_task(1, callback);
	note("issued%llu", id_of(cmd));
	return 0;
}

/* 3.2 */
static void task_work_never_runs_inside_an_issue(void **state)
{
	(void)state;
	u.special = queues_the_first;
	process("server", submits_while_work_is_pending, NULL);
	run_all();
	assert_diary("issued2 tw1 2=0 1=0 release ");
	assert_clean();
}

static void requeues(struct shim_uring_req *req, int cancel)
{
	(void)cancel;
	note("requeue%llu", req->user_data);
	shim_uring_cmd_do_in_task(&req->cmd, callback, 0, SCHED_SITE("cmd"));
}

static void dispatches_requeue(void *arg)
{
	(void)arg;
	in_task(1, requeues);
}

static void parks_one_and_waits(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit_and_wait(u.ring, 1, 1);
	reap(u.ring);
}

/* 3.7 */
static void a_callback_may_queue_its_own_command_again(void **state)
{
	struct sched_task *server = process("server", parks_one_and_waits, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	run_to_end(process("client", dispatches_requeue, NULL)->fiber);
	run_to_end(server);
	assert_diary("requeue1 tw1 1=0 release ");
	assert_clean();
}

static void dispatches_twice(void *arg)
{
	(void)arg;
	in_task(1, callback);
	in_task(1, callback);
}

static void queueing_a_command_that_is_queued_is_reported(void **state)
{
	struct sched_task *server = process("server", parks_one_and_waits, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	process("client", dispatches_twice, NULL);
	run_all();
	assert_reported(REPORT_KERNEL, "queued while it is queued");
}

/* 2.3 meets 3.7: torn down while its callback is on its way */
static void completing_a_command_whose_task_work_is_queued_is_reported(void **state)
{
	struct sched_task *server = process("server", parks_one_and_waits, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	run_to_end(dispatch("1"));
	process("abort", completes_unlocked, (void *)1);
	run_all();
	assert_int_equal(
		report_count_kind(REPORT_KERNEL) + report_count_kind(REPORT_HEAP), 1);
}

static void parks_and_leaves(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	put_sqe(u.ring, 2, PARK);
	submit(u.ring, 2);
	note("parked");
	sched_yield();
	note("leaves");
}

static void stays(void *arg)
{
	(void)arg;
	sched_yield();
}

/* 3.5, 5.2 */
static void an_exiting_task_runs_its_work_as_cancelled(void **state)
{
	struct sched_task *server = process("server", parks_and_leaves, NULL)->fiber;

	(void)state;
	run_to_yield(server);
	run_to_end(dispatch("12"));
	run_to_end(server);
	assert_diary("parked dispatched leaves tw1-cancelled tw2-cancelled release ");
	assert_clean();
}

/* 3.6: another thread keeps the ring open */
static void a_push_after_the_submitters_exit_falls_back_to_a_kworker(void **state)
{
	struct task_struct *server = process("server", parks_and_leaves, NULL);
	struct sched_task *other = thread(server, "other", stays, NULL)->fiber;

	(void)state;
	run_to_yield(other);
	run_to_yield(server->fiber);
	run_to_end(server->fiber);
	assert_diary("parked leaves ");
	run_to_end(dispatch("21"));
	run_to_end(task_named("kworker"));
	assert_diary("parked leaves dispatched tw2-cancelled tw1-cancelled ");
	assert_int_equal(shim_uring_cq_ready(u.ring), 2);
	assert_int_equal(shim_uring_inflight(u.ring), 0);
	run_all();
	assert_clean();
}

/* 3.6 */
static void a_defer_ring_keeps_its_work_until_it_is_closed(void **state)
{
	struct task_struct *server;
	struct sched_task *other;

	(void)state;
	u.setup = DEFER;
	server = process("server", parks_and_leaves, NULL);
	other = thread(server, "other", stays, NULL)->fiber;
	run_to_yield(other);
	run_to_yield(server->fiber);
	run_to_end(server->fiber);
	run_to_end(dispatch("21"));
	assert_null(task_named("kworker"));
	assert_diary("parked leaves dispatched ");
	run_to_end(other); /* the last thread, so the ring is released */
	run_to_end(task_named("iou_exit"));
	assert_diary("parked leaves dispatched tw2-cancelled tw1-cancelled ");
	assert_true(shim_uring_is_freed(u.ring));
	run_all();
	assert_clean();
}

static void closes(void *arg)
{
	(void)arg;
	sys_uring_close(u.ring);
}

static void parks_closes_and_enters(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit(u.ring, 1);
	note("parked");
	sched_yield();
	sys_uring_close(u.ring);
	note("closed");
}

/* 3.5: dying is enough, though the submitter is alive */
static void a_dying_ring_cancels_its_task_work(void **state)
{
	struct task_struct *server = process("server", parks_closes_and_enters, NULL);

	(void)state;
	run_to_yield(server->fiber);
	run_to_end(thread(server, "closer", closes, NULL)->fiber);
	run_to_end(dispatch("1"));
	run_all();
	assert_diary("parked dispatched tw1-cancelled closed release ");
	assert_clean();
}

static void dispatches_lazily(void *arg)
{
	for (const char *c = arg; *c; c++)
		shim_uring_cmd_do_in_task(u.cmd[*c - '0'], callback, SHIM_URING_TWQ_LAZY,
					  SCHED_SITE("cmd"));
}

static void waits_for_two(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	put_sqe(u.ring, 2, PARK);
	submit_and_wait(u.ring, 2, 2);
	reap(u.ring);
}

/* 3.4 */
static void a_lazy_push_wakes_a_defer_waiter_when_enough_came(void **state)
{
	struct sched_task *server;

	(void)state;
	u.setup = DEFER;
	server = process("server", waits_for_two, NULL)->fiber;
	run_until_blocked(server);
	run_to_end(process("a", dispatches_lazily, "1")->fiber);
	assert_int_equal(server->state, SCHED_BLOCKED);
	run_to_end(process("b", dispatches_lazily, "2")->fiber);
	assert_int_equal(server->state, SCHED_RUNNABLE);
	run_to_end(server);
	assert_diary("tw1 tw2 1=0 2=0 release ");
}

/* 3.4 */
static void a_push_that_is_not_lazy_wakes_at_once(void **state)
{
	struct sched_task *server;

	(void)state;
	u.setup = DEFER;
	server = process("server", waits_for_two, NULL)->fiber;
	run_until_blocked(server);
	run_to_end(dispatch("1"));
	assert_int_equal(server->state, SCHED_RUNNABLE);
	run_until_blocked(server);
	assert_diary("dispatched tw1 ");
	run_to_end(dispatch("2"));
	run_to_end(server);
	assert_clean();
}

static void waits_and_is_told(void *arg)
{
	(void)arg;
	start();
	note("%d", submit_and_wait(u.ring, 0, 1));
}

static void a_signal_ends_the_wait(void **state)
{
	struct task_struct *server = process("server", waits_and_is_told, NULL);

	(void)state;
	run_until_blocked(server->fiber);
	assert_true(server->fiber->idle);
	shim_signal(server, 0);
	run_to_end(server->fiber);
	assert_diary("-4 release ");
}

#define MANY_CMDS      (URING_MANY_RUN + 4)
#define URING_MANY_RUN 20 /* IO_LOCAL_TW_DEFAULT_MAX */

static struct shim_uring_cmd *many[MANY_CMDS];
static unsigned int nr_many;

static int parks_many(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)flags;
	many[nr_many++] = cmd;
	return QUEUED;
}

static void parks_many_and_submits_one_more(void *arg)
{
	(void)arg;
	open_driver();
	u.ring = sys_io_uring_setup(64, URING_SETUP_SQE128 | DEFER);
	for (unsigned int i = 0; i < MANY_CMDS; i++)
		put_sqe(u.ring, 100, SPECIAL);
	submit(u.ring, MANY_CMDS);
	sched_yield();
	put_sqe(u.ring, 7, FINISH);
	submit_and_wait(u.ring, 1, 1);
	note("ready%u", shim_uring_cq_ready(u.ring));
}

static void completes_many(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < nr_many; i++)
		done(many[i], 0, UNLOCKED);
}

/* 3.4: twenty in the submission, the rest when it waits */
static void local_work_is_done_in_lots_of_twenty(void **state)
{
	struct sched_task *server;

	(void)state;
	nr_many = 0;
	u.special = parks_many;
	server = process("server", parks_many_and_submits_one_more, NULL)->fiber;
	sched_run_task(server, NULL, NULL, 0);
	assert_int_equal(nr_many, MANY_CMDS);
	run_to_end(process("client", completes_many, NULL)->fiber);
	run_to_end(server);
	assert_diary("ready25 release ");
	assert_clean();
}

static void parks_and_waits_for_none(void *arg)
{
	(void)arg;
	u.setup = DEFER;
	start();
	put_sqe(u.ring, 1, PARK);
	submit(u.ring, 1);
	sched_yield();
	submit_and_wait(u.ring, 0, 0);
	reap(u.ring);
	note("reaped");
}

/* 3.2: a task that waits for nothing runs what is there, too */
static void local_work_runs_whatever_is_waited_for(void **state)
{
	struct sched_task *server =
		process("server", parks_and_waits_for_none, NULL)->fiber;

	(void)state;
	sched_run_task(server, NULL, NULL, 0);
	run_to_end(process("client", completes_unlocked, (void *)1)->fiber);
	run_to_end(server);
	assert_diary("done-returned 1=5 reaped release ");
	assert_clean();
}

/* ---- what is ordered without a lock, for the race detector ---- */

static unsigned long plain; /* written by one side, read by the other */

static void touch_plain(bool write)
{
	race_access(&plain, sizeof(plain), write, false, NULL, SCHED_SITE("plain"));
}

static void reads_it_in_task(struct shim_uring_req *req, int cancel)
{
	(void)cancel;
	touch_plain(false);
	done(&req->cmd, 0, TW_FLAGS);
}

static void writes_and_dispatches(void *arg)
{
	(void)arg;
	touch_plain(true);
	shim_uring_cmd_do_in_task(u.cmd[1], reads_it_in_task, 0, SCHED_SITE("cmd"));
}

static void writes_and_completes(void *arg)
{
	touch_plain(true);
	completes_unlocked(arg);
}

static void parks_and_reads(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit_and_wait(u.ring, 1, 1);
	if (uring_peek_cqe(u.ring))
		touch_plain(false);
}

static unsigned int races_of(void (*client)(void *arg), unsigned int setup)
{
	struct sched_task *server;

	fresh_uring(NULL);
	u.setup = setup;
	race_enable(true);
	race_watch(&plain, sizeof(plain), "plain");
	race_reset();
	server = process("server", parks_and_reads, NULL)->fiber;
	run_until_blocked(server);
	process("client", client, (void *)1);
	run_all();
	race_enable(false);
	return (unsigned int)report_count_kind(REPORT_RACE);
}

static void what_was_done_before_is_seen_by_task_work_and_reader(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(races_of(writes_and_dispatches, i ? DEFER : 0), 0);
		assert_int_equal(races_of(writes_and_completes, i ? DEFER : 0), 0);
	}
}

static void completes_and_writes(void *arg)
{
	completes_unlocked(arg);
	touch_plain(true);
}

static void what_is_done_after_it_is_not(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(races_of(completes_and_writes, i ? DEFER : 0), 1);
}

static int writes_or_reads(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)cmd;
	touch_plain(!(flags & SHIM_URING_F_IOWQ));
	return flags & SHIM_URING_F_IOWQ ? 3 : -EAGAIN;
}

static void goes_to_a_worker(void *arg)
{
	(void)arg;
	start();
	u.special = writes_or_reads;
	put_sqe(u.ring, 1, SPECIAL);
	submit_and_wait(u.ring, 1, 1);
	touch_plain(true);
	reap(u.ring);
}

/* from the submitter to its worker, and back with the CQE */
static void a_worker_is_after_its_submitter_and_before_its_cqe(void **state)
{
	for (unsigned int i = 0; i < 2; i++) {
		fresh_uring(state);
		u.setup = i ? DEFER : 0;
		race_enable(true);
		race_watch(&plain, sizeof(plain), "plain");
		race_reset();
		process("server", goes_to_a_worker, NULL);
		run_all();
		race_enable(false);
		assert_diary("1=3 release ");
		assert_clean();
	}
}

/* ---- a waiter of a DEFER_TASKRUN ring ---- */

static void parks_and_waits_for_it(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	submit(u.ring, 1);
	note("%d", submit_and_wait(u.ring, 0, 1));
	reap(u.ring);
}

/* what came between the first look and the sleep is not slept over */
static void work_that_comes_before_the_sleep_is_done(void **state)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct sched_task *server;

		fresh_uring(state);
		u.setup = i ? DEFER : 0;
		server = process("server", parks_and_waits_for_it, NULL)->fiber;
		run_until_lock(server, "ctx->cq_wait.lock");
		run_to_end(process("client", completes_unlocked, (void *)1)->fiber);
		run_to_end(server);
		assert_diary("done-returned 0 1=5 release ");
		assert_clean();
	}
}

static void dispatches_many(void *arg)
{
	(void)arg;
	for (unsigned int id = 1; id <= 8; id++)
		done(u.cmd[id], (int)id, UNLOCKED);
}

static void parks_eight(void *arg)
{
	start();
	for (unsigned int id = 1; id <= 8; id++)
		put_sqe(u.ring, id, PARK);
	submit(u.ring, 8);
	sched_yield();
	note("%d", submit_and_wait(u.ring, 0, (unsigned int)(uintptr_t)arg));
	note("ready%u", shim_uring_cq_ready(u.ring));
	reap(u.ring);
}

/* all that is there is run, whichever number is waited for, and beyond the queue */
static void all_local_work_is_run_by_a_waiter(void **state)
{
	for (unsigned int min = 0; min < 20; min += 3) {
		struct sched_task *server;

		fresh_uring(state);
		u.setup = DEFER;
		server = process("server", parks_eight, (void *)(uintptr_t)min)->fiber;
		run_to_yield(server);
		run_to_end(process("client", dispatches_many, NULL)->fiber);
		assert_int_equal(shim_uring_cq_ready(u.ring), 0);
		if (min > 8)
			continue;
		run_to_end(server);
		assert_memory_equal(u.diary, "0 ready8 1=1 2=2 3=3 ", 21);
		assert_clean();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(default_mode_is_one_fifo_per_task_across_rings),
		uring_test(work_that_is_refused_is_cancelled),
		uring_test(one_hold_covers_successive_entries_of_a_ring),
		uring_test(a_defer_ring_runs_its_fifo_only_when_asked_for_events),
		uring_test(default_mode_runs_on_the_way_back_to_user_mode),
		uring_test(nobody_but_the_submitter_may_use_a_defer_ring),
		uring_test(task_work_never_runs_inside_an_issue),
		uring_test(a_callback_may_queue_its_own_command_again),
		uring_test(queueing_a_command_that_is_queued_is_reported),
		uring_test(completing_a_command_whose_task_work_is_queued_is_reported),
		uring_test(an_exiting_task_runs_its_work_as_cancelled),
		uring_test(a_push_after_the_submitters_exit_falls_back_to_a_kworker),
		uring_test(a_defer_ring_keeps_its_work_until_it_is_closed),
		uring_test(a_dying_ring_cancels_its_task_work),
		uring_test(a_lazy_push_wakes_a_defer_waiter_when_enough_came),
		uring_test(a_push_that_is_not_lazy_wakes_at_once),
		uring_test(a_signal_ends_the_wait),
		uring_test(local_work_is_done_in_lots_of_twenty),
		uring_test(local_work_runs_whatever_is_waited_for),
		uring_test(what_was_done_before_is_seen_by_task_work_and_reader),
		uring_test(what_is_done_after_it_is_not),
		uring_test(a_worker_is_after_its_submitter_and_before_its_cqe),
		uring_test(work_that_comes_before_the_sleep_is_done),
		uring_test(all_local_work_is_run_by_a_waiter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
