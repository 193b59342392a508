// SPDX-License-Identifier: GPL-2.0-only
/*
 * User memory that is pinned and mapped by vmap(): what must be found of its use by
 * kernel code, and the correct twin of each.
 */
#include "detector.h"
#include "shim/arena.h"
#include "shim/page.h"
#include "shim/pin.h"

#define ALL			      HOOK_DETECTORS
#define FINDS(one, kind, text, place) assert_finds(ALL, one, kind, text, place)
#define NOTHING(one)		      assert_finds_nothing(ALL, one)

static void use_of_a_mapping(void **state)
{
	(void)state;
	NOTHING(uses_mapping);
	assert_int_equal(shim_page_report_leaks(), 0);
	FINDS(uses_mapping_after_vunmap, REPORT_HEAP,
	      "use after free: write of 4096 bytes at user+0x64 after its vunmap in ",
	      "(use)");
	assert_string_equal(report_get(0)->rule, "use-after-free");
	assert_string_equal(report_get(0)->object, "a mapping of user pages");
	FINDS(uses_mapping_after_unpin, REPORT_HEAP, " after its unpin in ", "(use)");
	FINDS(uses_pinned_without_mapping, REPORT_USER,
	      "user pointer dereferenced: read of 1 byte at user+0x0",
	      "uses_pinned_without_mapping");
}

static void ends_of_a_mapping(void **state)
{
	(void)state;
	NOTHING(writes_all_of_mapping);
	FINDS(writes_behind_mapping, REPORT_HEAP,
	      "out of bounds: write of 4097 bytes at user+0x1000, of which 1 are behind",
	      "writes_behind_mapping");
}

static void what_the_server_writes_is_read_once(void **state)
{
	(void)state;
	FINDS(reads_header_of_mapping_twice, REPORT_USER,
	      "double fetch: 4 bytes of user+0x0", "reads_header_of_mapping_twice");
}

static void what_was_never_written_is_not_given_away(void **state)
{
	(void)state;
	FINDS(gives_hole_to_mapping, REPORT_HEAP, "uninitialised: byte 0 of 64",
	      "gives_hole_to_mapping");
}

/* ---- the server unmaps, or is gone ---- */

static void *server_memory;

static void server_unmaps(void *arg)
{
	server_memory = arg;
	shim_mprotect(shim_current()->mm, arg, 8192, 0);
}

static void a_mapping_outlives_that_of_the_server(void **state)
{
	void (*const cases[])(void *) = { keeps_mapping, server_unmaps,
					  uses_kept_mapping };

	(void)state;
	play_cases(ALL, cases, 3);
	if (report_count())
		fail_msg("false alarm: %s", last_report());
	/* what the kernel wrote is in the server's memory; now nobody has it */
	assert_int_equal(((char *)server_memory)[100], 7);
	assert_false(shim_page_is_live(shim_page_of(server_memory)));
	assert_int_equal(shim_page_report_leaks(), 0);
}

/* ---- beside each other ---- */

static const char *races_after(void (*maps)(void *), void (*first)(void *),
			       void (*second)(void *))
{
	void (*const cases[])(void *) = { maps, first, second };

	play_cases(ALL, cases, 3);
	assert_int_equal(report_count(), report_count_kind(REPORT_RACE));
	assert_in_range(report_count(), 0, 1);
	return last_report();
}

static const char *races_of(void (*first)(void *), void (*second)(void *))
{
	return races_after(maps_for_others, first, second);
}

/* two queues that a server has given the same memory: each has tasks of its own */
static void memory_given_twice_is_the_servers_affair(void **state)
{
	(void)state;
	assert_string_equal(
		races_after(maps_for_two_purposes, writes_mapping, writes_mapping), "");
	assert_string_not_equal(
		races_after(maps_for_others, writes_mapping, writes_mapping), "");
}

static void kernel_tasks_race_on_a_mapping(void **state)
{
	(void)state;
	assert_string_equal(races_of(writes_mapping, writes_mapping),
			    "race on user memory: write in writes_mapping, write in "
			    "writes_mapping");
	assert_string_not_equal(races_of(writes_mapping, writes_mapping_under_lock), "");
	assert_string_equal(
		races_of(writes_mapping_under_lock, writes_mapping_under_lock), "");
	assert_string_equal(races_of(writes_mapping, writes_mapping_elsewhere), "");
}

static void the_end_of_a_mapping_is_ordered_after_its_use(void **state)
{
	(void)state;
	assert_string_equal(races_of(writes_mapping_under_lock, ends_mapping), "");
	assert_string_equal(races_of(writes_mapping, ends_mapping),
			    "race on a mapping of user memory: write in gives_back, "
			    "marked read in writes_mapping");
	/* two that make the same queue: the loser ends its own mapping */
	assert_string_equal(races_of(writes_mapping, maps_again_and_ends_that), "");
}

static void mappings_one_after_the_other_are_no_race(void **state)
{
	void (*const cases[])(void *) = { pins_for_others, maps_and_ends_that,
					  maps_and_ends_that };

	(void)state;
	play_cases(ALL, cases, 3);
	if (report_count())
		fail_msg("false alarm: %s", last_report());
}

/* ---- the search ---- */

static unsigned int read[3], changed;

static void touched(void *ctx, const void *object, bool changes)
{
	const uintptr_t page = ((uintptr_t)object - ARENA_USER) / SHIM_PAGE_SIZE;

	(void)ctx;
	if ((uintptr_t)object >= ARENA_USER && page < 3) {
		read[page] += !changes;
		changed += changes;
	}
}

static struct sched_task *the_first(void *ctx, struct sched_task *const *runnable,
				    unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)n;
	(void)last;
	return runnable[0];
}

/* each page of an access, which a store of user mode to it depends on */
static void accesses_are_told_to_the_search(void **state)
{
	static const struct sched_strategy s = { .pick = the_first,
						 .touched = touched,
						 .watch = SCHED_TOUCHES };
	struct shim_mm *mm;
	void *user;

	(void)state;
	hook_watch(ALL);
	fresh_kernel(NULL);
	mm = shim_mm_new();
	user = shim_mmap(mm, 8192, SHIM_PROT_READ | SHIM_PROT_WRITE);
	shim_task_new("case", 0, mm, 0, writes_all_of_mapping, user);
	sched_run(&s);
	assert_int_equal(read[0], 1);
	assert_int_equal(read[1], 1);
	assert_int_equal(read[2], 0);
	assert_int_equal(changed, 0);
}

/* ---- what may sleep ---- */

static void what_sleeps_is_not_done_while_atomic(void **state)
{
	(void)state;
	FINDS(unmaps_under_spinlock, REPORT_LOCK, "", "unmaps_under_spinlock");
	FINDS(unpins_dirty_under_spinlock, REPORT_LOCK, "",
	      "unpins_dirty_under_spinlock");
	NOTHING(unpins_under_spinlock);
	play_case(ALL, accounts_under_spinlock);
	assert_int_equal(report_count_kind(REPORT_LOCK), report_count());
	assert_in_range(report_count(), 1, 2);
	NOTHING(accounts);
}

/* ---- iterators ---- */

static void iterators_of_a_mapping(void **state)
{
	(void)state;
	NOTHING(copies_to_iterator);
	assert_memory_equal((char *)ARENA_USER + 4092, "sixt", 4);
	assert_memory_equal((char *)ARENA_USER, "een", 4);
	NOTHING(copies_from_iterator);
	NOTHING(walks_pinned_pages);
	assert_int_equal(shim_page_report_leaks(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(use_of_a_mapping),
		cmocka_unit_test(ends_of_a_mapping),
		cmocka_unit_test(what_the_server_writes_is_read_once),
		cmocka_unit_test(what_was_never_written_is_not_given_away),
		cmocka_unit_test(a_mapping_outlives_that_of_the_server),
		cmocka_unit_test(kernel_tasks_race_on_a_mapping),
		cmocka_unit_test(memory_given_twice_is_the_servers_affair),
		cmocka_unit_test(mappings_one_after_the_other_are_no_race),
		cmocka_unit_test(the_end_of_a_mapping_is_ordered_after_its_use),
		cmocka_unit_test(accesses_are_told_to_the_search),
		cmocka_unit_test(what_sleeps_is_not_done_while_atomic),
		cmocka_unit_test(iterators_of_a_mapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
