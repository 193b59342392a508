// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work items beside a model: items are queued with and without delay and cancelled at
 * random; what runs, when, and in which order has to be what the model says.
 */
#include "shim/wait.h"
#include "shim/work.h"
#include "unit.h"

#include <stdio.h>

#include "sched/prng.h"

#define ITEMS  5u
#define STEPS  14
#define ROUNDS 2000u

static struct shim_work item[ITEMS];
static unsigned long begun;
static char got[1024], expected[1024];

/* the model: when an item is due, and how many were queued before it */
static struct {
	bool queued;
	unsigned long due;
	unsigned int order;
} model[ITEMS];
static unsigned int queued;

static void say(char *to, unsigned long nr, unsigned long when)
{
	size_t used = strlen(to);

	snprintf(to + used, sizeof(got) - used, "%lu@%lu ", nr, when);
}

static void runs(struct shim_work *work)
{
	say(got, (unsigned long)(work - item), jiffies - begun);
}

static void queue(unsigned int nr, unsigned long delay)
{
	assert_int_equal(shim_work_queue(&item[nr], delay, SCHED_SITE("w")),
			 !model[nr].queued);
	if (model[nr].queued)
		return;
	model[nr].queued = true;
	model[nr].due = delay;
	model[nr].order = queued++;
}

static void cancel(unsigned int nr)
{
	assert_int_equal(shim_work_cancel(&item[nr], SCHED_SITE("w")), model[nr].queued);
	model[nr].queued = false;
}

/* the one that is due first; of these the one that was queued first; ITEMS: none */
static unsigned int next_item(void)
{
	unsigned int best = ITEMS;

	for (unsigned int i = 0; i < ITEMS; i++)
		if (model[i].queued && (best == ITEMS || model[i].due < model[best].due ||
					(model[i].due == model[best].due &&
					 model[i].order < model[best].order)))
			best = i;
	return best;
}

static void everything_runs(void)
{
	for (unsigned int i; (i = next_item()) < ITEMS;) {
		say(expected, i, model[i].due);
		model[i].queued = false;
	}
	assert_int_equal(sched_run(NULL), SCHED_ENDED);
	assert_string_equal(got, expected);
}

static void items_run_when_they_are_due_in_their_order(void **state)
{
	struct prng r;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		fresh_kernel(state);
		prng_seed(&r, 2, round);
		begun = jiffies;
		got[0] = expected[0] = '\0';
		memset(model, 0, sizeof(model));
		queued = 0;
		for (unsigned int i = 0; i < ITEMS; i++)
			shim_work_init(&item[i], runs);
		for (unsigned int i = 0; i < STEPS; i++) {
			unsigned int nr = prng_below(&r, ITEMS);

			if (prng_below(&r, 3))
				queue(nr, prng_below(&r, 2) ? prng_below(&r, 4) : 0);
			else
				cancel(nr);
		}
		everything_runs();
		assert_int_equal(report_count(), 0);
		assert_int_equal(shim_time_next(), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_run_when_they_are_due_in_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
