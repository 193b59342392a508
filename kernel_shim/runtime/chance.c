// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time and failures as choices of a search. Kind: model; the kernel's fault-injection
 * has dice, and its clock runs.
 *
 * A failure is armed in a step of its own; the next call of its kind fails, whoever
 * makes it. So the search says which call fails by the place of that step.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "runtime.h"
#include "sched/checkpoint.h"
#include "sched/lines.h"
#include "shim/chance.h"
#include "shim/fault.h"
#include "shim/work.h"

static const char *const fault_names[FAULT_NR] = {
	[FAULT_ALLOC] = "fault-alloc",
	[FAULT_TO_USER] = "fault-to-user",
	[FAULT_FROM_USER] = "fault-from-user",
	[FAULT_PIN] = "fault-pin",
	[FAULT_HALF_TO_USER] = "fault-half-to-user",
	[FAULT_HALF_FROM_USER] = "fault-half-from-user",
	[FAULT_IMPORT] = "fault-import",
	[FAULT_SHORT_PAGE] = "fault-short-page",
	[FAULT_TASK_WORK] = "fault-task-work",
};

struct chance {
	struct task_struct *task;
	struct sched_environment may;
};

#define HAPPENED_MAX (2 * CHANCES_MAX)

/* struct happened - one of the things that did; @kind: enum fault_kind, or TIME */
struct happened {
	unsigned int kind;
	unsigned long nr; /* of the call, or jiffies */
	const struct sched_site *site;
};
#define TIME FAULT_NR

static struct {
	unsigned int timers, faults; /* that are left */
	bool timer_fired;
	struct chance clock, fault[FAULT_NR];
	unsigned int nr_happened;
	struct happened happened[HAPPENED_MAX];
} c;

static void note(unsigned int kind, unsigned long nr, const struct sched_site *site)
{
	if (c.nr_happened < HAPPENED_MAX)
		c.happened[c.nr_happened++] = (struct happened){ kind, nr, site };
}

void chances_reset(void)
{
	if (c.clock.task || c.fault[0].task || c.timer_fired)
		memset(&c, 0, offsetof(__typeof__(c), happened));
	fault_watch(NULL);
}

void chances_checkpoint(struct checkpoint *into)
{
	checkpoint_bytes(into, &c, offsetof(__typeof__(c), happened));
	checkpoint_bytes(into, c.happened, c.nr_happened * sizeof(c.happened[0]));
}

static void create(struct chance *chance, const char *name, unsigned int at_most,
		   void (*fn)(void *arg), void *arg)
{
	chance->task = shim_task_new(name, 0, NULL, SHIM_PF_KTHREAD, fn, arg);
	chance->may.at_most = at_most;
	sched_environment(chance->task->fiber, &chance->may);
}

/* ---- time ---- */

static void clock_goes_on(void *arg)
{
	(void)arg;
	for (;;) {
		bool early = sched_tasks_runnable() != 0;

		if (shim_time_early() && early) {
			c.timers--;
			c.timer_fired = true;
		}
		sched_environment_done(c.timers != 0);
	}
}

void chances_timers(bool pending)
{
	if (!c.timers)
		return;
	c.clock.may.useful = c.clock.may.pressing = pending;
}

void chances_time(unsigned long jiffies_on, const struct sched_site *site)
{
	if (sched_tasks_runnable())
		note(TIME, jiffies_on, site);
}

void chances_touch(const void *object)
{
	if (c.clock.task)
		sched_touch(object, false);
}

/* ---- failures ---- */

/* those that can be armed, after something changed */
static void look_at_faults(void)
{
	for (unsigned int kind = 0; kind < FAULT_NR; kind++) {
		struct chance *f = &c.fault[kind];

		f->may.useful = c.faults && !fault_kinds[kind].left;
		if (f->may.useful)
			sched_wake(f->task->fiber);
		else if (f->task->fiber != sched_current())
			sched_withdraw(f->task->fiber);
	}
}

static void arm(void *arg)
{
	unsigned int kind = (unsigned int)(uintptr_t)arg;

	for (;;) {
		sched_touch(&fault_kinds[kind], true);
		sched_touch(&c.faults, true);
		c.faults--;
		fault_kinds[kind].left = 1;
		look_at_faults();
		sched_environment_done(false);
	}
}

/* a call of @kind, which fails if it is @hit */
static void saw_call(enum fault_kind kind, bool hit)
{
	sched_touch(&fault_kinds[kind], hit);
	if (!hit)
		return;
	note(kind, fault_kinds[kind].count, sched_current() ? sched_current()->at : NULL);
	look_at_faults();
}

/* ---- both ---- */

void chances_begin(const struct chances *most)
{
	c.timers = most->timers;
	c.faults = most->faults;
	if (most->timers) {
		create(&c.clock, "clock", most->timers, clock_goes_on, NULL);
		shim_time_touches(c.clock.may.changes);
		shim_time_look();
		/* also without a timer: it does not depend on which one comes first */
		sched_wake(c.clock.task->fiber);
	}
	for (unsigned int kind = 0; most->faults && kind < FAULT_NR; kind++) {
		struct chance *f = &c.fault[kind];

		create(f, fault_names[kind], most->faults, arm, (void *)(uintptr_t)kind);
		f->may.changes[0] = &fault_kinds[kind];
		f->may.changes[1] = &c.faults;
	}
	if (most->faults) {
		fault_watch(saw_call);
		look_at_faults();
	}
}

void chances_end(void)
{
	if (!c.clock.task && !c.fault[0].task)
		return;
	c.timers = c.faults = 0;
	fault_watch(NULL);
	for (unsigned int kind = 0; kind < FAULT_NR; kind++)
		fault_kinds[kind].left = 0;
}

bool chances_words(unsigned int i, char *buf, size_t len)
{
	static const struct {
		const char *call, *ends;
	} words[FAULT_NR] = {
		[FAULT_ALLOC] = { "allocation", "fails" },
		[FAULT_TO_USER] = { "copy to user memory", "fails" },
		[FAULT_FROM_USER] = { "copy from user memory", "fails" },
		[FAULT_PIN] = { "pinning of user memory", "fails" },
		[FAULT_HALF_TO_USER] = { "copy of two bytes or more to user memory",
					 "fails half-way" },
		[FAULT_HALF_FROM_USER] = { "copy of two bytes or more from user memory",
					   "fails half-way" },
		[FAULT_IMPORT] = { "import of user memory", "fails" },
		[FAULT_SHORT_PAGE] = { "taking of pages of user memory",
				       "gives half of what was asked for" },
		[FAULT_TASK_WORK] = { "task work",
				      "is cancelled, as SIGKILL came to its task" },
	};
	const struct happened *h = &c.happened[i];
	char place[160] = "";

	if (i >= c.nr_happened)
		return false;
	if (h->site)
		snprintf(place, sizeof(place), " in %s (%s:%d)", h->site->func,
			 h->site->file, site_line(h->site));
	if (h->kind != TIME)
		snprintf(buf, len, "%s %lu %s%s", words[h->kind].call, h->nr,
			 words[h->kind].ends, place);
	else
		snprintf(buf, len, "time goes on by %g s to %s%s",
			 (double)h->nr / SHIM_HZ,
			 h->site ? "the timer set" : "the end of a sleep", place);
	return true;
}

bool chances_taken(void)
{
	return c.timer_fired || (c.fault[0].task && fault_any_fired());
}
