// SPDX-License-Identifier: GPL-2.0-only
/*
 * Code addresses are named as __FILE__, __LINE__ and __func__ name them.
 */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sched/sched.h"
#include "shim/shim.h"
#include "symbols/place.h"
#include "symbols/place_map.h"

static const void *here;
static const struct sched_site *found;

static __attribute__((noinline)) void note_caller(void)
{
	here = __builtin_return_address(0);
}

static void assert_place(const struct sched_site *site, const char *func, int line)
{
	assert_string_equal(site->file, __FILE__);
	assert_string_equal(site->func, func);
	assert_int_equal(site->line, line);
}

static void a_call_is_named_by_its_line(void **state)
{
	(void)state;
	note_caller();
	assert_place(place_of(here), __func__, __LINE__ - 1);
	assert_ptr_equal(place_of(here), place_of(here));
}

static inline __attribute__((always_inline)) int inlined(void)
{
	note_caller();
	return __LINE__ - 1;
}

static void an_inlined_call_is_its_own_functions(void **state)
{
	int line = inlined();

	(void)state;
	assert_place(place_of(here), "inlined", line);
}

static void ask_in_task(void *arg)
{
	*(int *)arg = inlined();
	found = place_of(here);
}

static void a_task_may_ask(void **state)
{
	int line = 0;

	(void)state;
	place_forget();
	sched_reset();
	sched_spawn("asks", ask_in_task, &line);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_place(found, "inlined", line);
}

/* ---- with what it was inlined into ---- */

static inline __attribute__((always_inline)) int inlined_twice(int *line)
{
	*line = inlined();
	return __LINE__ - 1;
}

struct seen {
	const struct sched_site *at[4];
	unsigned int nr;
};

static void see(const struct sched_site *place, void *arg)
{
	struct seen *s = arg;

	assert_true(s->nr < 4);
	s->at[s->nr++] = place;
}

static void an_inlined_call_is_told_with_its_callers(void **state)
{
	struct seen seen = { .nr = 0 }, again = { .nr = 0 };
	int innermost, middle = inlined_twice(&innermost), outermost = __LINE__;

	(void)state;
	place_each(here, see, &seen);
	assert_int_equal(seen.nr, 3);
	assert_place(seen.at[0], "inlined", innermost);
	assert_place(seen.at[1], "inlined_twice", middle);
	assert_place(seen.at[2], __func__, outermost);
	/* each may be kept */
	place_each(here, see, &again);
	assert_memory_equal(&seen, &again, sizeof(seen));
}

static void what_is_not_inlined_has_no_callers(void **state)
{
	struct seen seen = { .nr = 0 };

	(void)state;
	note_caller();
	place_each(here, see, &seen);
	assert_int_equal(seen.nr, 1);
	assert_place(seen.at[0], __func__, __LINE__ - 3);
}

static void what_is_no_code_has_no_name(void **state)
{
	(void)state;
	assert_string_equal(place_of(NULL)->func, "?");
	assert_int_equal(place_of(NULL)->line, 0);
}

/* the map is read from whatever number the system gives the file */
static void a_map_may_be_file_number_0(void **state)
{
	int saved = dup(0);

	(void)state;
	note_caller();
	place_forget();
	close(0);
	assert_place(place_of(here), __func__, __LINE__ - 3);
	assert_true(place_map_is_there((uintptr_t)here));
	place_forget();
	assert_int_equal(fcntl(0, F_GETFD), -1);
	if (saved >= 0) {
		dup2(saved, 0);
		close(saved);
	}
}

static unsigned int open_files(void)
{
	unsigned int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* also when the first object that was asked for has none */
static void forgetting_closes_every_map(void **state)
{
	unsigned int before;

	(void)state;
	place_forget();
	before = open_files();
	note_caller();
	assert_string_equal(place_of(stdout)->func, "?");
	assert_place(place_of(here), __func__, __LINE__ - 2);
	assert_true(open_files() > before);
	place_forget();
	assert_int_equal(open_files(), before);
}

static void what_is_in_no_file_has_no_map(void **state)
{
	static const char data[16];
	struct place_map_place place;
	struct place_map_step step;

	(void)state;
	note_caller();
	assert_true(place_map_find((uintptr_t)here, 0, &place));
	assert_true(place_map_step((uintptr_t)here, &step));
	assert_false(place_map_find(0, 0, &place));
	assert_false(place_map_step(0, &step));
	assert_false(place_map_is_there(0));
	/* nor has what is no code */
	assert_false(place_map_is_there((uintptr_t)&place));
	assert_false(place_map_find((uintptr_t)data, 0, &place));
	/* as deep as it was inlined, and no deeper */
	assert_false(place_map_find((uintptr_t)here, 1, &place));
	assert_false(place_map_find((uintptr_t)here, 1000, &place));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_named_by_its_line),
		cmocka_unit_test(an_inlined_call_is_its_own_functions),
		cmocka_unit_test(a_task_may_ask),
		cmocka_unit_test(an_inlined_call_is_told_with_its_callers),
		cmocka_unit_test(what_is_not_inlined_has_no_callers),
		cmocka_unit_test(what_is_no_code_has_no_name),
		cmocka_unit_test(a_map_may_be_file_number_0),
		cmocka_unit_test(forgetting_closes_every_map),
		cmocka_unit_test(what_is_in_no_file_has_no_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
