// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tests/kernel/run --measure prints of two plays on a booted kernel: what the calls
 * of one more play took, and nothing where that makes no sense.
 */
#include "../kernel/measured.h"

#include "unit.h"

#define CALLS 10u

static struct measured once, twice;

/* 1000 instructions and 2 switches a call; 500 and 7 for all that is beside them */
static int two_plays(void **state)
{
	(void)state;
	once = (struct measured){ true, 8 * (500 + 1000 * CALLS), 7 + 2 * CALLS };
	twice = (struct measured){ true, 8 * (500 + 2000 * CALLS), 7 + 4 * CALLS };
	return 0;
}

static void it_says(const char *words)
{
	char text[80];

	measured_text(text, sizeof(text), CALLS, &once, &twice);
	assert_string_equal(text, words);
}

static void what_is_beside_the_calls_does_not_count(void **state)
{
	(void)state;
	it_says("1000 instructions, 2.00 task switches");
	once.cpu_ns += 8e6;
	twice.cpu_ns += 8e6;
	once.switches += 1000;
	twice.switches += 1000;
	it_says("1000 instructions, 2.00 task switches");
}

static void part_of_a_switch_is_told(void **state)
{
	(void)state;
	twice.switches++;
	it_says("1000 instructions, 2.10 task switches");
	twice.switches = once.switches;
	it_says("1000 instructions, 0.00 task switches");
}

static void either_play_may_not_be_possible(void **state)
{
	(void)state;
	twice.ok = false;
	it_says("not played");
	once = (struct measured){ .ok = false };
	it_says("not played");
	twice.ok = true;
	it_says("not played");
}

static void a_clock_that_stands_is_no_measure(void **state)
{
	(void)state;
	twice.cpu_ns = 0;
	it_says("cannot be told: a clock or counter is not there");
	once.cpu_ns = 0;
	it_says("cannot be told: a clock or counter is not there");
}

static void a_counter_that_cannot_be_read_is_no_measure(void **state)
{
	(void)state;
	twice.switches = 0;
	it_says("cannot be told: a clock or counter is not there");
	once.switches = 0;
	it_says("cannot be told: a clock or counter is not there");
}

static void twice_as_many_cannot_take_less(void **state)
{
	(void)state;
	twice.cpu_ns = once.cpu_ns;
	it_says("cannot be told: twice as many took less");
	two_plays(NULL);
	twice.switches = once.switches - 1;
	it_says("cannot be told: twice as many took less");
}

#define TEST(f) cmocka_unit_test_setup(f, two_plays)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_beside_the_calls_does_not_count),
		TEST(part_of_a_switch_is_told),
		TEST(either_play_may_not_be_possible),
		TEST(a_clock_that_stands_is_no_measure),
		TEST(a_counter_that_cannot_be_read_is_no_measure),
		TEST(twice_as_many_cannot_take_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
