// SPDX-License-Identifier: GPL-2.0-only
/*
 * REGISTER of a buffer ring that is to be shared in another way than by whole buffers:
 * which combinations and which sizes are refused, and which are not.
 */
#include "bufring_register.h"
#include "shim/user.h"

static struct uring_iovec *iov;

/* ---- flags that are refused ---- */

static void regions_without_a_ring(void)
{
	of_one_size();
	r.flags = REGISTER_INC;
}

static void pins_without_a_ring(void)
{
	of_one_size();
	r.flags = REGISTER_PINNED;
}

static void both_without_a_ring(void)
{
	of_one_size();
	r.flags = REGISTER_INC | REGISTER_PINNED;
}

static void an_unknown_flag_with_all_others(void)
{
	r.flags = 15;
}

static void an_unknown_flag_alone(void)
{
	of_one_size();
	r.flags = 1ull << 63;
}

static void regions_of_several_sizes(void)
{
	r.flags |= REGISTER_INC;
}

static void regions_of_several_sizes_pinned(void)
{
	r.flags |= REGISTER_INC | REGISTER_PINNED;
}

static void sizes_without_a_ring(void)
{
	r.flags = 0;
}

static void no_area(void)
{
	r.iov_nr = 0;
}

static void one_area(void)
{
	r.iov_nr = 1;
}

static void four_areas(void)
{
	r.iov_nr = 4;
}

static void one_area_of_regions(void)
{
	r.flags |= REGISTER_INC;
	r.iov_nr = 1;
}

/* ---- sizes that are refused ---- */

static void no_sizes(void)
{
	r.classes_len = 0;
}

static void half_a_pair(void)
{
	r.classes_len = 4;
}

static void a_pair_and_a_half(void)
{
	r.classes_len = 12;
}

static void one_byte_too_much(void)
{
	r.classes_len = 17;
}

static void five_pairs(void)
{
	r.classes_len = 40;
}

static void descending_sizes(void)
{
	SIZES({ 8192, 1 }, { 4096, 1 });
}

static void a_dent_in_the_middle(void)
{
	SIZES({ 1024, 1 }, { 4096, 1 }, { 2048, 1 }, { 8192, 1 });
}

static void the_same_size_twice(void)
{
	SIZES({ 8192, 1 }, { 8192, 1 });
}

static void a_size_of_nothing(void)
{
	SIZES({ 0, 1 }, { 8192, 1 });
}

static void none_of_the_small_ones(void)
{
	SIZES({ 4096, 0 }, { 8192, 1 });
}

static void none_of_the_large_ones(void)
{
	SIZES({ 4096, 1 }, { 8192, 0 });
}

static void one_byte_more_than_there_is(void)
{
	r.payload_len--;
}

static void one_buffer_more_than_there_is(void)
{
	SIZES({ 4096, 5 }, { 8192, 4 });
}

static void more_than_65535_in_all(void)
{
	SIZES({ 1, 65535 }, { 8192, 1 });
	r.payload_len = 1ul << 40;
}

static void so_many_that_their_sum_is_small(void)
{
	SIZES({ 1, 1u << 31 }, { 2, 1u << 31 }, { 8192, 1 });
	r.payload_len = 1ul << 40;
}

static void so_many_bytes_that_their_sum_is_small(void)
{
	r.buf_size = 1u << 31;
	SIZES({ 8192, 1 }, { 1u << 31, 65534 });
}

static void a_last_one_that_is_shorter_than_the_buffers(void)
{
	r.buf_size = 16384;
}

static void a_last_one_that_is_longer_than_the_buffers(void)
{
	SIZES({ 4096, 1 }, { 8200, 1 });
}

static void a_last_one_that_is_too_short_for_some_requests(void)
{
	r.buf_size = 8191;
	SIZES({ 4096, 1 }, { 8191, 1 });
}

static void no_largest_size(void)
{
	r.buf_size = 4096;
	SIZES({ 4096, 1 });
}

/* ---- what cannot be read ---- */

/* the array of areas, in memory of the server's */
static void areas_of_its_own(void)
{
	iov = server_mmap(world, 4096, SHIM_PROT_READ | SHIM_PROT_WRITE);
	iov[0] = (struct uring_iovec){ r.headers, r.headers_len };
	iov[1] = (struct uring_iovec){ r.payload, r.payload_len };
	r.iov = iov;
}

static void sizes_that_are_nowhere(void)
{
	areas_of_its_own();
	iov[2] = (struct uring_iovec){ (void *)64, 16 };
}

static void sizes_of_which_the_last_is_nowhere(void)
{
	struct abi_bufring_size *end;

	areas_of_its_own();
	end = (void *)((char *)iov + 4096); /* behind it there is nothing */
	end[-1] = (struct abi_bufring_size){ 4096, 1 };
	iov[2] = (struct uring_iovec){ end - 1, 16 };
}

static void a_third_area_that_is_nowhere(void)
{
	areas_of_its_own();
	r.iov = (char *)iov + 4096 - 2 * sizeof(*iov);
	memmove(r.iov, iov, 2 * sizeof(*iov));
}

static const struct mistake mistakes[] = {
	MISTAKE(regions_without_a_ring, -EINVAL),
	MISTAKE(pins_without_a_ring, -EINVAL),
	MISTAKE(both_without_a_ring, -EINVAL),
	MISTAKE(an_unknown_flag_with_all_others, -EINVAL),
	MISTAKE(an_unknown_flag_alone, -EINVAL),
	MISTAKE(regions_of_several_sizes, -EINVAL),
	MISTAKE(regions_of_several_sizes_pinned, -EINVAL),
	MISTAKE(sizes_without_a_ring, -EINVAL),
	MISTAKE(no_area, -EINVAL),
	MISTAKE(one_area, -EINVAL),
	MISTAKE(four_areas, -EINVAL),
	MISTAKE(one_area_of_regions, -EINVAL),
	MISTAKE(no_sizes, -EINVAL),
	MISTAKE(half_a_pair, -EINVAL),
	MISTAKE(a_pair_and_a_half, -EINVAL),
	MISTAKE(one_byte_too_much, -EINVAL),
	MISTAKE(five_pairs, -EINVAL),
	MISTAKE(descending_sizes, -EINVAL),
	MISTAKE(a_dent_in_the_middle, -EINVAL),
	MISTAKE(the_same_size_twice, -EINVAL),
	MISTAKE(a_size_of_nothing, -EINVAL),
	MISTAKE(none_of_the_small_ones, -EINVAL),
	MISTAKE(none_of_the_large_ones, -EINVAL),
	MISTAKE(one_byte_more_than_there_is, -EINVAL),
	MISTAKE(one_buffer_more_than_there_is, -EINVAL),
	MISTAKE(more_than_65535_in_all, -EINVAL),
	MISTAKE(so_many_that_their_sum_is_small, -EINVAL),
	MISTAKE(so_many_bytes_that_their_sum_is_small, -EINVAL),
	MISTAKE(a_last_one_that_is_shorter_than_the_buffers, -EINVAL),
	MISTAKE(a_last_one_that_is_longer_than_the_buffers, -EINVAL),
	MISTAKE(a_last_one_that_is_too_short_for_some_requests, -EINVAL),
	MISTAKE(no_largest_size, -EINVAL),
	MISTAKE(sizes_that_are_nowhere, -EFAULT),
	MISTAKE(sizes_of_which_the_last_is_nowhere, -EFAULT),
	MISTAKE(a_third_area_that_is_nowhere, -EFAULT),
};

static void each_mistake_has_its_error_and_leaves_nothing(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR(mistakes); i++) {
		a_register_of_two_sizes();
		mistakes[i].make();
		it_is_refused_for(&mistakes[i]);
		nothing_is_registered();
		the_world_closes();
	}
}

static void each_is_found_before_memory_is_asked_for(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR(mistakes); i++) {
		a_register_of_two_sizes();
		mistakes[i].make();
		no_memory_is_asked_for();
		the_world_closes();
	}
}

static void each_is_refused_by_a_queue_that_exists_and_serves_on(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR(mistakes); i++) {
		the_server_would_register_in(.entries = 2, .buffers = 4, .classes = 2);
		assert_int_equal(its_result(), 1);
		register_default(world, 0, 1, &r);
		mistakes[i].make();
		it_is_refused_for(&mistakes[i]);
		assert_int_equal(queue_now(0).nr_ents, 1);
		assert_int_equal(queue_now(0).free_bufs, 8);
		server_serves(server);
		struct call *c = client_read(client_new(world, "client", 0), 2, 0, 8192);

		run_all();
		assert_true(call_has_file_data(c));
		the_world_closes();
	}
}

/* ---- what is accepted ---- */

static void two_sizes_may_fill_the_payload(void **state)
{
	(void)state;
	a_register_of_two_sizes();
	assert_int_equal(its_result(), 1);
	struct queue_view q = queue_now(0);

	assert_int_equal(q.nr_classes, 2);
	assert_int_equal(q.classes[0].size, 4096);
	assert_int_equal(q.classes[1].size, 8192);
	assert_int_equal(q.classes[1].first_id, 4);
	assert_int_equal(q.pool_len, r.payload_len);
	assert_int_equal(q.free_bufs, 8);
	assert_false(q.regions);
}

static void one_to_four_sizes_are_accepted(void **state)
{
	(void)state;
	static const struct abi_bufring_size sizes[] = {
		{ 1, 7 }, { 100, 1 }, { 8191, 1 }, { 8192, 2 }
	};

	for (unsigned int nr = 1; nr <= 4; nr++) {
		a_register_of_two_sizes();
		sizes_are(nr, sizes + 4 - nr);
		assert_int_equal(its_result(), 1);
		assert_int_equal(queue_now(0).nr_classes, nr);
		the_world_closes();
	}
}

static void there_may_be_65535_buffers_of_all_sizes_together(void **state)
{
	(void)state;
	a_register_of_two_sizes();
	SIZES({ 1, 65000 }, { 100, 533 }, { 8192, 2 });
	r.payload_len = 65000 + 53300 + 2 * 8192;
	assert_int_equal(its_result(), 1);
	assert_int_equal(queue_now(0).nbufs, 65535);
	assert_int_equal(queue_now(0).free_bufs, 65535);
}

static void regions_take_any_size_that_is_long_enough(void **state)
{
	(void)state;
	for (unsigned int size = 8192; size < 8192 + 130; size += 43) {
		a_register_of_two_sizes();
		of_one_size();
		r.flags |= REGISTER_INC;
		r.buf_size = size;
		assert_int_equal(its_result(), 1);
		assert_true(queue_now(0).regions);
		assert_int_equal(queue_now(0).open, -1);
		assert_int_equal(queue_now(0).buf_size, size);
		the_world_closes();
	}
}

SCENARIO_TESTS(both(each_mistake_has_its_error_and_leaves_nothing),
	       both(each_is_found_before_memory_is_asked_for),
	       both(each_is_refused_by_a_queue_that_exists_and_serves_on),
	       both(two_sizes_may_fill_the_payload), both(one_to_four_sizes_are_accepted),
	       both(there_may_be_65535_buffers_of_all_sizes_together),
	       both(regions_take_any_size_that_is_long_enough))
