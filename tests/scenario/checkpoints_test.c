// SPDX-License-Identifier: GPL-2.0-only
/*
 * Executions that begin at a checkpoint are those that begin at the beginning: the same
 * traces, reports and verdicts, for every strategy. And a checkpoint that is put back
 * leaves nothing behind of the execution before: all memory is looked at.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "detect/lock_order.h"
#include "detect/race/moved.h"
#include "engine/checkpoints.h"
#include "engine/detectors.h"
#include "engine/known.h"
#include "engine/learn.h"
#include "engine/player.h"
#include "fuse/scenario/scenario.h"
#include "scenario/left_over.h"
#include "sched/checkpoint.h"
#include "sched/hash.h"
#include "sched/sanitizer.h"
#include "search/search.h"

#define EXECUTIONS 24

/* struct told - an execution; @known: how often each known report has come so far */
struct told {
	uint64_t trace, reports, known;
	enum search_verdict verdict;
};

/* struct story - what is played, how often */
struct story {
	struct search_options search;
	struct chances chances;
	unsigned int executions;
};

static uint64_t hash_reports(void)
{
	uint64_t h = HASH_START;

	for (size_t i = 0; i < report_count(); i++) {
		const struct report *r = report_get(i);

		h = hash_text(hash_text(h, r->summary), r->detail);
		h = hash_text(hash_text(hash_text(h, r->where), r->other), r->task);
	}
	return h;
}

static struct player player_of(const struct scenario *s, const struct story *story)
{
	return (struct player){ .subject = subject,
				.driver = &fuse_driver,
				.scenario = s,
				.chances = story->chances };
}

static void begin(const struct player *p, const struct story *story, bool checkpoints)
{
	struct search_options o = story->search;

	checkpoint_end();
	suppress_uncount();
	lock_order_watch(LOCK_ORDER_COLLECT);
	learn_profile(p, &o);
	search_begin(&o);
	if (checkpoints)
		checkpoints_begin(p);
}

/* Return: how many executions */
static unsigned int plays(const struct scenario *s, const struct story *story,
			  bool checkpoints, struct told *list)
{
	const struct player p = player_of(s, story);
	unsigned int n = 0;

	begin(&p, story, checkpoints);
	for (; n < story->executions && search_next(); n++) {
		player_play(&p, search_strategy());
		list[n].trace = trace_hash();
		list[n].reports = hash_reports();
		list[n].verdict = search_ended();
		list[n].known = hash_bytes(HASH_START, suppress_counts(),
					   sizeof(uint64_t) * suppress_nr());
	}
	checkpoints_end();
	lock_order_watch(LOCK_ORDER_OFF);
	report_reset();
	return n;
}

static bool can_be_played(const struct scenario *s)
{
	return (subject->driver->caps & s->needs) == s->needs;
}

static void is_the_same(const struct scenario *s, const struct story *story)
{
	static struct told with[EXECUTIONS], without[EXECUTIONS];
	unsigned int n = plays(s, story, false, without);

	assert_int_equal(plays(s, story, true, with), n);
	for (unsigned int i = 0; i < n; i++) {
		if (with[i].trace != without[i].trace)
			fail_msg("%s, execution %u: another trace", s->name, i);
		if (with[i].reports != without[i].reports)
			fail_msg("%s, execution %u: other reports", s->name, i);
		assert_int_equal(with[i].verdict, without[i].verdict);
		if (with[i].known != without[i].known)
			fail_msg("%s, execution %u: other known reports", s->name, i);
	}
}

static void all_are_the_same(const struct story *story)
{
	const unsigned long taken = checkpoint_taken();

	trace_enable(true, SCHED_MARKED);
	for (unsigned int i = 0; i < fuse_driver.nr_scenarios; i++)
		if (can_be_played(fuse_driver.scenarios[i]))
			is_the_same(fuse_driver.scenarios[i], story);
	trace_enable(false, 0);
#ifndef HAVE_ASAN
	assert_true(checkpoint_taken() > taken);
#else
	assert_int_equal(checkpoint_taken(), taken);
#endif
}

static void samples_are_the_same(void **state)
{
	static const enum search_kind kinds[] = { SEARCH_RANDOM, SEARCH_PCT, SEARCH_POS,
						  SEARCH_SURW, SEARCH_DELAY };

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct story story = { .search = { .kind = kinds[i],
						   .mask = SCHED_MARKED,
						   .seed = 7,
						   .depth = 3,
						   .steps = 200,
						   .delays = 2,
						   .preemptions = SEARCH_NO_BOUND },
				       .executions = 4 };

		all_are_the_same(&story);
	}
}

static void a_bounded_search_is_the_same(void **state)
{
	const struct story story = { .search = { .kind = SEARCH_EXHAUSTIVE,
						 .mask = SCHED_SYNC,
						 .preemptions = 2 },
				     .executions = EXECUTIONS };

	(void)state;
	all_are_the_same(&story);
}

/* likewise if what is known of the subject is kept back, and counted */
static void known_reports_are_the_same(void **state)
{
	const struct story story = { .search = { .kind = SEARCH_EXHAUSTIVE,
						 .mask = SCHED_SYNC,
						 .preemptions = 1 },
				     .executions = EXECUTIONS / 2 };
	struct player p = { .driver = &fuse_driver, .subject = subject };
	char err[512];

	(void)state;
	assert_true(known_load(&p, err, sizeof(err)));
	all_are_the_same(&story);
	suppress_clear();
}

static void a_search_without_a_bound_is_the_same(void **state)
{
	const struct story story = { .search = { .kind = SEARCH_EXHAUSTIVE,
						 .mask = SCHED_MARKED,
						 .preemptions = SEARCH_NO_BOUND },
				     .executions = EXECUTIONS };

	(void)state;
	all_are_the_same(&story);
}

static void a_shard_is_the_same(void **state)
{
	const struct story story = { .search = { .kind = SEARCH_EXHAUSTIVE,
						 .mask = SCHED_SYNC,
						 .preemptions = 1,
						 .shard = 1,
						 .shards = 3 },
				     .executions = EXECUTIONS / 2 };

	(void)state;
	all_are_the_same(&story);
}

static void times_and_failures_are_the_same(void **state)
{
	struct story story = { .search = { .kind = SEARCH_EXHAUSTIVE,
					   .mask = SCHED_SYNC,
					   .preemptions = 1,
					   .faults = true },
			       .chances = { .timers = 1, .faults = 1 },
			       .executions = EXECUTIONS / 2 };

	(void)state;
	all_are_the_same(&story);
	story.search.kind = SEARCH_RANDOM;
	story.executions = 4;
	all_are_the_same(&story);
}

/* ---- what the race detector looks at when one is taken ---- */

#define PARTS 4096

static struct {
	struct part {
		const struct race_range *range;
		uintptr_t from, to;
	} list[PARTS];
	unsigned int nr;
} parts;

static void note_part(const struct race_range *r, uintptr_t from, uintptr_t to, void *arg)
{
	(void)arg;
	assert_true(parts.nr < PARTS);
	parts.list[parts.nr++] = (struct part){ r, from, to };
}

/* is the memory of that slot of that shadow among what was noted? */
static bool is_noted(const race_slot *writes, const race_slot *slot)
{
	for (unsigned int i = 0; i < parts.nr; i++) {
		const struct part *p = &parts.list[i];
		const race_slot *first =
			slot < p->range->reads ? p->range->writes : p->range->reads;
		const uintptr_t at =
			p->range->base + ((uintptr_t)(slot - first) << RACE_CELL_SHIFT);

		if (p->range->writes == writes && at + RACE_CELL_BYTES > p->from &&
		    at < p->to)
			return true;
	}
	return false;
}

static void look_at_shadow_page(const char *name, const race_slot *writes,
				const race_slot *page, unsigned long *live)
{
	for (size_t i = 0; i < LEFT_PAGE / sizeof(*page); i++) {
		if (!race_slot_live(page[i]))
			continue;
		++*live;
		if (!is_noted(writes, page + i))
			fail_msg("%s: an access of memory that no checkpoint has", name);
	}
}

/* all that is live lies in what a checkpoint would look at */
static void live_cells_are_noted(const char *name, unsigned long *live)
{
	static unsigned char resident[1 << 18];
	const race_slot *writes;
	size_t len;

	parts.nr = 0;
	race_each_used(note_part, NULL);
	for (unsigned int i = 0; (writes = race_shadow(i, &len)); i++) {
		const size_t pages = (len + LEFT_PAGE - 1) / LEFT_PAGE;

		assert_true(pages <= sizeof(resident));
		assert_int_equal(mincore((void *)(uintptr_t)writes, pages * LEFT_PAGE,
					 resident),
				 0);
		for (size_t k = 0; k < pages; k++)
			if (resident[k] & 1)
				look_at_shadow_page(
					name, writes,
					writes + k * LEFT_PAGE / sizeof(*writes), live);
	}
}

static void no_access_is_forgotten(void **state)
{
	const struct story story = {
		.search = { .kind = SEARCH_RANDOM, .mask = SCHED_SYNC, .seed = 3 },
		.executions = 1
	};
	unsigned long live = 0;

	(void)state;
	if (!subject->hooked)
		skip();
	/* it takes its time, and they all use the same models */
	for (unsigned int i = 0; i < fuse_driver.nr_scenarios; i += 3) {
		const struct scenario *s = fuse_driver.scenarios[i];
		const struct player p = player_of(s, &story);

		if (!can_be_played(s))
			continue;
		begin(&p, &story, false);
		for (unsigned int n = 0; n < story.executions && search_next(); n++) {
			player_play(&p, search_strategy());
			live_cells_are_noted(s->name, &live);
			search_ended();
		}
	}
	lock_order_watch(LOCK_ORDER_OFF);
	report_reset();
	assert_true(live > 1000);
}

/* ---- nothing is left over ---- */

/* After two executions from one checkpoint, memory is the same when it is put back. */
static void leaves_nothing(const struct scenario *s, const struct story *story)
{
	const struct player p = player_of(s, story);
	unsigned long taken = 0;
	unsigned int nr = 0;
	const char *left;
	bool kept = false;

	begin(&p, story, true);
	for (unsigned int n = 0; n < story->executions && search_next(); n++) {
		player_play(&p, search_strategy());
		search_ended();
		if (!checkpoint_nr())
			break; /* it could not be opened */
		if (kept && taken == checkpoint_taken() && nr == checkpoint_nr()) {
			checkpoint_put_back();
			left = left_over_first();
			if (left)
				fail_msg("%s, execution %u: %s is left over", s->name, n,
					 left);
			kept = false;
		} else if (n % 4 == 3) {
			checkpoint_put_back();
			left_over_keep();
			taken = checkpoint_taken();
			nr = checkpoint_nr();
			kept = true;
		}
	}
	checkpoints_end();
	lock_order_watch(LOCK_ORDER_OFF);
	report_reset();
}

extern void __gcov_init(void *) __attribute__((weak)); /* of a build that counts */

static void nothing_is_left_over(void **state)
{
	const struct story story = { .search = { .kind = SEARCH_EXHAUSTIVE,
						 .mask = SCHED_SYNC,
						 .preemptions = 2 },
				     .executions = 3 * EXECUTIONS };

	(void)state;
	/* coverage counts a plain subject's code in memory of its own, which has no names
	 */
	if (!subject->hooked && __gcov_init)
		skip();
#ifdef HAVE_ASAN
	skip();
#endif
	/* time of the race detector goes on, and so do all its clocks */
	detectors_choose("heap,user");
	for (unsigned int i = 0; i < fuse_driver.nr_scenarios; i++)
		if (can_be_played(fuse_driver.scenarios[i]))
			leaves_nothing(fuse_driver.scenarios[i], &story);
	detectors_choose("all");
}

/* what the test above relies on: a variable that is forgotten is seen */
static volatile unsigned int forgotten;

static void what_is_left_over_is_seen(void **state)
{
	(void)state;
#ifdef HAVE_ASAN
	skip(); /* it looks at memory that is nobody's, too */
#endif
	left_over_keep();
	forgotten++;
	assert_string_equal(left_over_first(), "forgotten");
	forgotten--;
	if (left_over_first())
		fail_msg("%s is left over", left_over_first());
}

SCENARIO_TESTS(scenario_test(samples_are_the_same),
	       scenario_test(a_bounded_search_is_the_same),
	       scenario_test(known_reports_are_the_same),
	       scenario_test(a_search_without_a_bound_is_the_same),
	       scenario_test(a_shard_is_the_same),
	       scenario_test(times_and_failures_are_the_same),
	       scenario_test(no_access_is_forgotten),
	       scenario_test(what_is_left_over_is_seen),
	       scenario_test(nothing_is_left_over))
