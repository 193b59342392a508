// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests for buffers of several sizes: each has the smallest that fits, or a larger one
 * that can be spared; else it waits in the order of those that need the same size.
 */
#include "bufring_sharing.h"

/* @buffers of each size: 4096 and 8192 bytes */
static void two_sizes(unsigned int buffers, unsigned int entries)
{
	the_server_shares(.entries = entries, .buffers = buffers, .classes = 2);
}

static void is_small(const struct delivery *d)
{
	assert_in_range(told(d)->buf_id, 0, queue_now(0).classes[0].nbufs - 1);
	assert_int_equal(told(d)->region, 0);
	assert_ptr_equal(d->payload, pool + told(d)->buf_id * 4096);
}

static void is_large(const struct delivery *d)
{
	unsigned int small = queue_now(0).classes[0].nbufs;

	assert_in_range(told(d)->buf_id, small, queue_now(0).nbufs - 1);
	assert_int_equal(told(d)->region, 0);
	assert_ptr_equal(d->payload,
			 pool + small * 4096 + (told(d)->buf_id - small) * 8192);
}

/* ---- which one ---- */

static void each_has_the_smallest_that_fits(void **state)
{
	(void)state;
	two_sizes(2, 4);
	struct call *c[] = { somebody_reads("a", 2, 4097), somebody_reads("b", 3, 4096),
			     somebody_writes("c", 4, 1), somebody_writes("d", 5, 8192) };
	struct delivery *d[] = { the_next_is_of(2), the_next_is_of(3), the_next_is_of(4),
				 the_next_is_of(5) };

	is_large(d[0]);
	is_small(d[1]);
	is_small(d[2]);
	is_large(d[3]);
	for (unsigned int i = 0; i < 4; i++)
		it_answers(d[i]);
	run_all();
	assert_true(call_has_file_data(c[0]) && call_has_file_data(c[1]));
	assert_true(file_has_call_data(c[2]) && file_has_call_data(c[3]));
	nothing_waits_and_all_is_back();
}

static void four_sizes_lie_one_behind_the_other(void **state)
{
	(void)state;
	static const unsigned int size[] = { 1024, 2048, 4096, 8192 };
	struct delivery *d[8];

	the_server_shares(.entries = 8, .buffers = 2, .classes = 4);
	for (unsigned int i = 0; i < 8; i++) {
		somebody_writes("writer", 2 + i, size[i / 2]);
		d[i] = the_next_is_of(2 + i);
		for (unsigned int k = 0; k < i; k++)
			assert_true(d[k]->payload + size[k / 2] <= d[i]->payload ||
				    d[i]->payload + size[i / 2] <= d[k]->payload);
		assert_true(d[i]->payload + size[i / 2] <= pool + pool_len);
		assert_int_equal(queue_now(0).classes[i / 2].free, 1 - i % 2);
	}
	for (unsigned int i = 0; i < 8; i++)
		it_answers(d[i]);
	all_ends_and_all_is_back();
}

static void the_policy_orders_those_of_one_size(void **state)
{
	(void)state;
	two_sizes(3, 2);
	for (unsigned int i = 0; i < 6; i++) {
		somebody_reads("reader", 2, i % 2 ? 8192 : 4096);
		struct delivery *d = the_next_is_of(2);

		assert_int_equal(told(d)->buf_id,
				 (i % 2 ? 3 : 0) + (policy ? 2 : i / 2 % 3));
		it_answers(d);
	}
	run_all();
}

static void an_entry_goes_from_large_to_small_to_none_and_back(void **state)
{
	(void)state;
	two_sizes(1, 1);
	for (unsigned int round = 0; round < 3; round++) {
		struct call *a = somebody_reads("a", 2, 8192);
		struct call *b = somebody_reads("b", 3, 10);
		struct call *c = somebody_syncs("c", 4);
		struct call *e = somebody_reads("e", 5, 8192);
		struct delivery *d = the_next_is_of(2);

		is_large(d);
		it_answers(d);
		d = the_next_is_of(3);
		is_small(d);
		assert_int_equal(queue_now(0).classes[1].free, 1);
		it_answers(d);
		d = the_next_is_of(4);
		assert_int_equal(queue_now(0).free_bufs, 2);
		it_answers(d);
		d = the_next_is_of(5);
		is_large(d);
		it_answers(d);
		run_all();
		assert_true(call_has_file_data(a) && call_has_file_data(b) &&
			    call_has_file_data(e));
		assert_int_equal(c->ret, 0);
		nothing_waits_and_all_is_back();
	}
}

/* ---- lent ---- */

static void a_larger_one_is_lent_when_nobody_waits_for_it(void **state)
{
	(void)state;
	two_sizes(1, 4);
	somebody_reads("small", 2, 10);
	somebody_reads("lent", 3, 10);
	somebody_reads("waits", 4, 8192);
	somebody_reads("waits, too", 5, 10);
	struct delivery *small = the_next_is_of(2), *lent = the_next_is_of(3);

	is_small(small);
	is_large(lent);
	assert_int_equal(queue_now(0).waiting, 2);
	/* now it is needed by who fits nowhere else */
	it_answers(lent);
	struct delivery *d = the_next_is_of(4);

	is_large(d);
	assert_int_equal(queue_now(0).waiting, 1);
	it_answers(small);
	lent = the_next_is_of(5);
	is_small(lent);
	it_answers(lent);
	it_answers(d);
	all_ends_and_all_is_back();
}

/*
 * A smaller one is before the other in the line when the large buffer comes back: that
 * one is not lent, and goes to the other.
 */
static void a_larger_one_that_is_needed_is_not_lent(void **state)
{
	(void)state;
	two_sizes(1, 3);
	somebody_reads("small", 2, 10);
	somebody_reads("large", 3, 8192);
	struct delivery *small = the_next_is_of(2), *large = the_next_is_of(3);

	somebody_reads("first in line", 4, 10);
	somebody_reads("second in line", 5, 8192);
	it_answers(large);
	large = the_next_is_of(5);
	is_large(large);
	it_answers(small);
	small = the_next_is_of(4);
	is_small(small);
	it_answers(small);
	it_answers(large);
	all_ends_and_all_is_back();
}

/*
 * There is no entry for any of them. The first that comes takes a buffer for the oldest
 * request that leaves those that others need.
 */
static void as_many_are_lent_as_can_be_spared(void **state)
{
	(void)state;
	two_sizes(2, 3);
	somebody_reads("small", 2, 10);
	somebody_reads("small", 3, 10);
	somebody_syncs("no buffer", 4);
	struct delivery *d[] = { the_next_is_of(2), the_next_is_of(3),
				 the_next_is_of(4) };

	somebody_reads("could borrow", 5, 10);
	somebody_reads("cannot", 6, 10);
	somebody_reads("needs a large one", 7, 8192);
	it_answers(d[2]);
	d[2] = the_next_is_of(5); /* two are free, one is needed */
	is_large(d[2]);
	it_answers(d[2]);
	d[2] = the_next_is_of(6);
	is_large(d[2]);
	it_answers(d[0]);
	d[0] = the_next_is_of(7);
	is_large(d[0]);
	for (unsigned int i = 0; i < 3; i++)
		it_answers(d[i]);
	all_ends_and_all_is_back();
}

/* With one less nothing can be spared, and the line is passed. */
static void who_cannot_borrow_is_passed_by_who_needs_it(void **state)
{
	(void)state;
	two_sizes(1, 2);
	somebody_reads("small", 2, 10);
	somebody_syncs("no buffer", 3);
	struct delivery *small = the_next_is_of(2), *none = the_next_is_of(3);

	somebody_reads("cannot borrow", 4, 10);
	somebody_reads("needs it", 5, 8192);
	it_answers(none);
	struct delivery *large = the_next_is_of(5);

	is_large(large);
	it_answers(large);
	large = the_next_is_of(4); /* nobody needs it any more */
	is_large(large);
	it_answers(large);
	it_answers(small);
	all_ends_and_all_is_back();
}

static void a_killed_client_no_longer_needs_one(void **state)
{
	(void)state;
	two_sizes(1, 2);
	somebody_reads("small", 2, 10);
	somebody_syncs("no buffer", 3);
	struct delivery *small = the_next_is_of(2), *none = the_next_is_of(3);

	somebody_reads("borrows", 4, 10);
	struct call *killed = somebody_reads("killed", 5, 8192);

	kill_task(killed->actor);
	finishes(killed->actor);
	assert_int_equal(killed->ret, -EINTR);
	it_answers(none);
	struct delivery *lent = the_next_is_of(4);

	is_large(lent);
	it_answers(lent);
	it_answers(small);
	all_ends_and_all_is_back();
}

/* ---- in line ---- */

static void those_of_one_size_are_served_in_the_order_of_arrival(void **state)
{
	(void)state;
	two_sizes(1, 2);
	for (unsigned int i = 0; i < 4; i++) {
		somebody_reads("small", 2 + i, 10 + i);
		somebody_reads("large", 12 + i, 8192 - i);
	}
	unsigned int small = 2, large = 12;

	for (unsigned int i = 0; i < 8; i++) {
		struct delivery *d = the_server_takes_one();

		if (d->nodeid < 12)
			assert_int_equal(d->nodeid, small++);
		else
			assert_int_equal(d->nodeid, large++);
		it_answers(d);
	}
	all_ends_and_all_is_back();
}

/* Whenever the large one comes back somebody new has just asked for a small one. */
static void those_that_borrow_cannot_keep_a_larger_one_waiting(void **state)
{
	(void)state;
	two_sizes(1, 3);
	somebody_reads("small", 2, 10);
	somebody_reads("lent", 3, 10);
	the_next_is_of(2); /* and is not answered */
	struct delivery *lent = the_next_is_of(3);
	struct call *waits = somebody_reads("waits", 4, 8192);

	somebody_reads("newcomer", 5, 10);
	it_answers(lent);
	lent = the_next_is_of(4);
	is_large(lent);
	it_answers(lent);
	server_serves(server);
	finishes(server);
	finishes(waits->actor);
	assert_true(call_has_file_data(waits));
	server_dies(world);
}

static void background_requests_wait_in_the_same_line(void **state)
{
	(void)state;
	two_sizes(1, 4);
	somebody_reads("small", 2, 10);
	somebody_reads("large", 3, 8192);
	struct delivery *small = the_next_is_of(2), *large = the_next_is_of(3);
	struct call *bg = somebody_reads_ahead(4, 8192);
	struct call *after = somebody_reads("after", 5, 8192);

	it_answers(small); /* too small for them */
	assert_int_equal(queue_now(0).waiting, 2);
	it_answers(large);
	it_answers(the_next_is_of(4));
	it_answers(the_next_is_of(5));
	run_all();
	assert_true(call_has_file_data(bg) && call_has_file_data(after));
	nothing_waits_and_all_is_back();
}

/* ---- what goes wrong ---- */

static void a_failed_copy_gives_its_buffer_back_at_once(void **state)
{
	(void)state;
	two_sizes(1, 2);
	a_failed_write_makes_room_at_once(pool + 4096, 8192);
}

static void a_reply_that_is_longer_than_its_buffer_is_refused(void **state)
{
	(void)state;
	static const uint32_t lengths[] = { 4097, 8192, 8193, ~0u };

	two_sizes(1, 1);
	for (unsigned int i = 0; i < 4; i++) {
		struct call *c = somebody_reads("reader", 2, 4096);
		struct delivery *d = the_next_is_of(2);

		is_small(d);
		a_reply_of_so_many_bytes_is_refused(c, d, &lengths[i]);
	}
	nothing_waits_and_all_is_back();
}

static void an_attribute_may_be_as_long_as_the_largest_and_no_longer(void **state)
{
	(void)state;
	two_sizes(2, 2);
	an_attribute_may_fill_a_buffer_and_be_no_longer(8192);
}

SCENARIO_TESTS(both(each_has_the_smallest_that_fits),
	       both(four_sizes_lie_one_behind_the_other),
	       both(the_policy_orders_those_of_one_size),
	       both(an_entry_goes_from_large_to_small_to_none_and_back),
	       both(a_larger_one_is_lent_when_nobody_waits_for_it),
	       both(a_larger_one_that_is_needed_is_not_lent),
	       both(as_many_are_lent_as_can_be_spared),
	       both(who_cannot_borrow_is_passed_by_who_needs_it),
	       both(a_killed_client_no_longer_needs_one),
	       both(those_of_one_size_are_served_in_the_order_of_arrival),
	       both(those_that_borrow_cannot_keep_a_larger_one_waiting),
	       both(background_requests_wait_in_the_same_line),
	       both(a_failed_copy_gives_its_buffer_back_at_once),
	       both(a_reply_that_is_longer_than_its_buffer_is_refused),
	       both(an_attribute_may_be_as_long_as_the_largest_and_no_longer))
