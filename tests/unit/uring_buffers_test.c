// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registered buffers, rules 6.1 to 6.3 of docs/io_uring-model.md.
 */
#include "shim/arena.h"
#include "uring_unit.h"

#define PAGE SHIM_PAGE_SIZE

static char *area; /* three pages of the server */
static struct shim_iov iter;

static struct shim_lock *uring_lock_of(const struct shim_uring *ring)
{
	/* the model keeps it first */
	return (struct shim_lock *)ring;
}

static int import(struct shim_uring_cmd *cmd, char *at, unsigned long len, int rw,
		  unsigned int flags)
{
	return shim_uring_import_fixed((uintptr_t)at, len, rw, (struct iov_iter *)&iter,
				       cmd, flags, SCHED_SITE("cmd"));
}

/* slot 0: the area from its 100th byte; 1 and 2: empty */
static void start_with_buffers(void)
{
	struct uring_iovec iov[3] = { 0 };

	start();
	area = shim_mmap(u.mm, 3 * PAGE, SHIM_PROT_READ | SHIM_PROT_WRITE);
	iov[0] = (struct uring_iovec){ area + 100, 3 * PAGE - 100 };
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 3));
}

static void submits_fixed(unsigned int index)
{
	struct uring_sqe *sqe = put_sqe(u.ring, 1, SPECIAL);

	sqe->uring_cmd_flags = URING_CMD_FIXED;
	sqe->buf_index = (unsigned short)index;
	submit(u.ring, 1);
	reap(u.ring);
}

static int imports_a_range(struct shim_uring_cmd *cmd, unsigned int flags)
{
	int err = import(cmd, area + PAGE + 5, PAGE, SHIM_ITER_SOURCE, flags);
	struct shim_page *page;
	size_t at;
	long n;

	note("%d kind%d source%d count%zu", err, iter.kind, iter.source, iter.count);
	while ((n = shim_iov_get_page(&iter, &page, PAGE, &at, SCHED_SITE("iter"))) > 0) {
		note("%ld@%td", n, (char *)page->virt + at - area);
		shim_page_put(page, SCHED_SITE("iter"));
	}
	return 0;
}

static void imports_once(void *arg)
{
	start_with_buffers();
	submits_fixed((unsigned int)(uintptr_t)arg);
}

/* 6.1 */
static void an_import_walks_the_range_of_the_slot(void **state)
{
	(void)state;
	u.special = imports_a_range;
	process("server", imports_once, NULL);
	run_all();
	assert_diary("0 0 kind2 source1 count4096 4091@4101 5@8192 1=0 release ");
	assert_clean();
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

static int imports_badly(struct shim_uring_cmd *cmd, unsigned int flags)
{
	note("%d%d%d", import(cmd, area + 99, 10, 0, flags),
	     import(cmd, area + 2 * PAGE, PAGE + 1, 0, flags),
	     import(cmd, (char *)-1L, 10, 0, flags));
	note("%d", import(cmd, area + 100, 3 * PAGE - 100, 0, flags));
	return import(cmd, area + 200, 0, 0, flags) * 10 + (int)iter.count;
}

/* 6.1 */
static void an_import_outside_of_the_slot_faults(void **state)
{
	(void)state;
	u.special = imports_badly;
	process("server", imports_once, NULL);
	run_all();
	assert_diary("0 -14-14-14 0 1=0 release ");
	assert_clean();
}

static int imports_plainly(struct shim_uring_cmd *cmd, unsigned int flags)
{
	return import(cmd, area + 100, 1, 0, flags);
}

/* 6.1 */
static void an_import_of_an_empty_or_missing_slot_faults(void **state)
{
	(void)state;
	u.special = imports_plainly;
	process("server", imports_once, (void *)1);
	run_all();
	process("server", imports_once, (void *)99);
	run_all();
	assert_diary("0 1=-14 release 0 1=-14 release ");
	assert_clean();
}

static void imports_without_the_flag(void *arg)
{
	(void)arg;
	start_with_buffers();
	put_sqe(u.ring, 1, SPECIAL);
	submit(u.ring, 1);
	reap(u.ring);
}

/* 6.1 */
static void an_import_needs_the_fixed_flag(void **state)
{
	(void)state;
	u.special = imports_plainly;
	process("server", imports_without_the_flag, NULL);
	run_all();
	assert_diary("0 1=-22 release ");
	assert_reported(REPORT_KERNEL, "without FIXED");
}

static int imports_and_parks(struct shim_uring_cmd *cmd, unsigned int flags)
{
	note("import%d", import(cmd, area + 100, 1, 0, flags));
	return QUEUED;
}

static void imports_again(struct shim_uring_req *req, int cancel)
{
	(void)cancel;
	note("import%d", import(&req->cmd, area + 100, 1, 0, TW_FLAGS));
	done(&req->cmd, 0, TW_FLAGS);
}

static void replaces_the_slot(void *arg)
{
	struct uring_iovec empty = { 0 };

	(void)arg;
	start_with_buffers();
	submits_fixed(0);
	note("update%d", sys_io_uring_update_buffer(u.ring, 0, &empty));
	shim_uring_cmd_do_in_task(u.cmd[1], imports_again, 0, SCHED_SITE("cmd"));
	submit(u.ring, 0);
	reap(u.ring);
	submits_fixed(0);
}

/* 6.1, 6.3 */
static void the_first_import_pins_the_buffer_until_the_command_is_freed(void **state)
{
	(void)state;
	u.special = imports_and_parks;
	process("server", replaces_the_slot, NULL);
	run_as_far_as_possible(task_named("server"));
	assert_diary("0 import0 update1 import0 1=0 import-14 ");
	assert_int_equal(report_count(), 0);
	assert_int_equal(shim_page_report_leaks(), 0);
}

static struct shim_page *folio;
static unsigned int released;

static void release_folio(void *priv)
{
	note("buffer-released%d", shim_lock_held(uring_lock_of(u.ring)));
	released++;
	shim_page_put(priv, SCHED_SITE("folio"));
}

static int install(struct shim_uring_cmd *cmd, unsigned int index, unsigned char dir,
		   unsigned int flags)
{
	struct shim_bvec bv[2] = { { (struct page *)folio, 100, 0 },
				   { (struct page *)folio, 50, 1000 } };
	int err;

	shim_page_get(folio, SCHED_SITE("folio"));
	err = shim_uring_register_bvec(cmd, (struct bio_vec *)bv, 2, release_folio, folio,
				       dir, index, flags, SCHED_SITE("cmd"));
	memset(bv, 0, sizeof(bv)); /* they were copied */
	if (err)
		shim_page_put(folio, SCHED_SITE("folio"));
	return err;
}

static int remove_slot(struct shim_uring_cmd *cmd, unsigned int index, unsigned int flags)
{
	return shim_uring_unregister_bvec(cmd, index, flags, SCHED_SITE("cmd"));
}

static int registers_kernel_buffers(struct shim_uring_cmd *cmd, unsigned int flags)
{
	folio = shim_page_alloc(0, 0, SCHED_SITE("folio"));
	note("%d", install(cmd, 1, 1u << SHIM_ITER_SOURCE, flags));
	note("%d", install(cmd, 1, 1, flags));
	note("%d", install(cmd, 3, 1, flags));
	fault_nth(FAULT_ALLOC, 1);
	note("%d", install(cmd, 2, 1, flags));
	note("%d %d %d", remove_slot(cmd, 2, flags), remove_slot(cmd, 0, flags),
	     remove_slot(cmd, 3, flags));
	return 0;
}

static void uses_zero_copy(void *arg)
{
	char bytes[60] = { 0 };
	char *page;

	(void)arg;
	start_with_buffers();
	submits_fixed(0);
	page = folio->virt;
	page[99] = 'a';
	page[1000] = 'b';
	note("%ld", uring_fixed_copy(u.ring, 1, 99, bytes, 51, 0));
	note("%c%c", bytes[0], bytes[1]);
	note("%ld %ld %ld", uring_fixed_copy(u.ring, 1, 100, bytes, 51, 0),
	     uring_fixed_copy(u.ring, 1, 0, bytes, 1, 1),
	     uring_fixed_copy(u.ring, 2, 0, bytes, 1, 0));
}

/* 6.2 */
static void kernel_buffers_are_registered_used_and_refused(void **state)
{
	(void)state;
	u.special = registers_kernel_buffers;
	process("server", uses_zero_copy, NULL);
	run_as_far_as_possible(task_named("server"));
	assert_diary("0 0 -16 -22 -12 -22 -16 -22 1=0 51 ab -14 -14 -14 release ");
	assert_clean();
}

/* 6.2: a slot that nobody clears is released with the ring */
static void a_kernel_buffer_is_released_when_the_ring_is_freed(void **state)
{
	(void)state;
	released = 0;
	u.special = registers_kernel_buffers;
	process("server", uses_zero_copy, NULL);
	run_as_far_as_possible(task_named("server"));
	assert_int_equal(released, 0);
	run_to_end(task_named("iou_exit"));
	assert_int_equal(released, 1);
	assert_non_null(strstr(u.diary, "buffer-released1"));
	shim_page_put(folio, SCHED_SITE("folio"));
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_clean();
}

static int replaces_while_imported(struct shim_uring_cmd *cmd, unsigned int flags)
{
	if (!folio) {
		folio = shim_page_alloc(0, 0, SCHED_SITE("folio"));
		note("%d", install(cmd, 1, 3, flags));
		return 0;
	}
	note("import%d", import(cmd, 0, 150, 0, flags));
	note("removed%d", remove_slot(cmd, 1, flags));
	done(cmd, 0, flags);
	note("done");
	return QUEUED;
}

static void imports_a_kernel_buffer(void *arg)
{
	(void)arg;
	start_with_buffers();
	submits_fixed(0);
	submits_fixed(1);
}

/* 6.2: unregistering drops only the table's reference */
static void a_removed_kernel_buffer_lives_until_its_last_user_is_freed(void **state)
{
	(void)state;
	folio = NULL;
	u.special = replaces_while_imported;
	process("server", imports_a_kernel_buffer, NULL);
	run_all();
	assert_diary("0 0 1=0 import0 removed0 done buffer-released1 1=0 release ");
	assert_clean();
}

static void registers_badly(void *arg)
{
	struct uring_iovec iov[2] = { { (char *)ARENA_USER_END - PAGE, PAGE }, { 0 } };
	struct uring_iovec odd = { NULL, 5 };

	(void)arg;
	start_with_buffers();
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 2));
	note("%d", sys_io_uring_update_buffer(u.ring, 7, &iov[1]));
	note("%d", sys_io_uring_update_buffer(u.ring, 1, &odd));
	note("%d", sys_io_uring_unregister_buffers(u.ring));
	note("%d", sys_io_uring_unregister_buffers(u.ring));
	note("%d", sys_io_uring_update_buffer(u.ring, 0, &iov[1]));
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 2));
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 0));
	fault_nth(FAULT_ALLOC, 1);
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 2));
	iov[0].base = area;
	fault_nth(FAULT_ALLOC, 2);
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 2));
	fault_nth(FAULT_PIN, 1);
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 2));
	sys_uring_close(u.ring);
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 2));
}

static void registering_refuses_what_the_kernel_refuses(void **state)
{
	(void)state;
	process("server", registers_badly, NULL);
	run_all();
	assert_diary("0 -16 -22 -14 0 -6 -6 -14 -22 -12 -12 -14 -9 release ");
	assert_clean();
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

static int takes_the_lock_itself(struct shim_uring_cmd *cmd, unsigned int flags)
{
	note("locked%d", shim_lock_held(uring_lock_of(u.ring)));
	return import(cmd, area + 100, 1, 0, flags);
}

static void imports_in_a_worker(void *arg)
{
	struct uring_sqe *sqe;

	(void)arg;
	start_with_buffers();
	sqe = put_sqe(u.ring, 1, SPECIAL);
	sqe->flags = URING_SQE_ASYNC;
	sqe->uring_cmd_flags = URING_CMD_FIXED;
	submit_and_wait(u.ring, 1, 1);
	reap(u.ring);
}

/* 6.1: under L, which an unlocked caller takes for it */
static void an_unlocked_import_takes_the_lock(void **state)
{
	struct sched_task *server, *worker;

	(void)state;
	u.special = takes_the_lock_itself;
	server = process("server", imports_in_a_worker, NULL)->fiber;
	run_until_blocked(server);
	worker = task_named("iou-wrk");
	run_until_lock(worker, "ctx->uring_lock");
	assert_diary("0 locked0 ");
	run_all();
	assert_diary("0 locked0 1=0 release ");
	assert_clean();
}

static int imports_all(struct shim_uring_cmd *cmd, unsigned int flags)
{
	struct shim_page *page;
	size_t at;
	long n;

	note("%d", import(cmd, area + 10, 20, SHIM_ITER_SOURCE, flags));
	while ((n = shim_iov_get_page(&iter, &page, PAGE, &at, SCHED_SITE("iter"))) > 0) {
		note("%ld@%td", n, (char *)page->virt + at - area);
		shim_page_put(page, SCHED_SITE("iter"));
	}
	return 0;
}

static void registers_a_few_bytes(void *arg)
{
	struct uring_iovec iov;

	(void)arg;
	start();
	area = shim_mmap(u.mm, 3 * PAGE, SHIM_PROT_READ | SHIM_PROT_WRITE);
	iov = (struct uring_iovec){ area + 10, 20 };
	note("%d", sys_io_uring_register_buffers(u.ring, &iov, 1));
	submits_fixed(0);
}

/* 6.1: a buffer that ends within its page */
static void a_buffer_may_be_shorter_than_a_page(void **state)
{
	(void)state;
	u.special = imports_all;
	process("server", registers_a_few_bytes, NULL);
	run_all();
	assert_diary("0 0 20@10 1=0 release ");
	assert_clean();
	assert_int_equal(shim_page_report_leaks(), 0);
}

static unsigned int syscalls(void)
{
	unsigned int n = 0;

	for (size_t i = 0; i < trace_count(); i++)
		n += trace_get(i)->what == SCHED_SYSCALL;
	return n;
}

static void copies_to_a_slot(void *arg)
{
	unsigned int before;
	char text[4] = "abc";

	(void)arg;
	start_with_buffers();
	before = syscalls();
	note("%ld", uring_fixed_copy(u.ring, 0, 8, text, 4, 1));
	note("%s calls%u", area + 108, syscalls() - before);
}

/* as a read with a fixed buffer is: there and back */
static void a_fixed_copy_is_a_system_call(void **state)
{
	(void)state;
	process("server", copies_to_a_slot, NULL);
	run_all();
	assert_diary("0 4 abc calls2 release ");
	assert_clean();
}

/* ---- copies over the ends of segments ---- */

static int installs_for_both(struct shim_uring_cmd *cmd, unsigned int flags)
{
	folio = shim_page_alloc(0, SHIM_GFP_ZERO, SCHED_SITE("folio"));
	return install(cmd, 1, 1u << SHIM_ITER_SOURCE | 1u << SHIM_ITER_DEST, flags);
}

static void is_filled(const char *what, const char *p, char with, unsigned int n)
{
	while (n--)
		if (*p++ != with) {
			note("%s", what);
			return;
		}
}

/* the slot is a hundred bytes, then fifty that lie elsewhere in the page */
static void copies_in_and_out(void *arg)
{
	static char bytes[300];
	char *page;

	(void)arg;
	start_with_buffers();
	submits_fixed(0);
	page = folio->virt;
	memset(page, '1', 100);
	memset(page + 100, 'x', 900);
	memset(page + 1000, '2', 50);
	/* out: over the end of the first, and not to the end of the second */
	memset(bytes, '.', sizeof(bytes));
	note("%ld", uring_fixed_copy(u.ring, 1, 90, bytes + 100, 25, 0));
	is_filled("before", bytes, '.', 100);
	is_filled("first", bytes + 100, '1', 10);
	is_filled("second", bytes + 110, '2', 15);
	is_filled("after", bytes + 125, '.', 175);
	/* from the second alone; all; none */
	memset(bytes, '.', sizeof(bytes));
	note("%ld", uring_fixed_copy(u.ring, 1, 100, bytes, 1, 0));
	note("%ld", uring_fixed_copy(u.ring, 1, 149, bytes + 1, 1, 0));
	is_filled("ends of the second", bytes, '2', 2);
	note("%ld", uring_fixed_copy(u.ring, 1, 0, bytes + 10, 150, 0));
	is_filled("all 1", bytes + 10, '1', 100);
	is_filled("all 2", bytes + 110, '2', 50);
	is_filled("behind all", bytes + 160, '.', 140);
	note("%ld", uring_fixed_copy(u.ring, 1, 150, bytes, 0, 0));
	note("%ld", uring_fixed_copy(u.ring, 1, 150, bytes, 1, 0));
	/* in */
	memset(bytes, 'n', sizeof(bytes));
	note("%ld", uring_fixed_copy(u.ring, 1, 95, bytes, 10, 1));
	is_filled("old 1", page, '1', 95);
	is_filled("new 1", page + 95, 'n', 5);
	is_filled("between", page + 100, 'x', 900);
	is_filled("new 2", page + 1000, 'n', 5);
	is_filled("old 2", page + 1005, '2', 45);
}

static void a_copy_goes_on_in_the_next_segment_and_stops_at_its_end(void **state)
{
	(void)state;
	u.special = installs_for_both;
	process("server", copies_in_and_out, NULL);
	run_as_far_as_possible(task_named("server"));
	assert_diary("0 1=0 25 1 1 150 0 -14 10 release ");
	assert_clean();
}

/* ---- ranges and directions ---- */

static int installs_then_imports(struct shim_uring_cmd *cmd, unsigned int flags)
{
	if (!folio) {
		folio = shim_page_alloc(0, 0, SCHED_SITE("folio"));
		note("%d", install(cmd, 1, 1u << SHIM_ITER_SOURCE, flags));
		return 0;
	}
	/* its addresses begin at 0 */
	note("%d", import(cmd, (char *)0, 150, SHIM_ITER_SOURCE, flags));
	note("%zu/%lu", iter.count, iter.nr_segs);
	note("%d", import(cmd, (char *)149, 1, SHIM_ITER_SOURCE, flags));
	note("%zu/%lu", iter.count, iter.nr_segs);
	note("%d", import(cmd, (char *)100, 50, SHIM_ITER_SOURCE, flags));
	note("%zu/%lu", iter.count, iter.nr_segs);
	note("%d", import(cmd, (char *)150, 0, SHIM_ITER_SOURCE, flags));
	note("%zu/%lu", iter.count, iter.nr_segs);
	note("%d", import(cmd, (char *)0, 151, SHIM_ITER_SOURCE, flags));
	note("%d", import(cmd, (char *)151, 0, SHIM_ITER_SOURCE, flags));
	note("%d", import(cmd, (char *)0, 1, SHIM_ITER_DEST, flags));
	return 0;
}

static void imports_from_both(void *arg)
{
	(void)arg;
	start_with_buffers();
	submits_fixed(1);
	submits_fixed(1);
}

static void an_import_is_within_the_slot_and_in_its_direction(void **state)
{
	(void)state;
	folio = NULL;
	u.special = installs_then_imports;
	process("server", imports_from_both, NULL);
	run_as_far_as_possible(task_named("server"));
	assert_diary("0 0 1=0 0 150/2 0 1/1 0 50/1 0 0/0 -14 -14 -14 1=0 release ");
	assert_clean();
}

static struct uring_iovec many[(1u << 14) + 1];

static void registers_ranges(void *arg)
{
	static const struct {
		uintptr_t from_area, len;
	} ranges[] = {
		{ 0, 0 },
		{ 0, (1ul << 30) + 1 },
		{ 0, (1ul << 40) + 1 },
		{ 0, ~0ul },
		{ 0, 3 * PAGE + 1 },
		{ 3 * PAGE - 1, 2 },
		{ 3 * PAGE - 1, 1 },
		{ 0, 3 * PAGE },
	};
	struct uring_iovec one;

	(void)arg;
	start();
	area = shim_mmap(u.mm, 3 * PAGE, SHIM_PROT_READ | SHIM_PROT_WRITE);
	for (unsigned int i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		int err;

		one = (struct uring_iovec){ area + ranges[i].from_area, ranges[i].len };
		err = sys_io_uring_register_buffers(u.ring, &one, 1);
		note("%d", err);
		if (!err)
			sys_io_uring_unregister_buffers(u.ring);
	}
	note("%d", sys_io_uring_register_buffers(u.ring, many, 1u << 14));
	one = (struct uring_iovec){ 0 };
	note("%d", sys_io_uring_update_buffer(u.ring, (1u << 14) - 1, &one));
	note("%d", sys_io_uring_update_buffer(u.ring, 1u << 14, &one));
	note("%d", sys_io_uring_unregister_buffers(u.ring));
	note("%d", sys_io_uring_register_buffers(u.ring, many, (1u << 14) + 1));
	note("%d", sys_io_uring_unregister_buffers(u.ring));
}

static void a_buffer_lies_in_what_is_mapped(void **state)
{
	(void)state;
	process("server", registers_ranges, NULL);
	run_all();
	assert_diary("-14 -14 -22 -22 -14 -14 0 0 0 1 -22 0 -22 -6 release ");
	assert_clean();
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void fails_in_the_middle(void *arg)
{
	struct uring_iovec iov[3] = { 0 };

	(void)arg;
	start();
	area = shim_mmap(u.mm, 3 * PAGE, SHIM_PROT_READ | SHIM_PROT_WRITE);
	for (int i = 0; i < 3; i++)
		iov[i] = (struct uring_iovec){ area + i * PAGE, PAGE };
	iov[1].len = 0; /* a place and no length */
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 3));
	/* all or none: there is room for others again */
	note("%d", sys_io_uring_unregister_buffers(u.ring));
	iov[1].base = NULL;
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 3));
	note("%d", sys_io_uring_register_buffers(u.ring, iov, 3));
	/* a slot that cannot be replaced keeps what it has */
	iov[1].len = 5;
	note("%d", sys_io_uring_update_buffer(u.ring, 0, &iov[1]));
	note("%ld", uring_fixed_copy(u.ring, 0, 0, area + PAGE, 3, 0));
	note("%d", sys_io_uring_update_buffer(u.ring, 0, &iov[2]));
	note("%ld", uring_fixed_copy(u.ring, 0, PAGE - 1, area + PAGE, 1, 0));
	note("%ld", uring_fixed_copy(u.ring, 0, PAGE, area + PAGE, 1, 0));
	sys_uring_close(u.ring);
	note("%d", sys_io_uring_unregister_buffers(u.ring));
	note("%d", sys_io_uring_update_buffer(u.ring, 0, &iov[2]));
	note("%ld", uring_fixed_copy(u.ring, 0, 0, area, 1, 0));
}

static void buffers_are_registered_all_or_none(void **state)
{
	(void)state;
	process("server", fails_in_the_middle, NULL);
	run_all();
	assert_diary("-14 -6 0 -16 -14 3 1 1 -14 -9 -9 -9 release ");
	assert_clean();
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void copies_both_ways(void *arg)
{
	char text[4] = "abc";

	(void)arg;
	start_with_buffers();
	uring_fixed_copy(u.ring, 0, 8, text, 4, 1);
	uring_fixed_copy(u.ring, 0, 8, text, 4, 0);
	uring_fixed_copy(u.ring, 2, 0, text, 4, 0); /* there is none */
}

static unsigned int in_trace(enum sched_what what, const char *expr)
{
	unsigned int n = 0;

	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_record *r = trace_get(i);

		n += r->what == what && r->site && r->site->expr &&
		     !strcmp(r->site->expr, expr);
	}
	return n;
}

/* another task may come in between, and which way it goes matters */
static void a_fixed_copy_is_a_step_of_its_direction(void **state)
{
	(void)state;
	process("server", copies_both_ways, NULL);
	run_all();
	assert_int_equal(in_trace(SCHED_TO_USER, "fixed buffer"), 1);
	assert_int_equal(in_trace(SCHED_FROM_USER, "fixed buffer"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		uring_test(an_import_walks_the_range_of_the_slot),
		uring_test(an_import_outside_of_the_slot_faults),
		uring_test(an_import_of_an_empty_or_missing_slot_faults),
		uring_test(an_import_needs_the_fixed_flag),
		uring_test(the_first_import_pins_the_buffer_until_the_command_is_freed),
		uring_test(kernel_buffers_are_registered_used_and_refused),
		uring_test(a_kernel_buffer_is_released_when_the_ring_is_freed),
		uring_test(a_removed_kernel_buffer_lives_until_its_last_user_is_freed),
		uring_test(registering_refuses_what_the_kernel_refuses),
		uring_test(an_unlocked_import_takes_the_lock),
		uring_test(a_buffer_may_be_shorter_than_a_page),
		uring_test(a_fixed_copy_is_a_system_call),
		uring_test(a_copy_goes_on_in_the_next_segment_and_stops_at_its_end),
		uring_test(an_import_is_within_the_slot_and_in_its_direction),
		uring_test(a_buffer_lies_in_what_is_mapped),
		uring_test(buffers_are_registered_all_or_none),
		uring_test(a_fixed_copy_is_a_step_of_its_direction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
