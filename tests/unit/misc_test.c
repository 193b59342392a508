// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that are registered by name and number, and opening them.
 */
#include <errno.h>
#include <string.h>

#include "in_task.h"
#include "shim/misc.h"

static struct shim_misc first, second;
static unsigned int opened;

static int counts(struct file *file)
{
	(void)file;
	opened++;
	return 0;
}

static int set_up(void **state)
{
	first = (struct shim_misc){ .name = "first", .minor = 229, .ops.open = counts };
	second = (struct shim_misc){ .name = "second", .minor = SHIM_MISC_DYNAMIC_MINOR };
	opened = 0;
	return fresh_kernel(state);
}

static void a_device_is_opened_by_its_name(void **state)
{
	struct file *file;
	int fd;

	(void)state;
	assert_int_equal(shim_misc_register(&first), 0);
	assert_int_equal(shim_misc_register(&second), 0);
	file = shim_misc_open("first", 2, &fd);
	assert_ptr_equal(shim_file_ops(file), &first.ops);
	assert_int_equal(file->f_flags, 2);
	assert_int_equal(opened, 1);
	assert_int_equal(shim_close(fd), 0);
}

static void what_is_not_registered_is_not_there(void **state)
{
	int fd = 0;

	(void)state;
	assert_null(shim_misc_open("first", 2, &fd));
	assert_int_equal(fd, -ENOENT);
	shim_misc_register(&first);
	shim_misc_deregister(&first, SCHED_SITE("misc"));
	assert_null(shim_misc_open("first", 2, &fd));
	assert_int_equal(opened, 0);
	assert_no_reports();
}

static void numbers_and_names_are_taken_once(void **state)
{
	struct shim_misc same_number = { .name = "other", .minor = 229 };
	struct shim_misc same_name = { .name = "first", .minor = 230 };
	struct shim_misc any = { .name = "any", .minor = SHIM_MISC_DYNAMIC_MINOR };

	(void)state;
	assert_int_equal(shim_misc_register(&first), 0);
	assert_int_equal(shim_misc_register(&same_number), -EBUSY);
	assert_int_equal(shim_misc_register(&same_name), -EEXIST);
	assert_int_equal(shim_misc_register(&second), 0);
	assert_int_equal(shim_misc_register(&any), 0);
	assert_int_equal(second.minor, 256);
	assert_int_equal(any.minor, 257);
	shim_misc_deregister(&first, SCHED_SITE("misc"));
	assert_int_equal(shim_misc_register(&same_number), 0);
}

static void deregistering_twice_is_warned_about(void **state)
{
	(void)state;
	shim_misc_register(&first);
	shim_misc_deregister(&first, SCHED_SITE("misc"));
	shim_misc_deregister(&first, SCHED_SITE("misc"));
	assert_reports(REPORT_KERNEL, 1);
	assert_summary(0, "WARN: misc_deregister of a device that is not registered");
}

static void a_new_execution_has_no_device(void **state)
{
	int fd;

	shim_misc_register(&first);
	fresh_kernel(state);
	assert_null(shim_misc_open("first", 2, &fd));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_device_is_opened_by_its_name, set_up),
		cmocka_unit_test_setup(what_is_not_registered_is_not_there, set_up),
		cmocka_unit_test_setup(numbers_and_names_are_taken_once, set_up),
		cmocka_unit_test_setup(deregistering_twice_is_warned_about, set_up),
		cmocka_unit_test_setup(a_new_execution_has_no_device, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
