// SPDX-License-Identifier: GPL-2.0-only
/*
 * A wait queue beside a list that is kept by hand: tasks begin to wait, are interrupted
 * wherever they are in the queue, and are woken; each wake-up has to reach the same ones.
 */
#include "shim/wait.h"
#include "unit.h"

#include "sched/prng.h"

#define WAITERS 6u
#define STEPS	60
#define ROUNDS	400u

static const struct shim_lock_class class = { "&req->waitq.lock" };
static struct shim_waitqueue wq;
static bool let_through;

static struct {
	struct sched_task *task;
	bool exclusive;
} waiter[WAITERS];

/* the waiting tasks in the order of the queue: the model */
static unsigned int queue[WAITERS], nr;

static void waits(void *arg)
{
	unsigned int me = (unsigned int)(uintptr_t)arg;
	struct shim_waiter w = { 0 };

	while (!shim_prepare_to_wait(&wq, &w, SHIM_TASK_INTERRUPTIBLE,
				     waiter[me].exclusive, SCHED_SITE("wq")) &&
	       !let_through)
		shim_schedule(SCHED_SITE("wq"));
	shim_finish_wait(&wq, &w, SCHED_SITE("wq"));
}

static bool in_queue(unsigned int id)
{
	for (unsigned int i = 0; i < nr; i++)
		if (queue[i] == id)
			return true;
	return false;
}

static void remove_nth(unsigned int i)
{
	memmove(&queue[i], &queue[i + 1], (--nr - i) * sizeof(queue[0]));
}

/* exclusive ones at the end, all others in front */
static void begins_to_wait(unsigned int id, bool exclusive)
{
	waiter[id].exclusive = exclusive;
	waiter[id].task = spawn("waiter", waits, (void *)(uintptr_t)id);
	run_until_blocked(waiter[id].task);
	if (exclusive) {
		queue[nr++] = id;
		return;
	}
	memmove(&queue[1], &queue[0], nr++ * sizeof(queue[0]));
	queue[0] = id;
}

static void is_interrupted(unsigned int i)
{
	struct sched_task *task = waiter[queue[i]].task;

	shim_signal(task->data, 0);
	run_to_end(task);
	remove_nth(i);
}

static void wakes(void *arg)
{
	shim_wake_up(&wq, SHIM_TASK_NORMAL, (int)(uintptr_t)arg, 0, SCHED_SITE("wq"));
}

/* all in front of the @n-th exclusive one, and that one; 0: all of them */
static void wake_up(unsigned int n)
{
	unsigned int woken = 0, left = n;

	run_to_end(spawn("waker", wakes, (void *)(uintptr_t)n));
	while (woken < nr && !(waiter[queue[woken++]].exclusive && !--left))
		;
	for (unsigned int i = 0; i < nr; i++)
		assert_int_equal(waiter[queue[i]].task->state,
				 i < woken ? SCHED_RUNNABLE : SCHED_BLOCKED);
	let_through = true;
	for (; woken; woken--) {
		run_to_end(waiter[queue[0]].task);
		remove_nth(0);
	}
	let_through = false;
}

static void each_wake_up_reaches_the_tasks_that_it_should(void **state)
{
	struct prng r;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		fresh_kernel(state);
		shim_wait_init(&wq, &class);
		prng_seed(&r, 1, round);
		nr = 0;
		for (unsigned int i = 0; i < STEPS && sched_task_count() < 60; i++) {
			unsigned int id = prng_below(&r, WAITERS);

			if (!in_queue(id))
				begins_to_wait(id, prng_below(&r, 2));
			else if (prng_below(&r, 2))
				is_interrupted(prng_below(&r, nr));
			else
				wake_up(prng_below(&r, 3));
			assert_int_equal(shim_waitqueue_active(&wq), nr != 0);
		}
		wake_up(0);
		assert_int_equal(report_count(), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_wake_up_reaches_the_tasks_that_it_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
