// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pinned user memory: pins beside references, mappings by vmap(), what is left.
 */
#include <errno.h>
#include <string.h>

#include "in_task.h"
#include "shim/arena.h"
#include "shim/fault.h"
#include "shim/page.h"
#include "shim/pin.h"
#include "shim/user.h"

#define HERE  SCHED_SITE(NULL)
#define RW    (SHIM_PROT_READ | SHIM_PROT_WRITE)
#define WRITE SHIM_FOLL_WRITE
#define PAGES 40

static struct shim_mm *mm;
static char *area; /* PAGES of it */
static struct shim_page *pages[PAGES];

static int set_up(void **state)
{
	fresh_kernel(state);
	memset(pages, 0, sizeof(pages));
	mm = shim_mm_new();
	area = shim_mmap(mm, PAGES * SHIM_PAGE_SIZE, RW);
	return 0;
}

static struct pin {
	unsigned long start;
	int nr;
	unsigned int flags;
	long ret;
} pin;

static void pins(void *arg)
{
	struct pin *p = arg;

	p->ret = shim_pin_user_pages(p->start, p->nr, p->flags, pages, SCHED_SITE("pin"));
}

static long pin_at(struct shim_mm *space, const void *start, int nr, unsigned int flags)
{
	pin = (struct pin){ (uintptr_t)start, nr, flags, -1 };
	run_in_task(space, 0, pins, &pin);
	return pin.ret;
}

static void unpin(unsigned long nr)
{
	shim_unpin_user_pages(pages, nr, 0, HERE);
}

/* ------------------------------------------------------------------ pins */

static void pages_are_pinned_from_that_of_the_address_on(void **state)
{
	(void)state;
	assert_int_equal(
		pin_at(mm, area + SHIM_PAGE_SIZE + 17, 3, WRITE | SHIM_FOLL_LONGTERM), 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_ptr_equal(pages[i]->virt, area + (i + 1) * SHIM_PAGE_SIZE);
		assert_int_equal(pages[i]->refs, 2);
		assert_int_equal(pages[i]->pins, 1);
	}
	assert_null(pages[3]);
	unpin(3);
	assert_int_equal(pages[0]->refs, 1);
	assert_int_equal(pages[0]->pins, 0);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_no_reports();
}

static void a_pin_is_short_where_a_page_is_not_mapped_so(void **state)
{
	(void)state;
	shim_mprotect(mm, area + 2 * SHIM_PAGE_SIZE, 1, SHIM_PROT_READ);
	shim_mprotect(mm, area + 5 * SHIM_PAGE_SIZE, 1, 0);
	assert_int_equal(pin_at(mm, area, 8, WRITE), 2);
	unpin(2);
	assert_int_equal(pin_at(mm, area, 8, 0), 5);
	unpin(5);
	assert_int_equal(pin_at(mm, area + 2 * SHIM_PAGE_SIZE, 1, WRITE), -EFAULT);
	assert_int_equal(pin_at(mm, area + 5 * SHIM_PAGE_SIZE, 2, 0), -EFAULT);
	assert_int_equal(pin_at(mm, area + (PAGES - 1) * SHIM_PAGE_SIZE, 2, WRITE), 1);
	unpin(1);
	assert_int_equal(pin_at(mm, (void *)16, 2, WRITE), -EFAULT);
	assert_int_equal(pin_at(shim_mm_new(), area, 2, 0), -EFAULT);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_no_reports();
}

static void ranges_that_are_none_are_refused(void **state)
{
	(void)state;
	assert_int_equal(pin_at(mm, area, 0, WRITE), 0);
	assert_int_equal(pin_at(mm, area, -1, WRITE), -EOVERFLOW);
	assert_int_equal(pin_at(mm, (void *)-4096L, 2, WRITE), -EOVERFLOW);
	assert_int_equal(pin_at(mm, (void *)SHIM_TASK_SIZE, 1, WRITE), -EFAULT);
	assert_no_reports();
}

static void without_user_memory_nothing_is_pinned(void **state)
{
	(void)state;
	assert_int_equal(pin_at(NULL, area, 1, WRITE), -EFAULT);
	assert_reports(REPORT_USER, 1);
}

static void other_flags_are_not_modelled(void **state)
{
	(void)state;
	pin_at(mm, area, 1, WRITE | SHIM_FOLL_GET);
	assert_reports(REPORT_UNMODELLED, 1);
	assert_int_equal(shim_page_of(area)->pins, 0);
}

static void an_injected_failure_pins_none_or_half(void **state)
{
	(void)state;
	fault_nth(FAULT_PIN, 1);
	assert_int_equal(pin_at(mm, area, 8, WRITE), -EFAULT);
	assert_int_equal(shim_page_of(area)->pins, 0);
	fault_nth(FAULT_SHORT_PAGE, 1);
	assert_int_equal(pin_at(mm, area, 9, WRITE), 4);
	assert_true(fault_fired(FAULT_SHORT_PAGE));
	unpin(4);
	/* half of one page is none: it cannot be short */
	fault_nth(FAULT_SHORT_PAGE, 1);
	assert_int_equal(pin_at(mm, area, 1, WRITE), 1);
	assert_false(fault_fired(FAULT_SHORT_PAGE));
	unpin(1);
	assert_no_reports();
}

static void a_pinned_frame_outlives_its_mapping(void **state)
{
	(void)state;
	pin_at(mm, area, 2, WRITE);
	shim_mprotect(mm, area, 2 * SHIM_PAGE_SIZE, 0);
	assert_true(shim_page_is_live(pages[0]));
	/* no other page can take its place: it has its address */
	memset(area, 'k', 8);
	shim_mremap_fresh(mm, area);
	assert_int_equal(shim_user_prot(mm, area), 0);
	assert_memory_equal(area, "kkkkkkkk", 8);
	unpin(2);
	assert_false(shim_page_is_live(pages[0]));
	shim_mremap_fresh(mm, area);
	assert_int_equal(shim_user_prot(mm, area), RW);
	assert_int_equal(area[0], 0);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_no_reports();
}

static void unpinned_once_too_often_is_reported(void **state)
{
	(void)state;
	pin_at(mm, area, 2, WRITE);
	unpin(2);
	unpin(1);
	assert_reports(REPORT_KERNEL, 1);
	assert_summary(0, "unpinned more often than pinned: user+0x0");
	assert_int_equal(pages[0]->refs, 1);
}

static void the_number_of_a_failed_pin_is_no_number(void **state)
{
	(void)state;
	unpin((unsigned long)-EFAULT);
	assert_reports(REPORT_KERNEL, 1);
	assert_summary(0, "unpin of error -14, not of a number of pages");
	unpin(0);
	assert_int_equal(report_count(), 1);
}

static void pins_and_references_are_not_the_same(void **state)
{
	(void)state;
	pin_at(mm, area, 1, WRITE);
	shim_page_put(pages[0], HERE);
	assert_reports(REPORT_KERNEL, 1);
	assert_summary(0, "a pin is given back as a reference, not unpinned: user+0x0");
	assert_int_equal(pages[0]->refs, 2);
	unpin(1);
	shim_page_get(pages[0], HERE);
	unpin(1);
	assert_reports(REPORT_KERNEL, 2);
	assert_summary(1, "unpinned, though it has references and no pin: user+0x0");
	shim_page_put(pages[0], HERE);
	assert_int_equal(shim_page_report_leaks(), 0);
	/* both, in any order */
	pin_at(mm, area, 1, WRITE);
	shim_page_get(pages[0], HERE);
	unpin(1);
	shim_page_put(pages[0], HERE);
	assert_int_equal(report_count(), 2);
}

static void pins_that_are_left_are_told_with_their_place(void **state)
{
	(void)state;
	pin_at(mm, area, 3, WRITE);
	pin_at(mm, area + 2 * SHIM_PAGE_SIZE, 1, 0);
	pin_at(mm, area + 7 * SHIM_PAGE_SIZE, 2, 0);
	assert_int_equal(shim_page_report_leaks(), 3);
	assert_reports(REPORT_HEAP, 3);
	assert_summary(0, "pins leaked: 2 pages from user+0x0 on are pinned, 1 time");
	assert_summary(1, "pins leaked: 1 page from user+0x2000 on is pinned, 2 times");
	assert_summary(2, "pins leaked: 2 pages from user+0x7000 on are pinned, 1 time");
	assert_non_null(strstr(report_get(0)->where, "(pins)"));
}

static void reset_forgets_pins_and_mappings(void **state)
{
	pin_at(mm, area, 3, WRITE);
	assert_ptr_equal(shim_vmap(pages, 3, HERE), area);
	set_up(state);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_false(shim_vmap_has(area));
	assert_int_equal(pin_at(mm, area, 3, WRITE), 3);
	unpin(3);
	assert_no_reports();
}

/* ------------------------------------------------------------------ vmap */

static void a_mapping_is_the_same_memory(void **state)
{
	char *map;

	(void)state;
	pin_at(mm, area, 3, WRITE);
	assert_false(shim_vmap_has(area));
	map = shim_vmap(pages, 3, HERE);
	assert_ptr_equal(map, area);
	assert_true(shim_vmap_has(map));
	assert_true(shim_vmap_has(map + 3 * SHIM_PAGE_SIZE - 1));
	assert_false(shim_vmap_has(map + 3 * SHIM_PAGE_SIZE));
	shim_vunmap(map, HERE);
	assert_false(shim_vmap_has(map));
	unpin(3);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_no_reports();
}

static void a_mapping_is_usable_while_its_frame_is_held(void **state)
{
	const char *after = NULL;

	(void)state;
	pin_at(mm, area, 1, WRITE);
	shim_vmap(pages, 1, HERE);
	assert_null(shim_vmap_ended(area, &after));
	shim_mprotect(mm, area, 1, 0);
	assert_true(shim_vmap_has(area));
	unpin(1);
	assert_false(shim_vmap_has(area));
	assert_non_null(shim_vmap_ended(area, &after));
	assert_string_equal(after, "unpin");
	shim_vunmap(area, HERE);
	assert_non_null(shim_vmap_ended(area, &after));
	assert_string_equal(after, "vunmap");
	assert_null(shim_vmap_ended(area + SHIM_PAGE_SIZE, &after));
	assert_no_reports();
}

static void frames_of_the_kernel_can_be_mapped_too(void **state)
{
	struct shim_page *folio = shim_page_alloc(1, 0, HERE);

	(void)state;
	pages[0] = folio;
	pages[1] = folio + 1;
	assert_ptr_equal(shim_vmap(pages, 2, HERE), folio->virt);
	shim_vunmap(folio->virt, HERE);
	shim_page_put(folio, HERE);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_no_reports();
}

static void frames_may_be_mapped_twice(void **state)
{
	(void)state;
	pin_at(mm, area, 2, WRITE);
	shim_vmap(pages, 2, HERE);
	shim_vmap(pages, 2, HERE);
	shim_vunmap(area, HERE);
	assert_true(shim_vmap_has(area));
	shim_vunmap(area, HERE);
	assert_false(shim_vmap_has(area));
	unpin(2);
	assert_no_reports();
}

static void maps_apart(void *arg)
{
	struct shim_page *two[] = { pages[0], pages[2] };

	(void)arg;
	shim_vmap(two, 2, HERE);
}

static void frames_apart_are_not_modelled(void **state)
{
	(void)state;
	pin_at(mm, area, 3, WRITE);
	assert_int_equal(run_in_task(NULL, 0, maps_apart, NULL), SCHED_STOPPED);
	assert_reports(REPORT_UNMODELLED, 1);
	assert_summary(0, "vmap of pages that do not follow each other");
}

static void a_mapping_fails_when_told_to(void **state)
{
	(void)state;
	pin_at(mm, area, 2, WRITE);
	fault_nth(FAULT_ALLOC, 1);
	assert_null(shim_vmap(pages, 2, HERE));
	assert_false(shim_vmap_has(area));
	assert_null(shim_vmap(pages, 0, HERE));
	assert_non_null(shim_vmap(pages, 2, HERE));
	assert_no_reports();
}

static void what_vmap_did_not_return_is_not_unmapped(void **state)
{
	(void)state;
	pin_at(mm, area, 2, WRITE);
	shim_vmap(pages, 2, HERE);
	shim_vunmap(NULL, HERE);
	assert_no_reports();
	shim_vunmap(area + SHIM_PAGE_SIZE, HERE);
	assert_reports(REPORT_KERNEL, 1);
	shim_vunmap(area, HERE);
	assert_int_equal(report_count(), 1);
	shim_vunmap(area, HERE);
	assert_reports(REPORT_KERNEL, 2);
	unpin(2);
}

static void mappings_that_are_left_are_told_with_their_place(void **state)
{
	(void)state;
	pin_at(mm, area, 3, WRITE);
	shim_vmap(pages, 3, SCHED_SITE("map"));
	unpin(3);
	assert_int_equal(shim_page_report_leaks(), 1);
	assert_reports(REPORT_HEAP, 1);
	assert_summary(
		0, "mapping leaked: 3 pages from user+0x0 on are still mapped by vmap");
	assert_non_null(strstr(report_get(0)->where,
			       "(mappings_that_are_left_are_told_with_their_place)"));
}

/* a stale mapping does not make a new page of the server's the kernel's for good */
static void a_fresh_page_under_an_old_mapping_keeps_the_count(void **state)
{
	(void)state;
	pin_at(mm, area, 1, WRITE);
	shim_vmap(pages, 1, HERE);
	unpin(1);
	shim_mprotect(mm, area, 1, 0);
	shim_mremap_fresh(mm, area);
	assert_false(shim_vmap_has(area));
	shim_vunmap(area, HERE);
	assert_int_equal(shim_page_of(area)->vmaps, 0);
	assert_no_reports();
}

/* ------------------------------------------------------------------ search */

static unsigned int reads_of_area, changes_of_area, orders;

static void touched(void *ctx, const void *object, bool changes)
{
	(void)ctx;
	if (object == area)
		*(changes ? &changes_of_area : &reads_of_area) += 1;
}

static void saw(void *ctx, enum sched_what what, const void *object)
{
	(void)ctx;
	orders += object == area && (what == SCHED_TO_USER || what == SCHED_FROM_USER);
}

static struct sched_task *the_first(void *ctx, struct sched_task *const *runnable,
				    unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)n;
	(void)last;
	return runnable[0];
}

static const struct sched_strategy watching = {
	.pick = the_first,
	.saw = saw,
	.touched = touched,
	.watch = SCHED_TOUCHES | SCHED_BIT(SCHED_TO_USER) | SCHED_BIT(SCHED_FROM_USER),
};

static void accesses_mapping(void *arg)
{
	(void)arg;
	pin.ret = shim_pin_user_pages((uintptr_t)area, 2, WRITE, pages, HERE);
	shim_vmap_ordered(area, 8, 1, HERE); /* not mapped: nothing to say */
	shim_vmap(pages, 2, HERE);
	reads_of_area = changes_of_area = orders = 0;
	shim_vmap_accessed(area + 8, 4, NULL);
	shim_vmap_ordered(area, 8, 1, HERE);
	shim_vmap_ordered(area, 8, 0, HERE);
	shim_vunmap(area, HERE);
	unpin(2);
}

static void what_user_mode_does_depends_on_accesses_by_a_mapping(void **state)
{
	(void)state;
	shim_task_new("task", 0, mm, 0, accesses_mapping, NULL);
	sched_run(&watching);
	assert_int_equal(reads_of_area, 3);
	assert_int_equal(changes_of_area, 0);
	assert_int_equal(orders, 2);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_are_pinned_from_that_of_the_address_on),
		TEST(a_pin_is_short_where_a_page_is_not_mapped_so),
		TEST(ranges_that_are_none_are_refused),
		TEST(without_user_memory_nothing_is_pinned),
		TEST(other_flags_are_not_modelled),
		TEST(an_injected_failure_pins_none_or_half),
		TEST(a_pinned_frame_outlives_its_mapping),
		TEST(unpinned_once_too_often_is_reported),
		TEST(the_number_of_a_failed_pin_is_no_number),
		TEST(pins_and_references_are_not_the_same),
		TEST(pins_that_are_left_are_told_with_their_place),
		TEST(reset_forgets_pins_and_mappings),
		TEST(a_mapping_is_the_same_memory),
		TEST(a_mapping_is_usable_while_its_frame_is_held),
		TEST(frames_of_the_kernel_can_be_mapped_too),
		TEST(frames_may_be_mapped_twice),
		TEST(frames_apart_are_not_modelled),
		TEST(a_mapping_fails_when_told_to),
		TEST(what_vmap_did_not_return_is_not_unmapped),
		TEST(mappings_that_are_left_are_told_with_their_place),
		TEST(a_fresh_page_under_an_old_mapping_keeps_the_count),
		TEST(what_user_mode_does_depends_on_accesses_by_a_mapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
