// SPDX-License-Identifier: GPL-2.0-only
/*
 * A buffer ring by itself whose buffers have several sizes (layout "classes"): which one
 * a request gets, when a larger one is lent, and where each comes back to, against a
 * model.
 */
#include "bufring_model.h"
#include "shim/fault.h"

#define CLASSES VIEW_CLASSES

static unsigned int nr_classes, nbufs;

/* the model */
static struct {
	unsigned int size, first_id, number;
	size_t start;
	struct line line;
} classes[CLASSES];

static bool is_out[MOST_BUFFERS];
static struct bufring_region mine[MOST_BUFFERS];
static unsigned int nr_mine;

static const unsigned int nobody[CLASSES];

/* a shape without numbers ends at the first 0 */
static void a_ring_of(const unsigned int (*shape)[2], unsigned int start)
{
	struct bufring_shape s = {
		.policy = policy,
		.layout = layout_named("classes"),
		.start = start,
	};
	size_t bytes = 0;

	nbufs = 0;
	for (nr_classes = 0; nr_classes < CLASSES && shape[nr_classes][0]; nr_classes++) {
		unsigned int i = nr_classes;

		s.classes[i].size = shape[i][0];
		s.classes[i].number = shape[i][1];
		classes[i].size = shape[i][0];
		classes[i].number = shape[i][1];
		classes[i].first_id = nbufs;
		classes[i].start = bytes;
		line_has(&classes[i].line, nbufs, shape[i][1]);
		nbufs += shape[i][1];
		bytes += (size_t)shape[i][0] * shape[i][1];
	}
	s.nr_classes = nr_classes;
	ring = br->create(&s);
	assert_non_null(ring);
	memset(is_out, 0, sizeof(is_out));
	nr_mine = 0;
}

static unsigned int class_of(unsigned int id)
{
	unsigned int i = 0;

	while (id >= classes[i].first_id + classes[i].number)
		i++;
	return i;
}

/* Return: the class that a request gets a buffer of, or -1 */
static int the_model_says(unsigned int need, const unsigned int waiting[])
{
	unsigned int own = 0;

	while (own + 1 < nr_classes && classes[own].size < need)
		own++;
	if (classes[own].line.nr)
		return (int)own;
	for (unsigned int i = own + 1; i < nr_classes; i++)
		if (classes[i].line.nr > waiting[i])
			return (int)i;
	return -1;
}

static void nothing_else_has_changed(void)
{
	unsigned int nr_free = 0;

	for (unsigned int i = 0; i < nr_classes; i++)
		nr_free += classes[i].line.nr;
	assert_int_equal(br->free_bufs(ring), nr_free);
	assert_int_equal(nr_free + nr_mine, nbufs);
}

static int selects(unsigned int need, const unsigned int waiting[])
{
	struct bufring_region r = { 77, 77, 77 };
	int err = br->select(ring, need, waiting, &r), c = the_model_says(need, waiting);

	if (c < 0) {
		assert_int_equal(err, -ENOBUFS);
		assert_int_equal(r.id & r.offset & r.size, 77);
		nothing_else_has_changed();
		return err;
	}
	assert_int_equal(err, 0);
	assert_int_equal(r.id, line_takes(&classes[c].line));
	assert_int_equal(r.offset, 0);
	assert_int_equal(r.size, classes[c].size);
	assert_int_equal(br->offset(ring, &r),
			 classes[c].start +
				 (size_t)(r.id - classes[c].first_id) * classes[c].size);
	assert_false(is_out[r.id]);
	is_out[r.id] = true;
	mine[nr_mine++] = r;
	nothing_else_has_changed();
	return 0;
}

static void gives_back(unsigned int n)
{
	struct bufring_region r = mine[n];

	br->recycle(ring, &r);
	is_out[r.id] = false;
	line_is_given(&classes[class_of(r.id)].line, r.id);
	mine[n] = mine[--nr_mine];
	nothing_else_has_changed();
}

static void it_is_used(unsigned int times)
{
	unsigned int largest = classes[nr_classes - 1].size;

	while (times--) {
		unsigned int waiting[CLASSES];

		for (unsigned int i = 0; i < CLASSES; i++)
			waiting[i] = a_random_number() % 3;
		if (!nr_mine || a_random_number() % 7 > 2)
			selects(a_random_number() % 4
					? a_random_number() % (largest + 1)
					: classes[a_random_number() % nr_classes].size,
				waiting);
		else
			gives_back(a_random_number() % nr_mine);
	}
	while (nr_mine)
		gives_back(a_random_number() % nr_mine);
	br->destroy(ring);
}

/* ---- against the model ---- */

static const unsigned int shapes[][CLASSES + 1][2] = {
	{ { 8192, 1 } },
	{ { 8192, 5 } },
	{ { 4096, 1 }, { 8192, 1 } },
	{ { 1, 3 }, { 8192, 2 } },
	{ { 100, 2 }, { 101, 3 }, { 8192, 1 } },
	{ { 512, 4 }, { 1024, 3 }, { 2048, 2 }, { 8192, 1 } },
	{ { 64, 1 }, { 65, 2 }, { 66, 5 }, { 67, 7 } },
};

#define NR_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void each_gets_the_buffer_that_the_model_says(void **state)
{
	(void)state;
	needs_a_ring();
	for (unsigned int i = 0; i < NR_SHAPES; i++) {
		a_ring_of(shapes[i], 0);
		it_is_used(5000);
	}
}

static void so_it_does_across_2_to_the_32(void **state)
{
	(void)state;
	needs_a_ring();
	for (unsigned int i = 0; i < NR_SHAPES; i++) {
		for (unsigned int before = 0; before < 20; before++) {
			a_ring_of(shapes[i], 0u - before);
			it_is_used(300);
		}
	}
}

static void four_sizes_may_have_65535_buffers_in_all(void **state)
{
	(void)state;
	static const unsigned int most[][2] = {
		{ 16, 40000 }, { 32, 25000 }, { 48, 534 }, { 64, 1 }, { 0 }
	};

	needs_a_ring();
	a_ring_of(most, 0u - 100);
	assert_int_equal(nbufs, MOST_BUFFERS);
	for (unsigned int i = 0; i < 4; i++)
		for (unsigned int n = 0; n < most[i][1]; n++)
			assert_int_equal(selects(most[i][0], nobody), 0);
	assert_int_equal(selects(0, nobody), -ENOBUFS);
	for (unsigned int id = 0; id < nbufs; id++)
		assert_true(is_out[id]);
	while (nr_mine)
		gives_back(a_random_number() % nr_mine);
	it_is_used(2000);
}

/* ---- in detail ---- */

static const unsigned int three[][2] = { { 1024, 1 }, { 4096, 2 }, { 8192, 2 }, { 0 } };

static void the_smallest_that_fits_is_taken(void **state)
{
	(void)state;
	static const unsigned int need[][2] = { { 0, 1024 },	{ 1, 1024 },
						{ 1024, 1024 }, { 1025, 4096 },
						{ 4096, 4096 }, { 4097, 8192 },
						{ 8192, 8192 }, { 100000, 8192 } };

	needs_a_ring();
	for (unsigned int i = 0; i < sizeof(need) / sizeof(need[0]); i++) {
		a_ring_of(three, 0);
		assert_int_equal(selects(need[i][0], nobody), 0);
		assert_int_equal(mine[0].size, need[i][1]);
		it_is_used(0);
	}
}

static void its_own_size_is_taken_however_many_wait_for_it(void **state)
{
	(void)state;
	static const unsigned int many[CLASSES] = { 9, 9, 9, 9 };

	needs_a_ring();
	a_ring_of(three, 0);
	assert_int_equal(selects(1, many), 0);
	assert_int_equal(selects(2000, many), 0);
	assert_int_equal(selects(8000, many), 0);
	it_is_used(100);
}

static void a_larger_one_is_lent_only_if_more_are_free_than_wait_there(void **state)
{
	(void)state;
	needs_a_ring();
	for (unsigned int waits = 0; waits < 4; waits++) {
		const unsigned int waiting[CLASSES] = { 0, waits, 9, 9 };

		a_ring_of(three, 0);
		selects(1, nobody);
		assert_int_equal(selects(1, waiting), waits < 2 ? 0 : -ENOBUFS);
		if (waits < 2)
			assert_int_equal(mine[1].size, 4096);
		it_is_used(100);
	}
}

static void a_size_that_has_none_to_spare_is_passed_over(void **state)
{
	(void)state;
	const unsigned int waiting[CLASSES] = { 5, 2, 1, 0 };

	needs_a_ring();
	a_ring_of(three, 0);
	selects(1, nobody);
	assert_int_equal(selects(1, waiting), 0);
	assert_int_equal(mine[1].size, 8192);
	assert_int_equal(selects(1, waiting), -ENOBUFS);
	it_is_used(100);
}

static void nobody_gets_one_that_is_too_small(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(three, 0);
	selects(8192, nobody);
	selects(8192, nobody);
	assert_int_equal(selects(4097, nobody), -ENOBUFS);
	assert_int_equal(selects(4096, nobody), 0);
	it_is_used(100);
}

static void what_was_lent_goes_back_to_its_own_size(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(three, 0);
	selects(1, nobody);
	selects(1, nobody);
	assert_int_equal(mine[1].size, 4096);
	gives_back(1);
	selects(4000, nobody);
	selects(4000, nobody);
	assert_int_equal(mine[1].size, 4096);
	assert_int_equal(mine[2].size, 4096);
	gives_back(0);
	selects(1, nobody);
	assert_int_equal(mine[nr_mine - 1].size, 1024);
	it_is_used(100);
}

static void a_buffer_given_back_to_a_full_size_is_refused(void **state)
{
	(void)state;
	needs_a_ring();
	a_ring_of(three, 0);
	selects(8192, nobody);
	for (unsigned int id = 0; id < 3; id++) { /* the others have all theirs */
		br->recycle(ring, &(struct bufring_region){ .id = id });
		if (!id) /* which is said once */
			expects_report(REPORT_KERNEL,
				       "fuse_bufring_free_of(class) >= class->nbufs");
		assert_int_equal(br->free_bufs(ring), nbufs - 1);
	}
	it_is_used(100);
}

static void without_memory_there_is_no_ring(void **state)
{
	(void)state;
	struct bufring_shape shape = { .policy = policy,
				       .nr_classes = 2,
				       .classes = { { 1024, 2 }, { 8192, 1 } } };

	needs_a_ring();
	shape.layout = layout_named("classes");
	fault_nth(FAULT_ALLOC, 1);
	assert_null(br->create(&shape));
	fault_nth(FAULT_ALLOC, 0);
}

SCENARIO_TESTS(both(each_gets_the_buffer_that_the_model_says),
	       both(so_it_does_across_2_to_the_32),
	       both(four_sizes_may_have_65535_buffers_in_all),
	       both(the_smallest_that_fits_is_taken),
	       both(its_own_size_is_taken_however_many_wait_for_it),
	       both(a_larger_one_is_lent_only_if_more_are_free_than_wait_there),
	       both(a_size_that_has_none_to_spare_is_passed_over),
	       both(nobody_gets_one_that_is_too_small),
	       both(what_was_lent_goes_back_to_its_own_size),
	       both(a_buffer_given_back_to_a_full_size_is_refused),
	       both(without_memory_there_is_no_ring))
