// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running tasks, from the main context: one of them up to a point, or all of them under
 * a strategy or in the default order.
 */
#include "sched/sched_i.h"

/* what a task asked for by sched_park(), now that all are parked; then it goes on */
static void go_on_with_parked(void)
{
	struct sched_task *task;
	void (*fn)(void) = scheduler.park;

	scheduler.park = NULL;
	if (fn)
		fn();
	task = scheduler.parked;
	scheduler.parked = NULL;
	scheduler.why = SCHED_ENDED;
	sched_switch(&scheduler.main, task, false);
}

static enum sched_why resume(struct sched_task *task)
{
	scheduler.why = SCHED_ENDED;
	sched_switch(&scheduler.main, task, false);
	while (scheduler.parked)
		go_on_with_parked();
	return scheduler.stopped ? SCHED_STOPPED : scheduler.why;
}

enum sched_why sched_run_task(struct sched_task *task, sched_stop_fn stop, void *ctx,
			      unsigned int mask)
{
	enum sched_why why;

	scheduler.runs++;
	if (scheduler.stopped)
		return SCHED_STOPPED;
	if (task->state == SCHED_DONE)
		return SCHED_ENDED;
	if (task->state == SCHED_BLOCKED)
		return SCHED_IS_BLOCKED;
	scheduler.only = task;
	scheduler.stop = stop;
	scheduler.stop_ctx = ctx;
	scheduler.stop_mask = stop ? mask : 0;
	sched_rearm();
	why = resume(task);
	scheduler.only = NULL;
	scheduler.stop_mask = 0;
	sched_rearm();
	return why;
}

void sched_set_idle(bool (*idle)(void *ctx), void *ctx)
{
	scheduler.idle = idle;
	scheduler.idle_ctx = ctx;
}

void sched_set_bound(uint64_t switches)
{
	scheduler.bound = switches;
}

static bool make_runnable(void)
{
	if (scheduler.strategy && scheduler.strategy->idle)
		return scheduler.strategy->idle(scheduler.strategy->ctx);
	return scheduler.idle && scheduler.idle(scheduler.idle_ctx);
}

static enum sched_why verdict(void)
{
	for (unsigned int i = 0; i < scheduler.nr; i++)
		if (scheduler.tasks[i].state == SCHED_BLOCKED && !scheduler.tasks[i].idle)
			return SCHED_IS_BLOCKED;
	return SCHED_ENDED;
}

__attribute__((noinline)) void sched_standstill(void)
{
	scheduler.standstills++;
	for (unsigned int i = 0; i < scheduler.nr; i++) {
		struct sched_task *t = &scheduler.tasks[i];

		if (t->state == SCHED_BLOCKED && !t->idle && !t->stuck_since)
			t->stuck_since = scheduler.standstills;
	}
}

/* no task can run; whether something happens nevertheless, and time need not pass */
static bool may_happen(void)
{
	return sched_environments() && scheduler.strategy && scheduler.strategy->pick &&
	       !runnable_tasks() && sched_pressing();
}

static void begin(const struct sched_strategy *strategy)
{
	scheduler.runs++;
	scheduler.strategy = strategy;
	scheduler.switches = 0;
	scheduler.alone = 0;
	sched_rearm();
}

enum sched_why sched_run(const struct sched_strategy *strategy)
{
	enum sched_why why = SCHED_ENDED;

	/* a checkpoint from its middle was put back */
	if (scheduler.parked) {
		sched_rearm();
		while (scheduler.parked)
			go_on_with_parked();
	} else {
		begin(strategy);
	}
	for (;;) {
		if (scheduler.stopped) {
			why = SCHED_STOPPED;
			break;
		}
		if (scheduler.bound && scheduler.switches >= scheduler.bound) {
			why = SCHED_BOUND;
			break;
		}
		if (!runnable_tasks()) {
			sched_observe(NULL, NULL);
			if (scheduler.stopped)
				continue;
		}
		if (may_happen()) {
			resume(sched_choose());
			continue;
		}
		if (!runnable_tasks() && !make_runnable()) {
			why = verdict();
			if (why == SCHED_IS_BLOCKED)
				sched_standstill();
			break;
		}
		if (runnable_tasks())
			resume(sched_choose());
	}
	scheduler.strategy = NULL;
	sched_rearm();
	return why;
}
