/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time and failures as choices of a search: that a timer fires while tasks could run,
 * and that the next call of a kind fails. Each is something that may happen (struct
 * sched_environment), a bounded number of times in an execution.
 */
#ifndef SHIM_CHANCE_H
#define SHIM_CHANCE_H

#include <stdbool.h>
#include <stddef.h>

struct sched_site;

/**
 * struct chances - how much may happen in an execution
 * @timers: so often, time goes on to the next timer although tasks can run
 * @faults: so many calls fail
 */
struct chances {
	unsigned int timers, faults;
};

#define CHANCES_MAX 100 /* of each */

/**
 * chances_begin() - from now on they may happen; nothing is created for what may not
 *
 * Context: the main context, after all that is to happen in a fixed order.
 */
void chances_begin(const struct chances *most);

/** chances_end() - nothing more happens by chance; what did is still known */
void chances_end(void);

/**
 * chances_taken() - a timer fired while tasks could run, or a call failed that need not
 * have: what a scenario expects of its calls' results need not hold
 */
bool chances_taken(void);

/**
 * chances_words() - what happened as number @i in this execution, in words: "allocation 3
 * fails in f (file.c:12)", "time goes on by 20 s to the timer set in g (file.c:34)"
 *
 * Return: false: not so much happened.
 */
bool chances_words(unsigned int i, char *buf, size_t len);

void chances_reset(void);

/** chances_checkpoint() - what may happen yet, and what has are state of an execution */
struct checkpoint;
void chances_checkpoint(struct checkpoint *c);

/** chances_timers() - for work.c: whether there is a timer to go on to */
void chances_timers(bool pending);

/** chances_time() - for work.c: by so many jiffies to a timer that was set at @site */
void chances_time(unsigned long jiffies_on, const struct sched_site *site);

/** chances_touch() - the current step reads what the clock changes; nothing without one
 */
void chances_touch(const void *object);

#endif /* SHIM_CHANCE_H */
