// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at the scheduler's tasks and their stacks.
 */
#include "sched/sched_i.h"

bool sched_is_own_stack(const void *p)
{
	return sched_current() && fiber_has(&sched_current()->fiber, p);
}

bool sched_stack_overflows(const void *p, bool lend)
{
	struct sched_task *me = sched_current();

	if (!me || !fiber_overflows(&me->fiber, p))
		return false;
	if (lend)
		fiber_lend(&me->fiber);
	return true;
}

const char *sched_stack_end(void)
{
	return sched_current() ? fiber_end(&sched_current()->fiber) : NULL;
}

struct sched_task *sched_task_nr(unsigned int id)
{
	return id < scheduler.nr ? &scheduler.tasks[id] : NULL;
}

unsigned int sched_task_count(void)
{
	return scheduler.nr;
}

uint64_t sched_runnable(void)
{
	return scheduler.runnable;
}

unsigned int sched_standstills(void)
{
	return scheduler.standstills;
}

void sched_stacks(const void **base, size_t *len)
{
	*base = fiber_stacks(len);
}

uint64_t sched_switches(uint64_t *alone)
{
	*alone = scheduler.alone;
	return scheduler.switches;
}

unsigned int sched_tasks_left(void)
{
	return SCHED_MAX_TASKS - scheduler.nr;
}

uint64_t sched_runs(void)
{
	return scheduler.runs;
}

bool sched_stacks_have(const void *p, size_t len)
{
	return fiber_stacks_have(p, len);
}

uint64_t sched_steps(void)
{
	return scheduler.steps;
}

/* struct looker - arguments of sched_look() */
struct looker {
	const struct sched_task *task;
	void (*fn)(const struct sched_stack *stack, void *arg);
	void *arg;
};

static void show_stack(const void *sp, void *arg)
{
	const struct looker *l = arg;
	const struct sched_stack stack = {
		.from = sp,
		.len = (size_t)(fiber_end(&l->task->fiber) - (const char *)sp),
	};

	l->fn(&stack, l->arg);
}

void sched_look(const struct sched_task *task,
		void (*fn)(const struct sched_stack *stack, void *arg), void *arg)
{
	struct looker looker = { .task = task, .fn = fn, .arg = arg };

	if (task == sched_current())
		fiber_look(show_stack, &looker);
	else
		show_stack(task->fiber.sp, &looker);
}
