// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second REGISTER of a queue says in another way how buffers are shared, or in the
 * same; and the memory that each way needs is not there.
 */
#include "bufring_register.h"

/* ---- the next REGISTER of a queue ---- */

static void whole_buffers(void)
{
	of_one_size();
}

static void regions(void)
{
	of_one_size();
	r.flags |= REGISTER_INC;
}

static void pinned_regions(void)
{
	of_one_size();
	r.flags |= REGISTER_INC | REGISTER_PINNED;
}

static void one_size_that_is_named(void)
{
	SIZES({ 8192, 4 });
}

static void two_sizes(void)
{
	SIZES({ 4096, 4 }, { 8192, 4 });
}

static void two_sizes_pinned(void)
{
	two_sizes();
	r.flags |= REGISTER_PINNED;
}

static void two_sizes_with_other_numbers(void)
{
	SIZES({ 4096, 3 }, { 8192, 4 });
}

static void two_other_sizes(void)
{
	SIZES({ 2048, 4 }, { 8192, 4 });
}

static void three_sizes(void)
{
	SIZES({ 2048, 1 }, { 4096, 1 }, { 8192, 1 });
}

static void no_ring(void)
{
	of_one_size();
	r.flags = 0;
}

static void (*const kinds[])(void) = {
	whole_buffers,
	regions,
	pinned_regions,
	one_size_that_is_named,
	two_sizes,
	two_sizes_pinned,
	two_sizes_with_other_numbers,
	two_other_sizes,
	three_sizes,
	no_ring,
};

static void who_agrees_joins_and_who_does_not_is_refused(void **state)
{
	(void)state;
	for (unsigned int a = 0; a < NR(kinds); a++) {
		for (unsigned int b = 0; b < NR(kinds); b++) {
			a_register_of_two_sizes();
			kinds[a]();
			assert_int_equal(its_result(), 1);
			register_default(world, 0, 1, &r);
			kinds[b]();
			assert_int_equal(its_result(), a == b ? 1 : -EINVAL);
			assert_int_equal(queue_now(0).nr_ents, a == b ? 2 : 1);
			/* and as if that had not been */
			register_default(world, 0, 1, &r);
			kinds[a]();
			assert_int_equal(its_result(),
					 a == b && a != NR(kinds) - 1 ? -EINVAL : 1);
			the_world_closes();
		}
	}
}

static void each_queue_may_be_of_another_kind(void **state)
{
	(void)state;
	for (unsigned int a = 0; a < NR(kinds); a++) {
		a_register_of_two_sizes();
		kinds[a]();
		assert_int_equal(its_result(), 1);
		register_default(world, 1, 0, &r);
		kinds[(a + 1) % NR(kinds)]();
		assert_int_equal(its_result(), 1);
		assert_true(ring_now().ready);
		the_world_closes();
	}
}

/* ---- memory ---- */

static unsigned int allocations_of(void (*kind)(void))
{
	unsigned int n;
	bool fired = true;

	for (n = 0; fired; n++) {
		a_register_of_two_sizes();
		kind();
		struct submit *s = server_registers_raw(server, &r);

		run_until(task_of(server), SCHED_SUBMIT, 1);
		fault_nth(FAULT_ALLOC, n + 1);
		finishes(server);
		fired = fault_fired(FAULT_ALLOC);
		fault_nth(FAULT_ALLOC, 0);
		assert_int_equal(s->completed, fired);
		if (fired) {
			assert_int_equal(s->res, -ENOMEM);
			assert_int_equal(ring_now().queue_refs, 0);
			assert_int_equal(its_result(), 1);
		}
		assert_int_equal(entries_in(ENT_AVAILABLE), 1);
		the_world_closes();
	}
	return n - 1;
}

static void any_allocation_may_fail_and_a_later_register_succeeds(void **state)
{
	(void)state;
	/* entry, queue, hash table, ring; and what is used of each buffer */
	assert_int_equal(allocations_of(whole_buffers), 4);
	assert_int_equal(allocations_of(regions), 5);
	assert_int_equal(allocations_of(two_sizes), 4);
}

SCENARIO_TESTS(both(who_agrees_joins_and_who_does_not_is_refused),
	       both(each_queue_may_be_of_another_kind),
	       both(any_allocation_may_fail_and_a_later_register_succeeds))
