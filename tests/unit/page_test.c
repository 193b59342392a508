// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page frames: allocation, references, pins of user memory, leaks.
 */
#include <stdio.h>
#include <string.h>

#include "in_task.h"
#include "sched/trace.h"
#include "shim/arena.h"
#include "shim/fault.h"
#include "shim/heap.h"
#include "shim/lock.h"
#include "shim/page.h"
#include "shim/user.h"

#define HERE SCHED_SITE(NULL)

static struct shim_page *one_page(void)
{
	return shim_page_alloc(0, 0, SCHED_SITE("page"));
}

static int all_bytes_are(const void *p, int byte, size_t n)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++)
		if (b[i] != byte)
			return 0;
	return 1;
}

/* ------------------------------------------------------------------ frames */

static void a_new_page_has_one_reference_and_no_old_content(void **state)
{
	struct shim_page *page = one_page();

	(void)state;
	assert_int_equal(page->refs, 1);
	assert_true(shim_page_is_live(page));
	assert_true(all_bytes_are(page->virt, 0xa5, SHIM_PAGE_SIZE));
	assert_ptr_equal(shim_page_of((char *)page->virt + 4095), page);
}

static void a_zeroed_page_is_zero_also_when_reused(void **state)
{
	struct shim_page *page;

	(void)state;
	for (int i = 0; i < 100; i++) {
		page = shim_page_alloc(1, SHIM_GFP_ZERO, HERE);
		assert_true(all_bytes_are(page->virt, 0, 2 * SHIM_PAGE_SIZE));
		memset(page->virt, 0xff, 2 * SHIM_PAGE_SIZE);
		shim_page_put(page, HERE);
	}
}

static void the_last_put_frees(void **state)
{
	struct shim_page *page = one_page();

	(void)state;
	shim_page_get(page, HERE);
	shim_page_put(page, HERE);
	assert_true(shim_page_is_live(page));
	shim_page_put(page, HERE);
	assert_false(shim_page_is_live(page));
	assert_no_reports();
}

static void put_below_zero_is_reported(void **state)
{
	struct shim_page *page = one_page();

	(void)state;
	shim_page_put(page, HERE);
	shim_page_put(page, HERE);
	assert_reports(REPORT_KERNEL, 1);
	assert_summary(0, "page reference count below zero: page+0x0");
	assert_int_equal(page->refs, 0);
}

static void get_of_a_free_page_is_reported(void **state)
{
	struct shim_page *page = one_page();

	(void)state;
	shim_page_put(page, HERE);
	shim_page_get(page, HERE);
	assert_reports(REPORT_KERNEL, 1);
	assert_false(shim_page_is_live(page));
}

static void a_folio_is_a_run_of_frames_with_one_count(void **state)
{
	struct shim_page *single = one_page();
	struct shim_page *folio = shim_page_alloc(2, 0, HERE);

	(void)state;
	assert_ptr_not_equal(single, folio);
	assert_int_equal(((uintptr_t)folio->virt - ARENA_PAGES) % (4 * SHIM_PAGE_SIZE),
			 0);
	for (unsigned int i = 0; i < 4; i++) {
		assert_ptr_equal(folio[i].virt, (char *)folio->virt + i * SHIM_PAGE_SIZE);
		assert_int_equal(folio[i].head, i);
	}
	shim_page_get(folio + 3, HERE);
	assert_int_equal(folio->refs, 2);
	shim_page_put(folio, HERE);
	assert_true(shim_page_is_live(folio + 1));
	shim_page_put(folio + 2, HERE);
	assert_false(shim_page_is_live(folio + 1));
	assert_no_reports();
}

/* A bigger folio is aligned; the frames skipped for that are handed out later. */
static void no_frame_is_in_two_folios(void **state)
{
	static unsigned char taken[ARENA_PAGES_NR];
	unsigned long frames = 0;

	(void)state;
	memset(taken, 0, sizeof(taken));
	for (unsigned int i = 0; i < 600; i++) {
		unsigned int order = i % 4;
		struct shim_page *p = shim_page_alloc(order, 0, HERE);
		unsigned long nr = ((uintptr_t)p->virt - ARENA_PAGES) / SHIM_PAGE_SIZE;

		for (unsigned int k = 0; k < 1u << order; k++)
			assert_int_equal(taken[nr + k]++, 0);
		frames += 1u << order;
	}
	assert_int_equal(frames, 150 * 15);
	assert_no_reports();
}

static void a_freed_frame_is_reused_but_not_at_once(void **state)
{
	struct shim_page *first = one_page(), *page;
	unsigned int tries = 0;

	(void)state;
	shim_page_put(first, HERE);
	do {
		page = one_page();
		shim_page_put(page, HERE);
		tries++;
	} while (page != first && tries < 1000);
	assert_in_range(tries, 16, 100);
}

static void every_frame_can_be_had_at_once(void **state)
{
	struct shim_page *last = NULL;

	(void)state;
	for (unsigned long i = 0; i < ARENA_PAGES_NR; i++)
		last = one_page();
	assert_no_reports();
	shim_page_put(last, HERE);
	assert_ptr_equal(one_page(), last);
	assert_no_reports();
}

static void what_is_skipped_to_align_a_folio_is_used_later(void **state)
{
	struct shim_page *first = one_page();

	(void)state;
	/* frames 1, 2-3, 4-7, ... 128-255 are skipped */
	for (unsigned long i = 1; i < ARENA_PAGES_NR >> SHIM_PAGE_MAX_ORDER; i++)
		shim_page_alloc(SHIM_PAGE_MAX_ORDER, 0, HERE);
	for (unsigned int order = 0; order < SHIM_PAGE_MAX_ORDER; order++)
		assert_ptr_equal(shim_page_alloc(order, 0, HERE), first + (1 << order));
	assert_no_reports();
}

static void allocates_too_much(void *arg)
{
	(void)arg;
	for (unsigned long i = 0; i <= ARENA_PAGES_NR >> SHIM_PAGE_MAX_ORDER; i++)
		shim_page_alloc(SHIM_PAGE_MAX_ORDER, 0, HERE);
}

static void running_out_of_frames_is_the_subjects_mistake(void **state)
{
	(void)state;
	assert_int_equal(run_in_task(NULL, 0, allocates_too_much, NULL), SCHED_STOPPED);
	assert_reports(REPORT_HEAP, 1);
}

static void an_order_beyond_the_largest_is_said(void **state)
{
	(void)state;
	assert_null(shim_page_alloc(SHIM_PAGE_MAX_ORDER + 1, 0, HERE));
	assert_reports(REPORT_UNMODELLED, 1);
}

static void an_injected_failure_gives_no_page_once(void **state)
{
	(void)state;
	fault_nth(FAULT_ALLOC, 1);
	assert_null(one_page());
	assert_non_null(one_page());
	fault_nth(FAULT_ALLOC, 1);
	assert_non_null(shim_page_alloc(0, SHIM_GFP_NOFAIL, HERE));
	assert_int_equal(fault_count(FAULT_ALLOC), 3);
	assert_no_reports();
}

static void allocates_under_a_spinlock(void *arg)
{
	static const struct shim_lock_class class = { .name = "&a->lock" };
	struct shim_lock lock = SHIM_LOCK_INIT(&class);
	unsigned int *gfp = arg;

	shim_spin_lock(&lock, HERE);
	shim_page_alloc(0, *gfp, HERE);
	shim_spin_unlock(&lock, HERE);
}

static void sleeping_while_atomic_is_reported_unless_gfp_atomic(void **state)
{
	unsigned int gfp = SHIM_GFP_ATOMIC;

	(void)state;
	run_in_task(NULL, 0, allocates_under_a_spinlock, &gfp);
	assert_no_reports();
	gfp = 0;
	run_in_task(NULL, 0, allocates_under_a_spinlock, &gfp);
	assert_reports(REPORT_LOCK, 1);
}

/* ------------------------------------------------------------------ pins */

static struct pin {
	void *addr;
	int write;
	struct shim_page *page;
} pin;

static void pins(void *arg)
{
	struct pin *p = arg;

	p->page = shim_page_pin_user(p->addr, p->write, SCHED_SITE("pin"));
}

static struct shim_page *pin_in_task(struct shim_mm *mm, void *addr, int write)
{
	pin = (struct pin){ .addr = addr, .write = write };
	run_in_task(mm, 0, pins, &pin);
	return pin.page;
}

static void a_pin_is_a_reference_on_the_frame(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 8192, SHIM_PROT_READ | SHIM_PROT_WRITE);
	struct shim_page *page = pin_in_task(mm, p + 4096 + 17, 1);

	(void)state;
	assert_non_null(page);
	assert_ptr_equal(page->virt, p + 4096);
	assert_int_equal(page->refs, 2);
	assert_int_equal(page->pinned_peak, 1);
	shim_page_put(page, HERE);
	assert_int_equal(page->refs, 1);
	assert_no_reports();
}

static void a_pin_needs_a_mapping_that_allows_it(void **state)
{
	struct shim_mm *mm = shim_mm_new(), *other = shim_mm_new();
	char *p = shim_mmap(mm, 4096, SHIM_PROT_READ);

	(void)state;
	assert_null(pin_in_task(mm, p, 1));
	assert_non_null(pin_in_task(mm, p, 0));
	assert_null(pin_in_task(mm, p + 4096, 0));
	assert_null(pin_in_task(other, p, 0));
	assert_null(pin_in_task(mm, (void *)16, 0));
	assert_no_reports();
}

static void an_injected_failure_pins_nothing(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, SHIM_PROT_READ);

	(void)state;
	fault_nth(FAULT_PIN, 1);
	assert_null(pin_in_task(mm, p, 0));
	assert_int_equal(shim_page_of(p)->refs, 1);
	assert_non_null(pin_in_task(mm, p, 0));
}

static void a_pin_without_user_memory_is_reported(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, SHIM_PROT_READ);

	(void)state;
	assert_null(pin_in_task(NULL, p, 0));
	assert_reports(REPORT_USER, 1);
}

static void an_unmapped_frame_lives_until_its_last_put(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, SHIM_PROT_READ | SHIM_PROT_WRITE);
	struct shim_page *page = pin_in_task(mm, p, 1);

	(void)state;
	shim_mprotect(mm, p, 4096, 0);
	assert_true(shim_page_is_live(page));
	assert_null(pin_in_task(mm, p, 0));
	shim_page_put(page, HERE);
	assert_false(shim_page_is_live(page));
	assert_no_reports();
	shim_page_put(page, HERE);
	assert_reports(REPORT_KERNEL, 1);
}

static void the_reference_of_the_mapping_is_nobody_elses(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, SHIM_PROT_READ);

	(void)state;
	shim_page_put(shim_page_of(p), HERE);
	assert_reports(REPORT_KERNEL, 1);
	assert_summary(0, "page reference count below zero: user+0x0");
	assert_true(shim_page_is_live(shim_page_of(p)));
}

/* ------------------------------------------------------------------ the end */

static void a_user_frame_never_becomes_a_kernel_frame(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 50 * SHIM_PAGE_SIZE, SHIM_PROT_READ);
	struct shim_page *last = NULL, *page;

	(void)state;
	for (int i = 0; i < 50; i++) {
		page = pin_in_task(mm, p + (size_t)i * SHIM_PAGE_SIZE, 0);
		shim_mprotect(mm, p + (size_t)i * SHIM_PAGE_SIZE, 1, 0);
		shim_page_put(page, HERE);
	}
	for (int i = 0; i < 100; i++) {
		page = one_page();
		assert_true(page > last);
		last = page;
	}
}

static void what_is_left_is_reported_with_its_place(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 8192, SHIM_PROT_READ);
	struct shim_page *kept = one_page(), *freed = one_page();

	(void)state;
	shim_page_get(kept, HERE);
	shim_page_put(freed, HERE);
	pin_in_task(mm, p + 4096, 0);
	assert_int_equal(shim_page_report_leaks(), 2);
	assert_reports(REPORT_HEAP, 2);
	assert_summary(0, "page leaked: page+0x0 has 2 references left");
	assert_summary(1, "page leaked: user+0x1000 has 1 reference left");
	assert_non_null(strstr(report_get(0)->where, "(one_page)"));
	assert_non_null(strstr(report_get(1)->where, "(pins)"));
}

static void a_mapping_alone_is_no_leak(void **state)
{
	(void)state;
	shim_mmap(shim_mm_new(), 8192, SHIM_PROT_READ);
	shim_page_put(one_page(), HERE);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_no_reports();
}

static void reset_gives_the_same_frames_again(void **state)
{
	struct shim_page *a = one_page(), *b = shim_page_alloc(3, 0, HERE);

	shim_page_put(a, HERE);
	fresh_kernel(state);
	assert_false(shim_page_is_live(b));
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_ptr_equal(one_page(), a);
	assert_ptr_equal(shim_page_alloc(3, 0, HERE), b);
}

static void a_frame_has_a_name_without_an_address(void **state)
{
	struct shim_page *page = shim_page_alloc(1, 0, HERE);
	char name[32];

	(void)state;
	assert_true(shim_page_name((char *)page->virt + 0x1010, name, sizeof(name)));
	assert_string_equal(name, "page+0x1010");
	assert_true(shim_page_name(&page[1], name, sizeof(name)));
	assert_string_equal(name, "page+0x1000");
	assert_true(shim_page_name((char *)ARENA_USER + 5, name, sizeof(name)));
	assert_string_equal(name, "user+0x5");
	/* a frame itself, as well as the memory that it is of */
	assert_true(shim_page_name(shim_page_of((char *)ARENA_USER + 0x3000), name,
				   sizeof(name)));
	assert_string_equal(name, "user+0x3000");
	assert_false(shim_page_name(name, name, sizeof(name)));
	assert_null(shim_page_of((void *)ARENA_USER_END));
	assert_null(shim_page_of((void *)(ARENA_PAGES - 1)));
}

static void a_user_frame_has_an_address_until_its_last_pin_goes(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, SHIM_PROT_READ | SHIM_PROT_WRITE);
	struct shim_page *page = pin_in_task(mm, p, 1);

	(void)state;
	assert_ptr_equal(pin_in_task(mm, p, 1), page);
	assert_int_equal(page->pinned_peak, 2);
	assert_false(shim_page_is_addressed(p));
	shim_page_map(page, 1);
	assert_true(shim_page_is_addressed(p));
	shim_page_unmap(p); /* it stays */
	shim_page_put(page, HERE);
	assert_true(shim_page_is_addressed(p));
	shim_page_put(page, HERE);
	assert_false(shim_page_is_addressed(p));
	assert_no_reports();
}

static void a_mapping_for_a_while_ends_with_as_many_unmaps(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 4096, SHIM_PROT_READ | SHIM_PROT_WRITE);
	struct shim_page *page = pin_in_task(mm, p, 1);

	(void)state;
	shim_page_map(page, 0);
	shim_page_map(page, 0);
	shim_page_unmap(p);
	assert_true(shim_page_is_addressed(p));
	shim_page_unmap(p);
	assert_false(shim_page_is_addressed(p));
	shim_page_unmap(p);
	assert_false(shim_page_is_addressed(p));
	shim_page_put(page, HERE);
}

static void only_the_regions_have_frames(void **state)
{
	const char *pages = (char *)ARENA_PAGES, *user = (char *)ARENA_USER;

	(void)state;
	assert_non_null(shim_page_of(pages));
	assert_ptr_equal(shim_page_of(pages + SHIM_PAGE_SIZE - 1), shim_page_of(pages));
	assert_ptr_equal(shim_page_of(pages + SHIM_PAGE_SIZE), shim_page_of(pages) + 1);
	assert_ptr_equal(shim_page_of(pages + ARENA_PAGES_NR * SHIM_PAGE_SIZE - 1),
			 shim_page_of(pages) + ARENA_PAGES_NR - 1);
	assert_non_null(shim_page_of(user));
	assert_ptr_equal(shim_page_of(user + ARENA_USER_NR * SHIM_PAGE_SIZE - 1),
			 shim_page_of(user) + ARENA_USER_NR - 1);
	/* neither before nor behind, unless the other one is there */
	if (pages + ARENA_PAGES_NR * SHIM_PAGE_SIZE != user)
		assert_null(shim_page_of(pages + ARENA_PAGES_NR * SHIM_PAGE_SIZE));
	if (user + ARENA_USER_NR * SHIM_PAGE_SIZE != pages)
		assert_null(shim_page_of(user + ARENA_USER_NR * SHIM_PAGE_SIZE));
	assert_null(shim_page_of(NULL));
	assert_null(shim_page_of(&pages));
}

static void a_failure_that_was_injected_is_in_the_trace(void **state)
{
	unsigned int seen = 0;

	(void)state;
	trace_enable(true, SCHED_MARKED);
	fault_nth(FAULT_ALLOC, 1);
	assert_null(shim_page_alloc(2, 0, HERE));
	for (size_t i = 0; i < trace_count(); i++)
		seen += trace_get(i)->what == SCHED_FAULT &&
			trace_get(i)->value == 4 * SHIM_PAGE_SIZE;
	trace_enable(false, 0);
	assert_int_equal(seen, 1);
}

/* the first and the last one as well */
static void every_frame_that_is_left_is_told(void **state)
{
	struct shim_mm *mm = shim_mm_new();
	char *p = shim_mmap(mm, 3 * SHIM_PAGE_SIZE, SHIM_PROT_READ | SHIM_PROT_WRITE);
	struct shim_page *first = one_page();

	(void)state;
	assert_ptr_equal(p, (char *)ARENA_USER);
	pin_in_task(mm, p, 1);
	pin_in_task(mm, p + 2 * SHIM_PAGE_SIZE, 0);
	pin_in_task(mm, p + 2 * SHIM_PAGE_SIZE, 0);
	shim_page_get(first, HERE);
	assert_int_equal(shim_page_report_leaks(), 3);
	assert_summary(0, "page leaked: page+0x0 has 2 references left");
	assert_summary(1, "page leaked: user+0x0 has 1 reference left");
	assert_summary(2, "page leaked: user+0x2000 has 2 references left");
	assert_non_null(strstr(report_get(1)->where, "(pins)"));
}

#define TEST(name) cmocka_unit_test_setup(name, fresh_kernel)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_page_has_one_reference_and_no_old_content),
		TEST(a_zeroed_page_is_zero_also_when_reused),
		TEST(the_last_put_frees),
		TEST(put_below_zero_is_reported),
		TEST(get_of_a_free_page_is_reported),
		TEST(a_folio_is_a_run_of_frames_with_one_count),
		TEST(no_frame_is_in_two_folios),
		TEST(a_freed_frame_is_reused_but_not_at_once),
		TEST(every_frame_can_be_had_at_once),
		TEST(what_is_skipped_to_align_a_folio_is_used_later),
		TEST(running_out_of_frames_is_the_subjects_mistake),
		TEST(an_order_beyond_the_largest_is_said),
		TEST(an_injected_failure_gives_no_page_once),
		TEST(sleeping_while_atomic_is_reported_unless_gfp_atomic),
		TEST(a_pin_is_a_reference_on_the_frame),
		TEST(a_pin_needs_a_mapping_that_allows_it),
		TEST(an_injected_failure_pins_nothing),
		TEST(a_pin_without_user_memory_is_reported),
		TEST(an_unmapped_frame_lives_until_its_last_put),
		TEST(the_reference_of_the_mapping_is_nobody_elses),
		TEST(a_user_frame_never_becomes_a_kernel_frame),
		TEST(what_is_left_is_reported_with_its_place),
		TEST(a_mapping_alone_is_no_leak),
		TEST(reset_gives_the_same_frames_again),
		TEST(a_frame_has_a_name_without_an_address),
		TEST(a_user_frame_has_an_address_until_its_last_pin_goes),
		TEST(a_mapping_for_a_while_ends_with_as_many_unmaps),
		TEST(only_the_regions_have_frames),
		TEST(a_failure_that_was_injected_is_in_the_trace),
		TEST(every_frame_that_is_left_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
