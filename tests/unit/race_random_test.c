// SPDX-License-Identifier: GPL-2.0-only
/*
 * The race detector beside a reference on random programs: the reference keeps every
 * access and whole vector clocks, compares each with all, and forgets nothing. Both have
 * to find the first race of a program at the same access, or none.
 */
#include "unit/unit.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "detect/race.h"
#include "detect/race_few.h"
#include "sched/prng.h"

#define TASKS	 6
#define OPS	 48
#define OBJECTS	 3
#define BYTES_NR 64u
#define PROGRAMS 30000u

enum kind {
	ACCESS,
	FREED,
	FRESH,
	ACQUIRE,
	RELEASE,
	STORE_RELEASE,
	MARKED_READ,
	MARKED_WRITE,
	FENCE_ACQUIRE,
	FENCE_RELEASE,
	ATOMIC,
	TASK_ORDER,
	NR_KINDS
};

struct op {
	enum kind kind;
	unsigned int task, object, other;
	unsigned int from, len; /* bytes */
	unsigned int shorter;	/* than that: objects need not end with a word */
	bool write, marked, by_hook;
	enum race_order order;
};

static struct {
	_Alignas(64) unsigned char bytes[BYTES_NR];
} m;
static unsigned long objects[OBJECTS];
static struct op ops[OPS];
static unsigned int at;
static bool found;

/* ---- the reference ---- */

struct clock {
	uint32_t of[TASKS];
};

static struct {
	struct clock now[TASKS], pending[TASKS], fenced[TASKS], object[OBJECTS];
	bool has_fence[TASKS];
	struct {
		bool there;
		uint32_t tick;
	} access[OPS];
	uint64_t gone[OPS]; /* bytes of an access that were forgotten since */
} ref;

static void ref_reset(void)
{
	memset(&ref, 0, sizeof(ref));
	for (unsigned int t = 0; t < TASKS; t++)
		ref.now[t].of[t] = 1;
}

static void ref_join(struct clock *to, const struct clock *from)
{
	for (unsigned int t = 0; t < TASKS; t++)
		if (to->of[t] < from->of[t])
			to->of[t] = from->of[t];
}

static void ref_release(unsigned int me, unsigned int object)
{
	ref_join(&ref.object[object], &ref.now[me]);
	ref.now[me].of[me]++;
}

static void ref_fence_release(unsigned int me)
{
	ref.fenced[me] = ref.now[me];
	ref.has_fence[me] = true;
	ref.now[me].of[me]++;
}

static void ref_atomic(const struct op *op)
{
	unsigned int me = op->task;
	struct clock *object = &ref.object[op->object];
	bool acquires = op->order == RACE_ACQUIRE || op->order == RACE_FULL;

	if (op->order == RACE_FULL)
		ref_join(&ref.now[me], &ref.pending[me]);
	ref_join(acquires ? &ref.now[me] : &ref.pending[me], object);
	if (op->order == RACE_FULL) {
		ref_join(object, &ref.now[me]);
		ref_fence_release(me);
	} else if (op->order == RACE_RELEASE) {
		ref_release(me, op->object);
	} else if (ref.has_fence[me]) {
		ref_join(object, &ref.fenced[me]);
	}
}

static uint64_t bytes_of(const struct op *op)
{
	return (op->len == 64 ? ~0ull : (1ull << op->len) - 1) << op->from;
}

static bool writes(const struct op *op)
{
	return op->kind == FREED || op->write;
}

static bool is_plain(const struct op *op)
{
	return op->kind == FREED || !op->marked;
}

/* whether access number @i, of the past, races with number @now */
static bool ref_races(unsigned int i, unsigned int now)
{
	const struct op *a = &ops[i], *b = &ops[now];

	return ref.access[i].there && a->task != b->task &&
	       (bytes_of(a) & ~ref.gone[i] & bytes_of(b)) && (writes(a) || writes(b)) &&
	       (is_plain(a) || is_plain(b)) &&
	       ref.access[i].tick > ref.now[b->task].of[a->task];
}

static bool ref_access(unsigned int now)
{
	bool race = false;

	for (unsigned int i = 0; i < now; i++)
		race |= ref_races(i, now);
	ref.access[now].there = true;
	ref.access[now].tick = ref.now[ops[now].task].of[ops[now].task];
	return race;
}

static void ref_forget(unsigned int now)
{
	for (unsigned int i = 0; i <= now; i++)
		ref.gone[i] |= bytes_of(&ops[now]);
}

static void ref_order(const struct op *op)
{
	unsigned int me = op->task;
	struct clock *object = &ref.object[op->object];

	switch (op->kind) {
	case ACQUIRE:
		ref_join(&ref.now[me], object);
		break;
	case RELEASE:
		ref_release(me, op->object);
		break;
	case STORE_RELEASE:
		*object = ref.now[me];
		ref.now[me].of[me]++;
		break;
	case MARKED_READ:
		ref_join(&ref.pending[me], object);
		break;
	case MARKED_WRITE:
		*object = ref.has_fence[me] ? ref.fenced[me] : (struct clock){ { 0 } };
		break;
	case FENCE_ACQUIRE:
		ref_join(&ref.now[me], &ref.pending[me]);
		break;
	case FENCE_RELEASE:
		ref_fence_release(me);
		break;
	case ATOMIC:
		ref_atomic(op);
		break;
	case TASK_ORDER:
		if (op->other == me)
			break;
		ref_join(&ref.now[op->other], &ref.now[me]);
		ref.now[me].of[me]++;
		break;
	default:
		break;
	}
}

/* Return: whether number @now is a race */
static bool ref_do(unsigned int now)
{
	if ((ops[now].kind == ACCESS || ops[now].kind == FREED) && ref_access(now))
		return true;
	if (ops[now].kind == FREED || ops[now].kind == FRESH)
		ref_forget(now);
	ref_order(&ops[now]);
	return false;
}

/* ---- the detector ---- */

/* a place of its own for each access, so that each pair is told */
static struct sched_site spot[OPS];

static void make_places(void)
{
	for (unsigned int i = 0; i < OPS; i++)
		spot[i] = (struct sched_site){ .file = "s.c",
					       .func = "f",
					       .line = (int)i + 1 };
}

static race_place spot_of(unsigned int now)
{
	return race_place_of(NULL, &spot[now]);
}

/* as a hook does: the length and how it is are constants there */
static void access_by_hook(const struct op *op, unsigned int now)
{
	const void *p = m.bytes + op->from;
	const struct race_range *part = race_part_of((uintptr_t)p);
	race_place place = spot_of(now);
	unsigned int how =
		(op->write ? RACE_HOW_WRITE : 0) | (op->marked ? 0 : RACE_HOW_PLAIN);

	if ((uintptr_t)p - part->base >= part->len)
		race_any((uintptr_t)p, op->len, how, place);
	else
		race_few(part, p, op->len, how, place);
}

static void do_access(const struct op *op, unsigned int now)
{
	if (op->by_hook)
		access_by_hook(op, now);
	else
		race_access(m.bytes + op->from, op->len, op->write, op->marked, NULL,
			    &spot[now]);
}

static void do_op(unsigned int now)
{
	const struct op *op = &ops[now];
	const void *object = &objects[op->object];

	switch (op->kind) {
	case ACCESS:
		do_access(op, now);
		break;
	case FREED:
		race_freed(m.bytes + op->from, op->len - op->shorter, SCHED_SITE("m"));
		break;
	case FRESH:
		race_fresh(m.bytes + op->from, op->len - op->shorter);
		break;
	case ACQUIRE:
		race_acquire(object);
		break;
	case RELEASE:
		race_release(object);
		break;
	case STORE_RELEASE:
		race_store_release(object);
		break;
	case MARKED_READ:
		race_marked_read(object);
		break;
	case MARKED_WRITE:
		race_marked_write(object);
		break;
	case FENCE_ACQUIRE:
		race_fence_acquire();
		break;
	case FENCE_RELEASE:
		race_fence_release();
		break;
	case ATOMIC:
		race_atomic(object, op->order);
		break;
	case TASK_ORDER:
		race_task(sched_task_nr(op->other));
		break;
	case NR_KINDS:
		break;
	}
}

static void runs(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;

	while (at < OPS && !found) {
		if (ops[at].task != me) {
			sched_yield();
			continue;
		}
		do_op(at++);
		found = report_count() != 0;
	}
}

/* the tasks take the turns that the program says */
static struct sched_task *whose_turn(void *ctx, struct sched_task *const *runnable,
				     unsigned int n, struct sched_task *last)
{
	(void)ctx;
	(void)last;
	for (unsigned int i = 0; i < n && at < OPS; i++)
		if (runnable[i]->id == ops[at].task)
			return runnable[i];
	return runnable[0];
}

/* ---- programs ---- */

/* half of the accesses are of a word or a part of one, others of any length */
static void make_bytes(struct op *op, struct prng *r, unsigned int room)
{
	op->by_hook = false;
	if (prng_below(r, 4)) {
		op->len = 1u << prng_below(r, 4);
		op->from = prng_below(r, room / op->len) * op->len;
		op->by_hook = op->kind == ACCESS && prng_below(r, 2);
	} else {
		op->len = 1 + prng_below(r, room);
		op->from = prng_below(r, room - op->len + 1);
	}
	op->shorter = 0;
	if (op->kind != ACCESS) { /* memory comes and goes by words */
		op->shorter = prng_below(r, 4);
		op->len = (op->from % 4 + op->len + 3) & ~3u;
		op->from &= ~3u;
	}
}

static enum kind make_kind(struct prng *r)
{
	if (prng_below(r, 2))
		return ACCESS;
	if (prng_below(r, 2))
		return prng_below(r, 2) ? ACQUIRE : RELEASE;
	return (enum kind)prng_below(r, NR_KINDS);
}

/* Few bytes and tasks meet often, many seldom; only some programs have unmarked ones. */
static void make_program(struct prng *r)
{
	unsigned int room = 8u << prng_below(r, 4), tasks = 2 + prng_below(r, TASKS - 1);
	unsigned int marked = prng_below(r, 5), reads = prng_below(r, 5);

	for (unsigned int i = 0; i < OPS; i++) {
		struct op *op = &ops[i];

		op->kind = make_kind(r);
		op->task = prng_below(r, tasks);
		op->other = prng_below(r, tasks);
		op->object = prng_below(r, OBJECTS);
		op->write = prng_below(r, 4) >= reads;
		op->marked = prng_below(r, 4) < marked;
		op->order = (enum race_order)prng_below(r, 4);
		make_bytes(op, r, room);
	}
}

/* Return: the number of the first access that races, or OPS */
static unsigned int reference(void)
{
	ref_reset();
	for (unsigned int i = 0; i < OPS; i++)
		if (ref_do(i))
			return i;
	return OPS;
}

static unsigned int detector(void)
{
	static const struct sched_strategy turns = { .pick = whose_turn,
						     .mask = SCHED_SYNC };

	report_reset();
	race_reset();
	sched_reset();
	at = 0;
	found = false;
	for (uintptr_t t = 0; t < TASKS; t++)
		sched_spawn("task", runs, (void *)t);
	assert_int_equal(sched_run(&turns), SCHED_ENDED);
	return found ? at - 1 : OPS;
}

static const char *how_of(const struct op *op)
{
	static const char *const words[] = { "marked read", "marked write", "read",
					     "write" };

	return words[writes(op) + 2 * is_plain(op)];
}

/* what is said of the earlier access is true of one that races */
static void must_name_a_race(unsigned int now)
{
	const char *detail = report_get(0)->detail;
	char words[64];

	for (unsigned int i = 0; i < now; i++) {
		snprintf(words, sizeof(words), "first: %s by task in", how_of(&ops[i]));
		if (ref_races(i, now) && !strncmp(detail, words, strlen(words)))
			break;
		if (i + 1 == now)
			fail_msg("no such race: %s", detail);
	}
	snprintf(words, sizeof(words), "then: %s by task in", how_of(&ops[now]));
	assert_non_null(strstr(detail, words));
}

static void the_first_race_is_found_where_it_is(void **state)
{
	unsigned int races = 0;
	struct prng r;

	(void)state;
	make_places();
	for (unsigned int i = 0; i < PROGRAMS; i++) {
		unsigned int expected, got;

		prng_seed(&r, 1, i);
		make_program(&r);
		expected = reference();
		got = detector();
		if (got != expected)
			fail_msg("program %u: first race at %u, not at %u of %d", i,
				 expected, got, OPS);
		if (got == OPS)
			continue;
		races++;
		must_name_a_race(got);
	}
	print_message("%u of %u programs have a race\n", races, PROGRAMS);
	assert_in_range(races, PROGRAMS / 4, PROGRAMS * 9 / 10);
}

/* What is said of each race that one access is in. Return: as detector() */
static unsigned int tell(char *text, size_t size)
{
	unsigned int got;

	race_report_forget(); /* what is in words already is of other bytes */
	got = detector();

	text[0] = '\0';
	for (size_t i = 0; i < report_count(); i++)
		strncat(text, report_get(i)->detail, size - strlen(text) - 1);
	return got;
}

/* what is accessed there is asked for: the short way is not taken */
static void ask_for_places(struct prng *r)
{
	race_forget_places();
	for (unsigned int i = 0; i < OPS; i++)
		if (prng_below(r, 2))
			race_places[race_new_number(spot_of(i))] |= RACE_PLACE_STACK;
}

/* a repetition for the stacks of earlier accesses has to find what was found before */
static void all_ways_leave_the_same(void **state)
{
	static char usual[8192], first_time[8192], asked[8192];
	struct prng r;

	(void)state;
	make_places();
	for (unsigned int i = 0; i < PROGRAMS / 6; i++) {
		unsigned int got;

		prng_seed(&r, 2, i);
		make_program(&r);
		race_forget_places();
		got = tell(first_time, sizeof(first_time));
		assert_int_equal(tell(usual, sizeof(usual)), got);
		assert_string_equal(first_time, usual);
		ask_for_places(&r);
		assert_int_equal(tell(asked, sizeof(asked)), got);
		assert_string_equal(asked, usual);
	}
	race_forget_places();
}

/* places that would have the same number, until all numbers are taken */
static void each_place_has_a_number_of_its_own(void **state)
{
	static unsigned int number[64];

	(void)state;
	race_unwatch(NULL); /* forgets all places */
	for (unsigned int i = 0; i < 64; i++) {
		race_place place = (race_place)(i + 1) * RACE_PLACES * 8;

		number[i] = race_new_number(place);
		assert_true(number[i] < RACE_PLACES);
		assert_true(race_places[number[i]] == place);
		assert_int_equal(race_new_number(place), number[i]);
		for (unsigned int k = 0; k < i; k++)
			assert_int_not_equal(number[i], number[k]);
	}
	/* the second is where it is looked for without a search */
	assert_int_equal(race_find_number(1ull * RACE_PLACES * 8), number[0]);
	assert_int_equal(race_find_number(2ull * RACE_PLACES * 8), number[1]);
	assert_int_equal(race_find_number(3ull * RACE_PLACES * 8), RACE_PLACES);
	race_unwatch(NULL);
}

static void more_ranges_than_can_be_watched_end_the_program(void **state)
{
	static uint64_t many[64];
	int status;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (!child) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		for (unsigned int i = 0; i < 64; i++)
			race_watch(&many[i], sizeof(many[i]), "many");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
}

static int setup(void **state)
{
	fresh_kernel(state);
	trace_enable(false, 0);
	race_watch(&m, sizeof(m), "test data");
	race_enable(true);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	race_enable(false);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_first_race_is_found_where_it_is,
						setup, teardown),
		cmocka_unit_test_setup_teardown(all_ways_leave_the_same, setup, teardown),
		cmocka_unit_test(each_place_has_a_number_of_its_own),
		cmocka_unit_test(more_ranges_than_can_be_watched_end_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
