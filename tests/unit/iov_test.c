// SPDX-License-Identifier: GPL-2.0-only
/*
 * iov_iter: import, walking user buffers and page frames, advancing.
 */
#include <errno.h>
#include <string.h>

#include "in_task.h"
#include "shim/arena.h"
#include "shim/fault.h"
#include "shim/iov.h"
#include "shim/user.h"

#define HERE SCHED_SITE(NULL)
#define RW   (SHIM_PROT_READ | SHIM_PROT_WRITE)

#define MAX_STEPS 8

/* pages taken from an iterator until it is empty or fails */
static struct walk {
	struct shim_iov iov;
	size_t max;
	unsigned int n;
	long got[MAX_STEPS];
	size_t start[MAX_STEPS];
	struct shim_page *page[MAX_STEPS];
} walk;

static void takes_pages(void *arg)
{
	(void)arg;
	while (walk.n < MAX_STEPS) {
		unsigned int n = walk.n++;

		walk.got[n] = shim_iov_get_page(&walk.iov, &walk.page[n], walk.max,
						&walk.start[n], HERE);
		if (walk.got[n] <= 0)
			return;
	}
}

static void walk_ubuf(struct shim_mm *mm, int rw, void *buf, size_t len, size_t max)
{
	memset(&walk, 0, sizeof(walk));
	walk.max = max;
	assert_int_equal(shim_import_ubuf(rw, buf, len, &walk.iov), 0);
	run_in_task(mm, 0, takes_pages, NULL);
}

static void walk_bvec(const struct shim_bvec *bvec, unsigned long nr, size_t max)
{
	memset(&walk, 0, sizeof(walk));
	walk.max = max;
	walk.iov.kind = SHIM_IOV_BVEC;
	walk.iov.bvec = bvec;
	walk.iov.nr_segs = nr;
	for (unsigned long i = 0; i < nr; i++)
		walk.iov.count += bvec[i].len;
	run_in_task(NULL, 0, takes_pages, NULL);
}

static struct shim_page *frame(unsigned int order)
{
	return shim_page_alloc(order, 0, HERE);
}

static struct page *as_page(struct shim_page *page)
{
	return (struct page *)page;
}

/* ------------------------------------------------------------------ import */

static void import_describes_the_buffer(void **state)
{
	char *buf = (char *)ARENA_USER + 100;
	struct shim_iov i;

	(void)state;
	assert_int_equal(shim_import_ubuf(SHIM_ITER_SOURCE, buf, 5000, &i), 0);
	assert_int_equal(i.nr_segs, 1);
	assert_int_equal(i.kind, SHIM_IOV_UBUF);
	assert_int_equal(i.source, SHIM_ITER_SOURCE);
	assert_int_equal(i.count, 5000);
	assert_int_equal(i.offset, 0);
	assert_ptr_equal(i.ubuf, buf);
}

static void import_clamps_the_length(void **state)
{
	struct shim_iov i;

	(void)state;
	assert_int_equal(shim_import_ubuf(SHIM_ITER_DEST, NULL, ~(size_t)0, &i), 0);
	assert_int_equal(i.count, 0x7ffff000);
}

static void import_refuses_what_is_no_user_address(void **state)
{
	struct shim_iov i;

	(void)state;
	assert_int_equal(shim_import_ubuf(SHIM_ITER_DEST, (void *)-4096L, 8, &i),
			 -EFAULT);
	assert_int_equal(shim_import_ubuf(SHIM_ITER_DEST, (void *)(SHIM_TASK_SIZE - 4), 8,
					  &i),
			 -EFAULT);
}

/* ------------------------------------------------------------------ user buffer */

static void a_user_buffer_is_walked_page_by_page(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 3 * SHIM_PAGE_SIZE, RW);

	(void)state;
	walk_ubuf(mm, SHIM_ITER_DEST, p + 1000, 8000, SIZE_MAX);
	assert_int_equal(walk.n, 4);
	assert_int_equal(walk.got[0], 3096);
	assert_int_equal(walk.got[1], 4096);
	assert_int_equal(walk.got[2], 808);
	assert_int_equal(walk.got[3], 0);
	assert_int_equal(walk.start[0], 1000);
	assert_int_equal(walk.start[1], 0);
	for (unsigned int i = 0; i < 3; i++) {
		assert_ptr_equal(walk.page[i], shim_page_of(p + i * SHIM_PAGE_SIZE));
		assert_int_equal(walk.page[i]->refs, 2);
	}
	assert_int_equal(walk.iov.count, 0);
}

static void no_more_is_taken_than_was_asked_for(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, RW);

	(void)state;
	walk_ubuf(mm, SHIM_ITER_DEST, p, 250, 100);
	assert_int_equal(walk.n, 4);
	assert_int_equal(walk.got[0], 100);
	assert_int_equal(walk.got[2], 50);
	assert_int_equal(walk.start[2], 200);
	assert_int_equal(shim_page_of(p)->refs, 4);
}

static void a_destination_must_be_writable_a_source_readable(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *r = shim_mmap(mm, 4096, SHIM_PROT_READ);
	char *w = shim_mmap(mm, 4096, SHIM_PROT_WRITE);

	(void)state;
	walk_ubuf(mm, SHIM_ITER_DEST, r, 8, 8);
	assert_int_equal(walk.got[0], -EFAULT);
	walk_ubuf(mm, SHIM_ITER_SOURCE, r, 8, 8);
	assert_int_equal(walk.got[0], 8);
	walk_ubuf(mm, SHIM_ITER_DEST, w, 8, 8);
	assert_int_equal(walk.got[0], 8);
	walk_ubuf(mm, SHIM_ITER_SOURCE, w, 8, 8);
	assert_int_equal(walk.got[0], -EFAULT);
}

static void a_fault_leaves_the_iterator_where_it_was(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, RW);

	(void)state;
	walk_ubuf(mm, SHIM_ITER_DEST, p, 8192, SIZE_MAX);
	assert_int_equal(walk.got[0], 4096);
	assert_int_equal(walk.got[1], -EFAULT);
	assert_int_equal(walk.iov.count, 4096);
	assert_int_equal(walk.iov.offset, 4096);
}

static void an_injected_failure_is_a_fault(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 8192, RW);

	(void)state;
	fault_nth(FAULT_PIN, 2);
	walk_ubuf(mm, SHIM_ITER_DEST, p, 8192, SIZE_MAX);
	assert_int_equal(walk.got[1], -EFAULT);
	assert_int_equal(walk.iov.count, 4096);
	assert_true(fault_fired(FAULT_PIN));
}

static void advance_stops_at_the_end(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 8192, RW);
	struct shim_iov i;

	(void)state;
	shim_import_ubuf(SHIM_ITER_DEST, p, 100, &i);
	shim_iov_advance(&i, 30);
	assert_int_equal(i.count, 70);
	assert_int_equal(i.offset, 30);
	shim_iov_advance(&i, 1000);
	assert_int_equal(i.count, 0);
	assert_int_equal(i.offset, 100);
}

/* ------------------------------------------------------------------ frames */

static void frames_are_walked_segment_by_segment(void **state)
{
	struct shim_page *a = frame(0), *b = frame(2);
	const struct shim_bvec bvec[] = {
		{ .page = as_page(a), .offset = 4000, .len = 96 },
		{ .page = as_page(b), .offset = 0, .len = 0 },
		{ .page = as_page(a), .offset = 50, .len = 20 },
		/* spans three frames, and begins in the folio's second */
		{ .page = as_page(b), .offset = 4096 + 4090, .len = 6 + 4096 + 10 },
	};

	(void)state;
	walk_bvec(bvec, 4, SIZE_MAX);
	assert_int_equal(walk.n, 6);
	assert_int_equal(walk.got[0], 96);
	assert_int_equal(walk.start[0], 4000);
	assert_ptr_equal(walk.page[0], a);
	assert_int_equal(walk.got[1], 20);
	assert_int_equal(walk.start[1], 50);
	assert_ptr_equal(walk.page[1], a);
	assert_int_equal(walk.got[2], 6);
	assert_int_equal(walk.start[2], 4090);
	assert_ptr_equal(walk.page[2], b + 1);
	assert_int_equal(walk.got[3], 4096);
	assert_ptr_equal(walk.page[3], b + 2);
	assert_int_equal(walk.got[4], 10);
	assert_ptr_equal(walk.page[4], b + 3);
	assert_int_equal(walk.got[5], 0);
}

static void an_empty_first_segment_is_passed_over(void **state)
{
	struct shim_page *a = frame(0), *b = frame(0);
	const struct shim_bvec bvec[] = {
		{ .page = as_page(a), .len = 0 },
		{ .page = as_page(b), .len = 8 },
	};

	(void)state;
	walk_bvec(bvec, 2, SIZE_MAX);
	assert_int_equal(walk.n, 2);
	assert_int_equal(walk.got[0], 8);
	assert_ptr_equal(walk.page[0], b);
	assert_int_equal(a->refs, 1);
}

static void each_step_takes_a_reference_of_the_folio(void **state)
{
	struct shim_page *folio = frame(1);
	const struct shim_bvec bvec = { .page = as_page(folio), .len = 8192 };

	(void)state;
	walk_bvec(&bvec, 1, SIZE_MAX);
	assert_int_equal(walk.n, 3);
	assert_int_equal(folio->refs, 3);
	shim_page_put(walk.page[0], HERE);
	shim_page_put(walk.page[1], HERE);
	shim_page_put(folio, HERE);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_no_reports();
}

static void a_free_frame_in_a_segment_is_reported(void **state)
{
	struct shim_page *page = frame(0);
	const struct shim_bvec bvec = { .page = as_page(page), .len = 8 };

	(void)state;
	shim_page_put(page, HERE);
	walk_bvec(&bvec, 1, SIZE_MAX);
	assert_reports(REPORT_KERNEL, 1);
}

static void advance_crosses_segments(void **state)
{
	struct shim_page *page = frame(0);
	const struct shim_bvec bvec[] = {
		{ .page = as_page(page), .len = 10 },
		{ .page = as_page(page), .offset = 100, .len = 20 },
		{ .page = as_page(page), .offset = 200, .len = 30 },
	};
	struct shim_iov i = {
		.kind = SHIM_IOV_BVEC, .count = 60, .bvec = bvec, .nr_segs = 3
	};

	(void)state;
	shim_iov_advance(&i, 10);
	assert_ptr_equal(i.bvec, &bvec[1]);
	assert_int_equal(i.offset, 0);
	shim_iov_advance(&i, 25);
	assert_ptr_equal(i.bvec, &bvec[2]);
	assert_int_equal(i.offset, 5);
	assert_int_equal(i.count, 25);
	assert_int_equal(i.nr_segs, 1);
}

static void a_count_smaller_than_the_segments_is_the_limit(void **state)
{
	struct shim_page *page = frame(0);
	const struct shim_bvec bvec = { .page = as_page(page), .len = 4096 };

	(void)state;
	memset(&walk, 0, sizeof(walk));
	walk.max = SIZE_MAX;
	walk.iov = (struct shim_iov){
		.kind = SHIM_IOV_BVEC, .count = 7, .bvec = &bvec, .nr_segs = 1
	};
	run_in_task(NULL, 0, takes_pages, NULL);
	assert_int_equal(walk.got[0], 7);
	assert_int_equal(walk.got[1], 0);
}

/* ------------------------------------------------------------------ others */

static void a_zeroed_iterator_is_empty(void **state)
{
	struct shim_iov i = { 0 };
	struct shim_page *page;
	size_t start;

	(void)state;
	assert_int_equal(shim_iov_get_page(&i, &page, 100, &start, HERE), 0);
	shim_iov_advance(&i, 100);
	assert_int_equal(i.count, 0);
}

static void advances(void *arg)
{
	(void)arg;
	shim_iov_advance(&walk.iov, 1);
}

static void several_ranges_are_said_not_to_be_modelled(void **state)
{
	memset(&walk, 0, sizeof(walk));
	walk.iov = (struct shim_iov){ .kind = SHIM_IOV_IOVEC, .count = 8, .nr_segs = 2 };
	walk.max = 8;
	assert_int_equal(run_in_task(NULL, 0, takes_pages, NULL), SCHED_STOPPED);
	assert_reports(REPORT_UNMODELLED, 1);
	fresh_kernel(state);
	assert_int_equal(run_in_task(NULL, 0, advances, NULL), SCHED_STOPPED);
	assert_reports(REPORT_UNMODELLED, 1);
}

static void a_short_page_is_gone_on_with(void **state)
{
	static const size_t starts[] = { 0, 2048, 0 };
	static const long got[] = { 2048, 2048, 904 };
	struct shim_mm *mm = shim_mm_new();
	char *buf = shim_mmap(mm, 2 * SHIM_PAGE_SIZE, RW);

	(void)state;
	memset(&walk, 0, sizeof(walk));
	walk.max = SHIM_PAGE_SIZE;
	assert_int_equal(shim_import_ubuf(SHIM_ITER_SOURCE, buf, 5000, &walk.iov), 0);
	fault_nth(FAULT_SHORT_PAGE, 1);
	run_in_task(mm, 0, takes_pages, NULL);
	assert_true(fault_fired(FAULT_SHORT_PAGE));
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(walk.got[i], got[i]);
		assert_int_equal(walk.start[i], starts[i]);
	}
	assert_int_equal(walk.got[3], 0);
}

static void an_import_that_fails_is_a_fault(void **state)
{
	struct shim_iov i;

	(void)state;
	fault_nth(FAULT_IMPORT, 1);
	assert_int_equal(shim_import_ubuf(SHIM_ITER_SOURCE, (char *)ARENA_USER, 1, &i),
			 -EFAULT);
	assert_int_equal(shim_import_ubuf(SHIM_ITER_SOURCE, (char *)ARENA_USER, 1, &i),
			 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh_kernel)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(import_describes_the_buffer),
		TEST(import_clamps_the_length),
		TEST(import_refuses_what_is_no_user_address),
		TEST(a_user_buffer_is_walked_page_by_page),
		TEST(no_more_is_taken_than_was_asked_for),
		TEST(a_destination_must_be_writable_a_source_readable),
		TEST(a_fault_leaves_the_iterator_where_it_was),
		TEST(an_injected_failure_is_a_fault),
		TEST(a_short_page_is_gone_on_with),
		TEST(an_import_that_fails_is_a_fault),
		TEST(advance_stops_at_the_end),
		TEST(frames_are_walked_segment_by_segment),
		TEST(an_empty_first_segment_is_passed_over),
		TEST(each_step_takes_a_reference_of_the_folio),
		TEST(a_free_frame_in_a_segment_is_reported),
		TEST(advance_crosses_segments),
		TEST(a_count_smaller_than_the_segments_is_the_limit),
		TEST(a_zeroed_iterator_is_empty),
		TEST(several_ranges_are_said_not_to_be_modelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
