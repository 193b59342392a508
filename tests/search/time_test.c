// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtual time in the exhaustive search: it passes when no task can run, and then all
 * that was done is before all that follows.
 */
#include "search_tests.h"

#include "shim/lock.h"
#include "shim/task.h"
#include "shim/wait.h"
#include "shim/work.h"

static unsigned int x, y;
static struct shim_lock mutex;
static const struct shim_lock_class mutex_class = { "&mutex" };

static void naps(long jiffies_)
{
	shim_current()->state = SHIM_TASK_INTERRUPTIBLE;
	shim_schedule_timeout(jiffies_, SCHED_SITE("nap"));
}

static void stores_early(void *arg)
{
	(void)arg;
	MARKED_STORE(x, 1);
	naps(5);
	MARKED_STORE(y, 1);
}

static void loads_late(void *arg)
{
	(void)arg;
	naps(10);
	MARKED_LOAD(x);
	MARKED_LOAD(y);
}

static void stores_late(void *arg)
{
	(void)arg;
	naps(10);
	MARKED_STORE(y, 2);
}

typedef void (*body_fn)(void *arg);

/* Return: how many executions there are, each of them counted */
static uint64_t executions(body_fn one, body_fn two, body_fn three)
{
	const struct search_options o = exhaustive(.mask = MARKED);
	const body_fn bodies[] = { one, two, three };

	search_begin(&o);
	while (search_next()) {
		shim_reset(1);
		x = y = 0;
		shim_lock_init(&mutex, &mutex_class);
		for (unsigned int i = 0; i < 3; i++)
			if (bodies[i])
				shim_task_new("task", 0, NULL, SHIM_PF_KTHREAD, bodies[i],
					      NULL);
		assert_int_equal(sched_run(search_strategy()), SCHED_ENDED);
		search_ended();
	}
	assert_true(search_tally()->complete);
	assert_int_equal(search_tally()->redundant, 0);
	return search_tally()->executions;
}

static void what_time_lies_between_is_ordered(void **state)
{
	(void)state;
	assert_int_equal(executions(stores_early, loads_late, NULL), 1);
	assert_int_equal(executions(loads_late, stores_early, NULL), 1);
	assert_int_equal(executions(stores_early, stores_late, NULL), 1);
}

static void what_is_due_at_one_time_is_not(void **state)
{
	(void)state;
	/* the store at 10 and the load of y at 10, in both orders */
	assert_int_equal(executions(loads_late, stores_late, NULL), 2);
	assert_int_equal(executions(stores_early, loads_late, stores_late), 2);
	assert_int_equal(executions(stores_late, stores_late, NULL), 2);
}

static void sleeps_with_the_mutex(void *arg)
{
	(void)arg;
	shim_mutex_lock(&mutex, SCHED_SITE("mutex"));
	naps(5);
	shim_mutex_unlock(&mutex, SCHED_SITE("mutex"));
}

static void stores(void *arg)
{
	(void)arg;
	MARKED_STORE(x, 2);
}

/* in the middle of that it makes a task that stores, too */
static void tries_and_stores(void *arg)
{
	(void)arg;
	naps(1);
	if (!shim_mutex_trylock(&mutex, SCHED_SITE("mutex")))
		shim_task_new("late", 0, NULL, SHIM_PF_KTHREAD, stores, NULL);
	else
		shim_mutex_unlock(&mutex, SCHED_SITE("mutex"));
	MARKED_STORE(x, 1);
}

/* no task can run but the one that tries, which then goes on: the stores race */
static void what_follows_a_trylock_that_fails_is_a_choice(void **state)
{
	(void)state;
	assert_int_equal(executions(sleeps_with_the_mutex, tries_and_stores, NULL), 2);
	assert_int_equal(executions(tries_and_stores, NULL, NULL), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_time_lies_between_is_ordered),
		cmocka_unit_test(what_is_due_at_one_time_is_not),
		cmocka_unit_test(what_follows_a_trylock_that_fails_is_a_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
