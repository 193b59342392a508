// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address spaces without their memory: references, and the account of RLIMIT_MEMLOCK.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "in_task.h"
#include "shim/fault.h"
#include "shim/page.h"
#include "shim/pin.h"
#include "shim/user.h"

static struct shim_mm *mm;

static int set_up(void **state)
{
	fresh_kernel(state);
	mm = shim_mm_new();
	return 0;
}

static void grab(void)
{
	shim_mm_grab(mm, SCHED_SITE("grab"));
}

static void drop(void)
{
	shim_mm_drop(mm, SCHED_SITE("drop"));
}

static int charge(unsigned long pages)
{
	return shim_account_locked_vm(mm, pages, 1, 0, SCHED_SITE("charge"));
}

static int charge_exempt(unsigned long pages)
{
	return shim_account_locked_vm(mm, pages, 1, 1, SCHED_SITE("charge"));
}

static void give_back(unsigned long pages)
{
	shim_account_locked_vm(mm, pages, 0, 0, SCHED_SITE("give back"));
}

/* a task of @mm: what it does must not fail the test from inside */
static void run(void (*fn)(void *))
{
	run_in_task(mm, 0, fn, NULL);
}

/* a task of a kernel thread's kind, when the last user of @mm may have gone */
static void run_elsewhere(void (*fn)(void *))
{
	run_in_task(NULL, SHIM_PF_KTHREAD, fn, NULL);
}

/* ------------------------------------------------------------------ the limit */

static int got[8];

static void charges_to_the_limit(void *arg)
{
	(void)arg;
	grab();
	got[0] = charge(2047);
	got[1] = charge(2);
	got[2] = charge(1);
	got[3] = charge(1);
	got[4] = charge_exempt(5);
	got[5] = charge(~0ul);
	got[6] = charge(0);
	got[7] = shim_account_locked_vm(NULL, 5, 1, 0, SCHED_SITE("nobody"));
	give_back(2053);
	drop();
}

static void the_account_ends_at_the_limit_unless_exempt(void **state)
{
	const int expected[] = { 0, -ENOMEM, 0, -ENOMEM, 0, -ENOMEM, 0, 0 };

	(void)state;
	run(charges_to_the_limit);
	assert_memory_equal(got, expected, sizeof(got));
	assert_int_equal(shim_mm_locked(mm), 0);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_no_reports();
}

static void charges_three(void *arg)
{
	(void)arg;
	got[0] = charge(3);
	got[1] = charge(4);
	give_back(got[0] ? 4 : 3);
}

static void the_limit_can_be_set_and_is_taken_over_by_a_fork(void **state)
{
	struct shim_mm *parent = mm;

	(void)state;
	shim_mm_set_memlock(mm, 3);
	run(charges_three);
	assert_int_equal(got[0], 0);
	assert_int_equal(got[1], -ENOMEM);
	mm = shim_mm_fork(parent);
	run(charges_three);
	assert_int_equal(got[0], 0);
	assert_int_equal(got[1], -ENOMEM);
	assert_int_equal(shim_mm_locked(parent), 0);
	assert_no_reports();
}

static void charges_and_does_not_give_back(void *arg)
{
	(void)arg;
	got[0] = charge(3);
}

static void a_fork_has_an_account_of_its_own(void **state)
{
	(void)state;
	run(charges_and_does_not_give_back);
	assert_int_equal(shim_mm_locked(mm), 3);
	assert_int_equal(shim_mm_locked(shim_mm_fork(mm)), 0);
}

static void the_account_fails_when_told_to(void **state)
{
	(void)state;
	fault_nth(FAULT_PIN, 1);
	run(charges_three);
	assert_int_equal(got[0], -ENOMEM);
	assert_int_equal(got[1], 0);
	assert_int_equal(shim_mm_locked(mm), 0);
	assert_no_reports();
}

static void gives_too_much_back(void *arg)
{
	(void)arg;
	charge(3);
	give_back(4);
}

static void more_is_not_given_back_than_there_is(void **state)
{
	(void)state;
	run(gives_too_much_back);
	assert_reports(REPORT_KERNEL, 1);
	assert_summary(0, "account_locked_vm gives 4 pages back where 3 are accounted");
	assert_int_equal(shim_mm_locked(mm), 0);
}

/* ------------------------------------------------------------------ who is exempt */

static void looks(void *arg)
{
	(void)arg;
}

static void starts_worker(void *arg)
{
	struct task_struct **worker = arg;

	*worker = shim_task_new("iou-wrk", 0, mm, SHIM_PF_IO_WORKER, looks, NULL);
}

static void workers_lack_what_their_task_lacks(void **state)
{
	struct task_struct *worker = NULL, *task, *other;

	(void)state;
	task = shim_task_new("server", 0, mm, 0, starts_worker, &worker);
	shim_task_lacks(task, 14);
	other = shim_task_new("other", 0, mm, 0, looks, NULL);
	sched_run(NULL);
	assert_int_equal(task->lacks, 1 << 14);
	assert_int_equal(worker->lacks, 1 << 14);
	assert_int_equal(other->lacks, 0);
}

/* ------------------------------------------------------------------ references */

static void grabs_and_charges(void *arg)
{
	(void)arg;
	grab();
	charge(3);
}

static void gives_back_and_drops(void *arg)
{
	(void)arg;
	give_back(3);
	drop();
}

static void only_drops(void *arg)
{
	(void)arg;
	drop();
}

static void only_gives_back(void *arg)
{
	(void)arg;
	give_back(3);
}

static void only_grabs(void *arg)
{
	(void)arg;
	grab();
}

static void an_account_may_be_given_back_when_its_tasks_are_gone(void **state)
{
	(void)state;
	run(grabs_and_charges);
	assert_int_equal(shim_mm_locked(mm), 3);
	run_elsewhere(gives_back_and_drops);
	assert_int_equal(shim_page_report_leaks(), 0);
	assert_no_reports();
}

static void the_last_drop_must_find_no_account(void **state)
{
	(void)state;
	run(grabs_and_charges);
	run_elsewhere(only_drops);
	assert_reports(REPORT_HEAP, 1);
	assert_summary(0, "account leaked: 3 pages of locked memory are not given back "
			  "(account_locked_vm)");
	assert_non_null(strstr(report_get(0)->where, "(drop)"));
	/* told once */
	assert_int_equal(shim_page_report_leaks(), 0);
}

static void drops_among_users(void *arg)
{
	(void)arg;
	grab();
	charge(1);
	drop();
	give_back(1);
}

static void a_drop_while_there_are_users_is_not_the_last(void **state)
{
	(void)state;
	run(drops_among_users);
	assert_no_reports();
}

static void a_space_that_is_gone_is_not_used(void **state)
{
	static void (*const uses[])(void *) = { only_drops, only_gives_back, only_grabs };
	static const char *const calls[] = { "mmdrop", "account_locked_vm", "mmgrab" };
	char text[96];

	for (unsigned int i = 0; i < 3; i++) {
		set_up(state);
		run(grabs_and_charges);
		run_elsewhere(gives_back_and_drops);
		run_elsewhere(uses[i]);
		assert_reports(REPORT_HEAP, 1);
		snprintf(text, sizeof(text),
			 "use after free: %s of an address space that is gone", calls[i]);
		assert_summary(0, text);
		assert_non_null(strstr(report_get(0)->detail, "dropped in"));
	}
	/* without a reference it is gone with its last task */
	set_up(state);
	run(charges_and_does_not_give_back);
	run_elsewhere(only_gives_back);
	assert_reports(REPORT_HEAP, 1);
	assert_non_null(strstr(report_get(0)->detail, "mmgrab() took no reference"));
}

static void a_drop_of_the_users_reference_is_reported(void **state)
{
	(void)state;
	run(only_drops);
	assert_reports(REPORT_KERNEL, 1);
	assert_summary(0, "mmdrop of a reference that mmgrab did not take");
}

static void what_is_left_is_told_with_its_place(void **state)
{
	(void)state;
	run(grabs_and_charges);
	run(only_grabs);
	assert_int_equal(shim_page_report_leaks(), 2);
	assert_reports(REPORT_HEAP, 2);
	assert_summary(0, "account leaked: 3 pages of locked memory are not given back "
			  "(account_locked_vm)");
	assert_non_null(strstr(report_get(0)->where, "(charge)"));
	assert_summary(1, "address space leaked: 2 references of mmgrab left");
	assert_non_null(strstr(report_get(1)->where, "(grab)"));
	set_up(state);
	assert_int_equal(shim_page_report_leaks(), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_account_ends_at_the_limit_unless_exempt),
		TEST(the_limit_can_be_set_and_is_taken_over_by_a_fork),
		TEST(a_fork_has_an_account_of_its_own),
		TEST(the_account_fails_when_told_to),
		TEST(more_is_not_given_back_than_there_is),
		TEST(workers_lack_what_their_task_lacks),
		TEST(an_account_may_be_given_back_when_its_tasks_are_gone),
		TEST(the_last_drop_must_find_no_account),
		TEST(a_drop_while_there_are_users_is_not_the_last),
		TEST(a_space_that_is_gone_is_not_used),
		TEST(a_drop_of_the_users_reference_is_reported),
		TEST(what_is_left_is_told_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
