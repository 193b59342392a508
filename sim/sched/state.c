// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of the scheduler is state of an execution, for checkpoints.
 */
#include "sched/checkpoint.h"
#include "sched/sched_i.h"
#include "sched/trace.h"

static const struct fiber *fiber_nr(const struct fiber *list, unsigned int nr,
				    unsigned int i)
{
	return i < nr ? &list[i] : NULL;
}

/* a stack that some task uses is of the task with its number */
static void checkpoint_stacks(struct checkpoint *c, const struct fiber *now,
			      unsigned int was)
{
	for (unsigned int i = 0; i < scheduler.nr || i < was; i++)
		fiber_checkpoint(c, i,
				 i < scheduler.nr ? &scheduler.tasks[i].fiber : NULL,
				 fiber_nr(now, was, i));
}

bool sched_stacks_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	if (i >= scheduler.nr)
		return false;
	fiber_used(&scheduler.tasks[i].fiber, from, to);
	return true;
}

void sched_checkpoint(struct checkpoint *c)
{
	const unsigned int was = scheduler.nr;
	struct fiber now[SCHED_MAX_TASKS];

	for (unsigned int i = 0; i < was; i++) {
		if (c->back)
			fiber_settle(&scheduler.tasks[i].fiber);
		now[i] = scheduler.tasks[i].fiber;
	}
	checkpoint_bytes(c, SCHED_HOT, sizeof(*SCHED_HOT));
	checkpoint_bytes(c, &scheduler.nr,
			 sizeof(scheduler) - offsetof(struct scheduler, nr));
	checkpoint_table(c, scheduler.tasks, scheduler.nr * sizeof(scheduler.tasks[0]),
			 was * sizeof(scheduler.tasks[0]));
	checkpoint_stacks(c, now, was);
	trace_checkpoint(c);
}
