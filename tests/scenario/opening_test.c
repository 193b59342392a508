// SPDX-License-Identifier: GPL-2.0-only
/*
 * A world that opens as one before it is not watched meanwhile: what the watchers know
 * afterwards is the same, and what follows is watched as ever.
 */
#include "hooks/shadow.h"
#include "sched/hash.h"
#include "shim/shim.h"
#include "scenario_test.h"

#define LOOKED_AT (1ul << 20) /* bytes of heap, and of frames */

static uint64_t hash_of(const void *from)
{
	return hash_bytes(HASH_START, shadow_of(from), LOOKED_AT);
}

/* of the shadows of heap and frames once a world is open */
static uint64_t opened(const struct fuse_config *config)
{
	uint64_t hash;

	world = world_open(&fuse_driver, subject, config);
	assert_non_null(world);
	hash = hash_of((const void *)ARENA_HEAP) * 31 +
	       hash_of((const void *)ARENA_PAGES);
	assert_int_equal(world_close(world), 0);
	world = NULL;
	return hash;
}

static void watchers_know_the_same(void **state)
{
	static const struct fuse_config one = { .cpus = 1, .entries = 1 };
	static const struct fuse_config two = { .cpus = 2, .entries = 3 };
	uint64_t of_one, of_two;

	(void)state;
	if (!subject->hooked)
		skip();
	of_one = opened(&one);
	assert_true(opened(&one) == of_one);
	of_two = opened(&two);
	assert_true(of_two != of_one);
	assert_true(opened(&two) == of_two);
	/* what was kept is that of the other by now */
	assert_true(opened(&one) == of_one);
	assert_true(opened(&one) == of_one);
}

/* what those who do not know the heap have kept is nothing */
static void other_watchers_look_again(void **state)
{
	static const struct fuse_config config = { .cpus = 1 }, other = { .cpus = 2 };
	uint64_t first;

	(void)state;
	if (!subject->hooked)
		skip();
	opened(&other);
	hook_watch(HOOK_USER);
	opened(&config);
	hook_watch(HOOK_HEAP | HOOK_USER);
	first = opened(&config);
	opened(&other);
	assert_true(opened(&config) == first);
}

static void frames_are_kept_and_go(void **state)
{
	const void *frame = (const void *)ARENA_PAGES;

	(void)state;
	if (!subject->hooked)
		skip();
	shim_reset(1);
	hook_fresh(frame, 4096, true);
	assert_true(hook_keep());
	shim_reset(1);
	assert_false(shadow_usable(frame, 8));
	hook_put_back();
	assert_int_equal(shadow_lacks(frame, 4096, SHADOW_WRITTEN), 4096);
	shim_reset(1);
	assert_false(shadow_usable(frame, 8));
	/* the next world that opens is another one */
	opened(&(const struct fuse_config){ .cpus = 2 });
	opened(&(const struct fuse_config){ .cpus = 1 });
}

SCENARIO_TESTS(scenario_test(watchers_know_the_same),
	       scenario_test(other_watchers_look_again),
	       scenario_test(frames_are_kept_and_go))
