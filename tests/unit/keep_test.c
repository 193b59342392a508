// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a schedule says of the failure that it is of; which detectors and which known
 * reports there are: with a driver and a subject that are made up here.
 */
#include "engine/detectors.h"
#include "engine/keep.h"
#include "engine/known.h"
#include "model/model_i.h"
#include "detect/suppress.h"
#include "program/program.h"
#include "shim/hook.h"
#include "shim/log.h"
#include "symbols/stacks.h"
#include "unit.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a model and a scenario that fail when the second task is first ---- */

static unsigned int x;
static bool fatal;

static void reset(const struct model *m)
{
	(void)m;
	x = 0;
}

static void be_first(unsigned int number)
{
	static const struct sched_site here = { .file = "m.c", .func = "f", .line = 3 };

	if (number == 1 && x == 0) {
		if (fatal)
			report_fatal(REPORT_KERNEL, &here, "the second was first");
		report(REPORT_KERNEL, &here, "the second was first");
	}
	MARKED_STORE(x, number + 1);
}

static void body(void *arg)
{
	be_first(number_of(arg));
}

static const struct model_family family = {
	.name = "order",
	.reset = reset,
	.body = body,
};
static const struct player model = {
	.model = { .name = "order-2", .family = &family, .tasks = 2 },
};

/* and one that fails when the second task is between the two writes of the first */
static void body_of_two(void *arg)
{
	static const struct sched_site here = { .file = "m.c", .func = "f", .line = 3 };

	if (number_of(arg) == 0) {
		MARKED_STORE(x, 1);
		MARKED_STORE(x, 2);
		return;
	}
	if (x == 1)
		report(REPORT_KERNEL, &here, "the second was between");
	MARKED_STORE(x, 3);
}

static const struct model_family between = {
	.name = "between",
	.reset = reset,
	.body = body_of_two,
};
static const struct player model_of_two = {
	.model = { .name = "between-2", .family = &between, .tasks = 2 },
};

static int no_module(void)
{
	return 0;
}

static void no_exit(void)
{
}

static bool opens(struct world *w, const void *config)
{
	(void)w;
	(void)config;
	return true;
}

static bool closes(struct world *w)
{
	(void)w;
	return true;
}

static unsigned int no_calls(struct world *w)
{
	(void)w;
	return 0;
}

static const char *words(const void *config, char *buf, size_t len)
{
	snprintf(buf, len, "cpus=%u", ((const struct world_config *)config)->cpus);
	return buf;
}

static void does(struct actor *a, void *arg)
{
	(void)a;
	be_first((unsigned int)(uintptr_t)arg);
}

static void play(struct world *w)
{
	x = 0;
	actor_does(server_thread(w, "first"), does, (void *)0);
	actor_does(server_thread(w, "second"), does, (void *)1);
}

static const struct subject_file files[] = {
	{ .path = "a.c", .sha256 = "00ff" },
	{ .path = "b.c", .sha256 = "11ee" },
};
static const struct subject_driver module = {
	.name = "made up",
	.module_init = no_module,
	.module_exit = no_exit,
};
static struct subject subject = {
	.name = "made-up",
	.version = "7.1",
	.files = files,
	.nr_files = 2,
	.driver = &module,
};
static struct driver driver = {
	.name = "made up",
	.open = opens,
	.close = closes,
	.lost_calls = no_calls,
	.config_words = words,
};
static const struct world_config three = { .cpus = 3 };
static const struct scenario scenario = { .name = "two", .config = &three, .play = play };
static const struct player on_subject = {
	.subject = &subject,
	.driver = &driver,
	.scenario = &scenario,
};

/* ---- where schedules go ---- */

static char dir[32], path[PATH_MAX], err[512];
static struct schedule back;

static int begin(void **state)
{
	fatal = false;
	driver.config_words = words;
	subject.name = "made-up";
	subject.functions = NULL;
	subject.nr_functions = 0;
	snprintf(dir, sizeof(dir), "/tmp/keep-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	detectors_choose("all");
	return fresh_kernel(state);
}

static int end(void **state)
{
	(void)state;
	suppress_clear();
	shim_log_listen(0);
	if (path[0])
		unlink(path);
	path[0] = '\0';
	rmdir(dir);
	return 0;
}

static const struct search_options dice = {
	.kind = SEARCH_RANDOM,
	.mask = SCHED_MARKED,
	.executions = 40,
	.seed = 11,
	.shards = 1,
};

static const struct found *found_in(const struct player *p,
				    const struct search_options *search)
{
	const struct hunt_options o = { .search = *search, .jobs = 1 };
	const struct hunt_result *r = hunt(p, &o);

	assert_int_equal(r->nr, 1);
	return r->order[0];
}

static void read_back(void)
{
	if (!schedule_read(&back, path, err, sizeof(err)))
		fail_msg("%s", err);
}

/* ---- tests ---- */

static void a_schedule_says_how_the_failure_was_found(void **state)
{
	const struct found *f = found_in(&model_of_two, &dice);
	char words[160];

	(void)state;
	detectors_choose("heap,user");
	assert_int_equal(keep_schedule(&model_of_two, &dice, "marked", f, dir, path), 0);
	read_back();
	assert_string_equal(back.subject, "model");
	assert_string_equal(back.version, "");
	assert_int_equal(back.nr_files, 0);
	assert_string_equal(back.scenario, "between-2");
	assert_string_equal(back.config, "-");
	assert_string_equal(back.points, "marked");
	assert_string_equal(back.detect, "heap,user");
	assert_string_equal(back.strategy, "random");
	assert_int_equal(back.seed, 11);
	assert_int_equal(back.execution, f->execution);
	assert_string_equal(back.kind, "kernel");
	assert_string_equal(back.summary, "the second was between");
	assert_string_equal(back.group, "the second was between");
	assert_string_equal(back.where, "m.c:3 (f)");
	assert_false(back.stops);
	assert_true(back.trace != 0);
	assert_int_equal(back.parked, 0);
	assert_int_equal(back.nr_orders, 0);
	assert_int_equal(back.nr, f->nr);
	assert_true(back.nr > 0);
	assert_memory_equal(back.list, f->list, f->nr * sizeof(f->list[0]));
	assert_string_equal(back.notes[0].from, "task-1");
	assert_string_equal(back.notes[0].to, "task-2");
	assert_non_null(strstr(back.notes[0].place, "before write x in body_of_two ("));
	keep_switch(&back, 0, words, sizeof(words));
	assert_memory_equal(words, "task-1 to task-2 before write x in body_of_two (",
			    48);
}

/* what the search found may have more switches than the failure needs */
static void a_schedule_has_no_more_than_the_failure_needs(void **state)
{
	struct found f = *found_in(&model, &dice);
	char words[160];

	(void)state;
	/* to the second before the first has done something, and back again */
	f.nr = 2;
	f.list[0] = (struct task_switch){ .from = 0, .to = 1, .at = 0 };
	f.list[1] = (struct task_switch){ .from = 1, .to = 0, .at = 0 };
	assert_int_equal(keep_schedule(&model, &dice, "marked", &f, dir, path), 0);
	read_back();
	assert_int_equal(back.nr, 1);
	assert_int_equal(back.list[0].from, SWITCH_START);
	assert_int_equal(back.list[0].to, 1);
	assert_int_equal(back.list[0].at, 0);
	assert_string_equal(back.notes[0].to, "task-2");
	assert_string_equal(keep_switch(&back, 0, words, sizeof(words)),
			    "task-2 runs first");
	assert_int_equal(keep_made()->nr, 1);
	assert_true(keep_replay(&model, &back, false));
}

/* for what it says of itself alone: of its cause there is a schedule already */
static void a_failure_is_looked_at_without_a_file(void **state)
{
	struct found f = *found_in(&model, &dice);
	int number = keep_look(&model, &dice, "marked", &f);

	(void)state;
	assert_int_equal(number, 0);
	assert_string_equal(report_get(0)->summary, f.report.summary);
	f.lost = true;
	assert_int_equal(keep_look(&model, &dice, "marked", &f), -1);
}

/* its executions follow from each other, and not from a seed */
static void an_exhaustive_search_has_no_seed(void **state)
{
	struct search_options all = dice;

	(void)state;
	all.kind = SEARCH_EXHAUSTIVE;
	all.preemptions = SEARCH_NO_BOUND;
	fatal = true;
	assert_int_equal(keep_schedule(&model, &all, "marked", found_in(&model, &all),
				       dir, path),
			 0);
	read_back();
	assert_string_equal(back.strategy, "exhaustive");
	assert_int_equal(back.seed, 0);
	assert_true(back.stops);
}

static void a_schedule_says_what_was_played(void **state)
{
	(void)state;
	detectors_choose("none");
	assert_int_equal(keep_schedule(&on_subject, &dice, "marked",
				       found_in(&on_subject, &dice), dir, path),
			 0);
	read_back();
	assert_string_equal(back.subject, "made-up");
	assert_string_equal(back.version, "7.1");
	assert_string_equal(back.scenario, "two");
	assert_string_equal(back.config, "cpus=3");
	assert_string_equal(back.detect, "none");
	assert_int_equal(back.nr_files, 2);
	assert_string_equal(back.files[0].path, "a.c");
	assert_string_equal(back.files[0].sha256, "00ff");
	assert_string_equal(back.files[1].path, "b.c");
	assert_string_equal(back.files[1].sha256, "11ee");
	driver.config_words = NULL;
	assert_string_equal(player_config(&on_subject, err, sizeof(err)), "-");
}

static void a_failure_is_named_in_the_name_of_its_file(void **state)
{
	char other[PATH_MAX];
	struct found f;

	(void)state;
	f = *found_in(&model, &dice);
	keep_schedule(&model, &dice, "marked", &f, dir, path);
	strcpy(other, path);
	assert_int_equal(keep_schedule(&model, &dice, "marked", &f, dir, path), 0);
	assert_string_equal(other, path);
	assert_memory_equal(path, dir, strlen(dir));
	assert_memory_equal(path + strlen(dir), "/model-order-2-kernel-", 22);
	assert_int_equal(strspn(path + strlen(dir) + 22, "0123456789abcdef"), 8);
	assert_string_equal(path + strlen(dir) + 30, ".schedule");
}

static void assert_no_stack_is_taken(void)
{
	static const char *const skip_nothing[] = { NULL };
	size_t nr = report_count(), len;
	char *text;
	FILE *to = open_memstream(&text, &len);

	report(REPORT_PROGRESS, NULL, "a report of later");
	stacks_print(to, nr, "", skip_nothing);
	fclose(to);
	assert_int_equal(len, 0);
	free(text);
}

static void a_schedule_is_played_again(void **state)
{
	unsigned int nr;

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		fatal = i;
		keep_schedule(&model, &dice, "marked", found_in(&model, &dice), dir,
			      path);
		read_back();
		report_reset();
		shim_log_listen(0);
		assert_true(keep_replay(&model, &back, false));
		assert_int_equal(keep_find(&back), 0);
		assert_null(replay_divergence());
		/* what the kernel says is kept; the trace is off again */
		shim_printk(6, SCHED_SITE(NULL), "heard");
		assert_true(shim_log_contains("heard"));
		assert_int_equal(trace_mask(), 0);
		assert_no_stack_is_taken();
		/* without its switches it does not fail */
		nr = back.nr;
		back.nr = 0;
		assert_false(keep_replay(&model, &back, false));
		assert_int_equal(keep_find(&back), -1);
		back.nr = nr;
		back.parked = 2; /* and it is the second that fails */
		assert_false(keep_replay(&model, &back, false));
		unlink(path);
	}
}

/* the same mistake where one more step comes first, and in other words */
static bool longer;

static void body_of_longer(void *arg)
{
	static const struct sched_site here = { .file = "m.c", .func = "f", .line = 3 };
	static unsigned int other;

	if (longer)
		MARKED_STORE(other, 1);
	if (number_of(arg) == 0) {
		MARKED_STORE(x, 1);
		MARKED_STORE(x, 2);
		return;
	}
	if (x != 1)
		return;
	report_about("between", NULL, NULL);
	report(REPORT_KERNEL, &here, longer ? "it came late" : "it came");
}

static const struct model_family of_longer = {
	.name = "longer",
	.reset = reset,
	.body = body_of_longer,
};
static const struct player model_of_longer = {
	.model = { .name = "longer-2", .family = &of_longer, .tasks = 2 },
};

static void a_schedule_is_followed_where_steps_were_added(void **state)
{
	bool by_count;
	uint32_t at;

	(void)state;
	longer = false;
	assert_int_equal(keep_schedule(&model_of_longer, &dice, "marked",
				       found_in(&model_of_longer, &dice), dir, path),
			 0);
	read_back();
	assert_int_equal(back.nr, 1);
	at = back.list[0].at;
	longer = true;
	/* not in those words */
	assert_false(keep_follow(&model_of_longer, &back, false, &by_count));
	assert_true(keep_follow(&model_of_longer, &back, true, &by_count));
	assert_false(by_count);
	assert_string_equal(back.summary, "it came late");
	assert_int_equal(back.list[0].at, at);
	/* its numbers are those of what is played now */
	assert_true(keep_settle(&model_of_longer, &back));
	assert_int_equal(back.list[0].at, at + 1);
	assert_true(keep_replay(&model_of_longer, &back, true));
	longer = false;
}

/* a place that has another name now leads nowhere, its number does */
static void a_schedule_is_followed_by_numbers_if_places_are_gone(void **state)
{
	bool by_count;

	(void)state;
	assert_int_equal(keep_schedule(&model_of_two, &dice, "marked",
				       found_in(&model_of_two, &dice), dir, path),
			 0);
	read_back();
	assert_true(keep_follow(&model_of_two, &back, false, &by_count));
	assert_false(by_count);
	snprintf(back.notes[0].place, sizeof(back.notes[0].place), "before x in y (z:1)");
	assert_true(keep_follow(&model_of_two, &back, false, &by_count));
	assert_true(by_count);
	assert_true(keep_settle(&model_of_two, &back));
	assert_true(keep_follow(&model_of_two, &back, false, &by_count));
	assert_false(by_count);
	/* neither way: as by places */
	back.list[0].at = 1000;
	snprintf(back.notes[0].place, sizeof(back.notes[0].place), "before x in y (z:1)");
	assert_false(keep_follow(&model_of_two, &back, false, &by_count));
	assert_false(by_count);
	assert_non_null(replay_divergence());
}

static void a_failure_is_found_by_its_kind_and_its_words(void **state)
{
	(void)state;
	schedule_clear(&back);
	strcpy(back.kind, "heap");
	strcpy(back.summary, "b");
	report(REPORT_USER, NULL, "b");
	report(REPORT_HEAP, NULL, "a");
	assert_int_equal(keep_find(&back), -1);
	report(REPORT_HEAP, NULL, "b");
	assert_int_equal(keep_find(&back), 2);
}

/* Return: what is said on stderr meanwhile */
static const char *said_by(int *result, const struct found *f, const char *into)
{
	static char text[512];
	char words_of[] = "/tmp/keep-said-XXXXXX";
	int file = mkstemp(words_of), old = dup(STDERR_FILENO);

	assert_true(file >= 0 && old >= 0);
	dup2(file, STDERR_FILENO);
	*result = keep_schedule(&model, &dice, "marked", f, into, path);
	dup2(old, STDERR_FILENO);
	close(old);
	memset(text, 0, sizeof(text));
	assert_true(pread(file, text, sizeof(text) - 1, 0) >= 0);
	close(file);
	unlink(words_of);
	return text;
}

static void a_folder_that_cannot_be_made_is_said(void **state)
{
	const struct found *f = found_in(&model, &dice);
	char into[64];
	int nr;

	(void)state;
	snprintf(into, sizeof(into), "%s/no/where", dir);
	assert_non_null(strstr(said_by(&nr, f, into), "cannot make /tmp/keep-"));
	/* the failure is there all the same */
	assert_int_equal(nr, 0);
	assert_string_equal(path, "");
	/* a file is no folder; what keeps all of them from being written is said once */
	snprintf(into, sizeof(into), "/dev/null");
	assert_string_equal(said_by(&nr, f, into), "");
	assert_int_equal(nr, 0);
	assert_string_equal(path, "");
	/* one that is not there yet is made */
	snprintf(into, sizeof(into), "%s/new", dir);
	assert_string_equal(said_by(&nr, f, into), "");
	assert_int_equal(unlink(path) | rmdir(into), 0);
	path[0] = '\0';
	assert_true(keep_tell_unwritten());
}

/* what is still allocated in a child that ends is not looked at */
static void at_once(int status, void *arg)
{
	(void)arg;
	_exit(status);
}

/* Return: the status with which a child ends that does @what */
static int status_of(void (*what)(void))
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		close(STDERR_FILENO);
		on_exit(at_once, NULL);
		what();
		_exit(STATUS_OK);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void keeps_what_does_not_come(void)
{
	static struct found f = { .report = { .kind = REPORT_KERNEL,
					      .summary = "it never was" } };

	keep_schedule(&model, &dice, "marked", &f, dir, path);
}

static void a_failure_that_does_not_come_again_ends_the_program(void **state)
{
	(void)state;
	assert_int_equal(status_of(keeps_what_does_not_come), STATUS_SIMULATOR);
}

/* ---- detectors ---- */

static void chooses_an_unknown_detector(void)
{
	detectors_choose("heap,rice");
}

static void chooses_nothing_after_a_comma(void)
{
	detectors_choose("heap,");
}

static void chooses_a_part_of_a_name(void)
{
	detectors_choose("rac");
}

static void detectors_are_chosen_by_their_names(void **state)
{
	static const char *const lists[][2] = {
		{ "all", "all" },
		{ "none", "none" },
		{ "heap", "heap" },
		{ "race", "race" },
		{ "user", "user" },
		{ "user,heap", "heap,user" },
		{ "race,heap", "heap,race" },
		{ "race,user,heap", "heap,race,user" },
		{ "difference,race,user,heap", "all" },
		{ "difference", "difference" },
		{ "race,race", "race" },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		detectors_choose(lists[i][0]);
		assert_string_equal(detectors_names(), lists[i][1]);
	}
	assert_int_equal(status_of(chooses_an_unknown_detector), STATUS_USAGE);
	assert_int_equal(status_of(chooses_nothing_after_a_comma), STATUS_USAGE);
	assert_int_equal(status_of(chooses_a_part_of_a_name), STATUS_USAGE);
}

static unsigned int watching(void)
{
	detectors_watch(&subject);
	shim_reset(1);
	return sched_hooks();
}

static void detectors_need_hooks(void **state)
{
	(void)state;
	subject.hooked = false;
	assert_string_equal(detectors_lack(&subject), "without hooks");
	detectors_choose("race");
	assert_int_equal(watching(), 0);
	subject.hooked = true;
	assert_null(detectors_lack(&subject));
	assert_int_equal(watching(), HOOK_RACE);
	detectors_points(DETECTORS_POINTS);
	assert_int_equal(watching(), HOOK_RACE | HOOK_POINTS);
	/* while points are learnt, nothing else is looked at */
	detectors_points(DETECTORS_LEARN_POINTS);
	assert_int_equal(watching(), HOOK_POINTS);
	detectors_points(DETECTORS_NO_POINTS);
	subject.hooked = false;
	assert_int_equal(watching(), 0);
}

/* ---- known reports ---- */

/* ten levels up is "/", wherever the program is */
#define UP "../../../../../../../../../.."

static void write_file(const char *name, const char *text)
{
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void known_reports_are_those_of_the_subject(void **state)
{
	char known[64];

	(void)state;
	snprintf(known, sizeof(known), UP "%s", dir);
	driver.known = known;
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 0);
	write_file("made-up", "kind race\nfunction f\nreason r\n");
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 1);
	/* not added to those that there were */
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 1);
	/* none of another subject, of a model, of a driver that has none */
	subject.name = "another";
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 0);
	subject.name = "made-up";
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_true(known_load(&model, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 0);
	driver.known = NULL;
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 0);
	driver.known = known;
	write_file("made-up", "kind race\nfunction f\n");
	assert_false(known_load(&on_subject, err, sizeof(err)));
	assert_non_null(strstr(err, "gives no reason"));
}

static const struct subject_function functions[] = {
	{ "f", "11aa" },
	{ "g", "22bb" },
	{ "h", "33cc" },
};

/* the subject is a --tree with these functions */
static void have_tree(const char *name)
{
	static char known[64];

	snprintf(known, sizeof(known), UP "%s", dir);
	driver.known = known;
	subject.name = name;
	subject.functions = functions;
	subject.nr_functions = 3;
}

static void remove_file(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(unlink(path), 0);
	path[0] = '\0';
}

#define NONE_IS_LIKE_IT "no tree whose reports are known is like this one"

static void a_tree_like_none_has_no_known_reports(void **state)
{
	(void)state;
	have_tree("tree:a");
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 0);
	assert_string_equal(known_note(), NONE_IS_LIKE_IT);
	/* its name is no reason, */
	write_file("tree:a", "kind race\nfunction f\nreason r\n");
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 0);
	assert_string_equal(known_note(), NONE_IS_LIKE_IT);
	/* nor are names of functions */
	write_file("tree:a", "kind race\nfunction f\nreason r\n\n"
			     "hash f 22bb\nhash i 11aa\n");
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 0);
	assert_string_equal(known_note(), NONE_IS_LIKE_IT);
	/* what cannot be read is said, wherever it would stand */
	write_file("tree:a", "kind race\nfunction f\n");
	assert_false(known_load(&on_subject, err, sizeof(err)));
	assert_non_null(strstr(err, "gives no reason"));
	/* of that name, and no tree; nothing is left of what was said before */
	write_file("tree", "kind race\nfunction i\nreason r\n");
	subject.name = "tree";
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 1);
	assert_string_equal(known_note(), "");
	assert_true(known_load(&model, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 0);
	assert_string_equal(known_note(), "");
	remove_file("tree:a");
	remove_file("tree");
}

#define KNOWN_OF(function) "kind race\nfunction " function "\nreason r\n\n"

static bool is_known_in(const char *function)
{
	const struct sched_site site = { .file = "a.c", .func = function, .line = 1 };

	return !report(REPORT_RACE, &site, "two");
}

/* of the nearest one those whose functions are the same here */
static void a_tree_has_the_known_reports_of_the_nearest(void **state)
{
	(void)state;
	have_tree("tree:a");
	write_file("far", KNOWN_OF("g") "hash g 22bb\nhash f 44dd\n");
	write_file("near",
		   KNOWN_OF("f") KNOWN_OF("g")
			   KNOWN_OF("i") "kind race\nfunctions f h\nreason r\n\n"
					 "kind race\nsummary *\ncode h i\nreason r\n\n"
					 "hash f 11aa\nhash g 44dd\nhash h 33cc\n");
	write_file("near-too", "hash h 33cc\nhash f 11aa\n");
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 5);
	assert_null(suppress_get(0)->void_in);
	assert_string_equal(suppress_get(1)->void_in, "g");
	/* no text of it is known: it may be any */
	assert_string_equal(suppress_get(2)->void_in, "");
	assert_null(suppress_get(3)->void_in);
	assert_null(suppress_get(4)->void_in);
	assert_string_equal(known_note(), "2 of 5 known reports of near do not count: "
					  "g() is another one");
	suppress_void(4, NULL);
	assert_true(is_known_in("f"));
	assert_false(is_known_in("g"));
	assert_false(is_known_in("i"));
	/* all of them count: nothing is to be said */
	write_file("near", KNOWN_OF("f") "hash f 11aa\nhash h 33cc\n");
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_int_equal(suppress_nr(), 1);
	assert_string_equal(known_note(), "");
	/* none changed, and yet */
	write_file("near", KNOWN_OF("i") "hash f 11aa\nhash h 33cc\n");
	assert_true(known_load(&on_subject, err, sizeof(err)));
	assert_string_equal(known_note(), "1 of 1 known reports of near do not count: "
					  "their functions are not known");
	remove_file("far");
	remove_file("near");
	remove_file("near-too");
}

#define test(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_schedule_says_how_the_failure_was_found),
		test(a_schedule_has_no_more_than_the_failure_needs),
		test(a_failure_is_looked_at_without_a_file),
		test(an_exhaustive_search_has_no_seed),
		test(a_schedule_says_what_was_played),
		test(a_failure_is_named_in_the_name_of_its_file),
		test(a_schedule_is_played_again),
		test(a_schedule_is_followed_where_steps_were_added),
		test(a_schedule_is_followed_by_numbers_if_places_are_gone),
		test(a_failure_is_found_by_its_kind_and_its_words),
		test(a_folder_that_cannot_be_made_is_said),
		test(a_failure_that_does_not_come_again_ends_the_program),
		test(detectors_are_chosen_by_their_names),
		test(detectors_need_hooks),
		test(known_reports_are_those_of_the_subject),
		test(a_tree_like_none_has_no_known_reports),
		test(a_tree_has_the_known_reports_of_the_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
