// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exhaustive search against brute force, on small random programs: as many
 * executions as there are orders of dependent steps, and the same orders; within a
 * bound on preemptions, every order that brute force reaches within it.
 */
#include "search_tests.h"

#include "sched/prng.h"

#define MAX_TASKS  3
#define MAX_OPS	   8
#define VARIABLES  2
#define LOCKS	   2
#define MAX_ORDERS 65536
#define MAX_PATH   256

enum op_kind { OP_LOAD, OP_STORE, OP_ADD, OP_LOCK, OP_UNLOCK };

struct op {
	enum op_kind kind;
	unsigned int object;
};

static struct program {
	unsigned int tasks;
	unsigned int nr[MAX_TASKS];
	struct op op[MAX_TASKS][MAX_OPS];
} program;

/*
 * An order, up to steps that do not depend on each other: for each object the
 * sequence of changes, and between two of them the set of reads.
 */
struct order {
	uint64_t changes[VARIABLES + LOCKS];
};

static unsigned int variable[VARIABLES];
static struct shim_lock lock[LOCKS];
static struct order order;
static const struct shim_lock_class lock_class = { "&lock" };

static uint64_t mix(uint64_t x)
{
	return prng_split(&x);
}

static void note(unsigned int object, bool changes, uint64_t step)
{
	uint64_t *h = &order.changes[object];

	/* reads add up in any order; a change closes what was before it */
	*h = changes ? mix(*h ^ mix(step)) : *h + mix(step ^ 0x5555);
}

static void do_op(const struct op *op, uint64_t step)
{
	unsigned int *v = &variable[op->object % VARIABLES];
	struct shim_lock *l = &lock[op->object % LOCKS];

	switch (op->kind) {
	case OP_LOAD:
		sched_point(SCHED_READ, v, SCHED_SITE("load"));
		note(op->object, false, step);
		break;
	case OP_STORE:
		sched_point(SCHED_WRITE, v, SCHED_SITE("store"));
		note(op->object, true, step);
		break;
	case OP_ADD:
		sched_point(SCHED_ATOMIC, v, SCHED_SITE("add"));
		note(op->object, true, step);
		break;
	case OP_LOCK:
		shim_spin_lock(l, SCHED_SITE("lock"));
		note(VARIABLES + op->object, true, step);
		break;
	case OP_UNLOCK:
		shim_spin_unlock(l, SCHED_SITE("lock"));
		break;
	}
}

static void body(void *arg)
{
	unsigned int t = number_of(arg);

	for (unsigned int i = 0; i < program.nr[t]; i++)
		do_op(&program.op[t][i], t * MAX_OPS + i + 1);
}

static void prepare(void)
{
	shim_reset(1);
	memset(&order, 0, sizeof(order));
	for (unsigned int i = 0; i < LOCKS; i++)
		shim_lock_init(&lock[i], &lock_class);
	for (unsigned int t = 0; t < program.tasks; t++)
		shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, body,
			      (void *)(uintptr_t)t);
}

/* ---- random programs ---- */

static void add_op(unsigned int t, enum op_kind kind, unsigned int object)
{
	program.op[t][program.nr[t]++] = (struct op){ kind, object };
}

static void add_locked(struct prng *r, unsigned int t)
{
	unsigned int first = prng_below(r, LOCKS);
	bool both = prng_below(r, 3) == 0;

	add_op(t, OP_LOCK, first);
	if (both)
		add_op(t, OP_LOCK, 1 - first);
	if (prng_below(r, 2))
		add_op(t, OP_STORE, prng_below(r, VARIABLES));
	if (both)
		add_op(t, OP_UNLOCK, 1 - first);
	add_op(t, OP_UNLOCK, first);
}

static void write_program(struct prng *r)
{
	memset(&program, 0, sizeof(program));
	program.tasks = 2 + prng_below(r, 2);
	for (unsigned int t = 0; t < program.tasks; t++) {
		unsigned int plain = 1 + prng_below(r, program.tasks == 2 ? 3 : 2);

		if (prng_below(r, 2))
			add_locked(r, t);
		for (unsigned int i = 0; i < plain && program.nr[t] < MAX_OPS; i++)
			add_op(t, (enum op_kind)prng_below(r, 3),
			       prng_below(r, VARIABLES));
	}
}

/* ---- sets of orders ---- */

struct orders {
	unsigned int nr;
	struct order at[MAX_ORDERS];
};

static bool has(const struct orders *set, const struct order *o)
{
	for (unsigned int i = 0; i < set->nr; i++)
		if (!memcmp(&set->at[i], o, sizeof(*o)))
			return true;
	return false;
}

static bool add(struct orders *set, const struct order *o)
{
	if (has(set, o))
		return false;
	assert_true(set->nr < MAX_ORDERS);
	set->at[set->nr++] = *o;
	return true;
}

/* ---- brute force: every choice at every point ---- */

static struct {
	unsigned int choice[MAX_PATH], count[MAX_PATH];
	unsigned int depth, given;
	int preemptions, bound;
	bool exceeded;
} brute;

static struct sched_task *brute_pick(void *ctx, struct sched_task *const *runnable,
				     unsigned int n, struct sched_task *last)
{
	unsigned int i = brute.depth++;
	struct sched_task *to;

	(void)ctx;
	if (i >= MAX_PATH) {
		fprintf(stderr, "a program of the test is too long\n");
		exit(3);
	}
	if (i >= brute.given)
		brute.choice[i] = 0;
	brute.count[i] = n;
	to = runnable[brute.choice[i]];
	/* to leave a task that is about to wait for a lock is no preemption */
	if (last && last->state == SCHED_RUNNABLE && to != last &&
	    !(last->at_what == SCHED_LOCK &&
	      ((const struct shim_lock *)last->at_object)->owner))
		brute.preemptions++;
	if (brute.bound >= 0 && brute.preemptions > brute.bound) {
		brute.exceeded = true;
		sched_stop();
	}
	return to;
}

static bool brute_next(void)
{
	while (brute.depth) {
		unsigned int i = brute.depth - 1;

		if (++brute.choice[i] < brute.count[i]) {
			brute.given = brute.depth;
			return true;
		}
		brute.depth--;
	}
	return false;
}

static void by_brute_force(struct orders *set, int bound)
{
	const struct sched_strategy s = { .pick = brute_pick, .mask = MARKED };

	set->nr = 0;
	brute.given = 0;
	brute.bound = bound;
	do {
		brute.depth = 0;
		brute.preemptions = 0;
		brute.exceeded = false;
		prepare();
		sched_run(&s);
		if (!brute.exceeded)
			add(set, &order);
	} while (brute_next());
}

static struct orders expected, found;

/* Return: executions that repeated an order */
static unsigned int by_search(struct orders *set, const struct search_options *o)
{
	unsigned int repeated = 0;

	set->nr = 0;
	search_begin(o);
	while (search_next()) {
		prepare();
		sched_run(search_strategy());
		if (search_ended() == SEARCH_COUNTS)
			repeated += !add(set, &order);
	}
	return repeated;
}

static void contains(const struct orders *set, const struct orders *part,
		     unsigned int seed)
{
	for (unsigned int i = 0; i < part->nr; i++)
		if (!has(set, &part->at[i]))
			fail_msg("program %u: an order of brute force was not searched",
				 seed);
}

static void each_order_is_searched_exactly_once(void **state)
{
	const struct search_options all = exhaustive(.mask = MARKED);
	uint64_t orders = 0, redundant = 0;
	struct prng r;

	(void)state;
	for (unsigned int seed = 0; seed < 80; seed++) {
		prng_seed(&r, 4711, seed);
		write_program(&r);
		by_brute_force(&expected, -1);
		if (by_search(&found, &all))
			fail_msg("program %u: an order was searched twice", seed);
		assert_true(search_tally()->complete);
		contains(&found, &expected, seed);
		assert_int_equal(found.nr, expected.nr);
		orders += found.nr;
		redundant += search_tally()->redundant;
	}
	print_message("80 programs, %lu orders, %lu executions cut off\n",
		      (unsigned long)orders, (unsigned long)redundant);
}

static void shards_search_each_order_exactly_once(void **state)
{
	struct prng r;

	(void)state;
	for (unsigned int seed = 0; seed < 20; seed++) {
		static struct orders part;
		unsigned int sum = 0;

		prng_seed(&r, 4712, seed);
		write_program(&r);
		by_brute_force(&expected, -1);
		found.nr = 0;
		for (unsigned int i = 0; i < 3; i++) {
			const struct search_options o =
				exhaustive(.mask = MARKED, .shard = i, .shards = 3);

			assert_int_equal(by_search(&part, &o), 0);
			sum += part.nr;
			for (unsigned int k = 0; k < part.nr; k++)
				add(&found, &part.at[k]);
		}
		contains(&found, &expected, seed);
		assert_int_equal(sum, expected.nr);
	}
}

/* ---- executions, by their switches ---- */

struct executions {
	unsigned int nr;
	uint64_t at[MAX_ORDERS];
	uint64_t redundant;
	bool cut;
};

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static uint64_t name_of_execution(void)
{
	const struct switches *s = search_switches();
	uint64_t h = 0;

	for (unsigned int i = 0; i < s->nr; i++)
		h = mix(h ^ ((uint64_t)s->list[i].from << 48 |
			     (uint64_t)s->list[i].to << 32 | s->list[i].at));
	return h;
}

/* adds to @e, which is sorted then */
static void make_executions(struct executions *e, const struct search_options *o)
{
	search_begin(o);
	while (search_next()) {
		prepare();
		sched_run(search_strategy());
		if (search_ended() != SEARCH_COUNTS)
			continue;
		assert_true(e->nr < MAX_ORDERS);
		e->at[e->nr++] = name_of_execution();
	}
	assert_true(search_tally()->complete);
	e->redundant += search_tally()->redundant;
	e->cut |= search_tally()->cut_preemptions;
	qsort(e->at, e->nr, sizeof(e->at[0]), by_number);
}

/* Each execution of the whole is one shard's, and no shard makes another. */
static void shards_within_a_bound_make_the_executions_of_the_whole(void **state)
{
	static struct executions whole, sum;
	uint64_t total = 0, orders = 0;
	struct prng r;

	(void)state;
	for (unsigned int seed = 0; seed < 150; seed++) {
		int bound = (int)(seed % 4);
		unsigned int shards = 2 + seed % 5;

		prng_seed(&r, 4714, seed);
		write_program(&r);
		whole = sum = (struct executions){ 0 };
		make_executions(&whole, &bounded(bound, .mask = MARKED));
		for (unsigned int i = 0; i < shards; i++)
			make_executions(&sum, &bounded(bound, .mask = MARKED, .shard = i,
						       .shards = shards));
		assert_int_equal(sum.nr, whole.nr);
		assert_memory_equal(sum.at, whole.at, whole.nr * sizeof(whole.at[0]));
		assert_int_equal(sum.redundant, whole.redundant);
		assert_int_equal(sum.cut, whole.cut);
		for (unsigned int i = 1; i < whole.nr; i++)
			assert_true(whole.at[i - 1] != whole.at[i]);
		total += whole.nr;
		by_search(&found, &bounded(bound, .mask = MARKED));
		orders += found.nr;
	}
	print_message("150 programs, %lu executions for %lu orders\n",
		      (unsigned long)total, (unsigned long)orders);
	/* an order comes less than twice on the average: repetitions are pruned */
	assert_true(10 * total < 19 * orders);
}

static void a_bound_leaves_out_what_is_beyond_it_and_nothing_else(void **state)
{
	struct prng r;

	(void)state;
	for (unsigned int seed = 0; seed < 25; seed++) {
		prng_seed(&r, 4713, seed);
		write_program(&r);
		for (int bound = 0; bound < 3; bound++) {
			const struct search_options o = bounded(bound, .mask = MARKED);

			by_brute_force(&expected, bound);
			by_search(&found, &o);
			contains(&found, &expected, seed * 10 + (unsigned int)bound);
			assert_int_equal(found.nr, expected.nr);
			assert_true(search_tally()->complete);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_order_is_searched_exactly_once),
		cmocka_unit_test(shards_search_each_order_exactly_once),
		cmocka_unit_test(shards_within_a_bound_make_the_executions_of_the_whole),
		cmocka_unit_test(a_bound_leaves_out_what_is_beyond_it_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
