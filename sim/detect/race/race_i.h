/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the race detector share: clocks, places, and the way from an
 * unordered pair to its report.
 */
#ifndef DETECT_RACE_I_H
#define DETECT_RACE_I_H

#include "detect/race.h"

/*
 * A task's clock says up to which of its own ticks it has seen each task's doings;
 * its own component is the present. Ticks go on from execution to execution: all
 * up to race_base are of the past, and cells and clocks that hold them are stale
 * by comparison. No other clock is ever cleared: a stale component is as good as none.
 * A task's own clock has none, from its first step on: race_begin() sees to it.
 */
struct race_clock {
	uint32_t tick[SCHED_MAX_TASKS];
};

extern struct race_clock
	race_clocks[SCHED_MAX_TASKS + 1]; /* the last: the main context's */
extern uint32_t race_base;

/*
 * A task and its present, as they are in a slot of the shadow (cell.h): its tick
 * in the upper half, its number in the second byte. 0: it took no step yet in this
 * execution, or asked to look away, or is the main context.
 */
extern uint64_t race_present[SCHED_MAX_TASKS + 1];

/* a task's first step in this execution */
void race_begin(unsigned int task);

/* see to it that the current task has a present; @task is its id */
static inline void race_now(unsigned int task)
{
	if (__builtin_expect(race_clocks[task].tick[task] <= race_base, 0))
		race_begin(task);
}

/* ---- how and where ---- */

#define RACE_HOW_WRITE 1u
#define RACE_HOW_PLAIN 2u

/* a place is a code address, or a site and RACE_PLACE_SITE */
typedef uint64_t race_place;
#define RACE_PLACE_SITE 1ull

/*
 * In race_places[] alone: values that are written there are asked for (value.h), stacks
 * (earlier.h). The short way is not taken then; what is left of the access is the same.
 */
#define RACE_PLACE_ASKED (1ull << 63)
#define RACE_PLACE_STACK (1ull << 62)
#define RACE_PLACE_MARKS (RACE_PLACE_ASKED | RACE_PLACE_STACK)

static inline race_place race_place_of(const void *pc, const struct sched_site *site)
{
	return site ? (uintptr_t)site << 1 | RACE_PLACE_SITE : (uintptr_t)pc << 1;
}

/** struct race_side - one of the two accesses; @tick: its task's, when it was made */
struct race_side {
	race_place place;
	uint8_t task, how;
	uint32_t tick;
};

/**
 * race_found() - report a pair, if that was not done in this execution
 * @object: the first byte that both touch
 * @range: words of the range that it is in
 */
void race_found(const void *object, const char *range, const struct race_side *before,
		const struct race_side *now) __attribute__((cold));

/** race_report_forget() - code goes away: its addresses will mean something else */
void race_report_forget(void);

/** race_report_reset() - a new execution: pairs may be reported again */
void race_report_reset(void);

#endif /* DETECT_RACE_I_H */
