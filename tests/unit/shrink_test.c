// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shrinking leaves of a schedule: with models that are made up here, of which it is
 * known what their failure needs.
 */
#include "engine/hunt.h"
#include "engine/keep.h"
#include "engine/shrink.h"
#include "model/model_i.h"
#include "shim/work.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>

enum { BYSTANDER, OPENER, LOOKER, LATE_BYSTANDER, TASKS };

static unsigned int window, other;
static bool stops;

static void seen_open(void)
{
	if (stops)
		report_fatal(REPORT_KERNEL, NULL, "it was open");
	report(REPORT_KERNEL, NULL, "it was open");
}

/* @window is 1 for one step of the opener; two tasks have nothing to do with it */
static void body(void *arg)
{
	switch (number_of(arg)) {
	case OPENER:
		MARKED_STORE(window, 1);
		MARKED_STORE(window, 0);
		break;
	case LOOKER:
		if (MARKED_LOAD(window))
			seen_open();
		break;
	default:
		MARKED_STORE(other, 1);
		MARKED_STORE(other, 2);
	}
}

static void reset(const struct model *m)
{
	(void)m;
	window = other = 0;
}

static const struct model_family family = {
	.name = "window",
	.reset = reset,
	.body = body,
};
static const struct player player = {
	.model = { .name = "window", .family = &family, .tasks = TASKS },
};

/* the schedule of a failure that a search finds */
static struct schedule *found_playing(const struct player *p, uint64_t executions)
{
	static struct schedule s;
	const struct hunt_options o = {
		.search = { .kind = SEARCH_RANDOM,
			    .mask = SCHED_MARKED,
			    .executions = executions,
			    .seed = 7,
			    .shards = 1 },
		.jobs = 1,
		.first = true,
	};
	const struct hunt_result *r = hunt(p, &o);
	const struct found *f = r->order[0];

	assert_int_equal(r->nr, 1);
	schedule_clear(&s);
	snprintf(s.points, sizeof(s.points), "marked");
	snprintf(s.kind, sizeof(s.kind), "%s", report_kind_name(f->report.kind));
	snprintf(s.summary, sizeof(s.summary), "%s", f->report.summary);
	s.stops = f->stops;
	s.nr = f->nr;
	memcpy(s.list, f->list, f->nr * sizeof(f->list[0]));
	return &s;
}

static struct schedule *found(void)
{
	return found_playing(&player, 1000);
}

static void no_harm(struct shim_work *work)
{
	(void)work;
	MARKED_STORE(other, 3);
}

static void assert_shrunk(const struct schedule *s, const struct shrunk *result)
{
	assert_true(result->again);
	assert_true(result->least);
	assert_int_equal(result->preemptions, 1);
	/* the opener is left for the looker, while it is open */
	assert_int_equal(s->nr, 1);
	assert_int_equal(s->list[0].from, OPENER);
	assert_int_equal(s->list[0].to, LOOKER);
}

static void only_the_switch_that_a_failure_needs_is_left(void **state)
{
	struct shrunk result;
	struct schedule *s;

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		stops = i;
		s = found();
		assert_true(s->nr > 1);
		assert_int_equal(s->stops, stops);
		assert_true(shrink_schedule(&player, s, &result));
		assert_shrunk(s, &result);
		/* the bystander has its turn by default: without it there is one switch
		 * more
		 */
		assert_int_equal(s->parked, 0);
	}
}

static void a_schedule_without_its_failure_is_left_alone(void **state)
{
	struct shrunk result;
	struct schedule *s;
	unsigned int nr;

	(void)state;
	stops = true;
	s = found();
	nr = s->nr;
	snprintf(s->summary, sizeof(s->summary), "it was closed");
	assert_false(shrink_schedule(&player, s, &result));
	assert_int_equal(s->nr, nr);
}

/* ---- what may happen ---- */

/* an allocation that fails while the window is open; a timer that does no harm */
static void needy_body(void *arg)
{
	static struct shim_work work;

	switch (number_of(arg)) {
	case OPENER:
		shim_work_init(&work, no_harm);
		shim_work_queue(&work, 5, SCHED_SITE("work"));
		MARKED_STORE(window, 1);
		MARKED_STORE(window, 0);
		break;
	case LOOKER:
		if (!shim_kmalloc(8, 0, SCHED_SITE("first")))
			return;
		if (!shim_kmalloc(8, 0, SCHED_SITE("second")) && MARKED_LOAD(window))
			seen_open();
		break;
	default:
		shim_kmalloc(8, 0, SCHED_SITE("other"));
	}
}

static const struct model_family needy_family = {
	.name = "needy",
	.reset = reset,
	.body = needy_body,
};
static const struct player needy = {
	.model = { .name = "needy", .family = &needy_family, .tasks = TASKS },
	.chances = { .timers = 1, .faults = 2 },
};

static unsigned int switches_to(const struct schedule *s, const char *name)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->nr; i++)
		n += !strcmp(s->notes[i].to, name);
	return n;
}

static void what_need_not_happen_does_not(void **state)
{
	struct shrunk result;
	struct schedule *s;
	char words[200];

	(void)state;
	stops = false;
	s = found_playing(&needy, 20000);
	assert_true(shrink_schedule(&needy, s, &result));
	assert_true(result.again);
	assert_int_equal(result.preemptions, 1);
	assert_int_equal(switches_to(s, "clock"), 0);
	assert_int_equal(switches_to(s, "fault-alloc"), 1);
	/* it has just been played once more */
	assert_true(chances_words(0, words, sizeof(words)));
	assert_non_null(strstr(words, " fails in needy_body"));
	assert_false(chances_words(1, words, sizeof(words)));
}

/* ---- tasks ---- */

enum { SPOILER, WAKER, READER };

static unsigned int spoilt;

/* the reader fails unless the spoiler is before it, which sleeps until it is woken */
static void second_body(void *arg)
{
	struct sched_task *spoiler = sched_task_nr(SPOILER);

	switch (number_of(arg)) {
	case SPOILER:
		sched_block(&spoilt, "the waker", SCHED_SITE("spoilt"));
		MARKED_STORE(spoilt, 1);
		break;
	case WAKER:
		MARKED_STORE(other, 1);
		if (spoiler->state == SCHED_BLOCKED)
			sched_wake(spoiler);
		break;
	default:
		if (!MARKED_LOAD(spoilt))
			seen_open();
	}
}

static void second_reset(const struct model *m)
{
	(void)m;
	spoilt = other = 0;
}

static const struct model_family second_family = {
	.name = "spoilt",
	.reset = second_reset,
	.body = second_body,
};
static const struct player second = {
	.model = { .name = "spoilt", .family = &second_family, .tasks = 3 },
};

/* when the waker has ended, the reader runs, and not the task that was woken */
static struct schedule *reader_first(void)
{
	static struct schedule s;

	schedule_clear(&s);
	snprintf(s.points, sizeof(s.points), "marked");
	snprintf(s.kind, sizeof(s.kind), "%s", report_kind_name(REPORT_KERNEL));
	snprintf(s.summary, sizeof(s.summary), "it was open");
	s.stops = stops;
	s.nr = 1;
	s.list[0] = (struct task_switch){ .from = WAKER, .to = READER, .at = 1 };
	return &s;
}

/* without the waker nothing has to be kept from waking up */
static void what_a_failure_that_ends_it_does_not_need_is_parked(void **state)
{
	struct shrunk result;
	struct schedule *s;

	(void)state;
	stops = true;
	s = reader_first();
	assert_true(shrink_schedule(&second, s, &result));
	assert_true(result.again);
	assert_int_equal(result.preemptions, 0);
	assert_true(s->nr <= 1);
	assert_true(s->parked & (1u << WAKER));
	assert_false(s->parked & (1u << READER));
}

/* what was not done at the end may be what it is about */
static void all_run_if_the_failure_does_not_end_the_execution(void **state)
{
	struct shrunk result;
	struct schedule *s;

	(void)state;
	stops = false;
	s = reader_first();
	assert_true(shrink_schedule(&second, s, &result));
	assert_true(result.again);
	assert_int_equal(s->parked, 0);
}

/* ---- several programs, many schedules ---- */

static unsigned int plays, from[3], loads;

static void fail_if(bool failed)
{
	if (failed)
		seen_open();
}

/* 1: one window, among tasks that have nothing to do with it */
static void one_window(unsigned int me)
{
	if (me == 2) {
		MARKED_STORE(from[0], 1);
		MARKED_STORE(from[0], 0);
	} else if (me == 3) {
		fail_if(MARKED_LOAD(from[0]));
	} else {
		MARKED_STORE(other, 1);
		MARKED_STORE(other, 2);
	}
}

/* 2: a window that is opened while another one is */
static void window_in_a_window(unsigned int me)
{
	if (me == 2) {
		MARKED_STORE(from[0], 1);
		MARKED_STORE(from[0], 0);
	} else if (me == 3) {
		if (!MARKED_LOAD(from[0]))
			return;
		MARKED_STORE(from[1], 1);
		MARKED_STORE(from[1], 0);
	} else if (me == 1) {
		fail_if(MARKED_LOAD(from[1]));
	} else {
		MARKED_STORE(other, 1);
	}
}

/* 0: nobody has to be interrupted, the last one has to be the first */
static void last_first(unsigned int me)
{
	if (me == 3)
		fail_if(!MARKED_LOAD(other));
	MARKED_STORE(other, 1);
	MARKED_STORE(other, 2);
}

/* 0: any task before the first one is through, of which there are several steps */
static void before_it_is_through(unsigned int me)
{
	if (me == 0) {
		for (unsigned int i = 0; i < 5; i++)
			MARKED_STORE(other, i);
		MARKED_STORE(from[0], 1);
	} else if (me == 3) {
		fail_if(!MARKED_LOAD(from[0]));
	} else {
		MARKED_STORE(from[2], me);
	}
}

/* 1: the third comes between two steps of the second, which needs the first */
static void in_between(unsigned int me)
{
	switch (me) {
	case 0:
		MARKED_STORE(from[0], 1);
		break;
	case 1:
		if (!MARKED_LOAD(from[0]))
			return;
		MARKED_STORE(from[1], 1);
		MARKED_STORE(from[1], 2);
		break;
	case 2:
		fail_if(MARKED_LOAD(from[0]) && MARKED_LOAD(from[1]) == 1);
		break;
	default:
		MARKED_STORE(other, 1);
		MARKED_STORE(other, 2);
	}
}

static const struct {
	void (*body)(unsigned int me);
	unsigned int preemptions, switches;
} programs[] = {
	{ one_window, 1, 1 }, { window_in_a_window, 2, 2 },
	{ last_first, 0, 1 }, { before_it_is_through, 0, 1 },
	{ in_between, 1, 1 },
};

static unsigned int program;

static void program_body(void *arg)
{
	programs[program].body(number_of(arg));
}

static void program_reset(const struct model *m)
{
	(void)m;
	plays++;
	other = loads = 0;
	memset(from, 0, sizeof(from));
}

static const struct model_family program_family = {
	.name = "program",
	.reset = program_reset,
	.body = program_body,
};
static const struct player of_program = {
	.model = { .name = "program", .family = &program_family, .tasks = 4 },
};

static struct schedule *found_by(enum search_kind kind, uint64_t seed)
{
	static struct schedule s;
	const struct hunt_options o = {
		.search = { .kind = kind,
			    .mask = SCHED_MARKED,
			    .executions = 20000,
			    .seed = seed,
			    .depth = 3,
			    .steps = 20,
			    .shards = 1 },
		.jobs = 1,
		.first = true,
	};
	const struct found *f = hunt(&of_program, &o)->order[0];

	assert_non_null(f);
	schedule_clear(&s);
	snprintf(s.points, sizeof(s.points), "marked");
	snprintf(s.kind, sizeof(s.kind), "%s", report_kind_name(f->report.kind));
	snprintf(s.summary, sizeof(s.summary), "%s", f->report.summary);
	s.stops = f->stops;
	s.nr = f->nr;
	memcpy(s.list, f->list, f->nr * sizeof(f->list[0]));
	return &s;
}

/* Return: whether the failure comes with these switches, and those tasks parked */
static bool comes(struct schedule *s)
{
	return keep_replay(&of_program, s, true);
}

/* each of its switches is needed */
static void assert_no_switch_can_go(struct schedule *s)
{
	static struct schedule less;

	for (unsigned int i = 0; i < s->nr; i++) {
		less = *s;
		memmove(less.list + i, less.list + i + 1,
			(s->nr - i - 1) * sizeof(less.list[0]));
		less.nr--;
		assert_false(comes(&less));
	}
}

static void shrinks(struct schedule *s)
{
	struct shrunk result;
	unsigned int nr = s->nr;

	plays = 0;
	assert_true(shrink_schedule(&of_program, s, &result));
	/* and once more at the end, to see that it comes again */
	assert_int_equal(plays, result.replays + 1);
	assert_true(result.again);
	assert_true(result.least);
	assert_int_equal(result.preemptions, programs[program].preemptions);
	assert_true(s->nr <= nr);
	assert_true(s->nr >= programs[program].switches);
	assert_true(comes(s));
	assert_no_switch_can_go(s);
}

/* whichever schedule it is made of */
static void every_schedule_is_shrunk_to_what_its_failure_needs(void **state)
{
	(void)state;
	for (program = 0; program < sizeof(programs) / sizeof(programs[0]); program++)
		for (uint64_t seed = 0; seed < 12; seed++) {
			stops = seed % 3 == 2;
			shrinks(found_by(seed % 2 ? SEARCH_PCT : SEARCH_RANDOM, seed));
		}
}

/* of a failure that ends the execution: what is not needed does not run */
static void what_is_parked_is_not_needed(void **state)
{
	struct shrunk result;
	struct schedule *s;

	(void)state;
	stops = true;
	program = 0;
	for (uint64_t seed = 0; seed < 12; seed++) {
		s = found_by(SEARCH_RANDOM, seed);
		assert_true(shrink_schedule(&of_program, s, &result));
		assert_int_equal(s->parked & (1u << 2 | 1u << 3), 0);
		/* each task that still runs is needed */
		assert_true(comes(s));
		for (uint64_t ran = replay_ran() & ~s->parked; ran; ran &= ran - 1) {
			static struct schedule less;

			less = *s;
			less.parked |= ran & -ran;
			/* or else more switches are made */
			assert_true(!comes(&less) || replay_switches()->nr > s->nr);
		}
	}
}

/* ---- moving a switch, where a search would take too long ---- */

/* eight tasks in every order are more executions than are searched */
static void many_body(void *arg)
{
	unsigned int me = number_of(arg);

	if (me == 7)
		fail_if(!MARKED_LOAD(loads));
	MARKED_STORE(other, me);
	if (me == 0)
		MARKED_STORE(loads, 1);
	MARKED_STORE(other, me + 8);
}

static const struct model_family many_family = {
	.name = "many",
	.reset = program_reset,
	.body = many_body,
};
static const struct player many = {
	.model = { .name = "many", .family = &many_family, .tasks = 8 },
};

/* instead of between two steps of the first task the last one runs before it */
static void a_switch_is_moved_to_where_a_task_has_to_stop_anyway(void **state)
{
	static struct schedule s;
	struct shrunk result;

	(void)state;
	stops = false;
	schedule_clear(&s);
	snprintf(s.points, sizeof(s.points), "marked");
	snprintf(s.kind, sizeof(s.kind), "%s", report_kind_name(REPORT_KERNEL));
	snprintf(s.summary, sizeof(s.summary), "it was open");
	s.nr = 1;
	s.list[0] = (struct task_switch){ .from = 0, .to = 7, .at = 1 };
	plays = 0;
	assert_true(shrink_schedule(&many, &s, &result));
	assert_int_equal(plays, result.replays + 1);
	assert_int_equal(result.preemptions, 0);
	assert_true(result.least && result.again);
	assert_int_equal(s.nr, 1);
	assert_int_equal(s.list[0].from, SWITCH_START);
	assert_int_equal(s.list[0].to, 7);
	assert_int_equal(s.list[0].at, 0);
	/* that is not searched for */
	assert_true(result.replays < 20);
}

/* ---- searching for less ---- */

static unsigned int order_of;

/* it fails in a window, and when all run in the order 3, 2, 1, 0: no move leads there */
static void two_ways_body(void *arg)
{
	unsigned int me = number_of(arg);

	MARKED_STORE(order_of, order_of * 4 + me);
	fail_if(order_of == ((3 * 4 + 2) * 4 + 1) * 4);
	if (me == 0) {
		MARKED_STORE(from[0], 1);
		MARKED_STORE(from[0], 0);
	} else if (me == 1) {
		fail_if(MARKED_LOAD(from[0]));
	}
}

static void two_ways_reset(const struct model *m)
{
	program_reset(m);
	order_of = 0;
}

static const struct model_family two_ways_family = {
	.name = "two-ways",
	.reset = two_ways_reset,
	.body = two_ways_body,
};

static struct schedule *one_failure(unsigned int nr, const struct task_switch *list)
{
	static struct schedule s;

	schedule_clear(&s);
	snprintf(s.points, sizeof(s.points), "marked");
	snprintf(s.kind, sizeof(s.kind), "%s", report_kind_name(REPORT_KERNEL));
	snprintf(s.summary, sizeof(s.summary), "it was open");
	s.nr = nr;
	memcpy(s.list, list, nr * sizeof(list[0]));
	return &s;
}

static void an_order_without_preemptions_is_searched_for(void **state)
{
	static const struct player two_ways = {
		.model = { .name = "two-ways", .family = &two_ways_family, .tasks = 4 },
	};
	static const struct task_switch opened[] = { { 0, 1, 2 } };
	struct schedule *s = one_failure(1, opened);
	struct shrunk result;

	(void)state;
	stops = false;
	plays = 0;
	assert_true(shrink_schedule(&two_ways, s, &result));
	assert_int_equal(plays, result.replays + 1);
	assert_int_equal(result.preemptions, 0);
	assert_true(result.least);
	assert_true(result.again);
	assert_int_equal(s->nr, 3);
	assert_int_equal(s->list[0].from, SWITCH_START);
	assert_int_equal(s->list[0].to, 3);
	assert_int_equal(s->list[1].from, 3);
	assert_int_equal(s->list[1].to, 2);
	assert_int_equal(s->list[2].from, 2);
	assert_int_equal(s->list[2].to, 1);
	/* what was recorded of the last replay is of this schedule */
	assert_string_equal(s->notes[0].to, "task-4");
	assert_string_equal(s->notes[2].to, "task-2");
	assert_int_equal(s->parked, 0);
}

/* ---- another task where one has to stop ---- */

/*
 * Task 1 fails when @a was done by task 2, which is not through, or by task 3, which
 * does no more. That it needs no preemption does not follow from running task 1 earlier.
 */
static void instead_body(void *arg)
{
	unsigned int me = number_of(arg);

	if (me == 1)
		fail_if(MARKED_LOAD(from[0]) && !MARKED_LOAD(from[1]));
	if (me == 2 || me == 3)
		MARKED_STORE(from[0], 1);
	if (me == 2) {
		MARKED_STORE(from[2], 1);
		MARKED_STORE(from[1], 1);
	}
	if (me > 3 || !me)
		MARKED_STORE(other, me);
}

static const struct model_family instead_family = {
	.name = "instead",
	.reset = program_reset,
	.body = instead_body,
};

static void another_task_is_chosen_where_one_has_to_stop(void **state)
{
	static const struct player instead = {
		.model = { .name = "instead", .family = &instead_family, .tasks = 8 },
	};
	/* when task 0 is through, and between two steps of task 2 */
	static const struct task_switch list[] = { { 0, 2, 1 }, { 2, 1, 2 } };
	struct schedule *s = one_failure(2, list);
	struct shrunk result;

	(void)state;
	stops = false;
	assert_true(shrink_schedule(&instead, s, &result));
	assert_int_equal(result.preemptions, 0);
	assert_true(result.least);
	assert_true(result.again);
	assert_int_equal(s->nr, 1);
	assert_int_equal(s->list[0].to, 3);
	assert_true(result.replays < 300);
}

/* ---- a search that is given up ---- */

/* whatever comes first, each of them changes a common object; only a window fails */
static void many_windows_body(void *arg)
{
	unsigned int me = number_of(arg);

	if (me == 7)
		fail_if(MARKED_LOAD(loads));
	MARKED_STORE(other, me);
	if (me == 0) {
		MARKED_STORE(loads, 1);
		MARKED_STORE(loads, 0);
	}
}

static const struct model_family many_windows_family = {
	.name = "many-windows",
	.reset = program_reset,
	.body = many_windows_body,
};

static const struct player many_windows = {
	.model = { .name = "many-windows", .family = &many_windows_family, .tasks = 8 },
};

static void what_was_not_searched_to_its_end_is_not_the_least(void **state)
{
	static const struct task_switch opened[] = { { 0, 7, 2 } };
	struct schedule *s = one_failure(1, opened);
	struct shrunk result;

	(void)state;
	stops = false;
	assert_true(shrink_schedule(&many_windows, s, &result));
	assert_true(result.again);
	assert_false(result.least);
	assert_int_equal(result.preemptions, 1);
	assert_int_equal(s->nr, 1);
	assert_true(result.replays > 20000 && result.replays < 21000);
}

/* the last test: nothing takes the signals back */
static void the_second_signal_leaves_a_failure_as_it_is(void **state)
{
	static const struct task_switch opened[] = { { 0, 7, 2 } };
	struct schedule *s = one_failure(1, opened);
	struct shrunk result;

	(void)state;
	stops = false;
	hunt_catch_signals();
	assert_int_equal(raise(SIGPIPE), 0);
	assert_int_equal(raise(SIGPIPE), 0);
	assert_true(hunt_signalled());
	assert_int_equal(raise(SIGINT), 0);
	assert_false(hunt_hurried());
	assert_int_equal(raise(SIGINT), 0);
	assert_true(hunt_hurried());
	assert_true(shrink_schedule(&many_windows, s, &result));
	hunt_let_signals();
	assert_true(result.again);
	assert_false(result.least);
	assert_int_equal(s->nr, 1);
	assert_true(result.replays < 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh_test(only_the_switch_that_a_failure_needs_is_left),
		fresh_test(a_schedule_without_its_failure_is_left_alone),
		fresh_test(what_a_failure_that_ends_it_does_not_need_is_parked),
		fresh_test(what_need_not_happen_does_not),
		fresh_test(all_run_if_the_failure_does_not_end_the_execution),
		fresh_test(every_schedule_is_shrunk_to_what_its_failure_needs),
		fresh_test(what_is_parked_is_not_needed),
		fresh_test(a_switch_is_moved_to_where_a_task_has_to_stop_anyway),
		fresh_test(an_order_without_preemptions_is_searched_for),
		fresh_test(another_task_is_chosen_where_one_has_to_stop),
		fresh_test(what_was_not_searched_to_its_end_is_not_the_least),
		fresh_test(the_second_signal_leaves_a_failure_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
