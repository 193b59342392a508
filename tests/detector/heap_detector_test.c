// SPDX-License-Identifier: GPL-2.0-only
/*
 * The heap's watcher: what it must find, and the correct twin of each.
 */
#include "detector.h"

#define FINDS(one, text) assert_finds(HOOK_HEAP, one, REPORT_HEAP, text, #one)
#define NOTHING(one)	 assert_finds_nothing(HOOK_HEAP, one)

static void use_after_free(void **state)
{
	(void)state;
	FINDS(reads_freed, "use after free: read of 1 byte at byte");
	FINDS(writes_freed, "use after free: write of 8 bytes");
	FINDS(copies_freed, "use after free: read of 40 bytes");
	FINDS(locks_freed, "use after free: use at byte 0 of \"letter\"");
	NOTHING(reads_before_free);
}

static void what_is_known_of_the_object_is_said(void **state)
{
	const char *text;

	(void)state;
	play_case(HOOK_HEAP, reads_freed);
	text = report_get(0)->summary;
	assert_non_null(strstr(text, "of \"letter\" of"));
	assert_non_null(strstr(report_get(0)->detail,
			       "allocated in tests/detector/cases/heap.c:"));
	assert_non_null(strstr(text, " in reads_freed, freed in reads_freed"));
	assert_non_null(strstr(report_get(0)->detail,
			       "freed by case in tests/detector/cases/heap.c:"));
	assert_string_equal(report_get(0)->task, "case");
}

static void out_of_bounds(void **state)
{
	(void)state;
	FINDS(reads_behind, "out of bounds: read of 4 bytes, byte 0 behind \"");
	FINDS(writes_behind, "out of bounds: write of 4 bytes, byte 16 behind \"");
	FINDS(writes_before, "out of bounds: write of 4 bytes, byte 4 before \"");
	FINDS(clears_too_much, "out of bounds: write of 24 bytes, byte 0 behind");
	FINDS(compares_too_much, "out of bounds: read of 32 bytes, byte 0 behind");
	FINDS(copies_structure_behind, "out of bounds: read of 120 bytes, byte 0 behind");
	NOTHING(reads_last);
	NOTHING(clears_all);
	NOTHING(copies_structure);
}

/* with the race detector, too, a head is judged in a way of its own */
static void list_heads_in_a_row(void **state)
{
	static const unsigned int watchers[] = { HOOK_HEAP, HOOK_HEAP | HOOK_RACE };

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		assert_finds(watchers[i], makes_heads_behind, REPORT_HEAP,
			     "out of bounds: write of 16 bytes, byte 0 behind \"",
			     "INIT_LIST_HEAD");
		assert_finds_nothing(watchers[i], makes_heads);
	}
}

static void pointers_that_are_none(void **state)
{
	(void)state;
	FINDS(follows_freed_pointer, "through a pointer from freed memory");
	assert_finds(HOOK_HEAP, follows_null, REPORT_KERNEL,
		     "NULL pointer: read of 8 bytes at", "follows_null");
	assert_finds(HOOK_HEAP, follows_error, REPORT_KERNEL, "error pointer",
		     "follows_error");
}

static void page_frames(void **state)
{
	(void)state;
	assert_finds(HOOK_HEAP, uses_freed_page, REPORT_HEAP,
		     "use after free: read of 8 bytes at page+0x", "use_page");
	NOTHING(uses_page);
}

static void values_that_reach_the_user(void **state)
{
	(void)state;
	assert_finds(
		HOOK_HEAP, gives_away_hole, REPORT_HEAP,
		"uninitialised: byte 1 of 120 on the way to the user is byte 1 of \"",
		"give_away");
	NOTHING(gives_away_written);
	NOTHING(gives_away_zeroed);
	assert_finds(HOOK_HEAP, gives_away_page, REPORT_HEAP,
		     "uninitialised: byte 99 of 100 on the way to the user, at page+0x",
		     "give_page_away");
	NOTHING(gives_away_written_page);
}

/* what has no value has none where it was copied to */
static void copies_of_what_was_never_written(void **state)
{
	(void)state;
	assert_finds(HOOK_HEAP, gives_away_copy_of_hole, REPORT_HEAP,
		     "uninitialised: byte 1 of 120", "give_away");
	assert_finds(HOOK_HEAP, gives_away_copied_structure, REPORT_HEAP,
		     "uninitialised: byte 1 of 120", "give_away");
}

/* one call each: the watcher sees it, and the result is that of the builtin */
static void the_compilers_atomics(void **state)
{
	void (*const twice[])(void *) = { counts, counts };
	unsigned int wrong = 1;

	(void)state;
	NOTHING(uses_builtin_atomics);
	wrong_results(&wrong);
	assert_int_equal(wrong, 0);
	FINDS(counts_in_freed, "use after free: use at byte");
	play_cases(HOOK_RACE, twice, 2);
	assert_int_equal(report_count(), 0);
}

static void string_functions(void **state)
{
	unsigned int wrong = 1;

	(void)state;
	NOTHING(uses_string_functions);
	wrong_results(&wrong);
	assert_int_equal(wrong, 0);
}

static void nobody_looks_unless_told(void **state)
{
	(void)state;
	play_case(0, reads_freed);
	assert_int_equal(report_count(), 0);
	play_case(HOOK_USER, reads_behind);
	assert_int_equal(report_count(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(use_after_free),
		cmocka_unit_test(what_is_known_of_the_object_is_said),
		cmocka_unit_test(out_of_bounds),
		cmocka_unit_test(list_heads_in_a_row),
		cmocka_unit_test(pointers_that_are_none),
		cmocka_unit_test(page_frames),
		cmocka_unit_test(values_that_reach_the_user),
		cmocka_unit_test(copies_of_what_was_never_written),
		cmocka_unit_test(the_compilers_atomics),
		cmocka_unit_test(string_functions),
		cmocka_unit_test(nobody_looks_unless_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
