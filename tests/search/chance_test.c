// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers and failures as choices: every strategy finds a failure that needs one, and none
 * where it is no failure; the exhaustive search has the outcomes of brute force, on small
 * random programs; and without them nothing changes.
 */
#include "search_tests.h"

#include "sched/prng.h"
#include "shim/chance.h"
#include "shim/fault.h"
#include "shim/wait.h"
#include "shim/work.h"

static void nap(long length)
{
	shim_current()->state = SHIM_TASK_INTERRUPTIBLE;
	shim_schedule_timeout(length, SCHED_SITE("nap"));
}

/* ---- what needs a timer, or a failure ---- */

static unsigned int x, lost;
static struct shim_work late;

static void sees_half(struct shim_work *work)
{
	(void)work;
	if (MARKED_LOAD(x) == 1)
		report(REPORT_ACCOUNTING, NULL, "the timer came in between");
}

static void half_and_half(void *arg)
{
	(void)arg;
	MARKED_STORE(x, 1);
	MARKED_STORE(x, 2);
}

static void half_and_half_cancelled(void *arg)
{
	(void)arg;
	shim_work_cancel_sync(&late, SCHED_SITE("late"));
	half_and_half(NULL);
}

static void needs_second_allocation(void *arg)
{
	void *a, *b;

	(void)arg;
	a = shim_kmalloc(8, 0, SCHED_SITE("a"));
	b = shim_kmalloc(8, 0, SCHED_SITE("b"));
	if (a && !b)
		report(REPORT_ACCOUNTING, NULL, "a is lost");
	lost += !a;
}

static void checks_both_allocations(void *arg)
{
	void *a, *b;

	(void)arg;
	a = shim_kmalloc(8, 0, SCHED_SITE("a"));
	b = shim_kmalloc(8, 0, SCHED_SITE("b"));
	lost += !a || !b;
}

static void other_allocations(void *arg)
{
	(void)arg;
	shim_kmalloc(8, SHIM_GFP_NOFAIL, SCHED_SITE("c"));
	MARKED_STORE(lost, 0);
}

typedef void (*body_fn)(void *arg);

static bool play(body_fn one, body_fn two, const struct chances *c,
		 const struct sched_strategy *s)
{
	shim_reset(1);
	x = lost = 0;
	shim_work_init(&late, sees_half);
	shim_work_queue(&late, 10, SCHED_SITE("late"));
	shim_task_new("one", 0, NULL, SHIM_PF_KTHREAD, one, NULL);
	if (two)
		shim_task_new("two", 0, NULL, SHIM_PF_KTHREAD, two, NULL);
	chances_begin(c);
	/* or it was cut off, as a repetition */
	assert_int_not_equal(sched_run(s), SCHED_IS_BLOCKED);
	chances_end();
	return report_count() != 0;
}

/* Return: executions with a report */
static uint64_t failures(body_fn one, body_fn two, const struct chances *c,
			 const struct search_options *o)
{
	uint64_t n = 0;

	search_begin(o);
	while (search_next()) {
		bool failed = play(one, two, c, search_strategy());

		n += search_ended() == SEARCH_COUNTS && failed;
	}
	return n;
}

static const struct chances nothing, one_timer = { .timers = 1 },
				     one_fault = { .faults = 1 }, two_of_each = { 2, 2 };

/* each strategy finds it with @c, and none without */
static void all_find(body_fn one, body_fn two, const struct chances *c)
{
	const struct search_options ways[] = {
		random_walk(.mask = MARKED, .executions = 2000),
		pct(.mask = MARKED, .executions = 2000, .depth = 3, .steps = 10),
		exhaustive(.mask = MARKED),
		/* a failure costs no preemption, the task that a timer starts does */
		bounded(c->timers ? 1 : 0, .mask = MARKED),
		pos(.mask = MARKED, .executions = 2000),
		surw(.mask = MARKED, .executions = 2000),
		delayed(3, .mask = MARKED),
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		assert_true(failures(one, two, c, &ways[i]) > 0);
		assert_true(failures(one, two, &two_of_each, &ways[i]) > 0);
		assert_int_equal(failures(one, two, &nothing, &ways[i]), 0);
	}
}

static void none_finds(body_fn one, body_fn two)
{
	const struct search_options ways[] = {
		random_walk(.mask = MARKED, .executions = 2000),
		pct(.mask = MARKED, .executions = 2000, .depth = 3, .steps = 10),
		exhaustive(.mask = MARKED),
		bounded(1, .mask = MARKED),
		pos(.mask = MARKED, .executions = 2000),
		surw(.mask = MARKED, .executions = 2000),
		delayed(3, .mask = MARKED),
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		assert_int_equal(failures(one, two, &two_of_each, &ways[i]), 0);
}

static void every_strategy_finds_what_needs_a_timer(void **state)
{
	(void)state;
	all_find(half_and_half, NULL, &one_timer);
	all_find(half_and_half, other_allocations, &one_timer);
}

static void a_cancelled_timer_does_no_harm(void **state)
{
	(void)state;
	none_finds(half_and_half_cancelled, NULL);
	none_finds(half_and_half_cancelled, other_allocations);
}

static void every_strategy_finds_what_needs_the_second_allocation_to_fail(void **state)
{
	(void)state;
	all_find(needs_second_allocation, NULL, &one_fault);
	all_find(needs_second_allocation, other_allocations, &one_fault);
}

static void a_failure_that_is_seen_does_no_harm(void **state)
{
	(void)state;
	none_finds(checks_both_allocations, NULL);
	none_finds(checks_both_allocations, other_allocations);
}

static void what_did_not_happen_is_not_told(void **state)
{
	char words[200];

	(void)state;
	play(needs_second_allocation, NULL, &two_of_each, NULL);
	assert_false(chances_taken());
	assert_false(chances_words(0, words, sizeof(words)));
}

static void without_them_the_trace_is_the_same(void **state)
{
	const struct search_options o = random_walk(.mask = MARKED, .executions = 50);
	uint64_t hash[50];

	(void)state;
	trace_enable(true, SCHED_MARKED);
	for (int again = 0; again < 2; again++) {
		search_begin(&o);
		for (unsigned int i = 0; search_next(); i++) {
			play(half_and_half, needs_second_allocation,
			     again ? &two_of_each : &nothing, search_strategy());
			search_ended();
			if (again)
				continue;
			hash[i] = trace_hash();
			play(half_and_half, needs_second_allocation, &nothing, NULL);
			assert_int_not_equal(trace_hash(), 0);
		}
	}
	search_begin(&o);
	for (unsigned int i = 0; search_next(); i++) {
		play(half_and_half, needs_second_allocation, &nothing, search_strategy());
		search_ended();
		assert_int_equal(trace_hash(), hash[i]);
	}
	trace_enable(false, 0);
}

/* ---- against brute force ---- */

#define TASKS	 3
#define OPS	 4
#define VARS	 2
#define OUTCOMES 16384
#define PATH	 128

enum op { LOAD, STORE, NAP, TIME, ALLOC, QUEUE, CANCEL, NR_OPS };

static struct {
	unsigned int tasks, nr[TASKS];
	struct {
		enum op op;
		unsigned int arg;
	} at[TASKS][OPS];
} program;

static unsigned int var[VARS];
static struct shim_work items[VARS];
static uint64_t seen[TASKS + VARS]; /* by each task, and by the items */

static void see(unsigned int by, uint64_t what)
{
	uint64_t h = seen[by] ^ (what + 0x9e37);

	seen[by] = prng_split(&h);
}

static void item_runs(struct shim_work *work)
{
	unsigned int i = (unsigned int)(work - items);

	see(TASKS + i, MARKED_LOAD(var[i]));
	MARKED_STORE(var[1 - i], 100 + i);
}

static void do_op(unsigned int me, enum op op, unsigned int arg, unsigned int nr)
{
	switch (op) {
	case LOAD:
		see(me, MARKED_LOAD(var[arg % VARS]));
		break;
	case STORE:
		MARKED_STORE(var[arg % VARS], 10 * me + nr + 1);
		break;
	case NAP:
		nap(1 + arg % 3);
		break;
	case TIME:
		sched_point(SCHED_ATOMIC, &seen[me], SCHED_SITE("time"));
		see(me, shim_jiffies());
		break;
	case ALLOC:
		see(me, shim_kmalloc(8, 0, SCHED_SITE("alloc")) != NULL);
		break;
	case QUEUE:
		see(me, (uint64_t)shim_work_queue(&items[arg % VARS], arg % 4,
						  SCHED_SITE("queue")));
		break;
	default:
		see(me,
		    (uint64_t)shim_work_cancel(&items[arg % VARS], SCHED_SITE("cancel")));
	}
}

static void body(void *arg)
{
	unsigned int me = number_of(arg);

	for (unsigned int i = 0; i < program.nr[me]; i++)
		do_op(me, program.at[me][i].op, program.at[me][i].arg, i);
}

static void write_program(struct prng *r)
{
	program.tasks = 2 + (prng_below(r, 4) == 0);
	for (unsigned int t = 0; t < program.tasks; t++) {
		program.nr[t] = 1 + prng_below(r, program.tasks == 2 ? 3 : 2);
		for (unsigned int i = 0; i < program.nr[t]; i++) {
			program.at[t][i].op = (enum op)prng_below(r, NR_OPS);
			program.at[t][i].arg = prng_below(r, 12);
		}
	}
}

static void print_program(void)
{
	static const char *const names[] = { "load",  "store", "nap",	"time",
					     "alloc", "queue", "cancel" };

	for (unsigned int t = 0; t < program.tasks; t++)
		for (unsigned int i = 0; i < program.nr[t]; i++)
			print_message("task %u: %s %u\n", t, names[program.at[t][i].op],
				      program.at[t][i].arg);
}

static void play_program(const struct chances *c, const struct sched_strategy *s)
{
	shim_reset(1);
	memset(seen, 0, sizeof(seen));
	memset(var, 0, sizeof(var));
	for (unsigned int i = 0; i < VARS; i++)
		shim_work_init(&items[i], item_runs);
	for (unsigned int t = 0; t < program.tasks; t++)
		shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, body,
			      (void *)(uintptr_t)t);
	chances_begin(c);
	sched_run(s);
	chances_end();
}

struct outcomes {
	unsigned int nr;
	uint64_t at[OUTCOMES];
};

static void add(struct outcomes *set)
{
	uint64_t h = 0;

	for (unsigned int i = 0; i < TASKS + VARS; i++) {
		h = h * 31 + seen[i];
		h = prng_split(&h);
	}
	for (unsigned int i = 0; i < VARS; i++) {
		h = h * 31 + var[i];
		h = prng_split(&h);
	}
	for (unsigned int i = 0; i < set->nr; i++)
		if (set->at[i] == h)
			return;
	assert_true(set->nr < OUTCOMES);
	set->at[set->nr++] = h;
}

static unsigned int missing(const struct outcomes *of, const struct outcomes *in)
{
	unsigned int n = 0, k;

	for (unsigned int i = 0; i < of->nr; i++) {
		for (k = 0; k < in->nr && in->at[k] != of->at[i]; k++)
			;
		n += k == in->nr;
	}
	return n;
}

static struct {
	unsigned int choice[PATH], count[PATH], depth, given, clocks, timers;
	int preemptions, bound;
	const struct sched_task *before; /* the task that ran before something happened */
	bool left;
} brute;

/* what can make a difference: no call but an allocation fails */
static unsigned int candidates(struct sched_task *const *runnable, unsigned int n,
			       struct sched_task **out)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < n; i++) {
		const char *name = runnable[i]->name;

		if (runnable[i]->environment && strcmp(name, "clock") != 0 &&
		    strcmp(name, "fault-alloc") != 0)
			continue;
		if (runnable[i]->environment && !runnable[i]->environment->useful)
			continue;
		if (!strcmp(name, "clock") && brute.clocks >= brute.timers && n > 1)
			continue;
		out[nr++] = runnable[i];
	}
	return nr;
}

static struct sched_task *brute_pick(void *ctx, struct sched_task *const *runnable,
				     unsigned int n, struct sched_task *last)
{
	struct sched_task *list[SCHED_MAX_TASKS], *to;
	const struct sched_task *before = last && last->environment ? brute.before : last;
	unsigned int i = brute.depth++;

	(void)ctx;
	assert_true(i < PATH);
	n = candidates(runnable, n, list);
	if (brute.left) {
		sched_stop();
		return list[0];
	}
	if (i >= brute.given) {
		brute.choice[i] = 0;
		brute.count[i] = n;
	}
	to = list[brute.choice[i]];
	if (!strcmp(to->name, "clock"))
		brute.clocks++;
	if (to->environment) {
		brute.before = before;
		return to;
	}
	brute.preemptions += before && before != to && before->state == SCHED_RUNNABLE;
	if (brute.bound >= 0 && brute.preemptions > brute.bound) {
		brute.left = true;
		sched_stop();
	}
	return to;
}

static bool brute_next(void)
{
	while (brute.depth) {
		if (++brute.choice[brute.depth - 1] < brute.count[brute.depth - 1]) {
			brute.given = brute.depth;
			return true;
		}
		brute.depth--;
	}
	return false;
}

/* Return: executions */
static unsigned long by_brute_force(struct outcomes *set, const struct chances *c,
				    int bound)
{
	const struct sched_strategy s = { .pick = brute_pick, .mask = MARKED };
	unsigned long n = 0;

	memset(&brute, 0, sizeof(brute));
	brute.timers = c->timers;
	brute.bound = bound;
	set->nr = 0;
	do {
		if (++n > 300000)
			return 0;
		brute.depth = brute.clocks = 0;
		brute.preemptions = 0;
		brute.before = NULL;
		brute.left = false;
		play_program(c, &s);
		if (!brute.left)
			add(set);
	} while (brute_next());
	return n;
}

static void by_search(struct outcomes *set, const struct chances *c, int bound)
{
	const struct search_options o = bounded(bound, .mask = MARKED);

	set->nr = 0;
	search_begin(&o);
	while (search_next()) {
		play_program(c, search_strategy());
		if (search_ended() == SEARCH_COUNTS)
			add(set);
	}
	assert_true(search_tally()->complete);
}

static void compare(unsigned int programs, int bound, uint64_t seed)
{
	static struct outcomes brutes, searched;
	unsigned long executions = 0, searches = 0, bad = 0, skipped = 0;
	struct prng r;

	prng_seed(&r, seed, 0);
	for (unsigned int i = 0; i < programs; i++) {
		const struct chances c = { prng_below(&r, 3), prng_below(&r, 3) };
		unsigned long n;

		write_program(&r);
		n = by_brute_force(&brutes, &c, bound);
		skipped += !n;
		if (!n)
			continue;
		executions += n;
		by_search(&searched, &c, bound);
		searches += search_tally()->executions;
		if (!missing(&brutes, &searched) &&
		    (bound != SEARCH_NO_BOUND || !missing(&searched, &brutes)))
			continue;
		if (!bad++) {
			print_message("program %u, %u timers, %u faults: %u outcomes, %u "
				      "found, %u missing, %u too many\n",
				      i, c.timers, c.faults, brutes.nr, searched.nr,
				      missing(&brutes, &searched),
				      missing(&searched, &brutes));
			print_program();
		}
	}
	print_message("%u programs, %lu left out, %lu executions by brute force, %lu by "
		      "search, %lu differ\n",
		      programs, skipped, executions, searches, bad);
	assert_int_equal(bad, 0);
}

static unsigned int programs(void)
{
	const char *many = getenv("CHANCE_PROGRAMS");

	return many ? (unsigned int)strtoul(many, NULL, 10) : 40;
}

static void the_search_has_the_outcomes_of_brute_force(void **state)
{
	(void)state;
	compare(programs(), SEARCH_NO_BOUND, 1);
}

static void within_a_bound_it_has_all_of_them(void **state)
{
	(void)state;
	compare(programs(), 0, 2);
	compare(programs(), 1, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_strategy_finds_what_needs_a_timer),
		cmocka_unit_test(a_cancelled_timer_does_no_harm),
		cmocka_unit_test(
			every_strategy_finds_what_needs_the_second_allocation_to_fail),
		cmocka_unit_test(a_failure_that_is_seen_does_no_harm),
		cmocka_unit_test(what_did_not_happen_is_not_told),
		cmocka_unit_test(without_them_the_trace_is_the_same),
		cmocka_unit_test(the_search_has_the_outcomes_of_brute_force),
		cmocka_unit_test(within_a_bound_it_has_all_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
