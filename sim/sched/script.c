// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripted schedules, by sched_run_task().
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sched/lines.h"
#include "sched/script.h"
#include "sched/trace.h"

/* a task that polls for what never comes is stopped, too */
#define SCRIPT_MAX_YIELDS 1000

static const char *(*lock_class)(const void *lock);
static void (*on_fail)(const char *message, const char *file, int line);

/* struct goal - where a task is to stop */
struct goal {
	const char *text; /* lock class or function name */
	int count;
};

void script_set_lock_class(const char *(*class_of)(const void *lock))
{
	lock_class = class_of;
}

void script_set_fail(void (*fail)(const char *message, const char *file, int line))
{
	on_fail = fail;
}

static const char *state_word(const struct sched_task *t)
{
	switch (t->state) {
	case SCHED_DONE:
		return "ended";
	case SCHED_BLOCKED:
		return t->idle ? "is idle" : "blocked";
	default:
		return "stopped";
	}
}

static void fail(const struct sched_task *t, const char *goal, const char *detail,
		 const char *file, int line)
{
	char message[320], where[128] = "";
	const struct sched_site *at = t->state == SCHED_BLOCKED ? t->blocked_at : t->at;

	if (at)
		snprintf(where, sizeof(where), " at %s:%d (%s)", at->file, site_line(at),
			 at->func);
	snprintf(message, sizeof(message), "script: %s %s%s%s before it %s %s%s%s",
		 t->name, state_word(t), where,
		 sched_stopped() ? " (execution stopped)" : "", goal, detail,
		 t->state == SCHED_BLOCKED ? "; it waits for " : "",
		 t->state == SCHED_BLOCKED && t->blocked_why ? t->blocked_why : "");
	if (on_fail)
		on_fail(message, file, line);
	fprintf(stderr, "%s:%d: %s\n", file, line, message);
	exit(3);
}

static bool at_lock(void *ctx, enum sched_what what, const void *object,
		    const struct sched_site *site)
{
	struct goal *goal = ctx;

	(void)what;
	(void)site;
	return lock_class && !strcmp(lock_class(object), goal->text) &&
	       --goal->count == 0;
}

static bool at_nth(void *ctx, enum sched_what what, const void *object,
		   const struct sched_site *site)
{
	struct goal *goal = ctx;

	(void)what;
	(void)object;
	(void)site;
	return --goal->count == 0;
}

static bool at_func(void *ctx, enum sched_what what, const void *object,
		    const struct sched_site *site)
{
	struct goal *goal = ctx;

	(void)what;
	(void)object;
	return site && !strcmp(site->func, goal->text);
}

/* no other task runs, so one that yields is run again */
static enum sched_why run_on(struct sched_task *t)
{
	enum sched_why why;
	int yields = 0;

	do
		why = sched_run_task(t, NULL, NULL, 0);
	while (why == SCHED_AT_POINT && ++yields < SCRIPT_MAX_YIELDS);
	return why;
}

enum sched_why script_to_end(struct sched_task *t, const char *file, int line)
{
	enum sched_why why = run_on(t);

	if (why != SCHED_ENDED && !(why == SCHED_IS_BLOCKED && t->idle))
		fail(t, "came to its end", "", file, line);
	return why;
}

enum sched_why script_blocked(struct sched_task *t, const char *file, int line)
{
	enum sched_why why = sched_run_task(t, NULL, NULL, 0);

	if (why != SCHED_IS_BLOCKED)
		fail(t, "blocked", "", file, line);
	return why;
}

enum sched_why script_lock(struct sched_task *t, const char *class, int n,
			   const char *file, int line)
{
	struct goal goal = { .text = class, .count = n };
	enum sched_why why = sched_run_task(t, at_lock, &goal, SCHED_BIT(SCHED_LOCK));

	if (why != SCHED_AT_POINT || goal.count)
		fail(t, "was about to take", class, file, line);
	return why;
}

enum sched_why script_nth(struct sched_task *t, enum sched_what what, int n,
			  const char *file, int line)
{
	struct goal goal = { .count = n };
	enum sched_why why = sched_run_task(t, at_nth, &goal, SCHED_BIT(what));

	if (why != SCHED_AT_POINT || goal.count)
		fail(t, "was about to do", sched_what_name(what), file, line);
	return why;
}

enum sched_why script_in(struct sched_task *t, const char *func, const char *file,
			 int line)
{
	struct goal goal = { .text = func };
	enum sched_why why = sched_run_task(t, at_func, &goal, SCHED_MARKED);

	if (why != SCHED_AT_POINT)
		fail(t, "came to a step in", func, file, line);
	return why;
}

enum sched_why script_step(struct sched_task *t, const char *file, int line)
{
	struct goal goal = { .count = 1 };
	enum sched_why why = sched_run_task(t, at_nth, &goal, SCHED_MARKED);

	if (why == SCHED_STOPPED)
		fail(t, "did a step", "", file, line);
	return why;
}

enum sched_why script_far(struct sched_task *t, const char *file, int line)
{
	(void)file;
	(void)line;
	return run_on(t);
}

enum sched_why script_all(const char *file, int line)
{
	(void)file;
	(void)line;
	return sched_run(NULL);
}
