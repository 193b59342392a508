// SPDX-License-Identifier: GPL-2.0-only
/*
 * The random numbers are those of splitmix64 and xoshiro256** as published: a seed
 * that somebody has written down gives the same executions with every version.
 */
#include "search_tests.h"

#include "sched/prng.h"

static void splitmix64_gives_the_published_numbers(void **state)
{
	static const uint64_t expected[] = {
		6457827717110365317ull, 3203168211198807973ull, 9817491932198370423ull,
		4593380528125082431ull, 16408922859458223821ull
	};
	uint64_t s = 1234567;

	(void)state;
	for (unsigned int i = 0; i < 5; i++)
		assert_true(prng_split(&s) == expected[i]);
}

static void xoshiro256_gives_the_published_numbers(void **state)
{
	static const uint64_t expected[] = {
		11520ull,
		0ull,
		1509978240ull,
		1215971899390074240ull,
		1216172134540287360ull,
		607988272756665600ull,
		16172922978634559625ull,
		8476171486693032832ull,
		10595114339597558777ull,
		2904607092377533576ull,
	};
	struct prng r = { { 1, 2, 3, 4 } };

	(void)state;
	for (unsigned int i = 0; i < 10; i++)
		assert_true(prng_next(&r) == expected[i]);
}

static void a_stream_is_seeded_by_seed_and_index(void **state)
{
	struct prng r;
	uint64_t s = 99;

	(void)state;
	prng_seed(&r, 99, 7);
	s = prng_split(&s) ^ 7;
	for (unsigned int i = 0; i < 4; i++)
		assert_true(r.s[i] == prng_split(&s));
}

static void a_number_below_n_is_each_as_often_as_the_others(void **state)
{
	unsigned int times[7] = { 0 };
	struct prng r;

	(void)state;
	prng_seed(&r, 1, 1);
	for (unsigned int i = 0; i < 70000; i++) {
		uint32_t n = prng_below(&r, 7);

		assert_true(n < 7);
		times[n]++;
	}
	for (unsigned int i = 0; i < 7; i++)
		assert_in_range(times[i], 9700, 10300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splitmix64_gives_the_published_numbers),
		cmocka_unit_test(xoshiro256_gives_the_published_numbers),
		cmocka_unit_test(a_stream_is_seeded_by_seed_and_index),
		cmocka_unit_test(a_number_below_n_is_each_as_often_as_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
