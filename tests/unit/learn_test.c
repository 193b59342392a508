// SPDX-License-Identifier: GPL-2.0-only
/*
 * --points all: plain accesses that meet those of another task in some order of the
 * tasks are learnt, also when it is not the default one.
 */
#include "engine/learn.h"
#include "engine/detectors.h"
#include "model/model_i.h"
#include "shim/hook.h"
#include "unit.h"

static unsigned int window;
static uint64_t shared, own[2];

/* two places in the code */
static void opens(void)
{
	MARKED_STORE(window, 1);
	hook_memset(&shared, 1, sizeof(shared), (const void *)(uintptr_t)opens);
	MARKED_STORE(window, 0);
}

static void looks(void)
{
	if (MARKED_LOAD(window))
		hook_memset(&shared, 2, sizeof(shared), (const void *)(uintptr_t)looks);
}

static void body(void *arg)
{
	unsigned int me = number_of(arg);

	hook_memset(&own[me], 0, sizeof(own[me]), (const void *)(uintptr_t)body);
	if (me)
		looks();
	else
		opens();
}

static void reset(const struct model *m)
{
	(void)m;
	window = 0;
}

static const struct model_family family = {
	.name = "window",
	.reset = reset,
	.body = body,
};
static const struct player player = {
	.model = { .name = "window", .family = &family, .tasks = 2 },
};

static struct {
	unsigned int nr;
	const void *object[8];
} stored;

static struct sched_task *the_first(void *ctx, struct sched_task *const *runnable,
				    unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)n;
	if (last && last->state == SCHED_RUNNABLE && last->at_what == SCHED_STORE &&
	    stored.nr < 8)
		stored.object[stored.nr++] = last->at_object;
	return last && last->state == SCHED_RUNNABLE ? last : runnable[0];
}

/* plain accesses that are points, in the default order */
static void play(void)
{
	static const struct sched_strategy s = { .pick = the_first, .mask = SCHED_ALL };

	stored.nr = 0;
	player_play(&player, &s);
}

static void what_meets_in_another_order_is_learnt(void **state)
{
	(void)state;
	if (detectors_lack(NULL))
		skip(); /* no hooks in this build */
	learn_points(&player, "all");
	/* both places of @shared, and not that of @own */
	assert_int_equal(hook_points_use(), 2);
	play();
	assert_int_equal(stored.nr, 1);
	assert_ptr_equal(stored.object[0], &shared);
}

static void nothing_is_a_point_unless_all_are_asked_for(void **state)
{
	(void)state;
	learn_points(&player, "marked");
	play();
	assert_int_equal(stored.nr, 0);
}

static int begin(void **state)
{
	detectors_choose("none");
	return fresh_kernel(state);
}

#define test(f) cmocka_unit_test_setup(f, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_meets_in_another_order_is_learnt),
		test(nothing_is_a_point_unless_all_are_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
