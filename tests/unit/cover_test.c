// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an execution covers: the same wherever its memory is. An access is two edges, and
 * a pair if another task wrote it; that a lock is there is nothing.
 */
#include "unit.h"

#include "detect/race.h"
#include "shim/cover.h"
#include "shim/hook.h"

static long far_apart[3][65536];
static long *const watched = far_apart[0], *const unwatched = far_apart[2];

static int watch(void **state)
{
	(void)state;
	race_watch(watched, sizeof(far_apart[0]), "the test's data");
	return 0;
}

static void uses(void *object)
{
	hook_object(object, SCHED_SITE("object"));
}

static void reads(void *data)
{
	hook_range(data, sizeof(long), HOOK_READ, SCHED_SITE("read"));
}

static void writes(void *data)
{
	hook_range(data, sizeof(long), HOOK_WRITE, SCHED_SITE("write"));
}

/* Return: how many numbers of @kind a task covers that calls @first, and one that calls
 * @second */
static unsigned int covered(enum cover_kind kind, void (*first)(void *),
			    void (*second)(void *), void *arg)
{
	const uint64_t *list;
	unsigned int nr, found = 0;

	hook_watch(HOOK_RACE | HOOK_COVER);
	fresh_kernel(NULL);
	shim_task_new("first", 0, NULL, 0, first, arg);
	shim_task_new("second", 0, NULL, 0, second, arg);
	sched_run(NULL);
	nr = cover_list(&list);
	for (unsigned int i = 0; i < nr; i++)
		found += cover_kind(list[i]) == kind;
	hook_watch(0);
	fresh_kernel(NULL);
	return found;
}

static void objects_cover_nothing(void **state)
{
	(void)state;
	/* twice: what was met lately is looked at in another way */
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(covered(COVER_EDGE, uses, uses, watched), 0);
		assert_int_equal(covered(COVER_EDGE, uses, uses, unwatched), 0);
	}
}

static void accesses_do(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(covered(COVER_EDGE, writes, reads, watched), 2);
		assert_int_equal(covered(COVER_EDGE, writes, reads, unwatched), 2);
		assert_int_equal(covered(COVER_PAIR, writes, reads, watched), 1);
		assert_int_equal(covered(COVER_PAIR, writes, reads, unwatched), 1);
		assert_int_equal(covered(COVER_PAIR, reads, reads, watched), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_cover_nothing),
		cmocka_unit_test(accesses_do),
	};

	return cmocka_run_group_tests(tests, watch, NULL);
}
