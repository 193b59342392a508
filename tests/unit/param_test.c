// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters by name.
 */
#include <stdbool.h>

#include "in_task.h"
#include "shim/param.h"

static bool a_bool;
static unsigned int a_uint;
static unsigned long a_ulong;
static long a_long;
static int an_int;
static char *a_charp;

static struct shim_param params[] = {
	{ .name = "a_bool", .type = "bool", .addr = &a_bool, .size = sizeof(a_bool) },
	{ .name = "a_uint", .type = "uint", .addr = &a_uint, .size = sizeof(a_uint) },
	{ .name = "a_ulong", .type = "ulong", .addr = &a_ulong, .size = sizeof(a_ulong) },
	{ .name = "a_long", .type = "long", .addr = &a_long, .size = sizeof(a_long) },
	{ .name = "an_int", .type = "int", .addr = &an_int, .size = sizeof(an_int) },
	{ .name = "a_charp", .type = "charp", .addr = &a_charp, .size = sizeof(a_charp) },
};

static int register_all(void **state)
{
	(void)state;
	shim_param_forget_all();
	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
		shim_param_register(&params[i]);
	a_bool = false;
	a_uint = 0;
	a_ulong = 0;
	an_int = 0;
	return 0;
}

static void a_value_is_stored_by_type(void **state)
{
	(void)state;
	assert_int_equal(shim_param_set("a_bool", 256), 0);
	assert_int_equal(shim_param_set("a_uint", 3000000000), 0);
	assert_int_equal(shim_param_set("a_ulong", 1L << 40), 0);
	assert_int_equal(shim_param_set("a_long", -(1L << 40)), 0);
	assert_int_equal(shim_param_set("an_int", -7), 0);
	assert_int_equal(a_long, -(1L << 40));
	assert_true(a_bool);
	assert_int_equal(*(unsigned char *)&a_bool, 1);
	assert_int_equal(a_uint, 3000000000U);
	assert_int_equal(a_ulong, 1L << 40);
	assert_int_equal(an_int, -7);
}

static void an_unknown_name_is_refused(void **state)
{
	(void)state;
	assert_int_equal(shim_param_set("enable_nothing", 1), -1);
}

static void a_type_that_is_no_number_is_refused(void **state)
{
	(void)state;
	assert_int_equal(shim_param_set("a_charp", 1), -1);
	assert_null(a_charp);
}

static void after_unloading_no_name_is_known(void **state)
{
	(void)state;
	shim_param_forget_all();
	assert_int_equal(shim_param_set("a_bool", 1), -1);
	assert_false(a_bool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_value_is_stored_by_type, register_all),
		cmocka_unit_test_setup(an_unknown_name_is_refused, register_all),
		cmocka_unit_test_setup(a_type_that_is_no_number_is_refused, register_all),
		cmocka_unit_test_setup(after_unloading_no_name_is_known, register_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
