// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generator of scenarios: every program that it makes is a scenario file which says
 * the same, and is played; what is made smaller keeps what it has to.
 */
#include "unit.h"

#include <limits.h>
#include <malloc.h>
#include <stdlib.h>

#include "engine/detectors.h"
#include "engine/player.h"
#include "fuse/fuse.h"
#include "fuzz/generate.h"
#include "fuzz/worker.h"
#include "shim/cover.h"
#include "shim/oops.h"
#include "subject/subject.h"
#include "text/text_i.h"

static struct vocabulary vocabulary;
static struct text *text;
static const struct chances most = { 2, 2 };

static int set_up(void **state)
{
	char err[256];

	(void)state;
	if (!vocabulary_make(&vocabulary, &fuse_driver, ~0u, err, sizeof(err)))
		fail_msg("%s", err);
	text = text_new(&fuse_driver);
	return !text;
}

/* Return: @p as it is after it was printed and read */
static void read_back(const struct program *p, struct program *back, char *bytes)
{
	char name[PROGRAM_NAME], err[256];
	size_t size = program_text(p, &vocabulary, bytes, name);

	assert_true(size > 0 && size < PROGRAM_TEXT);
	if (!text_parse(text, name, bytes, size, err, sizeof(err)))
		fail_msg("%s in:\n%s", err, bytes);
	assert_string_equal(text_scenario(text)->name, name);
	assert_true(program_of(back, &vocabulary, text, bytes));
}

static void expect_a_file(const struct program *p)
{
	static char first[PROGRAM_TEXT], second[PROGRAM_TEXT];
	static struct program back;
	char name[PROGRAM_NAME];

	read_back(p, &back, first);
	assert_int_not_equal(program_text(&back, &vocabulary, second, name), 0);
	assert_string_equal(first, second);
	/* whole programs stay as they are */
	program_repair(&back, &vocabulary);
	program_text(&back, &vocabulary, second, name);
	assert_string_equal(first, second);
}

/* ---- the generator ---- */

static void every_program_is_a_file(void **state)
{
	static struct program p, other;
	struct prng r;

	(void)state;
	for (unsigned int i = 0; i < 3000; i++) {
		prng_seed(&r, 1, i);
		generate(&p, &vocabulary, &r);
		if (p.nr_actors < 2)
			continue; /* a file has an actor */
		expect_a_file(&p);
		for (unsigned int k = 0; k < 4; k++) {
			mutate(&p, &vocabulary, &r, i ? &other : NULL, &most);
			if (p.nr_actors > 1)
				expect_a_file(&p);
		}
		program_copy(&other, &p);
	}
}

static void the_same_seed_makes_the_same(void **state)
{
	static struct program p;
	static char first[PROGRAM_TEXT], second[PROGRAM_TEXT];
	char name[PROGRAM_NAME];
	struct prng r;

	(void)state;
	for (unsigned int i = 0; i < 50; i++) {
		for (unsigned int k = 0; k < 2; k++) {
			prng_seed(&r, 7, i);
			memset(&p, k ? 0xaa : 0, sizeof(p));
			generate(&p, &vocabulary, &r);
			mutate(&p, &vocabulary, &r, NULL, &most);
			program_text(&p, &vocabulary, k ? second : first, name);
		}
		assert_string_equal(first, second);
	}
}

static unsigned int bit_of_call(const struct text_call *call)
{
	return vocabulary_call(&vocabulary, call);
}

/* a word that somebody adds to the table is generated without a change here */
static void every_word_is_generated(void **state)
{
	static struct program p;
	bool calls[VOCABULARY_CALLS] = { false }, settings[PROGRAM_SETTINGS] = { false };
	struct prng r;

	(void)state;
	for (unsigned int i = 0; i < 4000; i++) {
		prng_seed(&r, 3, i);
		generate(&p, &vocabulary, &r);
		for (unsigned int k = 0; k < p.nr_lines; k++)
			if (p.lines[k].what == LINE_CALL)
				calls[bit_of_call(p.lines[k].call)] = true;
		for (unsigned int k = 0; k < vocabulary.nr_settings; k++)
			settings[k] |= p.setting[k].given;
	}
	for (unsigned int i = 0; i < vocabulary.nr_calls; i++)
		if (!calls[i])
			fail_msg("%s was never generated",
				 vocabulary.calls[i].call->word);
	for (unsigned int i = 0; i < vocabulary.nr_settings; i++)
		if (!settings[i])
			fail_msg("%s was never generated",
				 vocabulary.settings[i].setting->word);
}

static bool is_larger(const struct program_line *l)
{
	const struct word_call *c = &vocabulary.calls[bit_of_call(l->call)];

	for (unsigned int i = 0; i < TEXT_ARGS; i++)
		if (c->hint[i] && c->hint[i]->most && l->v[i].given &&
		    l->call->args[i].type == TEXT_NUMBER &&
		    l->v[i].number > c->hint[i]->most)
			return true;
	return false;
}

/* a megabyte, page by page, takes 7 MB of a process: once such a line is in the corpus,
 * in many programs */
static void no_number_is_larger_than_its_hint_says(void **state)
{
	static struct program p, other;
	struct prng r;

	(void)state;
	for (unsigned int i = 0; i < 4000; i++) {
		prng_seed(&r, 5, i);
		generate(&p, &vocabulary, &r);
		mutate(&p, &vocabulary, &r, i ? &other : NULL, &most);
		for (unsigned int k = 0; k < p.nr_lines; k++)
			if (p.lines[k].what == LINE_CALL && is_larger(&p.lines[k]))
				fail_msg("program %u, line %u", i, k);
		program_copy(&other, &p);
	}
}

/* hints that name no word are misspelt */
static void every_hint_is_of_a_word(void **state)
{
	const struct text_hint *h = fuse_driver.words->hints->list;

	(void)state;
	for (; h->weight; h++) {
		bool used = false;

		for (unsigned int i = 0; i < vocabulary.nr_calls; i++) {
			const struct word_call *c = &vocabulary.calls[i];

			used |= h->call && !h->arg && text_same(h->call, c->call->word);
			for (unsigned int k = 0; k < TEXT_ARGS; k++)
				used |= c->hint[k] == h;
		}
		for (unsigned int i = 0; i < vocabulary.nr_settings; i++)
			used |= vocabulary.settings[i].hint == h;
		if (!used)
			fail_msg("no word for the hint of %s %s", h->call ? h->call : "",
				 h->arg ? h->arg : "");
	}
}

static void what_is_seldom_of_use_is_seldom_taken(void **state)
{
	unsigned int usual = 0;
	struct prng r;

	(void)state;
	assert_true(vocabulary.nr_usual < vocabulary.nr_idioms);
	prng_seed(&r, 5, 1);
	for (unsigned int i = 0; i < 1000; i++) {
		const struct program *idiom = any_idiom(&vocabulary, &r);

		for (unsigned int k = 0; k < vocabulary.nr_usual; k++)
			usual += vocabulary.idioms[k] == idiom;
	}
	assert_in_range(usual, 700, 950);
}

static void what_the_subject_cannot_do_is_left_out(void **state)
{
	static struct vocabulary poor;
	static struct program p;
	static char bytes[PROGRAM_TEXT];
	char err[256], name[PROGRAM_NAME];
	struct prng r;

	(void)state;
	assert_true(vocabulary_make(&poor, &fuse_driver, 0, err, sizeof(err)));
	for (unsigned int i = 0; i < 500; i++) {
		size_t size;

		prng_seed(&r, 5, i);
		generate(&p, &poor, &r);
		mutate(&p, &poor, &r, NULL, &most);
		if (p.nr_actors < 2)
			continue;
		size = program_text(&p, &poor, bytes, name);
		assert_true(text_parse(text, name, bytes, size, err, sizeof(err)));
		assert_int_equal(text_scenario(text)->needs, 0);
	}
}

/* ---- repair ---- */

static void repair_takes_away_what_depends(void **state)
{
	static const char file[] = "scenario a\nserver s\nprepare queue 0\ntake as t\n"
				   "answer t\nclient c\nkill s\n";
	static struct program p;
	char err[256];

	(void)state;
	assert_true(text_parse(text, "a", file, strlen(file), err, sizeof(err)));
	assert_true(program_of(&p, &vocabulary, text, file));
	assert_int_equal(p.nr_lines, 6);
	program_drop(&p, 2, 1); /* take: the answer has nothing to answer */
	program_repair(&p, &vocabulary);
	assert_int_equal(p.nr_lines, 4);
	program_drop(&p, 0, 1); /* the server */
	program_repair(&p, &vocabulary);
	assert_int_equal(p.nr_lines, 1);
	assert_int_equal(p.lines[0].what, LINE_ACTOR);
	assert_false(p.actors[p.lines[0].actor].server);
}

/* ---- making less ---- */

static unsigned int asked;

static bool has_abort(void *arg, const struct program *p)
{
	const char *word = arg;

	asked++;
	for (unsigned int i = 0; i < p->nr_lines; i++)
		if (p->lines[i].what == LINE_CALL &&
		    !strcmp(p->lines[i].call->word, word))
			return true;
	return false;
}

static void less_is_made_of_all_that_is_not_needed(void **state)
{
	static const char file[] = "scenario a\ncpus 2\nentries 2\n# chances: timers 2 "
				   "faults 1\nserver s cpu 1\n"
				   "prepare queue 0\nserve\nset-up\nclient c\nhas s "
				   "exit\nread ino 3 offset 5 size 7 "
				   "background\non s\nhas c abort\n";
	static struct program p;
	static char bytes[PROGRAM_TEXT];
	char err[256], name[PROGRAM_NAME];

	(void)state;
	assert_true(text_parse(text, "a", file, strlen(file), err, sizeof(err)));
	assert_true(program_of(&p, &vocabulary, text, file));
	assert_int_equal(p.chances.timers, 2);
	each_less(&vocabulary, &p, has_abort, (void *)(uintptr_t) "abort");
	program_text(&p, &vocabulary, bytes, name);
	assert_string_equal(strstr(bytes, "summary"),
			    "summary generated\nmay_be_rejected\n\nclient c1\n\tabort\n");
	assert_true(asked < 60);
}

/* ---- sets ---- */

static void a_set_has_what_was_added(void **state)
{
	static struct features set;

	(void)state;
	for (uint64_t i = 1; i <= 20000; i++)
		assert_true(features_add(&set, i << 40 | 1ull << 62));
	for (uint64_t i = 1; i <= 20000; i++) {
		assert_true(features_have(&set, i << 40 | 1ull << 62));
		assert_false(features_add(&set, i << 40 | 1ull << 62));
		assert_false(features_have(&set, i << 40 | 2ull << 62));
	}
	assert_int_equal(set.nr[0], 20000);
	assert_int_equal(set.nr[COVER_EDGE], 20000);
	assert_int_equal(set.nr[COVER_PAIR], 0);
}

/* ---- played ---- */

static struct fuzzing fuzzing;
static struct fuzz_options options;
static struct shared *shared;

/* Return: false: no subject is built */
static bool begin(void)
{
	const char *dir = getenv("URINGSIM_SUBJECTS");
	const char *const names[] = { "linux-7.3", "linux-7.2", "bufring-linux",
				      "bufring" };
	char path[PATH_MAX], err[256];

	for (unsigned int i = 0; dir && !options.player.subject && i < 4; i++) {
		snprintf(path, sizeof(path), "%s/hooked/%s.so", dir, names[i]);
		options.player.subject = subject_load(path, err, sizeof(err));
	}
	if (!options.player.subject)
		return false;
	options.player.driver = &fuse_driver;
	options.jobs = 1;
	fuzzing.o = &options;
	assert_true(vocabulary_make(&fuzzing.vocabulary, &fuse_driver,
				    options.player.subject->driver->caps, err,
				    sizeof(err)));
	shared = calloc(1, sizeof(*shared) + sizeof(struct part));
	assert_non_null(shared);
	fuzzing.shared = shared;
	world_takes_any_scenario(shim_give_up);
	return trial_begin(&fuzzing.trial, &options.player, &fuzzing.vocabulary,
			   SCHED_SYNC);
}

static void every_program_is_played(void **state)
{
	static struct program p;
	unsigned int played = 0;
	struct prng r;
	char err[256];

	(void)state;
	if (!options.player.subject && !begin())
		skip();
	for (unsigned int i = 0; i < 300; i++) {
		prng_seed(&r, 11, i);
		generate(&p, &fuzzing.vocabulary, &r);
		for (unsigned int k = 0; k < 3; k++)
			mutate(&p, &fuzzing.vocabulary, &r, NULL, &most);
		if (!p.nr_lines || p.nr_actors < 2)
			continue;
		if (!trial_load(&fuzzing.trial, &p, err, sizeof(err)))
			fail_msg("%s", err);
		for (unsigned int k = 0; k < 3; k++) {
			struct trial_nth nth = trial_nth(&fuzzing.trial, k);

			played += trial_play(&fuzzing.trial, &nth);
		}
	}
	assert_true(played > 600);
}

static unsigned int covered_by(const struct program *p, uint64_t *numbers, uint64_t seed)
{
	const uint64_t *list;
	unsigned int nr;
	struct trial_nth nth;
	char err[256];

	assert_true(trial_load(&fuzzing.trial, p, err, sizeof(err)));
	if (seed)
		fuzzing.trial.seed = seed;
	nth = trial_nth(&fuzzing.trial, 0);
	trial_play(&fuzzing.trial, &nth);
	nr = cover_list(&list);
	memcpy(numbers, list, nr * sizeof(list[0]));
	return nr;
}

static void what_is_minimised_keeps_what_it_covers(void **state)
{
	static const char small[] = "scenario a\nserver s\nprepare queue 0\nserve\n"
				    "client c\ngetattr ino 2\n";
	static const char large[] =
		"scenario b\ncpus 2\nserver s\nprepare queue 0\nserve\nclient c\n"
		"getattr ino 2\nclient d\nopen ino 3\nfsync ino 3\nserver e\nsleep 1\n";
	static struct program p, q;
	static uint64_t wanted[COVER_MAX], after[COVER_MAX];
	unsigned int nr, edges = 0, kept;
	char err[256];

	(void)state;
	if (!options.player.subject && !begin())
		skip();
	detectors_cover(true);
	assert_true(text_parse(text, "a", small, strlen(small), err, sizeof(err)));
	assert_true(program_of(&p, &vocabulary, text, small));
	nr = covered_by(&p, wanted, 0);
	assert_true(nr > 100);
	assert_true(text_parse(text, "b", large, strlen(large), err, sizeof(err)));
	assert_true(program_of(&q, &vocabulary, text, large));
	covered_by(&q, after, 0);
	/* what both cover */
	for (unsigned int i = 0; i < nr; i++)
		if (cover_has(wanted[i]))
			wanted[edges++] = wanted[i];
	assert_true(edges > 100);
	kept = q.nr_lines;
	minimise(&fuzzing, &q, wanted, edges, 1);
	assert_true(q.nr_lines < kept);
	covered_by(&q, after, 0);
	for (unsigned int i = 0; i < edges; i++)
		assert_true(cover_has(wanted[i]));
	detectors_cover(false);
}

/* one that asks for more than a world has ends its execution alone */
static void a_program_may_ask_for_too_much(void **state)
{
	static const char file[] = "scenario a\nserver s\nregister queue 0 entry 0\n"
				   "client c\nread ino 2 offset 0 size 1048576\n"
				   "read ino 2 offset 0 size 1048576\n"
				   "read ino 2 offset 0 size 1048576\n"
				   "read ino 2 offset 0 size 1048576\n"
				   "read ino 2 offset 0 size 1048576\n";
	static struct program p;
	struct trial_nth nth = { .order = ORDER_DEFAULT };
	uint64_t lacked;
	char err[256];

	(void)state;
	if (!options.player.subject && !begin())
		skip();
	assert_true(text_parse(text, "a", file, strlen(file), err, sizeof(err)));
	assert_true(program_of(&p, &vocabulary, text, file));
	lacked = fuzzing.trial.lacked;
	assert_true(trial_load(&fuzzing.trial, &p, err, sizeof(err)));
	assert_false(trial_play(&fuzzing.trial, &nth));
	assert_int_equal(fuzzing.trial.lacked, lacked + 1);
	assert_non_null(world_lacked());
	p.nr_lines = 3;
	assert_true(trial_load(&fuzzing.trial, &p, err, sizeof(err)));
	assert_true(trial_play(&fuzzing.trial, &nth));
	assert_null(world_lacked());
}

/*
 * An hour makes some thousand programs, all of which each process has: they may take
 * little more than their text does.
 */
static void a_program_that_is_kept_takes_little(void **state)
{
	enum { PROGRAMS = 4000 };
	static char bytes[PROGRAM_TEXT];
	char name[PROGRAM_NAME];
	size_t before = mallinfo2().uordblks, after, text_size = 0;
	struct corpus c = { 0 };
	struct program p;
	struct prng r;

	(void)state;
	prng_seed(&r, 3, 0);
	for (unsigned int i = 0; i < PROGRAMS; i++) {
		size_t size;

		generate(&p, &vocabulary, &r);
		size = program_text(&p, &vocabulary, bytes, name);
		assert_true(size);
		assert_true(corpus_add(&c, bytes, size, 1));
		text_size += size;
	}
	assert_int_equal(c.nr, PROGRAMS);
	after = mallinfo2().uordblks;
	if (!after) {
		corpus_free(&c);
		skip(); /* a sanitizer's malloc() does not tell */
	}
	/* that they are short is their minimising, and not asked for here */
	assert_in_range(after - before, text_size, text_size + 64 * PROGRAMS);
	corpus_free(&c);
	/* small pieces that are free are in use for malloc() */
	assert_in_range(mallinfo2().uordblks, 0, before + (after - before) / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_program_is_a_file),
		cmocka_unit_test(the_same_seed_makes_the_same),
		cmocka_unit_test(every_word_is_generated),
		cmocka_unit_test(no_number_is_larger_than_its_hint_says),
		cmocka_unit_test(every_hint_is_of_a_word),
		cmocka_unit_test(what_is_seldom_of_use_is_seldom_taken),
		cmocka_unit_test(what_the_subject_cannot_do_is_left_out),
		cmocka_unit_test(repair_takes_away_what_depends),
		cmocka_unit_test(less_is_made_of_all_that_is_not_needed),
		cmocka_unit_test(a_set_has_what_was_added),
		cmocka_unit_test(every_program_is_played),
		cmocka_unit_test(what_is_minimised_keeps_what_it_covers),
		cmocka_unit_test(a_program_may_ask_for_too_much),
		cmocka_unit_test(a_program_that_is_kept_takes_little),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
