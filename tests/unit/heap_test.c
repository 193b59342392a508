// SPDX-License-Identifier: GPL-2.0-only
/*
 * The heap: what it hands out, and every misuse that it has to notice.
 */
#include <stdio.h>

#include "sched/sanitizer.h"
#include "shim/fault.h"
#include "shim/heap.h"
#include "unit.h"

static void *get(size_t size, const char *unused)
{
	(void)unused;
	return shim_kmalloc(size, SHIM_GFP_ZERO, SCHED_SITE("*queue"));
}

static void put(void *p)
{
	shim_kfree(p, SCHED_SITE("queue"));
}

static void zeroed_memory_is_zero_and_other_memory_is_not(void **state)
{
	unsigned char *z = shim_kmalloc(100, SHIM_GFP_ZERO, SCHED_SITE("z"));
	unsigned char *p = shim_kmalloc(100, 0, SCHED_SITE("p"));

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(z[i], 0);
		assert_int_equal(p[i], 0xa5);
	}
}

static void every_size_can_be_had_and_given_back(void **state)
{
	(void)state;
	for (size_t size = 0; size < 5000; size += 7)
		put(memset(get(size, "x"), 1, size ? size : 0));
	for (size_t size = 4096; size <= 8u << 20; size *= 2)
		put(memset(get(size + 1, "x"), 1, size + 1));
	assert_int_equal(report_count(), 0);
	assert_int_equal(shim_heap_live(NULL), 0);
}

static void live_objects_never_overlap(void **state)
{
	unsigned char *p[200];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 200; i++)
			p[i] = memset(get((size_t)i * 3 + 1, "x"), i, (size_t)i * 3 + 1);
		for (int i = 0; i < 200; i++) {
			for (int b = 0; b < i * 3 + 1; b++)
				assert_int_equal(p[i][b], i);
			put(p[i]);
		}
	}
}

static void double_free_is_reported(void **state)
{
	void *p = get(40, "x");

	(void)state;
	put(p);
	put(p);
	assert_reported(REPORT_HEAP, "double free of \"queue\"");
}

static void free_of_a_wild_pointer_is_reported(void **state)
{
	char *p = get(400, "x");

	(void)state;
	put(p + 64);
	assert_reported(REPORT_HEAP, "free of a pointer into the middle of queue#1");
	put(p);
	assert_int_equal(report_count(), 1);
}

static void free_of_null_and_of_nothing_is_fine(void **state)
{
	(void)state;
	put(NULL);
	put(get(0, "x"));
	assert_int_equal(report_count(), 0);
}

#ifndef HAVE_ASAN /* AddressSanitizer would end the program at the access itself */
static void a_write_behind_an_object_is_reported_when_it_is_freed(void **state)
{
	char *p = get(40, "x");

	(void)state;
	p[40] = 1;
	put(p);
	assert_reported(REPORT_HEAP,
			"out of bounds: byte 0 behind \"queue\" of 40 bytes");
}

static void a_write_after_free_is_reported_when_it_is_reused(void **state)
{
	char *p = get(40, "x");

	(void)state;
	put(p);
	p[5] = 1;
	for (int i = 0; i < 100; i++)
		put(get(40, "x"));
	assert_reported(REPORT_HEAP, "write after free: byte 5 of 40");
}
#endif

static void freed_memory_is_not_reused_at_once(void **state)
{
	void *p = get(40, "x");

	(void)state;
	put(p);
	for (int i = 0; i < 8; i++)
		assert_ptr_not_equal(get(40, "x"), p);
}

static void leaks_are_reported_with_their_site(void **state)
{
	(void)state;
	put(get(10, "x"));
	get(20, "x");
	assert_int_equal(shim_heap_report_leaks(), 1);
	assert_reported(REPORT_HEAP, "leak: \"queue\" of 20 bytes");
	assert_non_null(strstr(report_get(0)->where, "heap_test.c"));
}

static void marked_objects_are_no_leak(void **state)
{
	(void)state;
	get(20, "x");
	shim_heap_mark();
	assert_int_equal(shim_heap_report_leaks(), 0);
}

static void objects_are_named_by_label_and_order(void **state)
{
	char name[64], *first = get(20, "x"), *second = get(20, "x");

	(void)state;
	assert_true(shim_heap_name(first, name, sizeof(name)));
	assert_string_equal(name, "queue#1");
	assert_true(shim_heap_name(second + 8, name, sizeof(name)));
	assert_string_equal(name, "queue#2+8");
	assert_false(shim_heap_name(&name, name, sizeof(name)));
	assert_true(shim_heap_is_live(first));
	put(first);
	assert_false(shim_heap_is_live(first));
}

static void the_nth_allocation_fails_when_told(void **state)
{
	void *p, *q;

	(void)state;
	fault_nth(FAULT_ALLOC, 2);
	p = get(8, "x");
	q = get(8, "x");
	assert_non_null(p);
	assert_null(q);
	assert_true(fault_fired(FAULT_ALLOC));
	q = get(8, "x");
	assert_non_null(q);
}

static void nofail_allocations_do_not_fail(void **state)
{
	(void)state;
	fault_nth(FAULT_ALLOC, 1);
	assert_non_null(shim_kmalloc(8, SHIM_GFP_NOFAIL, SCHED_SITE("p")));
}

static void a_cache_knows_its_objects(void **state)
{
	struct shim_cache *c = shim_cache_create("fuse_request", 48, SCHED_SITE("c"));
	void *p = shim_cache_alloc(c, SHIM_GFP_ZERO, SCHED_SITE("p"));

	(void)state;
	shim_cache_destroy(c, SCHED_SITE("c"));
	assert_reported(REPORT_HEAP,
			"cache fuse_request destroyed with 1 objects in use");
	shim_cache_free(c, p, SCHED_SITE("p"));
	shim_cache_destroy(c, SCHED_SITE("c"));
	assert_int_equal(report_count(), 1);
}

static void an_object_of_another_cache_is_reported(void **state)
{
	struct shim_cache *c = shim_cache_create("fuse_request", 48, SCHED_SITE("c"));

	(void)state;
	shim_cache_free(c, get(48, "x"), SCHED_SITE("p"));
	assert_reported(REPORT_HEAP, "\"queue\" freed to cache fuse_request");
}

static void a_reset_gives_the_same_addresses_again(void **state)
{
	void *a = get(100, "x"), *b = get(1000, "x");

	fresh_kernel(state);
	assert_ptr_equal(get(100, "x"), a);
	assert_ptr_equal(get(1000, "x"), b);
}

#ifndef HAVE_ASAN
/* the first byte that is not as it was */
static void a_write_behind_an_object_is_found_at_any_byte(void **state)
{
	char words[96];

	for (unsigned int i = 0; i < 16; i++) {
		char *p;

		fresh_kernel(state);
		p = get(40, "x");
		p[40 + i] ^= 1;
		p[55] ^= 2;
		put(p);
		snprintf(words, sizeof(words), "out of bounds: byte %u behind", i);
		assert_reported(REPORT_HEAP, words);
	}
}

static void write_after_free(void **state, size_t size, size_t i)
{
	char words[96], *p;

	fresh_kernel(state);
	p = get(size, "x");
	put(p);
	p[i] ^= 1;
	for (int k = 0; k < 100; k++)
		put(get(size, "x"));
	snprintf(words, sizeof(words), "write after free: byte %zu of %zu", i, size);
	assert_reported(REPORT_HEAP, words);
}

static void a_write_after_free_is_found_at_any_byte(void **state)
{
	static const size_t sizes[] = { 300, 65, 64, 63, 1 };

	for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++)
		for (size_t i = 0; i < sizes[k]; i++)
			write_after_free(state, sizes[k], i);
}
#endif

static void what_uses_the_heap_up_is_reported(void **state)
{
	(void)state;
	while (shim_kmalloc(1u << 20, 0, SCHED_SITE("big")))
		assert_int_equal(report_count(), 0);
	assert_reported(REPORT_HEAP, "MiB is used up by 1048576 bytes for \"big\"");
	assert_string_equal(report_get(0)->rule, "used-up");
}

static void there_are_sixteen_caches(void **state)
{
	struct shim_cache *c[16];

	(void)state;
	for (int i = 0; i < 16; i++) {
		c[i] = shim_cache_create("c", 8, SCHED_SITE("c"));
		assert_non_null(c[i]);
	}
	for (int i = 1; i < 16; i++)
		assert_ptr_not_equal(c[i], c[i - 1]);
	shim_cache_destroy(c[3], SCHED_SITE("c"));
	assert_ptr_equal(shim_cache_create("c", 8, SCHED_SITE("c")), c[3]);
	assert_int_equal(report_count(), 0);
	assert_null(shim_cache_create("c", 8, SCHED_SITE("c")));
	assert_reported(REPORT_UNMODELLED, "more than 16 kmem caches");
}

static void free_of_what_is_no_heap_memory_is_reported(void **state)
{
	static long below[8];
	long local[8];

	(void)state;
	put(below + 4);
	assert_int_equal(report_count_kind(REPORT_HEAP), 1);
	put(local + 4);
	assert_int_equal(report_count_kind(REPORT_HEAP), 2);
	put((char *)get(40, "x") + (1 << 20)); /* where nothing was allocated yet */
	assert_int_equal(report_count_kind(REPORT_HEAP), 3);
}

/* what an object was copied to, with all that lies before it, is no object */
static void free_of_a_copy_of_an_object_is_reported(void **state)
{
	static _Alignas(64) char copy[128];
	char *p = get(40, "x");

	(void)state;
	memcpy(copy, p - 64, 104);
	put(copy + 64);
	assert_reported(REPORT_HEAP, "free of a pointer that no allocation returned");
	assert_int_equal(shim_heap_live(NULL), 1);
	put(p);
	assert_int_equal(report_count(), 1);
}

/* the record of names is a ring */
static void the_latest_objects_have_names_however_many_there_were(void **state)
{
	char name[64], *early = get(40, "x"), *late;

	(void)state;
	for (unsigned int i = 0; i < 65536; i++)
		put(get(40, "x"));
	late = get(100, "x");
	assert_true(shim_heap_name(late + 3, name, sizeof(name)));
	assert_memory_equal(name, "queue#", 6);
	assert_string_equal(strchr(name, '+'), "+3");
	assert_true(shim_heap_is_live(late));
	/* one that is older has its kind while it is live, but no number any more */
	assert_true(shim_heap_name(early + 3, name, sizeof(name)));
	assert_string_equal(name, "queue+3");
	assert_true(shim_heap_is_live(early));
	put(early);
	assert_false(shim_heap_name(early, name, sizeof(name)));
	assert_false(shim_heap_is_live(early));
}

/* ends where an older one begins */
static void a_block_ends_where_the_next_one_begins(void **state)
{
	struct shim_heap_object found;
	char *others[17], *p = get(40, "x"), *next = get(40, "x"), *again;

	(void)state;
	for (unsigned int i = 0; i < 17; i++)
		others[i] = get(40, "x");
	put(p);
	for (unsigned int i = 0; i < 17; i++)
		put(others[i]);
	again = get(40, "x");
	assert_ptr_equal(again, p);
	assert_ptr_equal(next, p + 128);
	/* what lies in front of an object is its own */
	assert_true(shim_heap_find(next - 64, &found));
	assert_int_equal(found.offset, -64);
	assert_true(shim_heap_find(next - 65, &found));
	assert_int_equal(found.offset, 63);
}

/* ---- numbers ---- */

static void what_is_live_is_counted_in_objects_and_bytes(void **state)
{
	unsigned long bytes = 99;
	void *p[3];

	(void)state;
	assert_int_equal(shim_heap_live(&bytes), 0);
	assert_int_equal(bytes, 0);
	for (size_t i = 0; i < 3; i++)
		p[i] = get(10 + 100 * i, "x");
	assert_int_equal(shim_heap_live(&bytes), 3);
	assert_int_equal(bytes, 330);
	put(p[1]);
	assert_int_equal(shim_heap_live(&bytes), 2);
	assert_int_equal(bytes, 220);
	get(0, "x");
	put(p[2]);
	put(p[0]);
	assert_int_equal(shim_heap_live(&bytes), 0);
	assert_int_equal(bytes, 0);
}

/* header, object and 16 bytes behind it, in steps of 64; from 4 KiB on in powers of two
 */
static void blocks_are_as_small_as_may_be(void **state)
{
	static const size_t sizes[][2] = {
		{ 1, 128 },	 { 48, 128 },	 { 49, 192 },	 { 112, 192 },
		{ 113, 256 },	 { 1904, 1984 }, { 1905, 2048 }, { 1968, 2048 },
		{ 1969, 4096 },	 { 4016, 4096 }, { 4017, 8192 }, { 8112, 8192 },
		{ 8113, 16384 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *p = get(sizes[i][0], "x"), *q = get(sizes[i][0], "x");

		assert_int_equal(q - p, sizes[i][1]);
		put(p);
		put(q);
	}
	assert_int_equal(report_count(), 0);
}

static void allocates_too_much(void *arg)
{
	shim_kmalloc((size_t)(uintptr_t)arg, 0, SCHED_SITE("huge"));
}

static void the_largest_block_is_of_half_the_heap(void **state)
{
	const size_t largest = (32ul << 20) - 80;

	(void)state;
	spawn("task", allocates_too_much, (void *)largest);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(report_count(), 0);
	spawn("task", allocates_too_much, (void *)(largest + 1));
	assert_int_equal(sched_run(NULL), SCHED_STOPPED);
	/* the subject asked for too much: that is no limit of the simulator */
	assert_reported(REPORT_HEAP, "the simulated heap of 64 MiB is used up by "
				     "33554353 bytes for \"huge\"");
	assert_string_equal(report_get(0)->rule, "used-up");
	assert_string_equal(report_get(0)->object, "huge");
}

static void a_kind_is_a_label_and_a_place_in_the_object(void **state)
{
	char *first = get(40, "x"), *second = shim_kmalloc(70, 0, SCHED_SITE("&other"));
	size_t at = 99;

	(void)state;
	assert_string_equal(shim_heap_kind(first, &at), "queue");
	assert_int_equal(at, 0);
	assert_string_equal(shim_heap_kind(first + 39, &at), "queue");
	assert_int_equal(at, 39);
	assert_string_equal(shim_heap_kind(second + 69, &at), "other");
	assert_int_equal(at, 69);
	/* the bytes in front and behind are nobody's */
	assert_null(shim_heap_kind(first - 1, &at));
	assert_null(shim_heap_kind(first + 40, &at));
	assert_null(shim_heap_kind(second + 70, &at));
	assert_null(shim_heap_kind(&at, &at));
	put(first);
	assert_string_equal(shim_heap_kind(first + 1, &at), "queue");
}

static void a_label_is_the_words_of_the_source(void **state)
{
	static const struct sched_site nameless = { .file = "a.c", .func = "f" };
	size_t at;

	(void)state;
	assert_string_equal(shim_heap_kind(shim_kmalloc(8, 0, &nameless), &at), "object");
	assert_string_equal(shim_heap_kind(shim_kmalloc(8, 0, SCHED_SITE("*ring")), &at),
			    "ring");
	assert_string_equal(shim_heap_kind(shim_kmalloc(8, 0, SCHED_SITE("&ring->ent")),
					   &at),
			    "ring->ent");
	assert_string_equal(
		shim_heap_kind(shim_kmalloc(8, 0, SCHED_SITE("struct ent")), &at), "ent");
	assert_string_equal(shim_heap_kind(shim_kmalloc(8, 0, SCHED_SITE("structure")),
					   &at),
			    "structure");
	assert_string_equal(shim_heap_kind(shim_kmalloc(8, 0, SCHED_SITE("ent")), &at),
			    "ent");
}

/* a tag names what was there when it was taken */
static void a_tag_outlives_its_object(void **state)
{
	char name[64], *p = get(40, "x"), *q = get(40, "x");
	unsigned int tag = shim_heap_tag(p + 8), second = shim_heap_tag(q);

	(void)state;
	assert_true(tag != 0 && second == tag + 1);
	assert_int_equal(shim_heap_tag(name), 0);
	assert_int_equal(shim_heap_tag(p - 1), 0);
	assert_int_equal(shim_heap_tag(p + 40), 0);
	put(p);
	for (int i = 0; i < 40; i++)
		put(shim_kmalloc(40, 0, SCHED_SITE("later")));
	assert_true(shim_heap_tag_name(tag, p + 8, name, sizeof(name)));
	assert_string_equal(name, "queue#1+8");
	assert_true(shim_heap_tag_name(second, q, name, sizeof(name)));
	assert_string_equal(name, "queue#2");
	assert_false(shim_heap_tag_name(0, p, name, sizeof(name)));
}

static void frees_it(void *arg)
{
	put(arg);
}

static void an_object_is_found_with_what_became_of_it(void **state)
{
	struct shim_heap_object found;
	char *p = get(40, "x");

	(void)state;
	assert_true(shim_heap_find(p + 3, &found));
	assert_string_equal(found.label, "queue");
	assert_int_equal(found.size, 40);
	assert_int_equal(found.offset, 3);
	assert_string_equal(found.allocated_at->func, "get");
	assert_null(found.freed_at);
	run_to_end(spawn("janitor", frees_it, p));
	/* the block ends 128 bytes behind its header */
	assert_true(shim_heap_find(p + 63, &found));
	assert_int_equal(found.offset, 63);
	assert_string_equal(found.freed_at->func, "put");
	assert_string_equal(found.freed_by, "janitor");
	assert_false(shim_heap_find(p + 64, &found));
	assert_false(shim_heap_find(&found, &found));
	p = get(40, "x");
	put(p);
	assert_true(shim_heap_find(p, &found));
	assert_string_equal(found.freed_by, "-");
}

static void leaks_are_told_the_oldest_first(void **state)
{
	(void)state;
	get(1, "x");
	shim_heap_mark();
	put(get(2, "x"));
	get(3, "x");
	get(4, "x");
	assert_int_equal(shim_heap_report_leaks(), 2);
	assert_int_equal(report_count(), 2);
	assert_string_equal(report_get(0)->summary,
			    "leak: \"queue\" of 3 bytes is never freed");
	assert_string_equal(report_get(1)->summary,
			    "leak: \"queue\" of 4 bytes is never freed");
}

/* sixteen others have to be freed after it */
static void memory_comes_back_in_the_order_in_which_it_was_freed(void **state)
{
	void *freed[40], *again;
	unsigned int waited = 0;

	(void)state;
	for (unsigned int i = 0; i < 40; i++)
		freed[i] = get(40, "x");
	for (unsigned int i = 0; i < 40; i++)
		put(freed[i]);
	for (unsigned int i = 0; i < 20; i++) {
		again = get(40, "x");
		assert_ptr_equal(again, freed[i]);
	}
	/* another size is another queue */
	again = get(400, "x");
	for (unsigned int i = 0; i < 40; i++)
		assert_ptr_not_equal(again, freed[i]);
	fresh_kernel(state);
	freed[0] = get(40, "x");
	put(freed[0]);
	do {
		again = get(40, "x");
		if (again != freed[0])
			put(again);
		waited++;
	} while (again != freed[0] && waited < 100);
	assert_int_equal(waited, 17);
}

static void a_cache_counts_what_is_live(void **state)
{
	struct shim_cache *c = shim_cache_create("req", 48, SCHED_SITE("c"));
	void *p, *q;

	(void)state;
	fault_nth(FAULT_ALLOC, 1);
	assert_null(shim_cache_alloc(c, 0, SCHED_SITE("p")));
	shim_cache_destroy(c, SCHED_SITE("c"));
	assert_int_equal(report_count(), 0);
	c = shim_cache_create("req", 48, SCHED_SITE("c"));
	p = shim_cache_alloc(c, 0, SCHED_SITE("p"));
	q = shim_cache_alloc(c, 0, SCHED_SITE("p"));
	shim_cache_free(c, p, SCHED_SITE("p"));
	shim_cache_destroy(c, SCHED_SITE("c"));
	assert_reported(REPORT_HEAP, "cache req destroyed with 1 objects in use");
	shim_cache_free(c, q, SCHED_SITE("p"));
	/* a second free is one of the heap, and counted by nobody */
	shim_cache_free(c, q, SCHED_SITE("p"));
	assert_int_equal(report_count(), 2);
	assert_non_null(strstr(last_report(), "double free of \"req\""));
	shim_cache_destroy(c, SCHED_SITE("c"));
	assert_int_equal(report_count(), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fresh_test(zeroed_memory_is_zero_and_other_memory_is_not),
		fresh_test(every_size_can_be_had_and_given_back),
		fresh_test(live_objects_never_overlap),
		fresh_test(double_free_is_reported),
		fresh_test(free_of_a_wild_pointer_is_reported),
		fresh_test(free_of_null_and_of_nothing_is_fine),
#ifndef HAVE_ASAN
		fresh_test(a_write_behind_an_object_is_reported_when_it_is_freed),
		fresh_test(a_write_after_free_is_reported_when_it_is_reused),
		fresh_test(a_write_after_free_is_found_at_any_byte),
		fresh_test(a_write_behind_an_object_is_found_at_any_byte),
#endif
		fresh_test(freed_memory_is_not_reused_at_once),
		fresh_test(leaks_are_reported_with_their_site),
		fresh_test(marked_objects_are_no_leak),
		fresh_test(objects_are_named_by_label_and_order),
		fresh_test(the_nth_allocation_fails_when_told),
		fresh_test(nofail_allocations_do_not_fail),
		fresh_test(a_cache_knows_its_objects),
		fresh_test(an_object_of_another_cache_is_reported),
		fresh_test(a_reset_gives_the_same_addresses_again),
		fresh_test(what_uses_the_heap_up_is_reported),
		fresh_test(there_are_sixteen_caches),
		fresh_test(free_of_what_is_no_heap_memory_is_reported),
		fresh_test(free_of_a_copy_of_an_object_is_reported),
		fresh_test(the_latest_objects_have_names_however_many_there_were),
		fresh_test(a_block_ends_where_the_next_one_begins),
		fresh_test(what_is_live_is_counted_in_objects_and_bytes),
		fresh_test(blocks_are_as_small_as_may_be),
		fresh_test(the_largest_block_is_of_half_the_heap),
		fresh_test(a_kind_is_a_label_and_a_place_in_the_object),
		fresh_test(a_label_is_the_words_of_the_source),
		fresh_test(a_tag_outlives_its_object),
		fresh_test(an_object_is_found_with_what_became_of_it),
		fresh_test(leaks_are_told_the_oldest_first),
		fresh_test(memory_comes_back_in_the_order_in_which_it_was_freed),
		fresh_test(a_cache_counts_what_is_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
