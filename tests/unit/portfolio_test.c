// SPDX-License-Identifier: GPL-2.0-only
/*
 * A search in phases, and what the portfolio makes of a budget.
 */
#include "engine/hunt/hunt_i.h"
#include "engine/portfolio.h"
#include "model/model_i.h"
#include "unit.h"

static struct player model_named(const char *name)
{
	struct player p = { .subject = NULL };

	assert_true(model_find(name, &p.model));
	return p;
}

/* ---- the plan ---- */

static void budgets_have_names(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < BUDGETS; i++)
		assert_int_equal(budget_of(budget_name(i)), i);
	assert_int_equal(budget_of("plenty"), BUDGETS);
	assert_int_equal(budget_of(""), BUDGETS);
}

static uint64_t executions_of(const struct hunt_phase *phases, unsigned int nr)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < nr; i++)
		sum += phases[i].search.executions;
	return sum;
}

static void a_larger_budget_has_more_of_each(void **state)
{
	const struct player p = model_named("ring-2");
	struct hunt_phase less[HUNT_PHASES], more[HUNT_PHASES];

	(void)state;
	for (unsigned int i = 0; i + 1 < BUDGETS; i++) {
		unsigned int nr = portfolio(&p, i, 1, less);

		assert_true(nr >= 3 && portfolio(&p, i + 1, 1, more) >= nr);
		for (unsigned int k = 0; k < nr; k++) {
			assert_int_equal(less[k].search.kind, more[k].search.kind);
			assert_true(less[k].search.executions <
				    more[k].search.executions);
		}
	}
}

/* the longer an execution is, the fewer there are */
static void a_longer_scenario_has_fewer(void **state)
{
	const struct player short_one = model_named("ring-2"),
			    long_one = model_named("ring-4");
	struct hunt_phase phases[HUNT_PHASES];
	uint64_t of_short, of_long;

	(void)state;
	of_short = executions_of(phases, portfolio(&short_one, BUDGET_NORMAL, 1, phases));
	of_long = executions_of(phases, portfolio(&long_one, BUDGET_NORMAL, 1, phases));
	assert_true(of_long < of_short);
	assert_true(of_long > 100);
}

static void goes_on_alone(void *arg)
{
	static int x;

	(void)arg;
	for (unsigned int i = 0; i < 100000; i++)
		MARKED_STORE(x, 1);
}

static void nothing(const struct model *m)
{
	(void)m;
}

static const struct model_family long_alone = {
	.name = "long-alone",
	.reset = nothing,
	.body = goes_on_alone,
};

/* what takes the time of all is played once */
static void what_is_too_long_for_a_budget_has_one_phase(void **state)
{
	const struct player p = {
		.model = { .name = "long-alone", .family = &long_alone, .tasks = 1 }
	};
	struct hunt_phase phases[HUNT_PHASES];

	(void)state;
	assert_int_equal(portfolio(&p, BUDGET_QUICK, 1, phases), 1);
	assert_true(portfolio(&p, BUDGET_THOROUGH, 1, phases) > 1);
}

static void polls(void *arg)
{
	static int x;

	(void)arg;
	for (unsigned int i = 0; i < 100; i++) {
		MARKED_STORE(x, 1);
		for (unsigned int k = 0; k < 40; k++)
			sched_trace(SCHED_NOTE, "polls", 0, NULL);
	}
}

static const struct model_family polling = {
	.name = "polling",
	.reset = nothing,
	.body = polls,
};

/* What a budget has is of steps then, so that no phase is cut short, however many
 * processes there are. */
static void who_polls_has_fewer_executions(void **state)
{
	const struct player p = {
		.model = { .name = "polling", .family = &polling, .tasks = 2 }
	};
	struct hunt_phase phases[HUNT_PHASES];
	struct hunt_options o = { .search = { .shards = 1 }, .phases = phases };
	uint64_t one = 0;

	(void)state;
	o.nr_phases = portfolio(&p, BUDGET_QUICK, 1, phases);
	assert_true(o.nr_phases >= 3);
	for (o.jobs = 1; o.jobs <= 4; o.jobs++) {
		const struct hunt_result *r = hunt(&p, &o);

		for (unsigned int i = 0; i < o.nr_phases; i++)
			if (phases[i].search.kind != SEARCH_EXHAUSTIVE)
				assert_int_equal(r->phase[i].executions,
						 phases[i].search.executions);
		if (o.jobs == 1)
			one = r->executions;
		assert_int_equal(r->executions, one);
	}
}

static void a_model_has_no_kernel_that_could_fail(void **state)
{
	const struct player p = model_named("ring-2");
	struct hunt_phase phases[HUNT_PHASES];
	unsigned int nr = portfolio(&p, BUDGET_THOROUGH, 7, phases);
	bool sampled = false, bounded = false;

	(void)state;
	for (unsigned int i = 0; i < nr; i++) {
		assert_int_equal(phases[i].chances.timers + phases[i].chances.faults, 0);
		assert_int_equal(phases[i].search.seed, 7);
		assert_true(phases[i].search.executions > 0);
		sampled |= phases[i].search.kind == SEARCH_SURW;
		bounded |= phases[i].search.kind == SEARCH_EXHAUSTIVE;
	}
	assert_true(sampled && bounded);
}

static void a_phase_is_told_as_options(void **state)
{
	const struct hunt_phase exhaustive = {
		.search = { .kind = SEARCH_EXHAUSTIVE, .preemptions = 2 },
		.points = "sync",
	};
	const struct hunt_phase random = {
		.search = { .kind = SEARCH_RANDOM, .preemptions = SEARCH_NO_BOUND },
		.points = "marked",
		.chances = { 1, 3 },
	};
	char words[128];

	(void)state;
	assert_string_equal(portfolio_words(&exhaustive, words, sizeof(words)),
			    "--strategy exhaustive --preemptions 2 --points sync");
	assert_string_equal(portfolio_words(&random, words, sizeof(words)),
			    "--strategy random --points marked --timers 1 --faults 3");
}

/* ---- the phases ---- */

#define EXHAUSTIVE_1 0
#define EXHAUSTIVE_2 1
#define RANDOM	     2

static const struct hunt_phase three[] = {
	{ .search = { .kind = SEARCH_EXHAUSTIVE,
		      .mask = SCHED_MARKED,
		      .preemptions = 1,
		      .executions = 15 },
	  .points = "marked" },
	{ .search = { .kind = SEARCH_EXHAUSTIVE,
		      .mask = SCHED_MARKED,
		      .preemptions = 2,
		      .executions = 20 },
	  .points = "marked" },
	{ .search = { .kind = SEARCH_RANDOM,
		      .mask = SCHED_MARKED,
		      .preemptions = SEARCH_NO_BOUND,
		      .seed = 3,
		      .executions = 50 },
	  .points = "marked" },
};

static struct hunt_options in_phases(unsigned int jobs, unsigned int turn)
{
	return (struct hunt_options){
		.search = { .shards = 1 },
		.phases = three,
		.nr_phases = 3,
		.turn = turn,
		.jobs = jobs,
	};
}

struct outline {
	uint64_t executions, failures;
	unsigned int nr;
	struct {
		unsigned int phase, nr;
		uint64_t execution, reports;
	} found[FOUND_MAX];
};

static struct outline outline_of(const struct hunt_result *r)
{
	struct outline o = { r->executions, r->failures, r->nr, { { 0 } } };

	for (unsigned int i = 0; i < r->nr; i++) {
		o.found[i].phase = r->order[i]->phase;
		o.found[i].nr = r->order[i]->nr;
		o.found[i].execution = r->order[i]->execution;
		o.found[i].reports = r->order[i]->reports;
	}
	return o;
}

/* an exhaustive phase that is cut, too, whoever has it */
static void the_executions_are_the_same_however_many_make_them(void **state)
{
	const struct player p = model_named("lost-update-3");
	struct hunt_options o = in_phases(1, 0);
	struct outline one = outline_of(hunt(&p, &o)), other;

	(void)state;
	assert_int_equal(one.executions, 15 + 20 + 50);
	assert_true(one.failures > 0);
	for (unsigned int jobs = 2; jobs <= 5; jobs++)
		for (unsigned int turn = 0; turn < 3; turn++) {
			o = in_phases(jobs, turn);
			other = outline_of(hunt(&p, &o));
			assert_memory_equal(&one, &other, sizeof(one));
		}
}

static void the_shards_of_all_machines_are_the_whole(void **state)
{
	const struct player p = model_named("lost-update-3");
	struct hunt_options o = in_phases(1, 0);
	uint64_t failures = hunt(&p, &o)->failures, sum = 0, failed = 0;
	unsigned int owners[3] = { 0 };

	(void)state;
	for (unsigned int shard = 0; shard < 4; shard++) {
		const struct hunt_result *r;

		o = in_phases(2, 5);
		o.search.shard = shard;
		o.search.shards = 4;
		r = hunt(&p, &o);
		sum += r->executions;
		failed += r->failures;
		for (unsigned int i = 0; i < 3; i++)
			owners[i] += r->phase[i].mine;
	}
	assert_int_equal(sum, 15 + 20 + 50);
	assert_int_equal(failed, failures);
	assert_int_equal(owners[EXHAUSTIVE_1], 1);
	assert_int_equal(owners[EXHAUSTIVE_2], 1);
	assert_int_equal(owners[RANDOM], 4);
}

static void a_phase_says_whether_it_is_complete(void **state)
{
	const struct player p = model_named("ring-2");
	struct hunt_phase phases[2] = { three[EXHAUSTIVE_1], three[RANDOM] };
	struct hunt_options o = in_phases(2, 0);
	const struct hunt_result *r;

	(void)state;
	o.phases = phases;
	o.nr_phases = 2;
	phases[0].search.executions = 3;
	r = hunt(&p, &o);
	assert_false(r->phase[0].complete);
	assert_false(r->complete);
	phases[0].search.executions = 0;
	r = hunt(&p, &o);
	assert_true(r->phase[0].complete && r->phase[0].cut_preemptions);
	assert_false(r->complete);
	phases[0].search.preemptions = SEARCH_NO_BOUND;
	r = hunt(&p, &o);
	assert_true(r->phase[0].complete);
	assert_true(r->complete);
}

static void long_executions_end_their_phase(void **state)
{
	const struct player p = model_named("ring-2");
	struct hunt_phase phases[2] = { three[RANDOM], three[EXHAUSTIVE_1] };
	struct hunt_options o = in_phases(1, 0);
	const struct hunt_result *r;
	uint64_t whole;

	(void)state;
	o.phases = phases;
	o.nr_phases = 2;
	phases[0].most_steps = 1000000;
	r = hunt(&p, &o);
	assert_false(r->cut_steps);
	assert_int_equal(r->phase[0].executions, 50);
	whole = r->phase[1].executions;
	assert_true(whole > 0);
	phases[0].most_steps = 1;
	for (unsigned int jobs = 1; jobs < 3; jobs++) {
		o.jobs = jobs;
		r = hunt(&p, &o);
		assert_true(r->cut_steps);
		assert_int_equal(r->phase[0].executions, jobs);
		/* the same, whether that was the same process's or not */
		assert_int_equal(r->phase[1].executions, whole);
	}
	/* each execution takes about as many */
	o.jobs = 1;
	phases[0].most_steps = 200;
	r = hunt(&p, &o);
	assert_true(r->cut_steps);
	assert_in_range(r->phase[0].executions, 2, 40);
}

/* what needs no timer and no failing call explains it better, however late it came */
static void of_two_explanations_one_is_better(void **state)
{
	static const struct explanation from_the_best_on[] = {
		{ false, false, 1, 1, 0 }, { false, false, 2, 0, 3 },
		{ false, false, 2, 0, 4 }, { false, false, 2, 1, 0 },
		{ false, true, 0, 0, 0 },  { true, false, 0, 0, 0 },
	};
	const unsigned int nr = sizeof(from_the_best_on) / sizeof(from_the_best_on[0]);

	(void)state;
	for (unsigned int i = 0; i < nr; i++)
		for (unsigned int k = 0; k < nr; k++)
			assert_int_equal(hunt_explains_better(&from_the_best_on[i],
							      &from_the_best_on[k]),
					 i < k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh_test(budgets_have_names),
		fresh_test(a_larger_budget_has_more_of_each),
		fresh_test(a_longer_scenario_has_fewer),
		fresh_test(a_model_has_no_kernel_that_could_fail),
		fresh_test(a_phase_is_told_as_options),
		fresh_test(what_is_too_long_for_a_budget_has_one_phase),
		fresh_test(who_polls_has_fewer_executions),
		fresh_test(long_executions_end_their_phase),
		fresh_test(the_executions_are_the_same_however_many_make_them),
		fresh_test(the_shards_of_all_machines_are_the_whole),
		fresh_test(a_phase_says_whether_it_is_complete),
		fresh_test(of_two_explanations_one_is_better),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
