/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How models are written: accesses that are announced as the kernel's are, and
 * what a family of models is.
 */
#ifndef MODEL_MODEL_I_H
#define MODEL_MODEL_I_H

#include "detect/race.h"
#include "detect/report.h"
#include "model/model.h"
#include "sched/sched.h"
#include "shim/heap.h"
#include "shim/lock.h"
#include "shim/task.h"

/* [smp_load_acquire] */
#define MARKED_LOAD(x)                                                       \
	({                                                                   \
		__typeof__(x) loaded__;                                      \
                                                                             \
		sched_point(SCHED_READ, (const void *)&(x), SCHED_SITE(#x)); \
		loaded__ = *(volatile __typeof__(x) *)&(x);                  \
		race_acquire(&(x));                                          \
		loaded__;                                                    \
	})

/* [smp_store_release] */
#define MARKED_STORE(x, value)                                                \
	do {                                                                  \
		sched_point(SCHED_WRITE, (const void *)&(x), SCHED_SITE(#x)); \
		*(volatile __typeof__(x) *)&(x) = (value);                    \
		race_store_release(&(x));                                     \
	} while (0)

/* what must hold in a task; the first time that it does not is reported */
#define MODEL_EXPECT(cond, what)                                                  \
	do {                                                                      \
		if (!(cond))                                                      \
			report(REPORT_ACCOUNTING, SCHED_SITE(#cond), "%s", what); \
	} while (0)

/**
 * struct model_family - models that differ by their numbers
 * @name: in front of the numbers
 * @numbers: how many its name may have: tasks, rounds, buffers
 * @fixed_tasks: number of tasks if @numbers is 0
 * @reset: before the tasks are made
 * @body: of each task; @arg is its number
 * @check: at the end, or NULL
 */
struct model_family {
	const char *name;
	unsigned int numbers, fixed_tasks;
	void (*reset)(const struct model *m);
	void (*body)(void *arg);
	void (*check)(const struct model *m);
};

/* whether the families were compiled with hooks; in ring.c, which is one of them */
extern const bool model_has_hooks;

extern const struct model_family model_ring, model_qrace;
extern const struct model_family model_plain_update;
extern const struct model_family model_lost_update, model_lost_update_fixed;
extern const struct model_family model_deadlock, model_deadlock_fixed;
extern const struct model_family model_lock_order, model_lock_order_fixed;
extern const struct model_family model_lost_wakeup, model_lost_wakeup_fixed;

static inline unsigned int number_of(void *arg)
{
	return (unsigned int)(__UINTPTR_TYPE__)arg;
}

#endif /* MODEL_MODEL_I_H */
