// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the profile learns depends on the program alone, and POS and SURW with it on the
 * seed and the number of the execution alone.
 */
#include "sampling_programs.h"

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
		cmocka_unit_test(a_profile_counts_what_tasks_share),
		cmocka_unit_test(shards_make_the_executions_of_the_whole),
		cmocka_unit_test(what_was_learnt_depends_on_the_program_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
