// SPDX-License-Identifier: GPL-2.0-only
/*
 * What servers use beside plain commands: registered files, links, fixed-buffer I/O that
 * takes its time, poll, cloned tables, and flags of a ring. Rules 3.8, 6.4, 6.5, 7.1, 8.1
 * to 8.3 and 9.1 of docs/io_uring-model.md.
 */
#include "shim/arena.h"
#include "uring_unit.h"

#define PAGE SHIM_PAGE_SIZE

static char *area;
static char bytes[16];

/* ---- 7.1: registered files ---- */

static void uses_a_registered_file(void *arg)
{
	struct uring_sqe *sqe;

	(void)arg;
	start();
	note("%d", sys_io_uring_register_file(u.ring, 77));
	note("%d", sys_io_uring_register_file(u.ring, u.fd));
	note("%d", sys_io_uring_register_file(u.ring, u.fd));
	shim_close(u.fd);
	put_sqe(u.ring, 1, FINISH);
	sqe = put_sqe(u.ring, 2, FINISH);
	sqe->fd = 0;
	sqe->flags = URING_SQE_FIXED_FILE;
	sqe = put_sqe(u.ring, 3, FINISH);
	sqe->fd = 1;
	sqe->flags = URING_SQE_FIXED_FILE;
	sqe = put_sqe(u.ring, 4, FINISH);
	sqe->fd = 0;
	sqe->flags = URING_SQE_FIXED_FILE | URING_SQE_ASYNC;
	submit(u.ring, 4);
	submit_and_wait(u.ring, 0, 4);
	reap(u.ring);
	note("closes");
	sys_uring_close(u.ring);
	note("closed");
}

static void a_registered_file_is_held_until_the_ring_is_freed(void **state)
{
	(void)state;
	process("server", uses_a_registered_file, NULL);
	run_all();
	assert_diary("-9 0 -16 1=-9 2=2 3=-9 4=4 closes closed release ");
	assert_clean();
	assert_int_equal(shim_files_open(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

static int parks(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)flags;
	u.cmd[id_of(cmd)] = cmd;
	return QUEUED;
}

static void takes_the_table_away(void *arg)
{
	struct uring_sqe *sqe;

	(void)arg;
	start();
	u.special = parks;
	sys_io_uring_register_file(u.ring, u.fd);
	sqe = put_sqe(u.ring, 1, SPECIAL);
	sqe->fd = 0;
	sqe->flags = URING_SQE_FIXED_FILE;
	submit(u.ring, 1);
	note("%d", sys_io_uring_unregister_files(u.ring));
	note("%d", sys_io_uring_unregister_files(u.ring));
	shim_close(u.fd);
	note("parked");
	done(u.cmd[1], 5, UNLOCKED);
	submit_and_wait(u.ring, 0, 1);
	reap(u.ring);
}

static void a_request_pins_its_registered_file(void **state)
{
	(void)state;
	process("server", takes_the_table_away, NULL);
	run_all();
	assert_diary("0 -6 parked release 1=5 ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* ---- 8: links ---- */

static int notes_context(struct shim_uring_cmd *cmd, unsigned int flags)
{
	note("%llu%s%s", id_of(cmd), flags & SHIM_URING_F_INLINE ? "inline" : "",
	     flags & SHIM_URING_F_IOWQ ? "worker" : "");
	return id_of(cmd) == 8 ? -EIO : (int)id_of(cmd);
}

static struct uring_sqe *put_linked(unsigned int id, unsigned int flags)
{
	struct uring_sqe *sqe = put_sqe(u.ring, id, SPECIAL);

	sqe->flags = (unsigned char)flags;
	return sqe;
}

static void submits_a_chain(void *arg)
{
	struct uring_sqe *second;

	(void)arg;
	start();
	u.special = notes_context;
	put_linked(1, URING_SQE_IO_LINK);
	second = put_linked(2, URING_SQE_IO_LINK);
	put_linked(3, 0);
	put_linked(4, 0);
	note("%d", submit(u.ring, 4));
	/* it was copied: what the user writes there now is not read */
	second->cmd_op = FINISH;
	submit_and_wait(u.ring, 0, 4);
	reap(u.ring);
}

/* 8.1: each by task work behind the flush of the one before */
static void a_chain_goes_on_by_task_work(void **state)
{
	(void)state;
	process("server", submits_a_chain, NULL);
	run_all();
	assert_diary("1inline 4inline 2 3 4 1=1 4=4 2=2 3=3 release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void submits_a_chain_that_fails(void *arg)
{
	(void)arg;
	start();
	u.special = notes_context;
	put_linked(8, URING_SQE_IO_LINK);
	put_linked(2, URING_SQE_IO_LINK);
	put_linked(3, 0);
	note("%d", submit(u.ring, 3));
	submit_and_wait(u.ring, 0, 3);
	reap(u.ring);
}

/* 8.2: no handler is called */
static void what_is_linked_to_a_failure_is_cancelled(void **state)
{
	(void)state;
	process("server", submits_a_chain_that_fails, NULL);
	run_all();
	assert_diary("8inline 3 8=-5 2=-125 3=-125 release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void submits_a_chain_with_a_wrong_member(void *arg)
{
	struct uring_sqe *wrong;

	(void)arg;
	u.setup = URING_SETUP_SUBMIT_ALL;
	start();
	u.special = notes_context;
	put_linked(1, URING_SQE_IO_LINK);
	wrong = put_linked(2, URING_SQE_IO_LINK);
	wrong->ioprio = 1;
	put_linked(3, 0);
	put_linked(4, URING_SQE_IO_LINK); /* a chain without an end */
	note("%d", submit(u.ring, 4));
	submit_and_wait(u.ring, 0, 4);
	reap(u.ring);
}

/* 8.3 */
static void a_chain_with_a_wrong_member_is_not_issued(void **state)
{
	(void)state;
	process("server", submits_a_chain_with_a_wrong_member, NULL);
	run_all();
	assert_diary("4 4worker 1=-125 2=-22 3=-125 4=4 release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void submits_a_chain_to_a_worker(void *arg)
{
	(void)arg;
	start();
	u.special = notes_context;
	put_linked(1, URING_SQE_IO_LINK | URING_SQE_ASYNC);
	put_linked(2, 0);
	submit(u.ring, 2);
	submit_and_wait(u.ring, 0, 2);
	reap(u.ring);
}

/* 8.1: the worker goes on with it */
static void a_worker_goes_on_with_a_chain(void **state)
{
	(void)state;
	process("server", submits_a_chain_to_a_worker, NULL);
	run_all();
	assert_diary("1worker 2worker 1=1 2=2 release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void submits_a_chain_and_closes(void *arg)
{
	(void)arg;
	start();
	u.special = parks;
	put_linked(1, URING_SQE_IO_LINK);
	put_linked(2, 0);
	submit(u.ring, 2);
	sys_uring_close(u.ring);
	done(u.cmd[1], 5, UNLOCKED);
}

/* the rest of a chain of a dying ring fails in its task work */
static void a_chain_of_a_dying_ring_ends(void **state)
{
	(void)state;
	process("server", submits_a_chain_and_closes, NULL);
	run_all();
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* ---- 6.4: fixed-buffer I/O ---- */

static void starts_with_a_buffer(void)
{
	struct uring_iovec iov;

	start();
	area = shim_mmap(u.mm, PAGE, SHIM_PROT_READ | SHIM_PROT_WRITE);
	iov = (struct uring_iovec){ area, PAGE };
	sys_io_uring_register_buffers(u.ring, &iov, 1);
	memcpy(bytes, "0123456789abcdef", sizeof(bytes));
}

static void reads_fixed(unsigned int id, unsigned int index, unsigned long at, int direct,
			unsigned int flags)
{
	struct uring_sqe *sqe = uring_get_sqe(u.ring);

	uring_prep_fixed(u.ring, sqe, index, (uintptr_t)at, bytes, 16, 1, direct);
	sqe->user_data = id;
	sqe->flags = (unsigned char)flags;
}

static void reads_in_three_ways(void *arg)
{
	(void)arg;
	starts_with_a_buffer();
	/* of a user's buffer the model takes the offset, of the kernel's, too */
	reads_fixed(1, 0, 0, 0, 0);
	reads_fixed(2, 0, 16, 1, 0);
	reads_fixed(3, 0, 32, 0, URING_SQE_ASYNC);
	reads_fixed(4, 1, 0, 0, 0);
	reads_fixed(5, 0, PAGE - 8, 0, 0);
	note("%d", submit(u.ring, 5));
	reap(u.ring);
	note("waits");
	submit_and_wait(u.ring, 0, 2);
	reap(u.ring);
	note("%.16s %.16s %.16s", area, area + 16, area + 32);
}

static void fixed_io_is_inline_or_takes_its_time(void **state)
{
	(void)state;
	process("server", reads_in_three_ways, NULL);
	run_all();
	assert_non_null(strstr(u.diary, "5 1=16 4=-14 5=-14 waits "));
	assert_non_null(strstr(u.diary, "2=16"));
	assert_non_null(strstr(u.diary, "3=16"));
	assert_non_null(
		strstr(u.diary, "0123456789abcdef 0123456789abcdef 0123456789abcdef"));
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void reads_and_takes_the_table_away(void *arg)
{
	(void)arg;
	starts_with_a_buffer();
	reads_fixed(1, 0, 0, 1, 0);
	submit(u.ring, 1);
	note("%d", sys_io_uring_unregister_buffers(u.ring));
	sys_uring_close(u.ring);
	note("closed %d", area[0]);
}

/* the buffer is the request's until it is freed; the ring waits for it */
static void fixed_io_outlives_its_slot_and_its_descriptor(void **state)
{
	(void)state;
	process("server", reads_and_takes_the_table_away, NULL);
	run_all();
	assert_diary("0 closed 0 release ");
	assert_int_equal(area[0], '0');
	assert_clean();
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* ---- 6.5: clones ---- */

static unsigned int given_back;

static void gives_back(void *priv)
{
	(void)priv;
	given_back++;
	note("given-back");
}

static int installs(struct shim_uring_cmd *cmd, unsigned int flags)
{
	static struct shim_page *page;
	struct shim_bvec bvec;
	int err;

	if (id_of(cmd) == 2) {
		err = shim_uring_unregister_bvec(cmd, 0, flags, SCHED_SITE("cmd"));
		note("removed%d", err);
		return err;
	}
	page = shim_page_alloc(0, SHIM_GFP_ZERO, SCHED_SITE("page"));
	bvec = (struct shim_bvec){ (struct page *)page, PAGE, 0 };
	err = shim_uring_register_bvec(cmd, (const struct bio_vec *)&bvec, 1, gives_back,
				       page, 3, 0, flags, SCHED_SITE("cmd"));
	return err;
}

static void clones_a_table(void *arg)
{
	struct uring_iovec iov = { 0 };

	(void)arg;
	start();
	u.other = open_ring();
	u.special = installs;
	sys_io_uring_register_buffers(u.ring, &iov, 1);
	put_sqe(u.ring, 1, SPECIAL);
	submit(u.ring, 1);
	note("%d", sys_io_uring_clone_buffers(u.other, u.ring));
	note("%d", sys_io_uring_clone_buffers(u.other, u.ring));
	put_sqe(u.ring, 2, SPECIAL);
	submit(u.ring, 1);
	note("%ld", uring_fixed_copy(u.other, 0, 0, bytes, 4, 1));
	note("%ld", uring_fixed_copy(u.ring, 0, 0, bytes, 4, 1));
	sys_io_uring_unregister_buffers(u.other);
	note("end");
}

static void a_clone_keeps_the_buffer(void **state)
{
	(void)state;
	given_back = 0;
	process("server", clones_a_table, NULL);
	run_all();
	assert_diary("0 -16 removed0 4 -14 given-back end release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* ---- 9.1: poll ---- */

static void polls(unsigned int id)
{
	struct uring_sqe *sqe = uring_get_sqe(u.ring);

	uring_prep_poll(u.ring, sqe);
	sqe->user_data = id;
	submit(u.ring, 1);
	reap(u.ring);
}

static void waits_for_the_event(void *arg)
{
	(void)arg;
	start();
	polls(1);
	note("waits");
	submit_and_wait(u.ring, 0, 1);
	reap(u.ring);
	uring_event_signal(u.ring);
	polls(2);
	polls(3);
	note("closes");
}

static void signals_the_event(void *arg)
{
	(void)arg;
	note("signals");
	uring_event_signal(u.ring);
}

static void a_poll_ends_with_the_event_or_the_ring(void **state)
{
	struct task_struct *server;

	(void)state;
	server = process("server", waits_for_the_event, NULL);
	thread(server, "other", signals_the_event, NULL);
	run_all();
	assert_diary("waits signals 1=1 2=1 closes release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* ---- flags of a ring ---- */

static void sets_rings_up(void *arg)
{
	(void)arg;
	note("%d", sys_io_uring_setup(8, URING_SETUP_TASKRUN_FLAG) != NULL);
	note("%d", sys_io_uring_setup(8, URING_SETUP_TASKRUN_FLAG |
						 URING_SETUP_COOP_TASKRUN) != NULL);
	note("%d", sys_io_uring_setup(8, URING_SETUP_TASKRUN_FLAG | DEFER) != NULL);
	u.setup = URING_SETUP_CQSIZE;
	start();
	for (unsigned int i = 0; i < 32; i++) {
		put_sqe(u.ring, 1, FINISH);
		if (i % 8 == 7)
			submit(u.ring, 8);
	}
	note("%u", shim_uring_cq_ready(u.ring));
	reap(u.ring);
}

static void flags_of_a_ring_go_together(void **state)
{
	(void)state;
	process("server", sets_rings_up, NULL);
	run_all();
	assert_non_null(strstr(u.diary, "0 1 1 32 1=1"));
	assert_clean();
}

static void sees_that_work_waits(void *arg)
{
	(void)arg;
	u.setup = URING_SETUP_TASKRUN_FLAG | DEFER;
	start();
	u.special = parks;
	put_sqe(u.ring, 1, SPECIAL);
	submit(u.ring, 1);
	note("%d", uring_sq_taskrun(u.ring));
	done(u.cmd[1], 5, UNLOCKED);
	note("%d", uring_sq_taskrun(u.ring));
	submit_and_wait(u.ring, 0, 0);
	note("%d", uring_sq_taskrun(u.ring));
	reap(u.ring);
}

/* 3.8 */
static void user_mode_sees_that_task_work_waits(void **state)
{
	(void)state;
	process("server", sees_that_work_waits, NULL);
	run_all();
	assert_diary("0 1 0 1=5 release ");
	assert_clean();
}

static void registers_from_another_task(void *arg)
{
	struct uring_iovec iov = { 0 };

	(void)arg;
	note("%d %d", sys_io_uring_register_buffers(u.ring, &iov, 1),
	     sys_io_uring_register_file(u.ring, u.fd));
}

static void sets_up_and_rests(void *arg)
{
	(void)arg;
	u.setup = URING_SETUP_SINGLE_ISSUER;
	start();
	sched_yield();
}

static void nobody_else_registers_on_a_single_issuer_ring(void **state)
{
	struct task_struct *server;

	(void)state;
	server = process("server", sets_up_and_rests, NULL);
	thread(server, "other", registers_from_another_task, NULL);
	run_all();
	assert_diary("-17 -17 release ");
	assert_clean();
}

/* ---- task work and user mode ---- */

static struct task_struct *submitter;

static int parks_for_other(struct shim_uring_cmd *cmd, unsigned int flags)
{
	(void)flags;
	u.cmd[id_of(cmd)] = cmd;
	return QUEUED;
}

static void callback(struct shim_uring_req *req, int cancel)
{
	(void)cancel;
	note("work");
	done(&req->cmd, 0, TW_FLAGS);
}

static void is_interrupted(void *arg)
{
	u.setup = arg ? URING_SETUP_COOP_TASKRUN : 0;
	start();
	u.special = parks_for_other;
	put_sqe(u.ring, 1, SPECIAL);
	submit(u.ring, 1);
	sched_yield(); /* in user mode */
	shim_syscall_enter("getpid");
	note("call");
	shim_syscall_exit(0);
	reap(u.ring);
}

static void gives_work(void *arg)
{
	(void)arg;
	shim_uring_cmd_do_in_task(u.cmd[1], callback, 0, SCHED_SITE("cmd"));
}

/* 3.8: without COOP_TASKRUN it has run before the next system call is made */
static void task_work_interrupts_user_mode(void **state)
{
	(void)state;
	submitter = process("server", is_interrupted, NULL);
	thread(submitter, "other", gives_work, NULL);
	run_all();
	assert_diary("work call 1=0 release ");
	assert_clean();
}

static void task_work_waits_for_a_call_with_coop_taskrun(void **state)
{
	(void)state;
	submitter = process("server", is_interrupted, u.diary);
	thread(submitter, "other", gives_work, NULL);
	run_all();
	assert_diary("call work 1=0 release ");
	assert_clean();
}

/* 3.3: @time passes in the first of two callbacks */
static unsigned long time_passes;

static void lets_time_pass(struct shim_uring_req *req, int cancel)
{
	(void)cancel;
	note("work%llu", req->user_data);
	if (req->user_data == 1 && time_passes)
		shim_time_set(time_passes);
	sched_yield();
	done(&req->cmd, 0, TW_FLAGS);
}

static void works_twice(void *arg)
{
	(void)arg;
	start();
	u.special = parks_for_other;
	put_sqe(u.ring, 1, SPECIAL);
	put_sqe(u.ring, 2, SPECIAL);
	submit(u.ring, 2);
	shim_uring_cmd_do_in_task(u.cmd[1], lets_time_pass, 0, SCHED_SITE("cmd"));
	shim_uring_cmd_do_in_task(u.cmd[2], lets_time_pass, 0, SCHED_SITE("cmd"));
	submit_and_wait(u.ring, 0, 2);
}

static void wants_the_lock(void *arg)
{
	(void)arg;
	sys_io_uring_unregister_files(u.ring);
	note("locked");
}

static void two_entries(unsigned long passes)
{
	struct task_struct *server;

	time_passes = passes;
	server = process("server", works_twice, NULL);
	thread(server, "other", wants_the_lock, NULL);
	run_all();
	assert_clean();
}

static void the_lock_is_given_up_between_two_entries_if_time_passes(void **state)
{
	(void)state;
	two_entries(0);
	assert_diary("work1 work2 locked release ");
	fresh_uring(state);
	two_entries(5);
	assert_diary("work1 locked work2 release ");
}

/* ---- 5.4: what holds a ring ---- */

static void closes_the_descriptor_alone(void *arg)
{
	(void)arg;
	start();
	u.special = parks_for_other;
	put_sqe(u.ring, 1, SPECIAL);
	submit(u.ring, 1);
	sys_uring_close_fd(u.ring);
	sched_yield();
	note("dying%d", shim_uring_exit_task(u.ring) != NULL);
	done(u.cmd[1], 0, UNLOCKED);
}

static void a_mapping_keeps_its_ring(void **state)
{
	(void)state;
	process("server", closes_the_descriptor_alone, NULL);
	run_all();
	assert_diary("dying0 release ");
	assert_true(shim_uring_is_freed(u.ring));
	assert_clean();
	assert_int_equal(shim_files_open(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void dups_and_closes(void *arg)
{
	(void)arg;
	start();
	shim_dup(shim_uring_fd(u.ring));
	sys_uring_close(u.ring);
	note("dying%d", shim_uring_exit_task(u.ring) != NULL);
}

static void a_second_descriptor_keeps_its_ring(void **state)
{
	(void)state;
	process("server", dups_and_closes, NULL);
	run_all();
	assert_diary("dying0 release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* ---- 4.3 (b): exec ---- */

static void execs(void *arg)
{
	(void)arg;
	start();
	u.other = open_ring();
	put_sqe(u.ring, 1, PARK_CANCELABLE);
	submit(u.ring, 1);
	put_sqe(u.other, 2, PARK_CANCELABLE);
	submit(u.other, 1);
	shim_syscall_enter("execve");
	shim_uring_exec();
	note("mm%d", shim_current()->mm != NULL);
	shim_exec_mm();
	for (int fd = SHIM_FIRST_FD; fd < SHIM_FIRST_FD + SHIM_TASK_FILES; fd++)
		shim_close(fd);
	shim_syscall_exit(0);
	note("runs");
}

static void a_task_that_execs_cancels_its_commands_on_all_rings(void **state)
{
	(void)state;
	process("server", execs, NULL);
	run_all();
	assert_diary("cancel1 cancel2 mm1 release runs ");
	assert_clean();
	assert_int_equal(shim_files_open(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

/* ---- 2.6 ---- */

static void loses_one(void *arg)
{
	(void)arg;
	start();
	for (unsigned int round = 0; round < 2; round++) {
		for (unsigned int id = 0; id < 8; id++)
			put_sqe(u.ring, 1, FINISH);
		submit(u.ring, 8);
	}
	put_sqe(u.ring, 2, FINISH);
	fault_nth(FAULT_ALLOC, 1);
	submit(u.ring, 1);
	while (shim_uring_cq_ready(u.ring))
		uring_seen_cqe(u.ring);
	note("%d", submit_and_wait(u.ring, 0, 1));
	put_sqe(u.ring, 3, FINISH);
	note("%d", submit_and_wait(u.ring, 1, 1));
	reap(u.ring);
}

static void a_wait_tells_once_that_a_cqe_was_dropped(void **state)
{
	(void)state;
	process("server", loses_one, NULL);
	run_all();
	assert_diary("-53 1 3=3 release ");
}

static void fills_the_cq_for_a_worker(void *arg)
{
	struct uring_sqe *sqe;

	(void)arg;
	start();
	for (unsigned int round = 0; round < 2; round++) {
		for (unsigned int id = 0; id < 8; id++)
			put_sqe(u.ring, 1, FINISH);
		submit(u.ring, 8);
	}
	sqe = put_sqe(u.ring, 5, FINISH);
	sqe->flags = URING_SQE_ASYNC;
	submit(u.ring, 1);
	sched_yield();
	while (shim_uring_cq_ready(u.ring))
		uring_seen_cqe(u.ring);
	submit_and_wait(u.ring, 0, 1);
	reap(u.ring);
}

static void a_worker_without_room_leaves_it_to_the_submitter(void **state)
{
	(void)state;
	process("server", fills_the_cq_for_a_worker, NULL);
	run_all();
	assert_diary("5=5 release ");
	assert_clean();
	assert_int_equal(shim_heap_live(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(a_registered_file_is_held_until_the_ring_is_freed),
		uring_test(a_request_pins_its_registered_file),
		uring_test(a_chain_goes_on_by_task_work),
		uring_test(what_is_linked_to_a_failure_is_cancelled),
		uring_test(a_chain_with_a_wrong_member_is_not_issued),
		uring_test(a_worker_goes_on_with_a_chain),
		uring_test(a_chain_of_a_dying_ring_ends),
		uring_test(fixed_io_is_inline_or_takes_its_time),
		uring_test(fixed_io_outlives_its_slot_and_its_descriptor),
		uring_test(a_clone_keeps_the_buffer),
		uring_test(a_poll_ends_with_the_event_or_the_ring),
		uring_test(flags_of_a_ring_go_together),
		uring_test(user_mode_sees_that_task_work_waits),
		uring_test(nobody_else_registers_on_a_single_issuer_ring),
		uring_test(task_work_interrupts_user_mode),
		uring_test(task_work_waits_for_a_call_with_coop_taskrun),
		uring_test(the_lock_is_given_up_between_two_entries_if_time_passes),
		uring_test(a_task_that_execs_cancels_its_commands_on_all_rings),
		uring_test(a_mapping_keeps_its_ring),
		uring_test(a_second_descriptor_keeps_its_ring),
		uring_test(a_wait_tells_once_that_a_cqe_was_dropped),
		uring_test(a_worker_without_room_leaves_it_to_the_submitter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
