// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comparing what came of calls with the other way, of a driver that is made up here: what
 * differs is reported, what need not be the same is not, and what is known already is not
 * played again.
 */
#include "unit.h"

#include "engine/difference.h"
#include "engine/player.h"

#define MANY 200

static struct {
	unsigned int nr;
	struct outcome here[MANY], there[MANY];
	bool breaks;
} is;

/* ---- a driver ---- */

static int load(void)
{
	return 0;
}

static void unload(void)
{
}

static const struct subject_driver module = {
	.name = "made up",
	.module_init = load,
	.module_exit = unload,
};
static const struct subject subject = { .name = "made up", .driver = &module };

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

static unsigned int note(struct world *w, struct outcome *list)
{
	(void)w;
	memcpy(list, is.here, is.nr * sizeof(list[0]));
	return is.nr;
}

static const void *config(void)
{
	return NULL;
}

static void plays_again(struct world *w)
{
	(void)w;
	/* what a detector finds there is no failure of this execution */
	if (is.breaks || sched_hooks())
		report(REPORT_ACCOUNTING, NULL, "the other way is broken");
}

static void look(struct world *w, struct outcome *list)
{
	(void)w;
	memcpy(list, is.there, is.nr * sizeof(list[0]));
}

static const char *words(unsigned int nr, const char **object)
{
	(void)nr;
	*object = "CALL";
	return "a call";
}

static const struct driver_difference difference = {
	.ways = { "one way", "the other way" },
	.note = note,
	.config = config,
	.play = plays_again,
	.look = look,
	.words = words,
};
static const struct driver driver = {
	.name = "made up",
	.open = opens,
	.close = closes,
	.lost_calls = no_calls,
	.difference = &difference,
};

static void play(struct world *w)
{
	(void)w;
}

static const struct scenario scenario = { .name = "made-up", .play = play };
static const struct player player = {
	.subject = &subject,
	.driver = &driver,
	.scenario = &scenario,
};

static const struct outcome good = {
	.key = 0x1234500, .request = 1, .reply = 2, .ret = 3, .len = 4, .ended = true
};

static int begin(void **state)
{
	memset(&is, 0, sizeof(is));
	is.nr = 1;
	is.here[0] = is.there[0] = good;
	difference_begin();
	return fresh_kernel(state);
}

static void plays(void)
{
	player_play(&player, NULL);
}

static void reports(const char *group)
{
	plays();
	assert_int_equal(report_count(), 1);
	assert_int_equal(report_get(0)->kind, REPORT_DIFFERENCE);
	assert_string_equal(report_get(0)->group, group);
	report_reset();
}

/* ---- tests ---- */

static void what_is_the_same_is_compared_and_not_reported(void **state)
{
	(void)state;
	plays();
	assert_int_equal(report_count(), 0);
	assert_int_equal(difference_tally()->compared, 1);
	assert_int_equal(difference_tally()->worlds, 1);
}

static void whatever_a_client_gets_differs_is_reported(void **state)
{
	(void)state;
	is.there[0].reply++;
	reports("difference: answer-differs of CALL");
	/* it is another one whenever another key is looked for */
	is.here[0].key++;
	is.there[0] = good;
	is.there[0].error = -5;
	reports("difference: answer-differs of CALL");
	is.here[0].key++;
	is.there[0] = good;
	is.there[0].ret++;
	reports("difference: answer-differs of CALL");
	is.here[0].key++;
	is.there[0] = good;
	is.there[0].len++;
	reports("difference: answer-differs of CALL");
	is.here[0].key++;
	is.there[0] = good;
	is.there[0].ended = false;
	reports("difference: answer-differs of CALL");
}

static void a_request_that_differs_is_the_cause(void **state)
{
	(void)state;
	is.there[0].request++;
	is.there[0].reply++;
	reports("difference: request-differs of CALL");
}

static void a_request_that_nobody_looked_at_is_not_compared(void **state)
{
	(void)state;
	is.there[0].request = 0;
	plays();
	assert_int_equal(report_count(), 0);
}

static void what_need_not_be_the_same_is_counted_by_its_reason(void **state)
{
	(void)state;
	is.there[0].reply++;
	is.here[0].why = DISTURBED_SIGNAL;
	plays();
	assert_int_equal(report_count(), 0);
	assert_int_equal(difference_tally()->left_out[DISTURBED_SIGNAL], 1);
	assert_int_equal(difference_tally()->worlds, 0);
}

static void another_way_that_is_broken_says_nothing(void **state)
{
	(void)state;
	is.breaks = true;
	is.there[0].reply++;
	plays();
	assert_int_equal(report_count(), 0);
	assert_int_equal(difference_tally()->left_out[DISTURBED_BROKEN], 1);
}

static void what_is_known_is_not_played_again(void **state)
{
	(void)state;
	plays();
	plays();
	assert_int_equal(report_count(), 0);
	assert_int_equal(difference_tally()->compared, 2);
	assert_int_equal(difference_tally()->worlds, 1);
}

/* a replay would have nothing of another execution to compare with */
static void what_differs_from_what_is_known_is_looked_at_again(void **state)
{
	(void)state;
	plays();
	is.here[0].reply++;
	reports("difference: answer-differs of CALL");
	assert_int_equal(difference_tally()->worlds, 2);
	is.there[0].reply++; /* in this one both ways have another reply */
	plays();
	assert_int_equal(report_count(), 0);
	assert_int_equal(difference_tally()->worlds, 3);
}

static void a_search_looks_at_so_much_that_is_new(void **state)
{
	const struct difference_tally *t = difference_tally();

	(void)state;
	for (unsigned int i = 0; i < 100; i++) {
		is.here[0].key += 0x10001;
		plays();
	}
	assert_int_equal(t->compared + t->left_out[DISTURBED_BUDGET], 100);
	assert_in_range(t->worlds, 32, 39);
	difference_end();
	is.here[0].key += 0x10001;
	plays();
	assert_int_equal(t->compared + t->left_out[DISTURBED_BUDGET], 101);
	assert_in_range(t->worlds, 33, 40);
}

static void more_calls_than_are_kept_are_compared_or_counted(void **state)
{
	const struct difference_tally *t = difference_tally();

	(void)state;
	is.nr = MANY;
	for (unsigned int i = 0; i < MANY; i++) {
		is.here[i] = is.there[i] = good;
		is.here[i].key = 0x100 + (i << 11); /* all begin at one place */
	}
	plays();
	assert_int_equal(report_count(), 0);
	assert_int_equal(t->compared + t->left_out[DISTURBED_BUDGET], MANY);
	assert_true(t->compared >= 8);
}

#define test(f) cmocka_unit_test_setup(f, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_the_same_is_compared_and_not_reported),
		test(whatever_a_client_gets_differs_is_reported),
		test(a_request_that_differs_is_the_cause),
		test(a_request_that_nobody_looked_at_is_not_compared),
		test(what_need_not_be_the_same_is_counted_by_its_reason),
		test(another_way_that_is_broken_says_nothing),
		test(what_is_known_is_not_played_again),
		test(what_differs_from_what_is_known_is_looked_at_again),
		test(a_search_looks_at_so_much_that_is_new),
		test(more_calls_than_are_kept_are_compared_or_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
