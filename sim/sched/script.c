// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripted schedules: the promises of script.h, on top of sched_run_task().
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sched/lines.h"
#include "sched/script.h"
#include "sched/trace.h"

/* a script that waits for a point that never comes must end, too */
#define SCRIPT_MAX_YIELDS 1000

static const char *(*lock_class)(const void *lock);
static void (*on_fail)(const char *message, const char *file, int line);

struct wish {
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

static const char *standing(const struct sched_task *t)
{
	switch (t->state) {
	case SCHED_DONE:
		return "ended";
	case SCHED_BLOCKED:
		return t->idle ? "rests" : "blocked";
	default:
		return "stopped";
	}
}

static void fail(const struct sched_task *t, const char *wish, const char *detail,
		 const char *file, int line)
{
	char message[320], where[128] = "";
	const struct sched_site *at = t->state == SCHED_BLOCKED ? t->blocked_at : t->at;

	if (at)
		snprintf(where, sizeof(where), " at %s:%d (%s)", at->file, site_line(at), at->func);
	snprintf(message, sizeof(message), "script: %s %s%s%s before it %s %s%s%s", t->name,
		 standing(t), where, sched_stopped() ? " (execution stopped)" : "", wish, detail,
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
	struct wish *w = ctx;

	(void)what;
	(void)site;
	return lock_class && !strcmp(lock_class(object), w->text) && --w->count == 0;
}

static bool at_nth(void *ctx, enum sched_what what, const void *object,
		   const struct sched_site *site)
{
	struct wish *w = ctx;

	(void)what;
	(void)object;
	(void)site;
	return --w->count == 0;
}

static bool at_func(void *ctx, enum sched_what what, const void *object,
		    const struct sched_site *site)
{
	struct wish *w = ctx;

	(void)what;
	(void)object;
	return site && !strcmp(site->func, w->text);
}

/* nobody else runs, so a task that yields gets the next turn, too */
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

enum sched_why script_lock(struct sched_task *t, const char *class, int n, const char *file,
			   int line)
{
	struct wish w = { .text = class, .count = n };
	enum sched_why why = sched_run_task(t, at_lock, &w, SCHED_BIT(SCHED_LOCK));

	if (why != SCHED_AT_POINT || w.count)
		fail(t, "was about to take", class, file, line);
	return why;
}

enum sched_why script_nth(struct sched_task *t, enum sched_what what, int n,
			  const char *file, int line)
{
	struct wish w = { .count = n };
	enum sched_why why = sched_run_task(t, at_nth, &w, SCHED_BIT(what));

	if (why != SCHED_AT_POINT || w.count)
		fail(t, "was about to do", sched_what_name(what), file, line);
	return why;
}

enum sched_why script_in(struct sched_task *t, const char *func, const char *file, int line)
{
	struct wish w = { .text = func };
	enum sched_why why = sched_run_task(t, at_func, &w, SCHED_MARKED);

	if (why != SCHED_AT_POINT)
		fail(t, "came to a step in", func, file, line);
	return why;
}

enum sched_why script_step(struct sched_task *t, const char *file, int line)
{
	struct wish w = { .count = 1 };
	enum sched_why why = sched_run_task(t, at_nth, &w, SCHED_MARKED);

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
