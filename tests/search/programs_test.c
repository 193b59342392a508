// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exhaustive search against brute force, on small random programs: as many
 * executions as there are orders of dependent steps, and the same orders; within a
 * bound on preemptions, every order that brute force reaches within it.
 */
#include "search_tests.h"

#include "sched/prng.h"

#define MAX_TASKS  4
#define MAX_OPS	   12
#define VARIABLES  2
#define LOCKS	   2
#define EVENTS	   2
#define MAX_ORDERS 65536
#define MAX_PATH   256
#define MAX_STATES (1u << 19)

enum op_kind { OP_LOAD, OP_STORE, OP_ADD, OP_LOCK, OP_UNLOCK, OP_WAIT, OP_NOTIFY };

/* as enum op_kind, in programs that are written out */
#define OP_NAMES "RWAluwn"

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
	uint64_t changes[VARIABLES + LOCKS + EVENTS];
};

static unsigned int variable[VARIABLES];
static struct shim_lock lock[LOCKS];
static bool event[EVENTS]; /* has it come? */
static unsigned int done[MAX_TASKS];
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

static void wait_for_event(unsigned int e, uint64_t step)
{
	for (;;) {
		sched_point(SCHED_WAIT, &event[e], SCHED_SITE("wait"));
		note(VARIABLES + LOCKS + e, false, step);
		if (event[e])
			return;
		sched_block(&event[e], "event", SCHED_SITE("wait"));
	}
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
	case OP_WAIT:
		wait_for_event(op->object, step);
		break;
	case OP_NOTIFY:
		sched_point(SCHED_NOTIFY, &event[op->object], SCHED_SITE("notify"));
		note(VARIABLES + LOCKS + op->object, true, step);
		event[op->object] = true;
		sched_wake_on(&event[op->object]);
		break;
	}
}

static void body(void *arg)
{
	unsigned int t = number_of(arg);

	for (; done[t] < program.nr[t]; done[t]++)
		do_op(&program.op[t][done[t]], t * MAX_OPS + done[t] + 1);
}

static void prepare(void)
{
	shim_reset(1);
	memset(&order, 0, sizeof(order));
	memset(event, 0, sizeof(event));
	memset(done, 0, sizeof(done));
	for (unsigned int i = 0; i < LOCKS; i++)
		shim_lock_init(&lock[i], &lock_class);
	for (unsigned int t = 0; t < program.tasks; t++)
		shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, body,
			      (void *)(uintptr_t)t);
}

/* ---- random programs ---- */

static void add_op(unsigned int t, enum op_kind kind, unsigned int object)
{
	assert_true(program.nr[t] < MAX_OPS);
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

static void add_plain(struct prng *r, unsigned int t)
{
	add_op(t, (enum op_kind)prng_below(r, 3), prng_below(r, VARIABLES));
}

/* like add_locked(); often both locks, given back in either order, and steps between */
static void add_nested(struct prng *r, unsigned int t)
{
	unsigned int first = prng_below(r, LOCKS), second = 1 - first;
	bool both = prng_below(r, 3) != 0, crossed = prng_below(r, 4) == 0;

	add_op(t, OP_LOCK, first);
	if (both)
		add_op(t, OP_LOCK, second);
	if (prng_below(r, 2))
		add_plain(r, t);
	if (both)
		add_op(t, OP_UNLOCK, crossed ? first : second);
	if (both && prng_below(r, 4) == 0)
		add_plain(r, t);
	add_op(t, OP_UNLOCK, both && crossed ? second : first);
}

/*
 * Steps before, between and after sections with locks: a task that waits for a lock has
 * done something before, and the lock is taken again before it gets it.
 */
static void write_sections(struct prng *r)
{
	memset(&program, 0, sizeof(program));
	program.tasks = 3 + (prng_below(r, 4) == 0);
	for (unsigned int t = 0; t < program.tasks; t++) {
		unsigned int sections = program.tasks == 3 ? 1 + prng_below(r, 2) : 1;

		if (prng_below(r, 2))
			add_plain(r, t);
		add_nested(r, t);
		if (prng_below(r, 2))
			add_plain(r, t);
		if (sections == 2 && program.nr[t] + 6 <= MAX_OPS)
			add_nested(r, t);
	}
}

/* Short steps, sections, waits for an event and wake-ups. */
static void write_waits(struct prng *r)
{
	memset(&program, 0, sizeof(program));
	program.tasks = 3;
	for (unsigned int t = 0; t < program.tasks; t++) {
		for (unsigned int n = 2 + prng_below(r, 2); n--;) {
			unsigned int kind = prng_below(r, 6);

			if (kind < 2)
				add_op(t, OP_NOTIFY, prng_below(r, EVENTS));
			else if (kind == 2)
				add_op(t, OP_WAIT, prng_below(r, EVENTS));
			else if (kind == 3 || program.nr[t] + 6 > MAX_OPS)
				add_plain(r, t);
			else
				add_nested(r, t);
		}
	}
}

/* "A1 l0 W1 u0 | R1": the operations of each task by OP_NAMES, and their objects */
static void read_program(const char *text)
{
	memset(&program, 0, sizeof(program));
	program.tasks = 1;
	for (; *text; text++) {
		const char *name = strchr(OP_NAMES, *text);

		if (*text == '|') {
			program.tasks++;
		} else if (name) {
			text++;
			add_op(program.tasks - 1, (enum op_kind)(name - OP_NAMES),
			       (unsigned int)(*text - '0'));
		}
	}
}

static const char *text_of_program(void)
{
	static char text[MAX_TASKS * (MAX_OPS * 3 + 2) + 1];
	char *at = text;

	for (unsigned int t = 0; t < program.tasks; t++) {
		if (t)
			at += sprintf(at, " |");
		for (unsigned int i = 0; i < program.nr[t]; i++)
			at += sprintf(at, " %c%u", OP_NAMES[program.op[t][i].kind],
				      program.op[t][i].object);
	}
	return text;
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

/* ---- brute force: every choice at every point, once from each state ---- */

static struct {
	unsigned int choice[MAX_PATH], count[MAX_PATH];
	unsigned int depth, given;
	int preemptions, bound;
	bool left; /* beyond the bound, or to a state that was met before */
	unsigned int chosen[MAX_TASKS];
	unsigned int states;
	uint64_t met[MAX_STATES];
} brute;

/*
 * What follows depends on the steps of each task, on what they saw, that is the order,
 * on the task that runs and on the preemptions.
 */
static uint64_t state_of(uint64_t runnable, const struct sched_task *last)
{
	uint64_t h = mix(runnable << 8 | (last ? last->id : 0xff));

	if (brute.bound >= 0)
		h = mix(h ^ (uint64_t)brute.preemptions);
	for (unsigned int i = 0; i < sizeof(order.changes) / sizeof(order.changes[0]);
	     i++)
		h = mix(h ^ order.changes[i]);
	for (unsigned int t = 0; t < program.tasks; t++)
		h = mix(h ^ (done[t] << 16 | brute.chosen[t]));
	return h ? h : 1;
}

/* Return: whether @state was met before */
static bool meet(uint64_t state)
{
	unsigned int i = state % MAX_STATES;

	for (; brute.met[i]; i = (i + 1) % MAX_STATES)
		if (brute.met[i] == state)
			return true;
	if (++brute.states > MAX_STATES / 4 * 3) {
		fprintf(stderr, "a program of the test has too many states\n");
		exit(3);
	}
	brute.met[i] = state;
	return false;
}

/* to leave a task that is about to wait for a lock is no preemption */
static bool is_preemption(const struct sched_task *last, const struct sched_task *to)
{
	return last && last->state == SCHED_RUNNABLE && to != last &&
	       !(last->at_what == SCHED_LOCK &&
		 ((const struct shim_lock *)last->at_object)->owner);
}

static struct sched_task *leave(struct sched_task *to)
{
	brute.left = true;
	sched_stop();
	return to;
}

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
	if (brute.left)
		return leave(runnable[0]);
	if (i >= brute.given) {
		brute.choice[i] = 0;
		brute.count[i] = n;
		if (meet(state_of(sched_runnable(), last))) {
			brute.count[i] = 0;
			return leave(runnable[0]);
		}
	}
	to = runnable[brute.choice[i]];
	brute.preemptions += is_preemption(last, to);
	brute.chosen[to->id]++;
	if (brute.bound >= 0 && brute.preemptions > brute.bound)
		return leave(to);
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
	brute.states = 0;
	memset(brute.met, 0, sizeof(brute.met));
	do {
		brute.depth = 0;
		brute.preemptions = 0;
		brute.left = false;
		memset(brute.chosen, 0, sizeof(brute.chosen));
		prepare();
		sched_run(&s);
		if (!brute.left)
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

static void contains(const struct orders *set, const struct orders *part, int bound)
{
	unsigned int missed = 0;

	for (unsigned int i = 0; i < part->nr; i++)
		missed += !has(set, &part->at[i]);
	if (missed)
		fail_msg("bound %d: %u of %u orders of brute force were not searched:%s",
			 bound, missed, part->nr, text_of_program());
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
		contains(&found, &expected, -1);
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
		contains(&found, &expected, -1);
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
	/* an order comes 1.4 times on the average: repetitions are pruned */
	assert_true(10 * total < 15 * orders);
}

/* Return: orders within @bound, each of which was searched */
static unsigned int compare_within(int bound)
{
	unsigned int orders;

	by_brute_force(&expected, bound);
	by_search(&found, &bounded(bound, .mask = MARKED));
	contains(&found, &expected, bound);
	assert_int_equal(found.nr, expected.nr);
	assert_true(search_tally()->complete);
	orders = expected.nr;
	/* then the result says that no order needs more preemptions */
	if (!search_tally()->cut_preemptions) {
		by_brute_force(&expected, -1);
		contains(&found, &expected, bound);
	}
	return orders;
}

/* Return: orders, each of which was searched once */
static unsigned int compare_without_a_bound(void)
{
	by_brute_force(&expected, -1);
	if (by_search(&found, &exhaustive(.mask = MARKED)))
		fail_msg("an order was searched twice:%s", text_of_program());
	contains(&found, &expected, -1);
	assert_int_equal(found.nr, expected.nr);
	assert_true(search_tally()->complete);
	return found.nr;
}

static void a_bound_leaves_out_what_is_beyond_it_and_nothing_else(void **state)
{
	struct prng r;

	(void)state;
	for (unsigned int seed = 0; seed < 25; seed++) {
		prng_seed(&r, 4713, seed);
		write_program(&r);
		for (int bound = 0; bound < 3; bound++)
			compare_within(bound);
	}
}

/* PROGRAMS=N in the environment: N of them */
static unsigned int programs_to_compare(void)
{
	const char *n = getenv("PROGRAMS");

	return n ? (unsigned int)strtoul(n, NULL, 10) : 60;
}

/* Also that a search does not depend on one that this process made before. */
static void programs_with_sections_and_waits(void **state)
{
	static void (*const write[])(struct prng *) = { write_sections, write_waits };
	unsigned int n = programs_to_compare();
	uint64_t orders = 0;
	struct prng r;

	(void)state;
	for (unsigned int seed = 0; seed < n; seed++) {
		prng_seed(&r, 4715, seed);
		write[seed % 2](&r);
		for (int bound = 0; bound < 4; bound++)
			orders += compare_within(bound);
		if (program.tasks < 4)
			orders += compare_without_a_bound();
	}
	print_message("%u programs, %lu orders\n", n, (unsigned long)orders);
}

/* Each of them loses orders without the rule that is named. */
static const struct {
	int bound;
	unsigned int orders;
	const char *program;
} hard[] = {
	/* what was done before a lock is moved into the chunk that releases it */
	{ 1, 82, "R1 l1 l0 W0 u0 u1 W1 | W1 l0 l1 W1 u1 u0 W1 | A1 l0 l1 W1 u1 u0 A1" },
	{ 2, 326, "R1 l1 l0 W0 u0 u1 W1 | W1 l0 l1 W1 u1 u0 W1 | A1 l0 l1 W1 u1 u0 A1" },
	{ 1, 51, "R1 l1 W1 u1 | A1 l1 l0 u0 u1 A1 | R1 l0 l1 u1 u0 A1" },
	{ 1, 37, "W1 l1 l0 u0 u1 | W0 l0 l1 W1 u1 u0 W0 | W0 l1 l0 W0 u0 u1 A0" },
	{ 1, 43, "l1 l0 W0 u0 u1 A1 | R1 l0 l1 W0 u1 u0 A1 | W1 l0 W1 u0" },
	{ 1, 47, "W1 l1 l0 W0 u0 u1 | A0 l1 l0 W0 u0 u1 | A0 l0 l1 W1 u1 u0 A0" },
	{ 1, 56, "A1 l0 W1 u0 | A1 l0 W0 u0 R1 | R1 l0 l1 W1 u1 u0" },
	{ 1, 40, "R1 l1 l0 W0 u0 u1 W1 | A1 l0 W1 u0 | l1 l0 W1 u0 u1 A1" },
	{ 2, 107, "R1 l1 l0 W0 u0 u1 W1 | A1 l0 W1 u0 | l1 l0 W1 u0 u1 A1" },
	{ 1, 62, "R1 l1 l0 u0 u1 W1 | A1 l1 W1 u1 A1 | A1 l1 u1 R1" },
	{ 1, 58, "A0 l1 l0 u0 u1 A0 | W0 l0 l1 W1 u1 u0 R0 | W0 l1 l0 u0 u1 R1" },
	{ 1, 33, "W1 l0 W1 u0 R0 | l1 l0 u0 u1 A0 | W1 l1 l0 W0 u0 u1 A1" },
	/* to wait for a lock is a race already; it may be taken once more */
	{ 2, 156, "l0 l1 W0 u0 u1 R0 | R0 l0 u0 W0 l1 u1 | W0 l1 A0 u1 l1 u1" },
	{ 1, 47,
	  "l1 A0 u1 l0 u0 W0 | A0 l0 l1 u1 u0 l1 l0 A0 u0 u1 | l1 l0 R0 u0 u1 R1 l1 l0 "
	  "R0 u0 u1" },
	{ 1, 80,
	  "A1 l1 A1 u1 A0 l1 l0 u0 u1 | l0 W0 u0 R0 l1 l0 u0 u1 W1 | R1 l0 l1 u1 u0 l1 "
	  "l0 u0 u1 W0" },
	{ 1, 80,
	  "R0 l1 u1 l0 l1 W0 u0 u1 R1 | W1 l0 l1 u0 u1 W0 l0 l1 u1 u0 | A0 l1 R1 u1 l0 "
	  "u0" },
	{ 1, 80,
	  "A1 l0 l1 R1 u1 u0 R0 R0 | A1 l1 l0 W1 u0 u1 l1 l0 u0 u1 | A1 l0 l1 A1 u1 u0 "
	  "A1" },
	/* what was done before a lock is moved to the beginning of that chunk */
	{ 2, 285,
	  "R1 l0 R1 R0 u0 W0 | l0 l1 u1 u0 R0 | l0 l1 u0 W1 u1 A1 | l1 R1 l0 W0 u1 u0" },
	{ 0, 13, "l0 W1 w0 u0 w0 l1 l0 W1 u0 u1 | R0 n0 l0 u0 | W0 l1 w0 u1 l0 u0" },
	/* where no required task can run all others are explored */
	{ 1, 191, "A1 l1 R1 u1 A1 | A0 l0 l1 W1 u0 u1 | R0 l0 u0 A1 | W0 l1 l0 u1 u0" },
	/* a chunk is not moved to where it costs two preemptions, and saves one */
	{ 1, 124, "W0 R0 | W0 l1 l0 W0 u1 u0 A1 | l1 R1 u1 | A0 l0 l1 W0 u1 u0" },
	{ 1, 56,
	  "R0 l1 l0 R0 u0 u1 R1 R1 | W0 l1 u1 W0 l1 l0 R1 u0 u1 | l1 l0 u1 u0 A0 l1 l0 "
	  "A1 u0 u1" },
};

static void programs_that_need_each_rule(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < sizeof(hard) / sizeof(hard[0]); i++) {
		read_program(hard[i].program);
		assert_int_equal(compare_within(hard[i].bound), hard[i].orders);
		if (program.tasks < 4)
			compare_without_a_bound();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_order_is_searched_exactly_once),
		cmocka_unit_test(shards_search_each_order_exactly_once),
		cmocka_unit_test(shards_within_a_bound_make_the_executions_of_the_whole),
		cmocka_unit_test(a_bound_leaves_out_what_is_beyond_it_and_nothing_else),
		cmocka_unit_test(programs_with_sections_and_waits),
		cmocka_unit_test(programs_that_need_each_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
