// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many tasks an execution may have.
 */
#include "in_task.h"

static unsigned int created;

static void ends_at_once(void *arg)
{
	(void)arg;
}

static unsigned int flags;

static void creates(void *arg)
{
	unsigned int nr = *(unsigned int *)arg;

	for (created = 0; created < nr; created++)
		shim_task_new("another", 0, NULL, flags, ends_at_once, NULL);
}

static enum sched_why with_others(unsigned int nr)
{
	return run_in_task(NULL, 0, creates, &nr);
}

static int set_up(void **state)
{
	flags = 0;
	return fresh_kernel(state);
}

static void as_many_as_there_is_space_for(void **state)
{
	(void)state;
	assert_int_equal(with_others(SCHED_MAX_TASKS - 1), SCHED_ENDED);
	assert_int_equal(created, SCHED_MAX_TASKS - 1);
	assert_no_reports();
}

static void one_more_is_the_simulators_limit(void **state)
{
	(void)state;
	assert_int_equal(with_others(SCHED_MAX_TASKS), SCHED_STOPPED);
	assert_int_equal(created, SCHED_MAX_TASKS - 1);
	assert_reports(REPORT_UNMODELLED, 1);
}

/* or there would be none for who unmounts */
static void threads_of_the_kernel_leave_two(void **state)
{
	static const unsigned int kinds[] = { SHIM_PF_KTHREAD, SHIM_PF_IO_WORKER };

	for (unsigned int i = 0; i < 2; i++) {
		fresh_kernel(state);
		flags = kinds[i];
		assert_int_equal(with_others(SCHED_MAX_TASKS), SCHED_STOPPED);
		assert_int_equal(created, SCHED_MAX_TASKS - 3);
		assert_reports(REPORT_UNMODELLED, 1);
	}
}

static void a_new_execution_has_space_again(void **state)
{
	(void)state;
	assert_int_equal(with_others(SCHED_MAX_TASKS), SCHED_STOPPED);
	fresh_kernel(NULL);
	assert_int_equal(with_others(1), SCHED_ENDED);
	assert_no_reports();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(as_many_as_there_is_space_for, set_up),
		cmocka_unit_test_setup(one_more_is_the_simulators_limit, set_up),
		cmocka_unit_test_setup(threads_of_the_kernel_leave_two, set_up),
		cmocka_unit_test_setup(a_new_execution_has_space_again, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
