// SPDX-License-Identifier: GPL-2.0-only
/*
 * The race detector alone: two or more tasks, one after the other in the default
 * order, say what they access and what orders them.
 */
#include "unit/unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "detect/lock_order.h"
#include "detect/race.h"
#include "detect/race_few.h"
#include "detect/suppress.h"
#include "shim/lock.h"

static struct {
	_Alignas(64) unsigned char bytes[256];
	unsigned long flag, lock, other;
} m;

static int setup(void **state)
{
	fresh_kernel(state);
	trace_enable(false, 0);
	race_watch(&m, sizeof(m), "test data");
	race_enable(true);
	race_reset();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	race_enable(false);
	race_of_data(NULL);
	return 0;
}

#define race_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* the n-th word of the test data */
static void access(unsigned int word, bool write, bool marked)
{
	race_access(m.bytes + 8 * word, 8, write, marked, NULL,
		    write ? SCHED_SITE("word, written") : SCHED_SITE("word, read"));
}

#define plain_write(word)  access(word, true, false)
#define plain_read(word)   access(word, false, false)
#define marked_write(word) access(word, true, true)
#define marked_read(word)  access(word, false, true)

typedef void (*body)(void *arg);

static void none(void *arg)
{
	(void)arg;
}

/* @first, then @second, then @third; NULL: nobody */
static size_t races(body first, body second, body third)
{
	report_reset();
	race_reset();
	sched_reset();
	sched_spawn("first", first, NULL);
	sched_spawn("second", second ? second : none, NULL);
	sched_spawn("third", third ? third : none, NULL);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(report_count(), report_count_kind(REPORT_RACE));
	return report_count();
}

#define BODY(name, ...)             \
	static void name(void *arg) \
	{                           \
		(void)arg;          \
		__VA_ARGS__;        \
	}

/* ---- what a race is ---- */

BODY(writes, plain_write(0))
BODY(reads, plain_read(0))
BODY(writes_marked, marked_write(0))
BODY(reads_marked, marked_read(0))

static void test_rule(void **state)
{
	(void)state;
	assert_int_equal(races(writes, writes, NULL), 1);
	assert_int_equal(races(writes, reads, NULL), 1);
	assert_int_equal(races(reads, writes, NULL), 1);
	assert_int_equal(races(writes, reads_marked, NULL), 1);
	assert_int_equal(races(writes_marked, reads, NULL), 1);
	assert_int_equal(races(writes_marked, writes, NULL), 1);
	assert_int_equal(races(reads, reads, reads_marked), 0);
	assert_int_equal(races(writes_marked, writes_marked, reads_marked), 0);
}

static bool is_first_word(const void *at)
{
	return (uintptr_t)at - (uintptr_t)m.bytes < 8;
}

BODY(writes_another, plain_write(1))
BODY(reads_another, plain_read(1))

static void test_data_of_a_file(void **state)
{
	(void)state;
	race_of_data(is_first_word);
	assert_int_equal(races(writes, reads, NULL), 0);
	assert_int_equal(races(reads, writes, NULL), 0);
	assert_int_equal(races(writes, writes, NULL), 1);
	assert_int_equal(races(writes, reads, writes), 1);
	assert_int_equal(races(writes_another, reads_another, NULL), 1);
}

BODY(releases, plain_write(0); race_release(&m.lock))
BODY(acquires_and_begins_anew, race_acquire(&m.lock); race_alone(); plain_write(1);
     plain_read(0))
BODY(begins_anew_and_acquires, race_alone(); race_acquire(&m.lock); plain_read(0))
BODY(goes_on_by_itself, plain_write(2); race_alone(); plain_write(2))

/* a kworker's next item is not ordered by what ordered the one before; its own are */
static void test_alone(void **state)
{
	(void)state;
	assert_int_equal(races(releases, acquires_and_begins_anew, NULL), 1);
	assert_int_equal(races(releases, begins_anew_and_acquires, NULL), 0);
	assert_int_equal(races(goes_on_by_itself, NULL, NULL), 0);
}

BODY(writes_and_reads, plain_write(0); plain_read(0); plain_write(0))

static void test_own_accesses(void **state)
{
	(void)state;
	assert_int_equal(races(writes_and_reads, NULL, NULL), 0);
}

static void range(size_t from, size_t len, bool write)
{
	race_access(m.bytes + from, len, write, false, NULL, SCHED_SITE("range"));
}

BODY(writes_3_to_5, range(3, 2, true))
BODY(reads_0_to_3, range(0, 3, false))
BODY(reads_4_to_5, range(4, 1, false))
BODY(reads_5_to_8, range(5, 3, false))
BODY(reads_0_to_40, range(0, 40, false))
BODY(reads_5_to_40, range(5, 35, false))
BODY(writes_6_to_10, range(6, 4, true))
BODY(reads_9_to_10, range(9, 1, false))
BODY(reads_10_to_12, range(10, 2, false))

static void test_bytes(void **state)
{
	(void)state;
	assert_int_equal(races(writes_3_to_5, reads_0_to_3, reads_5_to_8), 0);
	assert_int_equal(races(writes_3_to_5, reads_4_to_5, NULL), 1);
	assert_int_equal(races(writes_3_to_5, reads_0_to_40, NULL), 1);
	assert_int_equal(races(writes_3_to_5, reads_5_to_40, NULL), 0);
	/* across two cells */
	assert_int_equal(races(writes_6_to_10, reads_9_to_10, NULL), 1);
	assert_int_equal(races(writes_6_to_10, reads_10_to_12, NULL), 0);
}

static void access_elsewhere(void *arg)
{
	static int not_watched;

	(void)arg;
	race_access(&not_watched, 4, true, false, NULL, SCHED_SITE("elsewhere"));
}

static void test_elsewhere(void **state)
{
	(void)state;
	assert_int_equal(races(access_elsewhere, access_elsewhere, NULL), 0);
}

/* ---- locks, acquire and release ---- */

BODY(locked, race_acquire(&m.lock); plain_read(0); plain_write(0); race_release(&m.lock))
BODY(half_locked, race_acquire(&m.lock); plain_read(0); race_release(&m.lock);
     plain_write(0))

static void test_lock(void **state)
{
	(void)state;
	assert_int_equal(races(locked, locked, locked), 0);
	assert_int_equal(races(locked, half_locked, NULL), 0);
	assert_int_equal(races(half_locked, locked, NULL), 2);
}

BODY(publishes, plain_write(0); marked_write(1); race_store_release(&m.flag))
BODY(publishes_too_early, race_store_release(&m.flag); plain_write(0))
BODY(publishes_weakly, plain_write(0); race_marked_write(&m.flag))
BODY(consumes, race_acquire(&m.flag); plain_read(0))
BODY(consumes_weakly, race_marked_read(&m.flag); plain_read(0))
BODY(overwrites, race_marked_write(&m.flag))
BODY(publishes_nothing, race_store_release(&m.flag))
BODY(consumes_and_writes_flag, race_acquire(&m.flag); plain_write(1))

static void test_acquire_release(void **state)
{
	(void)state;
	assert_int_equal(races(publishes, consumes, NULL), 0);
	assert_int_equal(races(publishes_too_early, consumes, NULL), 1);
	assert_int_equal(races(publishes_weakly, consumes, NULL), 1);
	assert_int_equal(races(publishes, consumes_weakly, NULL), 1);
	/* who reads the flag reads what the second one wrote */
	assert_int_equal(races(publishes, overwrites, consumes), 1);
	assert_int_equal(races(publishes, publishes_nothing, consumes), 1);
	/* the releasing store itself is before what follows the acquire */
	assert_int_equal(races(publishes, consumes_and_writes_flag, NULL), 0);
}

BODY(hands_on, race_acquire(&m.flag); race_store_release(&m.lock))
BODY(takes_over, race_acquire(&m.lock); plain_read(0))

static void test_transitive(void **state)
{
	(void)state;
	assert_int_equal(races(publishes, hands_on, takes_over), 0);
	assert_int_equal(races(publishes, none, takes_over), 1);
}

/* ---- fences ---- */

BODY(fenced_write, plain_write(0); race_fence_release(); race_marked_write(&m.flag))
BODY(fence_too_early, race_fence_release(); plain_write(0); race_marked_write(&m.flag))
BODY(fenced_read, race_marked_read(&m.flag); race_fence_acquire(); plain_read(0))
BODY(read_fence_too_early, race_fence_acquire(); race_marked_read(&m.flag); plain_read(0))

static void test_fences(void **state)
{
	(void)state;
	assert_int_equal(races(fenced_write, fenced_read, NULL), 0);
	assert_int_equal(races(fenced_write, consumes, NULL), 0);
	assert_int_equal(races(publishes, fenced_read, NULL), 0);
	assert_int_equal(races(fence_too_early, fenced_read, NULL), 1);
	assert_int_equal(races(fenced_write, read_fence_too_early, NULL), 1);
	assert_int_equal(races(publishes_weakly, fenced_read, NULL), 1);
}

/* ---- read-modify-writes ---- */

#define ATOMIC_THEN_WRITE(order) (race_atomic(&m.flag, order), plain_write(0))
#define WRITE_THEN_ATOMIC(order) (plain_write(0), race_atomic(&m.flag, order))

BODY(relaxed_after, WRITE_THEN_ATOMIC(RACE_RELAXED))
BODY(relaxed_before, ATOMIC_THEN_WRITE(RACE_RELAXED))
BODY(release_after, WRITE_THEN_ATOMIC(RACE_RELEASE))
BODY(release_before, ATOMIC_THEN_WRITE(RACE_RELEASE))
BODY(acquire_after, WRITE_THEN_ATOMIC(RACE_ACQUIRE))
BODY(acquire_before, ATOMIC_THEN_WRITE(RACE_ACQUIRE))
BODY(full_after, WRITE_THEN_ATOMIC(RACE_FULL))
BODY(full_before, ATOMIC_THEN_WRITE(RACE_FULL))
BODY(relaxed_between, race_atomic(&m.flag, RACE_RELAXED))
BODY(fence_then_relaxed, plain_write(0); race_fence_release();
     race_atomic(&m.flag, RACE_RELAXED))
BODY(relaxed_then_fence, race_atomic(&m.flag, RACE_RELAXED); race_fence_acquire();
     plain_write(0))
BODY(full_then_marked, plain_write(0); race_atomic(&m.lock, RACE_FULL);
     race_marked_write(&m.flag))
BODY(read_then_full, race_marked_read(&m.flag); race_atomic(&m.lock, RACE_FULL);
     plain_write(0))

static void test_atomics(void **state)
{
	(void)state;
	assert_int_equal(races(relaxed_after, relaxed_before, NULL), 1);
	assert_int_equal(races(relaxed_after, full_before, NULL), 1);
	assert_int_equal(races(release_after, acquire_before, NULL), 0);
	assert_int_equal(races(release_after, release_before, NULL), 1);
	assert_int_equal(races(acquire_after, acquire_before, NULL), 1);
	assert_int_equal(races(full_after, full_before, NULL), 0);
	assert_int_equal(races(full_after, relaxed_before, NULL), 1);
	/* a read-modify-write goes on with what was released before it */
	assert_int_equal(races(release_after, relaxed_between, acquire_before), 0);
	assert_int_equal(races(fence_then_relaxed, relaxed_then_fence, NULL), 0);
	assert_int_equal(races(fence_then_relaxed, relaxed_before, NULL), 1);
	/* full means a fence on both sides */
	assert_int_equal(races(full_then_marked, consumes, NULL), 0);
	assert_int_equal(races(publishes, read_then_full, NULL), 0);
}

/* the atomic's own bytes: who was ordered by it may write them plainly */
BODY(drops_a_reference, marked_read(1); marked_write(1);
     race_atomic(&m.flag, RACE_RELEASE))
BODY(drops_the_last, marked_read(1); marked_write(1); race_atomic(&m.flag, RACE_FULL);
     plain_write(1))

static void test_last_reference(void **state)
{
	(void)state;
	assert_int_equal(races(drops_a_reference, drops_the_last, NULL), 0);
}

/* ---- tasks ---- */

static struct sched_task *other;

static void creates_another(void *arg)
{
	(void)arg;
	plain_write(0);
	other = sched_spawn("child", reads, NULL);
	race_task(other);
}

static void creates_another_silently(void *arg)
{
	(void)arg;
	plain_write(0);
	sched_spawn("child", reads, NULL);
}

static void sleeps(void *arg)
{
	(void)arg;
	other = sched_current();
	sched_block(&m.flag, "wait", NULL);
	plain_read(0);
}

static void wakes(void *arg)
{
	(void)arg;
	plain_write(0);
	race_task(other);
	sched_wake(other);
}

static void wakes_silently(void *arg)
{
	(void)arg;
	plain_write(0);
	sched_wake(other);
}

static void test_tasks(void **state)
{
	(void)state;
	assert_int_equal(races(creates_another, NULL, NULL), 0);
	assert_int_equal(races(creates_another_silently, NULL, NULL), 1);
	assert_int_equal(races(sleeps, wakes, NULL), 0);
	assert_int_equal(races(sleeps, wakes_silently, NULL), 1);
}

static bool time_passes(void *ctx)
{
	(void)ctx;
	race_quiet();
	return sched_wake(other);
}

static bool time_stands_still(void *ctx)
{
	(void)ctx;
	return sched_wake(other);
}

static void test_time(void **state)
{
	(void)state;
	sched_set_idle(time_passes, NULL);
	assert_int_equal(races(sleeps, writes, NULL), 0);
	sched_set_idle(time_stands_still, NULL);
	assert_int_equal(races(sleeps, writes, NULL), 1);
}

/* ---- memory ---- */

static void frees(void *arg)
{
	(void)arg;
	race_freed(m.bytes, 64, SCHED_SITE("m"));
}

static void takes_fresh(void *arg)
{
	(void)arg;
	race_fresh(m.bytes, 64);
	plain_write(0);
}

static void test_memory(void **state)
{
	(void)state;
	assert_int_equal(races(writes, frees, NULL), 1);
	assert_int_equal(races(reads_marked, frees, NULL), 1);
	assert_int_equal(races(frees, writes, NULL), 0);
	assert_int_equal(races(writes, takes_fresh, NULL), 0);
	/* the second one's write, which stands for its read as well */
	assert_int_equal(races(locked, locked, frees), 1);
}

/* ---- many readers ---- */

static void test_many_readers(void **state)
{
	(void)state;
	for (unsigned int n = 1; n < 20; n++) {
		report_reset();
		race_reset();
		sched_reset();
		for (unsigned int i = 0; i < n; i++)
			sched_spawn("reader", reads, NULL);
		sched_spawn("writer", writes, NULL);
		assert_int_equal(sched_run(NULL), SCHED_ENDED);
		assert_int_equal(report_count_kind(REPORT_RACE), 1);
	}
}

/* marked readers do not push a plain one out */
static void test_plain_among_marked(void **state)
{
	(void)state;
	for (unsigned int n = 1; n < 40; n++) {
		report_reset();
		race_reset();
		sched_reset();
		for (unsigned int i = 0; i <= n; i++)
			sched_spawn("reader", i == 1 ? reads : reads_marked, NULL);
		sched_spawn("writer", writes_marked, NULL);
		assert_int_equal(sched_run(NULL), SCHED_ENDED);
		assert_int_equal(report_count_kind(REPORT_RACE), 1);
	}
}

/* ---- what two slots do not hold ---- */

static unsigned int chain(unsigned int n, ...)
{
	va_list bodies;

	report_reset();
	race_reset();
	sched_reset();
	va_start(bodies, n);
	for (unsigned int i = 0; i < n; i++)
		sched_spawn("task", va_arg(bodies, body), NULL);
	va_end(bodies);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	return (unsigned int)report_count_kind(REPORT_RACE);
}

BODY(writes_byte_0, range(0, 1, true))
BODY(writes_byte_1, range(1, 1, true))
BODY(reads_byte_2, range(2, 1, false))
BODY(reads_byte_3, range(3, 1, false))
BODY(writes_word, range(0, 4, true))
BODY(reads_half, range(2, 2, false))

/* bytes of one word have nothing to do with each other, whoever comes between */
static void test_bytes_of_a_word(void **state)
{
	(void)state;
	assert_int_equal(
		chain(4, writes_byte_0, writes_byte_1, reads_byte_2, reads_byte_3), 0);
	assert_int_equal(chain(3, writes_byte_0, writes_byte_1, writes_byte_0), 1);
	assert_int_equal(chain(4, writes_byte_1, reads_byte_2, reads_byte_3, reads_half),
			 0);
	assert_int_equal(chain(4, writes_byte_0, reads_byte_2, reads_half, writes_byte_1),
			 0);
	assert_int_equal(chain(3, reads_byte_2, reads_byte_3, writes_word), 1);
}

/* marked accesses in any number are no race, and a plain one races with them */
static void test_marked_writers(void **state)
{
	(void)state;
	assert_int_equal(
		chain(4, writes_marked, writes_marked, reads_marked, writes_marked), 0);
	assert_int_equal(chain(4, writes_marked, writes_marked, writes_marked, reads), 1);
	assert_int_equal(chain(4, writes, writes_marked, none, none), 1);
}

BODY(publishes_twice, plain_write(0); marked_write(0); race_store_release(&m.flag))
BODY(consumes_marked, race_acquire(&m.flag); marked_read(0))

/* a marked write does not stand for the plain one before it */
static void test_plain_below_marked(void **state)
{
	(void)state;
	assert_int_equal(chain(2, publishes_twice, consumes_marked), 0);
	assert_int_equal(chain(3, publishes_twice, consumes_marked, reads_marked), 1);
}

BODY(reads_locked, race_acquire(&m.lock); plain_read(0); race_release(&m.lock))

/* the write that is after all readers ends them: who comes then meets the write alone */
static void test_readers_end(void **state)
{
	(void)state;
	assert_int_equal(
		chain(5, reads_locked, reads_locked, reads_locked, locked, reads), 1);
	assert_non_null(strstr(report_get(0)->detail, "first: write by task"));
	assert_int_equal(chain(5, reads_locked, reads, reads_locked, locked, none), 1);
	assert_non_null(strstr(report_get(0)->detail, "first: read by task"));
}

BODY(reads_then_marked, plain_read(0); race_release(&m.other); marked_read(0))
BODY(writes_marked_elsewhere, race_acquire(&m.lock); marked_write(1))
BODY(writes_marked_locked, race_acquire(&m.lock); marked_write(0))

/* a marked read does not stand for the plain one before it, alone or among others */
static void test_plain_read_below_marked(void **state)
{
	(void)state;
	assert_int_equal(chain(2, reads_then_marked, writes_marked), 1);
	assert_int_equal(chain(3, reads_locked, reads_then_marked, writes_marked_locked),
			 1);
	assert_int_equal(
		chain(3, reads_locked, reads_then_marked, writes_marked_elsewhere), 0);
}

BODY(forgets, race_fresh(m.bytes, 64))
BODY(marks_and_releases, marked_write(4); race_release(&m.lock))
BODY(marked_four, marked_write(4))
BODY(writes_after_all, race_acquire(&m.lock); plain_write(4))

/* the next overflow set in the same place knows nothing of the last one */
static void test_overflow_set_leaves(void **state)
{
	(void)state;
	assert_int_equal(chain(6, reads, reads, forgets, marks_and_releases,
			       marks_and_releases, writes_after_all),
			 0);
	assert_int_equal(chain(5, reads, reads, marks_and_releases, marked_four,
			       writes_after_all),
			 1);
}

#define MANY_WORDS 20000u

static uint32_t many_words[MANY_WORDS];

static void reads_many(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < MANY_WORDS; i++)
		race_access(&many_words[i], 4, false, false, NULL, SCHED_SITE("many"));
}

static void writes_the_last(void *arg)
{
	(void)arg;
	race_access(&many_words[MANY_WORDS - 1], 4, true, false, NULL,
		    SCHED_SITE("last"));
}

/* more words with several readers than can be told apart: one reader is enough */
static void test_many_overflow_sets(void **state)
{
	(void)state;
	race_watch(many_words, sizeof(many_words), "many words");
	assert_int_equal(chain(3, reads_many, reads_many, reads_many), 0);
	assert_int_equal(chain(4, reads_many, reads_many, reads_many, writes_the_last),
			 1);
	race_unwatch(many_words);
}

#define SOME_WORDS 3000u

static void all_of_some(bool write)
{
	for (unsigned int i = 0; i < SOME_WORDS; i++)
		race_access(&many_words[i], 4, write, false, NULL, SCHED_SITE("some"));
}

BODY(reads_some_first, all_of_some(false); race_release(&m.lock))
BODY(writes_some_after_both, race_acquire(&m.lock); all_of_some(true);
     race_store_release(&m.flag))
BODY(reads_some_later, race_acquire(&m.flag); all_of_some(false))
BODY(reads_some_at_last, race_acquire(&m.flag); all_of_some(false);
     race_store_release(&m.other))
BODY(writes_after_the_last, race_acquire(&m.other);
     race_access(&many_words[SOME_WORDS - 1], 4, true, false, NULL, SCHED_SITE("end")))

/* a write that is after two readers makes room for two others of another word */
static void test_overflow_sets_are_used_again(void **state)
{
	(void)state;
	race_watch(many_words, sizeof(many_words), "many words");
	assert_int_equal(chain(6, reads_some_first, reads_some_first,
			       writes_some_after_both, reads_some_later,
			       reads_some_at_last, writes_after_the_last),
			 1);
	race_unwatch(many_words);
}

static void behind_the_end(void *arg)
{
	(void)arg;
	race_access(m.bytes + sizeof(m) - 8, 4096, true, false, NULL, SCHED_SITE("end"));
}

/* an access may be longer than what is watched */
static void test_end_of_a_range(void **state)
{
	static unsigned char next[64];

	(void)state;
	assert_int_equal(races(behind_the_end, behind_the_end, NULL), 1);
	race_watch(next, sizeof(next), "next");
	assert_int_equal(races(behind_the_end, none, NULL), 0);
	race_unwatch(next);
}

/* ---- executions ---- */

static void test_executions(void **state)
{
	(void)state;
	/* neither what was accessed nor what was ordered is left from the last one */
	for (unsigned int i = 0; i < 1u << 14; i++) {
		assert_int_equal(races(locked, locked, NULL), 0);
		assert_int_equal(races(locked, writes, NULL), 1);
		assert_int_equal(races(none, writes, NULL), 0);
		assert_int_equal(races(writes, locked, NULL), 2);
	}
}

/* the clock ends, and starts anew, between two executions */
static void test_clock_ends(void **state)
{
	(void)state;
	race_skip(0x7eff0000u);
	for (unsigned int i = 0; i < 1u << 15; i++) {
		assert_int_equal(races(locked, writes, NULL), 1);
		assert_int_equal(races(locked, locked, locked), 0);
		assert_int_equal(races(publishes, consumes, NULL), 0);
	}
}

/* ---- reports ---- */

BODY(writes_twice, plain_write(0); plain_write(0); plain_write(2))

static void test_report(void **state)
{
	char first[256];

	(void)state;
	assert_int_equal(races(writes_twice, writes_twice, writes_twice), 1);
	snprintf(first, sizeof(first), "%s", report_get(0)->summary);
	assert_non_null(
		strstr(first, "race on test data: write in access, write in access"));
	assert_non_null(strstr(report_get(0)->where, "(access)"));
	assert_string_equal(report_get(0)->task, "second");
	assert_non_null(strstr(report_get(0)->detail, "first: write by first in tests/"));
	assert_non_null(strstr(report_get(0)->detail, "then: write by second in tests/"));
	/* counted again, in the same words */
	assert_int_equal(races(writes_twice, writes_twice, NULL), 1);
	assert_string_equal(report_get(0)->summary, first);
	/* in whichever order they come */
	assert_int_equal(races(writes, reads, NULL), 1);
	snprintf(first, sizeof(first), "%s", report_get(0)->summary);
	assert_int_equal(races(reads, writes, NULL), 1);
	assert_string_equal(report_get(0)->summary, first);
}

static void test_unwatched(void **state)
{
	(void)state;
	race_unwatch(&m);
	assert_int_equal(races(writes, writes, NULL), 0);
	race_watch(&m, sizeof(m), "other words");
	assert_int_equal(races(writes, writes, NULL), 1);
	assert_non_null(strstr(report_get(0)->summary, "race on other words: "));
}

static void test_off(void **state)
{
	(void)state;
	race_enable(false);
	assert_int_equal(races(writes, writes, NULL), 0);
}

static void count_words(void *arg)
{
	unsigned int from = (unsigned int)(uintptr_t)arg;

	for (unsigned int i = from; i < from + 20000; i++)
		race_release((const void *)(uintptr_t)(8ul * i));
	plain_write(0);
	race_release((const void *)(uintptr_t)8);
}

/* more addresses than there are clocks: too much order, no alarm, no end */
static void test_many_objects(void **state)
{
	(void)state;
	report_reset();
	race_reset();
	sched_reset();
	sched_spawn("first", count_words, (void *)100);
	sched_spawn("second", locked, NULL);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(report_count(), 0);
	assert_int_equal(races(locked, writes, NULL), 1);
}

/* ---- words ---- */

/* the second one comes first in the source */
static const struct sched_site sites[] = {
	{ .file = "fs/a.c", .func = "late", .line = 20 },
	{ .file = "fs/a.c", .func = "early", .line = 10 },
	{ .file = "fs/A.c", .func = "other", .line = 30 },
};

BODY(writes_late, race_access(m.bytes, 8, true, false, NULL, &sites[0]))
BODY(reads_early, race_access(m.bytes, 8, false, false, NULL, &sites[1]))
BODY(reads_in_other, race_access(m.bytes, 8, false, true, NULL, &sites[2]))
BODY(reads_late, race_access(m.bytes, 8, false, true, NULL, &sites[0]))

#define assert_words(first, second, text)                          \
	do {                                                       \
		assert_int_equal(races(first, second, NULL), 1);   \
		assert_string_equal(report_get(0)->summary, text); \
		assert_int_equal(races(second, first, NULL), 1);   \
		assert_string_equal(report_get(0)->summary, text); \
	} while (0)

static void test_words(void **state)
{
	(void)state;
	assert_words(writes_late, reads_early,
		     "race on test data: read in early, write in late");
	assert_words(writes_late, reads_in_other,
		     "race on test data: marked read in other, write in late");
	/* of one place, the plain write first */
	assert_words(writes_late, reads_late,
		     "race on test data: write in late, marked read in late");
	assert_words(writes_late, writes_late,
		     "race on test data: write in late, write in late");
}

static const char *kind_of_m(const void *object, size_t *offset)
{
	size_t at = (size_t)((const unsigned char *)object - m.bytes);

	if (at >= 64)
		return NULL;
	*offset = at;
	return "thing";
}

BODY(writes_byte_11, race_access(m.bytes + 11, 2, true, false, NULL, &sites[0]))
BODY(reads_word_2, race_access(m.bytes + 8, 4, false, false, NULL, &sites[1]))
BODY(writes_far, race_access(m.bytes + 72, 4, true, false, NULL, &sites[0]))
BODY(reads_far, race_access(m.bytes + 72, 4, false, false, NULL, &sites[1]))

static void test_object_is_named(void **state)
{
	static const struct trace_namer namer = { .kind = kind_of_m };

	(void)state;
	trace_set_namer(&namer);
	assert_int_equal(races(writes_late, reads_early, NULL), 1);
	assert_non_null(strstr(report_get(0)->summary, "race on thing: "));
	/* the first byte that both touch */
	assert_int_equal(races(writes_byte_11, reads_word_2, NULL), 1);
	assert_non_null(strstr(report_get(0)->summary, "race on thing+11: "));
	assert_int_equal(races(writes_far, reads_far, NULL), 1);
	assert_non_null(strstr(report_get(0)->summary, "race on test data: "));
	shim_reset(2); /* has its own namer */
}

static void test_suppressed(void **state)
{
	char path[] = "/tmp/race-test-XXXXXX", err[256];
	FILE *out = fdopen(mkstemp(path), "w");

	(void)state;
	assert_non_null(out);
	fputs("kind race\nfunction early\nreason known\n", out);
	fclose(out);
	assert_true(suppress_read(path, err, sizeof(err)));
	remove(path);
	for (unsigned int i = 1; i <= 3; i++) {
		assert_int_equal(races(writes_late, reads_early, NULL), 0);
		assert_int_equal(suppress_counts()[0], i);
	}
	assert_int_equal(races(writes_late, reads_in_other, NULL), 1);
	suppress_clear();
	assert_int_equal(races(writes_late, reads_early, NULL), 1);
}

/* ---- known by the value ---- */

static const struct sched_site storing = { .file = "a.c", .func = "storing", .line = 1 };
static const struct sched_site looking = { .file = "b.c", .func = "looking", .line = 2 };

/* as a hook does it: announced, then stored */
static void store(unsigned char value, bool marked)
{
	race_access(m.bytes, 1, true, marked, NULL, &storing);
	m.bytes[0] = value;
	report_settle();
}

BODY(stores_0, store(0, false))
BODY(stores_7, store(7, false))
BODY(stores_7_twice, store(7, false); store(7, false))
BODY(stores_7_and_0, store(7, false); store(0, false))
BODY(looks, race_access(m.bytes, 1, false, false, NULL, &looking))
BODY(stores_range, race_access(m.bytes, 16, true, false, NULL, &storing))

static void know(const char *text)
{
	char path[] = "/tmp/race-test-XXXXXX", err[256];
	FILE *out = fdopen(mkstemp(path), "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	suppress_clear();
	assert_true(suppress_read(path, err, sizeof(err)));
	remove(path);
}

/* reports of @first and @second where there is a 0 */
static size_t of_values(body first, body second)
{
	memset(m.bytes, 0, sizeof(m.bytes));
	return races(first, second, NULL);
}

static void test_value(void **state)
{
	(void)state;
	know("kind race\nfunctions storing looking\nif value-unchanged\nreason r\n");
	assert_int_equal(of_values(stores_0, looks), 0);
	assert_int_equal(of_values(looks, stores_0), 0);
	assert_int_equal(suppress_counts()[0], 2);
	assert_int_equal(of_values(stores_7, looks), 1);
	assert_int_equal(of_values(looks, stores_7), 1);
	assert_non_null(strstr(report_get(0)->detail, "then: write by second"));
	/* one of two that nobody has heard of between */
	assert_int_equal(of_values(stores_7_twice, looks), 1);
	assert_int_equal(of_values(stores_7_and_0, looks), 1);
	/* the second time it does change it, and is said once */
	assert_int_equal(of_values(looks, stores_7_and_0), 1);
	assert_int_equal(suppress_counts()[0], 2);
	/* what is too long to be looked at counts as a change */
	assert_int_equal(of_values(looks, stores_range), 1);
	/* the value is asked for where the entry writes, and nowhere else */
	assert_int_equal(of_values(stores_0, stores_0), 1);
	know("kind race\nfunctions storing storing\nif value-unchanged\nreason r\n");
	assert_int_equal(of_values(stores_0, stores_0), 0);
	assert_int_equal(of_values(stores_7, stores_7), 1);
	assert_int_equal(of_values(stores_0, stores_7), 1);
	assert_int_equal(of_values(stores_0, looks), 1);
	suppress_clear();
	assert_int_equal(of_values(stores_0, looks), 1);
}

/* withdrawn: the other one stays what it is, wherever it stands */
static void test_value_beside_others(void **state)
{
	(void)state;
	know("kind race\nfunctions storing looking\nif value-unchanged\nreason r\n");
	memset(m.bytes, 0, sizeof(m.bytes));
	assert_int_equal(races(looks, reads, stores_0), 1);
	assert_non_null(strstr(report_get(0)->summary, "read in access"));
	assert_int_equal(suppress_counts()[0], 1);
	assert_int_equal(races(reads, looks, stores_0), 1);
	assert_int_equal(suppress_counts()[0], 2);
	assert_int_equal(races(reads, looks, stores_7), 2);
	assert_int_equal(suppress_counts()[0], 2);
	suppress_clear();
}

/* ---- ranges ---- */

static uint32_t range_a[16], range_b[16], range_c[16];

BODY(writes_a, race_access(&range_a[15], 4, true, false, NULL, &sites[0]))
BODY(writes_b, race_access(&range_b[0], 4, true, false, NULL, &sites[0]))
BODY(writes_c, race_access(&range_c[15], 4, true, false, NULL, &sites[0]))

static void test_ranges(void **state)
{
	size_t len = 0;
	unsigned int nr = 0;

	(void)state;
	while (race_shadow(nr, &len))
		nr++;
	race_watch(range_a, sizeof(range_a), "a");
	race_watch(range_b, sizeof(range_b), "b");
	race_watch(range_c, sizeof(range_c), "c");
	race_watch(range_c, sizeof(range_c), "c again");
	assert_non_null(race_shadow(nr + 2, &len));
	assert_true(len >= 2 * sizeof(uint64_t) * 16);
	assert_null(race_shadow(nr + 3, &len));
	race_unwatch(range_a);
	race_unwatch(range_a);
	assert_null(race_shadow(nr + 2, &len));
	assert_int_equal(races(writes_a, writes_a, NULL), 0);
	assert_int_equal(races(writes_b, writes_b, NULL), 1);
	assert_non_null(strstr(report_get(0)->summary, "race on b: "));
	assert_int_equal(races(writes_c, writes_c, NULL), 1);
	assert_non_null(strstr(report_get(0)->summary, "race on c: "));
	race_unwatch(range_c);
	assert_int_equal(races(writes_c, writes_c, NULL), 0);
	assert_int_equal(races(writes_b, writes_b, NULL), 1);
	race_unwatch(range_b);
}

/* the main context is no task: it orders nothing, and nothing of it is a race */
static void test_director(void **state)
{
	(void)state;
	assert_int_equal(races(writes, none, NULL), 0);
	plain_write(0);
	race_acquire(&m.lock);
	race_release(&m.lock);
	race_store_release(&m.lock);
	race_atomic(&m.lock, RACE_FULL);
	race_marked_read(&m.lock);
	race_marked_write(&m.lock);
	race_fence_acquire();
	race_fence_release();
	race_ignore(1);
	race_ignore(-1);
	assert_int_equal(report_count(), 0);
}

BODY(reads_and_tells, plain_read(0); race_release(&m.lock))
BODY(writes_marked_when_told, race_acquire(&m.lock); marked_write(0))

/* of two plain readers the one that is not before the writer is kept, too */
static void test_plain_pair_among_marked(void **state)
{
	(void)state;
	for (unsigned int n = 1; n < 40; n++) {
		report_reset();
		race_reset();
		sched_reset();
		sched_spawn("told", reads_and_tells, NULL);
		sched_spawn("plain", reads, NULL);
		for (unsigned int i = 0; i < n; i++)
			sched_spawn("marked", reads_marked, NULL);
		sched_spawn("writer", writes_marked_when_told, NULL);
		assert_int_equal(sched_run(NULL), SCHED_ENDED);
		assert_int_equal(report_count_kind(REPORT_RACE), 1);
		assert_non_null(strstr(report_get(0)->detail, "first: read by plain"));
	}
}

/* ---- how, in words ---- */

/* of the same two places, however often and in whichever order it was asked before */
static void words_say_how_each_access_was_made(void **state)
{
	static const struct {
		body first, second;
		const char *write, *read;
	} pairs[] = {
		{ writes, reads, " write in ", " read in " },
		{ writes_marked, reads, " marked write in ", " read in " },
		{ writes, reads_marked, " write in ", " marked read in " },
		{ reads, writes, " write in ", " read in " },
		{ reads_marked, writes, " write in ", " marked read in " },
		{ reads, writes_marked, " marked write in ", " read in " },
	};
	static char words[6][256];

	(void)state;
	for (unsigned int round = 0; round < 3; round++)
		for (unsigned int i = 0; i < 6; i++) {
			const char *said;

			assert_int_equal(races(pairs[i].first, pairs[i].second, NULL), 1);
			said = report_get(0)->summary;
			if (!strstr(said, pairs[i].write) || !strstr(said, pairs[i].read))
				fail_msg("%s", said);
			if (!round)
				strcpy(words[i], said);
			assert_string_equal(said, words[i]);
		}
	/* whichever of the two was first */
	assert_string_equal(words[0], words[3]);
	assert_string_equal(words[1], words[5]);
	assert_string_equal(words[2], words[4]);
}

BODY(writes_word_1, plain_write(1))
BODY(reads_word_1, plain_read(1))
BODY(writes_both_words, plain_write(0); plain_write(1))
BODY(reads_both_words, plain_read(0); plain_read(1))

/* a pair of places once in an execution, whichever words of memory it was about */
static void a_pair_of_places_is_told_once_in_an_execution(void **state)
{
	(void)state;
	assert_int_equal(races(writes_both_words, reads_both_words, NULL), 1);
	assert_int_equal(races(writes_word_1, reads_word_1, NULL), 1);
	assert_int_equal(races(writes, reads, reads), 1);
	/* nor does it matter which of them came first */
	assert_int_equal(races(writes, reads_both_words, writes_word_1), 1);
	assert_int_equal(races(reads_word_1, writes_both_words, reads), 1);
}

static void holds_a_lock_and_reads(void *arg)
{
	static const struct shim_lock_class class = { "&m->lock" };
	static struct shim_lock lock;

	(void)arg;
	shim_lock_init(&lock, &class);
	shim_spin_lock(&lock, SCHED_SITE("lock"));
	plain_read(0);
	shim_spin_unlock(&lock, SCHED_SITE("lock"));
}

static void a_race_is_told_with_the_locks_that_are_held(void **state)
{
	(void)state;
	assert_int_equal(races(writes, reads, NULL), 1);
	assert_non_null(strstr(report_get(0)->detail, "holding: no lock\n"));
	lock_order_watch(LOCK_ORDER_COLLECT);
	shim_reset(1);
	race_enable(true);
	race_reset();
	spawn("writes", writes, NULL);
	spawn("reads", holds_a_lock_and_reads, NULL);
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_int_equal(report_count(), 1);
	assert_non_null(strstr(report_get(0)->detail,
			       "holding: m->lock (tests/unit/race_test.c:"));
	lock_order_watch(LOCK_ORDER_OFF);
}

/* ---- which places ---- */

#define SITES 60

static struct sched_site spot[SITES];
static unsigned int site_nr;
static size_t at_byte, bytes;
static bool marks;

static void at_first_site(void *arg)
{
	(void)arg;
	race_access(m.bytes + at_byte, bytes, true, marks, NULL, &spot[site_nr]);
}

static void at_second_site(void *arg)
{
	(void)arg;
	race_access(m.bytes + at_byte, bytes, false, false, NULL,
		    &spot[(site_nr + 1) % SITES]);
}

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && !strcmp(text + len - n, end);
}

/* whichever of many places they are, and however many bytes are accessed */
static void a_race_is_between_the_places_of_its_accesses(void **state)
{
	static const size_t sizes[] = { 1, 2, 4, 8, 16, 24, 64 };

	(void)state;
	for (unsigned int i = 0; i < SITES; i++)
		spot[i] = (struct sched_site){ .file = "s.c",
					       .func = "f",
					       .line = (int)i + 1 };
	for (site_nr = 0; site_nr < SITES; site_nr++) {
		const unsigned int first = site_nr + 1, second = first % SITES + 1;
		const char *how;
		char words[100], told[100], where[40], place[40];

		bytes = sizes[site_nr % 7];
		at_byte = (site_nr * 5) % 64;
		marks = site_nr % 3 == 2;
		how = marks ? "marked write" : "write";
		assert_int_equal(races(at_first_site, at_second_site, NULL), 1);
		/* in the order of the source, and without lines in the summary */
		snprintf(words, sizeof(words), ": %s in f, %s in f",
			 first < second ? how : "read", first < second ? "read" : how);
		if (!ends_in(report_get(0)->summary, words))
			fail_msg("%s lacks %s", report_get(0)->summary, words);
		snprintf(where, sizeof(where), "s.c:%u (f)",
			 first < second ? first : second);
		snprintf(place, sizeof(place), "s.c:%u (f)",
			 first < second ? second : first);
		assert_string_equal(report_get(0)->where, where);
		assert_string_equal(report_get(0)->other, place);
		snprintf(told, sizeof(told), "first: %s by first in s.c:%u (f)\n", how,
			 first);
		assert_non_null(strstr(report_get(0)->detail, told));
		snprintf(told, sizeof(told), "then: read by second in s.c:%u (f)\n",
			 second);
		assert_non_null(strstr(report_get(0)->detail, told));
	}
}

/* ---- few bytes, as hooks announce them ---- */

static void few(size_t at, size_t len, unsigned int how, const struct sched_site *site)
{
	const void *p = m.bytes + at;

	race_few(race_range_near(p), p, len, how, race_place_of(NULL, site));
}

static struct {
	size_t at, len;
	unsigned int how;
} first_few, second_few;

static void does_first(void *arg)
{
	(void)arg;
	few(200, 4, 0, &spot[0]); /* its first access is another matter */
	few(first_few.at, first_few.len, first_few.how, &spot[3]);
}

static void does_second(void *arg)
{
	(void)arg;
	few(204, 4, 0, &spot[0]);
	few(second_few.at, second_few.len, second_few.how, &spot[7]);
}

static bool overlap(void)
{
	return first_few.at < second_few.at + second_few.len &&
	       second_few.at < first_few.at + first_few.len;
}

/* one of the two writes, and one of the two is plain */
static bool can_race(void)
{
	return (first_few.how | second_few.how) & RACE_HOW_WRITE &&
	       (first_few.how | second_few.how) & RACE_HOW_PLAIN;
}

static const char *how_words(unsigned int how)
{
	static const char *const words[] = { "marked read", "marked write", "read",
					     "write" };

	return words[how & 3];
}

static void few_bytes_race_as_many_do(void **state)
{
	static const size_t sizes[] = { 1, 2, 4, 8 };
	char told[100];

	(void)state;
	for (unsigned int i = 0; i < SITES; i++)
		spot[i] = (struct sched_site){ .file = "s.c",
					       .func = "f",
					       .line = (int)i + 1 };
	for (unsigned int k = 0; k < 4 * 4 * 4 * 4 * 13; k++) {
		first_few.len = sizes[k % 4];
		second_few.len = sizes[k / 4 % 4];
		first_few.how = k / 16 % 4;
		second_few.how = k / 64 % 4;
		first_few.at = 32;
		second_few.at = 26 + k / 256;
		assert_int_equal(races(does_first, does_second, NULL),
				 overlap() && can_race());
		if (!report_count())
			continue;
		snprintf(told, sizeof(told), "first: %s by first in s.c:4 (f)\n",
			 how_words(first_few.how));
		assert_non_null(strstr(report_get(0)->detail, told));
		snprintf(told, sizeof(told), "then: %s by second in s.c:8 (f)\n",
			 how_words(second_few.how));
		assert_non_null(strstr(report_get(0)->detail, told));
	}
}

static bool was_first[2];

static void writes_first(void *arg)
{
	(void)arg;
	few(200, 4, 0, &spot[0]);
	was_first[0] = race_first_write(m.bytes + 64, race_place_of(NULL, &spot[3]));
	/* not twice, and not beside a cell */
	was_first[1] = race_first_write(m.bytes + 64, race_place_of(NULL, &spot[3])) ||
		       race_first_write(m.bytes + 82, race_place_of(NULL, &spot[3]));
}

/* the first write of sixteen bytes, where nobody has been */
static void a_first_write_is_of_sixteen_bytes(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < SITES; i++)
		spot[i] = (struct sched_site){ .file = "s.c",
					       .func = "f",
					       .line = (int)i + 1 };
	for (size_t at = 60; at < 84; at++) {
		second_few.at = at;
		second_few.len = 1;
		second_few.how = RACE_HOW_PLAIN;
		assert_int_equal(races(writes_first, does_second, NULL),
				 at >= 64 && at < 80);
		assert_true(was_first[0]);
		assert_false(was_first[1]);
		if (report_count())
			assert_non_null(strstr(report_get(0)->detail,
					       "first: marked write by first in s.c:4"));
	}
	/* a marked read is no race with it */
	second_few.at = 64;
	second_few.how = 0;
	assert_int_equal(races(writes_first, does_second, NULL), 0);
}

static void looks_away(void *arg)
{
	(void)arg;
	race_ignore(1);
	few(32, 4, RACE_HOW_WRITE | RACE_HOW_PLAIN, &spot[3]);
	race_ignore(1);
	race_ignore(-1);
	few(32, 4, RACE_HOW_WRITE | RACE_HOW_PLAIN, &spot[3]);
	race_ignore(-1);
	few(40, 4, RACE_HOW_WRITE | RACE_HOW_PLAIN, &spot[3]);
}

/* as often as it was asked to, a task looks away */
static void what_a_task_does_not_look_at_is_no_access(void **state)
{
	(void)state;
	second_few.len = 4;
	second_few.how = RACE_HOW_PLAIN;
	second_few.at = 32;
	assert_int_equal(races(looks_away, does_second, NULL), 0);
	second_few.at = 40;
	assert_int_equal(races(looks_away, does_second, NULL), 1);
}

static void ignores_first_of_all(void *arg)
{
	(void)arg;
	race_ignore(1);
	plain_write(0);
	race_ignore(-1);
	plain_write(1);
}

static void reads_both(void *arg)
{
	(void)arg;
	plain_read(0);
	plain_read(1);
}

static void ignores_and_ends(void *arg)
{
	(void)arg;
	race_ignore(1);
	plain_write(0);
}

/* also what a task does first; an execution later it looks again */
static void looking_away_begins_and_ends_where_it_is_said(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(races(ignores_first_of_all, reads_both, NULL), 1);
		assert_int_equal(races(ignores_and_ends, reads, NULL), 0);
		assert_int_equal(races(writes, reads, NULL), 1);
	}
}

static unsigned int reader_spot, writer_spot;

static void write_at(size_t at)
{
	race_access(m.bytes + at, 4, true, false, NULL, &spot[writer_spot]);
}

static void read_at(size_t at)
{
	race_access(m.bytes + at, 4, false, false, NULL, &spot[reader_spot]);
}

BODY(writes_at_0, write_at(0))
BODY(reads_at_0_and_8, read_at(0); read_at(8))
BODY(writes_at_8, write_at(8))

/* whichever of the two places is the lower one */
static void a_pair_of_places_has_no_order(void **state)
{
	(void)state;
	for (reader_spot = 2; reader_spot < 7; reader_spot += 4) {
		writer_spot = 4;
		assert_int_equal(races(writes_at_0, reads_at_0_and_8, writes_at_8), 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		race_test(test_rule),
		race_test(test_data_of_a_file),
		race_test(test_own_accesses),
		race_test(test_bytes),
		race_test(test_elsewhere),
		race_test(test_lock),
		race_test(test_acquire_release),
		race_test(test_transitive),
		race_test(test_fences),
		race_test(test_atomics),
		race_test(test_last_reference),
		race_test(test_tasks),
		race_test(test_time),
		race_test(test_memory),
		race_test(test_many_readers),
		race_test(test_plain_among_marked),
		race_test(test_bytes_of_a_word),
		race_test(test_marked_writers),
		race_test(test_plain_below_marked),
		race_test(test_readers_end),
		race_test(test_plain_read_below_marked),
		race_test(test_overflow_set_leaves),
		race_test(test_many_overflow_sets),
		race_test(test_overflow_sets_are_used_again),
		race_test(test_end_of_a_range),
		race_test(test_executions),
		race_test(test_clock_ends),
		race_test(test_report),
		race_test(test_words),
		race_test(test_object_is_named),
		race_test(test_unwatched),
		race_test(test_off),
		race_test(test_many_objects),
		race_test(test_suppressed),
		race_test(test_value),
		race_test(test_value_beside_others),
		race_test(test_alone),
		race_test(test_ranges),
		race_test(test_director),
		race_test(test_plain_pair_among_marked),
		race_test(words_say_how_each_access_was_made),
		race_test(a_pair_of_places_is_told_once_in_an_execution),
		race_test(a_race_is_told_with_the_locks_that_are_held),
		race_test(a_race_is_between_the_places_of_its_accesses),
		race_test(few_bytes_race_as_many_do),
		race_test(a_first_write_is_of_sixteen_bytes),
		race_test(what_a_task_does_not_look_at_is_no_access),
		race_test(looking_away_begins_and_ends_where_it_is_said),
		race_test(a_pair_of_places_has_no_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
