// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searching in several processes, and what is kept of it: models that are made up here
 * fail in executions that are known beforehand.
 */
#include "engine/hunt.h"
#include "engine/keep.h"
#include "model/model_i.h"
#include "program/program.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
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
	unsigned int n = (unsigned int)search_index();

	(void)m;
	/* numbers alone would make it another wording of the same failure */
	report(REPORT_ACCOUNTING, NULL, "execution %c%c", 'a' + n / 26, 'a' + n % 26);
}

static void fails_with_a_number(const struct model *m)
{
	(void)m;
	report(REPORT_ACCOUNTING, NULL, "%u is too much", (unsigned int)search_index());
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

/* of executions that are searched one by one; @at is the first with so few */
static unsigned int fewest(const struct player *p, uint64_t *at)
{
	unsigned int least = UINT_MAX;

	search_begin(&dice);
	while (search_next()) {
		player_play(p, search_strategy());
		if (search_switches()->nr >= least)
			continue;
		least = search_switches()->nr;
		*at = search_index();
	}
	return least;
}

/* whichever process was asked first: the same execution, that with the fewest switches */
static void a_failure_has_the_execution_with_the_fewest_switches(void **state)
{
	const struct player p = player_of(&always, "always");
	const struct hunt_options o = { .search = dice, .jobs = 3 };
	const struct hunt_result *r = hunt(&p, &o);
	uint64_t at = 0;

	(void)state;
	assert_int_equal(r->executions, 8);
	assert_int_equal(r->failures, 8);
	assert_int_equal(r->nr, 1);
	assert_string_equal(r->order[0]->report.summary, "always");
	assert_int_equal(r->order[0]->reports, 8);
	assert_int_equal(r->order[0]->nr_words, 1);
	assert_int_equal(r->order[0]->nr, fewest(&p, &at));
	assert_int_equal(r->order[0]->execution, at);
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
	o.jobs = 1;
	r = hunt(&p, &o);
	assert_int_equal(r->nr, FOUND_MAX);
	assert_int_equal(r->dropped, 8);
}

/* ---- ends ---- */

static void interrupts(const struct model *m)
{
	(void)m;
	if (search_index() == 2)
		raise(SIGINT);
}

static const struct model_family interrupted = {
	.name = "interrupted",
	.reset = reset,
	.body = stores,
	.check = interrupts,
};

static volatile sig_atomic_t interrupts_here;

static void count_interrupts(int sig)
{
	(void)sig;
	interrupts_here++;
}

/* Ctrl-C stops a search, and nothing after it */
static void an_interrupt_stops_the_search_alone(void **state)
{
	const struct sigaction mine = { .sa_handler = count_interrupts };
	const struct player p = player_of(&interrupted, "interrupted");
	const struct hunt_options o = { .search = dice, .jobs = 1 };
	const struct hunt_result *r;
	struct sigaction before;

	(void)state;
	assert_int_equal(sigaction(SIGINT, &mine, &before), 0);
	r = hunt(&p, &o);
	assert_true(r->interrupted);
	assert_int_equal(r->executions, 3);
	assert_int_equal(interrupts_here, 0);
	raise(SIGINT);
	assert_int_equal(interrupts_here, 1);
	sigaction(SIGINT, &before, NULL);
}

static void gives_up(const struct model *m)
{
	(void)m;
	if (search_index() == 5)
		_exit(STATUS_SIMULATOR);
}

static const struct model_family giving_up = {
	.name = "giving-up",
	.reset = reset,
	.body = stores,
	.check = gives_up,
};

/* what is left of a search is not taken for the whole */
static void a_process_that_fails_ends_the_program(void **state)
{
	const struct player p = player_of(&giving_up, "giving-up");
	const struct hunt_options o = { .search = dice, .jobs = 2 };
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		close(STDERR_FILENO); /* it says so */
		hunt(&p, &o);
		_exit(STATUS_OK);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), STATUS_SIMULATOR);
}

/* ---- schedules ---- */

static void
a_failure_with_too_many_switches_has_no_schedule_and_that_is_said(void **state)
{
	const struct player p = player_of(&always, "always");
	static struct found f = { .lost = true };
	char words[] = "/tmp/hunt-XXXXXX", path[PATH_MAX], text[256] = "";
	int file = mkstemp(words), old = dup(STDERR_FILENO), nr;

	(void)state;
	assert_true(file >= 0 && old >= 0);
	dup2(file, STDERR_FILENO);
	nr = keep_schedule(&p, &dice, "marked", &f, "/tmp", path);
	dup2(old, STDERR_FILENO);
	close(old);
	assert_true(pread(file, text, sizeof(text) - 1, 0) >= 0);
	close(file);
	unlink(words);
	assert_int_equal(nr, -1);
	assert_non_null(strstr(text, "more than 16384 switches led to it"));
}

/* what differs in numbers alone is one failure, whichever process saw which of them */
static void wordings_of_one_failure_are_counted(void **state)
{
	static const struct model_family counts = {
		.name = "counts",
		.reset = reset,
		.body = stores,
		.check = fails_with_a_number,
	};
	const struct player p = player_of(&counts, "counts");

	(void)state;
	for (unsigned int jobs = 1; jobs <= 3; jobs++) {
		const struct hunt_options o = { .search = dice, .jobs = jobs };
		const struct hunt_result *r = hunt(&p, &o);

		assert_int_equal(r->nr, 1);
		assert_int_equal(r->order[0]->reports, 8);
		assert_int_equal(r->order[0]->nr_words, 8);
	}
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
		fresh_test(a_failure_has_the_execution_with_the_fewest_switches),
		fresh_test(failures_are_in_the_order_of_their_executions),
		fresh_test(failures_that_do_not_fit_are_counted),
		fresh_test(an_interrupt_stops_the_search_alone),
		fresh_test(a_process_that_fails_ends_the_program),
		fresh_test(
			a_failure_with_too_many_switches_has_no_schedule_and_that_is_said),
		fresh_test(wordings_of_one_failure_are_counted),
		fresh_test(a_schedule_is_one_file_in_the_folder_that_was_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
