// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one place where a scenario is played: with a driver that is made up here, what
 * cannot be opened is reported and not played, and what was opened is closed once.
 */
#include "unit.h"

#include "detect/race.h"
#include "engine/detectors.h"
#include "engine/player.h"
#include "world/world_i.h"

static struct {
	bool module_fails, open_fails, stops, races, looks;
	unsigned int stalled;
	unsigned int opened, played, checked, closed, unloaded;
	struct world *watched;
} is;

/* ---- a subject, a driver and a scenario ---- */

static int load(void)
{
	return is.module_fails ? -1 : 0;
}

static void unload(void)
{
	is.unloaded++;
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
	is.opened++;
	if (is.open_fails)
		report(REPORT_ACCOUNTING, NULL, "it cannot be opened");
	return !is.open_fails;
}

static bool closes(struct world *w)
{
	(void)w;
	is.closed++;
	return true;
}

static unsigned int no_calls(struct world *w)
{
	(void)w;
	return 0;
}

static void watches(struct world *w, bool on)
{
	is.watched = on ? w : NULL;
}

/* before the checks: closing the world ends what stalls */
static unsigned int stalled(struct world *w)
{
	(void)w;
	if (is.stalled && !is.checked && !is.closed)
		report(REPORT_PROGRESS, NULL, "a call stalls");
	return is.stalled;
}

static const struct driver driver = {
	.name = "made up",
	.open = opens,
	.close = closes,
	.lost_calls = no_calls,
	.stalled_calls = stalled,
	.watch = watches,
};

static void stop(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	report_fatal(REPORT_KERNEL, NULL, "a BUG");
}

static void play(struct world *w)
{
	is.played++;
	if (is.stops)
		actor_does(server_thread(w, "server-0"), stop, NULL);
}

static void check(struct world *w)
{
	is.checked++;
	expect(w, is.played == 1);
}

static PER_PLAY unsigned int checks;
static PER_PLAY struct world *those[3];

static void leaves_something_behind(struct world *w)
{
	expect(w, !checks && !those[0] && !those[2]);
	checks++;
	those[0] = those[2] = w;
}

static const struct scenario forgetful = { .name = "forgetful",
					   .play = play,
					   .check = leaves_something_behind };

static const struct scenario scenario = { .name = "made-up",
					  .play = play,
					  .check = check };
static struct player player = {
	.subject = &subject,
	.driver = &driver,
	.scenario = &scenario,
};

static int begin(void **state)
{
	memset(&is, 0, sizeof(is));
	return fresh_kernel(state);
}

/* ---- tests ---- */

static void a_scenario_is_opened_played_checked_and_closed(void **state)
{
	const struct world *w;

	(void)state;
	w = player_play(&player, NULL);
	assert_non_null(w);
	assert_int_equal(is.opened + is.played + is.checked + is.closed + is.unloaded, 5);
	assert_int_equal(world_checks(w), 1);
	assert_int_equal(report_count(), 0);
	assert_ptr_equal(is.watched, w);
}

/* else what is looked at after an execution is what an earlier one has left there */
static void nothing_is_left_of_an_earlier_play(void **state)
{
	const struct player forgets = {
		.subject = &subject,
		.driver = &driver,
		.scenario = &forgetful,
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		player_play(&forgets, NULL);
		assert_int_equal(checks, 1);
		assert_int_equal(report_count(), 0);
	}
}

static void calls_that_a_server_waits_to_answer_are_looked_for(void **state)
{
	(void)state;
	is.stalled = 1;
	player_play(&player, NULL);
	assert_reported(REPORT_PROGRESS, "a call stalls");
}

static void what_cannot_be_opened_is_reported_and_not_played(void **state)
{
	(void)state;
	is.open_fails = true;
	assert_null(player_play(&player, NULL));
	assert_int_equal(is.played + is.checked + is.closed, 0);
	assert_reported(REPORT_ACCOUNTING, "it cannot be opened");
}

static void a_module_that_does_not_load_is_reported_and_not_played(void **state)
{
	(void)state;
	is.module_fails = true;
	assert_null(player_play(&player, NULL));
	assert_int_equal(is.opened + is.played, 0);
	assert_reported(REPORT_ACCOUNTING, "the module could not be loaded");
}

static void after_an_execution_was_stopped_nothing_is_checked_or_closed(void **state)
{
	(void)state;
	is.stops = true;
	assert_non_null(player_play(&player, NULL));
	assert_int_equal(is.played, 1);
	assert_int_equal(is.checked + is.closed + is.unloaded, 0);
	assert_reported(REPORT_KERNEL, "a BUG");
}

static void points_have_names(void **state)
{
	(void)state;
	assert_int_equal(points_of("sync"), SCHED_SYNC);
	assert_int_equal(points_of("marked"), SCHED_MARKED);
	assert_int_equal(points_of("all"), SCHED_ALL);
	assert_int_equal(points_of("some"), 0);
}

/* ---- races in an opening ---- */

static int shared;

static void writes(struct actor *a, void *arg)
{
	(void)a;
	(void)arg;
	race_access(&shared, sizeof(shared), true, false, (void *)(uintptr_t)writes,
		    NULL);
}

static bool opens_in_a_race(struct world *w, const void *config)
{
	(void)config;
	is.looks = race_on();
	for (unsigned int i = 0; is.races && i < 2; i++) {
		struct actor *a = server_thread(w, "server");

		actor_does(a, writes, NULL);
		run_alone(a);
	}
	return true;
}

/* Return: whether races were looked for while the world was opened */
static bool looks_when_it_opens(const struct driver *d, const void *config)
{
	static const struct subject hooked = { .name = "made up",
					       .driver = &module,
					       .hooked = true };
	const struct scenario s = { .name = "opened", .config = config, .play = play };
	const struct player p = { .subject = &hooked, .driver = d, .scenario = &s };

	is.looks = false;
	player_play(&p, NULL);
	return is.looks;
}

static void races_in_an_opening_are_looked_for_once_unless_there_are_some(void **state)
{
	struct driver d = driver;
	struct world_config config = { .cpus = 1 };

	(void)state;
	detectors_choose("race");
	d.open = opens_in_a_race;
	d.config_size = sizeof(config);
	assert_true(looks_when_it_opens(&d, &config));
	assert_false(looks_when_it_opens(&d, &config));
	assert_true(race_on()); /* from then on */
	config.cpus = 2;
	assert_true(looks_when_it_opens(&d, &config));
	assert_false(looks_when_it_opens(&d, &config));
	/* one that races is looked at each time, and reported each time */
	config.cpus = 3;
	is.races = true;
	for (unsigned int i = 0; i < 3; i++) {
		assert_true(looks_when_it_opens(&d, &config));
		assert_int_equal(report_count_kind(REPORT_RACE), 1);
	}
	/* of what nobody can compare each may be another one */
	is.races = false;
	d.config_size = 0;
	for (unsigned int i = 0; i < 3; i++)
		assert_true(looks_when_it_opens(&d, &config));
	report_reset();
	detectors_choose("all");
}

#define test(f) cmocka_unit_test_setup(f, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_scenario_is_opened_played_checked_and_closed),
		test(nothing_is_left_of_an_earlier_play),
		test(calls_that_a_server_waits_to_answer_are_looked_for),
		test(what_cannot_be_opened_is_reported_and_not_played),
		test(a_module_that_does_not_load_is_reported_and_not_played),
		test(after_an_execution_was_stopped_nothing_is_checked_or_closed),
		test(points_have_names),
		test(races_in_an_opening_are_looked_for_once_unless_there_are_some),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
