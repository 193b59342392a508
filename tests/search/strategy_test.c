// SPDX-License-Identifier: GPL-2.0-only
/*
 * The strategies: the same seed gives the same executions, whichever were made
 * before; each execution can be followed switch by switch, and its trace is the
 * same; PCT finds bugs of known depth as often as it promises.
 */
#include "search_tests.h"

#include <sys/wait.h>
#include <unistd.h>

#include "search/replay.h"

#define PADDING 6

/* ---- programs whose bug has a known depth ---- */

static unsigned int pad, first, second;
static bool hit;

static void padding(void)
{
	for (int i = 0; i < PADDING; i++)
		MARKED_STORE(pad, 1);
}

/* @first is 1 for one step only */
static void opens_a_window(void *arg)
{
	(void)arg;
	padding();
	MARKED_STORE(first, 1);
	MARKED_STORE(first, 0);
	padding();
}

static void looks_into_the_window(void *arg)
{
	(void)arg;
	padding();
	if (MARKED_LOAD(first))
		hit = true;
}

/* opens a second window if it found the first one open */
static void passes_it_on(void *arg)
{
	(void)arg;
	padding();
	if (!MARKED_LOAD(first))
		return;
	MARKED_STORE(second, 1);
	MARKED_STORE(second, 0);
}

static void looks_into_the_second(void *arg)
{
	(void)arg;
	if (MARKED_LOAD(second))
		hit = true;
}

typedef void (*body_fn)(void *arg);

static void start(const body_fn *bodies)
{
	shim_reset(1);
	pad = first = second = 0;
	hit = false;
	for (; *bodies; bodies++)
		shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, *bodies, NULL);
}

static uint64_t steps_of(const body_fn *bodies)
{
	const struct replay_plan plan = { .mask = MARKED };

	replay_begin(&plan);
	start(bodies);
	sched_run(replay_strategy());
	return replay_switches()->choices;
}

static uint64_t hits(const body_fn *bodies, const struct search_options *o)
{
	uint64_t n = 0;

	search_begin(o);
	while (search_next()) {
		start(bodies);
		sched_run(search_strategy());
		search_ended();
		n += hit;
	}
	return n;
}

/*
 * At least one in n k^(d - 1), but for what dice do: three standard deviations. The
 * bug of depth 2 is as rare as the promise allows.
 */
static void keeps_its_promise(const body_fn *bodies, unsigned int depth,
			      uint64_t executions)
{
	uint64_t k = steps_of(bodies), one_in = 0, found;
	double promised, lacks;

	while (bodies[one_in])
		one_in++;
	for (unsigned int i = 1; i < depth; i++)
		one_in *= k;
	const struct search_options o = pct(.mask = MARKED, .depth = depth, .steps = k,
					    .executions = executions, .seed = 3);

	found = hits(bodies, &o);
	promised = (double)executions / (double)one_in;
	lacks = promised - (double)found;
	print_message("depth %u: %lu of %lu executions, promised %.1f\n", depth,
		      (unsigned long)found, (unsigned long)executions, promised);
	assert_true(lacks <= 0 || lacks * lacks <= 9 * promised);
}

static void pct_finds_a_bug_of_depth_2_as_often_as_it_promises(void **state)
{
	static const body_fn bodies[] = { opens_a_window, looks_into_the_window, NULL };

	(void)state;
	keeps_its_promise(bodies, 2, 20000);
}

static void pct_finds_a_bug_of_depth_3_as_often_as_it_promises(void **state)
{
	static const body_fn bodies[] = { opens_a_window, passes_it_on,
					  looks_into_the_second, NULL };

	(void)state;
	keeps_its_promise(bodies, 3, 100000);
}

static void looks_once(void *arg)
{
	(void)arg;
	hit = !MARKED_LOAD(pad);
}

static void pads_once(void *arg)
{
	(void)arg;
	MARKED_STORE(pad, 1);
}

static void pct_finds_a_bug_of_depth_1_as_often_as_it_promises(void **state)
{
	static const body_fn bodies[] = { pads_once, looks_once, NULL };

	(void)state;
	keeps_its_promise(bodies, 1, 1000);
}

/* ---- determinism ---- */

struct memory {
	uint64_t hash[256];
	unsigned int nr;
};

static void remember_traces(const char *model, const struct search_options *o,
			    struct memory *m)
{
	struct model model_;

	assert_true(model_find(model, &model_));
	m->nr = 0;
	trace_enable(true, SCHED_MARKED);
	search_begin(o);
	while (search_next() && m->nr < 256) {
		play_model(&model_);
		m->hash[m->nr++] = trace_hash();
	}
	trace_enable(false, 0);
}

static void the_same_seed_gives_the_same_executions(void **state)
{
	static struct memory once, again, other;
	const enum search_kind kinds[] = { SEARCH_RANDOM, SEARCH_PCT };

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		struct search_options o =
			options_of(kinds[i], SEARCH_NO_BOUND, .mask = MARKED, .seed = 11,
				   .executions = 100, .depth = 3, .steps = 14);

		remember_traces("ring-3", &o, &once);
		remember_traces("ring-3", &o, &again);
		o.seed = 12;
		remember_traces("ring-3", &o, &other);
		assert_int_equal(once.nr, 100);
		assert_memory_equal(once.hash, again.hash,
				    sizeof(once.hash[0]) * once.nr);
		assert_memory_not_equal(once.hash, other.hash,
					sizeof(once.hash[0]) * once.nr);
	}
}

static void shards_make_the_executions_of_the_whole(void **state)
{
	static struct memory whole, part;

	(void)state;
	const struct search_options o = random_walk(.mask = MARKED, .executions = 90);

	remember_traces("ring-3", &o, &whole);
	for (unsigned int shard = 0; shard < 3; shard++) {
		const struct search_options third =
			random_walk(.mask = MARKED, .executions = 90, .shard = shard,
				    .shards = 3);

		remember_traces("ring-3", &third, &part);
		assert_int_equal(part.nr, 30);
		for (unsigned int i = 0; i < 30; i++)
			assert_true(part.hash[i] == whole.hash[3 * i + shard]);
	}
}

/* ---- following ---- */

static struct task_switch copy[SWITCHES_MAX];

static struct switch_note notes_made[SWITCHES_MAX];

static uint64_t follow(const struct model *m, unsigned int nr, bool by_place,
		       uint64_t *choices)
{
	const struct replay_plan plan = {
		.list = copy,
		.notes = by_place ? notes_made : NULL,
		.nr = nr,
		.mask = MARKED,
	};

	replay_begin(&plan);
	if (!by_place)
		replay_notes(notes_made);
	model_open(m);
	sched_run(replay_strategy());
	if (!sched_stopped())
		model_check(m);
	*choices = replay_switches()->choices;
	assert_null(replay_divergence());
	assert_int_equal(replay_switches()->nr, nr);
	return trace_hash();
}

static void every_execution_can_be_followed(const char *name,
					    const struct search_options *o)
{
	struct model m;

	assert_true(model_find(name, &m));
	trace_enable(true, SCHED_MARKED);
	search_begin(o);
	while (search_next()) {
		uint64_t hash, choices;
		const struct switches *s;

		if (!play_model(&m))
			continue;
		hash = trace_hash();
		s = search_switches();
		assert_false(s->lost);
		memcpy(copy, s->list, s->nr * sizeof(copy[0]));
		assert_true(follow(&m, s->nr, false, &choices) == hash);
		assert_int_equal(choices, s->choices);
		assert_null(replay_moved());
		/* numbers are as if steps had been taken away: places are what counts */
		for (unsigned int i = 0; i < s->nr; i++)
			copy[i].at += 7;
		assert_true(follow(&m, s->nr, true, &choices) == hash);
		assert_int_equal(replay_moved() != NULL, s->nr > 0);
	}
	trace_enable(false, 0);
}

static void every_schedule_gives_the_same_trace_twice(void **state)
{
	static const char *const names[] = { "ring-2", "qrace-3", "deadlock-3",
					     "lost-wakeup", "lost-update-3" };
	const struct search_options all = exhaustive(.mask = MARKED, .executions = 200);
	const struct search_options dice = random_walk(.mask = MARKED, .executions = 200);
	const struct search_options p =
		pct(.mask = MARKED, .executions = 200, .depth = 3, .steps = 20);
	const struct search_options steps = pos(.mask = MARKED, .executions = 200);
	const struct search_options weights = surw(.mask = MARKED, .executions = 200);
	const struct search_options late = delayed(2, .mask = MARKED, .executions = 200);

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		every_execution_can_be_followed(names[i], &all);
		every_execution_can_be_followed(names[i], &dice);
		every_execution_can_be_followed(names[i], &p);
		every_execution_can_be_followed(names[i], &steps);
		every_execution_can_be_followed(names[i], &weights);
		every_execution_can_be_followed(names[i], &late);
	}
}

static void a_replay_says_where_it_diverges_and_goes_on(void **state)
{
	static const struct task_switch list[] = {
		{ .from = SWITCH_START, .to = 1, .at = 0 },
		{ .from = 1, .to = 7, .at = 1 }
	};
	static const struct switch_note notes[] = {
		{ .from = "-", .to = "task-2" },
		{ .from = "task-2",
		  .to = "task-8",
		  .place = "before lock x in y (z.c:1)" },
	};
	const struct replay_plan plan = {
		.list = list, .notes = notes, .nr = 2, .mask = MARKED
	};
	struct model m;

	(void)state;
	assert_true(model_find("ring-2", &m));
	replay_begin(&plan);
	model_open(&m);
	assert_int_equal(sched_run(replay_strategy()), SCHED_ENDED);
	assert_string_equal(
		replay_divergence(),
		"switch 2 of 2, from task-2 to task-8 before lock x in y (z.c:1): "
		"that task does not exist yet");
}

/* ---- mistakes and their twins ---- */

static void each_mistake_is_found_and_no_twin_is_flagged(void **state)
{
	static const char *const wrong[] = { "lost-update-2", "deadlock-2",
					     "lost-wakeup" };
	static const char *const right[] = { "lost-update-fixed-3", "deadlock-fixed-3",
					     "lost-wakeup-fixed" };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		for (unsigned int mask = 0; mask < 2; mask++) {
			const struct search_options all =
				exhaustive(.mask = mask ? MARKED : SYNC);
			const struct search_options dice =
				random_walk(.mask = mask ? MARKED : SYNC,
					    .executions = 2000);
			const struct search_options p =
				pct(.mask = mask ? MARKED : SYNC, .executions = 2000,
				    .depth = 2, .steps = 12);
			const struct search_options steps =
				pos(.mask = mask ? MARKED : SYNC, .executions = 2000);
			const struct search_options weights =
				surw(.mask = mask ? MARKED : SYNC, .executions = 2000);
			const struct search_options late =
				delayed(2, .mask = mask ? MARKED : SYNC);

			assert_true(search_model(wrong[i], &all) > 0);
			assert_true(search_tally()->complete);
			assert_true(search_model(wrong[i], &dice) > 0);
			assert_true(search_model(wrong[i], &p) > 0);
			assert_int_equal(search_model(right[i], &all), 0);
			assert_int_equal(search_model(right[i], &dice), 0);
			assert_int_equal(search_model(right[i], &p), 0);
			assert_true(search_model(wrong[i], &steps) > 0);
			assert_true(search_model(wrong[i], &weights) > 0);
			assert_true(search_model(wrong[i], &late) > 0);
			assert_int_equal(search_model(right[i], &steps), 0);
			assert_int_equal(search_model(right[i], &weights), 0);
			assert_int_equal(search_model(right[i], &late), 0);
			assert_true(search_tally()->complete);
		}
	}
}

static void a_bound_says_that_it_cut(void **state)
{
	const struct search_options none = bounded(0, .mask = SYNC);
	const struct search_options one = bounded(1, .mask = SYNC);
	const struct search_options many = bounded(100, .mask = SYNC);

	(void)state;
	assert_int_equal(search_model("deadlock-2", &none), 0);
	assert_true(search_tally()->cut_preemptions);
	assert_true(search_tally()->complete);
	assert_true(search_model("deadlock-2", &one) > 0);
	assert_true(search_model("deadlock-2", &many) > 0);
	assert_false(search_tally()->cut_preemptions);
	assert_true(search_tally()->complete);
}

static void changes(unsigned int *object)
{
	sched_point(SCHED_ATOMIC, object, SCHED_SITE("object"));
	sched_touch(object, true);
}

static void changes_first(void *arg)
{
	(void)arg;
	changes(&first);
}

static void changes_second(void *arg)
{
	(void)arg;
	changes(&second);
}

static void changes_both(void *arg)
{
	changes_first(arg);
	changes_second(arg);
}

static const body_fn independent[] = { changes_first, changes_second, NULL };
static const body_fn dependent[] = { changes_first, changes_first, NULL };

static void changes_the_second_first(void *arg)
{
	for (int i = 0; i < 12; i++)
		changes_second(arg);
	changes_first(arg);
	changes_first(arg);
}

/* what nobody asked for was not cut off, at whichever step it would have been */
static void a_bound_that_leaves_out_no_order_says_so(void **state)
{
	static const body_fn late[] = { changes_the_second_first, changes_first, NULL };
	const struct search_options none = bounded(0, .mask = MARKED);

	(void)state;
	hits(independent, &none);
	assert_true(search_tally()->complete);
	assert_false(search_tally()->cut_preemptions);
	/* between the last two changes, behind the first eight steps */
	hits(late, &none);
	assert_true(search_tally()->cut_preemptions);
}

/* number of executions, each followed by a task that changes all they changed */
static uint64_t followed(const body_fn *bodies)
{
	const struct search_options o = exhaustive(.mask = MARKED);

	search_begin(&o);
	while (search_next()) {
		start(bodies);
		sched_run(search_strategy());
		shim_task_new("closes", 0, NULL, SHIM_PF_KTHREAD, changes_both, NULL);
		sched_run(NULL);
		search_ended();
	}
	return search_tally()->executions + search_tally()->redundant;
}

static void what_follows_an_execution_is_no_part_of_it(void **state)
{
	(void)state;
	assert_int_equal(followed(independent), 1);
	assert_int_equal(followed(dependent), 2);
}

/* ---- yielding ---- */

static void opens_and_yields(void *arg)
{
	(void)arg;
	MARKED_STORE(first, 1);
	sched_yield();
	MARKED_STORE(first, 0);
}

static void looks(void *arg)
{
	(void)arg;
	if (MARKED_LOAD(first))
		hit = true;
}

/* a task that yields stops by itself: to leave it there is no preemption */
static void a_yield_is_no_preemption(void **state)
{
	static const body_fn bodies[] = { opens_and_yields, looks, NULL };
	static const body_fn without[] = { opens_a_window, looks, NULL };
	const struct search_options none = bounded(0, .mask = MARKED);
	const struct search_options one = bounded(1, .mask = MARKED);

	(void)state;
	assert_true(hits(bodies, &none) > 0);
	assert_int_equal(hits(without, &none), 0);
	assert_true(search_tally()->cut_preemptions);
	assert_true(hits(without, &one) > 0);
}

static unsigned int spun;

static void spins_until_it_is_told(void *arg)
{
	(void)arg;
	for (spun = 0; !MARKED_LOAD(first) && spun < 50; spun++)
		sched_yield();
	hit = spun == 50;
}

static void says_so(void *arg)
{
	(void)arg;
	MARKED_STORE(first, 1);
}

/* of the highest priority it would be chosen for ever */
static void pct_lets_others_run_when_a_task_yields(void **state)
{
	static const body_fn bodies[] = { spins_until_it_is_told, says_so, NULL };
	static const body_fn others[] = { says_so, spins_until_it_is_told, NULL };

	(void)state;
	for (unsigned int depth = 1; depth < 4; depth++) {
		const struct search_options o = pct(.mask = MARKED, .depth = depth,
						    .steps = 10, .executions = 200);

		assert_int_equal(hits(bodies, &o), 0);
		assert_int_equal(hits(others, &o), 0);
	}
}

/* ---- what is counted ---- */

static void a_tally_has_all_steps_and_the_longest_execution(void **state)
{
	static const body_fn bodies[] = { opens_a_window, passes_it_on, NULL };
	const struct search_options kinds[] = {
		random_walk(.mask = MARKED, .executions = 40, .seed = 2),
		pct(.mask = MARKED, .executions = 40, .depth = 3, .steps = 20),
		exhaustive(.mask = MARKED, .executions = 40),
	};

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		uint64_t steps = 0, depth = 0, n = 0, cut = 0;

		search_begin(&kinds[i]);
		assert_int_equal(search_tally()->executions, 0);
		assert_int_equal(search_tally()->steps, 0);
		while (search_next()) {
			assert_int_equal(search_switches()->choices, 0);
			assert_int_equal(search_switches()->nr, 0);
			start(bodies);
			sched_run(search_strategy());
			assert_int_equal(search_index(), n + cut);
			if (search_ended() == SEARCH_COUNTS)
				n++;
			else
				cut++;
			steps += search_switches()->choices;
			if (search_switches()->choices > depth)
				depth = search_switches()->choices;
			assert_int_equal(search_tally()->executions, n);
			assert_int_equal(search_tally()->redundant, cut);
			assert_int_equal(search_tally()->steps, steps);
			assert_int_equal(search_tally()->depth, depth);
		}
		assert_int_equal(n, 40);
		assert_false(search_tally()->complete);
	}
}

static void a_strategy_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(search_kind_name(SEARCH_RANDOM), "random");
	assert_string_equal(search_kind_name(SEARCH_PCT), "pct");
	assert_string_equal(search_kind_name(SEARCH_POS), "pos");
	assert_string_equal(search_kind_name(SEARCH_SURW), "surw");
	assert_string_equal(search_kind_name(SEARCH_EXHAUSTIVE), "exhaustive");
	assert_string_equal(search_kind_name(SEARCH_DELAY), "delay");
	for (int kind = 0; kind < SEARCH_NR_KINDS; kind++)
		assert_int_equal(search_kind_of(search_kind_name((enum search_kind)kind)),
				 kind);
	assert_int_equal(search_kind_of("rando"), SEARCH_NR_KINDS);
	assert_int_equal(search_kind_of(""), SEARCH_NR_KINDS);
}

static uint64_t executions_of(const struct search_options *o)
{
	search_model("ring-3", o);
	return search_tally()->executions;
}

/* the first ones make one more if it does not come out even */
static void shards_share_the_number_of_executions(void **state)
{
	static const unsigned int expected[] = { 4, 3, 3 };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		const struct search_options all =
			exhaustive(.mask = MARKED, .executions = 10, .shard = i,
				   .shards = 3);
		const struct search_options dice =
			random_walk(.mask = MARKED, .executions = 10, .shard = i,
				    .shards = 3);
		const struct search_options p =
			pct(.mask = MARKED, .executions = 10, .shard = i, .shards = 3);

		assert_int_equal(executions_of(&all), expected[i]);
		assert_false(search_tally()->complete);
		assert_int_equal(executions_of(&dice), expected[i]);
		assert_int_equal(executions_of(&p), expected[i]);
	}
}

/* what is left out means one: of the bugs' depth, of shards */
static void options_that_are_left_out_have_their_usual_value(void **state)
{
	const struct search_options none = { .kind = SEARCH_PCT,
					     .mask = MARKED,
					     .executions = 5 };
	const struct search_options one =
		pct(.mask = MARKED, .executions = 5, .depth = 1, .steps = 1, .shards = 1);
	uint64_t hashes[5];
	unsigned int n = 0;
	struct model m;

	(void)state;
	assert_true(model_find("ring-3", &m));
	trace_enable(true, SCHED_MARKED);
	search_begin(&one);
	while (search_next()) {
		play_model(&m);
		hashes[n++] = trace_hash();
	}
	search_begin(&none);
	for (n = 0; search_next(); n++) {
		play_model(&m);
		assert_true(trace_hash() == hashes[n]);
	}
	trace_enable(false, 0);
	assert_int_equal(n, 5);
}

/* more changes of priority than are kept: as many as are */
static void pct_takes_a_depth_of_any_size(void **state)
{
	const struct search_options deep =
		pct(.mask = MARKED, .executions = 50, .depth = 1000, .steps = 0);

	(void)state;
	assert_int_equal(search_model("ring-3", &deep), 0);
	assert_int_equal(search_tally()->executions, 50);
}

/* ---- executions that are not the same ---- */

static unsigned int times;

static void differs_each_time(void *arg)
{
	(void)arg;
	if (times++ < 1)
		MARKED_STORE(first, 1);
	else
		sched_block(&first, "for ever", SCHED_SITE("first"));
}

/* what is still allocated in a child that ends is not looked at */
static void at_once(int status, void *arg)
{
	(void)arg;
	_exit(status);
}

static void a_subject_that_is_not_deterministic_ends_the_program(void **state)
{
	static const body_fn bodies[] = { differs_each_time, says_so, says_so, NULL };
	const struct search_options all = exhaustive(.mask = MARKED);
	int status;
	pid_t pid;

	(void)state;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		close(STDERR_FILENO); /* it says so */
		on_exit(at_once, NULL);
		times = 0;
		hits(bodies, &all);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
}

/* of the same path: nothing that a search within a bound left there counts */
static void a_search_does_not_depend_on_the_one_before(void **state)
{
	static const char *const names[] = { "ring-2", "qrace-3", "lost-update-3" };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		const struct search_options all = exhaustive(.mask = MARKED);
		uint64_t failed, executions;

		failed = search_model(names[i], &all);
		executions = search_tally()->executions;
		assert_true(executions > 1);
		for (int bound = 0; bound < 4; bound++) {
			const struct search_options o = bounded(bound, .mask = MARKED);
			uint64_t before, within;

			before = search_model(names[i], &o);
			within = search_tally()->executions;
			assert_int_equal(search_model(names[i], &all), failed);
			assert_int_equal(search_tally()->executions, executions);
			assert_true(search_tally()->complete);
			assert_int_equal(search_model(names[i], &o), before);
			assert_int_equal(search_tally()->executions, within);
		}
	}
}

/* not the steps at which an earlier search changed priorities, either */
static void pct_of_depth_one_changes_no_priority(void **state)
{
	static const body_fn bodies[] = { opens_a_window, looks_into_the_window, NULL };
	const struct search_options one =
		pct(.mask = MARKED, .depth = 1, .steps = 20, .executions = 200);
	const struct search_options four =
		pct(.mask = MARKED, .depth = 4, .steps = 20, .executions = 200);

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		/* a task is left in its window only if something changes in between */
		assert_int_equal(hits(bodies, &one), 0);
		assert_true(hits(bodies, &four) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pct_finds_a_bug_of_depth_1_as_often_as_it_promises),
		cmocka_unit_test(pct_finds_a_bug_of_depth_2_as_often_as_it_promises),
		cmocka_unit_test(pct_finds_a_bug_of_depth_3_as_often_as_it_promises),
		cmocka_unit_test(the_same_seed_gives_the_same_executions),
		cmocka_unit_test(shards_make_the_executions_of_the_whole),
		cmocka_unit_test(every_schedule_gives_the_same_trace_twice),
		cmocka_unit_test(a_replay_says_where_it_diverges_and_goes_on),
		cmocka_unit_test(each_mistake_is_found_and_no_twin_is_flagged),
		cmocka_unit_test(a_bound_says_that_it_cut),
		cmocka_unit_test(a_bound_that_leaves_out_no_order_says_so),
		cmocka_unit_test(what_follows_an_execution_is_no_part_of_it),
		cmocka_unit_test(a_yield_is_no_preemption),
		cmocka_unit_test(pct_lets_others_run_when_a_task_yields),
		cmocka_unit_test(a_tally_has_all_steps_and_the_longest_execution),
		cmocka_unit_test(a_strategy_has_a_name),
		cmocka_unit_test(shards_share_the_number_of_executions),
		cmocka_unit_test(options_that_are_left_out_have_their_usual_value),
		cmocka_unit_test(pct_takes_a_depth_of_any_size),
		cmocka_unit_test(a_subject_that_is_not_deterministic_ends_the_program),
		cmocka_unit_test(a_search_does_not_depend_on_the_one_before),
		cmocka_unit_test(pct_of_depth_one_changes_no_priority),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
