// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searching in several processes, and what is kept of it: models that are made up here
 * fail in executions that are known beforehand.
 */
#include "engine/hunt.h"
#include "engine/keep.h"
#include "model/model_i.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned int x;

static void reset(const struct model *m)
{
	(void)m;
	x = 0;
}

static void stores(void *arg)
{
	MARKED_STORE(x, number_of(arg));
}

static void fails_always(const struct model *m)
{
	(void)m;
	report(REPORT_ACCOUNTING, NULL, "always");
}

/* execution 1 is the second process's, 6 the first one's */
static void fails_in_two_ways(const struct model *m)
{
	(void)m;
	if (search_index() == 1)
		report(REPORT_ACCOUNTING, NULL, "the earlier one");
	if (search_index() == 6)
		report(REPORT_ACCOUNTING, NULL, "the later one");
}

static void fails_in_a_way_of_its_own(const struct model *m)
{
	(void)m;
	report(REPORT_ACCOUNTING, NULL, "execution %u", (unsigned int)search_index());
}

static const struct model_family always = {
	.name = "always",
	.reset = reset,
	.body = stores,
	.check = fails_always,
};
static const struct model_family in_two_ways = {
	.name = "in-two-ways",
	.reset = reset,
	.body = stores,
	.check = fails_in_two_ways,
};

static const struct model_family in_many_ways = {
	.name = "in-many-ways",
	.reset = reset,
	.body = stores,
	.check = fails_in_a_way_of_its_own,
};

static struct player player_of(const struct model_family *family, const char *name)
{
	struct player p = { .model = { .family = family, .tasks = 2 } };

	snprintf(p.model.name, sizeof(p.model.name), "%s", name);
	return p;
}

static const struct search_options dice = {
	.kind = SEARCH_RANDOM,
	.mask = SCHED_MARKED,
	.executions = 8,
	.shards = 1,
};

/* whichever process was asked first: the number of the earliest execution */
static void a_failure_of_several_processes_has_its_first_execution(void **state)
{
	const struct player p = player_of(&always, "always");
	const struct hunt_options o = { .search = dice, .jobs = 3 };
	const struct hunt_result *r = hunt(&p, &o);

	(void)state;
	assert_int_equal(r->executions, 8);
	assert_int_equal(r->failures, 8);
	assert_int_equal(r->nr, 1);
	assert_string_equal(r->order[0]->report.summary, "always");
	assert_int_equal(r->order[0]->execution, 0);
}

static void failures_are_in_the_order_of_their_executions(void **state)
{
	const struct player p = player_of(&in_two_ways, "in-two-ways");
	const struct hunt_options o = { .search = dice, .jobs = 2 };
	const struct hunt_result *r = hunt(&p, &o);

	(void)state;
	assert_int_equal(r->nr, 2);
	assert_int_equal(r->failures, 2);
	assert_string_equal(r->order[0]->report.summary, "the earlier one");
	assert_int_equal(r->order[0]->execution, 1);
	assert_string_equal(r->order[1]->report.summary, "the later one");
	assert_int_equal(r->order[1]->execution, 6);
}

/* each process has fewer than fit; together they have more */
static void failures_that_do_not_fit_are_counted(void **state)
{
	const struct player p = player_of(&in_many_ways, "in-many-ways");
	struct hunt_options o = { .search = dice, .jobs = 2 };
	const struct hunt_result *r;

	(void)state;
	o.search.executions = FOUND_MAX + 8;
	r = hunt(&p, &o);
	assert_int_equal(r->failures, FOUND_MAX + 8);
	assert_int_equal(r->nr, FOUND_MAX);
	assert_int_equal(r->dropped, 8);
	for (unsigned int i = 0; i < r->nr; i++)
		assert_memory_equal(r->order[i]->report.summary, "execution ", 10);
}

/* a name with a path in it is no folder */
static void a_schedule_is_one_file_in_the_folder_that_was_named(void **state)
{
	const struct player p = player_of(&always, "a/b:c");
	const struct hunt_options o = { .search = dice, .jobs = 1, .first = true };
	const struct hunt_result *r = hunt(&p, &o);
	static struct schedule back;
	char dir[] = "/tmp/hunt-XXXXXX", path[PATH_MAX], err[256];
	const char *name;

	(void)state;
	assert_int_equal(r->nr, 1);
	assert_non_null(mkdtemp(dir));
	assert_int_equal(keep_schedule(&p, &dice, "marked", r->order[0], dir, path), 0);
	assert_memory_equal(path, dir, strlen(dir));
	name = path + strlen(dir) + 1;
	assert_memory_equal(name, "model-a_b_c-accounting-", 23);
	assert_null(strchr(name, '/'));
	/* in the file it has its own name */
	if (!schedule_read(&back, path, err, sizeof(err)))
		fail_msg("%s", err);
	assert_string_equal(back.scenario, "a/b:c");
	assert_string_equal(back.summary, "always");
	assert_int_equal(unlink(path) | rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh_test(a_failure_of_several_processes_has_its_first_execution),
		fresh_test(failures_are_in_the_order_of_their_executions),
		fresh_test(failures_that_do_not_fit_are_counted),
		fresh_test(a_schedule_is_one_file_in_the_folder_that_was_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
