/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler: tasks that are fibers of one thread, the points at which they
 * may be switched, and who runs next.
 *
 * It knows nothing of kernels. Whoever models a primitive announces what a task
 * is about to do (sched_point()), blocks it (sched_block()) and wakes it
 * (sched_wake()); a director - a script, a strategy, or the default order -
 * decides who continues. The director runs on the process's own stack and is
 * "no task": sched_current is NULL there.
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
	SCHED_SPAWN,		/* a task was created */
	SCHED_EXIT,		/* a task returned */
	SCHED_BLOCK,		/* a task cannot go on */
	SCHED_WAKE,		/* a task was made runnable */
	SCHED_LOCK,		/* about to take a lock */
	SCHED_UNLOCK,		/* gave a lock back */
	SCHED_ATOMIC,		/* about to do an atomic read-modify-write */
	SCHED_READ,		/* about to do a marked read (READ_ONCE, acquire) */
	SCHED_WRITE,		/* about to do a marked write */
	SCHED_ALLOC,		/* about to allocate */
	SCHED_FREE,		/* about to free */
	SCHED_TO_USER,		/* about to copy to user memory */
	SCHED_FROM_USER,	/* about to copy from user memory */
	SCHED_PIN,		/* about to pin pages of user memory */
	SCHED_WAIT,		/* about to look at a wait condition */
	SCHED_NOTIFY,		/* about to wake a wait queue */
	SCHED_WORK,		/* work or a timer is queued, runs or is cancelled */
	SCHED_SUBMIT,		/* a command is about to be issued */
	SCHED_COMPLETE,		/* a command is about to complete */
	SCHED_CALLBACK,		/* task work is queued or about to run */
	SCHED_SYSCALL,		/* enters or leaves the kernel */
	SCHED_LOG,		/* the kernel printed something */
	SCHED_FAULT,		/* an injected failure took place */
	SCHED_NOTE,		/* a remark by the scenario */
	SCHED_LOAD,		/* about to do a plain read; seen by the hooks alone */
	SCHED_STORE,		/* about to do a plain write */
	SCHED_NR_WHAT
};

#define SCHED_BIT(what) (1u << (what))
/* in struct sched_strategy's watch: tell of sched_touch() */
#define SCHED_TOUCHES (1u << 31)
#define SCHED_ALL (~SCHED_TOUCHES)
/* the points of "--points marked": plain accesses are left out */
#define SCHED_MARKED (SCHED_ALL & ~(SCHED_BIT(SCHED_LOAD) | SCHED_BIT(SCHED_STORE)))
/* the points of "--points sync": marked accesses are left out, too */
#define SCHED_SYNC (SCHED_MARKED & ~(SCHED_BIT(SCHED_READ) | SCHED_BIT(SCHED_WRITE)))

/** enum sched_state - where a task stands */
enum sched_state {
	SCHED_UNUSED,
	SCHED_RUNNABLE,
	SCHED_BLOCKED,
	SCHED_DONE,
};

/**
 * struct sched_task - one fiber
 * @name: shown in the trace; owned by the task
 * @id: index, in order of creation
 * @state: who may run it
 * @blocked_on: object given to sched_block(), for reports and targeted wakes
 * @blocked_why: expression or words given to sched_block()
 * @blocked_at: where it blocked
 * @at: the last point that it reached, if points are armed
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
	bool idle;		/* waits for work: being blocked is its rest */
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
		void *sp;		/* saved stack pointer */
		char *stack;		/* lowest usable byte */
		char *lowest;		/* deepest stack pointer seen at a switch */
		void *fake_stack;	/* AddressSanitizer's */
	} fiber;
};

/**
 * struct sched_hot - what every step of every task looks at
 * @armed: SCHED_BIT()s somebody watches
 * @current: NULL: the director
 * @current_data: its @data, or the director's
 * @current_id: its @id, or %SCHED_MAX_TASKS
 * @hooks: who looks at each memory access (enum hook_watcher, shim/hook.h); 0: nobody
 *
 * At a fixed address below 2 GiB (mapped before main()): a subject is a shared
 * object, and still tests a bit of it with one instruction.
 */
struct sched_hot {
	unsigned int armed;
	struct sched_task *current;
	void *current_data;
	unsigned int hooks;
	unsigned int current_id;
};

#define SCHED_HOT		((struct sched_hot *)0x70000000)
#define sched_current		(SCHED_HOT->current)
#define sched_current_id	(SCHED_HOT->current_id)
#ifndef SHIM_HOOKED
#define sched_armed		(SCHED_HOT->armed)
#define sched_current_data	(SCHED_HOT->current_data)
#define sched_hooks		(SCHED_HOT->hooks)
#else
/* A subject with hooks reads them by instructions that the compiler puts no hook at. */
#define sched_armed		sched_hot_bits(&SCHED_HOT->armed)
#define sched_current_data	sched_hot_pointer(&SCHED_HOT->current_data)
#define sched_hooks		sched_hot_bits(&SCHED_HOT->hooks)

static inline unsigned int sched_hot_bits(const unsigned int *at)
{
	unsigned int bits;

	__asm__("movl %1, %0" : "=r"(bits) : "m"(*at));
	return bits;
}

static inline void *sched_hot_pointer(void *const *at)
{
	void *pointer;

	__asm__("movq %1, %0" : "=r"(pointer) : "m"(*at));
	return pointer;
}
#endif

void sched_point_slow(enum sched_what what, const void *object,
		      const struct sched_site *site);
void sched_trace_slow(enum sched_what what, const void *object, int64_t value,
		      const struct sched_site *site);

/**
 * sched_point() - the current task is about to do something
 * @what: kind of step
 * @object: what it is done to: a lock, a wait queue, a command, a user address
 * @site: where
 *
 * Context: task or director (where it only traces). May switch to the director
 * and return later. Costs a load and a branch when nobody watches @what.
 */
static inline void sched_point(enum sched_what what, const void *object,
			       const struct sched_site *site)
{
	if (__builtin_expect(sched_armed & SCHED_BIT(what), 0))
		sched_point_slow(what, object, site);
}

void sched_touch_slow(const void *object, bool changes);

/**
 * sched_touch() - the step that is being done looks at @object or changes it
 *
 * No point, and not traced: for state of a model that others may see and that no
 * point names. Two steps that touch the same object, one of them changing it, may
 * not change places. Costs a load and a branch when nobody watches.
 */
static inline void sched_touch(const void *object, bool changes)
{
	if (__builtin_expect(sched_armed & SCHED_TOUCHES, 0))
		sched_touch_slow(object, changes);
}

/**
 * sched_trace() - something has happened; never switches
 * @what: kind of step
 * @object: as in sched_point()
 * @value: a number worth showing (result, length, id)
 * @site: where
 */
static inline void sched_trace(enum sched_what what, const void *object,
			       int64_t value, const struct sched_site *site)
{
	if (__builtin_expect(sched_armed & SCHED_BIT(what), 0))
		sched_trace_slow(what, object, value, site);
}

/**
 * sched_set_observer() - call @fn whenever a task is about to do a step of
 * SCHED_SYNC, blocks or ends; NULL: nobody looks on
 *
 * It sees what the steps before have done. It may look and report, but it is no
 * task and no part of the schedule: it passes no point and wakes nobody.
 */
void sched_set_observer(void (*fn)(void));

/**
 * sched_arm() - these steps are always announced the long way, even if no director
 * watches them: for a detector that is told of them
 *
 * Holds until the next call, also over sched_reset().
 */
void sched_arm(unsigned int mask);

/* sched_rearm() - recompute sched_armed; for the trace and the scheduler alone */
void sched_rearm(void);

/*
 * Set-up. sched_reset() forgets every task (their stacks are kept for reuse)
 * and empties the trace: one call before each execution.
 */
void sched_reset(void);

/** sched_set_director_data() - what sched_current_data is while no task runs */
void sched_set_director_data(void *data);

/** sched_lock_owner() of a lock that is not held; the main context: %SCHED_MAX_TASKS */
#define SCHED_LOCK_FREE (SCHED_MAX_TASKS + 1)

/**
 * sched_set_lock_owner() - how to find out who holds a lock: installed by the layer
 * that models locks
 * @owner: of the lock that was the object of a %SCHED_LOCK point: id of the task that
 *	holds it, %SCHED_MAX_TASKS if that is no task, %SCHED_LOCK_FREE. The lock's
 *	memory may have been freed since
 *
 * Holds until the next call, also over sched_reset(). Without one every lock is free.
 */
void sched_set_lock_owner(unsigned int (*owner)(const void *lock));

/** sched_lock_owner() - what the installed function says of @lock */
unsigned int sched_lock_owner(const void *lock);

/**
 * sched_spawn() - create a runnable task
 * @name: for the trace; copied, cut at 23 bytes
 * @fn: runs on the new task's stack; returning ends the task
 * @arg: handed to @fn
 *
 * Return: the task; the simulator ends with status 3 if there are
 * SCHED_MAX_TASKS already (a bound that is said, not hidden).
 */
struct sched_task *sched_spawn(const char *name, void (*fn)(void *), void *arg);

/**
 * sched_block() - the current task cannot go on until sched_wake()
 * @on: what it waits for
 * @why: words for the report
 * @site: where
 *
 * The caller re-checks its condition afterwards: a wake-up is a hint.
 */
void sched_block(const void *on, const char *why, const struct sched_site *site);

/** sched_exit() - end the current task from wherever it is */
void sched_exit(void) __attribute__((noreturn));

/** sched_wake() - make a blocked task runnable. Return: whether it was blocked */
bool sched_wake(struct sched_task *task);

/** sched_wake_on() - wake every task blocked on @on. Return: how many */
unsigned int sched_wake_on(const void *on);

/**
 * sched_yield() - let others run: for a task that retries until somebody else
 * has done something
 *
 * The default order gives everybody a turn; a script gets control back
 * (%SCHED_AT_POINT).
 */
void sched_yield(void);

/**
 * sched_stop() - end this execution from within: the current task never
 * continues, and the director's call returns %SCHED_STOPPED
 *
 * For a failure after which going on means nothing (BUG, use after free).
 * Does not return, except when called by the director itself.
 */
void sched_stop(void);
bool sched_stopped(void);

/** enum sched_why - why a director's call returned */
enum sched_why {
	SCHED_ENDED,		/* the task returned / all tasks are done */
	SCHED_AT_POINT,		/* the point asked for: not yet done */
	SCHED_IS_BLOCKED,	/* the task blocked / nobody can run */
	SCHED_STOPPED,		/* sched_stop(): a failure ended the execution */
	SCHED_BOUND,		/* too many steps: a live-lock, or a bound */
};

/* Directors. Only one is active at a time; all are called with no current task. */

/**
 * sched_run_task() - run one task until @stop says so
 * @task: who runs; nobody else does
 * @stop: NULL, or asked at each armed point: true ends the call before the step
 * @ctx: handed to @stop
 * @mask: SCHED_BIT()s at which to ask
 */
enum sched_why sched_run_task(struct sched_task *task,
			      bool (*stop)(void *ctx, enum sched_what what,
					   const void *object,
					   const struct sched_site *site),
			      void *ctx, unsigned int mask);

/**
 * struct sched_strategy - who runs next
 * @pick: choose one of @n runnable tasks (ordered by id); @last ran before or
 *	is NULL, and may be chosen only if it is among them
 * @mask: points at which a switch is considered; 0: only when a task blocks
 * @idle: nobody can run: make somebody runnable (advance virtual time) or
 *	return false
 * @saw: told of the steps in @watch that are not in @mask, without a choice
 * @touched: told of sched_touch(), if @watch has %SCHED_TOUCHES
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
 * sched_run() - run all tasks under @strategy; NULL is the default order: go on
 * with the task that ran, else with the runnable one of the lowest id
 *
 * Return: %SCHED_ENDED when every task is done or at rest (@idle set and
 * blocked), %SCHED_IS_BLOCKED when one is blocked for good, %SCHED_STOPPED,
 * or %SCHED_BOUND after sched_set_bound() steps.
 */
enum sched_why sched_run(const struct sched_strategy *strategy);

/**
 * sched_standstill() - nobody can run, and somebody waits for good: sched_run()
 * calls it before it returns %SCHED_IS_BLOCKED
 *
 * A place for a debugger to stop at: every stack is still there.
 */
void sched_standstill(void);

/** sched_standstills() - how often that was the case in this execution */
unsigned int sched_standstills(void);

/** sched_set_idle() - the idle function of the default order and of scripts */
void sched_set_idle(bool (*idle)(void *ctx), void *ctx);

/**
 * sched_set_bound() - switches after which sched_run() gives up, and points that one
 * task may pass with nobody taking over; 0: none
 */
void sched_set_bound(uint64_t switches);

/** sched_is_own_stack() - is @p on the current task's stack? */
bool sched_is_own_stack(const void *p);

/** sched_task_nr() - task @id, or NULL. Tasks are numbered from 0 without gaps */
struct sched_task *sched_task_nr(unsigned int id);
unsigned int sched_task_count(void);

/** sched_stacks() - where the tasks' stacks are */
void sched_stacks(const void **base, size_t *len);

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
 * sched_look() - call @fn with the stack of @task, which is neither to run nor to end
 * meanwhile; of the current task with its registers as they are now
 */
void sched_look(const struct sched_task *task,
		void (*fn)(const struct sched_stack *stack, void *arg), void *arg);

/** sched_steps() - points passed in this execution, while any were armed */
uint64_t sched_steps(void);

#endif /* SCHED_SCHED_H */
