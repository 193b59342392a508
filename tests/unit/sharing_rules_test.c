// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tester tested: rules about requests that share buffers, and about buffers of
 * several sizes. Each is broken by a queue that is made up, and not by its right twin.
 */
#include "rules.h"

static void it_is_said_first(const char *text)
{
	somebody_does_a_step();
	assert_true(report_count() > 0);
	assert_string_equal(report_get(0)->summary, text);
	report_reset();
}

static void nothing_is_said(void)
{
	somebody_does_a_step();
	for (size_t i = 0; i < report_count(); i++)
		print_error("%s\n", report_get(i)->summary);
	assert_int_equal(report_count(), 0);
}

/* ---- regions ---- */

static void entry_has_region(unsigned int i, unsigned int buf, unsigned int offset,
			     unsigned int need)
{
	struct ent_view *e = &q.ents[i];

	entry_has_buffer(i, buf);
	e->buf_offset = offset;
	e->payload += offset;
	e->payload_len = need ? (need + 63) / 64 * 64 : 64;
	e->req.need = need;
	q.uses[buf].regions++;
	if (q.uses[buf].bytes < offset + e->payload_len)
		q.uses[buf].bytes = (uint32_t)(offset + e->payload_len);
}

/* as a_good_queue(); entry 1 has bytes 0 to 256 of buffer 1, which is open */
static void a_good_queue_of_regions(void)
{
	a_good_queue();
	q.regions = true;
	q.nr_classes = 1;
	q.classes[0] = (struct class_view){ BUFSIZE, 0, BUFS, 2, 0 };
	q.open = 1;
	entry_has_region(1, 1, 0, 200);
	world_look_at_rules(&w, true);
}

/* ... and entry 2 what follows */
static void with_two_regions(void)
{
	a_good_queue_of_regions();
	entry_has_region(2, 1, 256, 4096);
}

static void good_regions_break_no_rule(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	nothing_is_said();
	with_two_regions();
	nothing_is_said();
	q.open = 0; /* buffer 1 is closed */
	q.free_ids[0] = 2;
	q.free_bufs = 1;
	entry_is(3, ENT_USERSPACE, LIST_USERSPACE);
	ring.queue_refs = 4;
	entry_has_region(3, 0, 0, 0);
	nothing_is_said();
}

static void a_region_lies_in_what_is_taken_of_its_buffer(void **state)
{
	(void)state;
	with_two_regions();
	q.uses[1].bytes = 4351;
	it_is_said_first("queue 0: entry 2 has bytes 256 to 4352 of buffer 1, of which "
			 "4351 are taken");
	with_two_regions();
	q.uses[1].bytes++; /* a region that has come back */
	nothing_is_said();
}

static void no_more_is_taken_of_a_buffer_than_it_has(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	q.uses[1].bytes = BUFSIZE + 1;
	it_is_said_first("queue 0: 8193 bytes are taken of buffer 1, which has 8192");
	a_good_queue_of_regions();
	q.uses[1].bytes = BUFSIZE;
	nothing_is_said();
}

static void a_region_is_as_long_as_its_payload_can_get(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	q.ents[1].payload_len = 192;
	it_is_said_first("queue 0: entry 1 has a region of 192 bytes for a payload of up "
			 "to 200");
	a_good_queue_of_regions();
	q.ents[1].req.need = 256;
	nothing_is_said();
	q.ents[1].req.need = 257;
	it_is_said_first("queue 0: entry 1 has a region of 256 bytes for a payload of up "
			 "to 257");
}

static void a_region_is_no_longer_than_its_buffer(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	q.ents[1].payload_len = q.uses[1].bytes = BUFSIZE;
	q.ents[1].req.need = BUFSIZE + 1; /* which is told when it is copied */
	nothing_is_said();
	assert_int_equal(region_size(&q, 0), 64);
	assert_int_equal(region_size(&q, 64), 64);
	assert_int_equal(region_size(&q, ~0u), BUFSIZE);
	q.buf_size = 100;
	assert_int_equal(region_size(&q, 65), 100);
}

/* the kernel has made the request's arguments as long as what came */
static void once_the_reply_is_read_it_may_have_been_shorter(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	entry_is(1, ENT_COMMIT, LIST_COMMIT);
	q.ents[1].payload_len = 256;
	q.ents[1].req = (struct req_view){ &requests[1], 4, .opcode = OP_READ };
	q.ents[1].req.needs_buf = true;
	q.ents[1].req.need = 10;
	nothing_is_said();
}

static void regions_do_not_overlap(void **state)
{
	(void)state;
	with_two_regions();
	q.ents[2].buf_offset -= 64;
	q.ents[2].payload -= 64;
	it_is_said_first("queue 0: buffer 1 of entry 1 and buffer 1 of entry 2 overlap; "
			 "last owners: entry 2, before that entry 1");
}

static void there_are_regions_of_no_other_buffers(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	q.ents[1].buf_id = 9;
	it_is_said_first("queue 0: entry 1 owns a region of buffer 9, but there are only "
			 "3");
	a_good_queue_of_regions();
	q.free_ids[0] = 3;
	it_is_said_first("queue 0: buffer 3 is free, but there are only 3");
}

static void a_buffer_is_free_or_has_regions(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	q.free_ids[q.free_bufs++] = 1;
	it_is_said_first("queue 0: buffer 1 is free, and 1 entries have regions of it");
	a_good_queue_of_regions();
	q.free_ids[q.free_bufs++] = 2;
	it_is_said_first("queue 0: buffer 2 is free twice");
	a_good_queue_of_regions();
	q.free_bufs = 1;
	it_is_said_first("queue 0: buffer 2 is lost: neither free nor has an entry a "
			 "region of it");
}

static void a_buffer_counts_its_regions(void **state)
{
	(void)state;
	with_two_regions();
	q.uses[1].regions = 1;
	it_is_said_first("queue 0: buffer 1 counts 1 regions in use, and 2 entries have "
			 "one");
	a_good_queue_of_regions();
	q.uses[0].regions = 1;
	it_is_said_first("queue 0: buffer 0 counts 1 regions in use, and 0 entries have "
			 "one");
}

static void of_a_free_buffer_nothing_is_taken(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	q.uses[2].bytes = 64;
	it_is_said_first("queue 0: buffer 2 is free, and 64 bytes of it are taken");
	a_good_queue_of_regions();
	q.open = 2;
	it_is_said_first("queue 0: buffer 2 is free, and regions are taken of it");
	a_good_queue_of_regions();
	q.open = -1;
	nothing_is_said();
}

static void of_a_large_ring_only_regions_are_looked_at(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	q.nbufs = 1000;
	fuse.commands[0].reg.payload_len = 1000 * BUFSIZE;
	q.free_bufs = 998;
	for (unsigned int i = 0; i < VIEW_IDS; i++)
		q.free_ids[i] = (uint16_t)(i + 10);
	nothing_is_said();
	q.ents[1].buf_id = 500; /* that is not shown */
	nothing_is_said();
	q.ents[1].buf_id = 1;
	q.uses[1].bytes = 128;
	it_is_said_first("queue 0: entry 1 has bytes 0 to 256 of buffer 1, of which 128 "
			 "are taken");
}

/* ---- who waits ---- */

static void waits_for(uint64_t unique, unsigned int need)
{
	waits(unique, OP_READ, true);
	q.reqs[q.waiting - 1].need = need;
}

/* no buffer is free; of the open one so many bytes are left */
static void all_but(unsigned int bytes)
{
	a_good_queue_of_regions();
	q.nbufs = 2;
	q.free_bufs = 0;
	entry_has_region(2, 0, 0, 8192);
	q.uses[1].bytes = BUFSIZE - bytes;
}

static void who_fits_the_rest_of_the_open_buffer_does_not_wait(void **state)
{
	(void)state;
	all_but(128);
	waits_for(8, 4096);
	nothing_is_said();
	waits_for(10, 128);
	it_is_said_first("queue 0: a READ (unique 10, of client) waits although entry 0 "
			 "is available; 0 of 2 buffers free");
	all_but(128);
	waits_for(8, 129);
	nothing_is_said();
}

static void who_could_open_a_buffer_does_not_wait(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	q.uses[1].bytes = BUFSIZE;
	waits_for(8, 8192);
	it_is_said_first("queue 0: a READ (unique 8, of client) waits although entry 0 "
			 "is available; 2 of 3 buffers free");
	all_but(8192 - 256);
	q.open = -1;
	waits_for(8, 1);
	nothing_is_said();
	q.open = VIEW_IDS; /* which is not shown */
	nothing_is_said();
}

/* small ones are free and their number is @few, large ones and @many; who waits likewise
 */
static void a_good_queue_of_sizes(unsigned int few, unsigned int many,
				  unsigned int wait_few, unsigned int wait_many)
{
	a_good_queue();
	q.ents[1].has_buf = false;
	q.ents[1].req.needs_buf = false;
	q.nr_classes = 2;
	q.classes[0] = (struct class_view){ 4096, 0, few, few, wait_few };
	q.classes[1] = (struct class_view){ BUFSIZE, few, many, many, wait_many };
	q.nbufs = q.free_bufs = few + many;
	for (unsigned int i = 0; i < q.nbufs; i++)
		q.free_ids[i] = (uint16_t)i;
	q.pool_len = few * 4096 + many * BUFSIZE;
	world_look_at_rules(&w, true);
}

/* entry 1 has such a buffer for a payload of that length */
static void entry_has_size(size_t size, unsigned int need)
{
	a_good_queue_of_sizes(2, 2, 0, 0);
	q.nbufs = BUFS + 1;
	q.free_bufs = BUFS;
	q.free_ids[1] = 3;
	entry_has_buffer(1, 1);
	q.ents[1].payload_len = size;
	q.ents[1].req.need = need;
}

static void a_buffer_is_long_enough_for_its_request(void **state)
{
	(void)state;
	entry_has_size(4096, 4096);
	nothing_is_said();
	entry_has_size(4096, 4097);
	it_is_said_first("queue 0: entry 1 has a buffer of 4096 bytes for a payload of "
			 "up to 4097");
	entry_has_size(BUFSIZE, BUFSIZE + 1); /* which is told when it is copied */
	nothing_is_said();
	entry_has_size(4096, 4097);
	q.ents[1].req.needs_buf = false; /* another rule */
	it_is_said_first("queue 0: entry 1 has buffer 1, which a GETATTR (unique 4, of "
			 "client) does not need");
}

static void who_finds_a_buffer_that_is_long_enough_does_not_wait(void **state)
{
	(void)state;
	a_good_queue_of_sizes(1, 0, 1, 0);
	waits_for(8, 4096);
	it_is_said_first("queue 0: a READ (unique 8, of client) waits although entry 0 "
			 "is available; 1 of 1 buffers free");
	a_good_queue_of_sizes(1, 0, 0, 1);
	waits_for(8, 4097);
	nothing_is_said();
	a_good_queue_of_sizes(0, 1, 0, 1);
	waits_for(8, 4097);
	it_is_said_first("queue 0: a READ (unique 8, of client) waits although entry 0 "
			 "is available; 1 of 1 buffers free");
}

static void a_larger_one_that_nobody_needs_is_lent(void **state)
{
	(void)state;
	a_good_queue_of_sizes(0, 2, 1, 1);
	waits_for(8, 1);
	it_is_said_first("queue 0: a READ (unique 8, of client) waits although entry 0 "
			 "is available; 2 of 2 buffers free");
	a_good_queue_of_sizes(0, 2, 1, 2);
	waits_for(8, 1);
	nothing_is_said();
}

static void so_it_is_for_the_background(void **state)
{
	(void)state;
	for (unsigned int waiting = 0; waiting < 2; waiting++) {
		a_good_queue_of_sizes(0, 1, 0, waiting);
		q.bg_reqs[0] = (struct req_view){ &requests[3], 12, .opcode = OP_READ };
		q.bg_reqs[0].needs_buf = q.bg_reqs[0].background = true;
		q.waiting_bg = 1;
		q.oldest_bg = 12;
		ring.max_background = 2;
		sched_run(NULL); /* nobody can run */
		assert_int_equal(report_count(), waiting ? 0 : 1);
		report_reset();
	}
}

/* ---- who is overtaken ---- */

/* one waits that needs @oldest bytes, and many are served that came later: reports */
static unsigned int reports_when_passed(unsigned int oldest, unsigned int later)
{
	entry_is(0, ENT_COMMIT, LIST_COMMIT);
	waits_for(10, oldest);
	q.newest = 10;
	q.ents[2].req.needs_buf = true;
	q.ents[2].req.need = later;
	for (unsigned int n = 0; n < OVERTAKING_BOUND + 2; n++) {
		somebody_does_a_step();
		q.newest = q.ents[2].req.unique = 20 + 2 * n;
	}
	unsigned int reports = (unsigned int)report_count();

	if (reports) {
		assert_string_equal(report_get(0)->rule, "starvation");
		report_reset();
	}
	return reports;
}

static void regions_may_be_passed_by_shorter_ones_alone(void **state)
{
	(void)state;
	a_good_queue_of_regions();
	assert_int_equal(reports_when_passed(4096, 4095), 0);
	a_good_queue_of_regions();
	assert_int_equal(reports_when_passed(4096, 4096), 1);
	a_good_queue_of_regions();
	assert_int_equal(reports_when_passed(4096, 8192), 1);
}

static void sizes_may_be_passed_by_others_alone(void **state)
{
	(void)state;
	a_good_queue_of_sizes(0, 0, 0, 0);
	assert_int_equal(reports_when_passed(4096, 4097), 0);
	a_good_queue_of_sizes(0, 0, 0, 0);
	assert_int_equal(reports_when_passed(4097, 4096), 0);
	a_good_queue_of_sizes(0, 0, 0, 0);
	assert_int_equal(reports_when_passed(1, 4096), 1);
	a_good_queue_of_sizes(0, 0, 0, 0);
	assert_int_equal(reports_when_passed(8192, 4097), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rule(good_regions_break_no_rule),
		rule(a_region_lies_in_what_is_taken_of_its_buffer),
		rule(no_more_is_taken_of_a_buffer_than_it_has),
		rule(a_region_is_as_long_as_its_payload_can_get),
		rule(a_region_is_no_longer_than_its_buffer),
		rule(once_the_reply_is_read_it_may_have_been_shorter),
		rule(regions_do_not_overlap),
		rule(there_are_regions_of_no_other_buffers),
		rule(a_buffer_is_free_or_has_regions),
		rule(a_buffer_counts_its_regions),
		rule(of_a_free_buffer_nothing_is_taken),
		rule(of_a_large_ring_only_regions_are_looked_at),
		rule(who_fits_the_rest_of_the_open_buffer_does_not_wait),
		rule(who_could_open_a_buffer_does_not_wait),
		rule(a_buffer_is_long_enough_for_its_request),
		rule(who_finds_a_buffer_that_is_long_enough_does_not_wait),
		rule(a_larger_one_that_nobody_needs_is_lent),
		rule(so_it_is_for_the_background),
		rule(regions_may_be_passed_by_shorter_ones_alone),
		rule(sizes_may_be_passed_by_others_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
