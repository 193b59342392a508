// SPDX-License-Identifier: GPL-2.0-only
/*
 * Litmus tests: the set of outcomes that the exhaustive search sees is the set
 * that sequential consistency allows, no more and no less; each outcome comes as
 * often as there are orders of its dependent steps; the random walk sees them all.
 */
#include "search_tests.h"
#include "shim/wait.h"

#define MAX_OUTCOMES 64

/* struct litmus - a small program: bodies, and what came of it as a number */
struct litmus {
	void (*body[4])(void *arg);
	unsigned int (*outcome)(void);
};

static unsigned int x, y, seen[8];
static struct shim_lock lock;
static struct shim_waitqueue wq;

static const struct shim_lock_class lock_class = { "&lock" };
static const struct shim_lock_class wq_class = { "&wq.lock" };

static void prepare(const struct litmus *l)
{
	shim_reset(1);
	x = y = 0;
	memset(seen, 0, sizeof(seen));
	shim_lock_init(&lock, &lock_class);
	shim_wait_init(&wq, &wq_class);
	for (unsigned int i = 0; i < 4 && l->body[i]; i++)
		shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, l->body[i], NULL);
}

/* bit n: outcome n was seen */
static uint64_t outcomes(const struct litmus *l, const struct search_options *o)
{
	uint64_t set = 0;

	search_begin(o);
	while (search_next()) {
		prepare(l);
		sched_run(search_strategy());
		if (search_ended() == SEARCH_COUNTS)
			set |= 1ull << (l->outcome() % MAX_OUTCOMES);
	}
	return set;
}

static void sees(const struct litmus *l, uint64_t expected, uint64_t executions)
{
	const struct search_options all = exhaustive(.mask = MARKED);
	const struct search_options dice =
		random_walk(.mask = MARKED, .executions = 20000);

	assert_int_equal(outcomes(l, &all), expected);
	assert_true(search_tally()->complete);
	assert_int_equal(search_tally()->executions, executions);
	assert_int_equal(search_tally()->redundant, 0);
	assert_int_equal(outcomes(l, &dice), expected);
	assert_int_equal(search_tally()->executions, 20000);
}

#define OUTCOME(n) (1ull << (n))

/* ---- store buffering: x = 1; r0 = y || y = 1; r1 = x ---- */

static void store_x_load_y(void *arg)
{
	(void)arg;
	MARKED_STORE(x, 1);
	seen[0] = MARKED_LOAD(y);
}

static void store_y_load_x(void *arg)
{
	(void)arg;
	MARKED_STORE(y, 1);
	seen[1] = MARKED_LOAD(x);
}

static unsigned int two_loads(void)
{
	return seen[0] | seen[1] << 1;
}

static void store_buffering_never_sees_both_old_values(void **state)
{
	static const struct litmus l = { { store_x_load_y, store_y_load_x }, two_loads };

	(void)state;
	sees(&l, OUTCOME(1) | OUTCOME(2) | OUTCOME(3), 3);
}

/* ---- message passing: x = 1; y = 1 || r0 = y; r1 = x ---- */

static void store_x_store_y(void *arg)
{
	(void)arg;
	MARKED_STORE(x, 1);
	MARKED_STORE(y, 1);
}

static void load_y_load_x(void *arg)
{
	(void)arg;
	seen[0] = MARKED_LOAD(y);
	seen[1] = MARKED_LOAD(x);
}

static void a_message_is_never_seen_without_its_data(void **state)
{
	static const struct litmus l = { { store_x_store_y, load_y_load_x }, two_loads };

	(void)state;
	/* not y = 1 and x = 0 */
	sees(&l, OUTCOME(0) | OUTCOME(2) | OUTCOME(3), 3);
}

/* ---- load buffering: r0 = x; y = 1 || r1 = y; x = 1 ---- */

static void load_x_store_y(void *arg)
{
	(void)arg;
	seen[0] = MARKED_LOAD(x);
	MARKED_STORE(y, 1);
}

static void load_y_store_x(void *arg)
{
	(void)arg;
	seen[1] = MARKED_LOAD(y);
	MARKED_STORE(x, 1);
}

static void load_buffering_never_sees_both_new_values(void **state)
{
	static const struct litmus l = { { load_x_store_y, load_y_store_x }, two_loads };

	(void)state;
	sees(&l, OUTCOME(0) | OUTCOME(1) | OUTCOME(2), 3);
}

/* ---- coherence: x = 1 || x = 2 || r0 = x; r1 = x || r2 = x; r3 = x ---- */

static void store_1(void *arg)
{
	(void)arg;
	MARKED_STORE(x, 1);
}

static void store_2(void *arg)
{
	(void)arg;
	MARKED_STORE(x, 2);
}

static void read_x_twice(void *arg)
{
	(void)arg;
	seen[0] = MARKED_LOAD(x);
	seen[1] = MARKED_LOAD(x);
}

static void read_x_twice_as_well(void *arg)
{
	(void)arg;
	seen[2] = MARKED_LOAD(x);
	seen[3] = MARKED_LOAD(x);
}

static unsigned int pair_of_loads(void)
{
	return seen[0] + 3 * seen[1];
}

/* bit 0: this one saw 1, then 2; bit 1: 2, then 1; bits 2 and 3: the other one */
static unsigned int orders_seen(void)
{
	return (unsigned int)(seen[0] == 1 && seen[1] == 2) |
	       (unsigned int)(seen[0] == 2 && seen[1] == 1) << 1 |
	       (unsigned int)(seen[2] == 1 && seen[3] == 2) << 2 |
	       (unsigned int)(seen[2] == 2 && seen[3] == 1) << 3;
}

static void a_value_does_not_go_back(void **state)
{
	static const struct litmus l = { { store_1, store_2, read_x_twice },
					 pair_of_loads };

	(void)state;
	/* never 0 after another one */
	sees(&l, 0x1ff & ~(OUTCOME(1) | OUTCOME(2)), 12);
}

static void two_readers_agree_on_the_order_of_two_values(void **state)
{
	static const struct litmus l = {
		{ store_1, store_2, read_x_twice, read_x_twice_as_well }, orders_seen
	};

	(void)state;
	/* not both orders in one execution */
	sees(&l,
	     OUTCOME(0) | OUTCOME(1) | OUTCOME(2) | OUTCOME(4) | OUTCOME(8) |
		     OUTCOME(1 | 4) | OUTCOME(2 | 8),
	     72);
}

/* ---- R: x = 1; y = 1 || y = 2; r0 = x ---- */

static void store_y_2_load_x(void *arg)
{
	(void)arg;
	MARKED_STORE(y, 2);
	seen[0] = MARKED_LOAD(x);
}

static unsigned int y_and_load(void)
{
	return y + 4 * seen[0];
}

static void a_store_that_was_overwritten_is_not_forgotten(void **state)
{
	static const struct litmus l = { { store_x_store_y, store_y_2_load_x },
					 y_and_load };

	(void)state;
	/* not y = 2 at the end and x = 0 */
	sees(&l, OUTCOME(1) | OUTCOME(1 + 4) | OUTCOME(2 + 4), 3);
}

/* ---- IRIW: two writers, two readers in opposite orders ---- */

static void store_x(void *arg)
{
	(void)arg;
	MARKED_STORE(x, 1);
}

static void store_y(void *arg)
{
	(void)arg;
	MARKED_STORE(y, 1);
}

static void read_x_y(void *arg)
{
	(void)arg;
	seen[0] = MARKED_LOAD(x);
	seen[1] = MARKED_LOAD(y);
}

static void read_y_x(void *arg)
{
	(void)arg;
	seen[2] = MARKED_LOAD(y);
	seen[3] = MARKED_LOAD(x);
}

static unsigned int four_loads(void)
{
	return seen[0] | seen[1] << 1 | seen[2] << 2 | seen[3] << 3;
}

static void two_readers_agree_on_the_order_of_two_writes(void **state)
{
	static const struct litmus l = { { store_x, store_y, read_x_y, read_y_x },
					 four_loads };

	(void)state;
	/* all but x = 1, y = 0 here and y = 1, x = 0 there */
	sees(&l, 0xffff & ~OUTCOME(1 | 4), 15);
}

/* ---- a race of compare-and-exchange: one wins ---- */

static void claim(unsigned int me)
{
	sched_point(SCHED_ATOMIC, &x, SCHED_SITE("cmpxchg(&x)"));
	if (!x)
		x = me;
	seen[me] = x == me;
}

static void claim_1(void *arg)
{
	(void)arg;
	claim(1);
}

static void claim_2(void *arg)
{
	(void)arg;
	claim(2);
}

static void claim_3(void *arg)
{
	(void)arg;
	claim(3);
}

static unsigned int winner(void)
{
	return seen[1] + seen[2] + seen[3] == 1 ? x : 0;
}

static void one_of_three_wins_a_compare_and_exchange(void **state)
{
	static const struct litmus l = { { claim_1, claim_2, claim_3 }, winner };

	(void)state;
	sees(&l, OUTCOME(1) | OUTCOME(2) | OUTCOME(3), 6);
}

/* ---- a lock is handed over, and what was done under it with it ---- */

static void count_up(void *arg)
{
	unsigned int old;

	(void)arg;
	shim_spin_lock(&lock, SCHED_SITE("&lock"));
	old = MARKED_LOAD(x);
	MARKED_STORE(x, old + 1);
	shim_spin_unlock(&lock, SCHED_SITE("&lock"));
}

static unsigned int value_of_x(void)
{
	return x;
}

static void nothing_is_lost_under_a_lock(void **state)
{
	static const struct litmus l = { { count_up, count_up, count_up }, value_of_x };

	(void)state;
	sees(&l, OUTCOME(3), 6);
}

/* a blocked attempt to lock is no execution of its own, whoever holds the lock */
static void lock_x_then_y(void *arg)
{
	(void)arg;
	shim_spin_lock(&lock, SCHED_SITE("&lock"));
	MARKED_STORE(x, 1);
	MARKED_STORE(y, 1);
	shim_spin_unlock(&lock, SCHED_SITE("&lock"));
}

static void look_under_lock(void *arg)
{
	(void)arg;
	shim_spin_lock(&lock, SCHED_SITE("&lock"));
	seen[0] = MARKED_LOAD(x);
	seen[1] = MARKED_LOAD(y);
	shim_spin_unlock(&lock, SCHED_SITE("&lock"));
}

static void a_reader_under_the_lock_sees_all_or_nothing(void **state)
{
	static const struct litmus l = { { lock_x_then_y, look_under_lock }, two_loads };

	(void)state;
	sees(&l, OUTCOME(0) | OUTCOME(3), 2);
}

/* ---- wait and wake-up ---- */

static void wait_for_x(void *arg)
{
	struct shim_waiter w = { 0 };
	const struct sched_site *site = SCHED_SITE("&wq");

	(void)arg;
	while (!MARKED_LOAD(x)) {
		shim_prepare_to_wait(&wq, &w, SHIM_TASK_UNINTERRUPTIBLE, 0, site);
		if (!MARKED_LOAD(x))
			shim_schedule(SCHED_SITE("x"));
		shim_finish_wait(&wq, &w, site);
	}
	seen[0] = 1;
}

static void set_x_and_wake(void *arg)
{
	(void)arg;
	MARKED_STORE(x, 1);
	shim_wake_up(&wq, SHIM_TASK_NORMAL, 0, 0, SCHED_SITE("&wq"));
}

static unsigned int first_seen(void)
{
	return seen[0];
}

static void a_wake_up_is_not_lost(void **state)
{
	static const struct litmus l = { { wait_for_x, set_x_and_wake }, first_seen };
	const struct search_options all = exhaustive(.mask = MARKED);
	const struct search_options sync = exhaustive(.mask = SYNC);

	(void)state;
	assert_int_equal(outcomes(&l, &all), OUTCOME(1));
	assert_true(search_tally()->complete);
	assert_int_equal(outcomes(&l, &sync), OUTCOME(1));
	assert_true(search_tally()->complete);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(store_buffering_never_sees_both_old_values),
		cmocka_unit_test(a_message_is_never_seen_without_its_data),
		cmocka_unit_test(load_buffering_never_sees_both_new_values),
		cmocka_unit_test(a_value_does_not_go_back),
		cmocka_unit_test(two_readers_agree_on_the_order_of_two_values),
		cmocka_unit_test(a_store_that_was_overwritten_is_not_forgotten),
		cmocka_unit_test(two_readers_agree_on_the_order_of_two_writes),
		cmocka_unit_test(one_of_three_wins_a_compare_and_exchange),
		cmocka_unit_test(nothing_is_lost_under_a_lock),
		cmocka_unit_test(a_reader_under_the_lock_sees_all_or_nothing),
		cmocka_unit_test(a_wake_up_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
