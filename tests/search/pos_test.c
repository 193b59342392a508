// SPDX-License-Identifier: GPL-2.0-only
/*
 * POS on programs whose bugs have a known probability: it finds one that random order
 * practically never finds, at least as often as it promises, and draws again after a
 * conflict alone.
 */
#include "sampling_programs.h"

static bool last_first(void)
{
	for (unsigned int i = 1; i < events; i++)
		if (order[i] > order[i - 1])
			return false;
	return true;
}

/*
 * The tasks change the object in the order of falling numbers if the first step of task 0
 * has the lowest priority of all first steps of the others; of the rest, the first step
 * of task 1; and so on. That is the promise; dice may lack three standard deviations.
 */
static double promised(const struct program *p, uint64_t executions)
{
	double one_in = 1;

	for (unsigned int i = 0; i < p->tasks; i++) {
		unsigned int above = 1;

		for (unsigned int k = i + 1; k < p->tasks; k++)
			above += 1 + p->before[k] + p->changes[k];
		one_in *= above;
	}
	return (double)executions / one_in;
}

static void finds_as_promised(const struct program *p, uint64_t executions)
{
	const struct search_options by_pos =
		pos(.mask = MARKED, .executions = executions, .seed = 5);
	const struct search_options by_dice =
		random_walk(.mask = MARKED, .executions = executions, .seed = 5);
	double promise = promised(p, executions), lacks;
	uint64_t found, by_chance;

	profile_forget();
	found = count(p, changes_it, &by_pos, last_first);
	by_chance = count(p, changes_it, &by_dice, last_first);
	print_message("%u tasks: pos %lu of %lu executions, promised %.1f; random %lu\n",
		      p->tasks, (unsigned long)found, (unsigned long)executions, promise,
		      (unsigned long)by_chance);
	lacks = promise - (double)found;
	assert_true(promise > 30);
	assert_true(lacks <= 0 || lacks * lacks <= 9 * promise);
	assert_true((double)by_chance * 20 < promise);
}

static void pos_finds_a_late_step_as_often_as_it_promises(void **state)
{
	static const struct program two = { .tasks = 2,
					    .before = { 0, 24 },
					    .changes = { 1, 1 } };

	(void)state;
	finds_as_promised(&two, 20000);
}

static void pos_finds_an_order_of_three_as_often_as_it_promises(void **state)
{
	static const struct program three = { .tasks = 3,
					      .before = { 0, 6, 14 },
					      .changes = { 1, 1, 1 } };

	(void)state;
	finds_as_promised(&three, 60000);
}

static bool both_had_begun(void)
{
	return started_at_first == 2;
}

static bool goes_on(void)
{
	return started_at_first == 2 && order[0] == order[1];
}

/*
 * Two tasks wait at their first changes, the higher priority goes. Then the next one of
 * that task has a new priority. If the other's has one as well, it goes on in one of two
 * executions; if the other's is the one that lost, in two of three.
 */
static void pos_draws_again_after_a_conflict_alone(void **state)
{
	static const struct program twice = { .tasks = 2, .changes = { 2, 2 } };
	const struct search_options o =
		pos(.mask = MARKED, .executions = 20000, .seed = 9);
	double begun, same;

	(void)state;
	profile_forget();
	begun = (double)count(&twice, changes_it, &o, both_had_begun);
	same = (double)count(&twice, changes_it, &o, goes_on);
	print_message("conflict: %.0f of %.0f go on\n", same, begun);
	assert_true(begun > 5000);
	assert_true((same - begun / 2) * (same - begun / 2) < 9 * begun / 4);
	begun = (double)count(&twice, changes_its_own, &o, both_had_begun);
	same = (double)count(&twice, changes_its_own, &o, goes_on);
	print_message("no conflict: %.0f of %.0f go on\n", same, begun);
	assert_true(same > begun * 0.6);
}

/* steps at places that never conflicted take no part: the order is one of a few */
static void pos_leaves_out_places_that_never_conflicted(void **state)
{
	static const struct program two = { .tasks = 2,
					    .before = { 0, 24 },
					    .changes = { 1, 1 } };
	const struct search_options o =
		pos(.mask = MARKED, .executions = 2000, .seed = 5);
	uint64_t without, with;

	(void)state;
	profile_forget();
	without = count(&two, changes_it, &o, last_first);
	learn(&two, changes_it);
	with = count(&two, changes_it, &o, last_first);
	print_message("without a profile %lu of 2000, with one %lu\n",
		      (unsigned long)without, (unsigned long)with);
	assert_true(with > 400);
	assert_true(with > 3 * without);
	profile_forget();
}

static unsigned int meets;

static void meets_or_not(void *arg)
{
	if (meets)
		changes_it(arg);
	else
		changes_its_own(arg);
}

/* a profile of a program whose tasks do not meet; there, and not before, all is unknown
 */
static void pos_finds_what_its_profile_has_not_seen(void **state)
{
	static const struct program two = { .tasks = 2, .changes = { 4, 4 } };
	const struct search_options o =
		pos(.mask = MARKED, .executions = 20000, .seed = 5);

	(void)state;
	meets = 0;
	learn(&two, meets_or_not);
	assert_int_equal(shared_number(&object), profile_shared());
	meets = 1;
	memset(seen, 0, sizeof(seen));
	nr_seen = 0;
	count(&two, meets_or_not, &o, note_order);
	assert_int_equal(nr_seen, 70);
	profile_forget();
}

static unsigned int flag, spun;

static void spins(void *arg)
{
	(void)arg;
	for (spun = 0; !MARKED_LOAD(flag) && spun < 200; spun++)
		sched_yield();
}

static void sets(void *arg)
{
	(void)arg;
	for (int i = 0; i < 4; i++)
		MARKED_STORE(flag, i == 3);
}

static void start_spinning(bool spins_first)
{
	shim_reset(1);
	flag = 0;
	for (int i = 0; i < 3; i++)
		shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD,
			      (i == 0) == spins_first ? spins : sets, NULL);
}

/* a task that polls lets others run, and SURW does not hold the one that it waits for */
static void a_task_that_polls_does_not_go_on_for_ever(void **state)
{
	const struct search_options ways[] = {
		pos(.mask = MARKED, .executions = 2000),
		surw(.mask = MARKED, .executions = 2000),
	};

	(void)state;
	for (unsigned int learnt = 0; learnt < 2; learnt++) {
		profile_begin(MARKED);
		while (learnt && profile_next()) {
			start_spinning(true);
			sched_run(profile_strategy());
			profile_ended();
		}
		for (unsigned int i = 0; i < 4; i++) {
			search_begin(&ways[i / 2]);
			while (search_next()) {
				start_spinning(i % 2);
				sched_run(search_strategy());
				search_ended();
				assert_true(spun < 200);
			}
		}
	}
	profile_forget();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pos_finds_a_late_step_as_often_as_it_promises),
		cmocka_unit_test(pos_finds_an_order_of_three_as_often_as_it_promises),
		cmocka_unit_test(pos_draws_again_after_a_conflict_alone),
		cmocka_unit_test(pos_leaves_out_places_that_never_conflicted),
		cmocka_unit_test(pos_finds_what_its_profile_has_not_seen),
		cmocka_unit_test(a_task_that_polls_does_not_go_on_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
