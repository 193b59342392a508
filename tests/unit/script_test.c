// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripted schedules: each promise is kept, and a broken one is said.
 */
#include "shim/lock.h"
#include "unit.h"

static struct shim_lock left, right;
static int counter;

static int two_locks(void **state)
{
	static const struct shim_lock_class left_class = { "&box->left" };
	static const struct shim_lock_class right_class = { "&box->right" };

	fresh_kernel(state);
	shim_lock_init(&left, &left_class);
	shim_lock_init(&right, &right_class);
	counter = 0;
	return 0;
}

static void takes_both(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++) {
		shim_spin_lock(&left, SCHED_SITE("&box->left"));
		counter++;
		shim_spin_unlock(&left, SCHED_SITE("&box->left"));
		shim_spin_lock(&right, SCHED_SITE("&box->right"));
		counter += 10;
		shim_spin_unlock(&right, SCHED_SITE("&box->right"));
	}
}

static void run_until_lock_stops_before_the_lock_is_taken(void **state)
{
	struct sched_task *a = spawn("a", takes_both, NULL);

	(void)state;
	run_until_lock(a, "box->right");
	assert_int_equal(counter, 1);
	assert_null(right.owner);
	run_until_lock(a, "box->right");
	assert_int_equal(counter, 12);
	run_to_end(a);
	assert_int_equal(counter, 22);
}

static void run_until_nth_lock_counts(void **state)
{
	struct sched_task *a = spawn("a", takes_both, NULL);

	(void)state;
	run_until_nth_lock(a, "box->left", 2);
	assert_int_equal(counter, 11);
}

static void run_until_in_stops_in_that_function(void **state)
{
	struct sched_task *a = spawn("a", takes_both, NULL);

	(void)state;
	run_until_in(a, "takes_both");
	assert_int_equal(counter, 0);
}

static void step_goes_one_point_further(void **state)
{
	struct sched_task *a = spawn("a", takes_both, NULL);

	(void)state;
	run_step(a);
	assert_int_equal(counter, 0);
	run_step(a);
	assert_int_equal(counter, 1);
}

static void a_task_at_a_lock_of_another_is_blocked(void **state)
{
	struct sched_task *a = spawn("a", takes_both, NULL);
	struct sched_task *b = spawn("b", takes_both, NULL);

	(void)state;
	run_until_lock(a, "box->right");
	run_until_lock(a, "box->left");
	/* a holds nothing between its points; let it stand inside the lock */
	left.owner = a->data;
	left.taken_at = SCHED_SITE("held");
	run_until_blocked(b);
	assert_ptr_equal(b->blocked_on, &left);
	assert_string_equal(b->blocked_why, "box->left");
	left.owner = NULL;
	sched_wake_on(&left);
	run_to_end(b);
	run_to_end(a);
}

static char complaint[400];
static jmp_buf back;

static void note_complaint(const char *message, const char *file, int line)
{
	(void)file;
	(void)line;
	strncpy(complaint, message, sizeof(complaint) - 1);
	longjmp(back, 1);
}

static void a_promise_that_cannot_be_kept_is_said(void **state)
{
	struct sched_task *a = spawn("a", takes_both, NULL);

	(void)state;
	script_set_fail(note_complaint);
	if (!setjmp(back)) {
		run_until_lock(a, "box->nowhere");
		fail_msg("the script was believed");
	}
	assert_non_null(strstr(complaint, "a ended"));
	assert_non_null(strstr(complaint, "box->nowhere"));
}

static void run_to_end_of_a_blocked_task_is_said(void **state)
{
	struct sched_task *a = spawn("a", takes_both, NULL);
	struct sched_task *holder = spawn("holder", takes_both, NULL);

	(void)state;
	left.owner = holder->data;
	left.taken_at = SCHED_SITE("held");
	script_set_fail(note_complaint);
	if (!setjmp(back)) {
		run_to_end(a);
		fail_msg("the script was believed");
	}
	assert_non_null(strstr(complaint, "a blocked"));
	assert_non_null(strstr(complaint, "waits for box->left"));
}

#define script_unit_test(f) cmocka_unit_test_setup(f, two_locks)

int main(void)
{
	const struct CMUnitTest tests[] = {
		script_unit_test(run_until_lock_stops_before_the_lock_is_taken),
		script_unit_test(run_until_nth_lock_counts),
		script_unit_test(run_until_in_stops_in_that_function),
		script_unit_test(step_goes_one_point_further),
		script_unit_test(a_task_at_a_lock_of_another_is_blocked),
		script_unit_test(a_promise_that_cannot_be_kept_is_said),
		script_unit_test(run_to_end_of_a_blocked_task_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
