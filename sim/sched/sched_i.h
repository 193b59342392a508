/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the scheduler share: its state, and the switch between tasks.
 */
#ifndef SCHED_SCHED_I_H
#define SCHED_SCHED_I_H

#include "sched/fiber.h"

typedef bool (*sched_stop_fn)(void *ctx, enum sched_what what, const void *object,
			      const struct sched_site *site);

/**
 * struct scheduler - the scheduler
 * @tasks, @nr: the tasks of this execution
 * @runnable: set of runnable tasks, by id
 * @main: the main context
 * @main_data: sched_current_data() there
 * @mapped: the stacks are
 * @parked: the task that called sched_park(), which goes on when @park was called; NULL
 *	in none
 * @only: the task of sched_run_task(), or NULL
 * @stop, @stop_ctx, @stop_mask: its other arguments
 * @strategy: of sched_run(), or NULL
 * @last: the task that ran last, or NULL
 * @idle, @idle_ctx: see sched_set_idle()
 * @lock_owner, @has_lock_owner: see sched_set_lock_owner()
 * @main_blocks: see sched_set_main_blocks()
 * @observer: see sched_set_observer()
 * @always: see sched_arm()
 * @steps: see sched_steps()
 * @runs: see sched_runs()
 * @switches: since sched_run() began
 * @bound: see sched_set_bound()
 * @alone: points that the current task passed since the last switch
 * @standstills: see sched_standstills()
 * @why: why the main context was switched to
 * @stopped: see sched_stop()
 */
struct scheduler {
	struct sched_task tasks[SCHED_MAX_TASKS];
	unsigned int nr;
	uint64_t runnable;
	struct fiber main;
	void *main_data;
	bool mapped;

	struct sched_task *parked;
	void (*park)(void);
	struct sched_task *only;
	sched_stop_fn stop;
	void *stop_ctx;
	unsigned int stop_mask;

	const struct sched_strategy *strategy;
	struct sched_task *last;

	bool (*idle)(void *ctx);
	void *idle_ctx;
	size_t lock_owner;
	bool has_lock_owner;
	void (*main_blocks)(const char *why, const struct sched_site *site);
	sched_observer observer;
	unsigned int always;
	uint64_t steps, runs, switches, bound, alone;
	unsigned int standstills;
	enum sched_why why;
	bool stopped;
};

extern struct scheduler scheduler;

/* the runnable tasks; what may happen is none of them */
static inline uint64_t runnable_tasks(void)
{
	return scheduler.runnable & ~sched_environments();
}

/** sched_pressing() - set of what happens now that no task can run */
uint64_t sched_pressing(void);

/** sched_observe() - call the observer, if there is one; its accesses, also those that it
 *  makes by functions of the subject, are not the task's
 */
void sched_observe(const void *unlocked, const struct sched_site *site);

/** sched_choose() - the strategy's choice, or the default order; a task is runnable */
struct sched_task *sched_choose(void);

/**
 * sched_switch() - leave @from for @to, or for the main context if @to is NULL
 * @dying: @from is never continued
 *
 * Inline, because each frame below a switch is stack that sched_reset() has to zero.
 */
static inline void sched_switch(struct fiber *from, struct sched_task *to, bool dying)
{
	SCHED_HOT->current = to;
	SCHED_HOT->current_data = to ? to->data : scheduler.main_data;
	SCHED_HOT->current_id = to ? to->id : SCHED_MAX_TASKS;
	if (to)
		scheduler.last = to;
	scheduler.switches++;
	scheduler.alone = 0;
	fiber_jump(from, to ? &to->fiber : &scheduler.main, dying);
}

#endif /* SCHED_SCHED_I_H */
