// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulation of waiting requests that "bench memory" does: cases that can be
 * computed by hand, and what must be true of any. The rings are models that need no
 * subject; the real ones are played by bench_memory_test.sh.
 */
#include "fuse/bench/variants.h"
#include "unit.h"

#define KIB 1024u
#define MIB SIZES_LARGEST
#define NR  5000u

static struct queueing_result result;

/* @mib: MiB of a ring; 0: entries of their own */
static struct queueing a_queue(unsigned int entries, const struct subject_bufring *br,
			       unsigned int mib)
{
	struct queueing queue = { .entries = entries, .nr_classes = 1 };
	struct bufring_shape shape = { .nr_classes = 1, .classes = { { MIB, mib } } };

	queue.class_size[0] = MIB;
	if (mib) {
		queue.br = br;
		queue.keeps = br == &bufpool;
		queue.ring = br->create(&shape);
		assert_non_null(queue.ring);
	}
	return queue;
}

static void it_runs(const struct queueing *queue, const struct arrival *requests,
		    unsigned int nr, unsigned int mib)
{
	assert_true(queueing_run(queue, requests, nr, &result));
	if (!queue->br)
		return;
	assert_int_equal(queue->br->free_bufs(queue->ring), mib);
	queue->br->destroy(queue->ring);
}

static void one_buffer_is_used_by_one_after_the_other(void **state)
{
	const struct arrival requests[] = { { 0, 100, 4 * KIB },
					    { 10, 100, 4 * KIB },
					    { 20, 100, 4 * KIB } };
	const struct queueing queue = a_queue(2, &bufpool, 1);

	(void)state;
	it_runs(&queue, requests, 3, 1);
	assert_int_equal(result.ended, 3);
	assert_int_equal(result.waited, 2); /* 90 and 180 ns */
	assert_int_equal(result.waited_for_room, 2);
	assert_int_equal(result.wait_mean, 90);
	assert_int_equal(result.wait_p99, 180);
	assert_int_equal(result.most_payload, 4 * KIB);
	assert_int_equal(result.most_taken, MIB);
	assert_int_equal(result.last, 300);
}

static void an_entry_can_be_what_is_missing(void **state)
{
	const struct arrival requests[] = { { 0, 100, MIB }, { 40, 100, MIB } };
	const struct queueing queue = a_queue(1, NULL, 0);

	(void)state;
	it_runs(&queue, requests, 2, 0);
	assert_int_equal(result.waited, 1);
	assert_int_equal(result.waited_for_room, 0);
	assert_int_equal(result.wait_mean, 30); /* 0 and 60 */
	assert_int_equal(result.last, 200);
}

/* the third has no payload, the fourth fits beside the first */
static const struct arrival a_long_one_waits[] = {
	{ 0, 100, MIB / 2 }, { 10, 100, MIB }, { 20, 5, 0 }, { 30, 5, 4 * KIB }
};

static void the_first_for_whom_there_is_room_is_next(void **state)
{
	const struct queueing queue = a_queue(4, &byte_count, 1);

	(void)state;
	it_runs(&queue, a_long_one_waits, 4, 1);
	assert_int_equal(result.waited, 1); /* the second, from 10 to 100 */
	assert_int_equal(result.wait_mean, 90 / 4);
	assert_int_equal(result.most_payload, MIB);
	assert_int_equal(result.last, 200);
}

static void in_order_nobody_is_passed(void **state)
{
	struct queueing queue = a_queue(4, &byte_count, 1);

	(void)state;
	queue.in_order = true;
	it_runs(&queue, a_long_one_waits, 4, 1);
	/* from 10, 20 and 30 to 100, 100 and 200 */
	assert_int_equal(result.waited, 3);
	assert_int_equal(result.wait_mean, (90 + 80 + 170) / 4);
	assert_int_equal(result.last, 205);
}

static void clients_of_a_closed_loop_come_again(void **state)
{
	static struct arrival requests[40];
	struct queueing queue = a_queue(2, NULL, 0);

	(void)state;
	for (unsigned int i = 0; i < 40; i++)
		requests[i] = (struct arrival){ .service = 10, .size = KIB };
	queue.clients = 2;
	it_runs(&queue, requests, 40, 0);
	assert_int_equal(result.waited, 0);
	assert_int_equal(result.last, 200);

	queue.clients = 3; /* one of them waits, always */
	it_runs(&queue, requests, 40, 0);
	assert_int_equal(result.waited, 38);
	assert_int_equal(result.last, 200);
}

static void too_much_is_given_up(void **state)
{
	static struct arrival requests[NR];
	const struct queueing queue = a_queue(4, &bufpool, 1);

	(void)state;
	for (unsigned int i = 0; i < NR; i++)
		requests[i] = (struct arrival){ .at = i, .service = 10, .size = KIB };
	it_runs(&queue, requests, NR, 1);
	assert_true(result.overloaded);
	assert_int_equal(result.ended, 0);
}

static void pages_that_are_used_are_marked(void **state)
{
	const struct arrival requests[] = { { 0, 100, 5 * KIB }, { 0, 100, 1 } };
	unsigned char touched[2 * MIB / 4096] = { 0 };
	struct queueing queue = a_queue(2, &bufpool, 2);

	(void)state;
	queue.touched = touched;
	it_runs(&queue, requests, 2, 2);
	for (unsigned int i = 0; i < sizeof(touched); i++)
		assert_int_equal(touched[i], i < 2 || i == MIB / 4096);
}

/* ---- any requests ---- */

static void as_many_buffers_as_entries_are_entries_of_their_own(void **state)
{
	static struct arrival requests[NR];
	struct queueing queue;
	struct queueing_result own;

	(void)state;
	for (const struct sizes *s = sizes_all; s->name; s++) {
		sizes_arrivals(s, 360, requests, NR);
		queue = a_queue(4, NULL, 0);
		it_runs(&queue, requests, NR, 0);
		own = result;
		assert_true(own.waited && own.ended == NR);
		queue = a_queue(4, &bufpool, 4);
		it_runs(&queue, requests, NR, 4);
		assert_int_equal(result.wait_mean, own.wait_mean);
		assert_int_equal(result.wait_p99, own.wait_p99);
		assert_int_equal(result.most_taken, 4 * MIB);
		assert_int_equal(result.waited_for_room, 0);
		queue = a_queue(4, &bufpool, 3);
		it_runs(&queue, requests, NR, 3);
		assert_true(result.overloaded || result.wait_mean > own.wait_mean);
	}
}

static void sizes_are_as_they_say(void **state)
{
	static struct arrival requests[20 * NR];

	(void)state;
	for (const struct sizes *s = sizes_all; s->name; s++) {
		unsigned int all = 0;
		uint64_t sum = 0, mean;

		for (unsigned int i = 0; i < SIZES_MOST; i++)
			all += s->shares[i].permille;
		assert_int_equal(all, 1000);
		mean = sizes_arrivals(s, 1200, requests, 20 * NR);
		for (unsigned int i = 0; i < 20 * NR; i++)
			sum += requests[i].size;
		sum /= 20 * NR;
		assert_in_range(sum, sizes_mean(s) * 0.95, sizes_mean(s) * 1.05);
		/* 12 at a time: the next comes after a twelfth of the service */
		assert_in_range(requests[20 * NR - 1].at / (20 * NR), mean / 12 * 0.98,
				mean / 12 * 1.02);
	}
}

static void an_exponential_number_is_one(void **state)
{
	(void)state;
	assert_in_range(sizes_exponential(1000000, 1u << 31), 693100, 693150); /* ln 2 */
	assert_in_range(sizes_exponential(1000000, UINT32_MAX), 0, 20);
	assert_in_range(sizes_exponential(1000000, 0x5e2d58d9), 999900,
			1000100);				   /* 2^32 / e */
	assert_in_range(sizes_exponential(1000, 0), 22100, 22200); /* of 1: 32 ln 2 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_buffer_is_used_by_one_after_the_other),
		cmocka_unit_test(an_entry_can_be_what_is_missing),
		cmocka_unit_test(the_first_for_whom_there_is_room_is_next),
		cmocka_unit_test(in_order_nobody_is_passed),
		cmocka_unit_test(clients_of_a_closed_loop_come_again),
		cmocka_unit_test(too_much_is_given_up),
		cmocka_unit_test(pages_that_are_used_are_marked),
		cmocka_unit_test(as_many_buffers_as_entries_are_entries_of_their_own),
		cmocka_unit_test(sizes_are_as_they_say),
		cmocka_unit_test(an_exponential_number_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
