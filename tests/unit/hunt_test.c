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

static void fails_from_the_second_on(const struct model *m)
{
	(void)m;
	if (search_index() >= 1)
		report(REPORT_ACCOUNTING, NULL, "from the second on");
}

static void fails_several_times(const struct model *m)
{
	(void)m;
	report(REPORT_ACCOUNTING, NULL, "b");
	report(REPORT_ACCOUNTING, NULL, "c");
	report(REPORT_HEAP, NULL, "d");
	report(REPORT_HEAP, NULL, "b"); /* of the group that there is */
	report(REPORT_ACCOUNTING, NULL, "b");
	report(REPORT_ACCOUNTING, NULL, "a");
}

/* the second task is first: that takes a switch */
static void fails_out_of_order(void *arg)
{
	if (number_of(arg) == 1 && x == 0)
		report_fatal(REPORT_KERNEL, NULL, "out of order");
	MARKED_STORE(x, 1);
}

static const struct model_family several_at_once = {
	.name = "several-at-once",
	.reset = reset,
	.body = stores,
	.check = fails_several_times,
};
static const struct model_family out_of_order = {
	.name = "out-of-order",
	.reset = reset,
	.body = fails_out_of_order,
};
static const struct model_family quiet = {
	.name = "quiet",
	.reset = reset,
	.body = stores,
};
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

/* of executions from @from on, searched one by one; @at is the first with so few */
static unsigned int fewest(const struct player *p, uint64_t from, uint64_t *at)
{
	unsigned int least = UINT_MAX;

	search_begin(&dice);
	while (search_next()) {
		player_play(p, search_strategy());
		if (search_index() < from || search_switches()->nr >= least)
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
	assert_int_equal(r->order[0]->nr, fewest(&p, 0, &at));
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

static void interrupts_twice(const struct model *m)
{
	(void)m;
	raise(SIGINT);
	raise(SIGINT);
}

static const struct model_family interrupted_twice = {
	.name = "interrupted-twice",
	.reset = reset,
	.body = stores,
	.check = interrupts_twice,
};

/* who does not want to wait for the end of the execution presses it once more */
static void a_second_interrupt_ends_the_program(void **state)
{
	const struct player p = player_of(&interrupted_twice, "interrupted-twice");
	const struct hunt_options o = { .search = dice, .jobs = 1 };
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		signal(SIGINT, SIG_DFL);
		hunt(&p, &o);
		_exit(STATUS_OK);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
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

/* ---- what several processes did, together ---- */

static const struct model_family in_one_way_late = {
	.name = "late",
	.reset = reset,
	.body = stores,
	.check = fails_from_the_second_on,
};

/* the process that comes first in the list saw it later */
static void the_earliest_execution_may_be_of_any_process(void **state)
{
	struct player p = player_of(&in_one_way_late, "late");
	const struct hunt_options o = { .search = dice, .jobs = 2 };
	const struct hunt_result *r;
	uint64_t at = 0;

	(void)state;
	for (p.model.tasks = 1; p.model.tasks <= 2; p.model.tasks++) {
		r = hunt(&p, &o);
		assert_int_equal(r->failures, 7);
		assert_int_equal(r->nr, 1);
		assert_int_equal(r->order[0]->reports, 7);
		assert_false(r->interrupted);
		assert_false(r->complete);
		/* a task alone is never switched away from: the first one it is */
		if (p.model.tasks == 1)
			assert_int_equal(r->order[0]->execution, 1);
		assert_int_equal(r->order[0]->nr, fewest(&p, 1, &at));
		assert_int_equal(r->order[0]->execution, at);
	}
}

static void failures_of_an_execution_are_in_the_order_of_their_words(void **state)
{
	static const struct {
		enum report_kind kind;
		const char *summary;
		unsigned int reports;
	} expected[] = {
		{ REPORT_HEAP, "d", 8 },
		{ REPORT_ACCOUNTING, "a", 8 },
		{ REPORT_ACCOUNTING, "b", 24 },
		{ REPORT_ACCOUNTING, "c", 8 },
	};
	const struct player p = player_of(&several_at_once, "several-at-once");
	struct hunt_options o = { .search = dice };
	uint64_t at = 0;

	(void)state;
	fewest(&p, 0, &at);
	for (o.jobs = 1; o.jobs <= 3; o.jobs++) {
		const struct hunt_result *r = hunt(&p, &o);

		assert_int_equal(r->failures, 8);
		assert_int_equal(r->nr, 4);
		for (unsigned int i = 0; i < 4; i++) {
			assert_int_equal(r->order[i]->report.kind, expected[i].kind);
			assert_string_equal(r->order[i]->report.summary,
					    expected[i].summary);
			assert_int_equal(r->order[i]->reports, expected[i].reports);
			assert_int_equal(r->order[i]->nr_words, 1);
			assert_int_equal(r->order[i]->execution, at);
			assert_false(r->order[i]->stops);
			assert_false(r->order[i]->lost);
			assert_int_equal(r->order[i]->nr_orders, 0);
		}
	}
}

static struct player model_named(const char *name)
{
	struct player p = { .subject = NULL };

	assert_true(model_find(name, &p.model));
	return p;
}

static struct search_options all_orders(int preemptions)
{
	return (struct search_options){
		.kind = SEARCH_EXHAUSTIVE,
		.mask = SCHED_MARKED,
		.preemptions = preemptions,
		.shards = 1,
	};
}

static void processes_share_a_search_and_add_up(void **state)
{
	const struct player p = model_named("ring-2");
	struct hunt_options o = { .search = all_orders(SEARCH_NO_BOUND) };
	uint64_t depth = 0;

	(void)state;
	for (o.jobs = 1; o.jobs <= 3; o.jobs++) {
		const struct hunt_result *r = hunt(&p, &o);

		assert_int_equal(r->executions, 70);
		assert_int_equal(r->failures, 0);
		assert_int_equal(r->nr, 0);
		assert_int_equal(r->dropped, 0);
		assert_true(r->complete);
		assert_false(r->cut_preemptions);
		assert_false(r->cut_length);
		assert_false(r->interrupted);
		assert_true(r->cpu_s > 0 && r->cpu_s < 60);
		assert_true(r->wall_s > 0 && r->wall_s < 60);
		assert_true(r->peak_rss_kb > 1000);
		/* of the longest of all */
		if (o.jobs == 1)
			depth = r->depth;
		assert_true(depth > 0);
		assert_int_equal(r->depth, depth);
	}
}

/* with one shard on the command line, and the others elsewhere */
static void processes_share_what_is_a_share_already(void **state)
{
	const struct player p = model_named("ring-2");
	uint64_t sum = 0;

	(void)state;
	for (unsigned int shard = 0; shard < 3; shard++) {
		struct hunt_options o = { .search = all_orders(SEARCH_NO_BOUND),
					  .jobs = 2 };

		o.search.shard = shard;
		o.search.shards = 3;
		sum += hunt(&p, &o)->executions;
	}
	assert_int_equal(sum, 70);
}

static void what_was_cut_off_is_said_of_the_whole(void **state)
{
	const struct player p = model_named("ring-2");
	struct hunt_options o = { .search = all_orders(0), .jobs = 2 };
	const struct hunt_result *r = hunt(&p, &o);

	(void)state;
	assert_true(r->complete);
	assert_true(r->cut_preemptions);
	assert_false(r->cut_length);
	o.search = all_orders(SEARCH_NO_BOUND);
	o.search.executions = 5;
	for (o.jobs = 1; o.jobs <= 2; o.jobs++) {
		r = hunt(&p, &o);
		assert_int_equal(r->executions, 5);
		assert_false(r->complete);
	}
}

static void goes_on_for_long(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < 9000; i++)
		MARKED_STORE(x, i);
}

static const struct model_family too_long = {
	.name = "too-long",
	.reset = reset,
	.body = goes_on_for_long,
};

static void an_execution_that_is_too_long_is_said_to_be_cut(void **state)
{
	const struct player p = player_of(&too_long, "too-long");
	struct hunt_options o = { .search = all_orders(0), .jobs = 1 };
	const struct hunt_result *r;

	(void)state;
	o.search.executions = 1;
	o.seconds = 0.01;
	r = hunt(&p, &o);
	assert_true(r->cut_length);
	assert_false(r->complete);
	assert_true(r->redundant > 0);
}

/* ---- time ---- */

static struct {
	unsigned int calls, parts;
	uint64_t executions[4], sum;
} shown;

static void note_show(void *arg, const struct hunt_result *parts, unsigned int nr)
{
	assert_ptr_equal(arg, &shown);
	if (shown.calls < 4)
		shown.executions[shown.calls] = parts[0].executions;
	shown.calls++;
	shown.parts = nr;
	shown.sum = 0;
	for (unsigned int i = 0; i < nr; i++)
		shown.sum += parts[i].executions;
}

static void what_was_done_so_far_is_shown_now_and_then(void **state)
{
	const struct player p = player_of(&quiet, "quiet");
	struct hunt_options o = {
		.search = dice, .jobs = 1, .show = note_show, .show_arg = &shown
	};

	(void)state;
	o.search.executions = 100;
	memset(&shown, 0, sizeof(shown));
	hunt(&p, &o);
	assert_int_equal(shown.calls, 3);
	assert_int_equal(shown.parts, 1);
	assert_int_equal(shown.executions[0], 32);
	assert_int_equal(shown.executions[1], 64);
	assert_int_equal(shown.executions[2], 96);
	memset(&shown, 0, sizeof(shown));
	o.jobs = 3;
	hunt(&p, &o);
	assert_true(shown.calls > 0);
	assert_int_equal(shown.parts, 3);
	assert_int_equal(shown.sum, 100);
}

static void a_search_ends_when_its_time_is_over(void **state)
{
	const struct player p = player_of(&quiet, "quiet");
	struct hunt_options o = { .search = dice, .seconds = 0.02 };

	(void)state;
	o.search.executions = 0;
	for (o.jobs = 1; o.jobs <= 2; o.jobs++) {
		const struct hunt_result *r = hunt(&p, &o);

		assert_true(r->interrupted);
		assert_true(r->wall_s >= 0.02 && r->wall_s < 30);
		assert_true(r->executions >= 32);
		/* the clock is looked at now and then; the other process may be slow */
		if (o.jobs == 1)
			assert_int_equal(r->executions % 32, 0);
		assert_int_equal(r->failures, 0);
	}
	/* one that is over before is not interrupted */
	o.search.executions = 100;
	o.seconds = 1000;
	o.jobs = 1;
	assert_false(hunt(&p, &o)->interrupted);
	assert_int_equal(hunt(&p, &o)->executions, 100);
}

static void the_first_failure_ends_the_search_if_that_is_wanted(void **state)
{
	const struct player p = player_of(&in_one_way_late, "late");
	struct hunt_options o = { .search = dice, .jobs = 1, .first = true };
	const struct hunt_result *r;

	(void)state;
	o.search.executions = 0;
	r = hunt(&p, &o);
	assert_int_equal(r->executions, 2);
	assert_int_equal(r->failures, 1);
	assert_int_equal(r->order[0]->execution, 1);
}

/* whichever process is faster; and none goes on for ever */
static void the_first_failure_is_the_same_whoever_finds_it(void **state)
{
	const struct player p = player_of(&in_one_way_late, "late");
	struct hunt_options o = { .search = dice, .first = true };
	uint64_t first = 0;

	(void)state;
	o.search.executions = 0;
	for (o.search.seed = 1; o.search.seed <= 4; o.search.seed++)
		for (unsigned int i = 0; i < 20; i++) {
			const struct hunt_result *r;

			o.jobs = 1 + i % 4;
			r = hunt(&p, &o);
			if (!i)
				first = r->order[0]->execution;
			assert_int_equal(r->nr, 1);
			assert_int_equal(r->failures, 1);
			assert_int_equal(r->order[0]->execution, first);
			assert_true(r->executions > first);
		}
}

/* neither Ctrl-C nor the clock ended it, whichever process was doing what then */
static void a_search_that_a_failure_ends_is_not_interrupted(void **state)
{
	const struct player players[] = {
		player_of(&in_one_way_late, "late"),
		player_of(&out_of_order, "out-of-order"), /* which ends the execution */
	};
	struct hunt_options o = { .search = dice, .first = true, .seconds = 1000 };

	(void)state;
	o.search.executions = 0;
	for (unsigned int i = 0; i < 2; i++) {
		for (o.jobs = 1; o.jobs <= 3; o.jobs++) {
			const struct hunt_result *r = hunt(&players[i], &o);

			assert_true(r->failures >= 1);
			assert_false(r->interrupted);
			assert_false(r->signalled);
		}
	}
}

/* ---- switches ---- */

static void a_failure_has_its_switches_whichever_process_found_it(void **state)
{
	static struct task_switch list[SWITCHES_MAX];
	const struct player p = player_of(&out_of_order, "out-of-order");
	struct hunt_options o = { .search = dice };
	unsigned int nr = 0;
	uint64_t execution = 0;

	(void)state;
	o.search.executions = 40;
	for (o.jobs = 1; o.jobs <= 3; o.jobs++) {
		const struct hunt_result *r = hunt(&p, &o);
		const struct found *f = r->order[0];

		assert_int_equal(r->nr, 1);
		assert_true(f->stops);
		assert_true(f->nr > 0);
		if (o.jobs == 1) {
			nr = f->nr;
			execution = f->execution;
			memcpy(list, f->list, nr * sizeof(list[0]));
		}
		assert_int_equal(f->execution, execution);
		assert_int_equal(f->nr, nr);
		assert_memory_equal(f->list, list, nr * sizeof(list[0]));
	}
}

static void the_length_of_an_execution_is_that_of_the_default_order(void **state)
{
	const struct player p = player_of(&quiet, "quiet");

	(void)state;
	/* which task begins; at the step of each; when the first one has ended */
	assert_int_equal(hunt_steps(&p, SCHED_MARKED), 4);
	/* a write is no point of the synchronisation */
	assert_int_equal(hunt_steps(&p, SCHED_SYNC), 2);
}

/* ---- reports that are known ---- */

static void what_is_suppressed_is_counted_over_all_processes(void **state)
{
	const struct player p = player_of(&always, "always");
	struct hunt_options o = { .search = dice };
	char path[] = "/tmp/hunt-XXXXXX", err[256];
	static const char text[] = "kind heap\nsummary no\nreason none\n\n"
				   "kind accounting\nsummary always\nreason known\n";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	assert_true(suppress_read(path, err, sizeof(err)));
	unlink(path);
	/* what was counted before is not of this search */
	report(REPORT_ACCOUNTING, NULL, "always");
	for (o.jobs = 1; o.jobs <= 3; o.jobs++) {
		const struct hunt_result *r = hunt(&p, &o);

		assert_int_equal(r->failures, 0);
		assert_int_equal(r->nr, 0);
		assert_int_equal(r->suppressed[0], 0);
		assert_int_equal(r->suppressed[1], 8);
	}
	suppress_clear();
}

/* no execution has both orders: only the search as a whole fails */
static void a_cycle_of_lock_orders_is_a_failure_of_the_search(void **state)
{
	const struct player p = model_named("lock-order");
	struct hunt_options o = { .search = all_orders(SEARCH_NO_BOUND) };

	(void)state;
	for (o.jobs = 1; o.jobs <= 2; o.jobs++) {
		const struct hunt_result *r = hunt(&p, &o);
		const struct found *f = r->order[0];

		assert_int_equal(r->nr, 1);
		assert_int_equal(r->failures, 1);
		assert_int_equal(r->dropped, 0);
		assert_int_equal(f->report.kind, REPORT_LOCK);
		assert_memory_equal(f->report.summary, "lock order: ", 12);
		assert_int_equal(f->nr_orders, 2);
		assert_false(f->stops);
		assert_false(f->lost);
		assert_true(f->execution < r->executions);
		assert_string_equal(f->orders[0].from.node.name,
				    f->orders[1].to.node.name);
		assert_string_equal(f->orders[0].scenario, "lock-order");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh_test(a_failure_has_the_execution_with_the_fewest_switches),
		fresh_test(failures_are_in_the_order_of_their_executions),
		fresh_test(failures_that_do_not_fit_are_counted),
		fresh_test(an_interrupt_stops_the_search_alone),
		fresh_test(a_second_interrupt_ends_the_program),
		fresh_test(a_process_that_fails_ends_the_program),
		fresh_test(
			a_failure_with_too_many_switches_has_no_schedule_and_that_is_said),
		fresh_test(wordings_of_one_failure_are_counted),
		fresh_test(a_schedule_is_one_file_in_the_folder_that_was_named),
		fresh_test(the_earliest_execution_may_be_of_any_process),
		fresh_test(failures_of_an_execution_are_in_the_order_of_their_words),
		fresh_test(processes_share_a_search_and_add_up),
		fresh_test(processes_share_what_is_a_share_already),
		fresh_test(what_was_cut_off_is_said_of_the_whole),
		fresh_test(an_execution_that_is_too_long_is_said_to_be_cut),
		fresh_test(what_was_done_so_far_is_shown_now_and_then),
		fresh_test(a_search_ends_when_its_time_is_over),
		fresh_test(the_first_failure_ends_the_search_if_that_is_wanted),
		fresh_test(the_first_failure_is_the_same_whoever_finds_it),
		fresh_test(a_search_that_a_failure_ends_is_not_interrupted),
		fresh_test(a_failure_has_its_switches_whichever_process_found_it),
		fresh_test(the_length_of_an_execution_is_that_of_the_default_order),
		fresh_test(what_is_suppressed_is_counted_over_all_processes),
		fresh_test(a_cycle_of_lock_orders_is_a_failure_of_the_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
