// SPDX-License-Identifier: GPL-2.0-only
/*
 * Submission, rules 1.1 to 1.6 of docs/io_uring-model.md.
 */
#include "shim/arena.h"
#include "uring_unit.h"

#define INLINE_FLAGS                                                                 \
	(SHIM_URING_F_NONBLOCK | SHIM_URING_F_COMPLETE_DEFER | SHIM_URING_F_INLINE | \
	 SHIM_URING_F_SQE128)
#define WORKER_FLAGS (UNLOCKED | SHIM_URING_F_IOWQ | SHIM_URING_F_SQE128)

static struct shim_lock *uring_lock_of(const struct shim_uring_cmd *cmd)
{
	/* the model keeps it first */
	return (struct shim_lock *)((const struct shim_uring_req *)cmd)->ctx;
}

static int notes_flags(struct shim_uring_cmd *cmd, unsigned int flags)
{
	note("%s:%s%s", shim_current()->comm, flags == INLINE_FLAGS ? "inline" : "",
	     flags == WORKER_FLAGS ? "worker" : "");
	if (shim_lock_held(uring_lock_of(cmd)))
		note("locked");
	return (int)id_of(cmd);
}

static void submits_three(void *arg)
{
	(void)arg;
	start();
	u.special = notes_flags;
	for (unsigned int id = 1; id <= 3; id++)
		put_sqe(u.ring, id, SPECIAL);
	note("%d", submit(u.ring, 3));
	reap(u.ring);
}

/* 1.1 */
static void a_batch_is_issued_in_order_under_the_lock(void **state)
{
	(void)state;
	process("server", submits_three, NULL);
	run_all();
	assert_diary("server:inline locked server:inline locked server:inline locked "
		     "3 1=1 2=2 3=3 release ");
	assert_clean();
}

static void submits_one_to(void *arg)
{
	struct shim_uring *ring = *(struct shim_uring **)arg;

	put_sqe(ring, 9, FINISH);
	submit(ring, 1);
	reap(ring);
}

/* 1.1: nobody else of that ring in between */
static void the_lock_is_held_between_two_commands_of_a_batch(void **state)
{
	struct task_struct *server = process("server", submits_three, NULL);
	struct sched_task *b;

	(void)state;
	run_until(server->fiber, SCHED_SUBMIT, 2);
	b = thread(server, "b", submits_one_to, &u.ring)->fiber;
	run_until_blocked(b);
	assert_string_equal(b->blocked_why, "ctx->uring_lock");
	run_to_end(server->fiber);
	run_to_end(b);
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

static void wakes_nappers(void *arg)
{
	(void)arg;
	awake = 1;
	shim_wake_up(&nap, SHIM_TASK_NORMAL, 0, 0, SCHED_SITE("nap"));
}

static void prepare_naps(void)
{
	shim_wait_init(&nap, &wait_class);
	awake = 0;
	u.special = naps;
}

static void naps_in_a_handler(void *arg)
{
	(void)arg;
	start();
	u.other = open_ring();
	put_sqe(u.ring, 1, SPECIAL);
	submit(u.ring, 1);
	reap(u.ring);
}

/* 1.2 */
static void another_ring_runs_while_a_handler_sleeps(void **state)
{
	struct task_struct *server;

	(void)state;
	prepare_naps();
	server = process("server", naps_in_a_handler, NULL);
	run_until_blocked(server->fiber);
	run_to_end(thread(server, "b", submits_one_to, &u.other)->fiber);
	run_to_end(process("waker", wakes_nappers, NULL)->fiber);
	run_to_end(server->fiber);
	assert_diary("nap1 9=9 1=0 release ");
	assert_clean();
}

static int tells_sqe128(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)cmd;
	return !!(flags & SHIM_URING_F_SQE128);
}

static void asks_for_sqe128(void *arg)
{
	struct shim_uring *small = sys_io_uring_setup(4, 0);

	(void)arg;
	start();
	u.special = tells_sqe128;
	put_sqe(small, 1, SPECIAL);
	submit(small, 1);
	reap(small);
	put_sqe(u.ring, 2, SPECIAL);
	submit(u.ring, 1);
	reap(u.ring);
}

/* 1.3 */
static void only_a_ring_of_128_byte_sqes_claims_them(void **state)
{
	(void)state;
	process("server", asks_for_sqe128, NULL);
	run_all();
	assert_diary("1=0 2=1 release ");
}

/* the user changes everything while the handler runs */
static int is_cheated(struct shim_uring_cmd *cmd, unsigned int flags)
{
	struct uring_sqe *sqe = (struct uring_sqe *)cmd->sqe;
	struct shim_uring_req *req = (struct shim_uring_req *)cmd;

	(void)flags;
	note("ring-memory%d", shim_uring_is_ring_memory(sqe));
	sqe->cmd_op = FINISH;
	sqe->uring_cmd_flags = 0;
	sqe->buf_index = 77;
	sqe->cmd[0] = 'x';
	note("op%u flags%u index%u cmd-%c", cmd->cmd_op, cmd->flags, req->buf_index,
	     ((const struct uring_sqe *)cmd->sqe)->cmd[0]);
	return 0;
}

static void cheats(void *arg)
{
	struct uring_sqe *sqe;

	(void)arg;
	start();
	u.special = is_cheated;
	sqe = put_sqe(u.ring, 1, SPECIAL);
	sqe->uring_cmd_flags = URING_CMD_FIXED;
	sqe->buf_index = 3;
	submit(u.ring, 1);
}

/* 1.4 */
static void what_prep_read_stays_and_the_rest_of_the_sqe_is_the_users(void **state)
{
	(void)state;
	process("server", cheats, NULL);
	run_all();
	assert_diary("ring-memory1 op5 flags1 index3 cmd-x release ");
}

/* the same, but the kernel has made a copy first */
static int is_not_cheated(struct shim_uring_cmd *cmd, unsigned int flags)
{
	struct uring_sqe *sqe = (struct uring_sqe *)cmd->sqe;

	(void)flags;
	shim_uring_copy_sqe(cmd);
	shim_uring_copy_sqe(cmd);
	sqe->cmd[0] = 'x';
	note("ring-memory%d cmd-%c", shim_uring_is_ring_memory(cmd->sqe),
	     ((const struct uring_sqe *)cmd->sqe)->cmd[0]);
	return 0;
}

static void is_copied(void *arg)
{
	(void)arg;
	start();
	u.special = is_not_cheated;
	put_sqe(u.ring, 1, SPECIAL)->cmd[0] = 'a';
	submit(u.ring, 1);
}

/* 1.4a */
static void a_copied_sqe_is_not_the_users_any_more(void **state)
{
	(void)state;
	process("server", is_copied, NULL);
	run_all();
	assert_diary("ring-memory0 cmd-a release ");
}

static void parks_one(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK);
	put_sqe(u.ring, 2, FINISH);
	note("%d", submit(u.ring, 2));
	note("ready%u inflight%u", shim_uring_cq_ready(u.ring),
	     shim_uring_inflight(u.ring));
}

/* 1.5 */
static void a_queued_command_posts_nothing(void **state)
{
	struct task_struct *server = process("server", parks_one, NULL);

	(void)state;
	run_as_far_as_possible(server->fiber);
	assert_diary("2 ready1 inflight1 ");
}

static int looks_at_its_sqe(struct shim_uring_cmd *cmd, unsigned int flags)
{
	const struct uring_sqe *sqe = cmd->sqe;

	if (flags & SHIM_URING_F_NONBLOCK)
		return -EAGAIN;
	notes_flags(cmd, flags);
	note("ring-memory%d cmd-%c mm%d tgid%d", shim_uring_is_ring_memory(sqe),
	     sqe->cmd[0], shim_current()->mm == u.mm, shim_current()->tgid);
	return 7;
}

static void is_punted(void *arg)
{
	struct uring_sqe *sqe;

	(void)arg;
	start();
	u.special = looks_at_its_sqe;
	sqe = put_sqe(u.ring, 1, SPECIAL);
	sqe->cmd[0] = 'a';
	submit(u.ring, 1);
	sqe->cmd[0] = 'b'; /* too late */
	submit_and_wait(u.ring, 0, 1);
	reap(u.ring);
}

/* 1.4, 1.5, 1.6 */
static void eagain_copies_the_sqe_and_a_worker_issues_it_without_the_lock(void **state)
{
	(void)state;
	process("server", is_punted, NULL);
	run_all();
	assert_diary("iou-wrk-100/0:worker ring-memory0 cmd-a mm1 tgid100 1=7 release ");
	assert_clean();
}

static unsigned int notes_poll(struct file *file)
{
	(void)file;
	note("poll");
	return 0;
}

static const struct shim_file_ops pollable_ops = {
	.uring_cmd = driver_uring_cmd,
	.poll = notes_poll,
};

static void is_punted_with_a_pollable_file(void *arg)
{
	(void)arg;
	shim_file_open(&pollable_ops, 04000 /* O_NONBLOCK */, &u.fd);
	u.ring = open_ring();
	put_sqe(u.ring, 1, AGAIN);
	submit_and_wait(u.ring, 1, 1);
	reap(u.ring);
}

/* 1.5: the file could be polled, but URING_CMD names no event */
static void eagain_goes_to_a_worker_also_where_the_file_could_be_polled(void **state)
{
	(void)state;
	process("server", is_punted_with_a_pollable_file, NULL);
	run_all();
	assert_diary("1=7 ");
	assert_non_null(task_named("iou-wrk"));
	assert_clean();
}

static void is_refused_twice(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, AGAIN_TWICE);
	submit_and_wait(u.ring, 1, 1);
	reap(u.ring);
}

/* 1.6 */
static void eagain_from_a_worker_is_a_cqe_by_the_submitter(void **state)
{
	struct sched_task *server = process("server", is_refused_twice, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	run_to_end(task_named("iou-wrk"));
	assert_int_equal(shim_uring_cq_ready(u.ring), 0);
	run_all();
	assert_diary("1=-11 release ");
}

static void submits_two_async(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, SPECIAL)->flags = URING_SQE_ASYNC;
	put_sqe(u.ring, 2, SPECIAL)->flags = URING_SQE_ASYNC;
	submit_and_wait(u.ring, 2, 2);
	reap(u.ring);
}

/* 1.6 */
static void several_workers_run_at_a_time(void **state)
{
	struct sched_task *server;

	(void)state;
	prepare_naps();
	server = process("server", submits_two_async, NULL)->fiber;
	run_until_blocked(server);
	run_until_blocked(task_named("iou-wrk-100/0"));
	run_until_blocked(task_named("iou-wrk-100/1"));
	assert_diary("nap1 nap2 ");
	process("waker", wakes_nappers, NULL);
	run_all();
	assert_diary("nap1 nap2 1=0 2=0 release ");
	assert_clean();
}

static void posts_by_worker(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, AGAIN);
	submit_and_wait(u.ring, 1, 1);
	reap(u.ring);
}

/* 1.6: a worker posts its result, but not on a DEFER_TASKRUN ring */
static void a_worker_posts_its_own_result(void **state)
{
	struct sched_task *server = process("server", posts_by_worker, NULL)->fiber;

	(void)state;
	run_until_blocked(server);
	run_as_far_as_possible(task_named("iou-wrk"));
	assert_int_equal(shim_uring_cq_ready(u.ring), 1);
	/* what is left is task work that frees it */
	assert_int_equal(shim_uring_inflight(u.ring), 1);
	run_all();
	assert_diary("1=7 release ");
	assert_clean();
}

static void the_submitter_of_a_defer_ring_posts_for_the_worker(void **state)
{
	struct sched_task *server;

	(void)state;
	u.setup = DEFER;
	server = process("server", posts_by_worker, NULL)->fiber;
	run_until_blocked(server);
	run_as_far_as_possible(task_named("iou-wrk"));
	assert_int_equal(shim_uring_cq_ready(u.ring), 0);
	run_all();
	assert_diary("1=7 release ");
	assert_clean();
}

/* 2.1: it has its result, though the CQE is not there yet */
static void completing_what_a_worker_has_a_result_of_is_reported(void **state)
{
	(void)state;
	u.setup = DEFER;
	run_until_blocked(process("server", posts_by_worker, NULL)->fiber);
	run_as_far_as_possible(task_named("iou-wrk"));
	assert_true(shim_heap_is_live(u.cmd[1]));
	process("client", completes_unlocked, (void *)1);
	run_as_far_as_possible(task_named("client"));
	assert_reported(REPORT_ACCOUNTING, "completes twice: io_uring_cmd_done() with 5 "
					   "after 7");
}

static void waits_for_a_worker_and_another(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, AGAIN);
	put_sqe(u.ring, 2, PARK);
	submit_and_wait(u.ring, 2, 2);
	reap(u.ring);
}

/* 3.4: the push of a worker is not lazy */
static void a_worker_wakes_a_defer_waiter_at_once(void **state)
{
	struct sched_task *server;

	(void)state;
	u.setup = DEFER;
	server = process("server", waits_for_a_worker_and_another, NULL)->fiber;
	run_until_blocked(server);
	run_as_far_as_possible(task_named("iou-wrk"));
	assert_int_equal(server->state, SCHED_RUNNABLE);
	run_until_blocked(server);
	assert_int_equal(shim_uring_cq_ready(u.ring), 1);
	run_to_end(process("client", completes_unlocked, (void *)2)->fiber);
	run_all();
	assert_diary("done-returned 1=7 2=5 release ");
	assert_clean();
}

static int keeps_it(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)flags;
	done(cmd, 3, UNLOCKED); /* as an abort that overtakes the handler would */
	note("handler-goes-on%d", ((struct shim_uring_req *)cmd)->magic != 0x6b6b6b6b);
	sched_yield();
	note("live%d", shim_heap_is_live(cmd));
	return QUEUED;
}

static void has_a_slow_worker(void *arg)
{
	(void)arg;
	start();
	u.special = keeps_it;
	put_sqe(u.ring, 1, SPECIAL)->flags = URING_SQE_ASYNC;
	submit_and_wait(u.ring, 1, 1);
	reap(u.ring);
}

/* 1.6 */
static void a_worker_keeps_its_command_alive_until_it_is_through(void **state)
{
	(void)state;
	process("server", has_a_slow_worker, NULL);
	run_all();
	assert_non_null(strstr(u.diary, "1=3"));
	assert_non_null(strstr(u.diary, "live1"));
	assert_int_equal(u.released, 1);
	assert_clean();
}

static void parks_in_a_worker(void *arg)
{
	(void)arg;
	start();
	put_sqe(u.ring, 1, PARK_CANCELABLE)->flags = URING_SQE_ASYNC;
	submit_and_wait(u.ring, 1, 1);
	reap(u.ring);
}

/* 1.6, 2.3, 4.1: the worker takes the lock to mark it, its reference is gone */
static void a_command_parked_by_a_worker_is_completed_like_any_other(void **state)
{
	struct sched_task *server = process("server", parks_in_a_worker, NULL)->fiber;
	struct sched_task *worker;

	(void)state;
	run_until_blocked(server);
	worker = task_named("iou-wrk");
	run_until_lock(worker, "ctx->uring_lock");
	run_to_end(worker);
	run_to_end(process("client", completes_unlocked, (void *)1)->fiber);
	run_all();
	assert_diary("done-returned 1=5 release ");
	assert_int_equal(shim_heap_live(NULL), 0);
	assert_clean();
}

static void makes_mistakes(void *arg)
{
	struct uring_sqe *sqe;

	(void)arg;
	start();
	put_sqe(u.ring, 1, FINISH)->ioprio = 1;
	put_sqe(u.ring, 2, FINISH);
	note("%d", submit(u.ring, 2));
	note("%d", submit(u.ring, 1));
	put_sqe(u.ring, 3, FINISH)->fd = 99;
	put_sqe(u.ring, 4, FINISH)->pad1 = 1;
	note("%d", submit(u.ring, 1));
	note("%d", submit(u.ring, 1));
	sqe = uring_get_sqe(u.ring);
	sqe->user_data = 5; /* NOP */
	submit(u.ring, 1);
	reap(u.ring);
	sys_uring_close(u.ring);
	note("%d", submit(u.ring, 1));
}

static void a_refused_sqe_gets_its_cqe_and_ends_the_batch(void **state)
{
	(void)state;
	process("server", makes_mistakes, NULL);
	run_all();
	assert_diary("1 1 1 1 1=-22 2=2 3=-9 4=-22 5=0 -9 release ");
	assert_clean();
}

static void fills_the_sq(void *arg)
{
	unsigned int n = 0;

	(void)arg;
	start();
	while (uring_get_sqe(u.ring))
		n++;
	note("%u", n);
	note("%d", submit(u.ring, 3));
	note("%d", uring_get_sqe(u.ring) != NULL);
	note("%d", submit(u.ring, 99));
}

static void slots_are_free_again_after_the_batch(void **state)
{
	(void)state;
	process("server", fills_the_sq, NULL);
	run_all();
	assert_diary("8 3 1 6 release ");
}

static void sets_up_badly(void *arg)
{
	(void)arg;
	note("%d%d%d%d", !!sys_io_uring_setup(3, 0), !!sys_io_uring_setup(0, 0),
	     !!sys_io_uring_setup(512, 0),
	     !!sys_io_uring_setup(4, URING_SETUP_DEFER_TASKRUN));
	fault_nth(FAULT_ALLOC, 1);
	note("%d", !!sys_io_uring_setup(4, 0));
	note("%d", !!sys_io_uring_setup(4, 0));
}

static void setup_refuses_what_makes_no_sense_or_has_no_memory(void **state)
{
	(void)state;
	process("server", sets_up_badly, NULL);
	run_all();
	assert_diary("0000 0 1 ");
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void wants_iopoll(void *arg)
{
	(void)arg;
	sys_io_uring_setup(4, 1u << 0); /* IORING_SETUP_IOPOLL */
	note("not here");
}

static void what_is_not_modelled_is_said(void **state)
{
	(void)state;
	process("server", wants_iopoll, NULL);
	run_all();
	assert_diary("");
	assert_reported(REPORT_UNMODELLED, "an io_uring setup flag");
}

static int tells_size(struct shim_uring_cmd *cmd, unsigned int flags)
{
	note("%llu%s", id_of(cmd), flags & SHIM_URING_F_SQE128 ? "large" : "small");
	return 0;
}

static void submits_large_commands(void *arg)
{
	const unsigned int setups[] = { 0, URING_SETUP_SQE_MIXED, URING_SETUP_SQE128 };

	(void)arg;
	u.special = tells_size;
	open_driver();
	for (unsigned int i = 0; i < 3; i++) {
		struct shim_uring *ring = sys_io_uring_setup(8, setups[i]);

		put_sqe(ring, 1, SPECIAL)->opcode = URING_OP_URING_CMD128;
		submit(ring, 1);
		put_sqe(ring, 2, SPECIAL);
		submit(ring, 1);
		reap(ring);
		note("/");
		sys_uring_close(ring);
	}
	note("%d",
	     sys_io_uring_setup(8, URING_SETUP_SQE128 | URING_SETUP_SQE_MIXED) != NULL);
}

/* 1.7 */
static void a_large_command_needs_a_ring_that_has_room_for_it(void **state)
{
	(void)state;
	process("server", submits_large_commands, NULL);
	run_all();
	assert_diary("2small 1=-22 2=0 / 1large 2small 1=0 2=0 / 1large 2large 1=0 2=0 / "
		     "0 release ");
	assert_clean();
}

static void sets_up_the_largest_ring(void *arg)
{
	unsigned int writable = 0, known = 0;
	const void *sqe, *cqe;

	(void)arg;
	open_driver();
	u.ring = sys_io_uring_setup(256, URING_SETUP_SQE128);
	note("%d", u.ring != NULL);
	while ((sqe = uring_get_sqe(u.ring))) {
		writable +=
			shim_user_prot(u.mm, sqe) == (SHIM_PROT_READ | SHIM_PROT_WRITE);
		known += shim_uring_is_ring_memory(sqe) != 0;
	}
	note("sqes%u known%u", writable, known);
	submit(u.ring, 1);
	cqe = uring_peek_cqe(u.ring);
	note("cqe%d known%d",
	     shim_user_prot(u.mm, cqe) == (SHIM_PROT_READ | SHIM_PROT_WRITE),
	     shim_uring_is_ring_memory(cqe));
	note("else%d", shim_uring_is_ring_memory(&u));
}

/* 1.1: the rings are user memory, all of them, which the user may read and write */
static void a_ring_is_mapped_as_a_whole(void **state)
{
	(void)state;
	run_to_end(process("server", sets_up_the_largest_ring, NULL)->fiber);
	assert_diary("1 sqes256 known256 cqe1 known1 else0 release ");
}

static void sets_up_without_memory(void *arg)
{
	(void)arg;
	note("%d", sys_io_uring_setup(8, 0) != NULL);
	note("%d", sys_io_uring_setup(512, 0) != NULL);
}

static void a_task_without_user_memory_gets_no_ring(void **state)
{
	(void)state;
	run_to_end(
		shim_task_new("task", 0, NULL, 0, sets_up_without_memory, NULL)->fiber);
	assert_diary("0 0 ");
	assert_int_equal(shim_heap_live(NULL), 0);
	assert_clean();
}

static void sets_up_without_a_file(void *arg)
{
	char *p = shim_mmap(u.mm, SHIM_PAGE_SIZE, SHIM_PROT_READ);

	(void)arg;
	fault_nth(FAULT_ALLOC, 2); /* the instance, then its file */
	note("%d", sys_io_uring_setup(8, 0) != NULL);
	/* mapped it was, behind the hole */
	note("prot%u", shim_user_prot(u.mm, p + 2 * SHIM_PAGE_SIZE));
	note("ring%d", shim_uring_is_ring_memory(p + 2 * SHIM_PAGE_SIZE));
}

static void memory_of_an_instance_that_came_to_nothing_is_no_rings(void **state)
{
	(void)state;
	run_to_end(process("server", sets_up_without_a_file, NULL)->fiber);
	assert_diary("0 prot3 ring0 ");
	assert_int_equal(shim_heap_live(NULL), 0);
	assert_clean();
}

static int waits_in_a_worker(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)cmd;
	if (!(flags & SHIM_URING_F_IOWQ))
		return -EAGAIN;
	sched_block(&u, "for ever", SCHED_SITE("worker"));
	return 0;
}

/* @arg: entries of the ring */
static void keeps_workers_busy(void *arg)
{
	open_driver();
	u.ring = sys_io_uring_setup((unsigned int)(uintptr_t)arg, URING_SETUP_SQE128);
	u.special = waits_in_a_worker;
	for (unsigned int i = 0; i < 20; i++) {
		put_sqe(u.ring, 1, SPECIAL);
		submit(u.ring, 1);
		sched_yield();
	}
	sched_block(&u, "for ever", SCHED_SITE("server"));
}

static unsigned int workers_of_a_ring(unsigned int entries)
{
	unsigned int n = 0;

	process("server", keeps_workers_busy, (void *)(uintptr_t)entries);
	sched_run(NULL);
	for (unsigned int i = 0; i < sched_task_count(); i++)
		n += !strncmp(sched_task_nr(i)->name, "iou-wrk", 7);
	return n;
}

/* 1.6: as many as the submission queue is long, or four per CPU, of which there are 2 */
static void there_are_only_so_many_workers(void **state)
{
	static const unsigned int expected[][2] = {
		{ 1, 1 }, { 2, 2 }, { 4, 4 }, { 64, 8 }
	};

	for (unsigned int i = 0; i < 4; i++) {
		fresh_uring(state);
		assert_int_equal(workers_of_a_ring(expected[i][0]), expected[i][1]);
	}
}

static void fills_a_ring_twice(void *arg)
{
	const struct uring_sqe *sqe;
	unsigned int n = 0;

	(void)arg;
	start();
	for (unsigned int id = 1; id <= 8; id++)
		memset(put_sqe(u.ring, id, FINISH), 0xff, sizeof(*sqe));
	note("%d", uring_get_sqe(u.ring) != NULL);
	submit(u.ring, 8);
	/* the first was refused, and ended the batch */
	reap(u.ring);
	submit(u.ring, 7);
	while ((sqe = uring_get_sqe(u.ring))) {
		static const struct uring_sqe empty;

		n += !memcmp(sqe, &empty, sizeof(empty));
		if (n == 2)
			break;
	}
	note("empty%u", n);
}

/* what is left of an earlier one in its slot is not handed out */
static void a_new_sqe_is_empty(void **state)
{
	(void)state;
	process("server", fills_a_ring_twice, NULL);
	run_to_end(task_named("server"));
	assert_non_null(strstr(u.diary, "empty2"));
	assert_memory_equal(u.diary, "0 ", 2);
}

/* ---- every refusal, and every way to be restarted ---- */

static const struct {
	unsigned int flags, ioprio, pad1, uring_cmd_flags;
	int res;
} mistakes[] = {
	{ .flags = 0x80, .res = -EINVAL },
	{ .ioprio = 1, .res = -EINVAL },
	{ .pad1 = 1, .res = -EINVAL },
	{ .uring_cmd_flags = 2, .res = -EINVAL }, /* MULTISHOT */
	{ .uring_cmd_flags = 3, .res = -EINVAL },
	{ .uring_cmd_flags = 4, .res = -EINVAL },
	{ .uring_cmd_flags = 1u << 30, .res = -EINVAL },
	{ .uring_cmd_flags = URING_CMD_FIXED, .res = 1 },
	{ .res = 1 },
};

static void makes_one_mistake(void *arg)
{
	unsigned int i = (unsigned int)(uintptr_t)arg;
	struct uring_sqe *sqe;

	start();
	sqe = put_sqe(u.ring, 1, FINISH);
	sqe->flags = (unsigned char)mistakes[i].flags;
	sqe->ioprio = (unsigned short)mistakes[i].ioprio;
	sqe->pad1 = mistakes[i].pad1;
	sqe->uring_cmd_flags = mistakes[i].uring_cmd_flags;
	note("%d", submit(u.ring, 1));
	reap(u.ring);
}

static void each_field_that_is_wrong_is_refused(void **state)
{
	char expected[64];

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		fresh_uring(state);
		process("server", makes_one_mistake, (void *)i);
		run_all();
		snprintf(expected, sizeof(expected), "1 1=%d release ", mistakes[i].res);
		assert_diary(expected);
		assert_clean();
	}
}

static int restart_code;

static int wants_to_be_restarted(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)cmd;
	(void)flags;
	return restart_code;
}

static void submits_special_or_async(void *arg)
{
	start();
	put_sqe(u.ring, 1, SPECIAL)->flags = arg ? URING_SQE_ASYNC : 0;
	submit_and_wait(u.ring, 1, 1);
	reap(u.ring);
}

/* a command is not restarted: the user is told that it was interrupted */
static void a_restart_is_an_interruption(void **state)
{
	static const int codes[][2] = { { -512, -EINTR }, { -513, -EINTR },
					{ -514, -EINTR }, { -516, -EINTR },
					{ -515, -515 },	  { -511, -511 },
					{ -517, -517 },	  { -EIO, -EIO } };
	char expected[64];

	for (unsigned int i = 0; i < 8; i++)
		for (unsigned int async = 0; async < 2; async++) {
			fresh_uring(state);
			u.special = wants_to_be_restarted;
			restart_code = codes[i][0];
			process("server", submits_special_or_async,
				async ? &restart_code : NULL);
			run_all();
			snprintf(expected, sizeof(expected), "1=%d release ",
				 codes[i][1]);
			assert_diary(expected);
			assert_clean();
		}
}

static void enters_wrongly(void *arg)
{
	(void)arg;
	start();
	note("%d", sys_io_uring_enter(u.ring, 0, 0, 1u << 30));
	note("%d", sys_io_uring_enter(u.ring, 0, 0, 1u << 31));
	note("%d", sys_io_uring_enter(u.ring, 0, 0, 0));
	note("%d", sys_io_uring_enter(u.ring, 5, 0, 0)); /* there are none */
	put_sqe(u.ring, 1, FINISH);
	put_sqe(u.ring, 2, FINISH);
	note("%d", sys_io_uring_enter(u.ring, 1, 0, 0));
	note("%d", sys_io_uring_enter(u.ring, 9, 1, URING_ENTER_GETEVENTS));
	sys_uring_close(u.ring);
	note("%d", sys_io_uring_enter(u.ring, 0, 0, 0));
}

static void entering_returns_what_was_submitted(void **state)
{
	(void)state;
	process("server", enters_wrongly, NULL);
	run_all();
	assert_diary("-22 -22 0 0 1 1 -9 release ");
	assert_clean();
}

static void another_thread_submits(void *arg)
{
	(void)arg;
	put_sqe(u.ring, 2, FINISH);
	note("%d", submit(u.ring, 1));
	note("%d", submit_and_wait(u.ring, 0, 1));
	note("%d", submit(u.ring, 0));
}

static void opens_and_waits(void *arg)
{
	(void)arg;
	start();
	sched_yield();
}

/* SINGLE_ISSUER */
static void only_its_submitter_submits_to_a_defer_ring(void **state)
{
	struct task_struct *server;

	(void)state;
	u.setup = DEFER;
	server = process("server", opens_and_waits, NULL);
	sched_run_task(server->fiber, NULL, NULL, 0);
	run_to_end(thread(server, "other", another_thread_submits, NULL)->fiber);
	assert_diary("-17 -17 0 ");
	run_all();
}

static void sets_up(void *arg)
{
	sys_io_uring_setup((unsigned int)(uintptr_t)arg, 0);
}

static int64_t returned(void)
{
	for (size_t i = trace_count(); i--;)
		if (trace_get(i)->what == SCHED_SYSCALL && trace_get(i)->object &&
		    !strcmp(trace_get(i)->object, "returns"))
			return trace_get(i)->value;
	return 0;
}

static void what_setup_returns_is_in_the_trace(void **state)
{
	static const unsigned int entries[] = { 0, 3, 257, 512 };

	for (unsigned int i = 0; i < 4; i++) {
		fresh_uring(state);
		run_to_end(
			process("server", sets_up, (void *)(uintptr_t)entries[i])->fiber);
		assert_int_equal(returned(), -EINVAL);
	}
	fresh_uring(state);
	run_to_end(process("server", sets_up, (void *)256)->fiber);
	assert_int_equal(returned(), SHIM_FIRST_FD);
}

/* ---- workers ---- */

static unsigned int busy; /* the command that is not to end */

static int is_busy_or_not(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)flags;
	if (id_of(cmd) == busy)
		sched_block(&u, "for ever", SCHED_SITE("worker"));
	return 0;
}

static void submits_async_by_and_by(void *arg)
{
	(void)arg;
	start();
	u.special = is_busy_or_not;
	for (unsigned int id = 1; id <= 3; id++) {
		put_sqe(u.ring, id, SPECIAL)->flags = URING_SQE_ASYNC;
		if (id == 1)
			continue;
		submit(u.ring, id == 2 ? 2 : 1);
		sched_yield();
	}
	sched_block(&u, "for ever", SCHED_SITE("server"));
}

/* any of them: the first or the second one is busy */
static void a_worker_that_rests_is_woken_before_another_is_made(void **state)
{
	for (busy = 1; busy <= 2; busy++) {
		struct sched_task *server;
		unsigned int workers = 0;

		fresh_uring(state);
		server = process("server", submits_async_by_and_by, NULL)->fiber;
		sched_run_task(server, NULL, NULL, 0);
		run_as_far_as_possible(task_named("iou-wrk-100/0"));
		run_as_far_as_possible(task_named("iou-wrk-100/1"));
		run_as_far_as_possible(server);
		for (unsigned int i = 0; i < sched_task_count(); i++)
			workers += !strncmp(sched_task_nr(i)->name, "iou-wrk", 7);
		assert_int_equal(workers, 2);
		sched_run(NULL);
		assert_int_equal(shim_uring_cq_ready(u.ring), 2);
	}
}

/* each execution has all of them */
static void workers_of_earlier_executions_are_forgotten(void **state)
{
	for (unsigned int i = 0; i < 12; i++) {
		fresh_uring(state);
		assert_int_equal(workers_of_a_ring(64), 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(a_batch_is_issued_in_order_under_the_lock),
		uring_test(the_lock_is_held_between_two_commands_of_a_batch),
		uring_test(another_ring_runs_while_a_handler_sleeps),
		uring_test(only_a_ring_of_128_byte_sqes_claims_them),
		uring_test(what_prep_read_stays_and_the_rest_of_the_sqe_is_the_users),
		uring_test(a_copied_sqe_is_not_the_users_any_more),
		uring_test(a_queued_command_posts_nothing),
		uring_test(eagain_copies_the_sqe_and_a_worker_issues_it_without_the_lock),
		uring_test(eagain_goes_to_a_worker_also_where_the_file_could_be_polled),
		uring_test(eagain_from_a_worker_is_a_cqe_by_the_submitter),
		uring_test(several_workers_run_at_a_time),
		uring_test(a_worker_posts_its_own_result),
		uring_test(the_submitter_of_a_defer_ring_posts_for_the_worker),
		uring_test(completing_what_a_worker_has_a_result_of_is_reported),
		uring_test(a_worker_wakes_a_defer_waiter_at_once),
		uring_test(a_worker_keeps_its_command_alive_until_it_is_through),
		uring_test(a_command_parked_by_a_worker_is_completed_like_any_other),
		uring_test(a_refused_sqe_gets_its_cqe_and_ends_the_batch),
		uring_test(slots_are_free_again_after_the_batch),
		uring_test(setup_refuses_what_makes_no_sense_or_has_no_memory),
		uring_test(what_is_not_modelled_is_said),
		uring_test(a_large_command_needs_a_ring_that_has_room_for_it),
		uring_test(a_ring_is_mapped_as_a_whole),
		uring_test(a_task_without_user_memory_gets_no_ring),
		uring_test(memory_of_an_instance_that_came_to_nothing_is_no_rings),
		uring_test(there_are_only_so_many_workers),
		uring_test(a_new_sqe_is_empty),
		uring_test(each_field_that_is_wrong_is_refused),
		uring_test(a_restart_is_an_interruption),
		uring_test(entering_returns_what_was_submitted),
		uring_test(only_its_submitter_submits_to_a_defer_ring),
		uring_test(what_setup_returns_is_in_the_trace),
		uring_test(a_worker_that_rests_is_woken_before_another_is_made),
		uring_test(workers_of_earlier_executions_are_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
