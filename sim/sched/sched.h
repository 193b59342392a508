/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler: tasks that are fibers of one thread, the points at which they may be
 * switched, and the choice of the task that runs next. Only one task runs at a time, and
 * it runs until it comes to a point, blocks, yields or ends: an execution is determined
 * by the choices (stateless model checking, Godefroid: POPL 1997).
 *
 * It knows nothing of kernels. The model of a primitive announces what a task is about
 * to do (sched_point()), blocks it (sched_block()) and wakes it (sched_wake()). A
 * script, a strategy or the default order chooses the next task.
 *
 * The process's own stack is the main context: no task runs there, and sched_current() is
 * NULL. It sets the tasks up, calls sched_run() or sched_run_task(), and looks at what
 * came of it. "Context" below says from where a function may be called. Nothing here
 * makes a system call, allocates or formats while an execution runs.
 */
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/site.h"

#define SCHED_MAX_TASKS 64

/** enum sched_what - what a task is about to do, or what has just happened */
enum sched_what {
	SCHED_SPAWN,	 /* a task was created */
	SCHED_EXIT,	 /* a task returned */
	SCHED_BLOCK,	 /* a task cannot go on */
	SCHED_WAKE,	 /* a task was made runnable */
	SCHED_LOCK,	 /* about to take a lock */
	SCHED_UNLOCK,	 /* gave a lock back */
	SCHED_ATOMIC,	 /* about to do an atomic read-modify-write */
	SCHED_READ,	 /* about to do a marked read (READ_ONCE, acquire) */
	SCHED_WRITE,	 /* about to do a marked write */
	SCHED_ALLOC,	 /* about to allocate */
	SCHED_FREE,	 /* about to free */
	SCHED_TO_USER,	 /* about to copy to user memory */
	SCHED_FROM_USER, /* about to copy from user memory */
	SCHED_PIN,	 /* about to pin pages of user memory */
	SCHED_WAIT,	 /* about to look at a wait condition */
	SCHED_NOTIFY,	 /* about to wake a wait queue */
	SCHED_WORK,	 /* work or a timer is queued, runs or is cancelled */
	SCHED_SUBMIT,	 /* a command is about to be issued */
	SCHED_COMPLETE,	 /* a command is about to complete */
	SCHED_CALLBACK,	 /* task work is queued or about to run */
	SCHED_SYSCALL,	 /* enters or leaves the kernel */
	SCHED_LOG,	 /* the kernel printed something */
	SCHED_FAULT,	 /* an injected failure took place */
	SCHED_NOTE,	 /* a remark by the scenario */
	SCHED_LOAD,	 /* about to do a plain read; seen by the hooks alone */
	SCHED_STORE,	 /* about to do a plain write */
	SCHED_NR_WHAT
};

#define SCHED_BIT(what) (1u << (what))
/* what sched_trace() alone names: nothing is chosen there, whatever a strategy's @mask
 * has */
#define SCHED_TRACED                                                               \
	(SCHED_BIT(SCHED_SPAWN) | SCHED_BIT(SCHED_EXIT) | SCHED_BIT(SCHED_BLOCK) | \
	 SCHED_BIT(SCHED_WAKE) | SCHED_BIT(SCHED_UNLOCK) | SCHED_BIT(SCHED_LOG) |  \
	 SCHED_BIT(SCHED_FAULT) | SCHED_BIT(SCHED_NOTE))
/* in @watch of struct sched_strategy: also call @touched */
#define SCHED_TOUCHES (1u << 31)
#define SCHED_ALL     (~SCHED_TOUCHES)
/* the points of "--points marked": plain accesses are left out */
#define SCHED_MARKED (SCHED_ALL & ~(SCHED_BIT(SCHED_LOAD) | SCHED_BIT(SCHED_STORE)))
/* the points of "--points sync": marked accesses are left out, too */
#define SCHED_SYNC (SCHED_MARKED & ~(SCHED_BIT(SCHED_READ) | SCHED_BIT(SCHED_WRITE)))

/** enum sched_state - of a task */
enum sched_state {
	SCHED_UNUSED,
	SCHED_RUNNABLE,
	SCHED_BLOCKED,
	SCHED_DONE,
};

/**
 * struct sched_task - one fiber
 * @name: shown in the trace
 * @id: index, in order of creation
 * @state: enum sched_state
 * @idle: set by the task while it waits for work: to be blocked is then no failure
 * @environment: no task of the program, but something that may happen at any point
 *	(sched_environment()); NULL: it is a task
 * @blocked_on: object given to sched_block(), for reports and targeted wakes
 * @blocked_why: expression or words given to sched_block()
 * @blocked_at: where it blocked
 * @at, @at_what, @at_object: the last armed point that it came to; @at_what is
 *	%SCHED_NR_WHAT after sched_yield()
 * @data: whatever the layer above hangs on; also the object of sched_touch() for what
 *	others tell the task before it blocks or ends (signals, work)
 * @stuck_since: blocked since that standstill (sched_standstills()); 0: was not
 *	blocked at the last one
 *
 * The rest is the fiber's own.
 */
struct sched_task {
	char name[24];
	uint16_t id;
	uint8_t state;
	bool idle;
	struct sched_environment *environment;
	const void *blocked_on;
	const char *blocked_why;
	const struct sched_site *blocked_at;
	const struct sched_site *at;
	enum sched_what at_what;
	unsigned int stuck_since;
	const void *at_object;
	void *data;

	void (*fn)(void *arg);
	void *arg;
	struct fiber {
		void *sp;	  /* saved stack pointer */
		char *stack;	  /* lowest usable byte */
		char *lowest;	  /* deepest stack pointer seen at a switch */
		void *fake_stack; /* AddressSanitizer's */
		bool lent;	  /* a part of the guard is stack */
	} fiber;
};

/**
 * struct sched_environment - something that may happen at any point of an execution, as
 * that a timer fires. A strategy schedules it like a task
 * @at_most: how often in an execution
 * @useful: it would make a difference now. If it would not, it is not chosen for chance
 *	alone
 * @pressing: it happens when no task can run
 * @changes: objects (sched_touch()) that it changes if it happens, in its place at
 *	the end of an execution in which it did not; up to the first NULL
 *
 * An execution does not wait for it: it has ended when no task can run, and nothing is
 * pressing. sched_run() without a choice (a NULL strategy) never runs it.
 */
struct sched_environment {
	unsigned int at_most;
	bool useful, pressing;
	const void *changes[4];
};

/**
 * struct sched_hot - what is read at every step of every task
 * @armed: SCHED_BIT()s of the points that take the slow path
 * @current: the task that runs; NULL: the main context
 * @current_data: its @data, or sched_set_main_data()
 * @hooks: bits of what looks at each memory access (enum hook_watcher, shim/hook.h); 0:
 *	a hook returns at once
 * @current_id: its @id, or %SCHED_MAX_TASKS
 * @environments: see sched_environments()
 *
 * At a fixed address below 2 GiB, mapped before main(): a subject is a shared object,
 * and nevertheless tests a bit of it with one instruction. Written by sim/sched alone,
 * but for sched_set_hooks(); read by the accessors below, each of which is one
 * instruction. Subjects with hooks read it by instructions that get no hook.
 */
struct sched_hot {
	unsigned int armed;
	struct sched_task *current;
	void *current_data;
	unsigned int hooks;
	unsigned int current_id;
	uint64_t environments;
};

#define SCHED_HOT ((struct sched_hot *)0x70000000)

#ifndef SHIM_HOOKED
#define SCHED_HOT_READ(member) (SCHED_HOT->member)
#else
#define SCHED_HOT_READ(member)                                                  \
	({                                                                      \
		__typeof__(SCHED_HOT->member) value__;                          \
                                                                                \
		__asm__("mov %1, %0" : "=r"(value__) : "m"(SCHED_HOT->member)); \
		value__;                                                        \
	})
#endif

/** sched_armed() - SCHED_BIT()s of the points that take the slow path */
static inline unsigned int sched_armed(void)
{
	return SCHED_HOT_READ(armed);
}

/** sched_current() - the task that runs; NULL: the main context */
static inline struct sched_task *sched_current(void)
{
	return SCHED_HOT_READ(current);
}

/** sched_current_id() - its id, or %SCHED_MAX_TASKS */
static inline unsigned int sched_current_id(void)
{
	return SCHED_HOT_READ(current_id);
}

/** sched_current_data() - its @data, or what sched_set_main_data() was given */
static inline void *sched_current_data(void)
{
	return SCHED_HOT_READ(current_data);
}

/** sched_hooks() - bits of what looks at each memory access [enum hook_watcher] */
static inline unsigned int sched_hooks(void)
{
	return SCHED_HOT_READ(hooks);
}

/** sched_environments() - set of what may happen in this execution, by id */
static inline uint64_t sched_environments(void)
{
	return SCHED_HOT_READ(environments);
}

/** sched_set_hooks() - set them. Context: any */
static inline void sched_set_hooks(unsigned int hooks)
{
	SCHED_HOT->hooks = hooks;
}

/* the slow paths of the inline functions below */
void sched_point_slow(enum sched_what what, const void *object,
		      const struct sched_site *site);
void sched_trace_slow(enum sched_what what, const void *object, int64_t value,
		      const struct sched_site *site);
void sched_touch_slow(const void *object, bool changes);

/**
 * sched_point() - the current task is about to do something
 * @what: kind of step
 * @object: what it is done to: a lock, a wait queue, a command, a user address
 * @site: where
 *
 * Other tasks may run before it returns. Costs a load and a branch while @what is not
 * armed.
 *
 * Context: task; in the main context it only traces.
 */
static inline void sched_point(enum sched_what what, const void *object,
			       const struct sched_site *site)
{
	if (__builtin_expect(sched_armed() & SCHED_BIT(what), 0))
		sched_point_slow(what, object, site);
}

/**
 * sched_touch() - the current step reads or changes @object
 * @object: any address that stands for state of a model
 * @changes: or only reads
 *
 * No point, and not traced: for state that other tasks see and that no point names. Two
 * steps that touch the same object, one of them changing it, depend on each other.
 * Costs a load and a branch while no strategy asks for it.
 *
 * Context: any; in the main context it does nothing.
 */
static inline void sched_touch(const void *object, bool changes)
{
	if (__builtin_expect(sched_armed() & SCHED_TOUCHES, 0))
		sched_touch_slow(object, changes);
}

/**
 * sched_trace() - something has happened; never switches
 * @what: kind of step
 * @object: as in sched_point()
 * @value: a number worth showing (result, length, id)
 * @site: where
 *
 * Context: any.
 */
static inline void sched_trace(enum sched_what what, const void *object, int64_t value,
			       const struct sched_site *site)
{
	if (__builtin_expect(sched_armed() & SCHED_BIT(what), 0))
		sched_trace_slow(what, object, value, site);
}

/**
 * typedef sched_observer - looks on
 * @unlocked: the lock that was given back and is free now; NULL: no task can run
 * @site: where it was given back, or NULL
 */
typedef void (*sched_observer)(const void *unlocked, const struct sched_site *site);

/**
 * sched_set_observer() - call @fn when a lock was given back (%SCHED_UNLOCK), and when
 * no task can run, before time passes
 * @fn: NULL: none; sched_reset() removes it, too
 *
 * What a lock guards is the same at these moments in all executions that order the
 * holders alike, so a search that tries one of them loses nothing.
 *
 * It may read and report, but it is no part of the schedule: it comes to no point and
 * wakes no task. It runs on the task's stack.
 */
void sched_set_observer(sched_observer fn);

/**
 * sched_set_main_blocks() - what to do when the main context would block, which it cannot
 * @fn: does not return if it can go on elsewhere; else, and without one, the program ends
 *	with status 3. Holds over sched_reset()
 */
void sched_set_main_blocks(void (*fn)(const char *why, const struct sched_site *site));

/**
 * sched_arm() - always take the slow path of these points
 * @mask: SCHED_BIT()s
 *
 * For a detector that the slow path of a primitive calls. Holds until the next call,
 * also over sched_reset().
 */
void sched_arm(unsigned int mask);

/* sched_rearm() - recompute sched_armed(); for sim/sched alone */
void sched_rearm(void);

/**
 * sched_reset() - begin an execution: forget every task, and empty the trace
 *
 * The stacks are mapped by the first call (status 3 if that fails), and what was used of
 * them is zeroed by the next one, so that an uninitialised variable reads the same in
 * every execution.
 *
 * Context: the main context.
 */
void sched_reset(void);

/** sched_set_main_data() - set sched_current_data() of the main context */
void sched_set_main_data(void *data);

/**
 * sched_set_lock_owner() - where a lock says which task holds it: installed by the layer
 * that models locks
 * @offset: bytes from the object of a %SCHED_LOCK point to a pointer: @data of the task
 *	that holds it, NULL while it is free
 *
 * Not a function, because the exhaustive search reads it for each task at each choice.
 * Holds until the next call, also over sched_reset().
 */
void sched_set_lock_owner(size_t offset);

/**
 * sched_lock_owner() - the pointer that @lock has there; NULL if no offset was installed
 *
 * The lock's memory may have been freed: the pointer is to be compared, not followed.
 */
const void *sched_lock_owner(const void *lock);

/**
 * sched_spawn() - create a runnable task
 * @name: for the trace; copied, cut at 23 bytes
 * @fn: runs on the new task's stack; the task ends when it returns
 * @arg: of @fn
 *
 * Context: any. Return: the task. Ends the program with status 3 if there are
 * %SCHED_MAX_TASKS already.
 */
struct sched_task *sched_spawn(const char *name, void (*fn)(void *), void *arg);

/** sched_tasks_left() - how many tasks there may be yet; those that have ended count */
unsigned int sched_tasks_left(void);

/**
 * sched_block() - the current task cannot go on until sched_wake()
 * @on: what it waits for
 * @why: words for the report; must live as long as the trace
 * @site: where
 *
 * The caller checks its condition again afterwards: a wake-up is a hint.
 *
 * Context: task. In the main context: sched_set_main_blocks().
 */
void sched_block(const void *on, const char *why, const struct sched_site *site);

/**
 * sched_environment() - make a task, which has not run yet, something that may happen
 * @e: lives as long as the execution
 *
 * It is blocked until sched_wake(); each time it is chosen then, it does its step.
 */
void sched_environment(struct sched_task *task, struct sched_environment *e);

/**
 * sched_environment_done() - the step of the current task has happened; returns when it
 * is to happen again
 * @again: it can; else it is blocked until sched_wake()
 */
void sched_environment_done(bool again);

/** sched_withdraw() - what may happen cannot happen any more: until sched_wake() */
void sched_withdraw(struct sched_task *task);

/** sched_tasks_runnable() - set of the runnable tasks without what may happen */
uint64_t sched_tasks_runnable(void);

/** sched_exit() - end the current task, however deep in calls it is. Context: task */
void sched_exit(void) __attribute__((noreturn));

/**
 * sched_wake() - make a blocked task runnable; does not switch to it
 *
 * Context: any. Return: whether it was blocked.
 */
bool sched_wake(struct sched_task *task);

/** sched_wake_on() - wake every task that is blocked on @on. Return: how many */
unsigned int sched_wake_on(const void *on);

/**
 * sched_yield() - let other tasks run: for a task that polls
 *
 * The default order goes on with the next runnable task by id; sched_run_task() returns
 * %SCHED_AT_POINT; PCT demotes the task.
 *
 * Context: task; in the main context it does nothing.
 */
void sched_yield(void);

/**
 * sched_stop() - end this execution: no task continues, and sched_run() or
 * sched_run_task() returns %SCHED_STOPPED
 *
 * For a failure after which the rest of the execution means nothing (BUG, use after
 * free).
 *
 * Context: any. Does not return to a task; it returns in the main context.
 */
void sched_stop(void);

/** sched_stopped() - whether sched_stop() was called in this execution */
bool sched_stopped(void);

/** enum sched_why - why sched_run() or sched_run_task() returned */
enum sched_why {
	SCHED_ENDED,	  /* the task ended / every task ended or is idle */
	SCHED_AT_POINT,	  /* at the point asked for, before the step */
	SCHED_IS_BLOCKED, /* the task blocked / no task is runnable */
	SCHED_STOPPED,	  /* sched_stop() */
	SCHED_BOUND,	  /* sched_set_bound(): a live-lock, or too low a bound */
};

/**
 * sched_run_task() - run one task, and no other, until @stop says so
 * @task: the task
 * @stop: called at each point of @mask: true ends the call before the step; or NULL
 * @ctx: its first argument
 * @mask: SCHED_BIT()s
 *
 * Context: the main context. Return: as enum sched_why says, but %SCHED_BOUND; of a task
 * that has ended or is blocked at once.
 */
enum sched_why sched_run_task(struct sched_task *task,
			      bool (*stop)(void *ctx, enum sched_what what,
					   const void *object,
					   const struct sched_site *site),
			      void *ctx, unsigned int mask);

/**
 * struct sched_strategy - the choice of the next task
 * @pick: choose one of @n runnable tasks, ordered by id. @last is the task that had run,
 *	or NULL; it is among them unless it blocked or ended. Called on the stack of
 *	@last, if that was current, or in the main context
 * @ctx: first argument of the functions
 * @mask: SCHED_BIT()s of the points at which there is a choice; when a task blocks,
 *	ends or yields there always is
 * @idle: no task is runnable: make one runnable (advance virtual time) and return true,
 *	or return false. NULL: as sched_set_idle() says
 * @saw: called at the points in @watch that are not in @mask
 * @touched: called by sched_touch(), if @watch has %SCHED_TOUCHES
 * @watch: SCHED_BIT()s, and %SCHED_TOUCHES
 */
struct sched_strategy {
	struct sched_task *(*pick)(void *ctx, struct sched_task *const *runnable,
				   unsigned int n, struct sched_task *last);
	void *ctx;
	unsigned int mask;
	bool (*idle)(void *ctx);
	void (*saw)(void *ctx, enum sched_what what, const void *object);
	void (*touched)(void *ctx, const void *object, bool changes);
	unsigned int watch;
};

/**
 * sched_run() - run all tasks
 * @strategy: NULL: the default order: go on with the task that had run, else with the
 *	runnable one of the lowest id
 *
 * Context: the main context. Return: %SCHED_ENDED when every task ended or is blocked
 * with @idle set, %SCHED_IS_BLOCKED when another one is blocked for good,
 * %SCHED_STOPPED, or %SCHED_BOUND.
 */
enum sched_why sched_run(const struct sched_strategy *strategy);

/**
 * sched_park() - call @fn in the main context, while every task is parked
 *
 * For checkpoint_take(): one that is put back goes on where this returns, whatever
 * sched_run() is called with.
 *
 * Context: a task under sched_run(). No switch is counted.
 */
void sched_park(void (*fn)(void));

/** sched_checkpoint() - tasks, stacks and the trace are state of an execution */
struct checkpoint;
void sched_checkpoint(struct checkpoint *c);

/**
 * sched_standstill() - no task is runnable, and one that is not idle is blocked:
 * sched_run() calls it before it returns %SCHED_IS_BLOCKED
 *
 * A place for a breakpoint: every stack is still there.
 */
void sched_standstill(void);

/** sched_standstills() - number of standstills in this execution so far */
unsigned int sched_standstills(void);

/** sched_set_idle() - @idle of strategies that have none; holds over sched_reset() */
void sched_set_idle(bool (*idle)(void *ctx), void *ctx);

/**
 * sched_set_bound() - when sched_run() returns %SCHED_BOUND
 * @switches: number of switches since it began, or of points that one task passed
 *	since the last switch; 0: no bound. Holds over sched_reset()
 */
void sched_set_bound(uint64_t switches);

/** sched_is_own_stack() - is @p on the current task's stack? */
bool sched_is_own_stack(const void *p);

/**
 * sched_stack_overflows() - is @p right below the current task's stack?
 * @lend: then let the task use some more, until sched_reset(). Makes a system call
 */
bool sched_stack_overflows(const void *p, bool lend);

/** sched_stack_end() - first byte behind the current task's stack; NULL: no task runs */
const char *sched_stack_end(void);

/** sched_task_nr() - task @id, or NULL. Tasks are numbered from 0 without gaps */
struct sched_task *sched_task_nr(unsigned int id);

/** sched_task_count() - number of tasks in this execution, ended ones included */
unsigned int sched_task_count(void);

/** sched_runnable() - set of the runnable tasks: a bit for each, by id */
uint64_t sched_runnable(void);

/** sched_stacks_have() - are @len bytes at @p on one of the stacks, not in a guard? */
bool sched_stacks_have(const void *p, size_t len);

/** sched_stacks() - the memory that all stacks are in, from @base on, @len bytes */
void sched_stacks(const void **base, size_t *len);

/**
 * sched_stacks_used() - what was used of the stack of task @i
 *
 * Return: false: there is no such task.
 */
bool sched_stacks_used(unsigned int i, uintptr_t *from, uintptr_t *to);

/**
 * struct sched_stack - what is used of a task's stack
 * @from, @len: bytes; the first are what fiber_switch() pushed: %r15, %r14, %r13,
 *	%r12, %rbx, %rbp and the address at which the task goes on
 */
struct sched_stack {
	const void *from;
	size_t len;
};

/**
 * sched_look() - call @fn with the stack of @task
 * @task: must not run or end meanwhile; of the current task the registers are those of
 *	the call
 * @fn: gets @stack, which is valid during the call, and @arg
 */
void sched_look(const struct sched_task *task,
		void (*fn)(const struct sched_stack *stack, void *arg), void *arg);

/**
 * sched_switches() - switches since sched_run() began
 * @alone: points of the strategy's that the current task has passed since the last one
 *
 * What else is armed, as by the trace, makes no difference.
 */
uint64_t sched_switches(uint64_t *alone);

/** sched_runs() - how often sched_run() and sched_run_task() began in this execution */
uint64_t sched_runs(void);

/** sched_steps() - number of armed points that tasks came to in this execution */
uint64_t sched_steps(void);

#endif /* SCHED_SCHED_H */
