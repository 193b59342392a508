// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counters of a buffer ring run freely: they wrap at 2^32, and the slots at
 * nbufs. Nothing may change there.
 *
 * The formulas of the first proposal, bufs[head % nbufs] and bufs[tail % nbufs],
 * name the wrong slot once a counter has wrapped, because 2^32 is no multiple
 * of most ring sizes. tests/mutant/plain-modulo.patch has them, and the tests
 * here that cross 2^32 fail on it.
 */
#include "bufring.h"

#define MOST 65535u

static const struct subject_bufring *br;
static void *ring;
static unsigned int nbufs;

/* the model: free buffers, oldest first */
static uint16_t order[2 * MOST];
static unsigned int first, nr_free;

static unsigned int a_random_number(void)
{
	static uint32_t x = 1;

	x = x * 1664525u + 1013904223u;
	return x >> 8;
}

static void a_ring_of(unsigned int buffers, unsigned int start)
{
	nbufs = buffers;
	ring = br->create(&(struct bufring_shape){
		.policy = policy,
		.start = start,
		.nr_classes = 1,
		.classes = { { 4096, nbufs } },
	});
	assert_non_null(ring);
	first = 0;
	nr_free = nbufs;
	for (unsigned int id = 0; id < nbufs; id++)
		order[id] = (uint16_t)id;
}

static unsigned int the_model_says(void)
{
	if (policy)
		return order[first + --nr_free];
	nr_free--;
	return order[first++];
}

static void the_model_is_given(unsigned int id)
{
	if (first + nr_free == 2 * MOST) { /* make room at the end */
		memmove(order, order + first, nr_free * sizeof(order[0]));
		first = 0;
	}
	order[first + nr_free++] = (uint16_t)id;
}

/* Return: the buffer that is selected, or an error */
static int selected(void)
{
	struct bufring_region region;
	int err = br->select(ring, 100, NULL, &region);

	if (err)
		return err;
	assert_int_equal(region.offset, 0);
	assert_int_equal(region.size, 4096);
	assert_int_equal(br->offset(ring, &region), region.id * 4096);
	return (int)region.id;
}

static void is_given_back(unsigned int id)
{
	br->recycle(ring, &(struct bufring_region){ .id = id, .size = 4096 });
}

static void take_one(uint16_t *mine, unsigned int *nr_mine)
{
	int id = selected();

	if (!nr_free) {
		assert_int_equal(id, -ENOBUFS);
		return;
	}
	assert_int_equal(id, the_model_says());
	mine[(*nr_mine)++] = (uint16_t)id;
}

static void give_any_back(uint16_t *mine, unsigned int *nr_mine)
{
	unsigned int n = a_random_number() % *nr_mine;

	is_given_back(mine[n]);
	the_model_is_given(mine[n]);
	mine[n] = mine[--*nr_mine];
}

/* take and give back at random; up to all buffers are out, and one more is asked for */
static void it_is_used(unsigned int times)
{
	static uint16_t mine[MOST];
	unsigned int nr_mine = 0;

	while (times--) {
		if (!nr_mine || a_random_number() % 2)
			take_one(mine, &nr_mine);
		else
			give_any_back(mine, &nr_mine);
		assert_int_equal(br->free_bufs(ring), nr_free);
	}
	br->destroy(ring);
}

static void needs_a_ring(void)
{
	needs(FUSE_CAN_BUFRING);
	the_ring_is(.cpus = 1); /* for its heap */
	br = fuse_ops_of(subject)->bufring;
	assert_non_null(br->policy(policy));
}

static void a_ring_works_across_its_size(void **state)
{
	(void)state;
	static const unsigned int sizes[] = { 1, 2, 3, 4, 5, 7, 8, 64, 100 };

	needs_a_ring();
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		a_ring_of(sizes[i], 0);
		it_is_used(20 * sizes[i] + 100);
	}
	a_ring_of(MOST, 0);
	it_is_used(300000);
}

static void a_ring_works_across_2_to_the_32(void **state)
{
	(void)state;
	needs_a_ring();
	for (unsigned int size = 1; size <= 130; size++) {
		a_ring_of(size, 0u - 2 * size);
		it_is_used(20 * size + 100);
	}
}

static void a_ring_works_wherever_2_to_the_32_falls_among_its_slots(void **state)
{
	(void)state;
	static const unsigned int sizes[] = { 3, 5, 7 };

	needs_a_ring();
	for (unsigned int i = 0; i < 3; i++) {
		for (unsigned int before = 0; before <= 3 * sizes[i]; before++) {
			a_ring_of(sizes[i], 0u - before);
			it_is_used(200);
		}
	}
}

static void the_largest_ring_works_across_2_to_the_32(void **state)
{
	(void)state;
	needs_a_ring();
	for (unsigned int before = 1; before < 3 * MOST; before += MOST - 1) {
		a_ring_of(MOST, 0u - before);
		it_is_used(2000);
		/* all of them: none is there twice, none is missing */
		a_ring_of(MOST, 0u - before);
		for (unsigned int n = 0; n < MOST; n++)
			assert_int_equal(selected(), the_model_says());
		assert_int_equal(selected(), -ENOBUFS);
		for (unsigned int n = 0; n < MOST; n++) {
			is_given_back(n);
			the_model_is_given(n);
		}
		it_is_used(2000);
	}
}

static void a_buffer_given_back_to_a_full_ring_is_refused(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(3, 0u - 1);
	is_given_back(1);
	expects_report(REPORT_KERNEL, "fuse_bufring_free_of(class) >= class->nbufs");
	assert_int_equal(br->free_bufs(ring), 3);
	it_is_used(100);
}

static void there_are_two_policies_with_names(void **state)
{
	(void)state;
	needs_a_ring();
	assert_string_equal(br->policy(policy), policy ? "lifo" : "fifo");
	assert_null(br->policy(2));
}

/* ---- with a queue around it ---- */

static void requests_are_served_while_the_counters_wrap(void **state)
{
	(void)state;
	static const unsigned int sizes[] = { 1, 2, 3, 5, 7 };

	needs(FUSE_CAN_BUFRING);
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		the_ring_starts_at(0u - sizes[i] - 1,
				   &(struct fuse_config){ .entries = 4,
							  .buffers = sizes[i] });
		assert_int_equal(queue_now(0).head, 0u - sizes[i] - 1);
		server_serves(server);
		struct call *reads[12];

		for (unsigned int n = 0; n < 12; n++) {
			struct actor *client = client_new(world, "client", 0);

			client_write(client, 2 + n % 4, 8192 * n, 4096);
			reads[n] = client_read(client, 2 + n % 4, 8192 * n, 8192);
			gets_stuck(client);
		}
		run_all();
		for (unsigned int n = 0; n < 12; n++)
			assert_true(call_has_file_data(reads[n]));
		assert_in_range(queue_now(0).head, 0, 24); /* it has wrapped */
		every_buffer_is_free();
		the_world_closes();
	}
}

/*
 * Three buffers, counters at 2^32 - 2: with plain "%" the third buffer taken would
 * be bufs[0 % 3], which is taken already, and one would never be used again.
 */
static void no_two_entries_get_the_same_buffer_at_the_wrap(void **state)
{
	(void)state;
	struct delivery *d[3];

	needs(FUSE_CAN_BUFRING);
	the_ring_starts_at(0u - 2, &(struct fuse_config){ .entries = 3, .buffers = 3 });
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < 3; i++) {
			somebody_stats("client", 2 + i);
			d[i] = the_server_takes_one();
		}
		assert_int_not_equal(d[0]->buf_id, d[1]->buf_id);
		assert_int_not_equal(d[1]->buf_id, d[2]->buf_id);
		assert_int_not_equal(d[0]->buf_id, d[2]->buf_id);
		for (unsigned int i = 0; i < 3; i++)
			server_answers(server, d[i]);
		run_all();
		every_buffer_is_free();
	}
}

static void fifo_uses_all_buffers_in_turn_and_lifo_the_last_one_again(void **state)
{
	(void)state;
	unsigned int id[7];

	needs(FUSE_CAN_BUFRING);
	the_ring_starts_at(0u - 3, &(struct fuse_config){ .entries = 2, .buffers = 5 });
	for (unsigned int i = 0; i < 7; i++) {
		somebody_stats("client", 2);
		struct delivery *d = the_server_takes_one();

		id[i] = d->buf_id;
		server_answers(server, d);
		run_all();
	}
	for (unsigned int i = 0; i < 7; i++)
		assert_int_equal(id[i], policy ? 4 : i % 5);
}

SCENARIO_TESTS(both(a_ring_works_across_its_size), both(a_ring_works_across_2_to_the_32),
	       both(a_ring_works_wherever_2_to_the_32_falls_among_its_slots),
	       both(the_largest_ring_works_across_2_to_the_32),
	       both(a_buffer_given_back_to_a_full_ring_is_refused),
	       both(there_are_two_policies_with_names),
	       both(requests_are_served_while_the_counters_wrap),
	       both(no_two_entries_get_the_same_buffer_at_the_wrap),
	       both(fifo_uses_all_buffers_in_turn_and_lifo_the_last_one_again))
