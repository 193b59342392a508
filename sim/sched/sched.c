// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler: tasks, the points at which they may be switched, and the three
 * directors - one task under a script, everybody under a strategy, everybody in
 * the default order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sched/fiber.h"
#include "sched/lines.h"
#include "sched/trace.h"

/* first of all constructors: nothing runs before that could take a step */
static __attribute__((constructor(101))) void map_hot(void)
{
	void *p = mmap(SCHED_HOT, sizeof(struct sched_hot), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p != SCHED_HOT) {
		fprintf(stderr, "uringsim: cannot map the scheduler's state at %p\n",
			(void *)SCHED_HOT);
		exit(3);
	}
	sched_current_id = SCHED_MAX_TASKS;
}

extern const void *const sched_debugged;
extern struct sched_hot *const sched_hot_debugged;

typedef bool (*stop_fn)(void *ctx, enum sched_what what, const void *object,
			const struct sched_site *site);

static struct {
	struct sched_task tasks[SCHED_MAX_TASKS];
	unsigned int nr;
	uint64_t runnable; /* a bit for each runnable task */
	struct fiber director;
	void *director_data;
	bool mapped;

	/* a script runs one task */
	struct sched_task *only;
	stop_fn stop;
	void *stop_ctx;
	unsigned int stop_mask;

	/* everybody runs */
	const struct sched_strategy *strategy;
	struct sched_task *last;

	bool (*idle)(void *ctx);
	void *idle_ctx;
	void (*observer)(void);
	unsigned int always; /* armed for a detector */
	uint64_t steps, switches, bound;
	uint64_t alone; /* points at which nobody took over from the one who runs */
	unsigned int standstills;
	enum sched_why why; /* why the director was given control */
	bool stopped;
} s;

/* for tools/gdb: link-time optimisation may leave several statics of that name */
__attribute__((used)) const void *const sched_debugged = &s;
/* and no debugger sees what a macro is */
__attribute__((used)) struct sched_hot *const sched_hot_debugged = SCHED_HOT;

/* who watches which points: recomputed when one of the watchers changes */
void sched_rearm(void)
{
	sched_armed = trace_mask() | s.always | s.stop_mask | (s.strategy ? s.strategy->mask | s.strategy->watch : 0) |
		      (s.observer ? SCHED_SYNC : 0);
}

void sched_arm(unsigned int mask)
{
	s.always = mask;
	sched_rearm();
}

void sched_set_observer(void (*fn)(void))
{
	s.observer = fn;
	sched_rearm();
}

/* what it looks at, also by functions of the subject, is no access of the task's */
static void observe(void)
{
	unsigned int hooks = sched_hooks;

	if (!s.observer)
		return;
	sched_hooks = 0;
	s.observer();
	sched_hooks = hooks;
}

static void note(enum sched_what what, const void *object, int64_t value,
		 const struct sched_site *site)
{
	if (trace_mask() & SCHED_BIT(what))
		trace_add(sched_current ? sched_current->id : TRACE_DIRECTOR, what, object,
			  value, site);
}

void sched_reset(void)
{
	if (!s.mapped) {
		fiber_map_stacks();
		s.mapped = true;
	}
	for (unsigned int i = 0; i < s.nr; i++)
		fiber_clear(&s.tasks[i].fiber);
	memset(s.tasks, 0, s.nr * sizeof(s.tasks[0]));
	s.nr = 0;
	s.runnable = 0;
	s.only = NULL;
	s.stop_mask = 0;
	s.strategy = NULL;
	s.observer = NULL;
	s.last = NULL;
	s.steps = 0;
	s.switches = 0;
	s.alone = 0;
	s.standstills = 0;
	s.stopped = false;
	trace_reset();
	sched_rearm();
}

void sched_set_director_data(void *data)
{
	s.director_data = data;
	if (!sched_current)
		sched_current_data = data;
}

/* ---- switching ---- */

static struct sched_task *lowest(uint64_t set)
{
	return &s.tasks[__builtin_ctzll(set)];
}

/* the strategy's choice, or the default order; somebody is runnable */
static struct sched_task *choose(void)
{
	struct sched_task *list[SCHED_MAX_TASKS];
	unsigned int n = 0;

	if (!s.strategy || !s.strategy->pick) {
		if (s.last && (s.runnable & (1ull << s.last->id)))
			return s.last;
		return lowest(s.runnable);
	}
	for (uint64_t set = s.runnable; set; set &= set - 1)
		list[n++] = lowest(set);
	return s.strategy->pick(s.strategy->ctx, list, n, s.last);
}

static void jump(struct fiber *from, struct sched_task *to, bool dying)
{
	sched_current = to;
	sched_current_data = to ? to->data : s.director_data;
	sched_current_id = to ? to->id : SCHED_MAX_TASKS;
	if (to)
		s.last = to;
	s.switches++;
	s.alone = 0;
	fiber_jump(from, to ? &to->fiber : &s.director, dying);
}

static void to_director(enum sched_why why, bool dying)
{
	struct sched_task *me = sched_current;

	s.why = why;
	jump(&me->fiber, NULL, dying);
}

/* the current task cannot go on, or has ended: straight to whoever is next */
static void leave(enum sched_why why, bool dying)
{
	struct sched_task *me = sched_current, *next;

	if (s.only || !s.runnable || (s.bound && s.switches >= s.bound)) {
		to_director(why, dying);
		return;
	}
	next = choose();
	if (next != me)
		jump(&me->fiber, next, dying);
}

void sched_exit(void)
{
	struct sched_task *me = sched_current;

	observe();
	note(SCHED_EXIT, NULL, 0, NULL);
	me->state = SCHED_DONE;
	s.runnable &= ~(1ull << me->id);
	for (;;)
		leave(SCHED_ENDED, true);
}

static void task_main(void)
{
	fiber_entered();
	sched_current->fn(sched_current->arg);
	sched_exit();
}

/* behind the name is 0: sched_reset() cleared it. Each execution makes its tasks anew */
static void copy_name(struct sched_task *t, const char *name)
{
	for (unsigned int i = 0; i < sizeof(t->name) - 1 && name[i]; i++)
		t->name[i] = name[i];
}

struct sched_task *sched_spawn(const char *name, void (*fn)(void *), void *arg)
{
	struct sched_task *t;

	if (s.nr == SCHED_MAX_TASKS) {
		fprintf(stderr, "uringsim: more than %d tasks in one execution\n",
			SCHED_MAX_TASKS);
		exit(3);
	}
	t = &s.tasks[s.nr];
	copy_name(t, name);
	t->id = (uint16_t)s.nr++;
	t->state = SCHED_RUNNABLE;
	t->fn = fn;
	t->arg = arg;
	fiber_prepare(&t->fiber, t->id, task_main);
	s.runnable |= 1ull << t->id;
	note(SCHED_SPAWN, t->name, 0, NULL);
	return t;
}

/* ---- points ---- */

/* one task alone came as far as all together may */
static void give_up(void)
{
	s.switches = s.bound;
	to_director(SCHED_BOUND, false);
}

static bool script_stops_here(enum sched_what what, const void *object,
			      const struct sched_site *site)
{
	return s.only == sched_current && (s.stop_mask & SCHED_BIT(what)) &&
	       s.stop(s.stop_ctx, what, object, site);
}

/*
 * The step is recorded when it is about to be done, after others have had their
 * turn: the order of the trace is the order of events.
 */
void sched_point_slow(enum sched_what what, const void *object, const struct sched_site *site)
{
	struct sched_task *me = sched_current;

	if (!me) {
		note(what, object, 0, site);
		return;
	}
	me->at = site;
	me->at_what = what;
	me->at_object = object;
	s.steps++;
	if (SCHED_SYNC & SCHED_BIT(what))
		observe();
	if (s.only) {
		if (script_stops_here(what, object, site))
			to_director(SCHED_AT_POINT, false);
	} else if (s.strategy && (s.strategy->mask & SCHED_BIT(what))) {
		struct sched_task *next;

		if (s.bound && s.switches >= s.bound)
			to_director(SCHED_BOUND, false);
		next = choose();
		if (next != me)
			jump(&me->fiber, next, false);
		else if (s.bound && ++s.alone >= s.bound)
			give_up();
	} else if (s.strategy && (s.strategy->watch & SCHED_BIT(what))) {
		s.strategy->saw(s.strategy->ctx, what, object);
	}
	note(what, object, 0, site);
}

void sched_touch_slow(const void *object, bool changes)
{
	if (sched_current && s.strategy && (s.strategy->watch & SCHED_TOUCHES))
		s.strategy->touched(s.strategy->ctx, object, changes);
}

void sched_trace_slow(enum sched_what what, const void *object, int64_t value,
		      const struct sched_site *site)
{
	note(what, object, value, site);
}

/* ---- blocking and waking ---- */

void sched_block(const void *on, const char *why, const struct sched_site *site)
{
	struct sched_task *me = sched_current;

	if (!me) {
		fprintf(stderr, "uringsim: the director would block on %s (%s:%d)\n", why,
			site ? site->file : "?", site ? site_line(site) : 0);
		exit(3);
	}
	me->blocked_on = on;
	me->blocked_why = why;
	me->blocked_at = site;
	me->state = SCHED_BLOCKED;
	s.runnable &= ~(1ull << me->id);
	observe();
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
	s.runnable |= 1ull << task->id;
	note(SCHED_WAKE, task->name, 0, task->blocked_at);
	return true;
}

unsigned int sched_wake_on(const void *on)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < s.nr; i++)
		if (s.tasks[i].state == SCHED_BLOCKED && s.tasks[i].blocked_on == on)
			n += sched_wake(&s.tasks[i]);
	return n;
}

void sched_yield(void)
{
	struct sched_task *me = sched_current, *next;
	uint64_t others;

	if (!me)
		return;
	if (s.only) {
		to_director(SCHED_AT_POINT, false);
		return;
	}
	others = s.runnable & ~(1ull << me->id);
	if (!others)
		return;
	if (s.bound && s.switches >= s.bound) {
		to_director(SCHED_BOUND, false);
		return;
	}
	me->at_what = SCHED_NR_WHAT; /* a strategy can tell it from a point */
	if (s.strategy && s.strategy->pick) {
		next = choose();
	} else {
		/* the next in order, so that everybody has a turn */
		uint64_t above = others & (~0ull << me->id);

		next = lowest(above ? above : others);
	}
	if (next != me)
		jump(&me->fiber, next, false);
}

void sched_stop(void)
{
	s.stopped = true;
	if (sched_current)
		for (;;)
			to_director(SCHED_STOPPED, false);
}

bool sched_stopped(void)
{
	return s.stopped;
}

/* ---- directors ---- */

static enum sched_why resume(struct sched_task *task)
{
	s.why = SCHED_ENDED;
	jump(&s.director, task, false);
	return s.stopped ? SCHED_STOPPED : s.why;
}

enum sched_why sched_run_task(struct sched_task *task, stop_fn stop, void *ctx,
			      unsigned int mask)
{
	enum sched_why why;

	if (s.stopped)
		return SCHED_STOPPED;
	if (task->state == SCHED_DONE)
		return SCHED_ENDED;
	if (task->state == SCHED_BLOCKED)
		return SCHED_IS_BLOCKED;
	s.only = task;
	s.stop = stop;
	s.stop_ctx = ctx;
	s.stop_mask = stop ? mask : 0;
	sched_rearm();
	why = resume(task);
	s.only = NULL;
	s.stop_mask = 0;
	sched_rearm();
	return why;
}

void sched_set_idle(bool (*idle)(void *ctx), void *ctx)
{
	s.idle = idle;
	s.idle_ctx = ctx;
}

void sched_set_bound(uint64_t switches)
{
	s.bound = switches;
}

static bool make_somebody_runnable(void)
{
	if (s.strategy && s.strategy->idle)
		return s.strategy->idle(s.strategy->ctx);
	return s.idle && s.idle(s.idle_ctx);
}

static enum sched_why verdict(void)
{
	for (unsigned int i = 0; i < s.nr; i++)
		if (s.tasks[i].state == SCHED_BLOCKED && !s.tasks[i].idle)
			return SCHED_IS_BLOCKED;
	return SCHED_ENDED;
}

__attribute__((noinline)) void sched_standstill(void)
{
	s.standstills++;
	for (unsigned int i = 0; i < s.nr; i++) {
		struct sched_task *t = &s.tasks[i];

		if (t->state == SCHED_BLOCKED && !t->idle && !t->stuck_since)
			t->stuck_since = s.standstills;
	}
}

enum sched_why sched_run(const struct sched_strategy *strategy)
{
	enum sched_why why = SCHED_ENDED;

	s.strategy = strategy;
	s.switches = 0;
	s.alone = 0;
	sched_rearm();
	for (;;) {
		if (s.stopped) {
			why = SCHED_STOPPED;
			break;
		}
		if (s.bound && s.switches >= s.bound) {
			why = SCHED_BOUND;
			break;
		}
		if (!s.runnable && !make_somebody_runnable()) {
			why = verdict();
			if (why == SCHED_IS_BLOCKED)
				sched_standstill();
			break;
		}
		if (s.runnable)
			resume(choose());
	}
	s.strategy = NULL;
	sched_rearm();
	return why;
}

/* ---- looking ---- */

bool sched_is_own_stack(const void *p)
{
	return sched_current && fiber_has(&sched_current->fiber, p);
}

struct sched_task *sched_task_nr(unsigned int id)
{
	return id < s.nr ? &s.tasks[id] : NULL;
}

unsigned int sched_task_count(void)
{
	return s.nr;
}

unsigned int sched_standstills(void)
{
	return s.standstills;
}

void sched_stacks(const void **base, size_t *len)
{
	*base = fiber_stacks(len);
}

uint64_t sched_steps(void)
{
	return s.steps;
}

/* struct looker - who wants to see the stack of @task */
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

	if (task == sched_current)
		fiber_look(show_stack, &looker);
	else
		show_stack(task->fiber.sp, &looker);
}
