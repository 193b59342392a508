// SPDX-License-Identifier: GPL-2.0-only
/*
 * POS and SURW on programs whose bugs have a known probability: POS finds one that
 * random order practically never finds, at least as often as it promises, and draws again
 * after a conflict alone; SURW makes every order of the interesting steps equally often,
 * however unequal the rest. Both depend on the seed and the number of the execution
 * alone, and what the profile learns depends on the program alone.
 */
#include "search_tests.h"

#include "sched/prng.h"
#include "search/access.h"
#include "search/sampling/profile.h"
#include "search/search_i.h"

#define TASKS_MAX  4
#define EVENTS_MAX 16

/**
 * struct program - tasks that change one object between steps of their own
 * @tasks: how many
 * @before: steps of its own that each does first
 * @changes: how often it changes the object
 * @between: steps of its own before each change but the first
 */
struct program {
	unsigned int tasks;
	unsigned int before[TASKS_MAX], changes[TASKS_MAX], between[TASKS_MAX];
};

static const struct program *program;
static unsigned int object, others[TASKS_MAX], own[TASKS_MAX];
static unsigned int started, started_at_first;
static unsigned int order[EVENTS_MAX], events; /* who changed it, in order */

static void alone(unsigned int me, unsigned int steps)
{
	for (unsigned int i = 0; i < steps; i++)
		MARKED_STORE(own[me], 1);
}

static void change(unsigned int me, unsigned int *what)
{
	MARKED_STORE(*what, me);
	if (!events)
		started_at_first = started;
	order[events++] = me;
}

static void changes_it(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;

	started++;
	alone(me, program->before[me]);
	for (unsigned int i = 0; i < program->changes[me]; i++) {
		if (i)
			alone(me, program->between[me]);
		change(me, &object);
	}
}

/* the same, but nothing conflicts */
static void changes_its_own(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;

	started++;
	for (unsigned int i = 0; i < program->changes[me]; i++)
		change(me, &others[me]);
}

typedef void (*body_fn)(void *arg);

static void start(const struct program *p, body_fn body)
{
	shim_reset(1);
	program = p;
	events = started = 0;
	for (unsigned int i = 0; i < p->tasks; i++)
		shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, body,
			      (void *)(uintptr_t)i);
}

static void learn(const struct program *p, body_fn body)
{
	profile_begin(MARKED);
	while (profile_next()) {
		start(p, body);
		sched_run(profile_strategy());
		profile_ended();
	}
}

static unsigned int shared_number(const void *address)
{
	bool changed;

	return profile_shared_nr(access_object(SCHED_WRITE, address, &changed));
}

/* number of executions for which @is */
static uint64_t count(const struct program *p, body_fn body,
		      const struct search_options *o, bool (*is)(void))
{
	uint64_t n = 0;

	search_begin(o);
	while (search_next()) {
		start(p, body);
		sched_run(search_strategy());
		search_ended();
		n += is();
	}
	return n;
}

/* ---- the orders that came ---- */

#define ORDERS_MAX 256

static struct {
	uint64_t key, times;
} seen[ORDERS_MAX];
static unsigned int nr_seen;

static bool note_order(void)
{
	uint64_t key = 1;
	unsigned int i = 0;

	for (unsigned int k = 0; k < events; k++)
		key = key * TASKS_MAX + order[k];
	while (i < nr_seen && seen[i].key != key)
		i++;
	assert_true(i < ORDERS_MAX);
	nr_seen += i == nr_seen;
	seen[i].key = key;
	seen[i].times++;
	return true;
}

/* ---- POS ---- */

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

/* ---- SURW ---- */

static uint64_t interesting; /* set of objects */

static bool note_order_if_drawn(void)
{
	return surw_objects() == interesting && note_order();
}

/* chi-square of the orders in the executions that count, of which there are @orders */
static double unevenness(const struct program *p, body_fn body,
			 const struct search_options *o, unsigned int orders,
			 bool (*counts)(void))
{
	double expected, sum = 0;

	memset(seen, 0, sizeof(seen));
	nr_seen = 0;
	expected = (double)count(p, body, o, counts) / orders;
	assert_true(expected > 20);
	for (unsigned int i = 0; i < nr_seen; i++)
		sum += ((double)seen[i].times - expected) *
		       ((double)seen[i].times - expected) / expected;
	return sum + (orders - nr_seen) * expected;
}

/* of n - 1 degrees of freedom it has a mean of n - 1 and a variance of twice that */
static bool is_even(double chi, unsigned int orders)
{
	double beyond = chi - (orders - 1);

	return beyond <= 0 || beyond * beyond <= 9.0 * 2 * (orders - 1);
}

static void is_uniform(const struct program *p, body_fn body, unsigned int orders)
{
	const struct search_options by_surw =
		surw(.mask = MARKED, .executions = orders * 400, .seed = 7);
	const struct search_options by_dice =
		random_walk(.mask = MARKED, .executions = orders * 100, .seed = 7);
	double by_weight, by_chance;

	learn(p, body);
	assert_int_equal(profile_shared(), 2);
	interesting = 1ull << shared_number(&object);
	by_weight = unevenness(p, body, &by_surw, orders, note_order_if_drawn);
	assert_int_equal(nr_seen, orders);
	by_chance = unevenness(p, body, &by_dice, orders, note_order);
	print_message("%u orders: chi-square %.1f with SURW, %.1f at random\n", orders,
		      by_weight, by_chance);
	assert_true(is_even(by_weight, orders));
	assert_false(is_even(by_chance, orders));
	profile_forget();
}

static void surw_is_uniform_over_the_orders_of_two_tasks(void **state)
{
	static const struct program two = {
		.tasks = 2, .before = { 12, 0 }, .changes = { 4, 4 }, .between = { 0, 5 }
	};

	(void)state;
	is_uniform(&two, changes_it, 70);
}

static void surw_is_uniform_over_the_orders_of_three_tasks(void **state)
{
	static const struct program three = { .tasks = 3,
					      .before = { 15, 0, 3 },
					      .changes = { 3, 2, 2 },
					      .between = { 0, 4, 1 } };

	(void)state;
	is_uniform(&three, changes_it, 210);
}

static void starts_and_changes(void *arg)
{
	order[events++] = (unsigned int)(uintptr_t)arg;
	changes_it(arg);
}

static void creates_the_last(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;

	if (me == program->tasks - 1)
		return;
	if (!me) {
		alone(me, 3);
		shim_task_new("child", 0, NULL, SHIM_PF_KTHREAD, changes_it,
			      (void *)(uintptr_t)(program->tasks - 1));
	}
	changes_it(arg);
}

/* the start of a task as well, if such steps were drawn */
static void surw_is_uniform_over_the_starts_of_tasks(void **state)
{
	static const struct program two = { .tasks = 2,
					    .before = { 14, 0 },
					    .changes = { 3, 2 } };
	const unsigned int orders = 35; /* of 4 and 3 steps */
	const struct search_options o =
		surw(.mask = MARKED, .executions = orders * 400, .seed = 7);
	double chi;

	(void)state;
	learn(&two, starts_and_changes);
	interesting = 1ull << shared_number(&object) |
		      1ull << profile_shared_nr(PROFILE_UNANNOUNCED);
	assert_int_equal(interesting, 3);
	chi = unevenness(&two, starts_and_changes, &o, orders, note_order_if_drawn);
	assert_int_equal(nr_seen, orders);
	print_message("%u orders with starts: chi-square %.1f\n", orders, chi);
	assert_true(is_even(chi, orders));
	profile_forget();
}

/* the steps of a task that is created late count as those of the one that creates it */
static void surw_counts_tasks_that_are_yet_to_be_created(void **state)
{
	static const struct program three = { .tasks = 3,
					      .before = { 2, 0, 6 },
					      .changes = { 2, 2, 3 },
					      .between = { 0, 2, 0 } };

	(void)state;
	is_uniform(&three, creates_the_last, 210);
}

/* without a profile, and where nothing is shared */
static void surw_without_interesting_steps_is_a_random_walk(void **state)
{
	static const struct program two = { .tasks = 2, .changes = { 3, 3 } };
	const struct search_options o =
		surw(.mask = MARKED, .executions = 2000, .seed = 7);

	(void)state;
	profile_forget();
	nr_seen = 0;
	count(&two, changes_it, &o, note_order);
	assert_int_equal(nr_seen, 20);
	learn(&two, changes_its_own);
	assert_int_equal(profile_shared(), 1); /* that they start */
	nr_seen = 0;
	count(&two, changes_its_own, &o, note_order);
	assert_int_equal(nr_seen, 20);
}

/* ---- the profile ---- */

static void a_profile_counts_what_tasks_share(void **state)
{
	static const struct program three = { .tasks = 3,
					      .before = { 5, 1, 0 },
					      .changes = { 3, 2, 0 } };
	unsigned int nr;

	(void)state;
	learn(&three, changes_it);
	assert_int_equal(profile_tasks(), 3);
	assert_int_equal(profile_shared(), 2);
	nr = shared_number(&object);
	assert_int_equal(profile_touches(nr, 0), 3 * PROFILE_EXECUTIONS);
	assert_int_equal(profile_touches(nr, 1), 2 * PROFILE_EXECUTIONS);
	assert_int_equal(profile_touches(nr, 2), 0);
	nr = profile_shared_nr(PROFILE_UNANNOUNCED);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(profile_touches(nr, i), PROFILE_EXECUTIONS);
	assert_int_equal(profile_shared_nr(0), 2);
	assert_int_equal(shared_number(&own[0]), 2);
	profile_forget();
	assert_int_equal(profile_shared(), 0);
}

/* ---- determinism ---- */

#define EXECUTIONS 90

static void orders_of(const struct search_options *o, uint64_t *hashes, unsigned int n)
{
	struct model m;
	unsigned int i = 0;

	assert_true(model_find("ring-3", &m));
	trace_enable(true, SCHED_MARKED);
	search_begin(o);
	while (search_next()) {
		play_model(&m);
		assert_true(i < n);
		hashes[i++] = trace_hash();
	}
	assert_int_equal(i, n);
	trace_enable(false, 0);
}

static void learn_model(const char *name)
{
	struct model m;

	assert_true(model_find(name, &m));
	profile_begin(MARKED);
	while (profile_next()) {
		model_open(&m);
		sched_run(profile_strategy());
		profile_ended();
	}
}

static const enum search_kind kinds[] = { SEARCH_POS, SEARCH_SURW };

static void shards_make_the_executions_of_the_whole(void **state)
{
	uint64_t whole[EXECUTIONS], part[EXECUTIONS / 3];

	(void)state;
	for (unsigned int k = 0; k < 2; k++) {
		struct search_options o = { .kind = kinds[k],
					    .mask = MARKED,
					    .seed = 3,
					    .executions = EXECUTIONS };

		learn_model("ring-3");
		orders_of(&o, whole, EXECUTIONS);
		o.shards = 3;
		for (o.shard = 0; o.shard < 3; o.shard++) {
			learn_model("ring-3");
			orders_of(&o, part, EXECUTIONS / 3);
			for (unsigned int i = 0; i < EXECUTIONS / 3; i++)
				assert_true(part[i] == whole[3 * i + o.shard]);
		}
	}
	profile_forget();
}

/* nor on what is traced, which arms more points than those of the search */
static void what_was_learnt_depends_on_the_program_alone(void **state)
{
	uint64_t once[EXECUTIONS], again[EXECUTIONS], other[EXECUTIONS];

	(void)state;
	for (unsigned int k = 0; k < 2; k++) {
		struct search_options o = { .kind = kinds[k],
					    .mask = MARKED,
					    .seed = 3,
					    .executions = EXECUTIONS };

		learn_model("ring-3");
		orders_of(&o, once, EXECUTIONS);
		learn_model("qrace-3");
		search_model("lost-update-3", &o);
		trace_enable(true, SCHED_ALL);
		learn_model("ring-3");
		orders_of(&o, again, EXECUTIONS);
		assert_memory_equal(once, again, sizeof(once));
		o.seed = 4;
		orders_of(&o, other, EXECUTIONS);
		assert_memory_not_equal(once, other, sizeof(once));
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
		cmocka_unit_test(surw_is_uniform_over_the_orders_of_two_tasks),
		cmocka_unit_test(surw_is_uniform_over_the_orders_of_three_tasks),
		cmocka_unit_test(surw_is_uniform_over_the_starts_of_tasks),
		cmocka_unit_test(surw_counts_tasks_that_are_yet_to_be_created),
		cmocka_unit_test(surw_without_interesting_steps_is_a_random_walk),
		cmocka_unit_test(a_profile_counts_what_tasks_share),
		cmocka_unit_test(shards_make_the_executions_of_the_whole),
		cmocka_unit_test(what_was_learnt_depends_on_the_program_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
