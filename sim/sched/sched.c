// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler: tasks, the points at which they may be switched, and how they block,
 * wake and end. What runs them is in run.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sched/lines.h"
#include "sched/sched_i.h"
#include "sched/trace.h"

/* the first of all constructors: no step is taken before */
static __attribute__((constructor(101))) void map_hot(void)
{
	void *p = mmap(SCHED_HOT, sizeof(struct sched_hot), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p != SCHED_HOT) {
		fprintf(stderr, "uringsim: cannot map the scheduler's state at %p\n",
			(void *)SCHED_HOT);
		exit(3);
	}
	SCHED_HOT->current_id = SCHED_MAX_TASKS;
}

/* not static, and used: for tools/gdb */
__attribute__((used)) struct scheduler scheduler;
/* and no debugger sees what a macro is */
__attribute__((used)) struct sched_hot *const sched_hot_debugged = SCHED_HOT;

/* a point is armed if the trace, a detector, a script, the strategy or the observer sees
 * it */
void sched_rearm(void)
{
	SCHED_HOT->armed =
		trace_mask() | scheduler.always | scheduler.stop_mask |
		(scheduler.strategy ? (scheduler.strategy->mask & ~SCHED_TRACED) |
					      scheduler.strategy->watch
				    : 0) |
		(scheduler.observer ? SCHED_BIT(SCHED_UNLOCK) : 0);
}

void sched_arm(unsigned int mask)
{
	scheduler.always = mask;
	sched_rearm();
}

void sched_set_main_blocks(void (*fn)(const char *why, const struct sched_site *site))
{
	scheduler.main_blocks = fn;
}

void sched_set_observer(sched_observer fn)
{
	scheduler.observer = fn;
	sched_rearm();
}

void sched_observe(const void *unlocked, const struct sched_site *site)
{
	unsigned int hooks = sched_hooks();

	if (!scheduler.observer)
		return;
	sched_set_hooks(0);
	scheduler.observer(unlocked, site);
	sched_set_hooks(hooks);
}

/*
 * In a loop without an end the steps of the trace would tell when it was given up: what
 * one task does without a switch is traced up to here.
 */
#define NOTES_ALONE 50000

static bool goes_round(void)
{
	static uint64_t switches;
	static unsigned int notes;

	if (switches != scheduler.switches || !scheduler.steps)
		notes = 0;
	switches = scheduler.switches;
	return notes >= NOTES_ALONE || ++notes == NOTES_ALONE;
}

static void note(enum sched_what what, const void *object, int64_t value,
		 const struct sched_site *site)
{
	if (trace_mask() & SCHED_BIT(what) && !goes_round())
		trace_add(sched_current() ? sched_current()->id : TRACE_NO_TASK, what,
			  object, value, site);
}

void sched_reset(void)
{
	if (!scheduler.mapped) {
		fiber_map_stacks();
		scheduler.mapped = true;
	}
	for (unsigned int i = 0; i < scheduler.nr; i++)
		fiber_clear(&scheduler.tasks[i].fiber);
	memset(scheduler.tasks, 0, scheduler.nr * sizeof(scheduler.tasks[0]));
	scheduler.nr = 0;
	scheduler.runnable = 0;
	SCHED_HOT->environments = 0;
	scheduler.parked = NULL;
	scheduler.park = NULL;
	scheduler.only = NULL;
	scheduler.stop_mask = 0;
	scheduler.strategy = NULL;
	scheduler.observer = NULL;
	scheduler.last = NULL;
	scheduler.steps = 0;
	scheduler.runs = 0;
	scheduler.switches = 0;
	scheduler.alone = 0;
	scheduler.standstills = 0;
	scheduler.stopped = false;
	trace_reset();
	sched_rearm();
}

void sched_set_main_data(void *data)
{
	scheduler.main_data = data;
	if (!sched_current())
		SCHED_HOT->current_data = data;
}

void sched_set_lock_owner(size_t offset)
{
	scheduler.lock_owner = offset;
	scheduler.has_lock_owner = true;
}

__attribute__((no_sanitize("address"))) const void *sched_lock_owner(const void *lock)
{
	if (!scheduler.has_lock_owner)
		return NULL;
	return *(const void *const volatile *)((const char *)lock + scheduler.lock_owner);
}

/* ---- switching ---- */

static struct sched_task *lowest(uint64_t set)
{
	return &scheduler.tasks[__builtin_ctzll(set)];
}

uint64_t sched_pressing(void)
{
	uint64_t pressing = 0;

	for (uint64_t set = scheduler.runnable & sched_environments(); set;
	     set &= set - 1)
		if (lowest(set)->environment->pressing)
			pressing |= set & -set;
	return pressing;
}

struct sched_task *sched_choose(void)
{
	struct sched_task *list[SCHED_MAX_TASKS];
	uint64_t set = scheduler.runnable;
	unsigned int n = 0;

	if (!scheduler.strategy || !scheduler.strategy->pick) {
		set = runnable_tasks();
		if (scheduler.last && (set & (1ull << scheduler.last->id)))
			return scheduler.last;
		return lowest(set);
	}
	if (__builtin_expect(sched_environments() && !runnable_tasks(), 0))
		set = sched_pressing();
	for (; set; set &= set - 1)
		list[n++] = lowest(set);
	return scheduler.strategy->pick(scheduler.strategy->ctx, list, n, scheduler.last);
}

static void to_main(enum sched_why why, bool dying)
{
	struct sched_task *me = sched_current();

	scheduler.why = why;
	sched_switch(&me->fiber, NULL, dying);
}

/* the current task cannot go on, or has ended: switch to the next one directly */
static void leave(enum sched_why why, bool dying)
{
	struct sched_task *me = sched_current(), *next;

	if (scheduler.only || !runnable_tasks() ||
	    (scheduler.bound && scheduler.switches >= scheduler.bound)) {
		to_main(why, dying);
		return;
	}
	next = sched_choose();
	if (next != me)
		sched_switch(&me->fiber, next, dying);
}

void sched_exit(void)
{
	struct sched_task *me = sched_current();

	note(SCHED_EXIT, NULL, 0, NULL);
	me->state = SCHED_DONE;
	scheduler.runnable &= ~(1ull << me->id);
	for (;;)
		leave(SCHED_ENDED, true);
}

static void task_main(void)
{
	fiber_entered();
	sched_current()->fn(sched_current()->arg);
	sched_exit();
}

/* sched_reset() has cleared what follows the name */
static void copy_name(struct sched_task *t, const char *name)
{
	for (unsigned int i = 0; i < sizeof(t->name) - 1 && name[i]; i++)
		t->name[i] = name[i];
}

struct sched_task *sched_spawn(const char *name, void (*fn)(void *), void *arg)
{
	struct sched_task *t;

	if (scheduler.nr == SCHED_MAX_TASKS) {
		fprintf(stderr, "uringsim: more than %d tasks in one execution\n",
			SCHED_MAX_TASKS);
		exit(3);
	}
	t = &scheduler.tasks[scheduler.nr];
	copy_name(t, name);
	t->id = (uint16_t)scheduler.nr++;
	t->state = SCHED_RUNNABLE;
	t->fn = fn;
	t->arg = arg;
	fiber_prepare(&t->fiber, t->id, task_main);
	scheduler.runnable |= 1ull << t->id;
	note(SCHED_SPAWN, t->name, 0, NULL);
	return t;
}

/* ---- points ---- */

/* one task alone passed as many points as all together may make switches */
static void give_up(void)
{
	scheduler.switches = scheduler.bound;
	to_main(SCHED_BOUND, false);
}

static bool script_stops_here(enum sched_what what, const void *object,
			      const struct sched_site *site)
{
	return scheduler.only == sched_current() &&
	       (scheduler.stop_mask & SCHED_BIT(what)) &&
	       scheduler.stop(scheduler.stop_ctx, what, object, site);
}

/*
 * The step is recorded when it is about to be done, after other tasks have run: the
 * order of the trace is the order of events.
 */
void sched_point_slow(enum sched_what what, const void *object,
		      const struct sched_site *site)
{
	struct sched_task *me = sched_current();

	if (!me) {
		note(what, object, 0, site);
		return;
	}
	me->at = site;
	me->at_what = what;
	me->at_object = object;
	scheduler.steps++;
	if (scheduler.only) {
		if (script_stops_here(what, object, site))
			to_main(SCHED_AT_POINT, false);
	} else if (scheduler.strategy && (scheduler.strategy->mask & SCHED_BIT(what))) {
		struct sched_task *next;

		if (scheduler.bound && scheduler.switches >= scheduler.bound)
			to_main(SCHED_BOUND, false);
		next = sched_choose();
		if (next != me)
			sched_switch(&me->fiber, next, false);
		else if (scheduler.bound && ++scheduler.alone >= scheduler.bound)
			give_up();
	} else if (scheduler.strategy && (scheduler.strategy->watch & SCHED_BIT(what))) {
		scheduler.strategy->saw(scheduler.strategy->ctx, what, object);
	}
	note(what, object, 0, site);
}

void sched_touch_slow(const void *object, bool changes)
{
	if (sched_current() && scheduler.strategy &&
	    (scheduler.strategy->watch & SCHED_TOUCHES))
		scheduler.strategy->touched(scheduler.strategy->ctx, object, changes);
}

void sched_trace_slow(enum sched_what what, const void *object, int64_t value,
		      const struct sched_site *site)
{
	note(what, object, value, site);
	if (what == SCHED_UNLOCK)
		sched_observe(object, site);
}

/* ---- blocking and waking ---- */

void sched_block(const void *on, const char *why, const struct sched_site *site)
{
	struct sched_task *me = sched_current();

	if (!me) {
		if (scheduler.main_blocks)
			scheduler.main_blocks(why, site);
		fprintf(stderr, "uringsim: the main context would block on %s (%s:%d)\n",
			why, site ? site->file : "?", site ? site_line(site) : 0);
		exit(3);
	}
	me->blocked_on = on;
	me->blocked_why = why;
	me->blocked_at = site;
	me->state = SCHED_BLOCKED;
	scheduler.runnable &= ~(1ull << me->id);
	note(SCHED_BLOCK, why, 0, site);
	leave(SCHED_IS_BLOCKED, false);
}

bool sched_wake(struct sched_task *task)
{
	if (task->state != SCHED_BLOCKED)
		return false;
	task->state = SCHED_RUNNABLE;
	task->blocked_on = NULL;
	task->stuck_since = 0;
	scheduler.runnable |= 1ull << task->id;
	note(SCHED_WAKE, task->name, 0, task->blocked_at);
	return true;
}

unsigned int sched_wake_on(const void *on)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < scheduler.nr; i++)
		if (scheduler.tasks[i].state == SCHED_BLOCKED &&
		    scheduler.tasks[i].blocked_on == on)
			n += sched_wake(&scheduler.tasks[i]);
	return n;
}

void sched_park(void (*fn)(void))
{
	const uint64_t switches = scheduler.switches, alone = scheduler.alone;

	scheduler.parked = sched_current();
	scheduler.park = fn;
	to_main(SCHED_AT_POINT, false);
	/* nothing was chosen */
	scheduler.switches = switches;
	scheduler.alone = alone;
}

void sched_yield(void)
{
	struct sched_task *me = sched_current(), *next;
	uint64_t others;

	if (!me)
		return;
	if (scheduler.only) {
		to_main(SCHED_AT_POINT, false);
		return;
	}
	others = runnable_tasks() & ~(1ull << me->id);
	if (!others)
		return;
	if (scheduler.bound && scheduler.switches >= scheduler.bound) {
		to_main(SCHED_BOUND, false);
		return;
	}
	me->at_what = SCHED_NR_WHAT; /* so that a strategy can tell it from a point */
	if (scheduler.strategy && scheduler.strategy->pick) {
		next = sched_choose();
	} else {
		/* round robin by id, so that no task starves */
		uint64_t above = others & (~0ull << me->id);

		next = lowest(above ? above : others);
	}
	if (next != me)
		sched_switch(&me->fiber, next, false);
}

/* ---- what may happen ---- */

void sched_environment(struct sched_task *task, struct sched_environment *e)
{
	task->environment = e;
	task->idle = true;
	SCHED_HOT->environments |= 1ull << task->id;
	sched_withdraw(task);
}

void sched_environment_done(bool again)
{
	struct sched_task *me = sched_current(), *next;

	if (!again)
		sched_withdraw(me);
	me->at_what = SCHED_NR_WHAT;
	if (!runnable_tasks() ||
	    (scheduler.bound && scheduler.switches >= scheduler.bound)) {
		to_main(SCHED_AT_POINT, false);
		return;
	}
	next = sched_choose();
	if (next != me)
		sched_switch(&me->fiber, next, false);
}

void sched_withdraw(struct sched_task *task)
{
	task->state = SCHED_BLOCKED;
	task->blocked_why = "what may happen";
	scheduler.runnable &= ~(1ull << task->id);
}

uint64_t sched_tasks_runnable(void)
{
	return runnable_tasks();
}

void sched_stop(void)
{
	scheduler.stopped = true;
	if (sched_current())
		for (;;)
			to_main(SCHED_STOPPED, false);
}

bool sched_stopped(void)
{
	return scheduler.stopped;
}
