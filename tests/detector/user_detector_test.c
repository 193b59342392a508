// SPDX-License-Identifier: GPL-2.0-only
/*
 * The watcher of user pointers: what it must find, and the correct twin of each.
 */
#include "detector.h"

#define FINDS(one, place, text) assert_finds(HOOK_USER, one, REPORT_USER, text, place)
#define NOTHING(one)		assert_finds_nothing(HOOK_USER, one)

static void user_pointers(void **state)
{
	(void)state;
	FINDS(dereferences_user, "dereferences_user",
	      "user pointer dereferenced: read of 4 bytes at user+0x0");
	FINDS(writes_user, "writes_user", "user pointer dereferenced: write of 20 bytes");
	NOTHING(copies_from_user);
}

/* a frame of user memory that is mapped has an address of the kernel's */
static void pinned_frames(void **state)
{
	(void)state;
	NOTHING(uses_pinned_page);
	FINDS(uses_address_after_unmapping, "use_pinned", "write of 100 bytes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_pointers),
		cmocka_unit_test(pinned_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
