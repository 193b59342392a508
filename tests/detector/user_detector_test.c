// SPDX-License-Identifier: GPL-2.0-only
/*
 * The watcher of user pointers: what it must find, and the correct twin of each.
 */
#include "detector.h"
#include "shim/uring.h"

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

static void double_fetches(void **state)
{
	(void)state;
	FINDS(fetches_length_twice, "fetches_length_twice",
	      "double fetch: 4 bytes of user+0x4, read in ");
	NOTHING(fetches_neighbours);
	NOTHING(fetches_in_a_loop);
}

/* ---- of an SQE: it lies in memory that is mapped into the server ---- */

static void (*case_of_sqe)(void *sqe);
static unsigned int times;

static void with_sqe(void *user)
{
	struct shim_uring *ring = sys_io_uring_setup(4, URING_SETUP_SQE128);
	struct uring_sqe *sqe = uring_get_sqe(ring);

	(void)user;
	for (unsigned int i = 0; i < times; i++) {
		shim_syscall_enter("test");
		case_of_sqe(sqe);
		shim_syscall_exit(0);
	}
}

static void double_fetches_of_an_sqe(void **state)
{
	(void)state;
	times = 1;
	case_of_sqe = reads_sqe_twice;
	FINDS(with_sqe, "reads_sqe_twice",
	      "double fetch: 2 bytes of sqe->buf_index, read in ");
	assert_string_equal(report_get(0)->rule, "double-fetch");
	assert_string_equal(report_get(0)->object, "sqe->buf_index");
	case_of_sqe = reads_sqe_once;
	NOTHING(with_sqe);
	/* in one system call after the other it is another command */
	times = 2;
	NOTHING(with_sqe);
	/* and once in an execution is enough */
	case_of_sqe = reads_sqe_twice;
	play_case(HOOK_USER, with_sqe);
	assert_int_equal(report_count(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_pointers),
		cmocka_unit_test(pinned_frames),
		cmocka_unit_test(double_fetches),
		cmocka_unit_test(double_fetches_of_an_sqe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
