// SPDX-License-Identifier: GPL-2.0-only
/*
 * Following a list of switches: what is noted of each, which tasks do not run, and what
 * is said of switches that were not made.
 */
#include "search_tests.h"

#include "search/replay.h"

static unsigned int word;
static char order[64];
static struct switch_note notes[4];

static void adds(const char *text)
{
	strncat(order, text, sizeof(order) - strlen(order) - 1);
}

static void writes_twice(void *arg)
{
	adds(arg);
	sched_point(SCHED_WRITE, &word, SCHED_SITE("word"));
	adds(arg);
	sched_point(SCHED_READ, &word, SCHED_SITE("word again"));
	adds(arg);
}

static void yields_once(void *arg)
{
	adds(arg);
	sched_yield();
	adds(arg);
}

static void follow(const struct replay_plan *plan, void (*first)(void *))
{
	replay_begin(plan);
	replay_notes(plan->notes ? NULL : notes);
	shim_reset(1);
	order[0] = '\0';
	sched_spawn("a", first, "a");
	sched_spawn("b", writes_twice, "b");
	sched_spawn("c", writes_twice, "c");
	sched_run(replay_strategy());
}

static void a_switch_is_noted_with_its_place(void **state)
{
	static const struct task_switch list[] = { { 0, 1, 0 }, { 1, 0, 1 } };
	const struct replay_plan plan = { .list = list, .nr = 2, .mask = MARKED };

	(void)state;
	follow(&plan, writes_twice);
	assert_string_equal(order, "abbaabccc");
	assert_null(replay_divergence());
	assert_int_equal(replay_switches()->nr, 2);
	assert_string_equal(notes[0].from, "a");
	assert_string_equal(notes[0].to, "b");
	assert_int_equal(notes[0].nth, 1);
	assert_non_null(strstr(notes[0].place, "before write word in writes_twice "
					       "(tests/search/replay_test.c:"));
	assert_non_null(strstr(notes[1].place, "before read word again in writes_twice "
					       "(tests/search/replay_test.c:"));
	assert_int_equal(replay_ran(), 7);
}

static void a_yield_is_noted_as_such(void **state)
{
	static const struct task_switch list[] = { { 0, 2, 0 } };
	const struct replay_plan plan = { .list = list, .nr = 1, .mask = MARKED };

	(void)state;
	follow(&plan, yields_once);
	assert_string_equal(notes[0].place, "when it yielded");
	assert_string_equal(notes[0].to, "c");
}

static void a_parked_task_does_not_run(void **state)
{
	struct replay_plan plan = { .mask = MARKED, .parked = 1 };

	(void)state;
	follow(&plan, writes_twice);
	assert_string_equal(order, "bbbccc");
	assert_int_equal(replay_ran(), 6);
	assert_true(sched_stopped());
	plan.parked = 3;
	follow(&plan, writes_twice);
	assert_string_equal(order, "ccc");
	assert_int_equal(replay_ran(), 4);
	plan.parked = 7;
	follow(&plan, writes_twice);
	/* some task has to be chosen, and gets as far as the next choice */
	assert_string_equal(order, "a");
}

static void a_switch_to_a_parked_task_is_not_made(void **state)
{
	static const struct task_switch list[] = { { 0, 1, 0 } };
	const struct replay_plan plan = {
		.list = list, .nr = 1, .mask = MARKED, .parked = 2
	};

	(void)state;
	follow(&plan, writes_twice);
	assert_string_equal(order, "aaaccc");
}

static void what_was_not_reached_is_said_each_time(void **state)
{
	static const struct task_switch list[] = { { 0, 1, 0 }, { 0, 1, 99 } };
	const struct replay_plan plan = { .list = list, .nr = 2, .mask = MARKED };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		follow(&plan, writes_twice);
		assert_string_equal(replay_divergence(),
				    "switch 2 of 2, from ? to ?: it was not reached; the "
				    "execution ended after 1 of 2 switches");
	}
}

static void a_switch_is_made_at_its_place_and_nowhere_else(void **state)
{
	static const struct task_switch list[] = { { 0, 1, 7 } };
	static struct switch_note there = {
		.from = "a",
		.to = "b",
		.place = "before read word again in writes_twice (old.c:1)",
		.nth = 1,
	};
	const struct replay_plan plan = {
		.list = list, .notes = &there, .nr = 1, .mask = MARKED
	};

	(void)state;
	follow(&plan, writes_twice);
	assert_string_equal(order, "aabbbaccc");
	assert_null(replay_divergence());
	assert_string_equal(replay_moved(),
			    "switch 1 of 1, from a to b before read word again in "
			    "writes_twice (old.c:1): 1 choices instead of 7 before it; 1 "
			    "in all, made at their places");
	there.nth = 2;
	follow(&plan, writes_twice);
	assert_string_equal(order, "aaabbbccc");
	assert_non_null(strstr(replay_divergence(), "it was not reached"));
	assert_null(replay_moved());
}

static void only_the_first_divergence_is_told(void **state)
{
	static const struct task_switch list[] = { { 0, 5, 0 },
						   { 0, 6, 1 },
						   { 2, 0, 9 } };
	const struct replay_plan plan = { .list = list, .nr = 3, .mask = MARKED };

	(void)state;
	follow(&plan, writes_twice);
	assert_string_equal(replay_divergence(),
			    "switch 1 of 3, from ? to ?: that task does "
			    "not exist yet");
}

/* made where its number says, and compared with what was noted */
static void another_place_is_told(void **state)
{
	static struct task_switch list[] = { { 0, 1, 0 } };
	static struct switch_note note = { .from = "a", .to = "b", .place = "elsewhere" };
	const struct replay_plan plan = {
		.list = list, .notes = &note, .nr = 1, .mask = MARKED, .by_count = true
	};

	(void)state;
	list[0].at = 0;
	follow(&plan, writes_twice);
	assert_non_null(strstr(replay_divergence(), "it is now before write word in "
						    "writes_twice"));
	list[0].at = 2; /* it has ended */
	list[0].to = 2;
	strcpy(note.to, "c");
	follow(&plan, writes_twice);
	assert_non_null(strstr(replay_divergence(), "it is now not able to go on there"));
	strcpy(note.from, "q");
	follow(&plan, writes_twice);
	assert_non_null(strstr(replay_divergence(), "that task is now a"));
}

static void a_moved_switch_is_told_by_its_number(void **state)
{
	static const struct task_switch list[] = { { 0, 1, 7 }, { 1, 2, 1 } };
	static const struct switch_note both[] = {
		{ "a", "b", "before write word in writes_twice (old.c:1)", 1 },
		{ "b", "c", "before read word again in writes_twice (old.c:1)", 1 },
	};
	const struct replay_plan plan = {
		.list = list, .notes = both, .nr = 2, .mask = MARKED
	};

	(void)state;
	follow(&plan, writes_twice);
	assert_null(replay_divergence());
	assert_non_null(
		strstr(replay_moved(), "switch 1 of 2, from a to b before write"));
	assert_non_null(strstr(replay_moved(), "; 1 in all"));
}

/* ---- the list ---- */

static void more_switches_than_there_is_room_for_are_lost(void **state)
{
	static struct switches s;
	struct sched_task one = { .id = 0, .state = SCHED_RUNNABLE }, two = one;
	struct sched_task *const both[] = { &one, &two };

	(void)state;
	two.id = 1;
	switches_clear(&s);
	for (unsigned int i = 0; i < SWITCHES_MAX; i++)
		switches_note(&s, both, i % 2 ? &two : &one, i % 2 ? &one : &two);
	assert_int_equal(s.nr, SWITCHES_MAX);
	switches_note(&s, both, &one, &one); /* the default choice is none */
	assert_false(s.lost);
	switches_note(&s, both, &one, &two);
	assert_true(s.lost);
	switches_note(&s, both, &one, &one);
	assert_true(s.lost);
	assert_int_equal(s.choices, SWITCHES_MAX + 3);
	assert_int_equal(s.asked[0], SWITCHES_MAX / 2 + 3);
	assert_int_equal(s.list[2].at, 1);
	switches_clear(&s);
	assert_false(s.lost);
	assert_int_equal(s.asked[0], 0);
}

static void the_first_switch_that_moved_is_named(void **state)
{
	static const struct task_switch list[] = { { 0, 1, 0 },
						   { 1, 0, 9 },
						   { 0, 2, 5 } };
	static const struct switch_note three[] = {
		{ "a", "b", "before write word in writes_twice (old.c:1)", 1 },
		{ "b", "a", "before read word again in writes_twice (old.c:1)", 1 },
		{ "a", "c", "before read word again in writes_twice (old.c:1)", 1 },
	};
	const struct replay_plan plan = {
		.list = list, .notes = three, .nr = 3, .mask = MARKED
	};

	(void)state;
	follow(&plan, writes_twice);
	assert_null(replay_divergence());
	assert_string_equal(order, "abbacccab");
	assert_string_equal(replay_moved(),
			    "switch 2 of 3, from b to a before read word again in "
			    "writes_twice (old.c:1): 1 choices instead of 9 before it; 2 "
			    "in all, made at their places");
}

static void another_name_is_told(void **state)
{
	static const struct task_switch list[] = { { 0, 1, 0 } };
	static const struct switch_note note = {
		"a", "z", "before write word in writes_twice (old.c:1)", 1
	};
	const struct replay_plan plan = {
		.list = list, .notes = &note, .nr = 1, .mask = MARKED
	};

	(void)state;
	follow(&plan, writes_twice);
	/* it is made all the same */
	assert_string_equal(order, "abbbaaccc");
	assert_string_equal(replay_divergence(),
			    "switch 1 of 1, from a to z before write word in "
			    "writes_twice (old.c:1): that task is now b");
}

static void a_task_that_has_ended_or_is_blocked_is_told(void **state)
{
	static struct task_switch list[] = { { 0, 1, 2 }, { 2, 1, 1 } };
	const struct replay_plan plan = { .list = list, .nr = 2, .mask = MARKED };

	(void)state;
	/* when a has ended b runs to its end, and is asked for once more */
	follow(&plan, writes_twice);
	assert_string_equal(order, "aaabbbccc");
	assert_string_equal(replay_divergence(), "switch 2 of 2, from ? to ?: that task "
						 "has ended");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_switch_is_noted_with_its_place),
		cmocka_unit_test(a_yield_is_noted_as_such),
		cmocka_unit_test(a_parked_task_does_not_run),
		cmocka_unit_test(a_switch_to_a_parked_task_is_not_made),
		cmocka_unit_test(what_was_not_reached_is_said_each_time),
		cmocka_unit_test(a_switch_is_made_at_its_place_and_nowhere_else),
		cmocka_unit_test(only_the_first_divergence_is_told),
		cmocka_unit_test(another_place_is_told),
		cmocka_unit_test(a_moved_switch_is_told_by_its_number),
		cmocka_unit_test(more_switches_than_there_is_room_for_are_lost),
		cmocka_unit_test(the_first_switch_that_moved_is_named),
		cmocka_unit_test(another_name_is_told),
		cmocka_unit_test(a_task_that_has_ended_or_is_blocked_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
