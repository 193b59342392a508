// SPDX-License-Identifier: GPL-2.0-only
/*
 * What shrinking leaves of a schedule: with models that are made up here, of which it is
 * known what their failure needs.
 */
#include "engine/hunt.h"
#include "engine/shrink.h"
#include "model/model_i.h"
#include "shim/work.h"
#include "unit.h"

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
static struct schedule *found_by(const struct player *p, uint64_t executions)
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
	return found_by(&player, 1000);
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
	s = found_by(&needy, 20000);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh_test(only_the_switch_that_a_failure_needs_is_left),
		fresh_test(a_schedule_without_its_failure_is_left_alone),
		fresh_test(what_a_failure_that_ends_it_does_not_need_is_parked),
		fresh_test(what_need_not_happen_does_not),
		fresh_test(all_run_if_the_failure_does_not_end_the_execution),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
