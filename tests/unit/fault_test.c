// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection by call number.
 */
#include "in_task.h"
#include "shim/fault.h"

static void no_call_fails_by_itself(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		assert_false(fault_hit(FAULT_ALLOC));
	assert_int_equal(fault_count(FAULT_ALLOC), 100);
	assert_false(fault_fired(FAULT_ALLOC));
}

static void the_third_call_from_here_fails_and_only_that(void **state)
{
	(void)state;
	fault_hit(FAULT_PIN);
	fault_nth(FAULT_PIN, 3);
	assert_false(fault_hit(FAULT_PIN));
	assert_false(fault_hit(FAULT_PIN));
	assert_false(fault_fired(FAULT_PIN));
	assert_true(fault_hit(FAULT_PIN));
	assert_true(fault_fired(FAULT_PIN));
	for (int i = 0; i < 10; i++)
		assert_false(fault_hit(FAULT_PIN));
	assert_int_equal(fault_count(FAULT_PIN), 14);
}

static void kinds_do_not_disturb_each_other(void **state)
{
	(void)state;
	fault_nth(FAULT_TO_USER, 1);
	assert_false(fault_hit(FAULT_FROM_USER));
	assert_false(fault_hit(FAULT_ALLOC));
	assert_true(fault_hit(FAULT_TO_USER));
	assert_false(fault_fired(FAULT_FROM_USER));
}

static void zero_disarms(void **state)
{
	(void)state;
	fault_nth(FAULT_ALLOC, 1);
	fault_nth(FAULT_ALLOC, 0);
	assert_false(fault_hit(FAULT_ALLOC));
}

static void arming_again_forgets_that_it_fired(void **state)
{
	(void)state;
	fault_nth(FAULT_ALLOC, 1);
	assert_true(fault_hit(FAULT_ALLOC));
	fault_nth(FAULT_ALLOC, 2);
	assert_false(fault_fired(FAULT_ALLOC));
}

static void reset_forgets_everything(void **state)
{
	(void)state;
	fault_nth(FAULT_ALLOC, 2);
	fault_hit(FAULT_ALLOC);
	fault_reset();
	assert_int_equal(fault_count(FAULT_ALLOC), 0);
	assert_false(fault_hit(FAULT_ALLOC));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(no_call_fails_by_itself, fresh_kernel),
		cmocka_unit_test_setup(the_third_call_from_here_fails_and_only_that,
				       fresh_kernel),
		cmocka_unit_test_setup(kinds_do_not_disturb_each_other, fresh_kernel),
		cmocka_unit_test_setup(zero_disarms, fresh_kernel),
		cmocka_unit_test_setup(arming_again_forgets_that_it_fired, fresh_kernel),
		cmocka_unit_test_setup(reset_forgets_everything, fresh_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
