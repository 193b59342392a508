// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checkpoints alone: what is copied away and back, memory that is mostly zero, room that
 * ends, and a run that goes on in its middle. What is state of each module:
 * tests/scenario/checkpoints_test.c.
 */
#include "unit/unit.h"

#include "sched/checkpoint.h"
#include "sched/sanitizer.h"

#define LINES 200u

static struct {
	int value;
	unsigned int nr;
	unsigned char table[64];
	size_t len; /* of @sparse that is in use */
	_Alignas(CHECKPOINT_LINE) unsigned char sparse[LINES * CHECKPOINT_LINE];
	size_t much; /* bytes of a large piece */
} m;

static unsigned char large[1 << 20];

static void visit(struct checkpoint *c)
{
	const unsigned int was = m.nr;
	const size_t len = m.len;

	sched_checkpoint(c);
	checkpoint_value(c, m.value);
	checkpoint_value(c, m.nr);
	checkpoint_table(c, m.table, m.nr, was);
	checkpoint_value(c, m.len);
	checkpoint_lines(c, m.sparse, m.len, len);
	checkpoint_bytes(c, large, m.much);
}

static int begins(void **state)
{
	memset(&m, 0, sizeof(m));
	fresh_kernel(state);
	trace_enable(false, 0);
	checkpoint_begin(visit);
	return 0;
}

static int ends(void **state)
{
	(void)state;
	checkpoint_end();
	return 0;
}

#define checkpoint_test(f) cmocka_unit_test_setup_teardown(f, begins, ends)

/* under AddressSanitizer none is taken */
#ifdef HAVE_ASAN
#define takes() skip()
#else
#define takes() assert_true(checkpoint_take())
#endif

static void none_is_taken_but_between_begin_and_end(void **state)
{
	(void)state;
	checkpoint_end();
	assert_false(checkpoint_possible());
	assert_false(checkpoint_take());
	assert_int_equal(checkpoint_nr(), 0);
}

static void a_variable_is_put_back(void **state)
{
	(void)state;
	m.value = 17;
	takes();
	m.value = 18;
	checkpoint_put_back();
	assert_int_equal(m.value, 17);
}

static void what_a_table_has_more_is_zero(void **state)
{
	(void)state;
	m.nr = 3;
	memset(m.table, 7, 3);
	takes();
	m.nr = 10;
	memset(m.table, 9, 10);
	checkpoint_put_back();
	assert_int_equal(m.nr, 3);
	for (unsigned int i = 0; i < sizeof(m.table); i++)
		assert_int_equal(m.table[i], i < 3 ? 7 : 0);
}

/* all lines, none, some: the pieces of 64 lines, and what is left of the last; and lines
 * that are filled, or nearly */
static void sparse_memory_is_put_back(void **state)
{
	static const unsigned int every[] = { 1, 2, 3, 63, 64, 65, LINES + 1 };
	static unsigned char before[sizeof(m.sparse)];

	(void)state;
	for (size_t k = 0; k < sizeof(every) / sizeof(every[0]); k++) {
		checkpoint_drop(0);
		memset(m.sparse, 0, sizeof(m.sparse));
		m.len = (LINES - 50) * (size_t)CHECKPOINT_LINE;
		for (unsigned int i = every[k] - 1; i < LINES - 50; i += every[k])
			m.sparse[i * CHECKPOINT_LINE + i % CHECKPOINT_LINE] = 5;
		memset(m.sparse + 10 * CHECKPOINT_LINE, 0x6b, 3 * CHECKPOINT_LINE);
		m.sparse[12 * CHECKPOINT_LINE - 1] = 0x6a;
		m.sparse[12 * CHECKPOINT_LINE] = 0;
		memcpy(before, m.sparse, sizeof(before));
		takes();
		m.len = sizeof(m.sparse);
		memset(m.sparse, 6, sizeof(m.sparse));
		checkpoint_put_back();
		assert_int_equal(m.len, (LINES - 50) * CHECKPOINT_LINE);
		assert_memory_equal(m.sparse, before, sizeof(before));
	}
}

static void the_last_one_is_put_back(void **state)
{
	(void)state;
	m.value = 1;
	takes();
	m.value = 2;
	takes();
	m.value = 3;
	checkpoint_put_back();
	assert_int_equal(m.value, 2);
	checkpoint_drop(1);
	checkpoint_put_back();
	assert_int_equal(m.value, 1);
	assert_int_equal(checkpoint_nr(), 1);
	/* and there is room for another where the dropped one was */
	m.value = 4;
	takes();
	m.value = 5;
	checkpoint_put_back();
	assert_int_equal(m.value, 4);
}

static void there_is_an_end_to_them(void **state)
{
	const unsigned long before = checkpoint_taken();

	(void)state;
	for (unsigned int i = 0; i < CHECKPOINTS_MAX; i++)
		takes();
	assert_false(checkpoint_take());
	assert_int_equal(checkpoint_nr(), CHECKPOINTS_MAX);
	assert_int_equal(checkpoint_taken(), before + CHECKPOINTS_MAX);
}

/* it is not taken, and those before are as they were */
static void one_that_has_no_room_is_none(void **state)
{
	(void)state;
	m.value = 1;
	takes();
	m.value = 2;
	m.much = sizeof(large);
	assert_false(checkpoint_take());
	assert_int_equal(checkpoint_nr(), 1);
	m.much = 0;
	checkpoint_put_back();
	assert_int_equal(m.value, 1);
}

/* ---- in the middle of a run ---- */

static char order[64];

static void say(char c)
{
	const size_t n = strlen(order);

	order[n] = c;
	order[n + 1] = '\0';
}

static void take(void)
{
	assert_null(sched_current());
	assert_true(checkpoint_take());
}

/* its variables are on its stack */
static void counts(void *arg)
{
	int begin = *(const char *)arg, local = begin;

	for (int i = 0; i < 3; i++) {
		sched_point(SCHED_ATOMIC, NULL, SCHED_SITE("step"));
		if (i == 1 && m.value == 1 && begin == 'a')
			sched_park(take);
		say((char)(local++));
	}
	say((char)(local - begin == 3 ? '.' : '!'));
}

static struct sched_task *in_turn(void *ctx, struct sched_task *const *runnable,
				  unsigned int n, struct sched_task *last)
{
	(void)ctx;
	return n > 1 && runnable[0] == last ? runnable[1] : runnable[0];
}

static struct sched_task *stays(void *ctx, struct sched_task *const *runnable,
				unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)n;
	return last && last->state == SCHED_RUNNABLE ? last : runnable[0];
}

static void a_run_goes_on_where_a_task_was_parked(void **state)
{
	struct sched_strategy s = { .pick = in_turn, .mask = SCHED_BIT(SCHED_ATOMIC) };
	uint64_t alone, switches;

	(void)state;
#ifdef HAVE_ASAN
	skip();
#endif
	order[0] = '\0';
	m.value = 1;
	spawn("a", counts, "a");
	spawn("b", counts, "A");
	assert_int_equal(sched_run(&s), SCHED_ENDED);
	assert_string_equal(order, "aAbBc.C.");
	switches = sched_switches(&alone);

	/* from there on, the same */
	order[0] = '\0';
	checkpoint_put_back();
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_string_equal(order, "bBc.C.");
	assert_int_equal(sched_switches(&alone), switches);

	/* from there on, in another order */
	order[0] = '\0';
	checkpoint_put_back();
	s.pick = stays;
	assert_int_equal(sched_run(&s), SCHED_ENDED);
	assert_string_equal(order, "bc.BC.");
}

/* a task that was not there yet is gone, and its stack is zero */
static void tasks_that_came_later_are_gone(void **state)
{
	uintptr_t from, to;

	(void)state;
	spawn("a", counts, "a");
	takes();
	spawn("b", counts, "A");
	sched_run(NULL);
	assert_true(sched_stacks_used(1, &from, &to));
	checkpoint_put_back();
	assert_int_equal(sched_task_count(), 1);
	assert_false(sched_stacks_used(1, &(uintptr_t){ 0 }, &(uintptr_t){ 0 }));
	for (const char *p = (const char *)from; p < (const char *)to; p++)
		assert_int_equal(*p, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		checkpoint_test(none_is_taken_but_between_begin_and_end),
		checkpoint_test(a_variable_is_put_back),
		checkpoint_test(what_a_table_has_more_is_zero),
		checkpoint_test(sparse_memory_is_put_back),
		checkpoint_test(the_last_one_is_put_back),
		checkpoint_test(there_is_an_end_to_them),
		checkpoint_test(one_that_has_no_room_is_none),
		checkpoint_test(a_run_goes_on_where_a_task_was_parked),
		checkpoint_test(tasks_that_came_later_are_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
