// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which steps depend on each other: by what each of them does, and to which object.
 */
#include "search_tests.h"

#include "search/access.h"

static char objects[2];

static struct access_set step(enum sched_what what, const void *object, bool faults)
{
	struct access_set a;

	access_clear(&a);
	access_add(&a, what, object, faults);
	return a;
}

static bool depend(enum sched_what a, enum sched_what b)
{
	const struct access_set one = step(a, &objects[0], false);
	const struct access_set two = step(b, &objects[0], false);

	/* in either order */
	assert_int_equal(access_conflict(&one, &two), access_conflict(&two, &one));
	return access_conflict(&one, &two);
}

static void two_reads_are_independent_and_a_change_is_not(void **state)
{
	static const enum sched_what reads[] = { SCHED_READ, SCHED_LOAD };
	static const enum sched_what changes[] = { SCHED_ATOMIC, SCHED_WRITE, SCHED_STORE,
						   SCHED_FREE };

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		for (unsigned int k = 0; k < 2; k++)
			assert_false(depend(reads[i], reads[k]));
		for (unsigned int k = 0; k < 4; k++)
			assert_true(depend(reads[i], changes[k]));
	}
	for (unsigned int i = 0; i < 4; i++)
		for (unsigned int k = 0; k < 4; k++)
			assert_true(depend(changes[i], changes[k]));
}

static void waiting_depends_on_the_notification_alone(void **state)
{
	(void)state;
	assert_false(depend(SCHED_WAIT, SCHED_WAIT));
	assert_true(depend(SCHED_WAIT, SCHED_NOTIFY));
	assert_true(depend(SCHED_NOTIFY, SCHED_NOTIFY));
	/* a wait queue's lock is at the same address */
	assert_false(depend(SCHED_NOTIFY, SCHED_WRITE));
	assert_false(depend(SCHED_WAIT, SCHED_WRITE));
	assert_false(depend(SCHED_NOTIFY, SCHED_WORK));
	assert_false(depend(SCHED_WAIT, SCHED_WORK));
}

static void user_memory_depends_by_page(void **state)
{
	const struct access_set from = step(SCHED_FROM_USER, (void *)0x10010, false);
	const struct access_set same = step(SCHED_FROM_USER, (void *)0x10ff0, false);
	const struct access_set to = step(SCHED_TO_USER, (void *)0x10ff0, false);
	const struct access_set pin = step(SCHED_PIN, (void *)0x10000, false);
	const struct access_set next = step(SCHED_TO_USER, (void *)0x11000, false);

	(void)state;
	assert_false(access_conflict(&from, &same));
	assert_true(access_conflict(&from, &to));
	assert_true(access_conflict(&from, &pin));
	assert_true(access_conflict(&to, &pin));
	assert_false(access_conflict(&from, &next));
	assert_false(access_conflict(&to, &next));
}

static void models_depend_by_their_object(void **state)
{
	static const enum sched_what whats[] = { SCHED_WORK, SCHED_SUBMIT, SCHED_COMPLETE,
						 SCHED_CALLBACK };

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		const struct access_set none = step(whats[i], NULL, false);
		const struct access_set other = step(whats[i], &objects[1], false);
		const struct access_set own = step(whats[i], &objects[0], false);

		for (unsigned int k = 0; k < 4; k++)
			assert_true(depend(whats[i], whats[k]));
		assert_false(access_conflict(&none, &none));
		assert_false(access_conflict(&own, &other));
		assert_false(depend(whats[i], SCHED_WRITE));
	}
}

static void allocations_depend_if_they_may_fail(void **state)
{
	const struct access_set a = step(SCHED_ALLOC, &objects[0], true);
	const struct access_set b = step(SCHED_ALLOC, &objects[1], true);

	(void)state;
	assert_true(access_conflict(&a, &b));
	assert_false(depend(SCHED_ALLOC, SCHED_ALLOC));
}

static void a_lock_depends_on_the_same_lock(void **state)
{
	const struct access_set a = step(SCHED_LOCK, &objects[0], false);
	const struct access_set b = step(SCHED_LOCK, &objects[1], false);
	const struct access_set w = step(SCHED_WRITE, &objects[0], false);

	(void)state;
	assert_true(access_dependent(&a, &a));
	assert_false(access_dependent(&a, &b));
	assert_false(access_dependent(&a, &w));
	assert_false(access_conflict(&a, &a));
	/* no common bit, no common object: of locks, too */
	assert_true(a.filter & access_filter((uintptr_t)&objects[0]));
}

static void what_is_touched_depends_if_one_changes_it(void **state)
{
	struct access_set looks, changes, both;

	(void)state;
	access_clear(&looks);
	access_clear(&changes);
	access_clear(&both);
	access_touch(&looks, &objects[0], false);
	access_touch(&changes, &objects[0], true);
	access_touch(&both, &objects[0], false);
	access_touch(&both, &objects[0], true);
	assert_int_equal(both.nr, 1);
	assert_false(access_conflict(&looks, &looks));
	assert_true(access_conflict(&looks, &changes));
	assert_true(access_conflict(&looks, &both));
}

/* more objects than a set holds: then it depends on everything, and not before */
static void a_step_that_touches_too_much_depends_on_all(void **state)
{
	static char many[ACCESS_MAX + 1];
	const struct access_set other = step(SCHED_READ, &objects[0], false);
	struct access_set a;

	(void)state;
	access_clear(&a);
	for (unsigned int i = 0; i < ACCESS_MAX; i++)
		access_add(&a, SCHED_WRITE, &many[i], false);
	assert_false(access_conflict(&a, &other));
	for (unsigned int i = 0; i < ACCESS_MAX; i++) {
		const struct access_set one = step(SCHED_READ, &many[i], false);

		assert_true(access_conflict(&a, &one));
	}
	access_add(&a, SCHED_WRITE, &many[0], false); /* is there already */
	assert_false(access_conflict(&a, &other));
	access_add(&a, SCHED_READ, &many[ACCESS_MAX], false);
	assert_true(access_conflict(&a, &other));
	assert_true(access_conflict(&other, &a));
	access_clear(&a);
	assert_false(access_conflict(&a, &other));
	assert_int_equal(a.filter, 0);
}

/* each object is kept once, however often it is touched, and in whichever order */
static void what_is_touched_again_takes_no_more_space(void **state)
{
	static char touched_ones[ACCESS_MAX], elsewhere;
	struct access_set a, b;

	(void)state;
	access_clear(&a);
	access_clear(&b);
	for (unsigned int round = 0; round < 5; round++)
		for (unsigned int i = 0; i < ACCESS_MAX; i++)
			access_touch(&a,
				     &touched_ones[round % 2 ? ACCESS_MAX - 1 - i : i],
				     round == 4 && i == 7);
	access_touch(&b, &elsewhere, true);
	assert_false(access_conflict(&a, &b));
	/* one was changed, the last time */
	for (unsigned int i = 0; i < ACCESS_MAX; i++) {
		access_clear(&b);
		access_touch(&b, &touched_ones[i], false);
		assert_int_equal(access_conflict(&a, &b), i == 7);
		access_touch(&b, &touched_ones[i], true);
		assert_true(access_conflict(&a, &b));
	}
}

/* as two sets of one step each would */
static void a_step_has_the_number_of_its_object(void **state)
{
	static const enum sched_what whats[] = {
		SCHED_LOCK,   SCHED_ATOMIC,    SCHED_READ,  SCHED_WRITE,
		SCHED_LOAD,   SCHED_FROM_USER, SCHED_PIN,   SCHED_WAIT,
		SCHED_NOTIFY, SCHED_WORK,      SCHED_ALLOC, SCHED_FREE,
	};
	const unsigned int n = sizeof(whats) / sizeof(whats[0]);

	(void)state;
	for (unsigned int i = 0; i < n; i++) {
		for (unsigned int k = 0; k < n; k++) {
			const struct access_set one = step(whats[i], &objects[0], false);
			const struct access_set two = step(whats[k], &objects[0], false);
			bool changes[2];
			uint64_t a = access_object(whats[i], &objects[0], &changes[0]);
			uint64_t b = access_object(whats[k], &objects[0], &changes[1]);

			assert_int_equal(access_dependent(&one, &two),
					 a && a == b && (changes[0] || changes[1]));
			assert_true(
				!a || whats[i] == SCHED_FROM_USER ||
				whats[i] == SCHED_PIN ||
				a != access_object(whats[i], &objects[1], &changes[1]));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_reads_are_independent_and_a_change_is_not),
		cmocka_unit_test(waiting_depends_on_the_notification_alone),
		cmocka_unit_test(user_memory_depends_by_page),
		cmocka_unit_test(models_depend_by_their_object),
		cmocka_unit_test(allocations_depend_if_they_may_fail),
		cmocka_unit_test(a_lock_depends_on_the_same_lock),
		cmocka_unit_test(what_is_touched_depends_if_one_changes_it),
		cmocka_unit_test(a_step_that_touches_too_much_depends_on_all),
		cmocka_unit_test(what_is_touched_again_takes_no_more_space),
		cmocka_unit_test(a_step_has_the_number_of_its_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
