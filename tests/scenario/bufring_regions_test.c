// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that share buffers (FUSE_URING_BUFRING_INC): each has a region as long as its
 * payload can get. Who finds no room waits, and shorter ones may use what is left, but
 * cannot keep him waiting.
 */
#include "bufring_sharing.h"

#define CANARY 0xc5

static void regions_of(unsigned int buffers, unsigned int entries)
{
	the_server_shares(.entries = entries, .buffers = buffers, .inc = true);
}

static void is_canary(const unsigned char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(p[i], CANARY);
}

/* ---- where ---- */

static void requests_lie_side_by_side_in_one_buffer(void **state)
{
	(void)state;
	static const uint32_t size[] = { 1000, 64, 65, 2048, 1 };
	static const uint32_t at[] = { 0, 1024, 1088, 1216, 3264 };
	struct delivery *d[5];
	struct call *c[5];

	regions_of(2, 5);
	for (unsigned int i = 0; i < 5; i++) {
		c[i] = somebody_reads("reader", 2 + i, size[i]);
		d[i] = the_server_takes_one();
		assert_int_equal(told(d[i])->buf_id, told(d[0])->buf_id);
		assert_int_equal(told(d[i])->region, at[i]);
		assert_ptr_equal(d[i]->payload, pool + told(d[i])->buf_id * 8192 + at[i]);
	}
	assert_int_equal(queue_now(0).free_bufs, 1);
	assert_int_equal(queue_now(0).uses[told(d[0])->buf_id].regions, 5);
	for (unsigned int i = 5; i-- > 0;)
		it_answers(d[i]);
	run_all();
	for (unsigned int i = 0; i < 5; i++)
		assert_true(call_has_file_data(c[i]));
	nothing_waits_and_all_is_back();
}

static void a_write_fills_its_region_and_no_other_byte(void **state)
{
	(void)state;
	static const uint32_t size[] = { 1, 63, 64, 65, 4095, 100 };

	regions_of(1, 7);
	memset(pool, CANARY, pool_len);
	unsigned char *end = pool;

	for (unsigned int i = 0; i < 6; i++) {
		struct call *c = somebody_writes("writer", 2, size[i]);
		struct delivery *d = the_server_takes_one();

		assert_ptr_equal(d->payload, end);
		assert_int_equal(d->payload_sz, size[i]);
		assert_memory_equal(d->payload, c->data, size[i]);
		end += (size[i] + 63) / 64 * 64;
		is_canary(d->payload + size[i], pool + pool_len - d->payload - size[i]);
	}
	server_dies(world);
}

static void what_a_reply_may_need_counts_and_what_a_request_has(void **state)
{
	(void)state;
	regions_of(1, 4);
	somebody_writes("writer", 2, 200); /* its reply has fewer bytes */
	somebody_reads("reader", 2, 300);  /* it has none itself */
	somebody_stats("stat", 2);
	struct delivery *d[] = { the_server_takes_one(), the_server_takes_one(),
				 the_server_takes_one() };

	assert_int_equal(told(d[0])->region, 0);
	assert_int_equal(told(d[1])->region, 256);
	assert_int_equal(told(d[2])->region, 256 + 320);
	for (unsigned int i = 0; i < 3; i++)
		it_answers(d[i]);
	all_ends_and_all_is_back();
}

/* one entry: whatever it had is given back before it has the next one */
static void an_entry_has_a_long_region_then_a_short_one_then_none(void **state)
{
	(void)state;
	regions_of(1, 1);
	for (unsigned int round = 0; round < 3; round++) {
		struct call *a = somebody_reads("a", 2, 8192);
		struct call *b = somebody_reads("b", 3, 10);
		struct call *c = somebody_syncs("c", 4);
		struct call *d = somebody_reads("d", 5, 8192);
		struct delivery *t = the_next_is_of(2);

		assert_int_equal(queue_now(0).uses[0].bytes, 8192);
		it_answers(t);
		t = the_next_is_of(3);
		assert_int_equal(queue_now(0).uses[0].bytes, 64);
		it_answers(t);
		t = the_next_is_of(4);
		assert_int_equal(queue_now(0).uses[0].bytes, 0);
		assert_int_equal(queue_now(0).free_bufs, 1);
		assert_int_equal(told(t)->region, 0);
		it_answers(t);
		t = the_next_is_of(5);
		assert_int_equal(queue_now(0).uses[0].bytes, 8192);
		it_answers(t);
		run_all();
		assert_true(call_has_file_data(a) && call_has_file_data(b) &&
			    call_has_file_data(d));
		assert_int_equal(c->ret, 0);
		nothing_waits_and_all_is_back();
	}
}

/* ---- who waits ---- */

static void shorter_ones_use_the_rest_while_a_longer_one_waits(void **state)
{
	(void)state;
	regions_of(1, 4);
	somebody_reads("half", 2, 4096);
	somebody_reads("waits", 3, 4097);
	somebody_reads("passes", 4, 4096);
	somebody_reads("waits, too", 5, 1);
	struct delivery *half = the_next_is_of(2), *passes = the_next_is_of(4);

	assert_int_equal(queue_now(0).waiting, 2);
	assert_int_equal(entries_in(ENT_AVAILABLE), 2);
	it_answers(half); /* not all of it is back */
	assert_int_equal(queue_now(0).waiting, 2);
	it_answers(passes);
	struct delivery *d = the_next_is_of(3);

	it_answers(the_next_is_of(5)); /* of the same buffer */
	it_answers(d);
	all_ends_and_all_is_back();
}

/* Whenever bytes come back somebody new has just asked for as many. */
static void shorter_ones_cannot_keep_a_longer_one_waiting(void **state)
{
	(void)state;
	regions_of(1, 3);
	somebody_reads("has it", 2, 512);
	struct delivery *d = the_next_is_of(2);
	struct call *waits = somebody_reads("waits", 3, 8192);
	unsigned int passed = 0;

	for (;;) {
		somebody_reads("newcomer", 4, 512);
		it_answers(d);
		d = the_server_takes_one();
		if (d->nodeid == 3)
			break;
		passed++;
		assert_true(passed < 20);
	}
	/* one after the other they use up the buffer, but no byte of it twice */
	assert_int_equal(passed, 15);
	it_answers(d);
	assert_true(waits->done || task_of(waits->actor)->state == SCHED_RUNNABLE);
	server_serves(server);
	run_all();
	assert_true(call_has_file_data(waits));
	nothing_waits_and_all_is_back();
}

static void those_of_one_length_are_served_in_the_order_of_arrival(void **state)
{
	(void)state;
	regions_of(2, 8);
	for (unsigned int i = 0; i < 8; i++)
		somebody_reads("reader", 2 + i, 8192);
	for (unsigned int i = 0; i < 8; i++)
		it_answers(the_next_is_of(2 + i));
	all_ends_and_all_is_back();
}

static void the_next_buffer_that_comes_back_is_for_the_oldest(void **state)
{
	(void)state;
	regions_of(2, 6);
	somebody_reads("a", 2, 8192);
	somebody_reads("b", 3, 8192);
	struct delivery *a = the_next_is_of(2), *b = the_next_is_of(3);

	somebody_reads("long", 4, 8192);
	somebody_reads("short", 5, 1);
	somebody_reads("long, too", 6, 8192);
	it_answers(b);
	it_answers(the_next_is_of(4)); /* all of it, for him */
	it_answers(the_next_is_of(5)); /* a's is still out */
	it_answers(the_next_is_of(6));
	it_answers(a);
	all_ends_and_all_is_back();
}

static void a_closed_buffer_comes_back_with_its_last_region(void **state)
{
	(void)state;
	regions_of(2, 4);
	somebody_reads("a", 2, 3000);
	somebody_reads("b", 3, 3000);
	somebody_reads("closes it", 4, 3000);
	struct delivery *a = the_next_is_of(2), *b = the_next_is_of(3),
			*c = the_next_is_of(4);

	assert_int_not_equal(told(c)->buf_id, told(a)->buf_id);
	assert_int_equal(queue_now(0).open, told(c)->buf_id);
	assert_int_equal(queue_now(0).free_bufs, 0);
	it_answers(a);
	assert_int_equal(queue_now(0).free_bufs, 0);
	it_answers(b);
	assert_int_equal(queue_now(0).free_bufs, 1);
	it_answers(c);
	all_ends_and_all_is_back();
}

static void a_killed_client_that_waits_leaves_its_place(void **state)
{
	(void)state;
	regions_of(1, 3);
	somebody_reads("has it", 2, 8192);
	struct delivery *d = the_next_is_of(2);
	struct call *killed = somebody_reads("killed", 3, 8192);
	struct call *next = somebody_reads("next", 4, 100);

	kill_task(killed->actor);
	finishes(killed->actor);
	assert_int_equal(killed->ret, -EINTR);
	it_answers(d);
	it_answers(the_next_is_of(4));
	run_all();
	assert_true(call_has_file_data(next));
	nothing_waits_and_all_is_back();
}

/* the server still has his request, and the region with it */
static void a_killed_client_that_is_served_keeps_its_region_until_then(void **state)
{
	(void)state;
	regions_of(1, 3);
	struct call *killed = somebody_reads("killed", 2, 4096);
	struct delivery *d = the_next_is_of(2);

	kill_task(killed->actor);
	run_as_far_as_possible(task_of(killed->actor));
	assert_int_equal(queue_now(0).uses[0].regions, 1);
	struct call *waits = somebody_reads("waits", 3, 8192);

	assert_int_equal(queue_now(0).waiting, 1);
	it_answers(d);
	it_answers(the_next_is_of(3));
	run_all();
	assert_true(call_has_file_data(waits));
	nothing_waits_and_all_is_back();
}

static void background_requests_wait_in_the_same_line(void **state)
{
	(void)state;
	regions_of(1, 4);
	somebody_reads("has most", 2, 8000);
	struct delivery *d = the_next_is_of(2);
	struct call *bg = somebody_reads_ahead(3, 8192);
	struct call *passes = somebody_stats("passes", 4);
	struct call *after = somebody_reads("after", 5, 8192);

	it_answers(the_next_is_of(4));
	assert_int_equal(queue_now(0).waiting, 2);
	it_answers(d);
	it_answers(the_next_is_of(3));
	it_answers(the_next_is_of(5));
	run_all();
	assert_true(call_has_file_data(bg) && call_has_file_data(after));
	assert_int_equal(passes->ret, 0);
	nothing_waits_and_all_is_back();
}

/* ---- what goes wrong ---- */

static void a_failed_copy_gives_its_region_back_at_once(void **state)
{
	(void)state;
	regions_of(1, 2);
	a_failed_write_makes_room_at_once(pool, 1);
}

static void a_reply_that_is_longer_than_its_region_is_refused(void **state)
{
	(void)state;
	static const uint32_t lengths[] = { 101, 128, 129, 8192, 8193, ~0u };

	regions_of(1, 2);
	struct call *other = somebody_reads("other", 3, 100);
	struct delivery *held = the_next_is_of(3);

	for (unsigned int i = 0; i < 6; i++) {
		struct call *c = somebody_reads("reader", 2, 100);
		struct delivery *d = the_next_is_of(2);

		a_reply_of_so_many_bytes_is_refused(c, d, &lengths[i]);
	}
	it_answers(held);
	run_all();
	assert_true(call_has_file_data(other));
	nothing_waits_and_all_is_back();
}

/* ... and while it is being read somebody else uses the queue */
static void a_reply_may_be_shorter_than_its_region(void **state)
{
	(void)state;
	regions_of(1, 3);
	struct actor *client = client_new(world, "end of file", 0);
	struct call *c = client_read(client, 2, FILE_SIZE - 10, 4096);

	gets_stuck(client);
	server_answers(server, the_next_is_of(2));
	run_until_lock(task_of(server), "queue->lock"); /* takes the entry */
	run_until_lock(task_of(server), "queue->lock"); /* the reply is read */
	somebody_reads("other", 3, 64);
	server_serves(server);
	run_all();
	assert_int_equal(c->ret, 10);
	nothing_waits_and_all_is_back();
}

static void an_attribute_may_be_as_long_as_a_buffer_and_no_longer(void **state)
{
	(void)state;
	regions_of(1, 2);
	an_attribute_may_fill_a_buffer_and_be_no_longer(8192);
}

SCENARIO_TESTS(both(requests_lie_side_by_side_in_one_buffer),
	       both(a_write_fills_its_region_and_no_other_byte),
	       both(what_a_reply_may_need_counts_and_what_a_request_has),
	       both(an_entry_has_a_long_region_then_a_short_one_then_none),
	       both(shorter_ones_use_the_rest_while_a_longer_one_waits),
	       both(shorter_ones_cannot_keep_a_longer_one_waiting),
	       both(those_of_one_length_are_served_in_the_order_of_arrival),
	       both(the_next_buffer_that_comes_back_is_for_the_oldest),
	       both(a_closed_buffer_comes_back_with_its_last_region),
	       both(a_killed_client_that_waits_leaves_its_place),
	       both(a_killed_client_that_is_served_keeps_its_region_until_then),
	       both(background_requests_wait_in_the_same_line),
	       both(a_failed_copy_gives_its_region_back_at_once),
	       both(a_reply_that_is_longer_than_its_region_is_refused),
	       both(a_reply_may_be_shorter_than_its_region),
	       both(an_attribute_may_be_as_long_as_a_buffer_and_no_longer))
