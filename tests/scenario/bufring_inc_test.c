// SPDX-License-Identifier: GPL-2.0-only
/*
 * A buffer ring by itself whose buffers are consumed by regions (layout "inc"): where
 * each region is, when a buffer is closed, and when it is free again, against a model.
 */
#include "bufring_model.h"
#include "shim/fault.h"

#define MOST_BYTES   8192u /* of a buffer that is looked at byte by byte */
#define MOST_SHOWN   8u	   /* buffers likewise */
#define MOST_REGIONS 2048u

static unsigned int buf_size, nbufs;

/* the model */
static struct line line;
static int open;
static struct {
	unsigned int bytes, regions;
} uses[MOST_BUFFERS];
static bool taken[MOST_SHOWN][MOST_BYTES];

static struct bufring_region mine[MOST_REGIONS];
static unsigned int nr_mine;

static void a_ring_of(unsigned int buffers, unsigned int size, unsigned int start)
{
	struct bufring_shape shape = {
		.policy = policy,
		.layout = layout_named("inc"),
		.start = start,
		.nr_classes = 1,
		.classes = { { size, buffers } },
	};

	nbufs = buffers;
	buf_size = size;
	ring = br->create(&shape);
	assert_non_null(ring);
	line_has(&line, 0, nbufs);
	open = -1;
	nr_mine = 0;
	memset(uses, 0, sizeof(uses));
	memset(taken, 0, sizeof(taken));
}

/* ---- the model ---- */

static unsigned int bytes_for(unsigned int need)
{
	unsigned int size = need ? (need + 63) / 64 * 64 : 64;

	return size < buf_size ? size : buf_size;
}

/* Return: whether there is room; then where it is, and it is taken */
static bool the_model_says(unsigned int need, struct bufring_region *r)
{
	r->size = bytes_for(need);
	if (open < 0 || uses[open].bytes + r->size > buf_size) {
		if (!line.nr)
			return false;
		open = (int)line_takes(&line);
	}
	r->id = (unsigned int)open;
	r->offset = uses[open].bytes;
	uses[open].bytes += r->size;
	uses[open].regions++;
	return true;
}

static void the_model_is_given(const struct bufring_region *r)
{
	if (--uses[r->id].regions)
		return;
	uses[r->id].bytes = 0;
	if (open == (int)r->id)
		open = -1;
	line_is_given(&line, r->id);
}

/* nobody else has any of these bytes, and they are in the buffer */
static void its_bytes_are_its_own(const struct bufring_region *r)
{
	assert_true(r->id < nbufs);
	assert_true(r->size && r->offset + r->size <= buf_size);
	assert_int_equal(r->offset % 64, 0);
	assert_true(!(r->size % 64) || r->size == buf_size);
	assert_int_equal(br->offset(ring, r), (size_t)r->id * buf_size + r->offset);
	if (r->id >= MOST_SHOWN)
		return;
	for (unsigned int i = r->offset; i < r->offset + r->size; i++) {
		assert_false(taken[r->id][i]);
		taken[r->id][i] = true;
	}
}

/* free + taken + rests that are not used before their buffer is back == all */
static void no_byte_is_lost(void)
{
	size_t free_bytes = (size_t)br->free_bufs(ring) * buf_size, in_use = 0, rest = 0;

	for (unsigned int id = 0; id < nbufs; id++) {
		unsigned int bytes = 0;

		if (!uses[id].regions)
			continue;
		for (unsigned int i = 0; i < nr_mine; i++)
			bytes += mine[i].id == id ? mine[i].size : 0;
		in_use += bytes;
		rest += buf_size - bytes;
	}
	assert_int_equal(free_bytes + in_use + rest, (size_t)nbufs * buf_size);
}

/* ---- takes and gives ---- */

static int selects(unsigned int need)
{
	struct bufring_region r = { 77, 77, 77 }, expected = { 77, 77, 77 };
	int err = br->select(ring, need, NULL, &r);

	if (!the_model_says(need, &expected)) {
		assert_int_equal(err, -ENOBUFS);
		assert_int_equal(r.id & r.offset & r.size, 77);
		return err;
	}
	assert_int_equal(err, 0);
	assert_int_equal(r.id, expected.id);
	assert_int_equal(r.offset, expected.offset);
	assert_int_equal(r.size, expected.size);
	its_bytes_are_its_own(&r);
	assert_true(nr_mine < MOST_REGIONS);
	mine[nr_mine++] = r;
	return 0;
}

static void gives_back(unsigned int n)
{
	struct bufring_region r = mine[n];

	br->recycle(ring, &r);
	the_model_is_given(&r);
	for (unsigned int i = r.offset; r.id < MOST_SHOWN && i < r.offset + r.size; i++)
		taken[r.id][i] = false;
	mine[n] = mine[--nr_mine];
	assert_int_equal(br->free_bufs(ring), line.nr);
}

static void gives_all_back(void)
{
	while (nr_mine)
		gives_back(a_random_number() % nr_mine);
	assert_int_equal(br->free_bufs(ring), nbufs);
}

static unsigned int a_random_need(void)
{
	switch (a_random_number() % 6) {
	case 0:
		return buf_size;
	case 1:
		return buf_size + a_random_number() % 100;
	case 2:
		return a_random_number() % 3;
	case 3:
		return buf_size / (1 + a_random_number() % 4);
	default:
		return a_random_number() % (buf_size + 1);
	}
}

static void it_is_used(unsigned int times)
{
	while (times--) {
		if (!nr_mine || (a_random_number() % 5 > 1 && nr_mine < MOST_REGIONS))
			selects(a_random_need());
		else
			gives_back(a_random_number() % nr_mine);
		if (times % 16 == 0)
			no_byte_is_lost();
	}
	gives_all_back();
	no_byte_is_lost();
	br->destroy(ring);
}

/* ---- against the model ---- */

static const unsigned int sizes[] = { 1,   63,	 64,   65,   100,  128,	 192,
				      200, 1000, 4096, 8100, 8191, 8192, 0 };

static void regions_are_where_the_model_has_them(void **state)
{
	(void)state;
	needs_a_ring();
	for (const unsigned int *size = sizes; *size; size++) {
		for (unsigned int buffers = 1; buffers <= MOST_SHOWN; buffers++) {
			a_ring_of(buffers, *size, 0);
			it_is_used(1500);
		}
	}
}

static void so_they_are_across_2_to_the_32(void **state)
{
	(void)state;
	needs_a_ring();
	for (const unsigned int *size = sizes; *size; size++) {
		for (unsigned int buffers = 1; buffers <= 7; buffers++) {
			for (unsigned int before = 0; before <= 2 * buffers; before++) {
				a_ring_of(buffers, *size, 0u - before);
				it_is_used(200);
			}
		}
	}
}

static void the_largest_ring_gives_each_buffer_once(void **state)
{
	(void)state;
	needs_a_ring();
	for (unsigned int start = 0; start < 2; start++) {
		struct bufring_region r;

		a_ring_of(MOST_BUFFERS, 100, start ? 0u - 1000 : 0);
		for (unsigned int n = 0; n < MOST_BUFFERS; n++) {
			assert_int_equal(br->select(ring, 65 + n % 36, NULL, &r), 0);
			assert_int_equal(r.id, line_takes(&line));
			assert_int_equal(r.offset, 0);
			assert_int_equal(r.size, 100);
			assert_int_equal(br->offset(ring, &r), r.id * 100ul);
		}
		assert_int_equal(br->select(ring, 1, NULL, &r), -ENOBUFS);
		for (unsigned int n = 0; n < MOST_BUFFERS; n++) {
			r = (struct bufring_region){ n, 0, 100 };
			br->recycle(ring, &r);
			line_is_given(&line, n);
		}
		it_is_used(500);
	}
}

/* ---- in detail ---- */

static void a_buffer_is_filled_to_its_last_byte(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(1, 8192, 0);
	for (unsigned int i = 0; i < 128; i++) {
		assert_int_equal(selects(1 + i % 64), 0);
		assert_int_equal(mine[i].offset, 64 * i);
	}
	assert_int_equal(selects(0), -ENOBUFS);
	gives_all_back();
	assert_int_equal(selects(8192), 0);
	assert_int_equal(mine[0].offset, 0);
	assert_int_equal(selects(0), -ENOBUFS);
	it_is_used(100);
}

static void what_needs_nothing_has_a_place_of_its_own(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(1, 256, 0);
	selects(0);
	selects(0);
	assert_int_equal(mine[0].size, 64);
	assert_int_equal(mine[1].offset, 64);
	it_is_used(100);
}

static void what_needs_more_than_a_buffer_has_all_of_one(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(2, 1000, 0);
	selects(1001);
	assert_int_equal(mine[0].size, 1000);
	selects(100000);
	assert_int_equal(mine[1].size, 1000);
	assert_int_not_equal(mine[0].id, mine[1].id);
	it_is_used(100);
}

static void a_rest_that_is_too_short_is_closed_when_there_is_another_buffer(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(2, 1024, 0);
	selects(512);
	selects(513); /* of the next one, */
	assert_int_equal(mine[1].offset, 0);
	selects(64); /* ... of which so is this, though the first has more */
	assert_int_equal(mine[2].id, mine[1].id);
	selects(448);
	assert_int_equal(selects(512), -ENOBUFS); /* not even of the closed rest */
	gives_back(0);
	assert_int_equal(br->free_bufs(ring), 1);
	assert_int_equal(selects(512), 0);
	it_is_used(100);
}

static void a_rest_stays_open_while_there_is_no_other_buffer(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(1, 1024, 0);
	selects(512);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(selects(513), -ENOBUFS);
	assert_int_equal(selects(512), 0);
	assert_int_equal(mine[1].offset, 512);
	it_is_used(100);
}

static void bytes_that_came_back_wait_for_the_rest_of_their_buffer(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(1, 1024, 0);
	selects(512);
	selects(64);
	gives_back(0);
	assert_int_equal(selects(512), -ENOBUFS);
	assert_int_equal(br->free_bufs(ring), 0);
	gives_back(0);
	assert_int_equal(br->free_bufs(ring), 1);
	assert_int_equal(selects(1024), 0);
	it_is_used(100);
}

/* fifo: the others come first; lifo: it comes first */
static void an_open_buffer_that_came_back_is_free_as_any_other(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(3, 1024, 0);
	selects(64);
	unsigned int first = mine[0].id;

	gives_back(0);
	assert_int_equal(br->free_bufs(ring), 3);
	selects(64);
	assert_int_equal(mine[0].id == first, policy == 1);
	assert_int_equal(mine[0].offset, 0);
	it_is_used(100);
}

static void a_region_that_comes_back_twice_is_refused(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(2, 1024, 0);
	selects(64);
	struct bufring_region r = mine[0];

	gives_back(0);
	br->recycle(ring, &r);
	expects_report(REPORT_KERNEL, "!use->regions");
	br->recycle(ring, &r); /* which is said once */
	assert_int_equal(br->free_bufs(ring), 2);
	it_is_used(100);
}

static void without_memory_there_is_no_ring(void **state)
{
	(void)state;
	needs_a_ring();
	struct bufring_shape shape = { .policy = policy,
				       .layout = layout_named("inc"),
				       .nr_classes = 1,
				       .classes = { { 1024, 2 } } };

	for (unsigned int n = 1; n <= 2; n++) {
		fault_nth(FAULT_ALLOC, n);
		ring = br->create(&shape);
		assert_null(ring);
		br->destroy(ring);
	}
	fault_nth(FAULT_ALLOC, 3);
	ring = br->create(&shape);
	assert_non_null(ring);
	fault_nth(FAULT_ALLOC, 0);
	br->destroy(ring);
}

static void its_name_is_inc(void **state)
{
	(void)state;
	needs_a_ring();
	assert_int_equal(layout_named("whole"), 0);
	assert_int_not_equal(layout_named("inc"), layout_named("classes"));
	assert_null(br->layout(3));
}

SCENARIO_TESTS(both(regions_are_where_the_model_has_them),
	       both(so_they_are_across_2_to_the_32),
	       both(the_largest_ring_gives_each_buffer_once),
	       both(a_buffer_is_filled_to_its_last_byte),
	       both(what_needs_nothing_has_a_place_of_its_own),
	       both(what_needs_more_than_a_buffer_has_all_of_one),
	       both(a_rest_that_is_too_short_is_closed_when_there_is_another_buffer),
	       both(a_rest_stays_open_while_there_is_no_other_buffer),
	       both(bytes_that_came_back_wait_for_the_rest_of_their_buffer),
	       both(an_open_buffer_that_came_back_is_free_as_any_other),
	       both(a_region_that_comes_back_twice_is_refused),
	       both(without_memory_there_is_no_ring), both(its_name_is_inc))
