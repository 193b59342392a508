// SPDX-License-Identifier: GPL-2.0-only
/*
 * User memory: mappings, and the copies to and from them.
 */
#include <string.h>

#include "in_task.h"
#include "sched/trace.h"
#include "shim/arena.h"
#include "shim/fault.h"
#include "shim/lock.h"
#include "shim/page.h"
#include "shim/user.h"

#define HERE SCHED_SITE(NULL)
#define RW   (SHIM_PROT_READ | SHIM_PROT_WRITE)

static char kernel[3 * SHIM_PAGE_SIZE]; /* the kernel's side of the copies */

static struct copy {
	int to_user;
	void *user;
	size_t n;
	unsigned long left;
	bool atomic, done;
} copy;

static void do_copy(void)
{
	if (copy.to_user)
		copy.left =
			shim_copy_to_user(copy.user, kernel, copy.n, SCHED_SITE("copy"));
	else
		copy.left = shim_copy_from_user(kernel, copy.user, copy.n,
						SCHED_SITE("copy"));
	copy.done = true;
}

static void copies(void *arg)
{
	static const struct shim_lock_class class = { .name = "&a->lock" };
	struct shim_lock lock = SHIM_LOCK_INIT(&class);

	(void)arg;
	if (copy.atomic)
		shim_spin_lock(&lock, HERE);
	do_copy();
	if (copy.atomic)
		shim_spin_unlock(&lock, HERE);
}

static unsigned long to_user(struct shim_mm *mm, void *to, size_t n)
{
	copy = (struct copy){ .to_user = 1, .user = to, .n = n };
	run_in_task(mm, 0, copies, NULL);
	assert_true(copy.done);
	return copy.left;
}

static unsigned long from_user(struct shim_mm *mm, void *from, size_t n)
{
	copy = (struct copy){ .user = from, .n = n };
	run_in_task(mm, 0, copies, NULL);
	assert_true(copy.done);
	return copy.left;
}

static int set_up(void **state)
{
	for (size_t i = 0; i < sizeof(kernel); i++)
		kernel[i] = (char)(i % 251 + 1);
	return fresh_kernel(state);
}

/* ------------------------------------------------------------------ mappings */

static void fresh_memory_is_zero_and_ends_in_a_hole(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *a = shim_mmap(mm, 4097, SHIM_PROT_READ), *b = shim_mmap(mm, 1, RW);

	(void)state;
	assert_ptr_equal(b, a + 3 * SHIM_PAGE_SIZE);
	for (int i = 0; i < 8192; i++)
		assert_int_equal(a[i], 0);
	assert_int_equal(shim_user_prot(mm, a + 8191), SHIM_PROT_READ);
	assert_int_equal(shim_user_prot(mm, a + 8192), 0);
	assert_int_equal(shim_user_prot(mm, b), RW);
	assert_int_equal(shim_user_prot(mm, b + 4096), 0);
}

static void the_region_can_be_used_up(void **state)
{
	struct shim_mm *mm = shim_mm_new();

	(void)state;
	assert_null(shim_mmap(mm, 0, RW));
	assert_null(shim_mmap(mm, (ARENA_USER_NR + 1) * SHIM_PAGE_SIZE, RW));
	assert_null(shim_mmap(mm, ~(size_t)0, RW));
	assert_non_null(shim_mmap(mm, (ARENA_USER_NR - 3) * SHIM_PAGE_SIZE, RW));
	assert_null(shim_mmap(mm, 3 * SHIM_PAGE_SIZE, RW));
	assert_non_null(shim_mmap(mm, 2 * SHIM_PAGE_SIZE, RW));
	assert_null(shim_mmap(mm, 1, RW));
}

static void mprotect_changes_whole_pages_that_are_mapped(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 3 * SHIM_PAGE_SIZE, RW);

	(void)state;
	shim_mprotect(mm, p + 4095, 2, SHIM_PROT_READ);
	assert_int_equal(shim_user_prot(mm, p), SHIM_PROT_READ);
	assert_int_equal(shim_user_prot(mm, p + 4096), SHIM_PROT_READ);
	assert_int_equal(shim_user_prot(mm, p + 8192), RW);
	shim_mprotect(mm, p, 4 * SHIM_PAGE_SIZE, 0);
	shim_mprotect(mm, p, 4 * SHIM_PAGE_SIZE, RW);
	for (int i = 0; i < 4; i++)
		assert_int_equal(shim_user_prot(mm, p + i * 4096), 0);
	shim_mprotect(mm, (void *)4096, 4096, RW);
	shim_mprotect(mm, p, 0, RW);
	assert_no_reports();
}

static void address_spaces_do_not_see_each_other(void **state)
{
	struct shim_mm *a = shim_mm_new(), *b = shim_mm_new();
	char *p = shim_mmap(a, 4096, RW), *q = shim_mmap(b, 4096, RW);

	(void)state;
	assert_ptr_not_equal(p, q);
	assert_int_equal(to_user(a, p, 8), 0);
	assert_int_equal(to_user(b, q, 8), 0);
	assert_int_equal(to_user(b, p, 8), 8);
	assert_int_equal(to_user(a, q, 8), 8);
}

static void too_many_address_spaces_are_the_simulators_limit(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		assert_non_null(shim_mm_new());
	assert_null(shim_mm_new());
	assert_reports(REPORT_UNMODELLED, 1);
}

static void reset_unmaps_and_clears(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 8192, RW);

	memset(p, 'x', 3 * SHIM_PAGE_SIZE); /* over the end, as a bad server may */
	fresh_kernel(state);
	assert_ptr_equal(shim_mm_new(), mm);
	assert_int_equal(shim_user_prot(mm, p), 0);
	assert_ptr_equal(shim_mmap(mm, 3 * SHIM_PAGE_SIZE, RW), p);
	for (size_t i = 0; i < 3 * SHIM_PAGE_SIZE; i++)
		assert_int_equal(p[i], 0);
}

static void access_ok_knows_the_end_and_the_wrap(void **state)
{
	char *end = (char *)SHIM_TASK_SIZE;

	(void)state;
	assert_true(shim_access_ok(NULL, SHIM_TASK_SIZE));
	assert_false(shim_access_ok(NULL, SHIM_TASK_SIZE + 1));
	assert_true(shim_access_ok(end - 8, 8));
	assert_false(shim_access_ok(end - 8, 9));
	assert_true(shim_access_ok(end, 0));
	assert_false(shim_access_ok(end + 1, 0));
	assert_false(shim_access_ok((void *)-8L, 16));
}

/* ------------------------------------------------------------------ copies */

static void a_copy_moves_all_bytes_both_ways(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 2 * SHIM_PAGE_SIZE, RW);

	(void)state;
	assert_int_equal(to_user(mm, p + 100, 5000), 0);
	assert_memory_equal(p + 100, kernel, 5000);
	assert_int_equal(p[99], 0);
	assert_int_equal(p[5100], 0);
	p[100] = 'y';
	assert_int_equal(from_user(mm, p + 100, 5000), 0);
	assert_memory_equal(kernel, p + 100, 5000);
	assert_no_reports();
}

static void a_copy_stops_at_the_first_page_that_is_not_there(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 3 * SHIM_PAGE_SIZE, RW);

	(void)state;
	shim_mprotect(mm, p + 4096, 4096, 0);
	assert_int_equal(to_user(mm, p + 4000, 8000), 8000 - 96);
	assert_memory_equal(p + 4000, kernel, 96);
	assert_int_equal(p[4096], 0);
	assert_int_equal(p[8192], 0);
}

static void what_was_not_copied_from_the_user_is_zero(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, RW);

	(void)state;
	memset(p, 'u', 4096);
	assert_int_equal(from_user(mm, p + 4090, 10), 4);
	assert_memory_equal(kernel, "uuuuuu\0\0\0\0", 10);
	assert_int_equal(kernel[10], 11);
	assert_int_equal(from_user(mm, NULL, 6), 6);
	assert_memory_equal(kernel, "\0\0\0\0\0\0", 6);
}

static void protection_is_obeyed(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *r = shim_mmap(mm, 4096, SHIM_PROT_READ);
	char *w = shim_mmap(mm, 4096, SHIM_PROT_WRITE);

	(void)state;
	assert_int_equal(to_user(mm, r, 8), 8);
	assert_int_equal(from_user(mm, r, 8), 0);
	assert_int_equal(to_user(mm, w, 8), 0);
	assert_int_equal(from_user(mm, w, 8), 8);
}

static void an_address_outside_of_the_region_faults(void **state)
{
	struct shim_mm *mm = shim_mm_new();

	(void)state;
	shim_mmap(mm, 4096, RW);
	assert_int_equal(to_user(mm, kernel, 8), 8);
	assert_int_equal(to_user(mm, (void *)ARENA_HEAP, 8), 8);
	assert_int_equal(to_user(mm, (void *)ARENA_USER_END, 8), 8);
	assert_int_equal(to_user(mm, (void *)(ARENA_USER - 4), 8), 8);
	assert_int_equal(to_user(mm, (void *)-8L, 8), 8);
	assert_int_equal(to_user(mm, (void *)ARENA_USER, SHIM_TASK_SIZE), SHIM_TASK_SIZE);
	assert_no_reports();
}

static void an_injected_failure_copies_nothing(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, RW);

	(void)state;
	fault_nth(FAULT_TO_USER, 1);
	assert_int_equal(to_user(mm, p, 8), 8);
	assert_int_equal(p[0], 0);
	assert_int_equal(to_user(mm, p, 8), 0);
	fault_nth(FAULT_FROM_USER, 2);
	assert_int_equal(from_user(mm, p, 8), 0);
	assert_int_equal(from_user(mm, p, 8), 8);
	assert_int_equal(kernel[0], 0);
	assert_int_equal(fault_count(FAULT_TO_USER), 2);
	assert_int_equal(fault_count(FAULT_FROM_USER), 2);
}

static void a_task_without_user_memory_is_reported(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, RW);

	(void)state;
	assert_int_equal(to_user(NULL, p, 8), 8);
	assert_reports(REPORT_USER, 1);
	assert_summary(0, "copy to user memory by a task without any: task");
	assert_int_equal(from_user(NULL, p, 8), 8);
	assert_reports(REPORT_USER, 2);
	assert_int_equal(p[0], 0);
	assert_int_equal(to_user(NULL, p, 0), 0);
	assert_reports(REPORT_USER, 2);
}

static void a_copy_while_atomic_is_reported_and_done(void **state)
{
	struct shim_mm *mm = shim_mm_new();

	(void)state;
	copy = (struct copy){ .to_user = 1, .n = 8, .atomic = true };
	copy.user = shim_mmap(mm, 4096, RW);
	run_in_task(mm, 0, copies, NULL);
	assert_reports(REPORT_LOCK, 1);
	assert_int_equal(copy.left, 0);
}

/* ------------------------------------------------------------------ races */

static bool at_first(void *ctx, enum sched_what what, const void *object,
		     const struct sched_site *site)
{
	(void)what;
	(void)site;
	return object == *(void **)ctx;
}

static void the_user_may_change_the_bytes_until_the_copy_is_made(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, RW);
	struct task_struct *t;

	(void)state;
	copy = (struct copy){ .user = p, .n = 4 };
	t = shim_task_new("task", 0, mm, 0, copies, NULL);
	assert_int_equal(sched_run_task(t->fiber, at_first, &copy.user,
					SCHED_BIT(SCHED_FROM_USER)),
			 SCHED_AT_POINT);
	memcpy(p, "late", 4);
	sched_run(NULL);
	assert_int_equal(copy.left, 0);
	assert_memory_equal(kernel, "late", 4);
}

static void the_user_may_unmap_until_the_copy_is_made(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, RW);
	struct task_struct *t;

	(void)state;
	copy = (struct copy){ .to_user = 1, .user = p, .n = 4 };
	t = shim_task_new("task", 0, mm, 0, copies, NULL);
	assert_int_equal(sched_run_task(t->fiber, at_first, &copy.user,
					SCHED_BIT(SCHED_TO_USER)),
			 SCHED_AT_POINT);
	shim_mprotect(mm, p, 4096, 0);
	sched_run(NULL);
	assert_int_equal(copy.left, 4);
	assert_int_equal(p[0], 0);
}

static void reset_unmaps_all_mappings_of_an_address_space(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p[3];

	for (int i = 0; i < 3; i++)
		p[i] = shim_mmap(mm, 4096, RW);
	fresh_kernel(state);
	assert_ptr_equal(shim_mm_new(), mm);
	for (int i = 0; i < 3; i++)
		assert_int_equal(shim_user_prot(mm, p[i]), 0);
}

static void only_what_is_mapped_has_a_frame(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 8192, RW);

	(void)state;
	assert_true(shim_page_is_live(shim_page_of(p)));
	assert_true(shim_page_is_live(shim_page_of(p + 8191)));
	assert_false(shim_page_is_live(shim_page_of(p + 8192)));
}

static void a_copy_from_the_middle_of_a_page_stops_at_a_page(void **state)
{
	static const size_t offsets[] = { 0, 1, 100, 2048, 3000, 4095 };
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 2 * SHIM_PAGE_SIZE, RW);

	(void)state;
	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		size_t off = offsets[i];

		assert_int_equal(from_user(mm, p + off, 3 * SHIM_PAGE_SIZE),
				 SHIM_PAGE_SIZE + off);
		assert_int_equal(to_user(mm, p + off, 3 * SHIM_PAGE_SIZE),
				 SHIM_PAGE_SIZE + off);
		assert_int_equal(from_user(mm, p + off, 2 * SHIM_PAGE_SIZE - off), 0);
	}
}

static void an_injected_failure_is_in_the_trace(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, RW);
	unsigned int seen = 0;

	(void)state;
	trace_enable(true, SCHED_MARKED);
	fault_nth(FAULT_FROM_USER, 1);
	from_user(mm, p, 24);
	for (size_t i = 0; i < trace_count(); i++)
		seen += trace_get(i)->what == SCHED_FAULT && trace_get(i)->object == p &&
			trace_get(i)->value == 24;
	trace_enable(false, 0);
	assert_int_equal(seen, 1);
}

/* ------------------------------------------------------------------ counts */

/* those that nobody watches count as well */
static void every_copy_is_counted(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 2 * SHIM_PAGE_SIZE, RW);

	(void)state;
	assert_int_equal(to_user(mm, p, 24), 0);
	assert_int_equal(fault_count(FAULT_TO_USER), 1);
	assert_int_equal(fault_count(FAULT_FROM_USER), 0);
	assert_int_equal(to_user(mm, p + 1, SHIM_PAGE_SIZE), 0); /* over two pages */
	assert_int_equal(fault_count(FAULT_TO_USER), 2);
	assert_int_equal(from_user(mm, p, 24), 0);
	assert_int_equal(from_user(mm, p + 1, SHIM_PAGE_SIZE), 0);
	assert_int_equal(from_user(mm, p + SHIM_PAGE_SIZE, SHIM_PAGE_SIZE), 0);
	assert_int_equal(fault_count(FAULT_TO_USER), 2);
	assert_int_equal(fault_count(FAULT_FROM_USER), 3);
	/* so the third one from here is the one that fails */
	fault_nth(FAULT_FROM_USER, 3);
	assert_int_equal(from_user(mm, p, 24), 0);
	assert_int_equal(from_user(mm, p, 24), 0);
	assert_int_equal(from_user(mm, p, 24), 24);
	assert_int_equal(from_user(mm, p, 24), 0);
}

/* whatever was mapped where, in the execution before */
static void reset_forgets_where_an_address_space_began(void **state)
{
	struct shim_mm *low, *high;
	char *p;

	(void)state;
	low = shim_mm_new();
	high = shim_mm_new();
	shim_mmap(low, 10 * SHIM_PAGE_SIZE, RW);
	shim_mmap(high, SHIM_PAGE_SIZE, RW);
	shim_reset(1);
	shim_mm_new();
	high = shim_mm_new();
	p = shim_mmap(high, SHIM_PAGE_SIZE, RW);
	assert_int_equal(shim_user_prot(high, p), RW);
	shim_reset(1);
	shim_mm_new();
	high = shim_mm_new();
	assert_int_equal(shim_user_prot(high, p), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fresh_memory_is_zero_and_ends_in_a_hole),
		TEST(the_region_can_be_used_up),
		TEST(mprotect_changes_whole_pages_that_are_mapped),
		TEST(address_spaces_do_not_see_each_other),
		TEST(too_many_address_spaces_are_the_simulators_limit),
		TEST(reset_unmaps_and_clears),
		TEST(access_ok_knows_the_end_and_the_wrap),
		TEST(a_copy_moves_all_bytes_both_ways),
		TEST(a_copy_stops_at_the_first_page_that_is_not_there),
		TEST(what_was_not_copied_from_the_user_is_zero),
		TEST(protection_is_obeyed),
		TEST(an_address_outside_of_the_region_faults),
		TEST(an_injected_failure_copies_nothing),
		TEST(a_task_without_user_memory_is_reported),
		TEST(a_copy_while_atomic_is_reported_and_done),
		TEST(the_user_may_change_the_bytes_until_the_copy_is_made),
		TEST(the_user_may_unmap_until_the_copy_is_made),
		TEST(reset_unmaps_all_mappings_of_an_address_space),
		TEST(only_what_is_mapped_has_a_frame),
		TEST(a_copy_from_the_middle_of_a_page_stops_at_a_page),
		TEST(an_injected_failure_is_in_the_trace),
		TEST(every_copy_is_counted),
		TEST(reset_forgets_where_an_address_space_began),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
